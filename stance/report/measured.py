"""What a model was measured on: which annotations, how many, of what, and how far their coders agree."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

import pandas as pd

from stance.training import Annotations, data_hash
from stance.training.settling import is_annotation_table, settle

# What makes two rows the same statement where the table has no ids.
_IDENTITY = ("article_id", "start", "end", "sentence", "text", "issue", "target", "speaker")


@dataclass(frozen=True, slots=True)
class Measured:
    """The annotations a model was measured on.

    ``by`` counts their statements by label, issue, split and annotator, as far as the table tells. ``agreeing`` of ``pairs``
    labels that two annotators gave the same statement are the same. ``dates`` are the first and the last, "" where none is told.
    """

    sha256: str
    statements: int
    articles: int
    by: dict[str, dict[str, int]]
    dates: tuple[str, str]
    agreeing: int
    pairs: int
    left_out: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the counts as plain values for JSON."""
        return asdict(self)


def describe_annotations(known: Annotations, coded: pd.DataFrame) -> Measured:
    """Return what the annotations that were scored on are; ``coded`` is the table of what each annotator said."""
    unsettled = settle(coded).notes if is_annotation_table(list(coded.columns)) else ()
    columns = {name: [_text(row.get(name)) for row in known.rows] for name in ("split", "annotator", "published")}
    dates = sorted(date[:10] for date in columns["published"] if date)
    by = {"label": known.labels, "issue": known.issues, "split": columns["split"], "annotator": columns["annotator"]}
    agreeing, pairs = count_agreement(coded)
    return Measured(
        sha256=data_hash(known),
        statements=len(known.rows),
        articles=len(set(known.groups)),
        by={
            name: dict(Counter(value or "(not told)" for value in found).most_common())
            for name, found in by.items()
            if any(found)
        },
        dates=(dates[0], dates[-1]) if dates else ("", ""),
        agreeing=agreeing,
        pairs=pairs,
        left_out=(*unsettled, *known.notes),
    )


def count_agreement(table: pd.DataFrame) -> tuple[int, int]:
    """Return how many pairs of annotators gave the same statement the same label, and how many pairs there are."""
    if "annotator" not in table.columns or "stance" not in table.columns:
        return 0, 0
    keys = ["statement_id"] if "statement_id" in table.columns else [name for name in _IDENTITY if name in table.columns]
    if "adjudicated" in table.columns:  # whoever adjudicates has seen the others' labels
        table = table[~table["adjudicated"].map(lambda value: str(value).lower() in ("true", "1", "1.0"))]
    told = table[[*keys, "annotator", "stance"]].map(_text)
    told = told[(told["stance"] != "") & (told["annotator"] != "")].drop_duplicates([*keys, "annotator"], keep="last")
    agreeing = pairs = 0
    for labels in told[told.duplicated(keys, keep=False)].groupby(keys, sort=False)["stance"].agg(list):
        same = [one == other for one, other in combinations(labels, 2)]
        agreeing, pairs = agreeing + sum(same), pairs + len(same)
    return agreeing, pairs


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value).strip()
