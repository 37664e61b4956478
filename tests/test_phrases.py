"""Phrases that can name a speaker."""

from __future__ import annotations

import itertools

import pytest

from stance.phrases import phrases_of, strip_possessive
from stance.text import open_page


def phrases(text: str) -> list[tuple[str, str]]:
    page = open_page(text)
    tokens = page.tokens(0)
    return [(text[tokens.starts[p.first] : tokens.ends[p.last]], p.kind) for p in phrases_of(page, 0)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Kari Lund left.", ("Kari Lund", "name")),
        ("Foreign Minister Kari Lund left.", ("Foreign Minister Kari Lund", "name")),
        ("the Danish premier left.", ("the Danish premier", "name")),
        ("the rebels left.", ("the rebels", "noun")),
        ("a senior official left.", ("a senior official", "noun")),
        ("she left.", ("she", "pronoun")),
        ("the statement followed.", ("the statement", "document")),
        ("Samir al-Dafar left.", ("Samir al-Dafar", "name")),
        ("Faris bin Nadir left.", ("Faris bin Nadir", "name")),
        ("Jens P. Holm left.", ("Jens P. Holm", "name")),
        ("the head of the delegation left.", ("the head of the delegation", "noun")),
        ("the Minister for Foreign Affairs left.", ("the Minister for Foreign Affairs", "name")),
        ("Şule Çelikbaş left.", ("Şule Çelikbaş", "name")),
        ("U.S. officials left.", ("U.S. officials", "name")),
        ("all three ministers left.", ("all three ministers", "noun")),
    ],
)
def test_phrase_runs_from_its_determiner_to_its_tail(text: str, found: tuple[str, str]) -> None:
    assert phrases(text) == [found]


@pytest.mark.xfail(strict=True, reason="only one small word may stand between two parts of a name")
def test_two_small_words_may_stand_inside_a_name() -> None:
    assert phrases("Piet van der Molen left.") == [("Piet van der Molen", "name")]


def test_day_is_no_name() -> None:
    assert phrases("on Monday in March") == []


def test_names_joined_by_and_are_two_phrases() -> None:
    assert phrases("Holm and Lund left.") == [("Holm", "name"), ("Lund", "name")]


def test_name_behind_a_comma_is_a_phrase_of_its_own() -> None:
    assert phrases("the Danish premier, Jens Holm, left.") == [("the Danish premier", "name"), ("Jens Holm", "name")]


def test_phrases_do_not_overlap() -> None:
    page = open_page("The head of the Danish delegation, Jens Holm, met the UN envoy for Libya and she told him to wait.")

    found = phrases_of(page, 0)

    assert all(before.last < after.first for before, after in itertools.pairwise(found))


def test_phrases_are_found_once() -> None:
    page = open_page("Kari Lund left.")

    assert phrases_of(page, 0) is phrases_of(page, 0)


@pytest.mark.parametrize(
    ("word", "bare"),
    [("Norway’s", "Norway"), ("Norway's", "Norway"), ("rebels’", "rebels"), ("rebels'", "rebels"), ("Lund", "Lund")],
)
def test_possessive_ending_is_stripped(word: str, bare: str) -> None:
    assert strip_possessive(word) == bare
