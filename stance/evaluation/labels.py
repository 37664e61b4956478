"""Scores of a stance model against annotations, with intervals and the majority baseline beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.errors import InputError

ROUNDS = 1000


@dataclass(frozen=True, slots=True)
class Score:
    """A figure with its 95 % interval; ``low`` and ``high`` come from resampling articles."""

    value: float
    low: float
    high: float


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
    n_articles: int
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

    Intervals resample whole articles (``groups``), because statements of one article are alike (Field and Welsh, 2007).
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
    labels = tuple(sorted(set(gold) | set(predicted), key=lambda label: (_ORDER.get(label, 9), label)))
    majority = Counter(gold).most_common(1)[0][0]
    names = list(groups) if groups is not None else [str(i) for i in range(len(gold))]
    tables = _tables(gold, predicted, names, labels)
    baseline = _tables(gold, [majority] * len(gold), names, labels)
    draws = np.random.default_rng(random_state).integers(0, len(tables), (rounds, len(tables)))
    counts = np.stack([np.bincount(draw, minlength=len(tables)) for draw in draws])
    total, sampled = tables.sum(axis=0), np.tensordot(counts, tables, axes=1)
    base_total, base_sampled = baseline.sum(axis=0), np.tensordot(counts, baseline, axes=1)
    present = total.sum(axis=1) > 0
    precision, recall, f1 = _class_figures(total)
    drawn = _class_figures(sampled)
    classes = tuple(
        ClassScore(
            label,
            _score(precision[i], drawn[0][:, i]),
            _score(recall[i], drawn[1][:, i]),
            _score(f1[i], drawn[2][:, i]),
            int(total[i].sum()),
        )
        for i, label in enumerate(labels)
        if present[i]
    )
    return Evaluation(
        n_statements=len(gold),
        n_articles=len(tables),
        labels=labels,
        accuracy=_score(_accuracy(total), _accuracy(sampled)),
        macro_f1=_score(f1[present].mean(), drawn[2][:, present].mean(axis=1)),
        majority_label=majority,
        majority_accuracy=_score(_accuracy(base_total), _accuracy(base_sampled)),
        majority_macro_f1=_score(
            _class_figures(base_total)[2][present].mean(), _class_figures(base_sampled)[2][:, present].mean(axis=1)
        ),
        reversed_share=_score(_reversed(total, labels), _reversed(sampled, labels)),
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


_ORDER = {"support": 0, "oppose": 1, "neutral": 2}


def _tables(gold: Sequence[str], predicted: Sequence[str], groups: Sequence[str], labels: tuple[str, ...]) -> NDArray[np.int64]:
    """Return one confusion table for each group, (n_groups, n_labels, n_labels)."""
    place = {label: i for i, label in enumerate(labels)}
    order = {group: i for i, group in enumerate(dict.fromkeys(groups))}
    tables = np.zeros((len(order), len(labels), len(labels)), dtype=np.int64)
    for truth, guess, group in zip(gold, predicted, groups, strict=True):
        tables[order[group], place[truth], place[guess]] += 1
    return tables


def _class_figures(tables: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return precision, recall and F1 (…, n_labels) of confusion tables (…, n_labels, n_labels); 0 where undefined."""
    hits = np.diagonal(tables, axis1=-2, axis2=-1).astype(float)
    truth, guessed = tables.sum(axis=-1), tables.sum(axis=-2)
    return hits / np.maximum(guessed, 1), hits / np.maximum(truth, 1), 2 * hits / np.maximum(truth + guessed, 1)


def _accuracy(tables: NDArray[Any]) -> NDArray[np.float64]:
    hits = np.diagonal(tables, axis1=-2, axis2=-1).sum(axis=-1)
    return np.asarray(hits / np.maximum(tables.sum(axis=(-2, -1)), 1), dtype=np.float64)


def _reversed(tables: NDArray[Any], labels: tuple[str, ...]) -> NDArray[np.float64]:
    if "support" not in labels or "oppose" not in labels:
        return np.zeros(tables.shape[:-2])
    i, j = labels.index("support"), labels.index("oppose")
    return np.asarray((tables[..., i, j] + tables[..., j, i]) / np.maximum(tables.sum(axis=(-2, -1)), 1), dtype=np.float64)


def _score(value: Any, drawn: NDArray[Any]) -> Score:
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Score(round(float(value), 4), round(float(low), 4), round(float(high), 4))


def format_evaluation(whole: Evaluation, parts: dict[str, Evaluation] | None = None) -> str:
    """Return the figures as text for a terminal."""
    lines = [
        f"{whole.n_statements} statements in {whole.n_articles} articles; 95 % intervals from resampling articles",
        "",
        f"{'':22}{'model':>26}{'majority (' + whole.majority_label + ')':>32}",
        f"{'macro-F1':22}{_format(whole.macro_f1):>26}{_format(whole.majority_macro_f1):>32}",
        f"{'accuracy':22}{_format(whole.accuracy):>26}{_format(whole.majority_accuracy):>32}",
    ]
    if "support" in whole.labels and "oppose" in whole.labels:
        lines.append(f"{'support <-> oppose':22}{_format(whole.reversed_share):>26}")
    lines += ["", f"{'':12}{'precision':>22}{'recall':>22}{'F1':>22}{'n':>7}"]
    lines += [
        f"{one.label:12}{_format(one.precision):>22}{_format(one.recall):>22}{_format(one.f1):>22}{one.n:>7}"
        for one in whole.classes
    ]
    lines += ["", "gold \\ predicted" + "".join(f"{label:>10}" for label in whole.labels)]
    lines += [
        f"{label:16}" + "".join(f"{n:>10}" for n in row)
        for label, row in zip(whole.labels, whole.confusion, strict=True)
        if any(row)
    ]
    if parts and len(parts) > 1:
        lines += ["", f"{'by issue':22}{'macro-F1':>26}{'accuracy':>26}{'majority F1':>14}{'n':>7}"]
        lines += [
            f"{(name or '(none)')[:21]:22}{_format(one.macro_f1):>26}{_format(one.accuracy):>26}"
            f"{one.majority_macro_f1.value:>14.3f}{one.n_statements:>7}"
            for name, one in parts.items()
        ]
    return "\n".join(lines)


def _format(score: Score) -> str:
    return f"{score.value:.3f} [{score.low:.3f}, {score.high:.3f}]"
