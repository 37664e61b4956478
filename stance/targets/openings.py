"""Says how a match of a pattern can begin, so that a text is searched only where such a beginning stands."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any, Generic, TypeVar

from stance.targets.definitions import compile_patterns

Name = TypeVar("Name", bound=Hashable)
Found = list[tuple[int, int]]
_Match = Callable[[str, int], re.Match[str] | None]
_WORD = re.compile(r"\w+")
# What asks more of a place than its letters.
_CONDITION = re.compile(r"[\\^$]|\(\?(?!:)")
# A part of a pattern that can go on in more ways than this is not followed further.
_MOST = 200
# Stands at the end of a beginning of which no more is known; what stands without it is known to the end of the match.
_OPEN = "*"
# Stands behind the letters of an opening that are all of the match.
_END = "$"
# Letters of an opening that are looked at before its pattern is tried.
_DEPTH = 20
# A text laid flat: letters, digits and _ of ASCII as they are, all else as spaces, each in its place.
_FLAT = bytes(code if code < 128 and (chr(code).isalnum() or chr(code) == "_") else 32 for code in range(256))


def _flatten(text: str) -> bytes:
    return text.encode("ascii", "replace").translate(_FLAT)


class WordSearch(Generic[Name]):
    """Searches a text for many patterns at once, by name, each of which matches whole words only (``compile_patterns``).

    The matches are those of ``finditer`` on all patterns of a name joined. One expression, a tree of the letters that matches
    begin with, runs over the text laid flat, from space to space; where it finds an opening, the patterns that open so are tried.
    Names with a pattern whose opening is not known are left to ``finditer``.
    """

    def __init__(self, patterns: Mapping[Name, tuple[str, ...]]) -> None:
        self._anywhere: dict[Name, re.Pattern[str]] = {}
        openings: list[tuple[str, bool, Name, str]] = []
        for name, sources in patterns.items():
            read = {source: _flat_openings(source) for source in sources}
            if None in read.values():
                self._anywhere[name] = compile_patterns(sources)
            else:
                openings += [(letters, alone, name, source) for source in read for letters, alone in read[source] or ()]
        letters = [opening[0] for opening in openings]
        stems = sorted(known for known in letters if " " not in known)
        # What can match where the first word of an opening, or its stem, stands; None where that word is all of the match.
        self._at_word: dict[bytes, list[tuple[Name, _Match | None]]] = defaultdict(list)
        for known, alone, name, source in openings:
            first = known.partition(" ")[0]
            stem = next((stem for stem in stems if first.startswith(stem)), None)  # sorted: the shortest first
            match = None if alone and stem is None else compile_patterns((source,)).match
            self._at_word[f" {stem or first}".encode()].append((name, match))
        # From space to space: 0.05 ms for an article of 4 kB that names nothing; to cut it into words takes as long (2026-11).
        self._opening = re.compile(f" {_tree(letters)}".encode())

    def find(self, text: str) -> dict[Name, Found]:
        """Return where the patterns match, by their names; a pattern that does not match has no entry."""
        found: dict[Name, Found] = {}
        for name, span in self._spans(text):
            found.setdefault(name, []).append(span)
        return found

    def matches(self, text: str) -> bool:
        """Return whether any pattern matches anywhere."""
        return any(True for _ in self._spans(text))

    def _spans(self, text: str) -> Iterator[tuple[Name, tuple[int, int]]]:
        ends: dict[Name, int] = defaultdict(int)
        for opening in self._opening.finditer(b" %b " % _flatten(text)):
            start = opening.start()
            for name, match in self._at_word[opening.group()]:
                if start < ends[name]:
                    continue
                if match is None:
                    end = opening.end() - 1
                    if text[start - 1 : start].isalnum() or text[end : end + 1].isalnum():  # a letter that is flat only
                        continue
                elif (m := match(text, start)) is not None:
                    end = m.end()
                else:
                    continue
                ends[name] = end
                yield name, (start, end)
        for name, pattern in self._anywhere.items():
            yield from ((name, m.span()) for m in pattern.finditer(text))


def _tree(openings: list[str], *, first: bool = True) -> str:
    """Return an expression for these letters as a tree; it matches the first word and looks ahead at the others."""
    if not openings:
        return "(?!)"
    if "" in openings:
        return ""
    branches = []
    for letter, group in groupby(sorted(openings), key=lambda opening: opening[0]):
        rest = _tree([opening[1:] for opening in group], first=first and letter != " ")
        branches.append(f"(?= {rest})" if first and letter == " " else letter + rest)
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


@lru_cache(maxsize=1000)
def _flat_openings(source: str) -> tuple[tuple[str, bool], ...] | None:
    """Return the letters that matches of a pattern open with, laid flat, and whether they are one word and all of the match."""
    found: list[tuple[str, bool]] = []
    for word, opening in (find_openings(source) or {_OPEN: ""}).items():
        flat = _flatten(opening.removesuffix(_END) + " " * (opening.removesuffix(_END) == word)).decode()[:_DEPTH]
        if flat[:1] in ("", " "):
            return None
        found.append((flat, opening == word + _END and flat == f"{word} " and not _CONDITION.search(source)))
    return tuple(found)


def find_openings(pattern: str) -> dict[str, str] | None:
    """Return the first words of what a pattern matches, each with the letters that all such matches begin with.

    A word of which only the beginning is known ends on ``*``; behind letters that are all of the match stands ``$``. None where a
    match can begin with anything.

    >>> find_openings("(?:cease-?fires?|the (?:truce|treaty)|disarm[a-z]+)")
    {'cease': 'cease-fire', 'ceasefire': 'ceasefire$', 'ceasefires': 'ceasefires$', 'disarm*': 'disarm', 'the': 'the tr'}
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
        is_stem = known != beginning and known == first.group()
        by_word[beginning if is_stem else first.group()].append(known if known != beginning else beginning + _END)
    return {word: _shared(min(known), max(known)) for word, known in by_word.items()}  # what these two share, all share


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
