"""Says what each quote is about: issue and parties, from its sentence, from its context where the sentence is silent."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache

from stance.actors import Cast
from stance.lexicon import read_table
from stance.records import Quote, Speaker, Target
from stance.targets import relevance
from stance.targets.mentions import LEVELS, Issue, load_issues
from stance.targets.parties import SanctionsProfile, profile_sanctions, settle_parties
from stance.targets.places import profile_places, settle_place
from stance.text import fold

__all__ = ["find_targets", "may_matter", "target_label"]


def may_matter(text: str) -> bool:
    """Return whether an article names any issue outright; one that does not can hold no statement."""
    folded = fold(text)
    return any(issue.strong.search(folded) for issue in load_issues())


@dataclass
class Reader:
    """Everything about one article that the target rules look at."""

    cast: Cast
    quotes: list[Quote]
    speakers: list[Speaker | None]
    strong: dict[str, dict[int, int]] = field(default_factory=dict)  # issue -> sentence -> outright mentions
    mentions: dict[tuple[str, str], dict[int, list[tuple[int, int]]]] = field(default_factory=dict)  # issue, level -> sentence
    words: dict[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)
    around: dict[str, relevance.Surroundings] = field(default_factory=dict)
    sanctions: SanctionsProfile | None = None
    places: dict[int, Counter[str]] = field(default_factory=dict)
    place_total: Counter[str] = field(default_factory=Counter)


def find_targets(cast: Cast, quotes: list[Quote], speakers: list[Speaker | None]) -> list[list[Target]]:
    """Return the targets of each quote; an empty list where it is about none of the issues."""
    reader = read_article(cast, quotes, speakers)
    found = [[_target(reader, i, name, rule) for name, rule in _issues(reader, i)] for i, quote in enumerate(quotes)]
    if _NUCLEAR.search(cast.page.folded):
        found = [[target for target in targets if not _is_nuclear(target)] for targets in found]
    return found


_NUCLEAR = re.compile(r"nuclear (?:\w+ )?(?:deal|talks|negotiations|accord|agreement|pact)|jcpoa")


def _is_nuclear(target: Target) -> bool:
    """Return whether talks in an article on a nuclear deal have no war to end: such talks are no peace process (codebook, 3)."""
    return target.issue == "peace_process" and target.location in ((), ("IRN",), ("USA",))


def read_article(cast: Cast, quotes: list[Quote], speakers: list[Speaker | None]) -> Reader:
    """Read once what the target rules ask of an article: mentions, parties, places."""
    reader = Reader(cast, quotes, speakers)
    page, title = cast.page, cast.title
    for issue in load_issues():
        reader.strong[issue.name] = {number: len(found) for number, found in _mentions(reader, issue, "strong").items()}
        if issue.parties == "sender_recipient":
            reader.sanctions = profile_sanctions(cast, _mentions(reader, issue, "strong"))
    strong = reader.strong
    total = sum(sum(found.values()) for found in strong.values()) or 1
    for issue in load_issues():
        others: Counter[int] = Counter()
        for name, found in strong.items():
            if name != issue.name:
                others.update(found)
        mentions = sum(strong[issue.name].values())
        reader.around[issue.name] = relevance.Surroundings(
            issue.name,
            strong[issue.name],
            others,
            mentions / total,
            min(1.0, 2 * mentions / max(1, len(page.sentences))),
            bool(title and issue.strong.search(fold(title))),
            Counter(
                speaker.name
                for quote, speaker in zip(quotes, speakers, strict=True)
                if speaker is not None and strong[issue.name].get(quote.sentence)
            ),
            max(1, len(page.sentences)),
        )
    if any(strong[issue.name] for issue in load_issues() if issue.parties == "location"):
        reader.places, reader.place_total = profile_places(page, title, cast.mentions)
    return reader


def _issues(reader: Reader, i: int) -> list[tuple[str, str]]:
    """Return the issues of a quote, each with the rule that found it: all it names, or the likeliest one it does not name."""
    # An issue that the article never names cannot reach the threshold.
    weighed = {issue.name: weigh(reader, i, issue) for issue in load_issues() if reader.strong[issue.name]}
    if not weighed:
        return []
    scores = {name: relevance.score(found) for name, found in weighed.items()}
    named = [name for name, points in scores.items() if points > 0 and "strong" in weighed[name]]
    if named:
        return [(name, "named") for name in named]
    best = max(scores, key=scores.__getitem__)
    if scores[best] <= 0:
        return []
    return [(best, "likely_word" if "likely" in weighed[best] else "context")]


def weigh(reader: Reader, i: int, issue: Issue) -> dict[str, float]:
    """Return the evidence that a quote is about an issue; what its source's own name mentions does not count."""
    page = reader.cast.page
    quote = reader.quotes[i]
    level, spots = naming(reader, quote, issue)
    number = quote.sentence
    last = len(page.sentences) - 1
    levels = (
        _level(reader, issue, number - 1) if number else "none",
        _level(reader, issue, number + 1) if number < last else "none",
    )
    length = len(page.tokens(number))
    around = reader.around[issue.name]
    weighed = relevance.evidence(reader.quotes, reader.speakers, i, around, page.text, level, spots, levels, length)
    if relevance.score(weighed) > -relevance.MOST_WORDS:
        weighed["words"] = relevance.word_points(level, issue.name, words_of(reader, issue, number))
    return weighed


def naming(reader: Reader, quote: Quote, issue: Issue) -> tuple[str, list[tuple[int, int]]]:
    """Return how surely a quote's sentence names an issue, and where, as offsets; its source's own name does not count."""
    low, high = (quote.source.start, quote.source.end) if quote.source else (-1, -1)
    for level in LEVELS:
        found = _mentions(reader, issue, level).get(quote.sentence, ())
        if spots := [(a, b) for a, b in found if not low <= a < high]:
            return level, spots
    return "silent", []


_WORD = re.compile(r"\w+")


def _level(reader: Reader, issue: Issue, number: int) -> str:
    """Return how surely a sentence names an issue."""
    return next((level for level in LEVELS if number in _mentions(reader, issue, level)), "silent")


def words_of(reader: Reader, issue: Issue, number: int) -> tuple[str, ...]:
    """Return the words of a sentence as an issue sees it; read once, kept.

    They are in lower case; each mention of the issue is replaced by its level in capitals, that of another issue by ``OTHER``.
    """
    kept = reader.words.get((issue.name, number))
    if kept is None:
        page = reader.cast.page
        start, end = page.sentences[number].start, page.sentences[number].end
        spots = [(a, b, level.upper()) for level in LEVELS for a, b in _mentions(reader, issue, level).get(number, ())]
        for other in load_issues():
            if other is not issue:
                spots += [(a, b, "OTHER") for a, b in _mentions(reader, other, "strong").get(number, ())]
        words: list[str] = []
        for a, b, mark in sorted(spots, key=lambda spot: (spot[0], -spot[1])):
            if a >= start:
                words += [*_WORD.findall(page.folded, start, a), mark]
                start = b
        words += _WORD.findall(page.folded, start, end)
        kept = reader.words[issue.name, number] = tuple(words)
    return kept


def _mentions(reader: Reader, issue: Issue, level: str) -> dict[int, list[tuple[int, int]]]:
    """Return the words of a level that name an issue, by sentence; looked for once in the whole article, kept."""
    kept = reader.mentions.get((issue.name, level))
    if kept is None:
        kept = {}
        page = reader.cast.page
        for start, end in issue.find(level, page.folded):
            kept.setdefault(page.sentence_at(start), []).append((start, end))
        reader.mentions[issue.name, level] = kept
    return kept


def _target(reader: Reader, i: int, name: str, rule: str) -> Target:
    number = reader.quotes[i].sentence
    speaker = reader.speakers[i]
    sender: tuple[str, ...] = ()
    recipient: tuple[str, ...] = ()
    location: tuple[str, ...] = ()
    if name == "sanctions" and reader.sanctions is not None:
        sender, recipient, helped = settle_parties(reader.sanctions, number, speaker.actor if speaker else None)
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
