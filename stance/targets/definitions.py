"""Reads issue files and checks them: what an issue is called, what names it in text, which parties it has."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stance.errors import InputError

# How surely words name an issue, the surest first.
LEVELS = ("strong", "likely", "weak")
# What each kind of issue tells of its parties, and how the target is then written where the file does not say.
_PARTIES = {
    "sender_recipient": (("sender", "recipient"), "[{{sender}} ]{noun}[ on {{recipient}}]"),
    "location": (("location",), "{noun}[ in {{location}}]"),
    "none": ((), "{noun}"),
}
_KEYS = ("name", "parties", "label", "strong", "loose", "likely", "weak", "not", "usual_senders")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
# These mean something else where an issue's name stands: among the evidence of relevance.csv, among the marks of features.
_OTHER_EVIDENCE = frozenset([*LEVELS, "silent", "named", "unnamed", "speaker", "words", "other"])
_OTHER_MARKS = frozenset(["target", "sender", "recipient", "place", "actor", "self", "name", "number", "side", "cue"])
_ESCAPE = re.compile(r"\\N\{[^}]*\}|\\.|\(\?P[<=]\w+[>)]")
_BACKREFERENCE = re.compile(r"(?<!\\)(?:\\\\)*(?:\\[1-9]|\(\?P=|\(\?\()")
# A pattern that matches nothing at all somewhere in this would name the issue in every text.
_PROBE = "the word a-b, 1.5 (c) “d’s”: e"
OPTIONAL_PART = re.compile(r"\[([^\[\]{}]*)\{(\w+)\}([^\[\]{}]*)\]")


@dataclass(frozen=True, slots=True, eq=False)  # one is as good as its name: read once, told apart by identity
class Issue:
    """An issue file as read: patterns by level, those that name no issue although their words do under ``not``.

    Those under ``loose`` are strong as well, but not where they stand in passing (``mentions.find_named_issues``).
    ``parties`` is ``sender_recipient``, ``location`` or ``none``. ``label`` writes the target: what stands in ``[]`` is left out
    where its party is unknown. ``usual_senders`` is None where anybody may be the sender.
    """

    name: str
    parties: str
    label: str
    patterns: Mapping[str, tuple[str, ...]]
    usual_senders: frozenset[str] | None


def read_definition(text: str) -> Issue:
    """Return the issue that the text of an issue file defines.

    Raises
    ------
    InputError
        If the text is no TOML, a key is missing, unknown or of another kind, or a pattern cannot be used.
    """
    try:
        entry = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"this is no TOML: {error}"
        raise InputError(msg) from error
    if unknown := [key for key in entry if key not in _KEYS]:
        msg = f"unknown key {', '.join(map(repr, unknown))}; known are {', '.join(_KEYS)}"
        raise InputError(msg)
    name = _read_name(entry)
    parties = entry.get("parties", "none")
    if parties not in _PARTIES:
        msg = f"parties = {parties!r} is not one of {', '.join(map(repr, _PARTIES))}"
        raise InputError(msg)
    patterns = {key: _read_patterns(entry, key) for key in (*LEVELS, "loose", "not")}
    if not patterns["strong"]:
        msg = "no pattern under 'strong': an issue needs at least one that names it by itself"
        raise InputError(msg)
    senders = frozenset(_read_list(entry, "usual_senders")) or None
    return Issue(name, parties, _read_label(entry, name, parties), patterns, senders)


def _read_name(entry: Mapping[str, Any]) -> str:
    name = entry.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        found = "no name" if name is None else f"name = {name!r}"
        msg = f'{found}; an issue needs one of lower-case letters, digits and _, such as name = "arms_exports"'
        raise InputError(msg)
    if name in _OTHER_EVIDENCE | _OTHER_MARKS:
        msg = f"name = {name!r} means something else inside stance; choose another, such as {name + '_issue'!r}"
        raise InputError(msg)
    return name


def _read_list(entry: Mapping[str, Any], key: str) -> tuple[str, ...]:
    found = entry.get(key, [])
    if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
        msg = f'{key!r} must be a list of strings: {key} = ["…", "…"]'
        raise InputError(msg)
    return tuple(found)


def _read_patterns(entry: Mapping[str, Any], key: str) -> tuple[str, ...]:
    patterns = _read_list(entry, key)
    for pattern in patterns:
        if problem := _problem_of(pattern):
            msg = f"the pattern {pattern!r} under {key!r} {problem}"
            raise InputError(msg)
    return patterns


def _problem_of(pattern: str) -> str | None:
    """Return what is wrong with a pattern, None if nothing is; one that takes very long on some text is not found out."""
    try:
        re.compile(pattern)  # by itself first: its message counts places in the pattern as written
        compiled = compile_patterns((pattern,))
    except (re.error, OverflowError, RecursionError) as error:
        return f"is no regular expression: {error}"
    if any(m.start() == m.end() for m in compiled.finditer(_PROBE)) or compiled.match(""):
        return "matches where there is no word at all"
    if any(char.isupper() for char in _ESCAPE.sub("", pattern)):
        return "has capitals, but text is compared in lower case: it never matches"
    if _BACKREFERENCE.search(pattern):
        return "refers back to a group; patterns are joined, so that groups have no fixed number"
    return None


def compile_patterns(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Return one pattern for whole words that matches any of these; without any it matches nothing.

    >>> compile_patterns(("arms exports?", "arms sales")).findall("arms exporters, arms export, arms sales")
    ['arms export', 'arms sales']
    """
    return re.compile(r"(?<![\w])(?:" + ("|".join(patterns) or "(?!)") + r")(?![\w])")


def _read_label(entry: Mapping[str, Any], name: str, parties: str) -> str:
    known, default = _PARTIES[parties]
    label = entry.get("label", default.format(noun=name.replace("_", " ")))
    if not isinstance(label, str) or not label.isprintable():
        msg = "'label' must be a string on one line"
        raise InputError(msg)
    rest = OPTIONAL_PART.sub("", label)
    used = [m[2] for m in OPTIONAL_PART.finditer(label)]
    if not rest.strip() or re.search(r"[\[\]{}]", rest) or not set(used) <= set(known):
        parts = " ".join(f"[… {{{party}}} …]" for party in known) or "none"
        msg = f"label = {label!r} cannot be written: it needs plain words, and a part in brackets for each party named: {parts}"
        raise InputError(msg)
    return label
