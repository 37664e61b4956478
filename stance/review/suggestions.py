"""Suggests what may be meant in a field: actors and places of the tables, people and bodies of the article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from stance.actors.names import find_mentions
from stance.lexicon import read_table, split_cell
from stance.pipeline import read_stages
from stance.records import Article
from stance.text import find_tokens


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What the fields of a statement suggest: names and roles from the article, codes with their names from the tables."""

    speakers: tuple[str, ...]
    roles: tuple[str, ...]


@cache
def actor_names() -> dict[str, str]:
    """Return code -> name of every state, organisation and group, those of the tables, by code."""
    rows = [(row["code"], row["name"]) for table in ("states", "organizations") for row in read_table(table)]
    return dict(sorted(rows))


@cache
def place_names() -> dict[str, str]:
    """Return code -> name of every conflict, by code."""
    rows = [(row["location"], split_cell(row["names"])[0]) for row in read_table("conflicts")]
    return {code: actor_names().get(code, name) for code, name in sorted(rows)}


def find_code(words: str) -> str | None:
    """Return the code that words mean: a code in any case, or a name that the tables have; None if there is none.

    >>> find_code("irn"), find_code("Iran"), find_code("the Houthis"), find_code("Freedonia")
    ('IRN', 'IRN', 'HOUTHIS', None)
    """
    code = words.strip().upper().replace(" ", "_")
    if code in actor_names() or code in place_names():
        return code
    names = {name.casefold(): key for known in (place_names(), actor_names()) for key, name in known.items()}
    bare = words.strip().removeprefix("the ").removeprefix("The ")
    if exact := names.get(bare.casefold()):
        return exact
    mentions = find_mentions(find_tokens(bare))
    return mentions[0].actor if len(mentions) == 1 and mentions[0].end - mentions[0].start == len(bare) else None


@lru_cache(maxsize=64)
def suggest(article: Article | None) -> Suggestions:
    """Return what an article suggests: its people, and the bodies and states that it names, in the order of the text."""
    if article is None:
        return Suggestions((), ())
    cast = read_stages(article).cast
    codes = dict.fromkeys(mention.actor for number in sorted(cast.mentions) for mention in cast.mentions[number])
    people = [person.name for person in cast.people]
    return Suggestions(
        speakers=_once([*people, *(actor_names().get(code, code) for code in codes)]),
        roles=_once([person.role or "" for person in cast.people]),
    )


def _once(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(value for value in dict.fromkeys(" ".join(value.split()) for value in values) if value)
