"""Finds signs: words of a class (impose, lift, reject, …), their order, and whether they stand in the target's clause."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files

from stance.features.marking import TARGET
from stance.lexicon import word_set

_CLAUSE_MARKS = frozenset('.,;:!?—–()"“”')

Hits = list[tuple[int, str]]
_LONGEST_PHRASE = 4


def find_signs(marked: list[str]) -> Hits:
    """Return where words of a class stand, and which class; ``T`` is the target."""
    hits = []
    for place, word in enumerate(marked):
        for name in classes_of(word):
            hits.append((place, name))
        if phrases := _phrases_from(word):
            following = " ".join(marked[place : place + _LONGEST_PHRASE])
            hits += [(place, name) for name, pattern in phrases if pattern.match(following)]
    return hits


def place_signs(hits: Hits, marked: list[str]) -> list[str]:
    """Return for each class whether a word of it stands in a clause with the target or in another."""
    openers = word_set("clause_dividers")
    clauses, clause = [], 0
    for piece in marked:
        clause += piece in _CLAUSE_MARKS or piece in openers
        clauses.append(clause)
    own = {clauses[place] for place, piece in enumerate(marked) if piece == TARGET}
    placed = (f"{'in' if clauses[place] in own else 'out'}|{name}" for place, name in hits if name != "T")
    return list(dict.fromkeys(placed))


@lru_cache(maxsize=50_000)
def classes_of(word: str) -> tuple[str, ...]:
    """Return the classes a single word belongs to, and ``T`` for the target."""
    if word == TARGET:
        return ("T",)
    return tuple(name for name, pattern in _classes().items() if pattern.fullmatch(word))


@cache
def _classes() -> dict[str, re.Pattern[str]]:
    table = tomllib.loads(files("stance").joinpath("words", "stance_classes.toml").read_text(encoding="utf-8"))
    return {name: re.compile(pattern) for name, pattern in table.items()}


@lru_cache(maxsize=50_000)
def _phrases_from(word: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the phrases that may begin with a word, and their classes."""
    return tuple((name, whole) for name, head, whole in _phrases() if head.fullmatch(word))


@cache
def _phrases() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    """Return class, first word and whole of each alternative of more than one word."""
    return tuple(
        (name, re.compile(part.split(" ")[0]), re.compile(rf"{part}(?![\w-])"))
        for name, pattern in _classes().items()
        for part in _alternatives(pattern.pattern)
        if " " in part
    )


def _alternatives(pattern: str) -> list[str]:
    """Return the parts of a pattern between the bars outside its parentheses."""
    parts, depth, start = [], 0, 0
    for i, char in enumerate(pattern):
        depth += (char == "(") - (char == ")")
        if char == "|" and depth == 0:
            parts.append(pattern[start:i])
            start = i + 1
    return [*parts, pattern[start:]]
