"""Who appears in an article: people, mentions, and whose office a description names."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from functools import cache, lru_cache

from stance.actors.names import name_key
from stance.actors.offices import find_by_surname
from stance.lexicon import read_table, read_words
from stance.phrases import strip_possessive
from stance.records import Mention, Person
from stance.text import Page

TITLES = frozenset(read_words("titles"))
# "envoy to", "ambassador to", "adviser on": what follows is not the home of the speaker.
_OUTWARD = frozenset(["for", "to", "on", "with", "against", "about", "in", "over", "at", "between"])
_HOUSED = frozenset(["at", "in", "with"])
# "spokesman for Iran", "adviser to the Kremlin": here it is.
_INWARD = re.compile(
    r"(?:spokes\w+ for|(?:advis[eo]rs?|aides?|deputy|assistant) to|negotiators? for|candidate for president of)$", re.IGNORECASE
)
# States have codes of three letters (ISO 3166-1 alpha-3).
_ISO_LETTERS = 3
# "the Syria envoy", "the Yemen mediator".
_ABROAD = re.compile(r" (?:peace |special )?(?:envoy|mediator|negotiator|coordinator|task force)(?! to)")
_OWNS = re.compile(r"(?:[’']s)? ")
_US_ROLE = re.compile(
    r"\b(?:Republicans?|Democrats?|Democratic(?! (?:People|Republic|Council|Forces|Union|Front))|GOP|Sens?\.|Reps?\."
    r"|Representative$|Senators?|Senate|Congress(?:wo)?m[ae]n|[Cc]ongressional|White House"
    r"|(?:Treasury|Defense|Commerce|Energy) [Ss]ecretary|[Ss]ecretary of (?:State|the Treasury|Defense|Commerce)"
    r"|(?:Trump|Obama|Biden|Bush|Clinton|Reagan) [Aa]dministration|(?:Treasury|Justice|State) Department)(?!\w)"
)


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
    title: str | None = None
    desk: str | None = None
    _order: list[int] = field(default_factory=list)
    _counts: Counter[str] | None = None

    def mentions_in(self, start: int, end: int) -> list[Mention]:
        """Return the mentions between two offsets of one sentence."""
        found = self.mentions.get(self.page.sentence_at(start))
        return mentions_between(found, start, end) if found else []

    def actor_counts(self) -> Counter[str]:
        """Return how often each actor is named."""
        if self._counts is None:
            self._counts = Counter(m.actor for found in self.mentions.values() for m in found)
        return self._counts

    def person_at(self, start: int) -> Person | None:
        """Return the person named by the phrase that starts at an offset."""
        position = self.located.get(start)
        return None if position is None else self.people[position]

    def people_before(self, offset: int) -> list[Person]:
        """Return the people named before an offset, nearest first, each once."""
        if len(self._order) != len(self.located):
            self._order = sorted(self.located)
        starts = self._order
        seen: dict[int, None] = {}
        for start in reversed(starts[: bisect_left(starts, offset)]):
            seen.setdefault(self.located[start])
        return [self.people[position] for position in seen]


def mentions_between(mentions: list[Mention], start: int, end: int) -> list[Mention]:
    """Return those mentions of a sentence that stand between two offsets."""
    return [m for m in mentions if start <= m.start and m.end <= end]


@lru_cache(maxsize=50_000)
def names_us_office(role: str) -> bool:
    """Return whether a role is an office of the United States, who need not be named: "Senator", "White House spokesman"."""
    return _US_ROLE.search(role) is not None


@cache
def groups() -> frozenset[str]:
    """Return the codes of armed groups and oppositions."""
    return frozenset(row["code"] for row in read_table("organizations") if row["kind"] in ("armed_group", "opposition"))


def named_within(cast: Cast, words: str) -> Person | None:
    """Return the person whose name stands in a description: "Ghani's spokesman", "the Obama administration"."""
    for word in re.findall(r"[^\W\d_][\w’'-]+", words):
        if word[0].isupper() and word not in TITLES:
            key = name_key(strip_possessive(word))
            for position in cast.by_surname.get(key, ()):
                if cast.people[position].actor:
                    return cast.people[position]
            if term := find_by_surname(key, cast.published):
                return Person(term.name, term.role, term.actor)
    return None


def home_of_role(cast: Cast, start: int, end: int) -> str | None:
    """Return the actor a role belongs to: "Russian foreign minister", "UN envoy for Libya", "head of the Houthi delegation"."""
    mentions = cast.mentions_in(start, end)
    for position, mention in enumerate(mentions):
        before = cast.page.text[start : mention.start].rstrip()
        before = re.sub(r"\b(?:the|a|an)$", "", before).rstrip()
        last = before.rsplit(None, 1)[-1].lower() if before else ""
        behind = cast.page.text[mention.end : mention.end + 30]
        if mention.kind == "name" and len(mention.actor) == _ISO_LETTERS and _ABROAD.match(behind):
            continue  # "the Syria envoy" is somebody's envoy for Syria
        named = cast.page.text[mention.start : mention.end]
        housed = last in _HOUSED and named.endswith(("'s", "’s"))  # "a counsellor at Egypt's foreign ministry"
        if last not in _OUTWARD or housed or _INWARD.search(before):
            follower = mentions[position + 1] if position + 1 < len(mentions) else None
            if (
                follower is not None
                and follower.actor in groups()
                and _OWNS.fullmatch(cast.page.text[mention.end : follower.start])
            ):
                mention = follower  # "Yemen's Houthi movement"
            if mention.actor == "SYR" and re.search(r"\b(?:opposition|rebels?)\b", cast.page.text[start:end]):
                return "SYRIAN_OPPOSITION"
            return mention.actor
    return None
