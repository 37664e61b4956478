"""Tells a table of a database by a file's suffix or by an address; no message shows a password."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from stance.errors import InputError

if TYPE_CHECKING:
    import sqlalchemy as sa

SQLITE_SUFFIXES = (".db", ".sqlite", ".sqlite3")
TABLE = "statements"

_ADDRESS = re.compile(r"([A-Za-z][\w+.-]*)://")
# Schemes of pages and of files that are somewhere else; any other is a database's.
_NO_DATABASES = {
    "http",
    "https",
    "ftp",
    "sftp",
    "ssh",
    "file",
    "memory",
    "s3",
    "s3a",
    "gs",
    "gcs",
    "az",
    "abfs",
    "adl",
    "hdfs",
    "hf",
}
_TABLE_NAME = re.compile(r"(?:[A-Za-z_]\w*\.)?[A-Za-z_]\w*", flags=re.ASCII)
# The drivers of stance's extras, and the names by which people call them or their databases.
_DRIVERS = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
}


@dataclass(frozen=True)
class Database:
    """A table of a database; as text it is the address without password."""

    url: sa.URL = field(repr=False)
    table: str = TABLE

    @property
    def is_sqlite(self) -> bool:
        """Whether it is SQLite's."""
        return self.url.get_backend_name() == "sqlite"

    @property
    def path(self) -> Path | None:
        """The file of a SQLite database; None for other databases, and for a file named by a URI of its own."""
        return Path(self.url.database or "") if self.is_sqlite and "uri" not in self.url.query else None

    def __str__(self) -> str:
        if self.is_sqlite:
            return self.url.database or "sqlite://"
        url = self.url
        shown = url.create(url.get_backend_name(), url.username, host=url.host, port=url.port, database=url.database)
        return shown.render_as_string()


def find_database(place: str | Path, table: str | None = None) -> Database | None:
    """Return the database that a path or an address names; None if it is something else.

    ``?table=NAME`` in an address is the table, as ``table`` is; otherwise it is called ``statements``.

    >>> str(find_database("postgresql://ana:secret@localhost/news")), find_database("news.csv")
    ('postgresql://ana@localhost/news', None)

    Raises
    ------
    InputError
        If the address cannot be read, or the name of the table is none.
    """
    if isinstance(place, Path) or not is_address(place):
        path = Path(place)
        if path.suffix.lower() not in SQLITE_SUFFIXES:
            return None
        import sqlalchemy as sa

        return Database(sa.URL.create("sqlite", database=str(path)), _require_table(None, table))
    url = _read_url(place)
    named = url.query.get("table")
    if isinstance(named, tuple):
        named = " and ".join(named)
    return Database(url.difference_update_query(["table"]), _require_table(named, table))


def is_address(place: str) -> bool:
    """Return whether this is the address of a database rather than a path.

    >>> is_address("sqlite:///statements.db"), is_address("https://news.test/1"), is_address("statements.db")
    (True, False, False)
    """
    found = _ADDRESS.match(place)
    return found is not None and found[1].lower() not in _NO_DATABASES


def _require_table(named: str | None, table: str | None) -> str:
    if named and table and named != table:
        msg = f"Two tables are named, {named!r} in the address and {table!r} beside it; name one."
        raise InputError(msg)
    name = named or table or TABLE
    if not _TABLE_NAME.fullmatch(name):
        msg = f"{name!r} cannot be the name of a table: letters, digits and _ can, with a schema and a dot before it."
        raise InputError(msg)
    return name


def _read_url(address: str) -> sa.URL:
    import sqlalchemy as sa

    try:
        url = sa.make_url(address)
    except (sa.exc.ArgumentError, ValueError):
        url = None
    # A password with @, / or : in it, as it stands, ends up in the other parts, where messages would show it.
    if url is None or "@" in f"{url.host or ''}{'' if url.drivername.startswith('sqlite') else url.database or ''}":
        msg = (
            "The address of the database cannot be read; it looks like postgresql://user@host/database or sqlite:///file.db. "
            "In a password, write @ as %40, : as %3A and / as %2F; or leave it out and set PGPASSWORD."
        )
        raise InputError(msg) from None
    scheme = url.drivername.lower()
    return url.set(drivername=_DRIVERS.get(scheme, scheme))
