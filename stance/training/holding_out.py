"""What models say of statements they have not learned from, whole and at growing sizes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import joblib
import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone

from stance.evaluation.folds import Fold
from stance.features import find_reading
from stance.model import StanceClassifier, find_balance
from stance.model.second_look import fit_look, softmax
from stance.records import STANCES
from stance.training.annotations import Annotations

# Shares of the units of a fold that the models of the learning curve learn from; the whole is the cross-validation itself.
SHARES = (0.125, 0.25, 0.5)
# Under so many statements the models of the curve learn from a dozen: noise. And processes cost more than they save.
_LEAST_FOR_CURVE, _LEAST_FOR_PROCESSES = 100, 1000


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Probabilities (n_statements, n_labels) of models that have not seen the statement's unit, in the order of ``STANCES``.

    ``by_size`` holds, by the mean number of statements learned from, the labels that models of this size gave; empty
    without a curve.
    """

    probabilities: NDArray[np.float64]
    by_size: Mapping[int, list[str]]


@dataclass(frozen=True, slots=True)
class _Task:
    """A model to fit on some rows and to ask about others."""

    share: float
    known: NDArray[np.intp]
    held: NDArray[np.intp]


def find_held_out(fitted: StanceClassifier, n_rows: int) -> list[Fold] | None:
    """Return the folds in which the first ``n_rows`` that a model learned from were held out; None where none were."""
    if fitted.held_out_ is None:
        return None
    fold_of = fitted.held_out_[1][:n_rows]
    return [(np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)) for fold in np.unique(fold_of)]


def cross_predict(
    annotations: Annotations,
    fitted: StanceClassifier,
    folds: Sequence[Fold],
    units: Sequence[str],
    *,
    more: tuple[Sequence[Any], Sequence[str]] = ((), ()),
    weights: Sequence[float] | None = None,
    curve: bool = False,
    random_state: int = 0,
) -> HeldOut:
    """Return what models that have learned from the other folds say of each statement.

    These are the scores that the fitted model was calibrated with, where it was: no further model is fitted for them. Scores of a
    fold get the second look that fits the other folds' held-out ones: learned from statements other than those it is used on.
    The models of the curve learn from some units of their fold, each size from those of the smaller one and more. All models
    learn from the rows and labels of ``more`` as well. ``weights`` are those of the statements, then those of ``more``.
    """
    rows, labels = annotations.rows, annotations.labels
    tasks = [] if fitted.held_out_ is not None else [_Task(1.0, known, held) for known, held in folds]
    if curve and len(rows) >= _LEAST_FOR_CURVE:
        tasks += [
            _Task(share, part, held)
            for known, held in folds
            for share, part in zip(SHARES, _find_parts(known, units, random_state), strict=True)
        ]
    # The largest first, so that neither process waits long for the other.
    jobs = min(2, joblib.cpu_count()) if len(rows) >= _LEAST_FOR_PROCESSES else 1
    plain = clone(fitted).set_params(calibrate=False)
    weight = weights if weights is not None else [1.0] * (len(rows) + len(more[0]))
    found = joblib.Parallel(n_jobs=jobs)(
        joblib.delayed(_fit_and_ask)(
            plain,
            [*_pick(rows, task.known), *more[0]],
            [*_pick(labels, task.known), *more[1]],
            [*_pick(weight, task.known), *weight[len(rows) :]],
            _pick(rows, task.held),
        )
        for task in tasks
    )
    by_share: dict[float, NDArray[np.float64]] = {}
    sizes: dict[float, list[int]] = {1.0: [len(known) for known, _ in folds]}
    if fitted.held_out_ is not None:
        by_share[1.0] = _in_order(softmax(fitted.held_out_[0][: len(rows)]), fitted.classes_)
    for task, probabilities in zip(tasks, found, strict=True):
        by_share.setdefault(task.share, np.zeros((len(rows), len(STANCES))))[task.held] = probabilities
        if task.share < 1.0:
            sizes.setdefault(task.share, []).append(len(task.known))
    whole = by_share[1.0]
    by_size = {
        round(float(np.mean(sizes[share]))): [STANCES[place] for place in by_share[share].argmax(axis=1)]
        for share in sorted(by_share)
    }
    return HeldOut(
        _look_again(whole, rows, labels, folds, fitted) if fitted.calibrate else whole,
        by_size if len(by_size) > 1 else {},
    )


def _in_order(probabilities: NDArray[np.float64], classes: Iterable[Any]) -> NDArray[np.float64]:
    """Return probabilities (n_statements, n_classes) in the order of ``STANCES``, zero for a label that is no class."""
    found = np.zeros((len(probabilities), len(STANCES)))
    found[:, [STANCES.index(str(label)) for label in classes]] = probabilities
    return found


def _find_parts(known: NDArray[np.intp], units: Sequence[str], random_state: int) -> list[NDArray[np.intp]]:
    """Return the rows of a growing share of the units, each within the next."""
    names = sorted({units[i] for i in known})
    order = np.random.default_rng(random_state).permutation(len(names))
    parts = []
    for share in SHARES:
        drawn = {names[i] for i in order[: max(1, round(share * len(names)))]}
        parts.append(np.array([i for i in known if units[i] in drawn], dtype=np.intp))
    return parts


def _pick(values: Sequence[Any], places: NDArray[np.intp]) -> list[Any]:
    return [values[i] for i in places]


def _fit_and_ask(
    estimator: StanceClassifier, known: list[Any], labels: list[str], weights: list[float], held: list[Any]
) -> NDArray[np.float64]:
    """Return the probabilities (n_held, n_labels) of a model fitted on the known rows, in the order of ``STANCES``."""
    if len(set(labels)) < 2:  # the other labels stand among those held out
        return _in_order(np.ones((len(held), 1)), labels[:1])
    fitted = clone(estimator).fit(known, labels, sample_weight=weights)
    return _in_order(fitted.predict_proba(held), fitted.classes_)


def _look_again(
    probabilities: NDArray[np.float64],
    rows: Sequence[Mapping[str, Any]],
    gold: Sequence[str],
    folds: Sequence[Fold],
    fitted: StanceClassifier,
) -> NDArray[np.float64]:
    scores = np.log(np.maximum(probabilities, 1e-12))
    truth = np.array([STANCES.index(label) for label in gold])
    is_plain = fitted.reading_ == "plain"
    topics = np.array([str(row.get("target")) if is_plain else "" for row in rows])
    weights = find_balance(truth, topics, fitted.balance)
    seen = probabilities.copy()
    # As in StanceClassifier.predict_proba: where nobody knows who speaks, nobody else is heard.
    company = [row if find_reading(row) == "told" else {} for row in rows]
    for others, held in folds:
        look = fit_look(scores[others], _pick(company, others), truth[others], weights[others], biased=not is_plain)
        seen[held] = softmax(look.apply(scores[held], _pick(company, held)))
    return seen
