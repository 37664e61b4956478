"""What the annotation table is, whichever file it stands in."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import stance
from stance.errors import InputError
from stance.files.annotations import read_annotation_table, write_annotation_table
from stance.files.store import AnnotationStore
from stance.records import ANNOTATION_COLUMNS, STATEMENT_COLUMNS, Article, Decision

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def table(tmp_path: Path, articles: list[Article]) -> pd.DataFrame:
    store = AnnotationStore(tmp_path / "first.db")
    statements = stance.label(articles)
    store.add_statements(statements)
    first, second, third = statements["statement_id"][:3]
    store.decide(
        [
            Decision(
                first, "ana", "statement", "oppose", {"speaker": "Marta Quell of Lisbon", "recipient": ["IRN", "RUS"]}, "a, b\nc"
            ),
            Decision(first, "bo", "no_statement"),
            Decision(second, "ana", "unsure", None, {}, "", True),
            Decision(third, "ana", "statement", "neutral", {"location": []}),
        ]
    )
    return read_annotation_table(store.path)


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet", ".db"])
def test_what_is_written_is_read_again(tmp_path: Path, table: pd.DataFrame, suffix: str) -> None:
    path = tmp_path / f"again{suffix}"
    write_annotation_table(table, path)
    pd.testing.assert_frame_equal(read_annotation_table(path), table)
    with pytest.raises(InputError, match="pass --force to replace it"):
        write_annotation_table(table, path)
    write_annotation_table(table.iloc[:1], path, force=True)
    assert len(read_annotation_table(path)) == 1


def test_its_columns_have_their_types(table: pd.DataFrame) -> None:
    assert tuple(table.columns) == ANNOTATION_COLUMNS
    assert (str(table["start"].dtype), str(table["adjudicated"].dtype)) == ("Int64", "bool")
    assert table["recipient"][0] == ["IRN", "RUS"]
    assert table["adjudicated"].tolist() == [False, False, True, False]
    assert table["note"].isna().tolist() == [False, True, True, True]
    assert table["stance"].isna().tolist() == [False, True, True, False]


def test_labelled_statements_are_rows_that_nobody_decided_on(tmp_path: Path, articles: list[Article]) -> None:
    labelled = stance.label(articles)
    labelled.to_json(tmp_path / "out.jsonl", orient="records", lines=True)
    found = read_annotation_table(tmp_path / "out.jsonl")
    assert found["statement_id"].tolist() == labelled["statement_id"].tolist()
    assert found["verdict"].isna().all()
    assert found["stance"].tolist() == labelled["stance"].tolist()
    assert set(found.columns) == set(ANNOTATION_COLUMNS) | set(STATEMENT_COLUMNS)


def test_gold_rows_get_the_verdict_statement_and_an_id() -> None:
    found = read_annotation_table(ROOT / "data" / "custom" / "statements.jsonl")
    assert set(found["verdict"]) == {"statement"}
    assert found["statement_id"].is_unique
    assert not found["adjudicated"].any()


def test_sentences_alone_are_a_table_too(tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    path.write_text("text,stance\nOslo backs the embargo.,support\nLima does not.,oppose\n", encoding="utf-8")
    found = read_annotation_table(path)
    assert found["sentence"].tolist() == ["Oslo backs the embargo.", "Lima does not."]
    assert found["verdict"].isna().all()
    assert found["statement_id"].is_unique


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"stance": "support"}, "has no column 'sentence', so it is no annotation table; it has 'stance'"),
        ({"sentence": "One.", "start": "ten"}, "column 'start' holds 'ten', which is not a whole number"),
        ({"sentence": "One.", "adjudicated": "maybe"}, "column 'adjudicated' holds 'maybe', which is neither true nor false"),
    ],
)
def test_what_is_no_annotation_table_is_refused(tmp_path: Path, row: dict[str, str], message: str) -> None:
    path = tmp_path / "faulty.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_annotation_table(path)
