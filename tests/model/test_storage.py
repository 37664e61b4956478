"""Model files hold plain values only, come back as they were, and harm nobody who reads them."""

from __future__ import annotations

import copy
import datetime
import io
import pickle
import tracemalloc
import zlib

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from stance.errors import ModelError
from stance.model import StanceClassifier
from stance.model.second_look import SecondLook
from stance.model.storage import pack_model, unpack_model


def packed(state: object) -> bytes:
    buffer = io.BytesIO()
    joblib.dump(state, buffer, compress=("zlib", 6))
    return buffer.getvalue()


def test_a_packed_model_comes_back_with_the_same_probabilities(small_model: StanceClassifier, annotations: pd.DataFrame) -> None:
    back, name = unpack_model(pack_model(small_model, "tiny-1"))
    assert name == "tiny-1"
    assert back.get_params() == small_model.get_params()
    np.testing.assert_allclose(back.predict_proba(annotations), small_model.predict_proba(annotations), atol=1e-6)


def test_a_model_of_two_labels_comes_back_whole(annotations: pd.DataFrame) -> None:
    two = annotations[annotations["stance"] != "neutral"]
    fitted = StanceClassifier().fit(two, two["stance"])
    back, _ = unpack_model(pack_model(fitted, "two"))
    np.testing.assert_allclose(back.predict_proba(two), fitted.predict_proba(two), atol=1e-6)


def test_packing_what_was_unpacked_gives_the_same_bytes(small_model: StanceClassifier) -> None:
    data = pack_model(small_model, "tiny")
    assert pack_model(*unpack_model(data)) == data


def test_an_unpacked_model_can_be_cloned_and_fitted_again(small_model: StanceClassifier, annotations: pd.DataFrame) -> None:
    back, _ = unpack_model(pack_model(small_model, "tiny"))
    again = clone(back).fit(annotations, annotations["stance"])
    assert pack_model(again, "tiny") == pack_model(small_model, "tiny")


def test_an_unfitted_model_is_not_packed() -> None:
    with pytest.raises(NotFittedError):
        pack_model(StanceClassifier(), "none")


@pytest.mark.parametrize("damage", [b"", b"no model", b"\x80\x04.", zlib.compress(b"no pickle")])
def test_bytes_that_are_no_model_are_refused(damage: bytes) -> None:
    with pytest.raises(ModelError, match="not a stance model, or the file is damaged"):
        unpack_model(damage)


def test_half_a_model_file_is_refused(small_model: StanceClassifier) -> None:
    data = pack_model(small_model, "tiny")
    with pytest.raises(ModelError, match="damaged"):
        unpack_model(data[: len(data) // 2])


@pytest.mark.parametrize("asked", [datetime.date(2024, 3, 5), np.zeros(3), print, {"format": 1, "name": np.float64(0.5)}])
def test_a_file_that_asks_for_a_class_is_refused(asked: object) -> None:
    with pytest.raises(ModelError, match="asks for"):
        unpack_model(zlib.compress(pickle.dumps(asked)))


@pytest.mark.parametrize(("limit", "size"), [(2, 64), pytest.param(256, 1024, marks=pytest.mark.slow)])
def test_a_file_that_unpacks_without_end_is_refused_early(monkeypatch: pytest.MonkeyPatch, limit: int, size: int) -> None:
    if limit != 256:  # which is what the module says, and takes seconds
        monkeypatch.setattr("stance.model.storage._MAX_UNPACKED", limit * 2**20)
    bomb = zlib.compress(bytes(size * 2**20), level=1)
    tracemalloc.start()
    with pytest.raises(ModelError, match=f"unpacks to more than {limit} MB"):
        unpack_model(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * limit * 2**20


def test_a_file_of_more_steps_than_any_model_has_is_refused(
    monkeypatch: pytest.MonkeyPatch, small_model: StanceClassifier
) -> None:
    monkeypatch.setattr("stance.model.storage._MAX_STEPS", 100)
    with pytest.raises(ModelError, match="step 100"):
        unpack_model(pack_model(small_model, "tiny"))


def test_a_few_bytes_that_ask_for_gigabytes_are_refused() -> None:
    tracemalloc.start()
    with pytest.raises(ModelError, match="LONG_BINPUT"):
        unpack_model(zlib.compress(b"\x80\x04Nr\x00\x00\x00\x08."))
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()


@pytest.mark.parametrize("state", [None, [], {}, {"format": 999}])
def test_a_model_of_another_format_is_refused(state: object) -> None:
    with pytest.raises(ModelError, match="format"):
        unpack_model(packed(state))


@pytest.mark.parametrize(
    "change",
    [
        {"parameters": {}},
        {"parameters": {"views": [], "new": 1}},
        {"coef": b"1234"},
        {"views": {"words": 1}},
        {"reading": "closely"},
        {"reading": None},
        {"looks": None},
        {"looks": {"closely": [1.0, 0.0, 0.0]}},
        {"looks": {"bare": [1.0]}},
        {"looks": {"bare": [1.0, 0.0, 0.0, 0.5]}},
        {"looks": {"bare": [1.0, 0.0, 0.0, 0.5, 0.5, 0.5, 0.5]}},
        {"looks": {"bare": [float("nan"), 0.0, 0.0]}},
        {"looks": {"bare": [1.0, 0.0, 0.0, float("inf"), 0.0, 0.0]}},
        {"looks": {"bare": ["much", 0.0, 0.0]}},
    ],
)
def test_a_model_file_with_wrong_parts_is_refused(small_model: StanceClassifier, change: dict[str, object]) -> None:
    state = pickle.loads(zlib.decompress(pack_model(small_model, "tiny")))
    with pytest.raises(ModelError):
        unpack_model(packed({**state, **change}))


def test_weights_that_do_not_fit_their_words_are_refused(small_model: StanceClassifier) -> None:
    state = pickle.loads(zlib.decompress(pack_model(small_model, "tiny")))
    state["views"]["words"]["idf"] = state["views"]["words"]["idf"][:-4]
    with pytest.raises(ModelError, match="damaged"):
        unpack_model(packed(state))


# Readings and second looks


@pytest.mark.parametrize("change", [{"issue": None}, {}, {"speaker_actor": "NOR"}], ids=["plain", "bare", "told"])
def test_the_reading_comes_back(annotations: pd.DataFrame, change: dict[str, object]) -> None:
    rows = annotations.assign(**change)
    fitted = StanceClassifier().fit(rows, rows["stance"])
    back, _ = unpack_model(pack_model(fitted, "m"))
    assert back.reading_ == fitted.reading_
    assert back.looks_ == fitted.looks_
    np.testing.assert_allclose(back.predict_proba(rows), fitted.predict_proba(rows), atol=1e-6)


def test_second_looks_come_back_to_the_last_digit(small_model: StanceClassifier) -> None:
    changed = copy.copy(small_model)
    changed.looks_ = {"told": SecondLook(0.7, 0.123456, 0.05, (0.1, -0.2, 0.0)), "bare": SecondLook()}
    assert unpack_model(pack_model(changed, "m"))[0].looks_ == changed.looks_


def test_a_model_without_a_second_look_comes_back_without(annotations: pd.DataFrame) -> None:
    fitted = StanceClassifier(calibrate=False).fit(annotations, annotations["stance"])
    assert unpack_model(pack_model(fitted, "m"))[0].looks_ == {}


def test_an_earlier_format_is_to_be_trained_again(small_model: StanceClassifier) -> None:
    state = pickle.loads(zlib.decompress(pack_model(small_model, "tiny")))
    with pytest.raises(ModelError, match="train it again"):
        unpack_model(packed({**state, "format": 1}))
