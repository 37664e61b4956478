"""Says what each quote is about: issue and parties, from its sentence, from its context where the sentence is silent."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cache, cached_property

from stance.actors import Cast
from stance.lexicon import read_table
from stance.records import Quote, Speaker, Target
from stance.targets import relevance
from stance.targets.definitions import OPTIONAL_PART
from stance.targets.mentions import LEVELS, Issue, find_named_issues, find_words, load_issues, strong_in_title
from stance.targets.parties import PartiesProfile, profile_parties, settle_parties
from stance.targets.places import profile_places, settle_place
from stance.text import Page, fold

__all__ = ["find_targets", "may_matter", "target_label"]


def may_matter(text: str, issues: tuple[Issue, ...] | None = None) -> bool:
    """Return whether an article is about any issue; one that is not can hold no statement.

    Here and below, None stands for the issues that come with the package.
    """
    return bool(find_named_issues(issues or load_issues(), text))


# Where words name an issue and how surely, by sentence, the surest first: start, end, level.
Spots = dict[int, list[tuple[int, int, str]]]


@dataclass
class Reader:
    """Everything about one article that the target rules look at; what not every article needs is read when asked for."""

    cast: Cast
    quotes: list[Quote]
    speakers: list[Speaker | None]
    issues: tuple[Issue, ...]
    named: tuple[Issue, ...]  # those that the article is about
    mentions: dict[str, Spots]  # by issue
    strong: dict[str, dict[int, int]]  # issue -> sentence -> outright mentions
    around: dict[str, relevance.Surroundings] = field(default_factory=dict)  # of the issues that are named outright
    words: dict[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)
    parties: dict[str, PartiesProfile] = field(default_factory=dict)

    def parties_to(self, issue: Issue) -> PartiesProfile:
        """Return what the article says of the parties to an issue; read once, kept."""
        if issue.name not in self.parties:
            spots = {number: _spots_of(found, "strong") for number, found in self.mentions[issue.name].items()}
            named = {number: found for number, found in spots.items() if found}
            self.parties[issue.name] = profile_parties(self.cast, named, issue.usual_senders)
        return self.parties[issue.name]

    @cached_property
    def places(self) -> tuple[dict[int, dict[str, int]], Counter[str]]:
        """The places that each sentence and the whole article point to."""
        return profile_places(self.cast.page, self.cast.title, self.cast.mentions)


def find_targets(
    cast: Cast, quotes: list[Quote], speakers: list[Speaker | None], issues: tuple[Issue, ...] | None = None
) -> list[list[Target]]:
    """Return the targets of each quote; an empty list where it is about none of the issues."""
    reader = read_article(cast, quotes, speakers, issues)
    found = [[_target(reader, i, issue, rule) for issue, rule in _issues(reader, i)] for i, quote in enumerate(quotes)]
    if any(_is_nuclear(target) for targets in found for target in targets) and _NUCLEAR.search(cast.page.folded):
        found = [[target for target in targets if not _is_nuclear(target)] for targets in found]
    return found


_NUCLEAR = re.compile(r"nuclear (?:\w+ )?(?:deal|talks|negotiations|accord|agreement|pact)|jcpoa")


def _is_nuclear(target: Target) -> bool:
    """Return whether talks in an article on a nuclear deal have no war to end: such talks are no peace process (codebook, 3)."""
    return target.issue == "peace_process" and target.location in ((), ("IRN",), ("USA",))


def read_article(
    cast: Cast, quotes: list[Quote], speakers: list[Speaker | None], issues: tuple[Issue, ...] | None = None
) -> Reader:
    """Read once what the target rules ask of an article: where it names which issue, and what stands around that."""
    issues = issues or load_issues()
    mentions = _by_sentence(cast.page, issues)
    strong = {name: _count_strong(spots) for name, spots in mentions.items()}
    reader = Reader(cast, quotes, speakers, issues, find_named_issues(issues, cast.page.text), mentions, strong)
    total = sum(sum(found.values()) for found in strong.values())
    titled = strong_in_title(issues, fold(cast.title or ""))
    n_sentences = max(1, len(cast.page.sentences))
    for name, here in strong.items():
        if not here:
            continue
        others: Counter[int] = Counter()
        for found in (found for other, found in strong.items() if other != name):
            others.update(found)
        n_mentions = sum(here.values())
        naming_it = Counter(
            speaker.name
            for quote, speaker in zip(quotes, speakers, strict=True)
            if speaker is not None and quote.sentence in here
        )
        reader.around[name] = relevance.Surroundings(
            name,
            here,
            others,
            n_mentions / total,
            min(1.0, 2 * n_mentions / n_sentences),
            name in titled,
            naming_it,
            n_sentences,
        )
    return reader


def _by_sentence(page: Page, issues: tuple[Issue, ...]) -> dict[str, Spots]:
    """Return where each issue is named, by sentence."""
    named = find_words(issues, page.text)
    mentions: dict[str, Spots] = {}
    for issue in issues:
        spots: Spots = defaultdict(list)
        for level in LEVELS:
            for start, end in named.get((issue.name, level), ()):
                spots[page.sentence_at(start)].append((start, end, level))
        mentions[issue.name] = dict(spots)
    return mentions


def _count_strong(spots: Spots) -> dict[int, int]:
    counts = {number: len(_spots_of(found, "strong")) for number, found in spots.items()}
    return {number: count for number, count in counts.items() if count}


def _spots_of(found: list[tuple[int, int, str]], level: str) -> list[tuple[int, int]]:
    return [(start, end) for start, end, how in found if how == level]


def _issues(reader: Reader, i: int) -> list[tuple[Issue, str]]:
    """Return the issues of a quote, each with the rule that found it: all it names, or the likeliest one it does not name."""
    levels = [(issue, *naming(reader, reader.quotes[i], issue)) for issue in reader.named]
    named = [
        (issue, "named") for issue, level, spots in levels if level == "strong" and _weigh(reader, i, issue, level, spots)[0] > 0
    ]
    if named:
        return named
    likeliest = max(
        ((_weigh(reader, i, issue, level, spots)[0], issue, level) for issue, level, spots in levels if level != "strong"),
        key=lambda entry: entry[0],
        default=None,
    )
    if likeliest is None or likeliest[0] <= 0:
        return []
    return [(likeliest[1], "likely_word" if likeliest[2] == "likely" else "context")]


def weigh(reader: Reader, i: int, issue: Issue) -> dict[str, float]:
    """Return the evidence that a quote is about an issue; what its source's own name mentions does not count."""
    return _weigh(reader, i, issue, *naming(reader, reader.quotes[i], issue))[1]


def _weigh(reader: Reader, i: int, issue: Issue, level: str, spots: list[tuple[int, int]]) -> tuple[float, dict[str, float]]:
    """Return the score of a quote for an issue that its sentence names so, and the evidence for it."""
    page, number = reader.cast.page, reader.quotes[i].sentence
    levels = (
        _level(reader, issue, number - 1) if number else "none",
        _level(reader, issue, number + 1) if number < len(page.sentences) - 1 else "none",
    )
    length = len(page.tokens(number).texts)
    around = reader.around[issue.name]
    found = relevance.evidence(reader.quotes, reader.speakers, i, around, page.text, level, spots, levels, length)
    points = relevance.score(found)
    if points > -relevance.MOST_WORDS:
        found["words"] = relevance.word_points(level, issue.name, words_of(reader, issue, number))
        points += found["words"]
    return points, found


def naming(reader: Reader, quote: Quote, issue: Issue) -> tuple[str, list[tuple[int, int]]]:
    """Return how surely a quote's sentence names an issue, and where, as offsets; its source's own name does not count."""
    found = reader.mentions[issue.name].get(quote.sentence)
    if found and quote.source:
        found = [spot for spot in found if not quote.source.start <= spot[0] < quote.source.end]
    return (found[0][2], _spots_of(found, found[0][2])) if found else ("silent", [])


def _level(reader: Reader, issue: Issue, number: int) -> str:
    """Return how surely a sentence names an issue."""
    found = reader.mentions[issue.name].get(number)
    return found[0][2] if found else "silent"


_WORD = re.compile(r"\w+")


def words_of(reader: Reader, issue: Issue, number: int) -> tuple[str, ...]:
    """Return the words of a sentence as an issue sees it; read once, kept.

    They are in lower case; each mention of the issue is replaced by its level in capitals, that of another issue by ``OTHER``.
    """
    spots = [(a, b, level.upper()) for a, b, level in reader.mentions[issue.name].get(number, ())]
    for other in reader.issues:
        if other is not issue and number in reader.strong[other.name]:
            spots += [(a, b, "OTHER") for a, b in _spots_of(reader.mentions[other.name][number], "strong")]
    seen_by = issue.name if spots else ""  # where nothing is named, all issues see the same
    kept = reader.words.get((seen_by, number))
    if kept is None:
        page = reader.cast.page
        start, end = page.sentences[number].start, page.sentences[number].end
        words: list[str] = []
        for a, b, mark in sorted(spots, key=lambda spot: (spot[0], -spot[1])):
            if a >= start:
                words += [*_WORD.findall(page.folded, start, a), mark]
                start = b
        words += _WORD.findall(page.folded, start, end)
        kept = reader.words[seen_by, number] = tuple(words)
    return kept


def _target(reader: Reader, i: int, issue: Issue, rule: str) -> Target:
    number = reader.quotes[i].sentence
    speaker = reader.speakers[i]
    sender: tuple[str, ...] = ()
    recipient: tuple[str, ...] = ()
    location: tuple[str, ...] = ()
    helped = False
    if issue.parties == "sender_recipient":
        sender, recipient, helped = settle_parties(reader.parties_to(issue), number, speaker.actor if speaker else None)
    elif issue.parties == "location":
        by_sentence, total = reader.places
        location, helped = settle_place(by_sentence.get(number, {}), total)
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
