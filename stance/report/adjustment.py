"""What the shares of stances would be without the classifier's errors: quantification by its confusion matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from stance.errors import InputError
from stance.records import STANCES
from stance.report.positions import Statements

ADJUSTED_COLUMNS = ("adjusted_support", "adjusted_oppose", "adjusted_neutral", "adjusted_net", "adjusted_low", "adjusted_high")
# With fewer labelled statements a group's shares are noise, and correcting them makes more of it.
_LEAST = 20
_ROUNDS = 400


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often statements of one stance get another label: counts (n_stances, n_stances), truth in rows, label in columns."""

    counts: NDArray[np.float64]

    @property
    def n_statements(self) -> int:
        """How many annotated statements it was measured on."""
        return int(self.counts.sum())


def measure_confusion(gold: Sequence[str], predicted: Sequence[str]) -> Confusion:
    """Return the confusion of annotated statements and the labels a model gave them; those it withheld are left out.

    Raises
    ------
    InputError
        If a stance is not among the annotations: nothing is known of what becomes of it.
    """
    counts = np.zeros((len(STANCES), len(STANCES)))
    for truth, label in zip(gold, predicted, strict=True):
        if truth in STANCES and label in STANCES:
            counts[STANCES.index(truth), STANCES.index(label)] += 1
    if absent := [stance for stance, n in zip(STANCES, counts.sum(axis=1), strict=True) if not n]:
        msg = f"The annotations hold no labelled statement of {', '.join(absent)}, so errors cannot be corrected for; add some."
        raise InputError(msg)
    return Confusion(counts)


def adjust_shares(labelled: NDArray[np.float64], confusion: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the shares of true stances (n_stances,) that best explain the shares of labels (n_stances,).

    Solves ``labelled = shares @ P(label | truth)`` by least squares over shares that are not negative and sum to one: adjusted
    classify and count for several classes (Forman 2008; Hopkins and King 2010; Bunse 2022 on the constraint).
    """
    from scipy.optimize import nnls

    rates = confusion / confusion.sum(axis=1, keepdims=True)
    heavy = 1e3  # how strictly they must sum to one
    matrix = np.vstack([rates.T, np.full(len(labelled), heavy)])
    shares, _ = nnls(matrix, np.append(labelled, heavy))
    return np.asarray(shares / shares.sum())


def summarize_adjusted(statements: Statements, confusion: Confusion, *, random_state: int = 0) -> pd.DataFrame:
    """Return actor, target, issue and ``ADJUSTED_COLUMNS`` of each group of at least 20 labelled statements.

    Shares are those of support, oppose and neutral; ``adjusted_net`` is support less opposition as a share of both, and its
    95 % interval holds the sampling of the statements as well as that of the annotations the confusion was measured on. It
    assumes that the model errs on these statements as it does on the annotations.
    """
    rng = np.random.default_rng(random_state)
    drawn = [_draw(confusion.counts, rng) for _ in range(_ROUNDS)]
    labelled = statements.table[statements.table["stance"] != ""]
    keys = ["actor", "target", "issue"]
    rows = []
    for names, group in labelled.groupby(keys, sort=True):
        if len(group) < _LEAST:
            continue
        counts = group["stance"].value_counts().reindex(list(STANCES), fill_value=0).to_numpy(dtype=np.float64)
        shares = adjust_shares(counts / counts.sum(), confusion.counts)
        rounds = rng.multinomial(int(counts.sum()), counts / counts.sum(), size=_ROUNDS)
        nets = np.array([_net(adjust_shares(one / one.sum(), other)) for one, other in zip(rounds, drawn, strict=True)])
        nets = nets[~np.isnan(nets)]
        low, high = np.quantile(nets, [0.025, 0.975]) if len(nets) else (np.nan, np.nan)
        rows.append([*names, *np.round(shares, 4), *(round(float(value), 4) for value in (_net(shares), low, high))])
    return pd.DataFrame(rows, columns=[*keys, *ADJUSTED_COLUMNS])


def _draw(counts: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return a confusion as another sample of annotations might have shown it; half a statement keeps a row from being empty."""
    return np.array([rng.dirichlet(row + 0.5) for row in counts])


def _net(shares: NDArray[np.float64]) -> float:
    support, oppose = shares[0], shares[1]
    return float((support - oppose) / (support + oppose)) if support + oppose > 1e-9 else float("nan")
