"""Takes rows batch by batch; what is written appears whole or not at all, and in a database batch by batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Protocol, Self

from stance.errors import InputError
from stance.files.addresses import SQLITE_SUFFIXES, Database, find_database, is_address
from stance.files.databases import DatabaseWriter, check_database
from stance.files.encoders import Encoder, open_encoder, plain_columns
from stance.files.outputs import TABLE_SUFFIXES, check_output, replacing


class Writer(Protocol):
    """A table that is being written, for use in a ``with`` statement.

    Left in peace, it closes: then the whole is there to be read. Left by an exception, it leaves nothing half-written.
    """

    def __enter__(self) -> Self:
        """Begin."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool | None:
        """Close, or after an exception drop what was written."""

    def write(self, rows: Sequence[dict[str, Any]]) -> None:
        """Take some rows; a cell that a row lacks is missing, one that is in no column is left out."""

    def close(self) -> None:
        """Finish before the ``with`` statement ends; then leaving it does nothing more."""


def find_place(output: str | Path, *, format: str | None = None, table: str | None = None) -> Path | Database:  # noqa: A002
    """Return the file or the table of a database that an output names; with a format a path is always a file.

    Raises
    ------
    InputError
        If the address of a database cannot be read, or a format or a table is given that the place has no use for.
    """
    named = isinstance(output, str) and is_address(output)
    database = find_database(output, table) if named or format is None else None
    if database is not None and format is not None:
        msg = f"{database} is a database, which has no format; leave out --format."
    elif database is None and table is not None:
        msg = f"{output} is a file, which has no tables; leave out --table, or write to a database."
    else:
        return Path(output) if database is None else database
    raise InputError(msg)


def check_place(
    output: str | Path,
    columns: Sequence[str],
    *,
    format: str | None = None,  # noqa: A002
    force: bool = False,
    table: str | None = None,
) -> None:
    """Require that a table with these columns can be written there, before any work is done for it.

    Raises
    ------
    InputError
        As ``find_place``, ``check_output`` and ``check_database``.
    """
    place = find_place(output, format=format, table=table)
    if isinstance(place, Database):
        check_database(place, columns)
    else:
        check_output(place, force, suffixes=(*TABLE_SUFFIXES, *SQLITE_SUFFIXES) if format is None else ())


def open_writer(
    output: str | Path,
    columns: Sequence[str],
    *,
    format: str | None = None,  # noqa: A002
    force: bool = False,
    defuse: bool = True,
    table: str | None = None,
) -> Writer:
    """Return the writer for a place: a database by its address or suffix, a file by its suffix or the format.

    ``format`` is one of ``csv``, ``jsonl``, ``parquet``. CSV is made safe to open in a spreadsheet unless ``defuse`` is false.
    ``force`` replaces a file; in a database nothing is replaced but rows of the same ``statement_id``.

    Raises
    ------
    InputError
        As ``check_place``; while writing, for values that the format cannot hold and for a disk that is full.
    """
    check_place(output, columns, format=format, force=force, table=table)
    place = find_place(output, format=format, table=table)
    if isinstance(place, Database):
        return DatabaseWriter(place, columns)
    return FileWriter(place, columns, format or place.suffix, defuse=defuse)


class FileWriter:
    """Writes one file of CSV, JSON Lines or Parquet; it takes its place when it is whole, replacing any that was there."""

    def __init__(self, path: Path, columns: Sequence[str], format: str, *, defuse: bool = True) -> None:  # noqa: A002
        self._columns = tuple(columns)
        self._context = _open_file(path, self._columns, format, defuse)
        self._encoder: Encoder | None = None

    def __enter__(self) -> Self:
        self._encoder = self._context.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool | None:
        if self._encoder is None:
            return None
        self._encoder = None
        return self._context.__exit__(kind, error, traceback)

    def write(self, rows: Sequence[dict[str, Any]]) -> None:
        """Encode some rows into the temporary file."""
        if self._encoder is None:
            msg = "The writer is not open."
            raise ValueError(msg)
        self._encoder.write(plain_columns(rows, self._columns))

    def close(self) -> None:
        """Put the file in its place."""
        self.__exit__(None, None, None)


@contextmanager
def _open_file(path: Path, columns: tuple[str, ...], format: str, defuse: bool) -> Iterator[Encoder]:  # noqa: A002
    with replacing(path) as temporary, temporary.open("wb") as handle:
        encoder = open_encoder(format, columns, handle, defuse=defuse)
        yield encoder
        encoder.close()


class StreamWriter:
    """Writes to an open stream, such as standard output, each batch at once; what is out is out. The stream stays open."""

    def __init__(self, stream: BinaryIO, columns: Sequence[str], format: str, *, defuse: bool = True) -> None:  # noqa: A002
        self._columns, self._stream = tuple(columns), stream
        self._encoder: Encoder | None = open_encoder(format, self._columns, stream, defuse=defuse)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool | None:
        if kind is None:
            self.close()
        self._encoder = None
        return None

    def write(self, rows: Sequence[dict[str, Any]]) -> None:
        """Send some rows."""
        if self._encoder is None:
            msg = "The writer is closed."
            raise ValueError(msg)
        self._encoder.write(plain_columns(rows, self._columns))
        self._stream.flush()

    def close(self) -> None:
        """Send what must stand at the end."""
        if self._encoder is not None:
            self._encoder.close()
            self._stream.flush()
            self._encoder = None
