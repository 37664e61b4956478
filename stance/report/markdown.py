"""The figures of a report on a model as Markdown tables, for a paper or a model's description."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from stance.report.accuracy import Accuracy
from stance.report.charts import PARTS, show_name
from stance.report.pages import list_rows


def render_markdown(found: Accuracy) -> str:
    """Return the scores, the labels, the baselines and the coverage as Markdown tables, with what they were measured on."""
    tables = found.tables()
    measured, calibration = found.measured, found.report.calibration
    scores = tables["scores"]
    # What is all of one kind has the scores of all.
    whole = {part for part, named in found.parts.items() if len(named) < 2}
    lines = [
        f"Model {_cell(found.model)} on {measured.statements:,} annotated statements from {measured.articles:,} articles "
        f"(SHA-256 {measured.sha256[:12]}); 95 % intervals in brackets, from resampling articles.",
        *(f"**{_cell(warning)}**" for warning in found.warnings),
        _table(
            ("", "n", "macro-F1", "accuracy", "reversed", "majority macro-F1"),
            [_score_row(row) for row in list_rows(scores) if row["part"] not in whole],
        ),
        _table(
            ("label", "n", "precision", "recall", "F1"),
            [
                [row["label"], f"{row['n']:,}", *(_spread(row, name) for name in ("precision", "recall", "f1"))]
                for row in list_rows(tables["classes"])
            ],
        ),
        _table(
            ("compared with", "macro-F1", "accuracy", "the model leads by"),
            [
                [_cell(row["name"]), _spread(row, "macro_f1"), _spread(row, "accuracy"), _spread(row, "lead", "+")]
                for row in list_rows(tables["rivals"])
                if row["macro_f1"] is not None
            ],
        ),
        _table(
            ("abstain below", "labelled", "accuracy", "macro-F1", "reversed"),
            [
                [f"{row['threshold']:g}", f"{row['share_labelled']:.0%}"]
                + [_number(row[name]) for name in ("accuracy", "macro_f1", "reversed_share")]
                for row in _coverage_rows(found)
            ],
        ),
        f"Expected calibration error {calibration.expected_error:.3f} ({calibration.by_chance:.3f} by chance alone), "
        f"Brier score {calibration.brier:.3f}.",
        *(f"Note: {_cell(note)}." for note in found.report.notes),
    ]
    return "\n\n".join(lines) + "\n"


def _coverage_rows(found: Accuracy) -> list[dict[str, Any]]:
    rows = {one.threshold: asdict(one) for one in (*found.report.coverage, *([found.chosen] if found.chosen else []))}
    return [rows[threshold] for threshold in sorted(rows)]


def _score_row(row: dict[str, Any]) -> list[str]:
    part = row["part"]
    name = "**all statements**" if part == "all" else f"{PARTS.get(part, part)}: {_cell(show_name(part, row['name']))}"
    return [
        name,
        f"{row['n']:,}",
        *(_spread(row, figure) for figure in ("macro_f1", "accuracy", "reversed")),
        _number(row["majority_macro_f1"]),
    ]


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    ruler = ["---", *["--:"] * (len(columns) - 1)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (columns, ruler, *rows))


def _spread(row: dict[str, Any], name: str, sign: str = "") -> str:
    if row[name] is None:
        return "–"
    return f"{row[name]:{sign}.3f} [{row[f'{name}_low']:{sign}.3f}, {row[f'{name}_high']:{sign}.3f}]"


def _number(value: Any) -> str:
    return "–" if value is None else f"{value:.3f}"


def _cell(text: str) -> str:
    r"""Return a text that neither ends its cell nor marks anything up.

    >>> print(_cell("a|b <i>"))
    a\|b &lt;i>
    """
    return text.replace("\\", "\\\\").replace("|", r"\|").replace("<", "&lt;")
