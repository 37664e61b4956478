"""Plain ways to label statements, each on the split it is given."""

from __future__ import annotations

import sys
from types import ModuleType

import numpy as np
import pytest

from stance.evaluation.baselines import label_by_issue, label_by_majority, label_by_sentiment, label_by_words

SPLIT = [(np.array([0, 1, 2, 3]), np.array([4, 5])), (np.array([4, 5]), np.array([0, 1, 2, 3]))]
GOLD = ["oppose", "oppose", "oppose", "support", "support", "neutral"]


def test_the_majority_is_that_of_the_statements_learned_from() -> None:
    assert label_by_majority(GOLD, SPLIT) == ["neutral"] * 4 + ["oppose"] * 2


def test_the_majority_of_the_issue_falls_back_on_that_of_all() -> None:
    issues = ["a", "a", "a", "b", "b", "unknown"]
    assert label_by_issue(GOLD, issues, SPLIT)[4:] == ["support", "oppose"]


def test_single_words_are_learned_and_held_out() -> None:
    texts = ["we reject it", "we welcome it"] * 4
    folds = [(np.arange(4), np.arange(4, 8)), (np.arange(4, 8), np.arange(4))]
    assert label_by_words(texts, ["oppose", "support"] * 4, folds) == ["oppose", "support"] * 4


@pytest.mark.parametrize("texts", [["no"] * 6, ["!"] * 6])
def test_single_words_need_neither_two_labels_nor_words(texts: list[str]) -> None:
    assert label_by_words(texts, ["oppose"] * 4 + ["support", "neutral"], SPLIT)[4:] == ["oppose"] * 2
    assert len(label_by_words(texts, GOLD, SPLIT)) == 6


class Analyzer:
    """Stands in for VADER's, which need not be installed."""

    def polarity_scores(self, text: str) -> dict[str, float]:
        return {"compound": float(text)}


def test_sentiment_is_read_at_the_limits_its_authors_give(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("vaderSentiment.vaderSentiment")
    module.SentimentIntensityAnalyzer = Analyzer  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "vaderSentiment", ModuleType("vaderSentiment"))
    monkeypatch.setitem(sys.modules, "vaderSentiment.vaderSentiment", module)
    assert label_by_sentiment(["0.05", "0.049", "-0.05"]) == ["support", "neutral", "oppose"]


def test_without_vader_there_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vaderSentiment.vaderSentiment", None)
    assert label_by_sentiment(["Fine."]) is None
