"""How good a model is on annotated statements: all there is to say of it summed up, as tables, figures and a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from stance.evaluation import Evaluation, Report, evaluate_by
from stance.evaluation.coverage import Coverage, measure_coverage
from stance.evaluation.curve import Curve
from stance.model import StanceClassifier
from stance.report.measured import Measured, describe_annotations
from stance.report.mistakes import Explained, explain_mistakes, summarize_mistakes
from stance.report.scores import (
    find_actors,
    find_lengths,
    order_parts,
    read_curve,
    summarize_calibration,
    summarize_classes,
    summarize_confusion,
    summarize_curve,
    summarize_rivals,
    summarize_scores,
)
from stance.report.weights import summarize_weights
from stance.training import assess, read_annotations

# Mistakes shown with what moved them; more than these nobody reads, and the tables have all.
SHOWN = 200
# Issues whose words are shown: those with most statements.
_ISSUES = 6


@dataclass(frozen=True, slots=True)
class Accuracy:
    """What there is to say of a model on annotated statements.

    ``report`` holds what ``stance evaluate`` prints, ``parts`` the scores of its parts and of further ones. ``chosen`` is the
    coverage at the threshold somebody chose, ``curve`` the learning curve of the model's card; both may be None. ``explained``
    are the first of the ``mistakes``. ``warnings`` must be read before the figures.
    """

    model: str
    card: Mapping[str, Any]
    report: Report
    parts: Mapping[str, Mapping[str, Evaluation]]
    chosen: Coverage | None
    curve: Curve | None
    measured: Measured
    weights: pd.DataFrame
    mistakes: pd.DataFrame
    explained: tuple[Explained, ...]
    warnings: tuple[str, ...]

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the figures as tables by name, each row tidy, as they are written to files."""
        whole = self.report.whole
        return {
            "scores": summarize_scores(whole, self.parts),
            "classes": summarize_classes(whole),
            "confusion": summarize_confusion(whole),
            "rivals": summarize_rivals(self.report),
            "calibration": summarize_calibration(self.report.calibration),
            "coverage": pd.DataFrame([asdict(one) for one in self.report.coverage]),
            **({"curve": summarize_curve(self.curve)} if self.curve else {}),
            "weights": self.weights,
            "mistakes": self.mistakes.drop(columns="row"),
        }

    def as_dict(self) -> dict[str, Any]:
        """Return all figures as plain values for JSON: those of ``stance evaluate --json`` by the same names, and more."""
        mistakes = self.mistakes.drop(columns="row").to_dict("records")
        for row, why in zip(mistakes, self.explained, strict=False):
            row["why"] = why.as_dict()
        return {
            "model": self.model,
            "left_out": list(self.measured.left_out),
            **self.report.as_dict(),
            **{f"by_{part}": {name: one.as_dict() for name, one in found.items()} for part, found in self.parts.items()},
            **({"curve": self.curve.as_dict()} if self.curve else {}),
            "chosen": asdict(self.chosen) if self.chosen else None,
            "measured_on": self.measured.as_dict(),
            "trained_on": {name: value for name, value in self.card.get("trained_on", {}).items() if name != "targets"},
            "weights": self.weights.to_dict("records"),
            "mistakes": mistakes,
            "warnings": list(self.warnings),
        }


def summarize_accuracy(
    annotations: pd.DataFrame,
    model: StanceClassifier,
    *,
    name: str = "",
    card: Mapping[str, Any] | None = None,
    threshold: float | None = None,
    coded: pd.DataFrame | None = None,
) -> Accuracy:
    """Return how good a model is on an annotation table, as ``stance evaluate`` measures it, and where and why it errs.

    ``name`` and ``card`` are the model's; with a card targets seen and unseen in training are told apart. ``threshold`` is the
    probability below which no label is to be given. ``coded`` is what each annotator said, where ``annotations`` are what was
    settled on.
    """
    known = read_annotations(annotations, for_training=False)
    probabilities = model.predict_proba(known.rows)
    report = assess(known, model, card=card, probabilities=probabilities)
    predicted = [str(model.classes_[best]) for best in probabilities.argmax(axis=1)]
    groups = report.units.names
    further = {"length": find_lengths(known), "actor": find_actors(known)}
    parts = {
        **report.parts,
        **{
            part: evaluate_by(known.labels, predicted, values, groups=groups)
            for part, values in further.items()
            if len(set(values)) > 1
        },
    }
    sure = probabilities.max(axis=1)
    mistakes = summarize_mistakes(known, model, probabilities)
    measured = describe_annotations(known, annotations if coded is None else coded)
    issues = [issue for issue, _ in Counter(issue for issue in known.issues if issue).most_common(_ISSUES)]
    return Accuracy(
        model=name,
        card=card or {},
        report=report,
        parts=order_parts(parts),
        chosen=None if threshold is None else measure_coverage(known.labels, predicted, sure, thresholds=[threshold])[0],
        curve=report.curve or read_curve(card),
        measured=measured,
        weights=summarize_weights(model, issues),
        mistakes=mistakes,
        explained=tuple(explain_mistakes(mistakes.head(SHOWN), known, model)),
        warnings=tuple(_find_warnings(name, measured)),
    )


def _find_warnings(name: str, measured: Measured) -> list[str]:
    if measured.sha256[:8] in name:
        return [f"{name} was trained on these very statements; its figures say nothing about new ones."]
    return []
