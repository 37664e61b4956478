"""Plain ways to label statements, which a model must beat: the commonest label, single words, a word list of sentiment."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from stance.evaluation.folds import Fold

VADER_MISSING = "not installed: pip install 'stance[vader]'"
# The limits that its authors recommend: https://github.com/cjhutto/vaderSentiment
_VADER_LIMIT = 0.05
_WORD = re.compile(r"\w+")


def label_by_majority(gold: Sequence[str], folds: Sequence[Fold]) -> list[str]:
    """Return for each statement held out the commonest label of those learned from."""
    return _held_out(gold, folds, lambda known, held: [_commonest([gold[i] for i in known])] * len(held))


def label_by_issue(gold: Sequence[str], issues: Sequence[str], folds: Sequence[Fold]) -> list[str]:
    """Return the commonest label of the statements on the same issue; of all, where there are none."""

    def label(known: list[int], held: list[int]) -> list[str]:
        usual = _commonest([gold[i] for i in known])
        of_issue: dict[str, list[str]] = {}
        for i in known:
            of_issue.setdefault(issues[i], []).append(gold[i])
        common = {issue: _commonest(labels) for issue, labels in of_issue.items()}
        return [common.get(issues[i], usual) for i in held]

    return _held_out(gold, folds, label)


def label_by_words(texts: Sequence[str], gold: Sequence[str], folds: Sequence[Fold]) -> list[str]:
    """Return what a plain model says: TF-IDF of the single words of the sentence and logistic regression, all as they come."""

    def label(known: list[int], held: list[int]) -> list[str]:
        labels = [gold[i] for i in known]
        if len(set(labels)) < 2:
            return labels[:1] * len(held)
        if not any(_WORD.search(texts[i]) for i in known):
            return [_commonest(labels)] * len(held)
        plain = make_pipeline(TfidfVectorizer(token_pattern=_WORD.pattern), LogisticRegression(max_iter=1000))
        return [str(found) for found in plain.fit([texts[i] for i in known], labels).predict([texts[i] for i in held])]

    return _held_out(gold, folds, label)


def label_by_sentiment(texts: Sequence[str]) -> list[str] | None:
    """Return support for positive, oppose for negative and neutral for even sentiment by VADER; None where it is not installed.

    References
    ----------
    Hutto and Gilbert (2014), "VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media Text", ICWSM.
    """
    try:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
    except ImportError:
        return None
    analyzer: Any = SentimentIntensityAnalyzer()
    found = [analyzer.polarity_scores(text)["compound"] for text in texts]
    return ["support" if score >= _VADER_LIMIT else "oppose" if score <= -_VADER_LIMIT else "neutral" for score in found]


def _commonest(labels: Sequence[str]) -> str:
    """Return the commonest label; of two that are equally common, the first by name."""
    return min(Counter(labels).items(), key=lambda pair: (-pair[1], pair[0]))[0]


def _held_out(gold: Sequence[str], folds: Sequence[Fold], label: Callable[[list[int], list[int]], list[str]]) -> list[str]:
    found = np.empty(len(gold), dtype=object)
    for known, held in folds:
        found[held] = label(known.tolist(), held.tolist())
    return [str(one) for one in found]
