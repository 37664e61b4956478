"""Reads plain text: one article a file, or an export of many from Nexis or Factiva."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stance.files.dates import read_date
from stance.files.decoding import decode
from stance.files.readers.exports import split_export
from stance.files.sources import Finding, Found, Skipped, Source, read_whole
from stance.records import Article

# "date 2024-03-05", then the article on the same or the next line.
_DATE_LINE = re.compile(r"\s*date[ \t]+(\d{4}-\d{2}-\d{2})(?![\w-])")


def read_text(source: Source) -> Iterator[Finding]:
    """Yield the article in a text file, or the articles of an export."""
    text, note = decode(read_whole(source))
    yield from find_articles(text, source, (note,) if note else ())


def find_articles(text: str, source: Source, notes: tuple[str, ...] = ()) -> Iterator[Finding]:
    """Yield the articles of an export from Nexis or Factiva, known by its headings; else the text as one article.

    The text of an article in an export is a stretch of the export, so that line ends and spaces stay as they are.
    """
    pieces = split_export(text)
    if pieces is None:
        yield _read_single(text, source, notes)
        return
    for note in notes:
        yield Skipped(source.name, note, kept=True)
    for number, piece in enumerate(pieces, start=1):
        name = f"{source.name}:{number}"
        if not piece.text:
            yield Skipped(name, f"no text found under its headings ({piece.title or 'no headline'})")
            continue
        published = read_date(piece.date)
        problem = () if published else (f"no date found in its headings; there stands {piece.date!r}",)
        article_id = piece.number or f"{source.stem}-{number}"
        yield Found(name, Article(article_id, piece.text, piece.title, published, piece.outlet), problem)


def _read_single(text: str, source: Source, notes: tuple[str, ...]) -> Found:
    published = None
    if match := _DATE_LINE.match(text):
        published = read_date(match[1])
        text = text[: match.start(1)].replace("date", "    ") + " " * len(match[1]) + text[match.end() :]
        if published is None:
            notes = (*notes, f"no such date: {match[1]}")
    return Found(source.name, Article(source.stem, text, published=published), notes)
