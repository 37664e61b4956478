"""Finds the words that name an issue, surely, likely or perhaps, from the issue files."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

from stance.errors import InputError
from stance.records import ISSUES
from stance.targets.definitions import LEVELS, Issue, read_definition
from stance.targets.openings import Found, WordSearch

__all__ = [
    "LEVELS",
    "Issue",
    "find_all_words",
    "find_words",
    "has_strong_words",
    "load_issues",
    "merge_issues",
    "strong_in_title",
]


def find_words(issues: tuple[Issue, ...], folded: str, levels: tuple[str, ...] = LEVELS) -> dict[tuple[str, str], Found]:
    """Return where words name issues in a folded text (``text.fold``), by issue and level; what is not named has no entry."""
    found = _search(issues, (*levels, "not")).find(folded)
    for issue in issues:
        if bans := found.pop((issue.name, "not"), None):
            for key in [(issue.name, level) for level in levels if (issue.name, level) in found]:
                found[key] = [(a, b) for a, b in found[key] if not any(c < b and a < d for c, d in bans)]
                if not found[key]:
                    del found[key]
    return found


@lru_cache(maxsize=1)  # asked when an article is looked at first, and once more when it is read
def find_all_words(issues: tuple[Issue, ...], folded: str) -> dict[tuple[str, str], Found]:
    """Return what ``find_words`` finds at all levels."""
    return find_words(issues, folded)


def has_strong_words(issues: tuple[Issue, ...], folded: str) -> bool:
    """Return whether words name any issue outright; what names something else although such words stand in it counts too."""
    return _search(issues, ("strong",)).matches(folded)


def strong_in_title(issues: tuple[Issue, ...], folded: str) -> set[str]:
    """Return the names of the issues that words of a folded title name outright."""
    return {name for name, _ in _search(issues, ("strong",)).find(folded)}


@lru_cache(maxsize=16)
def _search(issues: tuple[Issue, ...], keys: tuple[str, ...]) -> WordSearch[tuple[str, str]]:
    return WordSearch({(issue.name, key): issue.patterns[key] for issue in issues for key in keys})


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
