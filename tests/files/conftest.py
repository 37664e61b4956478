"""A PostgreSQL server of the tests' own, on a free port of 127.0.0.1, stopped when they are through."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PASSWORD = "geheim/:?#@ %word"
QUOTED = "geheim%2F%3A%3F%23%40%20%25word"


@dataclass(frozen=True)
class Server:
    """Where a PostgreSQL server listens; its user ``stance`` has a password that is hard to write."""

    port: int
    sockets: Path

    def address(self, database: str = "postgres", *, password: str = QUOTED) -> str:
        return f"postgresql://stance:{password}@127.0.0.1:{self.port}/{database}"

    def empty(self) -> str:
        """Empty the database and return its address."""
        import psycopg

        with psycopg.connect(self.address(), autocommit=True) as connection:
            connection.execute("DROP SCHEMA IF EXISTS press CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        return self.address()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The server; skipped where it cannot be had, unless STANCE_REQUIRE_POSTGRES says that it must be."""
    programs = _find_programs()
    if missing := _why_not(programs):
        if os.environ.get("STANCE_REQUIRE_POSTGRES") == "1":
            pytest.fail(f"STANCE_REQUIRE_POSTGRES is set, and {missing}")
        pytest.skip(missing)
    # Not pytest's folder: the server may not be root, and nobody else can look into that.
    folder = Path(tempfile.mkdtemp(prefix="stance-pg-"))
    try:
        password = folder / "password"
        password.write_text(PASSWORD, encoding="utf-8")
        if os.geteuid() == 0:
            for path in (folder, password):
                shutil.chown(path, "postgres")
        _run(
            programs / "initdb",
            "-D",
            folder / "data",
            "-U",
            "stance",
            "--auth=scram-sha-256",
            f"--pwfile={password}",
            "-E",
            "UTF8",
            "--no-sync",
        )
        port = _start(programs, folder)
        try:
            yield Server(port, folder)
        finally:
            _run(programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder)


def _find_programs() -> Path | None:
    """Return the folder of the newest server: Debian keeps its programs out of the way."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: [int(x) for x in path.parent.name.split(".")])
    on_path = shutil.which("pg_ctl")
    found = [folder for folder in [*([Path(on_path).parent] if on_path else []), *folders] if (folder / "initdb").is_file()]
    return found[-1] if found else None


def _why_not(programs: Path | None) -> str | None:
    if programs is None:
        return "no PostgreSQL server is installed (apt-get install postgresql)"
    if importlib.util.find_spec("psycopg") is None:
        return "the driver is not installed (pip install 'stance[postgres]')"
    if os.geteuid() == 0 and not _has_user():
        return "there is no user postgres, and PostgreSQL refuses to be root"
    return None


def _has_user() -> bool:
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        return False
    return shutil.which("runuser") is not None


def _start(programs: Path, folder: Path) -> int:
    for _ in range(5):  # somebody else may take the port before the server does
        port = _free_port()
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off"
        command = ("-D", folder / "data", "-o", options, "-l", folder / "log", "-w", "start")
        if _run(programs / "pg_ctl", *command, check=False) == 0:
            return port
    raise RuntimeError((folder / "log").read_text(encoding="utf-8"))


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def _run(*command: str | Path, check: bool = True) -> int:
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C.UTF-8"}
    # No pipe: the server would keep it open, and the reader would wait for its end.
    done = subprocess.run(
        [*as_user, *map(str, command)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd="/", env=clean, check=check
    )
    return done.returncode
