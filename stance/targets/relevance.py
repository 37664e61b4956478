"""Weighs whether a quote is about an issue: what it names, its words, what stands around it, how it is attributed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from operator import mul
from typing import Any

from stance.lexicon import cue_verbs, read_table
from stance.records import Quote, Span, Speaker
from stance.wordwise import PerWord

# Points of evidence, added up and compared with THRESHOLD: stance/tables/relevance.csv. Fitted as a logistic regression on pairs
# of quote and issue in 1,211 real news articles (2026-11): the 175 of study and 1,038 of archive, coded for this by the same
# codebook (against study's own coder, blind, on 45 articles: sentence F1 0.965, record F1 0.955). Kept are the evidence listed
# below and, of the words and pairs of words seen in five articles or more, those of most weight; how it was fitted and what it is
# worth: tests/benchmarks/fit_relevance.py. Held out by article, F1 of the records is 0.69; without the words 0.67.
# An issue that the table does not know has what all issues share, words by side among it. With the issue's own points and words
# taken away, one issue at a time, F1 of its records on the 175 articles was 0.79 for sanctions (0.79 with them), 0.79 for
# ceasefire (0.78), 0.66 for peace_process (0.70); without any words 0.75, 0.74 and 0.62; 0.72, 0.75 and 0.58 if every sentence
# that names it outright, and no other, counted.
POINTS: Mapping[str, float] = {row["evidence"]: float(row["points"]) for row in read_table("relevance")}
THRESHOLD = POINTS["threshold"]

_SUBORDINATE = re.compile(r"\b(?:after|as|while|following|despite|amid|since|when|which|who|before)\b")
_NEAR_SENTENCES = 4
# Where the other evidence falls this far short, the words are not looked at: in the 5,479 pairs of the study articles they gave
# 3.6 points at most (2026-11).
MOST_WORDS = 4.0
# Longer sentences give no more evidence of their length.
_LONG_SENTENCE = 60
# A mention so many words behind a position is far from it.
_FAR_WORDS = 8
# What evidence is called in the table, put together once: an article asks for it a thousand times.
_NAMES_UNDER: PerWord[PerWord[str]] = PerWord(lambda prefix: PerWord(lambda name: f"{prefix}:{name}"))
_SPEAKER_RULES = PerWord(lambda rule: f"speaker:{rule.split(':')[0]}")
_POINTS_OF = PerWord(lambda name: POINTS.get(name, 0.0))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an article names of one issue, and where."""

    issue: str
    strong: Mapping[int, int]  # outright mentions by sentence
    others: Mapping[int, int]  # those of other issues
    share: float  # of the article's outright mentions, those of this issue
    density: float  # outright mentions per sentence, doubled, at most 1
    in_title: bool
    by_speaker: Mapping[str, int]  # quotes of each speaker that name it
    n_sentences: int


def evidence(
    quotes: list[Quote],
    speakers: list[Speaker | None],
    i: int,
    around: Surroundings,
    text: str,
    level: str,
    spots: list[tuple[int, int]],
    around_levels: tuple[str, str],
    length: int,
) -> dict[str, float]:
    """Return the evidence that quote ``i`` is about the issue, but for its words.

    ``level`` says how its sentence names it outside the source (``strong``, ``likely``, ``weak``, ``silent``), ``spots`` where,
    as offsets; ``around_levels`` how the sentences before and behind do; ``length`` is in tokens. Evidence marked ``named``
    counts where the sentence names the issue outright, ``unnamed`` where it does not.
    """
    quote, speaker = quotes[i], speakers[i]
    of_issue, of_side = _NAMES_UNDER[around.issue], _NAMES_UNDER[side_of(level)]
    in_title, number = float(around.in_title), quote.sentence
    found = {
        level: 1.0,
        of_issue[level]: 1.0,
        of_issue["in_title"]: in_title,
        of_side["share"]: around.share,
        of_side["density"]: around.density,
        of_side["in_title"]: in_title,
        of_side["named_before"]: _nearness(quotes, i, around.strong),
        of_side["speaker_names_it"]: _speaker_share(speaker, number, around),
        of_side["other_issue_named"]: 1.0 if number in around.others else 0.0,
        of_side["before:" + around_levels[0]]: 1.0,
        of_side["next:" + around_levels[1]]: 1.0,
        of_side[quote.kind]: 1.0,
        of_side["rule:" + quote.rule]: 1.0,
        of_side["length"]: min(length, _LONG_SENTENCE) / _LONG_SENTENCE,
        of_side["place"]: number / around.n_sentences,
    }
    if len(spots) > 1 and level != "weak":
        found["twice"] = 1.0
    if speaker is not None:
        found[_SPEAKER_RULES[speaker.rule]] = 1.0
        found[of_side["has_actor"]] = 1.0 if speaker.actor else 0.0
        found["unresolved"] = 1.0 if speaker.flags else 0.0
    if quote.cue is not None:
        found |= _cue_evidence(quote.cue, text, spots)
    return found


def side_of(level: str) -> str:
    """Return whether a sentence of this level names the issue outright: ``named`` or ``unnamed``."""
    return "named" if level == "strong" else "unnamed"


def word_evidence(level: str, issue: str, words: Sequence[str]) -> list[str]:
    """Return the names under which the words of a sentence stand in the table: by side, by issue, in pairs by side."""
    side = side_of(level)
    return [
        *(f"{side} {word}" for word in words),
        *(f"{issue} {word}" for word in words),
        *(f"{side} {first} {second}" for first, second in pairwise(words)),
    ]


def word_points(level: str, issue: str, words: tuple[str, ...]) -> float:
    """Return the points of the words and pairs of words of a sentence that the table knows, each counted once."""
    return (_points_by_side(side_of(level), words) + _sum_known(_WORDS[issue], words)) / 100


@lru_cache(maxsize=64)  # the issues of an article ask for the same
def _points_by_side(side: str, words: tuple[str, ...]) -> int:
    return _sum_known(_WORDS[side], words) + _sum_known(_PAIRS[side], pairwise(words))


def _sum_known(points: Mapping[Any, int], found: Iterable[Any]) -> int:
    return sum(map(points.__getitem__, points.keys() & found))


def _read_words() -> tuple[dict[str, dict[str, int]], dict[str, dict[tuple[str, str], int]]]:
    """Return the points of words and of pairs by side or issue, in hundredths: the sum of whole numbers is exact in any order."""
    words: dict[str, dict[str, int]] = defaultdict(dict)
    pairs: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for name, value in POINTS.items():
        match name.split(" "):
            case [side, word]:
                words[side][word] = round(100 * value)
            case [side, first, second]:
                pairs[side][first, second] = round(100 * value)
    return words, pairs


_WORDS, _PAIRS = _read_words()


def _nearness(quotes: list[Quote], i: int, strong: Mapping[int, int]) -> float:
    """Return 1 / distance in sentences to the nearest quote before that names the issue, 0 beyond four sentences."""
    number = quotes[i].sentence
    for j in range(i - 1, -1, -1):
        gap = number - quotes[j].sentence
        if gap > _NEAR_SENTENCES:
            break
        if gap and strong.get(quotes[j].sentence):
            return 1 / gap
    return 0.0


def _speaker_share(speaker: Speaker | None, number: int, around: Surroundings) -> float:
    """Return how often the speaker names the issue elsewhere in the article: 1 for three times or more."""
    if speaker is None:
        return 0.0
    return min(around.by_speaker.get(speaker.name, 0) - (number in around.strong), 3) / 3


def _cue_evidence(cue: Span, text: str, spots: list[tuple[int, int]]) -> dict[str, float]:
    """Weigh where the mention stands: a position ("called for …") is about what follows the cue closely."""
    cls = cue_class(text[cue.start : cue.end].lower())
    found = {"belief": 1.0} if cls == "belief" else {}
    after = [start for start, _ in spots if start >= cue.end]
    if after:
        between = text[cue.end : after[0]]
        if _SUBORDINATE.search(between):
            found["mention_in_other_clause"] = 1.0
        if cls == "position" and len(between.split()) > _FAR_WORDS:
            found["position_far_before_mention"] = 1.0
    elif spots and cls == "position":
        found["position_after_mention"] = 1.0
    return found


def cue_class(cue: str) -> str | None:
    """Return whether a cue reports speech, takes a position or states a belief; None for what is no verb."""
    entry = cue_verbs().get(cue)
    return entry[0] if entry else None


def score(found: Mapping[str, float]) -> float:
    """Return the points of the evidence, above 0 where the quote is taken to be about the issue."""
    points: float = sum(map(mul, map(_POINTS_OF.__getitem__, found), found.values()))
    return points + found.get("words", 0.0) - THRESHOLD
