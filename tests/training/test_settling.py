"""How many annotators' decisions become one row a statement."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.errors import InputError
from stance.training.settling import Settled, is_annotation_table, settle


def make_row(statement_id: str, annotator: str, verdict: str = "statement", stance: str | None = "support", **more: Any) -> dict:
    return {
        "statement_id": statement_id,
        "sentence": f"Sentence {statement_id}.",
        "issue": "ceasefire",
        "annotator": annotator,
        "verdict": verdict,
        "stance": stance if verdict == "statement" else None,
        "decided_at": "",
        "adjudicated": False,
        **more,
    }


def settled(*rows: dict) -> Settled:
    return settle(pd.DataFrame(rows))


def test_agreeing_annotators_give_one_row() -> None:
    found = settled(make_row("a", "ana"), make_row("a", "bo"), make_row("b", "ana", stance="oppose"))
    assert found.table[["statement_id", "stance"]].to_numpy().tolist() == [["a", "support"], ["b", "oppose"]]
    assert found.annotators == {"ana": 2, "bo": 1}
    assert found.notes == ()


@pytest.mark.parametrize(
    "other", [{"stance": "oppose"}, {"issue": "peace_process"}, {"verdict": "no_statement"}], ids=["stance", "issue", "verdict"]
)
def test_what_annotators_disagree_on_is_left_out_and_named(other: dict[str, str]) -> None:
    found = settled(make_row("a", "ana"), make_row("a", "bo", **other), make_row("b", "ana"))
    assert found.table["statement_id"].tolist() == ["b"]
    assert found.disagreed == ("a",)
    assert found.notes == ("1 on which annotators disagree and nobody has adjudicated: a",)


def test_the_latest_adjudicated_decision_wins() -> None:
    found = settled(
        make_row("a", "ana", decided_at="2026-03-01"),
        make_row("a", "bo", stance="neutral", decided_at="2026-03-05"),
        make_row("a", "cy", stance="neutral", adjudicated=True, decided_at="2026-03-03"),
        make_row("a", "ana", stance="oppose", adjudicated=True, decided_at="2026-03-02"),
    )
    assert found.table["stance"].tolist() == ["neutral"]
    assert found.n_adjudicated == 1


def test_an_adjudicator_may_say_that_it_is_no_statement_or_be_unsure() -> None:
    found = settled(
        make_row("a", "ana"),
        make_row("a", "cy", "no_statement", adjudicated=True),
        make_row("b", "ana"),
        make_row("b", "cy", "unsure", adjudicated=True),
    )
    assert found.table.empty
    assert (found.not_statements, found.unsure) == (("a",), ("b",))


def test_who_is_unsure_leaves_it_to_the_others() -> None:
    found = settled(
        make_row("a", "ana", "unsure"), make_row("a", "bo"), make_row("b", "ana", "unsure"), make_row("b", "bo", "unsure")
    )
    assert found.table["statement_id"].tolist() == ["a"]
    assert found.unsure == ("b",)
    assert "1 on which all annotators are unsure: b" in found.notes


def test_of_one_annotator_the_latest_decision_counts_and_its_corrections() -> None:
    found = settled(
        make_row("a", "ana", stance="oppose", decided_at="2026-03-02", speaker="Kari Lund"),
        make_row("a", "bo", stance="oppose", decided_at="2026-03-01", speaker="Lund"),
        make_row("a", "ana", decided_at="2026-03-01", speaker="the minister"),
    )
    assert found.table[["stance", "speaker"]].to_numpy().tolist() == [["oppose", "Kari Lund"]]


def test_statements_nobody_has_decided_on_are_passed_over() -> None:
    found = settled(make_row("a", "ana"), {**make_row("b", "ana"), "verdict": float("nan"), "annotator": None})
    assert found.table["statement_id"].tolist() == ["a"]
    assert found.annotators == {"ana": 1}


@pytest.mark.parametrize(
    ("change", "message"),
    [({"verdict": "maybe"}, "Row 2 has the verdict 'maybe'"), ({"stance": None}, "Row 2 is called a statement")],
)
def test_what_is_no_decision_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        settled(make_row("a", "ana"), {**make_row("b", "ana"), **change})


def test_a_table_without_decisions_is_no_annotation_table() -> None:
    assert is_annotation_table(["verdict", "annotator", "stance"])
    assert not is_annotation_table(["annotator", "stance"])
    with pytest.raises(InputError, match="no column 'statement_id', 'verdict'"):
        settle(pd.DataFrame({"annotator": ["ana"], "stance": ["oppose"]}))


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            make_row,
            st.sampled_from("abc"),
            st.sampled_from(["ana", "bo"]),
            st.sampled_from(["statement", "no_statement", "unsure"]),
            st.sampled_from(["support", "oppose"]),
            adjudicated=st.booleans(),
            decided_at=st.sampled_from(["2026-03-01", "2026-03-02", ""]),
        ),
        min_size=1,
    )
)
def test_every_statement_ends_in_one_place(rows: list[dict]) -> None:
    found = settled(*rows)
    places = [*found.table["statement_id"], *found.not_statements, *found.disagreed, *found.unsure]
    assert sorted(places) == sorted({row["statement_id"] for row in rows})
