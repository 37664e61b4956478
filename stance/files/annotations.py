"""Reads and writes the annotation table: one row a statement and annotator, with the same values in every format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd

from stance.errors import InputError
from stance.files.cells import as_list
from stance.files.encoders import as_plain
from stance.files.inputs import source_name
from stance.files.outputs import TABLE_SUFFIXES, check_output, replacing, write_table
from stance.files.store import STORE_SUFFIXES, AnnotationStore, is_store
from stance.files.tables import read_table
from stance.records import (
    ANNOTATION_COLUMNS,
    CODED_COLUMNS,
    LIST_COLUMNS,
    NUMBER_COLUMNS,
    STATEMENT_COLUMNS,
    WHOLE_COLUMNS,
    Article,
    Decision,
    statement_id,
)

# What the statement table has beyond the annotation table: what a model said.
PREDICTION_COLUMNS = tuple(name for name in STATEMENT_COLUMNS if name not in ANNOTATION_COLUMNS)
_DECISION = ("verdict", "annotator", "decided_at", "note")
# What makes the id of a statement that has none.
_NAMING = ("article_id", "start", "end", "speaker", "issue", "sentence")
_TRUE, _FALSE = ("true", "1", "1.0", "yes"), ("false", "0", "0.0", "no", "")


def read_annotation_table(path: Path) -> pd.DataFrame:
    """Return an annotation table from CSV, JSON Lines, Parquet or an annotation store (.db).

    The columns are ``ANNOTATION_COLUMNS``, then any others as read. Offsets are ``Int64``, ``sender``, ``recipient`` and
    ``location`` lists, ``adjudicated`` is ``bool``, all else is text with NaN for what is absent or empty. In a table without
    ``verdict`` a row with both ``annotator`` and ``stance`` has the verdict ``statement``; rows without a verdict are statements
    nobody has decided on yet. A missing ``statement_id`` is made as ``stance label`` makes it. Of a store only decisions are
    returned.

    Raises
    ------
    InputError
        If the file cannot be read, has no sentences, or holds something else than numbers as offsets.
    """
    if is_store(path):
        return as_annotation_table(AnnotationStore(path, create=False).annotations(), source_name(path))
    return as_annotation_table(read_table(path), source_name(path))


def as_annotation_table(table: pd.DataFrame, source: str = "The table") -> pd.DataFrame:
    """Return a table of statements, decided or not, with the columns and types of ``read_annotation_table``.

    Raises
    ------
    InputError
        If it has no sentences, or a column of numbers holds something else; ``source`` is what the message calls the table.
    """
    if "sentence" not in table.columns and "text" in table.columns:
        table = table.rename(columns={"text": "sentence"})
    if len(table.columns) and "sentence" not in table.columns:
        found = ", ".join(repr(str(name)) for name in table.columns)
        msg = f"{source} has no column 'sentence', so it is no annotation table; it has {found}."
        raise InputError(msg)
    others = [str(name) for name in table.columns if name not in ANNOTATION_COLUMNS]
    columns = {str(name): table[name].tolist() for name in table.columns}
    return make_table(typed_cells(columns, len(table), source), others)


def typed_cells(columns: Mapping[str, list[Any]], n_rows: int, source: str, *, strict: bool = True) -> dict[str, list[Any]]:
    """Return the cells of an annotation table as plain values, by column: numbers, lists, truth values, text, None if absent.

    Columns of the annotation table that are not there are added, with verdicts and ids as ``read_annotation_table`` says;
    those that belong to no table of ours stay as they are. So does, unless ``strict``, a cell that cannot be read.
    """
    cells = {name: _typed(columns.get(name, [None] * n_rows), name, source, strict) for name in ANNOTATION_COLUMNS}
    for name, values in columns.items():
        if name not in cells:
            cells[name] = _typed(values, name, source, strict) if name in PREDICTION_COLUMNS else values
    if "verdict" not in columns:
        told = zip(cells["annotator"], cells["stance"], strict=True)
        cells["verdict"] = ["statement" if annotator and stance else None for annotator, stance in told]
    cells["statement_id"] = _ids(cells)
    return cells


def _ids(cells: Mapping[str, list[Any]]) -> list[str]:
    """Return the ids of statements, with made ones where there are none; what one annotator coded apart gets ids apart."""
    ids = []
    taken: set[tuple[Any, ...]] = set()
    decision = zip(cells["annotator"], cells["adjudicated"], strict=True)
    named = zip(*(cells[name] for name in ("statement_id", *_NAMING)), strict=True)
    for who, (given, *parts) in zip(decision, named, strict=True):
        made = made_first = given or _make_id(*parts)
        number = 1
        while not given and (made, *who) in taken:  # one speaker on one issue, but for instance on the sanctions of two states
            number += 1
            made = f"{made_first}-{number}"
        taken.add((made, *who))
        ids.append(made)
    return ids


def _make_id(article_id: Any, start: Any, end: Any, speaker: Any, issue: Any, sentence: Any) -> str:
    if start is None or end is None:  # a sentence without a place is told by its words
        return statement_id(f"{article_id or ''}\x1f{sentence or ''}", 0, 0, speaker or "", issue or "")
    return statement_id(article_id or "", start, end, speaker or "", issue or "")


def make_table(cells: Mapping[str, list[Any]], others: Sequence[str] = PREDICTION_COLUMNS) -> pd.DataFrame:
    """Return typed cells as an annotation table with these further columns."""
    kinds: dict[str, Any] = {**dict.fromkeys((*ANNOTATION_COLUMNS, *PREDICTION_COLUMNS), "str"), "adjudicated": "bool"}
    kinds |= {**dict.fromkeys(WHOLE_COLUMNS, "Int64"), **dict.fromkeys(NUMBER_COLUMNS, "float64")}
    kinds |= dict.fromkeys(LIST_COLUMNS, "object")
    names = (*ANNOTATION_COLUMNS, *others)
    return pd.DataFrame({name: pd.Series(cells[name], dtype=kinds.get(name)) for name in names})


def _typed(values: list[Any], name: str, source: str, strict: bool) -> list[Any]:
    cells = [None if isinstance(cell, str) and not cell.strip() else as_plain(cell) for cell in values]
    if name in LIST_COLUMNS:
        return [[part.strip() for one in as_list(cell) for part in str(one).split(";") if part.strip()] for cell in cells]
    read, kind = _READERS.get(name, (_as_text, ""))
    typed = []
    for cell in cells:
        value = read(cell)
        if value is None and cell is not None:
            if strict:
                msg = f"{source}: the column {name!r} holds {str(cell)[:40]!r}, which is {kind}."
                raise InputError(msg)
            value = cell
        typed.append(value)
    return typed


def _as_text(cell: Any) -> str | None:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return None if cell is None else str(cell)


def _number(cell: Any) -> float | None:
    with suppress(TypeError, ValueError):
        return float(cell)
    return None


def _whole(cell: Any) -> int | None:
    number = _number(cell)
    return int(number) if number is not None and number.is_integer() and abs(number) < 2**53 else None


def _true_or_false(cell: Any) -> bool | None:
    told = "" if cell is None else str(cell).strip().lower()
    return told in _TRUE if told in (*_TRUE, *_FALSE) else None


# How cells that are no text are read, and what to say of one that cannot be.
_READERS: dict[str, tuple[Callable[[Any], Any], str]] = {
    **dict.fromkeys(WHOLE_COLUMNS, (_whole, "not a whole number")),
    **dict.fromkeys(NUMBER_COLUMNS, (_number, "not a number")),
    "adjudicated": (_true_or_false, "neither true nor false"),
}


def write_annotation_table(table: pd.DataFrame, path: Path, *, force: bool = False) -> None:
    """Write an annotation table as CSV, JSON Lines, Parquet or a new annotation store, by the suffix, whole or not at all.

    A store keeps a decision for each row that has a verdict, and the statement of the others.

    Raises
    ------
    InputError
        As ``write_table``; for a store also where a verdict does not go with its stance.
    """
    check_output(path, force, suffixes=(*TABLE_SUFFIXES, *STORE_SUFFIXES))
    if path.suffix.lower() in STORE_SUFFIXES:
        write_store(as_annotation_table(table), (), path)
    else:
        write_table(table, path, force=force)


def write_store(table: pd.DataFrame, articles: Iterable[Article], path: Path) -> None:
    """Write a new annotation store, in the place of any that is there, of articles and what ``as_annotation_table`` returned."""
    rows = [{str(name): as_plain(value) for name, value in row.items()} for row in table.to_dict("records")]
    statements: dict[str, dict[str, Any]] = {}
    for row in rows:
        # A row nobody decided on is the statement as it came; else the first annotator's coding has to stand for it.
        if row["verdict"] is None or row["statement_id"] not in statements:
            statements[row["statement_id"]] = row
    with replacing(path) as temporary:
        store = AnnotationStore(temporary)
        store.add_articles(articles)
        store.add_statements(pd.DataFrame([_as_statement(row) for row in statements.values()], dtype=object))
        decided = [_as_decision(row, statements[row["statement_id"]]) for row in rows if row["verdict"] is not None]
        store.decide(decided, keep_times=True)


def _as_statement(row: dict[str, Any]) -> dict[str, Any]:
    kept = ("stance", "note") if row["verdict"] is None else ()
    emptied = {"stance", "adjudicated", *_DECISION}.difference(kept)
    return {name: value for name, value in row.items() if name not in emptied}


def _as_decision(row: dict[str, Any], statement: dict[str, Any]) -> Decision:
    return Decision(
        row["statement_id"],
        row["annotator"] or "",
        row["verdict"],
        row["stance"],
        {name: row[name] for name in CODED_COLUMNS if row[name] != statement[name]},
        row["note"] or "",
        row["adjudicated"],
        row["decided_at"] or "",
    )
