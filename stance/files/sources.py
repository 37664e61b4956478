"""What readers are given, an open-able source of bytes, and what they give: articles found and reports on what is left out."""

from __future__ import annotations

import gzip
import io
import re
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from stance.errors import InputError
from stance.files.addresses import Database
from stance.files.decoding import announced_encoding
from stance.files.inputs import (
    STDIN,
    Input,
    Url,
    compression_of,
    kind_of_name,
    known_suffixes,
    source_name,
    stem_of,
)
from stance.records import Article

# A document that is read whole: the longest articles have some 200,000 characters, an export of 500 articles some five million.
MAX_DOCUMENT_BYTES = 100_000_000
_HEAD_BYTES = 65_536
# Python reads eight kilobytes at a time, two articles: with more, lines come twice as fast, those of a .gz by a sixth (2026-11).
_BUFFER_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Source:
    """Bytes that a reader can open, from their beginning and as often as it likes.

    ``name`` is what messages call it, ``stem`` what its articles are called where nothing in it names them. What is opened
    is decompressed already; but a WARC comes as it is, because its offsets count compressed bytes.
    Where the source is a stretch of a table, its rows are counted from ``first_row``, and of Parquet it is some ``row_groups``.
    """

    name: str
    kind: str
    stem: str
    open: Callable[[], AbstractContextManager[BinaryIO]]
    first_row: int = 1
    row_groups: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """An article as a reader found it, where it stood, and what should be said about that."""

    source: str
    article: Article
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """What could not be read as it stands, and why; ``kept`` marks a mere note on what was read.

    ``n_inputs`` is above 1 where one report stands for several files.
    """

    source: str
    reason: str
    kept: bool = False
    n_inputs: int = 1


@dataclass(frozen=True, slots=True)
class Missing:
    """A source that needs an optional package which is not installed, and how to install it."""

    source: str
    reason: str


class MissingExtraError(InputError):
    """An optional package is not installed."""


Finding = Found | Skipped | Missing


def source_of(path: Input, *, kind: str | None = None) -> Source:
    """Return a file or standard input as a source; a pipe without suffix is looked at to tell its kind, if that is not given.

    Raises
    ------
    InputError
        If the suffix is not a known one.
    """
    if isinstance(path, Database):
        msg = "a database, not a file"
        raise InputError(msg)
    if isinstance(path, Url):
        return Source(str(path), "web", str(path), _refuse_web)
    piped = _piped(path)
    kind = kind or (kind_of_name(path) if piped is None else kind_of_name(path) or _kind_of_bytes(piped))
    if kind is None:
        found = f"the suffix {path.suffix} is not one stance reads" if path.suffix else "the name has no suffix"
        msg = f"{found}; known are {known_suffixes()}"
        raise InputError(msg)
    open_packed = partial(io.BytesIO, piped) if piped is not None else partial(path.open, "rb", _BUFFER_BYTES)
    return Source(source_name(path), kind, stem_of(path), partial(open_plain, open_packed, path, kind))


def open_bytes(path: Path) -> BinaryIO:
    """Return a file, open for reading its bytes as they are; a pipe is read to its end once and can then be opened again."""
    piped = _piped(path)
    return path.open("rb", buffering=_BUFFER_BYTES) if piped is None else io.BytesIO(piped)


def _refuse_web() -> BinaryIO:
    msg = "a page of the web, not a table"
    raise InputError(msg)


@contextmanager
def open_plain(open_packed: Callable[[], Any], path: PurePath, kind: str) -> Iterator[BinaryIO]:
    """Open bytes and decompress them as the suffix of their name tells.

    Raises
    ------
    InputError
        Also where reading from the handle meets damaged data.
    """
    compression = compression_of(path)
    try:
        with open_packed() as handle:
            if compression is None or (kind == "warc" and compression == ".gz"):
                yield handle
            elif compression == ".gz":
                with gzip.GzipFile(fileobj=handle) as plain, io.BufferedReader(plain, _BUFFER_BYTES) as buffered:
                    yield buffered
            else:
                import pyarrow as pa

                with pa.CompressedInputStream(handle, "zstd") as plain, io.BufferedReader(plain, _BUFFER_BYTES) as buffered:
                    yield buffered
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
        msg = f"damaged {compression or 'archive'}: {error}; what comes after is lost"
        raise InputError(msg) from error
    except NotImplementedError as error:  # from zipfile
        msg = f"packed in a way that cannot be read: {error}; unpack it first"
        raise InputError(msg) from error


def read_whole(source: Source) -> bytes:
    """Return all bytes of a source.

    Raises
    ------
    InputError
        If there are more of them than any document has.
    """
    with source.open() as handle:
        content = handle.read(_HEAD_BYTES)
        if len(content) == _HEAD_BYTES:  # asking at once for the most would reserve as much memory for every file
            content += handle.read(MAX_DOCUMENT_BYTES + 1 - _HEAD_BYTES)
    if len(content) > MAX_DOCUMENT_BYTES:
        msg = f"larger than {MAX_DOCUMENT_BYTES // 1_000_000} MB, which no document is; many articles go into .jsonl or .csv"
        raise InputError(msg)
    return content


def read_head(source: Source) -> bytes:
    """Return the first bytes of a source, enough to tell what it is."""
    with source.open() as handle:
        return handle.read(_HEAD_BYTES)


def import_extra(module: str, *, extra: str, what: str) -> Any:
    """Return an optional module.

    Raises
    ------
    MissingExtraError
        If it is not installed; the message says how to install it.
    """
    try:
        return import_module(module)
    except ImportError as error:
        msg = f"{what} need an extra: pip install 'stance[{extra}]'"
        raise MissingExtraError(msg) from error


@contextmanager
def parsing(what: str) -> Iterator[None]:
    """Turn whatever a parser made by others raises on what it is fed into an InputError.

    Pages of the web and office files come from anywhere, and one in a million makes a parser fail in a way that it does not
    announce; a run over all of them must name that one and go on.
    """
    try:
        yield
    except (InputError, OSError, EOFError, MemoryError):
        raise
    except Exception as error:
        msg = f"{what}: {(str(error).splitlines() or [''])[0][:200] or type(error).__name__}"
        raise InputError(msg) from error


def _kind_of_bytes(content: bytes) -> str:
    if content.startswith(b"PAR1"):
        return "parquet"
    head = content[:_HEAD_BYTES]
    text = head.decode(announced_encoding(head) or "utf-8", errors="replace").lstrip()
    if text.startswith("{"):
        return "jsonl"
    if re.match(r"<!doctype html|<html[\s>]", text, re.IGNORECASE):
        return "page"
    first_line = re.split(r"[\r\n]", text, maxsplit=1)[0]
    header = {cell.strip().strip('"') for cell in first_line.split(",")}
    return "csv" if header & {"text", "sentence"} else "text"


def _piped(path: Path) -> bytes | None:
    """Return all that comes through a pipe, or None for a file."""
    if path == STDIN:
        return _drain(sys.stdin.buffer)
    return _drain(path, path.stat().st_ino) if path.is_fifo() else None


@cache  # what has come through a pipe comes only once
def _drain(source: BinaryIO | Path, inode: int = 0) -> bytes:  # the inode, for /dev/fd/63 names one pipe after another
    return source.read_bytes() if isinstance(source, Path) else source.read()
