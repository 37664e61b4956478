"""Says which lines of an article are headlines, subheadings or captions, where nobody speaks."""

from __future__ import annotations

import re

from stance.text import Page

_WORD = re.compile(r"\w+")
# A line of its own with fewer words than this and no stop at its end is a headline or a caption.
_HEADLINE_WORDS = 20
_STOP = re.compile(r"[.!?][\"”’']? ")
_CAPTION = re.compile(r"(?:Image|Media|Photo|Video|File photo|FILE|PHOTO|VIDEO)\b[ :]+(?:copyright|caption|credit|by\b|:|-)")


def is_headline(page: Page, number: int) -> bool:
    """Return whether a sentence is a headline, a subheading or a caption: in capitals, or a short line without a stop."""
    sentence = page.sentences[number]
    text = page.text[sentence.start : sentence.end]
    if text[:20].isupper():
        letters = [char for char in text if char.isalpha()]
        if len(letters) > 12 and sum(map(str.isupper, letters)) > 0.6 * len(letters):
            return True
    if _CAPTION.match(text):
        return True
    paragraph = page.paragraphs[sentence.paragraph]
    alone = paragraph.start == sentence.start and paragraph.end == sentence.end
    return alone and text[-1].isalnum() and not _STOP.search(text) and len(_WORD.findall(text)) < _HEADLINE_WORDS
