"""What an explanation shows is what the pipeline did, and a sentence without a row says why."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import stance
from stance.errors import InputError
from stance.explanation import WIDTH, QuoteExplanation, SentenceExplanation, explain_article, format_sentence
from stance.pipeline import extract_article
from stance.records import Article, Statement
from stance.targets import relevance

# A composed article in which a sentence is passed over for each reason that is told.
HEADLINE = "Ferry talks leave both sides cold"
QUAY = f"""{HEADLINE}

TUNIS – Tunisia's foreign minister, Leila Hamrouni, said on Friday that the truce in Libya must hold. "It has to," she said. \
The ferry left at noon.

An offer to extend the ceasefire had been rejected. "We are tired of this harbour and of its gulls."

Xinhua said the ceasefire in Libya was dead. Trade unions said they wanted higher wages for tug crews.
"""
TRUCE_TWICE = "Kari Lund said the truce in Libya must hold, and she called for talks on a truce in Sudan."
PIECES = [
    "Kari Lund ",
    "she ",
    "said ",
    "the truce in Sudan ",
    "sanctions on Iran ",
    "“",
    "”",
    '"',
    ", ",
    ". ",
    ":",
    "\n\n",
    "\x00",
    "É",
]


def explain(text: str) -> tuple[SentenceExplanation, ...]:
    return explain_article(Article("quay", text))


def sentence_with(words: str, text: str = QUAY) -> SentenceExplanation:
    [found] = [sentence for sentence in explain(text) if words in sentence.text]
    return found


def quote_with(words: str, text: str = QUAY) -> QuoteExplanation:
    [quote] = sentence_with(words, text).quotes
    return quote


def rows_explained(article: Article) -> list[tuple[str, int, int, str, str]]:
    return [
        (found.statement_id, sentence.start, sentence.end, quote.speaker.name, found.target.issue)
        for sentence in explain_article(article)
        for quote in sentence.quotes
        for found in quote.targets
        if found.statement_id is not None and quote.speaker is not None
    ]


def rows_extracted(statements: list[Statement]) -> list[tuple[str, int, int, str, str]]:
    return [(one.statement_id, one.start, one.end, one.speaker.name, one.target.issue) for one in statements]


def test_the_statements_explained_are_those_extracted(
    composed_articles: dict[str, Article], composed_statements: dict[str, list[Statement]]
) -> None:
    sample = sorted(composed_articles)[::6]
    explained = {article_id: rows_explained(composed_articles[article_id]) for article_id in sample}
    assert explained == {article_id: rows_extracted(composed_statements[article_id]) for article_id in sample}
    assert len(sample) >= 100
    assert sum(map(len, explained.values())) >= 500


def test_the_score_shown_is_the_one_that_decided(composed_articles: dict[str, Article]) -> None:
    quotes = [
        quote
        for article_id in sorted(composed_articles)[:20]
        for sentence in explain_article(composed_articles[article_id])
        for quote in sentence.quotes
        if quote.speaker is not None and quote.evidence
    ]
    about = [quote for quote in quotes if quote.evidence[0].score > 0]
    assert len(about) > 100
    assert [quote.passed_over for quote in quotes if (quote.evidence[0].score > 0) != bool(quote.targets)] == []


def test_the_points_add_up_to_the_total(composed_articles: dict[str, Article]) -> None:
    found = [
        one for sentence in explain_article(composed_articles["a-001"]) for quote in sentence.quotes for one in quote.evidence
    ]
    assert found
    assert [one.total for one in found] == pytest.approx([sum(value for _, value in one.points) for one in found], abs=1e-3)
    assert {one.threshold for one in found} == {relevance.THRESHOLD}


def test_the_points_of_the_words_add_up_to_those_of_all_words(composed_articles: dict[str, Article]) -> None:
    found = [
        one for sentence in explain_article(composed_articles["a-001"]) for quote in sentence.quotes for one in quote.evidence
    ]
    of_all = [dict(one.points).get("words", 0.0) for one in found]
    assert any(of_all)
    assert of_all == pytest.approx([sum(value for _, value in one.word_points) for one in found], abs=1e-3)


def test_every_sentence_of_the_article_is_there_in_order_with_its_offsets() -> None:
    sentences = explain(QUAY)
    assert [sentence.number for sentence in sentences] == list(range(1, len(sentences) + 1))
    assert [QUAY[sentence.start : sentence.end] for sentence in sentences] == [sentence.text for sentence in sentences]


def test_a_quote_tells_rule_cue_source_and_content() -> None:
    quote = quote_with("on Friday")
    assert (quote.rule, quote.kind, quote.cue) == ("name_insertion_verb", "indirect", "said")
    assert quote.source == "Tunisia's foreign minister"
    assert quote.content == ("on Friday that the truce in Libya must hold.",)


def test_a_speaker_tells_name_actor_and_rule() -> None:
    speaker = quote_with("It has to").speaker
    assert speaker is not None
    assert (speaker.name, speaker.actor, speaker.rule) == ("Leila Hamrouni", "TUN", "pronoun")


def test_the_evidence_tells_the_words_that_name_the_issue() -> None:
    [evidence] = quote_with("on Friday").evidence
    assert (evidence.issue, evidence.level, evidence.words) == ("ceasefire", "strong", ("truce",))
    assert "strong" in dict(evidence.points)


def test_words_of_the_sources_own_name_are_not_shown() -> None:
    text = "The sanctions committee said the talks in Geneva had been held up by rain. It met on sanctions."
    words = [word for sentence in explain(text) for quote in sentence.quotes for one in quote.evidence for word in one.words]
    assert "sanctions" not in words


def test_a_target_tells_its_rule_and_the_row_it_gave() -> None:
    [found] = quote_with("on Friday").targets
    assert (found.target.label, found.target.rule) == ("ceasefire in Libya", "named")
    assert found.statement_id == stance.extract(Article("quay", QUAY)).loc[0, "statement_id"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (HEADLINE, "a headline or a caption"),
        ("The ferry left", "no cue"),
        ("had been rejected", 'a cue without a source: "rejected"'),
        ("Xinhua", 'the source of "said" is a newspaper or an agency, which carries what others say'),
    ],
)
def test_a_sentence_without_a_quote_says_why(words: str, reason: str) -> None:
    sentence = sentence_with(words)
    assert (sentence.quotes, sentence.passed_over) == ((), reason)


def test_a_quotation_of_nobody_says_so() -> None:
    text = '"We are tired of the truce in Libya and of its gulls."'
    assert quote_with("gulls", text).passed_over == "inside a quotation without a known speaker"


def test_a_quote_off_the_issue_says_how_many_points_it_lacks() -> None:
    quote = quote_with("Trade unions")
    best = quote.evidence[0]
    assert quote.passed_over == f"not about an issue: {-best.score:.1f} points short of ceasefire"
    assert best.score < 0


def test_an_article_that_names_no_issue_says_so() -> None:
    quote = quote_with("said", "Kari Lund said the ferry would leave at noon.")
    assert (quote.evidence, quote.passed_over) == ((), "the article names no issue, or but loosely and in passing")


def test_talks_on_a_nuclear_deal_are_ruled_out_by_name() -> None:
    text = "Kari Lund welcomed the peace talks with Iran. The nuclear deal with Iran was signed in Bergen."
    quote = quote_with("welcomed", text)
    assert quote.evidence[0].score > 0
    assert quote.passed_over == "about an issue by its points, but ruled out: talks on a nuclear deal are no peace process"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_whatever_the_text_rows_explained_are_rows_extracted(text: str) -> None:
    article = Article("odd", text)
    assert rows_explained(article) == rows_extracted(extract_article(article))


def test_a_second_quote_that_gives_the_same_row_says_so() -> None:
    [sentence] = explain(TRUCE_TWICE)
    assert [quote.passed_over for quote in sentence.quotes] == ["", "a quote before gives the same sentence, speaker and issue"]
    assert sentence.n_statements == 1


def test_an_explanation_is_plain_values_for_json() -> None:
    plain = json.loads(json.dumps(sentence_with("on Friday").as_dict()))
    assert plain["quotes"][0]["targets"][0]["target"]["label"] == "ceasefire in Libya"


def test_no_line_is_wider_than_a_terminal_and_every_row_is_named(composed_articles: dict[str, Article]) -> None:
    lines = [
        label + text
        for article_id in sorted(composed_articles)[::60]
        for sentence in explain_article(composed_articles[article_id])
        for label, text in format_sentence(sentence)
    ]
    assert len(lines) > 100
    assert [line for line in lines if len(line) > WIDTH] == []


def test_characters_that_steer_a_terminal_are_not_printed() -> None:
    text = "Kari Lund said the truce in Libya \x1b[31mmust\x07 hold."
    shown = "".join(part for line in format_sentence(sentence_with("must", text)) for part in line)
    assert "truce in Libya" in shown
    assert shown.isprintable()


def test_the_public_function_takes_a_text() -> None:
    assert [one.text for one in stance.explain("The ferry left.")] == ["The ferry left."]


def test_one_article_at_a_time_is_explained() -> None:
    with pytest.raises(InputError, match="One article at a time can be explained; found 2"):
        stance.explain(["The ferry left.", "The ferry came back."])
