"""What is called English by a short look is English by a count of all its words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stance.files.language import looks_english, share_function_words

PIECES = ("the ", "The", "of\n", "and, ", "truce ", "Verhandlungen ", "é ", "THE ", "’s ", "7 ", "-", "停", "停火 ", "ไทย", "x ")


@given(st.lists(st.tuples(st.sampled_from(PIECES), st.integers(1, 400)), max_size=8))
def test_a_short_look_says_what_a_count_of_all_words_says(runs: list[tuple[str, int]]) -> None:
    text = "".join(piece * times for piece, times in runs)
    share, n_words = share_function_words(text)
    assert looks_english(text) == (n_words < 20 or share >= 0.04)


@given(st.integers(0, 120), st.integers(0, 2100), st.booleans())
def test_so_it_is_at_the_edge(n_common: int, n_others: int, common_first: bool) -> None:
    common, others = "the " * n_common, "q " * n_others
    text = common + others if common_first else others + common
    share, n_words = share_function_words(text)
    assert looks_english(text) == (n_words < 20 or share >= 0.04)
