"""The coefficients: worked examples, and the same figures as scikit-learn and krippendorff."""

from __future__ import annotations

from typing import Any

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from stance.evaluation.agreement.coefficients import Coefficients, Ratings, draw_weights, masi_distances, measure

# Krippendorff's data of three coders and fifteen units, as krippendorff and Wikipedia give them; -1 is missing.
A = [-1, -1, -1, -1, -1, 3, 4, 1, 2, 1, 1, 3, 3, -1, 3]
B = [1, -1, 2, 1, 3, 3, 4, 3, -1, -1, -1, -1, -1, -1, -1]
C = [-1, -1, 2, 1, 3, 4, 4, -1, 2, 1, 1, 3, 3, -1, 4]


def figures(*coders: list[int], groups: list[int] | None = None, distances: Any = None) -> Coefficients:
    codes = np.array(coders, dtype=np.int64).T
    numbers = np.array(groups if groups is not None else range(len(codes)), dtype=np.int64)
    values = tuple(range(codes.max() + 1))
    articles = np.unique(numbers)
    rated = Ratings(codes, numbers, values, distances).of(range(len(coders)), articles)
    return measure(rated, draw_weights(len(articles), 200, 0))


def test_alpha_of_the_worked_example_with_gaps() -> None:
    """Twelve units have two values or three; three of them differ, by 2 each. The values 1 to 4 stand there 7, 4, 10 and 5 times:
    expected (26² - 7² - 4² - 10² - 5²) / 25 = 19.44.
    """
    found = figures(A, B, C)
    assert found.n == 12
    assert found.alpha.value == pytest.approx(1 - 6 / 19.44, abs=1e-4)


def test_alpha_of_two_coders_by_hand() -> None:
    """Of 4 units 1 differs: observed 2 of 8; values 5 and 3 times, expected (64 - 34) / 7; alpha = 1 - 2 / (30 / 7) = 8/15."""
    assert figures([0, 0, 1, 1], [0, 0, 1, 0]).alpha.value == pytest.approx(8 / 15, abs=1e-4)


def test_kappa_by_hand() -> None:
    """20 and 15 alike of 50, chance (25 * 30 + 25 * 20) / 2500 = 0.5: (0.7 - 0.5) / 0.5."""
    found = figures([0] * 25 + [1] * 25, [0] * 20 + [1] * 5 + [0] * 10 + [1] * 15)
    assert found.percent.value == 0.7
    assert found.kappa.value == 0.4
    assert found.f1.value == pytest.approx(2 * 20 / (25 + 30), abs=1e-4)


def test_kappa_of_three_coders_is_the_mean_of_the_pairs() -> None:
    coders = ([0, 0, 1, 1, 2], [0, 1, 1, 1, 2], [0, 0, 1, 2, 2])
    pairs = [cohen_kappa_score(coders[i], coders[j]) for i, j in ((0, 1), (0, 2), (1, 2))]
    assert figures(*coders).kappa.value == pytest.approx(np.mean(pairs), abs=1e-4)


def test_one_value_alone_leaves_kappa_and_alpha_undefined() -> None:
    found = figures([0, 0, 0], [0, 0, 0])
    assert (found.percent.value, found.kappa.value, found.alpha.value) == (1.0, None, None)
    assert found.one_value


def test_a_single_article_gives_no_interval() -> None:
    found = figures([0, 1, 0], [0, 1, 1], groups=[0, 0, 0])
    assert found.alpha.value is not None
    assert (found.alpha.low, found.alpha.high) == (None, None)


def test_an_interval_holds_its_figure_and_is_wider_where_articles_are_alike() -> None:
    one, other = [0, 1] * 60, [0, 1] * 50 + [1, 0] * 10
    apart, together = figures(one, other).alpha, figures(one, other, groups=[i // 10 for i in range(120)]).alpha
    assert apart.low is not None
    assert apart.high is not None
    assert together.low is not None
    assert together.high is not None
    assert apart.low < apart.value < apart.high
    assert together.high - together.low > apart.high - apart.low


def test_masi_weighs_what_sets_have_in_common() -> None:
    sets = [frozenset("a"), frozenset("ab"), frozenset("bc"), frozenset("d"), frozenset()]
    found = masi_distances(sets)
    assert found[0].round(4).tolist() == [0.0, 0.6667, 1.0, 1.0, 1.0]
    assert found[1, 2] == pytest.approx(1 - 1 / 3 * 1 / 3)
    assert found[4, 4] == 0


codings = st.integers(2, 4).flatmap(
    lambda n: st.lists(st.lists(st.integers(-1, 3), min_size=n, max_size=n), min_size=2, max_size=25)
)


def _paired(units: list[list[int]]) -> np.ndarray[Any, Any]:
    codes = np.array(units)
    return codes[(codes >= 0).sum(axis=1) >= 2]


@settings(deadline=None)
@given(codings)
def test_alpha_is_that_of_the_library(units: list[list[int]]) -> None:
    codes = _paired(units)
    assume(len(np.unique(codes[codes >= 0])) > 1)
    data = np.where(codes.T < 0, np.nan, codes.T)
    found = figures(*np.array(units).T.tolist()).alpha.value
    assert found == pytest.approx(krippendorff.alpha(data, level_of_measurement="nominal"), abs=1e-4)


@settings(deadline=None)
@given(codings)
def test_alpha_of_sets_is_that_of_the_library(units: list[list[int]]) -> None:
    codes = _paired(units)
    assume(len(np.unique(codes[codes >= 0])) > 1)
    distances = masi_distances([frozenset(one) for one in ("a", "ab", "bc", "")])
    counts = np.stack([(codes == value).sum(axis=1) for value in range(4)], axis=1)
    expected = krippendorff.alpha(value_counts=counts, level_of_measurement=lambda *_, i1, i2, **__: distances[i1, i2])
    units = [*units, [3, *[-1] * (len(units[0]) - 1)]]  # so that all four values are there
    assert figures(*np.array(units).T.tolist(), distances=distances).alpha.value == pytest.approx(expected, abs=1e-4)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=30))
def test_kappa_is_that_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    one, other = (list(column) for column in zip(*pairs, strict=True))
    assume(len({*one, *other}) > 1)
    assert figures(one, other).kappa.value == pytest.approx(cohen_kappa_score(one, other), abs=1e-4)
