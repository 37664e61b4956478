"""Compares an old and a new model on statements that neither has learned from, and decides whether the new one may take over."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from stance.errors import GateError
from stance.evaluation import compare, evaluate
from stance.evaluation.resampling import Score

# The two yardsticks: the user's held-out statements, and the test articles of the base.
YOURS, BASE = "yours", "base"
# How far macro-F1 may fall on a yardstick by the luck of the draw (README, "Correct, retrain, know that it is better").
TOLERANCE = 0.01
_LEAST_UNITS = 2


@dataclass(frozen=True, slots=True)
class Part:
    """Macro-F1 of both models on some held-out statements, and how far the new one leads, with a paired 95 % interval.

    ``problem`` says in words why the new model counts as worse here; "" where it does not.
    """

    name: str
    n_statements: int
    n_articles: int
    old: float
    new: float
    lead: Score
    problem: str


@dataclass(frozen=True, slots=True)
class Gate:
    """What was compared: the two yardsticks, then each issue by itself."""

    parts: tuple[Part, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        """Where the new model is worse, in words."""
        return tuple(part.problem for part in self.parts if part.problem)

    @property
    def passed(self) -> bool:
        """Whether the new model is not worse."""
        return not self.problems

    def require(self) -> None:
        """Raise GateError, with what was worse and what to do, unless the new model is not worse."""
        if not self.passed:
            msg = (
                f"The new model is worse than the old one and was not written. {'; '.join(self.problems)}. Look again at the "
                "statements you labelled against the model, label more, or overrule with --force."
            )
            raise GateError(msg)

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain values for JSON."""
        return {"passed": self.passed, "tolerance": TOLERANCE, "parts": [asdict(part) for part in self.parts]}


def open_gate(
    gold: Sequence[str],
    old: Sequence[str],
    new: Sequence[str],
    *,
    issues: Sequence[str],
    sources: Sequence[str],
    units: Sequence[str],
    wanted: Iterable[str] = (),
    random_state: int = 0,
) -> Gate:
    """Return the comparison of what two models say of held-out statements (n_statements,).

    ``sources`` tells the user's statements (``YOURS``) from those of the base (``BASE``), ``units`` what stays together when
    statements are resampled. ``wanted`` are the issues that must be among them.

    The new model is *worse* if its macro-F1 is more than ``TOLERANCE`` below the old one's on one of the two yardsticks, or if on
    one of them, or on one issue by itself, the 95 % interval of the difference lies wholly below 0.

    Raises
    ------
    GateError
        If there are no statements of a yardstick or of a wanted issue, or they are all of one article: an empty comparison must
        not look like a pass.
    """
    found = []
    names = [(YOURS, sources), (BASE, sources), *((issue, issues) for issue in sorted({*issues, *wanted}))]
    for name, column in names:
        places = [i for i, value in enumerate(column) if value == name]
        truth, before, after, own = ([values[i] for i in places] for values in (gold, old, new, units))
        _require_some(name, own)
        lead = compare(truth, after, before, groups=own, random_state=random_state).macro_f1
        scores = [evaluate(truth, said, groups=own, random_state=random_state).macro_f1.value for said in (before, after)]
        problem = _find_problem(name, lead, len(places), tolerance=TOLERANCE if column is sources else math.inf)
        found.append(Part(name, len(places), len(set(own)), scores[0], scores[1], lead, problem))
    return Gate(tuple(found))


def _require_some(name: str, units: Sequence[str]) -> None:
    if len(set(units)) < _LEAST_UNITS:
        what = {YOURS: "of yours", BASE: "of the base"}.get(name, f"on {name or 'no issue'}")
        msg = (
            f"Too little to compare the models on: {len(units)} held-out statements {what}, of {len(set(units))} articles; at "
            f"least {_LEAST_UNITS} articles are needed. Label statements of more articles, or give others with --held-out."
        )
        raise GateError(msg)


def _find_problem(name: str, lead: Score, n_statements: int, *, tolerance: float) -> str:
    told = f"{name or 'no issue'}: macro-F1 {lead.value:+.3f} [{lead.low:+.3f}, {lead.high:+.3f}] on {n_statements} statements"
    if lead.high < 0:
        return f"{told}, worse beyond the luck of the draw"
    return f"{told}, more than {tolerance:g} lower" if lead.value < -tolerance else ""
