"""A second look at a score: how far to trust it, and what else the speaker says in the same article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
# With fewer held-out statements the few numbers of a look are noise.
_LEAST = 50


@dataclass(frozen=True, slots=True)
class SecondLook:
    """What becomes of a score (n_classes,).

    ``own`` times the score, plus ``same`` times the mean score of what the same side says on the issue elsewhere in the article,
    plus ``others`` times that of everybody else, plus ``bias``.
    With ``same`` and ``others`` at zero this is vector scaling (Guo et al., ICML 2017) with one temperature.
    """

    own: float = 1.0
    same: float = 0.0
    others: float = 0.0
    bias: tuple[float, ...] = ()

    def apply(self, scores: Scores, rows: Sequence[Mapping[str, Any]]) -> Scores:
        """Return the scores (n_statements, n_classes) after the second look; ``rows`` say who speaks where."""
        if not len(scores):
            return scores
        same, others = find_company(scores, rows)
        return self.own * scores + self.same * same + self.others * others + (np.array(self.bias) if self.bias else 0.0)


def fit_look(
    scores: Scores,
    rows: Sequence[Mapping[str, Any]],
    truth: NDArray[np.intp],
    weights: NDArray[np.float64],
    *,
    biased: bool = True,
) -> SecondLook:
    """Return the look that makes held-out scores (n_statements, n_classes) most likely.

    ``truth`` (n_statements,) holds class numbers, ``weights`` what each statement counts. Without ``biased`` no label is
    favoured: right where the statements are on several topics, each with shares of labels of its own.
    """
    from scipy.optimize import minimize  # it takes a while to import, and only training needs it

    n_classes = scores.shape[1]
    counts = np.bincount(truth, minlength=n_classes)
    if len(truth) < _LEAST or counts.min() == 0:
        return SecondLook()
    parts = (scores, *find_company(scores, rows))

    def loss(values: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        bias = np.append(values[3:], 0.0)
        shares = softmax(sum(value * part for value, part in zip(values, parts, strict=False)) + bias)
        residual = shares.copy()
        residual[np.arange(len(truth)), truth] -= 1.0
        residual *= weights[:, None]
        gradient = [float((residual * part).sum()) for part in parts] + residual.sum(axis=0)[:-1].tolist()
        cost = -float((weights * np.log(shares[np.arange(len(truth)), truth] + 1e-12)).sum())
        return cost / len(truth) + 1e-4 * float(values @ values), np.array(gradient) / len(truth) + 2e-4 * values

    start = np.r_[1.0, np.zeros(n_classes + 1)]
    bounds = [(0.0, None)] * 3 + [(None, None) if biased else (0.0, 0.0)] * (n_classes - 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    own, same, others = (round(float(value), 6) for value in found[:3])
    return SecondLook(own, same, others, tuple(round(float(value), 6) for value in np.append(found[3:], 0.0)))


def find_company(scores: Scores, rows: Sequence[Mapping[str, Any]]) -> tuple[Scores, Scores]:
    """Return for each statement the mean scores of its article on its issue: of the same side, and of the others.

    The same side is the same actor, or the same speaker where no actor is known. Zero where nobody else speaks, and for rows
    without ``article_id``, ``issue`` or speaker.
    """
    centred = scores - scores.mean(axis=1, keepdims=True)
    places: dict[tuple[str, str], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for i, row in enumerate(rows):
        article, issue, speaker = row.get("article_id"), row.get("issue"), row.get("speaker_actor") or row.get("speaker")
        if article and issue and speaker:
            places[str(article), str(issue)][str(speaker)].append(i)
    same, others = np.zeros_like(centred), np.zeros_like(centred)
    for sides in places.values():
        n_all = sum(len(own) for own in sides.values())
        if n_all == 1:
            continue
        sums = {side: centred[own].sum(axis=0) for side, own in sides.items()}
        total = np.sum(list(sums.values()), axis=0)
        for side, own in sides.items():
            if len(own) > 1:
                same[own] = (sums[side] - centred[own]) / (len(own) - 1)
            if n_all > len(own):
                others[own] = (total - sums[side]) / (n_all - len(own))
    return same, others


def softmax(scores: Scores) -> Scores:
    """Return probabilities (n_statements, n_classes) in proportion to the exponentials of the scores."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))
