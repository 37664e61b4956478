"""What is typed becomes codes, names and lists; only what differs from the statement is a change."""

from __future__ import annotations

from typing import Any

import pytest

from stance.errors import InputError
from stance.pipeline import statement_id
from stance.records import STATEMENT_COLUMNS, Article
from stance.review.coding import find_selected, missed_row, read_decision, read_fields
from stance.review.suggestions import suggest
from stance.targets.mentions import load_issues

ROW: dict[str, Any] = {
    "statement_id": "s",
    "speaker": "Jonas Feld",
    "speaker_role": None,
    "speaker_actor": "DEU",
    "issue": "sanctions",
    "sender": ["EU"],
    "recipient": ["IRN"],
    "location": [],
    "target": "EU sanctions on Iran",
    "quote_type": "indirect",
}
AS_IS = {
    "speaker": "Jonas Feld",
    "speaker_role": "",
    "speaker_actor": "DEU",
    "issue": "sanctions",
    "sender": "EU",
    "recipient": "IRN",
    "location": "",
    "quote_type": "indirect",
}
NAMES = ("sanctions", "ceasefire", "peace_process")


def changed(**typed: str) -> dict[str, Any]:
    return read_fields({**AS_IS, **typed}, ROW, load_issues(), NAMES)


def test_what_is_left_as_it_is_is_no_change() -> None:
    assert changed() == {}
    assert changed(sender=" EU ", speaker="Jonas  Feld") == {}


def test_a_field_is_cleaned_and_kept_where_it_differs() -> None:
    assert changed(speaker=" Jonas   Feld of Bonn ", speaker_role="minister") == {
        "speaker": "Jonas Feld of Bonn",
        "speaker_role": "minister",
    }


@pytest.mark.parametrize("typed", ["USA", "usa", "United States", "American"])
def test_an_actor_may_be_named(typed: str) -> None:
    assert changed(speaker_actor=typed) == {"speaker_actor": "USA"}


def test_a_code_of_ones_own_is_taken_in_capitals_only() -> None:
    assert changed(speaker_actor="RED_GUARDS") == {"speaker_actor": "RED_GUARDS"}
    with pytest.raises(InputError, match="Speaks for: 'Freedonia' is neither a code nor a name"):
        changed(speaker_actor="Freedonia")


def test_several_parties_are_told_by_semicolons_and_write_the_target_anew() -> None:
    assert changed(recipient="IRN; Russia;IRN") == {"recipient": ["IRN", "RUS"], "target": "EU sanctions on Iran and Russia"}


def test_a_field_can_be_emptied_but_the_speakers() -> None:
    assert changed(sender="", speaker_actor="") == {"sender": [], "speaker_actor": None, "target": "sanctions on Iran"}
    with pytest.raises(InputError, match="Speaker: a statement needs one"):
        changed(speaker=" ")


def test_another_issue_empties_the_parties_it_does_not_know() -> None:
    assert changed(issue="ceasefire", location="Libya") == {
        "issue": "ceasefire",
        "sender": [],
        "recipient": [],
        "location": ["LBY"],
        "target": "ceasefire in Libya",
    }


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"issue": "tariffs"}, "'tariffs' is not one of sanctions"),
        ({"quote_type": "loud"}, "'loud' is not one of direct"),
        ({"speaker": "x" * 301}, "301 characters are too many; 300"),
    ],
)
def test_what_cannot_be_is_refused_with_words(typed: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        changed(**typed)


@pytest.mark.parametrize(
    ("given", "verdict", "stance"),
    [("oppose", "statement", "oppose"), ("no_statement", "no_statement", None), ("unsure", "unsure", None)],
)
def test_a_decision_is_read(given: str, verdict: str, stance: str | None) -> None:
    form = {**AS_IS, "decision": given, "note": " two\r\nlines "}
    found = read_decision(form, ROW, annotator="ana", issues=load_issues(), names=NAMES)
    assert (found.verdict, found.stance, found.note, found.fields) == (verdict, stance, "two\nlines", {})


def test_no_decision_and_too_long_a_note_are_refused() -> None:
    with pytest.raises(InputError, match="found 'statement'"):
        read_decision({"decision": "statement"}, ROW, annotator="ana", issues=(), names=NAMES)
    with pytest.raises(InputError, match="Note: 4001 characters"):
        read_decision({"decision": "unsure", "note": "n" * 4001}, ROW, annotator="ana", issues=(), names=NAMES)


TEXT = "\N{GRINNING FACE}\N{GRINNING FACE} Oslo woke late. “We back the truce,” Lund said. “It must hold.”"


@pytest.mark.parametrize(
    ("words", "sentence", "quote", "n_sentences"),
    [
        ("back the tru", "“We back the truce,” Lund said.", "back the truce", 1),
        (" Lund", "“We back the truce,” Lund said.", "Lund", 1),
        ("truce,” Lund said. “It", "“We back the truce,” Lund said.", "truce,” Lund said.", 2),
    ],
)
def test_a_selection_stands_in_the_sentence_it_begins_in(words: str, sentence: str, quote: str, n_sentences: int) -> None:
    start = TEXT.index(words)
    found = find_selected(TEXT, start, start + len(words))
    assert TEXT[found.place.start : found.place.end] == sentence
    assert (found.quote, found.n_sentences) == (quote, n_sentences)


def test_a_mere_place_means_its_whole_sentence() -> None:
    place = TEXT.index("Oslo")
    assert find_selected(TEXT, place, place).quote == "\N{GRINNING FACE}\N{GRINNING FACE} Oslo woke late."


@pytest.mark.parametrize(("text", "start", "end"), [("Oslo woke.", 0, 99), ("Oslo woke.", 5, 2), ("", 0, 0)])
def test_a_selection_outside_the_text_is_refused(text: str, start: int, end: int) -> None:
    with pytest.raises(InputError, match="There is no sentence at"):
        find_selected(text, start, end)


def test_a_missed_statement_has_the_columns_and_id_of_one_that_was_found() -> None:
    article = Article("oslo", TEXT, outlet="Estuary Post", published="2024-05-01")
    start = TEXT.index("back")
    row = missed_row(article, find_selected(TEXT, start, start + 14), {"speaker": "Kari Lund", "issue": "ceasefire"})
    assert tuple(row) == STATEMENT_COLUMNS
    assert TEXT[row["start"] : row["end"]] == row["sentence"] == "“We back the truce,” Lund said."
    assert row["statement_id"] == statement_id("oslo", row["start"], row["end"], "Kari Lund", "ceasefire")
    assert (row["stance"], row["p_support"], row["model"], row["sender"]) == (None, None, None, [])


def test_the_article_suggests_its_people_and_bodies(articles: list[Article]) -> None:
    found = suggest(articles[0])
    assert found.speakers[:2] == ("Marta Quell", "Jonas Feld")
    assert {"Portugal", "Iran", "Germany"} <= set(found.speakers)
    assert "foreign minister" in " ".join(found.roles)
    assert suggest(None).speakers == ()
