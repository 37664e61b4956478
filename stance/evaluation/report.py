"""Everything there is to say of a model on annotated statements, as plain figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.evaluation.calibration import Calibration, measure_calibration
from stance.evaluation.comparison import Comparison, compare
from stance.evaluation.coverage import Coverage, measure_coverage
from stance.evaluation.curve import Curve
from stance.evaluation.duplicates import Units
from stance.evaluation.labels import Evaluation, evaluate, evaluate_by
from stance.evaluation.resampling import Score


@dataclass(frozen=True, slots=True)
class Rival:
    """Labels for the same statements from a baseline or another model; None, and a note why, where there are none."""

    name: str
    predicted: Sequence[str] | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class RivalScore:
    """What a rival scores, and how far the model leads it."""

    name: str
    note: str
    macro_f1: Score | None
    accuracy: Score | None
    lead: Comparison | None

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain values for JSON."""
        return {**asdict(self), "lead": self.lead.as_dict() if self.lead else None}


@dataclass(frozen=True, slots=True)
class Report:
    """The scores of a model: as a whole, by part, beside its rivals, and what its probabilities are worth."""

    whole: Evaluation
    units: Units
    parts: Mapping[str, Mapping[str, Evaluation]]
    rivals: tuple[RivalScore, ...]
    calibration: Calibration
    coverage: tuple[Coverage, ...]
    curve: Curve | None
    notes: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain values for JSON."""
        return {
            "all": self.whole.as_dict(),
            **{f"by_{part}": {name: one.as_dict() for name, one in found.items()} for part, found in self.parts.items()},
            "units": self.units.as_dict(),
            "rivals": [rival.as_dict() for rival in self.rivals],
            "calibration": self.calibration.as_dict(),
            "coverage": [asdict(one) for one in self.coverage],
            **({"curve": self.curve.as_dict()} if self.curve else {}),
            "notes": list(self.notes),
        }


def summarize(
    gold: Sequence[str],
    probabilities: NDArray[np.float64],
    labels: Sequence[str],
    units: Units,
    *,
    parts: Mapping[str, Sequence[str]],
    rivals: Sequence[Rival] = (),
    curve: Curve | None = None,
    notes: Sequence[str] = (),
) -> Report:
    """Return the report on probabilities (n_statements, n_labels), whose columns are ``labels``.

    ``parts`` holds, by what the statements are divided (issue, quote type), the part of each one.
    """
    predicted = [labels[i] for i in probabilities.argmax(axis=1)]
    groups = units.names
    return Report(
        whole=evaluate(gold, predicted, groups=groups),
        units=units,
        parts={part: evaluate_by(gold, predicted, values, groups=groups) for part, values in parts.items()},
        rivals=tuple(_score(rival, gold, predicted, groups) for rival in rivals),
        calibration=measure_calibration(gold, probabilities, labels),
        coverage=measure_coverage(gold, predicted, probabilities.max(axis=1)),
        curve=curve,
        notes=(*notes, *_find_weaknesses(gold, units)),
    )


def _score(rival: Rival, gold: Sequence[str], predicted: Sequence[str], groups: Sequence[str]) -> RivalScore:
    if rival.predicted is None:
        return RivalScore(rival.name, rival.note, None, None, None)
    scores = evaluate(gold, rival.predicted, groups=groups)
    lead = compare(gold, predicted, rival.predicted, groups=groups)
    return RivalScore(rival.name, rival.note, scores.macro_f1, scores.accuracy, lead)


_FEW_ROWS = 10
_FEW_UNITS = 20


def _find_weaknesses(gold: Sequence[str], units: Units) -> list[str]:
    """Return what a reader should know before trusting the figures, in words."""
    found = []
    if len(gold) < _FEW_ROWS:
        found.append(f"only {len(gold)} statements: these figures say next to nothing")
    elif units.n_units < _FEW_UNITS and units.by_article:
        found.append(f"only {units.n_units} units to resample: the intervals are rough")
    if len(set(gold)) == 1:
        found.append(f"all statements are labelled {gold[0]!r}: the figures say nothing about the other labels")
    if not units.by_article:
        found.append("all statements are of one article: intervals and folds take them one by one, so the figures flatter")
    if units.all_tied:
        found.append("near-duplicate sentences tie everything together: intervals and folds keep together articles only")
    return found
