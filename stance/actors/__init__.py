"""Finds states, organisations, groups and people in an article, and links "Lund" to "Kari Lund"."""

from __future__ import annotations

from dataclasses import replace

from stance.actors.cast import Cast, home_of_role, named_within, names_us_office
from stance.actors.homes import find_home, group_near, home_near, home_of_outlet, is_group
from stance.actors.names import NORMALISED, find_mentions, name_key, normalise
from stance.actors.offices import PRIVATE_ROLES, find_term, holds_office, is_private
from stance.actors.people import read_names, split_phrase
from stance.phrases import strip_possessive
from stance.records import Article
from stance.text import Page

__all__ = [
    "NORMALISED",
    "PRIVATE_ROLES",
    "Cast",
    "find_mentions",
    "find_term",
    "group_near",
    "home_near",
    "home_of_role",
    "is_group",
    "is_private",
    "name_key",
    "named_within",
    "names_us_office",
    "normalise",
    "read_cast",
    "split_phrase",
]


def read_cast(page: Page, article: Article) -> Cast:
    """Find everybody in an article, in text order, linking later mentions to earlier ones."""
    mentions = {number: find_mentions(page.tokens(number)) for number in range(len(page.sentences))}
    cast = Cast(page, mentions, published=article.published, title=article.title, desk=home_of_outlet(article.outlet))
    cast.home = find_home(page, cast)
    for number in range(len(page.sentences)):
        read_names(cast, number)
    for position, person in enumerate(cast.people):
        if person.actor is None and person.role and not is_private(person.role):
            words = {strip_possessive(word).strip(".,").lower() for word in person.role.split()}
            actor = group_near(cast, words) or (home_near(cast, person.first) if holds_office(person.role) else None)
            cast.people[position] = replace(person, actor=actor)
    return cast
