"""What comes next, what filters leave, how far one has come."""

from __future__ import annotations

import pandas as pd
import pytest

from stance.files.store import AnnotationStore
from stance.records import Decision
from stance.review.progress import measure
from stance.review.queue import Filters, Item, Queue, Selection, as_item, order_items
from stance.training.selection import REASONS

ITEMS = (
    Item("a", "sanctions", "NOR", "oppose", 0.9),
    Item("b", "ceasefire", "", "support", 0.5),
    Item("c", "sanctions", "IRN", "", None),
    Item("d", "ceasefire", "NOR", "oppose", 0.4),
)


def decision(statement_id: str, when: str, stance: str | None = "oppose") -> Decision:
    verdict = "statement" if stance else "unsure"
    return Decision(statement_id, "ana", verdict, stance, decided_at=f"2026-03-02T09:{when}.000+00:00")


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        (Filters(), "abcd"),
        (Filters(issue=("sanctions",)), "ac"),
        (Filters(actor=("NOR",), stance=("oppose",)), "ad"),
        (Filters(issue=("sanctions", "ceasefire"), below=0.5), "cd"),
        (Filters(actor=("DNK",)), ""),
    ],
)
def test_filters_leave_what_they_admit_in_order(filters: Filters, left: str) -> None:
    assert [item.statement_id for item in Queue(ITEMS).select(filters).items] == list(left)


@pytest.mark.parametrize(
    ("decided", "after", "expected"),
    [("", None, "a"), ("ab", None, "c"), ("b", "a", "c"), ("cd", "b", "a"), ("abcd", "b", None), ("", "elsewhere", "a")],
)
def test_the_next_one_is_undecided_and_the_search_goes_round(decided: str, after: str | None, expected: str | None) -> None:
    assert Selection(ITEMS).next_open(set(decided), after) == expected


def test_steps_stop_at_the_ends() -> None:
    selection = Selection(ITEMS)
    assert [selection.step("a", -1), selection.step("a", 1), selection.step("d", 1), selection.step("x", 1)] == [
        None,
        "b",
        None,
        None,
    ]


def test_added_statements_stand_at_the_end() -> None:
    assert [item.statement_id for item in Queue(ITEMS).select(Filters(), (Item("z"),)).items] == [*"abcd", "z"]


def test_an_abstained_or_foreign_row_has_no_label_and_perhaps_no_confidence() -> None:
    assert as_item({"statement_id": 7, "stance": float("nan"), "p_support": None}) == Item("7")
    chances = {"p_support": 0.4, "p_oppose": 0.35, "p_neutral": 0.25}
    assert as_item({"statement_id": "s", "issue": "ceasefire", **chances}).confidence == 0.4


def test_the_order_as_in_the_file_is_the_tables(store: AnnotationStore, ids: list[str]) -> None:
    assert [item.statement_id for item in order_items(store, order="file")] == ids


def test_the_uncertain_order_holds_every_statement_once_with_its_reason(store: AnnotationStore, ids: list[str]) -> None:
    items = order_items(store)
    assert sorted(item.statement_id for item in items) == sorted(ids)
    assert {item.reason for item in items} <= set(REASONS)


def test_the_order_is_worked_out_once_and_stays_when_a_statement_is_added(store: AnnotationStore, labelled: pd.DataFrame) -> None:
    worked: list[int] = []
    first = order_items(store, on_work=lambda: worked.append(1))
    store.add_statements(labelled.head(1).assign(statement_id="missed"), added_by="ana")
    assert order_items(store, on_work=lambda: worked.append(1)) == first
    assert len(worked) == 1


def test_the_order_is_worked_out_anew_for_more_statements_or_another_seed(store: AnnotationStore, labelled: pd.DataFrame) -> None:
    worked: list[int] = []
    order_items(store, on_work=lambda: worked.append(1))
    order_items(store, seed=1, on_work=lambda: worked.append(1))
    store.add_statements(labelled.head(1).assign(statement_id="another"))
    assert "another" in [item.statement_id for item in order_items(store, on_work=lambda: worked.append(1))]
    assert len(worked) == 3


def test_agreement_counts_only_what_both_have_given_a_stance() -> None:
    decisions = [decision("a", "00:00"), decision("b", "00:10", "neutral"), decision("c", "00:20"), decision("d", "00:30", None)]
    found = measure(Selection(ITEMS), decisions)
    assert (found.decided, found.total, found.left) == (4, 4, 0)
    assert (found.agreement, found.n_compared) == (0.5, 2)


def test_pace_is_told_from_three_gaps_on_and_leaves_out_breaks() -> None:
    times = ["00:00", "00:10", "20:00", "20:10"]
    assert measure(Selection(ITEMS), [decision("abcd"[i], time) for i, time in enumerate(times)]).per_minute is None
    more = [decision("abc"[i % 3], time) for i, time in enumerate([*times, "20:20", "20:32"])]
    found = measure(Selection(ITEMS), more)
    assert found.per_minute == pytest.approx(6.0)


def test_what_is_decided_elsewhere_does_not_count_as_progress() -> None:
    found = measure(Selection(ITEMS), [decision("elsewhere", "00:00")])
    assert (found.decided, found.agreement, found.minutes_left) == (0, None, None)
