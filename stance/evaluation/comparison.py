"""Whether one set of labels is better than another on the same statements, beyond the luck of the draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from stance.errors import InputError
from stance.evaluation.resampling import (
    ROUNDS,
    Score,
    draw_groups,
    find_accuracy,
    find_macro_f1,
    make_score,
    order_labels,
    resample,
    tables_by_group,
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """How far one set of labels leads another; both are scored on the same draws, so that what is hard for both cancels out."""

    macro_f1: Score
    accuracy: Score

    @property
    def verdict(self) -> str:
        """Say "better", "worse", or "not told apart" where the interval of the macro-F1 difference holds 0."""
        if self.macro_f1.low > 0:
            return "better"
        return "worse" if self.macro_f1.high < 0 else "not told apart"

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain values for JSON."""
        return {**asdict(self), "verdict": self.verdict}


def compare(
    gold: Sequence[str],
    predicted: Sequence[str],
    other: Sequence[str],
    *,
    groups: Sequence[str] | None = None,
    random_state: int = 0,
    rounds: int = ROUNDS,
) -> Comparison:
    """Return how far ``predicted`` leads ``other`` on the gold labels (n_statements,): a paired bootstrap over ``groups``.

    References
    ----------
    Berg-Kirkpatrick, Burkett and Klein (2012), "An Empirical Investigation of Statistical Significance in NLP", EMNLP.

    Examples
    --------
    >>> compare(["support", "oppose"] * 2, ["support", "oppose"] * 2, ["support"] * 4, groups=list("aabb")).accuracy
    Score(value=0.5, low=0.5, high=0.5)

    Raises
    ------
    InputError
        If the lengths differ, or there is nothing to compare.
    """
    if not len(gold) == len(predicted) == len(other) > 0:
        msg = f"{len(gold)} gold labels, {len(predicted)} and {len(other)} predicted ones: nothing that could be compared."
        raise InputError(msg)
    names = list(groups) if groups is not None else [str(i) for i in range(len(gold))]
    labels = order_labels([*gold, *predicted, *other])
    ours, theirs = (tables_by_group(gold, one, names, labels) for one in (predicted, other))
    draws = draw_groups(len(ours), rounds, random_state)
    present = ours.sum(axis=(0, 2)) > 0
    totals, sampled = (ours.sum(axis=0), theirs.sum(axis=0)), (resample(ours, draws), resample(theirs, draws))
    return Comparison(
        make_score(
            find_macro_f1(totals[0], present) - find_macro_f1(totals[1], present),
            find_macro_f1(sampled[0], present) - find_macro_f1(sampled[1], present),
        ),
        make_score(find_accuracy(totals[0]) - find_accuracy(totals[1]), find_accuracy(sampled[0]) - find_accuracy(sampled[1])),
    )
