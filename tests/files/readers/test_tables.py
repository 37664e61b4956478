"""Columns of tables under names of their own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from stance.errors import InputError
from stance.files import read_articles
from stance.records import Article

Read = Callable[..., Any]
Save = Callable[..., Path]
COLUMNS = {"text": "Body", "published": "pub_date", "title": "headline", "id": "nr", "outlet": "paper", "url": "link"}


@pytest.fixture
def row(quay: str) -> dict[str, str]:
    return {
        "nr": "17",
        "body": quay,
        "pub_date": "5 March 2024",
        "headline": "Embargo to end",
        "paper": "Quayside Courier",
        "link": "https://q.test/17",
        "text": "a teaser",
    }


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "parquet"])
def test_mapped_columns_are_read_and_win_over_ours(
    read: Read, tmp_path: Path, row: dict[str, str], quay: str, suffix: str
) -> None:
    path = tmp_path / f"a.{suffix}"
    table = pd.DataFrame([row])
    if suffix == "parquet":
        table.to_parquet(path)
    elif suffix == "csv":
        table.to_csv(path, index=False)
    else:
        table.to_json(path, orient="records", lines=True)
    expected = Article("17", quay, "Embargo to end", "2024-03-05", "Quayside Courier", "https://q.test/17")
    assert read(path, columns=COLUMNS) == ([expected], [])


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_a_column_that_is_not_there_is_named_with_those_that_are(read: Read, save: Save, name: str) -> None:
    content = "nr,story\n1,x\n" if name == "a.csv" else '{"nr": 1, "story": "x"}\n' * 3
    articles, [skipped] = read(save(name, content), columns={"text": "body"})
    assert articles == []
    assert skipped.reason == "no column 'body'; it has 'nr', 'story'"


def test_every_mapped_column_must_be_in_a_table_with_a_header(read: Read, save: Save, quay: str) -> None:
    articles, [skipped] = read(save("a.csv", f'text,day\n"{quay}",x\n'), columns={"published": "date", "title": "head"})
    assert articles == []
    assert skipped.reason == "no column 'date', 'head'; it has 'text', 'day'"


def test_a_column_that_no_row_of_json_lines_has_is_noted(read: Read, save: Save, quay: str) -> None:
    rows = [{"body": f"{quay} {i}", "when": "2024-03-05"} for i in range(3)]
    path = save("a.jsonl", "".join(json.dumps(one) + "\n" for one in rows))
    articles, [note] = read(path, columns={"text": "body", "published": "wehn"})
    assert len(articles) == 3
    assert (note.kept, note.reason) == (True, "no row has 'wehn', where 'published' is looked for")


@pytest.mark.parametrize(
    ("columns", "said"), [({"txt": "body"}, "'txt' is no field"), ({"text": " "}, "No column is named for 'text'")]
)
def test_a_field_that_no_article_has_is_an_error_at_once(columns: dict[str, str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_articles([], on_skip=pytest.fail, columns=columns)
