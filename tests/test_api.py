"""The handful of names that ``import stance`` gives."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import stance
from stance.errors import InputError, ModelError
from stance.model import StanceClassifier
from stance.records import ATTRIBUTION_COLUMNS, STANCES, STATEMENT_COLUMNS, Article


def test_label_gives_the_statement_table(articles: list[Article]) -> None:
    table = stance.label(articles)
    assert tuple(table.columns) == STATEMENT_COLUMNS
    assert set(table["stance"]) <= set(STANCES)
    assert set(table["article_id"]) == {article.id for article in articles}
    assert table["model"].str.startswith("default-").all()


def test_extract_gives_the_same_rows_without_a_stance(articles: list[Article]) -> None:
    extracted, labelled = stance.extract(articles), stance.label(articles)
    later = ["stance", "p_support", "p_oppose", "p_neutral", "model"]
    pd.testing.assert_frame_equal(extracted.drop(columns=later), labelled.drop(columns=later))
    assert extracted[later].isna().all(axis=None)


def test_a_text_a_list_and_a_table_give_the_same_rows(articles: list[Article]) -> None:
    text = articles[1].text
    by_text = stance.label(text)
    pd.testing.assert_frame_equal(stance.label([text]), by_text)
    pd.testing.assert_frame_equal(stance.label(pd.DataFrame({"text": [text]})), by_text)
    pd.testing.assert_frame_equal(stance.label([{"text": text}]), by_text)


@pytest.mark.parametrize("nothing", ["", "It rained.", []])
def test_nothing_to_find_gives_an_empty_table_with_every_column(nothing: object) -> None:
    table = stance.label(nothing)
    assert (len(table), tuple(table.columns)) == (0, STATEMENT_COLUMNS)


def test_label_keeps_the_issues_asked_for(articles: list[Article]) -> None:
    assert set(stance.label(articles, issues=["sanctions", "peace_process"])["issue"]) == {"sanctions", "peace_process"}


def test_label_refuses_an_unknown_issue(articles: list[Article]) -> None:
    with pytest.raises(InputError, match="sanction"):
        stance.label(articles, issues=["sanction"])


def test_label_withholds_what_is_not_probable_enough(articles: list[Article]) -> None:
    sure, all_of_them = stance.label(articles, abstain_below=0.999), stance.label(articles)
    assert sure["stance"].isna().all()
    assert all("abstained" in flags for flags in sure["flags"])
    assert sure["p_support"].tolist() == all_of_them["p_support"].tolist()


def test_label_takes_a_model_of_ones_own(articles: list[Article], small_model: StanceClassifier) -> None:
    assert set(stance.label(articles, model=small_model)["model"]) == {"custom"}


def test_labelling_twice_gives_the_same_table(articles: list[Article]) -> None:
    pd.testing.assert_frame_equal(stance.label(articles), stance.label(articles))


def test_an_article_without_text_is_an_input_error() -> None:
    with pytest.raises(InputError, match="no 'text'"):
        stance.label([{"body": "x"}])


def test_load_model_gives_the_one_that_comes_with_the_package() -> None:
    model = stance.load_model()
    assert isinstance(model, stance.StanceClassifier)
    assert set(model.classes_) == set(STANCES)


@pytest.mark.parametrize("kind", [str, Path])
def test_load_model_reads_a_file(
    tmp_path: Path, small_model: StanceClassifier, save_model: Callable[..., Path], kind: type
) -> None:
    path = save_model(tmp_path / "m.joblib", small_model)
    assert stance.load_model(kind(path)).get_params() == small_model.get_params()


def test_a_missing_model_file_is_named_and_a_way_out_given(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no model file .*gone\.joblib.*stance train"):
        stance.load_model(tmp_path / "gone.joblib")


def test_find_attributions_gives_every_attribution_with_its_offsets(articles: list[Article]) -> None:
    table = stance.find_attributions(articles)
    texts = {article.id: article.text for article in articles}
    assert tuple(table.columns) == ATTRIBUTION_COLUMNS
    assert set(table["article_id"]) == set(texts)
    assert [
        " … ".join(texts[row["article_id"]][start:end] for start, end in row["content"]) for row in table.to_dict("records")
    ] == table["quote"].tolist()


def test_find_attributions_leaves_out_attitudes_when_asked() -> None:
    text = "Kari Lund said the well was dry. The villagers believe it is cursed. The council decided to close it."
    assert stance.find_attributions(text)["cue_class"].tolist() == ["speech", "belief", "attitude"]
    assert stance.find_attributions(text, attitudes=False)["cue_class"].tolist() == ["speech"]


def test_find_attributions_of_nothing_gives_every_column() -> None:
    assert tuple(stance.find_attributions("").columns) == ATTRIBUTION_COLUMNS


def test_every_promised_name_is_there() -> None:
    assert [name for name in stance.__all__ if getattr(stance, name, None) is None] == []


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'sentiment'"):
        _ = stance.sentiment


@pytest.mark.parametrize("statement", ["import stance", "import stance; stance.Article", "import stance.cli"])
def test_importing_brings_in_nothing_heavy(statement: str) -> None:
    code = f"{statement}; import sys; print(sorted({{'pandas', 'numpy', 'sklearn', 'pyarrow'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
