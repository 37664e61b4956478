"""Counts what a run has read, found and left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stance.engines.batches import Batch
from stance.engines.work import Found
from stance.records import ABSTAINED

FAILED = "could not be worked through"


@dataclass(slots=True)
class Tally:
    """How many articles were read, rows found, labels withheld, and how many inputs left out for which reason."""

    articles: int = 0
    rows: int = 0
    abstained: int = 0
    skipped: Counter[str] = field(default_factory=Counter)

    def count(self, batch: Batch, found: Found) -> None:
        """Add a batch; an article that failed counts as left out."""
        self.articles += len(batch.articles) - len(found.failures)
        self.rows += len(found.rows)
        self.abstained += sum(ABSTAINED in row.get("flags", ()) for row in found.rows)
        for one in batch.skipped:
            if not one.kept:
                self.skipped[shorten(one.reason)] += one.n_inputs
        if found.failures:
            self.skipped[FAILED] += len(found.failures)

    def add(self, counts: Mapping[str, Any]) -> None:
        """Add what ``as_counts`` told of another tally."""
        self.articles += counts["articles"]
        self.rows += counts["rows"]
        self.abstained += counts["abstained"]
        self.skipped.update(counts["skipped"])

    def as_counts(self) -> dict[str, Any]:
        """Return the counts as plain values."""
        return {"articles": self.articles, "rows": self.rows, "abstained": self.abstained, "skipped": dict(self.skipped)}


def shorten(reason: str) -> str:
    """Return the kind of reason, without what is particular to one input.

    >>> shorten("broken JSON: Expecting value at character 7")
    'broken JSON'
    """
    return re.split(r"[:;(]| as ", reason)[0].strip()
