"""Turns views, lists of tokens, into TF-IDF vectors by what a model has learned."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Documents = Sequence[Iterable[tuple[str, Sequence[str]]]]


class TokenVectorizer:
    """TF-IDF of token lists with a known vocabulary.

    scikit-learn's TfidfVectorizer (``sublinear_tf``) gives the same vectors to the last bit; counting a batch at once takes a
    third of its time, and needs neither scikit-learn nor SciPy, which take a second to import (2026-11).

    Raises
    ------
    ValueError
        If there are more tokens than weights, or fewer.
    """

    def __init__(self, vocabulary: Sequence[str], idf: NDArray[np.float64]) -> None:
        if len(vocabulary) != len(idf):
            msg = f"{len(vocabulary)} tokens but {len(idf)} weights"
            raise ValueError(msg)
        self.idf_ = idf
        self._tokens = list(vocabulary)
        self._order = sorted(range(len(self._tokens)), key=self._tokens.__getitem__)
        self._columns: dict[str, dict[str, int]] = {}

    @cached_property
    def vocabulary_(self) -> dict[str, int]:
        """The column of each token."""
        return {token: column for column, token in enumerate(self._tokens)}

    def transform(self, documents: Documents) -> Any:
        """Return a sparse matrix (n_documents, n_tokens), rows of length one; documents as for ``weigh``."""
        from scipy import sparse

        rows, columns, weights = self.weigh(documents)
        ends = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(documents)))])
        return sparse.csr_matrix((weights, columns.astype(np.int32), ends), (len(documents), len(self._tokens)))

    def weigh(self, documents: Documents) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
        """Return document, token and weight of each token that stands in a document, in this order.

        A document is made of groups of tokens: a beginning, and the ends that follow it.
        """
        found: list[int] = []
        ends = [0]
        for document in documents:
            for beginning, rest in document:
                found += filter(None, map(self._columns_behind(beginning).get, rest))
            ends.append(len(found))
        n_tokens = max(1, len(self._tokens))
        places = np.repeat(np.arange(len(documents)), np.diff(ends)) * n_tokens + (np.array(found, dtype=np.intp) - 1)
        places, counts = np.unique(places, return_counts=True)
        rows, columns = np.divmod(places, n_tokens)
        weights = (np.log(counts.astype(np.float64)) + 1.0) * self.idf_[columns]
        lengths = np.sqrt(np.bincount(rows, weights * weights, minlength=len(documents)))
        return rows, columns, weights / lengths[rows]

    def _columns_behind(self, beginning: str) -> dict[str, int]:
        """Return the ends of the known tokens that begin so, with their columns counted from 1; kept where there are any."""
        found = self._columns.get(beginning)
        if found is None:
            tokens, length = self._tokens, len(beginning)
            start = bisect_left(self._order, beginning, key=tokens.__getitem__)
            end = bisect_right(self._order, beginning, lo=start, key=lambda column: tokens[column][:length])
            found = {tokens[column][length:]: column + 1 for column in self._order[start:end]}
            if found:
                self._columns[beginning] = found
        return found

    def get_feature_names_out(self) -> list[str]:
        """Return the tokens in the order of their columns."""
        return list(self._tokens)
