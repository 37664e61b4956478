"""Works out how the model's label is shown: its probabilities as numbers and bars, and the words that moved it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stance.records import STANCES
from stance.review.coding import shown_value
from stance.review.why import Push, Why


@dataclass(frozen=True, slots=True)
class Chance:
    """The model's probability of a stance, as number and as width of a bar."""

    stance: str
    number: str
    width: str
    is_label: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """A word that moved the label: its name, its kind, and how far, as number and as width of a bar."""

    name: str
    kind: str
    number: str
    width: str


@dataclass(frozen=True, slots=True)
class Label:
    """What the model says of a statement: ``moved`` is the label that the words speak for, ``note`` what a reader should know."""

    words: str
    stance: str
    chances: tuple[Chance, ...]
    moved: str
    towards: tuple[Moved, ...]
    away: tuple[Moved, ...]
    note: str
    is_pending: bool


def make_label(row: Mapping[str, Any], why: Why | None, *, is_ready: bool, problem: str) -> Label:
    """Return what the model says of a statement: probabilities from the table where it has them, else as of now."""
    stance = shown_value(row.get("stance"))
    known = {one: row.get(f"p_{one}") for one in STANCES}
    has_chances = all(isinstance(chance, float) and chance == chance for chance in known.values())
    chances: Mapping[str, Any] = known if has_chances else dict(why.chances) if why is not None else {}
    notes = [problem]
    if why is not None:
        if row.get("model") and row["model"] != why.model:
            notes.append(f"Labelled by {row['model']}; the words are those of {why.model}.")
        if stance and why.stance != stance:
            notes.append(f"Taken by itself, without the rest of its article, the statement reads as {why.stance}.")
    pushes = (*why.towards, *why.away) if why is not None else ()
    most = max((abs(push.value) for push in pushes), default=1.0)
    return Label(
        words=stance or ("no label: not sure enough" if has_chances else "no label"),
        stance=stance,
        chances=tuple(_chance(one, float(chances[one]), stance) for one in STANCES if one in chances),
        moved=why.stance if why is not None else "",
        towards=tuple(_moved(push, most) for push in why.towards) if why is not None else (),
        away=tuple(_moved(push, most) for push in why.away) if why is not None else (),
        note=" ".join(filter(None, notes)),
        is_pending=not is_ready,
    )


def _chance(name: str, share: float, stance: str) -> Chance:
    return Chance(name, f"{share:.2f}", f"{min(1.0, max(0.0, share)):.1%}", name == stance)


def _moved(push: Push, most: float) -> Moved:
    return Moved(push.name, push.kind, f"{push.value:+.2f}", f"{abs(push.value) / most:.1%}")
