"""Says how far an annotator has come, how fast, and how often they agree with the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import median

from stance.records import Decision
from stance.review.queue import Selection

# A longer gap between two decisions is a break, not work.
_BREAK_SECONDS = 300.0
_GAPS = 30
_LEAST_GAPS = 3


@dataclass(frozen=True, slots=True)
class Progress:
    """Decided statements of all shown; statements a minute and minutes left, None while too few are decided to tell.

    ``agreement`` is the share of ``n_compared`` statements to which the annotator gave the model's stance, None where there are
    none: only those count that are statements to the annotator and have a label of the model.
    """

    decided: int
    total: int
    per_minute: float | None
    minutes_left: float | None
    agreement: float | None
    n_compared: int

    @property
    def left(self) -> int:
        """How many statements are undecided."""
        return self.total - self.decided


def measure(selection: Selection, decisions: Sequence[Decision]) -> Progress:
    """Return the progress of one annotator, whose decisions come oldest first, through a selection."""
    own = [one for one in decisions if one.statement_id in selection.places]
    labels = [(one.stance, selection.items[selection.places[one.statement_id]].stance) for one in own]
    compared = [given == label for given, label in labels if given and label]
    pace = _pace([datetime.fromisoformat(one.decided_at) for one in decisions[-_GAPS - 1 :]])
    left = len(selection.items) - len(own)
    return Progress(
        decided=len(own),
        total=len(selection.items),
        per_minute=pace,
        minutes_left=left / pace if pace else None,
        agreement=sum(compared) / len(compared) if compared else None,
        n_compared=len(compared),
    )


def _pace(times: Sequence[datetime]) -> float | None:
    """Return decisions a minute from the median of the latest gaps between them, breaks apart."""
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(sorted(times))]
    worked = [gap for gap in gaps if 0 < gap <= _BREAK_SECONDS]
    return 60 / median(worked) if len(worked) >= _LEAST_GAPS else None
