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

from stance.evaluation.resampling import draw_groups

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

    def of(self, coders: Sequence[int], groups: NDArray[np.int64]) -> Ratings:
        """Return the units of these groups of which at least two of these coders said something; groups are numbered anew."""
        codes = self.codes[:, list(coders)]
        number = np.full(1 + max(self.groups.max(initial=-1), groups.max(initial=-1)), -1)
        number[groups] = np.arange(len(groups))
        kept = ((codes != _NO_VALUE).sum(axis=1) >= 2) & (number[self.groups] >= 0)
        return Ratings(codes[kept], number[self.groups[kept]], self.values, self.distances)


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


def draw_weights(n_groups: int, rounds: int, random_state: int) -> Floats:
    """Return how often each group counts, (n_groups, 1 + rounds): first once each, for the figure itself, then as drawn."""
    drawn = draw_groups(n_groups, rounds, random_state) if n_groups else np.ones((rounds, 0))
    return np.ascontiguousarray(np.vstack([np.ones(n_groups), drawn]).T)


def measure(ratings: Ratings, weights: Floats) -> Coefficients:
    """Return the figures of all coders of the ratings; ``weights`` as ``draw_weights`` returns them.

    References
    ----------
    Cohen (1960), "A Coefficient of Agreement for Nominal Scales". Light (1971), "Measures of Response Agreement for Qualitative
    Data". Krippendorff (2004), "Content Analysis", 2nd edition, chapter 11.
    """
    n_articles = len(np.unique(ratings.groups))
    pairs = [_compare(ratings, one, other) for one, other in combinations(range(ratings.codes.shape[1]), 2)]
    rated = ratings.codes != _NO_VALUE
    # Krippendorff counts a pair of values by one less than the values of its unit, and both ways round.
    apart = 2 * sum(pair.apart for pair in pairs) / np.maximum(rated.sum(axis=1) - 1, 1)
    figures = [apart, *(figure for pair in pairs for figure in (pair.both, pair.same, pair.both_first, pair.first))]
    sums = np.stack([_by_group(figure, ratings, weights) for figure in figures]) @ weights
    both, same, both_first, first = (sums[1 + i :: 4] for i in range(4))
    units, columns = np.nonzero(rated)
    counts = _count(ratings.codes[units, columns], ratings.groups[units], ratings, weights)
    percent = _divide(same.sum(axis=0), both.sum(axis=0))
    f1 = _divide(2 * both_first.sum(axis=0), first.sum(axis=0))
    kappa = _find_kappa(ratings, weights, pairs, same, both)
    alpha = 1 - _divide(sums[0], _expect(counts, ratings.distances))
    found = (_summarize(figure, n_articles) for figure in (percent, kappa, alpha, f1))
    return Coefficients(len(ratings.codes), n_articles, len(np.unique(ratings.codes[rated])) == 1, *found)


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two coders, by unit (n_units,): whether both spoke, alike, how far apart, both of the first value, how many of it."""

    columns: tuple[int, int]
    both: NDArray[np.bool_]
    same: NDArray[np.bool_]
    apart: Floats
    both_first: NDArray[np.bool_]
    first: NDArray[np.int64]


def _compare(ratings: Ratings, i: int, j: int) -> _Pair:
    one, other = ratings.codes[:, i], ratings.codes[:, j]
    both = (one != _NO_VALUE) & (other != _NO_VALUE)
    apart = (one != other).astype(float) if ratings.distances is None else ratings.distances[one, other]
    first = both * ((one == 0).astype(np.int64) + (other == 0))
    return _Pair((i, j), both, both & (one == other), both * apart, first == 2, first)


def _find_kappa(ratings: Ratings, weights: Floats, pairs: Sequence[_Pair], same: Floats, both: Floats) -> Floats:
    """Return the mean kappa of the pairs that have one, (rounds,)."""
    kappas = []
    for number, pair in enumerate(pairs):
        groups = ratings.groups[pair.both]
        one, other = (_count(ratings.codes[pair.both, column], groups, ratings, weights) for column in pair.columns)
        by_chance = _divide((one * other).sum(axis=0), both[number] ** 2)
        observed = _divide(same[number], both[number])
        kappas.append(_divide(observed - by_chance, 1 - by_chance))
    return _divide(np.nansum(kappas, axis=0), np.isfinite(kappas).sum(axis=0).astype(float))


def _expect(counts: Floats, distances: Floats | None) -> Floats:
    """Return the disagreement that chance would give values counted so (n_values, rounds), (rounds,)."""
    n = counts.sum(axis=0)
    others = n - counts if distances is None else distances @ counts
    return _divide((counts * others).sum(axis=0), n - 1)


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


def _by_group(figures: NDArray[Any], ratings: Ratings, weights: Floats) -> Floats:
    return np.asarray(np.bincount(ratings.groups, weights=figures, minlength=len(weights)))


def _count(codes: NDArray[np.int64], groups: NDArray[np.int64], ratings: Ratings, weights: Floats) -> Floats:
    """Return how often each value was given, (n_values, rounds); ``weights`` are (n_groups, rounds)."""
    shape = (len(ratings.values), len(weights))
    return np.asarray(sparse.csr_array((np.ones(len(codes)), (codes, groups)), shape=shape) @ weights)


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
