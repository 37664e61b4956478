"""An article is cut into runs of text that lose nothing and know where they stand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.records import Article, Span
from stance.review.spans import KINDS, Highlight, Passage, Run, cut_passage, find_highlights, find_place
from stance.targets.mentions import load_issues

SENTENCE = "“The truce must hold,” said Kari Lund, who had said so before."


def row(**cells: Any) -> dict[str, Any]:
    return {"sentence": SENTENCE, "quote": "“The truce must hold,”", "cue": "said", "speaker_mention": "Kari Lund", **cells}


def marked(text: str, start: int, **cells: Any) -> dict[str, str]:
    place = Span(start, start + len(SENTENCE))
    found = find_highlights(row(**cells), text, place, load_issues())
    return {one.kind: text[one.start : one.end] for one in found}


def runs_of(passage: Passage) -> list[Run]:
    return [run for part in (passage.before, passage.near, passage.after) for runs in part for run in runs]


def test_each_part_of_a_statement_is_found() -> None:
    found = marked(SENTENCE, 0, issue="ceasefire")
    assert found == {
        "sentence": SENTENCE,
        "quote": "“The truce must hold,”",
        "cue": "said",
        "speaker": "Kari Lund",
        "target": "truce",
    }


def test_a_cue_inside_the_quotation_gives_way_to_one_outside() -> None:
    text = "“Who said so?” he said."
    found = find_highlights({"quote": "“Who said so?”", "cue": "said"}, text, Span(0, len(text)), ())
    assert [one.start for one in found if one.kind == "cue"] == [18]


def test_a_cue_is_a_whole_word() -> None:
    text = "Unsaid things, Lund said."
    found = find_highlights({"cue": "said"}, text, Span(0, len(text)), ())
    assert [one.start for one in found if one.kind == "cue"] == [20]


def test_pieces_of_a_quotation_are_found_one_after_another() -> None:
    text = "“It is bad,” Lund said, “very bad.”"
    found = find_highlights({"quote": "“It is bad,” … “very bad.”"}, text, Span(0, len(text)), ())
    assert [text[one.start : one.end] for one in found if one.kind == "quote"] == ["“It is bad,”", "“very bad.”"]


def test_a_speaker_named_before_the_sentence_is_found_there() -> None:
    text = "Kari Lund spoke. It must end."
    found = find_highlights({"speaker_mention": "Kari Lund"}, text, Span(17, 29), ())
    assert [(one.start, one.end) for one in found if one.kind == "speaker"] == [(0, 9)]


@pytest.mark.parametrize(
    ("start", "end", "text", "expected"),
    [
        (3, 3 + len(SENTENCE), f"A. {SENTENCE}", Span(3, 3 + len(SENTENCE))),
        (0, len(SENTENCE), f"A. {SENTENCE}", Span(3, 3 + len(SENTENCE))),
        (0, 5, f"{SENTENCE} {SENTENCE}", None),
        (None, None, "Nothing of it.", None),
    ],
)
def test_a_sentence_stands_where_the_offsets_or_its_words_say(
    start: int | None, end: int | None, text: str, expected: Span | None
) -> None:
    assert find_place(row(start=start, end=end), text) == expected


def test_every_statement_of_the_articles_stands_in_the_near_part(labelled: pd.DataFrame, articles: list[Article]) -> None:
    texts = {article.id: article.text for article in articles}
    for one in labelled.to_dict("records"):
        text = texts[one["article_id"]]
        place = find_place({str(k): v for k, v in one.items()}, text)
        assert place is not None
        passage = cut_passage(text, place, [Highlight("sentence", place.start, place.end)])
        shown = "".join(run.text for runs in passage.near for run in runs if "sentence" in run.kinds)
        assert shown == one["sentence"]
        assert len(passage.near) <= 3


ALPHABET = st.text("ab\N{GRINNING FACE}e\N{COMBINING ACUTE ACCENT}\r\n \u202e<&", max_size=60)


@given(ALPHABET, st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 60), st.integers(0, 60)), max_size=6))
def test_runs_are_the_text_at_their_places_and_never_hold_two_line_ends_as_one(
    text: str, spans: list[tuple[str, int, int]]
) -> None:
    marks = [Highlight(kind, min(a, b), max(a, b)) for kind, a, b in spans if max(a, b) <= len(text) and a != b]
    runs = runs_of(cut_passage(text, Span(0, len(text)), marks))
    assert all(text[run.start : run.start + len(run.text)] == run.text for run in runs)
    assert all("\r\n" not in run.text for run in runs)
    covered = {i for run in runs for i in range(run.start, run.start + len(run.text))}
    assert all(text[i].isspace() for i in set(range(len(text))) - covered)
    for run in runs:
        over = {mark.kind for mark in marks if mark.start <= run.start < mark.end}
        assert set(run.kinds) == over
