"""Labels statements by what a classifier has learned, with numpy alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.features import READINGS, find_reading, make_groups
from stance.model.rows import as_rows
from stance.model.second_look import SecondLook, softmax
from stance.model.vectors import Vectorizer
from stance.targets.mentions import Issue, load_issues, merge_issues

# The text before a sentence says less than the sentence itself. In plain text letters say more than words, and both more with
# their target (by cross-validation on the training parts of SemEval-2016 6A and GWSD, 2026-11).
WEIGHTS = {"context": 0.3, "plain_words": 0.25, "plain_crossed": 0.5, "letters": 0.5}
# Statements cut into tokens at once: more no longer fit the caches of a processor, fewer cost time.
AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class Predictor:
    """What a ``StanceClassifier`` has learned, and no more: vocabularies and weights.

    ``coef`` (n_classes, or 1 for two classes, n_features) weighs the features view by view in the order of ``vectorizers``,
    ``intercept`` (n_classes or 1,); ``reading`` says how closely a row may be read, ``looks`` holds the second look by reading.
    """

    classes_: NDArray[Any]
    vectorizers: Vectorizer
    coef: NDArray[np.float64]
    intercept: NDArray[np.float64]
    looks: Mapping[str, SecondLook]
    reading: str
    added_issues: tuple[str, ...] = ()

    @property
    def issues(self) -> tuple[Issue, ...]:
        """The issues the model knows: those that come with the package, then its ``added_issues``."""
        return load_issues(self.added_issues)

    def with_issues(self, texts: tuple[str, ...]) -> Predictor:
        """Return the model with further issue files, which go before those it has of the same issue."""
        return replace(self, added_issues=merge_issues(self.added_issues, texts))

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Return probabilities (n_statements, n_classes) in the order of ``classes_``, as ``StanceClassifier.predict_proba``."""
        rows = as_rows(X)
        if not rows:
            return np.empty((0, len(self.classes_)))
        readings = find_readings(rows, self.reading)
        parts = [
            self._score(rows[start : start + AT_ONCE], readings[start : start + AT_ONCE])
            for start in range(0, len(rows), AT_ONCE)
        ]
        scores = np.concatenate(parts)
        for reading, look in self.looks.items():
            own = [i for i, found in enumerate(readings) if found == reading]
            if own:
                scores[own] = look.apply(scores[own], [rows[i] if reading == "told" else {} for i in own])
        return softmax(scores)

    def _score(self, rows: Sequence[Mapping[str, Any]], readings: Sequence[str]) -> NDArray[np.float64]:
        """Return the scores (n_rows, n_classes) before the second look."""
        places, columns, weights = self.vectorizers.weigh(make_groups(rows, readings, self.issues), WEIGHTS)
        sums = [np.bincount(places, weights * own[columns], minlength=len(rows)) for own in self.coef]
        return spread(np.column_stack(sums) + self.intercept)


def find_readings(rows: Iterable[Mapping[str, Any]], reading: str) -> list[str]:
    """Return how each row is read: no closer than the model has learned to."""
    most = READINGS.index(reading)
    if most == 0:
        return ["plain" for _ in rows]
    return [READINGS[min(most, max(1, READINGS.index(find_reading(row))))] for row in rows]


def spread(decision: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a score for each class (n_rows, n_classes), also of two, for which scikit-learn keeps that of the second only."""
    return decision if decision.shape[1] > 1 else np.hstack([-decision / 2, decision / 2])
