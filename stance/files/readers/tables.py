"""Reads tables of articles: JSON Lines, CSV and Parquet, under whatever names their columns have."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from stance.errors import InputError
from stance.files.dates import read_date
from stance.files.rows import Row, open_rows
from stance.files.sources import Finding, Found, Skipped, Source
from stance.records import Article

# The fields of an article, and the columns in which each is looked for unless the user names one.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "text": ("text",),
    "id": ("id", "article_id"),
    "title": ("title",),
    "published": ("published", "date"),
    "outlet": ("outlet",),
    "url": ("url",),
}
# After so many rows of JSON Lines without a text the file is taken to hold none; the first rows decide in any sane file.
_MAX_ROWS_WITHOUT_TEXT = 1000
# Column names worth showing in a message, and characters of each.
_MAX_NAMES, _MAX_NAME_CHARS = 12, 40


def require_fields(columns: Mapping[str, str]) -> None:
    """Require that every key is a field of an article.

    Raises
    ------
    InputError
        If one is not, or no column is named for it.
    """
    for field, column in columns.items():
        if field not in FIELDS or not column.strip():
            found = f"{field!r} is no field of an article" if field not in FIELDS else f"No column is named for {field!r}"
            msg = f"{found}; the fields are {', '.join(FIELDS)}."
            raise InputError(msg)


def read_rows(source: Source, columns: Mapping[str, str]) -> Iterator[Finding]:
    """Yield the articles of a table, row by row; ``columns`` names the columns of some fields (``{"text": "body"}``)."""
    mapped = {field: _folded(column) for field, column in columns.items()}
    names = {field: (mapped[field],) if field in mapped else known for field, known in FIELDS.items()}
    wanted = frozenset(name for known in names.values() for name in known)
    with open_rows(source, only=wanted) as table:
        if table.columns is not None:
            _require_columns(table.columns, names, columns)
        if table.note:
            yield Skipped(source.name, table.note, kept=True)
        n_rows = 0
        unseen = dict(columns) if table.columns is None else {}
        for row in _require_some_text(table.rows, names, columns) if table.columns is None else table.rows:
            n_rows += 1
            values = None if row.values is None else _fold(row.values)
            if unseen and values is not None:
                unseen = {field: column for field, column in unseen.items() if mapped[field] not in values}
            yield _read_row(row, values, names, source)
        if n_rows == 0:
            yield Skipped(source.name, "no rows in it")
        for field, column in unseen.items():
            if field != "text" and n_rows:
                yield Skipped(source.name, f"no row has {column!r}, where {field!r} is looked for", kept=True)


def _require_some_text(rows: Iterator[Row], names: Mapping[str, tuple[str, ...]], columns: Mapping[str, str]) -> Iterator[Row]:
    """Pass rows on; where none has a text, raise one InputError for the file instead of a thousand reports on its rows."""
    [text] = names["text"]
    waiting: list[Row] = []
    for row in rows:
        if row.values is None:
            yield row
        elif text in row.values or text in _fold(row.values):
            yield from (*waiting, row)
            yield from rows
            return
        else:
            waiting.append(Row(row.number, dict.fromkeys(row.values)))
            if len(waiting) == _MAX_ROWS_WITHOUT_TEXT:
                break
    if waiting:
        _require_columns(tuple(waiting[0].values or ()), names, {"text": columns["text"]} if "text" in columns else {})


def _require_columns(found: Sequence[str], names: Mapping[str, tuple[str, ...]], columns: Mapping[str, str]) -> None:
    folded = [_folded(column) for column in found]
    known = {name for names_of in names.values() for name in names_of}
    twice = sorted({column for column in folded if column in known and folded.count(column) > 1})
    if twice:
        msg = f"more than one column is called {', '.join(map(repr, twice))}"
        raise InputError(msg)
    missing = [column for field, column in columns.items() if names[field][0] not in folded]
    if "text" not in columns and names["text"][0] not in folded:
        missing = ["text", *missing]
    if missing:
        hint = "; is it under another name? --map text=NAME" if missing == ["text"] else ""
        msg = f"no column {', '.join(map(repr, missing))}; it has {_list_names(found)}{hint}"
        raise InputError(msg)


def _list_names(columns: Sequence[str]) -> str:
    names = ", ".join(repr(column[:_MAX_NAME_CHARS]) for column in columns[:_MAX_NAMES])
    return names + (f" and {len(columns) - _MAX_NAMES} more" if len(columns) > _MAX_NAMES else "") or "none"


def _folded(column: str) -> str:
    return column.strip().lower()


def _fold(values: dict[str, Any]) -> dict[str, Any]:
    return dict(zip(_fold_all(tuple(values)), values.values(), strict=True))


@lru_cache  # one row has the columns of the one before
def _fold_all(columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(_folded, columns))


def _read_row(row: Row, values: dict[str, Any] | None, names: Mapping[str, tuple[str, ...]], source: Source) -> Finding:
    name = f"{source.name}:{row.number}"
    if values is None or row.values is None:
        return Skipped(name, str(row.reason))
    [text_column] = names["text"]
    text = values.get(text_column)
    if not isinstance(text, str):
        if text_column not in values:
            return Skipped(name, f"no {text_column!r}; it has {_list_names(list(row.values))}")
        return Skipped(name, f"the text is not a string but {'missing' if text is None else type(text).__name__}")
    if not text.strip():
        return Skipped(name, "the text is empty")
    notes = [row.reason] if row.reason else []
    written = next((values[key] for key in names["published"] if values.get(key) not in (None, "")), None)
    published = read_date(written)
    if written is not None and published is None:
        shown = str(written)[:_MAX_NAME_CHARS]
        notes.append(f"the date {shown!r} cannot be read with certainty and is left out; write YYYY-MM-DD")
    article = Article(
        _first_text(values, names["id"]) or f"{source.stem}-{row.number}",
        text,
        _first_text(values, names["title"]),
        published,
        _first_text(values, names["outlet"]),
        _first_text(values, names["url"]),
    )
    return Found(name, article, tuple(notes))


def _first_text(values: Mapping[str, Any], columns: tuple[str, ...]) -> str | None:
    for column in columns:
        if text := _text_or_none(values.get(column)):
            return text
    return None


def _text_or_none(value: Any) -> str | None:
    """Return a cell as text; numbers count, empty cells and lists do not."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, float):
        # 17.0 is what a column of whole numbers with a gap becomes.
        value = int(value) if value.is_integer() else None if math.isnan(value) else value
    return str(value) if isinstance(value, int | float) else None
