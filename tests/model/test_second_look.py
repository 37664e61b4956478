"""The second look, worked out by hand and found again in scores that were made with one."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.model.second_look import Scores, SecondLook, find_company, fit_look, softmax

SCORES = np.array([[2.0, -1.0, -1.0], [-1.0, 2.0, -1.0], [-1.0, -1.0, 2.0], [4.0, -2.0, -2.0]])
NOBODY = [0.0, 0.0, 0.0]


def row(
    speaker: object = "Kari Lund", article: object = "harbour", issue: object = "sanctions", **more: object
) -> dict[str, object]:
    return {"speaker": speaker, "article_id": article, "issue": issue, **more}


# Company


def test_the_same_side_is_the_mean_of_its_other_statements() -> None:
    same, others = find_company(SCORES[[0, 1, 3]], [row(), row(), row()])
    np.testing.assert_allclose(same, [[1.5, 0.0, -1.5], [3.0, -1.5, -1.5], [0.5, 0.5, -1.0]])
    np.testing.assert_array_equal(others, np.zeros((3, 3)))


def test_the_others_are_the_mean_of_what_all_others_say() -> None:
    same, others = find_company(SCORES, [row("Kari Lund"), row("Jens Holm"), row("Ana Brandt"), row("Kari Lund")])
    np.testing.assert_allclose(others, [[-1.0, 0.5, 0.5], [5 / 3, -4 / 3, -1 / 3], [5 / 3, -1 / 3, -4 / 3], [-1.0, 0.5, 0.5]])
    np.testing.assert_allclose(same, [[4.0, -2.0, -2.0], NOBODY, NOBODY, [2.0, -1.0, -1.0]])


def test_whoever_speaks_for_the_same_actor_is_of_the_same_side() -> None:
    same, others = find_company(SCORES[:2], [row("Kari Lund", speaker_actor="NOR"), row("Per Dahl", speaker_actor="NOR")])
    np.testing.assert_allclose(same, SCORES[[1, 0]])
    np.testing.assert_array_equal(others, np.zeros((2, 3)))


def test_the_speaker_counts_only_where_no_actor_is_known() -> None:
    same, others = find_company(SCORES[:2], [row("Kari Lund", speaker_actor="NOR"), row("Kari Lund", speaker_actor="")])
    np.testing.assert_array_equal(same, np.zeros((2, 3)))
    np.testing.assert_allclose(others, SCORES[[1, 0]])


@pytest.mark.parametrize(
    "other",
    [
        row(article="garrison"),
        row(issue="ceasefire"),
        row(article=None),
        row(article=""),
        row(issue=None),
        row(speaker=None),
        row(speaker=""),
        {},
    ],
    ids=["another article", "another issue", "no article", "empty article", "no issue", "no speaker", "empty speaker", "nothing"],
)
def test_whoever_is_alone_has_no_company(other: dict[str, object]) -> None:
    for found in find_company(SCORES[:2], [row(), other]):
        np.testing.assert_array_equal(found, np.zeros((2, 3)))


def test_rows_that_tell_nothing_keep_each_other_no_company() -> None:
    for found in find_company(SCORES, [{"sentence": "They agree."}] * 4):
        np.testing.assert_array_equal(found, np.zeros((4, 3)))


def test_company_is_heard_as_differences_from_the_mean_of_the_classes() -> None:
    rows = [row("Kari Lund"), row("Kari Lund"), row("Jens Holm")]
    for plain, raised in zip(
        find_company(SCORES[:3], rows), find_company(SCORES[:3] + np.array([[7.0], [-3.0], [0.5]]), rows), strict=True
    ):
        np.testing.assert_allclose(plain, raised, atol=1e-12)


def test_no_statements_have_no_company() -> None:
    assert [found.shape for found in find_company(np.empty((0, 3)), [])] == [(0, 3), (0, 3)]


@given(st.permutations(range(4)), st.lists(st.sampled_from(["Kari Lund", "Jens Holm", ""]), min_size=4, max_size=4))
def test_the_order_of_rows_does_not_matter(order: list[int], speakers: list[str]) -> None:
    rows = [row(name) for name in speakers]
    for found, again in zip(find_company(SCORES, rows), find_company(SCORES[order], [rows[i] for i in order]), strict=True):
        np.testing.assert_allclose(found[order], again, atol=1e-12)


@pytest.mark.parametrize("n_speakers", [1, 7, 50_000])
def test_an_article_of_fifty_thousand_statements_is_no_obstacle(n_speakers: int) -> None:
    # Linear time: under a second. Every statement beside every other would be 2.5 thousand million pairs.
    rows = [row(f"speaker {i % n_speakers}") for i in range(50_000)]
    scores = np.random.default_rng(3).normal(size=(50_000, 3))
    started = time.perf_counter()
    find_company(scores, rows)
    assert time.perf_counter() - started < 10


# Applying a look


def test_a_look_adds_up_its_parts() -> None:
    look = SecondLook(own=0.5, same=0.25, others=0.1, bias=(0.0, 1.0, -1.0))
    found = look.apply(SCORES[:3], [row("Kari Lund"), row("Kari Lund"), row("Jens Holm")])
    # 0.5 * (2, -1, -1) + 0.25 * (-1, 2, -1) + 0.1 * (-1, -1, 2) + bias
    np.testing.assert_allclose(found[0], [0.65, 0.9, -1.55])
    # 0.5 * (-1, -1, 2) + 0.1 * (0.5, 0.5, -1) + bias
    np.testing.assert_allclose(found[2], [-0.45, 0.55, -0.1])


def test_a_neutral_look_changes_nothing() -> None:
    np.testing.assert_array_equal(SecondLook().apply(SCORES, [row()] * 4), SCORES)


def test_a_look_leaves_the_scores_it_is_given_as_they_are() -> None:
    scores = SCORES.copy()
    SecondLook(0.5, 1.0, 1.0, (1.0, 0.0, 0.0)).apply(scores, [row()] * 4)
    np.testing.assert_array_equal(scores, SCORES)


def test_a_look_at_nothing_is_nothing() -> None:
    assert SecondLook(0.5, 1.0, 1.0, (1.0, 0.0, 0.0)).apply(np.empty((0, 3)), []).shape == (0, 3)


# Fitting a look


def make_scores(
    n: int, likely: Callable[[Scores, Scores], Scores], seed: int = 5
) -> tuple[Scores, list[dict[str, object]], np.ndarray]:
    """Return scores of articles in which two speakers say two things each, and classes drawn as these make likely."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(scale=2.0, size=(n, 3))
    scores -= scores.mean(axis=1, keepdims=True)
    rows = [row("Kari Lund" if i % 4 < 2 else "Jens Holm", article=f"article {i // 4}") for i in range(n)]
    same, _ = find_company(scores, rows)
    chances = softmax(likely(scores, same))
    return scores, rows, np.array([rng.choice(3, p=chance) for chance in chances])


def fit_evenly(scores: Scores, rows: list[dict[str, object]], truth: np.ndarray) -> SecondLook:
    return fit_look(scores, rows, truth, np.ones(len(truth)))


def test_what_the_same_side_says_is_found_to_help() -> None:
    scores, rows, truth = make_scores(4000, lambda own, same: 0.6 * own + 0.4 * same)
    look = fit_evenly(scores, rows, truth)
    assert look.own == pytest.approx(0.6, abs=0.06)
    assert look.same == pytest.approx(0.4, abs=0.06)
    assert look.others == pytest.approx(0.0, abs=0.06)
    assert look.bias[-1] == 0.0


def test_scores_that_are_too_sure_are_trusted_less() -> None:
    scores, rows, truth = make_scores(2000, lambda own, same: 0.3 * own)
    look = fit_evenly(scores, rows, truth)
    assert look.own == pytest.approx(0.3, abs=0.06)
    assert look.same == pytest.approx(0.0, abs=0.06)


def test_company_that_speaks_against_is_not_heard() -> None:
    scores, rows, truth = make_scores(2000, lambda own, same: own - 0.5 * same)
    assert fit_evenly(scores, rows, truth).same == 0.0


def test_a_look_makes_held_out_scores_more_likely() -> None:
    scores, rows, truth = make_scores(1200, lambda own, same: 0.6 * own + 0.4 * same)
    fitted, held = slice(0, 600), slice(600, 1200)
    look = fit_evenly(scores[fitted], rows[fitted], truth[fitted])
    before, after = softmax(scores[held]), softmax(look.apply(scores[held], rows[held]))
    places = np.arange(600), truth[held]
    assert np.log(after[places]).mean() > np.log(before[places]).mean() + 0.1


def test_two_classes_will_do() -> None:
    scores, rows, truth = make_scores(400, lambda own, same: 0.5 * own)
    kept = truth < 2
    look = fit_evenly(scores[kept][:, :2], [one for one, keep in zip(rows, kept, strict=True) if keep], truth[kept])
    assert len(look.bias) == 2


@pytest.mark.parametrize("n", [0, 1, 49])
def test_under_fifty_statements_a_look_is_neutral(n: int) -> None:
    scores, rows, truth = make_scores(52, lambda own, same: 0.3 * own)
    assert fit_evenly(scores[:n], rows[:n], truth[:n]) == SecondLook()
    assert fit_evenly(scores[:50], rows[:50], truth[:50]) != SecondLook()


def test_a_class_that_never_occurs_leaves_a_look_neutral() -> None:
    scores, rows, truth = make_scores(200, lambda own, same: own)
    assert fit_evenly(scores, rows, np.minimum(truth, 1)) == SecondLook()


def test_statements_that_weigh_nothing_are_as_good_as_left_out() -> None:
    scores, rows, truth = make_scores(800, lambda own, same: 0.5 * own)
    wrong = np.concatenate([truth[:400], (truth[400:] + 1) % 3])
    weights = np.repeat([1.0, 0.0], 400)
    look = fit_look(scores, rows, wrong, weights)
    assert look.own == pytest.approx(0.5, abs=0.12)
    assert fit_evenly(scores, rows, wrong).own < 0.3


def test_the_same_scores_give_the_same_look_in_any_order() -> None:
    scores, rows, truth = make_scores(400, lambda own, same: 0.6 * own + 0.4 * same)
    order = np.random.default_rng(1).permutation(400)
    one, two = fit_evenly(scores, rows, truth), fit_evenly(scores[order], [rows[i] for i in order], truth[order])
    assert fit_evenly(scores, rows, truth) == one
    np.testing.assert_allclose([two.own, two.same, two.others, *two.bias], [one.own, one.same, one.others, *one.bias], atol=1e-3)


# Probabilities


@settings(max_examples=50)
@given(st.lists(st.lists(st.floats(-1e4, 1e4), min_size=3, max_size=3), min_size=1, max_size=5))
def test_probabilities_sum_to_one_however_large_the_scores(scores: list[list[float]]) -> None:
    found = softmax(np.array(scores))
    np.testing.assert_allclose(found.sum(axis=1), 1)
    assert (found >= 0).all()


def test_probabilities_stand_as_the_exponentials_of_scores() -> None:
    np.testing.assert_allclose(softmax(np.log([[1.0, 2.0, 5.0]])), [[0.125, 0.25, 0.625]])
