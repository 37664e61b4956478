"""Tells what a cell of a table holds, whichever way it is written."""

from __future__ import annotations

from typing import Any


def as_list(cell: Any) -> list[Any]:
    """Return the values of a cell that may hold several, whichever way they are written."""
    if cell is None or isinstance(cell, float):
        return []
    return [part for part in cell.split(";") if part] if isinstance(cell, str) else list(cell)
