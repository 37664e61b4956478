"""Word lists and actor tables, read once from the files packed inside the package."""

from __future__ import annotations

import csv
import io
import tomllib
from functools import cache
from importlib.resources import files


@cache
def read_words(name: str) -> tuple[str, ...]:
    """Return the entries of ``stance/words/NAME.txt`` in file order; lines that begin with # are comments."""
    text = files("stance").joinpath("words", f"{name}.txt").read_text(encoding="utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


@cache
def _sets() -> dict[str, str]:
    return tomllib.loads(files("stance").joinpath("words", "sets.toml").read_text(encoding="utf-8"))


def word_set(name: str) -> frozenset[str]:
    """Return a list of ``stance/words/sets.toml`` as a set of words."""
    return frozenset(_sets()[name].split())


@cache
def read_table(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of ``stance/tables/NAME.csv`` as dictionaries."""
    text = files("stance").joinpath("tables", f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(io.StringIO(text, newline="")))


def split_cell(cell: str) -> tuple[str, ...]:
    """Return the values of a cell that holds several, separated by ``;``."""
    return tuple(part.strip() for part in cell.split(";") if part.strip())
