"""Tells English text from text in other languages."""

from __future__ import annotations

import re
from itertools import islice

# Common English function words that other languages of the Latin alphabet do not share; so without "a", "as", "at", "by", "for",
# "he", "her", "in", "is", "it", "no", "on", "to", "was", "we", which are words in German, French, Spanish, Danish, Polish, ….
# fmt: off
_FUNCTION_WORDS = frozenset((
    "the", "of", "and", "that", "with", "his", "this", "from", "which", "been", "be", "its", "into", "because", "while",
    "were", "they", "their", "them", "are", "has", "have", "had", "would", "said", "not", "but", "will", "who", "after",
    "if", "there", "than", "about", "what", "when", "could", "should", "more", "other", "these", "those", "you", "your",
    "she",
))
# fmt: on
# Scripts that do not put spaces between words (Thai, Burmese, Khmer, Japanese, Chinese) count each character as one word.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_WORD = re.compile(rf"{_UNSPACED.pattern}|[^\W\d_]+")
_MAX_WORDS = 2000
_MIN_WORDS = 20
# Lowest share in 2,546 English news articles of 20 words or more (2026-11): 0.056, a page of tweets and names; next 0.094; median
# 0.24. Highest in passages of 32 to 63 words composed in 19 other languages: 0.031 (Latin); next 0.020 (Danish), 0.017 (Dutch).
_MIN_SHARE = 0.04


def looks_english(text: str) -> bool:
    """Return whether a text reads as English; one of fewer than 20 words always does.

    >>> looks_english("Die Ministerin sagte am Dienstag, sie werde die Sanktionen nicht mehr unterstützen, denn es sei nun "
    ...     "an der Zeit, mit der Regierung über einen Waffenstillstand zu verhandeln.")
    False
    """
    if _is_plain_english(text):
        return True
    share, n_words = share_function_words(text)
    return n_words < _MIN_WORDS or share >= _MIN_SHARE


def _is_plain_english(text: str) -> bool:
    """Return whether function words between spaces alone are share enough, whatever the other words are.

    Words are parted by a character at least, so that the first 4000 characters hold no more words than are counted at most. That
    is a quarter of the time of cutting the text into words, and says yes to nearly all English news.
    """
    head = text[: 2 * _MAX_WORDS]
    if not head.isascii() and _UNSPACED.search(head):
        return False
    n_sure = sum(map(_FUNCTION_WORDS.__contains__, head.lower().split()[:-1]))  # the last may be cut
    return n_sure >= _MIN_SHARE * min(_MAX_WORDS, (len(text) + 1) // 2)


def share_function_words(text: str) -> tuple[float, int]:
    """Return the share of English function words among the first 2000 words, and how many words that were."""
    words = [match.group().lower() for match in islice(_WORD.finditer(text), _MAX_WORDS)]
    return sum(word in _FUNCTION_WORDS for word in words) / max(1, len(words)), len(words)
