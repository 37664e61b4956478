"""The codes of states, organisations, groups and conflicts that stance knows, and which of them may be meant."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache

from stance.lexicon import read_table, split_cell


@cache
def known_codes() -> frozenset[str]:
    """Return all codes of the tables of facts: states, organisations and groups, conflicts."""
    keys = (("states", "code"), ("organizations", "code"), ("conflicts", "location"))
    codes = {row[key] for table, key in keys for row in read_table(table)}
    return frozenset(codes | {code for row in read_table("conflicts") for code in split_cell(row["actors"])})


@cache
def codes_by_name() -> dict[str, str]:
    """Return codes by what the tables call their bearers, in small letters."""
    found: dict[str, str] = {}
    for table in ("states", "organizations"):
        for row in read_table(table):
            called = (
                row["code"],
                row["name"],
                *split_cell(row["names"]),
                *split_cell(row.get("demonyms") or row.get("adjectives") or ""),
            )
            for name in called:
                found.setdefault(name.lower(), row["code"])
    return found


def suggest_code(wrong: str) -> str:
    """Return, as the end of a message, the code that may be meant; nothing where none is near."""
    name = " ".join(re.sub(r"[_.]+", " ", wrong).split()).lower()
    code = codes_by_name().get(wrong.lower()) or codes_by_name().get(name) or codes_by_name().get(wrong.lower().replace(".", ""))
    if code is not None:
        return f"; did you mean {code!r}?"
    near = get_close_matches(wrong.upper(), sorted(known_codes()), n=1, cutoff=0.7)
    return f"; the nearest known code is {near[0]!r}" if near else ""
