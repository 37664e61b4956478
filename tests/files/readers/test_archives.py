"""Zip archives: every kind inside them, no unpacking, no way out of them."""

from __future__ import annotations

import gzip
import io
import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stance.files import read_articles

Read = Callable[..., Any]
Save = Callable[..., Path]


def make_zip(members: dict[str, bytes | str], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def reasons(skipped: Any) -> list[tuple[str, str, bool]]:
    return [(Path(skip.source).name, skip.reason, skip.kept) for skip in skipped]


def test_every_kind_is_read_in_the_order_of_names(
    read: Read, save: Save, make_page: Callable[..., str], quay: str, mill: str, bridge: str
) -> None:
    pytest.importorskip("trafilatura")
    table = io.BytesIO()
    pd.DataFrame({"id": ["p"], "text": [bridge]}).to_parquet(table)
    row = json.dumps({"id": "j", "text": quay}).encode()
    members = {
        "z/last.txt": mill,
        "a.jsonl.gz": gzip.compress(row),
        "b.csv": f'id,text\nc,"{mill}"\n',
        "folder/c.html": make_page(quay, mill),
        "d.parquet": table.getvalue(),
        "notes.md": "x",
        "__MACOSX/._a.txt": "x",
        ".hidden.txt": "x",
    }
    path = save("archive.zip", make_zip(members))
    articles, skipped = read(path)
    assert [(article.id, article.text) for article in articles] == [
        ("j", quay),
        ("c", mill),
        ("p", bridge),
        ("c#2", f"{quay}\n{mill}"),
        ("last", mill),
    ]
    assert reasons(skipped) == [
        ("c.html", "the id c is taken by another text; this one is called c#2", True),
        ("archive.zip", "passed over 3 in it whose suffix is not one stance reads", True),
    ]
    assert skipped[0].source == f"{path}!folder/c.html"


def test_nothing_is_written_whatever_a_member_is_called(read: Read, save: Save, tmp_path: Path, quay: str) -> None:
    path = save("inner/a.zip", make_zip({"/etc/a.txt": quay, "../b.txt": f"{quay} 2", "C:\\c.txt": f"{quay} 3"}))
    articles, skipped = read(path)
    assert {article.text for article in articles} == {quay, f"{quay} 2", f"{quay} 3"}
    assert skipped == []
    assert [child for child in tmp_path.rglob("*") if child.is_file()] == [path]


def test_a_bad_member_costs_only_itself(read: Read, save: Save, quay: str) -> None:
    locked = bytearray(make_zip({"locked.txt": quay}))
    good = make_zip(
        {
            "bomb.txt": b"a" * 150_000_000,
            "broken.jsonl": '{"id": 1',
            "inner.zip": b"PK",
            "no.docx": b"x",
            "ok.txt": quay,
            "short.csv.gz": gzip.compress(b"id,text\n1,x\n")[:-9],
        }
    )
    # The first bit of the flags says that a member is locked, in its own header and in the list at the end.
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = locked.index(signature) + place
        locked[start : start + 2] = struct.pack("<H", 1)
    articles, skipped = read(save("a.zip", good), save("b.zip", bytes(locked)))
    assert [article.id for article in articles] == ["ok"]
    by_name = {skip.source.partition("!")[2]: skip.reason for skip in skipped}
    assert list(by_name) == ["bomb.txt", "broken.jsonl:1", "inner.zip", "no.docx", "short.csv.gz", "locked.txt"]
    assert by_name["bomb.txt"].startswith("packed 10")
    assert by_name["inner.zip"] == "an archive inside an archive; unpack it first"
    assert by_name["locked.txt"] == "locked with a password; unpack it first"
    assert "ended before the end" in by_name["short.csv.gz"]


def test_a_damaged_member_is_named_and_the_next_one_read(read: Read, save: Save, quay: str, mill: str) -> None:
    content = bytearray(make_zip({"a.txt": quay, "b.txt": mill}, zipfile.ZIP_STORED))
    content[content.index(b"harbour")] ^= 1
    articles, [skipped] = read(save("a.zip", bytes(content)))
    assert [article.id for article in articles] == ["b"]
    assert skipped.source.endswith("a.zip!a.txt")
    assert "damaged" in skipped.reason


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no zip archive"),
        (b"hello", "no zip archive"),
        (make_zip({"notes.md": "x"}), "no article files in it"),
        (make_zip({}), "no article files in it"),
    ],
)
def test_an_archive_without_articles_is_named(read: Read, save: Save, content: bytes, said: str) -> None:
    articles, [skipped] = read(save("a.zip", content))
    assert articles == []
    assert said in skipped.reason


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 900), byte=st.integers(0, 255), cut=st.booleans())
def test_no_damage_raises(tmp_path: Path, quay: str, mill: str, place: int, byte: int, cut: bool) -> None:
    content = bytearray(make_zip({"a.txt": quay, "b.jsonl": json.dumps({"id": "b", "text": mill}), "c.csv.gz": b"x"}))
    place %= len(content)
    content[place] = byte
    path = tmp_path / "a.zip"
    path.write_bytes(bytes(content[:place] if cut else content))
    list(read_articles([path], on_skip=lambda _: None))
