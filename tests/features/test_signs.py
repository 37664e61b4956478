"""Signs are words and phrases of a class, in their order, inside or outside the clause of the target."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from stance.features.signs import classes_of, find_signs, place_signs

CLASSES = tomllib.loads(files("stance").joinpath("words", "stance_classes.toml").read_text(encoding="utf-8"))


def signs(text: str) -> list[tuple[int, str]]:
    return find_signs(text.split())


def placed(text: str) -> list[str]:
    return place_signs(signs(text), text.split())


def names(text: str) -> set[str]:
    return {name for _, name in signs(text)}


def test_words_have_classes_and_the_target_its_own() -> None:
    assert classes_of("lifted") == ("lift",)
    assert classes_of("rejected") == ("reject", "negation")
    assert classes_of("_target_") == ("T",)
    assert classes_of("harbour") == classes_of("_ceasefire_") == ()


def test_signs_stand_where_their_word_stands() -> None:
    assert signs("we rejected the _target_") == [(1, "reject"), (1, "negation"), (3, "T")]


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("rule out", "reject"),
        ("ruled out", "negation"),
        ("rolled back", "lift"),
        ("stepping up", "impose"),
        ("in place", "impose"),
        ("not work", "harm"),
        ("starve the", "effective"),
        ("lay down", "halt"),
        ("walked out", "breakdown"),
        ("failed to", "blame"),
        ("as long as", "condition"),
        ("only if", "condition"),
        ("under way", "report"),
    ],
)
def test_phrases_of_several_words_are_signs_at_their_first_word(phrase: str, name: str) -> None:
    assert (1, name) in signs(f"they {phrase} then")
    assert name not in names(f"they {phrase.split()[0]} then") or name in classes_of(phrase.split()[0])


@pytest.mark.parametrize("text", ["lay downhill", "lay down-to-earth", "down lay", "lay them down", "delay down"])
def test_half_a_phrase_is_no_sign(text: str) -> None:
    assert "halt" not in names(text)


def test_a_phrase_at_the_very_end_is_a_sign() -> None:
    assert names("so they lay down") == {"halt"}


def test_no_phrase_is_longer_than_what_is_read_at_once() -> None:
    assert max(part.count(" ") for pattern in CLASSES.values() for part in pattern.split("|")) == 2


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_no_pattern_of_a_class_has_a_blank_in_parentheses(name: str) -> None:
    # Patterns are cut into phrases at their blanks.
    assert [part for part in CLASSES[name].split("(")[1:] if " " in part.split(")")[0]] == []


# Clauses


def test_signs_of_the_targets_clause_are_told_from_those_of_others() -> None:
    assert placed("they accept the _target_ , we refuse") == ["in|approve", "out|reject", "out|negation"]


@pytest.mark.parametrize("divider", [",", ";", "—", "that", "which", "while", "if", "until", "and"])
def test_marks_and_openers_divide_clauses(divider: str) -> None:
    assert "out|lift" in placed(f"the _target_ {divider} they lift it")


def test_an_opener_belongs_to_the_clause_it_opens() -> None:
    assert "in|condition" in placed("they wait unless the _target_ holds")


def test_without_a_target_every_sign_stands_outside() -> None:
    assert placed("they reject it") == ["out|reject"]


def test_with_two_targets_both_clauses_are_the_targets() -> None:
    assert placed("they accept the _target_ , yet we refuse the _target_") == ["in|approve", "in|reject", "in|negation"]


def test_a_class_is_placed_once_in_each_place() -> None:
    assert placed("they lift or ease the _target_ , not lift and ease it") == ["out|lift", "in|lift", "out|negation"]
    assert placed("lift it , ease it") == ["out|lift"]


def test_nothing_has_no_signs() -> None:
    assert signs("") == placed("") == []
