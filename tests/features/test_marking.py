"""What stands for the target, for actors, names and numbers; how words are cut and negations marked."""

from __future__ import annotations

import pytest

from stance.features.marking import LETTERS, mark, shorten
from stance.features.sides import read_parties
from stance.targets.mentions import load_issues

PARTIES = {"sender": ["NOR"], "recipient": ["IRN"], "speaker_actor": "IRN"}


def marked(text: str, issue: str = "sanctions", **row: object) -> list[str]:
    return mark(text, read_parties(row), issue, load_issues())


def cut(text: str) -> list[str]:
    return shorten(marked(text))


def masks(words: list[str]) -> list[str]:
    return [word for word in words if word.startswith("_")]


# What is masked


def test_the_target_is_marked_and_other_issues_by_their_name() -> None:
    assert marked("they want the ceasefire but not the embargo") == [
        "they",
        "want",
        "the",
        "_ceasefire_",
        "but",
        "not",
        "the",
        "_target_",
    ]


@pytest.mark.parametrize("word", ["truce", "ceasefire", "armistice", "cessation of hostilities"])
def test_synonyms_of_the_target_look_the_same(word: str) -> None:
    assert marked(f"The rebels broke the {word}.", "ceasefire") == marked("The rebels broke the truce.", "ceasefire")


def test_actors_are_marked_by_their_part() -> None:
    words = marked("Iran told Norway that Sudan and France met.", **PARTIES, location=["SDN"])
    assert masks(words) == ["_self_", "_sender_", "_place_", "_actor_"]


def test_a_recipient_that_does_not_speak_is_the_recipient() -> None:
    assert masks(marked("Iran told Norway.", **{**PARTIES, "speaker_actor": "CHN"})) == ["_recipient_", "_sender_"]


def test_where_nobody_is_known_every_actor_is_some_actor() -> None:
    assert masks(marked("Iran told Norway.")) == ["_actor_", "_actor_"]


def test_an_actor_of_several_words_is_one_mark() -> None:
    assert masks(marked("They met the Islamic Republic of Iran there.", recipient="IRN")) == ["_recipient_"]


def test_all_who_speak_together_are_the_speaker() -> None:
    assert masks(marked("France met Britain and Norway.", speaker_actor="FRA+GBR")) == ["_self_", "_self_", "_actor_"]


def test_the_words_of_a_name_become_one_mark() -> None:
    assert marked("They told Agneta Brok to wait") == ["they", "told", "_name_", "to", "wait"]


def test_numbers_are_marked() -> None:
    assert marked("They froze 417 accounts") == ["they", "froze", "_number_", "accounts"]


@pytest.mark.parametrize("opener", ["", "Wait. ", "He knew: ", '"', "“", "‘"])
def test_the_capital_of_a_first_word_makes_no_name(opener: str) -> None:
    assert "_name_" not in marked(f"{opener}Nobody asked us.")


# How words are cut


def test_words_are_cut_to_six_letters() -> None:
    assert LETTERS == 6
    assert cut("we rejected it") == ["we", "reject", "it"]
    assert cut("he rejects it") == ["he", "reject", "it"]


def test_marks_stay_whole() -> None:
    assert cut("the sanctions") == ["the", "_target_"]


def test_punctuation_and_symbols_are_no_words() -> None:
    assert cut("yes, (we) agree — at 5 % …") == ["yes", "we", "agree", "at", "_number_"]


@pytest.mark.parametrize("negation", ["never", "do not", "cannot", "don't", "don’t", "no", "neither"])
def test_words_behind_a_negation_bear_its_mark(negation: str) -> None:
    words = cut(f"we {negation} accept this")
    assert words[-3:] == ["not", "not+accept", "not+this"]


def test_a_negation_reaches_four_words() -> None:
    assert cut("they never said we would go back home") == [
        "they",
        "not",
        "not+said",
        "not+we",
        "not+would",
        "not+go",
        "back",
        "home",
    ]


def test_a_mark_takes_up_room_behind_a_negation_without_bearing_it() -> None:
    assert cut("not the embargo or one of them")[1:] == ["not+the", "_target_", "not+or", "not+one", "of", "them"]


@pytest.mark.parametrize("end", [",", ".", ";", ":", "!", "?", " —", " –", ")", "”"])
def test_a_negation_ends_with_its_clause(end: str) -> None:
    assert cut(f"not so{end} they accept") == ["not", "not+so", "they", "accept"]


def test_a_second_negation_reaches_anew() -> None:
    words = cut("not so and never that far off again yet")
    assert words == ["not", "not+so", "not+and", "not", "not+that", "not+far", "not+off", "not+again", "yet"]


def test_nothing_gives_nothing() -> None:
    assert cut("") == []
