"""The stance classifier: TF-IDF views and logistic regression, calibrated; a scikit-learn estimator."""

from __future__ import annotations

import copy
import io
import pickle
import pickletools
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import joblib
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, StratifiedKFold
from sklearn.utils.validation import check_is_fitted

from stance.errors import InputError, ModelError
from stance.features import VIEWS, make_views
from stance.targets.mentions import Issue, load_issues, merge_issues

Rows = Iterable[Mapping[str, Any]]
FORMAT = 1
# A file of a few bytes can ask for any amount of memory. The shipped model unpacks to 2 MB and 120,000 steps of pickle.
_MAX_UNPACKED = 256 * 2**20
_MAX_STEPS = 10_000_000
_MEMORY_AT_WILL = frozenset(["PUT", "BINPUT", "LONG_BINPUT"])  # joblib writes MEMOIZE, which takes the next place, not any


class StanceClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Tell whether a statement supports or opposes its target, or neither.

    Parameters
    ----------
    views
        Names of the views (``stance.features.VIEWS``) to learn from.
    context_weight
        Weight of the view on the text before the sentence; the others weigh 1.
    C
        Inverse strength of regularisation of the logistic regression.
    min_df
        A token must stand in this many statements to count.
    balance
        How far rare classes are weighed up: 0 leaves the classes as they are, 1 makes them equal.
    calibrate
        Whether to fit a temperature on out-of-fold scores, so that probabilities mean what they say.
    added_issues
        The text of issue files (README, "Your own issue"): issues known beside those that come with the package.
    """

    def __init__(
        self,
        *,
        views: tuple[str, ...] = VIEWS,
        context_weight: float = 0.3,
        C: float = 2.0,
        min_df: int = 2,
        balance: float = 0.5,
        calibrate: bool = True,
        added_issues: tuple[str, ...] = (),
    ) -> None:
        self.views = views
        self.context_weight = context_weight
        self.C = C
        self.min_df = min_df
        self.balance = balance
        self.calibrate = calibrate
        self.added_issues = added_issues

    def fit(self, X: Any, y: Sequence[str], groups: Sequence[str] | None = None) -> StanceClassifier:
        """Learn from statements (n_statements,) and their labels (n_statements,).

        ``X`` is a table or a sequence of mappings with ``sentence`` (or ``text``) and whatever of ``issue``, ``target``,
        ``cue``, ``context``, ``speaker_actor``, ``sender``, ``recipient``, ``location`` is known; plain strings will do.
        Calibration keeps ``groups`` (or the rows' ``article_id``) together.

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
        views = make_views(rows, self.issues)
        kept = groups if groups is not None else [str(row.get("article_id") or i) for i, row in enumerate(rows)]
        self.temperature_: float = self._find_temperature(views, labels, list(kept)) if self.calibrate else 1.0
        self.vectorizers_, self.regression_ = self._fit_views(views, labels)
        self.classes_: NDArray[Any] = self.regression_.classes_
        self.n_features_in_ = int(self.regression_.coef_.shape[1])
        return self

    def _fit_views(
        self, views: list[dict[str, str]], labels: NDArray[Any]
    ) -> tuple[dict[str, TfidfVectorizer], LogisticRegression]:
        vectorizers = {}
        for name in self.views:
            texts = [view[name] for view in views]
            if any(texts):
                vectorizer = TfidfVectorizer(analyzer=str.split, min_df=self.min_df if len(views) >= 50 else 1, sublinear_tf=True)
                try:
                    vectorizers[name] = vectorizer.fit(texts)
                except ValueError:  # no token is frequent enough
                    continue
        if not vectorizers:
            msg = f"Nothing to learn from: no word stands in {self.min_df} or more of the {len(views)} rows."
            raise InputError(msg)
        regression = LogisticRegression(C=self.C, solver="newton-cg", max_iter=1000, tol=1e-6)
        regression.fit(self._stack(vectorizers, views), labels, sample_weight=self._weights(labels))
        return vectorizers, regression

    def _weights(self, labels: NDArray[Any]) -> NDArray[np.float64]:
        names, counts = np.unique(labels, return_counts=True)
        weight = (len(labels) / (len(names) * counts)) ** self.balance
        return np.asarray(weight[np.searchsorted(names, labels)], dtype=np.float64)

    def _stack(self, vectorizers: dict[str, TfidfVectorizer], views: list[dict[str, str]]) -> Any:
        parts = [
            vectorizer.transform([view[name] for view in views]) * (self.context_weight if name == "context" else 1.0)
            for name, vectorizer in vectorizers.items()
        ]
        return sparse.hstack(parts, format="csr")

    def _find_temperature(self, views: list[dict[str, str]], labels: NDArray[Any], groups: list[str]) -> float:
        """Return the temperature that makes out-of-fold probabilities most likely (Guo et al., ICML 2017)."""
        if len(set(groups)) >= 10:
            folds = list(GroupKFold(5).split(labels, groups=groups))
        elif min(np.unique(labels, return_counts=True)[1]) >= 5:
            folds = list(StratifiedKFold(5).split(np.zeros(len(labels)), labels))
        else:
            return 1.0
        scores, truth = [], []
        for train, test in folds:
            if len(set(labels[train])) < len(set(labels)):
                return 1.0
            vectorizers, regression = self._fit_views([views[i] for i in train], labels[train])
            scores.append(_scores(regression, self._stack(vectorizers, [views[i] for i in test])))
            truth.append(np.searchsorted(regression.classes_, labels[test]))
        logits, gold = np.vstack(scores), np.concatenate(truth)
        candidates = np.geomspace(0.25, 8.0, 61)
        losses = [-np.mean(np.log(_softmax(logits / t)[np.arange(len(gold)), gold] + 1e-12)) for t in candidates]
        return float(candidates[int(np.argmin(losses))])

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Return probabilities (n_statements, n_classes) in the order of ``classes_``; rows sum to 1."""
        check_is_fitted(self, "regression_")
        rows = as_rows(X)
        if not rows:
            return np.empty((0, len(self.classes_)))
        views = make_views(rows, self.issues)
        return _softmax(_scores(self.regression_, self._stack(self.vectorizers_, views)) / self.temperature_)

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the most probable label of each statement (n_statements,)."""
        probabilities = self.predict_proba(X)
        return np.asarray(self.classes_[probabilities.argmax(axis=1)])

    def weigh_features(self, X: Any) -> tuple[Any, NDArray[np.float64], NDArray[np.float64]]:
        """Return what scores are made of: features (n_statements, n_features), weights (n_classes, n_features), intercepts.

        ``features @ weights.T + intercepts`` are the scores; divided by ``temperature_``, the probabilities' logarithms up to a
        constant. The features are a sparse matrix, view by view in the order of ``vectorizers_``.
        """
        check_is_fitted(self, "regression_")
        weights, intercepts = self.regression_.coef_, self.regression_.intercept_
        if len(self.classes_) == 2:  # scikit-learn keeps the second class only
            weights, intercepts = np.vstack([-weights, weights]) / 2, np.concatenate([-intercepts, intercepts]) / 2
        return self._stack(self.vectorizers_, make_views(as_rows(X), self.issues)), weights, intercepts

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


def as_rows(X: Any) -> list[Mapping[str, Any]]:
    """Return statements as mappings: rows of a table (a missing cell is None), mappings as they are, strings as ``sentence``.

    Raises
    ------
    InputError
        For a single statement, which must stand in a list, and for anything that is no statement.
    """
    if isinstance(X, str | Mapping):
        msg = "One statement must stand in a list: [statement]."
        raise InputError(msg)
    if hasattr(X, "to_dict") and hasattr(X, "columns"):
        return [{key: None if value != value else value for key, value in row.items()} for row in _records(X)]
    rows = [{"sentence": item} if isinstance(item, str) else item for item in X]
    for row in rows:
        if not isinstance(row, Mapping):
            msg = f"A statement must be a string or a mapping with a 'sentence'; found {type(row).__name__}."
            raise InputError(msg)
    return rows


def _records(table: Any) -> list[dict[str, Any]]:
    """Return the rows of a table; missing values of every kind (NaN, NaT, NA) as NaN, lists untouched."""
    columns = [table[name].astype(object).where(table[name].notna(), float("nan")).tolist() for name in table.columns]
    return [dict(zip(table.columns, cells, strict=True)) for cells in zip(*columns, strict=True)]


def _scores(regression: LogisticRegression, features: Any) -> NDArray[np.float64]:
    decision = np.asarray(regression.decision_function(features), dtype=np.float64)
    return decision if decision.ndim == 2 else np.column_stack([-decision / 2, decision / 2])


def _softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def pack_model(model: StanceClassifier, name: str) -> bytes:
    """Return a fitted model as bytes: plain numbers and strings in a joblib file, no objects that code must be run to restore."""
    check_is_fitted(model, "regression_")
    state = {
        "format": FORMAT,
        "name": name,
        "parameters": {key: list(value) if isinstance(value, tuple) else value for key, value in model.get_params().items()},
        "classes": [str(label) for label in model.classes_],
        "temperature": model.temperature_,
        "views": {
            view: {
                "vocabulary": sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__),
                "idf": np.asarray(vectorizer.idf_, dtype="<f4").tobytes(),
            }
            for view, vectorizer in model.vectorizers_.items()
        },
        "coef": np.asarray(model.regression_.coef_, dtype="<f4").tobytes(),
        "intercept": np.asarray(model.regression_.intercept_, dtype="<f8").tobytes(),
    }
    buffer = io.BytesIO()
    joblib.dump(state, buffer, compress=("zlib", 6))
    return buffer.getvalue()


class _PlainUnpickler(pickle.Unpickler):
    """Reads numbers, strings, lists and dictionaries; the list of classes that a model file may hold is empty."""

    def find_class(self, module: str, name: str) -> Any:
        msg = (
            f"The model file asks for {module}.{name}; a stance model holds plain numbers and strings only. Don't use this file."
        )
        raise ModelError(msg)


def unpack_model(data: bytes) -> tuple[StanceClassifier, str]:
    """Return the model in the bytes of a model file, and its name.

    Raises
    ------
    ModelError
        If the bytes are no stance model, or one of another format.
    """
    try:
        plain = _decompress(data)
        _check_steps(plain)
        state = _PlainUnpickler(io.BytesIO(plain)).load()
    except ModelError:
        raise
    except Exception as error:
        msg = f"This is not a stance model, or the file is damaged ({error}). Make one with 'stance train'."
        raise ModelError(msg) from error
    if not isinstance(state, dict) or state.get("format") != FORMAT:
        msg = "The model was written in a format this version of stance cannot read; train it again with 'stance train'."
        raise ModelError(msg)
    try:
        return _restore(state), str(state["name"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        msg = f"The model file is damaged ({type(error).__name__}: {error}). Make one with 'stance train'."
        raise ModelError(msg) from error


def _decompress(data: bytes) -> bytes:
    stream = zlib.decompressobj()
    plain = stream.decompress(data, _MAX_UNPACKED)
    if not stream.eof:
        msg = f"it unpacks to more than {_MAX_UNPACKED // 2**20} MB" if len(plain) == _MAX_UNPACKED else "it breaks off"
        raise ValueError(msg)
    return plain


def _check_steps(plain: bytes) -> None:
    """Raise ValueError for a pickle that would fill the memory, before any of it is run."""
    for count, (step, _, _) in enumerate(pickletools.genops(plain)):
        if step.name in _MEMORY_AT_WILL or count == _MAX_STEPS:
            msg = f"{step.name} at step {count} of its pickle"
            raise ValueError(msg)


def _restore(state: dict[str, Any]) -> StanceClassifier:
    parameters = dict(state["parameters"])
    parameters["views"] = tuple(parameters["views"])
    parameters["added_issues"] = tuple(parameters.get("added_issues", ()))
    load_issues(parameters["added_issues"])  # one that cannot be used shows here, not at the first article
    model = StanceClassifier(**parameters)
    model.classes_ = np.asarray(state["classes"])
    model.temperature_ = float(state["temperature"])
    model.vectorizers_ = {}
    for view, entry in state["views"].items():
        vectorizer = TfidfVectorizer(analyzer=str.split, sublinear_tf=True, vocabulary=entry["vocabulary"])
        vectorizer.idf_ = np.frombuffer(entry["idf"], dtype="<f4").astype(np.float64)
        model.vectorizers_[view] = vectorizer
    n_features = sum(len(entry["vocabulary"]) for entry in state["views"].values())
    n_rows = 1 if len(model.classes_) == 2 else len(model.classes_)
    regression = LogisticRegression(C=model.C, solver="newton-cg")
    regression.classes_ = model.classes_
    regression.coef_ = np.frombuffer(state["coef"], dtype="<f4").astype(np.float64).reshape(n_rows, n_features)
    regression.intercept_ = np.frombuffer(state["intercept"], dtype="<f8").copy()
    regression.n_features_in_ = model.n_features_in_ = n_features
    model.regression_ = regression
    return model
