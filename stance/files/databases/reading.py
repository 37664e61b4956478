"""Reads a table of a database row by row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from stance.errors import InputError
from stance.files.addresses import Database
from stance.files.databases.connection import connect
from stance.files.databases.schema import KEY, from_cell

if TYPE_CHECKING:
    import sqlalchemy as sa

# Rows fetched at once.
_BATCH = 1000
# SQLite gives rows in the order in which they came; others in none that would last.
_ORDER = ("article_id", "start", "end", KEY)


@contextmanager
def open_database(database: Database) -> Iterator[tuple[tuple[str, ...], Iterator[dict[str, Any]]]]:
    """Give the columns of the table and its rows, lists as lists and dates in ISO form.

    Rows come in the order in which they were first written from SQLite, by article and place from other databases.

    Raises
    ------
    InputError
        If the database cannot be reached or used, or has no such table.
    """
    with connect(database) as connection:
        columns = _find_columns(connection, database)
        yield columns, _read(connection, database, columns)


def _find_columns(connection: sa.Connection, database: Database) -> tuple[str, ...]:
    import sqlalchemy as sa

    schema, _, name = database.table.rpartition(".")
    inspector = sa.inspect(connection)
    if not inspector.has_table(name, schema=schema or None):
        others = inspector.get_table_names(schema=schema or None)
        has = f"it has {', '.join(map(repr, others))}; add ?table=NAME to its address" if others else "it has none"
        msg = f"{database} has no table {database.table!r}; {has}."
        raise InputError(msg)
    return tuple(str(column["name"]) for column in inspector.get_columns(name, schema=schema or None))


def _read(connection: sa.Connection, database: Database, columns: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    import sqlalchemy as sa

    schema, _, name = database.table.rpartition(".")
    # Columns without types: SQLAlchemy would refuse what somebody else wrote there.
    query: Any = sa.select(*(sa.column(column) for column in columns)).select_from(sa.table(name, schema=schema or None))
    if not database.is_sqlite:
        query = query.order_by(*(sa.column(column) for column in _ORDER if column in columns))
    found = connection.execution_options(stream_results=True, yield_per=_BATCH).execute(query)
    for row in found:
        yield {column: from_cell(value, column) for column, value in zip(columns, row, strict=True)}
