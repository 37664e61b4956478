"""Web archives: the pages among their records, and records that cannot be read."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

pytest.importorskip("warcio")
pytest.importorskip("trafilatura")
Read = Callable[..., Any]
Save = Callable[..., Path]
Page = Callable[..., str]
Record = tuple[str, bytes, dict[str, str]]


def make_record(kind: str, block: bytes, number: int, url: str = "") -> bytes:
    lines = [
        "WARC/1.0",
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: <urn:uuid:record-{number}>",
        "WARC-Date: 2024-03-07T01:02:03Z",
        *([f"WARC-Target-URI: {url}", "Content-Type: application/http; msgtype=response"] if url else []),
        f"Content-Length: {len(block)}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + block + b"\r\n\r\n"


def make_warc(records: list[Record], *, packed: bool = True) -> bytes:
    """Return records as Common Crawl writes them: each packed by itself, one behind the other."""
    parts = [make_record("warcinfo", b"software: composed\r\n", 99)]
    for number, (url, body, headers) in enumerate(records):
        status = headers.get(":status", "200 OK")
        said = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if name != ":status")
        parts.append(make_record("request", b"GET / HTTP/1.1\r\n\r\n", 100 + number, url))
        parts.append(make_record("response", f"HTTP/1.1 {status}\r\n{said}\r\n".encode() + body, number, url))
    return b"".join(gzip.compress(part) if packed else part for part in parts)


@pytest.fixture
def records(make_page: Page, quay: str, mill: str, bridge: str) -> list[Record]:
    html = {"Content-Type": "text/html; charset=utf-8"}
    return [
        ("https://q.test/1", make_page(quay, mill).encode(), dict(html)),
        ("https://q.test/robots.txt", b"User-agent: *", {"Content-Type": "text/plain"}),
        ("https://q.test/2", make_page(mill, bridge, day=None).encode(), dict(html)),
        ("https://q.test/3", b"<html><head><title>Menu</title></head><body></body></html>", dict(html)),
        ("https://q.test/4", make_page(quay).encode(), {**html, ":status": "404 Not Found"}),
        ("https://q.test/5", make_page(bridge, quay).encode("cp1252"), {"Content-Type": 'text/html; charset="Windows-1252"'}),
        ("https://q.test/6", gzip.compress(make_page(bridge, mill).encode()), {**html, "Content-Encoding": "gzip"}),
    ]


@pytest.mark.parametrize("packed", [True, False])
def test_pages_are_read_and_the_others_are_counted(
    read: Read, save: Save, records: list[Record], quay: str, mill: str, bridge: str, packed: bool
) -> None:
    path = save("news.warc.gz" if packed else "news.warc", make_warc(records, packed=packed))
    articles, skipped = read(path)
    assert [(article.id, article.url, article.published) for article in articles] == [
        ("record-0", "https://q.test/1", "2024-03-05"),
        ("record-2", "https://q.test/2", "2024-03-07"),
        ("record-5", "https://q.test/5", "2024-03-05"),
        ("record-6", "https://q.test/6", "2024-03-05"),
    ]
    assert [article.text for article in articles] == [
        f"{quay}\n{mill}",
        f"{mill}\n{bridge}",
        f"{bridge}\n{quay}",
        f"{bridge}\n{mill}",
    ]
    assert articles[0].outlet == "Quayside Courier"
    assert [(skip.reason, skip.kept) for skip in skipped] == [
        ("no date in the page; 2024-03-07 is the day it was fetched", True),
        ("no article found in the page", False),
        ("passed over 2 responses that are no page with status 200", True),
    ]
    assert all(skip.source.startswith(f"{path}@") for skip in skipped[:2])


def test_zstandard_is_read_too(read: Read, save: Save, records: list[Record]) -> None:
    packed = pa.compress(make_warc(records, packed=False), "zstd", asbytes=True)
    articles, _ = read(save("news.warc.zst", bytes(packed)))
    assert [article.id for article in articles] == ["record-0", "record-2", "record-5", "record-6"]


@pytest.mark.parametrize("packed", [True, False])
def test_wherever_a_file_is_cut_it_is_said(
    read: Read, save: Save, make_page: Page, quay: str, mill: str, packed: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    page = make_page(quay, mill).encode()
    records: list[Record] = [(f"https://q.test/{i}", page, {"Content-Type": "text/html"}) for i in range(2)]
    whole = make_warc(records, packed=packed)
    for length in range(1, len(whole) - 40, 37):
        articles, skipped = read(save("cut.warc.gz" if packed else "cut.warc", whole[:length]))
        between = whole[:length].endswith(b"\r\n\r\n") or whole[length:].startswith((b"WARC/1.0", b"\x1f\x8b"))
        assert between or [skip for skip in skipped if not skip.kept], whole[:length][-300:]
        assert len(articles) < 2 or skipped
    assert capsys.readouterr() == ("", "")  # warcio itself writes to standard error


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
@pytest.mark.parametrize("content", [b"", b"hello\n" * 99, b"\x00\x01\x02" * 99, gzip.compress(b"hello\n" * 99, mtime=0)])
def test_what_is_no_warc_is_named_once(read: Read, save: Save, name: str, content: bytes) -> None:
    articles, skipped = read(save(name, content))
    assert articles == []
    assert len(skipped) == 1


def test_a_damaged_byte_costs_what_comes_after_it(read: Read, save: Save, make_page: Page, quay: str, mill: str) -> None:
    page = make_page(quay, mill).encode()
    content = bytearray(make_warc([(f"https://q.test/{i}", page, {"Content-Type": "text/html"}) for i in range(3)]))
    content[len(content) - 300] ^= 0xFF
    articles, skipped = read(save("a.warc.gz", bytes(content)))
    assert len(articles) == 2
    assert len(skipped) == 1
