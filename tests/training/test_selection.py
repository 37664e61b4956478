"""In what order statements are offered for labelling."""

from __future__ import annotations

import time
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.errors import InputError
from stance.training.selection import REASONS, Choice, find_order, find_uncertainty


def make_statements(n_rows: int, *, random_state: int = 0) -> pd.DataFrame:
    generator = np.random.default_rng(random_state)
    words = np.array(["envoy", "truce", "embargo", "cabinet", "harbour", "border", "winter", "general", "accord", "oil", "grain"])
    return pd.DataFrame(
        {
            "statement_id": [f"id-{i}" for i in range(n_rows)],
            "article_id": [f"article-{i // 4}" for i in range(n_rows)],
            "sentence": [" ".join(row) for row in words[generator.integers(0, len(words), (n_rows, 12))]],
            "issue": generator.choice(["sanctions", "ceasefire"], n_rows),
            "speaker_actor": generator.choice(["NOR", "SWE", "AU", None], n_rows),
            **dict(zip(("p_support", "p_oppose", "p_neutral"), generator.dirichlet([1, 1, 1], n_rows).T, strict=True)),
        }
    )


def positions(choices: list[Choice]) -> list[int]:
    return [choice.position for choice in choices]


def test_every_row_comes_once_and_the_same_way_each_time() -> None:
    table = make_statements(200)
    choices = find_order(table)
    assert sorted(positions(choices)) == list(range(200))
    assert choices == find_order(table)
    assert {choice.reason for choice in choices} == set(REASONS)


def test_without_repeats_the_most_uncertain_come_first() -> None:
    table = make_statements(50).assign(article_id=[f"article-{i}" for i in range(50)], speaker_actor=None)
    found = find_uncertainty(table)[positions(find_order(table, random_share=0))]
    assert (np.diff(found) <= 0).all()


def test_a_row_without_probabilities_is_as_uncertain_as_can_be() -> None:
    table = make_statements(5)
    table.loc[3, ["p_support", "p_oppose", "p_neutral"]] = np.nan
    assert find_order(table, random_share=0)[0] == Choice(3, "uncertain")
    bare = table.drop(columns=["p_support", "p_oppose", "p_neutral"])
    assert sorted(positions(find_order(bare))) == list(range(5))


@pytest.mark.parametrize(
    "repeat",
    [
        {"sentence": "Norway's premier said on Friday the truce in the hills of Freedonia must hold until the winter is over."},
        {"article_id": "first"},
    ],
    ids=["nearly the same sentence", "the same article"],
)
def test_what_repeats_stands_back_for_what_is_new(repeat: dict[str, str]) -> None:
    rows = [
        {
            "article_id": "first",
            "sentence": "Norway's premier said on Monday the truce in the hills of Freedonia must hold until the winter is over.",
            "p_support": 0.40,
            "p_oppose": 0.39,
            "p_neutral": 0.21,
        },
        {"article_id": "second", "sentence": "A mediator found the plan wanting.", **repeat, "p_support": 0.41, "p_oppose": 0.39},
        {"article_id": "third", "sentence": "Her deputy would not be drawn on the embargo.", "p_support": 0.43, "p_oppose": 0.37},
    ]
    table = pd.DataFrame(rows).fillna({"p_neutral": 0.2})
    assert find_order(table, random_share=0) == [Choice(0, "uncertain"), Choice(2, "diverse"), Choice(1, "uncertain")]


def test_random_rows_are_spread_evenly_and_make_up_the_share() -> None:
    choices = find_order(make_statements(1000), random_share=0.25)
    for n_first in (20, 100, 400):
        assert Counter(choice.reason for choice in choices[:n_first])["random"] == n_first // 4


def test_random_rows_stay_random_when_decided_rows_leave() -> None:
    table = make_statements(400)
    drawn = [table["statement_id"][one.position] for one in find_order(table) if one.reason == "random"]
    decided = positions(find_order(table)[:100])
    rest = table.drop(index=decided).sample(frac=1, random_state=1).reset_index(drop=True)
    again = [rest["statement_id"][one.position] for one in find_order(rest) if one.reason == "random"]
    left = set(rest["statement_id"])
    assert again == [one for one in drawn if one in left]


def test_random_rows_are_a_fair_sample_of_the_probabilities() -> None:
    table = make_statements(4000)
    choices = find_order(table)[:1000]
    found = find_uncertainty(table)
    drawn, hard = ([one.position for one in choices if (one.reason == "random") == kind] for kind in (True, False))
    assert found[drawn].mean() == pytest.approx(found.mean(), abs=0.05)
    assert found[hard].mean() > found.mean() + 0.15


def test_another_seed_draws_others() -> None:
    table = make_statements(400)
    one, other = ({each.position for each in find_order(table, random_state=seed) if each.reason == "random"} for seed in (0, 1))
    assert one != other


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_beyond_0_and_1_is_refused(share: float) -> None:
    with pytest.raises(InputError, match="between 0 and 1"):
        find_order(make_statements(3), random_share=share)


def test_nothing_to_order_is_no_order() -> None:
    assert find_order(make_statements(3).head(0)) == []


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "sentence": st.one_of(st.none(), st.text(max_size=20)),
                "article_id": st.one_of(st.none(), st.sampled_from("ab")),
                "p_support": st.one_of(st.none(), st.floats(0, 1)),
            }
        ),
        max_size=12,
    ),
    st.floats(0, 1),
)
def test_any_table_is_ordered_whole(rows: list[dict[str, object]], share: float) -> None:
    table = pd.DataFrame([{**row, "p_oppose": 0.2, "p_neutral": 0.1} for row in rows])
    assert sorted(positions(find_order(table, random_share=share))) == list(range(len(rows)))


@pytest.mark.slow
def test_fifty_thousand_rows_take_two_seconds() -> None:
    table = make_statements(50_000)
    start = time.perf_counter()
    find_order(table)
    assert time.perf_counter() - start < 4  # twice as much as on a quiet machine
