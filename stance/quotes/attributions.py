"""Finds every attribution of an article, whatever its topic: who (source) says (cue) what (content), as exact spans.

Rows follow PARC and PolNeAR (Newell et al., LREC 2018): one row an attribution; a quotation that its cue splits, or
that goes on behind it in the paragraph, is one row.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from stance.quotes.clauses import Clause, is_inside_quotation, quotations_in, read_clause
from stance.quotes.contents import Report, Run, content_around, find_content, kind_of
from stance.quotes.cues import find_set_phrases
from stance.quotes.reports import any_verb, any_words, find_reports
from stance.quotes.running import add_running
from stance.records import ATTITUDES, Attribution, Span
from stance.text import Page


def find_attributions(page: Page) -> list[Attribution]:
    """Return every attribution of an article in text order."""
    found: list[Attribution] = []
    held: dict[int, int] = {}  # position of a quotation -> the first row that holds a share of it
    for number, sentence in enumerate(page.sentences):
        quotations = quotations_in(page, sentence.span)
        if is_inside_quotation(page, number, quotations.values()):
            continue
        for row in _in_sentence(page, number, read_clause(page, number, quotations.values())):
            for span in row.content:
                for position in quotations_in(page, span):
                    held.setdefault(position, len(found))
            found.append(row)
    return add_running(page, found, held)


def _in_sentence(page: Page, number: int, clause: Clause) -> list[Attribution]:
    reports = find_reports(clause)
    ahead = _quotation_ahead(page, number)
    rows = []
    said_from: int | None = None  # behind it everything is said by an earlier speaker
    for i, report in enumerate(reports):
        if said_from is not None and report.cue.cls in ATTITUDES and report.rule != "shared_participle":
            continue
        if report.cue.cls == "speech" and report.rule != "verb_then_name":
            said_from = report.cue.index
        content = find_content(clause, report, reports[i + 1 :])
        spans = ahead if ahead and report is reports[-1] and not _is_quoted(clause, content) else _spans(clause, content)
        if spans:
            rows.append(_row(page, clause, spans, report))
    if not rows and any(clause.masked) and (last_resort := any_verb(clause)):
        content = find_content(clause, last_resort, [])
        rows += [_row(page, clause, _spans(clause, content), last_resort)] if content else []
    return rows + _by_set_phrases(page, number, clause)


def _by_set_phrases(page: Page, number: int, clause: Clause) -> list[Attribution]:
    """Read "according to Lund": the words around it are said."""
    token_starts = clause.tokens.starts
    rows = []
    for start, end in find_set_phrases(page, number):
        index = bisect_left(token_starts, end)
        phrase = clause.starting_at(index) or any_words(clause, index)
        if phrase is None or clause.masked[index]:
            continue
        first = bisect_left(token_starts, start)
        if content := content_around(clause, first, phrase.last, []):
            cue = Span(start, clause.tokens.ends[index - 1])
            spans, source = _spans(clause, content), _spans(clause, [(phrase.first, phrase.last)])
            rows.append(Attribution(spans, source, (cue,), kind_of(page, spans), "speech", "set_phrase"))
    return rows


def _quotation_ahead(page: Page, number: int) -> tuple[Span, ...]:
    """Return the quotation that begins the next sentence, where this one ends on a colon: "She wrote in her log:"."""
    sentence = page.sentences[number]
    if page.text[sentence.end - 1] != ":" or number + 1 == len(page.sentences):
        return ()
    start = page.sentences[number + 1].start
    quotations = quotations_in(page, Span(start, start + 1)).values()
    return tuple(Span(quotation.start, quotation.end) for quotation in quotations if quotation.start == start)


def _is_quoted(clause: Clause, content: list[Run]) -> bool:
    return any(any(clause.masked[first : last + 1]) for first, last in content)


def _row(page: Page, clause: Clause, content: tuple[Span, ...], report: Report) -> Attribution:
    source = _spans(clause, [(phrase.first, phrase.last) for phrase in report.phrases])
    if report.rule == "relative":  # "the minister, who": PolNeAR marks the pronoun too
        who = next(j for j in range(report.cue.index, -1, -1) if clause.word(j) in ("who", "which", "that"))
        source += _spans(clause, [(who, who)])
    cue = _spans(clause, [(report.cue.index, report.cue.index)])
    return Attribution(content, source, cue, kind_of(page, content), report.cue.cls, report.rule)


def _spans(clause: Clause, runs: Iterable[Run]) -> tuple[Span, ...]:
    return tuple(Span(clause.tokens.starts[first], clause.tokens.ends[last]) for first, last in runs)
