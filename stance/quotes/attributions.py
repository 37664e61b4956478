"""Finds every attribution of an article, whatever its topic: who (source) says (cue) what (content), as exact spans.

Rows follow PARC and PolNeAR (Newell et al., LREC 2018): one row an attribution; a quotation that its cue splits, or
that goes on behind it in the paragraph, is one row.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace

from stance.lexicon import word_set
from stance.phrases import PREPOSITIONS, TIME_WORDS, Phrase, phrases_of
from stance.quotes import _labelled, _masked, is_headline
from stance.quotes.cues import AUXILIARIES, BE, MODALS, Cue, find_cues, find_set_phrases, is_adverb
from stance.quotes.sources import TAKES_LISTENER, Clause, find_source
from stance.records import Attribution, Quotation, Span
from stance.text import Page

# What may follow "…, Lund said" without being said: time, place, occasion.
_SETTING = word_set("setting_openers") | TIME_WORDS
_MARKS = frozenset(["“", "”", '"', "''", "``", "‘", "’", "'", "«", "»", "„"])
# Forms that are right in fewer than three of ten where neither "that" nor a quotation follows (PolNeAR train, 2026-11).
_WEAK_ALONE = word_set("weak_alone")
_FINITE = AUXILIARIES | BE | MODALS | {"i'm", "i’m", "it's", "it’s", "came", "went", "got", "made", "took"}
_TAKES = frozenset(["told", "tells", "telling"])
_FRONTED = frozenset(
    [
        "asked",
        "pressed",
        "speaking",
        "given",
        "although",
        "though",
        "while",
        "if",
        "when",
        "since",
        "as",
        "after",
        "before",
        "because",
        "whereas",
        "once",
    ]
)
_ADJUNCTS = frozenset(
    ["as", "because", "when", "while", "before", "after", "although", "though", "by", "during", "until", "since"]
)
_PARTICLES_AFTER = frozenset(["on", "for", "about", "against", "out", "of", "at", "with", "into", "up", "down", "off"])
_BREAKS_AFTER_COMMA = frozenset(["while", "who", "which", "whose", "although", "though", "whereas", "where"])


def find_attributions(page: Page) -> list[Attribution]:
    """Return every attribution of an article in text order."""
    starts = [quotation.start for quotation in page.quotations]
    found: list[Attribution] = []
    used: dict[int, int] = {}  # position of a quotation -> row that holds it
    for number, sentence in enumerate(page.sentences):
        low = max(0, bisect_right(starts, sentence.start) - 1)
        high = bisect_right(starts, sentence.end)
        inside = {
            i: page.quotations[i]
            for i in range(low, high)
            if page.quotations[i].start < sentence.end and sentence.start < page.quotations[i].end
        }
        if any(q.start <= sentence.start and sentence.end <= q.end for q in inside.values()):
            continue
        rows = _in_sentence(page, number, inside)
        for row in rows:
            for i, quotation in inside.items():
                if any(span.start < quotation.end and quotation.start < span.end for span in row.content):
                    used.setdefault(i, len(found))
            found.append(row)
    return _with_running(page, found, used)


@dataclass(frozen=True, slots=True)
class _Report:
    """A cue with its sources, before its content is cut out."""

    cue: Cue
    phrases: tuple[Phrase, ...]
    rule: str


def _in_sentence(page: Page, number: int, inside: dict[int, Quotation]) -> list[Attribution]:
    sentence = page.sentences[number]
    tokens = page.tokens(number)
    quotations = list(inside.values())
    clause = Clause(tokens, phrases_of(page, number), _masked(tokens, quotations))
    reports = []
    for cue in find_cues(tokens, clause.masked, attitudes=True):
        answer = find_source(clause, cue)
        if answer is None or _is_doubtful(clause, cue, *answer):
            answer = _beside_quotation(clause, cue)
        if answer is not None:
            clause.subjects.append((cue.index, answer[0]))
            reports.append(_Report(cue, *answer))
    rows = []
    said_from: int | None = None  # behind it everything is said by an earlier speaker
    for i, report in enumerate(reports):
        if said_from is not None and report.cue.cls in ("belief", "attitude") and report.rule != "shared_participle":
            continue
        if report.cue.cls == "speech" and report.rule != "verb_then_name":
            said_from = report.cue.index
        content = _content(clause, report, reports[i + 1 :])
        if content:
            place = (report.cue.index, report.cue.index)
            rows.append(_row(page, clause, content, report.phrases, place, report.cue.cls, report.rule, quotations))
    if not rows and quotations and (report := _any_verb(clause)) is not None:
        content = _content(clause, report, [])
        rows.append(
            _row(page, clause, content, report.phrases, (report.cue.index, report.cue.index), "speech", report.rule, quotations)
        )
    token_starts = [token.start for token in tokens]
    for start, end in find_set_phrases(page.text, sentence.start, sentence.end):
        index = bisect_left(token_starts, end)
        if index < len(tokens) and not clause.masked[index] and (phrase := clause.starting_at(index)):
            first = bisect_left(token_starts, start)
            content = _around(clause, first, phrase.last, [])
            if content:
                rows.append(_row(page, clause, content, (phrase,), (first, index - 1), "speech", "set_phrase", quotations))
    return rows


def _beside_quotation(clause: Clause, cue: Cue) -> tuple[tuple[Phrase, ...], str] | None:
    """Read "“…,” agrees the woman next to him": beside a quotation any words may be the source."""
    if cue.cls == "attitude" or cue.shape not in ("past", "base"):
        return None
    words = range(cue.index + 1, len(clause.tokens))
    if _behind_quotation(clause, cue.index - 1):
        last = cue.index
        for j in words:
            if clause.masked[j] or not clause.tokens[j].text[0].isalnum() or (j > cue.index + 1 and clause.word(j) in _SETTING):
                break
            last = j
        if last > cue.index:
            return (Phrase(cue.index + 1, last, last, "noun"),), "verb_then_name"
    first = cue.index
    while first > 0 and not clause.masked[first - 1] and clause.tokens[first - 1].text[0].isalnum():
        first -= 1
    if first < cue.index and _behind_quotation(clause, first - 1):
        return (Phrase(first, cue.index - 1, cue.index - 1, "noun"),), "name_then_verb"
    return None


def _any_verb(clause: Clause) -> _Report | None:
    """Read "“…,” Lund shot back": behind a quotation any verb in the past may say that somebody said it."""
    for first in range(1, len(clause.tokens) - 1):
        if clause.masked[first] or not _behind_quotation(clause, first - 1):
            continue
        phrase = clause.starting_at(first)
        verb = first if phrase is None else phrase.last + 1
        while is_adverb(clause.word(verb)):
            verb += 1
        word = clause.word(verb)
        if phrase is not None and (word.endswith("ed") or word in _PAST) and not clause.masked[verb]:
            return _Report(Cue(verb, word, "speech", "past"), (phrase,), "any_verb")
    return None


_PAST = frozenset(
    ["shot", "fired", "put", "hit", "began", "went", "spoke", "broke", "sang", "read", "cried", "bit", "says", "reads"]
)


def _behind_quotation(clause: Clause, index: int) -> bool:
    """Return whether a token closes a quotation or is the comma behind one."""
    return index >= 0 and (clause.masked[index] or (clause.word(index) == "," and index > 0 and clause.masked[index - 1]))


def _is_doubtful(clause: Clause, cue: Cue, phrases: tuple[Phrase, ...], rule: str) -> bool:
    """Return whether a cue is more likely another word, or its source another's: measured on PolNeAR train, 2026-11."""
    word = clause.word(cue.index)
    if word in _WEAK_ALONE and not any(clause.masked) and clause.word(cue.index + 1) != "that":
        return True
    if rule in ("passive", "far_subject") and cue.cls in ("attitude", "belief"):
        return True
    if rule == "verb_then_name" and not any(clause.masked[: cue.index]):
        follow = clause.word(phrases[-1].last + 1)
        return cue.cls != "speech" or not _holds_verb(clause, cue.index) or (follow not in _SETTING and follow[:1].isalnum())
    return False


def _row(
    page: Page,
    clause: Clause,
    content: list[tuple[int, int]],
    phrases: tuple[Phrase, ...],
    cue: tuple[int, int],
    cue_class: str,
    rule: str,
    quotations: list[Quotation],
) -> Attribution:
    tokens = clause.tokens
    spans = tuple(Span(tokens[a].start, tokens[b].end) for a, b in content)
    quoted = any(q.start < span.end and span.start < q.end for q in quotations for span in spans)
    source = tuple(Span(tokens[p.first].start, tokens[p.last].end) for p in phrases)
    if rule == "relative":  # "the minister, who": PolNeAR names the pronoun
        who = next(j for j in range(cue[0], -1, -1) if clause.word(j) in ("who", "which", "that"))
        source = (*source, Span(tokens[who].start, tokens[who].end))
    return Attribution(
        content=spans,
        source=source,
        cue=(Span(tokens[cue[0]].start, tokens[cue[1]].end),),
        kind="mixed" if quoted else "indirect",
        cue_class=cue_class,
        rule=rule,
    )


def _trim(clause: Clause, first: int, last: int) -> list[tuple[int, int]]:
    """Return the run without punctuation at its edges, as a list of one, or of none where nothing is left."""
    while first <= last and not clause.masked[first] and not clause.tokens[first].text[0].isalnum():
        first += 1
    while first <= last and not clause.masked[last] and not clause.tokens[last].text[-1].isalnum():
        last -= 1
    return [(first, last)] if first <= last else []


def _content(clause: Clause, report: _Report, later: list[_Report]) -> list[tuple[int, int]]:
    cue, phrases = report.cue, report.phrases
    low = _back_to_quotation(clause, min([cue.index, *(p.first for p in phrases)]))
    if report.rule == "verb_then_name" or _closes(clause, low, cue):
        high = max([cue.index, *(p.last for p in phrases)])
        return _around(clause, low, high, later)
    return _forward(clause, cue, later)


def _back_to_quotation(clause: Clause, low: int) -> int:
    """Return where the words between a quotation and a token begin, or the token itself where no quotation is near."""
    first = low
    while first > 0 and low - first < 8 and not clause.masked[first - 1] and clause.tokens[first - 1].text[0].isalnum():
        first -= 1
    return first if _behind_quotation(clause, first - 1) else low


def _closes(clause: Clause, low: int, cue: Cue) -> bool:
    """Return whether source and cue close or interrupt what is said: "…, Lund said." """
    if low < 2 or cue.shape == "ing":
        return False
    before = clause.tokens[low - 1].text
    after = cue.index + 1
    while is_adverb(clause.word(after)):
        after += 1
    word = clause.word(after)
    quoted_before = clause.masked[low - 1] or (before in (",", "—", "–", "-", "--") and clause.masked[low - 2])
    if quoted_before:
        return word != "that" and (cue.cls != "position" or not word or word in _SETTING or not word[0].isalnum())
    if before not in (",", "—", "–", "-", "--") or cue.cls == "position" or not _holds_verb(clause, low - 1):
        return False
    if cue.lemma in TAKES_LISTENER and (listener := clause.starting_at(after)):
        word = clause.word(listener.last + 1)
    return not word or word in _SETTING or not word[0].isalnum()


def _holds_verb(clause: Clause, stop: int) -> bool:
    """Return whether what stands before a token is a clause: it has a finite verb, and does not open as a subordinate one."""
    words = [clause.word(j) for j in range(stop)]
    if words and (words[0] in _FRONTED or words[0] in PREPOSITIONS):
        words = words[words.index(",") + 1 :] if "," in words else []
    return (
        any(
            word in _FINITE or word.endswith(("'s", "’s", "n't", "n’t")) or (word.endswith("ed") and len(word) > 4)
            for word in words
        )
        or len(words) > 9
    )


def _around(clause: Clause, low: int, high: int, later: list[_Report]) -> list[tuple[int, int]]:
    """Return what stands before, and where it goes on behind the cue, after it."""
    first = 0
    for j in range(low - 1, -1, -1):
        if clause.word(j) == ";" and not clause.masked[j]:
            first = j + 1
            break
    before = _trim(clause, first, low - 1)
    after = high + 1
    n = len(clause.tokens)
    if not before:
        return _trim(clause, after, _end(clause, after, clausal=True, later=later))
    # "…," he said in Oslo, "…"
    quoted = next((j for j in range(after, n) if clause.masked[j]), None)
    if quoted is not None and any(clause.masked[j] for j in range(first, low)):
        last = quoted
        while last + 1 < n and clause.masked[last + 1]:
            last += 1
        return [*before, *_trim(clause, quoted, last)]
    if clause.word(high) in _TAKES and (listener := clause.starting_at(after)):
        after = listener.last + 1
    goes_on = clause.word(after) == "," and not clause.masked[before[0][0]]
    if goes_on and clause.word(after + 1) not in _BREAKS_AFTER_COMMA and not clause.word(after + 1).endswith("ing"):
        return [*before, *_trim(clause, after, _end(clause, after, clausal=True, later=later))]
    return before


def _forward(clause: Clause, cue: Cue, later: list[_Report]) -> list[tuple[int, int]]:
    """Return what follows a cue up to the end of its clause."""
    first = cue.index + 1
    that = next((j for j in range(first, first + 12) if clause.word(j) == "that" and not clause.masked[j]), None)
    mark = next((j for j in range(first, min(first + 12, len(clause.tokens))) if clause.masked[j]), None)
    opening = min((j for j in (that, mark) if j is not None), default=None)
    if cue.lemma in TAKES_LISTENER and (listener := clause.starting_at(first)):
        first = listener.last + 1
        if opening is not None and opening > first:
            first = opening
    elif opening is not None and all(_is_setting(clause, j) for j in range(first, opening)):
        first = opening
    while clause.word(first) in _PARTICLES_AFTER and not clause.masked[first] and clause.word(first + 1) not in ("be",):
        first += 1
    clausal = cue.cls in ("speech", "belief") or clause.word(first) in ("that", "to") or opening == first
    return _trim(clause, first, _end(clause, first, clausal=clausal, later=later, low=cue.index))


def _is_setting(clause: Clause, j: int) -> bool:
    word = clause.word(j)
    return word in _SETTING or word in ("a", "an", "the", "his", "her", "statement", "interview", ",", ":") or is_adverb(word)


def _end(clause: Clause, first: int, *, clausal: bool, later: list[_Report], low: int = 0) -> int:
    """Return the last token of the clause that begins at a token."""
    n = len(clause.tokens)
    stops = {}
    for report in later:
        start = min([report.cue.index, *(p.first for p in report.phrases if p.first > first)])
        stops[start] = report
        if start > first + 1 and _closes(clause, start, report.cue):
            n = min(n, start)
    inverted = _opens_subordinate(clause, low)
    for j in range(first, n):
        if clause.masked[j]:
            continue
        word = clause.word(j)
        if word in (";", "—", "--") or (word in ("-", "–", "(") and not clausal):
            return j - 1
        following = clause.word(j + 1)
        if word == ",":
            if following in _BREAKS_AFTER_COMMA or (not clausal and j > first) or inverted:
                return j - 1
            if j + 1 in stops and stops[j + 1].rule in ("shared_participle",):
                return j - 1
            if following in ("but", "and", "or") and j + 2 in stops and stops[j + 2].rule in ("coordinated", "name_then_verb"):
                return j - 1
        if word in ("and", "but") and j + 1 in stops and stops[j + 1].rule == "coordinated" and j > first:
            return j - 1
        if not clausal and j > first and word in _ADJUNCTS:
            return j - 1
    return n - 1


def _opens_subordinate(clause: Clause, index: int) -> bool:
    """Return whether the clause of a cue is a fronted one: "Although he thanked …, he"."""
    return clause.word(0) in _FRONTED and not any(clause.word(j) == "," and not clause.masked[j] for j in range(index))


def _with_running(page: Page, found: list[Attribution], used: dict[int, int]) -> list[Attribution]:
    """Let rows hold their quotations to the end, join those that go on in the paragraph, and add those without a cue."""
    contents = {i: list(row.content) for i, row in enumerate(found)}
    extra: list[Attribution] = []

    def paragraph_of(offset: int) -> int:
        return page.sentences[page.sentence_at(offset)].paragraph

    rows_in: dict[int, list[int]] = {}
    for i in sorted(set(used.values())):
        rows_in.setdefault(paragraph_of(found[i].cue[0].start), []).append(i)
    for i, quotation in enumerate(page.quotations):
        span = Span(quotation.start, quotation.end)
        if i in used:
            contents[used[i]] = _merged(contents[used[i]], span)
            continue
        if len(page.text[quotation.start : quotation.end].split()) < 4:
            continue
        if signed := _signature(page, quotation):
            extra.append(Attribution((span,), (signed,), (), "direct", "speech", "signature"))
            continue
        homes = rows_in.get(paragraph_of(quotation.start))
        before = _row_before(page, found, span)
        inline = page.text[max(0, quotation.start - 2) : quotation.start].strip()[-1:].isalnum()
        if homes:
            home = min(homes, key=lambda k: abs(found[k].cue[0].start - quotation.start))
            contents[home] = _merged(contents[home], span)
        elif before is not None and (
            page.text[found[before].cue[0].end : quotation.start].rstrip().endswith(":")
            or (not inline and paragraph_of(found[before].cue[0].start) == paragraph_of(quotation.start))
            or (
                _fills_paragraph(page, quotation)
                and paragraph_of(contents[before][-1].end - 1) == paragraph_of(quotation.start) - 1
                and '"'
                in "".join(page.text[contents[before][-1].end - 1 : contents[before][-1].end + 1])
                .replace("”", '"')
                .replace("''", '"')
            )
        ):
            contents[before] = _merged(contents[before], span)
        elif inline and (
            before is not None and page.sentence_at(found[before].cue[0].start) == page.sentence_at(quotation.start)
        ):
            continue  # inside what an earlier cue of the sentence reports
        elif not inline or len(page.text[quotation.start : quotation.end].split()) >= _INLINE_WORDS:
            source = _subject_before(page, quotation)
            if not source and before is not None:
                source = found[before].source
            extra.append(Attribution((span,), source, (), "direct", "speech", "running"))
    rows = [replace(r, content=tuple(contents[i])) for i, r in enumerate(found)]
    return sorted([*rows, *extra], key=lambda row: row.content)


_SIGNATURE = re.compile(r"[ \xa0]*(?:―|—|–|--|-)[ \xa0]*(?P<name>[A-Z][^\n.!?;:“”\"]{2,80})\.?[ \xa0]*(?=\n|\Z)")


def _signature(page: Page, quotation: Quotation) -> Span | None:
    """Return who signs a quotation behind a dash at the end of its line: "“…” — Kari Lund, Bergen"."""
    m = _SIGNATURE.match(page.text, quotation.end, quotation.end + 120)
    return Span(*m.span("name")) if m else None


# Fewer words in quotation marks in the run of a sentence, without a cue, are a title or a scare quote.
_INLINE_WORDS = 6


def _fills_paragraph(page: Page, quotation: Quotation) -> bool:
    first = page.paragraphs[page.sentences[page.sentence_at(quotation.start)].paragraph]
    last = page.paragraphs[page.sentences[page.sentence_at(quotation.end - 1)].paragraph]
    return quotation.start - first.start <= 2 and last.end - quotation.end <= 2


def _subject_before(page: Page, quotation: Quotation) -> tuple[Span, ...]:
    """Return the subject of the words that lead up to a quotation: "As Lund put it, “…”", "He fired back: “…”"."""
    number = page.sentence_at(quotation.start)
    sentence = page.sentences[number]
    if sentence.start >= quotation.start and number:
        before = page.sentences[number - 1]
        if not page.text[before.start : before.end].endswith(":"):
            return ()
        number, sentence = number - 1, before
    tokens = page.tokens(number)
    for phrase in phrases_of(page, number):
        if tokens[phrase.last].end > quotation.start:
            break
        follow = tokens[phrase.last + 1].text if phrase.last + 1 < len(tokens) else ""
        previous = tokens[phrase.first - 1].text.lower() if phrase.first else ""
        if previous not in PREPOSITIONS and (follow.islower() or follow == ":") and phrase.kind != "document":
            return (Span(tokens[phrase.first].start, tokens[phrase.last].end),)
    return ()


def _row_before(page: Page, found: list[Attribution], span: Span) -> int | None:
    best = None
    for i, row in enumerate(found):
        near = row.cue[0].start < span.start and span.start - row.cue[0].end < 1500
        if near and row.cue_class in ("speech", "position") and row.rule != "relative":
            best = i
    return best


def _merged(spans: list[Span], new: Span) -> list[Span]:
    """Return the spans with another, those that touch it joined to it."""
    apart = [s for s in spans if s.end < new.start or new.end < s.start]
    touching = [s for s in spans if s not in apart]
    start = min([new.start, *(s.start for s in touching)])
    end = max([new.end, *(s.end for s in touching)])
    return sorted([*apart, Span(start, end)])
