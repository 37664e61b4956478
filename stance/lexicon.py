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
def _channels() -> frozenset[str]:
    return frozenset(name.casefold() for name in read_words("channels"))


def is_channel(name: str) -> bool:
    """Return whether a name is that of a newspaper, agency or network, which carries what others say.

    >>> is_channel("the Washington Post"), is_channel("Washington")
    (True, False)
    """
    return name.casefold().removeprefix("the ") in _channels()


@cache
def cue_verbs(*, attitudes: bool = False) -> dict[str, tuple[str, str, str]]:
    """Return form -> (class, lemma, shape) of the verbs that attribute; the shape is base, past or ing.

    With ``attitudes`` also those that tell of acts of mind and conduct ("seemed to", "voted to").
    """
    forms: dict[str, tuple[str, str, str]] = {}
    for line in read_words("cues"):
        cls, lemma, *others = line.split()
        if cls == "attitude" and not attitudes:
            continue
        for form in (lemma, *others):
            shape = "ing" if form.endswith("ing") else "base" if form in (lemma, others[0]) else "past"
            forms.setdefault(form, (cls, lemma, shape))
    return forms


@cache
def read_table(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of ``stance/tables/NAME.csv`` as dictionaries."""
    text = files("stance").joinpath("tables", f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(io.StringIO(text, newline="")))


def split_cell(cell: str) -> tuple[str, ...]:
    """Return the values of a cell that holds several, separated by ``;``."""
    return tuple(part.strip() for part in cell.split(";") if part.strip())
