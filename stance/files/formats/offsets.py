"""Counts characters as other programs do: JavaScript and Java count UTF-16 units, two for an emoji; Python one."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate


class Utf16Offsets:
    """The places of a text in UTF-16 units and in code points.

    >>> Utf16Offsets("😊 ok").units(2), Utf16Offsets("😊 ok").points(3), Utf16Offsets("😊 ok").points(1)
    (3, 2, None)
    """

    def __init__(self, text: str) -> None:
        # Most texts have no character beyond the basic plane; both counts are the same there.
        self._units = None if text.isascii() else [0, *accumulate(2 if character > "\uffff" else 1 for character in text)]
        self._length = len(text)

    def units(self, point: int) -> int:
        """Return the place of a code point in UTF-16 units."""
        return point if self._units is None else self._units[point]

    def points(self, unit: int) -> int | None:
        """Return the place of a UTF-16 unit in code points; None outside the text and inside a pair."""
        if self._units is None:
            return unit if 0 <= unit <= self._length else None
        place = bisect_left(self._units, unit)
        return place if place < len(self._units) and self._units[place] == unit else None
