"""Turns the views of statements, lists of tokens, into TF-IDF vectors by what a model has learned."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from stance.features import Groups, Use


class Vocabulary:
    """The tokens that a view knows, in the order of their columns, and what each weighs (``idf_``, the rarer the more).

    Raises
    ------
    ValueError
        If there are more tokens than weights, or fewer.
    """

    def __init__(self, tokens: Sequence[str], idf: NDArray[np.float64]) -> None:
        if len(tokens) != len(idf):
            msg = f"{len(tokens)} tokens but {len(idf)} weights"
            raise ValueError(msg)
        self.idf_ = idf
        self._tokens = list(tokens)
        self._order = sorted(range(len(self._tokens)), key=self._tokens.__getitem__)

    @cached_property
    def vocabulary_(self) -> dict[str, int]:
        """The column of each token."""
        return {token: column for column, token in enumerate(self._tokens)}

    def find_behind(self, beginning: str) -> dict[str, int]:
        """Return the ends of the known tokens that begin so, each with its column."""
        tokens, length = self._tokens, len(beginning)
        start = bisect_left(self._order, beginning, key=tokens.__getitem__)
        end = bisect_right(self._order, beginning, lo=start, key=lambda column: tokens[column][:length])
        return {tokens[column][length:]: column for column in self._order[start:end]}

    def get_feature_names_out(self) -> list[str]:
        """Return the tokens in the order of their columns."""
        return list(self._tokens)


# Threads that label with the same model must not number the same words at once. One for all models: a lock cannot be pickled.
_LEARNING = Lock()


class Vectorizer(dict[str, Vocabulary]):
    """TF-IDF of the views of statements, each by its vocabulary.

    scikit-learn's TfidfVectorizer (``sublinear_tf``), one for each view, gives the same vectors to the last bit; it takes longer,
    and a second to import (2026-11). Words are used in several views, behind several beginnings. So each has a number, for which
    it is asked once, and a table tells the columns of the numbers of a whole batch, by use.
    """

    def __init__(self, views: Mapping[str, Vocabulary]) -> None:
        super().__init__(views)
        sizes = [len(view.idf_) for view in views.values()]
        self.n_features = sum(sizes)
        self._first = dict(zip(views, np.cumsum([0, *sizes]).tolist(), strict=False))
        self._view_of = np.repeat(np.arange(len(sizes)), sizes)
        self._idf = np.concatenate([view.idf_ for view in views.values()])
        self._numbers: dict[str, int] = {}
        self._uses: dict[Use, int] = {}
        self._columns: list[NDArray[np.int32]] = []  # of the numbers known when the use was first met; 0 where there is none
        self._table = np.zeros((0, 0), dtype=np.int32)

    def __reduce__(self) -> tuple[type[Vectorizer], tuple[dict[str, Vocabulary]]]:
        """Travel to another process without what can be made again there."""
        return Vectorizer, (dict(self),)

    def weigh(
        self, documents: Iterable[Groups], scales: Mapping[str, float]
    ) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
        """Return document, feature and weight of each known token that stands in a document, in this order.

        The features of a document are those of its views one behind the other, each of length one, times its scale (or 1).
        """
        numbers: list[int] = []
        spans: list[int] = []  # document, use, where its numbers begin and how many they are, one behind the other
        n_documents = 0
        get = self._numbers.get
        for n_documents, groups in enumerate(documents, 1):
            for tokens, uses in groups:
                known = [self._uses.get(use) or self._learn(use) for use in uses]
                start = len(numbers)
                numbers += filter(None, map(get, tokens))
                size = len(numbers) - start
                for use in known:
                    spans += (n_documents - 1, use, start, size)
        owners, kinds, starts, sizes = np.array(spans, dtype=np.intp).reshape(-1, 4).T
        places = np.repeat(starts - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
        columns = self._look_up(np.repeat(kinds, sizes), np.array(numbers, dtype=np.intp)[places])
        met = columns > 0
        found, counts = np.unique(np.repeat(owners, sizes)[met] * self.n_features + columns[met] - 1, return_counts=True)
        rows, columns = np.divmod(found, max(1, self.n_features))
        weights = (np.log(counts.astype(np.float64)) + 1.0) * self._idf[columns]
        views = self._view_of[columns]
        own = rows * len(self) + views
        lengths = np.sqrt(np.bincount(own, weights * weights))
        return rows, columns, weights / lengths[own] * np.array([scales.get(name, 1.0) for name in self])[views]

    def _learn(self, use: Use) -> int:
        """Return the number of a use met for the first time, 0 for one behind whose beginning no token is known."""
        view, beginning = use
        ends = self[view].find_behind(beginning) if view in self else {}
        if not ends:
            return 0
        with _LEARNING:
            if use not in self._uses:
                numbers = [self._numbers.setdefault(end, len(self._numbers) + 1) for end in ends]
                columns = np.zeros(len(self._numbers) + 1, dtype=np.int32)
                columns[numbers] = np.array(list(ends.values())) + self._first[view] + 1
                self._columns.append(columns)
                self._uses[use] = len(self._columns)  # last: from now on others ask for its words
        return self._uses[use]

    def _look_up(self, uses: NDArray[np.intp], numbers: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return the columns, counted from 1, of numbers as they are used; 0 for a token that is not known."""
        with _LEARNING:
            shape = (len(self._columns) + 1, len(self._numbers) + 1)
            if self._table.shape != shape:
                self._table = np.zeros(shape, dtype=np.int32)
                for use, columns in enumerate(self._columns, 1):
                    self._table[use, : len(columns)] = columns
            table = self._table
        return table[uses, numbers].astype(np.intp)
