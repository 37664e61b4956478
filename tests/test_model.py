"""The stance classifier keeps scikit-learn's manners and its files hold plain values only."""

from __future__ import annotations

import datetime
import io
import pickle
import tracemalloc
import zlib

import joblib
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.base import clone, is_classifier
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import cross_val_score

from stance.errors import InputError, ModelError
from stance.model import StanceClassifier, as_rows
from stance.model.storage import pack_model, unpack_model


def packed(state: object) -> bytes:
    buffer = io.BytesIO()
    joblib.dump(state, buffer, compress=("zlib", 6))
    return buffer.getvalue()


def test_parameters_stand_as_given() -> None:
    given_views = ["words", "signs"]
    model = StanceClassifier(views=given_views, C=0.7, balance=0.5)  # type: ignore[arg-type]
    assert model.get_params() == {
        "views": given_views,
        "context_weight": 0.3,
        "C": 0.7,
        "min_df": 2,
        "balance": 0.5,
        "calibrate": True,
        "added_issues": (),
    }
    assert model.views is given_views


def test_a_clone_has_the_parameters_and_nothing_learned(small_model: StanceClassifier) -> None:
    copy = clone(small_model)
    assert copy.get_params() == small_model.get_params()
    assert [name for name in vars(copy) if name.endswith("_")] == []


def test_it_is_a_classifier_with_sorted_classes(small_model: StanceClassifier) -> None:
    assert is_classifier(small_model)
    assert list(small_model.classes_) == ["neutral", "oppose", "support"]


def test_cross_val_score_takes_lists_of_mappings_and_tables_alike(annotations: pd.DataFrame) -> None:
    model = StanceClassifier(calibrate=False)
    from_table = cross_val_score(model, annotations, annotations["stance"], cv=3)
    from_list = cross_val_score(model, annotations.to_dict("records"), list(annotations["stance"]), cv=3)
    assert from_table.shape == (3,)
    np.testing.assert_array_equal(from_table, from_list)


def test_it_learns_more_than_the_majority(annotations: pd.DataFrame) -> None:
    rows = annotations.drop(columns="stance")
    assert StanceClassifier().fit(rows, annotations["stance"]).score(rows, annotations["stance"]) > 0.9


def test_probabilities_have_a_column_for_each_class_and_sum_to_one(small_model: StanceClassifier) -> None:
    probabilities = small_model.predict_proba(["She welcomed the ceasefire.", "", "Ω ∅ 12 % – „x“"])
    assert probabilities.shape == (3, 3)
    assert (probabilities >= 0).all()
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)


def test_two_labels_give_two_columns(annotations: pd.DataFrame) -> None:
    two = annotations[annotations["stance"] != "neutral"]
    probabilities = StanceClassifier().fit(two, two["stance"]).predict_proba(two)
    assert probabilities.shape == (24, 2)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)


def test_the_predicted_label_is_the_most_probable(model: StanceClassifier, annotations: pd.DataFrame) -> None:
    best = model.classes_[model.predict_proba(annotations).argmax(axis=1)]
    assert list(model.predict(annotations)) == list(best)


def test_strings_are_rows_with_a_sentence(small_model: StanceClassifier) -> None:
    sentence = "Ana Brandt condemned the embargo."
    answers = [
        small_model.predict_proba(rows) for rows in ([sentence], [{"sentence": sentence}], pd.DataFrame({"text": [sentence]}))
    ]
    np.testing.assert_array_equal(answers[0], answers[1])
    np.testing.assert_array_equal(answers[0], answers[2])


def test_no_rows_give_no_probabilities(small_model: StanceClassifier) -> None:
    assert small_model.predict_proba([]).shape == (0, 3)
    assert small_model.predict([]).shape == (0,)


def test_one_label_only_is_refused() -> None:
    with pytest.raises(InputError, match="All 2 rows have the same label"):
        StanceClassifier().fit(["They agree.", "They agreed."], ["support", "support"])


def test_the_only_label_is_named_as_the_user_wrote_it() -> None:
    with pytest.raises(InputError, match="same label, 'support'"):
        StanceClassifier().fit(["They agree.", "They agreed."], ["support", "support"])


def test_nothing_to_learn_from_is_refused() -> None:
    with pytest.raises(InputError, match="at least two"):
        StanceClassifier().fit([], [])


def test_as_many_labels_as_statements_are_needed() -> None:
    with pytest.raises(InputError, match="2 statements but 1 labels"):
        StanceClassifier().fit(["They agree.", "They quit."], ["support"])


def test_a_row_that_is_neither_text_nor_mapping_is_refused() -> None:
    with pytest.raises(InputError, match="found int"):
        as_rows(["They agree.", 5])


@pytest.mark.parametrize("one", ["They agree.", {"sentence": "They agree."}])
def test_one_bare_statement_is_refused_rather_than_taken_apart(one: object) -> None:
    with pytest.raises(InputError):
        as_rows(one)


@pytest.mark.parametrize(
    "method",
    [
        "predict_proba",
        pytest.param(
            "predict",
        ),
    ],
)
def test_an_unfitted_model_says_so(method: str) -> None:
    with pytest.raises(NotFittedError):
        getattr(StanceClassifier(), method)(["They agree."])


def test_fitting_twice_gives_the_same_model(annotations: pd.DataFrame) -> None:
    first, second = (StanceClassifier().fit(annotations, annotations["stance"]) for _ in range(2))
    assert pack_model(first, "m") == pack_model(second, "m")


def test_missing_cells_of_a_table_are_no_obstacle(small_model: StanceClassifier) -> None:
    table = pd.DataFrame({"sentence": ["They agree.", None], "issue": [None, "ceasefire"], "speaker_actor": [None, "NOR"]})
    assert small_model.predict_proba(table).shape == (2, 3)


def test_missing_parties_of_a_table_are_no_obstacle(small_model: StanceClassifier) -> None:
    table = pd.DataFrame({"sentence": ["They agree.", "They quit."], "sender": ["USA;EU", None], "speaker_actor": "USA"})
    assert small_model.predict_proba(table).shape == (2, 3)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=60), min_size=1, max_size=4))
def test_any_text_gets_the_same_probabilities_alone_and_in_company(small_model: StanceClassifier, texts: list[str]) -> None:
    together = small_model.predict_proba(texts)
    alone = np.vstack([small_model.predict_proba([text]) for text in texts])
    np.testing.assert_allclose(together, alone, rtol=0, atol=1e-12)
    np.testing.assert_allclose(together.sum(axis=1), 1)


# Model files


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
        monkeypatch.setattr("stance.model._MAX_UNPACKED", limit * 2**20)
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
    monkeypatch.setattr("stance.model._MAX_STEPS", 100)
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
    "change", [{"parameters": {}}, {"parameters": {"views": [], "new": 1}}, {"coef": b"1234"}, {"views": {"words": 1}}]
)
def test_a_model_file_with_wrong_parts_is_refused(small_model: StanceClassifier, change: dict[str, object]) -> None:
    state = pickle.loads(zlib.decompress(pack_model(small_model, "tiny")))
    with pytest.raises(ModelError):
        unpack_model(packed({**state, **change}))
