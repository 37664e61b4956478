"""Percent agreement, Cohen's kappa and Krippendorff's alpha, with intervals from resampling articles.

Of its own, and not through a library, because a thousand resampled alphas are asked for, of names as well: the package
``krippendorff`` holds a table of units by values by values (2,000 units with 300 values: 14 s and 4 GB for one alpha, November
2026), and knows no intervals. The tests hold the figures to it and to scikit-learn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
_NO_VALUE = -1
# Rounding must not make an undefined coefficient out of 0 divided by 0 into a number.
_LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class Ratings:
    """What coders said of units, as numbers of ``values`` (n_units, n_coders), -1 where nothing; ``groups`` are articles.

    ``distances`` (n_values, n_values), from 0 to 1, says how far values are apart; None: any two are as far as any others.
    """

    codes: NDArray[np.int64]
    groups: NDArray[np.int64]
    values: tuple[Any, ...]
    distances: Floats | None = None

    def of(self, coders: Sequence[int]) -> Ratings:
        """Return the units of which at least two of these coders said something."""
        codes = self.codes[:, list(coders)]
        kept = (codes != _NO_VALUE).sum(axis=1) >= 2
        return Ratings(codes[kept], self.groups[kept], self.values, self.distances)


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A figure with its 95 % interval; None where it is undefined, or there are not two articles to resample."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Coefficients:
    """How far coders agree on one thing: of ``n`` units, all that at least two of them coded.

    ``percent`` is the share of pairs of values that are the same, from 0 to 1; kappa is Cohen's, of more than two coders the mean
    over their pairs (Light 1971); ``f1`` is that of the first value, the share of agreement where somebody gave it.
    """

    n: int
    n_articles: int
    one_value: bool
    percent: Coefficient
    kappa: Coefficient
    alpha: Coefficient
    f1: Coefficient


def measure(ratings: Ratings, draws: Floats) -> Coefficients:
    """Return the figures of all coders of the ratings; ``draws`` (rounds, n_groups) says how often each group is drawn.

    References
    ----------
    Cohen (1960), "A Coefficient of Agreement for Nominal Scales". Light (1971), "Measures of Response Agreement for Qualitative
    Data". Krippendorff (2004), "Content Analysis", 2nd edition, chapter 11.
    """
    n_articles = len(np.unique(ratings.groups))
    # The first row takes each article once: the figure itself. The others are the rounds.
    weights = np.vstack([np.ones(draws.shape[1]), draws])
    percent, kappa, alpha, f1 = (
        _summarize(figure, n_articles)
        for figure in (_percent(ratings, weights), _kappa(ratings, weights), _alpha(ratings, weights), _f1(ratings, weights))
    )
    used = np.unique(ratings.codes[ratings.codes != _NO_VALUE])
    return Coefficients(len(ratings.codes), n_articles, len(used) == 1, percent, kappa, alpha, f1)


def _summarize(figures: Floats, n_articles: int) -> Coefficient:
    if not np.isfinite(figures[0]):
        return Coefficient(None)
    value = round(float(figures[0]), 4)
    # A round in which only one value is drawn has no kappa and no alpha; it has no say in the interval.
    drawn = figures[1:][np.isfinite(figures[1:])]
    if n_articles < 2 or not len(drawn):
        return Coefficient(value)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Coefficient(value, round(float(low), 4), round(float(high), 4))


def _percent(ratings: Ratings, weights: Floats) -> Floats:
    same, pairs = np.zeros(len(ratings.codes)), np.zeros(len(ratings.codes))
    for one, other, both in _pairs(ratings):
        pairs += both
        same += both & (one == other)
    return _divide(_sum(same, ratings, weights), _sum(pairs, ratings, weights))


def _kappa(ratings: Ratings, weights: Floats) -> Floats:
    found = []
    for one, other, both in _pairs(ratings):
        n = _sum(both, ratings, weights)
        observed = _divide(_sum(both & (one == other), ratings, weights), n)
        counts = [_count(codes[both], ratings.groups[both], ratings, weights) for codes in (one, other)]
        expected = _divide((counts[0] * counts[1]).sum(axis=1), n**2)
        found.append(_divide(observed - expected, 1 - expected))
    kappas = np.stack(found)
    n_defined = np.isfinite(kappas).sum(axis=0)
    return _divide(np.nansum(kappas, axis=0), n_defined.astype(float))


def _alpha(ratings: Ratings, weights: Floats) -> Floats:
    rated = ratings.codes != _NO_VALUE
    apart = np.zeros(len(ratings.codes))
    for one, other, both in _pairs(ratings):
        apart += both * (one != other if ratings.distances is None else ratings.distances[one, other])
    observed = _sum(2 * apart / np.maximum(rated.sum(axis=1) - 1, 1), ratings, weights)
    units, _ = np.nonzero(rated)
    counts = _count(ratings.codes[rated], ratings.groups[units], ratings, weights)
    n = counts.sum(axis=1)
    others = n[:, None] - counts if ratings.distances is None else counts @ ratings.distances
    return 1 - _divide(observed, _divide((counts * others).sum(axis=1), n - 1))


def _f1(ratings: Ratings, weights: Floats) -> Floats:
    both_gave, gave = np.zeros(len(ratings.codes)), np.zeros(len(ratings.codes))
    for one, other, both in _pairs(ratings):
        both_gave += 2 * (both & (one == 0) & (other == 0))
        gave += both * ((one == 0).astype(int) + (other == 0))
    return _divide(_sum(both_gave, ratings, weights), _sum(gave, ratings, weights))


def _pairs(ratings: Ratings) -> list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]]:
    """Return the columns of every two coders, and of which units both said something."""
    columns = combinations(ratings.codes.T, 2)
    return [(one, other, (one != _NO_VALUE) & (other != _NO_VALUE)) for one, other in columns]


def _sum(figures: NDArray[Any], ratings: Ratings, weights: Floats) -> Floats:
    """Return the sum of a figure of each unit, (rounds,)."""
    by_group = np.bincount(ratings.groups, weights=figures, minlength=weights.shape[1])
    return np.asarray(weights @ by_group)


def _count(codes: NDArray[np.int64], groups: NDArray[np.int64], ratings: Ratings, weights: Floats) -> Floats:
    """Return how often each value was given, (rounds, n_values)."""
    shape = (weights.shape[1], len(ratings.values))
    by_group = sparse.csr_array((np.ones(len(codes)), (groups, codes)), shape=shape)
    return np.asarray((by_group.T @ weights.T).T)


def _divide(figures: Floats, by: Floats) -> Floats:
    """Return the quotient, and not a number where there is nothing to divide by."""
    return np.asarray(np.divide(figures, by, out=np.full(len(figures), np.nan), where=by > _LEAST))


def masi_distances(sets: Sequence[frozenset[str]]) -> Floats:
    """Return how far sets are apart, (n_sets, n_sets): 1 less Jaccard's share times 1, 2/3, 1/3 or 0.

    These are for the same sets, for one inside the other, for others with something in common, and for those without.

    References
    ----------
    Passonneau (2006), "Measuring Agreement on Set-valued Items (MASI) for Semantic and Pragmatic Annotation", LREC.

    Examples
    --------
    >>> masi_distances([frozenset({"EU"}), frozenset({"EU", "USA"})])[0].round(3).tolist()
    [0.0, 0.667]
    """
    codes = {code: i for i, code in enumerate(sorted({code for one in sets for code in one}))}
    holds = np.zeros((len(sets), max(1, len(codes))))
    for i, one in enumerate(sets):
        holds[i, [codes[code] for code in one]] = 1
    common, sizes = holds @ holds.T, holds.sum(axis=1)
    every = sizes[:, None] + sizes[None, :] - common
    inside = common == np.minimum(sizes[:, None], sizes[None, :])
    weight = np.where(common == 0, 0.0, np.where(inside, 2 / 3, 1 / 3))
    distances = 1 - weight * common / np.maximum(every, 1)
    np.fill_diagonal(distances, 0.0)
    return np.asarray(distances)
