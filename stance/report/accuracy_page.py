"""The page of a report on a model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from stance.report.accuracy import Accuracy
from stance.report.charts import name_part_figure, show_name
from stance.report.figures import Figure
from stance.report.pages import list_rows, render_page, show_share

_VERDICTS = {"better": "Better than", "not told apart": "Not told apart from", "worse": "Worse than"}
# Perfect probabilities in ten bins exceed 1.5 times their expected error once in fifty times: the mean of ten folded normals
# is 0.80 standard deviations and varies by 0.19.
_BEYOND_CHANCE = 1.5
_COUNTED = {"label": "Labels", "issue": "Issues", "split": "Split", "annotator": "Annotators"}


def render_accuracy(found: Accuracy, figures: Mapping[str, Figure], *, title: str) -> str:
    """Return the page of a report on a model, with everything in it."""
    tables = found.tables()
    values = {
        "title": title,
        "told": sum_up(found),
        "found": found,
        "whole": found.report.whole,
        "calibration": found.report.calibration,
        "units": found.report.units,
        "figures": figures,
        "rivals": list_rows(tables["rivals"])[1:],
        "classes": list_rows(tables["classes"]),
        "parts": [figures[name] for part in found.parts if (name := name_part_figure(part)) in figures],
        "weights": _group_weights(found.weights),
        "mistakes": [{**row, "why": why} for row, why in zip(list_rows(found.mistakes), found.explained, strict=False)],
        "pairs": sorted(set(zip(found.mistakes["annotated"], found.mistakes["labelled"], strict=True))),
        "issues": sorted(set(found.mistakes["issue"]) - {""}),
        "measured": found.measured,
        "agreement": found.measured.agreeing / found.measured.pairs if found.measured.pairs else None,
        "counted": [(_COUNTED[name], counts) for name, counts in found.measured.by.items()],
        "trained": found.card.get("trained_on", {}),
        "versions": found.card.get("versions", {}),
    }
    return render_page("accuracy.html", values)


def sum_up(found: Accuracy) -> list[str]:
    """Return what the figures say, in sentences."""
    whole, calibration = found.report.whole, found.report.calibration
    verdicts: dict[str, list[str]] = {}
    for rival in found.report.rivals:
        if rival.lead is not None:
            verdicts.setdefault(rival.lead.verdict, []).append(rival.name)
    told = [
        f"{_VERDICTS[verdict]} {'; '.join(names)}."
        for verdict, names in sorted(verdicts.items(), key=lambda one: list(_VERDICTS).index(one[0]))
    ]
    if len(whole.classes) > 1:
        weakest = min(whole.classes, key=lambda one: one.f1.value)
        told.append(f"Weakest on {weakest.label}: F1 {weakest.f1.value:.3f}.")
    surplus = sum(one.n * (one.confidence - one.accuracy) for one in calibration.bins) / whole.n_statements
    if calibration.expected_error <= _BEYOND_CHANCE * calibration.by_chance:
        told.append("The probabilities mean what they say, as far as so many statements can tell.")
    else:
        told.append(f"The probabilities are off, on average too {'high' if surplus > 0 else 'low'} by {abs(surplus):.3f}.")
    one = found.chosen
    if one is not None and one.accuracy is not None:
        told.append(
            f"Where labels below {one.threshold:g} are withheld, {show_share(one.share_labelled)} of the statements get one, "
            f"and {show_share(one.accuracy)} of these are right."
        )
    return told


def _group_weights(weights: pd.DataFrame) -> list[tuple[str, list[tuple[str, list[dict[str, Any]], list[dict[str, Any]]]]]]:
    """Return, by issue and stance, the words and the signs that weigh most."""
    grouped: dict[str, dict[str, dict[str, list[dict[str, Any]]]]] = {}
    for row in list_rows(weights):
        grouped.setdefault(row["issue"], {}).setdefault(row["stance"], {}).setdefault(row["kind"], []).append(row)
    return [
        (show_name("issue", issue), [(stance, kinds.get("n-gram", []), kinds.get("sign", [])) for stance, kinds in by.items()])
        for issue, by in grouped.items()
    ]
