"""Vectors of token lists are those of scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from stance.model.vectors import TokenVectorizer

KNOWN = ["lift", "not", "not+lift", "they"]
IDF = np.array([1.5, 1.0, 2.25, 1.25])


@given(st.lists(st.lists(st.sampled_from([*KNOWN, "strange", ""]), max_size=12), min_size=1, max_size=6))
def test_vectors_are_those_of_scikit_learn(documents: list[list[str]]) -> None:
    theirs = TfidfVectorizer(analyzer=lambda tokens: tokens, sublinear_tf=True, vocabulary=KNOWN)
    theirs.idf_ = IDF
    ours = TokenVectorizer(KNOWN, IDF).transform([[("", tokens)] for tokens in documents])
    np.testing.assert_allclose(ours.toarray(), theirs.transform(documents).toarray(), atol=1e-12)


def test_a_statement_without_a_known_token_is_zero() -> None:
    found = TokenVectorizer(KNOWN, IDF).transform([[("", ["strange"])], []])
    assert found.shape == (2, 4)
    assert found.nnz == 0


def test_tokens_are_named_in_the_order_of_their_columns() -> None:
    assert TokenVectorizer(KNOWN, IDF).get_feature_names_out() == KNOWN


@pytest.mark.parametrize("idf", [IDF[:-1], np.append(IDF, 1.0), np.empty(0)])
def test_as_many_weights_as_tokens_are_needed(idf: np.ndarray) -> None:
    with pytest.raises(ValueError, match="4 tokens but"):
        TokenVectorizer(KNOWN, idf)


HALVES = st.tuples(st.sampled_from(["", "not", "not+", "t", "x|"]), st.sampled_from(["lift", "", "hey", "not"]))


@given(st.lists(st.lists(HALVES), min_size=1))
def test_a_token_is_the_same_wherever_it_is_cut_in_two(documents: list[list[tuple[str, str]]]) -> None:
    cut = TokenVectorizer(KNOWN, IDF).transform([[(one, [rest]) for one, rest in tokens] for tokens in documents])
    whole = TokenVectorizer(KNOWN, IDF).transform([[("", [one + rest for one, rest in tokens])] for tokens in documents])
    assert (cut != whole).nnz == 0
