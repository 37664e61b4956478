"""Reads an annotation table into codings, one a row: what one coder said of one statement, ready to be compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stance.errors import InputError
from stance.evaluation.matching import fold_code, read_codes
from stance.model.rows import as_rows
from stance.records import ANNOTATION_COLUMNS, STANCES, VERDICTS, Span

if TYPE_CHECKING:
    import pandas as pd

STATEMENT, NO_STATEMENT, UNSURE = VERDICTS
# Stands in the place of an annotator's name where a decision settles what annotators disagree on.
ADJUDICATED = ""
_READ = (*ANNOTATION_COLUMNS, "added_by")


@dataclass(frozen=True, slots=True)
class Coding:
    """What one coder said of one statement; ``span`` is None where the table has no offsets.

    ``place`` is its article, or its sentence where it names none. ``added`` says that an annotator found it, and no list.
    """

    coder: str
    place: str
    statement_id: str
    article_id: str
    span: Span | None
    sentence: str
    target: str
    verdict: str
    issue: str
    speaker: str
    speaker_actor: str
    sender: frozenset[str]
    recipient: frozenset[str]
    location: frozenset[str]
    stance: str
    quote_type: str
    added: bool
    decided_at: str

    @property
    def content(self) -> tuple[Any, ...]:
        """All that was said, without who said it and when: codings are put in order by it, so that names don't matter."""
        span = (self.span.start, self.span.end) if self.span else (-1, -1)
        parties = tuple(tuple(sorted(one)) for one in (self.sender, self.recipient, self.location))
        said = (self.issue, self.speaker, self.speaker_actor, *parties, self.quote_type, self.verdict, self.stance)
        return (*span, self.sentence, *said, self.target, self.statement_id)


@dataclass(frozen=True, slots=True)
class Codings:
    """The codings of a table, those of adjudicators under ``ADJUDICATED``; ``seen`` holds the places each annotator has seen.

    ``from_lists`` are annotators who work through a list: they have rejected a statement, or were unsure of one. ``notes`` say
    what was left out.
    """

    rows: tuple[Coding, ...]
    seen: Mapping[str, frozenset[str]]
    from_lists: frozenset[str]
    notes: tuple[str, ...]

    @property
    def annotators(self) -> tuple[str, ...]:
        """Who coded, by name, without adjudicators."""
        return tuple(sorted(self.seen))

    def count_seen(self) -> Counter[str]:
        """Return how many annotators have seen each place."""
        return Counter(place for places in self.seen.values() for place in places)


def read_codings(table: pd.DataFrame) -> Codings:
    """Return what each coder said, a row at a time.

    A row without ``verdict`` but with a stance is a statement. A row that has only an annotator and an ``article_id`` says that
    the article was read. Of several decisions of one coder on one statement the last counts.

    Raises
    ------
    InputError
        If there is no column ``annotator`` or ``stance``, or a verdict or stance is not a known one.
    """
    if missing := [name for name in ("annotator", "stance") if name not in table.columns]:
        found = ", ".join(repr(str(name)) for name in table.columns) or "none"
        msg = f"The annotations have no column {' and no column '.join(map(repr, missing))}; the columns are {found}."
        raise InputError(msg)
    left_out: Counter[str] = Counter()
    seen: dict[str, set[str]] = {}
    found_rows: list[Coding] = []
    for number, row in enumerate(as_rows(table[[name for name in _READ if name in table.columns]]), start=1):
        coder = ADJUDICATED if _is_true(row.get("adjudicated")) else _text(row.get("annotator"))
        verdict = _read_verdict(row, number)
        place = _find_place(row)
        if not coder and not _is_true(row.get("adjudicated")):
            left_out["no annotator"] += 1
        elif not place:
            left_out["nothing says of which statement: no article_id, sentence or statement_id"] += 1
        elif not verdict and (_text(row.get("issue")) or _text(row.get("sentence"))):
            left_out["nothing decided"] += 1
        else:
            if coder:
                seen.setdefault(coder, set()).add(place)
            if verdict:
                found_rows.append(_read_row(row, coder, place, verdict))
    rows = list(_latest(found_rows))
    left_out["superseded by a later decision of the same annotator, or the same row again"] += len(found_rows) - len(rows)
    notes = tuple(f"{count} rows left out: {reason}" for reason, count in left_out.most_common() if count)
    from_lists = frozenset(row.coder for row in rows if row.verdict != STATEMENT)
    return Codings(tuple(rows), {coder: frozenset(places) for coder, places in seen.items()}, from_lists, notes)


def _read_verdict(row: Mapping[str, Any], number: int) -> str:
    stance = _text(row.get("stance")).lower()
    verdict = _text(row.get("verdict")).lower() or (STATEMENT if stance else "")
    if verdict and verdict not in VERDICTS:
        msg = f"Row {number}: the verdict {verdict!r} is not one of {', '.join(VERDICTS)}."
        raise InputError(msg)
    if verdict == STATEMENT and stance not in STANCES:
        msg = f"Row {number}: the stance {stance!r} is not one of {', '.join(STANCES)}."
        raise InputError(msg)
    return verdict


def _read_row(row: Mapping[str, Any], coder: str, place: str, verdict: str) -> Coding:
    return Coding(
        coder=coder,
        place=place,
        statement_id=_text(row.get("statement_id")),
        article_id=_text(row.get("article_id")),
        span=_read_span(row),
        sentence=_text(row.get("sentence")),
        target=_text(row.get("target")),
        verdict=verdict,
        issue=_text(row.get("issue")),
        speaker=_text(row.get("speaker")),
        speaker_actor=fold_code(_text(row.get("speaker_actor"))),
        sender=read_codes(row.get("sender")),
        recipient=read_codes(row.get("recipient")),
        location=read_codes(row.get("location")),
        stance=_text(row.get("stance")).lower() if verdict == STATEMENT else "",
        quote_type=_text(row.get("quote_type")),
        added=bool(_text(row.get("added_by"))),
        decided_at=_text(row.get("decided_at")),
    )


def _latest(rows: Iterable[Coding]) -> Iterator[Coding]:
    """Leave out what was decided anew, and rows that are given twice."""
    kept: dict[tuple[Any, ...], Coding] = {}
    for row in rows:
        # Without a time, the same made-up id may stand for two targets of one sentence: then only the same content is the same.
        dated = row.decided_at and row.statement_id
        key = (row.coder, row.place, row.statement_id) if dated else (row.coder, row.place, *row.content)
        known = kept.get(key)
        # By time, not by place in the table; of two at the same time the one whose content comes last.
        if known is None or (known.decided_at, known.content) < (row.decided_at, row.content):
            kept[key] = row
    return iter(kept.values())


def _find_place(row: Mapping[str, Any]) -> str:
    return next((f"{name} {text}" for name in ("article_id", "sentence", "statement_id") if (text := _text(row.get(name)))), "")


def _read_span(row: Mapping[str, Any]) -> Span | None:
    try:
        start, end = int(float(row["start"])), int(float(row["end"]))
    except (KeyError, TypeError, ValueError):
        return None
    return Span(start, end) if 0 <= start < end else None


def _text(cell: Any) -> str:
    return "" if cell is None or (isinstance(cell, float) and cell != cell) else str(cell).strip()


def _is_true(cell: Any) -> bool:
    return _text(cell).lower() in ("true", "1", "1.0", "yes")
