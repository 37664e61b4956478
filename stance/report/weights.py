"""What a model has learned: the words and signs that weigh most for each stance, issue by issue."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from stance.evaluation.resampling import order_labels
from stance.evidence import describe_feature
from stance.model import WEIGHTS, StanceClassifier

WEIGHT_COLUMNS = ("issue", "stance", "rank", "kind", "words", "weight")
# Views in which a word or pair of words stands by itself and with its issue, by how the model reads.
_WORDS = {"told": ("words", "crossed"), "bare": ("words", "crossed"), "plain": ("plain_words", "plain_crossed")}
_SIGNS = ("signs", "clause")
_TOP_WORDS = 12
_TOP_SIGNS = 6


def summarize_weights(model: StanceClassifier, issues: Sequence[str]) -> pd.DataFrame:
    """Return the words and signs that weigh most for each stance on each issue, with ``WEIGHT_COLUMNS``.

    The weight of a word on an issue is what it has by itself and what it has crossed with the issue, together, as a difference
    from the mean of the stances, times its inverse document frequency: how far the word moves a score, before the length of the
    statement is allowed for. Without the frequency the list is led by "to" and "the", which move little.
    """
    weights = model.regression_.coef_
    if len(model.classes_) == 2:  # scikit-learn keeps the second class only
        weights = np.vstack([-weights, weights]) / 2
    rarity = np.concatenate([vectorizer.idf_ for vectorizer in model.vectorizers_.values()])
    weights = (weights - weights.mean(axis=0)) * rarity
    labels = [str(label) for label in model.classes_]
    rows: list[dict[str, Any]] = []
    for issue in issues:
        found = (
            ("n-gram", _TOP_WORDS, *_weigh_words(model, weights, issue)),
            ("sign", _TOP_SIGNS, *_weigh_signs(model, weights, issue)),
        )
        for stance in order_labels(labels):
            for kind, most, names, values in found:
                told = values[:, labels.index(stance)]
                best: dict[str, float] = {}
                for place in np.argsort(-told, kind="stable"):
                    if len(best) == most or told[place] <= 0:
                        break
                    # Tokens that differ in what nobody can read bear one name: the weightiest counts.
                    best.setdefault(describe_feature(*names[place])[1], round(float(told[place]), 4))
                rows += [
                    {
                        "issue": issue,
                        "stance": stance,
                        "rank": rank,
                        "kind": kind,
                        "words": words,
                        "weight": weight,
                    }
                    for rank, (words, weight) in enumerate(best.items(), start=1)
                ]
    return pd.DataFrame(rows, columns=list(WEIGHT_COLUMNS))


def _weigh_words(
    model: StanceClassifier, weights: NDArray[np.float64], issue: str
) -> tuple[list[tuple[str, str]], NDArray[np.float64]]:
    """Return each word or pair of words (n_words,), as view and token, with its weights (n_words, n_classes) on an issue."""
    alone, crossed = _WORDS[model.reading_]
    columns = _find_columns(model)
    places = {view: dict(_find_tokens(model, view, issue if view == crossed else "")) for view in (alone, crossed)}
    tokens = sorted(places[alone].keys() | places[crossed].keys())
    values = np.zeros((len(tokens), len(weights)))
    for view, known in places.items():
        own = [i for i, token in enumerate(tokens) if token in known]
        values[own] += WEIGHTS.get(view, 1.0) * weights[:, [columns[view][known[tokens[i]]] for i in own]].T
    return [(alone, token) for token in tokens], values


def _weigh_signs(
    model: StanceClassifier, weights: NDArray[np.float64], issue: str
) -> tuple[list[tuple[str, str]], NDArray[np.float64]]:
    """Return each sign (n_signs,), as view and token, with its weights (n_signs, n_classes) on an issue."""
    columns = _find_columns(model)
    found = [(view, token, columns[view][place]) for view in _SIGNS for token, place in _find_tokens(model, view, issue)]
    names = [(view, f"{issue}|{token}") for view, token, _ in found]
    return names, weights[:, [column for _, _, column in found]].T


def _find_columns(model: StanceClassifier) -> dict[str, range]:
    """Return the columns of each view in the order of ``vectorizers_``."""
    columns, start = {}, 0
    for view, vectorizer in model.vectorizers_.items():
        columns[view] = range(start, start + len(vectorizer.vocabulary_))
        start += len(vectorizer.vocabulary_)
    return columns


def _find_tokens(model: StanceClassifier, view: str, issue: str) -> Iterator[tuple[str, int]]:
    """Give the tokens of a view as the model reads a row that tells most, those of an issue without its name."""
    if view not in model.vectorizers_:
        return
    # A row without an issue is read by its target (stance.features).
    name = re.sub(r"\W+", "_", issue.lower()) if model.reading_ == "plain" else issue
    prefix = ("?" if model.reading_ == "bare" else "") + (f"{name}|" if name else "")
    for token, place in model.vectorizers_[view].vocabulary_.items():
        # Where the model knows tokens of bare sentences beside its own, they bear a mark.
        if model.reading_ == "told" and token.startswith("?"):
            continue
        if token.startswith(prefix):
            yield token[len(prefix) :], place
