"""Where a model errs: the statements it labels otherwise than the annotators, the surest first, and what moved it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from stance.evidence import explain_stance
from stance.model import StanceClassifier
from stance.report.pages import show_plainly
from stance.targets import target_label
from stance.training import Annotations

_TOLD = ("article_id", "start", "end", "speaker", "speaker_actor", "issue", "quote_type")
MISTAKE_COLUMNS = (
    *("row", *_TOLD, "target", "context", "sentence"),
    *("annotated", "labelled", "p_annotated", "p_labelled", "reversed"),
)
# What a reader needs of the text before a sentence to see what "it" and "they" are.
_CONTEXT_CHARS = 320
_TOP = 6


@dataclass(frozen=True, slots=True)
class Move:
    """A feature of a statement and how far it moved the model towards its label and away from the annotators' (its push)."""

    kind: str
    words: str
    push: float


@dataclass(frozen=True, slots=True)
class Explained:
    """What moved a statement to a wrong label, and what spoke against it, the strongest first.

    ``alone`` is the label it gets by itself, where what the same side says elsewhere in the article has turned it.
    """

    towards: tuple[Move, ...]
    away: tuple[Move, ...]
    alone: str

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, as for JSON."""
        return asdict(self)


def summarize_mistakes(annotations: Annotations, model: StanceClassifier, probabilities: NDArray[np.float64]) -> pd.DataFrame:
    """Return the statements whose label is not the annotators', the surest first, with ``MISTAKE_COLUMNS``.

    ``row`` is the place among the annotations' rows; ``reversed`` is true where support and oppose are taken for each other.
    """
    labels = [str(label) for label in model.classes_]
    forms = {issue.name: issue.label for issue in model.issues}
    rows = []
    for place, (row, truth) in enumerate(zip(annotations.rows, annotations.labels, strict=True)):
        best = int(probabilities[place].argmax())
        if labels[best] == truth:
            continue
        told = {name: _plain(row.get(name)) for name in _TOLD}
        rows.append(
            {
                "row": place,
                **told,
                "target": _name_target(row, forms),
                "context": _find_context(row),
                "sentence": show_plainly(str(row["sentence"])),
                "annotated": truth,
                "labelled": labels[best],
                "p_annotated": round(float(probabilities[place][labels.index(truth)]) if truth in labels else 0.0, 4),
                "p_labelled": round(float(probabilities[place][best]), 4),
                "reversed": {truth, labels[best]} == {"support", "oppose"},
            }
        )
    found = pd.DataFrame(rows, columns=list(MISTAKE_COLUMNS))
    return found.sort_values(["p_labelled", "row"], ascending=[False, True], kind="stable").reset_index(drop=True)


def explain_mistakes(mistakes: pd.DataFrame, annotations: Annotations, model: StanceClassifier) -> Iterator[Explained]:
    """Give for each mistake the words and signs that moved it."""
    columns = mistakes[["row", "annotated", "labelled"]].itertuples(index=False, name=None)
    for place, truth, label in columns:
        found = explain_stance(annotations.rows[place], model)
        pushes: dict[tuple[str, str], float] = {}
        for one in found.features:
            # A word weighs by itself, with its issue and with its side; a reader wants to know what the word does.
            key = (one.kind.partition(" with ")[0], one.name)
            push = dict(one.push)
            pushes[key] = pushes.get(key, 0.0) + push[label] - push.get(truth, 0.0)
        moves = sorted((Move(kind, words, round(push, 4)) for (kind, words), push in pushes.items()), key=lambda one: -one.push)
        yield Explained(
            towards=tuple(one for one in moves[:_TOP] if one.push > 0),
            away=tuple(one for one in reversed(moves[-_TOP:]) if one.push < 0)[: _TOP // 2],
            alone=found.stance if found.stance != label else "",
        )


def _name_target(row: Mapping[str, Any], forms: Mapping[str, str]) -> str:
    """Return what a row calls its target, or what its issue and parties make of it."""
    issue = _plain(row.get("issue"))
    if (named := _plain(row.get("target"))) or issue not in forms:
        return named or issue
    sender, recipient, location = (_codes(row.get(name)) for name in ("sender", "recipient", "location"))
    return target_label(forms[issue], sender, recipient, location)


def _codes(value: Any) -> tuple[str, ...]:
    found = value.split(";") if isinstance(value, str) else value if isinstance(value, Sequence) else ()
    return tuple(code for one in found if (code := show_plainly(str(one)).strip()))


def _plain(value: Any) -> str:
    return "" if value is None or value != value else show_plainly(str(value))


def _find_context(row: Mapping[str, Any]) -> str:
    """Return the end of the text before a sentence, from a word on.

    >>> _find_context({"start": 24, "context": "ded. The truce holds."})
    '… The truce holds.'
    """
    text = _plain(row.get("context"))
    start = _plain(row.get("start"))
    cut = start.isdecimal() and int(start) > len(str(row.get("context") or ""))
    if not text or (len(text) <= _CONTEXT_CHARS and not cut):
        return text
    kept = text[-_CONTEXT_CHARS:]
    return "… " + (kept.partition(" ")[2] or kept)
