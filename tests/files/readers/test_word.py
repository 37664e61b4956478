"""Word files: an article or an export, and files that only are called so."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

docx = pytest.importorskip("docx")
Read = Callable[..., Any]
Save = Callable[..., Path]


def make_docx(*paragraphs: str, cells: tuple[str, ...] = ()) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if cells:
        row = document.add_table(rows=1, cols=len(cells)).rows[0]
        for cell, words in zip(row.cells, cells, strict=True):
            cell.text = words
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def replace_member(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info.filename, change(data) if info.filename == name else data)
    return out.getvalue()


def test_paragraphs_are_lines_and_cells_come_one_by_one(read: Read, save: Save, quay: str, mill: str, bridge: str) -> None:
    [article], skipped = read(save("a.docx", make_docx("date 2024-03-05", quay, cells=(mill, bridge))))
    assert article.text.strip() == f"{quay}\n{mill}\n{bridge}"
    assert (article.id, article.published, skipped) == ("a", "2024-03-05", [])


def test_entities_that_multiply_are_not_expanded(read: Read, save: Save, quay: str) -> None:
    bomb = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10 if i else "ha" * 10}">' for i in range(12))

    def arm(xml: bytes) -> bytes:
        head, _, body = xml.partition(b"?>")
        return head + f"?><!DOCTYPE x [{bomb}]>".encode() + body.replace(b"idle crane", b"idle &e11; crane")

    articles, skipped = read(save("a.docx", replace_member(make_docx(quay), "word/document.xml", arm)))
    assert len(articles) + len(skipped) == 1
    assert all(len(article.text) < 1000 for article in articles)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no Word file"),
        (b"\xd0\xcf\x11\xe0 an older file, or one with a password", "no Word file"),
        (make_docx("x")[:-30], "no Word file"),
        (replace_member(make_docx("x"), "word/document.xml", lambda _: b"<w:document"), "no Word file, or a damaged one"),
        (replace_member(make_docx("x"), "[Content_Types].xml", lambda _: b"<x/>"), "no Word file, or a damaged one"),
        (replace_member(make_docx("x"), "word/document.xml", lambda xml: xml + b" " * 120_000_000), "MB unpacked"),
    ],
)
def test_what_is_no_word_file_is_named(read: Read, save: Save, content: bytes, said: str) -> None:
    articles, [skipped] = read(save("a.docx", content))
    assert articles == []
    assert said in skipped.reason
