"""Follows quotations beyond their cue: halves that go on in the paragraph or the next one, and quotations without a cue."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace

from stance.phrases import PREPOSITIONS, Phrase, phrases_of
from stance.quotes.contents import kind_of
from stance.records import Attribution, Quotation, Span
from stance.text import Page

# Fewer words in quotation marks, without a cue, are a title or a scare quote; in the run of a sentence it takes more.
_STANDING_WORDS = 4
_INLINE_WORDS = 6
# A quotation further behind the last cue than this, in characters, is no longer ascribed to its source.
_CUE_REACH = 1500
_SIGNATURE = re.compile(r"(?P<gap>\s{0,4})(?:―|—|–|--|-)[ \xa0]*(?P<name>[A-Z][^\n.!?;:“”\"]{2,80})\.?[ \xa0]*(?=\n|\Z)")
# On a line of its own a longer one is an item of a list.
_SIGNATURE_WORDS = 6
_CLOSING_MARK = re.compile(r"[\"”»]|''")


def add_running(page: Page, rows: list[Attribution], held: dict[int, int]) -> list[Attribution]:
    """Return the rows in text order, each with its quotations to their ends, and a row for every quotation without a cue.

    ``rows`` have a cue; ``held`` tells for the position of a quotation which row has a share of it.
    """
    thread = _Thread(page, rows, held)
    for number, quotation in enumerate(page.quotations):
        if number in held:
            thread.extend(held[number], quotation)
        elif len(page.text[quotation.start : quotation.end].split()) >= _STANDING_WORDS:
            thread.place(quotation)
    grown = [
        replace(row, content=content, kind=kind_of(page, content))
        for row, spans in zip(rows, thread.contents, strict=True)
        for content in [_joined(spans)]
    ]
    return sorted([*grown, *thread.without_cue], key=lambda row: (row.content, row.cue))


class _Thread:
    """The rows of an article as its quotations are put to them, one after the other."""

    def __init__(self, page: Page, rows: list[Attribution], held: dict[int, int]) -> None:
        self.page = page
        self.rows = rows
        self.contents = [list(row.content) for row in rows]
        self.without_cue: list[Attribution] = []
        self._ends = [row.content[-1].end for row in rows]
        self._quoting: dict[int, list[int]] = {}  # paragraph -> rows that hold a quotation there
        for i in sorted(set(held.values()), key=self._cue_start):
            self._quoting.setdefault(self._paragraph(self._cue_start(i)), []).append(i)
        speaking = (i for i, row in enumerate(rows) if row.cue_class in ("speech", "position") and row.rule != "relative")
        self._speaking = sorted(speaking, key=self._cue_start)

    def _cue_start(self, row: int) -> int:
        return self.rows[row].cue[0].start

    def _paragraph(self, offset: int) -> int:
        return self.page.sentences[self.page.sentence_at(offset)].paragraph

    def extend(self, row: int, quotation: Quotation) -> None:
        """Let a row hold a quotation."""
        self.contents[row].append(_words(self.page, quotation))
        self._ends[row] = max(self._ends[row], quotation.end)

    def place(self, quotation: Quotation) -> None:
        """Give a quotation that no cue holds to the row it continues, or a row of its own."""
        if signature := _signature(self.page, quotation):
            self._add(quotation, (signature,), "signature")
            return
        before = self._row_before(quotation)
        home = self._row_beside(quotation)
        inline = self._is_inline(quotation)
        if home is None and before is not None and self._goes_on(before, quotation, inline=inline):
            home = before
        if home is not None:
            self.extend(home, quotation)
        elif inline and before is not None and self._shares_sentence(before, quotation):
            pass  # stands inside what an earlier cue of the sentence reports
        elif not inline or len(self.page.text[quotation.start : quotation.end].split()) >= _INLINE_WORDS:
            self._add(quotation, self._subject(quotation) or (self.rows[before].source if before is not None else ()), "running")

    def _add(self, quotation: Quotation, source: tuple[Span, ...], rule: str) -> None:
        self.without_cue.append(Attribution((_words(self.page, quotation),), source, (), "direct", "speech", rule))

    def _row_beside(self, quotation: Quotation) -> int | None:
        """Return the row of the paragraph that holds a quotation already; where there are several, that of the nearest cue."""
        rows = self._quoting.get(self._paragraph(quotation.start), [])
        place = bisect_left(rows, quotation.start, key=self._cue_start)
        near = rows[max(0, place - 1) : place + 1]
        return min(near, key=lambda row: abs(self._cue_start(row) - quotation.start), default=None)

    def _row_before(self, quotation: Quotation) -> int | None:
        """Return the row of the last cue of speech before a quotation, unless it stands far off."""
        place = bisect_left(self._speaking, quotation.start, key=self._cue_start)
        row = self._speaking[place - 1] if place else None
        return row if row is not None and quotation.start - self.rows[row].cue[0].end < _CUE_REACH else None

    def _is_inline(self, quotation: Quotation) -> bool:
        """Return whether the words of a sentence run on into a quotation."""
        return self.page.text[max(0, quotation.start - 2) : quotation.start].strip()[-1:].isalnum()

    def _shares_sentence(self, row: int, quotation: Quotation) -> bool:
        return self.page.sentence_at(self._cue_start(row)) == self.page.sentence_at(quotation.start)

    def _goes_on(self, row: int, quotation: Quotation, *, inline: bool) -> bool:
        """Return whether a quotation continues what the row before attributes."""
        cue = self.rows[row].cue[0]
        if self.page.text[cue.end : quotation.start].rstrip().endswith(":"):
            return True
        paragraph = self._paragraph(quotation.start)
        if not inline and self._paragraph(cue.start) == paragraph:
            return True
        end = self._ends[row]
        quoted = _CLOSING_MARK.search(self.page.text, end - 1, end + 1) is not None
        return quoted and self._paragraph(end - 1) == paragraph - 1 and _fills_paragraphs(self.page, quotation)

    def _subject(self, quotation: Quotation) -> tuple[Span, ...]:
        """Return the subject of the words that lead up to a quotation: "As Lund put it, “…”", "He fired back: “…”"."""
        page = self.page
        number = page.sentence_at(quotation.start)
        if page.sentences[number].start >= quotation.start and number:
            number -= 1
            if not page.text[page.sentences[number].start : page.sentences[number].end].endswith(":"):
                return ()
        for phrase in phrases_of(page, number):
            if page.tokens(number).ends[phrase.last] > quotation.start:
                break
            if _is_subject(page, number, phrase):
                return (Span(page.tokens(number).starts[phrase.first], page.tokens(number).ends[phrase.last]),)
        return ()


def _words(page: Page, quotation: Quotation) -> Span:
    """Return a quotation's span; one that was never closed may end in white space."""
    return Span(quotation.start, quotation.start + len(page.text[quotation.start : quotation.end].rstrip()))


def _is_subject(page: Page, number: int, phrase: Phrase) -> bool:
    tokens = page.tokens(number)
    before = tokens.lowers[phrase.first - 1] if phrase.first else ""
    behind = tokens.texts[phrase.last + 1] if phrase.last + 1 < len(tokens) else ""
    return before not in PREPOSITIONS and (behind.islower() or behind == ":") and phrase.kind != "document"


def _signature(page: Page, quotation: Quotation) -> Span | None:
    """Return who signs a quotation behind a dash, at the end of its line or on the next: "“…” — Kari Lund, Bergen"."""
    m = _SIGNATURE.match(page.text, quotation.end, quotation.end + 120)
    if m is None or ("\n" in m["gap"] and len(m["name"].split()) > _SIGNATURE_WORDS):
        return None
    return Span(*m.span("name"))


def _fills_paragraphs(page: Page, quotation: Quotation) -> bool:
    """Return whether nothing but a stop or two stands beside a quotation in its paragraphs."""
    first = page.paragraphs[page.sentences[page.sentence_at(quotation.start)].paragraph]
    last = page.paragraphs[page.sentences[page.sentence_at(quotation.end - 1)].paragraph]
    return quotation.start - first.start <= 2 and last.end - quotation.end <= 2


def _joined(spans: list[Span]) -> tuple[Span, ...]:
    """Return the spans in order, those that touch or overlap as one."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)
