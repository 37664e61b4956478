"""Keeps annotators' decisions in a SQLite file, which holds all that is needed to go on: statements, articles, decisions."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.errors import InputError
from stance.files.encoders import as_plain
from stance.records import ANNOTATION_COLUMNS, CODED_COLUMNS, LIST_COLUMNS, STANCES, VERDICTS, Article, Decision

if TYPE_CHECKING:
    import pandas as pd

STORE_SUFFIXES = (".db", ".sqlite", ".sqlite3")
# Told by `PRAGMA application_id`, so that another program's database is not taken for ours; "stnc" in ASCII.
APPLICATION = 0x73746E63
_VERSION = 1
# No decision is ever deleted or changed: one that is undone stays, with the time it was taken back.
_SCHEMA = """
CREATE TABLE articles (
  article_id TEXT PRIMARY KEY, title TEXT, published TEXT, outlet TEXT, url TEXT, text TEXT NOT NULL
);
CREATE TABLE statements (
  position INTEGER PRIMARY KEY, statement_id TEXT NOT NULL UNIQUE, article_id TEXT, content TEXT NOT NULL, added_by TEXT
);
CREATE INDEX statements_by_article ON statements (article_id);
CREATE INDEX statements_added ON statements (added_by) WHERE added_by IS NOT NULL;
CREATE TABLE decisions (
  decision_id INTEGER PRIMARY KEY AUTOINCREMENT,
  statement_id TEXT NOT NULL REFERENCES statements (statement_id),
  annotator TEXT NOT NULL,
  verdict TEXT NOT NULL,
  stance TEXT,
  fields TEXT NOT NULL,
  note TEXT NOT NULL,
  adjudicated INTEGER NOT NULL,
  decided_at TEXT NOT NULL,
  undone_at TEXT
);
CREATE INDEX decisions_by_statement ON decisions (statement_id, annotator);
CREATE TABLE kept (name TEXT PRIMARY KEY, content TEXT NOT NULL);
CREATE VIEW current_decisions AS
  SELECT * FROM decisions WHERE decision_id IN (
    SELECT max(decision_id) FROM decisions WHERE undone_at IS NULL GROUP BY statement_id, annotator, adjudicated
  );
"""
_DECISION = "statement_id, annotator, verdict, stance, fields, note, adjudicated, decided_at"


def is_store(path: Path) -> bool:
    """Return whether a file is an annotation store and no database of statements, by suffix and content.

    A file that is no database or does not exist counts as one: opening it as a store says what is wrong.
    """
    if path.suffix.lower() not in STORE_SUFFIXES:
        return False
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
            tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            return bool(tables == 0 or db.execute("PRAGMA application_id").fetchone()[0] == APPLICATION)
    except sqlite3.Error:
        return True


class AnnotationStore:
    """Statements, their articles, and what annotators decided of them, in one SQLite file.

    A decision is on disk when ``decide`` returns: the file has a write-ahead log and every commit is synced. Each call opens a
    connection of its own, so a store may be used from several threads and several processes.

    Raises
    ------
    InputError
        If the file is no annotation store, is damaged, or does not exist and ``create`` is false.
    """

    def __init__(self, path: Path, *, create: bool = True) -> None:
        self.path = path
        if not create and not path.is_file():
            msg = f"There is no file {path}."
            raise InputError(msg)
        if not path.parent.is_dir():
            msg = f"The folder {path.parent} does not exist; create it first."
            raise InputError(msg)
        with self._connect() as db:
            if db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0 and create:
                db.executescript(f"PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {_VERSION}; {_SCHEMA}")
            found = (db.execute("PRAGMA application_id").fetchone()[0], db.execute("PRAGMA user_version").fetchone()[0])
        if found != (APPLICATION, _VERSION):
            what = "a newer version of stance made it" if found[0] == APPLICATION else "it is another program's database"
            msg = f"{path} is not an annotation store that this version of stance reads: {what}."
            raise InputError(msg)

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.path, timeout=30)) as db:
                db.execute("PRAGMA journal_mode = WAL")
                db.execute("PRAGMA synchronous = FULL")
                db.execute("PRAGMA foreign_keys = ON")
                with db:
                    yield db
        except sqlite3.Error as error:
            msg = f"{self.path} cannot be used as an annotation store: {error}."
            raise InputError(msg) from error

    def add_statements(self, table: pd.DataFrame, *, added_by: str | None = None) -> int:
        """Add the rows of a statement table, in order; return how many are new. Rows whose id is known stay as they are."""
        rows = [{str(name): as_plain(value) for name, value in row.items()} for row in table.to_dict("records")]
        with self._connect() as db:
            before = db.total_changes
            db.executemany(
                "INSERT OR IGNORE INTO statements (statement_id, article_id, content, added_by) VALUES (?, ?, ?, ?)",
                [
                    (row["statement_id"], row.get("article_id"), json.dumps(row, ensure_ascii=False, default=str), added_by)
                    for row in rows
                ],
            )
            return db.total_changes - before

    def add_articles(self, articles: Iterable[Article]) -> int:
        """Add articles; return how many are new."""
        with self._connect() as db:
            before = db.total_changes
            db.executemany(
                "INSERT OR IGNORE INTO articles (article_id, title, published, outlet, url, text) VALUES (?, ?, ?, ?, ?, ?)",
                ((one.id, one.title, one.published, one.outlet, one.url, one.text) for one in articles),
            )
            return db.total_changes - before

    def statements(self) -> pd.DataFrame:
        """Return the statements in the order they were added, with the columns they came with."""
        import pandas as pd

        with self._connect() as db:
            rows = [json.loads(content) for (content,) in db.execute("SELECT content FROM statements ORDER BY position")]
        return pd.DataFrame(rows)

    def statement(self, statement_id: str) -> dict[str, Any] | None:
        """Return one statement as a row; None if there is none of that id."""
        with self._connect() as db:
            found = db.execute("SELECT content FROM statements WHERE statement_id = ?", (statement_id,)).fetchone()
        return None if found is None else json.loads(found[0])

    def added(self) -> dict[str, str]:
        """Return statement id -> who added it, for the statements that annotators added because they had been missed."""
        with self._connect() as db:
            # With the plus SQLite finds the few by their index instead of reading all in order.
            query = "SELECT statement_id, added_by FROM statements WHERE added_by IS NOT NULL ORDER BY +position"
            return dict(db.execute(query).fetchall())

    def count_given(self) -> int:
        """Return how many statements were given, those that annotators added not counted."""
        with self._connect() as db:
            query = "SELECT (SELECT count(*) FROM statements) - count(*) FROM statements WHERE added_by IS NOT NULL"
            return int(db.execute(query).fetchone()[0])

    def article(self, article_id: str) -> Article | None:
        """Return one article; None if its text was not given."""
        with self._connect() as db:
            query = "SELECT article_id, text, title, published, outlet, url FROM articles WHERE article_id = ?"
            found = db.execute(query, (article_id,)).fetchone()
        return None if found is None else Article(*found)

    def articles(self) -> list[Article]:
        """Return the articles in the order they were added."""
        with self._connect() as db:
            query = "SELECT article_id, text, title, published, outlet, url FROM articles ORDER BY rowid"
            return [Article(*row) for row in db.execute(query)]

    def decide(self, decisions: Iterable[Decision], *, keep_times: bool = False) -> None:
        """Add decisions, all or none; those without a time get the present one, unless ``keep_times`` leaves them without.

        Raises
        ------
        InputError
            If the statement is not in the store, or the verdict, stance or a field is not a known one.
        """
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        checked = [_check(one if one.decided_at or keep_times else replace(one, decided_at=now)) for one in decisions]
        marks = ", ".join("?" * len(_DECISION.split(",")))
        with self._connect() as db:
            db.executemany(f"INSERT INTO decisions ({_DECISION}) VALUES ({marks})", map(_as_cells, checked))

    def undo(self, annotator: str, *, adjudicated: bool = False) -> Decision | None:
        """Take back the annotator's latest decision, of their own coding or adjudicated, and return it; None if none is left."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        with self._connect() as db:
            latest = "WHERE annotator = ? AND adjudicated = ? AND undone_at IS NULL ORDER BY decision_id DESC LIMIT 1"
            query = f"SELECT decision_id, {_DECISION} FROM decisions {latest}"
            found = db.execute(query, (annotator, int(adjudicated))).fetchone()
            if found is None:
                return None
            db.execute("UPDATE decisions SET undone_at = ? WHERE decision_id = ?", (now, found[0]))
        return _from_cells(found[1:])

    def decisions(self, statement_id: str | None = None) -> list[Decision]:
        """Return the decisions that stand, of all statements or of one, oldest first: the latest of each annotator on each."""
        with self._connect() as db:
            one = "" if statement_id is None else " WHERE statement_id = ?"
            query = f"SELECT {_DECISION} FROM current_decisions{one} ORDER BY decision_id"
            return [_from_cells(row) for row in db.execute(query, () if statement_id is None else (statement_id,))]

    def keep(self, name: str, value: Any) -> None:
        """Keep a plain value that takes long to work out, under a name that changes with what it was worked out from."""
        with self._connect() as db:
            db.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", (name, json.dumps(as_plain(value), ensure_ascii=False)))

    def kept(self, name: str) -> Any:
        """Return the value kept under a name; None if there is none."""
        with self._connect() as db:
            found = db.execute("SELECT content FROM kept WHERE name = ?", (name,)).fetchone()
        return None if found is None else json.loads(found[0])

    def annotations(self) -> pd.DataFrame:
        """Return the annotation table: one row a statement and annotator, in the order of the statements, then of decision."""
        import pandas as pd

        with self._connect() as db:
            joined = "current_decisions JOIN statements USING (statement_id) ORDER BY position, decision_id"
            query = f"SELECT content, {_DECISION} FROM {joined}"
            found = [(json.loads(content), _from_cells(cells)) for content, *cells in db.execute(query)]
        return pd.DataFrame([annotation_row(row, decision) for row, decision in found], columns=list(ANNOTATION_COLUMNS))


def annotation_row(statement: dict[str, Any], decision: Decision) -> dict[str, Any]:
    """Return a row of the annotation table: the statement with what the annotator changed, and what they decided."""
    row = {name: statement.get(name) for name in ANNOTATION_COLUMNS}
    row.update({name: row[name] or [] for name in LIST_COLUMNS if name in row})
    row.update(decision.fields)
    row.update(
        stance=decision.stance,
        verdict=decision.verdict,
        annotator=decision.annotator,
        decided_at=decision.decided_at,
        adjudicated=decision.adjudicated,
        note=decision.note,
    )
    return row


def _check(decision: Decision) -> Decision:
    problem = None
    if not decision.annotator.strip():
        problem = "a decision needs an annotator"
    elif decision.verdict not in VERDICTS:
        problem = f"the verdict {decision.verdict!r} is not one of {', '.join(VERDICTS)}"
    elif (decision.verdict == "statement") != (decision.stance in STANCES):
        problem = f"the verdict {decision.verdict!r} does not go with the stance {decision.stance!r}"
    elif unknown := sorted(set(decision.fields) - set(CODED_COLUMNS)):
        problem = f"{', '.join(unknown)} cannot be changed; what can be is {', '.join(CODED_COLUMNS)}"
    if problem:
        msg = f"Statement {decision.statement_id!r}: {problem}."
        raise InputError(msg)
    return decision


def _as_cells(one: Decision) -> tuple[Any, ...]:
    fields = json.dumps(as_plain(dict(one.fields)), ensure_ascii=False)
    return one.statement_id, one.annotator, one.verdict, one.stance, fields, one.note, int(one.adjudicated), one.decided_at


def _from_cells(cells: Any) -> Decision:
    statement_id, annotator, verdict, stance, fields, note, adjudicated, decided_at = cells
    changed = {} if fields == "{}" else json.loads(fields)  # most change nothing, and there may be thousands
    return Decision(statement_id, annotator, verdict, stance, changed, note, bool(adjudicated), decided_at)
