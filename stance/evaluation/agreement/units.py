"""Puts together what several coders said of the same statement, by its id, or by sentence, target and speaker."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from stance.evaluation.agreement.codings import STATEMENT, Coding
from stance.evaluation.matching import LEAST_SHARED, same_name, share

# As in matching.py: what makes one pair of codings better than another, when several are possible.
_ACTOR_POINTS, _SPEAKER_POINTS = 3, 2
# Which pairs come first: the same statement of a list, the same issue, the same speaker on another issue.
_SAME_ID, _SAME_ISSUE, _OTHER_ISSUE = 0, 1, 2
_Link = tuple[int, float, int, int]


@dataclass(frozen=True, slots=True)
class Unit:
    """One statement as coders coded it, by coder; a coder who did not code it is not in it."""

    place: str
    codings: Mapping[str, Coding]

    @property
    def first(self) -> Coding:
        """The coding that shows the unit to people: a statement if there is one."""
        return min(self.codings.values(), key=lambda one: (one.verdict != STATEMENT, one.content))

    @property
    def added(self) -> bool:
        """Whether an annotator found it, and no list."""
        return any(one.added for one in self.codings.values())


def find_units(codings: Iterable[Coding], from_lists: Container[str] = ()) -> list[Unit]:
    """Return each statement once, in the order of places and offsets.

    Codings are joined one to one, the pair that is most alike first; stance and type of quotation have no say. They are of one
    statement when they have the same id; when they have the same issue and their spans share half of the shorter one; or, on
    different issues, when the speaker is the same as well. A decision that there is no statement needs the same speaker, too.
    Of coders who work ``from_lists``, different ids are different statements, unless one of the two was added by hand.
    """
    by_place: dict[str, list[Coding]] = defaultdict(list)
    for coding in codings:
        by_place[coding.place].append(coding)
    return [
        unit
        for place in sorted(by_place)
        for unit in _units_of(place, sorted(by_place[place], key=lambda one: one.content), from_lists)
    ]


def _units_of(place: str, codings: Sequence[Coding], from_lists: Container[str]) -> list[Unit]:
    groups = [{one.coder: one} for one in codings]
    group_of = list(range(len(codings)))
    for _, _, i, j in sorted(_find_links(codings, from_lists)):
        one, other = sorted((group_of[i], group_of[j]))
        if one != other and not groups[one].keys() & groups[other].keys():
            groups[one].update(groups[other])
            group_of = [one if number == other else number for number in group_of]
    return [Unit(place, group) for i, group in enumerate(groups) if group_of[i] == i]


def _find_links(codings: Sequence[Coding], from_lists: Container[str]) -> Iterator[_Link]:
    """Yield which codings may be of one statement: kind of link, likeness (negative), their numbers."""
    for i, j in {*_same_id(codings), *_same_span(codings)}:
        one, other = codings[i], codings[j]
        kind = _find_kind(one, other, listed=one.coder in from_lists and other.coder in from_lists)
        if kind is not None and one.coder != other.coder:
            yield kind, -_likeness(one, other), i, j


def _find_kind(one: Coding, other: Coding, *, listed: bool) -> int | None:
    if one.statement_id and one.statement_id == other.statement_id:
        return _SAME_ID
    if listed and one.statement_id and other.statement_id and not (one.added or other.added):
        return None
    both = one.verdict == other.verdict == STATEMENT
    same_speaker = same_name(one.speaker, other.speaker)
    if one.issue == other.issue and (both or same_speaker):
        return _SAME_ISSUE
    return _OTHER_ISSUE if both and same_speaker else None


def _same_id(codings: Sequence[Coding]) -> Iterator[tuple[int, int]]:
    by_id: dict[str, list[int]] = defaultdict(list)
    for i, coding in enumerate(codings):
        if coding.statement_id:
            by_id[coding.statement_id].append(i)
    for numbers in by_id.values():
        yield from ((i, j) for place, i in enumerate(numbers) for j in numbers[place + 1 :])


def _same_span(codings: Sequence[Coding]) -> Iterator[tuple[int, int]]:
    """Yield pairs whose spans share enough, or whose sentence is the same where there are no offsets; sorted by start."""
    for i, one in enumerate(codings):
        for j in range(i + 1, len(codings)):
            other = codings[j]
            if one.span is None or other.span is None:
                if one.span is None and other.span is None and one.sentence and one.sentence == other.sentence:
                    yield i, j
            elif other.span.start >= one.span.end:
                break
            elif share(one.span, other.span) >= LEAST_SHARED:
                yield i, j


def _likeness(one: Coding, other: Coding) -> float:
    return (
        _ACTOR_POINTS * (one.speaker_actor == other.speaker_actor)
        + _SPEAKER_POINTS * same_name(one.speaker, other.speaker)
        + (one.sender == other.sender)
        + (one.recipient == other.recipient)
        + (one.location == other.location)
        + (share(one.span, other.span) if one.span and other.span else 1.0)
    )
