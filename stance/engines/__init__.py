"""Runs a stage over many articles: in this process, in several, in parts that can be resumed, on a cluster."""

from __future__ import annotations

from stance.engines.batches import Batch, read_batches
from stance.engines.local import work_through
from stance.engines.tally import Tally
from stance.engines.work import Attributing, Failure, Found, Labelling, Work, collect_seldom

__all__ = [
    "Attributing",
    "Batch",
    "Failure",
    "Found",
    "Labelling",
    "Tally",
    "Work",
    "collect_seldom",
    "read_batches",
    "work_through",
]
