"""A report on a model as text for a terminal, at most 100 columns wide."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping

from stance.evaluation.calibration import Calibration
from stance.evaluation.coverage import Coverage
from stance.evaluation.curve import Curve
from stance.evaluation.duplicates import Units
from stance.evaluation.labels import Evaluation
from stance.evaluation.report import Report, RivalScore
from stance.evaluation.resampling import Score

_COLUMNS = 100
_PARTS = {"issue": "by issue", "quote_type": "by quote type", "target": "target in training"}
# Good enough for most counts, and still most of the statements, on data/annotations (2026-11): what the hint below shows.
_HINT = 0.6


def format_report(report: Report) -> str:
    """Return a report as text: the whole, the labels, the parts, the rivals, then what the probabilities are worth."""
    blocks = [
        _format_whole(report.whole, report.units),
        _format_classes(report.whole),
        _format_parts(report.parts),
        _format_rivals(report.rivals),
        _format_calibration(report.calibration),
        _format_coverage(report.coverage),
        _format_curve(report.curve) if report.curve else [],
        [line for note in report.notes for line in _wrap(f"note: {note}")],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _format_whole(whole: Evaluation, units: Units) -> list[str]:
    resampled = "articles" if units.n_units == units.n_articles else "these units" if units.n_rows else "statements"
    lines = [f"{whole.n_statements} statements in {units.n_articles} articles; 95 % intervals from resampling {resampled}"]
    if units.n_rows:
        copies = f"{units.n_rows} near-duplicates ({units.n_exact} word for word) in {units.n_clusters} clusters"
        lines.append(f"{copies} tie articles together: {units.n_units} units")
    figures = (("macro-F1", whole.macro_f1), ("accuracy", whole.accuracy), ("reversed", whole.reversed_share))
    return [*lines, "", "   ".join(f"{name} {_interval(score)}" for name, score in figures)]


def _format_classes(whole: Evaluation) -> list[str]:
    lines = [f"{'':12}{'precision':>23}{'recall':>23}{'F1':>23}{'n':>8}"]
    lines += [
        f"{one.label:12}{_interval(one.precision):>23}{_interval(one.recall):>23}{_interval(one.f1):>23}{one.n:>8}"
        for one in whole.classes
    ]
    lines += ["", "gold \\ predicted" + "".join(f"{label:>10}" for label in whole.labels) + _legend(whole)]
    lines += [
        f"{label:16}" + "".join(f"{n:>10}" for n in row)
        for label, row in zip(whole.labels, whole.confusion, strict=True)
        if any(row)
    ]
    return lines


def _legend(whole: Evaluation) -> str:
    return "   reversed: support for oppose, or back" if {"support", "oppose"} <= set(whole.labels) else ""


def _format_parts(parts: Mapping[str, Mapping[str, Evaluation]]) -> list[str]:
    lines: list[str] = []
    for part, found in parts.items():
        if len(found) < 2:
            continue
        lines.append(f"{_PARTS.get(part, part):26}{'macro-F1':>23}{'accuracy':>23}{'reversed':>10}{'majority':>10}{'n':>8}")
        lines += [
            f"{(name or '(none)')[:25]:26}{_interval(one.macro_f1):>23}{_interval(one.accuracy):>23}"
            f"{one.reversed_share.value:>10.3f}{one.majority_macro_f1.value:>10.3f}{one.n_statements:>8}"
            for name, one in found.items()
        ]
        lines.append("")
    return lines[:-1]


def _format_rivals(rivals: Iterable[RivalScore]) -> list[str]:
    rows: list[str] = []
    notes: list[str] = []
    for rival in rivals:
        if rival.macro_f1 is None or rival.lead is None:
            rows.append(f"{rival.name[:29]:30}{rival.note}")
            continue
        rows.append(f"{rival.name[:29]:30}{_interval(rival.macro_f1):>22}{_lead(rival.lead.macro_f1):>27}   {rival.lead.verdict}")
        notes += _wrap(f"{rival.name}: {rival.note}") if rival.note else []
    return [f"{'compared with':30}{'macro-F1':>22}{'model leads by':>27}", *rows, *notes] if rows else []


def _format_calibration(calibration: Calibration) -> list[str]:
    return [
        f"calibration: expected calibration error {calibration.expected_error:.3f} "
        f"(perfect probabilities: {calibration.by_chance:.3f}), Brier score {calibration.brier:.3f}",
        f"{len(calibration.bins)} bins of equal mass:",
        f"{'  mean confidence':22}" + "".join(f"{one.confidence:>7.2f}" for one in calibration.bins),
        f"{'  share right':22}" + "".join(f"{one.accuracy:>7.2f}" for one in calibration.bins),
    ]


def _format_coverage(coverage: Iterable[Coverage]) -> list[str]:
    lines = [f"{'abstain below':16}{'labelled':>10}{'accuracy':>10}{'macro-F1':>10}{'reversed':>10}"]
    lines += [
        f"{one.threshold:<16.2f}{one.share_labelled:>10.0%}" + "".join(_right((one.accuracy, one.macro_f1, one.reversed_share)))
        for one in coverage
    ]
    return [*lines, f"to label only what is sure enough: stance label … --abstain-below {_HINT}"]


def _right(values: Iterable[float | None]) -> Iterator[str]:
    for value in values:
        yield f"{'–' if value is None else format(value, '.3f'):>10}"


def _format_curve(curve: Curve) -> list[str]:
    points = "".join(f"{point.macro_f1.value:>9.3f}" for point in curve.points)
    return [
        f"{'learned from':16}" + "".join(f"{point.n_learned:>9}" for point in curve.points),
        f"{'macro-F1':16}{points}",
        describe_curve(curve),
    ]


def describe_curve(curve: Curve) -> str:
    """Return in a sentence what more annotations brought."""
    gain = f"doubling the annotations gave {_lead(curve.slope)}"
    if curve.n_more is None:
        return f"{gain}: more of the same do not help"
    return f"{gain}; about {_round(curve.n_more):,} more labels for one more point"


def _round(n: int) -> int:
    """Return a number with its first two digits: an estimate has no more."""
    return round(n, 2 - len(str(n)))


def _wrap(text: str) -> list[str]:
    return textwrap.wrap(text, _COLUMNS, subsequent_indent="  ")


def _interval(score: Score) -> str:
    return f"{score.value:.3f} [{score.low:.3f}, {score.high:.3f}]"


def _lead(score: Score) -> str:
    return f"{score.value:+.3f} [{score.low:+.3f}, {score.high:+.3f}]"
