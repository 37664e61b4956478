"""Reads Word files (.docx): an article, or an export of many."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from stance.errors import InputError
from stance.files.readers.text import find_articles
from stance.files.sources import MAX_DOCUMENT_BYTES, Finding, Source, import_extra, parsing, read_whole


def read_word(source: Source) -> Iterator[Finding]:
    """Yield the articles of a Word file; its text is its paragraphs, each a line, tables cell by cell."""
    docx = import_extra("docx", extra="exports", what="Word files")
    content = read_whole(source)
    with parsing("no Word file, or a damaged one"):
        _require_size(content)
        # python-docx parses without external entities and without expanding entities of the file's own making.
        text = "\n".join(_lines(docx.Document(io.BytesIO(content)).iter_inner_content()))
    yield from find_articles(text, source)


def _require_size(content: bytes) -> None:
    if not zipfile.is_zipfile(io.BytesIO(content)):
        msg = "no Word file (.docx is a zip archive, this is none); older ones, and those with a password, save as .docx again"
        raise InputError(msg)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        n_bytes = sum(info.file_size for info in archive.infolist())
    if n_bytes > MAX_DOCUMENT_BYTES:
        msg = f"a Word file of {n_bytes // 1_000_000} MB unpacked, which no document has"
        raise InputError(msg)


def _lines(blocks: Any) -> Iterator[str]:
    for block in blocks:
        if hasattr(block, "rows"):  # a table
            for row in block.rows:
                for cell in row.cells:
                    yield from _lines(cell.iter_inner_content())
        else:
            yield block.text
