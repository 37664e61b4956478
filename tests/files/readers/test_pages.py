"""Pages of the web: main text and what the page says of itself; hostile ones are left."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stance.records import Article

pytest.importorskip("trafilatura")
Read = Callable[..., Any]
Save = Callable[..., Path]
Page = Callable[..., str]


def test_main_text_title_date_outlet_and_address_are_found(
    read: Read, save: Save, make_page: Page, quay: str, mill: str, bridge: str
) -> None:
    head = '<meta charset="utf-8"><link rel="canonical" href="https://quayside.test/embargo">'
    path = save("page-1.html", make_page(quay, mill, bridge, head=head))
    expected = Article(
        "page-1",
        f"{quay}\n{mill}\n{bridge}",
        "Norland to lift embargo",
        "2024-03-05",
        "Quayside Courier",
        "https://quayside.test/embargo",
    )
    assert read(path) == ([expected], [])


def test_the_year_of_a_copyright_notice_is_no_date(read: Read, save: Save, make_page: Page, quay: str, mill: str) -> None:
    [article], [] = read(save("a.html", make_page(quay, mill, day=None)))
    assert article.published is None


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("cp1252", '<meta charset="iso-8859-1">'),
        ("cp1252", '<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">'),
        ("gb18030", '<meta charset="gb2312">'),
        ("utf-8", '<meta charset="no-such-thing">'),
    ],
)
def test_a_page_is_decoded_as_it_says(
    read: Read, save: Save, make_page: Page, quay: str, mill: str, encoding: str, declared: str
) -> None:
    page = make_page(quay, mill).replace("©", "(c)").replace("<title>", f"{declared}<title>")
    [article], [] = read(save("a.html", page.encode(encoding)))
    assert article.text == f"{quay}\n{mill}"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty file"),
        (b"  \n", "empty file"),
        (b"<html><body></body></html>", "no article found"),
        (b"<html><body>" + b"<p></p>" * 100_000, "more than 100,000 tags"),
        (b"<html><body>" + b" " * 10_500_000 + b"</body></html>", "more than 10 MB"),
        (b"\x00\x01\x02" * 999, "no article found"),
        (b"<div>" * 50_000 + b"deep" + b"</div>" * 49_999, "no article found"),
        (
            b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]><html><body><p>&c;</p></body></html>',
            "no article found",
        ),
    ],
)
def test_a_page_without_an_article_is_left_and_named(read: Read, save: Save, content: bytes, said: str) -> None:
    began = time.monotonic()
    path = save("a.html", content)
    articles, [skipped] = read(path)
    assert articles == []
    assert skipped.source == str(path)
    assert said in skipped.reason
    assert time.monotonic() - began < 10


def test_whatever_the_parser_raises_costs_one_page(
    read: Read, save: Save, make_page: Page, quay: str, mill: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import trafilatura

    real = trafilatura.bare_extraction

    def fail(page: Any, **options: Any) -> Any:
        if "unlucky" in str(page):
            msg = "list index out of range\nin the parser"
            raise IndexError(msg)
        return real(page, **options)

    monkeypatch.setattr(trafilatura, "bare_extraction", fail)
    articles, [skipped] = read(save("a.html", "<p>unlucky</p>"), save("b.html", make_page(quay, mill)))
    assert [article.id for article in articles] == ["b"]
    assert skipped.reason == "a page that cannot be parsed: list index out of range"


def test_a_page_in_another_language_is_left(read: Read, save: Save, make_page: Page) -> None:
    german = (
        "Die Ministerin erklärte am Dienstag, ihr Land werde die Sanktionen vor dem Herbst aufheben, und zwar ohne Vorbehalt. "
    )
    articles, [skipped] = read(save("a.html", make_page(german * 3, german * 2)))
    assert articles == []
    assert skipped.reason.startswith("not English")
