"""Folds for cross-validation that keep what belongs together on one side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold, KFold

Fold = tuple[NDArray[np.intp], NDArray[np.intp]]
FOLDS = 5


def find_folds(units: Sequence[str], *, n_folds: int = FOLDS, random_state: int = 0) -> list[Fold]:
    """Return the rows to learn from and those held out, for each fold; rows of one unit are on one side.

    Where there is one unit only, its rows are dealt out as they are.
    """
    n_units, places = len(set(units)), np.zeros(len(units))
    if n_units < 2:
        return list(KFold(min(n_folds, len(units)), shuffle=True, random_state=random_state).split(places))
    return list(GroupKFold(min(n_folds, n_units), shuffle=True, random_state=random_state).split(places, groups=list(units)))
