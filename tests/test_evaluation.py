"""Figures that were worked out by hand, and what their intervals promise."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.errors import InputError
from stance.evaluation import Evaluation, Score, evaluate, evaluate_by

GOLD = ["support"] * 4 + ["oppose"] * 3 + ["neutral"] * 3
GUESSED = ["support"] * 3 + ["oppose"] * 3 + ["support"] + ["neutral"] * 2 + ["support"]
LABELS = st.sampled_from(["support", "oppose", "neutral"])


@pytest.fixture(scope="module")
def example() -> Evaluation:
    return evaluate(GOLD, GUESSED, groups=list("aabbccddee"))


def scores(evaluation: Evaluation) -> list[Score]:
    classes = [score for one in evaluation.classes for score in (one.precision, one.recall, one.f1)]
    whole = [evaluation.accuracy, evaluation.macro_f1, evaluation.majority_accuracy, evaluation.majority_macro_f1]
    return [*classes, *whole, evaluation.reversed_share]


def test_the_confusion_has_a_row_for_each_gold_label(example: Evaluation) -> None:
    assert example.labels == ("support", "oppose", "neutral")
    assert example.confusion == ((3, 1, 0), (1, 2, 0), (1, 0, 2))
    assert (example.n_statements, example.n_groups) == (10, 5)


def test_accuracy_and_macro_f1_are_those_worked_out_by_hand(example: Evaluation) -> None:
    assert example.accuracy.value == 0.7
    assert example.macro_f1.value == pytest.approx((2 / 3 + 2 / 3 + 4 / 5) / 3, abs=1e-4)
    assert example.reversed_share.value == 0.2


@pytest.mark.parametrize(
    ("place", "label", "precision", "recall", "f1", "n"),
    [(0, "support", 3 / 5, 3 / 4, 2 / 3, 4), (1, "oppose", 2 / 3, 2 / 3, 2 / 3, 3), (2, "neutral", 1, 2 / 3, 4 / 5, 3)],
)
def test_each_label_has_its_precision_recall_and_f1(
    example: Evaluation, place: int, label: str, precision: float, recall: float, f1: float, n: int
) -> None:
    one = example.classes[place]
    assert (one.label, one.n) == (label, n)
    assert [one.precision.value, one.recall.value, one.f1.value] == pytest.approx([precision, recall, f1], abs=1e-4)


def test_the_majority_stands_beside(example: Evaluation) -> None:
    assert example.majority_label == "support"
    assert example.majority_accuracy.value == 0.4
    assert example.majority_macro_f1.value == pytest.approx(8 / 14 / 3, abs=1e-4)


def test_a_faultless_model_scores_one_without_doubt() -> None:
    assert asdict(evaluate(GOLD, GOLD).accuracy) == {"value": 1.0, "low": 1.0, "high": 1.0}


def test_a_label_that_is_only_guessed_has_a_column_but_no_class() -> None:
    guessed = evaluate(["support", "oppose"], ["support", "neutral"])
    assert guessed.labels == ("support", "oppose", "neutral")
    assert [one.label for one in guessed.classes] == ["support", "oppose"]
    assert guessed.macro_f1.value == 0.5


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(LABELS, LABELS, st.sampled_from("abcde")), min_size=1, max_size=30))
def test_accuracy_and_its_interval_lie_between_nought_and_one(rows: list[tuple[str, str, str]]) -> None:
    gold, guessed, groups = zip(*rows, strict=True)
    found = scores(evaluate(gold, guessed, groups=groups, rounds=50))
    assert all(0 <= score.low <= score.high <= 1 and 0 <= score.value <= 1 for score in found)


def test_every_interval_holds_its_figure(example: Evaluation) -> None:
    assert [score for score in scores(example) if not score.low <= score.value <= score.high] == []


def test_the_order_of_the_rows_of_an_article_does_not_matter() -> None:
    groups = list("aabbccddee")
    swapped = [1, 0, 3, 2, 5, 4, 7, 6, 9, 8]
    gold, guessed = [GOLD[i] for i in swapped], [GUESSED[i] for i in swapped]
    assert evaluate(gold, guessed, groups=groups) == evaluate(GOLD, GUESSED, groups=groups)


def test_the_same_seed_gives_the_same_intervals() -> None:
    assert evaluate(GOLD, GUESSED, random_state=3) == evaluate(GOLD, GUESSED, random_state=3)


def test_resampling_articles_gives_wider_intervals_where_their_statements_are_alike() -> None:
    gold = ["support"] * 200
    guessed = (["support"] * 10 + ["oppose"] * 10) * 10
    articles = [str(i // 10) for i in range(200)]
    by_article = evaluate(gold, guessed, groups=articles).accuracy
    by_row = evaluate(gold, guessed).accuracy
    assert by_article.value == by_row.value == 0.5
    assert by_article.high - by_article.low > 2 * (by_row.high - by_row.low)


def test_nothing_to_score_is_refused() -> None:
    with pytest.raises(InputError, match="no annotated statements"):
        evaluate([], [])


def test_lengths_that_differ_are_refused() -> None:
    with pytest.raises(InputError, match="2 gold labels but 1 predicted"):
        evaluate(["support", "oppose"], ["support"])


def test_parts_are_scored_on_their_own() -> None:
    parts = evaluate_by(GOLD, GUESSED, ["b"] * 7 + ["a"] * 3, groups=list("aabbccddee"))
    assert list(parts) == ["a", "b"]
    assert [one.n_statements for one in parts.values()] == [3, 7]
    assert parts["a"].accuracy.value == pytest.approx(2 / 3, abs=1e-4)


def test_figures_are_plain_values(example: Evaluation) -> None:
    assert json.loads(json.dumps(example.as_dict()))["accuracy"]["value"] == 0.7
