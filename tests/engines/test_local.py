"""One process or several: the same rows in the same order, and a clear end when a worker dies."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from stance.engines import Batch, Found, work_through
from stance.errors import EngineError
from stance.records import Article

BATCHES = [Batch([Article(f"article-{i}", "x" * i)]) for i in range(20)]


@dataclass(frozen=True)
class Measuring:
    """Work that tells lengths and the process it ran in."""

    columns: tuple[str, ...] = ("length", "process")

    def __call__(self, articles: Sequence[Article]) -> Found:
        return Found([{"length": len(article.text), "process": os.getpid()} for article in articles], [])


@dataclass(frozen=True)
class Dying:
    """Work that the kernel kills on the tenth article."""

    columns: tuple[str, ...] = ()

    def __call__(self, articles: Sequence[Article]) -> Found:
        if articles[0].id == "article-10":
            os.kill(os.getpid(), signal.SIGKILL)
        return Found([], [])


def test_several_processes_work_and_the_order_stays() -> None:
    results = list(work_through(BATCHES, Measuring(), jobs=2))
    assert [found.rows[0]["length"] for _, found in results] == list(range(20))
    assert [batch for batch, _ in results] == BATCHES
    assert os.getpid() not in {found.rows[0]["process"] for _, found in results}


def test_one_job_works_in_this_process() -> None:
    assert {found.rows[0]["process"] for _, found in work_through(BATCHES, Measuring())} == {os.getpid()}


def test_no_more_batches_are_read_than_needed() -> None:
    read = []
    batches = (read.append(batch) or batch for batch in BATCHES)
    results = work_through(batches, Measuring(), jobs=2)
    next(results)
    results.close()
    assert len(read) <= 6


def test_a_worker_that_dies_is_an_engine_error() -> None:
    results = work_through(BATCHES, Dying(), jobs=2)
    with pytest.raises(EngineError, match=r"killed, perhaps for want of memory.* fewer than --jobs 2"):
        list(results)
