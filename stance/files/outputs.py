"""Writes tables, models and settings, so that a file appears whole or not at all."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from stance.errors import InputError
from stance.files.encoders import as_plain, as_text, open_encoder, plain_values

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
        require_folder(path)
        return
    raise InputError(msg)


def require_folder(path: Path) -> None:
    """Require that the folder of a file exists and may be written to; InputError otherwise."""
    folder = path.parent
    if not folder.is_dir():
        nearest = next((parent for parent in path.parents if parent.exists()), Path())
        what = f"{nearest} does" if nearest.is_dir() else f"{nearest} is a file"
        msg = f"The folder {folder} does not exist ({what}); create it first."
        raise InputError(msg)
    if not os.access(folder, os.W_OK):
        msg = f"The folder {folder} may not be written to; choose another."
        raise InputError(msg)


def write_table(
    table: pd.DataFrame,
    path: Path,
    *,
    format: str | None = None,  # noqa: A002
    force: bool = False,
    defuse: bool = True,
) -> None:
    """Write a table as CSV, JSON Lines or Parquet, by the suffix or the format (``csv``, ``jsonl``, ``parquet``).

    Columns that hold several values are joined by ``;`` in CSV (spans as ``start:end``) and are arrays elsewhere. What is
    missing is an empty cell in CSV and null elsewhere. Cells of CSV that a spreadsheet would run as formulas get an apostrophe
    (``spreadsheets.defuse``; ``read_table`` and ``read_statements`` take it off) unless ``defuse`` is false. The index is not
    written.

    Raises
    ------
    InputError
        As ``check_output``; also for an unknown format, and for values that the format cannot hold.
    """
    check_output(path, force, suffixes=TABLE_SUFFIXES if format is None else ())
    with replacing(path) as temporary, temporary.open("wb") as handle:
        _encode(table, handle, format or path.suffix, defuse=defuse)


def write_stream(table: pd.DataFrame, stream: BinaryIO, format: str, *, defuse: bool = True) -> None:  # noqa: A002
    """Write a table to an open stream of bytes, such as standard output, which stays open.

    Raises
    ------
    InputError
        For an unknown format, and for values that the format cannot hold.
    """
    _encode(table, stream, format, defuse=defuse)
    stream.flush()


def _encode(table: pd.DataFrame, stream: BinaryIO, format: str, *, defuse: bool) -> None:  # noqa: A002
    encoder = open_encoder(format, [str(name) for name in table.columns], stream, defuse=defuse)
    encoder.write({str(name): plain_values(table[name].tolist(), name) for name in table.columns})
    encoder.close()


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
    text = json.dumps(as_plain(value), ensure_ascii=False, indent=2, allow_nan=False, default=as_text)
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
    require_folder(path)
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
        sync_folder(place.parent)
    except OSError as error:
        msg = f"{path} could not be written: {error.strerror or error}."
        raise InputError(msg) from error
    finally:  # also after an interrupt
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on disk, so that a file that took its place is there after the power fails."""
    if os.name == "nt":  # Windows opens no folders, and keeps names in its journal
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
