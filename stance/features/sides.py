"""Says where a speaker stands towards a target: on which side, in which bloc. What they say is left to the words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

from stance.lexicon import read_table, split_cell

# Members of these bodies carry the sanctions of the body (the permanent ones, for the Security Council's).
_SENDERS_WITH_MEMBERS = ("EU", "UN")
_WORD = re.compile(r"[a-z]+")
_COLUMNS = ("speaker_actor", "sender", "recipient", "location")
_NOBODY: frozenset[str] = frozenset()
# Actor codes by column.
Parties = Mapping[str, frozenset[str]]


def read_parties(row: Mapping[str, Any]) -> Parties:
    """Return the actor codes in the columns of speaker and parties: lists, or text joined by ``;`` or ``+``."""
    return {key: _read_actors(row.get(key)) for key in _COLUMNS}


def _read_actors(value: Any) -> frozenset[str]:
    if isinstance(value, str):
        return _split(value)
    if value is None or not isinstance(value, Iterable):
        return _NOBODY
    return frozenset(str(item).strip() for item in value if str(item).strip())


@lru_cache(maxsize=10_000)
def _split(value: str) -> frozenset[str]:
    return frozenset(part.strip() for part in re.split(r"[;+]", value) if part.strip())


def find_side(parties: Parties) -> str:
    """Say on which side the speaker stands.

    ``sender``, ``member`` of the sender or ``recipient`` of sanctions; ``party`` to the conflict or ``involved`` in it; an
    armed or opposition ``group``; a ``body`` such as the UN; an ``other`` state; ``none`` where nobody's actor speaks.
    """
    speakers, sender, location = parties["speaker_actor"], parties["sender"], parties["location"]
    if not speakers:
        return "none"
    if speakers & sender:
        return "sender"
    if speakers & parties["recipient"]:
        return "recipient"
    if any(speakers & _bloc(name) for name in _SENDERS_WITH_MEMBERS if name in sender):
        return "member"
    actor = min(speakers)
    kind = _kinds().get(actor, "")
    if kind in ("armed_group", "opposition"):
        return "group"
    known = [_states_in(place) for place in location]
    if speakers & location or any(actor in states[:2] for states in known):
        return "party"
    if any(actor in states for states in known):
        return "involved"
    return "body" if kind or "_" in actor or len(actor) != 3 else "other"


def find_bloc(parties: Parties) -> str:
    """Say whether the speaker's state is of the ``western`` bloc, long ``sanctioned`` itself, or of neither."""
    speakers = parties["speaker_actor"]
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
def _states_in(location: str) -> tuple[str, ...]:
    """Return the states in a conflict as the table lists them, those that fight it first."""
    rows = [row for row in read_table("conflicts") if row["location"] == location]
    return tuple(code for row in rows[:1] for code in split_cell(row["actors"]) if code not in _kinds())
