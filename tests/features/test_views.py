"""A statement's views: how it is read by what its row tells, what it shows, and how that is crossed."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.features import (
    READINGS,
    SHOWN,
    VIEWS,
    Prepared,
    Views,
    cross,
    find_reading,
    find_singles,
    make_views,
    prepare,
    with_pairs,
)
from stance.model.rows import as_rows

ROW = {
    "sentence": "Iran will never accept the sanctions that Norway imposed.",
    "issue": "sanctions",
    "sender": ["NOR"],
    "recipient": ["IRN"],
    "speaker_actor": "IRN",
    "speaker_role": "foreign minister",
    "cue": "said",
    "context": "The talks in Bergen failed.",
}
BARE = {"sentence": ROW["sentence"], "issue": "sanctions"}
VIEWS_OF = {
    "plain": {"topic", "plain_words", "plain_crossed", "letters", "letters_crossed"},
    "bare": {"words", "crossed", "signs", "clause"},
    "told": {"words", "crossed", "sided", "signs", "clause", "speaker", "context"},
}


def read(row: dict[str, object], reading: str = "told") -> Views:
    return make_views([row], [reading])[0]


def view(name: str, reading: str = "told", **changes: object) -> list[str]:
    return read({**ROW, **changes}, reading)[name]


# Readings


@pytest.mark.parametrize(
    ("row", "reading"),
    [
        ({}, "plain"),
        ({"sentence": "They agree."}, "plain"),
        ({"text": "They agree.", "target": "Wind farms"}, "plain"),
        ({"sentence": "They agree.", "issue": "", "speaker_actor": "NOR"}, "plain"),
        ({"sentence": "They agree.", "issue": None, "sender": ["NOR"]}, "plain"),
        ({"sentence": "They agree.", "issue": "ceasefire"}, "bare"),
        ({"sentence": "They agree.", "issue": "ceasefire", "speaker": "Kari Lund", "context": "It rained."}, "bare"),
        (
            {"sentence": "They agree.", "issue": "ceasefire", "cue": "", "sender": [], "location": None, "speaker_role": " "},
            "bare",
        ),
        ({"sentence": "They agree.", "issue": "ceasefire", "location": np.array([])}, "bare"),
        ({"sentence": "They agree.", "issue": "ceasefire", "location": np.array(["LBY"])}, "told"),
        ({"sentence": "They agree.", "issue": "ceasefire", "speaker_actor": "NOR"}, "told"),
        ({"sentence": "They agree.", "issue": "ceasefire", "speaker_role": "envoy"}, "told"),
        ({"sentence": "They agree.", "issue": "ceasefire", "cue": "said"}, "told"),
        ({"sentence": "They agree.", "issue": "ceasefire", "recipient": ("IRN",)}, "told"),
    ],
)
def test_a_row_is_read_by_what_it_tells(row: dict[str, object], reading: str) -> None:
    assert find_reading(row) == reading


def test_missing_cells_of_a_table_tell_nothing() -> None:
    table = pd.DataFrame({"sentence": ["They agree."], "issue": ["ceasefire"], "cue": [None], "speaker_actor": [float("nan")]})
    assert [find_reading(row) for row in as_rows(table)] == ["bare"]


def test_readings_stand_in_order() -> None:
    assert READINGS == ("plain", "bare", "told")


@pytest.mark.parametrize("reading", READINGS)
def test_each_reading_has_its_views(reading: str) -> None:
    assert set(read(ROW, reading)) == set(read({}, reading)) == VIEWS_OF[reading]
    assert set().union(*VIEWS_OF.values()) == set(VIEWS)


def test_views_are_lists_of_tokens() -> None:
    assert view("words")[:4] == ["_self_", "will", "not", "not+accept"]


def test_each_row_needs_a_reading() -> None:
    with pytest.raises(ValueError, match="zip"):
        make_views([ROW, ROW], ["told"])


@pytest.mark.parametrize("text", ["sentence", "text"])
def test_text_will_do_where_there_is_no_sentence(text: str) -> None:
    assert read({text: "They agree.", "issue": "ceasefire"}) == read({"sentence": "They agree.", "issue": "ceasefire"})


# Rows that carry their views


@pytest.mark.parametrize(
    ("row", "carried"), [({"sentence": "They agree."}, {"plain"}), (BARE, {"bare"}), (ROW, {"bare", "told"})], ids=READINGS
)
def test_prepared_rows_carry_what_they_can_be_read_as(row: dict[str, object], carried: set[str]) -> None:
    [ready] = prepare([row])
    assert dict(ready) == row
    assert set(ready.views) == carried
    assert find_reading(ready) == find_reading(row)


@pytest.mark.parametrize("reading", READINGS)
def test_prepared_rows_give_the_same_views(reading: str) -> None:
    assert make_views(prepare([ROW]), [reading]) == make_views([ROW], [reading])


def test_views_that_are_carried_are_not_made_again() -> None:
    ready = Prepared(issue="sanctions")
    ready.views = {"told": {"words": ["as", "carried"]}}
    assert make_views([ready], ["told"]) == [{"words": ["as", "carried"]}]


def test_prepared_rows_keep_their_views_between_processes() -> None:
    [ready] = prepare([ROW])
    again = pickle.loads(pickle.dumps(ready))
    assert (again, again.views) == (ready, ready.views)


# Told


def test_the_side_is_told_alone_and_with_the_issue() -> None:
    assert {"side=recipient", "sanctions|side=recipient"} <= set(view("signs"))


def test_the_cue_is_told_with_its_classes() -> None:
    found = view("signs", cue="Welcomed")
    assert {"cue=welcomed", "sanctions|cue=welcomed", "sanctions|cueclass=approve"} <= set(found)
    assert not any("cue" in token for token in view("signs", cue=""))


def test_a_cue_over_two_lines_is_one_cue() -> None:
    assert "cue=according to" in view("signs", cue="according\n  to")


def test_signs_are_told_alone_with_the_issue_with_the_side_and_in_their_order() -> None:
    found = view("signs", sentence="They reject the sanctions.", cue="")
    assert {"reject", "sanctions|reject", "sanctions|recipient|reject", "sanctions|reject>T"} <= set(found)


def test_a_class_before_itself_is_no_order() -> None:
    assert not any(">" in token for token in view("signs", sentence="They lift it or ease it."))


def test_single_words_are_crossed_with_the_side() -> None:
    found = view("sided", sentence="They will not lift it.")
    assert found == [f"sanctions|recipient|{word}" for word in ("they", "will", "not", "not+lift", "not+it")]


def test_role_words_and_bloc_tell_who_speaks() -> None:
    assert view("speaker") == [
        "foreign",
        "minister",
        "sanctions|foreign",
        "sanctions|minister",
        "sanctions|recipient|sanctioned",
        "sanctions|sanctioned",
    ]


def test_the_context_stands_apart_and_only_its_end_counts() -> None:
    assert view("context") == [f"sanctions|{word}" for word in ("the", "talks", "in", "bergen", "failed")]
    assert "failed" not in view("words")
    assert view("context", context=None) == view("context", context="") == []
    assert view("context", context="nobody " * 90 + "knew") == view(
        "context", context="everybody knew " + "nobody " * 90 + "knew"
    )


def test_signs_are_placed_in_clauses() -> None:
    assert view("clause", sentence="They accept the sanctions, we refuse.") == [
        "sanctions|in|approve",
        "sanctions|out|reject",
        "sanctions|out|negation",
    ]


# Bare


@pytest.mark.parametrize("name", sorted(VIEWS_OF["bare"]))
def test_bare_tokens_bear_a_mark(name: str) -> None:
    found = view(name, "bare")
    assert found
    assert [token for token in found if not token.startswith("?")] == []


def test_a_bare_reading_hears_nothing_but_the_sentence_and_its_issue() -> None:
    assert read(ROW, "bare") == read(BARE, "bare")


def test_in_a_bare_reading_every_actor_is_some_actor() -> None:
    words = view("words", "bare")
    assert words[0] == "?_actor_"
    assert {token for token in words if "_self_" in token or "_sender_" in token} == set()


# Plain


def test_plain_words_are_cut_and_paired() -> None:
    assert read({"sentence": "We rejected it!"}, "plain")["plain_words"] == [
        "we",
        "reject",
        "it",
        "!",
        "we+reject",
        "reject+it",
        "it+!",
    ]


def test_hashtags_and_names_of_accounts_are_words() -> None:
    assert read({"sentence": "now @kari?"}, "plain")["plain_words"][:3] == ["now", "@kari", "?"]


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("#wind", ["#wind", "wind"]),
        ("#StopTheTurbines", ["stop", "the", "turbin"]),
        ("#NoMORENoise2024", ["no", "more", "noise", "2024"]),
    ],
)
def test_hashtags_are_opened(tag: str, words: list[str]) -> None:
    found = read({"sentence": tag}, "plain")["plain_words"]
    assert [word for word in found if "+" not in word][-len(words) :] == words


def test_plain_letters_are_runs_with_the_edges_of_words() -> None:
    assert read({"sentence": "Go on"}, "plain")["letters"] == ["_go", "go_", "_go_", "_on", "on_", "_on_"]


def test_a_target_of_ones_own_crosses_words_and_letters() -> None:
    views = read({"sentence": "Not near it", "target": "Wind farms"}, "plain")
    assert views["plain_crossed"][:3] == ["wind_farms|not", "wind_farms|near", "wind_farms|it"]
    assert views["topic"] == ["wind_farms|"]
    assert views["letters_crossed"] == [f"wind_farms|{piece}" for piece in views["letters"]]


def test_targets_that_begin_alike_are_kept_apart() -> None:
    tax, deal = (read({"sentence": "We want it.", "target": target}, "plain") for target in ("climate tax", "climate deal"))
    assert set(tax["plain_crossed"]) & set(deal["plain_crossed"]) == set()


# Crossing


def test_crossing_needs_nothing_but_what_is_shown() -> None:
    shown: Views = {**{name: [] for name in SHOWN}, "words": ["not", "not+lift", "not+not+lift"], "signs": ["lift"]}
    told = cross(shown, "sanctions", "sender", "western", "told")
    assert told["crossed"] == ["sanctions|not", "sanctions|not+lift", "sanctions|not+not+lift"]
    assert told["sided"] == ["sanctions|sender|not", "sanctions|sender|not+lift"]
    assert told["signs"] == ["lift", "sanctions|lift", "sanctions|side=sender", "side=sender", "sanctions|sender|lift"]
    assert told["speaker"] == ["sanctions|sender|western", "sanctions|western"]
    assert told["context"] == told["clause"] == []


def test_crossing_leaves_what_is_shown_as_it_was() -> None:
    shown: Views = {name: ["lift"] for name in SHOWN}
    cross(shown, "sanctions", "sender", "western", "told")
    cross(shown, "sanctions", "none", "none", "bare")
    assert shown == {name: ["lift"] for name in SHOWN}


@pytest.mark.parametrize(
    ("token", "single"),
    [("lift", True), ("not+lift", True), ("not", True), ("_target_", True), ("will+lift", False), ("not+not+lift", False)],
)
def test_a_word_is_single_with_or_without_its_negation(token: str, single: bool) -> None:
    assert find_singles([token]) == ([token] if single else [])


def test_pairs_follow_their_words() -> None:
    assert with_pairs(["a", "b", "c"]) == ["a", "b", "c", "a+b", "b+c"]
    assert with_pairs([]) == []


# Any text


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=120),
    st.text(max_size=20),
    st.sampled_from(["sanctions", "ceasefire", "peace_process", "", "wind farm"]),
    st.sampled_from(READINGS),
)
def test_any_text_gives_views_and_the_same_ones_again(sentence: str, context: str, issue: str, reading: str) -> None:
    row = {"sentence": sentence, "context": context, "issue": issue, "cue": context, "speaker_role": sentence}
    views = read(row, reading)
    assert views == read(row, reading) == make_views(prepare([row]), [reading])[0]
    assert set(views) == VIEWS_OF[reading]
    assert all(isinstance(token, str) and token for tokens in views.values() for token in tokens)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="aZé_'’ -.,?“”\n|+7", max_size=60))
def test_no_word_is_longer_than_six_letters_whatever_the_text(sentence: str) -> None:
    words = {piece for word in view("words", sentence=sentence) for piece in word.split("+")}
    assert [word for word in words if len(word) > 6 and not (word[0] == word[-1] == "_")] == []
