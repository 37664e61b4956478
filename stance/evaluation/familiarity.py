"""Whether a model has learned from statements on the same target."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from stance.records import ISSUES

SEEN, UNSEEN, NOT_NAMED = "seen", "unseen", "not named"


def find_target_key(row: Mapping[str, Any]) -> str | None:
    """Return what makes two statements' targets the same; None where the row names nobody and no place.

    For an issue of the codebook these are sender and recipient, or the location; else, and where they are not
    given, the words of ``target``; in tables with targets of their own, parties or place, or ``issue`` alone, will do for
    ``target``.

    Examples
    --------
    >>> find_target_key({"issue": "sanctions", "sender": ["USA", "GBR"], "recipient": "IRN"})
    'sanctions: GBR;USA > IRN'
    >>> find_target_key({"target": "Harbour toll"})
    'harbour toll'
    """
    issue, target = (str(row.get(name) or "").strip().lower() for name in ("issue", "target"))
    sender, recipient, location = (_codes(row.get(name)) for name in ("sender", "recipient", "location"))
    by_parties = f"{issue}: {sender} > {recipient}" if sender or recipient else ""
    by_place = f"{issue}: {location}" if location else ""
    if issue in ISSUES:
        found = by_parties if issue == "sanctions" else by_place
    else:
        found = (by_parties or by_place) if issue and not target else ""
    if found:
        return found
    if not issue or not target:
        named = target or issue
        return named if named and named not in ISSUES else None
    # A label such as "ceasefire", where the place is not known, names the issue over again.
    return f"{issue}: {target}" if target.replace(" ", "_") != issue else None


def _codes(value: Any) -> str:
    if isinstance(value, str):
        value = value.split(";")
    if value is None or not isinstance(value, Iterable):
        return ""
    return ";".join(sorted({str(code).strip() for code in value} - {""}))


def mark_seen(keys: Sequence[str | None], known: Collection[str]) -> list[str]:
    """Return for each key (n_statements,) whether it is among those known: "seen", "unseen", or "not named"."""
    return [NOT_NAMED if key is None else SEEN if key in known else UNSEEN for key in keys]
