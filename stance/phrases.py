"""Finds the phrases that can name a speaker: names, bodies, role nouns, pronouns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from stance.lexicon import read_words, word_set
from stance.records import Token
from stance.text import Page
from stance.wordwise import PerWord

HEADS = frozenset(read_words("speaker_nouns"))
MODIFIERS = frozenset(read_words("speaker_modifiers"))
DOCUMENTS = frozenset(read_words("document_nouns"))
_FUNCTION_WORDS = frozenset(read_words("function_words"))
PREPOSITIONS = word_set("prepositions")
DETERMINERS = word_set("determiners")
PRONOUNS = frozenset(["he", "she", "they", "it", "we", "i", "others", "both"])
_PRONOUN_FORMS = frozenset(form for word in PRONOUNS for form in (word, word.capitalize(), word.upper()))
POST_MODIFIERS = frozenset(["of", "for", "to", "at", "in", "on", "from", "with"])
NAME_LINKS = word_set("name_links")
TIME_WORDS = word_set("time_words")


# The one surname that is a month.
_THERESA = re.compile(r"Theresa May|(?:Mrs|Ms)\.? May")

# Names may begin with one in small letters: "al-Bukhaiti", "el-Haddad".
_ARABIC_ARTICLES = ("al-", "el-", "ul-", "ash-")

_COMPOUND_ENDINGS = ("-backed", "-led", "-based", "-aligned", "-held", "-ranking", "-general", "-affiliated")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A run of tokens ``[first, last]``; ``core`` is its last token before any "of …", "for …" that follows."""

    first: int
    core: int
    last: int
    kind: str  # name, noun, pronoun, document


def kind_of(token: Token, position: int, page: Page) -> str:
    """Return what a token can be in a speaker phrase: det, mod, head, doc, name, number, or nothing ("")."""
    kind = _KINDS[token.text]
    if kind is None:
        known: dict[tuple[str, bool], str] = page.memory.setdefault("kinds", {})
        key = (token.text, position == 0)
        kind = known.get(key)
        if kind is None:
            kind = known[key] = _kind_of_capital(token.text, position == 0, page)
    return kind


def _kind_of_capital(word: str, is_first: bool, page: Page) -> str:
    bare = strip_possessive(word)
    lower = bare.lower()
    if (lower in TIME_WORDS and not (lower == "may" and _THERESA.search(page.text))) or (len(bare) == 1 and lower == "i"):
        return ""
    if is_first or not page.is_name_like(bare):
        if lower in HEADS:
            return "head"
        if lower in MODIFIERS:
            return "mod"
        if lower in DOCUMENTS:
            return "doc"
        if lower in _FUNCTION_WORDS or lower.endswith("ly") or not page.is_name_like(bare):
            return ""
    return "name"


def _kind_anywhere(word: str) -> str | None:
    """Return the kind of a word that is the same in every article; None for one in capitals, which may be a name."""
    lower = strip_possessive(word).lower()
    if lower not in DETERMINERS and (
        word[0].isupper() or (word[0].isalpha() and not word[0].islower()) or word.startswith(_ARABIC_ARTICLES)
    ):
        return None
    return _kind_of_lower(lower)


_KINDS = PerWord(_kind_anywhere)


def _kind_of_lower(lower: str) -> str:
    if lower in DETERMINERS:
        return "det"
    if lower in HEADS:
        return "head"
    if lower in MODIFIERS or lower.endswith(_COMPOUND_ENDINGS):
        return "mod"
    if lower in DOCUMENTS:
        return "doc"
    return "number" if lower[:1].isdigit() else ""


@lru_cache(maxsize=50_000)
def strip_possessive(word: str) -> str:
    """Return a word without its possessive ending.

    >>> strip_possessive("Norway’s"), strip_possessive("rebels'")
    ('Norway', 'rebels')
    """
    if word.endswith(("’s", "'s")):
        return word[:-2]
    return word.rstrip("’'")


def find_phrases(page: Page, tokens: list[Token]) -> list[Phrase]:
    """Return the speaker phrases of a sentence, in order, none overlapping."""
    kinds = [
        kind_of(token, position, page) if (kind := _KINDS[token.text]) is None else kind for position, token in enumerate(tokens)
    ]
    phrases: list[Phrase] = []
    behind = 0  # the last phrase
    for i, (kind, token) in enumerate(zip(kinds, tokens, strict=True)):
        if i < behind or not (kind or token.text in _PRONOUN_FORMS):
            continue
        is_pronoun = token.text.lower() in PRONOUNS
        core = None if is_pronoun and kind != "det" else _core_end(tokens, kinds, i)
        if is_pronoun and core is None:
            phrases.append(Phrase(i, i, i, "pronoun"))
        elif core is not None:
            last = _extend(tokens, kinds, core)
            phrases.append(Phrase(i, core, last, _phrase_kind(kinds[i : core + 1], kinds[core])))
            behind = last + 1
    return phrases


def _phrase_kind(kinds: list[str], last: str) -> str:
    if last == "doc":
        return "document"
    return "name" if "name" in kinds else "noun"


def _core_end(tokens: list[Token], kinds: list[str], i: int) -> int | None:
    """Return the last head or name of the phrase that begins at ``i``, or None where there is none."""
    end = None
    j = i
    while j < len(tokens) and tokens[j].text.lower() == "all":
        j += 1
    while j < len(tokens) and kinds[j] in ("det", "number"):
        if kinds[j] == "det" and j > i and kinds[j - 1] == "det" and tokens[j].text.lower() in ("the", "a", "an"):
            break
        j += 1
    while j < len(tokens):
        kind = kinds[j]
        if kind in ("head", "name", "doc"):
            end = j
        elif kind == "det":
            break
        elif kind == "":
            linked = (
                end == j - 1
                and kinds[j - 1] in ("name", "head")
                and tokens[j - 1].text[0].isupper()
                and tokens[j].text.lower() in NAME_LINKS
                and j + 1 < len(tokens)
                and kinds[j + 1] == "name"
                and (tokens[j].text.lower() not in ("and", "for", "of") or _takes_of(tokens[j - 1].text))
            )
            initial = tokens[j].text == "." and end == j - 1 and len(tokens[j - 1].text) <= 3
            if not (linked or initial):
                break
        j += 1
    return end


_TAKES_OF = word_set("takes_of")


def _takes_of(word: str) -> bool:
    """Return whether "of", "for" or "and" behind this word goes on with the name: "Ministry of", "Security and"."""
    return word.lower() in _TAKES_OF


def _extend(tokens: list[Token], kinds: list[str], core: int) -> int:
    """Return the end of the phrase with its "of …", "for …" tails."""
    last = core
    for _ in range(3):
        j = last + 1
        if j + 1 >= len(tokens) or tokens[j].text.lower() not in POST_MODIFIERS:
            break
        tail = _core_end(tokens, kinds, j + 1)
        if tail is None:
            break
        last = tail
    return last


def phrases_of(page: Page, number: int) -> list[Phrase]:
    """Return the speaker phrases of an article's sentence; found once, kept with the page."""
    kept: dict[int, list[Phrase]] = page.memory.setdefault("phrases", {})
    if number not in kept:
        kept[number] = find_phrases(page, page.tokens(number))
    return kept[number]
