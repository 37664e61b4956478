"""Works through articles on a Dask cluster: the same rows as a local run, from any place to any place that fsspec reaches."""

from __future__ import annotations

import json
import logging
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from stance.engines.partitions import finish_part, work_on
from stance.engines.tally import Tally
from stance.engines.work import Work
from stance.errors import EngineError, InputError, StanceError
from stance.files.folders import MANIFEST, RUN_FOLDER
from stance.files.ids import open_seen
from stance.files.manifests import read_lines, require_same_inputs, require_same_settings
from stance.files.partitions import PARTITION_BYTES, Partition, cut_file, describe_file, find_files
from stance.files.sources import import_extra
from stance.files.staging import STAGING
from stance.files.stores import Store

_MANIFEST = f"{RUN_FOLDER}/{MANIFEST}"
# How often a task is tried again that raised an exception (a store that did not answer); that a worker died, Dask counts itself.
_RETRIES = 2
_SECONDS_TO_CONNECT = 30


def run_on_dask(
    patterns: Sequence[str],
    work: Work,
    output: str,
    settings: Mapping[str, Any],
    *,
    scheduler: str | None = None,
    jobs: int | None = None,
    columns: Mapping[str, str] | None = None,
    partition_bytes: int = PARTITION_BYTES,
    resume: bool = False,
    force: bool = False,
    watch: Callable[[int], None] = lambda _n_articles: None,
) -> Tally:
    """Write what is found in the articles that the patterns name as parts, one a partition, into a folder.

    ``scheduler`` is the address of a Dask scheduler; None starts a cluster of ``jobs`` processes (None: one a core) on this
    machine. ``settings`` (``format``, ``defuse`` and all else that decides the rows) go into the manifest. ``watch`` hears how
    many articles of each partition were read.

    Raises
    ------
    InputError
        If a run is there, and neither ``resume`` nor ``force`` is asked for; if nothing can be read, or nothing written.
    EngineError
        If a run is resumed with other inputs or settings, no scheduler answers, or a task fails again and again.
    """
    store, files = Store(output), find_files(patterns)
    settings = {**settings, "engine": "dask", "partition_bytes": partition_bytes}
    if finished := _begin(store, settings, files, resume=resume, force=force):
        return finished
    distributed = import_extra("distributed", extra="dask", what="runs on Dask")
    with _connect(distributed, scheduler, jobs) as client, _telling_why():
        cut = client.map(cut_file, files, n_bytes=partition_bytes, pure=False)
        partitions = [partition for some in client.gather(cut) for partition in some]
        counts = _work_through(distributed, client, partitions, work, store, settings, columns or {}, watch)
    return _finish(store, partitions, counts, settings)


def _begin(store: Store, settings: Mapping[str, Any], files: Sequence[Partition], *, resume: bool, force: bool) -> Tally | None:
    """Take up what is there, or see that nothing is; return the tally of a run that is finished."""
    names = store.find()
    before = store.read(_MANIFEST) if _MANIFEST in names else None
    of_a_run = {name for name in names if name.startswith((f"{RUN_FOLDER}/", "part-"))}
    if before is not None and resume:
        told = list(read_lines(before.decode().splitlines()))
        require_same_settings(store, told[0] if told else {}, settings)
        require_same_inputs(store, [line for line in told if "input" in line], map(describe_file, files))
        if told[-1].get("finished"):
            tally = Tally()
            tally.add(told[-1])
            return tally
        return None
    if of_a_run and not force:
        how = "go on with it by --resume, or begin anew with --force" if before is not None else "pass --force to replace it"
        msg = f"{store} holds {'a run' if before is not None else 'parts'} of stance; {how}."
        raise InputError(msg)
    store.remove(of_a_run)
    store.write(_MANIFEST, _as_lines([settings, *map(describe_file, files)]))
    return None


def _work_through(
    distributed: Any,
    client: Any,
    partitions: Sequence[Partition],
    work: Work,
    store: Store,
    settings: Mapping[str, Any],
    columns: Mapping[str, str],
    watch: Callable[[int], None],
) -> list[dict[str, Any]]:
    """Work through all partitions and write their parts; return the counts of each."""
    # As the result of a task, the work is told again to a worker that takes the place of one that died.
    held = client.submit(pickle.loads, pickle.dumps(work), pure=False)
    told = {"work": held, "store": store, "columns": columns, "code": settings["code_version"]}
    tasks = client.map(work_on, range(len(partitions)), partitions, **told, retries=_RETRIES, pure=False)
    numbers = {task.key: number for number, task in enumerate(tasks)}
    waiting: dict[int, Any] = {}
    finishing: list[Any] = []
    with open_seen() as seen:
        for task, result in distributed.as_completed(tasks, with_results=True):
            waiting[numbers[task.key]] = result["articles"]
            task.release()
            while len(finishing) in waiting:  # ids are settled in the order of the input, whatever the order of the answers
                articles = waiting.pop(len(finishing))
                settled = [seen.settle_id(*article) for article in articles]
                finishing.append(
                    client.submit(finish_part, len(finishing), settled, held, store, settings, retries=_RETRIES, pure=False)
                )
                watch(len(articles))
    counts: list[dict[str, Any]] = client.gather(finishing)
    return counts


def _finish(
    store: Store, partitions: Sequence[Partition], counts: Sequence[Mapping[str, Any]], settings: Mapping[str, Any]
) -> Tally:
    """Tell in the manifest what each part holds and that all is done, and remove what the tasks left for one another."""
    before = (store.read(_MANIFEST) or b"").decode().splitlines()
    lines = [line for line in read_lines(before) if "part" not in line]
    tally = Tally()
    for number, (partition, told) in enumerate(zip(partitions, counts, strict=True)):
        tally.add(told)
        part = {"part": f"part-{number:05}.{settings['format']}", **told}
        lines.append({**part, "file": partition.name} | _describe_stretch(partition))
    store.write(_MANIFEST, _as_lines([*lines, {"finished": True, "parts": len(partitions), **tally.as_counts()}]))
    store.remove_folder(STAGING)
    return tally


def _describe_stretch(partition: Partition) -> dict[str, Any]:
    if partition.row_groups is not None:
        return {"row_groups": partition.row_groups}
    return {} if partition.end is None else {"from_byte": partition.start, "to_byte": partition.end}


def _as_lines(values: Sequence[Mapping[str, Any]]) -> bytes:
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values).encode("utf-8", "replace")


@contextmanager
def _connect(distributed: Any, scheduler: str | None, jobs: int | None) -> Iterator[Any]:
    """Give a client of the scheduler, or of a cluster on this machine that ends with the run."""
    if scheduler is not None:
        try:
            client = distributed.Client(scheduler, timeout=_SECONDS_TO_CONNECT)
        except (OSError, ValueError) as error:
            msg = f"No Dask scheduler answers at {scheduler}: {error}."
            raise EngineError(msg) from error
        with client:
            yield client
        return
    how = {"threads_per_worker": 1, "dashboard_address": ":0", "silence_logs": logging.CRITICAL}
    with distributed.LocalCluster(n_workers=jobs, **how) as cluster, distributed.Client(cluster) as client:
        yield client


@contextmanager
def _telling_why() -> Iterator[None]:
    """Turn what a task fails of into an error that says how to go on."""
    from distributed.scheduler import KilledWorker

    how = "What is done is kept; the same command with --resume goes on from there."
    try:
        yield
    except StanceError as error:
        msg = f"{error} {how}"
        raise EngineError(msg) from error
    except KilledWorker as error:
        msg = f"Workers died again and again on the same partition, perhaps for want of memory ({error}). {how}"
        raise EngineError(msg) from error
    except OSError as error:  # from fsspec or from the cluster
        msg = f"A task failed {1 + _RETRIES} times: {type(error).__name__}: {error}. {how}"
        raise EngineError(msg) from error
