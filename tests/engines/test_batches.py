"""Batches and parts are cut by what is read alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stance.engines import Batch, read_batches
from stance.engines.batches import Place

TEXT = (
    "The ministers of both ports said that the ferry would be back by the end of the week, and that they were sorry for it all."
)


@pytest.fixture
def inputs(tmp_path: Path) -> list[Path]:
    """Ninety articles in three files, with a row that cannot be read before each tenth one and one at the end."""
    paths = []
    for name in ("a", "b", "c"):
        lines = [json.dumps({"id": f"{name}{i}", "text": TEXT}) for i in range(30)]
        for place in (0, 11, 22, 33):
            lines.insert(place, "{broken")
        paths.append(tmp_path / f"{name}.jsonl")
        paths[-1].write_text("\n".join(lines), encoding="utf-8")
    return paths


def ids(batches: list[Batch]) -> list[str]:
    return [article.id for batch in batches for article in batch.articles]


def test_batches_hold_all_articles_in_order(inputs: list[Path]) -> None:
    assert ids(list(read_batches(inputs))) == [f"{name}{i}" for name in "abc" for i in range(30)]


def test_the_first_batches_are_small(inputs: list[Path]) -> None:
    assert [len(batch.articles) for batch in read_batches(inputs)] == [1, 4, 16, 64, 5]


def test_what_was_left_out_comes_with_the_next_article(inputs: list[Path]) -> None:
    batches = list(read_batches(inputs))
    assert [len(batch.skipped) for batch in batches] == [1, 0, 2, 8, 1]


def test_what_is_left_out_after_the_last_part_is_told_too(inputs: list[Path]) -> None:
    batches = list(read_batches(inputs, part_articles=90))
    assert [(len(batch.articles), len(batch.skipped), batch.ends_part) for batch in batches[-2:]] == [(5, 0, True), (0, 1, False)]


def test_parts_end_where_they_should(inputs: list[Path]) -> None:
    ends, n_articles = [], 0
    for batch in read_batches(inputs, part_articles=25):
        n_articles += len(batch.articles)
        ends += [n_articles] * batch.ends_part
    assert ends == [25, 50, 75]


def test_articles_tell_their_places(inputs: list[Path]) -> None:
    places = [place for batch in read_batches(inputs) for place in batch.places]
    assert places == [Place(str(path), number) for path in inputs for number in range(30)]


@pytest.mark.parametrize("done", [25, 50, 75])
def test_parts_that_are_done_are_passed_over(inputs: list[Path], done: int) -> None:
    every = list(read_batches(inputs, part_articles=25))
    ended = [i for i, batch in enumerate(every) if batch.ends_part]
    assert list(read_batches(inputs, part_articles=25, done=done)) == every[ended[done // 25 - 1] + 1 :]


def test_long_articles_make_short_batches(tmp_path: Path) -> None:
    lines = [json.dumps({"id": f"long{i}", "text": TEXT * 5000}) for i in range(12)]
    (tmp_path / "long.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert [len(batch.articles) for batch in read_batches([tmp_path / "long.jsonl"])] == [1, 4, 4, 3]
