"""The stance classifier: TF-IDF views and logistic regression, calibrated; a scikit-learn estimator."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.utils.validation import check_is_fitted

from stance.errors import InputError
from stance.features import READINGS, VIEWS, find_reading, make_groups, make_views
from stance.model.predictor import WEIGHTS, Predictor, find_readings, spread
from stance.model.rows import as_rows
from stance.model.second_look import SecondLook, fit_look
from stance.model.vectors import Vectorizer, Vocabulary
from stance.targets.mentions import Issue, load_issues, merge_issues

Rows = Iterable[Mapping[str, Any]]
_FOLDS = 5


class StanceClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Tell whether a statement supports or opposes its target, or neither.

    A statement is read by what its row tells (``stance.features.READINGS``). Where training rows tell who speaks, each is learned
    from twice: with that, and as a bare sentence, so that both kinds can be labelled.

    Parameters
    ----------
    views
        Names of the views (``stance.features.VIEWS``) to learn from.
    C
        Inverse strength of regularisation of the logistic regression.
    min_df
        A token must stand in this many statements to count.
    balance
        How far rare classes are weighed up: 0 leaves the classes as they are, 1 makes them equal.
    calibrate
        Whether to fit a second look on out-of-fold scores, so that probabilities mean what they say and what else the same side
        says in the article is heard.
    random_state
        Seed of the folds that calibration holds out.
    added_issues
        The text of issue files (README, "Your own issue"): issues known beside those that come with the package.
    """

    def __init__(
        self,
        *,
        views: tuple[str, ...] = VIEWS,
        C: float = 2.0,
        min_df: int = 2,
        balance: float = 1.0,
        calibrate: bool = True,
        random_state: int = 0,
        added_issues: tuple[str, ...] = (),
    ) -> None:
        self.views = views
        self.C = C
        self.min_df = min_df
        self.balance = balance
        self.calibrate = calibrate
        self.random_state = random_state
        self.added_issues = added_issues

    def fit(
        self, X: Any, y: Sequence[str], groups: Sequence[str] | None = None, sample_weight: Sequence[float] | None = None
    ) -> StanceClassifier:
        """Learn from statements (n_statements,) and their labels (n_statements,).

        ``X`` is a table or a sequence of mappings with ``sentence`` (or ``text``) and whatever of ``issue``, ``target``,
        ``cue``, ``context``, ``speaker_actor``, ``speaker_role``, ``sender``, ``recipient``, ``location`` is known; plain strings
        will do. Calibration keeps ``groups`` (or the rows' ``article_id``) together; its scores (n_statements, n_classes), before
        the second look, and the fold in which each statement was held out are kept in ``held_out_`` (None where there were too
        few groups).

        Raises
        ------
        InputError
            With fewer than two labels to tell apart.
        """
        rows = as_rows(X)
        labels = np.asarray(list(y), dtype=object).astype(str)
        if len(rows) != len(labels):
            msg = f"{len(rows)} statements but {len(labels)} labels."
            raise InputError(msg)
        if len(set(labels)) < 2:
            only = str(labels[0]) if len(labels) else "none"
            msg = f"All {len(labels)} rows have the same label, {only!r}; a model needs at least two."
            raise InputError(msg)
        weights = np.ones(len(rows)) if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)
        kept = groups if groups is not None else [str(row.get("article_id") or i) for i, row in enumerate(rows)]
        self.reading_ = max(map(find_reading, rows), key=READINGS.index)
        self.classes_: NDArray[Any] = np.unique(labels)
        learned = self._open(rows, labels, np.asarray(kept, dtype=object).astype(str), weights)
        transformers, self.regression_ = self._fit_regression(learned, np.arange(len(learned.rows)))
        self.vectorizers_ = Vectorizer(
            {
                name: Vocabulary(counter.get_feature_names_out().tolist(), transformers[name].idf_)
                for name, counter in learned.counters.items()
            }
        )
        held_out = self._hold_out(learned) if self.calibrate else None
        self.looks_: dict[str, SecondLook] = self._fit_looks(learned, held_out[0]) if held_out else {}
        # With few groups folds part them: good enough to calibrate with, not to score on.
        scored = held_out is not None and len(set(learned.groups)) >= 2 * _FOLDS
        self.held_out_ = (held_out[0][: len(rows)], held_out[1][: len(rows)]) if held_out and scored else None
        self.n_features_in_ = int(self.regression_.coef_.shape[1])
        return self

    def _open(
        self, rows: Sequence[Mapping[str, Any]], labels: NDArray[Any], groups: NDArray[Any], weights: NDArray[np.float64]
    ) -> _Learned:
        """Return what is learned from, every row that tells who speaks once more as a bare sentence, as counts of tokens."""
        readings = find_readings(rows, self.reading_)
        again = [i for i, reading in enumerate(readings) if reading == "told"]
        places = np.array([*range(len(rows)), *again], dtype=np.intp)
        readings = [*readings, *("bare" for _ in again)]
        views = make_views([rows[i] for i in places], readings, self.issues)
        counters, counts = {}, {}
        for name in self.views:
            counter = CountVectorizer(analyzer=_as_is, min_df=self.min_df if len(rows) >= 50 else 1)
            try:
                counts[name] = counter.fit_transform([view.get(name, ()) for view in views])
            except ValueError:  # no token, or none frequent enough
                continue
            counters[name] = counter
        if not counters:
            msg = f"Nothing to learn from: no word stands in {self.min_df} or more of the {len(rows)} rows."
            raise InputError(msg)
        # As in predict_proba: where nobody knows who speaks, nobody else is heard.
        company = [rows[i] if reading == "told" else {} for i, reading in zip(places, readings, strict=True)]
        topics = np.array([str(rows[i].get("target")) if self.reading_ == "plain" else "" for i in places])
        return _Learned(company, readings, places, labels[places], topics, groups[places], weights[places], counters, counts)

    def _fit_regression(
        self, learned: _Learned, places: NDArray[np.intp]
    ) -> tuple[dict[str, TfidfTransformer], LogisticRegression]:
        """Return the weights of tokens and of classes, learned from some of the rows."""
        labels = learned.labels[places]
        transformers = {name: TfidfTransformer(sublinear_tf=True).fit(count[places]) for name, count in learned.counts.items()}
        weights = learned.weights[places] * find_balance(labels, learned.topics[places], self.balance)
        regression = LogisticRegression(C=self.C, solver="newton-cg", max_iter=1000, tol=1e-4)
        features = _stack({name: transformers[name].transform(count[places]) for name, count in learned.counts.items()})
        return transformers, regression.fit(features, labels, sample_weight=weights)

    def _hold_out(self, learned: _Learned) -> tuple[NDArray[np.float64], NDArray[np.intp]] | None:
        """Return scores of statements whose groups were held out, and the fold of each; None where there are too few."""
        labels, groups = learned.labels, learned.groups
        if len(set(groups)) < 2 * _FOLDS:  # few articles: at least the two readings of a statement are kept together
            groups = learned.places
        if len(set(groups)) < 2 * _FOLDS:
            return None
        scores, fold_of = np.zeros((len(labels), len(self.classes_))), np.zeros(len(labels), dtype=np.intp)
        folds = GroupKFold(_FOLDS, shuffle=True, random_state=self.random_state).split(labels, groups=groups)
        for fold, (known, held) in enumerate(folds):
            if len(set(labels[known])) < len(self.classes_):
                return None
            transformers, regression = self._fit_regression(learned, known)
            features = _stack({name: transformers[name].transform(count[held]) for name, count in learned.counts.items()})
            scores[held], fold_of[held] = _scores(regression, features), fold
        return scores, fold_of

    def _fit_looks(self, learned: _Learned, scores: NDArray[np.float64]) -> dict[str, SecondLook]:
        """Return the second look by reading, from held-out scores."""
        truth = np.searchsorted(self.classes_, learned.labels)
        looks = {}
        for reading in sorted(set(learned.readings)):
            own = np.flatnonzero(np.array(learned.readings) == reading)
            weights = learned.weights[own] * find_balance(learned.labels[own], learned.topics[own], self.balance)
            company = [learned.rows[i] for i in own]
            looks[reading] = fit_look(scores[own], company, truth[own], weights, biased=reading != "plain")
        return looks

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Return probabilities (n_statements, n_classes) in the order of ``classes_``; rows sum to 1.

        Rows of one article (``article_id``) on one issue are heard together: what the same side says elsewhere counts a little.
        """
        check_is_fitted(self, "regression_")
        return self.as_predictor().predict_proba(X)

    def restore(self, learned: Predictor) -> StanceClassifier:
        """Take over what was learned before, and return the classifier, fitted."""
        self.classes_, self.reading_ = learned.classes_, learned.reading
        self.vectorizers_, self.looks_ = learned.vectorizers, dict(learned.looks)
        regression = LogisticRegression(C=self.C, solver="newton-cg")
        regression.classes_, regression.coef_, regression.intercept_ = learned.classes_, learned.coef, learned.intercept
        regression.n_features_in_ = self.n_features_in_ = int(learned.coef.shape[1])
        self.regression_ = regression
        return self

    def as_predictor(self) -> Predictor:
        """Return what labels statements as this classifier does, without scikit-learn."""
        check_is_fitted(self, "regression_")
        return Predictor(
            self.classes_,
            self.vectorizers_,
            np.asarray(self.regression_.coef_, dtype=np.float64),
            np.asarray(self.regression_.intercept_, dtype=np.float64),
            self.looks_,
            self.reading_,
            tuple(self.added_issues),
        )

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the most probable label of each statement (n_statements,)."""
        probabilities = self.predict_proba(X)
        return np.asarray(self.classes_[probabilities.argmax(axis=1)])

    def weigh_features(self, row: Mapping[str, Any]) -> tuple[Any, NDArray[np.float64], NDArray[np.float64]]:
        """Return what the scores of one statement by itself are made of.

        Features (1, n_features), sparse, view by view in the order of ``vectorizers_``; weights (n_classes, n_features) and
        intercepts (n_classes,) after the second look: the softmax of ``features @ weights.T + intercepts`` are the probabilities.
        """
        check_is_fitted(self, "regression_")
        weights, intercepts = self.regression_.coef_, self.regression_.intercept_
        if len(self.classes_) == 2:  # scikit-learn keeps the second class only
            weights, intercepts = np.vstack([-weights, weights]) / 2, np.concatenate([-intercepts, intercepts]) / 2
        [reading] = find_readings([row], self.reading_)
        rows, columns, values = self.vectorizers_.weigh(make_groups([row], [reading], self.issues), WEIGHTS)
        features = sparse.csr_matrix((values, (rows, columns)), (1, self.vectorizers_.n_features))
        look = self.looks_.get(reading, SecondLook())
        bias = np.array(look.bias) if look.bias else 0.0
        return features, look.own * weights, look.own * intercepts + bias

    def name_features(self, row: Mapping[str, Any]) -> list[tuple[str, str, int | None]]:
        """Return view, token and column of each feature of a statement; no column where the model has never learned the token."""
        [views] = make_views([row], find_readings([row], self.reading_), self.issues)
        named: list[tuple[str, str, int | None]] = []
        n_before = 0
        for view, vectorizer in self.vectorizers_.items():
            for token in dict.fromkeys(views.get(view, ())):
                place = vectorizer.vocabulary_.get(token)
                named.append((view, token, None if place is None else n_before + int(place)))
            n_before += len(vectorizer.vocabulary_)
        return named

    @property
    def issues(self) -> tuple[Issue, ...]:
        """The issues the model knows: those that come with the package, then its ``added_issues``."""
        return load_issues(tuple(self.added_issues))

    def with_issues(self, texts: tuple[str, ...]) -> StanceClassifier:
        """Return the model with further issue files, which go before those it has of the same issue; fitted values are shared."""
        changed = copy.copy(self)
        changed.added_issues = merge_issues(tuple(self.added_issues), texts)
        return changed

    def __sklearn_tags__(self) -> Any:
        """Tell scikit-learn that the input is text in rows, not an array of numbers."""
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        return tags


@dataclass(frozen=True, slots=True)
class _Learned:
    """What a model learns from: a row for each reading of a statement, and counts of its tokens by view."""

    rows: list[Mapping[str, Any]]
    readings: list[str]
    places: NDArray[np.intp]
    labels: NDArray[Any]
    topics: NDArray[Any]
    groups: NDArray[Any]
    weights: NDArray[np.float64]
    counters: dict[str, CountVectorizer]
    counts: dict[str, Any]


def find_balance(labels: NDArray[Any], topics: NDArray[Any], balance: float) -> NDArray[np.float64]:
    """Return a weight for each statement (n_statements,): with a balance of 1 the labels are equally heavy within a topic."""
    weights = np.ones(len(labels))
    for topic in np.unique(topics):
        own = np.flatnonzero(topics == topic)
        names, places, counts = np.unique(labels[own], return_inverse=True, return_counts=True)
        weights[own] = (len(own) / (len(names) * counts[places])) ** balance
    return weights


def _as_is(tokens: Sequence[str]) -> Sequence[str]:
    return tokens


def _stack(parts: Mapping[str, Any]) -> Any:
    return sparse.hstack([part * WEIGHTS.get(name, 1.0) for name, part in parts.items()], format="csr")


def _scores(regression: LogisticRegression, features: Any) -> NDArray[np.float64]:
    decision = np.asarray(regression.decision_function(features), dtype=np.float64)
    return spread(decision if decision.ndim == 2 else decision[:, None])
