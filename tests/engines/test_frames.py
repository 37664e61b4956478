"""``stance.label`` over processes and ``stance.label_frame``: the same rows, and types that hold for every table."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import stance
from stance import pipeline
from stance.errors import EngineError, InputError
from stance.model import StanceClassifier
from stance.records import STATEMENT_COLUMNS, Article


@pytest.fixture
def frame(articles: list[Article]) -> pd.DataFrame:
    return pd.DataFrame([{"id": article.id, "text": article.text, "published": article.published} for article in articles])


def test_the_table_is_the_same_for_every_number_of_jobs(articles: list[Article], model: StanceClassifier) -> None:
    pd.testing.assert_frame_equal(stance.label(articles, model=model, jobs=2), stance.label(articles, model=model))


def test_an_article_that_fails_in_another_process_is_an_error() -> None:
    failing = stance.StanceClassifier()  # not fitted
    text = "Norway will not join the sanctions on Iran, Foreign Minister Kari Lund of Norway said."
    with pytest.raises(EngineError, match="The article article-1 cannot be labelled: AttributeError"):
        stance.label(text, model=failing, jobs=2)


def test_frames_hold_the_rows_of_a_plain_call(frame: pd.DataFrame, model: StanceClassifier) -> None:
    labelled = stance.label_frame(frame, model=model)
    plain = stance.label(frame, model=model)
    assert tuple(labelled.columns) == STATEMENT_COLUMNS
    assert labelled.to_json(orient="records") == plain.to_json(orient="records")


def test_types_do_not_depend_on_the_cells(frame: pd.DataFrame, model: StanceClassifier) -> None:
    full, empty = stance.label_frame(frame, model=model), stance.label_frame(frame[:0], model=model)
    assert len(full) > 0
    assert len(empty) == 0
    assert full.dtypes.equals(empty.dtypes)
    assert (str(full["speaker"].dtype), str(full["start"].dtype), str(full["p_oppose"].dtype)) == ("str", "int64", "float64")
    assert all(isinstance(cell, list) for cell in full["flags"])


def test_articles_without_text_are_counted_in_a_warning(frame: pd.DataFrame, model: StanceClassifier) -> None:
    frame.loc[1, "text"] = None
    with pytest.warns(UserWarning, match="1 of 3 articles have no text or could not be labelled"):
        labelled = stance.label_frame(frame, model=model)
    assert set(labelled["article_id"]) == {"harbour", "courtyard"}


def test_articles_that_fail_are_counted_in_a_warning(
    frame: pd.DataFrame, model: StanceClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    extract = pipeline.extract_article

    def stumble(article: Article, *others: Any) -> Any:
        return 1 / 0 if article.id == "garrison" else extract(article, *others)

    monkeypatch.setattr(pipeline, "extract_article", stumble)
    with pytest.warns(UserWarning, match="the first that failed: .*garrison.*division by zero"):
        labelled = stance.label_frame(frame, model=model)
    assert set(labelled["article_id"]) == {"harbour", "courtyard"}


def test_a_frame_without_text_is_an_error(frame: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="no 'text'"):
        stance.label_frame(frame.drop(columns="text"))


def test_the_schema_for_spark_names_all_columns() -> None:
    assert [part.split("`")[1] for part in stance.SPARK_SCHEMA.split(", ")] == list(STATEMENT_COLUMNS)
