"""Speakers taken as they stand: a state, a body, an unnamed official; and for whom they speak."""

from __future__ import annotations

import re

from stance.actors import (
    PRIVATE_ROLES,
    group_near,
    home_near,
    home_of_role,
    is_private,
    named_within,
    names_us_office,
)
from stance.lexicon import word_set
from stance.phrases import strip_possessive
from stance.records import Span, Speaker
from stance.speakers.search import PERSON_HEADS, Search

_BODY_HEADS = word_set("body_heads")

# "a Western diplomat", "officials", "sources": nobody's voice unless a country stands with them.
_NOBODY = word_set("nobody")

# "the ministry", "the spokesman": of the state at hand, unless the words around say otherwise.
_OF_A_STATE = (_BODY_HEADS | PERSON_HEADS) - {"group", "country", "side", "analyst", "expert", "professor", "man", "woman"}

_OF_NO_STATE = frozenset({"western", "international", "european", "regional", "arab", "unnamed"})

# Words that, where no country stands with them, news uses of the United States.
_AMERICAN = word_set("american")

# "European leaders", "the European allies".
_GOVERNING = frozenset(["leaders", "allies", "officials", "governments", "countries", "nations", "partners", "ministers"])

# "The North", "the South", in an article that names the state.
_HALVES = {"North": "PRK", "South": "KOR"}


def body(search: Search) -> Speaker | None:
    """Take the source as it stands: a state, a body, an unnamed official."""
    name = re.sub(r"^(?:the|a|an|some|several|many|other)\s+", "", search.text, flags=re.IGNORECASE) or search.text
    words = set(search.words)
    span = search.quote.source or Span(0, 0)
    actor: str | None = None
    if not is_private(search.text) or words & _BODY_HEADS:
        actor = home_of_role(search.cast, span.start, span.end)
    if actor is not None and words & {"diplomatic", "sources", "source"} and not _demonym_first(search):
        actor = None
    head = search.tokens.lowers[search.phrase.core] if search.phrase else ""
    if actor is None and not words & PRIVATE_ROLES:
        principal = named_within(search.cast, search.text)
        actor = principal.actor if principal else "USA" if names_us_office(search.text) else None
    if actor is None and "european" in words and head in _GOVERNING:
        actor = "EU"
    if actor is None and name in _HALVES and search.cast.actor_counts()[_HALVES[name]]:
        actor = _HALVES[name]
    if actor is None and words & _AMERICAN and search.cast.actor_counts()["USA"]:
        actor = "USA"
    if actor is None:
        actor = group_near(search.cast, words)
    if actor is None and head in _OF_A_STATE and not words & (_NOBODY | _OF_NO_STATE) and not is_private(search.text):
        actor = home_near(search.cast, span.start)
    return Speaker(strip_possessive(name), search.text, None, actor, "body")


def _demonym_first(search: Search) -> bool:
    span = search.quote.source
    if span is None:
        return False
    mentions = search.cast.mentions_in(span.start, span.end)
    return bool(mentions) and mentions[0].kind in ("demonym", "name", "metonym", "body") and mentions[0].start - span.start <= 12
