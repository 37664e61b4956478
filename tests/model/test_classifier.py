"""The stance classifier keeps scikit-learn's manners, reads rows by what they tell and hears what else an article says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.base import clone, is_classifier
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import cross_val_score

from stance.errors import InputError
from stance.features import READINGS, prepare
from stance.model import StanceClassifier
from stance.model.rows import as_rows
from stance.model.second_look import SecondLook, find_company, softmax
from stance.model.storage import pack_model

ROW = {
    "sentence": "Ana Brandt condemned the embargo.",
    "issue": "sanctions",
    "speaker_actor": "NOR",
    "sender": "NOR",
    "cue": "condemned",
    "article_id": "harbour",
}

PLAIN = {"topic", "plain_words", "plain_crossed", "letters", "letters_crossed"}


@pytest.fixture
def many(annotations: pd.DataFrame) -> pd.DataFrame:
    """A hundred and eight rows of thirty-six articles: enough for a second look."""
    return pd.concat([annotations.assign(article_id=annotations["article_id"] + f"-{i}") for i in range(3)], ignore_index=True)


@pytest.fixture(scope="module")
def told_model(_annotations: pd.DataFrame) -> StanceClassifier:
    """A model of rows that tell who speaks, with a second look worth seeing."""
    fitted = StanceClassifier().fit(_annotations.assign(speaker_actor="NOR"), _annotations["stance"])
    fitted.looks_ = {"told": SecondLook(0.8, 0.5, 0.25, (0.3, 0.0, -0.3)), "bare": SecondLook(0.5)}
    return fitted


@pytest.fixture(scope="module")
def plain_model(_annotations: pd.DataFrame) -> StanceClassifier:
    return StanceClassifier().fit(_annotations["sentence"], _annotations["stance"])


def views_of(row: object, model: StanceClassifier) -> set[str]:
    return {view for view, _, _ in model.name_features(row)}


def marked(row: object, model: StanceClassifier) -> set[bool]:
    """Return whether tokens bear the mark of a bare reading, as the set of the answers."""
    return {token.startswith("?") for _, token, _ in model.name_features(row)}


# Manners


def test_parameters_stand_as_given() -> None:
    given_views = ["words", "signs"]
    model = StanceClassifier(views=given_views, C=0.7, balance=0.5)  # type: ignore[arg-type]
    assert model.get_params() == {
        "views": given_views,
        "C": 0.7,
        "min_df": 2,
        "balance": 0.5,
        "calibrate": True,
        "added_issues": (),
        "random_state": 0,
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


@pytest.mark.parametrize("method", ["predict_proba", "predict"])
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


@pytest.mark.parametrize("name", ["views", "C", "min_df", "balance", "calibrate", "added_issues", "random_state"])
def test_every_parameter_is_explained(name: str) -> None:
    assert f"\n    {name}\n" in str(StanceClassifier.__doc__)


def test_a_model_learns_from_the_views_it_is_given_only(annotations: pd.DataFrame) -> None:
    fitted = StanceClassifier(views=("signs", "words")).fit(annotations, annotations["stance"])
    assert list(fitted.vectorizers_) == ["signs", "words"]
    assert fitted.n_features_in_ == sum(len(one.vocabulary_) for one in fitted.vectorizers_.values())


def test_views_without_a_token_are_left_out(plain_model: StanceClassifier) -> None:
    assert set(plain_model.vectorizers_) == PLAIN


# Readings


def test_a_model_of_plain_text_reads_all_as_plain(plain_model: StanceClassifier) -> None:
    assert plain_model.reading_ == "plain"
    assert [views_of(row, plain_model) for row in (ROW, {"sentence": "They agree.", "issue": "ceasefire"}, {"text": "No."})] == [
        PLAIN
    ] * 3


def test_a_model_of_bare_rows_reads_all_as_bare(small_model: StanceClassifier) -> None:
    assert small_model.reading_ == "bare"
    assert [marked(row, small_model) for row in (ROW, {"sentence": "They agree.", "issue": "ceasefire"}, {"text": "No."})] == [
        {True}
    ] * 3
    bare = {"sentence": ROW["sentence"], "issue": "sanctions"}
    np.testing.assert_array_equal(small_model.predict_proba([ROW]), small_model.predict_proba([bare]))


def test_a_model_of_rows_that_tell_who_speaks_reads_by_what_there_is(told_model: StanceClassifier) -> None:
    assert told_model.reading_ == "told"
    assert marked(ROW, told_model) == {False}
    assert marked({"sentence": "They agree.", "issue": "ceasefire"}, told_model) == {True}
    assert marked({"sentence": "They agree."}, told_model) == {True}


def test_one_row_that_tells_who_speaks_is_enough(annotations: pd.DataFrame) -> None:
    rows = [*annotations.to_dict("records"), ROW]
    assert StanceClassifier(calibrate=False).fit(rows, [*annotations["stance"], "oppose"]).reading_ == "told"


def test_rows_that_tell_who_speaks_are_learned_from_as_bare_sentences_too(many: pd.DataFrame) -> None:
    told = StanceClassifier().fit(many.assign(speaker_actor="NOR"), many["stance"])
    assert set(told.looks_) == {"told", "bare"}
    bare = many[["sentence", "issue"]]
    assert told.score(bare, many["stance"]) > 0.9


@pytest.mark.parametrize("reading", READINGS)
def test_prepared_rows_give_the_same_model(annotations: pd.DataFrame, reading: str) -> None:
    rows = annotations.to_dict("records")
    for row in rows:
        row.update({"plain": {"issue": None}, "bare": {}, "told": {"cue": "said"}}[reading])
    plain, prepared = (StanceClassifier().fit(given, annotations["stance"]) for given in (rows, prepare(rows)))
    assert plain.reading_ == reading
    assert pack_model(plain, "m") == pack_model(prepared, "m")


# Weights


def test_weights_of_one_change_nothing(annotations: pd.DataFrame) -> None:
    plain = StanceClassifier().fit(annotations, annotations["stance"])
    weighed = StanceClassifier().fit(annotations, annotations["stance"], sample_weight=[1.0] * 36)
    assert pack_model(plain, "m") == pack_model(weighed, "m")


@pytest.mark.parametrize(("weights", "label"), [([9.0, 1.0], "support"), ([1.0, 9.0], "oppose")])
def test_of_two_labels_of_a_sentence_the_heavier_wins(weights: list[float], label: str) -> None:
    rows = [{"sentence": "The council took up the quotas.", "issue": "sanctions"}] * 20
    model = StanceClassifier(balance=0.0, calibrate=False).fit(rows, ["support", "oppose"] * 10, sample_weight=weights * 10)
    assert list(model.predict(rows[:1])) == [label]


# Company


def company(model: StanceClassifier) -> tuple[list[dict[str, object]], np.ndarray]:
    """Return four statements of one article, and their scores by themselves before the second look."""
    sentences = ["Brandt welcomed the embargo.", "Brandt condemned it.", "Castell called for it.", "Dorval discussed it."]
    rows = [{**ROW, "sentence": sentence, "speaker_actor": actor} for sentence, actor in zip(sentences, "AABC", strict=True)]
    look = model.looks_["told"]
    alone = np.log(np.vstack([model.predict_proba([row]) for row in rows]))
    return rows, (alone - np.array(look.bias)) / look.own


def test_together_rows_of_an_article_differ_only_by_their_company(told_model: StanceClassifier) -> None:
    rows, scores = company(told_model)
    same, others = find_company(scores, rows)
    expected = softmax(0.8 * scores + 0.5 * same + 0.25 * others + np.array([0.3, 0.0, -0.3]))
    together = told_model.predict_proba(rows)
    np.testing.assert_allclose(together, expected, atol=1e-12)
    assert np.abs(together - np.vstack([told_model.predict_proba([row]) for row in rows])).max() > 0.01


@pytest.mark.parametrize(
    "changes",
    [
        [{"article_id": name} for name in "abcd"],
        [{"article_id": None}] * 4,
        [{"issue": name} for name in ("sanctions", "ceasefire", "peace_process", "fishing")],
    ],
    ids=["each in an article", "in none", "each on an issue"],
)
def test_rows_without_company_are_labelled_as_if_alone(told_model: StanceClassifier, changes: list[dict[str, object]]) -> None:
    rows = [{**row, **change} for row, change in zip(company(told_model)[0], changes, strict=True)]
    alone = np.vstack([told_model.predict_proba([row]) for row in rows])
    np.testing.assert_allclose(told_model.predict_proba(rows), alone, atol=1e-12)


def test_the_order_of_rows_does_not_matter(told_model: StanceClassifier) -> None:
    rows, _ = company(told_model)
    rows += [{"sentence": "Eskild condemned it.", "issue": "sanctions"}, {"sentence": "Nobody was briefed."}]
    order = [4, 2, 0, 5, 3, 1]
    found = told_model.predict_proba(rows)
    np.testing.assert_allclose(told_model.predict_proba([rows[i] for i in order]), found[order], atol=1e-12)


def test_bare_sentences_of_an_article_are_not_heard(told_model: StanceClassifier) -> None:
    rows, _ = company(told_model)
    bare = [{"sentence": "Lund rejected it.", "issue": "sanctions", "article_id": "harbour", "speaker": "Kari Lund"}] * 2
    together = told_model.predict_proba([*rows, *bare])
    np.testing.assert_allclose(together[:4], told_model.predict_proba(rows), atol=1e-12)
    np.testing.assert_allclose(together[4:], np.vstack([told_model.predict_proba(bare[:1])] * 2), atol=1e-12)


def test_nobody_is_heard_in_learning_who_is_not_heard_in_labelling(many: pd.DataFrame) -> None:
    # Every article holds three statements of one speaker, so that company would say a great deal.
    articles = [f"article-{i}" for i in range(36) for _ in range(3)]
    rows = many.sort_values("stance").assign(article_id=articles, speaker="Kari Lund", issue="sanctions")
    bare = StanceClassifier().fit(rows, rows["stance"])
    assert (bare.looks_["bare"].same, bare.looks_["bare"].others) == (0.0, 0.0)
    told = StanceClassifier().fit(rows.assign(speaker_actor="NOR"), rows["stance"])
    assert told.looks_["told"].same > 0
    assert told.looks_["bare"].same == 0


def test_a_second_look_is_left_out_where_none_is_asked_for(many: pd.DataFrame) -> None:
    assert StanceClassifier(calibrate=False).fit(many, many["stance"]).looks_ == {}
    assert StanceClassifier().fit(many, many["stance"]).looks_["bare"] != SecondLook()


def test_few_rows_have_a_neutral_look(small_model: StanceClassifier) -> None:
    assert small_model.looks_ == {"bare": SecondLook()}
