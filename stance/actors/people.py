"""Reads people from name phrases: name, role, actor; links "Lund" to "Kari Lund"."""

from __future__ import annotations

import re
from functools import lru_cache

from stance.actors.cast import TITLES, Cast, home_of_role, mentions_between, named_within, names_us_office
from stance.actors.names import name_key
from stance.actors.offices import PRIVATE_ROLES, find_term, is_private
from stance.lexicon import read_words, word_set
from stance.phrases import DETERMINERS, HEADS, NAME_LINKS, Phrase, kind_of, phrases_of, strip_possessive
from stance.records import Mention, Person
from stance.text import Page, Tokens

# What ends so is the name of a body or a place, not of a person.
_BODY_ENDINGS = word_set("private_bodies") | word_set("body_endings")
_US_PARTY = re.compile(r"[,(]\s*(?:D|R|I)\s*[-–.]")
_FEMALE = word_set("female")
_MALE = word_set("male")


def read_names(cast: Cast, number: int) -> None:
    """Add the people that the phrases of a sentence name to the cast, or what they tell of those named before."""
    phrases = phrases_of(cast.page, number)
    mentions, tokens = cast.mentions[number], cast.page.tokens(number)
    ends = {mention.start: mention.end for mention in mentions}
    for position, phrase in enumerate(phrases):
        if phrase.kind != "name":
            continue
        if phrase.last == phrase.core and ends.get(tokens.starts[phrase.first]) == tokens.ends[phrase.core]:
            continue  # "Norway", as most are
        start, end = _name_in_tail(cast.page, mentions, tokens, phrase) or split_phrase(cast.page, mentions, tokens, phrase)
        if start < end:
            _read_name(cast, tokens, phrases, position, start, end)


def split_phrase(page: Page, mentions: list[Mention], tokens: Tokens, phrase: Phrase) -> tuple[int, int]:
    """Return token bounds ``(start, end)`` of the person's name at the end of a phrase; empty where there is none."""
    inside = mentions_between(mentions, tokens.starts[phrase.first], tokens.ends[phrase.core])
    named = {i for i in range(phrase.first, phrase.core + 1) for m in inside if m.start <= tokens.starts[i] < m.end}
    end = phrase.core + 1
    start = end
    for i in range(phrase.core, phrase.first - 1, -1):
        word = tokens.texts[i]
        kind = kind_of(word, i, page)
        if kind == "name" and i not in named and strip_possessive(word) not in TITLES:
            start = i
        elif start < end and (word == "." or word.lower() in NAME_LINKS) and i > phrase.first:
            if word == "." and (i - 1 in named or tokens.texts[i - 1] in TITLES):
                break
            continue
        else:
            break
    while start < end and (tokens.texts[start] == "." or tokens.lowers[start] in ("and", "for", "of", "the")):
        start += 1
    if start < end and strip_possessive(tokens.texts[end - 1]) in _BODY_ENDINGS:
        return end, end
    return start, end


def _name_in_tail(page: Page, mentions: list[Mention], tokens: Tokens, phrase: Phrase) -> tuple[int, int] | None:
    """Return token bounds of the name in "Norway's envoy for Yemen Kari Lund", "Central Bank of Iran Governor Ali Omar"."""
    if phrase.last == phrase.core:
        return None
    tail = mentions_between(mentions, tokens.starts[phrase.core + 1], tokens.ends[phrase.last])
    if not tail or tail[-1].end >= tokens.starts[phrase.last] or tail[-1].kind == "demonym":
        return None
    first = next(i for i in range(phrase.core + 1, phrase.last + 1) if tokens.starts[i] >= tail[-1].end)
    while first < phrase.last and (tokens.texts[first] in TITLES or tokens.lowers[first] in HEADS):
        first += 1
    run = range(first, phrase.last + 1)
    if all(kind_of(tokens.texts[i], i, page) == "name" for i in run) and tokens.texts[phrase.last] not in _BODY_ENDINGS:
        return first, phrase.last + 1
    return None


def _read_name(cast: Cast, tokens: Tokens, phrases: list[Phrase], position: int, start: int, end: int) -> None:
    """Add the person whose name stands between two tokens of a phrase to the cast, or what it tells of one named before."""
    phrase = phrases[position]
    text = cast.page.text
    name = strip_possessive(text[tokens.starts[start] : tokens.ends[end - 1]])
    words = name_key(name).split()
    role, role_span = _role(cast, tokens, phrases, position, start)
    known = _link(cast, words)
    if known is None and not role and not _is_full_name(words) and find_term(name, cast.published) is None:
        return
    gender = _gender(f"{text[tokens.starts[phrase.first] : tokens.starts[start]]} {role or ''}")
    actor = _actor_of(cast, name, role, role_span, tokens, end)
    if known is not None and not role and _is_another(cast, cast.people[known], words):
        actor = None
    offset = tokens.starts[phrase.first]
    if known is not None:
        old = cast.people[known]
        fuller = name if len(words) > len(name_key(old.name).split()) else old.name
        cast.people[known] = Person(fuller, old.role or role, old.actor or actor, old.gender or gender, old.first)
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
    cast.located.setdefault(tokens.starts[start], known)


def _is_full_name(words: list[str]) -> bool:
    """Return whether a name has two words or more, initials not counted."""
    return sum(len(word) > 1 for word in words) >= 2


def _is_another(cast: Cast, person: Person, words: list[str]) -> bool:
    """Return whether a bare surname is that of an office holder with another first name than the analyst named before."""
    known = name_key(person.name).split()
    if len(words) > 1 or len(known) == 1 or not person.role or not is_private(person.role):
        return False
    term = find_term(words[0], cast.published)
    return term is not None and known[0][0] != name_key(term.name)[0]


def _link(cast: Cast, words: list[str]) -> int | None:
    """Return the position of a person named before by these words, all of them or the surname alone."""
    places = cast.by_surname.get(words[-1], []) or cast.by_sound.get(_sound(words[-1]), [])
    fitting = [p for p in places if _compatible(name_key(cast.people[p].name).split(), words)]
    return fitting[-1] if fitting else None


@lru_cache(maxsize=50_000)
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
    return set(shorter) <= set(longer) or (
        known[-1] == words[-1] and known[0][0] == words[0][0] and min(len(known[0]), len(words[0])) == 1
    )


def _role(
    cast: Cast, tokens: Tokens, phrases: list[Phrase], position: int, start: int
) -> tuple[str | None, tuple[int, int] | None]:
    """Return the role given with a name, before it or in apposition, and its offsets; a bare rank gives way to an office."""
    phrase = phrases[position]
    first = phrase.first
    while first < start and (tokens.lowers[first] in DETERMINERS or tokens.lowers[first] in ("second", "first")):
        first += 1
    bounds = (first, start) if first < start and _names_role(tokens.texts[first:start]) else None
    if bounds is None or all(word.strip(".-") in _RANKS for word in tokens.lowers[first:start]):
        bounds = _role_in_front(tokens, phrases, position) or _role_behind(tokens, phrase) or bounds
    if bounds is None and phrase.last > phrase.core and tokens.texts[phrase.core + 1] in ("of", "from", "with"):
        bounds = phrase.core + 2, phrase.last + 1
    if bounds is None:
        return None, None
    span = tokens.starts[bounds[0]], tokens.ends[bounds[1] - 1]
    return cast.page.text[span[0] : span[1]], span


def _names_role(run: list[str]) -> bool:
    words = [word.strip(".") for word in run]
    return any(len(word) > 2 for word in words) and words not in (["Mr"], ["Mrs"], ["Miss"])


def _role_in_front(tokens: Tokens, phrases: list[Phrase], position: int) -> tuple[int, int] | None:
    """Read "the British ambassador, Fiona Pargeter,"; return token bounds."""
    first = phrases[position].first
    if first < 2 or tokens.texts[first - 1] != ",":
        return None
    for other in reversed(phrases[:position]):
        tail = tokens.texts[other.last + 1 : first - 1]
        if len(tail) > _LONGEST_TAIL or not all(map(str.islower, tail)) or not _is_role(tokens, other) or _is_body(tokens, other):
            return None
        opened = _to_article(tokens, other.first)
        return opened + (tokens.lowers[opened] in ("the", "a", "an")), first - 1
    return None


def _to_article(tokens: Tokens, first: int) -> int:
    """Return where "the Palestinian deputy planning minister" begins, of which the phrase may hold the last words only."""
    for i in range(first - 1, max(-1, first - 1 - _LONGEST_OPENING), -1):
        word = tokens.texts[i]
        if word.lower() in ("the", "a", "an"):
            return i
        if not word[0].isalpha() or word.lower() in _FUNCTION_WORDS:
            break
    return first


_LONGEST_OPENING = 5
_FUNCTION_WORDS = frozenset(read_words("function_words"))


def _role_behind(tokens: Tokens, phrase: Phrase) -> tuple[int, int] | None:
    """Read "Lund, the Norwegian foreign minister," and "Lund (the foreign minister)"; return token bounds."""
    after = phrase.core + 1
    if after + 1 >= len(tokens) or tokens.texts[after] not in (",", "(", "—", "–"):
        return None
    stop = after + 1
    while stop < len(tokens) and tokens.texts[stop] not in _ROLE_ENDS and stop - after <= 16:
        stop += 1
    words = [strip_possessive(word).lower() for word in tokens.texts[after + 1 : min(stop, after + 10)]]
    if stop >= len(tokens) or not any(word in HEADS or word in PRIVATE_ROLES for word in words):
        return None
    if words[0] in _NO_ROLE or words[0].endswith(("ed", "ing")):
        return None
    return after + 1 + (words[0] in ("the", "a", "an")), stop


_ROLE_ENDS = frozenset(',).;—–"“')
# What opens a clause rather than a role behind "Lund, …".
_NO_ROLE = frozenset(
    ["who", "whose", "which", "said", "told", "says", "and", "but", "in", "on", "at", "after", "speaking", "wrote"]
)
_RANKS = word_set("ranks") | word_set("honorifics")
# "the head of the delegation at the peace talks, Ali Omar": so many words may stand behind the role.
_LONGEST_TAIL = 7


def _is_role(tokens: Tokens, phrase: Phrase) -> bool:
    return phrase.kind in ("noun", "name") and tokens.lowers[phrase.core] in HEADS


def _is_body(tokens: Tokens, phrase: Phrase) -> bool:
    """Return whether a phrase names a body rather than an office: "…, of the Security Council, Lund said"."""
    return tokens.lowers[phrase.core] in _BODY_HEADS


_BODY_HEADS = word_set("body_heads")


@lru_cache(maxsize=50_000)
def _gender(words: str) -> str | None:
    found = {word.lower().strip(".") for word in re.findall(r"[\w\-]+", words)}
    if found & _FEMALE:
        return "female"
    return "male" if found & _MALE else None


def _actor_of(cast: Cast, name: str, role: str | None, role_span: tuple[int, int] | None, tokens: Tokens, end: int) -> str | None:
    """Say for whom a named person speaks: role, party mark, then the table of office holders."""
    if role and role_span:
        if is_private(role):
            return None
        if actor := home_of_role(cast, *role_span):
            return actor
    if end + 1 < len(tokens) and tokens.texts[end] == "of":  # "Ana Brandt of Norway"
        near = cast.mentions_in(tokens.starts[end + 1], tokens.ends[min(end + 4, len(tokens) - 1)])
        if near and near[0].start == tokens.starts[end + 1]:
            return near[0].actor
    if end < len(tokens) and tokens.texts[end] in (",", "(") and _US_PARTY.match(cast.page.text, tokens.starts[end]):
        return "USA"
    if term := find_term(name, cast.published):
        return term.actor
    if role and names_us_office(role):
        return "USA"
    if role and (principal := named_within(cast, role)):
        return principal.actor
    return None
