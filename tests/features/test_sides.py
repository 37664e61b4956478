"""Where the speaker stands: which side, which bloc; and that the table of blocs names what there is."""

from __future__ import annotations

import numpy as np
import pytest

from stance.features.sides import find_bloc, find_role_words, find_side, read_parties
from stance.lexicon import read_table, split_cell


def side(**row: object) -> str:
    return find_side(read_parties(row))


def bloc(actor: object) -> str:
    return find_bloc(read_parties({"speaker_actor": actor}))


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        ("NOR", "sender"),
        ("EU", "sender"),
        ("ITA", "member"),
        ("E3", "member"),
        ("IRN", "recipient"),
        ("HOUTHIS", "recipient"),
        ("SDN", "party"),
        ("EGY", "involved"),
        ("HEZBOLLAH", "group"),
        ("PLO", "group"),
        ("ARAB_LEAGUE", "body"),
        ("UN", "body"),
        ("NATO", "body"),
        ("A_COUNCIL_OF_THEIR_OWN", "body"),
        ("BRA", "other"),
        ("", "none"),
        (" ", "none"),
        (None, "none"),
        (float("nan"), "none"),
        ([], "none"),
    ],
)
def test_each_speaker_stands_on_one_side(actor: object, expected: str) -> None:
    assert side(speaker_actor=actor, sender=["NOR", "EU"], recipient=["IRN", "HOUTHIS"], location=["SDN"]) == expected


def test_without_a_speaker_nobody_stands_anywhere() -> None:
    assert side(sender="NOR") == "none"


def test_parties_to_a_conflict_go_before_those_involved_in_it() -> None:
    assert [side(speaker_actor=actor, location="KARABAKH") for actor in ("ARM", "AZE", "RUS", "TUR", "FRA")] == [
        "party",
        "party",
        "involved",
        "involved",
        "other",
    ]


def test_whoever_sends_and_receives_sends() -> None:
    assert side(speaker_actor="IRN", sender="IRN", recipient="IRN") == "sender"


@pytest.mark.parametrize(("actor", "expected"), [("USA", "member"), ("GBR", "member"), ("FRA", "member"), ("BRA", "other")])
def test_the_sanctions_of_the_un_are_carried_by_some(actor: str, expected: str) -> None:
    assert side(speaker_actor=actor, sender="UN") == expected


def test_members_of_a_body_that_sends_nothing_are_others() -> None:
    assert side(speaker_actor="ITA", sender="USA") == "other"


@pytest.mark.parametrize(
    ("sender", "expected"),
    [("GBR", "sender"), ("EU", "member"), ("NOR", "other")],
    ids=["one sends", "one is a member", "neither"],
)
def test_joined_speakers_stand_where_one_of_them_does(sender: str, expected: str) -> None:
    assert side(speaker_actor="FRA+GBR", sender=sender) == expected


@pytest.mark.parametrize("given", ["USA;NOR", "USA; NOR", "NOR+USA", ["USA", "NOR"], ("USA", "NOR"), np.array(["USA", "NOR"])])
def test_parties_may_be_joined_or_listed(given: object) -> None:
    assert side(speaker_actor="NOR", sender=given) == "sender"


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        ("NOR", "western"),
        ("NATO", "western"),
        ("IRN", "sanctioned"),
        ("BRA", "state"),
        ("UN", "body"),
        ("HAMAS", "body"),
        ("FRA+GBR", "western"),
        ("", "none"),
        (None, "none"),
    ],
)
def test_each_speaker_is_of_one_bloc(actor: object, expected: str) -> None:
    assert bloc(actor) == expected


def test_the_first_of_joined_speakers_gives_the_bloc_whatever_their_order() -> None:
    assert bloc("NOR+BRA") == bloc("BRA+NOR") == "state"


def test_roles_are_words_in_small_letters() -> None:
    assert find_role_words({"speaker_role": "Deputy Prime Minister, 2nd"}) == ["deputy", "prime", "minister", "nd"]
    assert find_role_words({"speaker_role": None}) == find_role_words({}) == []


# The table


def blocs() -> dict[str, tuple[str, ...]]:
    return {row["bloc"]: split_cell(row["actors"]) for row in read_table("blocs")}


@pytest.mark.parametrize("name", ["western", "sanctioned", "EU", "UN"])
def test_every_bloc_names_known_codes_once(name: str) -> None:
    codes = blocs()[name]
    known = {row["code"] for table in ("states", "organizations") for row in read_table(table)}
    assert codes
    assert set(codes) - known == set()
    assert len(codes) == len(set(codes))


def test_there_are_no_other_blocs() -> None:
    assert [row["bloc"] for row in read_table("blocs")] == ["western", "sanctioned", "EU", "UN"]


def test_nobody_is_in_both_blocs() -> None:
    assert set(blocs()["western"]) & set(blocs()["sanctioned"]) == set()
