"""Weighs whether a quote is about an issue: what it names outright, what its surroundings are about, how it is attributed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from stance.lexicon import cue_verbs
from stance.records import Quote, Speaker

# Points of evidence, added up and compared with THRESHOLD. Fitted as a logistic regression on the 8,300 pairs of quote and issue
# of the 175 study articles (2026-11, tests/benchmarks/fit_relevance.py prints them), rounded. Cross-validated by article, F1 of
# the pairs is 0.77; "named outright" alone gives 0.73; the same features learned from the composed annotations 0.75, because
# composed articles are denser than real ones.
POINTS: Mapping[str, float] = {
    # what the sentence itself names
    "strong": 3.0,
    "likely": 0.2,
    "weak": -1.7,
    "silent": -3.2,
    "twice": 0.7,
    "named:other_issue_named": -0.3,
    "unnamed:other_issue_named": -0.7,
    # what stands around it; "named" and "unnamed" say whether the sentence names the issue outright
    "named:share": 0.5,
    "named:density": 0.6,
    "named:in_title": 0.5,
    "named:named_before": 0.7,
    "named:speaker_names_it": 0.6,
    "unnamed:share": 1.9,
    "unnamed:density": 1.0,
    "unnamed:in_title": 0.4,
    "unnamed:named_before": 1.5,
    "unnamed:speaker_names_it": 0.2,
    "named_in_next_sentence": 0.5,
    # how it is attributed
    "quoted": 0.8,
    "belief": -0.8,
    "far_subject": -1.6,
    "unresolved": -0.4,
    "mention_in_other_clause": -0.7,
    "position_after_mention": -1.6,
    "position_far_before_mention": -0.5,
}
THRESHOLD = 2.05

_SUBORDINATE = re.compile(r"\b(?:after|as|while|following|despite|amid|since|when|which|who|before)\b")
_NEAR_SENTENCES = 4


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an article names of one issue, and where."""

    strong: Mapping[int, int]  # outright mentions by sentence
    others: Mapping[int, int]  # those of other issues
    share: float  # of the article's outright mentions, those of this issue
    density: float  # outright mentions per sentence, doubled, at most 1
    in_title: bool
    by_speaker: Mapping[str, int]  # quotes of each speaker that name it


def evidence(
    quotes: list[Quote],
    speakers: list[Speaker | None],
    i: int,
    around: Surroundings,
    text: str,
    level: str,
    spots: list[tuple[int, int]],
) -> dict[str, float]:
    """Return the evidence that quote ``i`` is about the issue.

    ``level`` says how its sentence names it (``strong``, ``likely``, ``weak``, ``silent``), ``spots`` where, as offsets.
    """
    quote = quotes[i]
    number = quote.sentence
    named = level == "strong"
    side = "named" if named else "unnamed"
    found = {
        level: 1.0,
        f"{side}:share": around.share,
        f"{side}:density": around.density,
        f"{side}:in_title": float(around.in_title),
        f"{side}:named_before": _nearness(quotes, i, around.strong),
        f"{side}:speaker_names_it": _speaker_share(quotes, speakers, i, around),
        "twice": float(len(spots) > 1 and level in ("strong", "likely")),
        "quoted": float(quote.kind != "indirect"),
        "far_subject": float(quote.rule == "far_subject"),
        "unresolved": float(bool((speaker := speakers[i]) and speaker.flags)),
    }
    found[f"{side}:other_issue_named"] = float(bool(around.others.get(number)))
    if not named:
        found["named_in_next_sentence"] = float(bool(around.strong.get(number + 1)))
    if quote.cue is not None:
        found.update(_cue_evidence(quote, text, spots))
    return found


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
    return sum(POINTS.get(name, 0.0) * value for name, value in found.items()) - THRESHOLD
