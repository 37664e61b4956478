"""Finds attributed content: the statements that are to be labelled, and every attribution whatever its topic."""

from __future__ import annotations

from stance.quotes.attributions import find_attributions
from stance.quotes.headlines import is_headline
from stance.quotes.statements import find_quotes

__all__ = ["find_attributions", "find_quotes", "is_headline"]
