"""Runs on a Dask cluster of real processes: the rows of a local run, also when a worker is killed or the run is resumed."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from stance.engines import Attributing, Labelling, Tally, Work, read_batches
from stance.engines.parts import describe_run
from stance.errors import EngineError, InputError
from stance.model import StanceClassifier
from stance.records import Article

distributed = pytest.importorskip("distributed", reason="Dask is not installed (pip install 'stance[dask]')")
fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed (pip install 'stance[dask]')")
dask_engine = pytest.importorskip("stance.engines.dask")
FILLING = "The harbour had been quiet since the spring, and the cranes stood still over the empty quay, which was not for sale."


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two worker processes."""
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs=50) as started:
        yield started


@pytest.fixture
def sources(tmp_path: Path, articles: list[Article]) -> list[Path]:
    """A table in Parquet, one in JSON Lines and a text, in which ids come again, with the same text and with another."""
    many = [
        {
            "id": f"news-{number % 25}",
            "text": f"{articles[number % 3].text}\n\n{FILLING} {number}",
            "outlet": "Quayside Courier",
        }
        for number in (*range(40), *range(10), *range(50, 60))
    ]
    parquet.write_table(pa.Table.from_pylist(many[:30]), tmp_path / "a.parquet", row_group_size=7)
    lines = [json.dumps(row) for row in many[30:]]
    (tmp_path / "b.jsonl").write_text("\n".join([*lines[:5], "{broken", *lines[5:], '{"text": "123"}']), encoding="utf-8")
    (tmp_path / "news-3.txt").write_text(many[3]["text"] + " Another.", encoding="utf-8")
    return [tmp_path / "a.parquet", tmp_path / "b.jsonl", tmp_path / "news-3.txt"]


def run_here(sources: list[Path], work: Work) -> tuple[pd.DataFrame, Tally]:
    tally, rows = Tally(), []
    for batch in read_batches(sources):
        found = work(batch.articles)
        tally.count(batch, found)
        rows += found.rows
    return pd.DataFrame(rows, columns=list(work.columns)), tally


@pytest.fixture
def run_there(cluster: Any) -> Callable[..., Tally]:
    def run(sources: list[Any], work: Work, output: object, **options: Any) -> Tally:
        settings = describe_run(work, {"format": "parquet", "defuse": True}) | options.pop("changed", {})
        options = {"partition_bytes": 5000, "scheduler": cluster.scheduler_address} | options
        tally: Tally = dask_engine.run_on_dask([str(source) for source in sources], work, str(output), settings, **options)
        return tally

    return run


def as_json(table: pd.DataFrame) -> list[Any]:
    rows: list[Any] = json.loads(table.to_json(orient="records"))
    return rows


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_rows_and_counts_are_those_of_a_local_run(
    run_there: Callable[..., Tally], sources: list[Path], model: StanceClassifier, tmp_path: Path
) -> None:
    work = Labelling(model, "tiny", abstain_below=0.5)
    tally = run_there(sources, work, tmp_path / "out")
    here, tally_here = run_here(sources, work)
    assert len(list((tmp_path / "out").glob("part-*.parquet"))) > 5
    assert as_json(pd.read_parquet(tmp_path / "out")) == as_json(here)
    assert tally == tally_here
    assert tally.skipped == {"the same id and text": 10, "broken JSON": 1, "empty": 1}
    assert {"news-3", "news-3#2", "news-3#3", "news-3#4"} <= set(here["article_id"])


def test_the_folder_tells_what_it_holds_and_what_failed(
    run_there: Callable[..., Tally], sources: list[Path], tmp_path: Path
) -> None:
    run_there(sources, Attributing(), tmp_path / "out")
    manifest = [json.loads(line) for line in (tmp_path / "out" / "_run" / "manifest.jsonl").read_text("utf-8").splitlines()]
    failures = [
        json.loads(line)
        for path in sorted((tmp_path / "out" / "_run").glob("failures-*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    assert [line["input"] for line in manifest[1:4]] == [str(path) for path in sources]
    assert manifest[-1]["finished"]
    assert sum(line["rows"] for line in manifest if "part" in line) == manifest[-1]["rows"]
    assert {"input": f"{sources[1]}:6", "exception": None}.items() <= failures[0].items()
    assert len(failures) == 12
    assert not (tmp_path / "out" / "_run" / "staging").exists()


def test_a_run_goes_from_one_store_to_another(sources: list[Path]) -> None:
    """On a cluster of threads, which share the memory that stands for the store."""
    memory = fsspec.filesystem("memory")
    memory.store.clear()
    for source in sources:
        memory.pipe_file(f"/news/{source.name}", source.read_bytes())
    work = Attributing()
    with distributed.LocalCluster(n_workers=2, processes=False, dashboard_address=":0", silence_logs=50) as threads:
        options = {"partition_bytes": 5000, "scheduler": threads.scheduler_address}
        settings = describe_run(work, {"format": "jsonl", "defuse": True})
        dask_engine.run_on_dask(["memory://news/"], work, "memory://bucket/out", settings, **options)
    lines = b"".join(memory.cat_file(path) for path in sorted(memory.glob("/bucket/out/part-*"))).decode().splitlines()
    here, _ = run_here(sources, work)
    assert [json.loads(line) for line in lines] == as_json(here)


def test_a_worker_killed_in_the_middle_changes_nothing(
    cluster: Any, run_there: Callable[..., Tally], sources: list[Path], tmp_path: Path
) -> None:
    run_there(sources, Attributing(), tmp_path / "calm")
    staging = tmp_path / "out" / "_run" / "staging"
    with distributed.Client(cluster) as client:
        before = client.run(os.getpid)
        killed = []

        def kill_in_the_middle() -> None:
            while len(list(staging.glob("*.json"))) < 3:
                time.sleep(0.001)
            killed.append(next(iter(before.values())))
            os.kill(killed[0], signal.SIGKILL)

        killer = Thread(target=kill_in_the_middle)
        killer.start()
        run_there(sources, Attributing(), tmp_path / "out")
        killer.join()
        client.wait_for_workers(2)
        after = client.run(os.getpid)
    assert killed[0] not in after.values()
    assert contents(tmp_path / "out") == contents(tmp_path / "calm")


def test_a_run_that_broke_off_goes_on(
    run_there: Callable[..., Tally], sources: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_there(sources, Attributing(), tmp_path / "calm")
    seen = []

    def break_off(n_articles: int) -> None:
        seen.append(n_articles)
        if len(seen) == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_there(sources, Attributing(), tmp_path / "out", watch=break_off)
    staged = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out" / "_run" / "staging").glob("*.json")}
    assert len(staged) >= 4
    run_there(sources, Attributing(), tmp_path / "out", resume=True)
    assert contents(tmp_path / "out") == contents(tmp_path / "calm")


def test_a_finished_run_is_left_as_it_is(run_there: Callable[..., Tally], sources: list[Path], tmp_path: Path) -> None:
    first = run_there(sources, Attributing(), tmp_path / "out")
    assert run_there(sources, Attributing(), tmp_path / "out", resume=True) == first


def test_a_run_is_not_overwritten_unasked(run_there: Callable[..., Tally], sources: list[Path], tmp_path: Path) -> None:
    run_there(sources[2:], Attributing(), tmp_path / "out")
    with pytest.raises(InputError, match="holds a run of stance; go on with it by --resume, or begin anew with --force"):
        run_there(sources, Attributing(), tmp_path / "out")
    run_there(sources, Attributing(), tmp_path / "out", force=True)
    assert len(pd.read_parquet(tmp_path / "out")) == len(run_here(sources, Attributing())[0])


def test_other_settings_and_inputs_are_refused(run_there: Callable[..., Tally], sources: list[Path], tmp_path: Path) -> None:
    run_there(sources, Attributing(), tmp_path / "out")
    with pytest.raises(EngineError, match="was begun with attitudes true; now it is false"):
        run_there(sources, Attributing(attitudes=False), tmp_path / "out", resume=True)
    with pytest.raises(EngineError, match=r"was begun with other inputs: .*news-3\.txt is missing"):
        run_there(sources[:2], Attributing(), tmp_path / "out", resume=True)


def test_workers_with_another_version_are_told_of(run_there: Callable[..., Tally], sources: list[Path], tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"A worker has another version of stance .* not older.*--resume goes on"):
        run_there(sources, Attributing(), tmp_path / "out", changed={"code_version": "older"})


def test_no_scheduler_is_told_of(
    run_there: Callable[..., Tally], sources: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_engine, "_SECONDS_TO_CONNECT", 0.2)
    with pytest.raises(EngineError, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        run_there(sources, Attributing(), tmp_path / "out", scheduler="tcp://127.0.0.1:9")
