"""Cuts exports of Factiva into articles: with two-letter codes before the fields, or as the page shows them."""

from __future__ import annotations

import re

from stance.files.readers.exports.layout import COPYRIGHT, Line, Piece, blank_furniture, blocks_of, is_date, lines_of, stretch

# "Document LBA0000020210312eh3c0012w": the code of the outlet, the date, and what tells the articles of a day apart.
_END = re.compile(r"^[ \t]*(?:AN[ \t]+)?Document[ \t]+([A-Za-z]\w{2,14}\d{8}\w{6,14})[ \t\r]*$", re.MULTILINE)
_WORDS = re.compile(r"^[ \t]*(?:WC[ \t]*)?[\d,.]+ words[ \t\r]*$", re.MULTILINE)
_WORD_COUNT = re.compile(r"[\d,.]+ words$")
# In the order in which they stand; a code counts only behind those before it.
_CODES = ("SE", "HD", "CR", "BY", "WC", "PD", "ET", "SN", "SC", "ED", "PG", "VOL", "LA", "CY", "LP", "TD", "ART", "CT", "RF")
_TRAILING = ("CO", "IN", "NS", "RE", "IPC", "IPD", "PUB", "AN")
_ORDER = {code: place for place, code in enumerate((*_CODES, *_TRAILING))}
# Alone on the line or with the field behind it; "IN" and "RE" begin lines of articles too, but not with "i16 : Tobacco".
_CODE = re.compile(r"(" + "|".join((*_CODES, *_TRAILING)) + r")(?:[ ]+(.*)|$)")
_INDEXED = re.compile(r"\S+ : ")
_HAS_CODES = re.compile(r"^[ \t]*HD(?:[ \t]|\r?$)", re.MULTILINE)
_HAS_TEXT = re.compile(r"^[ \t]*(?:LP|TD)(?:[ \t]|\r?$)", re.MULTILINE)
_TIME = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?: [A-Z]{2,4})?$")
_BYLINE = re.compile(r"by\b", re.IGNORECASE)
_LANGUAGES = ("English", "French", "German", "Spanish", "Italian", "Portuguese", "Dutch", "Russian", "Arabic", "Chinese")
# Headings behind the number of words: date, time, outlet, its code, edition, page, volume, language.
_MAX_HEADINGS = 10


def split_factiva(text: str) -> list[Piece] | None:
    """Return the articles of an export of Factiva, or None where the text is none."""
    if "Document " not in text or not _WORDS.search(text) or not _END.search(text):
        return None
    text = blank_furniture(text)
    with_codes = bool(_HAS_CODES.search(text) and _HAS_TEXT.search(text))
    pieces, start = [], 0
    for match in _END.finditer(text):
        lines = lines_of(text, start, match.start())
        pieces.append((_read_coded if with_codes else _read_shown)(text, lines, match[1]))
        start = match.end()
    return pieces


def _read_coded(text: str, lines: list[Line], number: str) -> Piece:
    fields: dict[str, list[Line]] = {}
    code = ""
    for line in lines:
        match = _CODE.match(line.words)
        if match and _ORDER[match[1]] > _ORDER.get(code, -1) and _is_code(match[1], match[2], code):
            code = match[1]
            place = text.index(code, line.start) + len(code)
            line = Line(match[2] or "", place, line.end)
        fields.setdefault(code, []).append(line)
    said = {code: " ".join(line.words for line in found if line.words) for code, found in fields.items()}
    return Piece(_text_of(text, fields), said.get("HD") or None, said.get("PD", ""), said.get("SN") or None, number)


def _is_code(code: str, field: str | None, before: str) -> bool:
    """Return whether a line that begins with a code's letters begins a field; inside the article it takes more."""
    if before in ("LP", "TD", "ART") and code in _TRAILING[:4]:
        return not field or bool(_INDEXED.match(field))
    return True


def _text_of(text: str, fields: dict[str, list[Line]]) -> str:
    """Return the lead and what follows it, with what stands between them (a code) made spaces."""
    lead, rest = fields.get("LP", []), fields.get("TD", [])
    if not (lead and rest):
        return stretch(text, lead or rest).strip()
    between = " " * (rest[0].start - lead[-1].end)
    return (text[lead[0].start : lead[-1].end] + between + text[rest[0].start : rest[-1].end]).strip()


def _read_shown(text: str, lines: list[Line], number: str) -> Piece:
    count = next((i for i, line in enumerate(lines) if _WORD_COUNT.match(line.words)), len(lines))
    above = [words for block in blocks_of(lines[:count]) for words in block]
    title = " – ".join(words for words in above if not _BYLINE.match(words) and not COPYRIGHT.match(words)) or None
    dated = next((i for i in range(count + 1, min(count + 4, len(lines))) if is_date(lines[i].words)), count)
    outlet = next((i for i in range(dated + 1, len(lines)) if lines[i].words and not _TIME.match(lines[i].words)), dated)
    first = _first_of_body(lines, outlet + 1)
    return Piece(
        stretch(text, lines[first:]), title, lines[dated].words if dated < len(lines) else "", _words(lines, outlet), number
    )


def _words(lines: list[Line], i: int) -> str | None:
    return lines[i].words or None if i < len(lines) else None


def _first_of_body(lines: list[Line], i: int) -> int:
    """Return the first line of the article: behind the language, and behind the copyright notice under that."""
    language = next((j for j in range(i, min(i + _MAX_HEADINGS, len(lines))) if lines[j].words in _LANGUAGES), None)
    first = i + 1 if language is None else language + 1
    while first < len(lines) and (not lines[first].words or COPYRIGHT.match(lines[first].words)):
        first += 1
    return first
