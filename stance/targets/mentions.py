"""Finds the words that name an issue, surely, likely or perhaps, from the issue files."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files

from stance.errors import InputError
from stance.records import ISSUES
from stance.targets.definitions import LEVELS, Issue, compile_patterns, read_definition
from stance.targets.openings import Found, WordSearch
from stance.targets.places import names_conflict
from stance.text import fold

__all__ = [
    "LEVELS",
    "Issue",
    "find_named_issues",
    "find_words",
    "load_issues",
    "merge_issues",
    "strong_in_title",
]

# Within so many characters of a place of conflict a loose mention counts: some five sentences. Of 1,585 real articles (2026-11)
# 109 name an issue in passing only: of the 44 statements on it found there without this rule 42 were false, and gold has none of
# which its coder was sure. Of 670 articles on US politics, none on any issue, 4 pass instead of 37, and 1 gives statements
# instead of 15. At 400 characters some gold is lost; at 2,000 twice as many of the 670 pass.
_NEAR = 800


def find_words(issues: tuple[Issue, ...], text: str, levels: tuple[str, ...] = LEVELS) -> dict[tuple[str, str], Found]:
    """Return where words name issues, by issue and level; what is not named has no entry."""
    found = dict(_find(issues, text, levels[:1]))
    if len(levels) > 1:
        found |= _find(issues, text, levels[1:])
    for (issue, _), banned in (_find(issues, text, ("not",)) if found else {}).items():
        for key in [key for key in found if key[0] == issue]:
            found[key] = [(a, b) for a, b in found[key] if not any(c < b and a < d for c, d in banned)]
            if not found[key]:
                del found[key]
    return found


@lru_cache(maxsize=3)  # an article is asked for what names an issue outright first, for all else when it is read
def _find(issues: tuple[Issue, ...], text: str, keys: tuple[str, ...]) -> dict[tuple[str, str], Found]:
    return _search(issues, keys).find(text)


@lru_cache(maxsize=1)  # asked when an article is looked at first, and once more when it is read
def find_named_issues(issues: tuple[Issue, ...], text: str) -> tuple[Issue, ...]:
    """Return the issues that an article can be about: it names them outright, and not by a loose phrase in passing.

    A loose phrase counts in an article that names this issue by itself, or another with parties of the same kind (peace talks
    where there is a truce), and near a place of conflict.
    """
    found = find_words(issues, text, ("strong",))
    if not found:
        return ()
    folded = fold(text)
    spots = [(issue, found[issue.name, "strong"]) for issue in issues if (issue.name, "strong") in found]
    kinds = {issue.parties for issue, places in spots if _stands_alone(issue, folded, places)}
    return tuple(issue for issue, places in spots if issue.parties in kinds or _is_near_conflict(folded, places))


def _stands_alone(issue: Issue, folded: str, spots: Found) -> bool:
    """Return whether one of the strong mentions is not loose, nor made up of loose words alone."""
    if (patterns := _alone_and_loose(issue)) is None:
        return True
    alone, loose = patterns
    found = ((alone.search(folded, start), end) for start, end in spots)
    return any(m is not None and m.start() < end and not loose.fullmatch(folded, m.start(), m.end()) for m, end in found)


@lru_cache(maxsize=64)
def _alone_and_loose(issue: Issue) -> tuple[re.Pattern[str], re.Pattern[str]] | None:
    """Return what finds the strong mentions not listed as loose too, and what finds the loose ones; None if none is loose."""
    loose = issue.patterns["loose"]
    alone = tuple(pattern for pattern in issue.patterns["strong"] if pattern not in loose)
    return (compile_patterns(alone), compile_patterns(loose)) if loose else None


def _is_near_conflict(folded: str, spots: Found) -> bool:
    return any(names_conflict(folded[max(0, start - _NEAR) : end + _NEAR]) for start, end in spots)


def strong_in_title(issues: tuple[Issue, ...], folded: str) -> set[str]:
    """Return the names of the issues that words of a folded title name outright."""
    return {name for name, _ in _search(issues, ("strong",)).find(folded)}


@lru_cache(maxsize=16)
def _search(issues: tuple[Issue, ...], keys: tuple[str, ...]) -> WordSearch[tuple[str, str]]:
    return WordSearch({(issue.name, key): _patterns(issue, key) for issue in issues for key in keys})


def _patterns(issue: Issue, key: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(issue.patterns[key] + (issue.patterns["loose"] if key == "strong" else ())))


@lru_cache(maxsize=16)
def load_issues(added: tuple[str, ...] = ()) -> tuple[Issue, ...]:
    """Return the issues that come with the package, in the order of ``records.ISSUES``, then those of further issue files.

    ``added`` holds the text of these files.

    Raises
    ------
    InputError
        If a text is no issue file, or its issue has the name of another.
    """
    known = {issue.name: issue for issue in _issues_of_the_package()}
    for text in added:
        issue = read_definition(text)
        if issue.name in known:
            what = "comes with stance" if issue.name in ISSUES else "is defined twice"
            msg = f"the issue {issue.name!r} {what}; choose another name"
            raise InputError(msg)
        known[issue.name] = issue
    return tuple(known.values())


def merge_issues(kept: tuple[str, ...], given: tuple[str, ...]) -> tuple[str, ...]:
    """Return the texts of issue files without those kept whose issue is given anew.

    Raises
    ------
    InputError
        As ``load_issues``.
    """
    names = {issue.name for issue in load_issues(given)[len(ISSUES) :]}
    return (*(text for text in kept if read_definition(text).name not in names), *given)


@cache
def _issues_of_the_package() -> tuple[Issue, ...]:
    places = (files("stance").joinpath("issues", f"{name}.toml") for name in ISSUES)
    return tuple(read_definition(place.read_text(encoding="utf-8")) for place in places)
