"""What more annotations would bring."""

from __future__ import annotations

import pytest

from stance.evaluation.curve import count_more, fit_curve
from stance.evaluation.layout import describe_curve

GOLD = ["support", "oppose"] * 100


def with_mistakes(n: int) -> list[str]:
    """The gold labels with so many mistakes, as many of each label: macro-F1 is the share right."""
    return [("oppose" if label == "support" else "support") if i < n else label for i, label in enumerate(GOLD)]


def test_the_slope_is_the_gain_of_each_doubling() -> None:
    curve = fit_curve(GOLD, {100: with_mistakes(60), 200: with_mistakes(40), 400: with_mistakes(20)})
    assert [(point.n_learned, point.macro_f1.value) for point in curve.points] == [(100, 0.7), (200, 0.8), (400, 0.9)]
    assert curve.slope.value == pytest.approx(0.1)
    assert curve.slope.low < 0.1 < curve.slope.high


def test_the_line_is_the_least_squares_one() -> None:
    # Over log2 sizes 0, 1, 3 with scores .7, .8, .8: covariance .2333 / variance 4.6667
    curve = fit_curve(GOLD, {1: with_mistakes(60), 2: with_mistakes(40), 8: with_mistakes(40)})
    assert curve.slope.value == pytest.approx((-4 / 3 * 0.7 - 1 / 3 * 0.8 + 5 / 3 * 0.8) / (42 / 9), abs=1e-4)


def test_one_more_point_takes_as_many_labels_as_the_line_says() -> None:
    assert count_more(0.01, 5000) == 5000
    assert count_more(0.005, 1000) == 3000
    assert count_more(0.0, 1000) is None
    assert count_more(0.0009, 1000) is None


def test_the_curve_is_said_in_a_sentence() -> None:
    rising = fit_curve(GOLD, {100: with_mistakes(60), 200: with_mistakes(58)})
    falling = fit_curve(GOLD, {100: with_mistakes(40), 200: with_mistakes(60)})
    assert describe_curve(rising).startswith("doubling the annotations gave +0.010 [")
    assert describe_curve(rising).endswith("about 200 more labels for one more point")
    assert describe_curve(falling).endswith("more of the same do not help")
