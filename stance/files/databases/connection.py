"""Connects to a database; what it says against that becomes an error that says what to do, without the password."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from stance.errors import InputError
from stance.files.addresses import Database
from stance.files.outputs import require_folder
from stance.files.store import APPLICATION

if TYPE_CHECKING:
    import sqlalchemy as sa

_EXTRAS = {"psycopg": "stance[postgres]", "pymysql": "stance[mysql]"}
# Drivers that wait for minutes where nobody answers, and what they call the seconds to wait.
_PATIENT = {"psycopg": "connect_timeout", "psycopg2": "connect_timeout"}
_WAIT_SECONDS = 30
_MAX_REASON_CHARS = 400


@contextmanager
def connect(database: Database, *, writing: bool = False) -> Iterator[sa.Connection]:
    """Connect; what the database says against it, then or later, becomes an InputError. A SQLite file is not made here.

    Raises
    ------
    InputError
        Also where the file of a SQLite database is missing (to be read), or is an annotation store.
    """
    import sqlalchemy as sa

    require_usable(database, writing=writing)
    try:
        engine = _make_engine(database, writing=writing)
        connection = engine.connect()
    # Drivers raise what they like where they do not understand an address.
    except (sa.exc.SQLAlchemyError, ImportError, OSError, RuntimeError, TypeError, ValueError) as error:
        raise _refused(database, error) from error
    try:
        with connection:
            if database.is_sqlite:
                _refuse_store(connection, database)
            yield connection
    except sa.exc.SQLAlchemyError as error:
        raise _refused(database, error) from error
    finally:
        engine.dispose()


def require_usable(database: Database, *, writing: bool) -> None:
    """Require what can be told of a SQLite file before it is opened; of other databases nothing can."""
    if not database.is_sqlite:
        return
    path = database.path
    if database.url.database in (None, "", ":memory:"):
        msg = "A SQLite database without a file is gone at the end; name one: sqlite:///statements.db."
    elif path is None:
        return
    elif path.is_dir():
        msg = f"{path} is a folder; add the name of a file."
    elif path.exists() and not path.is_file():
        msg = f"{path} is not a regular file."
    elif not writing and not path.exists():
        msg = f"There is no file {path}."
    else:
        if not path.exists():
            require_folder(path)
        return
    raise InputError(msg)


def _make_engine(database: Database, *, writing: bool) -> sa.Engine:
    import sqlalchemy as sa

    options: dict[str, Any] = {}
    driver = database.url.get_driver_name()
    if driver in _PATIENT and _PATIENT[driver] not in database.url.query:
        options = {_PATIENT[driver]: _WAIT_SECONDS}
    if database.is_sqlite and "timeout" not in database.url.query:
        options = {"timeout": _WAIT_SECONDS}
    engine = sa.create_engine(database.url, connect_args=options, poolclass=sa.pool.NullPool, hide_parameters=True)
    if database.is_sqlite:
        # Python's sqlite3 would begin transactions late and end them before a CREATE TABLE.
        # https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#pysqlite-serializable
        sa.event.listen(engine, "connect", _leave_transactions_to_us)
        sa.event.listen(engine, "begin", _begin_writing if writing else _begin_reading)
    return engine


def _refuse_store(connection: sa.Connection, database: Database) -> None:
    with connection.begin():
        is_store = connection.exec_driver_sql("PRAGMA application_id").scalar() == APPLICATION
    if is_store:
        msg = f"{database} is an annotation store, in which decisions are kept, and no table of statements; name another file."
        raise InputError(msg)


def _leave_transactions_to_us(connection: Any, _: Any) -> None:
    connection.isolation_level = None


def _begin_writing(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # one who reads first and writes then can be locked out half-way


def _begin_reading(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _refused(database: Database, error: Exception) -> InputError:
    """Return the error that says what is against using a database, and what to do where that is known."""
    return InputError(f"{database} cannot be used: {_reason(database, error)}.")


def _reason(database: Database, error: Exception) -> str:
    import sqlalchemy as sa

    if isinstance(error, sa.exc.NoSuchModuleError):
        name = database.url.get_backend_name()
        known = "sqlite, postgresql, mysql, mariadb, oracle and mssql"
        return f"SQLAlchemy knows no database {name!r}; it knows {known}, and others when their package is installed"
    driver = database.url.get_driver_name()
    if isinstance(error, ImportError):
        package = _EXTRAS.get(driver) or error.name or driver
        return f"its driver is not installed; install it: pip install '{package}'"
    original = getattr(error, "orig", None) or error
    # MySQL's drivers tell a number, then the words.
    words = original.args[-1] if original.args and isinstance(original.args[-1], str) else str(original)
    # The first line: PostgreSQL goes on with the row that it did not like.
    text = (words.strip().splitlines() or [type(original).__name__])[0].strip().rstrip(".")[:_MAX_REASON_CHARS]
    for secret in _secrets(database.url):
        text = text.replace(secret, "***")
    return text


def _secrets(url: sa.URL) -> list[str]:
    named = [str(value) for name, value in url.query.items() if "pass" in name.lower() or name == "odbc_connect"]
    return [secret for secret in (str(url.password or ""), *named) if secret]
