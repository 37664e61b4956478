"""Scores of a stance model against annotations, with intervals and the majority baseline beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from stance.errors import InputError
from stance.evaluation.resampling import (
    ROUNDS,
    Score,
    draw_groups,
    find_accuracy,
    find_class_figures,
    find_macro_f1,
    find_reversed,
    make_score,
    order_labels,
    resample,
    tables_by_group,
)


@dataclass(frozen=True, slots=True)
class ClassScore:
    """Precision, recall and F1 of one label, and how many statements bear it in truth."""

    label: str
    precision: Score
    recall: Score
    f1: Score
    n: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a model scores on annotated statements; ``confusion[i][j]`` counts gold label i predicted as label j."""

    n_statements: int
    n_groups: int
    labels: tuple[str, ...]
    accuracy: Score
    macro_f1: Score
    majority_label: str
    majority_accuracy: Score
    majority_macro_f1: Score
    reversed_share: Score
    classes: tuple[ClassScore, ...]
    confusion: tuple[tuple[int, ...], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain values for JSON."""
        return asdict(self)


def evaluate(
    gold: Sequence[str],
    predicted: Sequence[str],
    *,
    groups: Sequence[str] | None = None,
    random_state: int = 0,
    rounds: int = ROUNDS,
) -> Evaluation:
    """Compare labels (n_statements,) with gold ones.

    Intervals resample whole ``groups``, articles as a rule, because statements of one article are alike (Field and Welsh, 2007).
    ``reversed_share`` is the share of statements where support and oppose are taken for each other.

    Raises
    ------
    InputError
        If there is nothing to score, or the lengths differ.
    """
    if len(gold) == 0:
        msg = "There are no annotated statements to score the model on."
        raise InputError(msg)
    if len(gold) != len(predicted):
        msg = f"{len(gold)} gold labels but {len(predicted)} predicted ones."
        raise InputError(msg)
    labels = order_labels([*gold, *predicted])
    majority = Counter(gold).most_common(1)[0][0]
    names = list(groups) if groups is not None else [str(i) for i in range(len(gold))]
    tables = tables_by_group(gold, predicted, names, labels)
    baseline = tables_by_group(gold, [majority] * len(gold), names, labels)
    draws = draw_groups(len(tables), rounds, random_state)
    total, sampled = tables.sum(axis=0), resample(tables, draws)
    base_total, base_sampled = baseline.sum(axis=0), resample(baseline, draws)
    present = total.sum(axis=1) > 0
    precision, recall, f1 = find_class_figures(total)
    drawn = find_class_figures(sampled)
    classes = tuple(
        ClassScore(
            label,
            make_score(precision[i], drawn[0][:, i]),
            make_score(recall[i], drawn[1][:, i]),
            make_score(f1[i], drawn[2][:, i]),
            int(total[i].sum()),
        )
        for i, label in enumerate(labels)
        if present[i]
    )
    return Evaluation(
        n_statements=len(gold),
        n_groups=len(tables),
        labels=labels,
        accuracy=make_score(find_accuracy(total), find_accuracy(sampled)),
        macro_f1=make_score(find_macro_f1(total, present), find_macro_f1(sampled, present)),
        majority_label=majority,
        majority_accuracy=make_score(find_accuracy(base_total), find_accuracy(base_sampled)),
        majority_macro_f1=make_score(find_macro_f1(base_total, present), find_macro_f1(base_sampled, present)),
        reversed_share=make_score(find_reversed(total, labels), find_reversed(sampled, labels)),
        classes=classes,
        confusion=tuple(tuple(int(n) for n in row) for row in total),
    )


def evaluate_by(
    gold: Sequence[str],
    predicted: Sequence[str],
    parts: Sequence[str],
    *,
    groups: Sequence[str] | None = None,
    rounds: int = ROUNDS,
) -> dict[str, Evaluation]:
    """Return one evaluation for each value of ``parts`` (an issue, a quote type), in alphabetical order."""
    found = {}
    for part in sorted(set(parts)):
        rows = [i for i, value in enumerate(parts) if value == part]
        found[part] = evaluate(
            [gold[i] for i in rows],
            [predicted[i] for i in rows],
            groups=[groups[i] for i in rows] if groups is not None else None,
            rounds=rounds,
        )
    return found
