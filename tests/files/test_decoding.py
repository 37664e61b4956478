"""Which encoding a text is taken for."""

from __future__ import annotations

import pytest

from stance.errors import InputError
from stance.files.decoding import announced_encoding, decode

PLAIN = "The envoy of Norland spoke for an hour and left, a member of his staff said. " * 3
CURLY = "“We’ll wait,” the envoy said – and left. The talks, he said, had cost €5 million so far. " * 3
ACCENTS = "The envoy, José Núñez, left the café in Málaga before the Spanish press came. " * 3
CHINESE = "The envoy met Wang Shan (王珊) in Beijing – “a good talk”, he said to reporters on the steps. " * 3


@pytest.mark.parametrize(
    ("text", "encoding", "note"),
    [
        (CURLY, "utf-8", None),
        (PLAIN, "ascii", None),
        (CURLY, "utf-16-le", None),
        (CURLY, "utf-16-be", None),
        (CURLY, "utf-32", None),
        (CURLY, "cp1252", "decoded as cp1252"),
        (ACCENTS, "cp1252", "decoded as cp1252"),
        (ACCENTS, "latin-1", "decoded as cp1252"),
        (ACCENTS + CURLY, "cp1252", "decoded as cp1252"),
        (CURLY.replace("€", ""), "mac_roman", "decoded as mac_roman"),
        (ACCENTS + CURLY, "mac_roman", "decoded as mac_roman"),
        (CURLY, "gb18030", "decoded as gb18030"),
        (CHINESE, "gb18030", "decoded as gb18030"),
        (CHINESE, "gbk", "decoded as gb18030"),
    ],
)
def test_english_is_read_in_the_encodings_newsrooms_use(text: str, encoding: str, note: str | None) -> None:
    assert decode(text.encode(encoding)) == (text, note)


def test_many_nuls_on_both_sides_are_no_utf16() -> None:
    assert announced_encoding(b"a\0\0b" * 9) is None
    with pytest.raises(InputError, match="NUL bytes"):
        decode(b"a\0\0b" * 9)
