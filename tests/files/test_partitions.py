"""Files cut into partitions give, one after another, what the whole file gives."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from stance.errors import InputError
from stance.files.partitions import Partition, cut_file, describe_file, find_files, read_partition
from stance.files.readers import read_source
from stance.files.sources import source_of

fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed (pip install 'stance[dask]')")
TEXT = "The mayor of the port said that the ferry would not sail before the sanctions were lifted."


@pytest.fixture
def memory() -> Iterator[Any]:
    """A file system in memory, empty."""
    system = fsspec.filesystem("memory")
    system.store.clear()
    yield system
    system.store.clear()


def cut_and_read(path: Path, n_bytes: int) -> list[Any]:
    [file] = find_files([str(path)])
    return [found for partition in cut_file(file, n_bytes=n_bytes) for found in read_partition(partition, {})]


def read_whole(path: Path) -> list[Any]:
    return list(read_source(source_of(path), {}))


LINES = [json.dumps({"text": f"{TEXT} {number}" * (number % 4)}) for number in range(40)]


@pytest.mark.parametrize("n_bytes", [10, 97, 1000, 5000, 10**6])
@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
@pytest.mark.parametrize("join", ["\n", "\n\n", "\r\n"])
def test_lines_are_read_as_from_the_whole_file(tmp_path: Path, n_bytes: int, join: str, end: str) -> None:
    path = tmp_path / "news.jsonl"
    path.write_bytes((join.join([*LINES[:9], "{broken", *LINES[9:]]) + end).encode())
    assert cut_and_read(path, n_bytes) == read_whole(path)


@given(lengths=st.lists(st.integers(0, 30), min_size=1, max_size=12), n_bytes=st.integers(1, 200))
def test_every_line_is_read_once_wherever_the_cuts_fall(
    lengths: list[int], n_bytes: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("cuts") / "news.jsonl"
    path.write_text("\n".join(json.dumps({"text": "a" * length + "b"}) for length in lengths), encoding="utf-8")
    assert cut_and_read(path, n_bytes) == read_whole(path)


@pytest.mark.parametrize("n_bytes", [1, 3000, 10**6])
def test_row_groups_are_read_as_from_the_whole_file(tmp_path: Path, n_bytes: int) -> None:
    path = tmp_path / "news.parquet"
    parquet.write_table(pa.table({"text": [f"{TEXT} {number}" for number in range(50)]}), path, row_group_size=7)
    assert cut_and_read(path, n_bytes) == read_whole(path)


@pytest.mark.parametrize(("n_bytes", "n_partitions"), [(1, 8), (10**6, 1)])
def test_row_groups_are_put_together_up_to_the_size(tmp_path: Path, n_bytes: int, n_partitions: int) -> None:
    path = tmp_path / "news.parquet"
    parquet.write_table(pa.table({"text": [f"{TEXT} {number}" for number in range(50)]}), path, row_group_size=7)
    assert len(cut_file(find_files([str(path)])[0], n_bytes=n_bytes)) == n_partitions


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", ("text\n" + f'"{TEXT}"\n' * 50).encode()),
        ("a.txt", TEXT.encode()),
        ("a.jsonl", "\n".join(LINES).encode("utf-16")),
        ("broken.parquet", b"PAR1 no more"),
        ("empty.jsonl", b""),
        ("empty.parquet", b""),
    ],
)
def test_what_cannot_be_cut_is_one_partition(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    [file] = find_files([str(tmp_path / name)])
    assert cut_file(file, n_bytes=100) == [file]
    assert list(read_partition(file, {})) == read_whole(tmp_path / name)


def test_files_there_are_found_in_the_order_of_files_here(tmp_path: Path, memory: Any) -> None:
    for name in ("a/2.txt", "a-b/1.txt", "a.txt", "a/.hidden/3.txt", "a/notes.pdf", "B.jsonl.gz"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
        memory.pipe_file(f"/news/{name}", TEXT.encode())
    here = [Path(file.url).relative_to(tmp_path).as_posix() for file in find_files([str(tmp_path)])]
    there = [file.url.removeprefix("memory://").removeprefix("/news/") for file in find_files(["memory://news"])]
    assert there == here == ["B.jsonl.gz", "a/2.txt", "a-b/1.txt", "a.txt"]


@pytest.mark.parametrize("pattern", ["memory://news/*.jsonl", "memory://news/a.jsonl", "memory://news/"])
def test_globs_files_and_folders_are_found_there(memory: Any, pattern: str) -> None:
    memory.pipe_file("/news/a.jsonl", LINES[1].encode())
    memory.pipe_file("/news/notes", b"")
    [file] = find_files([pattern, pattern])
    assert [found.article.text for found in read_partition(file, {})] == [f"{TEXT} 1"]  # type: ignore[union-attr]


def test_a_file_url_is_a_file_here(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    assert find_files([f"file://{tmp_path}/a.txt"]) == find_files([str(tmp_path / "a.txt")])


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("memory://nothing", "Nothing matches memory://nothing"),
        ("-", "stdin cannot be read by several machines; --engine local reads it"),
        ("https://news.test/1", "https://news.test/1 cannot be read by several machines"),
        ("nonsense://a", "cannot be reached: .*nonsense"),
    ],
)
def test_what_cannot_be_read_there_is_told(memory: Any, pattern: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        find_files([pattern])


def test_a_file_there_is_known_again_by_what_its_store_tells(memory: Any) -> None:
    memory.pipe_file("/news/a.txt", b"first")
    [file] = find_files(["memory://news/a.txt"])
    before = describe_file(file)
    memory.pipe_file("/news/a.txt", b"other")
    assert (before["bytes"], before == describe_file(file)) == (5, False)


def test_a_file_that_is_gone_is_described_and_reported(memory: Any) -> None:
    gone = Partition("memory://news/gone.jsonl", "memory://news/gone.jsonl")
    assert describe_file(gone)["bytes"] is None
    assert cut_file(gone) == [gone]
    assert "cannot be read" in next(read_partition(gone, {})).reason  # type: ignore[union-attr]


def make_warc(n_pages: int, page: str) -> bytes:
    """Return a web archive of pages, each packed by itself."""
    answer = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}".encode()
    records = []
    for number in range(n_pages):
        head = [
            "WARC/1.0",
            "WARC-Type: response",
            f"WARC-Record-ID: <urn:uuid:record-{number}>",
            f"WARC-Target-URI: https://news.test/{number}",
            "WARC-Date: 2024-03-07T01:02:03Z",
            "Content-Type: application/http; msgtype=response",
            f"Content-Length: {len(answer)}",
        ]
        records.append("\r\n".join([*head, "", ""]).encode() + answer + b"\r\n\r\n")
    return b"".join(map(gzip.compress, records))


def test_a_web_archive_there_is_read_as_here(tmp_path: Path, memory: Any, make_page: Callable[..., str], quay: str) -> None:
    for module in ("warcio", "trafilatura"):
        pytest.importorskip(module, reason="not installed (pip install 'stance[web]')")
    archive = make_warc(2, make_page(quay))
    (tmp_path / "a.warc.gz").write_bytes(archive)
    memory.pipe_file("/news/a.warc.gz", archive)
    [file] = find_files(["memory://news/a.warc.gz"])
    there = [found.article for found in read_partition(file, {})]  # type: ignore[union-attr]
    assert there == [found.article for found in read_whole(tmp_path / "a.warc.gz")]
    assert len(there) == 2
