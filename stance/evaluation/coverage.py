"""What is gained in accuracy when the model keeps silent on the statements it is least sure of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stance.evaluation.resampling import find_accuracy, find_macro_f1, find_reversed, order_labels, tables_by_group

THRESHOLDS = (0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is labelled from a least probability on, and how well; None where nothing is left to score."""

    threshold: float
    n_labelled: int
    share_labelled: float
    accuracy: float | None
    macro_f1: float | None
    reversed_share: float | None


def measure_coverage(
    gold: Sequence[str],
    predicted: Sequence[str],
    confidence: NDArray[np.float64],
    *,
    thresholds: Sequence[float] = THRESHOLDS,
) -> tuple[Coverage, ...]:
    """Return the scores of the statements whose label has at least each probability.

    Macro-F1 is the mean over the labels that the gold has among the statements left.

    Examples
    --------
    >>> measure_coverage(["support", "oppose"], ["support"] * 2, np.array([0.9, 0.6]), thresholds=[0.8])
    (Coverage(threshold=0.8, n_labelled=1, share_labelled=0.5, accuracy=1.0, macro_f1=1.0, reversed_share=0.0),)
    """
    found = []
    labels = order_labels([*gold, *predicted])
    for threshold in thresholds:
        kept = np.flatnonzero(confidence >= threshold).tolist()
        if not kept:
            found.append(Coverage(threshold, 0, 0.0, None, None, None))
            continue
        table = tables_by_group([gold[i] for i in kept], [predicted[i] for i in kept], [""] * len(kept), labels)[0]
        figures = (find_accuracy(table), find_macro_f1(table, table.sum(axis=1) > 0), find_reversed(table, labels))
        found.append(
            Coverage(threshold, len(kept), round(len(kept) / len(gold), 4), *(round(float(figure), 4) for figure in figures))
        )
    return tuple(found)
