"""Ids are kept apart in memory that does not grow."""

from __future__ import annotations

import sqlite3

import pytest

from stance.errors import InputError
from stance.files.ids import SeenIds


def settle(*articles: tuple[str, str]) -> list[str | None]:
    with SeenIds() as seen:
        return [seen.settle(article_id, text, f"news.jsonl:{i}")[0] for i, (article_id, text) in enumerate(articles)]


def test_ids_that_differ_stay() -> None:
    assert settle(("a", "one"), ("b", "one")) == ["a", "b"]


def test_the_same_id_and_text_are_left_out_however_often() -> None:
    assert settle(("a", "one"), ("a", "one"), ("a", "two"), ("a", "two"), ("a", "one")) == ["a", None, "a#2", None, None]


def test_a_new_id_is_one_that_is_free() -> None:
    assert settle(("a#2", "one"), ("a", "two"), ("a", "three"), ("a", "four")) == ["a#2", "a", "a#3", "a#4"]


def test_an_id_given_out_is_taken() -> None:
    assert settle(("a", "one"), ("a", "two"), ("a#2", "three"), ("a#2", "two")) == ["a", "a#2", "a#2#2", None]


def test_the_reason_names_the_earlier_place() -> None:
    with SeenIds() as seen:
        seen.settle("a", "one", "news.jsonl:1")
        assert seen.settle("a", "one", "b.csv:7") == (None, "the same id and text as news.jsonl:1")


def test_half_a_surrogate_pair_is_an_id_like_any_other() -> None:
    assert settle(("\ud83d", "\ud83d"), ("\ud83d", "\ud83d")) == ["\ud83d", None]


def test_a_full_temporary_folder_is_an_input_error() -> None:
    class Full:
        def execute(self, *_: object) -> None:
            msg = "database or disk is full"
            raise sqlite3.OperationalError(msg)

    seen = SeenIds()
    seen._database = Full()  # type: ignore[assignment]
    with pytest.raises(InputError, match="disk is full; set TMPDIR"):
        seen.settle("a", "one", "news.jsonl:1")
