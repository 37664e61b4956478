"""Vectors of token lists are those of scikit-learn."""

from __future__ import annotations

import pickle
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from stance.features import Groups
from stance.model.vectors import Vectorizer, Vocabulary

KNOWN = ["lift", "not", "not+lift", "they"]
IDF = np.array([1.5, 1.0, 2.25, 1.25])
OTHERS = ["x|lift", "x|they", "y|lift"]
OTHER_IDF = np.array([3.0, 1.75, 1.125])


def vectors(documents: list[Groups], scales: dict[str, float] | None = None) -> sparse.csr_matrix:
    return read(Vectorizer({"words": Vocabulary(KNOWN, IDF), "crossed": Vocabulary(OTHERS, OTHER_IDF)}), documents, scales)


def read(vectorizer: Vectorizer, documents: list[Groups], scales: dict[str, float] | None = None) -> sparse.csr_matrix:
    rows, columns, weights = vectorizer.weigh(documents, scales or {})
    return sparse.csr_matrix((weights, (rows, columns)), (len(documents), vectorizer.n_features))


def theirs(known: list[str], idf: np.ndarray, documents: list[list[str]]) -> sparse.csr_matrix:
    vectorizer = TfidfVectorizer(analyzer=lambda tokens: tokens, sublinear_tf=True, vocabulary=known)
    vectorizer.idf_ = idf
    return vectorizer.transform(documents)


DOCUMENTS = st.lists(st.lists(st.sampled_from([*KNOWN, "strange", ""]), max_size=12), min_size=1, max_size=6)


@given(DOCUMENTS)
def test_vectors_are_those_of_scikit_learn_one_view_behind_the_other(documents: list[list[str]]) -> None:
    ours = vectors([[(tokens, (("words", ""), ("crossed", "x|")))] for tokens in documents])
    crossed = [["x|" + token for token in tokens] for tokens in documents]
    expected = sparse.hstack([theirs(KNOWN, IDF, documents), theirs(OTHERS, OTHER_IDF, crossed)])
    np.testing.assert_allclose(ours.toarray(), expected.toarray(), atol=1e-12)


@given(DOCUMENTS)
def test_a_view_counts_as_much_as_its_scale(documents: list[list[str]]) -> None:
    groups: list[Groups] = [[(tokens, (("words", ""), ("crossed", "x|")))] for tokens in documents]
    expected = vectors(groups).toarray() * np.repeat([1.0, 0.25], [len(KNOWN), len(OTHERS)])
    assert (vectors(groups, {"crossed": 0.25}).toarray() == expected).all()


def test_what_is_not_known_is_zero() -> None:
    found = vectors([[(["strange"], (("words", ""),))], [], [(["lift"], (("words", "z|"), ("unheard", "")))]])
    assert found.shape == (3, 7)
    assert found.nnz == 0


def test_no_documents_give_no_rows() -> None:
    assert vectors([]).shape == (0, 7)


def test_beginnings_met_later_are_known_too() -> None:
    vectorizer = Vectorizer({"words": Vocabulary(KNOWN, IDF), "crossed": Vocabulary(OTHERS, OTHER_IDF)})
    documents: list[Groups] = [
        [(["lift", "they"], ((view, beginning),))] for view, beginning in [("words", ""), ("crossed", "x|")]
    ]
    one_by_one = sparse.vstack([read(vectorizer, [document]) for document in documents])
    assert (one_by_one != vectors(documents)).nnz == 0
    assert (read(vectorizer, documents) != vectors(documents)).nnz == 0


def test_what_has_been_met_goes_along_to_another_process() -> None:
    vectorizer = Vectorizer({"words": Vocabulary(KNOWN, IDF)})
    documents: list[Groups] = [[(["lift", "they"], (("words", ""),))]]
    before = read(vectorizer, documents)
    assert (read(pickle.loads(pickle.dumps(vectorizer)), documents) != before).nnz == 0


def test_threads_may_share_a_vectorizer() -> None:
    words = [f"word{i}" for i in range(200)]
    tokens = [f"{i}|{word}" for i, word in enumerate(words)]
    documents: list[Groups] = [[(words, (("words", f"{i}|"),))] for i in range(200)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        vectorizer = Vectorizer({"words": Vocabulary(tokens, np.ones(200))})
        with ThreadPoolExecutor(8) as threads:
            found = list(threads.map(lambda document: read(vectorizer, [document]).indices.tolist(), documents * 2))
    finally:
        sys.setswitchinterval(interval)
    assert found == [[i] for i in range(200)] * 2


def test_tokens_are_named_in_the_order_of_their_columns() -> None:
    assert Vocabulary(KNOWN, IDF).get_feature_names_out() == KNOWN


@pytest.mark.parametrize("idf", [IDF[:-1], np.append(IDF, 1.0), np.empty(0)])
def test_as_many_weights_as_tokens_are_needed(idf: np.ndarray) -> None:
    with pytest.raises(ValueError, match="4 tokens but"):
        Vocabulary(KNOWN, idf)


HALVES = st.tuples(st.sampled_from(["", "not", "not+", "t", "x|"]), st.sampled_from(["lift", "", "hey", "not"]))


@given(st.lists(st.lists(HALVES), min_size=1))
def test_a_token_is_the_same_wherever_it_is_cut_in_two(documents: list[list[tuple[str, str]]]) -> None:
    cut = vectors([[([rest], (("words", one),)) for one, rest in tokens] for tokens in documents])
    whole = vectors([[([one + rest for one, rest in tokens], (("words", ""),))] for tokens in documents])
    assert (cut != whole).nnz == 0
