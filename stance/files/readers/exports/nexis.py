"""Cuts exports of Nexis into articles: the plain text of the old service, and the documents of Nexis Uni and Lexis Advance."""

from __future__ import annotations

import re

from stance.files.readers.exports.layout import COPYRIGHT, Line, Piece, blank_furniture, blocks_of, is_date, lines_of, stretch

# "                               2 of 80 DOCUMENTS", alone on its line
_START = re.compile(r"^[ \t\f]*\d{1,5} of \d{1,5} DOCUMENTS?[ \t\r]*$", re.MULTILINE)
_LENGTH = re.compile(r"LENGTH:\s*[\d,.]+ words?\b", re.IGNORECASE)
_HAS_LENGTH = re.compile(r"^[ \t]*LENGTH:[ \t\xa0]*[\d,.]+[ \t]words?\b", re.MULTILINE | re.IGNORECASE)
_LABEL = re.compile(r"(?:HEADLINE|BYLINE|SECTION|LENGTH|DATELINE|HIGHLIGHT|SERIES|COLUMN|BODY|SLUG|DISTRIBUTION):")
# What stands behind the article: who holds it, how it is filed. Transcripts have speakers in capitals, none with these names.
_AFTER = re.compile(
    r"(?:LOAD-DATE|LANGUAGE|PUBLICATION-TYPE|GRAPHIC|DOCUMENT-TYPE|JOURNAL-CODE|CORRECTION-DATE|SUBJECT|ORGANIZATION|COMPANY|"
    r"TICKER|INDUSTRY|PERSON|GEOGRAPHIC|COUNTRY|CITY|ACC-NO|NOTES|URL|UPDATE):"
)
# "End of Document", alone on its line
_END = re.compile(r"^[ \t]*End of Document[ \t\r]*$", re.MULTILINE)
_BODY = re.compile(r"^[ \t]*(?:Body|Text)[ \t\r]*$", re.MULTILINE)
_UNI_AFTER = re.compile(r"(?:Classification|Graphic|Notes|Correction)$|(?:Load-Date|Language|Publication-Type|Journal Code):")
_UNI_LABEL = re.compile(r"(?:Section|Length|Byline|Dateline|Highlight|Series|Author):")
# Between the date and the copyright line an edition or two may stand.
_MAX_LINES_BACK = 8


def split_nexis(text: str) -> list[Piece] | None:
    """Return the articles of the old service's plain text, or None where the text is none."""
    if " DOCUMENT" not in text or not _HAS_LENGTH.search(text) or not _START.search(text):
        return None
    text = blank_furniture(text)
    starts = [*_START.finditer(text)]
    ends = [*(match.start() for match in starts[1:]), len(text)]
    return [_read_nexis(text, lines_of(text, match.end(), end)) for match, end in zip(starts, ends, strict=True)]


def _read_nexis(text: str, lines: list[Line]) -> Piece:
    length = next((i for i, line in enumerate(lines) if _LENGTH.match(line.words)), len(lines) - 1)
    title, date, outlet = _read_head(lines[:length])
    first = _first_of_body(lines, length + 1)
    last = next((i for i in range(first, len(lines)) if _AFTER.match(lines[i].words)), len(lines))
    # Without such a line the copyright notice ends it; a notice further up would be one inside the article.
    while last > first and (not lines[last - 1].words or COPYRIGHT.match(lines[last - 1].words)):
        last -= 1
    return Piece(stretch(text, lines[first:last]), title, date, outlet)


def _read_head(lines: list[Line]) -> tuple[str | None, str, str | None]:
    """Return headline, date and outlet: blocks of lines in the middle of the page, the headline behind them."""
    blocks = [*blocks_of(line for line in lines if not COPYRIGHT.match(line.words))]
    dated = next((i for i, block in enumerate(blocks) if is_date(block[0])), None)
    outlet = " ".join(blocks[dated - 1]) if dated else None
    date = blocks[dated][0] if dated is not None else " ".join(blocks[0][:1]) if blocks else ""
    rest = [" ".join(block) for block in (blocks[dated + 1 :] if dated is not None else blocks[1:])]
    labelled = next((words for words in rest if words.startswith("HEADLINE:")), None)
    if labelled:
        return labelled.removeprefix("HEADLINE:").strip() or None, date, outlet
    return next((words for words in rest if not _LABEL.match(words)), None), date, outlet


def _first_of_body(lines: list[Line], i: int) -> int:
    """Return the first line behind the headings that may follow the length: DATELINE: LONDON, HIGHLIGHT: …, BODY:."""
    while i < len(lines):
        while i < len(lines) and not lines[i].words:
            i += 1
        if i == len(lines) or not (label := _LABEL.match(lines[i].words)):
            return i
        if label[0] == "BODY:":
            return i + 1
        while i < len(lines) and lines[i].words:
            i += 1
    return i


def split_nexis_uni(text: str) -> list[Piece] | None:
    """Return the articles of a document of Nexis Uni or Lexis Advance, or None where the text is none."""
    if "End of Document" not in text or not _BODY.search(text) or not _END.search(text):
        return None
    text = blank_furniture(text)
    pieces, start = [], 0
    for match in _END.finditer(text):
        pieces.append(_read_uni(text, lines_of(text, start, match.start())))
        start = match.end()
    return pieces


def _read_uni(text: str, lines: list[Line]) -> Piece:
    body = next((i for i, line in enumerate(lines) if line.words in ("Body", "Text")), len(lines))
    head = [line.words for line in lines[:body] if line.words]
    # The cover of an export lists headlines and dates too; the article's own stand right before its copyright line.
    edge = next((i for i in reversed(range(len(head))) if COPYRIGHT.match(head[i])), None)
    if edge is None:
        edge = next((i for i, words in enumerate(head) if _UNI_LABEL.match(words)), len(head))
    dated = next((i for i in range(edge - 1, max(-1, edge - _MAX_LINES_BACK), -1) if is_date(head[i])), None)
    after = next((i for i in range(body + 1, len(lines)) if _UNI_AFTER.match(lines[i].words)), len(lines))
    return Piece(
        stretch(text, lines[body + 1 : after]),
        head[dated - 2] if dated is not None and dated >= 2 else None,
        head[dated] if dated is not None else "",
        head[dated - 1] if dated else None,
    )
