"""Compressed files are read as they are unpacked, and a damaged one loses only what comes after the damage."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

Read = Callable[..., Any]
Save = Callable[..., Path]


def zst(content: bytes) -> bytes:
    return bytes(pa.compress(content, "zstd", asbytes=True))


PACK: dict[str, Callable[[bytes], bytes]] = {"gz": gzip.compress, "zst": zst}


@pytest.fixture
def rows(quay: str) -> bytes:
    return b"".join(json.dumps({"id": f"r{i}", "text": f"{quay} {i * 7919}"}).encode() + b"\n" for i in range(3000))


@pytest.mark.parametrize("suffix", PACK)
def test_every_compressible_kind_is_read(
    read: Read, save: Save, make_page: Callable[..., str], quay: str, mill: str, suffix: str
) -> None:
    contents = {
        "a.txt": quay,
        "b.csv": f'id,text\nb,"{quay}"\n',
        "c.jsonl": json.dumps({"id": "c", "text": quay}),
        "d.html": make_page(quay, mill),
    }
    paths = [save(f"{name}.{suffix}", PACK[suffix](content.encode())) for name, content in contents.items()]
    if suffix == "zst":
        pytest.importorskip("trafilatura")
    articles, skipped = read(*paths)
    assert [article.id for article in articles] == ["a", "b", "c", "d"]
    assert [article.text for article in articles] == [quay, quay, quay, f"{quay}\n{mill}"]
    assert skipped == []


@pytest.mark.parametrize("suffix", PACK)
def test_files_packed_one_behind_the_other_are_read_to_the_end(read: Read, save: Save, rows: bytes, suffix: str) -> None:
    middle = rows.index(b"\n", len(rows) // 2) + 1
    articles, skipped = read(save(f"a.jsonl.{suffix}", PACK[suffix](rows[:middle]) + PACK[suffix](rows[middle:])))
    assert (len(articles), skipped) == (3000, [])


@pytest.mark.parametrize("suffix", PACK)
def test_a_file_cut_in_the_middle_gives_what_came_before(read: Read, save: Save, rows: bytes, suffix: str) -> None:
    packed = PACK[suffix](rows)
    path = save(f"a.jsonl.{suffix}", packed[: len(packed) * 9 // 10])
    articles, [skipped] = read(path)
    assert 0 < len(articles) < 3000
    assert skipped.source == str(path)
    assert "ended before the end" in skipped.reason or "Truncated" in skipped.reason


@pytest.mark.parametrize("suffix", PACK)
@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.jsonl", "a.html", "a.warc"])
def test_what_is_not_compressed_at_all_is_named(read: Read, save: Save, name: str, suffix: str) -> None:
    pytest.importorskip("warcio")
    articles, skipped = read(save(f"{name}.{suffix}", b"no such thing " * 9))
    assert articles == []
    assert len(skipped) == 1


def test_a_table_of_statements_may_be_compressed_too(save: Save) -> None:
    from stance.files import read_columns, read_table

    path = save("a.csv.gz", gzip.compress(b"sentence,issue\nThey agree.,ceasefire\n"))
    assert read_columns(path) == ("sentence", "issue")
    assert read_table(path).to_dict("records") == [{"sentence": "They agree.", "issue": "ceasefire"}]


def test_a_file_made_to_fill_the_memory_is_left(read: Read, save: Save, monkeypatch: pytest.MonkeyPatch, quay: str) -> None:
    monkeypatch.setattr("stance.files.rows._MAX_LINE", 100_000)
    monkeypatch.setattr("stance.files.sources.MAX_DOCUMENT_BYTES", 100_000)
    row = json.dumps({"id": "r", "text": quay}).encode() + b"\n"
    bombs = [
        save("a.jsonl.gz", gzip.compress(row + b" " * 10_000_000)),
        save("b.csv.gz", gzip.compress(b"id,text\n" + b"x" * 10_000_000)),
        save("c.txt.gz", gzip.compress(b"x" * 10_000_000)),
    ]
    articles, skipped = read(*bombs)
    assert [article.id for article in articles] == ["r"]
    assert [Path(skip.source).name for skip in skipped] == ["a.jsonl.gz", "b.csv.gz", "c.txt.gz"]
    assert "a line of more than" in skipped[0].reason
    assert "larger than" in skipped[2].reason


def test_a_missing_extra_is_named_once_and_the_rest_goes_on(
    read: Read, save: Save, make_page: Callable[..., str], monkeypatch: pytest.MonkeyPatch, quay: str
) -> None:
    import sys

    for module in ("trafilatura", "warcio.archiveiterator", "docx"):
        monkeypatch.setitem(sys.modules, module, None)  # so that importing it fails
    paths = [save(f"{i}.html", make_page(quay)) for i in range(4)] + [save("a.docx", b"x"), save("b.txt", quay)]
    articles, skipped = read(*paths, save("c.warc", b""))
    assert [article.id for article in articles] == ["b"]
    assert [(Path(skip.source).name, skip.reason, skip.n_inputs) for skip in skipped] == [
        ("0.html", "web pages need an extra: pip install 'stance[web]'", 1),
        ("a.docx", "Word files need an extra: pip install 'stance[exports]'", 1),
        ("c.warc", "web archives need an extra: pip install 'stance[web]'", 1),
        ("3 more", "web pages need an extra: pip install 'stance[web]'", 3),
    ]
