"""Finds the states, organisations and groups named in a run of words, from the tables."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from stance.lexicon import read_table, split_cell
from stance.phrases import strip_possessive
from stance.records import Mention
from stance.text import Tokens, find_tokens
from stance.wordwise import PerWord


@cache
def _aliases() -> dict[str, list[tuple[tuple[str, ...], str, str]]]:
    """Return first word -> (all words, actor code, kind), longest first, for every name in the tables."""
    index: dict[str, dict[tuple[str, ...], tuple[str, str]]] = {}

    def add(alias: str, code: str, kind: str) -> None:
        alias = alias.removeprefix("the ").removeprefix("The ")
        words = tuple(normalise(word) for word in find_tokens(alias).texts if word != ".")
        if words and words[0]:
            index.setdefault(words[0], {}).setdefault(words, (code, kind))

    for row in read_table("states"):
        for kind, column in (
            ("name", "name"),
            ("name", "names"),
            ("demonym", "demonyms"),
            ("capital", "capital"),
            ("metonym", "metonyms"),
        ):
            for alias in split_cell(row[column]):
                add(alias, row["code"], kind)
    for row in read_table("organizations"):
        if row["kind"] == "company_or_media":
            continue
        for kind, column in (
            ("name", "name"),
            ("name", "names"),
            ("demonym", "adjectives"),
            ("capital", "seat"),
            ("body", "bodies"),
        ):
            for alias in split_cell(row[column]):
                add(alias, row["code"], kind)
    return {
        first: sorted(((words, *value) for words, value in entries.items()), key=lambda entry: -len(entry[0]))
        for first, entries in index.items()
    }


def normalise(word: str) -> str:
    """Return a word without possessive ending and points: ``U.S.'s`` becomes ``US``."""
    return strip_possessive(word).replace(".", "").replace("’", "'")


NORMALISED = PerWord(normalise)


@lru_cache(maxsize=50_000)
def name_key(name: str) -> str:
    """Return a name as a key for comparison: words without points and accents, in lower case."""
    folded = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", folded.casefold().replace("’", "").replace("'", "")))


def find_mentions(tokens: Tokens) -> list[Mention]:
    """Return the states, organisations and groups named in a run of tokens, longest name first."""
    found: list[Mention] = []
    behind = 0  # the last name
    small = _names_in_small_letters()
    for i, word in enumerate(tokens.texts):
        if ("a" <= word < "{" and word not in small) or i < behind or (names := _NAMES[word]) is None:
            continue
        for alias, code, kind in names:
            n = len(alias)
            if n == 1 or _same(tokens, i, alias):
                behind = _skip_points(tokens, i, n)
                found.append(Mention(tokens.starts[i], tokens.ends[behind - 1], code, kind))
                break
        else:
            if _is_compound(word):
                found += _parts(word, tokens.starts[i])
    return found


@cache
def _names_in_small_letters() -> frozenset[str]:
    """Return the words in small letters that a name may begin with, and with their endings: of all others none does."""
    words = [word for word in _aliases() if word[0].islower()]
    return frozenset(word + ending for word in words for ending in ("", "'s", "’s", "'", "’"))


def _is_compound(word: str) -> bool:
    return ("-" in word or "–" in word) and word[0].isupper()


def _names_from(word: str) -> list[tuple[tuple[str, ...], str, str]] | None:
    """Return the names that may begin with a word; None for a word that names nothing, no part of it either."""
    return _aliases().get(normalise(word)) or ([] if _is_compound(word) else None)


_NAMES = PerWord(_names_from)


def _same(tokens: Tokens, i: int, alias: tuple[str, ...]) -> bool:
    words, n = tokens.texts, len(tokens)
    j = i + 1  # the first word is known
    for word in alias[1:]:
        while j < n and NORMALISED[words[j]] == "":
            j += 1
        if j >= n or NORMALISED[words[j]] != word:
            return False
        j += 1
    return True


def _skip_points(tokens: Tokens, i: int, n: int) -> int:
    """Return the index behind ``n`` words, stepping over bare points ("Washington, D.C." keeps its own)."""
    j = i
    while n and j < len(tokens):
        if NORMALISED[tokens.texts[j]] != "":
            n -= 1
        j += 1
    return j


def _parts(word: str, start: int) -> list[Mention]:
    """Return the actors in a compound such as "Israeli-Palestinian" or "Saudi-led"."""
    found = []
    for m in re.finditer(r"[^\-–]+", word):
        for alias, code, kind in _aliases().get(normalise(m.group()), ()):
            if len(alias) == 1:
                found.append(Mention(start + m.start(), start + m.end(), code, kind))
    return found
