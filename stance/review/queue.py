"""Says which statement comes next: the order, what is kept of it by filters, and what lies before and behind."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import asdict, astuple, dataclass
from functools import cached_property
from itertools import chain
from typing import Any

from stance.files.store import AnnotationStore
from stance.records import STANCES

ORDERS = ("uncertain", "file")


@dataclass(frozen=True, slots=True)
class Item:
    """What the queue knows of a statement: what it can be filtered by, and why it stands where it does.

    ``confidence`` is the model's best probability, None where there is none; ``reason`` is one of ``training.selection.REASONS``,
    or "" where the order is the file's.
    """

    statement_id: str
    issue: str = ""
    actor: str = ""
    stance: str = ""
    confidence: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which statements are shown: one of the values in each field, any where it is empty; ``below`` limits the confidence."""

    issue: tuple[str, ...] = ()
    actor: tuple[str, ...] = ()
    stance: tuple[str, ...] = ()
    below: float | None = None

    def admits(self, item: Item) -> bool:
        """Return whether a statement is shown; one without probabilities is below any limit."""
        return (
            (not self.issue or item.issue in self.issue)
            and (not self.actor or item.actor in self.actor)
            and (not self.stance or item.stance in self.stance)
            and (self.below is None or item.confidence is None or item.confidence < self.below)
        )

    def pairs(self) -> list[tuple[str, str]]:
        """Return the filters as the names and values of a web address."""
        return [
            (name, str(value))
            for name, values in asdict(self).items()
            for value in (values if isinstance(values, tuple) else [values])
            if value is not None
        ]


NO_FILTERS = Filters()


@dataclass(frozen=True)
class Selection:
    """Statements in the order in which they are shown."""

    items: tuple[Item, ...]

    @cached_property
    def places(self) -> dict[str, int]:
        """Statement id -> place in the order, from 0."""
        return {item.statement_id: place for place, item in enumerate(self.items)}

    def step(self, statement_id: str, by: int) -> str | None:
        """Return the id so many places behind (or before) a statement; None beyond the ends, or if it is not in the order."""
        place = self.places.get(statement_id)
        wanted = -1 if place is None else place + by
        return self.items[wanted].statement_id if 0 <= wanted < len(self.items) else None

    def next_open(self, decided: Container[str], after: str | None = None) -> str | None:
        """Return the first undecided statement behind a given one, or, where none is, from the start."""
        first = self.places.get(after, -1) + 1 if after is not None else 0
        turns = chain(range(first, len(self.items)), range(first))
        return next((self.items[i].statement_id for i in turns if self.items[i].statement_id not in decided), None)

    def count(self, decided: Iterable[str]) -> int:
        """Return how many of these statements are decided."""
        return sum(statement_id in self.places for statement_id in decided)


class Queue:
    """The statements of a store in their order; what filters leave of it is worked out once for each.

    ``values`` are those of each field that can be filtered by, sorted, without the empty one.
    """

    def __init__(self, items: Iterable[Item]) -> None:
        self.items = tuple(items)
        self._selections: dict[tuple[Filters, tuple[Item, ...]], Selection] = {}
        names = ("issue", "actor", "stance")
        self.values = {name: sorted({getattr(item, name) for item in self.items} - {""}) for name in names}

    def select(self, filters: Filters, more: tuple[Item, ...] = ()) -> Selection:
        """Return what the filters leave of the queue, with further statements at its end."""
        key = filters, more
        if key not in self._selections:
            if len(self._selections) > _MAX_SELECTIONS:
                self._selections.clear()
            self._selections[key] = Selection((*filter(filters.admits, self.items), *more))
        return self._selections[key]


_MAX_SELECTIONS = 32


def as_item(row: Mapping[str, Any], reason: str = "") -> Item:
    """Return what the queue needs of a row of the statement table."""
    chances = [row.get(f"p_{stance}") for stance in STANCES]
    known = [float(chance) for chance in chances if chance is not None and chance == chance]
    texts = {name: row.get(name) for name in ("issue", "speaker_actor", "stance")}
    issue, actor, stance = (value if isinstance(value, str) else "" for value in texts.values())
    return Item(str(row["statement_id"]), issue, actor, stance, max(known, default=None), reason)


def order_items(
    store: AnnotationStore,
    *,
    order: str = "uncertain",
    random_share: float = 0.2,
    seed: int = 0,
    on_work: Callable[[], None] = lambda: None,
) -> tuple[Item, ...]:
    """Return the given statements of a store in order: ``uncertain`` first (with others among them), or as in the ``file``.

    The order depends on nothing but the statements and the arguments and is kept in the store, so that a review goes on where it
    stopped and starts at once; ``on_work`` is called before it is worked out anew.

    Raises
    ------
    InputError
        If the random share is not between 0 and 1.
    """
    name = f"order {order} {random_share} {seed} {store.count_given()}"
    kept = store.kept(name)
    if kept is not None:
        return tuple(Item(*values) for values in kept)
    on_work()
    table, added = store.statements(), store.added()
    if added:
        table = table[~table["statement_id"].isin(list(added))]
    rows = table.to_dict("records")
    if order == "file" or not rows:
        items = tuple(as_item({str(key): value for key, value in row.items()}) for row in rows)
    else:
        from stance.training.selection import find_order

        chosen = find_order(table, random_share=random_share, random_state=seed)
        items = tuple(as_item({str(k): v for k, v in rows[one.position].items()}, one.reason) for one in chosen)
    store.keep(name, [astuple(item) for item in items])
    return items
