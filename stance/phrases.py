"""Finds the phrases that can name a speaker: names, bodies, role nouns, pronouns."""

from __future__ import annotations

import re
from functools import lru_cache, partial
from typing import NamedTuple

from stance.lexicon import read_words, word_set
from stance.text import Page, Tokens
from stance.wordwise import PerWord

HEADS = frozenset(read_words("speaker_nouns"))
MODIFIERS = frozenset(read_words("speaker_modifiers"))
DOCUMENTS = frozenset(read_words("document_nouns"))
_FUNCTION_WORDS = frozenset(read_words("function_words"))
PREPOSITIONS = word_set("prepositions")
DETERMINERS = word_set("determiners")
PRONOUNS = frozenset(["he", "she", "they", "it", "we", "i", "others", "both"])
POST_MODIFIERS = frozenset(["of", "for", "to", "at", "in", "on", "from", "with"])
NAME_LINKS = word_set("name_links")
TIME_WORDS = word_set("time_words")


# The one surname that is a month.
_THERESA = re.compile(r"Theresa May|(?:Mrs|Ms)\.? May")

# Names may begin with one in small letters: "al-Bukhaiti", "el-Haddad".
_ARABIC_ARTICLES = ("al-", "el-", "ul-", "ash-")

_COMPOUND_ENDINGS = ("-backed", "-led", "-based", "-aligned", "-held", "-ranking", "-general", "-affiliated")


class Phrase(NamedTuple):
    """A run of tokens ``[first, last]``; ``core`` is its last token before any "of …", "for …" that follows.

    A tuple, which is made in a third of the time of a frozen dataclass; an article has hundreds (2026-11).
    """

    first: int
    core: int
    last: int
    kind: str  # name, noun, pronoun, document


def kind_of(word: str, position: int, page: Page) -> str:
    """Return what a word can be in a speaker phrase: det, mod, head, doc, name, number, pronoun, or nothing ("")."""
    kind = _KINDS.get(word)
    return kind if kind is not None else _kind_of_unlisted(word, _capitals_of(page)[not position])


def _kind_of_unlisted(word: str, capitals: PerWord[str]) -> str:
    if word.islower() and word.isalpha():
        return ""
    first = word[0]
    if first.isupper() or (first.isalpha() and not first.islower()) or word.startswith(_ARABIC_ARTICLES):
        return capitals[word]
    return _KINDS_OF_ODD[word]


def _kind_anywhere(word: str) -> str:
    """Return the kind of a word that cannot be a name, the same in every article."""
    bare = strip_possessive(word).lower()
    if bare in DETERMINERS:
        return "det"
    if bare in HEADS:
        return "head"
    if bare in MODIFIERS or bare.endswith(_COMPOUND_ENDINGS):
        return "mod"
    if bare in DOCUMENTS:
        return "doc"
    if word.lower() in PRONOUNS:
        return "pronoun"
    return "number" if bare[:1].isdigit() else ""


def _capitals_of(page: Page) -> tuple[PerWord[str], PerWord[str]]:
    """Return the kinds of the words in capitals of an article: within sentences, and where they open one."""
    kept: tuple[PerWord[str], PerWord[str]] | None = page.memory.get("kinds")
    if kept is None:
        inside, first = (PerWord(partial(_kind_of_capital, page, is_first=is_first)) for is_first in (False, True))
        kept = page.memory["kinds"] = inside, first
    return kept


def _kind_of_capital(page: Page, word: str, *, is_first: bool) -> str:
    bare = strip_possessive(word)
    lower = bare.lower()
    if lower in DETERMINERS:
        return "det"
    if (lower in TIME_WORDS and not (lower == "may" and _THERESA.search(page.text))) or (len(bare) == 1 and lower == "i"):
        return "pronoun" if word == "I" else ""
    if is_first or not page.is_name_like(bare):
        if lower in HEADS:
            return "head"
        if lower in MODIFIERS:
            return "mod"
        if lower in DOCUMENTS:
            return "doc"
        if lower in _FUNCTION_WORDS or lower.endswith("ly") or not page.is_name_like(bare):
            return "pronoun" if word.lower() in PRONOUNS else ""
    return "name"


@lru_cache(maxsize=50_000)
def strip_possessive(word: str) -> str:
    """Return a word without its possessive ending.

    >>> strip_possessive("Norway’s"), strip_possessive("rebels'")
    ('Norway', 'rebels')
    """
    if word.endswith(("’s", "'s")):
        return word[:-2]
    return word.rstrip("’'")


# Half the words of an article are among these, and of the others those in plain small letters are nothing: to look each up
# among all the words that articles have took five times as long (2026-11).
_LISTED = HEADS | MODIFIERS | DOCUMENTS | PRONOUNS | DETERMINERS
_KINDS = {
    **dict.fromkeys([*",.:;-–—()[]?!$%/…\"“”'‘’", *filter(str.isalpha, _FUNCTION_WORDS)], ""),
    **{word: _kind_anywhere(word) for word in _LISTED},
    **{form: "det" for word in DETERMINERS for form in (word.capitalize(), word.upper())},
}
# What has a hyphen or an apostrophe; figures; other marks.
_KINDS_OF_ODD = PerWord(_kind_anywhere)


def find_phrases(page: Page, tokens: Tokens) -> list[Phrase]:
    """Return the speaker phrases of a sentence, in order, none overlapping."""
    kinds = _find_kinds(page, tokens.texts)
    phrases: list[Phrase] = []
    behind = 0  # the last phrase
    for i in [i for i, kind in enumerate(kinds) if kind]:
        if i < behind:
            continue
        kind = kinds[i]
        is_pronoun = kind == "pronoun" or tokens.lowers[i] in PRONOUNS
        may_lead = (kinds[i + 1] or kind in _CORES) and (kind == "det" or not is_pronoun)
        core = _core_end(tokens, kinds, i) if may_lead else None
        if core is not None:
            last = _extend(tokens, kinds, core)
            phrases.append(Phrase(i, core, last, _phrase_kind(kinds[i : core + 1], kinds[core])))
            behind = last + 1
        elif is_pronoun:
            phrases.append(Phrase(i, i, i, "pronoun"))
    return phrases


def _find_kinds(page: Page, words: list[str]) -> list[str]:
    """Return the kinds of a sentence's words, and nothing behind them, so that a look ahead needs no care."""
    inside, _ = _capitals_of(page)
    return [
        *(kind_of(word, 0, page) for word in words[:1]),
        *[
            kind if kind is not None else "" if word.islower() and word.isalpha() else _kind_of_unlisted(word, inside)
            for word, kind in zip(words[1:], map(_KINDS.get, words[1:]), strict=True)
        ],
        "",
    ]


def _phrase_kind(kinds: list[str], last: str) -> str:
    if last == "doc":
        return "document"
    return "name" if "name" in kinds else "noun"


def _core_end(tokens: Tokens, kinds: list[str], i: int) -> int | None:
    """Return the last head or name of the phrase that begins at ``i``, or None where there is none."""
    end = None
    lowers, n = tokens.lowers, len(tokens.lowers)
    j = i
    while j < n and lowers[j] == "all":
        j += 1
    while j < n and kinds[j] in ("det", "number"):
        if kinds[j] == "det" and j > i and kinds[j - 1] == "det" and lowers[j] in ("the", "a", "an"):
            break
        j += 1
    while j < n:
        kind = kinds[j]
        if kind in _CORES:
            end = j
        elif kind in ("det", "pronoun") or (not kind and not (end == j - 1 and _goes_on(tokens, kinds, j))):
            break
        j += 1
    return end


_CORES = frozenset(["head", "name", "doc"])
# Behind these "of", "for" or "and" goes on with the name: "Ministry of", "Security and".
_TAKES_OF = word_set("takes_of")


def _goes_on(tokens: Tokens, kinds: list[str], j: int) -> bool:
    """Return whether a phrase goes on behind a token that is none of its own: "Ministry of Defence", "Gen. Lund"."""
    word, before = tokens.lowers[j], tokens.texts[j - 1]
    if word == ".":
        return len(before) <= _LONGEST_ABBREVIATION
    return (
        word in NAME_LINKS
        and kinds[j - 1] in ("name", "head")
        and before[0].isupper()
        and kinds[j + 1] == "name"
        and (word not in ("and", "for", "of") or tokens.lowers[j - 1] in _TAKES_OF)
    )


_LONGEST_ABBREVIATION = 3


def _extend(tokens: Tokens, kinds: list[str], core: int) -> int:
    """Return the end of the phrase with its "of …", "for …" tails."""
    last = core
    lowers = tokens.lowers
    for _ in range(3):
        j = last + 1
        if j + 1 >= len(lowers) or lowers[j] not in POST_MODIFIERS:
            break
        tail = _core_end(tokens, kinds, j + 1)
        if tail is None:
            break
        last = tail
    return last


def phrases_of(page: Page, number: int) -> list[Phrase]:
    """Return the speaker phrases of an article's sentence; found once, kept with the page."""
    kept: dict[int, list[Phrase]] = page.memory.setdefault("phrases", {})
    found = kept.get(number)
    if found is None:
        found = kept[number] = find_phrases(page, page.tokens(number))
    return found
