"""Says how a match of a pattern can begin, so that a text is searched only for beginnings whose first word stands in it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any, Generic, TypeVar

from stance.wordwise import PerWord

Name = TypeVar("Name", bound=Hashable)
Found = list[tuple[int, int]]
_WORD = re.compile(r"\w+")
# A part of a pattern that can go on in more ways than this is not followed further.
_MOST = 200
# Stands at the end of a beginning of which no more is known; what stands without it is known to the end of the match.
_OPEN = "*"


class WordSearch(Generic[Name]):
    """Searches a text for several patterns at once, each of which matches whole words only (``compile_patterns``).

    The matches are those of ``finditer``. Patterns whose beginning is not known are left to it.
    """

    def __init__(self, patterns: Mapping[Name, re.Pattern[str]]) -> None:
        self._patterns = patterns
        self._anywhere: list[Name] = []
        self._by_word: dict[str, list[tuple[Name, str]]] = defaultdict(list)
        self._by_stem: list[tuple[str, Name, str]] = []  # of words whose end is not known
        for name, pattern in patterns.items():
            openings = find_openings(pattern.pattern)
            if openings is None:
                self._anywhere.append(name)
                continue
            for word, opening in openings.items():
                if word.endswith(_OPEN):
                    self._by_stem.append((word[:-1], name, opening))
                else:
                    self._by_word[word].append((name, opening))
        self._openings_at = PerWord(self._find_openings_at)

    def _find_openings_at(self, piece: str) -> tuple[tuple[Name, str], ...]:
        """Return what can begin within a piece of text between spaces."""
        found: list[tuple[Name, str]] = []
        for word in _WORD.findall(piece):
            found += self._by_word.get(word, ())
            found += [(name, opening) for stem, name, opening in self._by_stem if word.startswith(stem)]
        return tuple(found)

    def find(self, text: str) -> dict[Name, Found]:
        """Return where the patterns match, by their names; a pattern that does not match has no entry."""
        places: dict[Name, set[int]] = {}
        for openings in set(map(self._openings_at.__getitem__, set(text.split()))):
            for name, opening in openings:
                start = text.find(opening)
                while start >= 0:
                    places.setdefault(name, set()).add(start)
                    start = text.find(opening, start + 1)
        found = {name: spans for name, starts in places.items() if (spans := self._match(name, text, starts))}
        for name in self._anywhere:
            if spans := [m.span() for m in self._patterns[name].finditer(text)]:
                found[name] = spans
        return found

    def _match(self, name: Name, text: str, starts: Iterable[int]) -> Found:
        match = self._patterns[name].match
        found: Found = []
        end = 0
        for start in sorted(starts):
            if start >= end and (m := match(text, start)) is not None:
                end = m.end()
                found.append((start, end))
        return found


def find_openings(pattern: str) -> dict[str, str] | None:
    """Return the first words of what a pattern for whole words matches, each with the letters that all such matches begin with.

    A word of which only the beginning is known ends on a star. None where a match can begin with anything.

    >>> find_openings("(?:cease-?fires?|the (?:truce|treaty)|disarm[a-z]+)")
    {'cease': 'cease-fire', 'ceasefire': 'ceasefire', 'ceasefires': 'ceasefires', 'disarm*': 'disarm', 'the': 'the tr'}
    >>> find_openings("[a-z]+ boycotts") is None
    True
    """
    done, going = _read(_parser.parse(pattern))
    by_word: dict[str, list[str]] = defaultdict(list)
    for beginning in sorted(done | going):
        first = _WORD.match(beginning)
        if first is None:
            return None
        known = beginning.removesuffix(_OPEN)
        by_word[beginning if known == first.group() else first.group()].append(known)
    return {word: _shared(known[0], known[-1]) for word, known in by_word.items()}  # sorted: what these share, all share


def _shared(one: str, other: str) -> str:
    return one[: next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))]


# Beginnings that are done with, and those to which what follows is to be added.
_Beginnings = tuple[set[str], set[str]]
_UNKNOWN: _Beginnings = ({_OPEN}, set())


def _read(items: Iterable[tuple[Any, Any]]) -> _Beginnings:
    """Return the beginnings of what the parts of a pattern match one behind the other."""
    done: set[str] = set()
    going = {""}
    for operation, argument in items:
        ended, longer = _read_one(operation, argument)
        ways = len(ended) + len(longer)
        if ways > 1 and ways * len(going) > _MOST and going != {""}:
            ended, longer = _UNKNOWN
        done |= {head + tail for head in going for tail in ended}
        going = {head + tail for head in going for tail in longer}
    return done, going


def _read_one(operation: Any, argument: Any) -> _Beginnings:
    """Return the beginnings of what one part of a pattern matches."""
    if operation is ops.LITERAL:
        return set(), {chr(argument)}
    if operation is ops.IN and all(kind is ops.LITERAL for kind, _ in argument):
        return _either([part] for part in argument)
    if operation is ops.BRANCH:
        return _either(argument[1])
    if operation is ops.SUBPATTERN and not argument[1] and not argument[2]:  # no flags of its own
        return _read(argument[3])
    if operation in (ops.MAX_REPEAT, ops.MIN_REPEAT):
        least, most, part = argument
        ended, longer = _read(part)
        if most > 1:
            ended, longer = ended | {beginning + _OPEN for beginning in longer}, set()
        return ended, longer | ({""} if least == 0 else set())
    if operation is ops.ASSERT_NOT and not argument[1]:
        return set(), set()  # never matches
    if operation in (ops.AT, ops.ASSERT, ops.ASSERT_NOT):
        return set(), {""}  # takes no letter
    return _UNKNOWN


def _either(parts: Iterable[Any]) -> _Beginnings:
    read = [_read(part) for part in parts]
    return set().union(*(ended for ended, _ in read)), set().union(*(longer for _, longer in read))
