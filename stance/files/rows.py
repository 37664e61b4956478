"""Reads JSON Lines, CSV and Parquet row by row, so that a broken row costs no more than itself."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any, BinaryIO, TextIO

from stance.errors import InputError
from stance.files.decoding import announced_encoding, decode, find_encoding
from stance.files.inputs import mend
from stance.files.sources import Source, read_head

_CHUNK_BYTES = 1 << 20
# Excel writes semicolons where the comma is the decimal mark, and tabs when asked for Unicode text.
_DELIMITERS = (",", ";", "\t")
_MAIN_COLUMNS = {"text", "sentence"}
# Longer than any article; a line without end would fill the memory. The csv module's own limit is 131,072 characters a cell.
_MAX_LINE = 100_000_000
# Articles held in memory at once.
_PARQUET_BATCH = 64


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number, counted from 1, and its values by column; or None and the reason why it cannot be read.

    In JSON Lines the number is the line's; elsewhere rows are counted without the header. A row with values and a reason
    was read, but not quite as it stands in the file.
    """

    number: int
    values: dict[str, Any] | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """An open table: its columns (None for JSON Lines, where each row has its own), a note on the file, and the rows."""

    columns: tuple[str, ...] | None
    note: str | None
    rows: Iterator[Row]


@contextmanager
def open_rows(source: Source, *, only: frozenset[str] | None = None) -> Iterator[Rows]:
    """Open a table of kind ``jsonl``, ``csv`` or ``parquet``; ``only`` spares Parquet the reading of other columns.

    Raises
    ------
    InputError
        If the file cannot be read at all; its rows raise it too, where the rest of the file is lost.
    """
    # The stack holds what decodes the file too: left to the garbage collector, it would warn of an open file.
    with ExitStack() as stack:
        if source.kind == "jsonl":
            yield Rows(None, None, _json_rows(source, stack))
        elif source.kind == "csv":
            yield _open_csv(source, stack)
        else:
            yield _open_parquet(source, stack.enter_context(source.open()), only)


def _json_rows(source: Source, stack: ExitStack) -> Iterator[Row]:
    head = read_head(source)
    encoding = announced_encoding(head)
    handle = stack.enter_context(source.open())
    if encoding in (None, "utf-8-sig"):
        if b"\x00" in head:
            msg = "binary file: it holds NUL bytes"
            raise InputError(msg)
        lines: Iterable[bytes] = _lines(handle, b"")
    else:
        # Not str.splitlines: U+2028 may stand inside a JSON string.
        decoded = stack.enter_context(io.TextIOWrapper(handle, encoding=encoding, newline="\n"))
        lines = (line.encode() for line in _lines(decoded, ""))
    noted: set[str] = set()
    for number, line in enumerate(lines, start=source.first_row):
        if line.isspace():
            continue
        row = _json_row(number, line)
        # A file in another encoding says so once, not on every line.
        yield Row(number, row.values) if row.values is not None and row.reason in noted else row
        if row.reason:
            noted.add(row.reason)


def _lines(handle: BinaryIO | TextIO, end: Any) -> Iterator[Any]:
    """Yield the lines of an open file; one without end, as in a file made to fill the memory, is an InputError."""
    for line in iter(partial(handle.readline, _MAX_LINE), end):
        if len(line) >= _MAX_LINE:
            msg = f"a line of more than {_MAX_LINE // 1_000_000} million characters; the rest of the file is lost"
            raise InputError(msg)
        yield line


def _json_row(number: int, line: bytes) -> Row:
    try:
        text, note = _decode_line(line)
        values = json.loads(text)
    except InputError as error:
        return Row(number, None, str(error))
    except json.JSONDecodeError as error:
        _refuse_array(number, text)
        return Row(number, None, f"broken JSON: {error.msg} at character {error.pos + 1}")
    except (ValueError, RecursionError) as error:
        return Row(number, None, f"broken JSON: {error}")
    if not isinstance(values, dict):
        _refuse_array(number, text)
        return Row(number, None, f"not a JSON object but {type(values).__name__}")
    if "\\u" in text:
        values, mended = _mend_all(values)
        note = note or ("characters that cannot be stored were replaced by \ufffd" if mended else None)
    return Row(number, values, note)


def _decode_line(line: bytes) -> tuple[str, str | None]:
    try:
        return line.removeprefix(codecs.BOM_UTF8).decode(), None
    except UnicodeDecodeError:
        return decode(line)


def _refuse_array(number: int, text: str) -> None:
    if number == 1 and (text.strip() == "[" or text.lstrip().startswith("[{")):
        msg = "a JSON array, not JSON Lines; write one object on each line"
        raise InputError(msg)


def _mend_all(value: Any) -> tuple[Any, bool]:
    if isinstance(value, str):
        return mend(value)
    if isinstance(value, list):
        mended = [_mend_all(part) for part in value]
        return [part for part, _ in mended], any(changed for _, changed in mended)
    if isinstance(value, dict):
        pairs = [(_mend_all(key), _mend_all(part)) for key, part in value.items()]
        return {key: part for (key, _), (part, _) in pairs}, any(first or second for (_, first), (_, second) in pairs)
    return value, False


def _open_csv(source: Source, stack: ExitStack) -> Rows:
    with source.open() as handle:
        encoding = find_encoding(iter(lambda: handle.read(_CHUNK_BYTES), b""))
    handle = stack.enter_context(source.open())
    # Line ends inside cells stay as they are: offsets count them.
    decoded = stack.enter_context(io.TextIOWrapper(handle, encoding=encoding.name, errors=encoding.errors, newline=""))
    csv.field_size_limit(_MAX_LINE)
    lines = _lines(decoded, "")
    first = next(lines, "")
    # Strict, because otherwise a quotation mark that is never closed swallows the rest of the file in silence.
    reader = csv.reader(chain([first], lines), delimiter=_find_delimiter(first), strict=True)
    try:
        columns = tuple(next(reader, ()))
    except csv.Error as error:
        msg = f"broken header: {error}"
        raise InputError(msg) from error
    return Rows(columns, encoding.note, _csv_rows(reader, columns))


def _find_delimiter(first_line: str) -> str:
    for delimiter in _DELIMITERS:
        cells = {cell.strip().strip('"').lower() for cell in first_line.split(delimiter)}
        if len(cells) > 1 and cells & _MAIN_COLUMNS:
            return delimiter
    return ","


def _csv_rows(reader: Any, columns: tuple[str, ...]) -> Iterator[Row]:
    number = 0
    while True:
        first_line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            number += 1
            yield Row(number, None, _csv_problem(error, first_line))
            continue
        if not cells:
            continue
        number += 1
        while len(cells) > len(columns) and not cells[-1]:
            cells.pop()
        if len(cells) == len(columns):
            yield Row(number, dict(zip(columns, cells, strict=True)))
        else:
            found = f"{len(cells)} cells where the header has {len(columns)}"
            yield Row(number, None, f"{found} (line {first_line}); is a comma or a line end outside quotation marks?")


def _csv_problem(error: csv.Error, first_line: int) -> str:
    if "unexpected end" in str(error):
        return f"a quotation mark is never closed: everything from line {first_line} to the end of the file is lost"
    return f"broken CSV from line {first_line}: {error}; double the quotation marks inside a cell"


def _open_parquet(source: Source, handle: BinaryIO, only: frozenset[str] | None) -> Rows:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(handle)
    except pa.ArrowException as error:
        raise InputError(_parquet_problem(error)) from error
    columns = tuple(file.schema_arrow.names)
    wanted = [name for name in columns if only is None or name.strip().lower() in only]
    return Rows(columns, None, _parquet_rows(source, file, wanted))


def _parquet_rows(source: Source, file: Any, columns: list[str]) -> Iterator[Row]:
    import pyarrow as pa

    number = source.first_row - 1
    groups = None if source.row_groups is None else list(source.row_groups)
    try:
        for batch in file.iter_batches(batch_size=_PARQUET_BATCH, row_groups=groups, columns=columns):
            for values in batch.to_pylist():
                number += 1
                yield Row(number, values)
    except pa.ArrowException as error:
        msg = f"{_parquet_problem(error)}; rows after {number} are lost"
        raise InputError(msg) from error


def _parquet_problem(error: Exception) -> str:
    return f"damaged Parquet file: {str(error).splitlines()[0] if str(error) else type(error).__name__}"
