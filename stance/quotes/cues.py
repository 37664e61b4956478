"""Finds the words that attribute: verbs, adjectives ("is ready to"), nouns ("his call for") and set phrases."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from stance.lexicon import cue_verbs, word_set
from stance.text import Page, Tokens

BE = frozenset(["is", "are", "was", "were", "be", "been", "being", "'s", "'re"])
AUXILIARIES = frozenset(
    ["has", "have", "had", "do", "does", "did", "hasn't", "haven't", "hadn't", "doesn't", "don't", "didn't"]
) | {f"{word}’t" for word in ["hasn", "haven", "hadn", "doesn", "don", "didn"]}
MODALS = word_set("modals")
_COPULAS = BE | {"remain", "remains", "remained", "stands", "stood", "seems", "appeared", "appears"}
NEGATIONS = frozenset(["not", "never", "no", "longer", "neither"])
# Words that may stand between a speaker and the verb.
ADVERBS = word_set("adverbs")
_NOT_ADVERBS = word_set("not_adverbs")
ADJECTIVE_CUES = word_set("adjective_cues")
NOUN_CUES = word_set("noun_cues")
NOUN_LIKE_FORMS = word_set("noun_like_forms")


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue verb or adjective at token ``index``: its class, lemma and shape (base, past, ing, adjective)."""

    index: int
    lemma: str
    cls: str
    shape: str


def is_adverb(word: str) -> bool:
    """Return whether a word may stand between subject and verb."""
    return word in ADVERBS or word in NEGATIONS or (word.endswith("ly") and len(word) > 4 and word not in _NOT_ADVERBS)


def find_cues(tokens: Tokens, masked: list[bool], *, attitudes: bool = False) -> list[Cue]:
    """Return the cue verbs and adjectives outside quotations (``masked`` tokens stand inside)."""
    forms = cue_verbs(attitudes=attitudes)
    found = []
    for i in [i for i, word in enumerate(tokens.lowers) if word in forms or word in ADJECTIVE_CUES]:
        if masked[i]:
            continue
        word = tokens.lowers[i]
        if word in ADJECTIVE_CUES and (_be_before(tokens, i) or (word == "clear" and _made_before(tokens, i))):
            found.append(Cue(i, word, "position", "adjective"))
            continue
        entry = forms.get(word)
        if entry is None:
            continue
        if i > 0 and tokens.texts[i][0].isupper() and tokens.texts[i - 1][-1:].isalnum():
            continue  # part of a name: "State Department"
        cls, lemma, shape = entry
        if lemma in _PARTICLES and not _has_particle(tokens, i, lemma):
            continue
        if lemma == "ask" and i and tokens.texts[i - 1] == "," and _follows(tokens, i, _ASKED):
            continue  # "Lund, asked about the embargo, said"
        if word in NOUN_LIKE_FORMS and i > 0 and _noun_context(tokens, i):
            continue
        found.append(Cue(i, lemma, cls, shape))
    return found


def _be_before(tokens: Tokens, i: int) -> bool:
    j = i - 1
    while j >= 0 and (is_adverb(tokens.lowers[j]) or tokens.lowers[j] in ("in", "very", "more")):
        j -= 1
    return j >= 0 and tokens.lowers[j] in _COPULAS


_ASKED = ("about", "whether", "if", "by", "why", "how", "what")
# Verbs that attribute only with their particle.
_PARTICLES = {"go": "on", "turn": "down", "speak": "out", "come": "out", "play": "down"}


def _follows(tokens: Tokens, i: int, words: tuple[str, ...]) -> bool:
    return i + 1 < len(tokens) and tokens.lowers[i + 1] in words


def _has_particle(tokens: Tokens, i: int, lemma: str) -> bool:
    """Return whether the verb has the particle that makes it a cue: "turned down", "went on to say", "came out against"."""
    if not _follows(tokens, i, (_PARTICLES[lemma],)):
        return False
    if lemma == "go":
        return i + 2 >= len(tokens) or tokens.lowers[i + 2] in (".", ",", ":", ";", "to")
    return lemma != "come" or _follows(tokens, i + 1, ("against", "in", "for"))


def _made_before(tokens: Tokens, i: int) -> bool:
    """Return whether "clear" ends "made clear", "made it clear"."""
    return any(tokens.lowers[j] in ("made", "makes", "make", "making") for j in (i - 1, i - 2) if j >= 0)


_BEFORE_NOUNS = word_set("before_nouns")


def _noun_context(tokens: Tokens, i: int) -> bool:
    """Return whether a form that can be a noun is one here: after a determiner, possessive, adjective or preposition."""
    before = tokens.lowers[i - 1]
    if before in _BEFORE_NOUNS:
        return True
    if before in ("and", "or"):
        return False
    if before.endswith(("'s", "’s", "s'", "s’")):
        return True
    after = tokens.lowers[i + 1] if i + 1 < len(tokens) else ""
    return after in ("of", "from", "by", ",", ".") and tokens.lowers[i] not in ("want", "wants")


_SET_PHRASES = re.compile(
    r"(?:according to|in the words of|in the view of|in the opinion of|as reported by|as told by"
    r"|c(?<=\bc)iting|q(?<=\bq)uoting)(?= )"  # each begins with its letter: ``re`` then skips all others
)


def find_set_phrases(page: Page, number: int) -> list[tuple[int, int]]:
    """Return the offsets of "according to", "in the words of" and the like in a sentence."""
    if (kept := page.memory.get("set_phrases")) is None:
        kept = page.memory["set_phrases"] = defaultdict(list)
        for m in _SET_PHRASES.finditer(page.folded):
            kept[page.sentence_at(m.start())].append(m.span())
    sentence = page.sentences[number]
    return [(start, end) for start, end in kept.get(number, []) if sentence.start <= start and end < sentence.end]
