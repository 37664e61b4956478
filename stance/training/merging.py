"""Joins a user's settled annotations with the base, and holds out what the gate compares on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stance.errors import GateError
from stance.evaluation import find_units
from stance.training.annotations import Annotations, read_annotations
from stance.training.counts import TokenCounts
from stance.training.settling import Settled

if TYPE_CHECKING:
    import pandas as pd

# One article in four of the user's is held out. Fewer leave too little to compare on: of fifty statements a quarter is twelve.
HELD_OUT_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Base:
    """What the model that comes with stance has learned from: annotated statements, and counts of others.

    ``table`` has ``statement_id``, ``sentence`` and ``context``; statements of ``test_articles`` are held out.
    """

    table: pd.DataFrame
    test_articles: frozenset[str]
    counts: TokenCounts | None = None


@dataclass(frozen=True, slots=True)
class Divided:
    """What is learned from and what is held out; the user's rows come first in both.

    ``n_yours`` and ``n_held_yours`` are their numbers. ``held_units`` (n_held) says which held-out rows stay together when they
    are resampled.
    """

    known: Annotations
    n_yours: int
    held: Annotations
    n_held_yours: int
    held_units: tuple[str, ...]
    notes: tuple[str, ...]


def is_held_out(article_id: str) -> bool:
    """Return whether the user's statements of an article are held out: read off a hash of its id, so the same in every round."""
    return int.from_bytes(hashlib.blake2b(article_id.encode("utf-8", "replace"), digest_size=6).digest()) < HELD_OUT_SHARE * 2**48


def divide(settled: Settled, base: Base, *, held_out: Annotations | None = None) -> Divided:
    """Return the user's statements and those of the base, as what is learned from and what is held out.

    Held out are the test articles of the base and, of the user's other articles, those that ``is_held_out`` says, or the
    statements of ``held_out`` in their place. Statements of the base that the user has decided on are replaced by the user's.
    Articles that share near-duplicate sentences with one held out are not learned from.

    Raises
    ------
    GateError
        If none of the user's statements is left to learn from, or to compare on.
    InputError
        If nothing is left of the settled annotations at all.
    """
    yours = read_annotations(settled.table, for_training=False)
    theirs = read_annotations(_without(base.table, settled))
    given = held_out if held_out is not None else Annotations([], [], [], ())
    own_articles = set(theirs.groups)
    roles = [
        *(
            group in base.test_articles or (held_out is None and group not in own_articles and is_held_out(group))
            for group in yours.groups
        ),
        *(True for _ in given.rows),
        *(group in base.test_articles for group in theirs.groups),
    ]
    n_own, n_users = len(yours.rows), len(yours.rows) + len(given.rows)
    whole = join(yours, given, theirs)
    units = find_units(whole.sentences, whole.groups).names
    taken = {unit for unit, is_held in zip(units, roles, strict=True) if is_held}
    held = [i for i, is_held in enumerate(roles) if is_held]
    known = [i for i, (unit, is_held) in enumerate(zip(units, roles, strict=True)) if not is_held and unit not in taken]
    n_tied = len(whole.rows) - len(held) - len(known)
    divided = Divided(
        known=pick(whole, known),
        n_yours=sum(i < n_own for i in known),
        held=pick(whole, held),
        n_held_yours=sum(i < n_users for i in held),
        held_units=tuple(units[i] for i in held),
        notes=(
            *settled.notes,
            *yours.notes,
            *([f"{n_tied} that share an article, or nearly a sentence, with one held out"] if n_tied else []),
        ),
    )
    _require_both(divided, yours, by_hash=held_out is None)
    return divided


def _without(table: pd.DataFrame, settled: Settled) -> pd.DataFrame:
    """Return the rows of the base that the user has not decided on, by id or by article, sentence, issue and speaker."""
    ids = {*settled.table["statement_id"], *settled.not_statements}
    decided = set(_name_rows(settled.table))
    known = [one in ids or name in decided for one, name in zip(table["statement_id"], _name_rows(table), strict=True)]
    return table[[not one for one in known]]


def _name_rows(table: pd.DataFrame) -> Iterable[tuple[str, ...]]:
    names = ("article_id", "sentence", "issue", "speaker")
    return zip(*(table[name].astype(str) for name in names if name in table.columns), strict=True)


def join(*parts: Annotations) -> Annotations:
    """Return the statements of all parts, one after the other."""
    rows = [row for part in parts for row in part.rows]
    labels = [label for part in parts for label in part.labels]
    groups = [group for part in parts for group in part.groups]
    return Annotations(rows, labels, groups, tuple(note for part in parts for note in part.notes))


def pick(annotations: Annotations, places: Sequence[int]) -> Annotations:
    """Return some of the statements."""
    rows, labels, groups = annotations.rows, annotations.labels, annotations.groups
    return Annotations([rows[i] for i in places], [labels[i] for i in places], [groups[i] for i in places], ())


def _require_both(divided: Divided, yours: Annotations, *, by_hash: bool) -> None:
    """Raise GateError where there is nothing to learn from or nothing to compare on."""
    n_articles = len(set(yours.groups))
    told = f"your {len(yours.rows)} settled statements are of {n_articles} article{'s' if n_articles != 1 else ''}"
    rule = (
        f"one article in {round(1 / HELD_OUT_SHARE)} is held out, by a hash of its id"
        if by_hash
        else "the articles of the --held-out file are held out"
    )
    if not divided.n_yours:
        msg = f"Nothing is left to learn from: {told}, and {rule}. Label statements of more articles."
        raise GateError(msg)
    if not divided.n_held_yours:
        msg = (
            f"There is nothing of yours to compare the models on: {told}, and {rule}: none of them. Label statements of a few "
            "more articles, or give labelled statements of others with --held-out."
        )
        raise GateError(msg)
