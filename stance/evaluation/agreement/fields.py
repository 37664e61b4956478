"""What coders are compared on: whether there is a statement, and of the same statement each of its fields."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from stance.evaluation.agreement.codings import ADJUDICATED, NO_STATEMENT, STATEMENT, UNSURE, Coding, Codings
from stance.evaluation.agreement.coefficients import Ratings, masi_distances
from stance.evaluation.agreement.units import Unit
from stance.evaluation.matching import LEAST_SHARED, same_name, share
from stance.records import Span
from stance.targets.mentions import load_issues

PARTIES = ("sender", "recipient", "location")
# In the order they are shown; "sentence" only where the articles' text is at hand.
FIELDS = ("statement", "sentence", "issue", "speaker", "speaker_actor", *PARTIES, "stance", "quote_type")
# Both say whether there is a statement, of what was coded or of every sentence.
FOUND = ("statement", "sentence")


@dataclass(frozen=True, slots=True)
class Item:
    """What each coder said on one thing; ``unit`` is None for a sentence."""

    place: str
    values: Mapping[str, Hashable]
    unit: Unit | None = None


def ask_statement(units: Iterable[Unit], codings: Codings) -> Iterator[Item]:
    """Yield of every statement who found it.

    An annotator who is unsure says nothing. One who has seen the article and has no decision on the statement did not find it;
    but one who works through a list has then not come to it yet, unless somebody added it by hand.
    """
    for unit in units:
        found = {one.coder: one.verdict for one in unit.codings.values() if one.verdict != UNSURE}
        for coder in codings.annotators:
            missed = unit.place in codings.seen[coder] and (unit.added or coder not in codings.from_lists)
            if missed and coder not in unit.codings:
                found[coder] = NO_STATEMENT
        yield Item(unit.place, found, unit)


def ask_sentence(sentences: Mapping[str, Sequence[Span]], codings: Codings) -> Iterator[Item]:
    """Yield of every sentence of each article (by place) who found a statement in it, among those who have seen the article."""
    by_place: dict[str, list[Coding]] = defaultdict(list)
    for row in codings.rows:
        if row.span is not None and row.coder != ADJUDICATED:
            by_place[row.place].append(row)
    for place, spans in sentences.items():
        for span in spans:
            here = [row for row in by_place[place] if row.span is not None and share(span, row.span) >= LEAST_SHARED]
            stated = {row.coder for row in here if row.verdict == STATEMENT}
            unsure = {row.coder for row in here if row.verdict == UNSURE} - stated
            coders = [coder for coder in codings.annotators if place in codings.seen[coder] and coder not in unsure]
            yield Item(place, {coder: STATEMENT if coder in stated else NO_STATEMENT for coder in coders})


def ask_field(units: Iterable[Unit], field: str) -> Iterator[Item]:
    """Yield of every statement what those who found it say of a field; but for the issue itself, only those with the same one."""
    read = _READERS[field]
    for unit in units:
        stated = [one for one in unit.codings.values() if one.verdict == STATEMENT]
        if field == "issue":
            yield Item(unit.place, {one.coder: one.issue for one in stated}, unit)
            continue
        by_issue: dict[str, list[Coding]] = defaultdict(list)
        for one in stated:
            by_issue[one.issue].append(one)
        for issue, same in sorted(by_issue.items()):
            if field not in PARTIES or _is_asked(field, issue, same):
                yield Item(unit.place, read(same), unit)


def _is_asked(field: str, issue: str, codings: Iterable[Coding]) -> bool:
    """Return whether an issue has such parties; of one that does not come with the package, whether anybody names any."""
    parties = _parties_of_issues().get(issue)
    return any(getattr(one, field) for one in codings) if parties is None else field in parties


@cache
def _parties_of_issues() -> Mapping[str, tuple[str, ...]]:
    return {issue.name: tuple(name for name in PARTIES if name in issue.parties.split("_")) for issue in load_issues()}


def _read_plain(field: str) -> Callable[[Sequence[Coding]], dict[str, Hashable]]:
    return lambda codings: {one.coder: getattr(one, field) for one in codings}


def _read_speakers(codings: Sequence[Coding]) -> dict[str, Hashable]:
    """Return the fullest of the names that are one by ``same_name``: half the words of the shorter one stand in the other."""
    fullest: list[str] = []
    named: dict[str, str] = {}
    for name in sorted({one.speaker for one in codings}, key=lambda name: (-len(name), name)):
        named[name] = next((known for known in fullest if same_name(known, name)), name)
        fullest.append(named[name])
    return {one.coder: named[one.speaker] for one in codings}


_READERS = {field: _read_speakers if field == "speaker" else _read_plain(field) for field in FIELDS if field not in FOUND}


def rate(items: Sequence[Item], field: str, coders: Sequence[str], places: Sequence[str]) -> Ratings:
    """Return the items as numbers: a column for each coder, a group for each place."""
    values = _order_values(field, {value for item in items for value in item.values.values()})
    number, column = {value: i for i, value in enumerate(values)}, {coder: i for i, coder in enumerate(coders)}
    codes = np.full((len(items), len(coders)), -1, dtype=np.int64)
    for i, item in enumerate(items):
        for coder, value in item.values.items():
            if coder in column:
                codes[i, column[coder]] = number[value]
    group = {place: i for i, place in enumerate(places)}
    groups = np.array([group[item.place] for item in items], dtype=np.int64)
    return Ratings(codes, groups, values, masi_distances(values) if field in PARTIES else None)


def _order_values(field: str, values: set[Any]) -> tuple[Any, ...]:
    if field in FOUND:
        return (STATEMENT, NO_STATEMENT)
    return tuple(sorted(values, key=sorted if field in PARTIES else None))
