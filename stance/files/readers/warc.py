"""Reads web archives (WARC), as CC-NEWS gives them: the pages among their records."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import replace
from typing import Any, BinaryIO

from stance.errors import InputError
from stance.files.dates import read_date
from stance.files.readers.pages import MAX_PAGE_BYTES, find_main_text
from stance.files.sources import Finding, Found, MissingExtraError, Skipped, Source, import_extra, parsing

_PAGES = ("text/html", "application/xhtml+xml")
_CHUNK_BYTES = 65_536
_CUT = "ends in the middle of a record"


def read_warc(source: Source) -> Iterator[Finding]:
    """Yield the articles of the pages that servers sent with status 200; other responses are counted in one note.

    A record's name is that of the file and its offset in it: ``a.warc.gz@1232``.
    """
    warcio = import_extra("warcio.archiveiterator", extra="web", what="web archives")
    n_pages = n_others = offset = 0
    last = None
    with source.open() as handle:
        records = warcio.ArchiveIterator(handle)
        while (record := _next_record(records)) is not None:
            last, offset = record, records.offset
            if _is_page(record):
                n_pages += 1
                yield _read_record(record, f"{source.name}@{offset}")
            elif record.rec_type == "response":
                n_others += 1
        if source.name.lower().endswith(".gz"):
            _require_whole(handle, offset)
        elif (handle.seekable() and records.offset < handle.seek(0, io.SEEK_END)) or (
            last and not _is_page(last) and _is_cut(last)
        ):
            raise InputError(_CUT)
    if n_others:
        yield Skipped(source.name, f"passed over {n_others} responses that are no page with status 200", kept=True)
    if not n_pages:
        yield Skipped(source.name, "no pages in it")


def _next_record(records: Any) -> Any:
    # warcio warns of a record of a wrong length on standard error; the record that ends too early is reported by itself.
    with parsing("damaged WARC, what comes after is lost"), redirect_stderr(io.StringIO()):
        record = next(records, None)
    if record is not None and not record.rec_headers.get_header("Content-Length"):
        raise InputError(_CUT)
    return record


def _require_whole(handle: BinaryIO, offset: int) -> None:
    """Require that the last record, at ``offset``, is whole and nothing is begun behind it, which warcio takes for the end."""
    handle.seek(offset)
    unzip = zlib.decompressobj(wbits=31)
    while not unzip.eof and (chunk := handle.read(_CHUNK_BYTES)):
        unzip.decompress(chunk)
    if not unzip.eof or (unzip.unused_data + handle.read(1)).strip(b"\0"):
        raise InputError(_CUT)


def _is_page(record: Any) -> bool:
    headers = record.http_headers if record.rec_type == "response" else None
    if headers is None or headers.get_statuscode() != "200":
        return False
    return str(headers.get_header("Content-Type", "")).split(";")[0].strip().lower() in _PAGES


def _read_record(record: Any, name: str) -> Finding:
    url = record.rec_headers.get_header("WARC-Target-URI")
    record_id = str(record.rec_headers.get_header("WARC-Record-ID") or name).removeprefix("<urn:uuid:").rstrip(">")
    _, _, charset = str(record.http_headers.get_header("Content-Type", "")).lower().partition("charset=")
    try:
        with parsing("a record that cannot be read"):
            content = _read_content(record)
        article = find_main_text(content, record_id, charset=charset.split(";")[0].strip(" \"'"), url=url)
    except MissingExtraError:
        raise
    except (InputError, OSError, EOFError) as error:
        return Skipped(name, str(error) or "a record that ends too early")
    crawled = read_date(record.rec_headers.get_header("WARC-Date"))
    notes = () if article.published or not crawled else (f"no date in the page; {crawled} is the day it was fetched",)
    return Found(name, article if article.published else replace(article, published=crawled), notes)


def _is_cut(record: Any) -> bool:
    """Return whether a record that has been read to its end is shorter than it says."""
    return bool(getattr(record.raw_stream, "limit", 0))


def _read_content(record: Any) -> bytes:
    """Return what the server sent, unchunked and decompressed, up to the size from which it is no page."""
    stream = record.content_stream()
    parts: list[bytes] = []
    n_bytes = 0
    while n_bytes <= MAX_PAGE_BYTES and (part := stream.read(_CHUNK_BYTES)):
        parts.append(part)
        n_bytes += len(part)
    while n_bytes <= MAX_PAGE_BYTES and record.raw_stream.read(_CHUNK_BYTES):
        pass  # what stands behind the last chunk of the page
    if n_bytes <= MAX_PAGE_BYTES and _is_cut(record):
        msg = "a record that ends too early"
        raise InputError(msg)
    return b"".join(parts)
