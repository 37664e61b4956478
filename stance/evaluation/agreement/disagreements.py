"""The list of what annotators disagree on, what matters most first."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from stance.evaluation.agreement.codings import ADJUDICATED, NO_STATEMENT, STATEMENT
from stance.evaluation.agreement.fields import FIELDS, Item

NOT_FOUND = "not found"
# After support against oppose and either against neutral: what changes which statements there are, then what they say.
_ORDER = ("stance", "statement", *(field for field in FIELDS if field not in ("stance", "statement")))


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two annotators on one field of one statement; lists are joined by ``;``.

    ``adjudicated`` is what was decided of it later, None where nothing was.
    """

    field: str
    first_annotator: str
    first: str
    second_annotator: str
    second: str
    adjudicated: str | None
    article_id: str
    start: int | None
    end: int | None
    sentence: str
    speaker: str
    issue: str
    target: str
    statement_id: str


def find_disagreements(items: Mapping[str, Iterable[Item]]) -> list[Disagreement]:
    """Return every pair of values that differ, of the items of each field: support against oppose first."""
    found = [one for field, asked in items.items() for item in asked for one in _of_item(field, item)]
    return sorted(found, key=_rank)


def _of_item(field: str, item: Item) -> Iterator[Disagreement]:
    if item.unit is None:
        return
    for one, other in combinations(sorted(set(item.values) - {ADJUDICATED}), 2):
        if item.values[one] != item.values[other]:
            shown = item.unit.first
            yield Disagreement(
                field,
                one,
                _say(item, one),
                other,
                _say(item, other),
                _say(item, ADJUDICATED) if ADJUDICATED in item.values else None,
                shown.article_id,
                shown.span.start if shown.span else None,
                shown.span.end if shown.span else None,
                shown.sentence,
                shown.speaker,
                shown.issue,
                shown.target,
                shown.statement_id,
            )


def _say(item: Item, coder: str) -> str:
    value: Hashable = item.values[coder]
    if value == NO_STATEMENT and item.unit is not None and coder not in item.unit.codings:
        return NOT_FOUND
    if value == STATEMENT and item.unit is not None:
        return f"{STATEMENT} ({item.unit.codings[coder].stance})"
    return ";".join(sorted(value)) if isinstance(value, frozenset) else str(value)


def _rank(one: Disagreement) -> tuple[int, bool, str, int, str, str]:
    reversed_stance = one.field == "stance" and "neutral" not in (one.first, one.second)
    # A statement that is neutral is missed with less harm.
    neutral = "neutral" in one.first or "neutral" in one.second
    place = (one.article_id, -1 if one.start is None else one.start, one.first_annotator, one.second_annotator)
    return (-1 if reversed_stance else _ORDER.index(one.field), neutral and one.field == "statement", *place)
