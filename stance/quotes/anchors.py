"""Ties the sentences inside a running quotation to the quote that names its speaker."""

from __future__ import annotations

import re

from stance.records import Quotation, Quote, Span
from stance.text import Page

_COLON_END = re.compile(r":[\"“”'’]?\s*\Z")


def add_running(page: Page, found: list[Quote], speech: list[Quotation], taken: set[int]) -> list[Quote]:
    """Add the sentences that stand wholly inside a quotation, each pointing at the quote that names its speaker."""
    by_sentence: dict[int, list[Quote]] = {}
    for quote in found:
        by_sentence.setdefault(quote.sentence, []).append(quote)
    running: list[tuple[Quote, Quote | None]] = []
    previous: tuple[Quotation, Quote | None] | None = None
    for quotation in speech:
        first, last = page.sentence_at(quotation.start), page.sentence_at(max(quotation.start, quotation.end - 1))
        anchor, rule = _anchor(page, quotation, first, last, by_sentence, previous)
        for number in range(first, last + 1):
            sentence = page.sentences[number]
            if number in taken or by_sentence.get(number):
                continue
            span = Span(max(sentence.start, quotation.start), min(sentence.end, quotation.end))
            if sentence.end - sentence.start > 1.4 * (span.end - span.start) + 4:
                continue
            flags = () if quotation.closed else ("unclosed_quote",)
            quote = Quote(number, "direct", (span,), None, None, rule, flags=flags)
            running.append((quote, anchor))
            by_sentence.setdefault(number, []).append(quote)
        previous = (quotation, anchor)
    everything = sorted([*found, *(quote for quote, _ in running)], key=lambda quote: quote.sentence)
    places = {id(quote): i for i, quote in enumerate(everything)}
    anchors = {id(quote): anchor for quote, anchor in running}
    return [
        quote._replace(continued=places[id(anchor)]) if (anchor := anchors.get(id(quote))) is not None else quote
        for quote in everything
    ]


def _anchor(
    page: Page,
    quotation: Quotation,
    first: int,
    last: int,
    by_sentence: dict[int, list[Quote]],
    previous: tuple[Quotation, Quote | None] | None,
) -> tuple[Quote | None, str]:
    """Return the quote that names the speaker of a quotation, and how it was reached."""
    for number in dict.fromkeys((last, first)):
        if sourced := [quote for quote in by_sentence.get(number, []) if quote.source]:
            return _nearest(sourced, quotation), "same_sentence"
    paragraph = page.sentences[first].paragraph
    before = by_sentence.get(first - 1, []) if first else []
    if before and page.sentences[first - 1].paragraph == paragraph:
        return before[-1], "same_paragraph"
    # "…," he said. "And …": two quotations of a paragraph, one cue; the cue may also follow the second.
    if previous and previous[1] is not None and page.sentences[page.sentence_at(previous[0].start)].paragraph == paragraph:
        return previous[1], "same_paragraph"
    after = [quote for quote in by_sentence.get(last + 1, []) if quote.source]
    if before and _COLON_END.search(page.text, page.sentences[first - 1].start, page.sentences[first - 1].end):
        return before[-1], "colon_before"
    if after and page.sentences[last + 1].paragraph == page.sentences[last].paragraph:
        return after[0], "cue_after"
    if before:
        return before[-1], "paragraph_before"
    if previous and previous[1] is not None and page.sentences[page.sentence_at(previous[0].end - 1)].paragraph >= paragraph - 1:
        return previous[1], "quotation_goes_on"
    return None, "no_speaker"


def _nearest(quotes: list[Quote], quotation: Quotation) -> Quote:
    return min(
        quotes, key=lambda q: min(abs(q.source.start - quotation.end), abs(quotation.start - q.source.end)) if q.source else 10**9
    )
