"""Matching with gold records and the report card of the rules, on an example worked out by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.errors import InputError
from stance.evaluation import Gold, RuleReport, RuleScore, format_rules, match_statements, read_gold, score_rules
from stance.evaluation.matching import same_name, share
from stance.records import Span, Speaker, Statement, Target


def gold_row(
    article_id: str, start: int, end: int, speaker: str, actor: str, issue: str = "ceasefire", **more: Any
) -> dict[str, Any]:
    row = {"article_id": article_id, "start": start, "end": end, "speaker": speaker, "speaker_actor": actor, "issue": issue}
    return {**row, "sender": [], "recipient": [], "location": ["LBY"] if issue == "ceasefire" else [], **more}


def statement(
    article_id: str,
    start: int,
    end: int,
    speaker: str,
    actor: str | None,
    issue: str = "ceasefire",
    *,
    location: tuple[str, ...] = ("LBY",),
    trace: tuple[str, str, str] = ("name_then_verb", "named_person", "named"),
) -> Statement:
    return Statement(
        statement_id=f"{article_id}-{start}-{speaker}-{issue}",
        article_id=article_id,
        start=start,
        end=end,
        sentence=f"Sentence {start} of {article_id}.",
        quote="",
        quote_type="indirect",
        cue="said",
        speaker=Speaker(speaker, speaker, None, actor, trace[1]),
        target=Target(issue, (), (), location, f"{issue} in Libya", trace[2]),
        context="",
        flags=(),
        trace=trace,
    )


# Two articles. Firm gold: six records in five sentences (rain 0-100, 100-200 with two, 300-400; snow 0-50, 100-160); one more is
# optional (rain 200-300), and a third article was read and holds none.
GOLD = [
    gold_row("rain", 0, 100, "Leila Hamrouni", "TUN"),
    gold_row("rain", 100, 200, "Leila Hamrouni", "TUN"),
    gold_row("rain", 100, 200, "Joseph Camilleri", "MLT"),
    gold_row("rain", 200, 300, "Joseph Camilleri", "MLT", optional=True),
    gold_row("rain", 300, 400, "Leila Hamrouni", "TUN"),
    gold_row("snow", 0, 50, "Ivo Castell", "AND"),
    gold_row("snow", 100, 160, "Ivo Castell", "AND"),
    {"article_id": "hail", "start": None, "end": None, "issue": ""},
]
PRONOUN = ("name_then_verb", "pronoun", "context")
FOUND = {
    "rain": [
        statement("rain", 0, 100, "Hamrouni", "TUN"),  # all right
        statement("rain", 110, 200, "Joseph Camilleri", "MLT"),  # right; half of the sentence is enough
        statement("rain", 100, 200, "Malta", "MLT", trace=PRONOUN),  # the other record of that sentence: wrong speaker
        statement("rain", 200, 300, "Joseph Camilleri", "MLT"),  # optional: neither
        statement("rain", 500, 600, "Joseph Camilleri", "MLT"),  # spurious, in a sentence without gold
    ],
    "snow": [
        statement("snow", 0, 50, "Ivo Castell", "AND", location=("SYR",)),  # wrong place
        statement("snow", 0, 50, "Ivo Castell", "AND", "sanctions", location=()),  # spurious, in a sentence with gold
    ],
    "hail": [statement("hail", 0, 40, "Kari Lund", "NOR", trace=PRONOUN)],  # spurious
}


@pytest.fixture(scope="module")
def report() -> RuleReport:
    return score_rules(read_gold(GOLD), FOUND, n_examples=5)


def rule(report: RuleReport, kind: str, name: str) -> RuleScore:
    [found] = [score for score in report.rules if (score.kind, score.rule) == (kind, name)]
    return found


def test_records_are_counted_without_the_optional_ones(report: RuleReport) -> None:
    scores = report.scores
    assert (scores.n_articles, scores.n_gold, scores.n_found, scores.n_optional, scores.n_matched) == (3, 6, 7, 1, 4)


def test_records_are_scored_as_worked_out_by_hand(report: RuleReport) -> None:
    scores = report.scores
    assert scores.record_precision == pytest.approx(4 / 7, abs=1e-6)
    assert scores.record_recall == pytest.approx(4 / 6, abs=1e-6)
    assert scores.record_f1 == pytest.approx(8 / 13, abs=1e-6)


def test_sentences_are_scored_whatever_their_issue(report: RuleReport) -> None:
    # Met: rain 0, rain 100, snow 0; missed: rain 300, snow 100; found elsewhere: rain 500, hail 0.
    scores = report.scores
    assert scores.sentence_precision == pytest.approx(3 / 5, abs=1e-6)
    assert scores.sentence_recall == pytest.approx(3 / 5, abs=1e-6)
    assert scores.sentence_f1 == pytest.approx(3 / 5, abs=1e-6)


def test_labels_are_scored_on_the_matched(report: RuleReport) -> None:
    scores = report.scores
    assert (scores.actor_accuracy, scores.speaker_accuracy, scores.target_accuracy) == (3 / 4, 3 / 4, 3 / 4)


def test_a_quote_rule_has_coverage_and_precision(report: RuleReport) -> None:
    score = rule(report, "quote", "name_then_verb")
    assert (score.n_found, score.coverage, score.n_scored, score.n_matched) == (8, 1.0, 7, 4)
    assert score.precision == pytest.approx(4 / 7, abs=1e-6)


def test_a_speaker_rule_has_speaker_and_actor_right_on_the_matched(report: RuleReport) -> None:
    named, pronoun = rule(report, "speaker", "named_person"), rule(report, "speaker", "pronoun")
    assert (named.n_found, named.n_matched, named.speaker_accuracy, named.actor_accuracy) == (6, 3, 1.0, 1.0)
    assert (pronoun.n_found, pronoun.n_matched, pronoun.speaker_accuracy, pronoun.actor_accuracy) == (2, 1, 0.0, 0.0)


def test_a_target_rule_has_parties_right_on_the_matched(report: RuleReport) -> None:
    assert rule(report, "target", "named").parties_accuracy == pytest.approx(2 / 3, abs=1e-6)
    assert rule(report, "target", "context").parties_accuracy == 1.0


def test_every_statement_is_decided_by_one_rule_of_each_kind(report: RuleReport) -> None:
    counts = [sum(score.n_found for score in report.rules if score.kind == kind) for kind in ("quote", "speaker", "target")]
    assert counts == [8, 8, 8]


def test_examples_show_what_gold_says_otherwise(report: RuleReport) -> None:
    [wrong] = rule(report, "speaker", "pronoun").wrong
    assert (wrong.speaker, wrong.gold) == ("Malta", "Leila Hamrouni (TUN)")
    assert {example.gold for example in rule(report, "target", "named").wrong} == {
        "no record on ceasefire here",
        "no record on sanctions here",
        "location LBY",
    }


def test_an_example_of_an_optional_record_is_neither_right_nor_wrong(report: RuleReport) -> None:
    score = rule(report, "quote", "name_then_verb")
    assert len(score.right) == 4
    assert len(score.wrong) == 3
    assert 200 not in {example.start for example in (*score.right, *score.wrong)}


def test_no_more_examples_are_given_than_asked_for() -> None:
    few = score_rules(read_gold(GOLD), FOUND, n_examples=1)
    assert {len(score.right) for score in few.rules} <= {0, 1}
    assert all(score.wrong == () for score in score_rules(read_gold(GOLD), FOUND).rules)


def test_a_rule_that_met_optional_records_only_has_no_figures() -> None:
    gold = read_gold([gold_row("rain", 200, 300, "Joseph Camilleri", "MLT", optional=True)])
    report = score_rules(gold, {"rain": FOUND["rain"][3:4]})
    score = rule(report, "quote", "name_then_verb")
    assert (score.n_found, score.n_scored, score.precision) == (1, 0, None)
    assert report.scores.record_recall is None


def test_the_pair_that_agrees_most_is_matched_first() -> None:
    gold = read_gold(GOLD).by_article["rain"]
    judged = match_statements(gold, [FOUND["rain"][2], FOUND["rain"][1]])
    assert [one.gold.speaker if one.gold else None for one in judged] == ["Leila Hamrouni", "Joseph Camilleri"]


def test_a_gold_record_is_matched_once() -> None:
    gold = read_gold([gold_row("rain", 0, 100, "Leila Hamrouni", "TUN")])
    judged = match_statements(gold.by_article["rain"], [FOUND["rain"][0], statement("rain", 0, 100, "Lund", "NOR")])
    assert [one.matched for one in judged] == [True, False]


def test_less_than_half_of_a_sentence_is_no_match() -> None:
    gold = read_gold([gold_row("rain", 0, 100, "Leila Hamrouni", "TUN")])
    assert not match_statements(gold.by_article["rain"], [statement("rain", 51, 160, "Hamrouni", "TUN")])[0].matched


def test_articles_on_one_side_only_are_not_scored() -> None:
    found = {"rain": FOUND["rain"], "fog": [statement("fog", 0, 90, "Kari Lund", "NOR")]}
    assert score_rules(read_gold(GOLD), found).scores.n_articles == 1


def test_nothing_in_common_is_refused() -> None:
    with pytest.raises(InputError, match="the gold records begin with 'rain', the articles with 'fog'"):
        score_rules(read_gold(GOLD), {"fog": []})


# Reading gold


def test_gold_in_a_flat_table_is_read_alike() -> None:
    flat = gold_row(
        "rain", 0, 100, "Lund", "ARAB_LEAGUE", "sanctions", sender="USA;EU", recipient="", location="", optional="False"
    )
    [record] = read_gold([flat]).by_article["rain"]
    assert (record.actor, record.sender, record.recipient) == ("ARABLEAGUE", {"USA", "EU"}, frozenset())
    assert not record.optional


def test_an_article_without_statements_is_known() -> None:
    assert read_gold(GOLD).by_article["hail"] == ()


def test_gold_rows_that_cannot_be_used_are_counted_and_named() -> None:
    bad = [
        gold_row("rain", 0, 100, "Lund", "NOR", "tariffs"),
        gold_row("rain", 9, 9, "Lund", "NOR"),
        gold_row("", 0, 100, "Lund", "NOR"),
    ]
    assert set(read_gold([*GOLD, *bad]).notes) == {
        "1 gold rows left out: the issue 'tariffs' is not one of sanctions, ceasefire, peace_process",
        "1 gold rows left out: start and end are no offsets",
        "1 gold rows left out: no article_id",
    }


def test_a_missing_column_is_named() -> None:
    with pytest.raises(InputError, match=r"no column 'speaker_actor', 'sender'.*; it has 'article_id'"):
        read_gold([{"article_id": "rain", "start": 0, "end": 9, "speaker": "Lund", "issue": "ceasefire"}])


def test_no_gold_at_all_is_refused() -> None:
    with pytest.raises(InputError, match="no gold records to score against: 0 rows"):
        read_gold([])


# Names and spans


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Kari Lund", "Lund", True),
        ("Zoë Brún-Hald", "Hald", True),
        ("Norway's premier", "Norway", True),
        ("Kari Lund", "Kari Holm", True),
        ("Kari Lund", "Jens Holm", False),
        ("", "", True),
        ("", "Lund", False),
    ],
)
def test_names_are_the_same_when_half_their_words_are(one: str, other: str, same: bool) -> None:
    assert same_name(one, other) is same
    assert same_name(other, one) is same


@given(st.integers(0, 50), st.integers(1, 50), st.integers(0, 50), st.integers(1, 50))
def test_spans_share_alike_both_ways_and_never_more_than_all(a: int, length: int, b: int, other_length: int) -> None:
    one, other = Span(a, a + length), Span(b, b + other_length)
    assert share(one, other) == share(other, one) <= 1
    assert (share(one, other) == 1) == (one.holds(other) or other.holds(one))


# Printing


def test_the_printed_card_holds_every_rule_and_the_figures(report: RuleReport) -> None:
    text = format_rules(report)
    assert all(score.rule in text for score in report.rules)
    assert "3 articles, 6 gold records, 7 found, 4 matched; 1 more met optional records" in text
    assert "records          0.571     0.667     0.615" in text
    assert "of the matched: actor 0.750, speaker 0.750, target 0.750" in text
    assert "gold: Leila Hamrouni (TUN)" in text


def test_the_card_is_plain_values_for_json(report: RuleReport) -> None:
    plain = json.loads(json.dumps(report.as_dict()))
    assert plain["scores"]["n_matched"] == 4
    assert plain["rules"][0]["kind"] == "quote"


def test_the_order_of_the_articles_does_not_matter() -> None:
    turned = Gold(dict(reversed(read_gold(GOLD).by_article.items())))
    assert score_rules(turned, FOUND, n_examples=3) == score_rules(read_gold(GOLD), FOUND, n_examples=3)
