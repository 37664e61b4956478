"""A given model and annotations in, a report out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from stance.evaluation import Report, Rival, find_units, summarize
from stance.evaluation.baselines import VADER_MISSING, label_by_issue, label_by_majority, label_by_sentiment, label_by_words
from stance.evaluation.familiarity import find_target_key, mark_seen
from stance.evaluation.folds import find_folds
from stance.model import StanceClassifier
from stance.training.annotations import Annotations, find_homeless

_LEAST_FOR_WORDS = 50


@threadpool_limits.wrap(limits=1)  # type: ignore[untyped-decorator]
def assess(
    annotations: Annotations,
    model: StanceClassifier,
    *,
    card: Mapping[str, Any] | None = None,
    against: tuple[str, StanceClassifier] | None = None,
    probabilities: NDArray[np.float64] | None = None,
) -> Report:
    """Return the report on a fitted model.

    The ``card`` tells what targets the model has learned from; without it seen and unseen ones are not told apart. ``against`` is
    another model, by its name, to be compared with on the same rows. ``probabilities`` (n_statements, n_classes) are those of the
    model, where they are known already.
    """
    units = find_units(annotations.sentences, annotations.groups)
    known = (card or {}).get("trained_on", {}).get("targets")
    marks = None if known is None else mark_seen([find_target_key(row) for row in annotations.rows], frozenset(known))
    notes = [note for note in (find_homeless(annotations),) if note]
    if marks is None:
        lacking = (
            "the model has no card beside it" if card is None else "the model's card, of an earlier version, lists no targets"
        )
        notes.append(f"{lacking}: scores on targets seen and unseen in training are left out")
    rivals = [] if against is None else [Rival(against[0], [str(label) for label in against[1].predict(annotations.rows)])]
    return summarize(
        annotations.labels,
        model.predict_proba(annotations.rows) if probabilities is None else probabilities,
        [str(label) for label in model.classes_],
        units,
        parts=find_parts(annotations, marks),
        rivals=[*rivals, *_find_rivals(annotations, units.names)],
        notes=notes,
    )


def find_parts(annotations: Annotations, marks: list[str] | None) -> dict[str, list[str]]:
    """Return by what the rows can be divided: issue, quote type where the table has them, target seen in training or not."""
    quote_types = [str(row.get("quote_type") or "") for row in annotations.rows]
    return {
        "issue": annotations.issues,
        **({"quote_type": quote_types} if any(quote_types) else {}),
        **({"target": marks} if marks is not None else {}),
    }


def ask_sentiment(sentences: Sequence[str]) -> Rival:
    """Return what the sentiment of the sentences says, where VADER is installed."""
    found = label_by_sentiment(sentences)
    return Rival("VADER (sentiment)", found, VADER_MISSING if found is None else "")


def _find_rivals(annotations: Annotations, units: Sequence[str]) -> list[Rival]:
    gold, sentences = annotations.labels, annotations.sentences
    everything = np.arange(len(gold))
    same = [(everything, everything)]
    enough = len(gold) >= _LEAST_FOR_WORDS and len(set(gold)) > 1 and len(set(units)) > 1
    plain = (
        Rival(
            "plain TF-IDF, single words",
            label_by_words(sentences, gold, find_folds(units)),
            "trained on these rows themselves, cross-validated: an easier task than the model's, "
            f"though learned from about {len(gold) * 4 // 5} rows",
        )
        if enough
        else Rival(
            "plain TF-IDF, single words", None, f"left out: it needs {_LEAST_FOR_WORDS} statements, two labels, two articles"
        )
    )
    return [
        Rival("majority", label_by_majority(gold, same)),
        Rival("majority of the issue", label_by_issue(gold, annotations.issues, same)),
        plain,
        ask_sentiment(sentences),
    ]
