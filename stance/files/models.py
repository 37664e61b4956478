"""Finds model files and reads them, each against the card beside it."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.errors import ModelError
from stance.files.outputs import replacing, write_as_json, write_bytes

if TYPE_CHECKING:
    from stance.model import Predictor, StanceClassifier

_NAME = "default.joblib"
# Far above what a model or a card needs (the shipped ones have 1 MB and 11 kB), far below what a computer cannot hold.
_MAX_BYTES = 256 * 2**20
_MAX_CARD_BYTES = 16 * 2**20


def default_model() -> Path:
    """Return the model that comes with the package: inside it when installed, in ``models/`` of a checkout."""
    inside = Path(str(files("stance"))) / "models" / _NAME
    return inside if inside.is_file() else Path(str(files("stance"))).parent / "models" / _NAME


def card_of(path: Path) -> Path:
    """Return the place of the card of a model file.

    >>> card_of(Path("models/mine.joblib")).as_posix()
    'models/mine.card.json'
    """
    return path.with_suffix(".card.json")


def read_model(path: Path | None = None) -> tuple[StanceClassifier, str]:
    """Return the classifier in a model file (None: the one that comes with the package) and its name.

    Nothing in the file is unpacked before its SHA-256 is the one that its card gives, and the card tells of the minor version
    of scikit-learn that is installed. A card is no signature: it shows that a file is whole and where it is from, not that
    whoever made both can be trusted. That is why the file may hold plain values only (``stance.model.unpack_model``).

    Raises
    ------
    ModelError
        If the file or its card is missing, the two do not belong together, another minor version of scikit-learn made it, or
        it is no stance model.
    """
    from stance.model.storage import unpack_model

    return unpack_model(_read_checked(path))


def read_predictor(path: Path | None = None) -> tuple[Predictor, str]:
    """Return what labels statements by a model file, and the model's name; checks and ModelError as for ``read_model``.

    It gives the probabilities of the classifier, and comes without scikit-learn: a second and 100 MB less.
    """
    from stance.model.storage import unpack_predictor

    return unpack_predictor(_read_checked(path), trusted=path is None)


def _read_checked(path: Path | None) -> bytes:
    """Return the bytes of a model file that is the one its card describes."""
    place = path if path is not None else default_model()
    if not place.is_file():
        where = "The model that comes with the package is missing" if path is None else f"There is no model file {str(path)!r}"
        msg = f"{where}. Make one with 'stance train ANNOTATIONS -o models/NAME.joblib'."
        raise ModelError(msg)
    card = read_card(path)
    data = _read_bytes(place, _MAX_BYTES)
    found, sha256 = hashlib.sha256(data).hexdigest(), str(card["file"]["sha256"])
    if found != sha256:
        msg = (
            f"{place} is not the file that {card_of(place).name} describes: its SHA-256 is {found[:12]}…, the card says "
            f"{sha256[:12]}…. It was altered or damaged, or the card is another model's; it is not read. {_again(path)}"
        )
        raise ModelError(msg)
    _require_version(place, str(card["versions"]["scikit-learn"]), _again(path), shipped=path is None)
    return data


def read_card(path: Path | None = None) -> dict[str, Any]:
    """Return the card beside a model file (None: the one that comes with the package).

    Raises
    ------
    ModelError
        If there is no card, or it does not tell the file's SHA-256 and the version of scikit-learn that made it.
    """
    place = path if path is not None else default_model()
    card, again = card_of(place), _again(path)
    if not card.is_file():
        msg = (
            f"{place} has no card, so its origin is unknown and it is not read. Put {card.name}, which 'stance train' wrote "
            f"with it, beside it; or {again[0].lower()}{again[1:]}"
        )
        raise ModelError(msg)
    try:
        told: dict[str, Any] = json.loads(_read_bytes(card, _MAX_CARD_BYTES))
        _ = told["file"]["sha256"], told["versions"]["scikit-learn"]
    except (ValueError, RecursionError) as error:
        msg = f"The card {card} is not JSON ({error}), so {place.name} is not read. {again}"
        raise ModelError(msg) from error
    except (KeyError, TypeError) as error:
        msg = (
            f"The card {card} does not tell the file's SHA-256 (file.sha256) and the version of scikit-learn that made it "
            f"(versions.scikit-learn), so {place.name} is not read. {again}"
        )
        raise ModelError(msg) from error
    return told


def write_model(path: Path, data: bytes, card: dict[str, Any]) -> None:
    """Write a model file and the card beside it; both are whole on the disk before the first takes its place."""
    with replacing(path) as model, replacing(card_of(path)) as beside:
        model.write_bytes(data)
        write_as_json(beside, card)


def keep_model(path: Path) -> Path | None:
    """Copy a model file and its card to the next free number, mine.1.joblib, and return the copy; None if there is no file."""
    if not path.is_file():
        return None
    number = 1
    while (place := path.with_suffix(f".{number}.joblib")).exists() or card_of(place).exists():
        number += 1
    write_bytes(place, _read_bytes(path, _MAX_BYTES))
    if card_of(path).is_file():
        write_bytes(card_of(place), _read_bytes(card_of(path), _MAX_CARD_BYTES))
    return place


def _again(path: Path | None) -> str:
    if path is None:
        return "Install stance again, or in a clone make the model again with 'make model'."
    return f"Make it again with 'stance train ANNOTATIONS -o {path} --force'."


def _read_bytes(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as handle:
            data = handle.read(limit + 1)
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror or error}."
        raise ModelError(msg) from error
    if len(data) > limit:
        msg = f"{path} is larger than {limit // 2**20} MB, which no model or card of stance is; it is not read."
        raise ModelError(msg)
    return data


def _require_version(place: Path, made_with: str, again: str, *, shipped: bool) -> None:
    found = version("scikit-learn")
    minor, installed = (number.split(".")[:2] for number in (made_with, found))
    if minor == installed:
        return
    if shipped:
        again = f"Install that version (pip install 'scikit-learn=={'.'.join(minor)}.*'), or in a clone run 'make model'."
    msg = f"{place} was made with scikit-learn {made_with}, and {found} is installed; it is not read. {again}"
    raise ModelError(msg)
