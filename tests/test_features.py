"""The marked views: where the target is, who is who, which way the sentence goes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.features import VIEWS, make_views

ROW = {
    "sentence": "Iran will never accept the sanctions that Norway imposed.",
    "issue": "sanctions",
    "sender": ["NOR"],
    "recipient": ["IRN"],
    "speaker_actor": "IRN",
    "cue": "said",
    "context": "The talks in Bergen failed.",
}


def view(name: str, **changes: object) -> list[str]:
    [views] = make_views([{**ROW, **changes}])
    return views[name].split()


def test_every_row_has_every_view() -> None:
    assert [tuple(views) for views in make_views([ROW, {"sentence": ""}, {}])] == [VIEWS] * 3


def test_the_target_is_marked_and_other_issues_by_their_name() -> None:
    words = view("words", sentence="They want the ceasefire but not the embargo.")
    assert "_target_" in words
    assert "_ceasefire_" in words
    assert "embargo" not in words


def test_synonyms_of_the_target_look_the_same() -> None:
    truce, ceasefire = (
        view("words", sentence=f"The rebels broke the {word}.", issue="ceasefire") for word in ("truce", "ceasefire")
    )
    assert truce == ceasefire


def test_actors_are_marked_by_their_part() -> None:
    words = view("words", sentence="Iran told Norway that Sudan and France met.", location=["SDN"])
    assert [word for word in words if word in ("_self_", "_sender_", "_place_", "_actor_")] == [
        "_self_",
        "_sender_",
        "_place_",
        "_actor_",
    ]
    assert "_recipient_" in view("words", speaker_actor="CHN")


def test_the_words_of_a_name_are_not_learned() -> None:
    words = view("words", sentence="They told Agneta Brok to wait.")
    assert "_name_" in words
    assert "Brok" not in words
    assert "brok" not in words


def test_numbers_are_marked() -> None:
    assert "_number_" in view("words", sentence="They froze 417 accounts.")


@pytest.mark.parametrize("negation", ["never", "do not", "cannot", "don't", "don’t"])
def test_words_behind_a_negation_are_marked(negation: str) -> None:
    words = view("words", sentence=f"We {negation} accept this.")
    assert "not+accept" in words
    assert "accept" not in words


def test_a_negation_ends_with_its_clause() -> None:
    words = view("words", sentence="No, they accept this.")
    assert "accept" in words
    assert "not+accept" not in words


def test_words_before_a_negation_stay() -> None:
    assert "will" in view("words")


@pytest.mark.parametrize(
    ("actor", "side"),
    [
        ("NOR", "sender"),
        ("IRN", "recipient"),
        ("SDN", "party"),
        ("CHN", "other"),
        ("ARAB_LEAGUE", "body"),
        ("EU", "body"),
        ("", "none"),
        (None, "none"),
    ],
)
def test_the_side_of_the_speaker_is_told(actor: str | None, side: str) -> None:
    assert f"side={side}" in view("signs", speaker_actor=actor, location=["SDN"])


def test_the_cue_is_told() -> None:
    assert "cue=shrugged off" not in view("signs", cue="")
    assert "cue=welcomed" in view("signs", cue="Welcomed")


def test_the_classes_of_words_are_told_in_their_order() -> None:
    signs = view("signs", sentence="They reject the sanctions.")
    assert "reject" in signs
    assert "sanctions|reject>T" in signs


def test_the_context_stands_apart() -> None:
    assert any(token.endswith("|failed") for token in view("context"))
    assert "failed" not in view("words")
    assert view("context", context=None) == []


def test_parties_may_be_joined_by_semicolons() -> None:
    assert view("signs", sender="USA; NOR", speaker_actor="NOR") == pytest.approx(
        view("signs", sender=["USA", "NOR"], speaker_actor="NOR")
    )


def test_text_will_do_where_there_is_no_sentence() -> None:
    assert make_views([{"text": "They agree.", "issue": "ceasefire"}]) == make_views(
        [{"sentence": "They agree.", "issue": "ceasefire"}]
    )


def test_a_target_of_ones_own_crosses_the_words() -> None:
    row = {"sentence": "We do not want it near the school.", "target": "Wind farms"}
    [views] = make_views([row])
    assert "not+want" in views["words"].split()
    assert all(token.startswith("wind_farms|") for token in views["crossed"].split())


def test_targets_that_begin_alike_are_kept_apart() -> None:
    tax, deal = (make_views([{"sentence": "We want it.", "target": target}])[0] for target in ("climate tax", "climate deal"))
    assert tax["crossed"] != deal["crossed"]


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=120), st.text(max_size=20), st.sampled_from(["sanctions", "ceasefire", "peace_process", "", "wind farm"]))
def test_any_text_gives_views_and_the_same_ones_again(sentence: str, context: str, issue: str) -> None:
    row = {"sentence": sentence, "context": context, "issue": issue}
    assert make_views([row]) == make_views([row])
    assert [set(views) for views in make_views([row])] == [set(VIEWS)]
