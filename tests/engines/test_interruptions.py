"""Real processes that are killed, interrupted or out of space: nothing is lost, and the end is the same."""

from __future__ import annotations

import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

Crawl = Callable[..., "subprocess.Popen[str]"]
KILLS = 20
SNAIL = Path(__file__).parent / "snail.py"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def wait_for_parts(folder: Path, n_parts: int) -> None:
    deadline = time.monotonic() + 30
    while len(list(folder.glob("part-*"))) < n_parts:
        assert time.monotonic() < deadline, "the run has written no parts"
        time.sleep(0.01)


def test_ctrl_c_finishes_the_part_and_says_how_to_go_on(crawl: Crawl, uninterrupted: dict[str, bytes], tmp_path: Path) -> None:
    process = crawl(tmp_path / "out", pause=0.01)
    wait_for_parts(tmp_path / "out", 2)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    n_parts = len(list((tmp_path / "out").glob("part-*")))
    assert process.returncode == 130
    assert "finishing part" in said
    assert f"stopped after {n_parts} parts" in said
    assert "--resume" in said
    crawl(tmp_path / "out", "--resume").communicate()
    assert contents(tmp_path / "out") == uninterrupted


def test_ctrl_c_twice_stops_at_once(crawl: Crawl, uninterrupted: dict[str, bytes], tmp_path: Path) -> None:
    process = crawl(tmp_path / "out", "--part-articles", "300", pause=0.05)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=5)
    assert process.returncode == 130
    assert "interrupted; 0 parts kept" in said
    assert list((tmp_path / "out").glob("*part*")) + list((tmp_path / "out").glob(".stance*")) == []


def crawl_and_kill(crawl: Crawl, folder: Path, moments: Iterator[float]) -> int:
    """Resume the run until it ends by itself, killing it when each moment has passed; return how often it was killed."""
    n_kills = 0
    while True:
        process = crawl(folder, "--resume", pause=0.002)
        with suppress(subprocess.TimeoutExpired):
            process.wait(next(moments, None))
        process.kill()
        process.communicate()
        if process.returncode == 0:
            return n_kills
        assert process.returncode == -signal.SIGKILL
        n_kills += 1


@pytest.mark.slow
def test_a_run_killed_at_random_points_ends_as_one_that_was_not(
    crawl: Crawl, uninterrupted: dict[str, bytes], tmp_path: Path
) -> None:
    random_source = random.Random(20261122)
    moments = (random_source.uniform(0, 0.8) for _ in itertools.count())
    n_kills = n_runs = 0
    while n_kills < KILLS:
        folder = tmp_path / f"out{n_runs}"
        n_kills += crawl_and_kill(crawl, folder, moments)
        n_runs += 1
        assert contents(folder) == uninterrupted


def test_the_workers_of_a_killed_process_end_too(crawl: Crawl, tmp_path: Path) -> None:
    process = crawl(tmp_path / "out", "--jobs", "2", pause=0.01)
    wait_for_parts(tmp_path / "out", 1)
    workers = find_children(process.pid)
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 20
    while any(map(is_alive, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(workers) >= 2
    assert [worker for worker in workers if is_alive(worker)] == []


def find_children(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def is_alive(process: int) -> bool:
    status = Path(f"/proc/{process}/stat")
    return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] != "Z"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 150 kB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    options = ["-t", "tmpfs", "-o", "size=150k", "tmpfs", str(place)]
    if mount is None or os.geteuid() != 0 or subprocess.run([mount, *options], capture_output=True, check=False).returncode:
        pytest.skip("a small file system can only be mounted by root")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_is_told_of_and_the_run_goes_on_when_there_is_room(
    crawl: Crawl, uninterrupted: dict[str, bytes], small_disk: Path
) -> None:
    process = crawl(small_disk / "out")
    _, said = process.communicate(timeout=30)
    n_parts = len(list((small_disk / "out").glob("part-*")))
    assert process.returncode == 1
    assert "No space left on device" in said
    assert f"{n_parts} whole parts are kept; the same command with --resume goes on from there" in said
    assert "Traceback" not in said
    subprocess.run(["mount", "-o", "remount,size=10m", str(small_disk)], check=True)
    crawl(small_disk / "out", "--resume").communicate(timeout=30)
    assert contents(small_disk / "out") == uninterrupted


@pytest.mark.slow
def test_memory_does_not_grow_with_the_articles(tmp_path: Path) -> None:
    peaks = [measure_memory(tmp_path, n_articles) for n_articles in (1000, 50_000)]
    assert peaks[1] - peaks[0] < 25  # MB: caches, and what Python keeps of what it has given back


def measure_memory(folder: Path, n_articles: int) -> float:
    """Return the peak memory, in MB, of a snail on so many articles, some of them bad."""
    source = folder / f"{n_articles}.jsonl"
    with source.open("w", encoding="utf-8") as handle:
        for number in range(n_articles):
            text = "The ferry of the port has left, and it will be back when the tide allows it. " * 20
            handle.write(
                json.dumps({"id": f"ferry-{number}", "text": f"{number} {text}"}) + "\n" + "{broken\n" * (number % 50 == 0)
            )
    command = [sys.executable, str(SNAIL), str(source), f"{folder}/{n_articles}/", "0", "--part-articles", "5000"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return used.ru_maxrss / 1024
