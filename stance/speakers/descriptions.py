"""Speakers who are described: "the minister", "the official", "the group"."""

from __future__ import annotations

from stance.actors import find_term, home_of_role
from stance.lexicon import word_set
from stance.phrases import HEADS
from stance.records import Speaker
from stance.speakers.search import PERSON_HEADS, Search, again, as_speaker, is_individual, split_words

_SPOKES = frozenset(["spokesman", "spokeswoman", "spokesperson", "spokespersons", "spokesmen"])

# "the official" goes on an unnamed one, where one has spoken, before it is taken for a minister.
_UNNAMED = frozenset(["official", "diplomat", "source", "aide", "lawmaker", "spokesman", "spokeswoman", "spokesperson"])

# How many sentences back "the group" may reach.
_BODY_REACH = 8

_GENERIC_BODIES = word_set("generic_bodies")


def described_person(search: Search) -> Speaker | None:
    """Resolve "the minister", "the Russian diplomat" to the person whose role it is."""
    if search.phrase is None or search.phrase.kind == "pronoun":
        return None
    core = search.tokens.lowers[search.phrase.first : search.phrase.core + 1]
    head = core[-1]
    if head not in PERSON_HEADS or (
        core[0] not in ("the", "his", "her", "its", "their")
        and not _has_possessive(search.tokens.texts[search.phrase.first : search.phrase.core])
    ):
        return None
    if search.quote.source is None:
        return None
    if head in _UNNAMED and (speaker := said_before(search)) is not None:
        return speaker
    wanted = home_of_role(search.cast, search.quote.source.start, search.quote.source.end)
    words = {w for w in search.words if w in HEADS or w in ("foreign", "prime", "vice", "deputy")}
    if head == "counterpart":
        words = set()
    before = search.cast.people_before(search.quote.source.start)
    later = [person for person in search.cast.people if person not in before] if wanted is not None else []
    for person in [*before, *later]:
        role = set(split_words(person.role or ""))
        term = None if person.role else find_term(person.name, search.cast.published)
        if term is not None:
            role = set(term.role.lower().split())
        actor = person.actor
        if wanted is not None and actor is not None and wanted != actor:
            continue
        if wanted is None and not words:
            continue
        if words and not (words <= role or _similar(words, role)):
            continue
        return as_speaker(search, person, "described_person")
    return None


def _similar(words: set[str], role: set[str]) -> bool:
    if words & {"official", "diplomat", "politician"} and len(words) == 1:
        return bool(
            role
            & {
                "minister",
                "ambassador",
                "envoy",
                "spokesman",
                "spokeswoman",
                "secretary",
                "adviser",
                "official",
                "deputy",
                "diplomat",
                "negotiator",
                "chief",
                "director",
            }
        )
    if "spokesperson" in words:
        return bool(role & _SPOKES)
    if "diplomat" in words and words <= {"diplomat", "chief", "top"}:
        return {"foreign", "minister"} <= role or {"secretary", "state"} <= role
    if "leader" in words or "chief" in words:
        return (
            bool(role & {"leader", "president", "premier", "chief", "head", "chairman", "commander", "minister"})
            and len(words) == 1
        )
    if words == {"minister"}:
        return "minister" in role
    return words <= {"premier", "prime", "minister"} and bool(role & {"premier", "prime"})


def _has_possessive(words: list[str]) -> bool:
    return any(word.endswith(("'s", "’s")) for word in words)


def said_before(search: Search) -> Speaker | None:
    """Resolve "the official", "both lawmakers", "the ministry" to a speaker quoted before under the same head."""
    if search.phrase is None or search.phrase.kind != "noun":
        return None
    core = search.tokens.lowers[search.phrase.first : search.phrase.core + 1]
    if core[0] in ("the", "both", "these", "those"):
        core = core[1:]
    elif len(core) > 1 or not core[0].endswith("s"):
        return None  # "Officials" may go on "US officials"; "an official" is a new one
    words = set(core)
    if not words:
        return None
    for place, speaker in reversed(search.said):
        if search.quote.sentence - place > 15:
            break
        named = set(split_words(f"{speaker.name} {speaker.role or ''}"))
        if words <= named:
            return again(search, speaker, "said_before")
    return None


def same_body(search: Search) -> Speaker | None:
    """Resolve "the group", "the court", "the bloc" to the body that spoke last."""
    core = search.tokens.lowers[search.phrase.first : search.phrase.last + 1] if search.phrase else []
    if len(core) != 2 or core[0] != "the" or core[1] not in _GENERIC_BODIES:
        return None
    for place, speaker in reversed(search.said):
        if search.quote.sentence - place > _BODY_REACH:
            break
        if speaker.rule != "pronoun" and not is_individual(search, speaker) and not speaker.flags:
            return again(search, speaker, "same_body")
    return None
