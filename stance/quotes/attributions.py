"""Finds every attribution of an article, whatever its topic: who (source) says (cue) what (content), as exact spans.

Rows follow PARC and PolNeAR (Newell et al., LREC 2018): one row an attribution; a quotation that its cue splits, or
that goes on behind it in the paragraph, is one row.
"""

from __future__ import annotations

from bisect import bisect_left

from stance.lexicon import word_set
from stance.phrases import Phrase
from stance.quotes.clauses import is_inside_quotation, quotations_in, read_clause
from stance.quotes.contents import SETTING, Report, Run, content_around, find_content, holds_verb, is_behind_quotation, kind_of
from stance.quotes.cues import BE, Cue, find_cues, find_set_phrases, is_adverb
from stance.quotes.running import add_running
from stance.quotes.sources import SOURCE_RULES, Clause
from stance.records import Attribution, Span
from stance.text import Page

# Forms that are right in fewer than three of ten where neither "that" nor a quotation follows (PolNeAR train, 2026-11).
_WEAK_ALONE = word_set("weak_alone")
_BESIDE_QUOTATION = word_set("beside_quotation")
# Words of a source that no list knows: "according to an audit of the port that nobody had seen".
_LONGEST_SOURCE = 10
_ATTITUDES = ("belief", "attitude")


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
    reports = _find_reports(clause)
    rows = []
    said_from: int | None = None  # behind it everything is said by an earlier speaker
    for i, report in enumerate(reports):
        if said_from is not None and report.cue.cls in _ATTITUDES and report.rule != "shared_participle":
            continue
        if report.cue.cls == "speech" and report.rule != "verb_then_name":
            said_from = report.cue.index
        if content := find_content(clause, report, reports[i + 1 :]):
            rows.append(_row(page, clause, content, report))
    if not rows and any(clause.masked) and (last_resort := _any_verb(clause)):
        rows += [_row(page, clause, content, last_resort) for content in [find_content(clause, last_resort, [])] if content]
    return rows + _by_set_phrases(page, number, clause)


def _find_reports(clause: Clause) -> list[Report]:
    reports = []
    for cue in find_cues(clause.tokens, clause.masked, attitudes=True):
        answer = _find_source(clause, cue) or _beside_quotation(clause, cue)
        if answer is not None:
            clause.subjects.append((cue.index, answer[0]))
            reports.append(Report(cue, *answer))
    return reports


def _find_source(clause: Clause, cue: Cue) -> tuple[tuple[Phrase, ...], str] | None:
    """Return the source phrases of the first rule whose answer is not doubtful, and the rule's name."""
    for rule in SOURCE_RULES:
        found = rule(clause, cue)
        if found is not None and not found:
            return None
        if found and not _is_doubtful(clause, cue, found, rule.__name__):
            return found, rule.__name__
    return None


def _is_doubtful(clause: Clause, cue: Cue, phrases: tuple[Phrase, ...], rule: str) -> bool:
    """Return whether a cue is more likely another word, or its source another's: measured on PolNeAR train, 2026-11."""
    quoted = any(clause.masked)
    if clause.word(cue.index) in _WEAK_ALONE and not quoted and clause.word(cue.index + 1) != "that":
        return True
    if rule in ("passive", "far_subject") and cue.cls in _ATTITUDES:
        return True
    if rule == "verb_then_name" and not any(clause.masked[: cue.index]):
        follow = clause.word(phrases[-1].last + 1)
        return cue.cls != "speech" or not holds_verb(clause, cue.index) or (follow not in SETTING and follow[:1].isalnum())
    return False


def _beside_quotation(clause: Clause, cue: Cue) -> tuple[tuple[Phrase, ...], str] | None:
    """Read "“…,” agrees the woman next to him": beside a quotation any words may be the source."""
    if cue.cls == "attitude" or cue.shape not in ("past", "base"):
        return None
    if is_behind_quotation(clause, cue.index - 1):
        last = cue.index
        for j in range(cue.index + 1, len(clause.tokens)):
            if not _is_plain_word(clause, j) or (j > cue.index + 1 and clause.word(j) in SETTING):
                break
            last = j
        if last > cue.index:
            return (Phrase(cue.index + 1, last, last, "noun"),), "verb_then_name"
    first = cue.index
    while first > 0 and _is_plain_word(clause, first - 1):
        first -= 1
    if first < cue.index and is_behind_quotation(clause, first - 1):
        return (Phrase(first, cue.index - 1, cue.index - 1, "noun"),), "name_then_verb"
    return None


def _is_plain_word(clause: Clause, index: int) -> bool:
    return not clause.masked[index] and clause.tokens[index].text[0].isalnum()


def _any_verb(clause: Clause) -> Report | None:
    """Read "“…,” Lund shot back": behind a quotation any verb in the past may say that somebody said it."""
    for first in range(1, len(clause.tokens) - 1):
        if clause.masked[first] or not is_behind_quotation(clause, first - 1):
            continue
        phrase = clause.starting_at(first)
        if phrase is None:
            continue
        verb = phrase.last + 1
        while is_adverb(clause.word(verb)):
            verb += 1
        word = clause.word(verb)
        after_comma = clause.masked[first - 1] and clause.word(first - 2) == "," and word.isalpha() and word not in BE
        if (word.endswith("ed") or word in _BESIDE_QUOTATION or after_comma) and not clause.masked[verb]:
            return Report(Cue(verb, word, "speech", "past"), (phrase,), "any_verb")
    return None


def _by_set_phrases(page: Page, number: int, clause: Clause) -> list[Attribution]:
    """Read "according to Lund": the words around it are said."""
    sentence = page.sentences[number]
    token_starts = [token.start for token in clause.tokens]
    rows = []
    for start, end in find_set_phrases(page.text, sentence.start, sentence.end):
        index = bisect_left(token_starts, end)
        phrase = clause.starting_at(index) or _any_words(clause, index)
        if phrase is None or clause.masked[index]:
            continue
        first = bisect_left(token_starts, start)
        if content := content_around(clause, first, phrase.last, []):
            cue = Span(start, clause.tokens[index - 1].end)
            rows.append(_attribution(page, clause, content, _spans(clause, (phrase,)), cue, "speech", "set_phrase"))
    return rows


def _any_words(clause: Clause, first: int) -> Phrase | None:
    """Return the words up to the next mark: behind "according to" they are the source whatever they are."""
    last = first - 1
    while last + 1 < len(clause.tokens) and _is_plain_word(clause, last + 1):
        last += 1
    return Phrase(first, last, last, "noun") if first <= last < first + _LONGEST_SOURCE else None


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
