"""Calibration figures that were worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.evaluation.calibration import measure_calibration

LABELS = ("support", "oppose", "neutral")


def sure_of_support(confidences: list[float]) -> np.ndarray:
    return np.array([[sure, 1 - sure, 0.0] for sure in confidences])


def test_the_expected_error_is_the_one_worked_out_by_hand() -> None:
    # Two bins: (.6, .7) with one of two right, (.8, .9) with both right: .5 * |.65 - .5| + .5 * |.85 - 1|
    gold = ["support", "oppose", "support", "support"]
    found = measure_calibration(gold, sure_of_support([0.6, 0.7, 0.8, 0.9]), LABELS, n_bins=2)
    assert found.expected_error == pytest.approx(0.15)
    assert [(one.n, one.confidence, one.accuracy) for one in found.bins] == [(2, 0.65, 0.5), (2, 0.85, 1.0)]


def test_the_brier_score_is_the_one_worked_out_by_hand() -> None:
    # (.4² + .4²) for the hit at .6, (.7² + .7²) for the miss at .7
    found = measure_calibration(["support", "oppose"], sure_of_support([0.6, 0.7]), LABELS)
    assert found.brier == pytest.approx((0.32 + 0.98) / 2)


def test_a_label_the_model_does_not_know_counts_as_a_full_miss() -> None:
    found = measure_calibration(["neutral"], np.array([[1.0, 0.0]]), ("support", "oppose"))
    assert (found.brier, found.expected_error) == (2.0, 1.0)


def test_perfect_probabilities_show_about_the_error_named_by_chance() -> None:
    rng = np.random.default_rng(7)
    sure = np.sort(rng.uniform(0.5, 0.99, 400))
    rounds = [
        measure_calibration(
            np.where(rng.random(400) < sure, "support", "oppose").tolist(), sure_of_support(sure.tolist()), LABELS
        )
        for _ in range(60)
    ]
    assert np.mean([one.expected_error for one in rounds]) == pytest.approx(rounds[0].by_chance, rel=0.1)


def test_bins_hold_as_many_statements_each_and_ties_stay_together() -> None:
    apart = measure_calibration(["support"] * 20, sure_of_support(np.linspace(0.5, 0.99, 20).tolist()), LABELS)
    tied = measure_calibration(["support"] * 20, sure_of_support([0.7] * 20), LABELS)
    assert [one.n for one in apart.bins] == [2] * 10
    assert [one.n for one in tied.bins] == [20]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(LABELS), st.floats(0.51, 0.99)), min_size=1, max_size=30), st.randoms())
def test_the_order_of_the_statements_does_not_matter(rows: list[tuple[str, float]], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    found, again = (
        measure_calibration([label for label, _ in one], sure_of_support([sure for _, sure in one]), LABELS)
        for one in (rows, shuffled)
    )
    assert found.expected_error == pytest.approx(again.expected_error, abs=2e-4)
    assert [one.n for one in found.bins] == [one.n for one in again.bins]
