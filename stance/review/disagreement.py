"""Finds the statements on which annotators disagree, and in what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from stance.records import CODED_COLUMNS, Decision
from stance.review.coding import is_same

# What two decisions are compared in, in the order in which a page shows it.
COMPARED = ("verdict", "stance", *CODED_COLUMNS)


def differing(row: Mapping[str, Any], decisions: Sequence[Decision]) -> tuple[str, ...]:
    """Return in what decisions on a statement differ: the verdict, the stance, or a column as each coded it.

    Stance and columns are compared among those only to whom it is a statement.
    """
    verdicts = {one.verdict for one in decisions}
    found = ["verdict"] if len(verdicts) > 1 else []
    coded = [one for one in decisions if one.verdict == "statement"]
    if len({one.stance for one in coded}) > 1:
        found.append("stance")
    values = [{**row, **one.fields} for one in coded]
    found += [name for name in CODED_COLUMNS if any(not is_same(one.get(name), values[0].get(name)) for one in values[1:])]
    return tuple(found)


def find_disagreements(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the ids of the statements on which rows of the annotation table disagree, in the order of the table.

    Rows of one statement stand together; what was adjudicated before is not compared.
    """
    found = []
    for statement_id, group in groupby(rows, key=lambda row: row["statement_id"]):
        own = [row for row in group if not row["adjudicated"]]
        decisions = [
            Decision(statement_id, row["annotator"], row["verdict"], row["stance"], {name: row[name] for name in CODED_COLUMNS})
            for row in own
        ]
        if len(own) > 1 and differing({}, decisions):
            found.append(str(statement_id))
    return found


def open_for(decisions: Iterable[Decision], ids: Collection[str]) -> set[str]:
    """Return which of some statements nobody has settled yet."""
    return set(ids) - {one.statement_id for one in decisions if one.adjudicated}
