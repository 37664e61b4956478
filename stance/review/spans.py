"""Cuts an article into paragraphs and those into runs of text, each with what is highlighted in it; no markup here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from stance.records import Span
from stance.targets.mentions import Issue, find_words
from stance.text import find_paragraphs, fold

KINDS = ("sentence", "quote", "cue", "speaker", "target")


@dataclass(frozen=True, slots=True)
class Highlight:
    """A stretch of the article and what it is: one of ``KINDS``."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Run:
    """Text under the same highlights throughout; ``begins`` names those that begin with it. ``start`` counts code points."""

    start: int
    text: str
    kinds: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """The paragraphs of an article around a statement; ``before`` and ``after`` are the rest of the article."""

    before: tuple[tuple[Run, ...], ...]
    near: tuple[tuple[Run, ...], ...]
    after: tuple[tuple[Run, ...], ...]


def find_place(row: Mapping[str, Any], text: str) -> Span | None:
    """Return where the sentence of a statement stands: at its offsets, else where its words do, if at one place only.

    >>> find_place({"sentence": "B.", "start": 9, "end": 11}, "A. B. C.")
    Span(start=3, end=5)
    """
    sentence, start, end = row.get("sentence") or "", row.get("start"), row.get("end")
    if isinstance(start, int) and isinstance(end, int) and 0 <= start < end and text[start:end] == sentence:
        return Span(start, end)
    found = text.find(sentence) if sentence else -1
    return Span(found, found + len(sentence)) if found >= 0 and text.find(sentence, found + 1) < 0 else None


def find_highlights(row: Mapping[str, Any], text: str, place: Span, issues: Iterable[Issue]) -> list[Highlight]:
    """Return what is to be highlighted of a statement whose sentence stands at ``place``."""
    quotes = _find_quotes(str(row.get("quote") or ""), text, place)
    found = [Highlight("sentence", place.start, place.end), *quotes]
    taken = [Span(one.start, one.end) for one in quotes]
    for kind, name in (("cue", "cue"), ("speaker", "speaker_mention")):
        if span := _find_words(str(row.get(name) or ""), text, place, taken):
            found.append(Highlight(kind, span.start, span.end))
    issue = next((one for one in issues if one.name == row.get("issue")), None)
    if issue is not None:
        sentence = fold(text[place.start : place.end])
        spots = [spot for places in find_words((issue,), sentence, ("strong", "likely")).values() for spot in places]
        found += [Highlight("target", place.start + start, place.start + end) for start, end in spots]
    return found


def _find_quotes(quote: str, text: str, place: Span) -> list[Highlight]:
    found, start = [], place.start
    for piece in filter(None, quote.split(" … ")):
        at = text.find(piece, start, place.end)
        if at >= 0:
            start = at + len(piece)
            found.append(Highlight("quote", at, start))
    return found


def _find_words(words: str, text: str, place: Span, taken: list[Span]) -> Span | None:
    """Return where words stand in the sentence, rather outside a quotation; else last before it in the paragraphs near it."""
    if not words.strip():
        return None
    pattern = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)")
    spots = [Span(*m.span()) for m in pattern.finditer(text, place.start, place.end)]
    outside = [spot for spot in spots if not any(quote.holds(spot) for quote in taken)]
    if spots:
        return (outside or spots)[0]
    earlier = [Span(*m.span()) for m in pattern.finditer(text, max(0, place.start - _NEAR_CHARS), place.start)]
    return earlier[-1] if earlier else None


_RETURN = re.compile("\r")
# A speaker named so far before the sentence still stands on the page.
_NEAR_CHARS = 600


def cut_passage(text: str, place: Span | None, highlights: Iterable[Highlight]) -> Passage:
    """Return an article as runs of text, the paragraph of the sentence and its neighbours apart; without a place all is near."""
    paragraphs = find_paragraphs(text)
    marked = sorted(highlights, key=lambda one: (one.start, -one.end))
    cut = [_cut_paragraph(text, paragraph, marked) for paragraph in paragraphs]
    if place is None:
        return Passage((), tuple(cut), ())
    inside = [i for i, one in enumerate(paragraphs) if one.start < place.end and place.start < one.end]
    first, last = (max(0, inside[0] - 1), inside[-1] + 2) if inside else (0, len(cut))
    return Passage(tuple(cut[:first]), tuple(cut[first:last]), tuple(cut[last:]))


def _cut_paragraph(text: str, paragraph: Span, highlights: list[Highlight]) -> tuple[Run, ...]:
    inside = [one for one in highlights if one.start < paragraph.end and paragraph.start < one.end]
    edges = {paragraph.start, paragraph.end}
    for one in inside:
        edges |= {max(one.start, paragraph.start), min(one.end, paragraph.end)}
    # A browser takes "\r\n" for one character unless a tag stands between the two.
    edges |= {m.end() for m in _RETURN.finditer(text, paragraph.start, paragraph.end)}
    places = sorted(edges)
    runs = []
    for start, end in pairwise(places):
        over = [one for one in inside if one.start <= start and end <= one.end]
        kinds = tuple(kind for kind in KINDS if any(one.kind == kind for one in over))
        begins = tuple(kind for kind in KINDS if any(one.kind == kind and one.start == start for one in over))
        runs.append(Run(start, text[start:end], kinds, begins))
    return tuple(runs)
