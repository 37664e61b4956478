"""Files made of composed text, a reading of them with everything that was said; and a PostgreSQL server of the tests' own."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from stance.files import Skipped, find_inputs, read_articles
from stance.records import Article

# The people and papers are invented. Curly marks and a dash are there on purpose.
QUAY = (
    "OSTHAVEN – The harbour minister of Norland, Tove Lindal, said on Tuesday that her government would lift the sanctions on "
    "Vestria before the autumn. “The embargo has emptied our own quays,” she told reporters beside an idle crane."
)
MILL = (
    "The rebels who hold the paper mill at Kolm have agreed to a ceasefire of ten days, their spokesman said in a message to the "
    "mediators. He gave no date for the talks that are to follow, and the army has not answered."
)
BRIDGE = (
    "Envoys of both sides met on the bridge at Sarn and spoke for an hour about the peace talks, which have stood still since "
    "the winter. “We have agreed to agree on an agenda,” the Vestrian envoy, Ilko Brand, said afterwards."
)


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Path]:
    """Write a file below the test's folder; return it."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def read() -> Callable[..., tuple[list[Article], list[Skipped]]]:
    """Read inputs named as on the command line; return the articles and all reports."""

    def articles(*inputs: Any, **options: Any) -> tuple[list[Article], list[Skipped]]:
        skipped: list[Skipped] = []
        paths = find_inputs([str(one) for one in inputs])
        return list(read_articles(paths, on_skip=skipped.append, **options)), skipped

    return articles


@pytest.fixture
def quay() -> str:
    return QUAY


@pytest.fixture
def mill() -> str:
    return MILL


@pytest.fixture
def bridge() -> str:
    return BRIDGE


@pytest.fixture
def make_page() -> Callable[..., str]:
    """An HTML page as papers make them: head with data, navigation, headline, paragraphs, footer."""

    def page(*paragraphs: str, title: str = "Norland to lift embargo", day: str | None = "2024-03-05", head: str = "") -> str:
        date = f'<meta property="article:published_time" content="{day}T09:30:00+01:00">' if day else ""
        return (
            f'<!DOCTYPE html><html lang="en"><head><title>{title}</title>{date}'
            f'<meta property="og:site_name" content="Quayside Courier">{head}</head><body>'
            '<nav><ul><li><a href="/">Front page</a></li><li><a href="/shipping">Shipping news</a></li></ul></nav>'
            f"<article><h1>{title}</h1>{''.join(f'<p>{paragraph}</p>' for paragraph in paragraphs)}</article>"
            "<footer><p>© 2019 Quayside Courier. All rights reserved. Terms of use and cookies.</p></footer></body></html>"
        )

    return page


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
