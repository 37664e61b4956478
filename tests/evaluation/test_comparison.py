"""Which of two models is better, on the same statements and the same draws."""

from __future__ import annotations

import pytest

from stance.errors import InputError
from stance.evaluation import compare, evaluate

GOLD = ["support", "oppose"] * 50
GROUPS = [str(i // 4) for i in range(100)]


def flip(places: range) -> list[str]:
    return [("oppose" if label == "support" else "support") if i in places else label for i, label in enumerate(GOLD)]


def test_a_known_difference_is_found_and_lies_in_its_interval() -> None:
    found = compare(GOLD, flip(range(10)), flip(range(30)), groups=GROUPS)
    assert found.accuracy.value == pytest.approx(0.2)
    assert found.macro_f1.value == pytest.approx(0.2, abs=0.01)
    assert 0 < found.macro_f1.low < found.macro_f1.value < found.macro_f1.high
    assert found.verdict == "better"


def test_the_other_way_round_is_the_same_with_the_sign_changed() -> None:
    one, other = flip(range(10)), flip(range(30))
    found, turned = compare(GOLD, one, other, groups=GROUPS), compare(GOLD, other, one, groups=GROUPS)
    assert turned.macro_f1.value == -found.macro_f1.value
    assert (turned.macro_f1.low, turned.macro_f1.high) == pytest.approx((-found.macro_f1.high, -found.macro_f1.low), abs=2e-4)
    assert turned.verdict == "worse"


def test_a_model_is_no_better_than_itself() -> None:
    found = compare(GOLD, flip(range(30)), flip(range(30)), groups=GROUPS)
    assert (found.macro_f1.value, found.macro_f1.low, found.macro_f1.high) == (0.0, 0.0, 0.0)
    assert found.verdict == "not told apart"


def test_as_many_mistakes_elsewhere_are_not_told_apart() -> None:
    assert compare(GOLD, flip(range(20)), flip(range(40, 60)), groups=GROUPS).verdict == "not told apart"


def test_pairing_makes_the_interval_narrower_than_that_of_either_score() -> None:
    one, other = flip(range(0, 60, 3)), flip(range(0, 66, 3))
    lead, alone = compare(GOLD, one, other, groups=GROUPS).macro_f1, evaluate(GOLD, one, groups=GROUPS).macro_f1
    assert lead.high - lead.low < (alone.high - alone.low) / 2


def test_lengths_that_differ_are_refused() -> None:
    with pytest.raises(InputError, match="2 gold labels, 2 and 1 predicted"):
        compare(["support", "oppose"], ["support", "oppose"], ["support"])
