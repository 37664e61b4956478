"""Reads a page of the web: its main text, title, date, outlet and address, as trafilatura finds them."""

from __future__ import annotations

import codecs
import logging
import re
from collections.abc import Iterator

from stance.errors import InputError
from stance.files.dates import read_date
from stance.files.decoding import announced_encoding
from stance.files.sources import Finding, Found, Source, import_extra, parsing
from stance.records import Article

# News pages have up to one megabyte and some 10,000 tags. trafilatura needs more than proportionally long for more: 78 s for a
# page of ten megabytes of empty paragraphs (2026-11), 2 s for 100,000 of them.
MAX_PAGE_BYTES = 10_000_000
_MAX_TAGS = 100_000
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{1,40})", re.IGNORECASE)
_META_BYTES = 4096
# As browsers read these names: each stands for the larger encoding that pages written under it use.
_AS_BROWSERS_DO = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932"}
# The day stands in the page's own data or nowhere: an extensive search takes the year of a copyright notice for New Year's Day.
_DATES = {"extensive_search": False, "original_date": True}


def read_page(source: Source) -> Iterator[Finding]:
    """Yield the article of an HTML file."""
    with source.open() as handle:
        content = handle.read(MAX_PAGE_BYTES + 1)
    yield Found(source.name, find_main_text(content, source.stem))


def find_main_text(content: bytes, article_id: str, *, charset: str | None = None, url: str | None = None) -> Article:
    """Return the article of a page; ``charset`` is what the server said, ``url`` where the page came from.

    The article's text is the page's main text, a paragraph a line, without navigation, comments and headline.

    Raises
    ------
    InputError
        If the page is too large, no article is found in it, or it is so broken that it cannot be parsed.
    """
    trafilatura = import_extra("trafilatura", extra="web", what="web pages")
    # It logs what it cannot parse; here that is said once, in the report on the page.
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())
    logging.getLogger("htmldate").addHandler(logging.NullHandler())
    _require_size(content)
    with parsing("a page that cannot be parsed"):
        found = trafilatura.bare_extraction(
            _decode(content, charset),
            url=url,
            with_metadata=True,
            include_comments=False,
            date_extraction_params=_DATES,
        )
    if found is None or not found.text:
        msg = "no article found in the page"
        raise InputError(msg)
    title = " ".join(found.title.split()) if found.title else None
    text = found.text.removeprefix(f"{title}\n")
    return Article(article_id, text, title, read_date(found.date), found.sitename or None, found.url or url)


def _require_size(content: bytes) -> None:
    if len(content) > MAX_PAGE_BYTES:
        msg = f"a page of more than {MAX_PAGE_BYTES // 1_000_000} MB"
    elif content.count(b"<") > _MAX_TAGS:
        msg = f"a page of more than {_MAX_TAGS:,} tags"
    elif not content.strip():
        msg = "empty file"
    else:
        return
    raise InputError(msg)


def _decode(content: bytes, charset: str | None) -> str | bytes:
    """Return the page as text where a mark, the server or the page itself names an encoding that fits; else as it is.

    trafilatura then guesses, with charset-normalizer; it does not ask the page.
    """
    meta = _META.search(content[:_META_BYTES])
    for name in (announced_encoding(content), charset, meta[1].decode("ascii", "replace") if meta else None):
        try:
            if name:
                standard = codecs.lookup(name).name
                return content.decode(_AS_BROWSERS_DO.get(standard, standard))
        except (LookupError, UnicodeError):
            continue
    return content
