"""Cuts the exports of news databases, many articles in one text, into articles; knows them by what stands in them."""

from __future__ import annotations

from stance.files.readers.exports.factiva import split_factiva
from stance.files.readers.exports.layout import Piece
from stance.files.readers.exports.nexis import split_nexis, split_nexis_uni

__all__ = ["Piece", "split_export"]


def split_export(text: str) -> list[Piece] | None:
    """Return the articles of an export in their order, or None for a text that is no export.

    Each layout asks for two marks of its own, on lines of their own, that no article has: the number of the document and its
    length, or the line that ends it and a heading. A single article in plain text is never taken for an export.
    """
    for split in (split_nexis, split_nexis_uni, split_factiva):
        if (pieces := split(text)) is not None:
            return pieces
    return None
