"""Annotations in, a fitted model and its card out."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from sklearn.base import clone
from threadpoolctl import threadpool_limits

from stance.evaluation import Report, Rival, find_units, summarize
from stance.evaluation.baselines import label_by_issue, label_by_majority, label_by_words
from stance.evaluation.curve import fit_curve
from stance.evaluation.familiarity import find_target_key, mark_seen
from stance.evaluation.folds import Fold, find_folds
from stance.features import prepare
from stance.model import StanceClassifier
from stance.records import STANCES
from stance.training.annotations import Annotations, data_hash, find_homeless
from stance.training.assessment import ask_sentiment, find_parts
from stance.training.counts import TokenCounts, open_counts
from stance.training.holding_out import cross_predict, find_held_out


@dataclass(frozen=True, slots=True)
class Training:
    """A fitted model, its card, and its scores on statements of articles that it was not fitted on."""

    model: StanceClassifier
    card: dict[str, Any]
    report: Report


# Several threads on vectors as short as these wait for each other: a fit takes half the time on one (2026-11).
@threadpool_limits.wrap(limits=1)  # type: ignore[untyped-decorator]
def train(
    annotations: Annotations,
    *,
    model: StanceClassifier | None = None,
    name: str = "model",
    counts: TokenCounts | None = None,
    weights: Sequence[float] | None = None,
    curve: bool = True,
    random_state: int = 0,
) -> Training:
    """Cross-validate, then fit a model on all rows.

    Folds and calibration keep the statements of an article together, and articles that share near-duplicate sentences. With
    ``curve`` smaller models are fitted too, to say what more annotations would bring; that takes about half as long again.
    ``counts`` are learned from in every fold, and never scored on. ``weights`` (n_statements,) say how much each statement
    counts when it is learned from; a counted one counts once.
    """
    estimator = model if model is not None else StanceClassifier(random_state=random_state)
    annotations = replace(annotations, rows=list(prepare(annotations.rows, estimator.issues)))
    units = find_units(annotations.sentences, annotations.groups)
    more_rows, more_labels = open_counts(counts) if counts is not None else ([], [])
    groups = [*units.names, *(row["article_id"] for row in more_rows)]
    weight = [*(weights if weights is not None else [1.0] * len(annotations.rows)), *(1.0 for _ in more_rows)]
    fitted = clone(estimator).fit(
        [*annotations.rows, *more_rows], [*annotations.labels, *more_labels], groups=groups, sample_weight=weight
    )
    folds = find_held_out(fitted, len(units.names)) or find_folds(units.names, random_state=random_state)
    held_out = cross_predict(
        annotations,
        fitted,
        folds,
        units.names,
        more=(more_rows, more_labels),
        weights=weight,
        curve=curve,
        random_state=random_state,
    )
    keys = [find_target_key(row) for row in annotations.rows]
    homeless = find_homeless(annotations)
    report = summarize(
        annotations.labels,
        held_out.probabilities,
        STANCES,
        units,
        parts=find_parts(annotations, _mark_seen_by_fold(keys, folds)),
        rivals=_find_rivals(annotations, folds),
        curve=fit_curve(annotations.labels, held_out.by_size, groups=units.names) if held_out.by_size else None,
        notes=[homeless] if homeless else [],
    )
    digest = data_hash(annotations)
    described = _describe_counts(counts) if counts is not None else {}
    card = {
        "name": f"{name}-{digest[:8]}" + (f"-{described['sha256'][:4]}" if described else ""),
        "what": "stance of a statement towards its target: TF-IDF views and logistic regression",
        "trained_on": {
            "sha256": digest,
            "statements": len(annotations.rows),
            "articles": units.n_articles,
            "labels": dict(sorted(Counter(annotations.labels).items())),
            "issues": dict(sorted(Counter(annotations.issues).items())),
            "left_out": list(annotations.notes),
            "targets": sorted({key for key in keys if key is not None}),
            **({"counts": described} if described else {}),
        },
        "cross_validation": {
            "folds": len(folds),
            "grouped_by": ["article_id", "near-duplicate sentences"] if units.by_article else ["near-duplicate sentences"],
            **report.as_dict(),
        },
        "parameters": {key: list(value) if isinstance(value, tuple) else value for key, value in fitted.get_params().items()},
        "second_look": {reading: asdict(look) for reading, look in fitted.looks_.items()},
        "versions": {package: version(package) for package in ("scikit-learn", "numpy", "scipy")} | {"stance": _own_version()},
    }
    return Training(fitted, card, report)


def _describe_counts(counts: TokenCounts) -> dict[str, Any]:
    digest = hashlib.sha256(repr((counts.tokens, counts.statements)).encode())
    digest.update(counts.matrix.data.tobytes() + counts.matrix.indices.tobytes() + counts.matrix.indptr.tobytes())
    return {
        "sha256": digest.hexdigest(),
        "statements": len(counts.statements),
        "articles": len({one["article"] for one in counts.statements}),
        "tokens": len(counts.tokens),
        "labels": dict(sorted(Counter(one["stance"] for one in counts.statements).items())),
    }


def _mark_seen_by_fold(keys: list[str | None], folds: list[Fold]) -> list[str]:
    """Return for each statement whether its target is among those of the rows its fold was fitted on."""
    marks = [""] * len(keys)
    for known, held in folds:
        learned = {keys[i] for i in known} - {None}
        for i, mark in zip(held, mark_seen([keys[i] for i in held], learned), strict=True):
            marks[i] = mark
    return marks


def _find_rivals(annotations: Annotations, folds: list[Fold]) -> list[Rival]:
    gold, sentences = annotations.labels, annotations.sentences
    return [
        Rival("majority", label_by_majority(gold, folds)),
        Rival("majority of the issue", label_by_issue(gold, annotations.issues, folds)),
        Rival("plain TF-IDF, single words", label_by_words(sentences, gold, folds)),
        ask_sentiment(sentences),
    ]


def file_entry(name: str, data: bytes) -> dict[str, Any]:
    """Return what a card says of its model file: name, size in bytes, SHA-256."""
    return {"name": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def _own_version() -> str:
    try:
        return version("stance")
    except PackageNotFoundError:
        return "unknown"
