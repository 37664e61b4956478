"""Says who speaks: resolves a quote's source to a person or body, with role and actor, by a chain of named rules."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from stance.actors import (
    PRIVATE_ROLES,
    US_ROLE,
    Cast,
    find_mentions,
    find_term,
    group_near,
    home_near,
    home_of_role,
    is_private,
    named_within,
    split_phrase,
)
from stance.lexicon import is_channel, word_set
from stance.phrases import HEADS, Phrase, phrases_of, strip_possessive
from stance.records import Person, Quote, Span, Speaker, Token
from stance.text import find_tokens

# "the minister", "the spokesman": heads that stand for one person named elsewhere.
_PERSON_HEADS = word_set("person_heads")
_SPOKES = frozenset(["spokesman", "spokeswoman", "spokesperson", "spokespersons", "spokesmen"])
_BODY_HEADS = word_set("body_heads")
# "a Western diplomat", "officials", "sources": nobody's voice unless a country stands with them.
_NOBODY = word_set("nobody")
# "the official" goes on an unnamed one, where one has spoken, before it is taken for a minister.
_UNNAMED = frozenset(["official", "diplomat", "source", "aide", "lawmaker", "spokesman", "spokeswoman", "spokesperson"])
# "the ministry", "the spokesman": of the state at hand, unless the words around say otherwise.
_OF_A_STATE = (_BODY_HEADS | _PERSON_HEADS) - {"group", "country", "side", "analyst", "expert", "professor", "man", "woman"}
_OF_NO_STATE = frozenset({"western", "international", "european", "regional", "arab", "unnamed"})
# Words that, where no country stands with them, news uses of the United States.
_AMERICAN = word_set("american")
# A phrase behind one of these is no subject.
_GOVERNS = frozenset(["of", "for", "in", "with", "to", "by", "from", "on", "at", "against"])
# How many sentences back a pronoun may reach; beyond it the speaker is called unresolved.
_REACH = 4


@dataclass
class Search:
    """One quote's source with all a rule may look at; ``said`` holds the speakers resolved so far."""

    cast: Cast
    quote: Quote
    tokens: list[Token]
    phrase: Phrase | None
    text: str
    said: list[tuple[int, Speaker]]

    @property
    def words(self) -> list[str]:
        """The source's words in lower case, without possessive endings."""
        return [strip_possessive(word).lower() for word in re.findall(r"[\w.’'\-]+", self.text)]


Rule = Callable[[Search], Speaker | None]


def find_speakers(cast: Cast, quotes: list[Quote]) -> list[Speaker | None]:
    """Return the speaker of each quote, None where the source is only a channel (a newspaper, an agency)."""
    found: list[Speaker | None] = [None] * len(quotes)
    said: list[tuple[int, Speaker]] = []
    order = sorted(range(len(quotes)), key=lambda i: (quotes[i].sentence, quotes[i].source is None))
    for i in order:
        if quotes[i].source is not None:
            found[i] = find_speaker(cast, quotes[i], said)
            if (speaker := found[i]) is not None:
                said.append((quotes[i].sentence, speaker))
    for i, quote in enumerate(quotes):
        if quote.source is None:
            found[i] = _continued(quotes, found, i)
    return found


def _continued(quotes: list[Quote], found: list[Speaker | None], i: int) -> Speaker | None:
    anchor = quotes[i].continued
    for _ in range(12):
        if anchor is None:
            return None
        if (speaker := found[anchor]) is not None:
            flags = tuple(sorted({*speaker.flags, *(("speaker_unresolved",) if quotes[i].rule == "quotation_goes_on" else ())}))
            return Speaker(speaker.name, "", speaker.role, speaker.actor, f"continues:{quotes[i].rule}", flags)
        anchor = quotes[anchor].continued
    return None


def find_speaker(cast: Cast, quote: Quote, said: list[tuple[int, Speaker]]) -> Speaker | None:
    """Return the speaker that the first rule to answer gives."""
    assert quote.source is not None
    tokens = cast.page.tokens(quote.sentence)
    phrase = next(
        (p for p in phrases_of(cast.page, quote.sentence) if tokens[p.first].start == quote.source.start),
        None,
    )
    text = cast.page.text[quote.source.start : quote.source.end]
    search = Search(cast, quote, tokens, phrase, text, said)
    if is_channel(text):
        return None
    for rule in RULES:
        if (speaker := rule(search)) is not None:
            return speaker
    return None


def _speaker(search: Search, person: Person, rule: str, flags: tuple[str, ...] = ()) -> Speaker:
    return Speaker(person.name, search.text, person.role, person.actor, rule, flags)


def _again(search: Search, speaker: Speaker, rule: str, *flags: str) -> Speaker:
    """Return a speaker named before, now in the words of this source."""
    return Speaker(speaker.name, search.text, speaker.role, speaker.actor, rule, flags or speaker.flags)


def _unresolved(search: Search, rule: str) -> Speaker:
    return Speaker(search.text, search.text, None, None, rule, ("speaker_unresolved",))


def transcript_label(search: Search) -> Speaker | None:
    """Resolve the label of a transcript: "MR. LAVROV", "Q"."""
    if search.quote.rule != "transcript_label":
        return None
    name = re.sub(r"^(?:MR|MS|MRS|DR)\.? ", "", search.text)
    name = re.sub(r"\s*\(.*\)$", "", name)
    if name == "A" or name.islower():  # an answer; "the text of his speech"
        return replace(_main_person(search), rule="transcript_label")
    for person in search.cast.people:
        if set(name.casefold().split()) <= set(person.name.casefold().split()):
            return _speaker(search, person, "transcript_label")
    actor = home_near(search.cast, search.quote.source.start if search.quote.source else 0)
    return Speaker(
        name.title() if name.isupper() else name, search.text, None, actor, "transcript_label", ("speaker_unresolved",)
    )


def named_person(search: Search) -> Speaker | None:
    """Resolve a name that stands in the source itself."""
    person = search.cast.person_at(search.quote.source.start) if search.quote.source else None
    if person is None and search.phrase is not None and search.phrase.kind == "name":
        start, end = split_phrase(search.cast, search.tokens, search.phrase)
        if start < end:
            person = search.cast.person_at(search.tokens[start].start)
    if person is None:
        person = _named_behind(search)
    return _speaker(search, person, "named_person") if person else None


def _named_behind(search: Search) -> Person | None:
    """Return the person of "South Sudan's ambassador, Lual Deng," and "the head of their team at the talks, Ali Omar,"."""
    phrase, tokens = search.phrase, search.tokens
    if phrase is None or phrase.kind == "pronoun":
        return None
    if not any(strip_possessive(token.text).lower() in HEADS for token in tokens[phrase.first : phrase.last + 1]):
        return None
    for j in range(phrase.last + 1, min(phrase.last + 8, len(tokens) - 1)):
        if tokens[j].text == ",":
            return search.cast.person_at(tokens[j + 1].start)
        if not tokens[j].text.islower():
            return None
    return None


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
        return _main_person(search)
    if word == "others":
        return _unresolved(search, "pronoun")
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
        subject = _subject_of(
            search, number, before=search.quote.source.start if number == here and search.quote.source else None
        )
        people = [subject] if subject else []
        candidates += people if number == here else [*spoken, *people]
    for candidate in candidates:
        person = known.get(candidate.name) if isinstance(candidate, Speaker) else candidate
        if person is None:
            if isinstance(candidate, Speaker) and _is_person_phrase(candidate.name) and not _other_gender(candidate.name, gender):
                return _again(search, candidate, "pronoun")
            continue
        if person.gender in (None, gender):
            return _speaker(search, person, "pronoun")
    for person in search.cast.people_before(search.quote.source.start if search.quote.source else 0):
        if person.gender in (None, gender):
            return _speaker(search, person, "pronoun", ("speaker_unresolved",))
    return _unresolved(search, "pronoun")


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
    return any(word.lower() in _PERSON_HEADS for word in re.findall(r"[\w\-]+", name))


def _other_gender(name: str, gender: str) -> bool:
    words = {word.lower() for word in re.findall(r"[\w\-]+", name)}
    return bool(words & ({"spokesman", "man", "king", "prince"} if gender == "female" else {"spokeswoman", "woman", "queen"}))


def _subject_of(search: Search, number: int, before: int | None = None) -> Person | None:
    """Return the person who is the first phrase of a sentence outside quotations."""
    page = search.cast.page
    tokens = page.tokens(number)
    for phrase in phrases_of(page, number):
        start = tokens[phrase.first].start
        if before is not None and start >= before:
            return None
        if any(q.start <= start < q.end for q in page.quotations):
            continue
        if phrase.first and tokens[phrase.first - 1].text.lower() in _GOVERNS:
            continue
        if person := search.cast.person_at(start):
            return person
    return None


def _body_for(search: Search, *, plural: bool) -> Speaker | None:
    """Return the last body that spoke, else the last speaker of any kind."""
    for number in range(search.quote.sentence, max(-1, search.quote.sentence - _REACH - 1), -1):
        for speaker in _said_in(search, number):
            if not _is_individual(search, speaker):
                return _again(search, speaker, "pronoun")
        if not plural and (subject := _body_subject(search, number)) is not None:
            return subject
    if search.said:
        return _again(search, search.said[-1][1], "pronoun", "speaker_unresolved")
    return _unresolved(search, "pronoun")


def _body_subject(search: Search, number: int) -> Speaker | None:
    """Return the state or body that is the first phrase of a sentence outside quotations."""
    page = search.cast.page
    tokens = page.tokens(number)
    limit = search.quote.source.start if search.quote.source else 0
    for phrase in phrases_of(page, number):
        start, end = tokens[phrase.first].start, tokens[phrase.core].end
        if start >= limit:
            return None
        governed = phrase.first and tokens[phrase.first - 1].text.lower() in _GOVERNS
        if governed or any(q.start <= start < q.end for q in page.quotations):
            continue
        if phrase.kind in ("name", "noun") and search.cast.person_at(start) is None and search.cast.mentions_in(start, end):
            name = re.sub(r"^(?:the|a|an) ", "", page.text[start:end], flags=re.IGNORECASE)
            return Speaker(strip_possessive(name), search.text, None, home_of_role(search.cast, start, end), "pronoun")
        if phrase.kind != "document":
            return None
    return None


def _main_person(search: Search) -> Speaker:
    """Resolve "I" and "we" outside quotation marks, as in an interview or a speech in full: who the article is about."""
    title = set(re.findall(r"\w+", (search.cast.title or "").casefold()))
    people = search.cast.people
    named = [person for person in people if title & set(person.name.casefold().split()[-1:])]
    voices = {speaker.name for _, speaker in search.said if speaker.rule == "named_person"}
    spoken = [person for person in people if person.name in voices]
    for person in [*spoken, *named, *people][:1]:
        return _speaker(search, person, "pronoun", ("speaker_unresolved",))
    return _unresolved(search, "pronoun")


def _is_individual(search: Search, speaker: Speaker) -> bool:
    return any(person.name == speaker.name for person in search.cast.people) or speaker.role is not None


def document(search: Search) -> Speaker | None:
    """Resolve "the statement said": its owner, else the body that spoke last."""
    if search.phrase is None or search.phrase.kind != "document":
        return None
    if search.quote.source and (mentions := search.cast.mentions_in(search.quote.source.start, search.quote.source.end)):
        mention = mentions[0]
        return Speaker(
            strip_possessive(search.cast.page.text[mention.start : mention.end]), search.text, None, mention.actor, "document"
        )
    if (issuer := _issuer(search)) is not None:
        return issuer
    if search.said:
        return _again(search, search.said[-1][1], "document")
    return _unresolved(search, "document")


_ISSUES = frozenset(
    ["issued", "released", "published", "posted", "signed", "sent", "made", "gave", "issue", "release", "in", "with", "adopted"]
)
_LONGEST_VERB = 5


def _issuer(search: Search) -> Speaker | None:
    """Return who put the document out, by this sentence: "The ministry issued a statement saying", "in a letter, Lund"."""
    phrase, tokens = search.phrase, search.tokens
    if phrase is None or search.quote.source is None:
        return None
    for other in reversed(phrases_of(search.cast.page, search.quote.sentence)):
        gap = [token.text.lower() for token in tokens[other.last + 1 : phrase.first]]
        if other.last >= phrase.first or other.kind == "document" or len(gap) > _LONGEST_VERB:
            continue
        if not set(gap) & _ISSUES or "," in gap:
            return None
        source = Span(tokens[other.first].start, tokens[other.last].end)
        found = find_speaker(search.cast, replace(search.quote, source=source), search.said)
        return found and replace(found, rule="document")
    return None


def described_person(search: Search) -> Speaker | None:
    """Resolve "the minister", "the Russian diplomat" to the person whose role it is."""
    if search.phrase is None or search.phrase.kind == "pronoun":
        return None
    core = search.tokens[search.phrase.first : search.phrase.core + 1]
    head = core[-1].text.lower()
    if head not in _PERSON_HEADS or (
        core[0].text.lower() not in ("the", "his", "her", "its", "their") and not _has_possessive(core)
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
        role = {strip_possessive(word).lower() for word in re.findall(r"[\w.’'\-]+", person.role or "")}
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
        return _speaker(search, person, "described_person")
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


def _has_possessive(core: list[Token]) -> bool:
    return any(token.text.endswith(("'s", "’s")) for token in core[:-1])


def said_before(search: Search) -> Speaker | None:
    """Resolve "the official", "both lawmakers", "the ministry" to a speaker quoted before under the same head."""
    if search.phrase is None or search.phrase.kind != "noun":
        return None
    core = search.tokens[search.phrase.first : search.phrase.core + 1]
    if core[0].text.lower() in ("the", "both", "these", "those"):
        core = core[1:]
    elif len(core) > 1 or not core[0].text.lower().endswith("s"):
        return None  # "Officials" may go on "US officials"; "an official" is a new one
    words = {token.text.lower() for token in core}
    if not words:
        return None
    for place, speaker in reversed(search.said):
        if search.quote.sentence - place > 15:
            break
        named = {strip_possessive(word).lower() for word in re.findall(r"[\w.’'\-]+", f"{speaker.name} {speaker.role or ''}")}
        if words <= named:
            return _again(search, speaker, "said_before")
    return None


def same_body(search: Search) -> Speaker | None:
    """Resolve "the group", "the court", "the bloc" to the body that spoke last."""
    core = search.tokens[search.phrase.first : search.phrase.last + 1] if search.phrase else []
    if len(core) != 2 or core[0].text.lower() != "the" or core[1].text.lower() not in _GENERIC_BODIES:
        return None
    for place, speaker in reversed(search.said):
        if search.quote.sentence - place > _BODY_REACH:
            break
        if speaker.rule != "pronoun" and not _is_individual(search, speaker) and not speaker.flags:
            return _again(search, speaker, "same_body")
    return None


# How many sentences back "the group" may reach.
_BODY_REACH = 8
_GENERIC_BODIES = word_set("generic_bodies")


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
    head = search.tokens[search.phrase.core].text.lower() if search.phrase else ""
    if actor is None and not words & PRIVATE_ROLES:
        principal = named_within(search.cast, search.text)
        actor = principal.actor if principal else "USA" if US_ROLE.search(search.text) else None
    if actor is None and "european" in words and head in _GOVERNING:
        actor = "EU"
    if actor is None and name in _HALVES:
        actor = _half(search, name)
    if actor is None and words & _AMERICAN and search.cast.actor_counts()["USA"]:
        actor = "USA"
    if actor is None:
        actor = group_near(search.cast, words)
    if actor is None and head in _OF_A_STATE and not words & (_NOBODY | _OF_NO_STATE) and not is_private(search.text):
        actor = home_near(search.cast, span.start)
    return Speaker(strip_possessive(name), search.text, None, actor, "body")


# "European leaders", "the European allies".
_GOVERNING = frozenset(["leaders", "allies", "officials", "governments", "countries", "nations", "partners", "ministers"])
_HALVES = {"North": "North Korea", "South": "South Korea"}


def _half(search: Search, name: str) -> str | None:
    """Return the Korean state that "the North", "the South" stands for in an article that names it."""
    mentions = find_mentions(find_tokens(_HALVES[name], 0, len(_HALVES[name])))
    actor = mentions[0].actor if mentions else None
    return actor if actor and search.cast.actor_counts()[actor] else None


def _demonym_first(search: Search) -> bool:
    span = search.quote.source
    if span is None:
        return False
    mentions = search.cast.mentions_in(span.start, span.end)
    return bool(mentions) and mentions[0].kind in ("demonym", "name", "metonym", "body") and mentions[0].start - span.start <= 12


# A transcript's label is beyond doubt; a name in the source beats every reading of the words around it; pronouns and
# documents point back; "the minister" is looked up; what is left is taken as it stands.
RULES: tuple[Rule, ...] = (transcript_label, named_person, pronoun, document, described_person, said_before, same_body, body)
