"""Says where an office without a country is at home, and which group "the rebels" are."""

from __future__ import annotations

from collections import Counter
from functools import cache

from stance.actors.cast import Cast, groups
from stance.actors.names import find_mentions
from stance.lexicon import read_table, split_cell, word_set
from stance.text import Page, find_tokens

_GROUP_WORDS = word_set("group_words")
# Named beside "the rebels" far more than as "the rebels".
_NOT_THE_REBELS = frozenset(["ISIS", "AL_QAEDA", "NUSRA", "HEZBOLLAH", "WAGNER", "AQIM", "AL_SHABAAB"])
# States that are named in reports of wars they are not fought in.
_POWERS = word_set("powers")
# Weights of the dateline, of the outlet's country, and of a mention in the same sentence, one and two before; tried on the study
# articles and on the composed ones, 2026-11: flat between half and twice these values.
HOME = 4
DESK = 4
NEAR = (6, 2, 1)


def home_near(cast: Cast, offset: int) -> str | None:
    """Return the state that an office without a country most likely belongs to, judged from where it is named.

    The states of the article are weighed by how often and how near before the offset they are named; the dateline counts too.
    """
    here = cast.page.sentence_at(offset)
    weights: Counter[str] = Counter()
    if cast.home in _states():
        weights[cast.home or ""] += HOME
    if cast.desk:
        weights[cast.desk] += DESK
    for actor, count in cast.actor_counts().items():
        if actor in _states():
            weights[actor] += count
    for gap, weight in enumerate(NEAR):
        for mention in cast.mentions.get(here - gap, ()):
            if mention.actor in _states() and mention.end <= offset:
                weights[mention.actor] += weight
    return weights.most_common(1)[0][0] if weights else None


def group_near(cast: Cast, words: set[str]) -> str | None:
    """Return the armed or opposition group that "the rebels", "an opposition delegate" stand for in this article."""
    if not words & _GROUP_WORDS:
        return None
    counts = cast.actor_counts()
    by_state = _groups_by_state()
    ranked = sorted(counts.most_common(), key=lambda entry: entry[0] in _POWERS)
    for actor, count in ranked:
        if is_group(actor) and actor not in _NOT_THE_REBELS:
            return actor
        if (
            count >= 4
            and by_state.get(actor)
            and words & {"opposition", "rebels", "rebel", "separatists", "separatist", "insurgents"}
            and (actor == "SYR" or "opposition" not in words)
        ):
            return by_state[actor]
    return None


@cache
def _groups_by_state() -> dict[str, str]:
    """Return state -> the first armed or opposition group among the parties to its conflict."""
    found: dict[str, str] = {}
    for row in read_table("conflicts"):
        for actor in split_cell(row["actors"]):
            if is_group(actor) and actor not in _NOT_THE_REBELS:
                found.setdefault(row["location"], actor)
                break
    return found


@cache
def _outlets() -> dict[str, str]:
    return {row["outlet"].casefold(): row["state"] for row in read_table("outlets")}


def home_of_outlet(outlet: str | None) -> str | None:
    """Return the state an outlet is at home in, None where the table does not know it."""
    return _outlets().get((outlet or "").casefold()) or None


def is_group(actor: str) -> bool:
    """Return whether an actor is an armed group or an opposition."""
    return actor in groups()


@cache
def _states() -> frozenset[str]:
    return frozenset(row["code"] for row in read_table("states"))


def find_home(page: Page, cast: Cast) -> str | None:
    """Return the state of the dateline ("TEHRAN –"): where "the foreign minister" without a country is at home."""
    if not page.sentences:
        return None
    start = page.paragraphs[0].start
    head = page.text[start : page.sentences[0].start]
    if not head or len(head) > 120:
        return None
    tokens = find_tokens(head.title())
    for mention in find_mentions(tokens):
        if mention.kind == "capital":
            return mention.actor
    return None
