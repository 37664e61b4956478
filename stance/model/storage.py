"""Packs a fitted model into bytes of plain values, and reads such bytes with care."""

from __future__ import annotations

import io
import pickle
import pickletools
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from stance.errors import ModelError
from stance.features import READINGS
from stance.model.predictor import Predictor
from stance.model.second_look import SecondLook
from stance.model.vectors import Vectorizer, Vocabulary
from stance.targets.mentions import load_issues

if TYPE_CHECKING:
    from stance.model.classifier import StanceClassifier

FORMAT = 2
# A file of a few bytes can ask for any amount of memory. The shipped model unpacks to 2 MB and 120,000 steps of pickle.
_MAX_UNPACKED = 256 * 2**20
_MAX_STEPS = 10_000_000
_MEMORY_AT_WILL = frozenset(["PUT", "BINPUT", "LONG_BINPUT"])  # joblib writes MEMOIZE, which takes the next place, not any


def pack_model(model: StanceClassifier, name: str) -> bytes:
    """Return a fitted model as bytes: plain numbers and strings in a joblib file, no objects that code must be run to restore."""
    import joblib
    from sklearn.utils.validation import check_is_fitted

    check_is_fitted(model, "regression_")
    state = {
        "format": FORMAT,
        "name": name,
        "parameters": {key: list(value) if isinstance(value, tuple) else value for key, value in model.get_params().items()},
        "classes": [str(label) for label in model.classes_],
        "reading": model.reading_,
        "looks": {reading: [look.own, look.same, look.others, *look.bias] for reading, look in model.looks_.items()},
        "views": {
            view: {
                "vocabulary": vectorizer.get_feature_names_out(),
                "idf": np.asarray(vectorizer.idf_, dtype="<f4").tobytes(),
            }
            for view, vectorizer in model.vectorizers_.items()
        },
        "coef": np.asarray(model.regression_.coef_, dtype="<f4").tobytes(),
        "intercept": np.asarray(model.regression_.intercept_, dtype="<f8").tobytes(),
    }
    buffer = io.BytesIO()
    joblib.dump(state, buffer, compress=("zlib", 6))
    return buffer.getvalue()


class _PlainUnpickler(pickle.Unpickler):
    """Reads numbers, strings, lists and dictionaries; the list of classes that a model file may hold is empty."""

    def find_class(self, module: str, name: str) -> Any:
        msg = (
            f"The model file asks for {module}.{name}; a stance model holds plain numbers and strings only. Don't use this file."
        )
        raise ModelError(msg)


def unpack_predictor(data: bytes, *, trusted: bool = False) -> tuple[Predictor, str]:
    """Return what labels statements by the model in the bytes of a model file, and the model's name.

    ``trusted`` bytes, those that come with the package as its code does, are not looked through for steps that would fill the
    memory: that takes as long as all the rest.

    Raises
    ------
    ModelError
        If the bytes are no stance model, or one of another format.
    """
    state = _read_state(data, trusted=trusted)
    with _telling_damage():
        return _restore(state), str(state["name"])


def unpack_model(data: bytes) -> tuple[StanceClassifier, str]:
    """Return the classifier in the bytes of a model file, and its name; ModelError as for ``unpack_predictor``."""
    from stance.model.classifier import StanceClassifier

    state = _read_state(data)
    with _telling_damage():
        parameters = {**state["parameters"], **{key: tuple(state["parameters"][key]) for key in ("views", "added_issues")}}
        return StanceClassifier(**parameters).restore(_restore(state)), str(state["name"])


def _read_state(data: bytes, *, trusted: bool = False) -> dict[str, Any]:
    try:
        plain = _decompress(data)
        if not trusted:
            _check_steps(plain)
        state = _PlainUnpickler(io.BytesIO(plain)).load()
    except ModelError:
        raise
    except Exception as error:
        msg = f"This is not a stance model, or the file is damaged ({error}). Make one with 'stance train'."
        raise ModelError(msg) from error
    if not isinstance(state, dict) or state.get("format") != FORMAT:
        msg = "The model was written in a format this version of stance cannot read; train it again with 'stance train'."
        raise ModelError(msg)
    return state


@contextmanager
def _telling_damage() -> Iterator[None]:
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        msg = f"The model file is damaged ({type(error).__name__}: {error}). Make one with 'stance train'."
        raise ModelError(msg) from error


def _decompress(data: bytes) -> bytes:
    stream = zlib.decompressobj()
    plain = stream.decompress(data, _MAX_UNPACKED)
    if not stream.eof:
        msg = f"it unpacks to more than {_MAX_UNPACKED // 2**20} MB" if len(plain) == _MAX_UNPACKED else "it breaks off"
        raise ValueError(msg)
    return plain


def _check_steps(plain: bytes) -> None:
    """Raise ValueError for a pickle that would fill the memory, before any of it is run."""
    for count, (step, _, _) in enumerate(pickletools.genops(plain)):
        if step.name in _MEMORY_AT_WILL or count == _MAX_STEPS:
            msg = f"{step.name} at step {count} of its pickle"
            raise ValueError(msg)


def _restore(state: dict[str, Any]) -> Predictor:
    added_issues = tuple(state["parameters"]["added_issues"])
    load_issues(added_issues)
    classes = np.asarray(state["classes"])
    looks = {
        str(reading): SecondLook(float(own), float(same), float(others), tuple(map(float, bias)))
        for reading, (own, same, others, *bias) in state["looks"].items()
    }
    _check_looks(str(state["reading"]), looks, len(classes))
    vocabularies = {
        view: Vocabulary(entry["vocabulary"], np.frombuffer(entry["idf"], dtype="<f4").astype(np.float64))
        for view, entry in state["views"].items()
    }
    vectorizers = Vectorizer(vocabularies)
    n_rows = 1 if len(classes) == 2 else len(classes)
    coef = np.frombuffer(state["coef"], dtype="<f4").astype(np.float64).reshape(n_rows, vectorizers.n_features)
    intercept = np.frombuffer(state["intercept"], dtype="<f8").copy()
    return Predictor(classes, vectorizers, coef, intercept, looks, str(state["reading"]), added_issues)


def _check_looks(reading: str, looks: dict[str, SecondLook], n_classes: int) -> None:
    """Raise ValueError for a reading there is none of, and for a second look that does not fit the classes."""
    if unknown := {reading, *looks} - set(READINGS):
        msg = f"no reading is called {', '.join(sorted(map(repr, unknown)))}"
        raise ValueError(msg)
    for name, look in looks.items():
        numbers = [look.own, look.same, look.others, *look.bias]
        if len(look.bias) not in (0, n_classes) or not np.isfinite(numbers).all():
            msg = f"the second look of {name!r} does not fit {n_classes} classes"
            raise ValueError(msg)
