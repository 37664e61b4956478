"""When a new model may take the place of the old one."""

from __future__ import annotations

import pytest

from stance.errors import GateError
from stance.training.gate import BASE, YOURS, Gate, open_gate

LABELS = ("support", "oppose", "neutral")
# Sixty held-out statements of twenty articles; the first thirty are the user's, and issues take turns.
GOLD = [LABELS[i % 3] for i in range(60)]
ISSUES = ["sanctions", "sanctions", "ceasefire"] * 20
SOURCES = [YOURS] * 30 + [BASE] * 30
UNITS = [f"article-{i // 3}" for i in range(60)]


def wrong_at(*places: int) -> list[str]:
    return [
        "oppose" if i in places and label != "oppose" else "support" if i in places else label for i, label in enumerate(GOLD)
    ]


def gate(old: list[str], new: list[str], **changes: object) -> Gate:
    return open_gate(GOLD, old, new, **{"issues": ISSUES, "sources": SOURCES, "units": UNITS, **changes})


def test_a_better_model_passes() -> None:
    found = gate(wrong_at(0, 4, 30, 35, 40), wrong_at(4, 35))
    assert found.passed
    found.require()
    assert [part.name for part in found.parts] == ["yours", "base", "ceasefire", "sanctions"]
    assert [part.n_statements for part in found.parts] == [30, 30, 20, 40]
    assert all(part.new >= part.old for part in found.parts)


def test_the_same_labels_pass_with_a_difference_of_nothing() -> None:
    found = gate(wrong_at(0, 31), wrong_at(0, 31))
    assert found.passed
    assert {(part.lead.value, part.lead.low, part.lead.high) for part in found.parts} == {(0.0, 0.0, 0.0)}


@pytest.mark.parametrize(("place", "yardstick"), [(0, "yours"), (30, "base")])
def test_a_model_that_falls_on_one_yardstick_is_refused_however_well_it_does_on_the_other(place: int, yardstick: str) -> None:
    others = [i for i in range(60) if SOURCES[i] != SOURCES[place]]
    found = gate(wrong_at(*others[:20]), wrong_at(place))
    assert [problem.split(":")[0] for problem in found.problems] == [yardstick]
    with pytest.raises(GateError, match=rf"was not written\. {yardstick}: macro-F1 -0\.03.*more than 0\.01 lower.*--force"):
        found.require()


def test_a_model_that_is_clearly_worse_on_one_issue_is_refused_though_better_on_both_yardsticks() -> None:
    spoilt = range(2, 60, 3)  # every statement on the ceasefire, one in each article
    mended = [i for i in range(60) if ISSUES[i] == "sanctions"]
    found = gate(wrong_at(*mended), wrong_at(*spoilt))
    assert {part.name: part.lead.value > 0 for part in found.parts} == {
        "yours": True,
        "base": True,
        "ceasefire": False,
        "sanctions": True,
    }
    with pytest.raises(GateError, match=r"ceasefire: macro-F1 .* worse beyond the luck of the draw"):
        found.require()


@pytest.mark.parametrize("lacking", [YOURS, BASE])
def test_a_yardstick_without_statements_is_an_error_and_no_pass(lacking: str) -> None:
    with pytest.raises(GateError, match="0 held-out statements"):
        gate(GOLD, GOLD, sources=[YOURS if lacking == BASE else BASE] * 60)


def test_an_issue_that_was_labelled_but_not_held_out_is_an_error_and_no_pass() -> None:
    with pytest.raises(GateError, match="0 held-out statements on arms_exports"):
        gate(GOLD, GOLD, wanted=["sanctions", "arms_exports"])


def test_no_statements_at_all_are_an_error_and_no_pass() -> None:
    with pytest.raises(GateError, match="Too little to compare"):
        open_gate([], [], [], issues=[], sources=[], units=[])


def test_one_article_is_too_little_to_draw_from() -> None:
    units = ["only one"] * 30 + UNITS[30:]
    with pytest.raises(GateError, match="30 held-out statements of yours, of 1 articles"):
        gate(GOLD, GOLD, units=units)


def test_the_figures_can_be_kept() -> None:
    kept = gate(wrong_at(3), wrong_at(3)).as_dict()
    assert (kept["passed"], kept["tolerance"]) == (True, 0.01)
    assert kept["parts"][0]["lead"] == {"value": 0.0, "low": 0.0, "high": 0.0}
