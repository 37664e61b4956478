"""The frozen values that pass between stages, the column names and the labels."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

ISSUES = ("sanctions", "ceasefire", "peace_process")
STANCES = ("support", "oppose", "neutral")
# The flag of a statement without a stance, because no label was probable enough.
ABSTAINED = "abstained"
QUOTE_TYPES = ("direct", "indirect", "mixed")
# What a cue tells of: words spoken or written; a stand taken; a belief, hope or wish; another act of mind or conduct.
CUE_CLASSES = ("speech", "position", "belief", "attitude")
# Those that tell what somebody has in mind rather than what they say or where they stand.
ATTITUDES = ("belief", "attitude")

# The public table: names, order and meaning stay (README, "What you get").
STATEMENT_COLUMNS = (
    "statement_id",
    "article_id",
    "outlet",
    "published",
    "url",
    "start",
    "end",
    "sentence",
    "quote",
    "quote_type",
    "cue",
    "speaker",
    "speaker_mention",
    "speaker_role",
    "speaker_actor",
    "issue",
    "sender",
    "recipient",
    "location",
    "target",
    "stance",
    "p_support",
    "p_oppose",
    "p_neutral",
    "flags",
    "model",
)
# Behind the public columns where near-duplicates are flagged: the id of the first article that this one nearly equals.
DUPLICATE_COLUMN = "duplicate_of"
# What an annotator may say of a row: it is a statement (then it has a stance), it is none, or they cannot tell.
VERDICTS = ("statement", "no_statement", "unsure")
# What an annotator may correct in a statement.
CODED_COLUMNS = ("speaker", "speaker_role", "speaker_actor", "issue", "sender", "recipient", "location", "target", "quote_type")
# The annotation table: one row a statement and annotator (README, "The annotation table").
ANNOTATION_COLUMNS = (
    *(name for name in STATEMENT_COLUMNS if name not in ("p_support", "p_oppose", "p_neutral", "flags", "model")),
    "verdict",
    "annotator",
    "decided_at",
    "adjudicated",
    "note",
)
# The table of `stance quotes`; content, source and cue hold [start, end] pairs, in CSV start:end joined by ";".
ATTRIBUTION_COLUMNS = (
    "article_id",
    "content",
    "source",
    "cue",
    "quote",
    "speaker_mention",
    "cue_text",
    "quote_type",
    "cue_class",
    "rule",
)
SPAN_COLUMNS = ("content", "source", "cue")
# Columns that hold several values: joined by ";" in CSV, arrays elsewhere.
LIST_COLUMNS = ("sender", "recipient", "location", "flags")
WHOLE_COLUMNS = ("start", "end")
NUMBER_COLUMNS = ("p_support", "p_oppose", "p_neutral")


# An article has hundreds of those that are tuples: they are made in half the time of a frozen dataclass (2026-11).
class Span(NamedTuple):
    """A stretch of an article, in code points: ``text[span.start:span.end]``."""

    start: int
    end: int

    def holds(self, other: Span) -> bool:
        """Return whether the other span lies wholly inside this one."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Article:
    """One news article as read; ``published`` is an ISO date, ``duplicate_of`` the id of an earlier article it nearly equals."""

    id: str
    text: str
    title: str | None = None
    published: str | None = None
    outlet: str | None = None
    url: str | None = None
    duplicate_of: str | None = None


class Sentence(NamedTuple):
    """A sentence and the number of the paragraph it stands in."""

    start: int
    end: int
    paragraph: int

    @property
    def span(self) -> Span:
        """The sentence as a bare span."""
        return Span(self.start, self.end)


class Quotation(NamedTuple):
    """Text in quotation marks, marks included; ``closed`` is false where the closing mark is missing."""

    start: int
    end: int
    closed: bool = True


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that name a state, organisation or group.

    ``kind`` says how: ``name``, ``demonym``, ``capital``, ``metonym`` (a seat or institution) or ``body``.
    """

    start: int
    end: int
    actor: str
    kind: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person as the article gives them: fullest name, role as given, actor code or None when not told."""

    name: str
    role: str | None = None
    actor: str | None = None
    gender: str | None = None
    first: int = 0


@dataclass(frozen=True, slots=True)
class Quote:
    """What a sentence attributes to somebody.

    ``source`` is the speaker's words in the article and None inside a running quotation; ``continued`` then
    is the position, in the article's list of quotes, of the quote that names the speaker.
    """

    sentence: int
    kind: str
    content: tuple[Span, ...]
    cue: Span | None
    source: Span | None
    rule: str
    continued: int | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attribution:
    """An attribution of any topic: the exact words attributed, the source's and the cue's; each may be in several pieces.

    ``kind`` is one of ``QUOTE_TYPES``, ``cue_class`` one of ``CUE_CLASSES``. A quotation without a cue is speech.
    """

    content: tuple[Span, ...]
    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    kind: str
    cue_class: str
    rule: str


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks: resolved name, words in the sentence, role, actor code, and the rule that decided."""

    name: str
    mention: str
    role: str | None
    actor: str | None
    rule: str
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """What a statement is about: the issue with its parties (actor codes), and the rule that decided."""

    issue: str
    sender: tuple[str, ...]
    recipient: tuple[str, ...]
    location: tuple[str, ...]
    label: str
    rule: str
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an article, one speaker, one target; the stance comes later, from the model.

    ``context`` is the text before the sentence that a reader needs to settle what it means.
    """

    statement_id: str
    article_id: str
    start: int
    end: int
    sentence: str
    quote: str
    quote_type: str
    cue: str
    speaker: Speaker
    target: Target
    context: str
    flags: tuple[str, ...]
    trace: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What one annotator decided of one statement.

    ``stance`` is None unless the verdict is ``statement``; ``fields`` holds the coded columns they changed; ``decided_at`` is
    UTC in ISO 8601, and empty until the decision is stored. ``adjudicated`` decisions settle what annotators disagree on.
    """

    statement_id: str
    annotator: str
    verdict: str
    stance: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    adjudicated: bool = False
    decided_at: str = ""


def statement_id(article_id: str, start: int, end: int, speaker: str, issue: str) -> str:
    """Return a stable id: the same article, offsets, speaker and issue give the same one."""
    key = "\x1f".join((article_id, str(start), str(end), speaker, issue))
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]
