"""Reads transcripts: paragraphs that begin with the speaker's name and a colon, questions and answers marked Q and A."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter

from stance.records import Quote, Span
from stance.text import Page

_LABEL = re.compile(
    r"(?P<label>(?:(?:MR|MS|MRS|DR)\.? )?[^\W\d_a-z][^\W\d_a-z.’'\-]+(?: [^\W\d_a-z][^\W\d_a-z.’'\-]+){0,4}(?: \([^)\n]{2,60}\))?"
    r"|[A-Z][\w.’'\-]+(?: [A-Z][\w.’'\-]+){1,3}|Q|A):\s+(?=\S)"
)


_TURN = re.compile(r"(?<!\w)(?P<label>[QA])[:.]\s+(?=[^\W\d_a-z“\"])")
# Fewer questions and answers are an initial or a list.
_LEAST_TURNS = 3


def find_labelled(page: Page) -> list[Quote]:
    """Read transcripts: a paragraph that begins with "LAVROV:" and those after it, up to the next label; answers behind "A:"."""
    return _answers(page) or _turns(page) or _text_in_full(page)


def _answers(page: Page) -> list[Quote]:
    """Read an interview whose turns are marked Q and A, wherever in a paragraph they begin."""
    if any(page.text.count(f"{label}:") + page.text.count(f"{label}.") < _LEAST_TURNS for label in "QA"):
        return []  # as in nearly every article, and found out in no time
    turns = list(_TURN.finditer(page.text))
    if min(Counter(m.group("label") for m in turns).get(label, 0) for label in "QA") < _LEAST_TURNS:
        return []
    starts = [m.start() for m in turns]
    found = []
    for number, sentence in enumerate(page.sentences):
        position = bisect_right(starts, sentence.start) - 1
        if position < 0 or turns[position].group("label") == "Q":
            continue
        turn = turns[position]
        start = max(sentence.start, turn.end())
        if start < sentence.end:
            found.append(_quote(number, Span(start, sentence.end), Span(*turn.span("label"))))
    return found


# "Following is the full text of the ambassador's speech:": what follows is said, without quotation marks.
_IN_FULL = re.compile(
    r"\b(?:(?:[Ff]ollowing|[Bb]elow|[Hh]ere) (?:is|are) (?:the |an? )?(?:full )?(?:text|excerpts?|transcript)"
    r"|[Tt]he full text) of "
    r"[^.:\n]{0,80}?\b(?P<what>statement|speech|remarks|address|letter|message|interview)\b[^.:\n]{0,80}:\s"
)


# One of these stands in every such line; they are found in a tenth of the time.
_ANNOUNCING = ("text of ", "excerpt of ", "excerpts of ", "transcript of ")


def _text_in_full(page: Page) -> list[Quote]:
    """Read a statement or speech printed in full behind the line that announces it."""
    m = _IN_FULL.search(page.text) if any(words in page.text for words in _ANNOUNCING) else None
    if m is None:
        return []
    return [
        _quote(number, Span(max(sentence.start, m.end()), sentence.end), Span(*m.span("what")))
        for number, sentence in enumerate(page.sentences)
        if sentence.end > m.end()
    ]


def _quote(sentence: int, content: Span, label: Span) -> Quote:
    return Quote(sentence=sentence, kind="direct", content=(content,), cue=None, source=label, rule="transcript_label")


def _turns(page: Page) -> list[Quote]:
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
        found.append(_quote(number, Span(start, sentence.end), Span(*current.span("label"))))
    return found
