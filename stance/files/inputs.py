"""Finds the files and databases a user means and opens files; ``-`` is standard input."""

from __future__ import annotations

import codecs
import glob
import io
import re
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import BinaryIO

from stance.errors import InputError
from stance.files.addresses import Database, find_database, is_address

KINDS = {".txt": "text", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet"}
STDIN = Path("-")
Input = Path | Database

# Byte order marks, longest first: UTF-32's begins like UTF-16's.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Half a surrogate pair cannot be written as UTF-8, and a NUL marks a binary file to every reader, ours included.
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
_HEAD_BYTES = 65_536
_LONGEST_NAME = 255  # bytes, on the file systems in use


def find_inputs(patterns: Sequence[str]) -> list[Input]:
    """Return the files that the patterns name, each once, in the order given; folders and globs are sorted.

    A folder is searched to its full depth for known suffixes, those of databases left out; hidden files and folders in it
    are passed over. A file named outright is kept whatever its suffix. ``-`` stays ``Path("-")``, and ``postgresql://…``
    becomes a ``Database``.

    Raises
    ------
    InputError
        If a pattern matches nothing that can be read.
    """
    found: dict[Input, Input] = {}
    for pattern in patterns:
        database = find_database(pattern) if is_address(pattern) else None
        for one in [database] if database is not None else _matches(pattern):
            found.setdefault(one if one == STDIN or isinstance(one, Database) else one.resolve(), one)
    return list(found.values())


def recognize(path: Input) -> Input:
    """Return a file that its suffix says is SQLite's as the database it is, other inputs as they are."""
    return path if isinstance(path, Database) else find_database(path) or path


def _matches(pattern: str) -> list[Path]:
    path = Path(pattern)
    if len(path.name.encode("utf-8", "surrogateescape")) > _LONGEST_NAME:  # asking for such a file is an error of its own
        return _nothing(f"{pattern[:60]}… is too long for the name of a file")
    if pattern == "-" or path.is_file():
        return [path]
    if path.is_dir():
        return _files_in(path) or _nothing(f"The folder {pattern} holds no article files")
    if path.exists():  # a pipe, as in <(command)
        return [path]
    matches = [Path(match) for match in sorted(glob.glob(pattern, recursive=True))]  # noqa: PTH207
    if not matches:
        return _nothing(f"Nothing matches {pattern}")
    files = [file for match in matches for file in (_files_in(match) if match.is_dir() else [match])]
    return [file for file in files if kind_of_name(file)] or _nothing(f"{pattern} matches no article files")


def _files_in(folder: Path) -> list[Path]:
    visible = (path for path in folder.rglob("*") if not any(part.startswith(".") for part in path.relative_to(folder).parts))
    return sorted(path for path in visible if kind_of_name(path) and path.is_file())


def _nothing(what: str) -> list[Path]:
    msg = f"{what}; stance reads {', '.join(KINDS)}."
    raise InputError(msg)


def source_name(path: Input) -> str:
    """Return the name by which messages call an input; bytes that are no text in it are replaced."""
    return "stdin" if path == STDIN else mend(str(path))[0]


def kind_of_name(path: Path) -> str | None:
    """Return the kind of file its suffix announces, or None for an unknown suffix."""
    return KINDS.get(path.suffix.lower())


def kind_of(path: Path) -> str:
    """Return the kind of file: ``text``, ``jsonl``, ``csv`` or ``parquet``; a pipe without suffix is looked at.

    Raises
    ------
    InputError
        If the suffix is not a known one.
    """
    piped = _piped(path)
    kind = kind_of_name(path) if piped is None else kind_of_name(path) or _kind_of_bytes(piped)
    if kind is None:
        found = f"the suffix {path.suffix} is not one stance reads" if path.suffix else "the name has no suffix"
        msg = f"{found}; known are {', '.join(KINDS)}"
        raise InputError(msg)
    return kind


def _kind_of_bytes(content: bytes) -> str:
    if content.startswith(b"PAR1"):
        return "parquet"
    head = content[:_HEAD_BYTES]
    text = head.decode(byte_order_mark(head) or "utf-8", errors="replace").lstrip()
    if text.startswith("{"):
        return "jsonl"
    first_line = re.split(r"[\r\n]", text, maxsplit=1)[0]
    header = {cell.strip().strip('"') for cell in first_line.split(",")}
    return "csv" if header & {"text", "sentence"} else "text"


def open_input(path: Path) -> BinaryIO:
    """Return the file, open for reading bytes; a pipe is read to its end once and can then be opened again."""
    piped = _piped(path)
    return path.open("rb") if piped is None else io.BytesIO(piped)


def _piped(path: Path) -> bytes | None:
    """Return all that comes through a pipe, or None for a file."""
    if path == STDIN:
        return _drain(sys.stdin.buffer)
    return _drain(path, path.stat().st_ino) if path.is_fifo() else None


@cache  # what has come through a pipe comes only once
def _drain(source: BinaryIO | Path, inode: int = 0) -> bytes:  # the inode, for /dev/fd/63 names one pipe after another
    return source.read_bytes() if isinstance(source, Path) else source.read()


def byte_order_mark(head: bytes) -> str | None:
    """Return the encoding that a byte order mark announces, or None where there is no mark."""
    return next((name for mark, name in _BYTE_ORDER_MARKS if head.startswith(mark)), None)


def mend(text: str) -> tuple[str, bool]:
    r"""Return the text with characters that no file can hold replaced by U+FFFD, one for one, and whether there were any.

    >>> mend("half a pair: \ud83d")
    ('half a pair: �', True)
    """
    mended, n_replaced = _UNWRITABLE.subn("\ufffd", text)
    return mended, n_replaced > 0
