"""Annotations in, a fitted model and its card out."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import clone
from sklearn.model_selection import GroupKFold, KFold

from stance.errors import InputError
from stance.evaluation import Evaluation, evaluate, evaluate_by
from stance.features import prepare
from stance.model import StanceClassifier, as_rows
from stance.records import STANCES
from stance.targets.mentions import load_issues

if TYPE_CHECKING:
    import pandas as pd

# Other names of the three labels in public stance data (SemEval-2016 says favor, against, none).
_SAME_LABELS = {
    "favor": "support",
    "favour": "support",
    "for": "support",
    "pro": "support",
    "agree": "support",
    "against": "oppose",
    "anti": "oppose",
    "con": "oppose",
    "disagree": "oppose",
    "none": "neutral",
    "neither": "neutral",
}
# What makes two rows of one sentence two statements.
_IDENTITY = ("issue", "target", "speaker", "sender", "recipient", "location")
_MIN_ROWS = 10
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Annotations:
    """Rows fit to learn from; ``notes`` counts what was left out or mended, in words."""

    rows: list[Mapping[str, Any]]
    labels: list[str]
    groups: list[str]
    notes: tuple[str, ...]

    @property
    def issues(self) -> list[str]:
        """The issue of each row, or its target where the table has no issues; "" where it has neither."""
        return [str(row.get("issue") or row.get("target") or "") for row in self.rows]


@dataclass(frozen=True, slots=True)
class Training:
    """A fitted model, its card, and its scores in cross-validation grouped by article."""

    model: StanceClassifier
    card: dict[str, Any]
    scores: Evaluation
    by_issue: dict[str, Evaluation]


def read_annotations(table: pd.DataFrame, *, for_training: bool = True) -> Annotations:
    """Check an annotation table and return its rows, labels and groups.

    The table needs ``sentence`` (or ``text``) and ``stance``; ``issue`` or ``target``, ``article_id`` and the codebook's other
    columns are used where they are there. Rows marked ``optional``, rows without text and rows without a stance are left out
    and counted.

    Raises
    ------
    InputError
        If a column is missing, a label is unknown, or too little is left.
    """
    text = next((name for name in ("sentence", "text") if name in table.columns), None)
    if text is None or "stance" not in table.columns:
        missing = "'sentence' (or 'text')" if text is None else "'stance'"
        found = ", ".join(repr(str(column)) for column in table.columns) or "none"
        msg = f"The annotations have no column {missing}; the columns are {found}."
        raise InputError(msg)
    dropped: Counter[str] = Counter()
    rows: list[Mapping[str, Any]] = []
    labels: list[str] = []
    seen: dict[tuple[str, ...], str] = {}
    unknown: Counter[str] = Counter()
    for row in as_rows(table):
        label = str(row.get("stance") or "").strip().lower()
        label = _SAME_LABELS.get(label, label)
        content = row.get(text)
        if str(row.get("optional", "")).lower() == "true":
            dropped["marked optional"] += 1
        elif not isinstance(content, str) or not content.strip():
            dropped["without text"] += 1
        elif not label or label == "nan":
            dropped["without a stance"] += 1
        elif label not in STANCES:
            unknown[label] += 1
        else:
            key = (content, *(str(row.get(name) or "") for name in _IDENTITY))
            if seen.setdefault(key, label) != label:
                dropped["the same statement with another label (first kept)"] += 1
                continue
            rows.append({**row, "sentence": content})
            labels.append(label)
    if unknown:
        names = ", ".join(f"{name!r} ({count})" for name, count in unknown.most_common(5))
        msg = f"Unknown labels in the column 'stance': {names}. Known are {', '.join(STANCES)} (and favor, against, none)."
        raise InputError(msg)
    least = _MIN_ROWS if for_training else 1
    if len(rows) < least:
        msg = f"Only {len(rows)} usable annotated statements; at least {least} are needed."
        raise InputError(msg)
    if for_training and len(set(labels)) < 2:
        msg = f"All {len(rows)} statements are labelled {labels[0]!r}; a model needs at least two labels."
        raise InputError(msg)
    groups = [str(row.get("article_id") or f"row {i}") for i, row in enumerate(rows)]
    return Annotations(rows, labels, groups, tuple(f"{count} {reason}" for reason, count in dropped.items()))


def train(
    annotations: Annotations, *, model: StanceClassifier | None = None, name: str = "model", random_state: int = 0
) -> Training:
    """Cross-validate, then fit a model on all rows.

    The folds keep the statements of an article together, so that no article stands on both sides.
    """
    estimator = model if model is not None else StanceClassifier()
    annotations = replace(annotations, rows=list(prepare(annotations.rows, load_issues(tuple(estimator.added_issues)))))
    predicted = cross_predict(annotations, estimator, random_state=random_state)
    issues = annotations.issues
    scores = evaluate(annotations.labels, predicted, groups=annotations.groups)
    by_issue = evaluate_by(annotations.labels, predicted, issues, groups=annotations.groups)
    fitted = clone(estimator).fit(annotations.rows, annotations.labels, groups=annotations.groups)
    digest = data_hash(annotations)
    n_folds, grouped_by = _grouping(annotations)
    card = {
        "name": f"{name}-{digest[:8]}",
        "what": "stance of a statement towards its target: TF-IDF views and logistic regression",
        "trained_on": {
            "sha256": digest,
            "statements": len(annotations.rows),
            "articles": len(set(annotations.groups)),
            "labels": dict(sorted(Counter(annotations.labels).items())),
            "issues": dict(sorted(Counter(issues).items())),
            "left_out": list(annotations.notes),
        },
        "cross_validation": {
            "folds": n_folds,
            "grouped_by": grouped_by,
            "all": scores.as_dict(),
            "by_issue": {issue: one.as_dict() for issue, one in by_issue.items()},
        },
        "parameters": {key: list(value) if isinstance(value, tuple) else value for key, value in fitted.get_params().items()},
        "temperature": round(fitted.temperature_, 4),
        "versions": {package: version(package) for package in ("scikit-learn", "numpy", "scipy")} | {"stance": _own_version()},
    }
    return Training(fitted, card, scores, by_issue)


def cross_predict(annotations: Annotations, estimator: StanceClassifier, *, random_state: int = 0) -> list[str]:
    """Return a label for every row from a model that has not seen the row's article."""
    labels = np.asarray(annotations.labels)
    predicted = labels.astype(object)
    for train_rows, test_rows in _folds(annotations, random_state):
        known = labels[train_rows].tolist()
        if len(set(known)) < 2:  # the other labels stand in the articles held out
            predicted[test_rows] = known[0]
            continue
        fold = clone(estimator).set_params(calibrate=False)
        fold.fit([annotations.rows[i] for i in train_rows], known)
        predicted[test_rows] = fold.predict([annotations.rows[i] for i in test_rows])
    return [str(label) for label in predicted]


def _grouping(annotations: Annotations) -> tuple[int, str | None]:
    """Return the number of folds and the column they keep together; None where all rows are of one article."""
    n_groups = len(set(annotations.groups))
    return (min(_FOLDS, n_groups), "article_id") if n_groups > 1 else (min(_FOLDS, len(annotations.rows)), None)


def _folds(annotations: Annotations, random_state: int) -> list[tuple[Any, Any]]:
    n_folds, column = _grouping(annotations)
    if column is None:
        return list(KFold(n_folds, shuffle=True, random_state=random_state).split(annotations.rows))
    return list(GroupKFold(n_folds, shuffle=True, random_state=random_state).split(annotations.rows, groups=annotations.groups))


def data_hash(annotations: Annotations) -> str:
    """Return the SHA-256 of the texts, issues and labels learned from, whatever their order."""
    lines = sorted(
        json.dumps([row["sentence"], str(row.get("issue") or row.get("target") or ""), label], ensure_ascii=False)
        for row, label in zip(annotations.rows, annotations.labels, strict=True)
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def file_entry(name: str, data: bytes) -> dict[str, Any]:
    """Return what a card says of its model file: name, size in bytes, SHA-256."""
    return {"name": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def join_context(rows: pd.DataFrame, texts: Mapping[str, str], n_chars: int) -> pd.DataFrame:
    """Return the rows with ``sentence`` and ``context`` read from article texts by ``article_id``, ``start`` and ``end``.

    Raises
    ------
    InputError
        If offsets point outside their article.
    """
    table = rows.copy()
    sentences: list[Any] = []
    contexts: list[str] = []
    name = next((column for column in ("sentence", "text") if column in table.columns), None)
    known: list[Any] = table[name].tolist() if name else [None] * len(table)
    for article_id, start, end, sentence in zip(table["article_id"], table["start"], table["end"], known, strict=True):
        text = texts.get(str(article_id))
        if text is None or start in (None, "") or start != start:
            sentences.append(sentence)
            contexts.append("")
            continue
        try:
            begin, stop = int(float(start)), int(float(end))
        except (TypeError, ValueError) as error:
            msg = f"The offsets {start!r}:{end!r} in article {article_id!r} are no numbers."
            raise InputError(msg) from error
        if not 0 <= begin < stop <= len(text):
            msg = f"The offsets {begin}:{stop} lie outside article {article_id!r}, which has {len(text)} characters."
            raise InputError(msg)
        sentences.append(text[begin:stop])
        contexts.append(text[max(0, begin - n_chars) : begin])
    table["sentence"], table["context"] = sentences, contexts
    return table


def _own_version() -> str:
    try:
        return version("stance")
    except PackageNotFoundError:
        return "unknown"
