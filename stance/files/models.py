"""Finds model files and reads them."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.errors import ModelError

if TYPE_CHECKING:
    from stance.model import StanceClassifier

_NAME = "default.joblib"


def default_model() -> Path:
    """Return the model that comes with the package: inside it when installed, in ``models/`` of a checkout."""
    inside = Path(str(files("stance"))) / "models" / _NAME
    return inside if inside.is_file() else Path(str(files("stance"))).parent / "models" / _NAME


def read_model(path: Path | None = None) -> tuple[StanceClassifier, str]:
    """Return the classifier in a model file (None: the one that comes with the package) and its name.

    Raises
    ------
    ModelError
        If the file is missing, damaged, or no stance model.
    """
    from stance.model import unpack_model

    place = path if path is not None else default_model()
    if not place.is_file():
        where = "The model that comes with the package is missing" if path is None else f"There is no model file {str(path)!r}"
        msg = f"{where}. Make one with 'stance train ANNOTATIONS -o models/NAME.joblib'."
        raise ModelError(msg)
    return unpack_model(place.read_bytes())


def card_path(model: Path) -> Path:
    """Return where the card of a model file stands: beside it, NAME.card.json."""
    return model.with_suffix(".card.json")


def read_card(model: Path | None = None) -> dict[str, Any] | None:
    """Return the card beside a model file (None: the one that comes with the package); None where there is none.

    Raises
    ------
    ModelError
        If the card is no card.
    """
    place = card_path(model if model is not None else default_model())
    if not place.is_file():
        return None
    try:
        card = json.loads(place.read_bytes())
    except ValueError as error:
        msg = f"The model's card {str(place)!r} is damaged ({error}). Train the model again, or remove the card."
        raise ModelError(msg) from error
    if not isinstance(card, dict) or not isinstance(card.get("trained_on"), dict):
        msg = f"{str(place)!r} is no card of a stance model: it has no 'trained_on'. Train the model again, or remove the card."
        raise ModelError(msg)
    return card
