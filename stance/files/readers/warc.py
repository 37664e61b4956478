"""Reads web archives (WARC), as CC-NEWS gives them: the pages among their records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from stance.errors import InputError
from stance.files.dates import read_date
from stance.files.readers.pages import MAX_PAGE_BYTES, find_main_text
from stance.files.sources import Finding, Found, MissingExtraError, Skipped, Source, import_extra, parsing

_PAGES = ("text/html", "application/xhtml+xml")


def read_warc(source: Source) -> Iterator[Finding]:
    """Yield the articles of the pages that servers sent with status 200; other responses are counted in one note."""
    warcio = import_extra("warcio.archiveiterator", extra="web", what="web archives")
    n_others = 0
    with source.open() as handle:
        records = warcio.ArchiveIterator(handle)
        while True:
            with parsing("damaged WARC, what comes after is lost"):
                record = next(records, None)
            if record is None:
                break
            if record.rec_type != "response":
                continue
            name = f"{source.name}@{records.get_record_offset()}"
            if not _is_page(record):
                n_others += 1
                continue
            yield _read_record(record, name)
    if n_others:
        yield Skipped(source.name, f"{n_others} responses are no pages with status 200; passed over", kept=True)


def _is_page(record: Any) -> bool:
    headers = record.http_headers
    if headers is None or headers.get_statuscode() != "200":
        return False
    return str(headers.get_header("Content-Type", "")).split(";")[0].strip().lower() in _PAGES


def _read_record(record: Any, name: str) -> Finding:
    url = record.rec_headers.get_header("WARC-Target-URI")
    record_id = str(record.rec_headers.get_header("WARC-Record-ID") or name).removeprefix("<urn:uuid:").rstrip(">")
    _, _, charset = str(record.http_headers.get_header("Content-Type", "")).lower().partition("charset=")
    try:
        with parsing("a record that cannot be read"):
            content = record.content_stream().read(MAX_PAGE_BYTES + 1)
        article = find_main_text(content, record_id, charset=charset.split(";")[0].strip(" \"'"), url=url)
    except MissingExtraError:
        raise
    except (InputError, OSError, EOFError) as error:
        return Skipped(name, str(error) or "a record that ends too early")
    crawled = read_date(record.rec_headers.get_header("WARC-Date"))
    notes = () if article.published or not crawled else (f"no date in the page; {crawled} is the day it was fetched",)
    return Found(name, article if article.published else replace(article, published=crawled), notes)
