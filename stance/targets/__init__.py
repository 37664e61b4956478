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
from stance.targets.definitions import OPTIONAL_PART
from stance.targets.mentions import LEVELS, Issue, find_all_words, has_strong_words, load_issues, strong_in_title
from stance.targets.parties import PartiesProfile, profile_parties, settle_parties
from stance.targets.places import profile_places, settle_place
from stance.text import Page, fold

__all__ = ["find_targets", "may_matter", "target_label"]


def may_matter(text: str, issues: tuple[Issue, ...] | None = None) -> bool:
    """Return whether an article names any issue outright; one that does not can hold no statement.

    Here and below, None stands for the issues that come with the package.
    """
    issues, folded = issues or load_issues(), fold(text)
    return has_strong_words(issues, folded) and any(level == "strong" for _, level in find_all_words(issues, folded))


# Where words name an issue, as offsets, by sentence.
Spots = dict[int, list[tuple[int, int]]]


@dataclass
class Reader:
    """Everything about one article that the target rules look at."""

    cast: Cast
    quotes: list[Quote]
    speakers: list[Speaker | None]
    issues: tuple[Issue, ...]
    mentions: dict[tuple[str, str], Spots]  # by issue and level
    strong: dict[str, dict[int, int]] = field(default_factory=dict)  # issue -> sentence -> outright mentions
    words: dict[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)
    around: dict[str, relevance.Surroundings] = field(default_factory=dict)
    parties: dict[str, PartiesProfile] = field(default_factory=dict)
    places: dict[int, Counter[str]] = field(default_factory=dict)
    place_total: Counter[str] = field(default_factory=Counter)


def find_targets(
    cast: Cast, quotes: list[Quote], speakers: list[Speaker | None], issues: tuple[Issue, ...] | None = None
) -> list[list[Target]]:
    """Return the targets of each quote; an empty list where it is about none of the issues."""
    reader = read_article(cast, quotes, speakers, issues)
    found = [[_target(reader, i, issue, rule) for issue, rule in _issues(reader, i)] for i, quote in enumerate(quotes)]
    if _NUCLEAR.search(cast.page.folded):
        found = [[target for target in targets if not _is_nuclear(target)] for targets in found]
    return found


_NUCLEAR = re.compile(r"nuclear (?:\w+ )?(?:deal|talks|negotiations|accord|agreement|pact)|jcpoa")


def _is_nuclear(target: Target) -> bool:
    """Return whether talks in an article on a nuclear deal have no war to end: such talks are no peace process (codebook, 3)."""
    return target.issue == "peace_process" and target.location in ((), ("IRN",), ("USA",))


def read_article(
    cast: Cast, quotes: list[Quote], speakers: list[Speaker | None], issues: tuple[Issue, ...] | None = None
) -> Reader:
    """Read once what the target rules ask of an article: mentions, parties, places."""
    issues = issues or load_issues()
    page, title = cast.page, cast.title
    reader = Reader(cast, quotes, speakers, issues, _by_sentence(page, issues))
    for issue in issues:
        reader.strong[issue.name] = {number: len(found) for number, found in reader.mentions[issue.name, "strong"].items()}
        if issue.parties == "sender_recipient":
            reader.parties[issue.name] = profile_parties(cast, reader.mentions[issue.name, "strong"], issue.usual_senders)
    strong = reader.strong
    total = sum(sum(found.values()) for found in strong.values()) or 1
    titled = strong_in_title(issues, fold(title or ""))
    for issue in issues:
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
            issue.name in titled,
            Counter(
                speaker.name
                for quote, speaker in zip(quotes, speakers, strict=True)
                if speaker is not None and strong[issue.name].get(quote.sentence)
            ),
            max(1, len(page.sentences)),
        )
    if any(strong[issue.name] for issue in issues if issue.parties == "location"):
        reader.places, reader.place_total = profile_places(page, title, cast.mentions)
    return reader


def _issues(reader: Reader, i: int) -> list[tuple[Issue, str]]:
    """Return the issues of a quote, each with the rule that found it: all it names, or the likeliest one it does not name."""
    # An issue that the article never names cannot reach the threshold.
    weighed = [(issue, weigh(reader, i, issue)) for issue in reader.issues if reader.strong[issue.name]]
    scored = [(relevance.score(found), issue, found) for issue, found in weighed]
    named = [issue for points, issue, found in scored if points > 0 and "strong" in found]
    if named:
        return [(issue, "named") for issue in named]
    points, best, found = max(scored, key=lambda entry: entry[0], default=(0.0, None, {}))
    if best is None or points <= 0:
        return []
    return [(best, "likely_word" if "likely" in found else "context")]


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
        found = reader.mentions[issue.name, level].get(quote.sentence, ())
        if spots := [(a, b) for a, b in found if not low <= a < high]:
            return level, spots
    return "silent", []


_WORD = re.compile(r"\w+")


def _level(reader: Reader, issue: Issue, number: int) -> str:
    """Return how surely a sentence names an issue."""
    return next((level for level in LEVELS if number in reader.mentions[issue.name, level]), "silent")


def words_of(reader: Reader, issue: Issue, number: int) -> tuple[str, ...]:
    """Return the words of a sentence as an issue sees it; read once, kept.

    They are in lower case; each mention of the issue is replaced by its level in capitals, that of another issue by ``OTHER``.
    """
    kept = reader.words.get((issue.name, number))
    if kept is None:
        page = reader.cast.page
        start, end = page.sentences[number].start, page.sentences[number].end
        spots = [(a, b, level.upper()) for level in LEVELS for a, b in reader.mentions[issue.name, level].get(number, ())]
        for other in reader.issues:
            if other is not issue:
                spots += [(a, b, "OTHER") for a, b in reader.mentions[other.name, "strong"].get(number, ())]
        words: list[str] = []
        for a, b, mark in sorted(spots, key=lambda spot: (spot[0], -spot[1])):
            if a >= start:
                words += [*_WORD.findall(page.folded, start, a), mark]
                start = b
        words += _WORD.findall(page.folded, start, end)
        kept = reader.words[issue.name, number] = tuple(words)
    return kept


def _by_sentence(page: Page, issues: tuple[Issue, ...]) -> dict[tuple[str, str], Spots]:
    """Return where each issue is named at each level, by sentence."""
    spots: dict[tuple[str, str], Spots] = {(issue.name, level): {} for issue in issues for level in LEVELS}
    for key, found in find_all_words(issues, page.folded).items():
        for start, end in found:
            spots[key].setdefault(page.sentence_at(start), []).append((start, end))
    return spots


def _target(reader: Reader, i: int, issue: Issue, rule: str) -> Target:
    number = reader.quotes[i].sentence
    speaker = reader.speakers[i]
    sender: tuple[str, ...] = ()
    recipient: tuple[str, ...] = ()
    location: tuple[str, ...] = ()
    helped = False
    if issue.parties == "sender_recipient":
        sender, recipient, helped = settle_parties(reader.parties[issue.name], number, speaker.actor if speaker else None)
    elif issue.parties == "location":
        location, helped = settle_place(reader.places.get(number, Counter()), reader.place_total)
    flags = ("target_from_context",) if helped or rule != "named" else ()
    return Target(issue.name, sender, recipient, location, target_label(issue.label, sender, recipient, location), rule, flags)


_IN_PLACE = "[ in {location}]"


def target_label(form: str, sender: tuple[str, ...], recipient: tuple[str, ...], location: tuple[str, ...]) -> str:
    """Return the label a person reads, written after an issue's form.

    >>> target_label("[{sender} ]sanctions[ on {recipient}]", ("USA",), ("IRN",), ())
    'US sanctions on Iran'
    >>> target_label("peace process[ in {location}]", (), (), ("YEM",))
    'peace process in Yemen'
    """
    if location == ("PSE",) and form.endswith(_IN_PLACE):
        return f"Israeli-Palestinian {form.removesuffix(_IN_PLACE)}"
    names = {
        "sender": _join(_short(code) for code in sender),
        "recipient": _join(_name(code) for code in recipient),
        "location": _join(_name(code) for code in location),
    }
    return OPTIONAL_PART.sub(lambda part: f"{part[1]}{names[part[2]]}{part[3]}" if names[part[2]] else "", form).strip()


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
