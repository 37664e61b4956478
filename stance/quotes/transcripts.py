"""Reads transcripts: paragraphs that begin with the speaker's name and a colon."""

from __future__ import annotations

import re
from collections import Counter

from stance.records import Quote, Span
from stance.text import Page

_LABEL = re.compile(
    r"(?P<label>(?:(?:MR|MS|MRS|DR)\.? )?[^\W\d_a-z][^\W\d_a-z.’'\-]+(?: [^\W\d_a-z][^\W\d_a-z.’'\-]+){0,4}(?: \([^)\n]{2,60}\))?"
    r"|[A-Z][\w.’'\-]+(?: [A-Z][\w.’'\-]+){1,3}|Q|A):\s+(?=\S)"
)


def find_labelled(page: Page) -> list[Quote]:
    """Read transcripts: a paragraph that begins with "LAVROV:" and those after it, up to the next label."""
    labels = {}
    for number, paragraph in enumerate(page.paragraphs):
        if m := _LABEL.match(page.text, paragraph.start, min(paragraph.end, paragraph.start + 90)):
            labels[number] = m
    known = Counter(m.group("label") for m in labels.values())
    labels = {n: m for n, m in labels.items() if m.group("label").isupper() or known[m.group("label")] > 1}
    if len(labels) < 2 or len(labels) * 4 < len(page.paragraphs):
        return []
    found = []
    current: re.Match[str] | None = None
    for number, sentence in enumerate(page.sentences):
        m = labels.get(sentence.paragraph)
        if m is not None:
            current = m
        if current is None or current.group("label") == "Q":
            continue
        here = current if m is current and sentence.start <= current.end() else None
        start = current.end() if here else sentence.start
        if start >= sentence.end:
            continue
        found.append(
            Quote(
                sentence=number,
                kind="direct",
                content=(Span(start, sentence.end),),
                cue=None,
                source=Span(*current.span("label")),
                rule="transcript_label",
            )
        )
    return found
