"""Opens a sentence for the rules: its words, the phrases among them, and which words stand in quotation marks."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable

from stance.phrases import phrases_of
from stance.quotes.sources import Clause
from stance.records import Quotation, Span, Token
from stance.text import Page


def quotations_in(page: Page, span: Span) -> dict[int, Quotation]:
    """Return the quotations that share text with a span, by their position in the article."""
    low = max(0, bisect_right(page.quotations, span.start, key=_start) - 1)  # the one before may reach into the span
    high = bisect_left(page.quotations, span.end, key=_start)
    return {i: page.quotations[i] for i in range(low, high) if span.start < page.quotations[i].end}


def _start(quotation: Quotation) -> int:
    return quotation.start


def is_inside_quotation(page: Page, number: int, quotations: Iterable[Quotation]) -> bool:
    """Return whether a sentence stands wholly inside one of the quotations."""
    sentence = page.sentences[number]
    return any(quotation.start <= sentence.start and sentence.end <= quotation.end for quotation in quotations)


def read_clause(page: Page, number: int, quotations: Collection[Quotation]) -> Clause:
    """Return a sentence's words and phrases, the words inside the quotations masked."""
    tokens = page.tokens(number)
    return Clause(tokens, phrases_of(page, number), _masked(tokens, quotations))


def _masked(tokens: list[Token], quotations: Collection[Quotation]) -> list[bool]:
    masked = [False] * len(tokens)
    if not quotations:
        return masked
    starts = [token.start for token in tokens]
    for quotation in quotations:
        for i in range(bisect_left(starts, quotation.start), bisect_left(starts, quotation.end)):
            masked[i] = True
    return masked
