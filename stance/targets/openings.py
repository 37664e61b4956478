"""Says how a match of a pattern can begin, so that a text is searched only where such a beginning stands."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import groupby, repeat
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any, Generic, TypeVar

from stance.targets.definitions import compile_patterns
from stance.text import fold

Name = TypeVar("Name", bound=Hashable)
Found = list[tuple[int, int]]
_Match = Callable[[str, int], re.Match[str] | None]
# What asks more of a place than its letters.
_CONDITION = re.compile(r"[\\^$]|\(\?(?!:)")
# A part of a pattern that can go on in more ways than this is not followed further.
_MOST = 200
# In an opening: letters from a to z, one or more.
_LETTERS = "~"
# Stands at the end of an opening of which no more is known; what stands without it is known to the end of the match.
_OPEN = "*"
# Letters of an opening that are looked at before its pattern is tried.
_DEPTH = 12
# A text laid flat: letters, digits and _ of ASCII in lower case, all else as spaces, each in its place.
_FLAT = bytes(ord(chr(code).lower()) if code < 128 and (chr(code).isalnum() or code == ord("_")) else 32 for code in range(256))
# The two letters beyond ASCII that are ASCII in lower case, the Turkish I and the Kelvin sign.
_FOLDED_TO_ASCII = ("\u0130", "\u212a")


def _flatten(text: str) -> bytes:
    if not text.isascii() and any(letter in text for letter in _FOLDED_TO_ASCII):
        text = fold(text)
    return text.encode("ascii", "replace").translate(_FLAT)


class _Laid:
    """A text laid flat between two spaces, its words, and, where it is asked for, the text in lower case."""

    def __init__(self, text: str) -> None:
        from stance.targets.starts import find_words  # numpy, not before a text is searched

        self._text = text
        self.flat = b" %b " % _flatten(text)
        self.words = find_words(self.flat)

    @cached_property
    def folded(self) -> str:
        return fold(self._text)


_lay = lru_cache(maxsize=1)(_Laid)  # the same text is searched for one thing after the other


class WordSearch(Generic[Name]):
    """Searches a text in lower case for many patterns at once, by name, which match whole words only (``compile_patterns``).

    The matches are those of ``finditer`` on all patterns of a name joined. One expression, a tree of the letters that matches
    open with, is tried at the words of the text laid flat that begin so (``WordStarts``); where it finds an opening, the patterns
    that open so are tried. Names with a pattern whose opening is not known are left to ``finditer``.
    """

    def __init__(self, patterns: Mapping[Name, tuple[str, ...]]) -> None:
        from stance.targets.starts import WordStarts

        self._anywhere: dict[Name, re.Pattern[str]] = {}
        openings: list[tuple[str, bool, Name, str]] = []
        for name, sources in patterns.items():
            read = {source: _flat_openings(source) for source in sources}
            if None in read.values():
                self._anywhere[name] = compile_patterns(sources)
            else:
                openings += [(letters, alone, name, source) for source in read for letters, alone in read[source] or ()]
        letters = {opening[0] for opening in openings}
        stems = sorted({_first(known) for known in letters if _first(known) == known or known[len(_first(known))] == _LETTERS})
        # What can match where the first word of an opening, or its stem, stands; None where that word is all of the match.
        at_word: dict[bytes, dict[tuple[Name, str], _Match | None]] = defaultdict(dict)
        for known, alone, name, source in openings:
            stem = next((stem for stem in stems if known.startswith(stem)), None)  # sorted: the shortest first
            match = None if alone and stem is None else _matcher(source)
            at_word[f" {stem or _first(known)}".encode()][name, source] = match
        self._at_word = {word: [(name, match) for (name, _), match in found.items()] for word, found in at_word.items()}
        self._opening = re.compile(f" {_tree(sorted(letters))}".encode())
        self._starts = WordStarts({known.partition(_LETTERS)[0] for known in letters})

    def find(self, text: str) -> dict[Name, Found]:
        """Return where the patterns match, by their names; a pattern that does not match has no entry."""
        found: dict[Name, Found] = {}
        for name, span in self._spans(text):
            found.setdefault(name, []).append(span)
        return found

    def _spans(self, text: str) -> Iterator[tuple[Name, tuple[int, int]]]:
        laid = _lay(text)
        openings = self._find_openings(laid)
        if not openings and not self._anywhere:
            return
        text = laid.folded
        ends: dict[Name, int] = defaultdict(int)
        for opening in openings:
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

    def _find_openings(self, laid: _Laid) -> list[re.Match[bytes]]:
        if laid.words is None or not self._starts.is_useful:
            return list(self._opening.finditer(laid.flat))
        return list(filter(None, map(self._opening.match, repeat(laid.flat), self._starts.find(laid.words))))


@lru_cache(maxsize=1000)
def _matcher(source: str) -> _Match:
    return compile_patterns((source,)).match


def _first(opening: str) -> str:
    """Return the first word of an opening as far as it is known."""
    return opening.partition(" ")[0].partition(_LETTERS)[0]


def _tree(openings: list[str], *, ahead: bool = False) -> str:
    """Return an expression for these letters, sorted, as a tree; it matches the first word and looks ahead at the others."""
    if not openings:
        return "(?!)"
    if "" in openings:
        return ""
    if not ahead and any(opening[0] == _LETTERS for opening in openings):
        return f"(?={_tree(openings, ahead=True)})"
    branches = []
    for letter, group in groupby(openings, key=lambda opening: opening[0]):
        rest = [opening[1:] for opening in group]
        if letter == " " and not ahead:
            branches.append(f"(?= {_tree(rest, ahead=True)})")
        else:
            branches.append(("[a-z]+" if letter == _LETTERS else letter) + _tree(rest, ahead=ahead))
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


@lru_cache(maxsize=1000)
def _flat_openings(source: str) -> tuple[tuple[str, bool], ...] | None:
    """Return the openings of a pattern, cut to what is looked at, and whether they are one word and all of the match."""
    openings = find_openings(source)
    if openings is None:
        return None
    n_with = Counter(map(_first, openings))
    found: dict[str, bool] = {}
    for opening in openings:
        flat = opening.removesuffix(_OPEN) if opening.endswith(_OPEN) else opening + " "
        is_word = flat == _first(opening) + " " and n_with[_first(opening)] == 1
        found[flat[:_DEPTH]] = is_word and len(flat) <= _DEPTH and not _CONDITION.search(source)
    return tuple(found.items())


def find_openings(pattern: str) -> list[str] | None:
    """Return what the matches of a pattern open with, laid flat; None where no letter of it is known.

    What ends on ``*`` may go on, what does not is all of the match; ``~`` stands for any letters from a to z.

    >>> find_openings("(?:cease-?fires?|the (?:truce|treaty)|peace [a-z]+)")
    ['cease fire', 'cease fires', 'ceasefire', 'ceasefires', 'peace ~', 'the treaty', 'the truce']
    >>> find_openings("disarm[a-z-]+"), find_openings("[a-z]+ boycotts")
    (['disarm*'], None)
    """
    done, going = _read(_parser.parse(pattern))
    openings = sorted(done | going)
    return openings if all(_first(opening.removesuffix(_OPEN)) for opening in openings) else None


# Beginnings that are done with, and those to which what follows is to be added.
_Beginnings = tuple[set[str], set[str]]
_UNKNOWN: _Beginnings = ({_OPEN}, set())
_A_TO_Z = [(ops.IN, [(ops.RANGE, (ord("a"), ord("z")))])]


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
        return set(), {_flatten(chr(argument)).decode()}
    if operation is ops.IN and all(kind is ops.LITERAL for kind, _ in argument):
        return _either([part] for part in argument)
    if operation is ops.BRANCH:
        return _either(argument[1])
    if operation is ops.SUBPATTERN and not argument[1] and not argument[2]:  # no flags of its own
        return _read(argument[3])
    if operation in (ops.MAX_REPEAT, ops.MIN_REPEAT):
        least, most, part = argument
        if list(part) == _A_TO_Z:
            return set(), {_LETTERS} | ({""} if least == 0 else set())
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
