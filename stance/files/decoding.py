"""Says how the bytes of a text file are to be read as characters."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from stance.errors import InputError

# Tabs and line ends are text, other control characters are not; the tenth is the brief's limit, far above any real text.
_CONTROLS = bytes(sorted(set(range(32)) - set(b"\t\n\v\f\r"))) + b"\x7f"
_MAX_SHARE_CONTROLS = 0.1
# Windows-1252 leaves these five bytes undefined.
_UNDEFINED = b"\x81\x8d\x8f\x90\x9d"
# English and its neighbors in Windows-1252 are ASCII but for a few accents and quotation marks; Cyrillic or Chinese in an old
# encoding is mostly high bytes, and so is compressed data.
_PLAIN = bytes(range(65, 91)) + bytes(range(97, 123)) + b" \t\r\n"
_MIN_SHARE_PLAIN = 0.5
_ESCAPED = re.compile("[\udc80-\udcff]")

# Byte order marks, longest first: UTF-32's begins like UTF-16's.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# English in UTF-16 has a NUL in all but a few of its pairs of bytes, always on the same side.
_MIN_SHARE_NUL = 0.8
# What an English newsroom writes beyond ASCII most of all, dashes and curly quotation marks, as old encodings write it. That
# tells them apart, for decoding as Windows-1252 never fails: a text in another one looks like “Ò” or “¡°” to it. Measured on
# composed articles in 18 encodings (2026-11): charset-normalizer 3.5 takes plain Windows-1252 for its Polish sister (ñ becomes
# ń) and the GBK of Chinese agencies writing English for Baltic, which this does not.
_OLD_ENCODINGS = ("cp1252", "mac_roman", "gb18030")
_PUNCTUATION = "“”‘’–—"


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to decode a file, and what its reader should know about that."""

    name: str
    errors: str = "strict"
    note: str | None = None


_MARKS = {name: tuple(mark.encode(name) for mark in _PUNCTUATION) for name in _OLD_ENCODINGS}


@dataclass(slots=True)
class _Tally:
    n_bytes: int = 0
    n_nul: int = 0
    n_controls: int = 0
    n_undefined: int = 0
    n_plain: int = 0
    n_beyond_ascii: int = 0
    n_invalid: int = 0
    n_punctuation: Counter[str] = field(default_factory=Counter)
    decoder: codecs.IncrementalDecoder = field(default_factory=lambda: codecs.getincrementaldecoder("utf-8")("surrogateescape"))

    def add(self, chunk: bytes, *, last: bool = False) -> None:
        self.n_bytes += len(chunk)
        self.n_nul += chunk.count(0)
        self.n_controls += _count(chunk, _CONTROLS)
        decoded = self.decoder.decode(chunk, last)
        if not decoded.isascii():
            n_invalid = _count_escaped(decoded)
            self.n_invalid += n_invalid
            self.n_beyond_ascii += len(decoded) - len(decoded.encode("ascii", "ignore")) - n_invalid
        self.n_undefined += _count(chunk, _UNDEFINED)
        self.n_plain += _count(chunk, _PLAIN)
        if self.n_invalid:
            self.n_punctuation.update({name: sum(map(chunk.count, marks)) for name, marks in _MARKS.items()})


def _count_escaped(decoded: str) -> int:
    try:
        decoded.encode()  # that there is none, as in nearly all files, is told in a fifth of the time
    except UnicodeEncodeError:
        return len(_ESCAPED.findall(decoded))
    return 0


def _count(chunk: bytes, wanted: bytes) -> int:
    return len(chunk) - len(chunk.translate(None, wanted))


def announced_encoding(head: bytes) -> str | None:
    """Return the encoding that a byte order mark announces, or the NULs of UTF-16 without one; None where neither is there.

    >>> announced_encoding("Talks on".encode("utf-16-le"))
    'utf-16-le'
    """
    if marked := next((name for mark, name in _BYTE_ORDER_MARKS if head.startswith(mark)), None):
        return marked
    even, odd = head[::2], head[1::2]
    for name, full, empty in (("utf-16-le", even, odd), ("utf-16-be", odd, even)):
        if empty and 0 not in full and empty.count(0) >= _MIN_SHARE_NUL * len(empty):
            return name
    return None


def find_encoding(chunks: Iterable[bytes]) -> Encoding:
    """Return how to decode a file that comes in chunks.

    A byte order mark decides, or the NULs of UTF-16; then UTF-8 if every byte fits; then UTF-8 with marks for the broken
    bytes if most of what is not ASCII fits; then Windows-1252, or Mac Roman or GB 18030 where the quotation marks and dashes
    are theirs.

    Raises
    ------
    InputError
        If the file is empty, binary, or in no encoding known here.
    """
    tally = _Tally()
    for chunk in chunks:
        if tally.n_bytes == 0 and (announced := announced_encoding(chunk)) not in (None, "utf-8-sig"):
            return Encoding(str(announced))
        tally.add(chunk)
    tally.add(b"", last=True)
    _require_text(tally)
    if tally.n_invalid == 0:
        return Encoding("utf-8-sig")
    if tally.n_beyond_ascii > tally.n_invalid:
        return Encoding("utf-8-sig", "replace", f"{tally.n_invalid} bytes are not UTF-8; shown as \ufffd")
    return _find_old_encoding(tally)


def _find_old_encoding(tally: _Tally) -> Encoding:
    # The first of them that has most of the marks: Windows-1252 where there are none.
    name = max(_OLD_ENCODINGS, key=lambda name: tally.n_punctuation[name])
    undefined = tally.n_undefined if name == "cp1252" else 0
    if undefined or tally.n_plain < _MIN_SHARE_PLAIN * tally.n_bytes:
        msg = "neither UTF-8, UTF-16 nor Windows-1252; save it as UTF-8"
        raise InputError(msg)
    return Encoding(name, "strict" if name == "cp1252" else "replace", f"decoded as {name}")


def _require_text(tally: _Tally) -> None:
    if tally.n_bytes == 0:
        msg = "empty file"
    elif tally.n_nul:
        msg = "binary file: it holds NUL bytes"
    elif tally.n_controls > _MAX_SHARE_CONTROLS * tally.n_bytes:
        msg = f"binary file: {tally.n_controls / tally.n_bytes:.0%} of it is control characters"
    else:
        return
    raise InputError(msg)


def decode(content: bytes) -> tuple[str, str | None]:
    """Return the text of a whole file, characters exactly as read, and a note on how it was decoded or None.

    Raises
    ------
    InputError
        As ``find_encoding``, and for damaged UTF-16.
    """
    if plain := _decode_plain(content):
        return plain, None
    encoding = find_encoding([content])
    try:
        return content.decode(encoding.name, encoding.errors), encoding.note
    except UnicodeDecodeError as error:
        msg = f"damaged {encoding.name}: {error.reason} at byte {error.start}"
        raise InputError(msg) from error


def _decode_plain(content: bytes) -> str | None:
    """Return a text in UTF-8 without anything to say about it, as nearly all are; None sends it through all the tests."""
    if len(content.translate(None, _CONTROLS)) != len(content) or content.startswith(codecs.BOM_UTF8):
        return None
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None
