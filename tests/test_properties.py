"""The promises that hold for any text: no error, offsets in place, same answer twice, linear time."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stance.pipeline import extract_article
from stance.quotes import find_quotes
from stance.records import QUOTE_TYPES, Article
from stance.text import find_tokens, fold, open_page

PROPERTY = settings(deadline=None, derandomize=True, max_examples=150, suppress_health_check=[HealthCheck.too_slow])

# What news is made of, so that chance texts reach the later stages.
FRAGMENTS = (
    "Norway said the US sanctions on Iran must stay",
    "Kari Lund, the Norwegian foreign minister,",
    "told Reuters that",
    "the ceasefire in Sudan must hold",
    "He said the truce was over",
    "according to the Danish premier, Jens Holm",
    "peace talks on Yemen",
    "the statement said",
    "LUND: the embargo stays",
    "Q: why?",
    "was quoted by state television as saying",
    "(D-N.J.)",
    "U.S.-led",
    "Mr. Holm’s call for a truce",
    "TEHRAN – ",
    "GENEVA (Reuters) - ",
    "said",
    "and",
    *"\"“”„«»‘’'.?!…,;:—-()[]",
    "\n",
    "\n\n",
    "\r\n",
    "\u2028",
    " ",
    "\xa0",
    "\u200b",
    "İ",
    "ß",
    "\U0001f54a",
    "e\u0301",
)
news = st.lists(st.sampled_from(FRAGMENTS), max_size=40).map(" ".join)
glued_news = st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join)
any_text = st.one_of(st.text(max_size=300), news, glued_news)
# Every text names an issue, or the pipeline would put it aside unread.
matters = any_text.map(lambda text: f"{text}\nNorway said the US sanctions on Iran must stay. {text}")


@PROPERTY
@given(matters)
def test_extraction_never_raises_and_offsets_hold(text: str) -> None:
    statements = extract_article(Article("article", text))

    assert [text[statement.start : statement.end] for statement in statements] == [statement.sentence for statement in statements]


@PROPERTY
@given(matters)
def test_statements_are_whole_and_in_text_order(text: str) -> None:
    statements = extract_article(Article("article", text))

    assert [statement.start for statement in statements] == sorted(statement.start for statement in statements)
    assert all(statement.speaker.name.strip() for statement in statements)
    assert {statement.quote_type for statement in statements} <= set(QUOTE_TYPES)
    assert len({statement.statement_id for statement in statements}) == len(statements)


@PROPERTY
@given(matters)
def test_every_statement_quotes_something(text: str) -> None:
    statements = extract_article(Article("article", text))

    assert all(statement.quote.strip() for statement in statements)


@PROPERTY
@given(matters)
def test_same_article_gives_the_same_statements(text: str) -> None:
    assert extract_article(Article("article", text)) == extract_article(Article("article", text))


@PROPERTY
@given(matters, matters)
def test_article_read_before_changes_nothing(text: str, other: str) -> None:
    alone = extract_article(Article("article", text))

    extract_article(Article("other", other))

    assert extract_article(Article("article", text)) == alone


@PROPERTY
@given(any_text)
def test_sentences_lie_in_the_text_in_order_without_overlap(text: str) -> None:
    bounds = [offset for sentence in open_page(text).sentences for offset in (sentence.start, sentence.end)]

    assert bounds == sorted(bounds)
    assert all(0 <= offset <= len(text) for offset in bounds)


@PROPERTY
@given(any_text)
def test_sentences_have_words_and_no_white_space_at_their_ends(text: str) -> None:
    found = [text[sentence.start : sentence.end] for sentence in open_page(text).sentences]

    assert all(sentence and sentence == sentence.strip() for sentence in found)


@PROPERTY
@given(any_text)
def test_sentences_lie_in_their_paragraph(text: str) -> None:
    page = open_page(text)

    assert all(page.paragraphs[sentence.paragraph].holds(sentence.span) for sentence in page.sentences)


@PROPERTY
@given(any_text)
def test_quotations_lie_in_the_text_and_do_not_overlap(text: str) -> None:
    bounds = [offset for quotation in open_page(text).quotations for offset in (quotation.start, quotation.end)]

    assert bounds == sorted(bounds)
    assert all(0 <= offset <= len(text) for offset in bounds)


@PROPERTY
@given(any_text)
def test_quotes_point_backwards_or_forwards_at_one_that_names_its_speaker(text: str) -> None:
    quotes = find_quotes(open_page(text))

    assert [quote.sentence for quote in quotes] == sorted(quote.sentence for quote in quotes)
    assert all(quote.source is None for quote in quotes if quote.continued is not None)


@PROPERTY
@given(any_text)
def test_tokens_hold_every_character_but_white_space(text: str) -> None:
    tokens = find_tokens(text)

    assert "".join(tokens.texts) == "".join(text.split())
    assert tokens.lowers == [word.lower() for word in tokens.texts]


@PROPERTY
@given(any_text)
def test_sentence_of_a_page_has_the_tokens_it_has_alone(text: str) -> None:
    page = open_page(text)

    for number, sentence in enumerate(page.sentences):
        alone = find_tokens(text, sentence.start, sentence.end)
        assert (page.tokens(number).texts, page.tokens(number).starts) == (alone.texts, alone.starts)
        assert [text[a:b] for a, b in zip(page.tokens(number).starts, page.tokens(number).ends, strict=True)] == alone.texts


@PROPERTY
@given(any_text)
def test_folding_keeps_length(text: str) -> None:
    assert len(fold(text)) == len(text)


# --- time -------------------------------------------------------------------------------------------------------------

HEAD = "Norway said the US sanctions on Iran must stay. "
LENGTH = 300_000
MOST_SECONDS = 10.0  # a few on a free core; the rest is for a busy one
SHORT = 0.2  # below this many seconds the clock is noise
MOST_GROWTH = 3.0  # twice the text may take three times as long: linear with noise


def seconds(pattern: str, length: int) -> float:
    """Return the CPU seconds that a text of a repeated pattern takes, the better of two runs."""
    article = Article("article", HEAD + (pattern * (length // len(pattern) + 1))[:length])
    return min(_once(article), _once(article))


def _once(article: Article) -> float:
    start = time.process_time()
    extract_article(article)
    return time.process_time() - start


@pytest.fixture(scope="module", autouse=True)
def _tables_are_read() -> None:
    """Read the tables once, outside the clock."""
    extract_article(Article("warm", HEAD))


@pytest.mark.slow
@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param('"', id="straight quotation marks"),
        pytest.param("”", id="closing quotation marks"),
        pytest.param("the tired men walked along the road and ", id="one sentence"),
        pytest.param("Lund Brok Feld ", id="capitalised words"),
        pytest.param("LUND BROK ", id="capitals"),
        pytest.param(",", id="commas"),
        pytest.param(", ", id="commas with spaces"),
        pytest.param("said said said ", id="said said said"),
        pytest.param("Lund said that ", id="nested reports"),
        pytest.param(". ", id="full stops"),
        pytest.param("A. ", id="initials"),
        pytest.param("a-", id="hyphens"),
        pytest.param("(", id="brackets"),
        pytest.param("\n", id="empty lines"),
        pytest.param("minister of ", id="of of of"),
        pytest.param("freeze the ", id="half a pattern"),
        pytest.param('" ', id="straight quotation marks with spaces"),
        pytest.param("« ", id="guillemets"),
        pytest.param('"a b c d e" ', id="many short quotations in one sentence"),
        pytest.param("“Lund said\n\n", id="quotations that never close"),
        pytest.param("LUND: we talk\n\nBROK: no\n\n", id="transcript"),
        pytest.param(HEAD, id="ordinary reports"),
        pytest.param("Iran ", id="one state over and over"),
        pytest.param("sanctions ", id="one issue over and over"),
        pytest.param("Lund, who said ", id="relative clauses"),
    ],
)
def test_time_grows_with_the_length_of_the_text(pattern: str) -> None:
    half, whole = seconds(pattern, LENGTH // 2), seconds(pattern, LENGTH)

    assert whole < MOST_SECONDS
    assert whole < MOST_GROWTH * max(half, SHORT)


# Linear, but slow: at full length these take a quarter of a minute.
@pytest.mark.slow
@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param("“", id="opening quotation marks"),
        pytest.param("“”", id="pairs of quotation marks"),
        pytest.param("according to Lund ", id="set phrases"),
    ],
)
def test_time_of_a_slow_pattern_grows_with_the_length_of_the_text(pattern: str) -> None:
    half, whole = seconds(pattern, LENGTH // 8), seconds(pattern, LENGTH // 4)

    assert whole < MOST_SECONDS
    assert whole < MOST_GROWTH * max(half, SHORT)


@pytest.mark.slow
def test_time_of_many_pronouns_grows_with_the_length_of_the_text() -> None:
    pattern = "He said the truce in Libya must hold. "

    half, whole = seconds(pattern, LENGTH // 2), seconds(pattern, LENGTH)

    assert whole < MOST_GROWTH * max(half, SHORT)
