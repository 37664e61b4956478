"""Says where a speaker stands towards a target: on which side, in which bloc. What they say is left to the words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from stance.lexicon import read_table, split_cell

# Members of these bodies carry the sanctions of the body (the permanent ones, for the Security Council's).
_SENDERS_WITH_MEMBERS = ("EU", "UN")
_WORD = re.compile(r"[a-z]+")


def read_actors(row: Mapping[str, Any], key: str) -> frozenset[str]:
    """Return the actor codes in a column: a list, or text joined by ``;`` or ``+``."""
    value = row.get(key)
    if isinstance(value, str):
        value = re.split(r"[;+]", value)
    if value is None or not isinstance(value, Iterable):
        return frozenset()
    return frozenset(str(item).strip() for item in value if str(item).strip())


def find_side(row: Mapping[str, Any], issue: str) -> str:
    """Say on which side the speaker stands.

    ``sender``, ``member`` of the sender or ``recipient`` of sanctions; ``party`` to the conflict or ``involved`` in it; an
    armed or opposition ``group``; a ``body`` such as the UN; an ``other`` state; ``none`` where nobody's actor speaks.
    """
    speakers = read_actors(row, "speaker_actor")
    if not speakers:
        return "none"
    sender, recipient = read_actors(row, "sender"), read_actors(row, "recipient")
    if speakers & sender:
        return "sender"
    if speakers & recipient:
        return "recipient"
    if any(speakers & _bloc(name) for name in _SENDERS_WITH_MEMBERS if name in sender):
        return "member"
    actor = min(speakers)
    kind = _kinds().get(actor, "")
    if kind in ("armed_group", "opposition"):
        return "group"
    known = [_parties(place) for place in read_actors(row, "location")]
    if speakers & read_actors(row, "location") or any(actor in parties[:2] for parties in known):
        return "party"
    if any(actor in parties for parties in known):
        return "involved"
    return "body" if kind or "_" in actor or len(actor) != 3 else "other"


def find_bloc(row: Mapping[str, Any]) -> str:
    """Say whether the speaker's state is of the ``western`` bloc, long ``sanctioned`` itself, or of neither."""
    speakers = read_actors(row, "speaker_actor")
    if not speakers:
        return "none"
    actor = min(speakers)
    return next((name for name in ("western", "sanctioned") if actor in _bloc(name)), "state" if len(actor) == 3 else "body")


def find_role_words(row: Mapping[str, Any]) -> list[str]:
    """Return the words of the speaker's role in lower case."""
    role = row.get("speaker_role")
    return _WORD.findall(role.lower()) if isinstance(role, str) else []


@cache
def _bloc(name: str) -> frozenset[str]:
    return frozenset(code for row in read_table("blocs") if row["bloc"] == name for code in split_cell(row["actors"]))


@cache
def _kinds() -> dict[str, str]:
    return {row["code"]: row["kind"] for row in read_table("organizations")}


@cache
def _parties(location: str) -> tuple[str, ...]:
    """Return the states in a conflict as the table lists them, those that fight it first."""
    rows = [row for row in read_table("conflicts") if row["location"] == location]
    return tuple(code for row in rows[:1] for code in split_cell(row["actors"]) if code not in _kinds())
