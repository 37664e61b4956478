"""Cuts an article into paragraphs, sentences, quotations and words; every offset counts code points of the text as read."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from operator import add
from typing import Any

from stance.lexicon import read_words
from stance.records import Quotation, Sentence, Span
from stance.wordwise import PerWord

_MARKED = read_words("abbreviations")
_ABBREVIATIONS = frozenset(word.lstrip("*") for word in _MARKED)
_MAY_END = frozenset(word[1:] for word in _MARKED if word.startswith("*"))
_STARTERS = frozenset(read_words("sentence_starters"))

_CLOSERS = "\"”’'»›)\\]"
_OPENERS = "\"“„‘'«‹(\\["

# A full stop, question or exclamation mark, its closing marks, white space, and what may begin a sentence.
_BREAK = re.compile(rf"[.!?…][.!?…]{{0,4}}[{_CLOSERS}]{{0,3}}(?P<gap>[ \t\xa0\n]{{1,6}})(?=[{_OPENERS}]{{0,3}}[^\W_a-z])")
_WORD_BEFORE = re.compile(r"[\w.&’'-]{1,24}\Z")
_WORD_AFTER = re.compile(rf"[{_OPENERS}]{{0,3}}([\w’'-]{{1,24}})")
# "Why now?" Lund asked: a question or exclamation inside a quotation, then name and verb, goes on.
_ATTRIBUTION_AFTER = re.compile(
    r"(?:[A-Z][\w.’'-]{0,24} ){1,5}(?:said|asked|told|wrote|tweeted|added|wondered|exclaimed|demanded|replied|says|asks)\b"
)
# ‘Talks must go on’ The envoy said …: a subheading in single marks, run into its paragraph.
_SUBHEADING = re.compile(r"[‘'](?:[^‘’'\"“”\n.!?]|[’'](?=\w)){15,110}[’'] {1,3}(?=[A-Z])")
_NEWLINES = re.compile(r"[\r\n\u2028\u2029\x0b\x0c\x85]+")
# A token with the white space behind it, so that what is found makes up the whole text.
_TOKEN = re.compile(
    r"[A-Za-z0-9]++(?:\s++|(?=,))|,\s*"  # four tokens in five; what follows would find them too, in half as much time again
    r"|(?:(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b(?!\.))?"  # U.S., U.N., e.g.
    r"|[^\W_]+(?:[’'.\-–&/][^\W_]+)*[’']?(?=[^\w]|$)"  # words, numbers, hyphenated words, possessives
    r"|[^\W_]+"
    r"|[^\w\s]|_)\s*"
)
# GENEVA (Reuters) -   LONDON, May 3 --   TEHRAN –   MOSCOW. January 3. /TASS/.
_DATELINE = re.compile(
    r"\s*(?:(?=[A-Z][A-Z.’'\-][^-–—]*+[-–—])"  # where all this can match at all
    r"[A-Z][A-Z.’'\-]+(?:[ /,-]+[A-Z][A-Z.’'\-]+){0,4}[ /,-]*(?:[^.\n“\"–—-]|\.(?= ?\d)){0,50}?(?:\([^)\n]{2,30}\)\s*)?"
    r"(?:-- ?|—|– | -(?!-)|- )\s*"
    r"|[A-Z][A-Z.’'\-/ ]{3,40}(?:,[^.\n“\"]{2,40}?)?\([^)\n]{2,30}\):?\s+"
    r"|[A-Z][A-Z ]{2,30}[,.] [A-Z][a-z]{2,9}\.? \d{1,2}\. /[A-Za-z -]{2,30}/\.\s*"
    r"|(?!NATO|UNICEF|OPEC|ECOWAS|IAEA|ASEAN|IGAD|OSCE|HAMAS|UNHCR)"
    r"[A-Z]{4,}(?:[ /][A-Z]{4,}){0,3}(?:, [A-Z][a-z]{3,14}\.?)? (?=[A-Z][a-z\d.])"
    r"|(?:[A-Z][a-z]++,?+ ?+){1,3} ?(?:[A-Z][a-z]+\.? \d{1,2},? )?\([^)\n]{2,30}\)\s*(?:--|—|–|-)\s*)"
)
_MID_CAPITAL = re.compile(r" ([^\W\d_a-z](?<=[a-z,;] .)[\w.\-]*\w)")
_LOWER = re.compile(r"[a-z]+")
_NO_OPENING = re.compile(r"[\w’'-]")
_NO_END = re.compile(r"[\w-]")
# A line this long, in a text whose lines mostly stop in mid-sentence, was wrapped by a machine.
_WRAP_LIMIT = 100
# Nobody writes a sentence this long (the longest of 31,000 in the archive, 2026-11, had 1,599 characters): such a run of text is
# cut at white space, so that every later stage is linear in the length of the article.
_MAX_SENTENCE = 2000
# A quotation may run over this many paragraphs before we say its closing mark is missing; the longest in 175 news
# articles (2026-11) ran over 9.
_MAX_PARAGRAPHS = 12


class Tokens:
    """The words and marks of a stretch of text, side by side: as they stand, in lower case, where each begins, where it ends.

    Lists, because an article has a thousand tokens: an object for each took half as long again (2026-11).
    """

    __slots__ = ("ends", "lowers", "starts", "texts")

    def __init__(self, texts: list[str], lowers: list[str], starts: list[int], ends: list[int]) -> None:
        self.texts = texts
        self.lowers = lowers
        self.starts = starts
        self.ends = ends

    def __len__(self) -> int:
        return len(self.texts)

    def between(self, start: int, end: int) -> Tokens:
        """Return the tokens between two offsets."""
        low, high = bisect_left(self.starts, start), bisect_left(self.starts, end)
        return Tokens(self.texts[low:high], self.lowers[low:high], self.starts[low:high], self.ends[low:high])


@dataclass(eq=False)
class Page:
    """An article's text with its paragraphs, sentences and quotations.

    ``folded`` is the text in lower case, offsets unchanged; in ``memory`` later stages keep what they found out about the page.
    """

    text: str
    paragraphs: tuple[Span, ...]
    sentences: tuple[Sentence, ...]
    quotations: tuple[Quotation, ...]

    def __post_init__(self) -> None:
        self.folded = fold(self.text)
        self.memory: dict[str, Any] = {}
        self._starts = [sentence.start for sentence in self.sentences]
        self._tokens: dict[int, Tokens] = {}
        # Words capitalised in mid-sentence somewhere in the article are names, as a rule.
        self._capitalised = frozenset(_MID_CAPITAL.findall(self.text))
        # Few words are asked for in lower case: each is looked for when it is.
        self._in_lower_case = PerWord(partial(_holds_word, self.text))

    def is_name_like(self, word: str) -> bool:
        """Return whether a capitalised word is used as a name: capitalised in mid-sentence, or never in lower case."""
        if word in self._capitalised:
            return True
        return not self._in_lower_case[word.lower()]

    def sentence_at(self, offset: int) -> int:
        """Return the position of the sentence that holds or precedes an offset."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def tokens(self, sentence: int) -> Tokens:
        """Return the words and marks of a sentence; cut once, kept."""
        if not self._tokens:
            self._tokens = dict(enumerate(_cut_tokens(self.text, self.sentences)))
        return self._tokens[sentence]


def _cut_tokens(text: str, sentences: tuple[Sentence, ...]) -> Iterator[Tokens]:
    """Yield the tokens of each sentence; those of the whole text are found at once, in three fifths of the time."""
    every = find_tokens(text)
    for sentence in sentences:
        start, end = sentence.start, sentence.end
        # Beside white space both ways find the same; behind "GENEVA –" and within a stretch without any they might not.
        spaced = (not start or text[start - 1].isspace()) and (end == len(text) or text[end].isspace())
        yield every.between(start, end) if spaced else find_tokens(text, start, end)


def _holds_word(text: str, word: str) -> bool:
    """Return whether a word of plain letters stands in a text by itself, not as part of a longer one."""
    if not _LOWER.fullmatch(word):
        return False
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if not (start and _NO_OPENING.match(text, start - 1)) and not _NO_END.match(text, end):
            return True
        start = text.find(word, start + 1)
    return False


def open_page(text: str) -> Page:
    """Return the text with its paragraphs, sentences and quotations found."""
    paragraphs = find_paragraphs(text)
    return Page(text, paragraphs, find_sentences(text, paragraphs), find_quotations(text, paragraphs))


def fold(text: str) -> str:
    """Return a text in lower case with every code point in its place.

    >>> len(fold("İstanbul")) == len("İstanbul")
    True
    """
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(char.lower()[0] for char in text)


def find_tokens(text: str, start: int = 0, end: int | None = None) -> Tokens:
    """Return words and punctuation marks between two offsets."""
    stretch = text[start:end]
    first = len(stretch) - len(stretch.lstrip())
    spaced = _TOKEN.findall(stretch, first)
    if not spaced:
        return Tokens([], [], [], [])
    texts = list(map(str.rstrip, spaced))
    starts = list(accumulate(map(len, spaced[:-1]), initial=start + first))
    # Lower case at once: no token holds a space.
    return Tokens(texts, " ".join(texts).lower().split(" "), starts, list(map(add, starts, map(len, texts))))


def find_paragraphs(text: str) -> tuple[Span, ...]:
    """Return the paragraphs: lines, or in text wrapped at a fixed width the blocks between blank or indented lines."""
    lines = []
    start = 0
    for m in _NEWLINES.finditer(text):
        lines.append((start, m.start(), m.group().count("\n") > 1))
        start = m.end()
    lines.append((start, len(text), True))
    wrapped = _is_wrapped([text[a:b] for a, b, _ in lines])
    spans: list[Span] = []
    begin: int | None = None
    for position, (a, b, blank_after) in enumerate(lines):
        if begin is None:
            begin = a
        joins = (
            wrapped
            and not blank_after
            and position + 1 < len(lines)
            and not text[lines[position + 1][0] : lines[position + 1][0] + 3].isspace()
        )
        if not joins:
            stripped = _strip(text, begin, b)
            if stripped:
                spans.append(stripped)
            begin = None
    return tuple(spans)


def _is_wrapped(lines: list[str]) -> bool:
    if max(map(len, lines)) > _WRAP_LIMIT and any(len(line) > _WRAP_LIMIT and line.strip() for line in lines):
        return False
    full = [line for line in lines if line.strip()]
    if len(full) < 4:
        return False
    broken = sum(line.rstrip()[-1] not in ".?!:”\"’'" for line in full)
    return broken > 0.4 * len(full)


def _strip(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if end > start else None


def find_sentences(text: str, paragraphs: tuple[Span, ...]) -> tuple[Sentence, ...]:
    """Return the sentences of each paragraph, also those inside quotations; a dateline is left out."""
    found = []
    double = any(mark in text for mark in '"“')  # otherwise single marks hold what is said
    for number, paragraph in enumerate(paragraphs):
        start = paragraph.start
        if number < 3 and (m := _DATELINE.match(text, start, min(paragraph.end, start + 120))):
            start = m.end() if m.end() < paragraph.end else start
        if double and (m := _SUBHEADING.match(text, start, paragraph.end)):
            found += _cut(text, start, m.end(), number)
            start = m.end()
        for m in _BREAK.finditer(text, start, paragraph.end):
            if m.start() >= start and _ends_sentence(text, m):
                found += _cut(text, start, m.start("gap"), number)
                start = m.end()
        found += _cut(text, start, paragraph.end, number)
    return tuple(found)


def _cut(text: str, start: int, end: int, paragraph: int) -> list[Sentence]:
    """Return the stretch as one sentence, or as several where it is too long to be one."""
    found = []
    while (span := _strip(text, start, end)) is not None:
        begin, stop = span
        if stop - begin <= _MAX_SENTENCE:
            found.append(Sentence(begin, stop, paragraph))
            break
        start = max(text.rfind(" ", begin + _MAX_SENTENCE // 2, begin + _MAX_SENTENCE), begin + _MAX_SENTENCE // 2)
        if rest := _strip(text, begin, start):
            found.append(Sentence(*rest, paragraph))
    return found


def _ends_sentence(text: str, m: re.Match[str]) -> bool:
    mark = text[m.start()]
    bare = m.start("gap") == m.start() + 1
    if mark == "." and bare:
        window = text[max(0, m.start() - 24) : m.start()]
        plain = window[window.rfind(" ") + 1 :]
        if len(plain) > 1 and plain.isalnum() and plain not in _ABBREVIATIONS:
            return True  # as nine in ten
        before = _WORD_BEFORE.search(window)
        word = before.group().lstrip("(“\"'‘") if before else ""
        if not word:
            return True
        after = _WORD_AFTER.match(text, m.end())
        next_word = after.group(1) if after else ""
        if word in _MAY_END or (word[0].isupper() and word.endswith((".S", ".N", ".K"))):
            return next_word in _STARTERS or text[m.end()] in '"“„«'
        if word in _ABBREVIATIONS:
            # "No. 5" but "she said no. The"; months and "No" only before a figure.
            return word in ("No", "Nos", "no", "Mar", "Art", "Res") and not next_word[:1].isdigit()
        if len(word) == 1 and word.isalpha():
            return word in "I" and next_word in _STARTERS
        return True
    return bare or mark == "." or not _ATTRIBUTION_AFTER.match(text, m.end(), min(len(text), m.end() + 160))


# Any mark first and what stands around it then: from a pattern that begins with a set of characters, ``re`` skips the others.
_MARK = re.compile(
    "[\"“”„«»‹›‘’'`](?:(?<=[\"“”„«»‹›])|(?<=`)`|(?<=')'"
    "|(?<=[‘'])(?<![\\w.,!?…].)(?=[^\\W_])"  # opens: nothing before, a word behind
    "|(?<=[’'])(?<=[\\w.,!?…”\"].)(?!\\w))"  # closes
)
_SPACE_OR_OPENER = frozenset(" \t\n\r\xa0([{-–—/:\u2028…") | {""}


def find_quotations(text: str, paragraphs: tuple[Span, ...]) -> tuple[Quotation, ...]:
    """Return the stretches in quotation marks, outermost only, marks included.

    Straight marks are read as opening or closing from what stands beside them. A quotation may run over several
    paragraphs, with or without repeated opening marks; where its end is missing it stops with its paragraph.
    Single marks count only in a text without double ones, where a closing one follows in the same paragraph.
    """
    double = [m for m in _MARK.finditer(text) if m.group() not in "‘’'"]
    marks = double if len(double) >= 2 else list(_MARK.finditer(text))
    singles = marks is not double
    starts = [paragraph.start for paragraph in paragraphs]
    if not starts:
        return ()
    found: list[Quotation] = []
    opened: int | None = None  # where the open quotation began
    last_paragraph = 0  # the last paragraph it is known to reach
    family = ""
    for m in marks:
        paragraph = max(0, bisect_right(starts, m.start()) - 1)
        at_start = m.start() == starts[paragraph]
        side = _side(text, m, opened is not None, at_start)
        limit = 0 if singles else _MAX_PARAGRAPHS
        if opened is not None and paragraph - last_paragraph > limit:
            found.append(Quotation(opened, paragraphs[last_paragraph].end, closed=False))
            opened = None
        if side == "open":
            if opened is None:
                opened, last_paragraph, family = m.start(), paragraph, _family(m.group())
            elif at_start and paragraph > last_paragraph:
                last_paragraph = paragraph  # repeated opening mark: the quotation goes on
            elif _family(m.group()) == family:
                if paragraph > last_paragraph:  # the first one never closed
                    found.append(Quotation(opened, paragraphs[last_paragraph].end, closed=False))
                else:
                    found.append(Quotation(opened, m.start(), closed=False))
                opened, last_paragraph = m.start(), paragraph
        elif opened is not None and _family(m.group()) == family:
            found.append(Quotation(opened, m.end()))
            opened = None
    if opened is not None:
        found.append(Quotation(opened, paragraphs[last_paragraph].end, closed=False))
    if singles:
        found = [quotation for quotation in found if quotation.closed]
    return tuple(found)


def _family(mark: str) -> str:
    if mark in "«»‹›":
        return "«"
    return "'" if mark in "‘’'" else '"'


def _side(text: str, m: re.Match[str], is_open: bool, at_start: bool) -> str:
    mark = m.group()
    if (
        mark == "“"
        and is_open
        and m.start()
        and not text[m.start() - 1].isspace()
        and "„" in text[max(0, m.start() - 2000) : m.start()]
    ):
        return "close"  # „…“
    after = text[m.end()] if m.end() < len(text) else ""
    if mark == "“" and is_open and not text[m.start() - 1].isspace() and after in _SPACE_OR_OPENER:
        return "close"  # the wrong key: “… here,“ she said
    if mark in ("“", "„", "«", "‹", "‘", "``"):
        return "open"
    if mark in ("»", "›", "’"):
        return "close"
    if mark == "”":  # some desks open with it too
        return "open" if at_start and not is_open else "close"
    before = text[m.start() - 1] if m.start() else ""
    opens = before in _SPACE_OR_OPENER and after not in _SPACE_OR_OPENER
    closes = before not in _SPACE_OR_OPENER and (after in _SPACE_OR_OPENER or not after.isalnum())
    if at_start or (opens and not closes):
        return "open"
    if closes and not opens:
        return "close"
    return "close" if is_open else "open"
