"""Makes one row a statement of what many annotators decided, and says what could not be settled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stance.errors import InputError
from stance.model.rows import as_rows
from stance.records import VERDICTS

if TYPE_CHECKING:
    import pandas as pd

_NEEDED = ("statement_id", "annotator", "verdict", "stance")
_DISAGREED = "disagreed"
_LEFT_OUT = ("no_statement", "unsure", _DISAGREED)
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Settled:
    """What annotators agree on, or an adjudicator has decided.

    ``table`` has one row a statement, with its ``stance``. ``not_statements`` are the ids of those that are none,
    ``disagreed`` and ``unsure`` of those that are not settled. ``annotators`` counts the decisions of each.
    """

    table: pd.DataFrame
    not_statements: tuple[str, ...]
    disagreed: tuple[str, ...]
    unsure: tuple[str, ...]
    n_adjudicated: int
    annotators: Mapping[str, int]

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out, in words, with the statements it was found in."""
        told = (
            (self.not_statements, "that annotators say are no statements"),
            (self.disagreed, "on which annotators disagree and nobody has adjudicated"),
            (self.unsure, "on which all annotators are unsure"),
        )
        return tuple(f"{len(ids)} {what}: {_name(ids)}" for ids, what in told if ids)


def is_annotation_table(columns: Sequence[Any]) -> bool:
    """Return whether a table holds decisions of annotators rather than labels that are settled."""
    return "verdict" in columns and "annotator" in columns


def settle(annotations: pd.DataFrame) -> Settled:
    """Return one row a statement of an annotation table (README, "The annotation table").

    The latest adjudicated decision on a statement wins. Without one, annotators agree when all who are not unsure have the same
    verdict, stance and issue; what else they have corrected is taken from the latest of them. Of several decisions of one
    annotator the latest counts. Rows without a verdict are statements that nobody has decided on, and are passed over.

    Raises
    ------
    InputError
        If a column is missing, a verdict is unknown, or a statement has no stance.
    """
    import pandas as pd

    if missing := [name for name in _NEEDED if name not in annotations.columns]:
        msg = f"The annotation table has no column {', '.join(map(repr, missing))}; it has {', '.join(annotations.columns)}."
        raise InputError(msg)
    decided: dict[str, list[Mapping[str, Any]]] = {}
    for number, row in enumerate(as_rows(annotations), start=1):
        if row["verdict"]:
            _check(number, row)
            decided.setdefault(str(row["statement_id"]), []).append(row)
    outcomes = {statement_id: _settle_one(rows) for statement_id, rows in decided.items()}
    left = {name: tuple(one for one, row in outcomes.items() if row["verdict"] == name) for name in _LEFT_OUT}
    kept = [row for row in outcomes.values() if row["verdict"] == "statement"]
    return Settled(
        table=pd.DataFrame(kept, columns=annotations.columns),
        not_statements=left["no_statement"],
        disagreed=left[_DISAGREED],
        unsure=left["unsure"],
        n_adjudicated=sum(any(map(_is_adjudicated, rows)) for rows in decided.values()),
        annotators=dict(sorted(Counter(str(row["annotator"]) for rows in decided.values() for row in rows).items())),
    )


def _check(number: int, row: Mapping[str, Any]) -> None:
    if row["verdict"] not in VERDICTS:
        msg = f"Row {number} has the verdict {row['verdict']!r}; known are {', '.join(VERDICTS)}."
        raise InputError(msg)
    if row["verdict"] == "statement" and not row["stance"]:
        msg = f"Row {number} is called a statement ({row['statement_id']}) but has no stance."
        raise InputError(msg)


def _settle_one(rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the row that stands for the decisions on one statement; its verdict is ``_DISAGREED`` where none can."""
    in_time = sorted(rows, key=lambda row: str(row.get("decided_at") or ""))
    adjudicated = [row for row in in_time if _is_adjudicated(row)]
    if adjudicated:
        return adjudicated[-1]
    latest = {str(row["annotator"]): row for row in in_time}
    sure = [row for row in in_time if row["verdict"] != "unsure" and latest[str(row["annotator"])] is row]
    if not sure:
        return in_time[-1]
    told = {
        (row["verdict"], row["stance"], row.get("issue")) if row["verdict"] == "statement" else row["verdict"] for row in sure
    }
    return sure[-1] if len(told) == 1 else {**sure[-1], "verdict": _DISAGREED}


def _is_adjudicated(row: Mapping[str, Any]) -> bool:
    return str(row.get("adjudicated")).lower() in ("true", "1", "1.0")


def _name(ids: Sequence[str]) -> str:
    return ", ".join(ids[:_SHOWN]) + (", …" if len(ids) > _SHOWN else "")
