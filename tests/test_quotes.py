"""Attributed content: what is said, by whose words, and what is no statement. Whole texts stand in ``cases/quotes``."""

from __future__ import annotations

import pytest

from stance.lexicon import cue_verbs
from stance.quotes import find_quotes
from stance.quotes.cues import find_cues, find_set_phrases, is_adverb
from stance.records import Quote
from stance.text import Page, find_tokens, open_page


def read(text: str) -> tuple[Page, list[Quote]]:
    page = open_page(text)
    return page, find_quotes(page)


def content(text: str) -> list[list[str]]:
    page, quotes = read(text)
    return [[page.text[span.start : span.end].strip() for span in quote.content] for quote in quotes]


def sources(text: str) -> list[str | None]:
    page, quotes = read(text)
    return [page.text[quote.source.start : quote.source.end] if quote.source else None for quote in quotes]


def cue_words(text: str) -> list[str]:
    tokens = find_tokens(text)
    return [tokens.texts[cue.index] for cue in find_cues(tokens, [False] * len(tokens))]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('"We came to talk," Holm said.', "direct"),
        ('Holm said: "We came to talk."', "direct"),
        ('Holm said, "We came to talk."', "direct"),
        ('"We came," Holm said, "and we stay here."', "direct"),
        ("Holm said the truce would hold.", "indirect"),
        ("The truce would hold, Holm said.", "indirect"),
        ('Holm said the truce was "a blunt tool" that had failed.', "mixed"),
        ("Holm welcomed the truce.", "indirect"),
        ("The truce held, according to Holm.", "indirect"),
    ],
)
def test_kind_says_how_much_stands_in_marks(text: str, kind: str) -> None:
    _, [quote] = read(text)

    assert quote.kind == kind


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('"We came to talk," Holm said.', ['"We came to talk,"']),
        ('"We came," Holm said, "and we stay here."', ['"We came,"', '"and we stay here."']),
        ("Holm said the truce would hold.", ["the truce would hold."]),
        ("Holm welcomed the truce.", ["the truce."]),
    ],
)
def test_content_is_what_is_attributed(text: str, words: list[str]) -> None:
    assert content(text) == [words]


def test_indirect_content_before_its_cue_is_taken() -> None:
    [[words]] = content("The truce in the north would hold, said Holm.")

    assert words.startswith("The truce in the north would hold")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Holm said the truce would hold.", "name_then_verb"),
        ('"We came to talk," said Holm.', "verb_then_name"),
        ("The plan was rejected by Holm.", "passive"),
        ("The agency quoted Holm as saying the truce would hold.", "quoted_as"),
        ("Holm, who arrived on Monday in the rain, said the truce would hold.", "name_insertion_verb"),
        ("The truce held, according to Holm.", "set_phrase"),
        ("His call for a truce went unheard.", "noun_cue"),
        ("They met Holm, who said the truce would hold.", "relative"),
    ],
)
def test_rule_that_found_the_source_is_kept(text: str, rule: str) -> None:
    _, [quote] = read(text)

    assert quote.rule == rule


def test_running_sentences_point_at_the_quote_that_names_the_speaker() -> None:
    _, quotes = read("“We came to talk,” Holm said. “Nobody listened to us. We left at dawn.”")

    assert [(quote.sentence, quote.continued) for quote in quotes] == [(0, None), (1, 0), (2, 0)]


def test_running_quotation_has_neither_cue_nor_source() -> None:
    _, quotes = read("“We came to talk,” Holm said. “Nobody listened to us.”")

    assert (quotes[1].cue, quotes[1].source) == (None, None)


def test_cue_may_follow_a_quotation_of_several_sentences() -> None:
    assert sources("“Nobody listened to us. We left at dawn,” Holm said.") == [None, "Holm"]


def test_quotation_over_paragraphs_keeps_its_speaker() -> None:
    _, quotes = read("“We came to talk,” Holm said. “Nobody listened to us.\n\n“We left at dawn.”\n\nIt rained.")

    assert [quote.sentence for quote in quotes] == [0, 1, 2]
    assert {quote.continued for quote in quotes[1:]} <= {0, 1}


def test_unclosed_quotation_is_flagged() -> None:
    _, quotes = read("“Nobody listened to us, and nobody will.\n\nIt rained. “We came to talk,” Holm said.")

    assert quotes[0].flags == ("unclosed_quote",)


def test_spans_lie_inside_their_sentence() -> None:
    page, quotes = read("“We came to talk,” Holm said. “Nobody listened. We left.” The truce, Lund added, would hold.")

    spans = [(page.sentences[quote.sentence].span, span) for quote in quotes for span in quote.content]

    assert spans
    assert all(sentence.holds(span) for sentence, span in spans)


@pytest.mark.parametrize("name", ["LUND", "MR. LUND", "Kari Lund"])
def test_transcript_label_names_the_speaker(name: str) -> None:
    text = f"{name}: The truce holds.\n\nHOLM: It does not.\n\n{name}: It does.\n\nHOLM: No."

    assert sources(text) == [name, "HOLM", name, "HOLM"]


def test_questioner_in_a_transcript_is_no_speaker() -> None:
    assert sources("LUND: The truce holds.\n\nQ: Does it?\n\nLUND: It does.") == ["LUND", "LUND"]


def test_label_that_stands_once_makes_no_transcript() -> None:
    assert sources("NOTE: The port is closed on Monday.\n\nIt rained.") == []


def test_two_speakers_of_one_verb_give_two_quotes() -> None:
    assert sources("Holm and Lund said the truce would hold.") == ["Holm", "Lund"]


def test_report_inside_a_report_is_no_quote_of_its_own() -> None:
    assert sources("Holm said Lund had told him that Brok wanted a truce.") == ["Holm"]


@pytest.mark.parametrize(
    "text",
    [
        'The "truce" lasted an hour.',
        'The film "A Truce" opened.',
        "The truce collapsed.",
        "The council imposed an embargo.",
        "A truce was signed.",
    ],
)
def test_what_nobody_says_is_no_quote(text: str) -> None:
    assert sources(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Holm said so", ["said"]),
        ("Holm is ready to talk", ["ready"]),
        ("Holm made it clear that", ["clear"]),
        ("a clear sky", []),
        ("the State Department building", []),
        ("his demand for a truce", []),
        ("they demand a truce", ["demand"]),
    ],
)
def test_cue_is_told_from_noun_and_name(text: str, found: list[str]) -> None:
    assert cue_words(text) == found


def test_cue_inside_a_quotation_is_not_looked_at() -> None:
    tokens = find_tokens("he said so")

    assert find_cues(tokens, [False, True, False]) == []


@pytest.mark.parametrize(("form", "entry"), [("said", ("speech", "say", "past")), ("urging", ("speech", "urge", "ing"))])
def test_form_of_a_cue_verb_is_known(form: str, entry: tuple[str, str, str]) -> None:
    assert cue_verbs()[form] == entry


@pytest.mark.parametrize(
    ("word", "expected"), [("later", True), ("angrily", True), ("not", True), ("italy", False), ("truce", False)]
)
def test_adverb_may_stand_between_name_and_verb(word: str, expected: bool) -> None:
    assert is_adverb(word) is expected


def test_set_phrase_is_found_by_offset() -> None:
    text = "It held, according to Holm."

    assert [text[start:end] for start, end in find_set_phrases(open_page(text), 0)] == ["according to"]


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        (
            "The sanctions must stay until spring, Norwegian minister Kari Lund said yesterday.",
            "The sanctions must stay until spring",
        ),
        ("The truce, said Danish minister Jens Holm, must hold at all cost.", "The truce … must hold at all cost."),
        ("The embargo will not be lifted, the ministry told Radio Tatra.", "The embargo will not be lifted"),
        ("According to Kari Lund, the truce is over.", "the truce is over."),
    ],
)
def test_indirect_quote_is_what_the_cue_closes_or_interrupts(text: str, quote: str) -> None:
    found = find_quotes(open_page(text))[0]

    assert " … ".join(text[span.start : span.end] for span in found.content) == quote
