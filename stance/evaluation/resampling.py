"""Confusion tables by group, figures read off them, and their intervals from resampling the groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROUNDS = 1000
_ORDER = {"support": 0, "oppose": 1, "neutral": 2}


@dataclass(frozen=True, slots=True)
class Score:
    """A figure with its 95 % interval; ``low`` and ``high`` come from resampling groups, which are articles as a rule."""

    value: float
    low: float
    high: float


def order_labels(labels: Iterable[str]) -> tuple[str, ...]:
    """Return each label once: support, oppose, neutral, then any others by name."""
    return tuple(sorted(set(labels), key=lambda label: (_ORDER.get(label, 9), label)))


def tables_by_group(
    gold: Sequence[str], predicted: Sequence[str], groups: Sequence[str], labels: tuple[str, ...]
) -> NDArray[np.float64]:
    """Return one confusion table for each group, (n_groups, n_labels, n_labels): gold in rows, predicted in columns."""
    place = {label: i for i, label in enumerate(labels)}
    order = {group: i for i, group in enumerate(dict.fromkeys(groups))}
    tables = np.zeros((len(order), len(labels), len(labels)))
    for truth, guess, group in zip(gold, predicted, groups, strict=True):
        tables[order[group], place[truth], place[guess]] += 1
    return tables


def draw_groups(n_groups: int, rounds: int, random_state: int) -> NDArray[np.float64]:
    """Return how often each group is drawn in each round, (rounds, n_groups); the same arguments give the same draws."""
    draws = np.random.default_rng(random_state).integers(0, n_groups, (rounds, n_groups))
    return np.stack([np.bincount(draw, minlength=n_groups) for draw in draws]).astype(float)


def resample(tables: NDArray[np.float64], draws: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the confusion table of each round, (rounds, n_labels, n_labels)."""
    return np.asarray(np.tensordot(draws, tables, axes=1))


def find_class_figures(tables: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return precision, recall and F1 (…, n_labels) of confusion tables (…, n_labels, n_labels); 0 where undefined."""
    hits = np.diagonal(tables, axis1=-2, axis2=-1)
    truth, guessed = tables.sum(axis=-1), tables.sum(axis=-2)
    return hits / np.maximum(guessed, 1), hits / np.maximum(truth, 1), 2 * hits / np.maximum(truth + guessed, 1)


def find_accuracy(tables: NDArray[Any]) -> NDArray[np.float64]:
    """Return the share of statements on the diagonal of confusion tables (…, n_labels, n_labels)."""
    hits = np.diagonal(tables, axis1=-2, axis2=-1).sum(axis=-1)
    return np.asarray(hits / np.maximum(tables.sum(axis=(-2, -1)), 1), dtype=np.float64)


def find_macro_f1(tables: NDArray[Any], present: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the mean F1 of the labels present in the gold (n_labels,), for confusion tables (…, n_labels, n_labels)."""
    return np.asarray(find_class_figures(tables)[2][..., present].mean(axis=-1), dtype=np.float64)


def find_reversed(tables: NDArray[Any], labels: tuple[str, ...]) -> NDArray[np.float64]:
    """Return the share of statements where support and oppose are taken for each other."""
    if "support" not in labels or "oppose" not in labels:
        return np.zeros(tables.shape[:-2])
    i, j = labels.index("support"), labels.index("oppose")
    return np.asarray((tables[..., i, j] + tables[..., j, i]) / np.maximum(tables.sum(axis=(-2, -1)), 1), dtype=np.float64)


def make_score(value: Any, drawn: NDArray[Any]) -> Score:
    """Return a figure with the interval that holds 95 % of those drawn."""
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Score(round(float(value), 4), round(float(low), 4), round(float(high), 4))
