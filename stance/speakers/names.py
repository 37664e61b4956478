"""Speakers whose name stands in the source: names, labels of a transcript."""

from __future__ import annotations

import re
from dataclasses import replace

from stance.actors import home_near, split_phrase
from stance.phrases import HEADS, strip_possessive
from stance.records import Person, Speaker
from stance.speakers.pronouns import main_person
from stance.speakers.search import Search, as_speaker


def transcript_label(search: Search) -> Speaker | None:
    """Resolve the label of a transcript: "MR. LAVROV", "Q"."""
    if search.quote.rule != "transcript_label":
        return None
    name = re.sub(r"^(?:MR|MS|MRS|DR)\.? ", "", search.text)
    name = re.sub(r"\s*\(.*\)$", "", name)
    if name == "A" or name.islower():  # an answer; "the text of his speech"
        return replace(main_person(search), rule="transcript_label")
    for person in search.cast.people:
        if set(name.casefold().split()) <= set(person.name.casefold().split()):
            return as_speaker(search, person, "transcript_label")
    actor = home_near(search.cast, search.quote.source.start if search.quote.source else 0)
    return Speaker(
        name.title() if name.isupper() else name, search.text, None, actor, "transcript_label", ("speaker_unresolved",)
    )


def named_person(search: Search) -> Speaker | None:
    """Resolve a name that stands in the source itself."""
    person = search.cast.person_at(search.quote.source.start) if search.quote.source else None
    if person is None and search.phrase is not None and search.phrase.kind == "name":
        mentions = search.cast.mentions.get(search.quote.sentence, [])
        start, end = split_phrase(search.cast.page, mentions, search.tokens, search.phrase)
        if start < end:
            person = search.cast.person_at(search.tokens.starts[start])
    if person is None:
        person = _named_behind(search)
    return as_speaker(search, person, "named_person") if person else None


def _named_behind(search: Search) -> Person | None:
    """Return the person of "South Sudan's ambassador, Lual Deng," and "the head of their team at the talks, Ali Omar,"."""
    phrase, tokens = search.phrase, search.tokens
    if phrase is None or phrase.kind == "pronoun":
        return None
    if not any(strip_possessive(word).lower() in HEADS for word in tokens.texts[phrase.first : phrase.last + 1]):
        return None
    for j in range(phrase.last + 1, min(phrase.last + 8, len(tokens) - 1)):
        if tokens.texts[j] == ",":
            return search.cast.person_at(tokens.starts[j + 1])
        if not tokens.texts[j].islower():
            return None
    return None
