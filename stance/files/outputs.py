"""Writes tables, models and settings, so that a file appears whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from stance.errors import InputError
from stance.files.inputs import mend
from stance.files.tables import NUMBER_COLUMNS, WHOLE_COLUMNS, as_list
from stance.records import ATTRIBUTION_COLUMNS, LIST_COLUMNS, SPAN_COLUMNS, STATEMENT_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

TABLE_SUFFIXES = (".csv", ".jsonl", ".ndjson", ".parquet")


def check_output(path: Path, force: bool = False, *, suffixes: Sequence[str] = TABLE_SUFFIXES) -> None:
    """Require that a file can be written there, before any work is done for it; no suffixes means any will do.

    Raises
    ------
    InputError
        If the suffix is unknown, the folder does not exist, the path is a folder or a device, or the file exists and
        ``force`` is false.
    """
    if suffixes and path.suffix.lower() not in suffixes:
        found = f"has the suffix {path.suffix}" if path.suffix else "has no suffix"
        msg = f"{path} {found}; stance writes {', '.join(suffixes)}."
    elif path.is_dir():
        msg = f"{path} is a folder; add the name of a file."
    elif path.exists() and not path.is_file():
        msg = f"{path} is not a regular file."
    elif path.exists() and not force:
        msg = f"{path} exists; pass --force to replace it."
    else:
        _require_folder(path)
        return
    raise InputError(msg)


def _require_folder(path: Path) -> None:
    folder = path.parent
    if not folder.is_dir():
        nearest = next((parent for parent in path.parents if parent.exists()), Path())
        what = f"{nearest} does" if nearest.is_dir() else f"{nearest} is a file"
        msg = f"The folder {folder} does not exist ({what}); create it first."
        raise InputError(msg)
    if not os.access(folder, os.W_OK):
        msg = f"The folder {folder} may not be written to; choose another."
        raise InputError(msg)


def write_table(table: pd.DataFrame, path: Path, *, format: str | None = None, force: bool = False) -> None:  # noqa: A002
    """Write a table as CSV, JSON Lines or Parquet, by the suffix or the format (``csv``, ``jsonl``, ``parquet``).

    Columns that hold several values are joined by ``;`` in CSV (spans as ``start:end``) and are arrays elsewhere. What is
    missing is an empty cell in CSV and null elsewhere. The index is not written.

    Raises
    ------
    InputError
        As ``check_output``; also for an unknown format, and for values that the format cannot hold.
    """
    write = None if format is None else _writer(format)
    check_output(path, force, suffixes=TABLE_SUFFIXES if format is None else ())
    with replacing(path) as temporary, temporary.open("wb") as handle:
        (write or _writer(path.suffix))(table, handle)


def write_stream(table: pd.DataFrame, stream: BinaryIO, format: str) -> None:  # noqa: A002
    """Write a table to an open stream of bytes, such as standard output, which stays open.

    Raises
    ------
    InputError
        For an unknown format, and for values that the format cannot hold.
    """
    _writer(format)(table, stream)
    stream.flush()


def _writer(format: str) -> Callable[[pd.DataFrame, BinaryIO], None]:  # noqa: A002
    name = format.lower().removeprefix(".")
    writers = {"csv": _write_csv, "jsonl": _write_json_lines, "ndjson": _write_json_lines, "parquet": _write_parquet}
    if name not in writers:
        msg = f"There is no format {format!r}; stance writes {', '.join(writers)}."
        raise InputError(msg)
    return writers[name]


def write_bytes(path: Path, data: bytes) -> None:
    """Write bytes to a file, new or not, whole or not at all; InputError if its folder does not exist."""
    with replacing(path) as temporary:
        temporary.write_bytes(data)


def make_folder(folder: Path) -> None:
    """Make a folder to write into, unless it is there; InputError if a file is in its place or it may not be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"The folder {folder} cannot be made: {error.strerror or error}."
        raise InputError(msg) from error


def write_json(path: Path, value: Any) -> None:
    """Write a value as indented JSON, whole or not at all; numbers that are not finite become null."""
    with replacing(path) as temporary:
        write_as_json(temporary, value)


def write_as_json(path: Path, value: Any) -> None:
    """Write a value as ``write_json`` does, straight to a file."""
    text = json.dumps(as_plain(value), ensure_ascii=False, indent=2, allow_nan=False, default=_as_text)
    path.write_bytes(f"{text}\n".encode())


def read_json(path: Path) -> Any:
    """Return the value in a JSON file; InputError if it is missing or broken."""
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror or error}."
        raise InputError(msg) from error
    except (ValueError, RecursionError) as error:
        msg = f"{path} is not JSON: {error}."
        raise InputError(msg) from error


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary file to write, and put it in the place of ``path`` only if nothing went wrong."""
    _require_folder(path)
    place = path.resolve()  # a link goes on pointing at the file that is replaced
    temporary = place.parent / f".stance-{secrets.token_hex(6)}.tmp"
    try:
        # Not tempfile, which would leave a file that only its owner can read.
        temporary.touch(exist_ok=False)
        if place.exists():
            shutil.copymode(place, temporary)
        yield temporary
        with temporary.open("rb+") as handle:
            os.fsync(handle.fileno())
        temporary.replace(place)
    except OSError as error:
        msg = f"{path} could not be written: {error.strerror or error}."
        raise InputError(msg) from error
    finally:  # also after an interrupt
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextmanager
def _as_utf8(stream: BinaryIO) -> Iterator[TextIO]:
    handle = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    try:
        yield handle
    finally:
        handle.detach()  # or the stream would be closed with it


def _write_csv(table: pd.DataFrame, stream: BinaryIO) -> None:
    with_spans = SPAN_COLUMNS if _holds_attributions(table) else ()
    columns = [
        [_join_spans(spans) for spans in _values(table, name)] if name in with_spans else _csv_cells(name, _values(table, name))
        for name in table.columns
    ]
    with _as_utf8(stream) as handle:
        plain = csv.writer(handle, lineterminator="\n")
        # Python 3.11 puts no quotation marks around a lone carriage return, which readers take for the end of the row.
        careful = csv.writer(handle, lineterminator="\n", quoting=csv.QUOTE_ALL)
        plain.writerow(table.columns)
        for row in zip(*columns, strict=True):
            (careful if any("\r" in cell for cell in row) else plain).writerow(row)


def _csv_cells(name: str, values: list[Any]) -> list[str]:
    return [_join(name, value) if name in LIST_COLUMNS and isinstance(value, list) else _as_text(value) for value in values]


def _holds_attributions(table: pd.DataFrame) -> bool:
    return tuple(table.columns) == ATTRIBUTION_COLUMNS


def _join_spans(spans: list[list[int]]) -> str:
    return ";".join(f"{start}:{end}" for start, end in spans)


def _join(name: str, values: list[Any]) -> str:
    parts = [_as_text(value) for value in values]
    if any(not part or ";" in part for part in parts):
        msg = f"A value in {name!r} is empty or holds a semicolon, which CSV cannot keep apart; write .jsonl or .parquet."
        raise InputError(msg)
    return ";".join(parts)


def _write_json_lines(table: pd.DataFrame, stream: BinaryIO) -> None:
    names = [str(name) for name in table.columns]
    columns = [_values(table, name) for name in table.columns]
    with _as_utf8(stream) as handle:
        for row in zip(*columns, strict=True):
            values = dict(zip(names, row, strict=True))
            handle.write(json.dumps(values, ensure_ascii=False, allow_nan=False, default=_as_text) + "\n")


def _write_parquet(table: pd.DataFrame, stream: BinaryIO) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    types = _arrow_types(table)
    arrays = [_arrow_array(str(name), _values(table, name), types.get(str(name))) for name in table.columns]
    # By way of memory: Parquet asks where it stands in the file, which a pipe cannot say.
    whole = io.BytesIO()
    parquet.write_table(pa.Table.from_arrays(arrays, names=[str(name) for name in table.columns]), whole)
    stream.write(whole.getbuffer())


def _arrow_types(table: pd.DataFrame) -> dict[str, Any]:
    """Return types fixed by name, not by what the cells happen to hold: parts of one archive must fit together."""
    import pyarrow as pa

    types = {
        **dict.fromkeys(STATEMENT_COLUMNS, pa.string()),
        **dict.fromkeys(LIST_COLUMNS, pa.list_(pa.string())),
        **dict.fromkeys(WHOLE_COLUMNS, pa.int64()),
        **dict.fromkeys(NUMBER_COLUMNS, pa.float64()),
    }
    if _holds_attributions(table):  # where the cue is a place, not its words
        types |= dict.fromkeys(ATTRIBUTION_COLUMNS, pa.string())
        types |= dict.fromkeys(SPAN_COLUMNS, pa.list_(pa.list_(pa.int64())))
    return types


def _arrow_array(name: str, values: list[Any], kind: Any) -> Any:
    import pyarrow as pa

    if kind is not None:
        with suppress(pa.ArrowException, TypeError):
            return pa.array(values, type=kind)
    try:
        return pa.array(values)
    except (pa.ArrowException, TypeError, OverflowError) as error:
        msg = f"The column {name!r} mixes kinds of values, which Parquet cannot hold ({error}); write .jsonl or .csv."
        raise InputError(msg) from error


def _values(table: pd.DataFrame, name: str) -> list[Any]:
    """Return a column as plain Python values, lists where the column holds several values a cell, None for missing ones."""
    values = [as_plain(value) for value in table[name].tolist()]
    if name in LIST_COLUMNS:
        return [None if value is None else as_list(value) for value in values]
    if name in WHOLE_COLUMNS:
        return [int(value) if isinstance(value, float) and value.is_integer() else value for value in values]
    return values


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


def _as_text(value: Any) -> str:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=_as_text)
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)
