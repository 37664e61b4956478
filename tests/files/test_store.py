"""What an annotation store keeps, and through what."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import stance
from stance.errors import InputError
from stance.files.store import AnnotationStore
from stance.records import ANNOTATION_COLUMNS, Article, Decision


@pytest.fixture
def statements(articles: list[Article]) -> pd.DataFrame:
    return stance.label(articles)


@pytest.fixture
def store(tmp_path: Path, statements: pd.DataFrame, articles: list[Article]) -> AnnotationStore:
    kept = AnnotationStore(tmp_path / "annotations.db")
    kept.add_statements(statements)
    kept.add_articles(articles)
    return kept


def test_what_goes_in_comes_out(store: AnnotationStore, statements: pd.DataFrame, articles: list[Article]) -> None:
    assert store.articles() == articles
    assert store.statements()["statement_id"].tolist() == statements["statement_id"].tolist()
    assert store.statements()["sender"].tolist() == statements["sender"].tolist()
    assert store.statement("nowhere") is None
    assert store.article("nowhere") is None


def test_adding_again_changes_nothing(store: AnnotationStore, statements: pd.DataFrame, articles: list[Article]) -> None:
    assert store.add_statements(statements.assign(stance="neutral")) == 0
    assert store.add_articles(articles) == 0
    assert store.statements()["stance"].tolist() == statements["stance"].tolist()


def test_a_row_holds_the_statement_with_what_the_annotator_changed(store: AnnotationStore, statements: pd.DataFrame) -> None:
    first, second = statements["statement_id"][:2]
    fields = {"speaker": "Marta Quell of Lisbon", "recipient": ["IRN", "RUS"]}
    store.decide([Decision(first, "ana", "statement", "oppose", fields, "see title"), Decision(second, "ana", "no_statement")])
    table = store.annotations()
    assert tuple(table.columns) == ANNOTATION_COLUMNS
    row = table.iloc[0]
    assert (row["speaker"], row["recipient"], row["stance"]) == ("Marta Quell of Lisbon", ["IRN", "RUS"], "oppose")
    assert (row["sentence"], row["note"]) == (statements["sentence"][0], "see title")
    assert row["decided_at"].endswith("+00:00")
    assert table["verdict"].tolist() == ["statement", "no_statement"]
    assert table["stance"].isna().tolist() == [False, True]


def test_the_latest_decision_of_each_annotator_counts(store: AnnotationStore, statements: pd.DataFrame) -> None:
    one = statements["statement_id"][0]
    store.decide([Decision(one, "ana", "unsure"), Decision(one, "bo", "statement", "neutral")])
    store.decide([Decision(one, "ana", "statement", "support")])
    store.decide([Decision(one, "bo", "statement", "oppose", adjudicated=True)])
    found = {(each.annotator, each.adjudicated): each.stance for each in store.decisions()}
    assert found == {("ana", False): "support", ("bo", False): "neutral", ("bo", True): "oppose"}


def test_undoing_brings_back_what_was_decided_before(store: AnnotationStore, statements: pd.DataFrame) -> None:
    one = statements["statement_id"][0]
    store.decide([Decision(one, "ana", "unsure")])
    store.decide([Decision(one, "ana", "statement", "support")])
    undone = store.undo("ana")
    assert undone is not None
    assert undone.stance == "support"
    assert [each.verdict for each in store.decisions()] == ["unsure"]
    assert store.undo("ana") is not None
    assert store.undo("ana") is None
    assert store.annotations().empty


def test_undoing_keeps_to_ones_own_coding_or_to_adjudication(store: AnnotationStore, statements: pd.DataFrame) -> None:
    one = statements["statement_id"][0]
    store.decide([Decision(one, "ana", "unsure"), Decision(one, "ana", "no_statement", adjudicated=True)])
    assert store.undo("ana", adjudicated=True) is not None
    assert store.undo("ana", adjudicated=True) is None
    assert [each.verdict for each in store.decisions()] == ["unsure"]


def test_the_decisions_of_one_statement_are_told(store: AnnotationStore, statements: pd.DataFrame) -> None:
    first, second = statements["statement_id"][:2]
    store.decide([Decision(first, "ana", "unsure"), Decision(second, "bo", "no_statement")])
    assert [each.annotator for each in store.decisions(second)] == ["bo"]


def test_a_statement_that_was_added_is_told_from_those_given(store: AnnotationStore, statements: pd.DataFrame) -> None:
    store.add_statements(statements.head(1).assign(statement_id="missed-1"), added_by="ana")
    assert store.added() == {"missed-1": "ana"}
    assert store.count_given() == len(statements)


def test_what_took_long_to_work_out_is_kept(store: AnnotationStore) -> None:
    store.keep("order", [["a", 1.5], ["b", None]])
    store.keep("order", [["b", None]])
    assert AnnotationStore(store.path).kept("order") == [["b", None]]
    assert store.kept("another") is None


@pytest.mark.parametrize(
    ("decision", "message"),
    [
        (Decision("?", "ana", "maybe"), "verdict 'maybe' is not one of"),
        (Decision("?", "ana", "statement"), "does not go with the stance None"),
        (Decision("?", "ana", "unsure", "support"), "does not go with the stance 'support'"),
        (Decision("?", " ", "unsure"), "needs an annotator"),
        (Decision("?", "ana", "unsure", fields={"sentence": "x"}), "sentence cannot be changed"),
        (Decision("?", "ana", "unsure"), "FOREIGN KEY constraint failed"),
    ],
)
def test_a_faulty_decision_is_refused(store: AnnotationStore, decision: Decision, message: str) -> None:
    with pytest.raises(InputError, match=message):
        store.decide([decision])
    assert store.decisions() == []


def test_a_killed_process_loses_no_decision(store: AnnotationStore, statements: pd.DataFrame) -> None:
    code = (
        "import os, signal, sys, pathlib; from stance.files.store import AnnotationStore; from stance.records import Decision;"
        "AnnotationStore(pathlib.Path(sys.argv[1])).decide([Decision(sys.argv[2], 'ana', 'unsure')]);"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code, str(store.path), statements["statement_id"][0]], check=False)
    assert [each.verdict for each in AnnotationStore(store.path, create=False).decisions()] == ["unsure"]


def test_files_that_are_no_store_are_refused_untouched(tmp_path: Path) -> None:
    foreign, text = tmp_path / "other.db", tmp_path / "notes.db"
    with sqlite3.connect(foreign) as db:
        db.execute("CREATE TABLE things (name TEXT)")
    db.close()
    text.write_text("not a database at all, only words " * 9, encoding="utf-8")
    with pytest.raises(InputError, match="another program's database"):
        AnnotationStore(foreign)
    with pytest.raises(InputError, match="cannot be used as an annotation store"):
        AnnotationStore(text)
    with pytest.raises(InputError, match="There is no file"):
        AnnotationStore(tmp_path / "none.db", create=False)
    assert not (tmp_path / "none.db").exists()
