"""Reads the dates that articles carry."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache

# Year first is read here: dateutil would take 2024-03-05 for 3 May when asked to put the day first.
_YEAR_FIRST = re.compile(r"\s*(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|(\d{2})(\d{2}))(?:[T\s].*)?\Z", re.DOTALL)
_FOUR_DIGITS = re.compile(r"(?<!\d)\d{4}(?!\d)")
# Two days that differ in year, month and day: what dateutil fills in from them was not in the text.
_FILLERS = (datetime(2000, 1, 1), datetime(2001, 2, 2))


def read_date(value: object) -> str | None:
    """Return a date as YYYY-MM-DD, or None where it cannot be read with certainty.

    The day is the one written, whatever its time zone. A date without day or year, and a date such as 05/03/2024 that is
    one day in Britain and another in America, are not guessed at.

    >>> read_date("Tue, 5 March 2024 23:30 EST"), read_date("13/03/2024"), read_date("05/03/2024")
    ('2024-03-05', '2024-03-13', None)
    """
    if isinstance(value, date):  # a datetime is one too, and so is pandas's NaT
        written = value.isoformat()[:10]
        return None if written == "NaT" else written
    return _read_written(str(value)) if isinstance(value, str | int) else None


@lru_cache(maxsize=1024)  # of each day there are many articles
def _read_written(written: str) -> str | None:
    if year_first := _YEAR_FIRST.match(written):
        year, _, month, day, compact_month, compact_day = year_first.groups()
        return _iso(int(year), int(month or compact_month), int(day or compact_day))
    return _read_freely(written) if _FOUR_DIGITS.search(written) else None


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _read_freely(written: str) -> str | None:
    from dateutil.parser import parse

    try:
        readings = {
            parse(written, default=filler, dayfirst=day_first, ignoretz=True).date().isoformat()
            for filler in _FILLERS
            for day_first in (False, True)
        }
    except (ValueError, OverflowError):
        return None
    return readings.pop() if len(readings) == 1 else None
