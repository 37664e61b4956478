"""What more annotations would bring: the score at growing sizes, and the line through it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from stance.evaluation.resampling import (
    ROUNDS,
    Score,
    draw_groups,
    find_macro_f1,
    make_score,
    order_labels,
    resample,
    tables_by_group,
)

POINT = 0.01


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The score of models that learned from so many statements."""

    n_learned: int
    macro_f1: Score


@dataclass(frozen=True, slots=True)
class Curve:
    """The learning curve: ``slope`` is what a doubling of the annotations brought in macro-F1.

    ``n_more`` says how many statements beyond the ``n_all`` there are would bring one more point (0.01) if it went on so; None
    where more did not help.
    """

    points: tuple[CurvePoint, ...]
    slope: Score
    n_all: int
    n_more: int | None

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain values for JSON."""
        return asdict(self)


def fit_curve(
    gold: Sequence[str],
    predicted: Mapping[int, Sequence[str]],
    *,
    groups: Sequence[str] | None = None,
    random_state: int = 0,
    rounds: int = ROUNDS,
) -> Curve:
    """Return the curve through the labels (n_statements,) that models of each size gave: a straight line over log2 of the size.

    Every size is scored on the same statements and the same draws of groups.
    """
    sizes = sorted(predicted)
    names = list(groups) if groups is not None else [str(i) for i in range(len(gold))]
    labels = order_labels([*gold, *(label for size in sizes for label in predicted[size])])
    tables = [tables_by_group(gold, predicted[size], names, labels) for size in sizes]
    present = tables[0].sum(axis=(0, 2)) > 0
    draws = draw_groups(len(tables[0]), rounds, random_state)
    values = np.array([find_macro_f1(table.sum(axis=0), present) for table in tables])
    drawn = np.array([find_macro_f1(resample(table, draws), present) for table in tables])
    doublings = np.log2(sizes)
    centred = doublings - doublings.mean()
    slope = make_score(centred @ values / (centred**2).sum(), centred @ drawn / (centred**2).sum())
    points = tuple(CurvePoint(size, make_score(value, d)) for size, value, d in zip(sizes, values, drawn, strict=True))
    return Curve(points, slope, len(gold), count_more(slope.value, len(gold)))


def count_more(slope: float, n_all: int) -> int | None:
    """Return how many more statements bring one point of macro-F1 if each doubling brings ``slope``; None if none do.

    Examples
    --------
    >>> count_more(0.01, 6000), count_more(0.02, 6000), count_more(-0.01, 6000)
    (6000, 2486, None)
    """
    # Below a thousandth a doubling, one point would take a thousand times the annotations: as good as never.
    return math.ceil(n_all * (2 ** (POINT / slope) - 1)) if slope >= POINT / 10 else None
