"""Says how the bytes of a text file are to be read as characters."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from stance.errors import InputError
from stance.files.inputs import byte_order_mark

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


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to decode a file, and what its reader should know about that."""

    name: str
    errors: str = "strict"
    note: str | None = None


@dataclass(slots=True)
class _Tally:
    n_bytes: int = 0
    n_nul: int = 0
    n_controls: int = 0
    n_undefined: int = 0
    n_plain: int = 0
    n_beyond_ascii: int = 0
    n_invalid: int = 0
    decoder: codecs.IncrementalDecoder = field(default_factory=lambda: codecs.getincrementaldecoder("utf-8")("surrogateescape"))

    def add(self, chunk: bytes, *, last: bool = False) -> None:
        self.n_bytes += len(chunk)
        self.n_nul += chunk.count(0)
        self.n_controls += _count(chunk, _CONTROLS)
        decoded = self.decoder.decode(chunk, last)
        if not decoded.isascii():
            n_invalid = len(_ESCAPED.findall(decoded))
            self.n_invalid += n_invalid
            self.n_beyond_ascii += len(decoded) - len(decoded.encode("ascii", "ignore")) - n_invalid
        self.n_undefined += _count(chunk, _UNDEFINED)
        self.n_plain += _count(chunk, _PLAIN)


def _count(chunk: bytes, wanted: bytes) -> int:
    return len(chunk) - len(chunk.translate(None, wanted))


def find_encoding(chunks: Iterable[bytes]) -> Encoding:
    """Return how to decode a file that comes in chunks.

    A byte order mark decides; then UTF-8 if every byte fits; then UTF-8 with marks for the broken bytes if most of what is not
    ASCII fits; then Windows-1252.

    Raises
    ------
    InputError
        If the file is empty, binary, or in no encoding known here.
    """
    tally = _Tally()
    for chunk in chunks:
        if tally.n_bytes == 0 and (marked := byte_order_mark(chunk)) not in (None, "utf-8-sig"):
            return Encoding(str(marked))
        tally.add(chunk)
    tally.add(b"", last=True)
    _require_text(tally)
    if tally.n_invalid == 0:
        return Encoding("utf-8-sig")
    if tally.n_beyond_ascii > tally.n_invalid:
        return Encoding("utf-8-sig", "replace", f"{tally.n_invalid} bytes are not UTF-8; shown as \ufffd")
    if tally.n_undefined or tally.n_plain < _MIN_SHARE_PLAIN * tally.n_bytes:
        msg = "neither UTF-8, UTF-16 nor Windows-1252; save it as UTF-8"
        raise InputError(msg)
    return Encoding("cp1252", note="decoded as cp1252")


def _require_text(tally: _Tally) -> None:
    if tally.n_bytes == 0:
        msg = "empty file"
    elif tally.n_nul:
        msg = "binary file: it holds NUL bytes (or it is UTF-16 without a byte order mark; then save it as UTF-8)"
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
    encoding = find_encoding([content])
    try:
        return content.decode(encoding.name, encoding.errors), encoding.note
    except UnicodeDecodeError as error:
        msg = f"damaged {encoding.name}: {error.reason} at byte {error.start}"
        raise InputError(msg) from error
