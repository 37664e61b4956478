"""Writes statements into a table of a database, so that writing them again changes nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from stance.errors import InputError
from stance.files.addresses import Database
from stance.files.databases.connection import connect, require_usable
from stance.files.databases.schema import (
    KEY,
    create_table,
    define_table,
    find_differences,
    from_cell,
    kind_of_column,
    kind_of_values,
    to_cells,
)
from stance.files.encoders import plain_columns, plain_values

if TYPE_CHECKING:
    import pandas as pd
    import sqlalchemy as sa

# Rows of one transaction: some megabytes, and a second of work. Rows asked for at once: SQLite once took 999 values.
_BATCH = 2000
_ASKED = 900
# Any number will do that nobody else takes.
_CREATION_LOCK = 0x73746E63


def check_database(database: Database, columns: Sequence[str]) -> None:
    """Require that statements with these columns can be written there, before any work is done for it; nothing is changed.

    Raises
    ------
    InputError
        If the table has no ``statement_id``, the database cannot be reached or used, or holds a table of another shape.
    """
    _require_key(columns)
    require_usable(database, writing=True)
    if database.path is not None and not database.path.exists():
        return  # connecting would make it
    with connect(database, writing=True) as connection:
        _is_there(connection, database, define_table(database.table, _kinds(columns), connection.dialect.name))


def write_database(table: pd.DataFrame, database: Database) -> DatabaseWriter:
    """Write a table of statements with whatever columns it has; return the writer, which tells what came of it.

    Raises
    ------
    InputError
        As ``check_database``, and for values that a column cannot hold.
    """
    columns = {str(name): plain_values(table[name].tolist(), name) for name in table.columns}
    kinds = {name: kind_of_values(name, values) for name, values in columns.items()}
    with DatabaseWriter(database, list(columns), kinds) as writer:
        writer.write([dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)])
    return writer


def _kinds(columns: Sequence[str]) -> dict[str, str]:
    return {name: kind_of_column(name) for name in columns}


def _require_key(columns: Sequence[str]) -> None:
    if KEY not in columns:
        msg = (
            f"A database knows statements by their {KEY}, and the table has no such column; "
            f"it has {', '.join(map(repr, columns))}. Write .csv, .jsonl or .parquet."
        )
        raise InputError(msg)


class DatabaseWriter:
    """Puts rows into a table, by their ``statement_id``: new ones are added, those that differ are replaced.

    Each batch is a transaction of its own, so that what is committed stays. The table is made with the first one.
    ``n_new``, ``n_changed`` and ``n_same`` count the rows that are safely there. Columns that a table has besides are left alone.
    """

    def __init__(self, database: Database, columns: Sequence[str], kinds: Mapping[str, str] | None = None) -> None:
        _require_key(columns)
        self.database = database
        self.n_new = self.n_changed = self.n_same = 0
        self._kinds = dict(kinds or _kinds(columns))
        self._waiting: list[dict[str, Any]] = []
        self._table: sa.Table | None = None
        self._new_file: Path | None = None
        self._is_open = False

    @property
    def n_written(self) -> int:
        """How many rows are safely there, whether or not this writer changed them."""
        return self.n_new + self.n_changed + self.n_same

    def __str__(self) -> str:
        counts = ((self.n_new, "new"), (self.n_changed, "changed"), (self.n_same, "as they were"))
        told = ", ".join(f"{count} {what}" for count, what in counts if count) or "nothing new"
        return f"{self.database}, table {self.database.table}: {told}"

    def __enter__(self) -> Self:
        self._is_open = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool | None:
        try:
            if kind is None and self._is_open and (self._waiting or self._table is None):
                self._flush(len(self._waiting))
        finally:
            self._is_open = False
            self._waiting.clear()
            if self._new_file is not None and self._table is None:
                _remove_empty(self._new_file)
        return None

    def close(self) -> None:
        """Write the rows that wait for company; the table is there afterwards, even without any row."""
        self.__exit__(None, None, None)

    def write(self, rows: Sequence[dict[str, Any]]) -> None:
        """Take some rows; they are written when there are enough for a transaction."""
        if not self._is_open:
            msg = "The writer is not open."
            raise ValueError(msg)
        self._waiting += rows
        while len(self._waiting) >= _BATCH:
            self._flush(_BATCH)

    def _flush(self, n_rows: int) -> None:
        path = self.database.path
        if self._table is None and path is not None and not path.exists():
            self._new_file = path
        try:
            # A connection for each batch: between two of them an hour may pass, and servers hang up on those who say nothing.
            with connect(self.database, writing=True) as connection, connection.begin():
                table = _find_or_create(connection, self.database, self._kinds) if self._table is None else self._table
                counts = _put(connection, table, _as_cells(self._waiting[:n_rows], table, self._kinds))
        except InputError as error:
            after = f"{self.n_written} rows were written before and stay" if self.n_written else "Nothing was written"
            msg = f"{error} {after}."
            raise InputError(msg) from error
        self._table = table
        del self._waiting[:n_rows]
        self.n_new, self.n_changed, self.n_same = self.n_new + counts[0], self.n_changed + counts[1], self.n_same + counts[2]


def _remove_empty(path: Path) -> None:
    with suppress(OSError, sqlite3.Error):
        with closing(sqlite3.connect(path)) as db:
            n_tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if n_tables == 0:
            path.unlink()


def _is_there(connection: sa.Connection, database: Database, table: sa.Table) -> bool:
    """Return whether the table is there; InputError if it is of another shape."""
    import sqlalchemy as sa

    inspector = sa.inspect(connection)
    if not inspector.has_table(table.name, schema=table.schema):
        return False
    if differences := find_differences(inspector, table):
        msg = (
            f"The table {database.table} in {database} is of another shape: {'; '.join(differences)}. "
            "Name another table (--table), or rename that one."
        )
        raise InputError(msg)
    return True


def _find_or_create(connection: sa.Connection, database: Database, kinds: Mapping[str, str]) -> sa.Table:
    if connection.dialect.name == "postgresql":  # of several runs that begin together, one makes the table and the others wait
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_CREATION_LOCK})")
    table = define_table(database.table, kinds, connection.dialect.name)
    if not _is_there(connection, database, table):
        create_table(connection, table)
    return table


def _as_cells(rows: Sequence[dict[str, Any]], table: sa.Table, kinds: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return rows as the database takes them, one for each statement: of several with the same id the last."""
    columns = plain_columns(rows, list(kinds))
    cells = {name: to_cells(values, table.columns[name], kinds[name]) for name, values in columns.items()}
    if not all(cells[KEY]):
        msg = f"A row has no {KEY}, by which a database knows statements; write .csv, .jsonl or .parquet."
        raise InputError(msg)
    by_key = {row[0]: row[1:] for row in zip(cells[KEY], *cells.values(), strict=True)}
    return [dict(zip(cells, row, strict=True)) for row in by_key.values()]


def _put(connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> tuple[int, int, int]:
    """Write rows that are new or not as they are there; return how many were new, changed, and the same."""
    there = _read_rows(connection, table, [row[KEY] for row in rows])
    new = [row for row in rows if row[KEY] not in there]
    changed = [row for row in rows if row[KEY] in there and there[row[KEY]] != {name: from_cell(row[name], name) for name in row}]
    if new or changed:
        _upsert(connection, table, new, changed)
    return len(new), len(changed), len(rows) - len(new) - len(changed)


def _read_rows(connection: sa.Connection, table: sa.Table, keys: list[Any]) -> dict[Any, dict[str, Any]]:
    import sqlalchemy as sa

    # Without their types, so that what somebody else wrote there is compared and not refused.
    columns: list[Any] = [sa.column(column.name) for column in table.columns]
    query = sa.select(*columns).select_from(table)
    asked = (query.where(table.columns[KEY].in_(keys[i : i + _ASKED])) for i in range(0, len(keys), _ASKED))
    found = (row for one in asked for row in connection.execute(one).mappings())
    rows = ({name: from_cell(value, name) for name, value in row.items()} for row in found)
    return {row[KEY]: row for row in rows}


def _upsert(connection: sa.Connection, table: sa.Table, new: list[dict[str, Any]], changed: list[dict[str, Any]]) -> None:
    import sqlalchemy as sa

    # Another run may have added some in the meantime: where the database can, adding and replacing are one step.
    statement = _upsert_statement(connection.dialect.name, table)
    rows = new + changed
    if connection.dialect.name != "sqlite":
        rows = sorted(rows, key=lambda row: str(row[KEY]))  # or two runs could wait for each other's rows
    if statement is not None:
        connection.execute(statement, rows)
        return
    if changed:
        connection.execute(sa.delete(table).where(table.columns[KEY].in_([row[KEY] for row in changed])))
    connection.execute(sa.insert(table), rows)


def _upsert_statement(dialect: str, table: sa.Table) -> Any:
    """Return the INSERT that replaces a row of the same key; None where SQLAlchemy knows none for the database."""
    if dialect in ("mysql", "mariadb"):
        from sqlalchemy.dialects import mysql

        added = mysql.insert(table)
        return added.on_duplicate_key_update({column.name: added.inserted[column.name] for column in _others(table)})
    if dialect in ("sqlite", "postgresql"):
        from sqlalchemy.dialects import postgresql, sqlite

        put = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
        return put.on_conflict_do_update(index_elements=[KEY], set_={one.name: put.excluded[one.name] for one in _others(table)})
    return None


def _others(table: sa.Table) -> list[sa.Column[Any]]:
    return [column for column in table.columns if column.name != KEY] or list(table.columns)
