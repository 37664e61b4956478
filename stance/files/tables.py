"""Reads tables of statements: ready ones to be labelled, and those that stance wrote."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from stance.errors import InputError
from stance.files.addresses import Database
from stance.files.cells import as_list
from stance.files.databases.reading import open_database
from stance.files.inputs import Input, recognize, source_name
from stance.files.rows import Rows, open_rows
from stance.files.sources import Source, source_of
from stance.files.spreadsheets import restore
from stance.records import DUPLICATE_COLUMN, LIST_COLUMNS, NUMBER_COLUMNS, STATEMENT_COLUMNS, WHOLE_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

# CSV has one way to leave a cell empty: in these columns it means "not known", in the other text columns "no words".
_MAY_BE_MISSING = ("outlet", "published", "url", "speaker_role", "speaker_actor", DUPLICATE_COLUMN)
_TABLES = ("jsonl", "csv", "parquet")


def is_statement_table(columns: Collection[str]) -> bool:
    """Return whether these are the columns of ready statements rather than of articles.

    >>> is_statement_table(["text", "issue"]), is_statement_table(["id", "text"])
    (True, False)
    """
    return "sentence" in columns or ("text" in columns and any(name in columns for name in ("issue", "target", "stance")))


def read_columns(path: Input) -> tuple[str, ...]:
    """Return the names of a table's columns, of JSON Lines those of the first readable row; none where it is no table.

    Raises
    ------
    InputError
        If the file is missing or no table can be read from it.
    """
    path = recognize(path)
    if isinstance(path, Database):
        with open_database(path) as (columns, _):
            return columns
    try:
        source = source_of(path)
        if source.kind not in _TABLES:
            return ()
        with open_rows(source, only=frozenset()) as table:
            if table.columns is not None:
                return tuple(restore(name, "") for name in table.columns) if source.kind == "csv" else table.columns
            return next((tuple(row.values) for row in table.rows if row.values is not None), ())
    except (InputError, OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error


def read_table(path: Input) -> pd.DataFrame:
    """Return a table with every column as read and the rows in order; ``-`` is standard input.

    The path may be a ``Database`` too, or end in .db, .sqlite or .sqlite3: then it is the table ``statements`` in there.

    CSV cells are strings, without the apostrophe that ``write_table`` puts before what a spreadsheet would run as a formula,
    and an empty one is the empty string. Values of JSON Lines keep their kind, and a key that a row
    lacks is None.

    Raises
    ------
    InputError
        If the file is missing, is no table, or has a row that cannot be read.
    """
    table = _load(path)
    if table.columns.empty:
        msg = f"{source_name(path)} holds no table: it has neither rows nor columns."
        raise InputError(msg)
    return table


def read_statements(path: Input) -> pd.DataFrame:
    """Return a table that ``write_table`` wrote, with the same values in every format.

    Text columns are of type ``str`` with NaN where a value is not known, offsets are integers, probabilities floats, and
    ``sender``, ``recipient``, ``location`` and ``flags`` hold lists. Columns that stance does not know stay as read.

    Raises
    ------
    InputError
        If the file cannot be read, or a column of numbers holds something else.
    """
    import pandas as pd

    table = _load(path)
    if table.columns.empty:  # a table without rows leaves nothing in JSON Lines
        table = pd.DataFrame(columns=list(STATEMENT_COLUMNS), dtype=object)
    return type_columns(table, source_name(path))


def type_columns(table: pd.DataFrame, source: str) -> pd.DataFrame:
    """Give the columns of a statement table the types that ``read_statements`` tells of, whatever the cells happen to hold."""
    for name in table.columns.intersection([*STATEMENT_COLUMNS, DUPLICATE_COLUMN]):
        table[name] = _typed(table[name], source)
    return table


def _typed(column: pd.Series[Any], source: str) -> pd.Series[Any]:
    import pandas as pd

    if column.name in LIST_COLUMNS:
        return pd.Series([as_list(cell) for cell in column], index=column.index, dtype=object, name=column.name)
    if column.name not in (*WHOLE_COLUMNS, *NUMBER_COLUMNS):
        empty = pd.NA if column.name in _MAY_BE_MISSING else ""
        return column.astype("str").mask(column.isna() | (column == ""), empty).astype("str")
    numbers = pd.to_numeric(column.mask(column == ""), errors="coerce")
    wrong = column[numbers.isna() & column.notna() & (column != "")]
    if len(wrong):
        msg = f"{source}: the column {column.name!r} holds {str(wrong.iloc[0])[:40]!r}, which is not a number."
        raise InputError(msg)
    if column.name in NUMBER_COLUMNS:
        return numbers.astype("float64")
    return numbers.astype("Int64" if numbers.isna().any() else "int64")


def _load(path: Input) -> pd.DataFrame:
    path = recognize(path)
    if isinstance(path, Database):
        return _load_database(path)
    try:
        source = source_of(path)
        _require_table(source)
        if source.kind == "parquet":
            return _load_parquet(source)
        with open_rows(source) as table:
            return _frame(table)
    except (InputError, OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error


def _require_table(source: Source) -> None:
    if source.kind not in _TABLES:
        what = "plain text" if source.kind == "text" else "a document"
        msg = f"{what}, not a table; a table is CSV, JSON Lines or Parquet with a column 'sentence' or 'text'"
        raise InputError(msg)


def _frame(table: Rows) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for row in table.rows:
        if row.values is None:
            msg = f"row {row.number}: {row.reason}"
            raise InputError(msg)
        rows.append(row.values)
    if table.columns is None:
        names = list(dict.fromkeys(name for values in rows for name in values))
        # Objects, so that whole numbers stay whole where a row lacks one.
        return pd.DataFrame({name: pd.Series([values.get(name) for values in rows], dtype=object) for name in names})
    names = [restore(name, "") for name in table.columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        msg = f"more than one column is called {', '.join(map(repr, twice))}; give each a name of its own"
        raise InputError(msg)
    columns = dict(zip(names, table.columns, strict=True))
    return pd.DataFrame(
        {name: pd.Series([restore(values[column], name) for values in rows], dtype="str") for name, column in columns.items()}
    )


def _load_database(database: Database) -> pd.DataFrame:
    import pandas as pd

    with open_database(database) as (columns, found):
        rows = list(found)
    # Objects, so that whole numbers stay whole where a row lacks one.
    return pd.DataFrame({name: pd.Series([row[name] for row in rows], dtype=object) for name in columns})


def _load_parquet(source: Source) -> pd.DataFrame:
    import pandas as pd
    import pyarrow as pa
    from pyarrow import parquet

    try:
        with source.open() as handle:
            stored = parquet.read_table(handle)
        table: pd.DataFrame = stored.to_pandas(integer_object_nulls=True, ignore_metadata=True)
    except pa.ArrowException as error:
        msg = f"damaged Parquet file: {str(error).splitlines()[0]}"
        raise InputError(msg) from error
    for field in stored.schema:
        if pa.types.is_list(field.type) or pa.types.is_large_list(field.type):
            cells = [None if cell is None else list(cell) for cell in table[field.name]]
            table[field.name] = pd.Series(cells, dtype=object)
    return table


def _unreadable(path: Input, error: Exception) -> InputError:
    name = source_name(path)
    if isinstance(error, FileNotFoundError):
        return InputError(f"There is no file {name}.")
    if isinstance(error, OSError):
        return InputError(f"{name} cannot be read: {error.strerror or error}.")
    if isinstance(error, UnicodeDecodeError):
        return InputError(f"{name} is damaged {error.encoding}: {error.reason}.")
    return InputError(f"{name}: {error}.")
