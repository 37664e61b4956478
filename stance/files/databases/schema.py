"""Lays out a table of statements in a database: the types of its columns, its indexes, full-text search in SQLite."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from stance.errors import InputError
from stance.files.cells import as_list
from stance.files.dates import read_date
from stance.files.encoders import as_text
from stance.records import LIST_COLUMNS, NUMBER_COLUMNS, STATEMENT_COLUMNS, WHOLE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import sqlalchemy as sa

KEY = "statement_id"
INDEXED = ("article_id", "speaker_actor", "issue", "published", "stance")
SEARCHED = ("sentence", "quote", "speaker")
# The databases whose words for adding or replacing a row in one step SQLAlchemy knows.
UPSERTING = ("sqlite", "postgresql", "mysql", "mariadb")
_KINDS = {
    **dict.fromkeys(STATEMENT_COLUMNS, "text"),
    **dict.fromkeys(LIST_COLUMNS, "list"),
    **dict.fromkeys(WHOLE_COLUMNS, "whole number"),
    **dict.fromkeys(NUMBER_COLUMNS, "number"),
    "published": "date",
}
# Characters of a key or an indexed text where a database wants a limit: MySQL's index holds 3,072 bytes, 4 a character.
_KEY_CHARS = 512


def kind_of_column(name: str) -> str:
    """Return what a column holds, by its name: text, list, whole number, number or date.

    >>> [kind_of_column(name) for name in ("speaker", "sender", "p_support_predicted", "mine")]
    ['text', 'list', 'number', 'text']
    """
    while name.endswith("_predicted"):
        name = name.removesuffix("_predicted")
    return _KINDS.get(name, "text")


def kind_of_values(name: str, values: Sequence[Any]) -> str:
    """Return what a column holds, of one that stance does not know by its plain values."""
    if name in _KINDS or kind_of_column(name) != "text":
        return kind_of_column(name)
    kinds = {type(value) for value in values if value is not None}
    if kinds and kinds <= {int}:
        return "whole number"
    return "number" if kinds and kinds <= {int, float} else "text"


def define_table(name: str, kinds: Mapping[str, str], dialect: str) -> sa.Table:
    """Return the table, of columns of these kinds, as this database (``sqlite``, ``postgresql``, …) should hold it."""
    import sqlalchemy as sa

    types = _types(dialect)
    keyed = types["key"]
    columns = [
        sa.Column(column, keyed if kind == "text" and column in (KEY, *INDEXED) else types[kind], primary_key=column == KEY)
        for column, kind in kinds.items()
    ]
    schema, _, bare = name.rpartition(".")
    indexes = [sa.Index(f"ix_{bare}_{column}", column) for column in INDEXED if column in kinds]
    return sa.Table(
        bare, sa.MetaData(schema=schema or None), *columns, *indexes, mysql_charset="utf8mb4", mariadb_charset="utf8mb4"
    )


def _types(dialect: str) -> dict[str, Any]:
    import sqlalchemy as sa
    from sqlalchemy.dialects import mysql, postgresql

    text: Any = sa.Text()
    key: Any = sa.Text() if dialect in ("sqlite", "postgresql") else sa.String(_KEY_CHARS)
    if dialect in ("mysql", "mariadb"):  # TEXT ends there after 65,535 bytes, and "a" is the same key as "A"
        text, key = mysql.LONGTEXT(), mysql.VARCHAR(_KEY_CHARS, charset="utf8mb4", collation="utf8mb4_bin")
    return {
        "key": key,
        "text": text,
        # Arrays where they are at home; elsewhere JSON as text, which every database has.
        "list": postgresql.ARRAY(sa.Text()) if dialect == "postgresql" else text,
        "whole number": sa.Integer() if dialect == "sqlite" else sa.BigInteger(),
        "number": sa.REAL() if dialect == "sqlite" else sa.Double(),
        "date": sa.Date(),
    }


def create_table(connection: sa.Connection, table: sa.Table) -> None:
    """Create the table with its indexes; in SQLite with a full-text index too, which triggers keep in step."""
    table.create(connection)
    searched = [name for name in SEARCHED if name in table.columns]
    if connection.dialect.name == "sqlite" and searched and _has_full_text(connection):
        for statement in _full_text_sql(table.name, searched):
            connection.exec_driver_sql(statement)


def _has_full_text(connection: sa.Connection) -> bool:
    return connection.exec_driver_sql("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'").first() is not None


def _full_text_sql(table: str, columns: Sequence[str]) -> list[str]:
    # Names of tables are letters, digits and _ (address.py). Datasette finds the index by content="…", in these very marks.
    listed = ", ".join(columns)
    new, old = (", ".join(f"{row}.{name}" for name in columns) for row in ("new", "old"))
    forget = f"INSERT INTO {table}_fts ({table}_fts, rowid, {listed}) VALUES ('delete', old.rowid, {old});"
    learn = f"INSERT INTO {table}_fts (rowid, {listed}) VALUES (new.rowid, {new});"
    changed = " OR ".join(f"old.{name} IS NOT new.{name}" for name in ("rowid", *columns))
    return [
        f'CREATE VIRTUAL TABLE {table}_fts USING fts5({listed}, tokenize="porter unicode61", content="{table}")',
        f'CREATE TRIGGER {table}_fts_insert AFTER INSERT ON "{table}" BEGIN {learn} END',
        f'CREATE TRIGGER {table}_fts_delete AFTER DELETE ON "{table}" BEGIN {forget} END',
        f'CREATE TRIGGER {table}_fts_update AFTER UPDATE ON "{table}" WHEN {changed} BEGIN {forget} {learn} END',
    ]


def find_differences(inspector: sa.Inspector, table: sa.Table) -> list[str]:
    """Return in what a table that is there differs from the one to be written.

    Columns that it has besides make no difference where they may be empty.
    """
    there = {column["name"]: column for column in inspector.get_columns(table.name, schema=table.schema)}
    found = [f"it lacks the column {name!r}" for name in (column.name for column in table.columns) if name not in there]
    for column in table.columns:
        if column.name not in there:
            continue
        wanted, kind = _class_of(column.type), _class_of(there[column.name]["type"])
        if kind not in (wanted, ""):
            found.append(f"{column.name!r} is {there[column.name]['type']}, not {column.type}")
    found += [
        f"its column {name!r} may not be empty"
        for name, column in there.items()
        if name not in table.columns and not (column["nullable"] or column.get("default") or column.get("autoincrement") is True)
    ]
    # Elsewhere a row is deleted and added, which needs no key; and not every database tells of its keys.
    if KEY in there and inspector.dialect.name in UPSERTING and not _is_unique(inspector, table):
        found.append(f"{KEY!r} is not its primary key")
    return found


def _class_of(kind: Any) -> str:
    import sqlalchemy as sa

    classes = (
        ("array", sa.ARRAY),
        ("time", sa.DateTime),
        ("date", sa.Date),
        ("whole number", sa.Integer),
        ("number", sa.Numeric),
        ("number", sa.Float),
        ("text", sa.JSON),
        ("text", sa.String),
        ("", sa.types.NullType),
    )
    return next((name for name, type_ in classes if isinstance(kind, type_)), type(kind).__name__)


def _is_unique(inspector: sa.Inspector, table: sa.Table) -> bool:
    where = {"schema": table.schema}
    keys: list[list[str | None]] = [list(inspector.get_pk_constraint(table.name, **where)["constrained_columns"])]
    keys += [list(one["column_names"]) for one in inspector.get_unique_constraints(table.name, **where)]
    keys += [list(one["column_names"]) for one in inspector.get_indexes(table.name, **where) if one["unique"]]
    return [KEY] in keys


def to_cells(values: Sequence[Any], column: sa.Column[Any], kind: str) -> list[Any]:
    """Return the plain values of a column as the database takes them.

    Raises
    ------
    InputError
        If one is not what the column holds.
    """
    import sqlalchemy as sa

    if kind == "text":
        return [value if value is None or isinstance(value, str) else as_text(value) for value in values]
    if kind == "list":
        pack = _to_array if isinstance(column.type, sa.ARRAY) else _to_json
        return [None if value is None else pack(value) for value in values]
    convert, name = _CONVERT[kind], column.name
    return [None if value is None or value == "" else convert(value, name) for value in values]


def _to_array(value: Any) -> list[str]:
    return [part if isinstance(part, str) else str(part) for part in as_list(value)]


def _to_json(value: Any) -> str:
    return json.dumps(_to_array(value), ensure_ascii=False)


def _to_date(value: Any, name: str) -> Any:
    found = read_date(value)
    if found is None:
        raise _wrong(value, name, "date (YYYY-MM-DD)")
    return date.fromisoformat(found)


def _to_whole_number(value: Any, name: str) -> int:
    number = _to_number(value, name, "whole number")
    if not number.is_integer():
        raise _wrong(value, name, "whole number")
    return int(value) if isinstance(value, int) else int(number)


def _to_number(value: Any, name: str, what: str = "number") -> float:
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        raise _wrong(value, name, what) from None


def _wrong(value: Any, name: str, what: str) -> InputError:
    return InputError(
        f"The column {name!r} holds {str(value)[:40]!r}, which is no {what}, and a database takes nothing else there."
    )


_CONVERT = {"date": _to_date, "whole number": _to_whole_number, "number": _to_number}


def from_cell(value: Any, name: str) -> Any:
    """Return what a database gives as the plain value that was written."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and value.as_tuple().exponent == 0 else float(value)
    if kind_of_column(name) == "list" and isinstance(value, str):
        return _from_json(value)
    return value


def _from_json(text: str) -> Any:
    try:
        found = json.loads(text)
    except ValueError:
        return text
    return found if isinstance(found, list) else text
