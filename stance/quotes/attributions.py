"""Finds every attribution of an article, whatever its topic: who (source) says (cue) what (content), as exact spans.

Rows follow PARC and PolNeAR (Newell et al., LREC 2018): one row an attribution; a quotation that its cue splits, or
that goes on behind it in the paragraph, is one row.
"""

from __future__ import annotations

from bisect import bisect_left

from stance.phrases import Phrase
from stance.quotes.clauses import is_inside_quotation, quotations_in, read_clause
from stance.quotes.contents import Report, Run, content_around, find_content, kind_of
from stance.quotes.cues import find_set_phrases
from stance.quotes.reports import ATTITUDES, any_verb, any_words, find_reports
from stance.quotes.running import add_running
from stance.quotes.sources import Clause
from stance.records import Attribution, Span
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
    rows = []
    said_from: int | None = None  # behind it everything is said by an earlier speaker
    for i, report in enumerate(reports):
        if said_from is not None and report.cue.cls in ATTITUDES and report.rule != "shared_participle":
            continue
        if report.cue.cls == "speech" and report.rule != "verb_then_name":
            said_from = report.cue.index
        if content := find_content(clause, report, reports[i + 1 :]):
            rows.append(_row(page, clause, content, report))
    if not rows and any(clause.masked) and (last_resort := any_verb(clause)):
        rows += [_row(page, clause, content, last_resort) for content in [find_content(clause, last_resort, [])] if content]
    return rows + _by_set_phrases(page, number, clause)


def _by_set_phrases(page: Page, number: int, clause: Clause) -> list[Attribution]:
    """Read "according to Lund": the words around it are said."""
    sentence = page.sentences[number]
    token_starts = [token.start for token in clause.tokens]
    rows = []
    for start, end in find_set_phrases(page.text, sentence.start, sentence.end):
        index = bisect_left(token_starts, end)
        phrase = clause.starting_at(index) or any_words(clause, index)
        if phrase is None or clause.masked[index]:
            continue
        first = bisect_left(token_starts, start)
        if content := content_around(clause, first, phrase.last, []):
            cue = Span(start, clause.tokens[index - 1].end)
            rows.append(_attribution(page, clause, content, _spans(clause, (phrase,)), cue, "speech", "set_phrase"))
    return rows


def _row(page: Page, clause: Clause, content: list[Run], report: Report) -> Attribution:
    source = _spans(clause, report.phrases)
    if report.rule == "relative":  # "the minister, who": PolNeAR marks the pronoun too
        who = next(j for j in range(report.cue.index, -1, -1) if clause.word(j) in ("who", "which", "that"))
        source = (*source, Span(clause.tokens[who].start, clause.tokens[who].end))
    token = clause.tokens[report.cue.index]
    return _attribution(page, clause, content, source, Span(token.start, token.end), report.cue.cls, report.rule)


def _spans(clause: Clause, phrases: tuple[Phrase, ...]) -> tuple[Span, ...]:
    return tuple(Span(clause.tokens[phrase.first].start, clause.tokens[phrase.last].end) for phrase in phrases)


def _attribution(
    page: Page, clause: Clause, content: list[Run], source: tuple[Span, ...], cue: Span, cue_class: str, rule: str
) -> Attribution:
    spans = tuple(Span(clause.tokens[first].start, clause.tokens[last].end) for first, last in content)
    return Attribution(spans, source, (cue,), kind_of(page, spans), cue_class, rule)
