"""Finds what the article's sentences attribute: direct, indirect and mixed quotations, stated positions."""

from __future__ import annotations

import re
from bisect import bisect_left

from stance.lexicon import cue_verbs
from stance.phrases import Phrase
from stance.quotes.anchors import add_running
from stance.quotes.clauses import Clause, is_channel_phrase, is_inside_quotation, quotations_in, read_clause
from stance.quotes.cues import ADJECTIVE_CUES, NOUN_CUES, Cue, find_cues, find_set_phrases
from stance.quotes.headlines import is_headline
from stance.quotes.owners import find_owner
from stance.quotes.sources import find_source
from stance.quotes.transcripts import find_labelled
from stance.records import Quotation, Quote, Sentence, Span
from stance.text import Page

# Fewer words in quotation marks, without a cue that needs them, are a title or a scare quote.
_MIN_SPEECH_WORDS = 4
_WORD = re.compile(r"\w+")
# A sentence without any of these, and without a set phrase, attributes nothing.
_ATTRIBUTING = frozenset([*cue_verbs(), *ADJECTIVE_CUES, *NOUN_CUES, ":"])


def find_quotes(page: Page) -> list[Quote]:
    """Return what the article attributes to somebody, in text order; running quotations point at the quote they continue."""
    speech = [quotation for quotation in page.quotations if _is_speech(page, quotation)]
    found = find_labelled(page)
    taken = {quote.sentence for quote in found}
    for number, sentence in enumerate(page.sentences):
        if number not in taken and _may_attribute(page, number) and not is_headline(page, number):
            found += _in_sentence(page, number, list(quotations_in(page, sentence.span).values()))
    found.sort(key=lambda quote: quote.sentence)
    return add_running(page, found, speech, taken)


def _is_speech(page: Page, quotation: Quotation) -> bool:
    return len(_WORD.findall(page.text, quotation.start, quotation.end)) >= _MIN_SPEECH_WORDS


def _may_attribute(page: Page, number: int) -> bool:
    return not _ATTRIBUTING.isdisjoint(page.tokens(number).lowers) or bool(find_set_phrases(page, number))


def _in_sentence(page: Page, number: int, inside: list[Quotation]) -> list[Quote]:
    if is_inside_quotation(page, number, inside):
        return []  # see add_running
    clause = read_clause(page, number, inside)
    found = _by_verbs(page, number, clause, inside)
    found += _by_set_phrase(page, number, clause, inside, found)
    if not found:
        found += _by_colon(page, number, clause, inside)
    if not found:
        found += _by_noun(page, number, clause, inside)
    return _one_each(found)


def _quote(
    page: Page, number: int, clause: Clause, phrase: Phrase, cue: Span, rule: str, inside: list[Quotation], *, closes: bool
) -> Quote:
    sentence = page.sentences[number]
    source = Span(clause.tokens.starts[phrase.first], clause.tokens.ends[phrase.last])
    quoted = [Span(max(q.start, sentence.start), min(q.end, sentence.end)) for q in inside]
    kind = _kind(page, sentence, quoted, cue) if quoted else "indirect"
    content = tuple(quoted) if kind == "direct" else _content(page.text, sentence, cue, source, closes=closes)
    return Quote(sentence=number, kind=kind, content=content, cue=cue, source=source, rule=rule)


# Characters behind the closing mark that are no more than place and time.
_SHORT_TAIL = 40


def _kind(page: Page, sentence: Sentence, quoted: list[Span], cue: Span) -> str:
    """Say how it is quoted: direct when nothing but attribution stands outside the marks."""
    if not any(len(_WORD.findall(page.text, span.start, span.end)) >= 2 for span in quoted):
        return "mixed"
    first, last = min(span.start for span in quoted), max(span.end for span in quoted)
    before = page.text[sentence.start : first].rstrip()
    if before and not before.endswith((",", ":")):
        return "mixed"  # words run on into the marks: said it was "a trap"
    # Said first, quoted then; what follows the marks is attributed too unless it is short: "…," in Oslo.
    return "direct" if cue.start >= first or sentence.end - last < _SHORT_TAIL else "mixed"


# So many words behind "…, Lund said," go on with what he said; fewer are a place or a time.
_GOES_ON = 3


def _content(text: str, sentence: Sentence, cue: Span, source: Span, *, closes: bool) -> tuple[Span, ...]:
    """Return the attributed words of an indirect quotation: what follows source and cue, or what they close or interrupt."""
    before = _bare(text, Span(sentence.start, min(cue.start, source.start)))
    after = _bare(text, Span(max(cue.end, source.end), sentence.end))
    if not closes or not before:
        return after or before
    interrupts = text.startswith(",", max(cue.end, source.end))
    if interrupts and after and len(text[after[0].start : after[0].end].split()) >= _GOES_ON:
        return (*before, *after)
    return before


def _bare(text: str, span: Span) -> tuple[Span, ...]:
    """Return the span without commas and white space at its ends, or nothing where nothing is left."""
    start, end = span.start, span.end
    while start < end and text[start] in _EDGES:
        start += 1
    while start < end and text[end - 1] in _EDGES:
        end -= 1
    return (Span(start, end),) if start < end else ()


_EDGES = ", \t\n\xa0"


def _by_verbs(page: Page, number: int, clause: Clause, inside: list[Quotation]) -> list[Quote]:
    found: list[Quote] = []
    reported_from: int | None = None  # token after which everything is reported by an earlier verb
    sources: list[tuple[Cue, tuple[Phrase, ...], str]] = []
    for cue in find_cues(clause.tokens, clause.masked):
        answer = find_source(clause, cue)
        if answer is None or all(is_channel_phrase(page, clause, phrase) for phrase in answer[0]):
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
        for phrase in phrases:
            closes = cue is final or rule == "verb_then_name"
            quote = _quote(page, number, clause, phrase, _span(clause, cue.index), rule, inside, closes=closes)
            found.append(quote)
        if cue.cls in ("speech", "belief") and rule != "verb_then_name":
            reported_from = cue.index
    return found


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
    if clause.tokens.starts[first] in known:
        return True  # the same speaker goes on: "said …, adding …"
    before = clause.word(first - 1)
    if before in ("while", ";", "whereas"):
        return True
    return before in ("and", "but") and clause.word(first - 2) in (",", ";") and cue.cls != "belief"


def _by_set_phrase(page: Page, number: int, clause: Clause, inside: list[Quotation], found: list[Quote]) -> list[Quote]:
    quotes = []
    for start, end in find_set_phrases(page, number):
        index = bisect_left(clause.tokens.starts, end)
        if index >= len(clause.tokens) or clause.masked[index]:
            continue
        if phrase := clause.starting_at(index):
            quotes.append(_quote(page, number, clause, phrase, Span(start, end), "set_phrase", inside, closes=True))
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
    return [_quote(page, number, clause, phrase, _span(clause, colon), "colon", inside, closes=False)]


def _by_noun(page: Page, number: int, clause: Clause, inside: list[Quotation]) -> list[Quote]:
    """Read "his opposition to", "the ministry's call for", "calls by Norway for"."""
    found = []
    for i, word in enumerate(clause.tokens.lowers):
        if word not in NOUN_CUES or clause.masked[i]:
            continue
        phrase = find_owner(clause, i)
        if phrase is not None:
            found.append(_quote(page, number, clause, phrase, _span(clause, i), "noun_cue", inside, closes=False))
    return found


def _span(clause: Clause, index: int) -> Span:
    return Span(clause.tokens.starts[index], clause.tokens.ends[index])


def _one_each(quotes: list[Quote]) -> list[Quote]:
    """Keep the first quote of each source in a sentence."""
    kept: dict[Span | None, Quote] = {}
    for quote in quotes:
        kept.setdefault(quote.source, quote)
    return list(kept.values())
