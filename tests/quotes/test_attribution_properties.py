"""What holds for the attributions of any text: no error, spans in place, the same answer twice, linear time."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stance.quotes import find_attributions
from stance.records import CUE_CLASSES, QUOTE_TYPES, Attribution, Span
from stance.text import open_page

PROPERTY = settings(deadline=None, derandomize=True, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
# What news is made of, so that chance texts reach every rule.
FRAGMENTS = (
    "potter Signe Dahl",
    "Dahl, the union’s treasurer,",
    "the woman behind the counter",
    "said",
    "said that",
    "told Reuters",
    "adding that",
    "who said",
    "shot back",
    "believes",
    "decided to",
    "his claim that",
    "according to",
    "was quoted as saying",
    "wrote in a letter:",
    "the kiln is cold",
    "— Kari Lund, Bergen",
    "Although",
    "and",
    "while",
    *"\"“”„«»‘’'.?!…,;:—-()[]",
    "``",
    "''",
    "\n",
    "\n\n",
    "\r\n",
    "\u2028",
    "\xa0",
    "İ",
    "\U0001f54a",
    "e\u0301",
)
news = st.lists(st.sampled_from(FRAGMENTS), max_size=40)
any_text = st.one_of(st.text(max_size=300), news.map(" ".join), news.map("".join))


def rows(text: str) -> list[Attribution]:
    return find_attributions(open_page(text))


def parts(row: Attribution) -> list[tuple[Span, ...]]:
    return [row.content, row.source, row.cue]


@PROPERTY
@given(any_text)
def test_spans_lie_in_the_text_and_are_not_empty(text: str) -> None:
    spans = [span for row in rows(text) for part in parts(row) for span in part]

    assert all(0 <= span.start < span.end <= len(text) for span in spans)


@PROPERTY
@given(any_text)
def test_pieces_of_a_row_are_in_order_and_apart(text: str) -> None:
    for row in rows(text):
        bounds = [offset for span in row.content for offset in (span.start, span.end)]

        assert bounds
        assert bounds == sorted(set(bounds))


@PROPERTY
@given(any_text)
def test_rows_are_in_text_order_each_once_with_a_known_kind_and_class(text: str) -> None:
    found = rows(text)

    assert [row.content for row in found] == sorted(row.content for row in found)
    assert len(set(found)) == len(found)
    assert {row.kind for row in found} <= set(QUOTE_TYPES)
    assert {row.cue_class for row in found} <= set(CUE_CLASSES)


@PROPERTY
@given(any_text)
def test_content_begins_and_ends_with_more_than_white_space(text: str) -> None:
    found = [text[span.start : span.end] for row in rows(text) for span in row.content]

    assert [words for words in found if words != words.strip()] == []


@PROPERTY
@given(any_text)
def test_same_text_gives_the_same_rows(text: str) -> None:
    assert rows(text) == rows(text)


# --- time -------------------------------------------------------------------------------------------------------------

SHORT = 0.2  # below this many seconds the clock is noise
MOST_GROWTH = 3.0  # twice the text may take three times as long: linear with noise


def seconds(pattern: str, length: int) -> float:
    """Return the CPU seconds that the attributions of a repeated pattern take, the better of two runs; opening not counted."""
    text = "Dahl said the kiln was cold. " + (pattern * (length // len(pattern) + 1))[:length]
    return min(_once(text), _once(text))


def _once(text: str) -> float:
    page = open_page(text)
    start = time.process_time()
    find_attributions(page)
    return time.process_time() - start


# A million characters each; some twenty seconds for the slowest on a busy core.
@pytest.mark.slow
@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param('"' * 80 + "\n", id="lines of quotation marks"),
        pytest.param("the tired men walked along the road and ", id="one sentence"),
        pytest.param("Lund Brok Feld ", id="capitalised words"),
        pytest.param("“We came here to talk,” Dahl said.\n", id="ordinary quotations"),
        pytest.param("“We came here to talk to you.”\n", id="quotations without a cue"),
    ],
)
def test_a_million_characters_take_linear_time(pattern: str) -> None:
    half, whole = seconds(pattern, 500_000), seconds(pattern, 1_000_000)

    assert whole < MOST_GROWTH * max(half, SHORT)


@pytest.mark.slow
@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param('"', id="quotation marks"),
        pytest.param("“”", id="pairs of quotation marks"),
        pytest.param('"a b c d e" ', id="quotations in one paragraph"),
        pytest.param('"a b c d," Dahl said. ', id="quotations with cues in one paragraph"),
        pytest.param("said ", id="said said said"),
        pytest.param("said, ", id="said and commas"),
        pytest.param("he thinks ", id="thoughts"),
        pytest.param("Dahl said that ", id="nested reports"),
        pytest.param("Dahl, who said ", id="relative clauses"),
        pytest.param("adding ", id="participles"),
        pytest.param("according to ", id="set phrases"),
        pytest.param('"a b c d e" — Kari Lund\n', id="signatures"),
        pytest.param("“Dahl said\n\n", id="quotations that never close"),
        pytest.param("his claim that ", id="nouns"),
    ],
)
def test_time_grows_with_the_length_of_the_text(pattern: str) -> None:
    half, whole = seconds(pattern, 50_000), seconds(pattern, 100_000)

    assert whole < MOST_GROWTH * max(half, SHORT)
