"""A sentence opened for the rules: its words, the phrases among them, which stand in quotation marks, and what to step over."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from stance.lexicon import is_channel, read_words, word_set
from stance.phrases import PREPOSITIONS, TIME_WORDS, Phrase, phrases_of
from stance.quotes.cues import AUXILIARIES, BE, MODALS, is_adverb
from stance.records import Quotation, Span
from stance.text import Page, Tokens, find_tokens

_QUOTE_MARKS = frozenset("\"“”„«»‘’'") | {"``", "''"}
CLAUSE_OPENERS = word_set("clause_openers") | _QUOTE_MARKS
_TIME_TAIL = word_set("time_tail")


@dataclass
class Clause:
    """A sentence's tokens with its phrases, and what the cues so far have settled."""

    tokens: Tokens
    phrases: list[Phrase]
    masked: list[bool]
    subjects: list[tuple[int, tuple[Phrase, ...]]] = field(default_factory=list)  # (cue index, sources)

    def __post_init__(self) -> None:
        self._lowers = self.tokens.lowers
        self._starts = {phrase.first: phrase for phrase in self.phrases}
        self._ends: dict[int, Phrase] = {}
        for phrase in self.phrases:
            self._ends.setdefault(phrase.core, phrase)
            self._ends.setdefault(phrase.last, phrase)

    def ending_at(self, index: int) -> Phrase | None:
        """Return the phrase whose core or tail ends at a token."""
        return self._ends.get(index)

    def starting_at(self, index: int) -> Phrase | None:
        """Return the phrase that starts at a token."""
        return self._starts.get(index)

    def word(self, index: int) -> str:
        """Return a token in lower case, "" outside the sentence."""
        return self._lowers[index] if 0 <= index < len(self._lowers) else ""


def skip_left(clause: Clause, i: int) -> tuple[int, list[str]]:
    """Step left over auxiliaries, adverbs and times; return where it stops and the auxiliaries met."""
    met: list[str] = []
    seen_time = False
    while i >= 0 and not clause.masked[i]:
        word = clause.word(i)
        if word in AUXILIARIES or word in BE or word in MODALS:
            met.append(word)
        elif word in TIME_WORDS or word.isdigit():
            seen_time = True
        elif not is_adverb(word) and not (seen_time and word in _TIME_TAIL) and word not in ("week", "month", "year", "night"):
            break
        elif word in ("week", "month", "year", "night"):
            seen_time = True
        i -= 1
    return i, met


def after_preposition(clause: Clause, phrase: Phrase) -> bool:
    """Return whether a preposition within three words before governs the phrase."""
    j = phrase.first - 1
    for _ in range(3):
        word = clause.word(j)
        if word in PREPOSITIONS:
            return True
        if not word.isalpha() or word in CLAUSE_OPENERS:
            return False
        j -= 1
    return False


def joined(clause: Clause, phrase: Phrase) -> tuple[Phrase, ...]:
    """Return the phrase with those joined to it by "and": "Kerry and Lavrov said"."""
    found = [phrase]
    while len(found) < 3:
        first = found[0].first
        if clause.word(first - 1) not in ("and", ",") or (clause.word(first - 1) == "," and len(found) == 1):
            break
        before = first - 2 if clause.word(first - 2) != "," else first - 3
        other = clause.ending_at(before)
        if other is None or other.first >= first or other.kind == "document":
            break
        if len(found) == 1 and _is_clause_end(clause, other):
            break
        found.insert(0, other)
    return tuple(found)


def _is_clause_end(clause: Clause, phrase: Phrase) -> bool:
    """Return whether a phrase before "and" is the object of an earlier verb, not half of a subject."""
    return after_preposition(clause, phrase) or (
        phrase.first > 0 and clause.word(phrase.first - 1) not in CLAUSE_OPENERS and clause.word(phrase.first - 1).isalpha()
    )


def joined_forward(clause: Clause, phrase: Phrase) -> tuple[Phrase, ...]:
    """Return the phrase with one that follows behind "and"."""
    if clause.word(phrase.last + 1) == "and" and (second := clause.starting_at(phrase.last + 2)):
        return (phrase, second)
    return (phrase,)


def is_object(clause: Clause, phrase: Phrase) -> bool:
    """Return whether a phrase is the object of a verb or the like: right behind a word that opens no clause."""
    before = clause.word(phrase.first - 1)
    return phrase.first > 0 and before.isalpha() and before not in CLAUSE_OPENERS and before not in PREPOSITIONS


def quotations_in(page: Page, span: Span) -> dict[int, Quotation]:
    """Return the quotations that share text with a span, by their position in the article."""
    low = max(0, bisect_left(page.quotations, (span.start + 1,)) - 1)  # the one before may reach into the span
    high = bisect_left(page.quotations, (span.end,))
    return {i: page.quotations[i] for i in range(low, high) if span.start < page.quotations[i].end}


def is_inside_quotation(page: Page, number: int, quotations: Iterable[Quotation]) -> bool:
    """Return whether a sentence stands wholly inside one of the quotations."""
    sentence = page.sentences[number]
    return any(quotation.start <= sentence.start and sentence.end <= quotation.end for quotation in quotations)


def read_clause(page: Page, number: int, quotations: Collection[Quotation]) -> Clause:
    """Return a sentence's words and phrases, the words inside the quotations masked."""
    tokens = page.tokens(number)
    return Clause(tokens, phrases_of(page, number), _masked(tokens, quotations))


_CHANNEL_ENDS = frozenset(find_tokens(name).lowers[-1] for name in read_words("channels"))


def is_channel_phrase(page: Page, clause: Clause, phrase: Phrase) -> bool:
    """Return whether a phrase is a newspaper or agency, which carries what others say (codebook, rule 8)."""
    if clause.tokens.lowers[phrase.core] not in _CHANNEL_ENDS:
        return False
    return is_channel(page.text[clause.tokens.starts[phrase.first] : clause.tokens.ends[phrase.core]])


def _masked(tokens: Tokens, quotations: Collection[Quotation]) -> list[bool]:
    masked = [False] * len(tokens)
    for quotation in quotations:
        for i in range(bisect_left(tokens.starts, quotation.start), bisect_left(tokens.starts, quotation.end)):
            masked[i] = True
    return masked
