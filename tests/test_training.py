"""What annotations must hold, what is left out and said so, and how a model is fitted and scored."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from stance.errors import InputError
from stance.evaluation import find_units
from stance.evaluation.folds import find_folds
from stance.model import StanceClassifier, find_balance
from stance.model.second_look import fit_look, softmax
from stance.model.storage import pack_model
from stance.records import STANCES
from stance.training import (
    Annotations,
    HeldOut,
    Training,
    assess,
    cross_predict,
    data_hash,
    file_entry,
    join_context,
    read_annotations,
    train,
)
from stance.training.counts import count_tokens, open_counts
from stance.training.holding_out import find_held_out


class Watcher(StanceClassifier):
    """Learns nothing; remembers which articles it was fitted on and asked about."""

    held_out_ = None
    folds: ClassVar[list[tuple[set[str], set[str]]]] = []
    weights: ClassVar[list[list[float]]] = []

    def fit(
        self, X: Any, y: Sequence[str], groups: Sequence[str] | None = None, sample_weight: Sequence[float] | None = None
    ) -> Watcher:
        self.weights.append(list(sample_weight or ()))
        self.articles_ = {row["article_id"] for row in X}
        self.classes_, self.reading_ = np.array(["oppose", "support"]), "bare"
        return self

    def predict_proba(self, X: Any) -> Any:
        self.folds.append((self.articles_, {row["article_id"] for row in X}))
        return np.array([[0.25, 0.75]] * len(X))


@pytest.fixture
def folds() -> list[tuple[set[str], set[str]]]:
    Watcher.folds.clear()
    Watcher.weights.clear()
    return Watcher.folds


@pytest.mark.usefixtures("folds")
def test_every_fold_weighs_statements_as_it_is_told(annotations: pd.DataFrame) -> None:
    known = read_annotations(annotations)
    weights = [float(group.removeprefix("article-")) + 1 for group in known.groups]
    fitted = Watcher().fit(known.rows, known.labels)
    cross_predict(known, fitted, find_folds(known.groups), known.groups, weights=weights)
    _, *parts = Watcher.weights
    assert len(parts) == 5
    assert all(set(part) < set(weights) for part in parts)
    assert sum(map(len, parts)) == 4 * len(weights)


def hold_out(known: Annotations, estimator: StanceClassifier, *, curve: bool = False) -> HeldOut:
    units = find_units(known.sentences, known.groups).names
    fitted = clone(estimator).fit(known.rows, known.labels, groups=units)
    return cross_predict(known, fitted, find_held_out(fitted, len(units)) or find_folds(units), units, curve=curve)


@pytest.fixture
def many(annotations: pd.DataFrame) -> pd.DataFrame:
    """A hundred and eight rows in thirty-six articles: the small table, and twice more with other people in other articles."""
    tables = [annotations]
    for number, middle in enumerate(("van der", "Mac an"), start=1):
        people = {name: f"{name[::-1].title().replace(' ', f' {middle} ')}" for name in annotations["speaker"].unique()}
        renamed = annotations["sentence"].replace(people, regex=True)
        tables.append(annotations.assign(sentence=renamed, article_id=annotations["article_id"] + f"-{number}"))
    return pd.concat(tables, ignore_index=True)


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
    assert known.notes == ("1 without text: row 4",)


@pytest.mark.parametrize("label", [None, "", " ", float("nan")])
def test_rows_without_a_stance_are_left_out_and_counted(annotations: pd.DataFrame, label: object) -> None:
    annotations["stance"] = annotations["stance"].astype(object)
    annotations.loc[[3, 4], "stance"] = label
    assert read_annotations(annotations).notes == ("2 without a stance: row 4; row 5",)


@pytest.mark.parametrize("mark", [True, "true", "TRUE"])
def test_optional_rows_are_left_out_and_counted(annotations: pd.DataFrame, mark: object) -> None:
    annotations["optional"] = [mark] + [""] * 35
    assert read_annotations(annotations).notes == ("1 marked optional: row 1",)


def test_the_same_statement_with_another_label_is_counted_and_the_first_kept(annotations: pd.DataFrame) -> None:
    contrary = annotations.head(2).assign(stance="neutral")
    known = read_annotations(pd.concat([annotations, contrary], ignore_index=True))
    assert known.labels == annotations["stance"].tolist()
    assert known.notes == (
        "2 the same statement with another label (first kept): "
        "row 37 neutral, row 1 support ('Ana Brandt welcomed the sanctions.'); "
        "row 38 neutral, row 2 support ('Ivo Castell welcomed the ceasefire.')",
    )


def test_of_many_rows_left_out_three_are_named(annotations: pd.DataFrame) -> None:
    annotations.loc[:4, "sentence"] = ""
    assert read_annotations(annotations).notes == ("5 without text: row 1; row 2; row 3; …",)


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
    held_out = hold_out(read_annotations(annotations), Watcher(calibrate=False))
    assert held_out.probabilities.tolist() == [[0.75, 0.25, 0.0]] * 36
    assert len(folds) == 5
    assert [learned & asked for learned, asked in folds] == [set()] * 5
    assert set.union(*(asked for _, asked in folds)) == set(annotations["article_id"])


def test_folds_keep_an_article_together_where_there_are_few(
    annotations: pd.DataFrame, folds: list[tuple[set[str], set[str]]]
) -> None:
    annotations["article_id"] = ["one", "two", "three", "four"] * 9
    hold_out(read_annotations(annotations), Watcher())
    assert [learned & asked for learned, asked in folds] == [set()] * len(folds)


def test_ten_rows_of_one_article_are_enough_or_refused_with_a_reason(annotations: pd.DataFrame) -> None:
    known = read_annotations(annotations.iloc[::4].assign(article_id="one").pipe(lambda t: pd.concat([t, annotations.iloc[[1]]])))
    assert len(known.rows) == 10
    assert hold_out(known, StanceClassifier()).probabilities.shape == (10, 3)


def test_a_label_of_one_article_only_does_not_stop_the_training(annotations: pd.DataFrame) -> None:
    annotations["stance"] = "support"
    annotations.loc[annotations["article_id"] == "article-3", "stance"] = "oppose"
    found = hold_out(read_annotations(annotations), StanceClassifier()).probabilities
    assert found.sum(axis=1) == pytest.approx(np.ones(36))


def test_folds_keep_copies_of_a_sentence_together(annotations: pd.DataFrame, folds: list[tuple[set[str], set[str]]]) -> None:
    annotations.loc[annotations["article_id"] == "article-0", "sentence"] = (
        "The truce must hold until the rains, Ivo Castell said."
    )
    annotations.loc[35, "sentence"] = "The truce must hold until the rains, Ivo Castell added."
    copied = {"article-0", annotations.loc[35, "article_id"]}
    hold_out(read_annotations(annotations), Watcher())
    assert [len(copied & asked) for _, asked in folds if copied & asked] == [2]


def test_what_calibration_held_out_is_scored_in_the_same_folds(many: pd.DataFrame) -> None:
    known = read_annotations(many)
    fitted = StanceClassifier().fit(known.rows, known.labels)
    folds = find_held_out(fitted, len(known.rows))
    assert folds is not None
    assert sorted(i for _, held in folds for i in held) == list(range(108))
    assert [{known.groups[i] for i in learned} & {known.groups[i] for i in held} for learned, held in folds] == [set()] * 5
    assert [sorted([*learned, *held]) for learned, held in folds] == [list(range(108))] * 5


@pytest.mark.parametrize("n_articles", [1, 4, 9])
def test_folds_that_part_an_article_are_not_scored_in(annotations: pd.DataFrame, n_articles: int) -> None:
    annotations["article_id"] = [str(i % n_articles) for i in range(36)]
    fitted = StanceClassifier().fit(annotations, annotations["stance"])
    assert fitted.looks_ != {}
    assert fitted.held_out_ is None
    assert find_held_out(fitted, 36) is None


def test_a_model_without_calibration_has_held_nothing_out(annotations: pd.DataFrame) -> None:
    assert find_held_out(StanceClassifier(calibrate=False).fit(annotations, annotations["stance"]), 36) is None


def test_counted_statements_are_learned_from_and_not_scored(many: pd.DataFrame) -> None:
    known = read_annotations(many)
    more, labels = open_counts(count_tokens([{**row, "optional": None} for row in many.to_dict("records")], min_articles=1))
    fitted = StanceClassifier().fit([*known.rows, *more], [*known.labels, *labels])
    folds = find_held_out(fitted, 108)
    assert folds is not None
    found = cross_predict(known, fitted, folds, known.groups, more=(more, labels))
    assert found.probabilities.shape == (108, 3)
    assert sorted(i for _, held in folds for i in held) == list(range(108))


def test_another_seed_parts_the_articles_otherwise(many: pd.DataFrame) -> None:
    known = read_annotations(many)
    first, again, other = (
        StanceClassifier(random_state=seed).fit(known.rows, known.labels).held_out_[1].tolist()  # type: ignore[index]
        for seed in (0, 0, 1)
    )
    assert first == again
    assert first != other


def test_probabilities_held_out_are_calibrated_by_the_other_folds(many: pd.DataFrame) -> None:
    known = read_annotations(many)
    plain, calibrated = (hold_out(known, StanceClassifier(calibrate=one)).probabilities for one in (False, True))
    assert plain.argmax(axis=1).tolist() == calibrated.argmax(axis=1).tolist()
    assert not np.allclose(plain, calibrated)


@pytest.mark.parametrize(("named", "reading"), [("issue", "bare"), ("target", "plain")])
def test_scores_held_out_get_a_look_weighed_as_the_models_own(many: pd.DataFrame, named: str, reading: str) -> None:
    # Labels are rare on one issue and frequent on another, so that it shows within what they are balanced, and how far.
    rare = ((many["issue"] == "sanctions") & (many["stance"] == "support")) | (many["stance"] == "neutral")
    rows = many[~rare | (many.index % 4 == 0)].rename(columns={"issue": named}).reset_index(drop=True)
    fitted = StanceClassifier().fit(rows, rows["stance"])
    known, folds = read_annotations(rows), find_held_out(fitted, len(rows))
    assert fitted.reading_ == reading
    assert folds is not None
    topics = rows["target"] if reading == "plain" else np.zeros(len(rows))
    weights = find_balance(np.array(rows["stance"]), np.array(topics), fitted.balance)
    order = [list(fitted.classes_).index(label) for label in STANCES]
    scores, truth = fitted.held_out_[0][:, order], np.array([STANCES.index(label) for label in rows["stance"]])  # type: ignore[index]
    expected = np.zeros(scores.shape)
    for others, held in folds:
        look = fit_look(scores[others], [{}] * len(others), truth[others], weights[others], biased=reading == "bare")
        expected[held] = softmax(look.apply(scores[held], [{}] * len(held)))
    found = cross_predict(known, fitted, folds, known.groups).probabilities
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_bare_rows_held_out_keep_each_other_no_company(many: pd.DataFrame) -> None:
    # A model labels them without hearing the others (StanceClassifier.predict_proba), so nor must its scores.
    rows = many.sort_values(["stance", "article_id"])
    named, unnamed = (hold_out(read_annotations(rows.assign(speaker=who)), StanceClassifier()) for who in ("Kari Lund", None))
    np.testing.assert_array_equal(named.probabilities, unnamed.probabilities)


def test_the_curve_grows_to_the_whole(many: pd.DataFrame) -> None:
    known = read_annotations(many)
    by_size = hold_out(known, StanceClassifier(), curve=True).by_size
    whole = hold_out(known, StanceClassifier())
    assert list(by_size) == [10, 21, 44, 86]
    assert whole.by_size == {}
    assert by_size[86] == [("support", "oppose", "neutral")[i] for i in whole.probabilities.argmax(axis=1)]


def test_a_small_table_has_no_curve(annotations: pd.DataFrame) -> None:
    assert hold_out(read_annotations(annotations), StanceClassifier(), curve=True).by_size == {}


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
    by_issue = trained.report.parts["issue"]
    assert trained.report.whole.n_statements == 36
    assert sorted(by_issue) == ["ceasefire", "peace_process", "sanctions"]
    assert sum(one.n_statements for one in by_issue.values()) == 36


def test_the_card_lists_the_targets_learned_from(annotations: pd.DataFrame) -> None:
    rows = annotations.assign(location="LBY", sender="USA", recipient=["IRN", "CUB", "RUS"] * 12)
    card = train(read_annotations(rows)).card
    # Every third row is on sanctions, so that only one recipient is theirs.
    assert card["trained_on"]["targets"] == ["ceasefire: LBY", "peace_process: LBY", "sanctions: USA > IRN"]
    assert list(card["cross_validation"]["by_target"]) == ["seen"]


def test_a_target_of_one_article_only_is_unseen(annotations: pd.DataFrame) -> None:
    rows = annotations.assign(target="the harbour toll")
    rows.loc[rows["article_id"] == "article-3", "target"] = "the bridge"
    by_target = train(read_annotations(rows.drop(columns="issue"))).report.parts["target"]
    assert {part: one.n_statements for part, one in by_target.items()} == {"seen": 33, "unseen": 3}


def test_quote_types_are_scored_where_the_table_has_them(annotations: pd.DataFrame, trained: Training) -> None:
    report = train(read_annotations(annotations.assign(quote_type=["direct", "mixed"] * 18))).report
    assert list(report.parts["quote_type"]) == ["direct", "mixed"]
    assert "quote_type" not in trained.report.parts


def test_baselines_are_scored_on_the_same_rows(trained: Training) -> None:
    assert [rival.name.split(",")[0] for rival in trained.report.rivals[:3]] == [
        "majority",
        "majority of the issue",
        "plain TF-IDF",
    ]
    assert all(rival.lead is not None for rival in trained.report.rivals[:3])


def test_rows_without_an_article_are_counted_in_the_report(annotations: pd.DataFrame) -> None:
    annotations.loc[:9, "article_id"] = None
    assert train(read_annotations(annotations)).report.notes[0].startswith("10 of 36 statements have no article_id")


# A given model


def test_a_model_is_assessed_on_targets_its_card_names(annotations: pd.DataFrame, small_model: StanceClassifier) -> None:
    known = read_annotations(annotations.assign(location="LBY", recipient="IRN"), for_training=False)
    card = {"trained_on": {"targets": ["ceasefire: LBY"]}}
    by_target = assess(known, small_model, card=card).parts["target"]
    assert {part: one.n_statements for part, one in by_target.items()} == {"seen": 12, "unseen": 24}


@pytest.mark.parametrize(("card", "said"), [(None, "no card beside it"), ({"trained_on": {}}, "lists no targets")])
def test_without_a_list_of_targets_the_report_says_so(
    annotations: pd.DataFrame, small_model: StanceClassifier, card: dict[str, Any] | None, said: str
) -> None:
    report = assess(read_annotations(annotations), small_model, card=card)
    assert "target" not in report.parts
    assert said in " ".join(report.notes)


def test_plain_words_are_left_out_of_a_small_table(
    annotations: pd.DataFrame, many: pd.DataFrame, small_model: StanceClassifier
) -> None:
    small, large = (assess(read_annotations(one), small_model).rivals[2] for one in (annotations, many))
    assert (small.macro_f1, small.note[:8]) == (None, "left out")
    assert large.macro_f1 is not None
    assert "trained on these rows themselves" in large.note


def test_another_model_is_compared_with_first(annotations: pd.DataFrame, small_model: StanceClassifier) -> None:
    rival = assess(read_annotations(annotations), small_model, against=("the same", small_model)).rivals[0]
    assert rival.lead is not None
    assert (rival.name, rival.lead.verdict) == ("the same", "not told apart")


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
