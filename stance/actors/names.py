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

_WORD = re.compile(r"[^\W_]+")


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
    if not name.isascii():
        name = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(_WORD.findall(name.casefold().replace("’", "").replace("'", "")))


def find_mentions(tokens: Tokens) -> list[Mention]:
    """Return the states, organisations and groups named in a run of tokens, longest name first."""
    found: list[Mention] = []
    words, listed = tokens.texts, _names_in_small_letters()
    behind = 0  # the last name
    for i, word in enumerate(words):
        if (word.islower() and word not in listed) or i < behind or (names := _NAMES[word]) is None:
            continue
        alone, longer = names
        match = _longest(words, i, longer) if longer else None
        if match is not None:
            behind, named = match
        elif alone is not None:
            behind, named = i + 1, alone
        else:
            if _is_compound(word):
                found += _parts(word, tokens.starts[i])
            continue
        found.append(Mention(tokens.starts[i], tokens.ends[behind - 1], *named))
    return found


@cache
def _names_in_small_letters() -> frozenset[str]:
    """Return the words in small letters that a name may begin with, and with their endings: of all others none does."""
    words = [word for word in _aliases() if word.islower()]
    return frozenset(word + ending for word in words for ending in ("", "'s", "’s", "'", "’"))


def _is_compound(word: str) -> bool:
    return ("-" in word or "–" in word) and word[0].isupper()


# The actor named, and how.
_Named = tuple[str, str]
# Names of several words by their second: the words behind it, and whom they name; the longest first.
_Longer = dict[str, list[tuple[tuple[str, ...], _Named]]]


def _names_from(word: str) -> tuple[_Named | None, _Longer] | None:
    """Return what a word names, and longer names that begin with it; None where it names nothing, no part of it either."""
    alone: _Named | None = None
    longer: _Longer = {}
    for alias, code, kind in _aliases().get(normalise(word), ()):
        if len(alias) == 1:
            alone = code, kind
        else:
            longer.setdefault(alias[1], []).append((alias[2:], (code, kind)))
    return (alone, longer) if alone or longer or _is_compound(word) else None


_NAMES = PerWord(_names_from)


def _longest(words: list[str], i: int, longer: _Longer) -> tuple[int, _Named] | None:
    """Return the longest name of several words that begins at a word: the index behind it, and whom it names."""
    behind_second, second = _next_word(words, i + 1)
    for rest, named in longer.get(second, ()):
        behind = behind_second
        for word in rest:
            behind, bare = _next_word(words, behind)
            if bare != word:
                break
        else:
            return behind, named
    return None


def _next_word(words: list[str], first: int) -> tuple[int, str]:
    """Return the index behind the next word, and it without points; bare points are stepped over ("Washington, D.C.")."""
    for i in range(first, len(words)):
        word = words[i]
        if bare := word if word.isalpha() else normalise(word):
            return i + 1, bare
    return len(words), ""


def _parts(word: str, start: int) -> list[Mention]:
    """Return the actors in a compound such as "Israeli-Palestinian" or "Saudi-led"."""
    found = []
    for m in re.finditer(r"[^\-–]+", word):
        for alias, code, kind in _aliases().get(normalise(m.group()), ()):
            if len(alias) == 1:
                found.append(Mention(start + m.start(), start + m.end(), code, kind))
    return found
