"""Finds the words that name an issue, surely, likely or perhaps, from the issue files."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from stance.records import ISSUES

# How surely words name an issue, the surest first.
LEVELS = ("strong", "likely", "weak")

# Sanctions of another kind, and talks and deals that are no peace process.
_NOT_MENTIONS = {
    "sanctions": re.compile(
        r"\b(?:disciplinary|criminal|legal|judicial|penal|sporting|sports|doping|contempt|court|civil) sanctions?\b"
        r"|\b(?:judge|court|jury|bar association)\b[^.]{0,60}\bsanction",
    ),
    "peace_process": re.compile(
        r"\b(?:nobel peace|peace prize|peace corps|peace of mind|justice of the peace|greenpeace|war and peace|rest in peace)\b"
        r"|\b(?:nuclear|trade|climate|tax|budget|coalition|merger|wage|contract|brexit|tariff|debt)[- ](?:\w+ )?"
        r"(?:talks|negotiations|deal|agreement|accord|settlement|dialogue)\b"
    ),
    "ceasefire": re.compile(r"\b(?:trade|tariff|political|party|labou?r|christmas) truces?\b"),
}


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue with its compiled mention patterns; ``parties`` is ``sender_recipient`` or ``location``."""

    name: str
    parties: str
    strong: re.Pattern[str]
    likely: re.Pattern[str]
    weak: re.Pattern[str]

    def find(self, level: str, folded: str) -> list[tuple[int, int]]:
        """Return where words of a level (``strong``, ``likely``, ``weak``) stand in a folded text (``text.fold``)."""
        pattern: re.Pattern[str] = getattr(self, level)
        found = [m.span() for m in pattern.finditer(folded)]
        if found and (bans := _bans(self.name, folded)):
            found = [(a, b) for a, b in found if not any(c < b and a < d for c, d in bans)]
        return found


@lru_cache(maxsize=8)
def _bans(issue: str, folded: str) -> list[tuple[int, int]]:
    """Return the stretches of a text that name no issue although their words do; the same for every level."""
    excluded = _NOT_MENTIONS.get(issue)
    return [m.span() for m in excluded.finditer(folded)] if excluded else []


def _compile(patterns: list[str]) -> re.Pattern[str]:
    return re.compile(r"(?<![\w])(?:" + "|".join(patterns) + r")(?![\w])")


@cache
def load_issues() -> tuple[Issue, ...]:
    """Return the issues that come with the package, in the order of ``records.ISSUES``."""
    found = []
    for name in ISSUES:
        entry = tomllib.loads(files("stance").joinpath("issues", f"{name}.toml").read_text(encoding="utf-8"))
        found.append(Issue(entry["name"], entry["parties"], *(_compile(entry[level]) for level in LEVELS)))
    return tuple(found)
