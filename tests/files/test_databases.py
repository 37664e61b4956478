"""Statements in SQLite and in a real PostgreSQL server: what goes in comes out, and going in again changes nothing."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import stance
from stance.errors import InputError
from stance.files.addresses import Database, find_database
from stance.files.databases import DatabaseWriter, check_database, connection, open_database, schema, write_database, writing
from stance.files.store import AnnotationStore
from stance.records import LIST_COLUMNS, NUMBER_COLUMNS, STATEMENT_COLUMNS, WHOLE_COLUMNS, Article

TEXTS = [name for name in STATEMENT_COLUMNS if name not in (*LIST_COLUMNS, *WHOLE_COLUMNS, *NUMBER_COLUMNS, "published")]


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_BATCH", 500)
    monkeypatch.setattr(writing, "_ASKED", 200)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """An empty database of each kind, to be written to the table ``statements``."""
    place = str(tmp_path / "a.db") if request.param == "sqlite" else request.getfixturevalue("postgres").empty()
    return at(place)


@pytest.fixture
def sqlite(tmp_path: Path) -> Database:
    return at(str(tmp_path / "a.db"))


@pytest.fixture(scope="session")
def labelled(articles: list[Article]) -> pd.DataFrame:
    return stance.label(articles)


def at(place: str, table: str | None = None) -> Database:
    database = find_database(place, table)
    assert database is not None
    return database


def rows_of(database: Database) -> list[dict[str, Any]]:
    with open_database(database) as (_, rows):
        return list(rows)


def run(database: Database, *statements: str) -> list[Any]:
    """Run SQL as another program would and return the rows of the last statement."""
    engine = sa.create_engine(database.url)
    with engine.begin() as other:
        answers = [other.exec_driver_sql(statement) for statement in statements]
        found = [tuple(row) for row in answers[-1]] if answers[-1].returns_rows else []
    engine.dispose()
    return found


def plain_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {name: None if cell is None or cell != cell else cell for name, cell in row.items()} for row in table.to_dict("records")
    ]


def in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: str(row["statement_id"]))


# What goes in comes out


def test_statements_come_back_as_they_were_found(database: Database, labelled: pd.DataFrame) -> None:
    write_database(labelled, database)
    with open_database(database) as (columns, rows):
        found = list(rows)
    assert columns == STATEMENT_COLUMNS
    assert in_order(found) == in_order(plain_rows(labelled))
    assert any(row["sender"] for row in found)
    assert any(row["published"] == "2024-03-05" for row in found)


def test_sqlite_keeps_the_order_and_others_go_by_article_and_place(database: Database, labelled: pd.DataFrame) -> None:
    shuffled = labelled.sample(frac=1, random_state=3)
    write_database(shuffled, database)
    by_place = labelled.sort_values(["article_id", "start", "end", "statement_id"])
    expected = shuffled if database.is_sqlite else by_place
    assert [row["statement_id"] for row in rows_of(database)] == expected["statement_id"].tolist()


# Nothing that a database could hold is changed: any characters, empty texts, missing values, numbers to the last bit.
CELLS = st.text(
    st.sampled_from("'\"\\;{},:\n\r\t%[]") | st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=8
)
ROWS = st.fixed_dictionaries(
    dict.fromkeys(TEXTS, st.none() | CELLS)
    | dict.fromkeys(LIST_COLUMNS, st.lists(CELLS, max_size=3))
    | dict.fromkeys(WHOLE_COLUMNS, st.none() | st.integers(0, 10**9))
    | dict.fromkeys(NUMBER_COLUMNS, st.none() | st.floats(allow_nan=False, allow_infinity=False))
    | {"published": st.none() | st.dates().map(str), "statement_id": CELLS.filter(bool)}
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(rows=st.lists(ROWS, max_size=5, unique_by=lambda row: row["statement_id"]))
def test_any_cells_come_back(database: Database, rows: list[dict[str, Any]]) -> None:
    with DatabaseWriter(database, STATEMENT_COLUMNS) as writer:
        writer.write(rows)
    found = {row["statement_id"]: row for row in rows_of(database)}
    assert [found[row["statement_id"]] for row in rows] == [{name: row[name] for name in STATEMENT_COLUMNS} for row in rows]
    with DatabaseWriter(database, STATEMENT_COLUMNS) as again:
        again.write(rows)
    assert again.n_same == len(rows)


def test_characters_that_no_database_holds_are_replaced(database: Database) -> None:
    with DatabaseWriter(database, ["statement_id", "sentence"]) as writer:
        writer.write([{"statement_id": "a", "sentence": "nul \0 half \ud83d"}])
    assert rows_of(database) == [{"statement_id": "a", "sentence": "nul \ufffd half \ufffd"}]


def test_columns_of_ones_own_keep_their_kind(database: Database) -> None:
    table = pd.DataFrame(
        {
            "statement_id": ["a", "b"],
            "year": [2024, 2025],
            "score": [0.5, None],
            "note": ["x", None],
            "mixed": pd.Series([1, "a"], dtype=object),
            "stance_predicted": ["support", None],
            "p_support_predicted": [0.1, 0.2],
            "flags_predicted": [["abstained"], []],
        }
    )
    write_database(table, database)
    first, second = in_order(rows_of(database))
    assert first == {**plain_rows(table)[0], "mixed": "1"}
    assert (second["year"], second["score"], second["note"], second["mixed"]) == (2025, None, None, "a")
    assert second["flags_predicted"] == []


def test_a_table_without_rows_is_there(database: Database) -> None:
    writer = write_database(pd.DataFrame(columns=list(STATEMENT_COLUMNS)), database)
    with open_database(database) as (columns, rows):
        assert (columns, list(rows)) == (STATEMENT_COLUMNS, [])
    assert str(writer).endswith("table statements: nothing new")


# Written again


def state(database: Database) -> list[Any]:
    """All that is in the table, with what changes when a row is written, be it with the same values."""
    version = "rowid" if database.is_sqlite else "xmin, ctid"
    return run(database, f"SELECT {version}, statements.* FROM statements ORDER BY statement_id")


def test_writing_twice_changes_nothing(database: Database, labelled: pd.DataFrame) -> None:
    write_database(labelled, database)
    before = state(database)
    again = write_database(labelled, database)
    assert state(database) == before
    assert (again.n_new, again.n_changed, again.n_same) == (0, 0, len(labelled))


def test_a_newer_model_updates_its_rows_and_no_others(database: Database, labelled: pd.DataFrame) -> None:
    write_database(labelled, database)
    newer = labelled.head(2).assign(stance="neutral", p_neutral=0.75, model="newer", sender=[["AUT"], []], published="2025-01-31")
    again = write_database(newer, database)
    found = {row["statement_id"]: row for row in rows_of(database)}
    assert (again.n_new, again.n_changed, again.n_same) == (0, 2, 0)
    assert [found[row["statement_id"]] for row in plain_rows(newer)] == plain_rows(newer)
    assert [found[row["statement_id"]] for row in plain_rows(labelled)[2:]] == plain_rows(labelled)[2:]


def test_statements_of_other_articles_are_added(database: Database, labelled: pd.DataFrame) -> None:
    write_database(labelled.head(2), database)
    again = write_database(labelled, database)
    assert str(again) == f"{database}, table statements: {len(labelled) - 2} new, 2 as they were"
    assert len(rows_of(database)) == len(labelled)


def test_of_rows_with_the_same_id_the_last_counts(database: Database) -> None:
    with DatabaseWriter(database, ["statement_id", "stance"]) as writer:
        writer.write([{"statement_id": "a", "stance": label} for label in ("support", "neutral", "oppose")])
    assert rows_of(database) == [{"statement_id": "a", "stance": "oppose"}]
    assert writer.n_written == 1


@pytest.mark.parametrize("n_rows", [499, 500, 501, 1203])
def test_batches_lose_no_row(sqlite: Database, n_rows: int) -> None:
    rows = [{"statement_id": f"{number:05}", "start": number} for number in range(n_rows)]
    with DatabaseWriter(sqlite, ["statement_id", "start"]) as writer:
        for i in range(0, n_rows, 7):
            writer.write(rows[i : i + 7])
    assert rows_of(sqlite) == rows
    assert writer.n_new == n_rows


def test_where_there_is_no_upsert_rows_are_deleted_and_added(
    sqlite: Database, labelled: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "_upsert_statement", lambda *_: None)
    write_database(labelled, sqlite)
    again = write_database(labelled.assign(model=["newer", *labelled["model"][1:]]), sqlite)
    assert (again.n_new, again.n_changed, again.n_same) == (0, 1, len(labelled) - 1)
    assert len(rows_of(sqlite)) == len(labelled)
    assert [row["model"] for row in rows_of(sqlite)].count("newer") == 1


def test_mysql_is_told_in_its_own_words() -> None:
    from sqlalchemy.dialects import mysql

    kinds = {"statement_id": "text", "sentence": "text", "sender": "list", "article_id": "text"}
    table = schema.define_table("statements", kinds, "mysql")
    created = str(sa.schema.CreateTable(table).compile(dialect=mysql.dialect()))
    put = str(writing._upsert_statement("mysql", table).compile(dialect=mysql.dialect()))
    assert "statement_id VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL" in created
    assert "sender LONGTEXT" in created
    assert "CHARSET=utf8mb4" in created
    assert "ON DUPLICATE KEY UPDATE sentence = " in put


def test_two_runs_at_once_lose_nothing(database: Database) -> None:
    rows = [{"statement_id": f"{number:05}", "start": number, "stance": "support"} for number in range(1200)]
    errors: list[Exception] = []

    def write(mine: list[dict[str, Any]]) -> None:
        try:
            with DatabaseWriter(database, list(rows[0])) as writer:
                writer.write(mine)
        except InputError as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=[mine]) for mine in (rows, rows[::-1], rows[600:], rows[:700])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert in_order(rows_of(database)) == rows


# How it is laid out


def test_postgresql_has_dates_and_arrays(postgres: Any, labelled: pd.DataFrame) -> None:
    database = at(postgres.empty())
    write_database(labelled, database)
    query = "SELECT column_name, udt_name, is_nullable FROM information_schema.columns WHERE table_name = 'statements'"
    types = {name: (kind, nullable) for name, kind, nullable in run(database, query)}
    assert types["statement_id"] == ("text", "NO")
    assert types["published"] == ("date", "YES")
    assert types["sender"] == types["flags"] == ("_text", "YES")
    assert types["start"] == ("int8", "YES")
    assert types["p_oppose"] == ("float8", "YES")
    assert {name for name, (kind, _) in types.items() if kind == "text"} == set(TEXTS)
    assert run(database, "SELECT count(*) FROM statements WHERE 'IRN' = ANY (recipient) AND published >= '2024-03-01'") == [(3,)]


def test_sqlite_has_a_plain_table(sqlite: Database, labelled: pd.DataFrame) -> None:
    write_database(labelled, sqlite)
    types = {name: kind for _, name, kind, *_ in run(sqlite, "PRAGMA table_info(statements)")}
    assert tuple(types) == STATEMENT_COLUMNS
    assert {name: kind for name, kind in types.items() if kind != "TEXT"} == {
        "published": "DATE",
        "start": "INTEGER",
        "end": "INTEGER",
        "p_support": "REAL",
        "p_oppose": "REAL",
        "p_neutral": "REAL",
    }
    query = "SELECT count(*) FROM statements, json_each(recipient) WHERE value = 'IRN' AND published >= '2024-03-01'"
    assert run(sqlite, query) == [(3,)]
    assert run(sqlite, "SELECT DISTINCT typeof(recipient), typeof(p_oppose), typeof(start) FROM statements") == [
        ("text", "real", "integer")
    ]


def test_what_is_filtered_by_is_indexed(database: Database, labelled: pd.DataFrame) -> None:
    write_database(labelled, database)
    engine = sa.create_engine(database.url)
    found = sa.inspect(engine).get_indexes("statements")
    engine.dispose()
    assert {tuple(one["column_names"]) for one in found} == {
        ("article_id",),
        ("speaker_actor",),
        ("issue",),
        ("published",),
        ("stance",),
    }


# Full-text search in SQLite


def search(database: Database, words: str) -> list[str]:
    query = "SELECT speaker FROM statements WHERE rowid IN (SELECT rowid FROM statements_fts WHERE statements_fts MATCH ?)"
    with sqlite3.connect(str(database)) as other:
        found = [speaker for (speaker,) in other.execute(f"{query} ORDER BY rowid", [words])]
    other.close()
    return found


def in_step(database: Database) -> bool:
    """Ask SQLite whether the index holds what the table holds."""
    with sqlite3.connect(str(database)) as other:
        other.execute("INSERT INTO statements_fts (statements_fts, rank) VALUES ('integrity-check', 1)")
    other.close()
    return True


def test_sentences_quotes_and_speakers_are_found(sqlite: Database, labelled: pd.DataFrame) -> None:
    write_database(labelled, sqlite)
    assert search(sqlite, "baker") == ["Marta Quell"]  # stemmed: the sentence has bakers
    assert search(sqlite, "speaker: lund") == ["Kari Lund"]
    assert search(sqlite, "quote: embargo nurse") == ["Marta Quell"]
    assert search(sqlite, "zeppelin") == []


def test_the_index_follows_what_is_changed(sqlite: Database, labelled: pd.DataFrame) -> None:
    write_database(labelled, sqlite)
    write_database(labelled.assign(sentence=labelled["sentence"].str.replace("bakers", "zeppelins"), quote=""), sqlite)
    assert (search(sqlite, "baker"), search(sqlite, "zeppelin")) == ([], ["Marta Quell"])
    write_database(labelled.assign(model="newer"), sqlite)
    assert search(sqlite, "baker") == ["Marta Quell"]
    run(sqlite, "DELETE FROM statements WHERE speaker = 'Marta Quell'")
    assert search(sqlite, "baker") == []
    assert in_step(sqlite)


def test_the_index_outlives_a_vacuum(sqlite: Database, labelled: pd.DataFrame) -> None:
    write_database(labelled, sqlite)
    run(sqlite, "DELETE FROM statements WHERE rowid < 3")
    before = search(sqlite, "lund OR dafar")
    with sqlite3.connect(str(sqlite), isolation_level=None) as other:
        other.execute("VACUUM")
    other.close()
    assert search(sqlite, "lund OR dafar") == before != []
    assert in_step(sqlite)


def test_where_sqlite_has_no_full_text_search_there_is_a_table_without(
    sqlite: Database, labelled: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "_has_full_text", lambda _: False)
    write_database(labelled, sqlite)
    assert run(sqlite, "SELECT name FROM sqlite_master WHERE type IN ('table', 'trigger')") == [("statements",)]


# Names and places


def test_the_table_may_have_another_name(database: Database, labelled: pd.DataFrame) -> None:
    other = Database(database.url, "spring_2024")
    write_database(labelled, other)
    write_database(labelled.head(1), database)
    assert (len(rows_of(other)), len(rows_of(database))) == (len(labelled), 1)


def test_a_table_may_stand_in_a_schema(postgres: Any, labelled: pd.DataFrame) -> None:
    place = postgres.empty()
    run(at(place), "CREATE SCHEMA press")
    write_database(labelled, at(f"{place}?table=press.statements"))
    assert write_database(labelled, at(place, "press.statements")).n_same == len(labelled)
    assert run(at(place), "SELECT count(*) FROM press.statements") == [(len(labelled),)]


@pytest.mark.parametrize(
    ("place", "path"),
    [
        ("a.db", "a.db"),
        ("x/A.SQLITE", "x/A.SQLITE"),
        ("a.sqlite3", "a.sqlite3"),
        ("what? 100%.db", "what? 100%.db"),
        ("sqlite:///a.db", "a.db"),
        ("sqlite:////tmp/a.db", "/tmp/a.db"),
        ("sqlite:///anything", "anything"),
    ],
)
def test_files_are_known_by_suffix_or_address(place: str, path: str) -> None:
    assert at(place).path == Path(path)
    assert str(at(place)) == path


@pytest.mark.parametrize("place", ["a.csv", "a", "-", "out/", "https://news.test/a.db?table=x", "s3://news/a", "C:\\a.csv"])
def test_other_places_are_no_databases(place: str) -> None:
    assert find_database(place) is None or Path(place).suffix == ".db"


@pytest.mark.parametrize(
    ("place", "driver"),
    [
        ("postgresql://ana@db.test/news", "postgresql+psycopg"),
        ("postgres://ana@db.test/news", "postgresql+psycopg"),
        ("postgresql+psycopg2://ana@db.test/news", "postgresql+psycopg2"),
        ("mysql://ana@db.test/news", "mysql+pymysql"),
        ("mariadb://ana@db.test/news", "mariadb+pymysql"),
    ],
)
def test_drivers_are_those_of_the_extras(place: str, driver: str) -> None:
    assert at(place).url.drivername == driver
    assert str(at(place)) == f"{driver.split('+')[0]}://ana@db.test/news"


def test_the_table_is_part_of_the_address() -> None:
    assert at("postgresql://db.test/news?table=spring&sslmode=require") == at(
        "postgresql://db.test/news?sslmode=require", "spring"
    )
    assert at("a.db", "spring").table == "spring"
    assert at("a.db").table == "statements"


@pytest.mark.parametrize("table", ["", "drop table", "a;b", "a.b.c", 'a"b', "1a", "ä"])
def test_odd_names_of_tables_are_refused(table: str) -> None:
    with pytest.raises(InputError, match=r"Two tables are named|cannot be the name of a table"):
        at(f"sqlite:///a.db?table={table or 'a'}", "b" if not table else None)


# What goes wrong


def refusal(database: Database, columns: tuple[str, ...] = STATEMENT_COLUMNS) -> str:
    with pytest.raises(InputError) as caught:
        check_database(database, columns)
    return str(caught.value)


def test_a_table_without_ids_goes_into_files(sqlite: Database) -> None:
    assert "no such column; it has 'text', 'stance'. Write .csv" in refusal(sqlite, ("text", "stance"))
    with pytest.raises(InputError, match="A row has no statement_id"):
        write_database(pd.DataFrame({"statement_id": ["a", None]}), sqlite)
    assert not Path(str(sqlite)).exists()


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("published", "March 2024", "no date"),
        ("start", "abc", "no whole number"),
        ("end", 0.5, "no whole"),
        ("p_support", "x", "no number"),
    ],
)
def test_values_of_another_kind_are_refused(sqlite: Database, column: str, value: Any, said: str) -> None:
    with pytest.raises(InputError, match=f"The column '{column}' holds '{value}', which is {said}"):
        write_database(pd.DataFrame({"statement_id": ["a"], column: [value]}), sqlite)
    assert not Path(str(sqlite)).exists()


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (
            "CREATE TABLE statements (id INTEGER, text TEXT)",
            "it lacks the column 'statement_id'; it lacks the column 'article_id'",
        ),
        ("CREATE TABLE statements (statement_id TEXT, start TEXT)", "'start' is TEXT, not "),
        ("CREATE TABLE statements (statement_id TEXT, stance TEXT)", "'statement_id' is not its primary key"),
        ("CREATE TABLE statements (statement_id TEXT PRIMARY KEY, mine TEXT NOT NULL)", "its column 'mine' may not be empty"),
    ],
)
def test_a_table_of_another_shape_is_refused_with_what_differs(
    database: Database, labelled: pd.DataFrame, made: str, said: str
) -> None:
    run(database, made)
    assert "The table statements in " in refusal(database)
    assert said in refusal(database)
    with pytest.raises(InputError, match="of another shape"):
        write_database(labelled, database)
    assert run(database, "SELECT * FROM statements") == []


def test_columns_that_somebody_added_are_left_alone(database: Database, labelled: pd.DataFrame) -> None:
    write_database(labelled, database)
    run(database, "ALTER TABLE statements ADD COLUMN checked TEXT", "UPDATE statements SET checked = 'by Ana'")
    write_database(labelled.assign(model="newer"), database)
    assert {(row["checked"], row["model"]) for row in rows_of(database)} == {("by Ana", "newer")}


def test_an_annotation_store_is_never_written_to_nor_read(tmp_path: Path, labelled: pd.DataFrame) -> None:
    AnnotationStore(tmp_path / "store.db").add_statements(labelled)
    before = (tmp_path / "store.db").read_bytes()
    for place in (
        f"{tmp_path}/store.db",
        f"sqlite:///{tmp_path}/store.db?timeout=5",
        f"sqlite:///file:{tmp_path}/store.db?uri=true",
    ):
        assert "is an annotation store" in refusal(at(place))
        with pytest.raises(InputError, match="is an annotation store"):
            write_database(labelled, at(place, "another_table"))
        with pytest.raises(InputError, match="is an annotation store"):
            rows_of(at(place))
    assert (tmp_path / "store.db").read_bytes() == before


def test_a_file_of_statements_is_no_annotation_store(sqlite: Database, labelled: pd.DataFrame) -> None:
    write_database(labelled, sqlite)
    with pytest.raises(InputError, match="is not an annotation store"):
        AnnotationStore(Path(str(sqlite)))
    assert len(rows_of(sqlite)) == len(labelled)


def test_what_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("precious", encoding="utf-8")
    (tmp_path / "folder.db").mkdir()
    assert refusal(at(f"{tmp_path}/a.db")) == f"{tmp_path}/a.db cannot be used: file is not a database."
    assert "is a folder; add the name of a file" in refusal(at(f"{tmp_path}/folder.db"))
    assert "does not exist" in refusal(at(f"{tmp_path}/no/such/a.db"))
    assert "without a file" in refusal(at("sqlite://"))
    assert (tmp_path / "a.db").read_text(encoding="utf-8") == "precious"


def test_reading_makes_no_file(sqlite: Database) -> None:
    with pytest.raises(InputError, match="There is no file"):
        rows_of(sqlite)
    assert not Path(str(sqlite)).exists()


def test_checking_makes_no_file(sqlite: Database) -> None:
    check_database(sqlite, STATEMENT_COLUMNS)
    assert not Path(str(sqlite)).exists()


def test_a_missing_table_is_told_with_those_that_are_there(database: Database) -> None:
    run(database, "CREATE TABLE others (a TEXT)")
    with pytest.raises(InputError, match=r"has no table 'statements'; it has 'others'; add \?table=NAME to its address"):
        rows_of(database)


def test_a_file_that_may_only_be_read_is_refused(tmp_path: Path, sqlite: Database, labelled: pd.DataFrame) -> None:
    write_database(labelled, sqlite)
    read_only = at(f"sqlite:///file:{sqlite}?mode=ro&uri=true")
    assert len(rows_of(read_only)) == len(labelled)
    with pytest.raises(InputError, match="attempt to write a readonly database"):
        write_database(labelled.assign(model="newer"), read_only)


def test_a_file_that_somebody_else_writes_to_is_refused(
    sqlite: Database, labelled: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "_WAIT_SECONDS", 0.1)
    write_database(labelled, sqlite)
    other = sqlite3.connect(str(sqlite), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert "database is locked" in refusal(sqlite)
    other.close()


@pytest.fixture
def full(sqlite: Database) -> Iterator[Database]:
    """A database that takes a thousand rows and no more."""
    with DatabaseWriter(sqlite, ["statement_id", "start"]):
        pass
    run(
        sqlite,
        "CREATE TRIGGER full BEFORE INSERT ON statements WHEN (SELECT count(*) FROM statements) >= 1000 "
        "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END",
    )
    return sqlite


def test_what_is_committed_stays_and_is_counted(full: Database) -> None:
    rows = [{"statement_id": f"{number:05}", "start": number} for number in range(1300)]
    with pytest.raises(InputError) as caught, DatabaseWriter(full, ["statement_id", "start"]) as writer:
        writer.write(rows)
    assert str(caught.value) == f"{full} cannot be used: database or disk is full. 1000 rows were written before and stay."
    assert rows_of(full) == rows[:1000]
    assert writer.n_new == 1000


def test_a_full_disk_leaves_whole_batches(tmp_path: Path, labelled: pd.DataFrame) -> None:
    (tmp_path / "small").mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512k", "none", tmp_path / "small"], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only root may mount a small file system")
    try:
        database = at(f"{tmp_path}/small/a.db")
        rows = [{"statement_id": f"{number:05}", "sentence": f"{number} " * 60} for number in range(3000)]
        with pytest.raises(InputError) as caught, DatabaseWriter(database, ["statement_id", "sentence"]) as writer:
            writer.write(rows)
        n_rows = writer.n_written
        assert f"disk is full. {n_rows} rows were written before and stay." in str(caught.value)
        assert n_rows in (500, 1000)
        assert rows_of(database) == rows[:n_rows]
        assert in_step(database)
    finally:
        subprocess.run(["umount", tmp_path / "small"], check=True)


def write_and_fail(writer: DatabaseWriter, n_rows: int, error: type[BaseException]) -> None:
    with writer:
        writer.write([{"statement_id": f"{number:05}"} for number in range(n_rows)])
        raise error


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_a_run_that_ends_early_leaves_whole_batches(sqlite: Database, error: type[BaseException]) -> None:
    writer = DatabaseWriter(sqlite, ["statement_id"])
    with pytest.raises(error):
        write_and_fail(writer, 700, error)
    assert len(rows_of(sqlite)) == writer.n_written == 500


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_a_run_that_ends_before_the_first_batch_leaves_nothing(sqlite: Database, error: type[BaseException]) -> None:
    with pytest.raises(error):
        write_and_fail(DatabaseWriter(sqlite, ["statement_id"]), 1, error)
    assert not Path(str(sqlite)).exists()


def test_a_failure_in_the_first_batch_leaves_nothing(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError), DatabaseWriter(database, ["statement_id", "start"]) as writer:
        writer.write([{"statement_id": str(number), "start": number if number < 499 else "x"} for number in range(500)])
    assert not Path(str(database)).exists()
    with pytest.raises(InputError, match=r"There is no file|it has none"):
        rows_of(database)


# Other people's words, without the password

SECRET = "sesame"


@pytest.mark.parametrize(
    "place",
    [
        f"postgresql://ana:{SECRET}@127.0.0.1:1/news",
        f"postgresql://ana:{SECRET}@nowhere.invalid/news",
        f"postgresql://ana:{SECRET}@127.0.0.1:1/news?connect_timeout=1&password={SECRET}",
        f"postgresql://ana:{SECRET}@127.0.0.1:1/news?nonsense={SECRET}",
        f"postgresql://ana:x@{SECRET}@127.0.0.1:1/news",
        f"postgresql://ana:x/{SECRET}@127.0.0.1:1/news",
        f"postgresql://ana:x?{SECRET}#@127.0.0.1:1/news",
        f"postgresql://ana:x@y/{SECRET}@127.0.0.1/news",
        f"postgresql://ana:{SECRET}:{SECRET}",
        f"postgresql://127.0.0.1:{SECRET}/news",
        f"mysql+pymysql://ana:{SECRET}@127.0.0.1:1/news",
        f"mysql+nothing://ana:{SECRET}@127.0.0.1:1/news",
        f"cassandra://ana:{SECRET}@127.0.0.1:1/news",
        f"oracle+oracledb://ana:{SECRET}@127.0.0.1:1/news",
        f"sqlite:///a.db?nonsense={SECRET}",
    ],
)
def test_no_message_shows_the_password(place: str) -> None:
    with pytest.raises(InputError) as caught:
        rows_of(at(place))
    assert SECRET not in str(caught.value)


def test_the_address_is_shown_without_password() -> None:
    database = at(f"postgresql://ana:{SECRET}@db.test:5433/news?sslpassword={SECRET}&table=spring")
    assert str(database) == "postgresql://ana@db.test:5433/news"
    assert SECRET not in repr(database)


def test_a_wrong_password_and_a_missing_database_are_told(postgres: Any) -> None:
    wrong = refusal(at(postgres.address(password="sesame")))
    assert f"postgresql://stance@127.0.0.1:{postgres.port}/postgres cannot be used: " in wrong
    assert 'password authentication failed for user "stance"' in wrong
    assert 'database "nowhere" does not exist' in refusal(at(postgres.address("nowhere")))


def test_a_host_that_nobody_answers_for_is_told() -> None:
    assert "Connection refused" in refusal(at("postgresql://ana@127.0.0.1:1/news"))


def test_a_user_who_may_not_write_is_told(postgres: Any, labelled: pd.DataFrame) -> None:
    place = postgres.empty()
    write_database(labelled, at(place))
    run(at(place), "ALTER ROLE stance SET default_transaction_read_only = on")
    try:
        with pytest.raises(InputError, match=r"read-only transaction.* Nothing was written\."):
            write_database(labelled.assign(model="newer"), at(place))
    finally:
        run(
            at(place),
            "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
            "SET TRANSACTION READ WRITE",
            "ALTER ROLE stance RESET ALL",
        )


def test_a_connection_that_is_lost_between_batches_costs_nothing(postgres: Any) -> None:
    database = at(postgres.empty())
    name = database.url.database
    end = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    rows = [{"statement_id": f"{number:05}"} for number in range(1300)]

    def write() -> None:
        with DatabaseWriter(database, ["statement_id"]) as writer:
            writer.write(rows[:500])
            run(at(postgres.address("template1")), end)
            writer.write(rows[500:])

    write()
    assert rows_of(database) == rows


def test_a_batch_that_the_server_refuses_is_left_out_whole(postgres: Any) -> None:
    database = at(postgres.empty())
    rows = [{"statement_id": f"{number:05}"} for number in range(1300)]
    with DatabaseWriter(database, ["statement_id"]) as writer:
        writer.write(rows[:500])
        run(database, "ALTER TABLE statements ADD CHECK (statement_id < '00700')")
        with pytest.raises(InputError) as caught:
            writer.write(rows[500:])
        writer._waiting.clear()
    said = 'new row for relation "statements" violates check constraint "statements_statement_id_check"'
    assert str(caught.value) == f"{database} cannot be used: {said}. 500 rows were written before and stay."
    assert rows_of(database) == rows[:500]


def test_a_driver_that_is_missing_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.setitem(sys.modules, "pymysql", None)
    monkeypatch.setitem(sys.modules, "MySQLdb", None)
    assert "pip install 'stance[postgres]'" in refusal(at("postgresql://ana@db.test/news"))
    assert "pip install 'stance[mysql]'" in refusal(at("mysql://ana@db.test/news"))
    assert "pip install 'MySQLdb'" in refusal(at("mysql+mysqldb://ana@db.test/news"))


def test_an_unknown_database_is_told_with_the_known() -> None:
    assert "SQLAlchemy knows no database 'cassandra'; it knows sqlite, postgresql" in refusal(at("cassandra://db.test/news"))
