"""Speakers who are "he", "she", "they", "it", "I": the nearest speaker or subject that fits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stance.actors import home_of_role
from stance.phrases import Phrase, phrases_of, strip_possessive
from stance.records import Person, Speaker
from stance.speakers.search import PERSON_HEADS, Search, again, as_speaker, is_individual, unresolved

# A phrase behind one of these is no subject.
_GOVERNS = frozenset(["of", "for", "in", "with", "to", "by", "from", "on", "at", "against"])

# How many sentences back a pronoun may reach; beyond it the speaker is called unresolved.
_REACH = 4


def pronoun(search: Search) -> Speaker | None:
    """Resolve "he", "she", "they", "it" to the nearest speaker or subject that fits."""
    if search.phrase is not None and search.phrase.kind != "pronoun" and search.quote.rule != "noun_cue":
        return None
    word = search.words[0] if search.words else ""
    if word not in ("he", "she", "they", "it", "his", "her", "its", "their", "both", "others", "we", "i", "who"):
        return None
    if len(search.words) > 1 and search.phrase is not None and search.phrase.kind != "pronoun":
        return None
    if word in ("i", "we"):
        return main_person(search)
    if word == "others":
        return unresolved(search, "pronoun")
    if word in ("he", "she", "his", "her"):
        return _person_for(search, "female" if word in ("she", "her") else "male")
    return _body_for(search, plural=word in ("they", "their", "both"))


def _person_for(search: Search, gender: str) -> Speaker | None:
    """Return the last person who spoke or acted and is not known to be of the other gender."""
    candidates: list[Speaker | Person] = []
    here = search.quote.sentence
    known = {person.name: person for person in search.cast.people}
    for number in range(here, max(-1, here - _REACH - 1), -1):
        spoken = _said_in(search, number)
        subject = _subject_of(search, number)
        people = [subject] if subject else []
        candidates += people if number == here else [*spoken, *people]
    for candidate in candidates:
        person = known.get(candidate.name) if isinstance(candidate, Speaker) else candidate
        if person is None:
            if isinstance(candidate, Speaker) and _is_person_phrase(candidate.name) and not _other_gender(candidate.name, gender):
                return again(search, candidate, "pronoun")
            continue
        if person.gender in (None, gender):
            return as_speaker(search, person, "pronoun")
    for person in search.cast.people_before(search.quote.source.start if search.quote.source else 0):
        if person.gender in (None, gender):
            return as_speaker(search, person, "pronoun", ("speaker_unresolved",))
    return unresolved(search, "pronoun")


def _said_in(search: Search, number: int) -> list[Speaker]:
    """Return who speaks in a sentence, last first."""
    found = []
    for place, speaker in reversed(search.said):
        if place < number:
            break
        if place == number:
            found.append(speaker)
    return found


def _is_person_phrase(name: str) -> bool:
    return any(word.lower() in PERSON_HEADS for word in re.findall(r"[\w\-]+", name))


def _other_gender(name: str, gender: str) -> bool:
    words = {word.lower() for word in re.findall(r"[\w\-]+", name)}
    return bool(words & ({"spokesman", "man", "king", "prince"} if gender == "female" else {"spokeswoman", "woman", "queen"}))


def _free_phrases(search: Search, number: int) -> Iterator[Phrase]:
    """Yield the phrases of a sentence, before the source, that stand outside quotations and that no preposition governs."""
    page = search.cast.page
    tokens = page.tokens(number)
    limit = search.quote.source.start if search.quote.source else 0
    for phrase in phrases_of(page, number):
        start = tokens.starts[phrase.first]
        if start >= limit:
            return
        governed = phrase.first and tokens.lowers[phrase.first - 1] in _GOVERNS
        if not governed and not any(q.start <= start < q.end for q in page.quotations):
            yield phrase


def _subject_of(search: Search, number: int) -> Person | None:
    """Return the person who is the first phrase of a sentence outside quotations."""
    tokens = search.cast.page.tokens(number)
    people = (search.cast.person_at(tokens.starts[phrase.first]) for phrase in _free_phrases(search, number))
    return next((person for person in people if person is not None), None)


def _body_for(search: Search, *, plural: bool) -> Speaker | None:
    """Return the last body that spoke, else the last speaker of any kind."""
    for number in range(search.quote.sentence, max(-1, search.quote.sentence - _REACH - 1), -1):
        for speaker in _said_in(search, number):
            if not is_individual(search, speaker):
                return again(search, speaker, "pronoun")
        if not plural and (subject := _body_subject(search, number)) is not None:
            return subject
    if search.said:
        return again(search, search.said[-1][1], "pronoun", "speaker_unresolved")
    return unresolved(search, "pronoun")


def _body_subject(search: Search, number: int) -> Speaker | None:
    """Return the state or body that is the first phrase of a sentence outside quotations."""
    page = search.cast.page
    tokens = page.tokens(number)
    for phrase in _free_phrases(search, number):
        start, end = tokens.starts[phrase.first], tokens.ends[phrase.core]
        if phrase.kind in ("name", "noun") and search.cast.person_at(start) is None and search.cast.mentions_in(start, end):
            name = re.sub(r"^(?:the|a|an) ", "", page.text[start:end], flags=re.IGNORECASE)
            return Speaker(strip_possessive(name), search.text, None, home_of_role(search.cast, start, end), "pronoun")
        if phrase.kind != "document":
            return None
    return None


def main_person(search: Search) -> Speaker:
    """Resolve "I" and "we" outside quotation marks, as in an interview or a speech in full: who the article is about."""
    title = set(re.findall(r"\w+", (search.cast.title or "").casefold()))
    people = search.cast.people
    named = [person for person in people if title & set(person.name.casefold().split()[-1:])]
    voices = {speaker.name for _, speaker in search.said if speaker.rule == "named_person"}
    spoken = [person for person in people if person.name in voices]
    for person in [*spoken, *named, *people][:1]:
        return as_speaker(search, person, "pronoun", ("speaker_unresolved",))
    return unresolved(search, "pronoun")
