"""Lines of an export with their places in it, and the pieces it is cut into."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stance.files.dates import read_date

_LINE = re.compile(r"[^\n]*\n?")
_SPACE = re.compile(r"\s+")
# A date is told from a headline that ends with a year by being nothing else: "Monday, January 11, 2010", "11 January 2010 14:02".
_MAX_DATE_CHARS = 60
COPYRIGHT = re.compile(r"\s*(?:Copyright\b|©|\(c\)\s|All Rights Reserved)", re.IGNORECASE)
# Pages of a print-out, left behind where a file was made from one.
_FURNITURE = re.compile(r"^[ \t]*Page \d+ of \d+\b.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Piece:
    """One article of an export; ``date`` as written there, ``number`` the database's own number of the document."""

    text: str
    title: str | None
    date: str
    outlet: str | None
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line, without white space around it, and where it begins and ends in the export."""

    words: str
    start: int
    end: int


def lines_of(text: str, start: int, end: int) -> list[Line]:
    """Return the lines between two places."""
    found = []
    for match in _LINE.finditer(text, start, end):
        if match.end() == match.start():
            break
        found.append(Line(_SPACE.sub(" ", match[0]).strip(), match.start(), match.end()))
    return found


def blank_furniture(text: str) -> str:
    """Return the text with page numbers made spaces, so that every place in it stays where it was."""
    return _FURNITURE.sub(lambda match: " " * len(match[0]), text)


def stretch(text: str, lines: list[Line]) -> str:
    """Return the text from the first to the last line that has words, as it stands."""
    full = [line for line in lines if line.words]
    return text[full[0].start : full[-1].end].strip("\r\n") if full else ""


def blocks_of(lines: Iterable[Line]) -> Iterator[list[str]]:
    """Yield the words of lines that stand together, without blank lines between them."""
    block: list[str] = []
    for line in lines:
        if line.words:
            block.append(line.words)
        elif block:
            yield block
            block = []
    if block:
        yield block


def is_date(words: str) -> bool:
    """Return whether a line is a date and nothing else."""
    return len(words) <= _MAX_DATE_CHARS and any(c.isdigit() for c in words) and read_date(words) is not None
