"""Says what each quote is about: issue and parties, from its sentence, from its context where the sentence is silent."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache

from stance.actors import Cast
from stance.lexicon import read_table
from stance.records import Quote, Speaker, Target
from stance.targets.mentions import Issue, load_issues
from stance.targets.parties import SanctionsProfile, profile_sanctions, settle_parties
from stance.targets.places import profile_places, settle_place

__all__ = ["find_targets", "may_matter", "target_label"]


def may_matter(text: str) -> bool:
    """Return whether an article names any issue outright; one that does not can hold no statement."""
    return any(issue.strong.search(text) for issue in load_issues())


@dataclass
class Reader:
    """Everything about one article that the target rules look at."""

    cast: Cast
    title: str | None
    quotes: list[Quote]
    speakers: list[Speaker | None]
    strong: dict[str, dict[int, int]] = field(default_factory=dict)
    weak: dict[str, dict[int, int]] = field(default_factory=dict)
    sanctions: SanctionsProfile | None = None
    places: dict[int, Counter[str]] = field(default_factory=dict)
    place_total: Counter[str] = field(default_factory=Counter)


def find_targets(cast: Cast, title: str | None, quotes: list[Quote], speakers: list[Speaker | None]) -> list[list[Target]]:
    """Return the targets of each quote; an empty list where it is about none of the issues."""
    reader = _read(cast, title, quotes, speakers)
    found: list[list[Target]] = []
    issues_of: list[set[str]] = []
    for i, quote in enumerate(quotes):
        chosen = _issues(reader, i, issues_of)
        issues_of.append({name for name, _ in chosen})
        found.append([_target(reader, quote.sentence, name, rule) for name, rule in chosen])
    return found


def _read(cast: Cast, title: str | None, quotes: list[Quote], speakers: list[Speaker | None]) -> Reader:
    reader = Reader(cast, title, quotes, speakers)
    page = cast.page
    quoted = {quote.sentence for quote in quotes}
    for issue in load_issues():
        strong, weak = {}, {}
        for number, sentence in enumerate(page.sentences):
            text = page.text[sentence.start : sentence.end]
            if spots := issue.strong_in(text):
                strong[number] = len(spots)
            if number in quoted and (spots := issue.weak_in(text)):
                weak[number] = len(spots)
        reader.strong[issue.name], reader.weak[issue.name] = strong, weak
        if issue.parties == "sender_recipient":
            reader.sanctions = profile_sanctions(cast, issue)
    reader.places, reader.place_total = profile_places(page, title)
    return reader


def _issues(reader: Reader, i: int, before: list[set[str]]) -> list[tuple[str, str]]:
    """Return the issues of a quote with the rule that found each."""
    quote = reader.quotes[i]
    number = quote.sentence
    chosen: list[tuple[str, str]] = []
    for issue in load_issues():
        if reader.strong[issue.name].get(number):
            chosen.append((issue.name, "named"))
    if chosen:
        return chosen
    found = [(issue.name, rule) for issue in load_issues() if (rule := _by_context(reader, i, issue, before))]
    found.sort(key=lambda entry: -reader.weak[entry[0]].get(number, 0))
    return found[:1]


def _by_context(reader: Reader, i: int, issue: Issue, before: list[set[str]]) -> str | None:
    quote = reader.quotes[i]
    weak = reader.weak[issue.name].get(quote.sentence, 0)
    for j in range(i - 1, max(-1, i - 4), -1):
        other = reader.quotes[j]
        gap = quote.sentence - other.sentence
        if gap > 2:
            break
        if issue.name not in before[j]:
            continue
        same = _same_speaker(reader.speakers[i], reader.speakers[j])
        if same and (weak or gap <= 1):
            return "same_speaker_goes_on"
    return None


def _same_speaker(one: Speaker | None, other: Speaker | None) -> bool:
    return one is not None and other is not None and one.name == other.name


def _target(reader: Reader, number: int, name: str, rule: str) -> Target:
    sender: tuple[str, ...] = ()
    recipient: tuple[str, ...] = ()
    location: tuple[str, ...] = ()
    if name == "sanctions" and reader.sanctions is not None:
        sender, recipient, helped = settle_parties(reader.sanctions, number)
    else:
        location, helped = settle_place(reader.places.get(number, Counter()), reader.place_total)
    flags = ("target_from_context",) if helped or rule != "named" else ()
    return Target(name, sender, recipient, location, target_label(name, sender, recipient, location), rule, flags)


def target_label(issue: str, sender: tuple[str, ...], recipient: tuple[str, ...], location: tuple[str, ...]) -> str:
    """Return the label a person reads.

    >>> target_label("sanctions", ("USA",), ("IRN",), ())
    'US sanctions on Iran'
    >>> target_label("peace_process", (), (), ("YEM",))
    'peace process in Yemen'
    """
    noun = issue.replace("_", " ")
    if issue == "sanctions":
        label = f"{_join(_short(code) for code in sender)} {noun}".strip()
        return f"{label} on {_join(_name(code) for code in recipient)}" if recipient else label
    if location == ("PSE",):
        return f"Israeli-Palestinian {noun}"
    return f"{noun} in {_join(_name(code) for code in location)}" if location else noun


def _join(names: object) -> str:
    return " and ".join(", ".join(names).rsplit(", ", 1))  # type: ignore[arg-type]


_SHORT = {"USA": "US", "GBR": "UK"}
_PLACES = {
    "GAZA": "Gaza",
    "KARABAKH": "Nagorno-Karabakh",
    "KASHMIR": "Kashmir",
    "WESTERN_SAHARA": "Western Sahara",
    "PSE": "Palestine",
    "HOUTHIS": "the Houthis",
    "TALIBAN": "the Taliban",
}


def _short(code: str) -> str:
    return _SHORT.get(code) or (code if len(code) == 2 else _name(code))


def _name(code: str) -> str:
    return _PLACES.get(code) or _names().get(code) or re.sub("_", " ", code).title()


@cache
def _names() -> dict[str, str]:
    return {row["code"]: row["name"] for table in ("organizations", "states") for row in read_table(table)}
