"""What a rule is given to find a speaker, and the answers it may give."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from stance.actors import Cast
from stance.lexicon import word_set
from stance.phrases import Phrase, strip_possessive
from stance.records import Person, Quote, Span, Speaker
from stance.text import Tokens

_WORD = re.compile(r"[\w.’'\-]+")
# "the minister", "the spokesman": heads that stand for one person named elsewhere.
PERSON_HEADS = word_set("person_heads")


@dataclass
class Search:
    """One quote's source with all a rule may look at.

    ``said`` holds the speakers resolved so far, by sentence; ``resolve`` says who speaks where the source is another stretch of
    the sentence.
    """

    cast: Cast
    quote: Quote
    tokens: Tokens
    phrase: Phrase | None
    text: str
    said: list[tuple[int, Speaker]]
    resolve: Callable[[Span], Speaker | None]

    @property
    def words(self) -> tuple[str, ...]:
        """The source's words in lower case, without possessive endings."""
        return split_words(self.text)


@lru_cache(maxsize=50_000)  # every rule asks, and most sources are "he", "officials" or named before
def split_words(text: str) -> tuple[str, ...]:
    """Return words in lower case, without possessive endings."""
    return tuple(strip_possessive(word).lower() for word in _WORD.findall(text))


Rule = Callable[[Search], Speaker | None]


def as_speaker(search: Search, person: Person, rule: str, flags: tuple[str, ...] = ()) -> Speaker:
    """Return a person of the article as the speaker, in the words of this source."""
    return Speaker(person.name, search.text, person.role, person.actor, rule, flags)


def again(search: Search, speaker: Speaker, rule: str, *flags: str) -> Speaker:
    """Return a speaker named before, now in the words of this source."""
    return Speaker(speaker.name, search.text, speaker.role, speaker.actor, rule, flags or speaker.flags)


def unresolved(search: Search, rule: str) -> Speaker:
    """Return the source's own words as the speaker, flagged."""
    return Speaker(search.text, search.text, None, None, rule, ("speaker_unresolved",))


def is_individual(search: Search, speaker: Speaker) -> bool:
    """Return whether a speaker is a person rather than a body."""
    return any(person.name == speaker.name for person in search.cast.people) or speaker.role is not None
