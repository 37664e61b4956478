"""The stance model: a scikit-learn estimator that learns, and what it leaves behind, which labels without scikit-learn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stance.model.classifier import StanceClassifier, find_balance
    from stance.model.predictor import WEIGHTS, Predictor

__all__ = ["WEIGHTS", "Predictor", "StanceClassifier", "find_balance"]

_PLACES = {
    "WEIGHTS": "stance.model.predictor",
    "Predictor": "stance.model.predictor",
    "StanceClassifier": "stance.model.classifier",
    "find_balance": "stance.model.classifier",
}


def __getattr__(name: str) -> Any:
    """Import the names when they are first used: scikit-learn takes a second, and only training needs it."""
    if name not in _PLACES:
        msg = f"module 'stance.model' has no attribute {name!r}"
        raise AttributeError(msg)
    from importlib import import_module

    return getattr(import_module(_PLACES[name]), name)
