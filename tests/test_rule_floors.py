"""Every extraction rule keeps the figures it had on the composed annotations (tests/cases/rule_floors.json).

A guard against regressions, no estimate: the corpus was composed for this project, and real news is harder. After a change for
the better, ``python tests/benchmarks/rule_floors.py`` writes the file again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stance.evaluation import RuleReport, RuleScore, read_gold, score_rules
from stance.quotes.sources import SOURCE_RULES
from stance.records import Statement
from stance.speakers import RULES as SPEAKER_RULES

KEPT = json.loads((Path(__file__).parent / "cases" / "rule_floors.json").read_text(encoding="utf-8"))
RULES = {(kind, rule): entry for kind, rules in KEPT["rules"].items() for rule, entry in rules.items()}
UNTESTED = {(kind, rule): reason for kind, rules in KEPT["untested"].items() for rule, reason in rules.items()}
FLOORS = [(*key, figure, least) for key, entry in RULES.items() for figure, least in entry["floors"].items()]
CHAINS = {("quote", rule.__name__) for rule in SOURCE_RULES} | {("speaker", rule.__name__) for rule in SPEAKER_RULES}
# Fewer, and a figure moves by more than ten points with one record.
LEAST_RECORDS = 10
REFRESH = "If the change is meant: python tests/benchmarks/rule_floors.py"


@pytest.fixture(scope="module")
def report(composed_gold: list[dict[str, Any]], composed_statements: dict[str, list[Statement]]) -> RuleReport:
    return score_rules(read_gold(composed_gold), composed_statements)


@pytest.fixture(scope="module")
def scores(report: RuleReport) -> dict[tuple[str, str], RuleScore]:
    return {(score.kind, score.rule): score for score in report.rules}


def test_there_is_something_to_check(report: RuleReport) -> None:
    assert report.scores.n_articles >= 600
    assert report.scores.n_matched >= 3000
    assert len(FLOORS) >= 30
    assert {kind for kind, _, _, _ in FLOORS} == {"quote", "speaker", "target"}


@pytest.mark.parametrize(("kind", "rule", "figure", "least"), FLOORS)
def test_a_rule_keeps_its_floor(
    scores: dict[tuple[str, str], RuleScore], kind: str, rule: str, figure: str, least: float
) -> None:
    score = scores.get((kind, rule))
    assert score is not None, f"The {kind} rule {rule} decided nothing. {REFRESH}"
    assert score.n_found >= LEAST_RECORDS, f"The {kind} rule {rule} decided {score.n_found} records, too few. {REFRESH}"
    assert getattr(score, figure) >= least, f"{figure} of the {kind} rule {rule}. {REFRESH} --lower"


def test_every_rule_that_decided_enough_has_floors(scores: dict[tuple[str, str], RuleScore]) -> None:
    busy = {key for key, score in scores.items() if score.n_found >= 2 * LEAST_RECORDS}
    assert busy - {(kind, rule) for kind, rule, _, _ in FLOORS} == set(), REFRESH


def test_every_rule_decides_something_or_says_why_not(scores: dict[tuple[str, str], RuleScore]) -> None:
    assert CHAINS
    assert (CHAINS | RULES.keys()) - scores.keys() - UNTESTED.keys() == set(), (
        "a rule decided nothing: compose a case or give a reason"
    )


def test_every_rule_that_decides_is_known(scores: dict[tuple[str, str], RuleScore]) -> None:
    assert scores.keys() - RULES.keys() == set(), REFRESH


def test_an_untested_rule_is_untested_and_has_a_reason(scores: dict[tuple[str, str], RuleScore]) -> None:
    assert UNTESTED.keys() & scores.keys() == set()
    assert all(reason.strip() for reason in UNTESTED.values())
