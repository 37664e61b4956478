"""Reads annotated tables into rows fit to learn from and to score on, and says what was left out."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stance.errors import InputError
from stance.model.rows import as_rows
from stance.records import STANCES

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
_CONTRADICTION = "the same statement with another label (first kept)"
_MIN_ROWS = 10
_SHOWN = 3
_SHOWN_CHARS = 60


@dataclass(frozen=True, slots=True)
class Annotations:
    """Rows fit to learn from; ``notes`` counts what was left out or mended, in words, with the rows it was found in."""

    rows: list[Mapping[str, Any]]
    labels: list[str]
    groups: list[str]
    notes: tuple[str, ...]

    @property
    def issues(self) -> list[str]:
        """The issue of each row, or its target where the table has no issues; "" where it has neither."""
        return [str(row.get("issue") or row.get("target") or "") for row in self.rows]

    @property
    def sentences(self) -> list[str]:
        """The sentence of each row."""
        return [str(row["sentence"]) for row in self.rows]


@dataclass(slots=True)
class _Sieve:
    """What is kept of a table, and what falls through and why; rows are counted from 1, as they stand in the table."""

    rows: list[Mapping[str, Any]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    dropped: dict[str, list[str]] = field(default_factory=dict)
    unknown: Counter[str] = field(default_factory=Counter)
    first: dict[tuple[str, ...], tuple[str, int]] = field(default_factory=dict)

    def drop(self, reason: str, what: str) -> None:
        self.dropped.setdefault(reason, []).append(what)

    def add(self, number: int, row: Mapping[str, Any], text: str) -> None:
        label = str(row.get("stance") or "").strip().lower()
        label = _SAME_LABELS.get(label, label)
        content = row.get(text)
        if str(row.get("optional", "")).lower() == "true":
            self.drop("marked optional", f"row {number}")
        elif not isinstance(content, str) or not content.strip():
            self.drop("without text", f"row {number}")
        elif not label or label == "nan":
            self.drop("without a stance", f"row {number}")
        elif label not in STANCES:
            self.unknown[label] += 1
        else:
            key = (content, *(str(row.get(name) or "") for name in _IDENTITY))
            known, where = self.first.setdefault(key, (label, number))
            if known != label:
                self.drop(_CONTRADICTION, f"row {number} {label}, row {where} {known} ({_shorten(content)!r})")
                return
            self.rows.append({**row, "sentence": content})
            self.labels.append(label)

    def notes(self) -> tuple[str, ...]:
        return tuple(
            f"{len(found)} {reason}: {'; '.join(found[:_SHOWN])}{'; …' if len(found) > _SHOWN else ''}"
            for reason, found in self.dropped.items()
        )


def read_annotations(table: pd.DataFrame, *, for_training: bool = True) -> Annotations:
    """Check an annotation table and return its rows, labels and groups.

    The table needs ``sentence`` (or ``text``) and ``stance``; ``issue`` or ``target``, ``article_id`` and the codebook's other
    columns are used where they are there. Rows marked ``optional``, rows without text and rows without a stance are left out
    and counted; rows without ``article_id`` count as an article each.

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
    sieve = _Sieve()
    for number, row in enumerate(as_rows(table), start=1):
        sieve.add(number, row, text)
    if sieve.unknown:
        names = ", ".join(f"{name!r} ({count})" for name, count in sieve.unknown.most_common(5))
        msg = f"Unknown labels in the column 'stance': {names}. Known are {', '.join(STANCES)} (and favor, against, none)."
        raise InputError(msg)
    rows, labels = sieve.rows, sieve.labels
    least = _MIN_ROWS if for_training else 1
    if len(rows) < least:
        left_out = f" Left out: {', '.join(sieve.notes())}." if sieve.dropped else ""
        msg = f"Only {len(rows)} usable annotated statements; at least {least} are needed.{left_out}"
        raise InputError(msg)
    if for_training and len(set(labels)) < 2:
        msg = f"All {len(rows)} statements are labelled {labels[0]!r}; a model needs at least two labels."
        raise InputError(msg)
    groups = [str(row.get("article_id") or f"row {i}") for i, row in enumerate(rows)]
    return Annotations(rows, labels, groups, sieve.notes())


def find_homeless(annotations: Annotations) -> str | None:
    """Return in words how many rows name no article; None where all do."""
    homeless = sum(not row.get("article_id") for row in annotations.rows)
    if not homeless:
        return None
    n_rows = len(annotations.rows)
    return f"{homeless} of {n_rows} statements have no article_id and count as an article each; the figures may flatter"


def _shorten(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHOWN_CHARS else flat[: _SHOWN_CHARS - 1] + "…"


def data_hash(annotations: Annotations) -> str:
    """Return the SHA-256 of the texts, issues and labels learned from, whatever their order."""
    lines = sorted(
        json.dumps([row["sentence"], str(row.get("issue") or row.get("target") or ""), label], ensure_ascii=False)
        for row, label in zip(annotations.rows, annotations.labels, strict=True)
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


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
