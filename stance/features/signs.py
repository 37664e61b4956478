"""Finds signs: words of a class (impose, lift, reject, …), their order, and whether they stand in the target's clause."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from functools import cache, lru_cache
from importlib.resources import files

from stance.features.marking import CLAUSE_MARKS, TARGET
from stance.lexicon import word_set
from stance.wordwise import PerWord

_DIVIDERS = CLAUSE_MARKS | word_set("clause_dividers")

Hits = list[tuple[int, str]]
_LONGEST_PHRASE = 4


def find_signs(marked: list[str]) -> Hits:
    """Return where words of a class stand, and which class; ``T`` is the target."""
    hits = []
    for place, signs in enumerate(map(_SIGNS.__getitem__, marked)):
        if signs is not None:
            classes, phrases = signs
            hits += [(place, name) for name in classes]
            if phrases:
                following = " ".join(marked[place : place + _LONGEST_PHRASE])
                hits += [(place, name) for name, pattern in phrases if pattern.match(following)]
    return hits


def place_signs(hits: Hits, marked: list[str]) -> list[str]:
    """Return for each class whether a word of it stands in a clause with the target or in another."""
    if not hits:
        return []
    dividers = [place for place, piece in enumerate(marked) if piece in _DIVIDERS]
    placed = [(bisect_right(dividers, place), name) for place, name in hits]  # the clause: how many were divided off before
    own = {clause for clause, name in placed if name == "T"}
    return list(dict.fromkeys(f"{'in' if clause in own else 'out'}|{name}" for clause, name in placed if name != "T"))


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


def _signs_from(word: str) -> tuple[tuple[str, ...], tuple[tuple[str, re.Pattern[str]], ...]] | None:
    """Return the classes of a word, and the phrases of more words that may begin with it, each with its class; None for most."""
    phrases = tuple((name, whole) for name, head, whole in _phrases() if head.fullmatch(word))
    classes = classes_of(word)
    return (classes, phrases) if classes or phrases else None


_SIGNS = PerWord(_signs_from)


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
