"""``stance label`` with a database at either end, and with targets that cannot be written to."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import Result
from typer.testing import CliRunner

import stance
from stance.cli import app
from stance.errors import InputError
from stance.files import find_database, read_columns, read_statements, read_table, write_table
from stance.files.databases import write_database, writing
from stance.files.store import AnnotationStore
from stance.records import STATEMENT_COLUMNS, Article


@pytest.fixture
def folder(tmp_path: Path, articles: list[Article]) -> Path:
    """The three articles as JSON Lines."""
    path = tmp_path / "articles.jsonl"
    fields = ("id", "text", "title", "published", "outlet", "url")
    rows = [{name: getattr(article, name) for name in fields} for article in articles]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(tmp_path / "out.db") if request.param == "sqlite" else request.getfixturevalue("postgres").empty()


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments])


def table_at(place: str, table: str | None = None) -> pd.DataFrame:
    database = find_database(place, table)
    assert database is not None
    return read_statements(database).sort_values("statement_id", ignore_index=True)


# Written


def test_a_run_writes_a_database_and_says_what_came_of_it(folder: Path, place: str, articles: list[Article]) -> None:
    first = run("label", folder, "-o", place)
    again = run("label", folder, "-o", place)
    shown = str(find_database(place))
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert first.stderr == f"3 articles, 9 statements -> {shown}, table statements: 9 new\n"
    assert again.stderr == f"3 articles, 9 statements -> {shown}, table statements: 9 as they were\n"
    write_table(stance.label(articles), folder.parent / "whole.jsonl")
    expected = read_statements(folder.parent / "whole.jsonl").sort_values("statement_id", ignore_index=True)
    pd.testing.assert_frame_equal(table_at(place), expected)


def test_every_format_reads_back_the_same(folder: Path, place: str, tmp_path: Path) -> None:
    run("label", folder, "-o", place)
    run("label", folder, "-o", tmp_path / "a.csv")
    expected = read_statements(tmp_path / "a.csv").sort_values("statement_id", ignore_index=True)
    pd.testing.assert_frame_equal(table_at(place), expected)


def test_the_table_is_named_beside_or_in_the_address(folder: Path, place: str) -> None:
    beside = run("label", folder, "-o", place, "--table", "spring")
    address = place if "://" in place else f"sqlite:///{place}"
    within = run("label", folder, "-o", f"{address}?table=spring")
    assert beside.stderr.endswith("table spring: 9 new\n")
    assert within.stderr.endswith("table spring: 9 as they were\n")
    assert len(table_at(place, "spring")) == 9


def test_jobs_write_the_same_database(folder: Path, tmp_path: Path) -> None:
    run("label", folder, "-o", tmp_path / "one.db")
    run("label", folder, "-o", tmp_path / "two.db", "--jobs", "2")
    pd.testing.assert_frame_equal(read_statements(tmp_path / "two.db"), read_statements(tmp_path / "one.db"))


def test_quiet_runs_say_nothing_and_shown_ones_show(folder: Path, tmp_path: Path) -> None:
    assert run("label", folder, "-o", tmp_path / "a.db", "-q").output == ""
    assert "Marta Quell (PRT)" in run("label", folder, "-o", tmp_path / "a.db", "--show").stdout


def test_a_run_without_articles_makes_no_database(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("", encoding="utf-8")
    result = run("label", tmp_path / "a.txt", "-o", tmp_path / "a.db")
    assert result.exit_code == 1
    assert "nothing was labelled" in result.stderr
    assert not (tmp_path / "a.db").exists()


def test_articles_without_statements_make_an_empty_table(tmp_path: Path) -> None:
    text = "The harbour was quiet on Monday and the ferries to the islands ran as they had for years, with a band on the pier."
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    result = run("label", tmp_path / "a.txt", "-o", tmp_path / "a.db")
    assert result.stderr == f"1 articles, 0 statements -> {tmp_path}/a.db, table statements: nothing new\n"
    assert tuple(read_table(tmp_path / "a.db").columns) == STATEMENT_COLUMNS


# Read


def test_a_database_is_labelled_as_ready_statements(folder: Path, place: str, tmp_path: Path) -> None:
    run("label", folder, "-o", place)
    result = run("label", place, "--articles", folder, "-o", tmp_path / "again.csv")
    again = read_statements(tmp_path / "again.csv").sort_values("statement_id", ignore_index=True)
    assert result.exit_code == 0
    assert again["stance_predicted"].tolist() == again["stance"].tolist()
    pd.testing.assert_frame_equal(again[list(STATEMENT_COLUMNS)], table_at(place))


def test_ready_statements_go_into_a_database(folder: Path, place: str, tmp_path: Path) -> None:
    run("label", folder, "-o", tmp_path / "a.csv")
    result = run("label", tmp_path / "a.csv", "-o", place, "--table", "twice")
    assert result.stderr == f"9 statements labelled -> {find_database(place)}, table twice: 9 new\n"
    table = table_at(place, "twice")
    assert table["p_support_predicted"].between(0, 1).all()
    assert table["sender"].map(type).eq(list).all()


def test_a_database_can_be_trained_and_evaluated_on(tmp_path: Path, annotations: pd.DataFrame) -> None:
    given = annotations.assign(statement_id=[f"{number:02}" for number in range(len(annotations))])
    write_database(given, find_database(tmp_path / "gold.db"))  # type: ignore[arg-type]
    evaluated = run("evaluate", tmp_path / "gold.db", "--json")
    assert evaluated.exit_code == 0
    assert json.loads(evaluated.stdout)["all"]["n_statements"] == 36


def test_a_database_in_a_folder_of_articles_is_passed_over(folder: Path) -> None:
    run("label", folder, "-o", folder.parent / "out.db")
    again = run("label", folder.parent, "-o", folder.parent / "out.db")
    assert again.stderr.startswith("3 articles, 9 statements -> ")


def test_columns_of_a_database_are_told(folder: Path, tmp_path: Path) -> None:
    run("label", folder, "-o", tmp_path / "a.db")
    assert read_columns(tmp_path / "a.db") == STATEMENT_COLUMNS


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gone.db", "Nothing matches"),
        ("text.db", "file is not a database"),
        ("store.db", "is an annotation store"),
        ("other.db", "has no table 'statements'; it has 'mine'; add ?table=NAME to its address"),
    ],
)
def test_a_database_that_cannot_be_read_is_an_error_that_says_why(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "text.db").write_text("no database at all, but text " * 50, encoding="utf-8")
    AnnotationStore(tmp_path / "store.db")
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE mine (sentence TEXT)")
    other.close()
    result = run("label", tmp_path / name, "-o", tmp_path / "out.csv")
    assert (result.exit_code, result.stdout) == (1, "")
    assert said in result.stderr
    assert not (tmp_path / "out.csv").exists()


def test_articles_are_not_read_from_a_database(folder: Path, tmp_path: Path) -> None:
    run("label", folder, "-o", tmp_path / "a.db")
    result = run("label", tmp_path / "a.db", folder, "-o", tmp_path / "b.csv")
    assert "a.db: a database: stance reads tables of statements from it, and articles from files" in result.stderr
    assert "3 articles" in result.stderr


# Targets that cannot be written to


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("folder.db", "is a folder; add the name of a file"),
        ("no/such/a.db", "does not exist"),
        ("text.db", "file is not a database"),
        ("store.db", "is an annotation store, in which decisions are kept"),
        ("other.db", "is of another shape: it lacks the column 'statement_id'"),
        ("pipe.db", "is not a regular file"),
    ],
)
def test_a_wrong_file_is_refused_before_any_work(folder: Path, tmp_path: Path, target: str, said: str) -> None:
    import os

    (tmp_path / "folder.db").mkdir()
    (tmp_path / "text.db").write_text("precious", encoding="utf-8")
    AnnotationStore(tmp_path / "store.db")
    os.mkfifo(tmp_path / "pipe.db")
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE statements (sentence TEXT)")
    other.close()
    before = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    result = run("label", folder, "-o", tmp_path / target)
    assert (result.exit_code, result.stdout) == (1, "")
    assert said in result.stderr
    assert result.stderr.startswith("stance: ")
    assert {path.name: path.stat().st_size for path in tmp_path.iterdir()} == before


SECRET = "sesame"


@pytest.mark.parametrize(
    ("target", "status"),
    [
        (f"postgresql://ana:{SECRET}@127.0.0.1:1/news", 1),
        (f"postgresql://ana:{SECRET}@nowhere.invalid/news", 1),
        (f"postgresql://ana:{SECRET}@x@127.0.0.1/news", 1),
        (f"mysql://ana:{SECRET}@127.0.0.1:1/news", 1),
        (f"cassandra://ana:{SECRET}@127.0.0.1:1/news", 1),
        (f"postgresql://ana:{SECRET}@127.0.0.1:1/news?table=;", 1),
    ],
)
@pytest.mark.parametrize("arguments", [(), ("--format", "csv"), ("--table", "x")])
def test_a_wrong_address_is_refused_without_its_password(
    folder: Path, target: str, status: int, arguments: tuple[str, ...]
) -> None:
    for command in ("label", "quotes"):
        given = arguments if command == "label" else ()
        result = run(command, folder, "-o", target, *given)
        assert result.exit_code == status
        assert result.stderr.startswith("stance: ")
        assert SECRET not in result.output
    read = run("label", target)
    assert read.exit_code == 1
    assert SECRET not in read.output


def test_a_wrong_password_is_told_without_it(folder: Path, postgres: Any) -> None:
    result = run("label", folder, "-o", postgres.address(password=SECRET))
    assert result.exit_code == 1
    assert 'password authentication failed for user "stance"' in result.stderr
    assert SECRET not in result.output


def test_attributions_go_into_files(folder: Path, tmp_path: Path) -> None:
    result = run("quotes", folder, "-o", tmp_path / "a.db")
    assert result.exit_code == 1
    assert "knows statements by their statement_id" in result.stderr
    assert not (tmp_path / "a.db").exists()


def test_an_address_is_no_folder_of_parts(folder: Path, postgres: Any) -> None:
    result = run("label", folder, "-o", f"postgresql://ana:{SECRET}@127.0.0.1:{postgres.port}/", "--resume")
    assert result.exit_code == 2
    assert "only a folder of parts has a use for it" in " ".join(result.stderr.split())
    assert SECRET not in result.output


def test_a_database_among_the_inputs_of_parts_is_passed_over(folder: Path, tmp_path: Path) -> None:
    run("label", folder, "-o", tmp_path / "a.db")
    for database in (tmp_path / "a.db", f"sqlite:///{tmp_path}/a.db"):
        result = run("label", database, folder, "-o", f"{tmp_path}/parts/", "--force")
        assert result.exit_code == 0
        assert "skipped: " in result.stderr


def test_only_a_database_has_tables_and_only_a_file_a_format(folder: Path, tmp_path: Path) -> None:
    no_table = run("label", folder, "-o", tmp_path / "a.csv", "--table", "x")
    no_format = run("label", folder, "-o", f"sqlite:///{tmp_path}/a.db", "--format", "csv")
    nowhere = run("label", folder, "--table", "x")
    assert [one.exit_code for one in (no_table, no_format, nowhere)] == [1, 1, 2]
    assert "leave out --table" in no_table.stderr
    assert "leave out --format" in no_format.stderr
    assert list(tmp_path.iterdir()) == [folder]


def test_a_format_makes_a_file_of_any_name(folder: Path, tmp_path: Path) -> None:
    assert run("label", folder, "-o", tmp_path / "a.db", "--format", "jsonl").exit_code == 0
    assert (tmp_path / "a.db").read_text(encoding="utf-8").startswith('{"statement_id"')


def test_what_is_written_before_the_disk_is_full_stays(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_BATCH", 4)
    run("label", folder, "-o", tmp_path / "a.db")
    with sqlite3.connect(tmp_path / "a.db") as other:
        other.execute("DELETE FROM statements")
        other.execute(
            "CREATE TRIGGER full BEFORE INSERT ON statements WHEN (SELECT count(*) FROM statements) >= 8 "
            "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
    other.close()
    result = run("label", folder, "-o", tmp_path / "a.db")
    assert result.exit_code == 1
    assert (
        result.stderr
        == f"stance: {tmp_path}/a.db cannot be used: database or disk is full. 8 rows were written before and stay.\n"
    )
    assert len(read_table(tmp_path / "a.db")) == 8


def test_the_store_suffixes_are_those_of_databases() -> None:
    from stance.files.addresses import SQLITE_SUFFIXES
    from stance.files.store import STORE_SUFFIXES

    assert SQLITE_SUFFIXES == STORE_SUFFIXES


@pytest.mark.slow
def test_an_interrupted_run_says_what_is_there(tmp_path: Path) -> None:
    sentence = "Kari Lund of Norway rejected the sanctions on Iran, and the ministers of the two countries met in the town."
    rows = "".join(json.dumps({"id": number, "text": f"{sentence} It was day {number}."}) + "\n" for number in range(60_000))
    (tmp_path / "many.jsonl").write_text(rows, encoding="utf-8")
    command = [
        sys.executable,
        "-c",
        "from stance.cli import app; app()",
        "label",
        tmp_path / "many.jsonl",
        "-o",
        tmp_path / "a.db",
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        while not ((tmp_path / "a.db").exists() and (tmp_path / "a.db").stat().st_size > 500_000):
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        said = process.stderr.read()
    n_rows = len(read_table(tmp_path / "a.db"))
    assert process.returncode == 130
    assert n_rows % 2000 == 0
    assert said == f"stance: interrupted; {n_rows} rows are in {tmp_path}/a.db, table statements, and stay.\n"


def test_reading_a_missing_database_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no file"):
        read_statements(tmp_path / "gone.db")


def test_the_query_of_the_readme_finds_what_the_readme_shows(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    asked = re.search(r'^\$ sqlite3 -box statements\.db "(.*?)"\n(.*?)^```', (root / "README.md").read_text("utf-8"), re.M | re.S)
    assert asked is not None
    run("label", root / "data" / "articles", "-o", tmp_path / "a.db")
    with sqlite3.connect(tmp_path / "a.db") as other:
        rows = other.execute(asked[1]).fetchall()
    other.close()
    shown = [tuple(cell.strip() for cell in line.strip("│").split("│")) for line in asked[2].splitlines() if line.startswith("│")]
    assert shown[1:] == rows
