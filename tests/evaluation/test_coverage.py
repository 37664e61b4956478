"""What is left, and how good it is, when the model keeps silent below a probability."""

from __future__ import annotations

import numpy as np

from stance.evaluation.coverage import THRESHOLDS, measure_coverage

GOLD = ["support", "oppose", "neutral", "support"]
GUESSED = ["support", "support", "neutral", "neutral"]
SURE = np.array([0.9, 0.7, 0.6, 0.4])


def test_the_scores_left_are_those_worked_out_by_hand() -> None:
    found = measure_coverage(GOLD, GUESSED, SURE, thresholds=[0.0, 0.6, 0.8, 0.95])
    assert [(one.n_labelled, one.share_labelled, one.accuracy) for one in found] == [
        (4, 1.0, 0.5),
        (3, 0.75, 0.6667),
        (1, 0.25, 1.0),
        (0, 0.0, None),
    ]
    # Of the three: support F1 2/3, oppose 0, neutral 1; one of three is reversed.
    assert (found[1].macro_f1, found[1].reversed_share) == (0.5556, 0.3333)
    assert (found[3].macro_f1, found[3].reversed_share) == (None, None)


def test_a_probability_at_the_threshold_is_labelled() -> None:
    assert measure_coverage(["support"], ["support"], np.array([0.6]), thresholds=[0.6])[0].n_labelled == 1


def test_thresholds_run_from_four_tenths_to_ninety_five_hundredths() -> None:
    assert (THRESHOLDS[0], THRESHOLDS[-1], len(THRESHOLDS)) == (0.4, 0.95, 12)
