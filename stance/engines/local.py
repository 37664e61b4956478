"""Works through batches in this process or in several; what comes out, and in which order, does not depend on how many."""

from __future__ import annotations

import os
import signal
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING, Any

from stance.engines.batches import Batch
from stance.engines.work import Found, Work, collect_seldom
from stance.errors import EngineError
from stance.records import Article

if TYPE_CHECKING:
    from concurrent.futures import Future

# Batches under way for each worker: one in its hands, one waiting, so that none is idle and few are held in memory.
_AHEAD = 2
# One thread for each worker: there are as many workers as the user wants cores busy.
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def work_through(batches: Iterable[Batch], work: Work, *, jobs: int = 1) -> Generator[tuple[Batch, Found], None, None]:
    """Yield what is found in the batches, in their order; with more than one of ``jobs``, so many processes work at once.

    Raises
    ------
    EngineError
        If a process dies of something that is no exception, such as want of memory.
    """
    if jobs == 1:
        for batch in batches:
            yield batch, work(batch.articles)
        return
    waiting: deque[tuple[Batch, Future[Found]]] = deque()
    with _processes(work, jobs) as submit:
        for batch in batches:
            waiting.append((batch, submit(batch.articles)))
            while waiting and (len(waiting) > _AHEAD * jobs or waiting[0][1].done()):
                first, future = waiting.popleft()
                yield first, future.result()
        while waiting:
            first, future = waiting.popleft()
            yield first, future.result()


@contextmanager
def _processes(work: Work, jobs: int) -> Iterator[Callable[[Sequence[Article]], Future[Found]]]:
    """Start processes that hold the work, and give the function that hands them articles; end them, whatever happens."""
    from joblib.externals.loky import BrokenProcessPool, ProcessPoolExecutor

    executor: Any = ProcessPoolExecutor(jobs, initializer=_begin, initargs=(work, os.getpid()), env=_ONE_THREAD)
    done = False
    try:
        yield lambda articles: executor.submit(_work_on, articles)
        done = True
    except BrokenProcessPool as error:
        msg = (
            "A worker process ended without an answer: it was killed, perhaps for want of memory. "
            f"Each needs some 300 MB; try fewer than --jobs {jobs}."
        )
        raise EngineError(msg) from error
    finally:
        executor.shutdown(wait=True, kill_workers=not done)


# The work of this worker process, handed over once rather than with every batch.
_held: list[Work] = []


def _begin(work: Work, first_process: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the first process decides what becomes of it
    collect_seldom()
    _held[:] = [work]
    Thread(target=_end_with, args=(first_process,), daemon=True).start()


def _end_with(first_process: int) -> None:
    """End this worker when the first process is gone: one that was killed could not tell its workers."""
    while os.getppid() == first_process:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


def _work_on(articles: Sequence[Article]) -> Found:
    return _held[0](articles)
