"""Cuts out what a cue attributes: which words of the sentence are said, thought or meant, and how they are quoted.

Stretches are runs of tokens, first and last included; quotation marks at their edges stay, other punctuation goes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stance.lexicon import word_set
from stance.phrases import PREPOSITIONS, TIME_WORDS, Phrase
from stance.quotes.clauses import Clause, quotations_in
from stance.quotes.cues import AUXILIARIES, BE, MODALS, Cue, is_adverb
from stance.quotes.sources import TAKES_LISTENER
from stance.records import Span
from stance.text import Page

Run = tuple[int, int]

# What may follow "…, Lund said" without being said: time, place, occasion.
SETTING = word_set("setting_openers") | TIME_WORDS
_WORDS_OF_SETTING = word_set("words_of_setting") | {",", ":"}
_FINITE = AUXILIARIES | BE | MODALS | word_set("finite_verbs")
_TELLS = frozenset(["told", "tells", "telling"])
_FRONTING = word_set("fronting_words")
_ADJUNCTS = word_set("adjunct_openers")
_PARTICLES = word_set("content_particles")
_REPORTER_AGAIN = word_set("reporter_openers")
_COMMA_OR_DASH = frozenset([",", "—", "–", "-", "--"])
_CONTRACTIONS = ("'s", "’s", "n't", "n’t")
_WORD = re.compile(r"\w")
# So many words before the cue hold a clause even where no finite verb is known among them.
_LONG_CLAUSE = 10
# How far behind a cue "that" or a quotation may open the content: "said in a telephone interview on Monday that".
_OPENING_REACH = 12
# How many words may stand between a quotation and its cue: "…,” the deputy head of the port told".
_SOURCE_REACH = 8


@dataclass(frozen=True, slots=True)
class Report:
    """A cue with its sources, before its content is cut out."""

    cue: Cue
    phrases: tuple[Phrase, ...]
    rule: str

    @property
    def start(self) -> int:
        """The first token of source and cue."""
        return min([self.cue.index, *(phrase.first for phrase in self.phrases)])

    @property
    def end(self) -> int:
        """The last token of source and cue."""
        return max([self.cue.index, *(phrase.last for phrase in self.phrases)])


def find_content(clause: Clause, report: Report, later: list[Report]) -> list[Run]:
    """Return what a cue attributes, in one or several runs; none where nothing is left. ``later`` are the cues behind it."""
    low = _back_to_quotation(clause, report.start)
    if report.rule == "verb_then_name" or _closes(clause, low, report.cue):
        return content_around(clause, low, report.end, later)
    behind = _content_behind(clause, report.cue, later)
    return _up_to_comma(clause, behind) if report.rule == "relative" and clause.word(report.cue.index - 2) == "," else behind


def _up_to_comma(clause: Clause, runs: list[Run]) -> list[Run]:
    """Return what is said in a relative clause between commas: "Lund, who said the dam was safe, lives below it"."""
    commas = (j for first, last in runs for j in range(first + 1, last) if clause.word(j) == "," and not clause.masked[j])
    comma = next(commas, None)
    return runs if comma is None else _trimmed(clause, runs[0][0], comma)


def kind_of(page: Page, spans: tuple[Span, ...]) -> str:
    """Return how words are quoted (codebook, section 1): direct when all of them stand in quotation marks."""
    quoted = plain = False
    for span in spans:
        place = span.start
        for quotation in quotations_in(page, span).values():
            quoted = True
            plain = plain or _WORD.search(page.text, place, max(place, quotation.start)) is not None
            place = quotation.end
        plain = plain or _WORD.search(page.text, place, max(place, span.end)) is not None
    if not quoted:
        return "indirect"
    return "mixed" if plain else "direct"


def is_behind_quotation(clause: Clause, index: int) -> bool:
    """Return whether a token closes a quotation or is the comma behind one."""
    return index >= 0 and (clause.masked[index] or (clause.word(index) == "," and index > 0 and clause.masked[index - 1]))


def holds_verb(clause: Clause, stop: int) -> bool:
    """Return whether what stands before a token is a clause: it has a finite verb, and does not open as a subordinate one."""
    words = [clause.word(j) for j in range(stop)]
    if words and (words[0] in _FRONTING or words[0] in PREPOSITIONS):
        words = words[words.index(",") + 1 :] if "," in words else []
    return len(words) >= _LONG_CLAUSE or any(_is_finite(word) for word in words)


def _is_finite(word: str) -> bool:
    return word in _FINITE or word.endswith(_CONTRACTIONS) or (word.endswith("ed") and len(word) > 4)


def _trimmed(clause: Clause, first: int, last: int) -> list[Run]:
    """Return the run without punctuation at its edges, as a list of one, or of none where nothing is left."""
    while first <= last and not clause.masked[first] and not clause.tokens.texts[first][0].isalnum():
        first += 1
    while first <= last and not clause.masked[last] and not clause.tokens.texts[last][-1].isalnum():
        last -= 1
    return [(first, last)] if first <= last else []


def _back_to_quotation(clause: Clause, low: int) -> int:
    """Return where the words between a quotation and a token begin, or the token itself where no quotation is near."""
    first = low
    while first > 0 and low - first < _SOURCE_REACH and not clause.masked[first - 1] and _is_word(clause, first - 1):
        first -= 1
    return first if is_behind_quotation(clause, first - 1) else low


def _is_word(clause: Clause, index: int) -> bool:
    return clause.tokens.texts[index][0].isalnum()


def _may_end(word: str) -> bool:
    """Return whether a word behind source and cue leaves them at the end of their clause."""
    return not word or word in SETTING or not word[0].isalnum()


def _closes(clause: Clause, low: int, cue: Cue) -> bool:
    """Return whether source and cue, from token ``low`` on, close or interrupt what is said: "…, Lund said on Monday"."""
    if low < 2 or cue.shape == "ing":
        return False
    before = clause.word(low - 1)
    after = cue.index + 1
    while is_adverb(clause.word(after)):
        after += 1
    if clause.masked[low - 1] or (before in _COMMA_OR_DASH and clause.masked[low - 2]):
        return clause.word(after) != "that" and (cue.cls != "position" or _may_end(clause.word(after)))
    if before not in _COMMA_OR_DASH or cue.cls == "position" or not holds_verb(clause, low - 1):
        return False
    if cue.lemma in TAKES_LISTENER and (listener := clause.starting_at(after)):
        after = listener.last + 1
    return _may_end(clause.word(after))


def content_around(clause: Clause, low: int, high: int, later: list[Report]) -> list[Run]:
    """Return what stands before source and cue (tokens ``low`` to ``high``) and, where it goes on, what follows them."""
    semicolons = (j + 1 for j in range(low - 1, -1, -1) if clause.word(j) == ";" and not clause.masked[j])
    before = _trimmed(clause, next(semicolons, 0), low - 1)
    after = high + 1
    if not before:
        return _trimmed(clause, after, _end(clause, after, clausal=True, later=later))
    if any(clause.masked[:low]) and (second := _quotation_behind(clause, after)):
        return [*before, *second]
    if clause.word(high) in _TELLS and (listener := clause.starting_at(after)):
        after = listener.last + 1
    following = clause.word(after + 1)
    goes_on = clause.word(after) == "," and not clause.masked[before[0][0]]
    if goes_on and following not in _REPORTER_AGAIN and not following.endswith("ing"):
        return [*before, *_trimmed(clause, after, _end(clause, after, clausal=True, later=later))]
    return before


def _quotation_behind(clause: Clause, after: int) -> list[Run]:
    """Return the second half of "“…,” he said in Bergen, “…”"."""
    n = len(clause.tokens)
    first = next((j for j in range(after, n) if clause.masked[j]), None)
    if first is None:
        return []
    last = next((j - 1 for j in range(first, n) if not clause.masked[j]), n - 1)
    return _trimmed(clause, first, last)


def _content_behind(clause: Clause, cue: Cue, later: list[Report]) -> list[Run]:
    """Return what follows a cue up to the end of its clause."""
    first, opening = _beginning(clause, cue)
    while clause.word(first) in _PARTICLES and not clause.masked[first] and clause.word(first + 1) != "be":
        first += 1
    clausal = cue.cls in ("speech", "belief") or clause.word(first) in ("that", "to") or opening == first
    return _trimmed(clause, first, _end(clause, first, clausal=clausal, later=later, cue=cue.index))


def _beginning(clause: Clause, cue: Cue) -> tuple[int, int | None]:
    """Return where the content behind a cue begins, and the "that" or the quotation that opens it, if any."""
    first = cue.index + 1
    near = range(first, min(first + _OPENING_REACH, len(clause.tokens)))
    opening = next((j for j in near if clause.masked[j] or clause.word(j) == "that"), None)
    if cue.lemma in TAKES_LISTENER and (listener := clause.starting_at(first)):
        first = listener.last + 1
        if opening is not None and opening > first:
            first = opening
    elif opening is not None and all(_is_setting(clause, j) for j in range(first, opening)):
        first = opening
    return first, opening


def _is_setting(clause: Clause, j: int) -> bool:
    word = clause.word(j)
    return word in SETTING or word in _WORDS_OF_SETTING or is_adverb(word)


def _end(clause: Clause, first: int, *, clausal: bool, later: list[Report], cue: int = 0) -> int:
    """Return the last token of the content that begins at a token; what is said is clausal, what is opposed is not."""
    limit = len(clause.tokens)
    starts: dict[int, Report] = {}
    for report in later:
        start = min([report.cue.index, *(phrase.first for phrase in report.phrases if phrase.first > first)])
        starts[start] = report
        if start > first + 1 and _closes(clause, start, report.cue):
            limit = min(limit, start)
    fronted = _is_fronted(clause, cue)
    for j in range(first, limit):
        if clause.masked[j]:
            if j + 1 in starts and starts[j + 1].rule == "shared_participle" and not clause.masked[j + 1]:
                return j  # the comma stands inside the marks: "…,” adding"
            continue
        word = clause.word(j)
        if word in (";", "—", "--") or (not clausal and (word in ("-", "–", "(") or (j > first and word in _ADJUNCTS))):
            return j - 1
        if word == "," and (fronted or (not clausal and j > first) or clause.word(j + 1) in _REPORTER_AGAIN):
            return j - 1
        if (word == "," or (word in ("and", "but") and j > first)) and _joins_report(clause, j, starts):
            return j - 1
    return limit - 1


def _joins_report(clause: Clause, j: int, starts: dict[int, Report]) -> bool:
    """Return whether a comma, "and" or "but" leads over to a report of its own."""
    behind, second = (starts[i].rule if i in starts else "" for i in (j + 1, j + 2))
    if clause.word(j) == ",":
        joined = clause.word(j + 1) in ("but", "and", "or") and second in ("coordinated", "name_then_verb")
        return joined or behind == "shared_participle"
    return behind == "coordinated"


def _is_fronted(clause: Clause, cue: int) -> bool:
    """Return whether a cue stands in a fronted clause, which ends at the comma: "Although he thanked them, he"."""
    return clause.word(0) in _FRONTING and not any(clause.word(j) == "," and not clause.masked[j] for j in range(cue))
