"""What calibration holds out, and how rare labels are weighed up, in learning and in the second look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.model import StanceClassifier, find_balance
from stance.model.second_look import fit_look

Folds = tuple[np.ndarray, np.ndarray, list[str], np.ndarray]  # place, fold, reading and group of all that is learned from


@pytest.fixture
def many(annotations: pd.DataFrame) -> pd.DataFrame:
    """A hundred and eight rows of thirty-six articles."""
    return pd.concat([annotations.assign(article_id=annotations["article_id"] + f"-{i}") for i in range(3)], ignore_index=True)


@pytest.fixture
def plain(annotations: pd.DataFrame) -> pd.DataFrame:
    """Plain texts on two targets: 34 on the first, which most support, 48 on the second, which most oppose."""
    rows = annotations[["sentence", "stance"]].sort_values("stance", ignore_index=True)  # neutral, oppose, support
    of = {label: rows[rows["stance"] == label] for label in ("neutral", "oppose", "support")}
    quay = pd.concat([of["neutral"][:6], of["oppose"][:4], of["support"], of["support"]]).assign(target="the new quay")
    bridge = pd.concat([of["neutral"], *[of["oppose"]] * 2, of["support"]]).assign(target="the old bridge")
    return pd.concat([quay, bridge], ignore_index=True)


@pytest.fixture
def find_folds(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Folds]:
    """Return the folds of every reading of every statement; ``held_out_`` keeps those of the first only."""
    hold_out, seen = StanceClassifier._hold_out, []

    def spy(model: StanceClassifier, learned: Any) -> Any:
        seen.append((learned, hold_out(model, learned)))
        return seen[-1][1]

    monkeypatch.setattr(StanceClassifier, "_hold_out", spy)

    def find(rows: pd.DataFrame, **keywords: Any) -> Folds:
        StanceClassifier().fit(rows, rows["stance"], **keywords)
        learned, (_, fold_of) = seen[-1]
        return learned.places, fold_of, learned.readings, learned.groups

    return find


def n_folds_of(values: np.ndarray, fold_of: np.ndarray) -> set[int]:
    """Return in how many folds each value stands, as the set of the answers."""
    return {len(set(fold_of[values == value])) for value in set(values)}


# What is held out


def test_every_statement_is_held_out_once_in_one_of_five_folds(many: pd.DataFrame) -> None:
    scores, fold_of = StanceClassifier().fit(many, many["stance"]).held_out_
    assert scores.shape == (108, 3)
    assert fold_of.shape == (108,)
    assert set(fold_of) == set(range(5))
    assert np.isfinite(scores).all()
    assert (np.abs(scores).sum(axis=1) > 0).all()


def test_readings_learned_beside_are_not_among_them(many: pd.DataFrame) -> None:
    scores, fold_of = StanceClassifier().fit(many.assign(speaker_actor="NOR"), many["stance"]).held_out_
    assert (scores.shape, fold_of.shape) == ((108, 3), (108,))


def test_articles_stay_together(many: pd.DataFrame) -> None:
    _, fold_of = StanceClassifier().fit(many, many["stance"]).held_out_
    assert n_folds_of(many["article_id"].to_numpy(), fold_of) == {1}


def test_groups_go_before_articles(many: pd.DataFrame) -> None:
    groups = [f"story {i % 11}" for i in range(108)]
    _, fold_of = StanceClassifier().fit(many, many["stance"], groups=groups).held_out_
    assert n_folds_of(np.array(groups), fold_of) == {1}
    assert n_folds_of(many["article_id"].to_numpy(), fold_of) != {1}


@pytest.mark.parametrize("groups", [None, ["one story"] * 108], ids=["articles", "too few groups"])
def test_both_readings_of_a_statement_stay_together(
    many: pd.DataFrame, find_folds: Callable[..., Folds], groups: list[str] | None
) -> None:
    places, fold_of, readings, _ = find_folds(many.assign(speaker_actor="NOR"), groups=groups)
    assert readings == ["told"] * 108 + ["bare"] * 108
    assert n_folds_of(places, fold_of) == {1}


def test_articles_stay_together_with_both_their_readings(many: pd.DataFrame, find_folds: Callable[..., Folds]) -> None:
    _, fold_of, _, groups = find_folds(many.assign(speaker_actor="NOR"))
    assert len(groups) == 216
    assert n_folds_of(groups, fold_of) == {1}


def test_labels_held_out_say_nothing_of_their_own_scores(many: pd.DataFrame) -> None:
    scores, fold_of = StanceClassifier().fit(many, many["stance"]).held_out_
    turned = many["stance"].where(
        fold_of != 0, many["stance"].map({"support": "oppose", "oppose": "neutral", "neutral": "support"})
    )
    again, same_folds = StanceClassifier().fit(many, turned).held_out_
    np.testing.assert_array_equal(fold_of, same_folds)
    np.testing.assert_array_equal(again[fold_of == 0], scores[fold_of == 0])
    assert (np.abs(again - scores)[fold_of != 0].max(axis=1) > 0).all()


def test_held_out_scores_come_before_the_second_look(plain: pd.DataFrame) -> None:
    fitted = StanceClassifier().fit(plain, plain["stance"])
    weights = find_balance(plain["stance"].to_numpy(), plain["target"].to_numpy(), 1.0)
    truth = np.searchsorted(fitted.classes_, plain["stance"].to_numpy().astype(str))
    look = fit_look(fitted.held_out_[0], [{}] * len(plain), truth, weights, biased=False)
    assert fitted.looks_ == {"plain": look}
    assert look.own != 1.0


@pytest.mark.parametrize(("n", "articles", "held_out"), [(36, 12, True), (36, 9, False), (9, 9, False), (10, 10, True)], ids=str)
def test_ten_groups_are_enough(annotations: pd.DataFrame, n: int, articles: int, held_out: bool) -> None:
    rows = annotations.sample(frac=1.0, random_state=2)[:n].assign(article_id=[f"article {i % articles}" for i in range(n)])
    labels = (["support", "oppose"] * n)[:n]
    assert (StanceClassifier().fit(rows, labels).held_out_ is not None) is held_out


def test_a_label_that_stands_in_one_article_only_cannot_be_held_out(many: pd.DataFrame) -> None:
    labels = many["stance"].where(many["article_id"] != "article-0-0", "undecided")
    fitted = StanceClassifier().fit(many, labels)
    assert fitted.held_out_ is None
    assert fitted.looks_ == {}
    assert "undecided" in fitted.classes_


def test_without_calibration_nothing_is_held_out(many: pd.DataFrame) -> None:
    assert StanceClassifier(calibrate=False).fit(many, many["stance"]).held_out_ is None


def test_the_seed_draws_the_folds_and_nothing_else(many: pd.DataFrame) -> None:
    one, again, other = (StanceClassifier(random_state=seed).fit(many, many["stance"]) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one.held_out_[1], again.held_out_[1])
    np.testing.assert_array_equal(one.held_out_[0], again.held_out_[0])
    assert (one.held_out_[1] != other.held_out_[1]).any()
    np.testing.assert_array_equal(one.regression_.coef_, other.regression_.coef_)


# Balance


def test_with_a_balance_of_one_labels_are_equally_heavy() -> None:
    labels = np.array(["oppose", "support", "support", "support"])
    # 4 statements, 2 labels: 4 / (2 * 1) and 4 / (2 * 3)
    np.testing.assert_allclose(find_balance(labels, np.zeros(4), 1.0), [2.0, 2 / 3, 2 / 3, 2 / 3])


def test_half_a_balance_weighs_up_by_the_root() -> None:
    labels = np.array(["oppose", "support", "support", "support"])
    np.testing.assert_allclose(find_balance(labels, np.zeros(4), 0.5), np.sqrt([2.0, 2 / 3, 2 / 3, 2 / 3]))


def test_each_topic_has_a_balance_of_its_own() -> None:
    labels = np.array(["oppose", "support", "oppose", "oppose", "support", "support"])
    topics = np.array(["quay", "quay", "bridge", "bridge", "bridge", "ferry"])
    # quay: one each; bridge: 3 / (2 * 2) and 3 / (2 * 1); ferry: its only label
    np.testing.assert_allclose(find_balance(labels, topics, 1.0), [1.0, 1.0, 0.75, 0.75, 1.5, 1.0])


PAIRS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["quay", "bridge"])), max_size=30)


@given(PAIRS)
def test_no_balance_leaves_every_statement_at_one(pairs: list[tuple[str, str]]) -> None:
    labels, topics = np.array([one for one, _ in pairs]), np.array([two for _, two in pairs])
    np.testing.assert_array_equal(find_balance(labels, topics, 0.0), np.ones(len(pairs)))


@given(PAIRS)
def test_full_balance_keeps_the_weight_of_each_topic_and_shares_it_out(pairs: list[tuple[str, str]]) -> None:
    weights = find_balance(np.array([one for one, _ in pairs]), np.array([two for _, two in pairs]), 1.0)
    sums: dict[tuple[str, str], float] = {}
    for pair, weight in zip(pairs, weights, strict=True):
        sums[pair] = sums.get(pair, 0.0) + weight
    for label, topic in sums:
        own = [pair for pair in pairs if pair[1] == topic]
        assert sums[label, topic] == pytest.approx(len(own) / len(set(own)))


def coefficients(rows: pd.DataFrame, balance: float, weights: np.ndarray | None = None) -> np.ndarray:
    model = StanceClassifier(balance=balance, calibrate=False)
    return np.asarray(model.fit(rows, rows["stance"], sample_weight=weights).regression_.coef_)


def test_plain_texts_are_balanced_within_their_target(plain: pd.DataFrame) -> None:
    labels, targets = plain["stance"].to_numpy(), plain["target"].to_numpy()
    within, over_all = find_balance(labels, targets, 1.0), find_balance(labels, np.zeros(len(plain)), 1.0)
    found = coefficients(plain, 1.0)
    np.testing.assert_array_equal(found, coefficients(plain, 0.0, within))
    assert np.abs(found - coefficients(plain, 0.0, over_all)).max() > 0.01


@pytest.mark.parametrize("change", [{}, {"speaker_actor": "NOR"}], ids=["bare", "told"])
def test_other_rows_are_balanced_over_all_issues(many: pd.DataFrame, change: dict[str, str]) -> None:
    rows = many[~((many["stance"] == "oppose") & (many["issue"] != "sanctions"))].assign(**change, target="the new quay")
    rows.loc[rows["issue"] == "sanctions", "target"] = "the old bridge"
    weights = find_balance(rows["stance"].to_numpy(), np.zeros(len(rows)), 1.0)
    np.testing.assert_array_equal(coefficients(rows, 1.0), coefficients(rows, 0.0, weights))


def test_balance_and_weights_of_statements_are_multiplied(plain: pd.DataFrame) -> None:
    weights = 1.0 + np.arange(len(plain)) % 3
    within = find_balance(plain["stance"].to_numpy(), plain["target"].to_numpy(), 1.0)
    np.testing.assert_array_equal(coefficients(plain, 1.0, weights), coefficients(plain, 0.0, weights * within))
