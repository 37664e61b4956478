"""What models say of statements they have not learned from, whole and at growing sizes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import joblib
import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone

from stance.evaluation.folds import Fold
from stance.features import find_reading
from stance.model import StanceClassifier
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


def cross_predict(
    annotations: Annotations,
    estimator: StanceClassifier,
    folds: Sequence[Fold],
    units: Sequence[str],
    *,
    more: tuple[Sequence[Any], Sequence[str]] = ((), ()),
    curve: bool = False,
    random_state: int = 0,
) -> HeldOut:
    """Return what models fitted on the other folds say of each statement.

    Scores of a fold get the second look that fits the other folds' held-out ones: learned from statements other than those it is
    used on, which costs no further model. The models of the curve learn from some units of their fold, each size from those of
    the smaller one and more. All models learn from the rows and labels of ``more`` as well.
    """
    tasks = [_Task(1.0, known, held) for known, held in folds]
    if curve and len(annotations.rows) >= _LEAST_FOR_CURVE:
        tasks += [
            _Task(share, part, held)
            for known, held in folds
            for share, part in zip(SHARES, _find_parts(known, units, random_state), strict=True)
        ]
    # The largest first, so that neither process waits long for the other.
    jobs = min(2, joblib.cpu_count()) if len(annotations.rows) >= _LEAST_FOR_PROCESSES else 1
    plain = clone(estimator).set_params(calibrate=False)
    rows, labels = annotations.rows, annotations.labels
    found = joblib.Parallel(n_jobs=jobs)(
        joblib.delayed(_fit_and_ask)(
            plain, [*_pick(rows, task.known), *more[0]], [*_pick(labels, task.known), *more[1]], _pick(rows, task.held)
        )
        for task in tasks
    )
    whole = np.zeros((len(rows), len(STANCES)))
    by_share: dict[float, list[str]] = {}
    sizes: dict[float, list[int]] = {}
    for task, probabilities in zip(tasks, found, strict=True):
        if task.share == 1.0:
            whole[task.held] = probabilities
        said = by_share.setdefault(task.share, [""] * len(rows))
        sizes.setdefault(task.share, []).append(len(task.known))
        for i, place in zip(task.held, probabilities.argmax(axis=1), strict=True):
            said[i] = STANCES[place]
    by_size = {round(float(np.mean(sizes[share]))): by_share[share] for share in sorted(by_share)} if len(by_share) > 1 else {}
    return HeldOut(_look_again(whole, rows, labels, folds) if estimator.calibrate else whole, by_size)


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


def _fit_and_ask(estimator: StanceClassifier, known: list[Any], labels: list[str], held: list[Any]) -> NDArray[np.float64]:
    """Return the probabilities (n_held, n_labels) of a model fitted on the known rows, in the order of ``STANCES``."""
    found = np.zeros((len(held), len(STANCES)))
    if len(set(labels)) < 2:  # the other labels stand among those held out
        found[:, STANCES.index(labels[0])] = 1.0
        return found
    fitted = clone(estimator).fit(known, labels)
    found[:, [STANCES.index(str(label)) for label in fitted.classes_]] = fitted.predict_proba(held)
    return found


def _look_again(
    probabilities: NDArray[np.float64], rows: Sequence[Mapping[str, Any]], gold: Sequence[str], folds: Sequence[Fold]
) -> NDArray[np.float64]:
    scores = np.log(np.maximum(probabilities, 1e-12))
    truth = np.array([STANCES.index(label) for label in gold])
    seen = probabilities.copy()
    # As in StanceClassifier.predict_proba: where nobody knows who speaks, nobody else is heard.
    company = [row if find_reading(row) == "told" else {} for row in rows]
    for others, held in folds:
        look = fit_look(scores[others], _pick(company, others), truth[others])
        seen[held] = softmax(look.apply(scores[held], _pick(company, held)))
    return seen
