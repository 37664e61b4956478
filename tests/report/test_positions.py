"""Positions, timelines and shifts worked out by hand; totals agree with the table."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.errors import InputError
from stance.records import STANCES
from stance.report.adjustment import adjust_shares, measure_confusion, summarize_adjusted
from stance.report.positions import (
    NO_TARGET,
    NOBODY,
    POSITION_COLUMNS,
    measure_net,
    read_positions,
    summarize_outlets,
    summarize_positions,
)
from stance.report.timelines import SHIFT_COLUMNS, find_changes, summarize_shifts, summarize_timelines

COLUMNS = ["article_id", "outlet", "published", "sentence", "speaker", "speaker_actor", "issue", "target", "stance"]


def as_table(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS)


@pytest.fixture
def said() -> pd.DataFrame:
    embargo = ("sanctions", "sanctions on Freedonia")
    return as_table(
        [
            ("a", "Post", "2021-01-05", "Oslo wants it kept.", "Kari Lund", "NOR", *embargo, "support"),
            ("a", "Post", "2021-01-05", "It should be widened.", "Kari Lund", "NOR", *embargo, "support"),
            ("b", "Wire", "2021-02-01", "It has failed.", "Kari Lund", "NOR", *embargo, "oppose"),
            ("c", "Mail", "2021-02-02", "It has failed.", "Kari Lund", "NOR", *embargo, "oppose"),
            ("d", "Wire", "2021-03-01", "It is being studied.", "Jens Holm", "NOR", *embargo, "neutral"),
            ("d", "Wire", "2021-03-01", "Perhaps.", "Jens Holm", "NOR", *embargo, None),
            ("e", "Wire", "", "Markets shrugged.", "an analyst", "", *embargo, "oppose"),
            ("f", None, "2021-04-01", "A truce must hold.", "Ana Paz", "PER", "ceasefire", "", "support"),
        ]
    )


def test_a_position_is_the_one_worked_out_by_hand(said: pd.DataFrame) -> None:
    found = summarize_positions(read_positions(said))
    assert list(found.columns) == ["actor", "target", "issue", *POSITION_COLUMNS]
    norway = found.iloc[0]
    assert norway["actor"] == "NOR"
    assert [norway[name] for name in ("statements", *STANCES, "without_label", "articles")] == [5, 2, 1, 1, 1, 3]
    assert norway["net"] == pytest.approx(1 / 3, abs=1e-4)
    assert (norway["first"], norway["first_stance"]) == ("2021-01-05", "support")
    assert (norway["latest"], norway["latest_stance"]) == ("2021-03-01", "neutral")


def test_nothing_is_hidden(said: pd.DataFrame) -> None:
    statements = read_positions(said)
    assert statements.counts == {
        "statements": 8,
        "counted": 7,
        "copies set aside": 1,
        "abstained": 1,
        "without a state or organisation": 1,
        "without a target": 1,
        "without a date": 1,
    }
    found = summarize_positions(statements)
    assert {NOBODY, "PER"} <= set(found["actor"])
    assert NO_TARGET in set(found["target"])


def test_copies_count_once_unless_all_are_asked_for(said: pd.DataFrame) -> None:
    copied = said.assign(duplicate_of=["", "", "", "", "a", "a", "", ""])
    assert len(read_positions(copied).table) == 5
    assert len(read_positions(copied, duplicates="all").table) == 8
    kept = read_positions(said).table
    assert kept[kept["sentence"] == "It has failed."]["article"].tolist() == ["b"]
    with pytest.raises(InputError, match="'once' or 'all'; found 'twice'"):
        read_positions(said, duplicates="twice")


def test_wilson_intervals_are_those_of_the_textbook() -> None:
    # Wilson's interval of 8 in 10 is [0.4902, 0.9433] (Newcombe 1998, formula 3), as net support 2p - 1.
    assert measure_net(8, 2) == pytest.approx((0.6, 2 * 0.4902 - 1, 2 * 0.9433 - 1), abs=2e-4)
    assert all(map(math.isnan, measure_net(0, 0)))


def test_persons_are_told_apart_by_whom_they_speak_for(said: pd.DataFrame) -> None:
    found = summarize_positions(read_positions(said), of="person")
    assert set(zip(found["person"], found["actor"], strict=True)) == {
        ("Kari Lund", "NOR"),
        ("Jens Holm", "NOR"),
        ("an analyst", NOBODY),
        ("Ana Paz", "PER"),
    }


def test_outlets_stand_beside_all_others() -> None:
    rows = [
        (f"{outlet}{i}", outlet, "2021-01-01", f"{outlet} says {i}.", "Kari Lund", "NOR", "ceasefire", "truce", stance)
        for outlet, stance in (("Post", "support"), ("Wire", "oppose"))
        for i in range(12)
    ]
    found = summarize_outlets(read_positions(as_table(rows)))
    assert found["differs"].tolist() == [True, True]
    assert dict(zip(found["outlet"], found["other_net"], strict=True)) == {"Post": -1.0, "Wire": 1.0}


def monthly(stances: list[str]) -> pd.DataFrame:
    return as_table(
        [
            (f"a{i}", "Post", f"{2020 + i // 12}-{i % 12 + 1:02}-01", f"Said {i}.", "Kari Lund", "NOR", "ceasefire", "truce", one)
            for i, one in enumerate(stances)
        ]
    )


def test_a_shift_is_told_with_the_statements_on_both_sides() -> None:
    found = summarize_shifts(read_positions(monthly(["oppose"] * 14 + ["support"] * 10)))
    assert tuple(found.columns) == SHIFT_COLUMNS
    [row] = found.to_dict("records")
    assert (row["before"], row["after"], row["month"]) == ("oppose", "support", "2021-03")
    assert (row["last_before"], row["first_after"]) == ("Said 13.", "Said 14.")
    assert (row["articles_before"], row["articles_after"]) == (14, 10)
    assert row["p_value"] < 1e-4


@pytest.mark.parametrize(
    "stances",
    [
        ["support"] * 24,
        ["oppose", "support"] * 12,
        ["oppose"] * 2 + ["support"] * 2,
        ["support"] * 10 + ["oppose"] + ["support"] * 10,
    ],
    ids=["always the same", "to and fro", "too few", "one odd article"],
)
def test_noise_is_no_shift(stances: list[str]) -> None:
    assert summarize_shifts(read_positions(monthly(stances))).empty


def test_one_long_article_makes_no_shift() -> None:
    table = monthly(["oppose"] * 8)
    long = pd.concat(
        [
            table,
            as_table(
                [("z", "Post", "2021-06-01", f"z{i}", "Kari Lund", "NOR", "ceasefire", "truce", "support") for i in range(40)]
            ),
        ]
    )
    assert summarize_shifts(read_positions(long)).empty


def test_changes_of_a_flat_or_short_series_are_none() -> None:
    assert find_changes(np.zeros(50)) == []
    assert find_changes(np.array([1.0, -1.0])) == []


def test_timelines_count_what_has_a_date(said: pd.DataFrame) -> None:
    found = summarize_timelines(read_positions(said))
    assert found[["month", *STANCES]].to_numpy().tolist() == [
        ["2021-01", 2, 0, 0],
        ["2021-02", 0, 1, 0],
        ["2021-03", 0, 0, 1],
    ]


statement = st.tuples(
    st.sampled_from(["a", "b", "c"]),
    st.sampled_from(["Post", "Wire", None]),
    st.sampled_from(["2021-01-01", "2022-05-05", "", "no date"]),
    st.sampled_from(["One.", "Two.", "Three."]),
    st.sampled_from(["Kari Lund", "Ana Paz"]),
    st.sampled_from(["NOR", "PER", None]),
    st.just("ceasefire"),
    st.sampled_from(["truce", "ceasefire in Libya", None]),
    st.sampled_from([*STANCES, None]),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(statement, min_size=1, max_size=30), st.sampled_from(["once", "all"]))
def test_totals_agree_with_the_table(rows: list[tuple[object, ...]], duplicates: str) -> None:
    statements = read_positions(as_table(rows), duplicates=duplicates)
    for found in (summarize_positions(statements), summarize_positions(statements, of="person")):
        assert found["statements"].sum() == statements.counts["counted"] == len(statements.table)
        assert found["without_label"].sum() == statements.counts["abstained"]
        for stance in STANCES:
            assert found[stance].sum() == (statements.table["stance"] == stance).sum()
        taken = found["support"] + found["oppose"]
        assert (found["net"].isna() == (taken == 0)).all()
        assert ((found["net_low"] <= found["net"]) & (found["net"] <= found["net_high"]) | (taken == 0)).all()
    outlets = summarize_outlets(statements)
    assert outlets["statements"].sum() == (statements.table["outlet"] != "").sum()


def test_shares_are_set_right_by_the_confusion() -> None:
    # 70 % support is seen as 0.7 * 0.8 + 0.3 * 0.1 of support labels where a tenth and a fifth go wrong.
    confusion = np.array([[80.0, 20.0, 0.0], [10.0, 90.0, 0.0], [0.0, 0.0, 10.0]])
    labelled = np.array([0.7, 0.3, 0.0]) @ (confusion / confusion.sum(axis=1, keepdims=True))
    assert adjust_shares(labelled, confusion) == pytest.approx([0.7, 0.3, 0.0], abs=1e-3)


def test_a_perfect_model_is_left_as_it_is() -> None:
    table = monthly(["oppose"] * 10 + ["support"] * 30)
    confusion = measure_confusion([*STANCES] * 200, [*STANCES] * 200)
    [row] = summarize_adjusted(read_positions(table), confusion).to_dict("records")
    assert row["adjusted_support"] == pytest.approx(0.75, abs=0.01)
    assert row["adjusted_low"] < row["adjusted_net"] < row["adjusted_high"]
    assert row["adjusted_net"] == pytest.approx(0.5, abs=0.01)


def test_a_stance_that_was_never_annotated_cannot_be_corrected_for() -> None:
    with pytest.raises(InputError, match="no labelled statement of neutral"):
        measure_confusion(["support", "oppose"], ["support", "oppose"])
