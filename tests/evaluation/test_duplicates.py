"""Which articles hang together because they print the same sentences."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.evaluation import find_units
from stance.evaluation.folds import find_folds

WIRE = "The parties to the truce in Sudan must keep their word before the rains come, Kari Lund told reporters in Oslo on Monday."
EDITED = WIRE.replace("Monday", "Tuesday evening").replace("told reporters", "told journalists")
OTHER = "Nobody has asked the shopkeepers of Port Sudan what they make of it, said Idris Mabo."


def test_wire_copy_with_a_word_changed_ties_articles_together() -> None:
    units = find_units([WIRE, OTHER, EDITED, "It rained."], ["post", "post", "herald", "mail"])
    assert units.names == ("post", "post", "post", "mail")
    assert (units.n_articles, units.n_clusters, units.n_rows, units.n_exact) == (3, 1, 2, 0)


def test_exact_copies_are_told_from_near_ones() -> None:
    units = find_units([WIRE, WIRE, EDITED, OTHER], ["a", "b", "c", "d"])
    assert units.names == ("a", "a", "a", "d")
    assert (units.n_units, units.n_rows, units.n_exact, units.n_largest) == (2, 3, 2, 3)


def test_case_and_marks_make_no_other_sentence() -> None:
    assert find_units(["They QUIT!", "“They quit.”", OTHER], ["a", "b", "c"]).names == ("a", "a", "c")


def test_articles_are_tied_through_a_third() -> None:
    assert find_units([WIRE, EDITED, OTHER, OTHER, "It rained."], ["a", "b", "b", "c", "d"]).names == ("a", "a", "a", "a", "d")


def test_repetition_within_an_article_ties_nothing() -> None:
    units = find_units([WIRE, WIRE, OTHER], ["a", "a", "b"])
    assert (units.names, units.n_clusters, units.n_rows) == (("a", "a", "b"), 0, 0)


def test_sentences_of_one_formula_are_not_copies() -> None:
    formula = "{} rejected the ceasefire."
    assert find_units([formula.format("Kari Lund"), formula.format("A rebel commander in Darfur")], ["a", "b"]).n_units == 2


def test_rows_of_a_single_article_stand_alone_but_for_copies() -> None:
    units = find_units([WIRE, OTHER, WIRE], ["a", "a", "a"])
    assert units.names == ("row 1", "row 2", "row 1")
    assert not units.by_article


def test_where_copies_would_tie_everything_articles_stay() -> None:
    units = find_units([WIRE, EDITED], ["a", "b"])
    assert (units.names, units.all_tied) == (("a", "b"), True)


@pytest.mark.parametrize("texts", [["", "", "a"], ["!", "?", "…"], ["one", "two", "three words here"]])
def test_texts_without_words_are_no_obstacle(texts: list[str]) -> None:
    assert len(find_units(texts, ["a", "b", "c"]).names) == 3


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([WIRE, EDITED, OTHER, "No.", "It rained."]), st.sampled_from("abcdef")), min_size=2))
def test_no_article_and_no_sentence_stands_on_both_sides_of_a_fold(rows: list[tuple[str, str]]) -> None:
    sentences, articles = zip(*rows, strict=True)
    units = find_units(sentences, articles)
    together = {(one, other) for one in range(len(rows)) for other in range(len(rows)) if articles[one] == articles[other]}
    together |= {(one, other) for one in range(len(rows)) for other in range(len(rows)) if sentences[one] == sentences[other]}
    split = [] if units.all_tied or not units.by_article else find_folds(units.names)
    apart = [(i, j) for known, held in split for i in known.tolist() for j in held.tolist() if units.n_units > 1]
    assert not together & set(apart)


@pytest.mark.slow
def test_twelve_thousand_sentences_take_seconds() -> None:
    sentences = [
        f"Speaker {i} of town {i * 7} said the truce number {i % 50} in valley {i % 97} would not hold." for i in range(12000)
    ]
    units = find_units(sentences, [str(i // 10) for i in range(12000)])
    assert len(units.names) == 12000
