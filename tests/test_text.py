"""Paragraphs, sentences, quotations and words, every offset in its place."""

from __future__ import annotations

import time

import pytest

from stance.text import Page, find_tokens, fold, open_page


def sentences(text: str) -> list[str]:
    return [text[sentence.start : sentence.end] for sentence in open_page(text).sentences]


def quotations(text: str) -> list[str]:
    return [text[quotation.start : quotation.end] for quotation in open_page(text).quotations]


def paragraphs(text: str) -> list[str]:
    return [text[paragraph.start : paragraph.end] for paragraph in open_page(text).paragraphs]


def words(text: str) -> list[str]:
    return find_tokens(text).texts


def test_sentences_end_at_full_stop_question_and_exclamation_mark() -> None:
    assert sentences("The truce held. Did it? It did! Nobody knew.") == ["The truce held.", "Did it?", "It did!", "Nobody knew."]


def test_offsets_count_code_points_of_the_text_as_read() -> None:
    text = "\n  \U0001f54a The truce held.  It was cold.\n"

    page = open_page(text)

    assert [(s.start, s.end) for s in page.sentences] == [(3, 20), (22, 34)]


def test_sentences_inside_a_quotation_are_cut() -> None:
    text = "“We came to talk. Nobody listened. We left,” Holm said."

    assert sentences(text) == ["“We came to talk.", "Nobody listened.", "We left,” Holm said."]


def test_closing_mark_stays_with_its_sentence() -> None:
    assert sentences('"The truce held." It was cold.') == ['"The truce held."', "It was cold."]


@pytest.mark.parametrize(
    "text",
    [
        "The U.S. envoy met Gen. Mabo in the capital.",
        "Mr. Holm met Dr. Lund and Prof. Brok at No. 5 on Feb. 3.",
        "Jens P. Holm and K. Lund met in St. Gallen.",
        "Sen. Dorval and Rep. Castell wrote a letter.",
        "The price rose to 3.5 crowns, i.e. by a third.",
        '"Why now?" Holm asked.',
        '"Never!" said Holm.',
        "The vote in the U.N. Security Council was close.",
    ],
)
def test_abbreviations_initials_and_quoted_questions_do_not_end_a_sentence(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("They flew to the U.S. The talks failed.", "The talks failed."),
        ("The answer was no. The talks failed.", "The talks failed."),
        ("They left at dawn… The talks failed.", "The talks failed."),
        pytest.param(
            "He stood by Plan B. He said so.",
            "He said so.",
            marks=pytest.mark.xfail(strict=True, reason="a single capital is always read as an initial"),
        ),
    ],
)
def test_abbreviation_at_the_end_of_a_sentence_ends_it(text: str, second: str) -> None:
    assert sentences(text)[-1] == second


@pytest.mark.parametrize(
    "dateline",
    [
        "GENEVA (Reuters) - ",
        "TEHRAN – ",
        "TEHRAN - ",
        "MOSCOW. January 3. /TASS/. ",
        "MOSCOW, January 3. /TASS/. ",
        "LONDON, May 3 - ",
        "LONDON, May 3 -- ",
        "PARIS — ",
        "UNITED NATIONS (AP) — ",
        "Beirut (AP) - ",
        "Beirut, Lebanon (AP) - ",
        "BRUSSELS ",
    ],
)
def test_dateline_is_no_part_of_the_first_sentence(dateline: str) -> None:
    assert sentences(f"{dateline}The talks failed on Monday.") == ["The talks failed on Monday."]


@pytest.mark.parametrize("opening", ["NATO rejected the plan.", "The talks - all of them - failed.", "EU leaders met."])
def test_sentence_that_only_looks_like_a_dateline_is_kept_whole(opening: str) -> None:
    assert sentences(opening) == [opening]


def test_line_of_capitals_is_no_dateline_and_takes_no_time() -> None:
    capitals = "ENVOYSMEETINGENEVA" * 6  # its divisions into words, each tried, would take hours
    start = time.process_time()

    page = open_page(f"{capitals}: talks go on.")

    assert page.sentences[0].start == 0
    assert time.process_time() - start < 1


def test_lines_are_paragraphs() -> None:
    assert paragraphs("The talks failed.\nNobody knew why.\n\nIt was cold.") == [
        "The talks failed.",
        "Nobody knew why.",
        "It was cold.",
    ]


def test_hard_wrapped_lines_are_joined_to_paragraphs() -> None:
    text = (
        "The finance minister of Freedonia said on\nTuesday that his country would not join the\nboycott of the mines.\n"
        "    The bank had asked for it after talks\nwith the owners of the mines and the\nworkers.\n"
    )

    assert [part.split()[0] for part in paragraphs(text)] == ["The", "The"]
    assert len(sentences(text)) == 2


def test_sentence_knows_its_paragraph() -> None:
    page = open_page("One is here. Two is here.\n\nThree is here.")

    assert [sentence.paragraph for sentence in page.sentences] == [0, 0, 1]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\t\r\n"])
def test_text_without_words_has_no_sentences(text: str) -> None:
    page = open_page(text)

    assert (page.paragraphs, page.sentences, page.quotations) == ((), (), ())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('He said "we stay here" and left.', ['"we stay here"']),
        ("He said “we stay here” and left.", ["“we stay here”"]),
        ("He said «we stay here» and left.", ["«we stay here»"]),
        ("He said ``we stay here'' and left.", ["``we stay here''"]),
        ("He said ‘we stay here’ and left.", ["‘we stay here’"]),
        ("He said 'we stay here' and left.", ["'we stay here'"]),
        ('"We came," he said, "and stayed."', ['"We came,"', '"and stayed."']),
        ("”We came,” he said.", ["”We came,”"]),
    ],
)
def test_quotation_is_found_with_its_marks(text: str, found: list[str]) -> None:
    assert quotations(text) == found


def test_low_opening_mark_is_closed_by_a_high_one() -> None:
    assert quotations("He said „we stay here“ and left.") == ["„we stay here“"]


def test_quotation_inside_a_quotation_is_part_of_it() -> None:
    assert quotations("“He told us ‘go home’ and left,” Holm said.") == ["“He told us ‘go home’ and left,”"]


@pytest.mark.parametrize("text", ["Norway’s envoy won't stay.", "The rebels' envoy left.", "It was the winter of '92."])
def test_apostrophe_is_no_quotation_mark(text: str) -> None:
    assert quotations(text) == []


def test_quotation_goes_on_where_the_next_paragraph_opens_again() -> None:
    text = "“We came to talk.\n\n“We stayed,” Holm said."

    [quotation] = open_page(text).quotations

    assert text[quotation.start : quotation.end] == "“We came to talk.\n\n“We stayed,”"
    assert quotation.closed


def test_quotation_goes_on_without_a_repeated_opening_mark() -> None:
    assert quotations("“We came to talk.\n\nWe stayed,” Holm said.") == ["“We came to talk.\n\nWe stayed,”"]


def test_unclosed_quotation_ends_with_its_paragraph() -> None:
    text = "“We came to talk, Holm said.\n\nIt was cold. “We stayed,” Lund said."

    quotation = open_page(text).quotations[0]

    assert (quotation.start, quotation.end, quotation.closed) == (0, text.index("\n"), False)


@pytest.mark.xfail(strict=True, reason="with fewer than two double marks only single ones are looked for")
def test_lone_opening_mark_opens_an_unclosed_quotation() -> None:
    assert [quotation.closed for quotation in open_page("“We came to talk, Holm said.").quotations] == [False]


def test_new_quotation_ends_one_that_was_never_closed() -> None:
    text = "He said “we came to talk. Then he said “we stay” and left."

    found = open_page(text).quotations

    assert [(text[q.start : q.end].strip(), q.closed) for q in found] == [
        ("“we came to talk. Then he said", False),
        ("“we stay”", True),
    ]


@pytest.mark.parametrize("text", ["İSTANBUL", "Straße", "ŞULE ÇELİKBAŞ", "ΟΔΟΣ", "ﬁne", "\U00010400"])
def test_fold_keeps_every_code_point_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_fold_is_lower_case() -> None:
    assert fold("The U.S. Embargo") == "the u.s. embargo"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the U.S. envoy", ["the", "U.S.", "envoy"]),
        ("Norway’s ex-minister", ["Norway’s", "ex-minister"]),
        ("the rebels' camp", ["the", "rebels'", "camp"]),
        ("Holm, too.", ["Holm", ",", "too", "."]),
        ("Şule Çelikbaş", ["Şule", "Çelikbaş"]),
        ("a 3.5% rise", ["a", "3.5", "%", "rise"]),
    ],
)
def test_tokens_are_words_and_marks(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_token_offsets_point_into_the_text() -> None:
    text = "Kari Lund said “no”."

    tokens = find_tokens(text, 5)

    assert [text[a:b] for a, b in zip(tokens.starts, tokens.ends, strict=True)] == tokens.texts
    assert tokens.starts[0] == 5


def test_sentence_is_found_by_offset() -> None:
    page = open_page("One is here. Two is here.")

    assert [page.sentence_at(offset) for offset in (0, 11, 13, 400)] == [0, 0, 1, 1]


@pytest.mark.parametrize(("word", "expected"), [("Holm", True), ("Talks", False)])
def test_name_is_told_from_a_word_that_opens_a_sentence(word: str, expected: bool) -> None:
    page: Page = open_page("Talks failed. Then talks resumed when Holm came.")

    assert page.is_name_like(word) is expected
