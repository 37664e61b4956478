"""The figures of a report on a model as tables, and its scores by who speaks and by length."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import pandas as pd

from stance.evaluation import Evaluation, Report, Score
from stance.evaluation.calibration import Calibration
from stance.evaluation.curve import Curve
from stance.report.positions import NOBODY
from stance.training import Annotations

# An actor with fewer statements has scores that say nothing; all such actors are taken together.
LEAST = 10
RARE = f"(actors with fewer than {LEAST})"
_BANDS = ((10, "1–10 words"), (20, "11–20 words"), (30, "21–30 words"), (40, "31–40 words"))
_LONGEST = "over 40 words"

Parts = Mapping[str, Mapping[str, Evaluation]]


def find_actors(annotations: Annotations) -> list[str]:
    """Return for each row whom the speaker speaks for; those with fewer than ten statements under one name."""
    told = [row.get("speaker_actor") for row in annotations.rows]
    names = [value.strip() if isinstance(value, str) else "" for value in told]
    counts = Counter(names)
    return [NOBODY if not name else name if counts[name] >= LEAST else RARE for name in names]


def find_lengths(annotations: Annotations) -> list[str]:
    """Return for each row the band in which the number of words of its sentence lies."""
    numbers = [len(sentence.split()) for sentence in annotations.sentences]
    return [next((name for most, name in _BANDS if number <= most), _LONGEST) for number in numbers]


def order_parts(parts: Parts) -> dict[str, dict[str, Evaluation]]:
    """Return the parts in an order to be read: lengths from short to long, actors by their statements, what is lumped last."""
    ordered = {part: dict(found) for part, found in parts.items()}
    if "length" in ordered:
        found = ordered["length"]
        ordered["length"] = {name: found[name] for name in (*(name for _, name in _BANDS), _LONGEST) if name in found}
    if "actor" in ordered:
        ranked = sorted(ordered["actor"].items(), key=lambda one: (one[0] in (NOBODY, RARE), -one[1].n_statements, one[0]))
        ordered["actor"] = dict(ranked)
    return ordered


def summarize_scores(whole: Evaluation, parts: Parts) -> pd.DataFrame:
    """Return a row for all statements (part "all") and for each part: macro-F1, accuracy and reversals with intervals."""
    rows = [{"part": "all", "name": "all statements", **_figures(whole)}]
    rows += [{"part": part, "name": name, **_figures(one)} for part, found in parts.items() for name, one in found.items()]
    return pd.DataFrame(rows)


def _figures(one: Evaluation) -> dict[str, Any]:
    return {
        "n": one.n_statements,
        **_spread("macro_f1", one.macro_f1),
        **_spread("accuracy", one.accuracy),
        **_spread("reversed", one.reversed_share),
        "majority_macro_f1": one.majority_macro_f1.value,
    }


def _spread(name: str, score: Score | None) -> dict[str, float | None]:
    if score is None:
        return {name: None, f"{name}_low": None, f"{name}_high": None}
    return {name: score.value, f"{name}_low": score.low, f"{name}_high": score.high}


def summarize_classes(whole: Evaluation) -> pd.DataFrame:
    """Return a row for each label: precision, recall and F1 with intervals, and how many statements bear it."""
    return pd.DataFrame(
        [
            {
                "label": one.label,
                "n": one.n,
                **_spread("precision", one.precision),
                **_spread("recall", one.recall),
                **_spread("f1", one.f1),
            }
            for one in whole.classes
        ]
    )


def summarize_confusion(whole: Evaluation) -> pd.DataFrame:
    """Return a row for each pair of labels: ``annotated``, ``labelled``, ``n``, ``share`` of those annotated so."""
    return pd.DataFrame(
        [
            {"annotated": truth, "labelled": label, "n": n, "share": round(n / max(1, sum(row)), 4)}
            for truth, row in zip(whole.labels, whole.confusion, strict=True)
            for label, n in zip(whole.labels, row, strict=True)
        ]
    )


def summarize_rivals(report: Report) -> pd.DataFrame:
    """Return a row for the model and each baseline: macro-F1, accuracy, and how far the model leads, with intervals."""
    rows: list[dict[str, Any]] = [
        {
            "name": "this model",
            **_spread("macro_f1", report.whole.macro_f1),
            **_spread("accuracy", report.whole.accuracy),
            **_spread("lead", None),
            "verdict": "",
            "note": "",
        }
    ]
    rows += [
        {
            "name": one.name,
            **_spread("macro_f1", one.macro_f1),
            **_spread("accuracy", one.accuracy),
            **_spread("lead", one.lead.macro_f1 if one.lead else None),
            "verdict": one.lead.verdict if one.lead else "",
            "note": one.note,
        }
        for one in report.rivals
    ]
    return pd.DataFrame(rows)


def summarize_calibration(calibration: Calibration) -> pd.DataFrame:
    """Return a row for each bin: mean confidence, share right, and the 95 % interval of that share (Wilson 1927)."""
    from scipy.stats import binomtest

    rows = []
    for one in calibration.bins:
        share = binomtest(round(one.accuracy * one.n), one.n).proportion_ci(0.95, method="wilson")
        rows.append({**asdict(one), "low": round(float(share.low), 4), "high": round(float(share.high), 4)})
    return pd.DataFrame(rows)


def summarize_curve(curve: Curve) -> pd.DataFrame:
    """Return a row for each size: statements learned from, and macro-F1 with its interval."""
    return pd.DataFrame([{"n_learned": point.n_learned, **_spread("macro_f1", point.macro_f1)} for point in curve.points])


def read_curve(card: Mapping[str, Any] | None) -> Curve | None:
    """Return the learning curve that a model's card keeps from its cross-validation, if it has one."""
    from stance.evaluation.curve import CurvePoint

    told: Any = ((card or {}).get("cross_validation") or {}).get("curve")
    try:
        points = tuple(CurvePoint(int(one["n_learned"]), Score(**one["macro_f1"])) for one in told["points"])
        return Curve(points, Score(**told["slope"]), int(told["n_all"]), told["n_more"]) if points else None
    except (KeyError, TypeError, ValueError):  # a card written by hand
        return None
