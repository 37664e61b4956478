"""Pairs extracted statements with gold records of the same article and issue, and says which of their labels are right."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from stance.errors import InputError
from stance.records import ISSUES, Span, Statement

# Two spans speak of the same sentence when they share at least this much of the shorter one.
LEAST_SHARED = 0.5
# The same for the words of two names: "Lund" is "Foreign Minister Kari Lund".
_LEAST_SHARED_WORDS = 0.5
# What makes one pair of records better than another, when several are possible: the actor says most.
_ACTOR_POINTS, _SPEAKER_POINTS = 3, 2
_NEEDED = ("article_id", "start", "end", "speaker", "speaker_actor", "issue", "sender", "recipient", "location")
_BETWEEN_CODES = re.compile(r"[;,\s'\"\[\]]+")


@dataclass(frozen=True, slots=True)
class GoldRecord:
    """A statement as a person coded it; ``optional`` marks one the coder was not sure of."""

    span: Span
    speaker: str
    actor: str
    issue: str
    sender: frozenset[str]
    recipient: frozenset[str]
    location: frozenset[str]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Gold:
    """Gold records of every article that was coded, none for one without statements; ``notes`` say what was left out."""

    by_article: Mapping[str, tuple[GoldRecord, ...]]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """An extracted statement beside its gold record, None where there is none; labels are right only of a matched one."""

    statement: Statement
    gold: GoldRecord | None

    @property
    def doubtful(self) -> bool:
        """Whether its gold record is optional: neither right nor wrong."""
        return self.gold is not None and self.gold.optional

    @property
    def matched(self) -> bool:
        """Whether a firm gold record stands behind it."""
        return self.gold is not None and not self.gold.optional

    @property
    def actor_right(self) -> bool:
        """Whether it is matched and speaks for the same state or organisation."""
        return self.matched and self.gold is not None and same_actor(self.gold, self.statement)

    @property
    def speaker_right(self) -> bool:
        """Whether it is matched and half the words of the shorter name are the same."""
        return self.matched and self.gold is not None and same_name(self.gold.speaker, self.statement.speaker.name)

    @property
    def parties_right(self) -> bool:
        """Whether it is matched and sender, recipient and location are all right."""
        return self.matched and self.gold is not None and n_same_parties(self.gold, self.statement) == 3


def read_gold(rows: Iterable[Mapping[Any, Any]]) -> Gold:
    """Return the gold records of a table's rows; a row without an issue says that its article was read and holds none.

    Raises
    ------
    InputError
        If a needed column is missing, or no row can be used.
    """
    kept: dict[str, list[GoldRecord]] = {}
    left_out: Counter[str] = Counter()
    rows = list(rows)
    names = {name for row in rows for name in row}
    if rows and (missing := [name for name in _NEEDED if name not in names]):
        lacks, has = (", ".join(map(repr, found)) for found in (missing, sorted(map(str, names))))
        msg = f"The gold table has no column {lacks}; it has {has}."
        raise InputError(msg)
    for row in rows:
        article_id, issue = _text(row["article_id"]), _text(row.get("issue"))
        if not article_id:
            left_out["no article_id"] += 1
        elif not issue:
            kept.setdefault(article_id, [])
        elif issue not in ISSUES:
            left_out[f"the issue {issue[:40]!r} is not one of {', '.join(ISSUES)}"] += 1
        elif (span := _span(row)) is None:
            left_out["start and end are no offsets"] += 1
        else:
            kept.setdefault(article_id, []).append(_record(row, span, issue))
    if not kept:
        msg = f"There are no gold records to score against: {len(rows)} rows, none usable."
        raise InputError(msg)
    notes = tuple(f"{count} gold rows left out: {reason}" for reason, count in left_out.most_common())
    return Gold({article_id: tuple(records) for article_id, records in kept.items()}, notes)


def _text(cell: Any) -> str:
    return cell.strip() if isinstance(cell, str) else str(cell) if isinstance(cell, int) else ""


def _span(row: Mapping[Any, Any]) -> Span | None:
    start, end = row.get("start"), row.get("end")
    return Span(start, end) if isinstance(start, int) and isinstance(end, int) and 0 <= start < end else None


def _record(row: Mapping[Any, Any], span: Span, issue: str) -> GoldRecord:
    return GoldRecord(
        span,
        _text(row.get("speaker")),
        fold_code(_text(row.get("speaker_actor"))),
        issue,
        read_codes(row.get("sender")),
        read_codes(row.get("recipient")),
        read_codes(row.get("location")),
        str(row.get("optional")).lower() == "true",
    )


def read_codes(cell: Any) -> frozenset[str]:
    """Return the codes of a cell: a list, or text in which they are joined by ";"."""
    parts = _BETWEEN_CODES.split(cell) if isinstance(cell, str) else cell if isinstance(cell, list | tuple) else ()
    return frozenset(code for part in parts if (code := fold_code(str(part))))


@lru_cache(maxsize=4096)
def fold_code(code: str) -> str:
    """Return an actor code as it is compared: capitals and digits only."""
    return "".join(char for char in code.upper() if char.isalnum())


def match_statements(records: Sequence[GoldRecord], statements: Sequence[Statement]) -> list[Judged]:
    """Return the statements of one article, each with its gold record: one to one, the pair that agrees most first."""
    candidates = [
        (_agreement(record, statement), i, j)
        for i, record in enumerate(records)
        for j, statement in enumerate(statements)
        if record.issue == statement.target.issue and share(record.span, span_of(statement)) >= LEAST_SHARED
    ]
    gold_of: dict[int, GoldRecord] = {}
    taken: set[int] = set()
    for _, i, j in sorted(candidates, key=lambda candidate: (-candidate[0], *candidate[1:])):
        if i not in taken and j not in gold_of:
            taken.add(i)
            gold_of[j] = records[i]
    return [Judged(statement, gold_of.get(j)) for j, statement in enumerate(statements)]


def span_of(statement: Statement) -> Span:
    """Return where the statement's sentence stands."""
    return Span(statement.start, statement.end)


def share(one: Span, other: Span) -> float:
    """Return how much of the shorter span the two have in common, at most 1; below 0 where there is a gap between them.

    >>> share(Span(0, 10), Span(5, 100))
    0.5
    """
    common = min(one.end, other.end) - max(one.start, other.start)
    return common / max(1, min(one.end - one.start, other.end - other.start))


def _agreement(record: GoldRecord, statement: Statement) -> float:
    return (
        _ACTOR_POINTS * same_actor(record, statement)
        + _SPEAKER_POINTS * same_name(record.speaker, statement.speaker.name)
        + n_same_parties(record, statement)
        + share(record.span, span_of(statement))
    )


def same_actor(record: GoldRecord, statement: Statement) -> bool:
    """Return whether both speak for the same state or organisation, or both for none."""
    return record.actor == fold_code(statement.speaker.actor or "")


def n_same_parties(record: GoldRecord, statement: Statement) -> int:
    """Return how many of sender, recipient and location agree: the same sets, for a location one place in common."""
    target = statement.target
    location = read_codes(target.location)
    return (
        (record.sender == read_codes(target.sender))
        + (record.recipient == read_codes(target.recipient))
        + (bool(record.location & location) if record.location and location else record.location == location)
    )


def same_name(one: str, other: str) -> bool:
    """Return whether half the words of the shorter name stand in the other; accents, case and hyphens don't matter.

    >>> same_name("Foreign Minister Zoë Brún", "Brun")
    True
    """
    words, others = _name_words(one), _name_words(other)
    if not words or not others:
        return words == others
    return len(words & others) >= _LEAST_SHARED_WORDS * min(len(words), len(others))


@lru_cache(maxsize=4096)
def _name_words(name: str) -> frozenset[str]:
    plain = "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
    plain = re.sub("[’']s(?=\\s|$)|-", " ", plain.casefold().replace("ı", "i"))
    return frozenset(word for part in plain.split() if (word := "".join(filter(str.isalnum, part))))
