"""Attributions of any topic: rows, kinds and rules. Whole texts stand in ``cases/attributions``."""

from __future__ import annotations

import pytest

from stance.quotes import find_attributions
from stance.records import Attribution
from stance.text import open_page


def rows(text: str) -> list[Attribution]:
    return find_attributions(open_page(text))


def words(text: str, part: str) -> list[list[str]]:
    return [[text[span.start : span.end] for span in getattr(row, part)] for row in rows(text)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("“The kiln is cold,” Dahl said.", "direct"),
        ("Dahl said: “The kiln is cold.”", "direct"),
        ("“The kiln,” Dahl said, “is cold and will stay so.”", "direct"),
        ("Dahl said the kiln was “stone cold”.", "mixed"),
        ("Dahl said the kiln was cold.", "indirect"),
        ("The kiln was cold, according to Dahl.", "indirect"),
    ],
)
def test_kind_is_direct_only_where_all_that_is_attributed_stands_in_marks(text: str, kind: str) -> None:
    [row] = rows(text)

    assert row.kind == kind


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Dahl said the kiln was cold.", "name_then_verb"),
        ("“The kiln is cold,” said Dahl.", "verb_then_name"),
        ("The kiln was cold, according to Dahl.", "set_phrase"),
        ("They met the glazier, who said the kiln was cold.", "relative"),
        ("“The kiln is cold,” Dahl shot back.", "any_verb"),
        ("“We have waited nine years for this road.” — Dahl, Molde", "signature"),
        ("As Dahl put it, “the kiln is a cold house with a chimney”.", "running"),
        ("Nobody heard his claim that the kiln was cold.", "noun_cue"),
    ],
)
def test_rule_that_found_the_attribution_is_kept(text: str, rule: str) -> None:
    assert [row.rule for row in rows(text)] == [rule]


@pytest.mark.parametrize(
    ("verb", "cue_class"), [("said", "speech"), ("denied", "position"), ("hoped", "belief"), ("decided", "attitude")]
)
def test_class_of_the_cue_is_kept(verb: str, cue_class: str) -> None:
    [row] = rows(f"Dahl {verb} that the kiln was cold.")

    assert row.cue_class == cue_class


def test_quotation_in_the_run_of_a_report_is_no_row_of_its_own() -> None:
    assert len(rows("Dahl said the kiln was “as cold as the grave of a forgotten king” on Monday.")) == 1


def test_quotation_that_goes_on_in_the_paragraph_joins_its_row() -> None:
    text = "“We lost the harvest,” Dahl said. He paused. “Next year we lose the farm.”"

    assert words(text, "content") == [["“We lost the harvest,”", "“Next year we lose the farm.”"]]


def test_quotation_goes_to_the_nearest_of_two_cues_in_its_paragraph() -> None:
    text = "“We lost the harvest,” Dahl said. “We sold the plough,” Holm said. “Next year we lose the farm.”"

    assert words(text, "content")[1] == ["“We sold the plough,”", "“Next year we lose the farm.”"]


def test_quotation_in_a_later_paragraph_is_not_joined_to_words_without_marks() -> None:
    text = "Dahl said the harvest was lost.\n\n“Next year we lose the farm.”"

    assert len(rows(text)) == 2


def test_quotation_on_the_line_behind_a_colon_is_what_is_written() -> None:
    assert words("Dahl wrote in a letter:\n\n“Send flour.”", "content") == [["“Send flour.”"]]


def test_quotation_too_far_behind_the_last_cue_has_no_source() -> None:
    text = "“The kiln is cold,” Dahl said.\n\n" + "It rained on the roofs of the town. " * 60 + "\n\n“Nobody lights it any more.”"

    assert [len(row.source) for row in rows(text)] == [1, 0]


def test_source_takes_in_words_that_no_list_knows() -> None:
    assert words("“The kiln is cold,” master potter Signe Dahl said.", "source") == [["master potter Signe Dahl"]]


def test_item_of_a_list_behind_a_quotation_is_no_signature() -> None:
    text = "“We have waited nine years for this road.”\n- The second point on the list is the price of the tar"

    assert [row.rule for row in rows(text)] == ["running"]


def test_a_text_without_quotations_and_cues_has_no_rows() -> None:
    assert rows("The kiln stood cold on the hill.") == []


def test_nothing_gives_nothing() -> None:
    assert rows("") == []
