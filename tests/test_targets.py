"""What a quote is about: issue, parties, conflict, label. Whole texts stand in ``cases/targets``."""

from __future__ import annotations

import pytest

from stance.pipeline import extract_article
from stance.records import ISSUES, Article, Target
from stance.targets import may_matter, target_label
from stance.targets.mentions import find_words, load_issues
from stance.targets.relevance import POINTS, cue_class, score
from stance.text import fold


def targets(text: str, title: str | None = None) -> list[Target]:
    return [statement.target for statement in extract_article(Article("article", text, title))]


def only_target(text: str, title: str | None = None) -> Target:
    [found] = targets(text, title)
    return found


def named(issue: str, level: str, text: str) -> list[str]:
    found = find_words(load_issues(), fold(text))
    return [text[start:end] for start, end in found.get((issue, level), ())]


def test_issues_come_in_the_order_of_the_records() -> None:
    assert tuple(issue.name for issue in load_issues()) == ISSUES


@pytest.mark.parametrize(
    ("issue", "text"),
    [
        ("sanctions", "sanctions"),
        ("sanctions", "Sanctions"),
        ("sanctions", "the embargo"),
        ("sanctions", "asset freezes"),
        ("sanctions", "a travel ban"),
        ("sanctions", "export controls"),
        ("sanctions", "the price cap"),
        ("sanctions", "restrictive measures"),
        ("sanctions", "maximum pressure"),
        ("sanctions", "an economic blockade"),
        ("ceasefire", "a ceasefire"),
        ("ceasefire", "a cease-fire"),
        ("ceasefire", "the truce"),
        ("ceasefire", "the armistice"),
        ("ceasefire", "a cessation of hostilities"),
        ("ceasefire", "a humanitarian pause"),
        ("peace_process", "peace talks"),
        ("peace_process", "the peace process"),
        ("peace_process", "a political solution"),
        ("peace_process", "mediation"),
        ("peace_process", "a two-state solution"),
        ("peace_process", "normalisation"),
    ],
)
def test_words_that_name_an_issue_outright(issue: str, text: str) -> None:
    assert named(issue, "strong", text)


@pytest.mark.parametrize(
    ("issue", "text"),
    [
        ("sanctions", "doping sanctions"),
        ("sanctions", "criminal sanctions"),
        ("sanctions", "tariffs"),
        ("ceasefire", "a trade truce"),
        ("ceasefire", "a party truce"),
        ("peace_process", "the Nobel Peace Prize"),
        ("peace_process", "nuclear talks"),
        ("peace_process", "the nuclear deal"),
        ("peace_process", "trade talks"),
        ("peace_process", "peace of mind"),
    ],
)
def test_words_that_only_look_like_an_issue(issue: str, text: str) -> None:
    assert named(issue, "strong", text) == []


@pytest.mark.parametrize(
    ("text", "expected"), [("The truce held.", True), ("THE EMBARGO HELD.", True), ("The cod left.", False), ("", False)]
)
def test_article_without_an_issue_cannot_matter(text: str, expected: bool) -> None:
    assert may_matter(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Money rules the political process.", False),
        ("Ida Holt wants to solve this problem, stop the violence and sit down with the shopkeepers.", False),
        ("The political process in Sudan goes on.", True),
        ("The Syrians still hope for a political solution.", True),
        ("A mediator went to Grozny in Chechnya.", True),
        ("A mediator went to Russia.", False),  # a power is named in articles of every kind
        ("The peace talks failed. The mediator left.", True),
        ("The political peace process failed.", True),  # by itself within a looser phrase
        ("Two firms were blacklisted.", False),
        ("Two firms were blacklisted when the embargo began.", True),
        ("The political process is slow." + 900 * " " + "The weather in Sudan is fine.", False),
    ],
)
def test_loose_phrase_counts_in_fit_company_only(text: str, expected: bool) -> None:
    assert may_matter(text) is expected


def test_loose_phrase_counts_beside_an_issue_of_the_same_kind_only() -> None:
    truce = targets("The truce holds. Norway said the mediation must go on.")
    embargo = targets("The embargo holds. Norway said the mediation must go on.")

    assert ([found.issue for found in truce], embargo) == (["peace_process"], [])


@pytest.mark.parametrize(
    ("words", "sender", "recipient"),
    [
        ("US sanctions on Iran", ("USA",), ("IRN",)),
        ("U.S. sanctions on Iran", ("USA",), ("IRN",)),
        ("the US-led sanctions on Iran", ("USA",), ("IRN",)),
        ("sanctions against Russia", (), ("RUS",)),
        ("Russia sanctions", (), ("RUS",)),
        ("EU sanctions", ("EU",), ()),
        ("sanctions imposed by the EU", ("EU",), ()),
        ("sanctions imposed by the EU on Belarus", ("EU",), ("BLR",)),
        ("sanctions imposed on Belarus by the EU", ("EU",), ("BLR",)),
        ("Washington’s sanctions against Venezuela", ("USA",), ("VEN",)),
        ("Western sanctions on Russia", ("EU", "USA"), ("RUS",)),
        ("US and EU sanctions on Myanmar", ("EU", "USA"), ("MMR",)),
        ("EU sanctions on Russia and Belarus", ("EU",), ("BLR", "RUS")),
        ("sanctions-hit Russia", (), ("RUS",)),
        ("the UN arms embargo on Libya", ("UN",), ("LBY",)),
        ("the American embargo of Cuba", ("USA",), ("CUB",)),
        ("EU asset freezes on Syrian banks", ("EU",), ("SYR",)),
        ("sanctions", (), ()),
    ],
)
def test_parties_to_sanctions_are_read_in_each_order(words: str, sender: tuple[str, ...], recipient: tuple[str, ...]) -> None:
    found = only_target(f"A Swede said {words} must stay.".replace("A Swede", "The minister"))

    assert (found.issue, found.sender, found.recipient, found.location) == ("sanctions", sender, recipient, ())


def test_subject_that_lifts_its_embargo_is_the_sender() -> None:
    found = only_target("Norway welcomed that Washington lifted its embargo on Cuba.")

    assert (found.sender, found.recipient) == (("USA",), ("CUB",))


def test_parties_are_taken_from_the_article_where_the_sentence_is_silent() -> None:
    first, second = targets("Norway said the US sanctions on Iran must stay. It said the sanctions worked.")

    assert (second.sender, second.recipient) == (first.sender, first.recipient) == (("USA",), ("IRN",))
    assert second.flags == ("target_from_context",)


@pytest.mark.parametrize(
    ("text", "location"),
    [
        ("Norway said the truce in Sudan must hold.", ("SDN",)),
        ("Norway said the Sudanese truce must hold.", ("SDN",)),
        ("Norway said the truce in Tripoli, Libya, must hold.", ("LBY",)),
        ("Norway said the truce in Gaza must hold.", ("GAZA",)),
        ("Norway said the truce in Nagorno-Karabakh between Armenia and Azerbaijan must hold.", ("KARABAKH",)),
        ("Norway said the truce in Kashmir must hold.", ("KASHMIR",)),
        ("Norway said the truce in Western Sahara must hold.", ("WESTERN_SAHARA",)),
        ("Russia said the truce in Ukraine must hold.", ("UKR",)),
        ("Norway said the truce must hold.", ()),
    ],
)
def test_ceasefire_lies_where_the_war_is_fought(text: str, location: tuple[str, ...]) -> None:
    found = only_target(text)

    assert (found.issue, found.location) == ("ceasefire", location)


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        ("Norway welcomed talks on a truce in Libya.", "ceasefire"),
        ("Norway urged both armies in Libya to accept a ceasefire.", "ceasefire"),
        ("Norway welcomed the peace talks on Libya.", "peace_process"),
        ("Norway called for a political solution in Libya.", "peace_process"),
    ],
)
def test_talks_about_a_truce_are_ceasefire_and_talks_about_peace_are_not(text: str, issue: str) -> None:
    assert only_target(text).issue == issue


def test_two_issues_in_a_sentence_give_two_targets() -> None:
    found = targets("Iran welcomed the ceasefire in Yemen and condemned the US sanctions on Iran.")

    assert {target.label for target in found} == {"ceasefire in Yemen", "US sanctions on Iran"}


@pytest.mark.parametrize(
    "text",
    [
        "The US imposed sanctions on Iran in May. Norway said the cod had left the fjord.",
        "Norway said the nuclear talks with Iran would resume in May.",
        "Norway said the trade talks with Chile would resume in May.",
        "Norway said the doping sanctions against the skier were fair.",
    ],
)
def test_quote_about_something_else_has_no_target(text: str) -> None:
    assert targets(text) == []


@pytest.mark.parametrize(
    ("issue", "sender", "recipient", "location", "label"),
    [
        ("sanctions", ("USA",), ("IRN",), (), "US sanctions on Iran"),
        ("sanctions", ("GBR",), ("RUS",), (), "UK sanctions on Russia"),
        ("sanctions", ("EU", "USA"), ("RUS",), (), "EU and US sanctions on Russia"),
        ("sanctions", (), ("IRN",), (), "sanctions on Iran"),
        ("sanctions", ("USA",), (), (), "US sanctions"),
        ("sanctions", (), (), (), "sanctions"),
        ("ceasefire", (), (), ("LBY",), "ceasefire in Libya"),
        ("ceasefire", (), (), ("GAZA",), "ceasefire in Gaza"),
        ("ceasefire", (), (), ("KARABAKH",), "ceasefire in Nagorno-Karabakh"),
        ("ceasefire", (), (), (), "ceasefire"),
        ("peace_process", (), (), ("YEM",), "peace process in Yemen"),
        ("peace_process", (), (), ("PSE",), "Israeli-Palestinian peace process"),
        ("peace_process", (), (), ("PRK", "KOR"), "peace process in North Korea and South Korea"),
    ],
)
def test_label_is_what_a_person_reads(
    issue: str, sender: tuple[str, ...], recipient: tuple[str, ...], location: tuple[str, ...], label: str
) -> None:
    [form] = [found.label for found in load_issues() if found.name == issue]
    assert target_label(form, sender, recipient, location) == label


def test_an_armed_group_points_to_the_war_it_fights_in() -> None:
    assert only_target("The Houthis rejected the ceasefire.").location == ("YEM",)


@pytest.mark.parametrize(("cue", "cls"), [("said", "speech"), ("rejected", "position"), ("hopes", "belief"), ("call for", None)])
def test_cue_has_a_class(cue: str, cls: str | None) -> None:
    assert cue_class(cue) == cls


def test_outright_mention_weighs_more_than_a_weak_one() -> None:
    assert POINTS["strong"] > POINTS["likely"] > POINTS["weak"] > POINTS["silent"]


def test_no_evidence_is_not_enough() -> None:
    assert score({}) < 0
