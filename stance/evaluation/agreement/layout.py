"""Agreement as text for a terminal, at most 100 columns wide, and as a Markdown table for a paper."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Callable, Sequence

from stance.evaluation.agreement.coefficients import Coefficient
from stance.evaluation.agreement.summary import Agreement, Annotator, Comparison, Confusion, FieldAgreement, Upheld

_COLUMNS = 100
_LEGEND = (
    "agree: share of pairs of values that are the same. kappa: Cohen's; of more than two annotators the mean over their pairs "
    "(Light 1971). alpha: Krippendorff's, nominal; of sender, recipient and location it weighs how far the sets overlap (MASI), "
    "while agree and kappa ask for the same set. f1: of the statements that either found, how far both did.",
    "Reading alpha: 1 is perfect, 0 what chance would give. By custom 0.8 and more is reliable, 0.667 to 0.8 allows tentative "
    "conclusions (Krippendorff 2004, p. 241). These are conventions; go by the lower end of the interval.",
)
_MISSING = "–"


def format_agreement(agreement: Agreement) -> str:
    """Return the figures as text: who annotated, each pair, all together, who was upheld, and how to read it."""
    blocks = [
        _format_annotators(agreement.annotators),
        *(_format_comparison(one) for one in _comparisons(agreement)),
        _format_upheld(agreement.upheld, agreement.n_adjudicated),
        _format_disagreements(agreement),
        [line for note in agreement.notes for line in _wrap(f"note: {note}")],
        [line for paragraph in _LEGEND for line in _wrap(paragraph)],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def format_agreement_table(agreement: Agreement) -> str:
    """Return the figures as a Markdown table, one row a field; all annotators together if there are more than two, then pairs."""
    lines = []
    for one in _comparisons(agreement):
        if one.empty:
            lines += [f"{_name(one)}: nothing in common.", ""]
            continue
        lines += [
            f"{_name(one)} ({one.n_articles} articles; 95 % intervals from resampling articles)",
            "",
            "| | n | agreement | kappa | alpha | |",
            "|---|---|---|---|---|---|",
            *(
                f"| {_title(field)} | {figures.n:,} | {_percent(figures.percent)} | {_plain(figures.kappa)} "
                f"| {_plain(figures.alpha)} | {_remark(figures)} |"
                for field, figures in one.fields.items()
            ),
            "",
        ]
    return "\n".join([*lines, *_LEGEND])


def _comparisons(agreement: Agreement) -> tuple[Comparison, ...]:
    return (*([agreement.together] if agreement.together else []), *agreement.pairs)


def _name(one: Comparison) -> str:
    return " / ".join(one.annotators) if len(one.annotators) == 2 else f"all {len(one.annotators)} together"


def _format_annotators(annotators: Sequence[Annotator]) -> list[str]:
    lines = [f"{'annotator':30}{'articles':>10}{'statements':>12}{'rejected':>10}{'unsure':>8}"]
    lines += [
        f"{one.name[:29]:30}{one.n_articles:>10,}{one.n_statements:>12,}{one.n_rejected:>10,}{one.n_unsure:>8,}"
        for one in annotators
    ]
    return lines


def _format_comparison(one: Comparison) -> list[str]:
    if one.empty:
        return [f"{_name(one)}: nothing in common; they have decided on no statement that the other has seen."]
    lines = [f"{_name(one)}: {one.n_articles} articles in common; 95 % intervals from resampling articles"]
    lines.append(f"{'':14}{'n':>7}{'agree':>24}{'kappa':>24}{'alpha':>24}")
    for field, figures in one.fields.items():
        if figures.n == 0:
            lines.append(f"{_title(field):14}{0:>7}   {figures.note}")
            continue
        row = f"{_title(field):14}{figures.n:>7,}{_percent(figures.percent):>24}"
        if figures.kappa.value is None and figures.alpha.value is None:
            lines.append(f"{row}   {figures.note}")
        else:
            lines.append(f"{row}{_plain(figures.kappa):>24}{_plain(figures.alpha):>24}")
    found = [f"{field} {_plain(figures.f1)}" for field, figures in one.fields.items() if figures.f1.value is not None]
    lines += [f"f1 of {'; of '.join(found)}"] if found else []
    return lines + (["", *_format_confusion(one.annotators, one.confusion)] if one.confusion else [])


def _format_confusion(names: Sequence[str], confusion: Confusion) -> list[str]:
    header = "stance: rows " + " \\ columns ".join(name[:30] for name in names)
    lines = [header, f"{'':16}" + "".join(f"{_title(label):>14}" for label in confusion.labels)]
    lines += [
        f"{_title(label):16}" + "".join(f"{n:>14,}" for n in row)
        for label, row in zip(confusion.labels, confusion.counts, strict=True)
    ]
    return lines


def _format_upheld(upheld: Sequence[Upheld], n_adjudicated: int) -> list[str]:
    if not upheld:
        return []
    fields = [field for field in upheld[0].fields if any(one.fields[field][1] for one in upheld)]
    lines = [f"adjudicated: {n_adjudicated} statements, mostly disputed ones; how often an annotator had said what was decided"]
    for one in upheld:
        told = [f"{_title(field)} {same} of {n}" for field in fields for same, n in [one.fields[field]] if n]
        lines += textwrap.wrap(
            f"{one.annotator}: {', '.join(told) or 'decided on none of them'}", _COLUMNS, subsequent_indent="  "
        )
    return lines


def _format_disagreements(agreement: Agreement) -> list[str]:
    counts = Counter(one.field for one in agreement.disagreements)
    if not counts:
        return ["no disagreements"]
    reversed_stances = sum(one.field == "stance" and "neutral" not in (one.first, one.second) for one in agreement.disagreements)
    told = ", ".join(f"{_title(field)} {n}" for field, n in counts.most_common())
    return _wrap(f"disagreements: {told}; support against oppose: {reversed_stances} (--disagreements FILE lists them)")


def _title(name: str) -> str:
    return {"speaker_actor": "actor"}.get(name, name.replace("_", " "))


def _remark(figures: FieldAgreement) -> str:
    f1 = f"f1 {_plain(figures.f1)}" if figures.f1.value is not None else ""
    return "; ".join(filter(None, (f1, figures.note)))


def _percent(figure: Coefficient) -> str:
    return _show(figure, lambda value: f"{100 * value:.1f}", " %")


def _plain(figure: Coefficient) -> str:
    return _show(figure, lambda value: f"{value:.3f}", "")


def _show(figure: Coefficient, show: Callable[[float], str], unit: str) -> str:
    if figure.value is None:
        return _MISSING
    interval = f" [{show(figure.low)}, {show(figure.high)}]" if figure.low is not None and figure.high is not None else ""
    return f"{show(figure.value)}{unit}{interval}"


def _wrap(text: str) -> list[str]:
    return textwrap.wrap(text, _COLUMNS, subsequent_indent="  ")
