"""Exports of Nexis and Factiva, in the layouts these services give; all text composed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.files.readers.exports import split_export

ROOT = Path(__file__).resolve().parents[3]
Read = Callable[..., Any]
Save = Callable[..., Path]

LINDAL = (
    "Norland's harbour minister, Tove Lindal, said the sanctions on Vestria would\n"
    'end in the autumn. "The quays are empty," she said, adding that of 12 DOCUMENTS\n'
    "signed in 2019 none was still in force.\n"
    "\n"
    "IN RETURN: Vestria is to open its two rivers, she said. The END of document\n"
    "exchanges would follow."
)
BRAND = (
    "The Vestrian envoy, Ilko Brand, told the council on Monday that talks about a\n"
    "ceasefire could begin at once. He was met with silence, said a clerk who was in\n"
    "the room."
)

NEXIS = f"""



Download Request: Selected Items: 1-3
Time Of Request: Friday, March 08, 2024  16:51:31

Terms: (sanctions and Norland)
Source: All English Language News


                               1 of 3 DOCUMENTS



                        The Quayside Courier (Osthaven)

                            March 5, 2024 Tuesday
                                Late Edition;
                                    North

Norland to lift embargo
on its neighbour

BYLINE: PER HAUGE

SECTION: NEWS; Pg. 4

LENGTH: 55 words

DATELINE: OSTHAVEN

{LINDAL}

LOAD-DATE: March 6, 2024

LANGUAGE: ENGLISH

PUBLICATION-TYPE: Newspaper


                      Copyright 2024 Quayside Media Ltd
                              All Rights Reserved

                               2 of 3 DOCUMENTS


                    Copyright 2024 The Kolm Observer Group
                              All Rights Reserved
                               The Kolm Observer

                            Monday, March 4, 2024

HEADLINE: Envoy offers talks

LENGTH: 1,030 words

BODY:
{BRAND}

GRAPHIC: Photo, the envoy on the steps

LOAD-DATE: March 4, 2024

                               3 of 3 DOCUMENTS

                               The Kolm Observer

                            sometime in March

Nothing in it

LENGTH: 0 words

LOAD-DATE: March 4, 2024
"""

UNI = f"""
Date and Time: Friday, March 8, 2024 4:51:00 PM CET
Job Number: 220112233
Documents (2)
1. Norland to lift embargo
Client/Matter: -None-
Search Terms: sanctions and Norland
Search Type: Terms and Connectors
Narrowed by:
Content Type
News
2. Envoy offers talks


Norland to lift embargo
The Quayside Courier (Osthaven)
March 5, 2024 Tuesday
Late Edition

Copyright 2024 Quayside Media Ltd All Rights Reserved

Section: NEWS; Pg. 4
Length:\xa055 words
Byline: Per Hauge
Body

{LINDAL}
Graphic

Photo, cranes
Classification

Language: ENGLISH
Publication-Type: Newspaper
Load-Date: March 6, 2024

End of Document
Page 2 of 3
Envoy offers talks
The Kolm Observer
Monday, March 4, 2024

Copyright 2024 The Kolm Observer Group All Rights Reserved

Length: 30 words
Body

{BRAND}
Load-Date: March 4, 2024

End of Document
"""

CODED = f"""HD Norland to lift embargo
BY Per Hauge
WC 55 words
PD 5 March 2024
ET 04:30
SN Quayside Courier
SC QUAYC
LA English
CY (c) 2024 Quayside Media. All rights reserved.

LP
{LINDAL.partition(chr(10) * 2)[0]}

TD
{LINDAL.partition(chr(10) * 2)[2]}

CO norhar : Norland Harbours
IN i16 : Shipping | i72 : Ports
NS gcat : Political News | gdip : Diplomacy
RE nor : Norland
PUB Quayside Media Ltd
AN
Document QUAYC00020240305ek350001x

HD
Envoy offers talks
WC
30 words
PD
4 March 2024
SN
Kolm Observer
SC
KOLMO
LA
English
CY
Copyright 2024. The Kolm Observer Group.
LP
{BRAND}
RF
20240304
AN
Document KOLMO00020240304ek340002y

Search Summary
Text sanctions and Norland
© 2024 Factiva, Inc. All rights reserved.
"""

SHOWN = f"""International News
Norland to lift embargo
By Per Hauge
55 words
5 March 2024
04:30 GMT
Quayside Courier
QUAYC
4
English
(c) 2024 Quayside Media. All rights reserved.

{LINDAL}

Document QUAYC00020240305ek350001x

Envoy offers talks
30 words
4 March 2024
Kolm Observer
KOLMO
English
Copyright 2024. The Kolm Observer Group.
{BRAND}

Document KOLMO00020240304ek340002y

Page 1 of 2 © 2024 Factiva, Inc. All rights reserved.
"""
QUAYSIDE = ("2024-03-05", LINDAL)
KOLM = ("2024-03-04", "Envoy offers talks", BRAND)


def squeeze(text: str) -> str:
    return " ".join(text.split())


def rows(articles: Any) -> list[tuple[str | None, ...]]:
    return [(article.id, article.outlet, article.published, article.title, squeeze(article.text)) for article in articles]


EXPECTED = {
    "nexis": [
        ("a-1", "The Quayside Courier (Osthaven)", "2024-03-05", "Norland to lift embargo on its neighbour", squeeze(LINDAL)),
        ("a-2", "The Kolm Observer", "2024-03-04", "Envoy offers talks", squeeze(BRAND)),
    ],
    "uni": [
        ("a-1", "The Quayside Courier (Osthaven)", "2024-03-05", "Norland to lift embargo", squeeze(LINDAL)),
        ("a-2", "The Kolm Observer", "2024-03-04", "Envoy offers talks", squeeze(BRAND)),
    ],
    "coded": [
        ("QUAYC00020240305ek350001x", "Quayside Courier", "2024-03-05", "Norland to lift embargo", squeeze(LINDAL)),
        ("KOLMO00020240304ek340002y", "Kolm Observer", "2024-03-04", "Envoy offers talks", squeeze(BRAND)),
    ],
    "shown": [
        (
            "QUAYC00020240305ek350001x",
            "Quayside Courier",
            "2024-03-05",
            "International News – Norland to lift embargo",
            squeeze(LINDAL),
        ),
        ("KOLMO00020240304ek340002y", "Kolm Observer", "2024-03-04", "Envoy offers talks", squeeze(BRAND)),
    ],
}
EXPORTS = {"nexis": NEXIS, "uni": UNI, "coded": CODED, "shown": SHOWN}


@pytest.mark.parametrize("layout", EXPORTS)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_every_article_of_an_export_is_read_with_its_headings(read: Read, save: Save, layout: str, line_end: str) -> None:
    path = save("a.txt", EXPORTS[layout].replace("\n", line_end))
    articles, skipped = read(path)
    assert rows(articles) == EXPECTED[layout]
    if layout == "nexis":
        [skip] = skipped
        assert skip.source == f"{path}:3"
        assert skip.reason.startswith("no text found under its headings")
    else:
        assert skipped == []


@pytest.mark.parametrize("layout", ["nexis", "uni", "shown"])
def test_an_article_is_a_stretch_of_the_export_as_it_stands(layout: str) -> None:
    pieces = split_export(EXPORTS[layout])
    assert pieces is not None
    assert [piece.text for piece in pieces[:2]] == [LINDAL, BRAND]


@pytest.mark.parametrize("layout", EXPORTS)
def test_a_word_file_holds_the_same(read: Read, save: Save, layout: str) -> None:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    for line in EXPORTS[layout].split("\n"):
        document.add_paragraph(line)
    path = save("a.docx", b"")
    document.save(str(path))
    assert rows(read(path)[0]) == EXPECTED[layout]


def test_an_article_without_a_date_is_read_and_noted(read: Read, save: Save) -> None:
    export = NEXIS.replace("March 5, 2024 Tuesday", "Spring issue")
    articles, notes = read(save("a.txt", export))
    assert [article.published for article in articles] == [None, "2024-03-04"]
    assert (notes[0].kept, notes[0].reason.startswith("no date found in its headings")) == (True, True)


def test_no_single_article_is_taken_for_an_export() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "data" / "articles").glob("*.txt"))]
    lines = (ROOT / "data" / "annotations" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    texts += [json.loads(line)["text"] for line in lines]
    assert len(texts) > 700
    assert [text[:80] for text in texts if split_export(text) is not None] == []


MARKS = (
    "1 of 3 DOCUMENTS",
    "End of Document",
    "Body",
    "55 words",
    "Document 7 was signed",
    "LOAD-DATE: March 6, 2024",
    "HD",
    "LP",
    "Copyright 2024 Quayside Media",
    "5 March 2024",
    "",
    "The envoy left.",
)


@given(st.lists(st.sampled_from([mark for mark in MARKS if mark not in ("Body", "1 of 3 DOCUMENTS")]), max_size=12))
def test_it_takes_two_marks_of_one_layout_to_be_an_export(lines: list[str]) -> None:
    assert split_export("\n".join(lines)) is None


@given(st.sampled_from(sorted(EXPORTS)), st.lists(st.tuples(st.integers(0, 80), st.sampled_from(MARKS)), max_size=8))
def test_whatever_lines_come_in_between_every_article_is_a_stretch(layout: str, added: list[tuple[int, str]]) -> None:
    lines = EXPORTS[layout].split("\n")
    for place, line in added:
        lines.insert(min(place, len(lines)), line)
    export = "\n".join(lines)
    for piece in split_export(export) or []:
        # Line by line, because in a coded one the code between its two parts is blank.
        assert all(line.strip() in export for line in piece.text.split("\n"))
