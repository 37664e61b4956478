"""Whether probabilities mean what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Statements of about the same confidence: how sure the model was on average, and how often it was right."""

    n: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far confidence and accuracy lie apart (0 is best); ``brier`` runs from 0 to 2.

    ``by_chance`` is the expected error that perfect probabilities would show with as many statements.
    """

    expected_error: float
    by_chance: float
    brier: float
    bins: tuple[Bin, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain values for JSON."""
        return asdict(self)


def measure_calibration(
    gold: Sequence[str], probabilities: NDArray[np.float64], labels: Sequence[str], *, n_bins: int = BINS
) -> Calibration:
    """Return expected calibration error, Brier score and reliability table of probabilities (n_statements, n_labels).

    The error is that of the most probable label (Guo et al., 2017) in bins of equal mass (Nixon et al., 2019): the
    distance between mean confidence and accuracy of each bin, weighed by its statements. Equal confidences share a bin.
    By chance alone a bin of ``n`` statements is off by about ``sqrt(2 / pi)`` standard deviations of its mean (the mean of a
    folded normal), so that a few hundred statements never show an error of 0.
    The Brier score sums squared differences over the labels: 0 for a sure hit, 2 for a sure miss.

    References
    ----------
    Guo, Pleiss, Sun and Weinberger (2017), "On Calibration of Modern Neural Networks", ICML.
    Nixon et al. (2019), "Measuring Calibration in Deep Learning", CVPR workshops.

    Examples
    --------
    >>> measure_calibration(["support", "oppose"], np.array([[0.75, 0.25], [0.75, 0.25]]), ("support", "oppose"))
    Calibration(expected_error=0.25, by_chance=0.2443, brier=0.625, bins=(Bin(n=2, confidence=0.75, accuracy=0.5),))
    """
    truth = np.array([[label == name for name in labels] for label in gold], dtype=float)
    # A gold label that the model does not know is a miss with the whole weight of 1.
    unknown = 1 - truth.sum(axis=1)
    brier = float((((probabilities - truth) ** 2).sum(axis=1) + unknown).mean())
    confidence = probabilities.max(axis=1)
    right = truth[np.arange(len(truth)), probabilities.argmax(axis=1)]
    bins = []
    error = by_chance = 0.0
    for members in _equal_mass(confidence, n_bins):
        sure, hit = float(confidence[members].mean()), float(right[members].mean())
        bins.append(Bin(len(members), round(sure, 4), round(hit, 4)))
        error += abs(sure - hit) * len(members) / len(confidence)
        by_chance += float(np.sqrt(2 / np.pi * (confidence[members] * (1 - confidence[members])).sum())) / len(confidence)
    return Calibration(round(error, 4), round(by_chance, 4), round(brier, 4), tuple(bins))


def _equal_mass(confidence: NDArray[np.float64], n_bins: int) -> list[NDArray[np.intp]]:
    """Return the places of the statements of each bin, the least confident first; ties stay together."""
    ordered = np.sort(confidence)
    first = ordered[[len(ordered) * i // n_bins for i in range(1, n_bins)]]
    place = np.searchsorted(np.unique(first), confidence, side="right")
    return [np.flatnonzero(place == i) for i in np.unique(place)]
