"""Finds attributed content: direct, indirect and mixed quotations, stated positions, running quotations."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import replace

from stance.lexicon import is_channel
from stance.phrases import Phrase, phrases_of
from stance.quotes.cues import NOUN_CUES, Cue, find_cues, find_set_phrases
from stance.quotes.sources import Clause, find_source
from stance.records import Quotation, Quote, Span, Token
from stance.text import Page

__all__ = ["find_quotes"]

# Fewer words in quotation marks, without a cue that needs them, are a title or a scare quote.
_MIN_SPEECH_WORDS = 4
_WORD = re.compile(r"\w+")
_LABEL = re.compile(
    r"(?P<label>(?:(?:MR|MS|MRS|DR)\.? )?[^\W\d_a-z][^\W\d_a-z.’'\-]+(?: [^\W\d_a-z][^\W\d_a-z.’'\-]+){0,4}(?: \([^)\n]{2,60}\))?"
    r"|[A-Z][\w.’'\-]+(?: [A-Z][\w.’'\-]+){1,3}|Q|A):\s+(?=\S)"
)
_COLON_END = re.compile(r":[\"“”'’]?\s*\Z")


def find_quotes(page: Page) -> list[Quote]:
    """Return what the article attributes to somebody, in text order; running quotations point at the quote they continue."""
    speech = [quotation for quotation in page.quotations if _is_speech(page, quotation)]
    found = _labelled(page)
    taken = {quote.sentence for quote in found}
    starts = [quotation.start for quotation in page.quotations]
    for number, sentence in enumerate(page.sentences):
        if number not in taken and not is_headline(page, number):
            low = max(0, bisect_right(starts, sentence.start) - 1)  # the one before may reach into the sentence
            high = bisect_right(starts, sentence.end)
            found += _in_sentence(page, number, page.quotations[low:high])
    found.sort(key=lambda quote: quote.sentence)
    return _add_running(page, found, speech, taken)


# A line of its own with fewer words than this and no stop at its end is a headline or a caption.
_HEADLINE_WORDS = 20
_STOP = re.compile(r"[.!?][\"”’']? ")
_CAPTION = re.compile(r"(?:Image|Media|Photo|Video|File photo|FILE|PHOTO|VIDEO)\b[ :]+(?:copyright|caption|credit|by\b|:|-)")


def is_headline(page: Page, number: int) -> bool:
    """Return whether a sentence is a headline, a subheading or a caption: in capitals, or a short line without a stop."""
    sentence = page.sentences[number]
    text = page.text[sentence.start : sentence.end]
    if text[:20].isupper():
        letters = [char for char in text if char.isalpha()]
        if len(letters) > 12 and sum(map(str.isupper, letters)) > 0.6 * len(letters):
            return True
    if _CAPTION.match(text):
        return True
    paragraph = page.paragraphs[sentence.paragraph]
    alone = paragraph.start == sentence.start and paragraph.end == sentence.end
    return alone and text[-1].isalnum() and not _STOP.search(text) and len(_WORD.findall(text)) < _HEADLINE_WORDS


def _is_speech(page: Page, quotation: Quotation) -> bool:
    return len(_WORD.findall(page.text, quotation.start, quotation.end)) >= _MIN_SPEECH_WORDS


def _labelled(page: Page) -> list[Quote]:
    """Read transcripts: a paragraph that begins with "LAVROV:" and those after it, up to the next label."""
    labels = {}
    for number, paragraph in enumerate(page.paragraphs):
        if m := _LABEL.match(page.text, paragraph.start, min(paragraph.end, paragraph.start + 90)):
            labels[number] = m
    known = Counter(m.group("label") for m in labels.values())
    labels = {n: m for n, m in labels.items() if m.group("label").isupper() or known[m.group("label")] > 1}
    if len(labels) < 2 or len(labels) * 4 < len(page.paragraphs):
        return []
    found = []
    current: re.Match[str] | None = None
    for number, sentence in enumerate(page.sentences):
        m = labels.get(sentence.paragraph)
        if m is not None:
            current = m
        if current is None or current.group("label") == "Q":
            continue
        here = current if m is current and sentence.start <= current.end() else None
        start = current.end() if here else sentence.start
        if start >= sentence.end:
            continue
        found.append(
            Quote(
                sentence=number,
                kind="direct",
                content=(Span(start, sentence.end),),
                cue=None,
                source=Span(*current.span("label")),
                rule="transcript_label",
            )
        )
    return found


def _masked(tokens: list[Token], quotations: list[Quotation]) -> list[bool]:
    masked = [False] * len(tokens)
    if not quotations:
        return masked
    starts = [token.start for token in tokens]
    for quotation in quotations:
        for i in range(bisect_left(starts, quotation.start), bisect_left(starts, quotation.end)):
            masked[i] = True
    return masked


def _in_sentence(page: Page, number: int, quotations: tuple[Quotation, ...]) -> list[Quote]:
    sentence = page.sentences[number]
    inside = [q for q in quotations if q.start < sentence.end and sentence.start < q.end]
    if any(q.start <= sentence.start and sentence.end <= q.end for q in inside):
        return []  # wholly inside a quotation: see _add_running
    tokens = page.tokens(number)
    masked = _masked(tokens, inside)
    clause = Clause(tokens, phrases_of(page, number), masked)
    found = _by_verbs(page, number, clause, inside)
    found += _by_set_phrase(page, number, clause, inside, found)
    if not found:
        found += _by_colon(page, number, clause, inside)
    if not found:
        found += _by_noun(page, number, clause, inside)
    return _one_each(found)


def _quote(
    page: Page, number: int, clause: Clause, phrase: Phrase, cue: Span, rule: str, inside: list[Quotation], *, whole: bool
) -> Quote:
    sentence = page.sentences[number]
    source = Span(clause.tokens[phrase.first].start, clause.tokens[phrase.last].end)
    quoted = [Span(max(q.start, sentence.start), min(q.end, sentence.end)) for q in inside]
    kind = _kind(page, sentence.span, quoted, cue)
    content = tuple(quoted) if kind == "direct" else _content(sentence.span, cue, source, whole=whole)
    return Quote(sentence=number, kind=kind, content=content, cue=cue, source=source, rule=rule)


# Characters behind the closing mark that are no more than place and time.
_SHORT_TAIL = 40


def _kind(page: Page, sentence: Span, quoted: list[Span], cue: Span) -> str:
    """Say how it is quoted: direct when nothing but attribution stands outside the marks."""
    if not any(len(_WORD.findall(page.text, span.start, span.end)) >= 2 for span in quoted):
        return "mixed" if quoted else "indirect"
    first, last = min(span.start for span in quoted), max(span.end for span in quoted)
    before = page.text[sentence.start : first].rstrip()
    if before and not before.endswith((",", ":")):
        return "mixed"  # words run on into the marks: said it was "a trap"
    # Said first, quoted then; what follows the marks is attributed too unless it is short: "…," in Oslo.
    return "direct" if cue.start >= first or sentence.end - last < _SHORT_TAIL else "mixed"


def _content(sentence: Span, cue: Span, source: Span, *, whole: bool) -> tuple[Span, ...]:
    """Return the attributed words of an indirect quotation: what follows the cue, or what precedes source and cue."""
    low, high = min(cue.start, source.start), max(cue.end, source.end)
    after = Span(high, sentence.end)
    before = Span(sentence.start, low)
    if whole and before.end - before.start > after.end - after.start:
        return (before,)
    return (after,) if after.end > after.start else (before,)


def _by_verbs(page: Page, number: int, clause: Clause, inside: list[Quotation]) -> list[Quote]:
    found: list[Quote] = []
    reported_from: int | None = None  # token after which everything is reported by an earlier verb
    sources: list[tuple[Cue, tuple[Phrase, ...], str]] = []
    for cue in find_cues(clause.tokens, clause.masked):
        answer = find_source(clause, cue)
        if answer is None or all(_is_channel(page, clause, phrase) for phrase in answer[0]):
            continue
        sources.append((cue, *answer))
        clause.subjects.append((cue.index, answer[0]))
    if any(rule == "quoted_as" for _, _, rule in sources):  # the channel quotes; the one quoted speaks
        sources = [entry for entry in sources if entry[2] == "quoted_as"]
    final = _closing_report(clause, sources)
    for cue, phrases, rule in sources:
        if final is not None and cue is not final and cue.index < final.index:
            continue
        if reported_from is not None and cue.index > reported_from and not _is_new_report(clause, cue, phrases, found):
            continue
        if cue.cls == "belief" and cue.shape == "ing":
            continue
        token = clause.tokens[cue.index]
        for phrase in phrases:
            quote = _quote(
                page, number, clause, phrase, Span(token.start, token.end), rule, inside, whole=rule == "verb_then_name"
            )
            found.append(quote)
        if cue.cls in ("speech", "belief") and rule != "verb_then_name":
            reported_from = cue.index
    return found


def _is_channel(page: Page, clause: Clause, phrase: Phrase) -> bool:
    """Return whether a phrase is a newspaper or agency, which carries what others say (codebook, rule 8)."""
    return is_channel(page.text[clause.tokens[phrase.first].start : clause.tokens[phrase.core].end])


def _closing_report(clause: Clause, sources: list[tuple[Cue, tuple[Phrase, ...], str]]) -> Cue | None:
    """Return the cue of ", Lund said" at the end of its clause, which covers all that stands before it."""
    for cue, phrases, rule in sources:
        if cue.cls != "speech" or cue.shape == "ing":
            continue
        first = phrases[0].first
        if rule == "verb_then_name" and cue.index > 3:
            return cue
        if (
            rule in ("name_then_verb", "name_insertion_verb")
            and first > 3
            and clause.word(first - 1) in (",", '"', "”", "’", "'", "''")
        ):
            follow = clause.word(cue.index + 1)
            if follow in (".", ",", "", "on", "in", "at", "after", "during", "late", "to", "yesterday", "today", "when", ";") or (
                follow in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
            ):
                return cue
            if clause.word(cue.index) in ("told", "tells") and not any(
                clause.word(j) == "that" for j in range(cue.index, min(len(clause.tokens), cue.index + 8))
            ):
                return cue
    return None


def _is_new_report(clause: Clause, cue: Cue, phrases: tuple[Phrase, ...], found: list[Quote]) -> bool:
    """Return whether a later cue begins a report of its own rather than standing inside the one before."""
    if not phrases:
        return False
    first = phrases[0].first
    known = {quote.source.start for quote in found if quote.source}
    if clause.tokens[first].start in known:
        return True  # the same speaker goes on: "said …, adding …"
    before = clause.word(first - 1)
    if before in ("while", ";", "whereas"):
        return True
    return before in ("and", "but") and clause.word(first - 2) in (",", ";") and cue.cls != "belief"


def _by_set_phrase(page: Page, number: int, clause: Clause, inside: list[Quotation], found: list[Quote]) -> list[Quote]:
    sentence = page.sentences[number]
    starts = [token.start for token in clause.tokens]
    quotes = []
    for start, end in find_set_phrases(page.text, sentence.start, sentence.end):
        index = bisect_left(starts, end)
        if index >= len(starts) or clause.masked[index]:
            continue
        if phrase := clause.starting_at(index):
            quotes.append(_quote(page, number, clause, phrase, Span(start, end), "set_phrase", inside, whole=True))
    if quotes and found:
        return []  # the verb's own speaker is nearer to the words
    return quotes


def _by_colon(page: Page, number: int, clause: Clause, inside: list[Quotation]) -> list[Quote]:
    """Read "Lund: “…”" and "LUND (Norway): “…”": a phrase that opens the sentence, a colon, a quotation."""
    phrase = clause.starting_at(0)
    if phrase is None or phrase.kind == "pronoun":
        return []
    colon = phrase.last + 1
    if clause.word(colon) == "(":
        colon = next((j + 1 for j in range(colon, min(colon + 8, len(clause.tokens))) if clause.word(j) == ")"), colon)
    if clause.word(colon) != ":" or colon + 1 >= len(clause.tokens) or not clause.masked[colon + 1]:
        return []
    cue = clause.tokens[colon]
    return [_quote(page, number, clause, phrase, Span(cue.start, cue.end), "colon", inside, whole=False)]


def _by_noun(page: Page, number: int, clause: Clause, inside: list[Quotation]) -> list[Quote]:
    """Read "his opposition to", "the ministry's call for", "calls by Norway for"."""
    found = []
    for i, token in enumerate(clause.tokens):
        if clause.masked[i] or token.text.lower() not in NOUN_CUES:
            continue
        phrase = _owner(clause, i)
        if phrase is not None:
            found.append(_quote(page, number, clause, phrase, Span(token.start, token.end), "noun_cue", inside, whole=False))
    return found


def _owner(clause: Clause, i: int) -> Phrase | None:
    after = clause.word(i + 1)
    if after in ("by", "from") and (phrase := clause.starting_at(i + 2)):
        return phrase
    if after not in ("to", "for", "of", "that", "against", "on", ",", "about"):
        return None
    for back in (1, 2):
        word = clause.word(i - back)
        if word.endswith(("’s", "'s", "s’", "s'")):
            return clause.ending_at(i - back)
        if word in ("his", "her", "its", "their"):
            return Phrase(i - back, i - back, i - back, "pronoun")
        if not word.isalpha():
            return None
    return None


def _one_each(quotes: list[Quote]) -> list[Quote]:
    """Keep the first quote of each source in a sentence."""
    kept: dict[Span | None, Quote] = {}
    for quote in quotes:
        kept.setdefault(quote.source, quote)
    return list(kept.values())


def _add_running(page: Page, found: list[Quote], speech: list[Quotation], taken: set[int]) -> list[Quote]:
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
        replace(quote, continued=places[id(anchor)]) if (anchor := anchors.get(id(quote))) is not None else quote
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
