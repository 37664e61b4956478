"""Finds states, organisations, groups and people in an article, and links "Lund" to "Kari Lund"."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from stance.lexicon import read_table, read_words, split_cell
from stance.phrases import DETERMINERS, HEADS, NAME_LINKS, Phrase, kind_of, phrases_of, strip_possessive
from stance.records import Article, Mention, Person, Token
from stance.text import Page, find_tokens

TITLES = frozenset(read_words("titles"))
PRIVATE_ROLES = frozenset(read_words("private_roles"))
# A body whose name ends so is private, whatever country stands in it, unless the tables know the whole name.
_PRIVATE_BODIES = frozenset(
    "Institute Institution Association University Foundation Center Centre Network Watch Bank Company Corp Inc Ltd Group Times Post "
    "Observatory College School Fund Project Journal Magazine Society Initiative Endowment Forum Chamber Airlines Energy".split()
)
_BODY_ENDINGS = _PRIVATE_BODIES | frozenset(
    "Ministry Council Party Committee Commission Department Office Army Forces Front Movement Union Organization Organisation "
    "Congress Parliament Assembly Agency Authority Coalition Alliance League Court Embassy Mission Delegation Government Guard Guards "
    "Corps House Palace Command Administration Treasury Kremlin Board Federation Nations Republic Service Force Secretariat Bureau Bloc "
    "Brigades Resistance Street Strip Sea Peninsula Strait Gulf Bank City Province Region War Day Agreement Accord Accords Act Deal "
    "Plan Process Treaty Resolution Conference Summit Security Council's Islam State States Kingdom Emirates".split()
)
# "envoy to", "ambassador to", "adviser on": what follows is not the home of the speaker.
_OUTWARD = frozenset("for to on with against about in over at between".split())
# "spokesman for Iran", "adviser to the Kremlin": here it is.
_INWARD = re.compile(r"(?:spokes\w+ for|(?:advis[eo]rs?|aides?|deputy|assistant) to|negotiators? for|candidate for president of)$", re.IGNORECASE)
_RANKS = frozenset("gen col lt maj capt adm brig sgt cmdr rep sen gov brigadier marshal mp".split())
_FORMER = re.compile(r"\b(?:former|ex-|retired|one-time|onetime)", re.IGNORECASE)
_OFFICE = re.compile(
    r"\b(?:president|premier|prime minister|minister|chancellor|governor|ambassador|senator|secretary|undersecretary|congress\w*|"
    r"speaker|king|envoy|mayor)\b",
    re.IGNORECASE,
)
US_ROLE = re.compile(r"\b(?:Republicans?|Democrats?|Democratic|GOP|Sen\.|Reps?\.|Senators?|Congress(?:wo)?man|congressional|White House)\b")
_US_PARTY = re.compile(r"\s*[,(]\s*(?:D|R|I)\s*[-–.]")
_FEMALE = frozenset("mrs ms miss madam lady queen princess baroness spokeswoman chairwoman congresswoman woman first-lady daw".split())
_MALE = frozenset("mr sir lord king prince spokesman chairman congressman sheikh emir sultan ayatollah pope cardinal".split())


@cache
def _aliases() -> dict[str, list[tuple[tuple[str, ...], str, str]]]:
    """Return first word -> (all words, actor code, kind), longest first, for every name in the tables."""
    index: dict[str, dict[tuple[str, ...], tuple[str, str]]] = {}

    def add(alias: str, code: str, kind: str) -> None:
        alias = alias.removeprefix("the ").removeprefix("The ")
        words = tuple(normalise(token.text) for token in find_tokens(alias, 0, len(alias)) if token.text != ".")
        if words and words[0]:
            index.setdefault(words[0], {}).setdefault(words, (code, kind))

    for row in read_table("states"):
        for kind, column in (("name", "name"), ("name", "names"), ("demonym", "demonyms"), ("capital", "capital"), ("metonym", "metonyms")):
            for alias in split_cell(row[column]):
                add(alias, row["code"], kind)
    for row in read_table("organizations"):
        if row["kind"] == "company_or_media":
            continue
        for kind, column in (("name", "name"), ("name", "names"), ("demonym", "adjectives"), ("capital", "seat"), ("body", "bodies")):
            for alias in split_cell(row[column]):
                add(alias, row["code"], kind)
    return {
        first: sorted(((words, *value) for words, value in entries.items()), key=lambda entry: -len(entry[0]))
        for first, entries in index.items()
    }


@dataclass(frozen=True, slots=True)
class Term:
    """An office somebody held; years as numbers, None when open or not known."""

    name: str
    actor: str
    role: str
    start: str
    end: str


@cache
def _surnames() -> dict[str, list[Term]]:
    """Return surname -> terms of the heads of state and government, foreign ministers and leaders who bear it."""
    found: dict[str, list[Term]] = {}
    for terms in _office_holders().values():
        for term in terms:
            places = found.setdefault(name_key(term.name).split()[-1], [])
            if term not in places:
                places.append(term)
    return found


@cache
def _office_holders() -> dict[str, list[Term]]:
    """Return name or alias (normalised words joined by a space) -> terms of office."""
    found: dict[str, list[Term]] = {}
    for row in read_table("office_holders"):
        term = Term(row["name"], row["actor"], row["role"], row["start"], row["end"])
        for name in (row["name"], *split_cell(row["aliases"])):
            found.setdefault(name_key(name), []).append(term)
    return found


@lru_cache(maxsize=50_000)
def normalise(word: str) -> str:
    """Return a word without possessive ending and points: ``U.S.'s`` becomes ``US``."""
    return strip_possessive(word).replace(".", "").replace("’", "'")


@lru_cache(maxsize=50_000)
def name_key(name: str) -> str:
    """Return a name as a key for comparison: words without points and accents, in lower case."""
    folded = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", folded.casefold().replace("’", "").replace("'", "")))


def find_mentions(tokens: list[Token]) -> list[Mention]:
    """Return the states, organisations and groups named in a run of tokens, longest name first."""
    aliases = _aliases()
    words = [normalise(token.text) for token in tokens]
    found = []
    i = 0
    while i < len(tokens):
        match = None
        for alias, code, kind in aliases.get(words[i], ()):
            n = len(alias)
            if n == 1 or _same(words, i, alias):
                match = (n, code, kind)
                break
        if match is None:
            word = tokens[i].text
            if ("-" in word or "–" in word) and word[0].isupper():
                found += _parts(tokens[i])
            i += 1
            continue
        end = _skip_points(tokens, i, match[0])
        found.append(Mention(tokens[i].start, tokens[end - 1].end, match[1], match[2]))
        i = end
    return found


def _same(words: list[str], i: int, alias: tuple[str, ...]) -> bool:
    j = i
    for word in alias:
        while j < len(words) and words[j] == "" and j > i:
            j += 1
        if j >= len(words) or words[j] != word:
            return False
        j += 1
    return True


def _skip_points(tokens: list[Token], i: int, n: int) -> int:
    """Return the index behind ``n`` words, stepping over bare points ("Washington, D.C." keeps its own)."""
    j = i
    while n and j < len(tokens):
        if normalise(tokens[j].text) != "":
            n -= 1
        j += 1
    return j


def _parts(token: Token) -> list[Mention]:
    """Return the actors in a compound such as "Israeli-Palestinian" or "Saudi-led"."""
    found = []
    for m in re.finditer(r"[^\-–]+", token.text):
        for alias, code, kind in _aliases().get(normalise(m.group()), ()):
            if len(alias) == 1:
                found.append(Mention(token.start + m.start(), token.start + m.end(), code, kind))
    return found


@dataclass
class Cast:
    """Who appears in an article: people by surname, mentions by sentence, and where the article is at home."""

    page: Page
    mentions: dict[int, list[Mention]]
    home: str | None = None
    people: list[Person] = field(default_factory=list)
    by_surname: dict[str, list[int]] = field(default_factory=dict)
    by_sound: dict[str, list[int]] = field(default_factory=dict)
    located: dict[int, int] = field(default_factory=dict)  # offset of a name phrase -> position in people
    published: str | None = None
    desk: str | None = None

    def mentions_in(self, start: int, end: int) -> list[Mention]:
        """Return the mentions between two offsets of one sentence."""
        return [m for m in self.mentions.get(self.page.sentence_at(start), ()) if start <= m.start and m.end <= end]

    def actor_counts(self) -> Counter[str]:
        """Return how often each actor is named."""
        return Counter(m.actor for found in self.mentions.values() for m in found)

    def person_at(self, start: int) -> Person | None:
        """Return the person named by the phrase that starts at an offset."""
        position = self.located.get(start)
        return None if position is None else self.people[position]

    def people_before(self, offset: int) -> list[Person]:
        """Return the people named before an offset, nearest first, each once."""
        starts = sorted(self.located)
        seen: dict[int, None] = {}
        for start in reversed(starts[: bisect_left(starts, offset)]):
            seen.setdefault(self.located[start])
        return [self.people[position] for position in seen]


def read_cast(page: Page, article: Article) -> Cast:
    """Find everybody in an article, in text order, linking later mentions to earlier ones."""
    mentions = {number: find_mentions(page.tokens(number)) for number in range(len(page.sentences))}
    cast = Cast(page, mentions, published=article.published, desk=_outlets().get((article.outlet or "").casefold()) or None)
    cast.home = _find_home(page, cast)
    for number in range(len(page.sentences)):
        tokens = page.tokens(number)
        phrases = phrases_of(page, number)
        for position, phrase in enumerate(phrases):
            if phrase.kind == "name":
                _read_name(cast, number, tokens, phrases, position)
    for position, person in enumerate(cast.people):
        if person.actor is None and person.role and not is_private(person.role):
            words = {strip_possessive(word).strip(".,").lower() for word in person.role.split()}
            actor = group_near(cast, words) or (home_near(cast, person.first) if holds_office(person.role) else None)
            cast.people[position] = replace(person, actor=actor)
    return cast


_OFFICE_WORDS = frozenset(
    "minister ministers ministry president premier chancellor secretary undersecretary spokesman spokeswoman spokesperson ambassador "
    "senator deputy lawmaker mp mps governor official officials negotiator commander colonel major brigadier parliament army "
    "parliamentarian congressman congresswoman legislator government envoy diplomat cabinet vice-president king emir state presidential "
    "military defence defense foreign majority minority"
    .split()
)
_GROUP_WORDS = frozenset(
    "rebels rebel insurgents insurgent militants militant guerrillas guerrilla guerrillas' separatists separatist opposition fighters faction "
    "factions exiled exile resistance movement front".split()
)


def holds_office(role: str) -> bool:
    """Return whether a role without a country is still that of a state: "the information minister", "Gen."."""
    return not is_private(role) and any(strip_possessive(word).strip(".,").lower() in _OFFICE_WORDS | _RANKS for word in role.split())


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
    for number, found in cast.mentions.items():
        for mention in found:
            if mention.actor in _states():
                weights[mention.actor] += 1
                if number == here and mention.end <= offset:
                    weights[mention.actor] += NEAR[0]
                elif 0 < here - number <= 2:
                    weights[mention.actor] += NEAR[here - number]
    return weights.most_common(1)[0][0] if weights else None


def group_near(cast: Cast, words: set[str]) -> str | None:
    """Return the armed or opposition group that "the rebels", "an opposition delegate" stand for in this article."""
    if not words & _GROUP_WORDS:
        return None
    counts = cast.actor_counts()
    groups = _groups_by_state()
    for actor, count in counts.most_common():
        if _kinds().get(actor) in ("armed_group", "opposition") and actor not in _NOT_THE_REBELS:
            return actor
        if count >= 4 and groups.get(actor) and words & {"opposition", "rebels", "rebel", "separatists", "separatist", "insurgents"}:
            if actor == "SYR" or not words & {"opposition"}:
                return groups[actor]
    return None


# Named beside "the rebels" far more than as "the rebels".
_NOT_THE_REBELS = frozenset("ISIS AL_QAEDA NUSRA HEZBOLLAH WAGNER AQIM AL_SHABAAB".split())


@cache
def _groups_by_state() -> dict[str, str]:
    """Return state -> the first armed or opposition group among the parties to its conflict."""
    found: dict[str, str] = {}
    for row in read_table("conflicts"):
        for actor in split_cell(row["actors"]):
            if _kinds().get(actor) in ("armed_group", "opposition") and actor not in _NOT_THE_REBELS:
                found.setdefault(row["location"], actor)
                break
    return found


@cache
def _outlets() -> dict[str, str]:
    return {row["outlet"].casefold(): row["state"] for row in read_table("outlets")}


# Weights of the dateline, of the outlet's country, and of a mention in the same sentence, one and two before; tried on the study
# articles and on the composed ones, 2026-11: flat between half and twice these values.
HOME = 4
DESK = 4
NEAR = (6, 2, 1)


@cache
def _kinds() -> dict[str, str]:
    return {row["code"]: row["kind"] for row in read_table("organizations")}


@cache
def _states() -> frozenset[str]:
    return frozenset(row["code"] for row in read_table("states"))


def _find_home(page: Page, cast: Cast) -> str | None:
    """Return the state of the dateline ("TEHRAN –"): where "the foreign minister" without a country is at home."""
    if not page.sentences:
        return None
    start = page.paragraphs[0].start
    head = page.text[start : page.sentences[0].start]
    if len(head) > 120:
        return None
    tokens = find_tokens(head.title(), 0, len(head))
    for mention in find_mentions(tokens):
        if mention.kind == "capital":
            return mention.actor
    return None


def split_phrase(cast: Cast, tokens: list[Token], phrase: Phrase) -> tuple[int, int]:
    """Return token bounds ``(start, end)`` of the person's name at the end of a phrase; empty where there is none."""
    inside = cast.mentions_in(tokens[phrase.first].start, tokens[phrase.core].end)
    named = {i for i in range(phrase.first, phrase.core + 1) for m in inside if m.start <= tokens[i].start < m.end}
    end = phrase.core + 1
    start = end
    for i in range(phrase.core, phrase.first - 1, -1):
        word = tokens[i].text
        kind = kind_of(tokens[i], i, cast.page)
        if kind == "name" and i not in named and strip_possessive(word) not in TITLES:
            start = i
        elif start < end and (word == "." or word.lower() in NAME_LINKS) and i > phrase.first:
            if word == "." and (i - 1 in named or tokens[i - 1].text in TITLES):
                break
            continue
        else:
            break
    while start < end and (tokens[start].text == "." or tokens[start].text.lower() in ("and", "for", "of", "the")):
        start += 1
    if start < end and strip_possessive(tokens[end - 1].text) in _BODY_ENDINGS:
        return end, end
    return start, end


def _read_name(cast: Cast, number: int, tokens: list[Token], phrases: list[Phrase], position: int) -> None:
    phrase = phrases[position]
    text = cast.page.text
    start, end = split_phrase(cast, tokens, phrase)
    if start >= end:
        return
    name = strip_possessive(text[tokens[start].start : tokens[end - 1].end])
    words = name_key(name).split()
    role, role_span = _role(cast, tokens, phrases, position, start)
    known = _link(cast, words)
    long_enough = len([w for w in words if len(w) > 1]) >= 2
    if known is None and not long_enough and not role and find_term(name, cast.published) is None:
        return
    gender = _gender(text[tokens[phrase.first].start : tokens[start].start] + " " + (role or ""))
    actor = _actor_of(cast, name, role, role_span, tokens, end)
    offset = tokens[phrase.first].start
    if known is not None:
        old = cast.people[known]
        cast.people[known] = replace(
            old,
            name=name if len(words) > len(name_key(old.name).split()) else old.name,
            role=old.role or role,
            actor=old.actor or actor,
            gender=old.gender or gender,
        )
    else:
        known = len(cast.people)
        cast.people.append(Person(name, role, actor, gender, offset))
        for word in {words[-1], words[0]} if len(words) > 1 else {words[-1]}:
            cast.by_surname.setdefault(word, []).append(known)
        cast.by_sound.setdefault(_sound(words[-1]), []).append(known)
    if len(words) > 1:
        for word in words[1:]:
            places = cast.by_surname.setdefault(word, [])
            if known not in places:
                places.append(known)
    cast.located[offset] = known
    cast.located.setdefault(tokens[start].start, known)


def _link(cast: Cast, words: list[str]) -> int | None:
    """Return the position of a person named before by these words, all of them or the surname alone."""
    places = cast.by_surname.get(words[-1], []) or cast.by_sound.get(_sound(words[-1]), [])
    fitting = [p for p in places if _compatible(name_key(cast.people[p].name).split(), words)]
    return fitting[-1] if fitting else None


def _sound(word: str) -> str:
    """Return the consonants of a surname, so that spellings of one name fall together: Lavrentyev, Lavrentiev.

    >>> _sound("lavrentyev") == _sound("lavrentiev"), _sound("kerry") == _sound("karim")
    (True, False)
    """
    bare = re.sub(r"^(?:al|el)[- ]?", "", word)
    bones = re.sub(r"(.)\1", r"\1", re.sub(r"[aeiouyhj]", "", bare.replace("q", "k").replace("c", "k")))
    return bones if len(bones) >= 4 else word


def _compatible(known: list[str], words: list[str]) -> bool:
    shorter, longer = sorted((known, words), key=len)
    if len(shorter) == 1:
        return shorter[0] in longer or _sound(shorter[0]) == _sound(longer[-1])
    return set(shorter) <= set(longer) or (known[-1] == words[-1] and known[0][0] == words[0][0] and min(len(known[0]), len(words[0])) == 1)


def _role(cast: Cast, tokens: list[Token], phrases: list[Phrase], position: int, start: int) -> tuple[str | None, tuple[int, int] | None]:
    """Return the role given with a name, before it or in apposition, and its offsets."""
    text = cast.page.text
    phrase = phrases[position]
    first = phrase.first
    while first < start and (tokens[first].text.lower() in DETERMINERS or tokens[first].text.lower() in ("second", "first")):
        first += 1
    if first < start:
        role = text[tokens[first].start : tokens[start].start].strip(" ,")
        if re.search(r"[^\W\d_]{3}", role) and role.rstrip(".") not in ("Mr", "Mrs", "Ms", "Dr", "Miss"):
            return role, (tokens[first].start, tokens[start].start)
    after = phrase.core + 1
    if after + 1 < len(tokens) and tokens[after].text in (",", "(", "—", "–"):
        stop = after + 1
        while stop < len(tokens) and tokens[stop].text not in (",", ")", ".", ";", "—", "–", '"', "“") and stop - after <= 16:
            stop += 1
        words = [strip_possessive(token.text).lower() for token in tokens[after + 1 : stop]]
        if stop < len(tokens) and any(word in HEADS or word in PRIVATE_ROLES for word in words[:9]) and words[0] not in ("who", "which", "said", "and", "but"):
            begin = after + 1 + (words[0] in ("the", "a", "an"))
            return text[tokens[begin].start : tokens[stop - 1].end], (tokens[begin].start, tokens[stop - 1].end)
    if first >= 2 and tokens[first - 1].text == ",":
        for other in phrases[:position]:
            if other.last == first - 2 and other.kind in ("noun", "name") and tokens[other.core].text.lower() in HEADS:
                begin = other.first + (tokens[other.first].text.lower() in ("the", "a", "an"))
                return text[tokens[begin].start : tokens[other.last].end], (tokens[begin].start, tokens[other.last].end)
    if phrase.last > phrase.core and tokens[phrase.core + 1].text in ("of", "from", "with"):
        return text[tokens[phrase.core + 2].start : tokens[phrase.last].end], (tokens[phrase.core + 2].start, tokens[phrase.last].end)
    return None, None


def _gender(words: str) -> str | None:
    found = {word.lower().strip(".") for word in re.findall(r"[\w\-]+", words)}
    if found & _FEMALE:
        return "female"
    return "male" if found & _MALE else None


def _actor_of(
    cast: Cast, name: str, role: str | None, role_span: tuple[int, int] | None, tokens: list[Token], end: int
) -> str | None:
    """Say for whom a named person speaks: role, party mark, then the table of office holders."""
    if role and role_span:
        if is_private(role):
            return None
        if actor := home_of_role(cast, *role_span):
            return actor
    if end < len(tokens) and _US_PARTY.match(cast.page.text, tokens[end - 1].end):
        return "USA"
    if term := find_term(name, cast.published):
        return term.actor
    if role and US_ROLE.search(role):
        return "USA"
    if role and (principal := named_within(cast, role)):
        return principal.actor
    return None


def named_within(cast: Cast, words: str) -> Person | None:
    """Return the person whose name stands in a description: "Ghani's spokesman", "the Obama administration"."""
    for word in re.findall(r"[^\W\d_][\w’'-]+", words):
        if word[0].isupper() and word not in TITLES:
            key = name_key(strip_possessive(word))
            for position in cast.by_surname.get(key, ()):
                if cast.people[position].actor:
                    return cast.people[position]
            if term := _by_surname(key, cast.published):
                return Person(term.name, term.role, term.actor)
    return None


def is_private(role: str) -> bool:
    """Return whether somebody in this role speaks for no state or organisation."""
    words = {word.lower() for word in re.findall(r"[\w\-]+", role)}
    if words & PRIVATE_ROLES:
        return True
    return bool(_FORMER.search(role)) and not _OFFICE.search(role)


def home_of_role(cast: Cast, start: int, end: int) -> str | None:
    """Return the actor a role belongs to: "Russian foreign minister", "UN envoy for Libya", "head of the Houthi delegation"."""
    for mention in cast.mentions_in(start, end):
        before = cast.page.text[start : mention.start].rstrip()
        before = re.sub(r"\b(?:the|a|an)$", "", before).rstrip()
        last = before.rsplit(None, 1)[-1].lower() if before else ""
        if last not in _OUTWARD or _INWARD.search(before):
            if mention.actor == "SYR" and re.search(r"\b(?:opposition|rebels?)\b", cast.page.text[start:end]):
                return "SYRIAN_OPPOSITION"
            return mention.actor
    return None


def find_term(name: str, published: str | None) -> Term | None:
    """Return the office a person held when the article appeared, else the one known latest; full names only."""
    key = name_key(name)
    terms = _office_holders().get(key)
    if not terms:
        return _by_surname(key, published)
    if published:
        for term in terms:
            if _in_office(term, published):
                return term
    return terms[-1]


def _by_surname(surname: str, published: str | None) -> Term | None:
    """Return the office of the one person of this surname who held any when the article appeared (any time, if it is undated)."""
    if " " in surname:
        return None
    terms = [term for term in _surnames().get(surname, ()) if published is None or _in_office(term, published)]
    return terms[0] if len({term.name for term in terms}) == 1 else None


def _in_office(term: Term, published: str) -> bool:
    return (not term.start or term.start <= published[: len(term.start)]) and (not term.end or published[: len(term.end)] <= term.end)
