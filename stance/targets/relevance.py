"""Weighs whether a quote is about an issue: what it names, its words, what stands around it, how it is attributed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from stance.lexicon import cue_verbs, read_table
from stance.records import Quote, Speaker

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
    side = side_of(level)
    found = {
        level: 1.0,
        f"{around.issue}:{level}": 1.0,
        f"{around.issue}:in_title": float(around.in_title),
        f"{side}:share": around.share,
        f"{side}:density": around.density,
        f"{side}:in_title": float(around.in_title),
        f"{side}:named_before": _nearness(quotes, i, around.strong),
        f"{side}:speaker_names_it": _speaker_share(quotes, speakers, i, around),
        f"{side}:other_issue_named": float(bool(around.others.get(quote.sentence))),
        f"{side}:before:{around_levels[0]}": 1.0,
        f"{side}:next:{around_levels[1]}": 1.0,
        f"{side}:{quote.kind}": 1.0,
        f"{side}:rule:{quote.rule}": 1.0,
        f"{side}:length": min(length, _LONG_SENTENCE) / _LONG_SENTENCE,
        f"{side}:place": quote.sentence / around.n_sentences,
        "twice": float(len(spots) > 1 and level in ("strong", "likely")),
    }
    if speaker is not None:
        found[f"speaker:{speaker.rule.split(':')[0]}"] = 1.0
        found[f"{side}:has_actor"] = float(bool(speaker.actor))
        found["unresolved"] = float(bool(speaker.flags))
    if quote.cue is not None:
        found.update(_cue_evidence(quote, text, spots))
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


def word_points(level: str, issue: str, words: Sequence[str]) -> float:
    """Return the points of the words and pairs of words of a sentence that the table knows, each counted once."""
    side = side_of(level)
    single = set(words)
    seconds = _PAIRS[side]
    pairs = {(first, second) for first, second in pairwise(words) if first in seconds and second in seconds[first]}
    total = 0.0
    for table in (_WORDS[side], _WORDS.get(issue, {})):
        total += sum(map(table.__getitem__, sorted(table.keys() & single)))
    return total + sum(seconds[first][second] for first, second in sorted(pairs))


def _read_words() -> tuple[dict[str, dict[str, float]], dict[str, dict[str, dict[str, float]]]]:
    words: dict[str, dict[str, float]] = defaultdict(dict)
    pairs: dict[str, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for name, value in POINTS.items():
        match name.split(" "):
            case [side, word]:
                words[side][word] = value
            case [side, first, second]:
                pairs[side][first][second] = value
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


def _speaker_share(quotes: list[Quote], speakers: list[Speaker | None], i: int, around: Surroundings) -> float:
    """Return how often the speaker names the issue elsewhere in the article: 1 for three times or more."""
    speaker = speakers[i]
    if speaker is None:
        return 0.0
    here = bool(around.strong.get(quotes[i].sentence))
    return min(around.by_speaker.get(speaker.name, 0) - here, 3) / 3


def _cue_evidence(quote: Quote, text: str, spots: list[tuple[int, int]]) -> dict[str, float]:
    """Weigh where the mention stands: a position ("called for …") is about what follows the cue closely."""
    assert quote.cue is not None
    cls = cue_class(text[quote.cue.start : quote.cue.end].lower())
    found = {"belief": float(cls == "belief")}
    after = [start for start, _ in spots if start >= quote.cue.end]
    if after:
        between = text[quote.cue.end : after[0]]
        found["mention_in_other_clause"] = float(bool(_SUBORDINATE.search(between)))
        found["position_far_before_mention"] = float(cls == "position" and len(between.split()) > 8)
    elif spots:
        found["position_after_mention"] = float(cls == "position")
    return found


def cue_class(cue: str) -> str | None:
    """Return whether a cue reports speech, takes a position or states a belief; None for what is no verb."""
    entry = cue_verbs().get(cue)
    return entry[0] if entry else None


def score(found: Mapping[str, float]) -> float:
    """Return the points of the evidence, above 0 where the quote is taken to be about the issue."""
    return sum(POINTS.get(name, 0.0) * value for name, value in found.items()) + found.get("words", 0.0) - THRESHOLD
