"""Says who held which office when, and which roles speak for nobody."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from stance.actors.names import name_key
from stance.lexicon import read_table, read_words, split_cell, word_set
from stance.phrases import strip_possessive
from stance.wordwise import PerWord

PRIVATE_ROLES = frozenset(read_words("private_roles"))
# "director at the Institute for …"; a bank, a fund and an energy department may be a state's.
_PRIVATE_BODIES = word_set("private_bodies") - {
    "Bank",
    "Fund",
    "Energy",
    "Post",
    "Project",
    "Initiative",
    "Group",
    "Center",
    "Centre",
}
# Whom a bare surname means where several people of that name held office.
_LEADING = frozenset(
    ["president", "prime minister", "chancellor", "secretary of state", "foreign minister", "secretary-general", "king"]
)
_STATE_BANK = re.compile(r"\b(?:[Cc]entral [Bb]ank|World Bank|[Rr]eserve [Bb]ank)\b")
_RANKS = word_set("ranks")
_FORMER = re.compile(r"\b(?:former|ex-|retired|one-time|onetime)", re.IGNORECASE)
_OFFICE = re.compile(
    r"\b(?:president|premier|prime minister|minister|chancellor|governor|ambassador|senator|secretary|undersecretary|congress\w*|"
    r"speaker|king|envoy|mayor)\b",
    re.IGNORECASE,
)
_OFFICE_WORDS = word_set("office_words")


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


def holds_office(role: str) -> bool:
    """Return whether a role without a country is still that of a state: "the information minister", "Gen."."""
    return not is_private(role) and any(
        strip_possessive(word).strip(".,").lower() in _OFFICE_WORDS | _RANKS for word in role.split()
    )


@lru_cache(maxsize=50_000)
def is_private(role: str) -> bool:
    """Return whether somebody in this role speaks for no state or organisation."""
    if _STATE_BANK.search(role):
        return False
    written = set(re.findall(r"[\w\-]+", role))
    if {word.lower() for word in written} & PRIVATE_ROLES or written & _PRIVATE_BODIES:
        return True
    return bool(_FORMER.search(role)) and not _OFFICE.search(role)


def find_term(name: str, published: str | None) -> Term | None:
    """Return the office a person held when the article appeared, else the one known latest; full names only."""
    terms = _TERMS[name]
    if not terms:
        return find_by_surname(name_key(name), published)
    if published:
        for term in terms:
            if _in_office(term, published):
                return term
    return terms[-1]


def _terms_of(name: str) -> list[Term]:
    """Return the terms of office of whoever bears a name in full, middle initials or not: "Janet L. Yellen"."""
    key = name_key(name)
    first, *rest = key.split()
    return _office_holders().get(key) or _office_holders().get(" ".join([first, *(w for w in rest if len(w) > 1)]), [])


_TERMS = PerWord(_terms_of)


def find_by_surname(surname: str, published: str | None) -> Term | None:
    """Return the office of the one person of this surname who held any when the article appeared (any time, if it is undated)."""
    if surname not in _surnames():  # as most are, and all full names
        return None
    terms = [term for term in _surnames()[surname] if published is None or _in_office(term, published)]
    leading = [term for term in terms if term.role in _LEADING] if len({term.name for term in terms}) > 1 else terms
    return leading[0] if len({term.name for term in leading}) == 1 else None


def _in_office(term: Term, published: str) -> bool:
    return (not term.start or term.start <= published[: len(term.start)]) and (
        not term.end or published[: len(term.end)] <= term.end
    )
