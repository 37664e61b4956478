"""Statements as mappings, whatever they come as."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stance.errors import InputError


def as_rows(X: Any) -> list[Mapping[str, Any]]:
    """Return statements as mappings: rows of a table (a missing cell is None), mappings as they are, strings as ``sentence``.

    Raises
    ------
    InputError
        For a single statement, which must stand in a list, and for anything that is no statement.
    """
    if isinstance(X, str | Mapping):
        msg = "One statement must stand in a list: [statement]."
        raise InputError(msg)
    if hasattr(X, "to_dict") and hasattr(X, "columns"):
        return [{key: None if value != value else value for key, value in row.items()} for row in _records(X)]
    rows = [{"sentence": item} if isinstance(item, str) else item for item in X]
    for row in rows:
        if not isinstance(row, Mapping):
            msg = f"A statement must be a string or a mapping with a 'sentence'; found {type(row).__name__}."
            raise InputError(msg)
    return rows


def _records(table: Any) -> list[dict[str, Any]]:
    """Return the rows of a table; missing values of every kind (NaN, NaT, NA) as NaN, lists untouched."""
    columns = [table[name].astype(object).where(table[name].notna(), float("nan")).tolist() for name in table.columns]
    return [dict(zip(table.columns, cells, strict=True)) for cells in zip(*columns, strict=True)]
