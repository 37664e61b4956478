"""A file of articles to crawl through, some of them bad, and the snail that crawls."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

SNAIL = Path(__file__).parent / "snail.py"
N_ARTICLES = 300


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three hundred articles in one file; every fiftieth is a stumbling block, after every seventieth comes a broken row."""
    path = tmp_path_factory.mktemp("archive") / "archive.jsonl"
    with path.open("w", encoding="utf-8") as handle:
        for number in range(N_ARTICLES):
            block = "It met a stumbling block. " if number % 50 == 49 else ""
            text = f"The ferry number {number} of the port has left. {block}" * (1 + number % 3)
            handle.write(json.dumps({"id": f"ferry-{number}", "text": text}) + "\n" + "{broken\n" * (number % 70 == 69))
    return path


@pytest.fixture(scope="session")
def crawl(archive: Path) -> Callable[..., subprocess.Popen[str]]:
    """Start a snail on the archive, and return when it has begun."""

    def start(folder: Path, *arguments: str, pause: float = 0.0) -> subprocess.Popen[str]:
        command = [sys.executable, str(SNAIL), str(archive), f"{folder}/", str(pause), *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert process.stdout is not None
        process.stdout.readline()
        return process

    return start


@pytest.fixture(scope="session")
def uninterrupted(crawl: Callable[..., subprocess.Popen[str]], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a run that nothing has disturbed."""
    folder = tmp_path_factory.mktemp("uninterrupted") / "out"
    _, said = crawl(folder).communicate()
    assert "294 articles" in said
    return contents(folder)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
