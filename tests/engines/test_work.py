"""Work on a batch: rows in order, and no article that takes others down with it."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

import stance
from stance import pipeline
from stance.engines import Attributing, Failure, Labelling
from stance.model import StanceClassifier
from stance.records import Article


@pytest.fixture
def work(model: StanceClassifier) -> Labelling:
    return Labelling(model, "tiny")


def test_labelling_gives_the_rows_of_the_function(work: Labelling, articles: list[Article]) -> None:
    assert work(articles).rows == list(pipeline.label_articles(articles, work.model, model_name="tiny"))


def test_attributing_gives_the_rows_of_the_function(articles: list[Article]) -> None:
    assert Attributing()(articles).rows == stance.find_attributions(articles).to_dict("records")


def test_rows_do_not_depend_on_the_batch(work: Labelling, articles: list[Article]) -> None:
    assert work(articles).rows == [row for article in articles for row in work([article]).rows]


def test_an_article_that_fails_is_named_and_the_others_are_labelled(
    work: Labelling, articles: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    extract = pipeline.extract_article

    def stumble(article: Article, *others: Any) -> Any:
        return extract(article, *others) if article.id != "garrison" else 1 / 0

    monkeypatch.setattr(pipeline, "extract_article", stumble)
    found = work(articles)
    assert found.failures == [Failure(1, "garrison", "division by zero", "ZeroDivisionError")]
    assert {row["article_id"] for row in found.rows} == {"harbour", "courtyard"}


def test_work_can_be_sent_to_another_process(work: Labelling, articles: list[Article]) -> None:
    assert pickle.loads(pickle.dumps(work))(articles) == work(articles)
