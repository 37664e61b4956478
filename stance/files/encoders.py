"""Turns rows into the bytes of CSV, JSON Lines and Parquet, batch by batch."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from functools import partial
from itertools import chain
from typing import Any, BinaryIO, Protocol, TextIO

from stance.errors import InputError
from stance.files.cells import as_list
from stance.files.inputs import is_writable, mend
from stance.files.spreadsheets import defuse as defuse_cell
from stance.records import (
    ATTRIBUTION_COLUMNS,
    DUPLICATE_COLUMN,
    LIST_COLUMNS,
    NUMBER_COLUMNS,
    SPAN_COLUMNS,
    STATEMENT_COLUMNS,
    WHOLE_COLUMNS,
)

# Rows that Parquet keeps together: some 20 MB of statements, the most that is held back while a file grows.
_GROUP_ROWS = 16_384
# Tables of a few rows each take more memory than their rows; so many are made one.
_MOST_TABLES = 64
_PLAIN = {str, int, bool, type(None)}


class Encoder(Protocol):
    """Writes columns of plain values (``plain_columns``), a batch at a time, to a stream of bytes that stays open."""

    def write(self, columns: dict[str, list[Any]]) -> None:
        """Write some rows; InputError for values that the format cannot hold."""

    def close(self) -> None:
        """Write what must stand at the end, and at the beginning where no row came."""


def open_encoder(format: str, names: Sequence[str], stream: BinaryIO, *, defuse: bool = True) -> Encoder:  # noqa: A002
    """Return the encoder of a format (``csv``, ``jsonl``, ``ndjson``, ``parquet``) for columns of these names.

    CSV is made safe to open in a spreadsheet (``spreadsheets.defuse``) unless ``defuse`` is false.

    Raises
    ------
    InputError
        For an unknown format.
    """
    encoders: dict[str, Callable[[tuple[str, ...], BinaryIO], Encoder]] = {
        "csv": partial(_Csv, defuse=defuse),
        "jsonl": _JsonLines,
        "ndjson": _JsonLines,
        "parquet": _Parquet,
    }
    name = format.lower().removeprefix(".")
    if name not in encoders:
        msg = f"There is no format {format!r}; stance writes {', '.join(encoders)}."
        raise InputError(msg)
    return encoders[name](tuple(names), stream)


def encode_rows(rows: Sequence[dict[str, Any]], names: Sequence[str], format: str, *, defuse: bool = True) -> bytes:  # noqa: A002
    """Return a table as the bytes of a file, as ``open_encoder`` writes them."""
    stream = io.BytesIO()
    encoder = open_encoder(format, names, stream, defuse=defuse)
    encoder.write(plain_columns(rows, names))
    encoder.close()
    return stream.getvalue()


class _Csv:
    """Lists joined by ``;``, spans as ``start:end``, an empty cell for what is missing; no cell is a formula."""

    def __init__(self, names: tuple[str, ...], stream: BinaryIO, *, defuse: bool) -> None:
        self._names, self._stream, self._begun = names, stream, False
        self._defuse: Callable[[str, str], str] = defuse_cell if defuse else _as_it_is
        self._spans = SPAN_COLUMNS if _hold_attributions(names) else ()

    def write(self, columns: dict[str, list[Any]]) -> None:
        cells = [self._cells(name, columns[name]) for name in self._names]
        with _as_utf8(self._stream) as handle:
            plain = csv.writer(handle, lineterminator="\n")
            # Python 3.11 puts no quotation marks around a lone carriage return, which readers take for the end of the row.
            careful = csv.writer(handle, lineterminator="\n", quoting=csv.QUOTE_ALL)
            header = [] if self._begun else [tuple(self._defuse(name, "") for name in self._names)]
            self._begun = True
            for row in chain(header, zip(*cells, strict=True)):
                (careful if any("\r" in cell for cell in row) else plain).writerow(row)

    def close(self) -> None:
        if not self._begun:
            self.write({name: [] for name in self._names})

    def _cells(self, name: str, values: list[Any]) -> list[str]:
        if name in self._spans:
            return [";".join(f"{start}:{end}" for start, end in spans) for spans in values]
        texts = (_join(name, value) if name in LIST_COLUMNS and isinstance(value, list) else as_text(value) for value in values)
        return [self._defuse(text, name) for text in texts]


def _as_it_is(cell: str, _: str) -> str:
    return cell


def _join(name: str, values: list[Any]) -> str:
    parts = [as_text(value) for value in values]
    if any(not part or ";" in part for part in parts):
        msg = f"A value in {name!r} is empty or holds a semicolon, which CSV cannot keep apart; write .jsonl or .parquet."
        raise InputError(msg)
    return ";".join(parts)


class _JsonLines:
    def __init__(self, names: tuple[str, ...], stream: BinaryIO) -> None:
        self._names, self._stream = names, stream
        self._encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=as_text).encode

    def write(self, columns: dict[str, list[Any]]) -> None:
        with _as_utf8(self._stream) as handle:
            for row in zip(*(columns[name] for name in self._names), strict=True):
                values = dict(zip(self._names, row, strict=True))
                handle.write(self._encode(values) + "\n")

    def close(self) -> None:
        pass


class _Parquet:
    """Columns of fixed types; rows are kept until there are enough for a group."""

    def __init__(self, names: tuple[str, ...], stream: BinaryIO) -> None:
        self._names, self._stream = names, _Counted(stream)
        self._types: dict[str, Any] | None = None
        self._writer: Any = None
        self._waiting: list[Any] = []
        self._n_waiting = 0

    def write(self, columns: dict[str, list[Any]]) -> None:
        import pyarrow as pa

        if self._types is None:
            self._types = _arrow_types(self._names)
        arrays = [_arrow_array(name, columns[name], self._types.get(name)) for name in self._names]
        self._types = {name: array.type for name, array in zip(self._names, arrays, strict=True)}
        self._waiting.append(pa.Table.from_arrays(arrays, names=list(self._names)))
        self._n_waiting += len(self._waiting[-1])
        if len(self._waiting) == _MOST_TABLES or self._n_waiting >= _GROUP_ROWS:
            self._write_groups()

    def close(self) -> None:
        if self._types is None:
            self.write({name: [] for name in self._names})
        self._write_groups()
        if self._n_waiting or self._writer is None:
            self._write_group(self._waiting[0])
        self._writer.close()

    def _write_groups(self) -> None:
        """Write as many groups as are full, so that where they end depends on the rows alone."""
        import pyarrow as pa

        table = pa.concat_tables(self._waiting).combine_chunks()
        while len(table) >= _GROUP_ROWS:
            self._write_group(table.slice(0, _GROUP_ROWS))
            table = table.slice(_GROUP_ROWS).combine_chunks()
        self._waiting, self._n_waiting = [table], len(table)

    def _write_group(self, group: Any) -> None:
        from pyarrow import parquet

        if self._writer is None:
            self._writer = parquet.ParquetWriter(self._stream, group.schema, compression="zstd")
        self._writer.write_table(group, row_group_size=_GROUP_ROWS)


class _Counted(io.RawIOBase):
    """A stream that can say where it stands, as Parquet asks and a pipe cannot tell."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._place = stream, 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def write(self, data: Any) -> int:
        if not self._stream.closed:  # a Parquet writer that is dropped half-way still sends its footer
            self._stream.write(data)
        self._place += len(data)
        return len(data)


def _hold_attributions(names: tuple[str, ...]) -> bool:
    return names[: len(ATTRIBUTION_COLUMNS)] == ATTRIBUTION_COLUMNS


def _arrow_types(names: tuple[str, ...]) -> dict[str, Any]:
    """Return types fixed by name, not by what the cells happen to hold: parts of one archive must fit together."""
    import pyarrow as pa

    types = {
        **dict.fromkeys((*STATEMENT_COLUMNS, DUPLICATE_COLUMN), pa.string()),
        **dict.fromkeys(LIST_COLUMNS, pa.list_(pa.string())),
        **dict.fromkeys(WHOLE_COLUMNS, pa.int64()),
        **dict.fromkeys(NUMBER_COLUMNS, pa.float64()),
    }
    if _hold_attributions(names):  # where the cue is a place, not its words
        types |= dict.fromkeys(ATTRIBUTION_COLUMNS, pa.string())
        types |= dict.fromkeys(SPAN_COLUMNS, pa.list_(pa.list_(pa.int64())))
    return types


def _arrow_array(name: str, values: list[Any], kind: Any) -> Any:
    import pyarrow as pa

    if kind is not None:
        with suppress(pa.ArrowException, TypeError):
            return pa.array(values, type=kind)
    try:
        array = pa.array(values)
        # Where no cell tells the kind, later batches and other parts may hold words.
        return array.cast(pa.string()) if pa.types.is_null(array.type) else array
    except (pa.ArrowException, TypeError, OverflowError) as error:
        msg = f"The column {name!r} mixes kinds of values, which Parquet cannot hold ({error}); write .jsonl or .csv."
        raise InputError(msg) from error


@contextmanager
def _as_utf8(stream: BinaryIO) -> Iterator[TextIO]:
    handle = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    try:
        yield handle
    finally:
        handle.detach()  # or the stream would be closed with it


def plain_columns(rows: Sequence[dict[str, Any]], names: Sequence[str]) -> dict[str, list[Any]]:
    """Return rows as columns of plain values; what a row lacks is None."""
    return {name: plain_values([row.get(name) for row in rows], name) for name in names}


def plain_values(values: list[Any], name: str) -> list[Any]:
    """Return a column as plain Python values, lists where the column holds several values a cell, None for missing ones."""
    plain = values if _are_plain(values) else [as_plain(value) for value in values]
    if name in LIST_COLUMNS:
        return [None if value is None else as_list(value) for value in plain]
    if name in WHOLE_COLUMNS:
        return [int(value) if isinstance(value, float) and value.is_integer() else value for value in plain]
    return plain


def _are_plain(values: list[Any]) -> bool:
    """Return whether a column may stay as it is; most may, and to look at it as a whole takes a third of the time."""
    kinds = set(map(type, values))
    if kinds == {list}:
        return _are_plain(list(chain.from_iterable(values)))
    if kinds == {float}:
        return all(map(math.isfinite, values))
    return kinds <= _PLAIN and is_writable("".join(value for value in values if isinstance(value, str)))


def as_plain(value: Any) -> Any:
    """Return a value without NumPy and pandas in it; NaN and its kin become None."""
    if isinstance(value, str):
        return mend(value)[0]  # a long run must not die of one character in its last step
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, dict):
        return {str(key): as_plain(part) for key, part in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((as_plain(part) for part in value), key=str)
    if isinstance(value, list | tuple):
        return [as_plain(part) for part in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    # NumPy's numbers and arrays know how to become Python's; so does nothing else here.
    return as_plain(value.tolist()) if hasattr(value, "tolist") else value


def as_text(value: Any) -> str:
    """Return what a cell of CSV holds: nothing for None, JSON for lists and mappings, ISO dates."""
    if isinstance(value, str):
        return value
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=as_text)
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)
