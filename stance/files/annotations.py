"""Reads and writes the annotation table: one row a statement and annotator, with the same values in every format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from stance.errors import InputError
from stance.files.inputs import source_name
from stance.files.outputs import TABLE_SUFFIXES, as_plain, check_output, replacing, write_table
from stance.files.store import STORE_SUFFIXES, AnnotationStore
from stance.files.tables import NUMBER_COLUMNS, WHOLE_COLUMNS, as_list, read_table
from stance.pipeline import statement_id
from stance.records import ANNOTATION_COLUMNS, CODED_COLUMNS, LIST_COLUMNS, STATEMENT_COLUMNS, Article, Decision

# What the statement table has beyond the annotation table: what a model said.
PREDICTION_COLUMNS = tuple(name for name in STATEMENT_COLUMNS if name not in ANNOTATION_COLUMNS)
_DECISION = ("verdict", "annotator", "decided_at", "note")
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
    if path.suffix.lower() in STORE_SUFFIXES:
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
    others = [name for name in table.columns if name not in ANNOTATION_COLUMNS]
    typed = {
        name: _typed(table[name] if name in table.columns else pd.Series([None] * len(table), dtype=object), name, source)
        for name in (*ANNOTATION_COLUMNS, *(name for name in others if name in PREDICTION_COLUMNS))
    }
    result = pd.DataFrame(typed, index=range(len(table)))
    for name in others:
        if name not in typed:
            result[name] = table[name].to_numpy()
    if "verdict" not in table.columns:
        result["verdict"] = result["verdict"].mask(result["annotator"].notna() & result["stance"].notna(), "statement")
    return _with_ids(result)[[*ANNOTATION_COLUMNS, *others]]


def _with_ids(table: pd.DataFrame) -> pd.DataFrame:
    lacking = table["statement_id"].isna()
    if lacking.any():
        named = table.loc[lacking, ["article_id", "start", "end", "speaker", "issue", "sentence"]]
        table.loc[lacking, "statement_id"] = [_make_id(row) for row in named.to_dict("records")]
    return table


def _make_id(row: Mapping[Any, Any]) -> str:
    known: dict[str, Any] = {name: "" if value is None else value for name, value in as_plain(dict(row)).items()}
    if known["start"] == "":  # a sentence without a place is told by its words
        return statement_id(f"{known['article_id']}\x1f{known['sentence']}", 0, 0, known["speaker"], known["issue"])
    return statement_id(known["article_id"], known["start"], known["end"], known["speaker"], known["issue"])


def _typed(column: pd.Series[Any], name: str, source: str) -> pd.Series[Any]:
    cells = [None if isinstance(cell, str) and not cell.strip() else as_plain(cell) for cell in column.tolist()]
    if name in LIST_COLUMNS:
        lists = [[part.strip() for one in as_list(cell) for part in str(one).split(";") if part.strip()] for cell in cells]
        return pd.Series(lists, dtype=object)
    if name in WHOLE_COLUMNS:
        return pd.Series([_whole(cell, name, source) for cell in cells], dtype="Int64")
    if name in NUMBER_COLUMNS:
        return pd.to_numeric(pd.Series(cells, dtype=object), errors="coerce").astype("float64")
    if name == "adjudicated":
        return pd.Series([_true_or_false(cell, source) for cell in cells], dtype=bool)
    return pd.Series([None if cell is None else _as_text(cell) for cell in cells], dtype="str")


def _as_text(cell: Any) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _whole(cell: Any, name: str, source: str) -> int | None:
    if cell is None:
        return None
    try:
        number = float(cell)
        if number.is_integer() and abs(number) < 2**53:
            return int(number)
    except (TypeError, ValueError):
        pass
    msg = f"{source}: the column {name!r} holds {str(cell)[:40]!r}, which is not a whole number."
    raise InputError(msg)


def _true_or_false(cell: Any, source: str) -> bool:
    told = "" if cell is None else str(cell).strip().lower()
    if told not in (*_TRUE, *_FALSE):
        msg = f"{source}: the column 'adjudicated' holds {str(cell)[:40]!r}, which is neither true nor false."
        raise InputError(msg)
    return told in _TRUE


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
    emptied = ("stance", "adjudicated", *_DECISION) if row["verdict"] is not None else ("adjudicated", *_DECISION)
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
