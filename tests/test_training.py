"""What annotations must hold, what is left out and said so, and how a model is fitted and scored."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, ClassVar

import pandas as pd
import pytest

from stance.errors import InputError
from stance.model import StanceClassifier, pack_model
from stance.training import Annotations, Training, cross_predict, data_hash, file_entry, join_context, read_annotations, train


class Watcher(StanceClassifier):
    """Learns nothing; remembers which articles it was fitted on and asked about."""

    folds: ClassVar[list[tuple[set[str], set[str]]]] = []

    def fit(self, X: Any, y: Sequence[str], groups: Sequence[str] | None = None) -> Watcher:
        self.articles_ = {row["article_id"] for row in X}
        return self

    def predict(self, X: Any) -> Any:
        self.folds.append((self.articles_, {row["article_id"] for row in X}))
        return ["support"] * len(X)


@pytest.fixture
def folds() -> list[tuple[set[str], set[str]]]:
    Watcher.folds.clear()
    return Watcher.folds


@pytest.fixture(scope="module")
def trained(_annotations: pd.DataFrame) -> Training:
    return train(read_annotations(_annotations), name="tiny")


# Reading annotations


def test_a_whole_table_is_kept(annotations: pd.DataFrame) -> None:
    known = read_annotations(annotations)
    assert known.labels == annotations["stance"].tolist()
    assert known.groups == annotations["article_id"].tolist()
    assert known.issues == annotations["issue"].tolist()
    assert known.notes == ()


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (["stance", "issue"], r"no column 'sentence' \(or 'text'\); the columns are 'stance', 'issue'"),
        (["sentence", "issue"], "no column 'stance'; the columns are 'sentence', 'issue'"),
        ([], "the columns are none"),
    ],
)
def test_a_missing_column_is_named_with_those_there_are(annotations: pd.DataFrame, columns: list[str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_annotations(annotations[columns])


def test_text_will_do_for_sentence_and_target_for_issue(annotations: pd.DataFrame) -> None:
    known = read_annotations(annotations.rename(columns={"sentence": "text", "issue": "target"}))
    assert known.rows[0]["sentence"] == annotations["sentence"][0]
    assert known.issues == annotations["issue"].tolist()


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("FAVOR", "support"),
        ("AGAINST", "oppose"),
        ("NONE", "neutral"),
        ("favour", "support"),
        (" Pro ", "support"),
        ("con", "oppose"),
        ("Neutral", "neutral"),
    ],
)
def test_labels_of_public_data_are_understood(annotations: pd.DataFrame, name: str, label: str) -> None:
    annotations.loc[0, "stance"] = name
    assert read_annotations(annotations).labels[0] == label


def test_unknown_labels_are_named_and_counted(annotations: pd.DataFrame) -> None:
    annotations.loc[[0, 1, 2], "stance"] = ["angry", "angry", "sad"]
    with pytest.raises(InputError, match=r"'angry' \(2\), 'sad' \(1\)\. Known are support, oppose, neutral"):
        read_annotations(annotations)


def test_one_class_is_too_few_to_learn_from(annotations: pd.DataFrame) -> None:
    annotations["stance"] = "oppose"
    with pytest.raises(InputError, match="All 36 statements are labelled 'oppose'"):
        read_annotations(annotations)
    assert len(read_annotations(annotations, for_training=False).rows) == 36


def test_nine_rows_are_too_few_to_learn_from(annotations: pd.DataFrame) -> None:
    nine = annotations.iloc[::4].head(9)
    with pytest.raises(InputError, match="Only 9 usable annotated statements; at least 10"):
        read_annotations(nine)
    assert len(read_annotations(nine, for_training=False).rows) == 9


@pytest.mark.parametrize("for_training", [True, False])
def test_an_empty_table_is_refused(annotations: pd.DataFrame, for_training: bool) -> None:
    with pytest.raises(InputError, match="Only 0 usable"):
        read_annotations(annotations.head(0), for_training=for_training)


@pytest.mark.parametrize("text", [None, "", "  \n", float("nan")])
def test_rows_without_text_are_left_out_and_counted(annotations: pd.DataFrame, text: object) -> None:
    annotations["sentence"] = annotations["sentence"].astype(object)
    annotations.loc[3, "sentence"] = text
    known = read_annotations(annotations)
    assert len(known.rows) == len(known.labels) == len(known.groups) == 35
    assert known.notes == ("1 without text",)


@pytest.mark.parametrize("label", [None, "", " ", float("nan")])
def test_rows_without_a_stance_are_left_out_and_counted(annotations: pd.DataFrame, label: object) -> None:
    annotations["stance"] = annotations["stance"].astype(object)
    annotations.loc[[3, 4], "stance"] = label
    assert read_annotations(annotations).notes == ("2 without a stance",)


@pytest.mark.parametrize("mark", [True, "true", "TRUE"])
def test_optional_rows_are_left_out_and_counted(annotations: pd.DataFrame, mark: object) -> None:
    annotations["optional"] = [mark] + [""] * 35
    assert read_annotations(annotations).notes == ("1 marked optional",)


def test_the_same_statement_with_another_label_is_counted_and_the_first_kept(annotations: pd.DataFrame) -> None:
    contrary = annotations.head(2).assign(stance="neutral")
    known = read_annotations(pd.concat([annotations, contrary], ignore_index=True))
    assert known.labels == annotations["stance"].tolist()
    assert known.notes == ("2 the same statement with another label (first kept)",)


def test_the_same_sentence_on_another_issue_is_another_statement(annotations: pd.DataFrame) -> None:
    other = annotations.head(1).assign(issue="peace_process", stance="neutral")
    known = read_annotations(pd.concat([annotations, other], ignore_index=True))
    assert (len(known.rows), known.notes) == (37, ())


def test_the_same_sentence_on_sanctions_of_another_sender_is_another_statement(annotations: pd.DataFrame) -> None:
    first = annotations.head(1).assign(sender="USA", stance="oppose")
    second = annotations.head(1).assign(sender="EU", stance="neutral")
    known = read_annotations(pd.concat([annotations.iloc[1:].assign(sender=""), first, second], ignore_index=True))
    assert known.notes == ()


def test_rows_without_an_article_stand_alone(annotations: pd.DataFrame) -> None:
    assert len(set(read_annotations(annotations.drop(columns="article_id")).groups)) == 36


@pytest.mark.parametrize("column", ["article_id", "issue"])
def test_a_missing_cell_is_as_good_as_a_missing_column(annotations: pd.DataFrame, column: str) -> None:
    without = read_annotations(annotations.drop(columns=column))
    missing = read_annotations(annotations.assign(**{column: float("nan")}))
    assert (missing.groups, missing.issues) == (without.groups, without.issues)


# The hash


def test_the_hash_does_not_depend_on_the_order(annotations: pd.DataFrame) -> None:
    shuffled = annotations.sample(frac=1, random_state=1)
    assert data_hash(read_annotations(shuffled)) == data_hash(read_annotations(annotations))


@pytest.mark.parametrize(("column", "value"), [("stance", "neutral"), ("sentence", "Something else."), ("issue", "ceasefire")])
def test_the_hash_depends_on_what_is_learned(annotations: pd.DataFrame, column: str, value: str) -> None:
    before = data_hash(read_annotations(annotations))
    annotations.loc[0, column] = value
    assert data_hash(read_annotations(annotations)) != before


def test_a_file_entry_tells_size_and_hash() -> None:
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert file_entry("m.joblib", b"") == {"name": "m.joblib", "bytes": 0, "sha256": empty}


# Folds


def test_folds_keep_an_article_together(annotations: pd.DataFrame, folds: list[tuple[set[str], set[str]]]) -> None:
    predicted = cross_predict(read_annotations(annotations), Watcher())
    assert predicted == ["support"] * 36
    assert len(folds) == 5
    assert [learned & asked for learned, asked in folds] == [set()] * 5
    assert set.union(*(asked for _, asked in folds)) == set(annotations["article_id"])


def test_folds_keep_an_article_together_where_there_are_few(
    annotations: pd.DataFrame, folds: list[tuple[set[str], set[str]]]
) -> None:
    annotations["article_id"] = ["one", "two", "three", "four"] * 9
    cross_predict(read_annotations(annotations), Watcher())
    assert [learned & asked for learned, asked in folds] == [set()] * len(folds)


def test_ten_rows_of_one_article_are_enough_or_refused_with_a_reason(annotations: pd.DataFrame) -> None:
    known = read_annotations(annotations.iloc[::4].assign(article_id="one").pipe(lambda t: pd.concat([t, annotations.iloc[[1]]])))
    assert len(known.rows) == 10
    assert len(cross_predict(known, StanceClassifier())) == 10


def test_a_label_of_one_article_only_does_not_stop_the_training(annotations: pd.DataFrame) -> None:
    annotations["stance"] = "support"
    annotations.loc[annotations["article_id"] == "article-3", "stance"] = "oppose"
    assert len(cross_predict(read_annotations(annotations), StanceClassifier())) == 36


# Training


def test_the_card_tells_what_was_learned_from(trained: Training, annotations: pd.DataFrame) -> None:
    told = trained.card["trained_on"]
    assert trained.card["name"] == f"tiny-{told['sha256'][:8]}"
    assert told["sha256"] == data_hash(read_annotations(annotations))
    assert (told["statements"], told["articles"]) == (36, 12)
    assert told["labels"] == {"neutral": 12, "oppose": 12, "support": 12}
    assert told["issues"] == {"ceasefire": 12, "peace_process": 12, "sanctions": 12}
    assert trained.card["parameters"]["views"] == list(StanceClassifier().views)
    assert set(trained.card["versions"]) == {"scikit-learn", "numpy", "scipy", "stance"}


def test_the_card_is_plain_json(trained: Training) -> None:
    assert json.loads(json.dumps(trained.card, allow_nan=False))["cross_validation"]["folds"] == 5


def test_the_scores_are_of_all_rows_and_by_issue(trained: Training) -> None:
    assert trained.scores.n_statements == 36
    assert sorted(trained.by_issue) == ["ceasefire", "peace_process", "sanctions"]
    assert sum(one.n_statements for one in trained.by_issue.values()) == 36


@pytest.mark.slow
def test_training_twice_gives_the_same_model_and_card(trained: Training, annotations: pd.DataFrame) -> None:
    again = train(read_annotations(annotations), name="tiny")
    assert again.card == trained.card
    assert pack_model(again.model, "tiny") == pack_model(trained.model, "tiny")


def test_a_model_of_ones_own_is_cloned_not_changed(annotations: pd.DataFrame) -> None:
    own = StanceClassifier(views=("words",), calibrate=False)
    result = train(read_annotations(annotations), model=own)
    assert result.model.get_params() == own.get_params()
    assert not hasattr(own, "classes_")


def test_annotations_are_not_changed_by_reading(annotations: pd.DataFrame) -> None:
    before = annotations.copy(deep=True)
    assert isinstance(read_annotations(annotations), Annotations)
    pd.testing.assert_frame_equal(annotations, before)


# Context

TEXT = "Talks failed. “No truce,” said Piet Eskild. It rained."


def offsets(**changes: object) -> pd.DataFrame:
    return pd.DataFrame([{"article_id": "a", "start": 14, "end": 43, **changes}])


def test_sentence_and_context_are_read_from_the_article() -> None:
    joined = join_context(offsets(), {"a": TEXT}, 7)
    assert joined.to_dict("records") == [
        {"article_id": "a", "start": 14, "end": 43, "sentence": "“No truce,” said Piet Eskild.", "context": "failed. "[-7:]}
    ]


def test_offsets_read_as_text_are_numbers_too() -> None:
    assert join_context(offsets(start="14", end="43.0"), {"a": TEXT}, 300)["context"].tolist() == [TEXT[:14]]


def test_a_table_is_joined_as_a_copy() -> None:
    table = offsets()
    join_context(table, {"a": TEXT}, 300)
    assert list(table.columns) == ["article_id", "start", "end"]


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (0, 999), (5, 5), (9, 3), (999, 1005)])
def test_offsets_outside_the_article_are_refused(start: int, end: int) -> None:
    with pytest.raises(InputError, match=rf"{start}:{end} lie outside article 'a', which has {len(TEXT)} characters"):
        join_context(offsets(start=start, end=end), {"a": TEXT}, 300)


@pytest.mark.parametrize(("start", "end"), [("x", "43"), (14, None), (14, "")])
def test_offsets_that_are_no_numbers_are_refused(start: object, end: object) -> None:
    with pytest.raises(InputError):
        join_context(offsets(start=start, end=end), {"a": TEXT}, 300)


def test_rows_of_other_articles_keep_their_sentence() -> None:
    joined = join_context(offsets(article_id="b", sentence="They quit."), {"a": TEXT}, 300)
    assert joined[["sentence", "context"]].to_dict("records") == [{"sentence": "They quit.", "context": ""}]


def test_rows_of_other_articles_keep_their_text(annotations: pd.DataFrame) -> None:
    table = annotations.rename(columns={"sentence": "text"}).assign(start=0, end=5)
    assert len(read_annotations(join_context(table, {"elsewhere": TEXT}, 300)).rows) == 36
