"""Keeps cells of CSV from being run as formulas by the spreadsheet that opens them, so that they can be had back exactly."""

from __future__ import annotations

import re

from stance.records import ANNOTATION_COLUMNS, ATTRIBUTION_COLUMNS, NUMBER_COLUMNS, STATEMENT_COLUMNS, WHOLE_COLUMNS

# What a cell begins with that Excel, LibreOffice or Google Sheets may run: https://owasp.org/www-community/attacks/CSV_Injection
# (tab, carriage return and line feed, = + - @ and their full-width forms). White space before a sign is no protection in all.
_FORMULA = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@＝＋－＠])")
_NUMBER = re.compile(r"'*[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
# Columns in which even "-5" is text. In those of a user's own, whose kind a CSV file does not tell, it may be a number.
_TEXT_COLUMNS = {"id", "text", "title", "context", "context_after", "duplicate_of"}.union(
    STATEMENT_COLUMNS, ATTRIBUTION_COLUMNS, ANNOTATION_COLUMNS
) - {*WHOLE_COLUMNS, *NUMBER_COLUMNS}


def defuse(cell: str, column: str) -> str:
    """Return a cell's text so that no spreadsheet takes it for a formula: with an apostrophe before it, where it needs one.

    Apostrophes that stand before a formula already get another, so that ``restore`` can tell them apart.

    >>> [defuse(cell, "quote") for cell in ("=1+1", "'=1+1", "'tis", "-5")]
    ["'=1+1", "''=1+1", "'tis", "'-5"]
    >>> defuse("-5", "a_score_of_mine")
    '-5'
    """
    return f"'{cell}" if _looks_like_formula(cell, column) else cell


def restore(cell: str, column: str) -> str:
    """Return the text that ``defuse`` made this cell of.

    >>> [restore(cell, "quote") for cell in ("'=1+1", "''=1+1", "'tis", "'-5")]
    ['=1+1', "'=1+1", "'tis", '-5']
    """
    return cell[1:] if cell.startswith("'") and _looks_like_formula(cell, column) else cell


def _looks_like_formula(cell: str, column: str) -> bool:
    # A plain number cannot do anything.
    return bool(_FORMULA.match(cell)) and (column in _TEXT_COLUMNS or not _NUMBER.fullmatch(cell))
