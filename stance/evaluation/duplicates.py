"""What must stay together in folds and in resampling: the statements of an article, and of articles that share sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sklearn
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.neighbors import NearestNeighbors

# Cosine of the pairs of neighbouring words of two sentences: one word changed in ten, or four in 27 (the median of
# data/annotations), leave 0.69 and more. Of 12,000 sentences of 463 real news articles 158 are tied so, 55 of them word for word;
# those between 0.65 and 0.75, read by eye, are rewrites, under 0.6 turns of phrase come in. No two of the 656 composed
# articles are tied. (2026-11)
LEAST_SHARED = 0.65
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Units:
    """What stays together: ``names`` holds the unit of each row.

    ``n_rows`` statements, ``n_exact`` of them word for word, stand in ``n_clusters`` of near-duplicate sentences that tie
    articles together; the largest unit has ``n_largest`` statements. ``by_article`` is False where all statements are of one
    article, whose rows then stand alone; ``all_tied`` is True where near-duplicates would tie everything into one unit, and
    articles stay as they are.
    """

    names: tuple[str, ...]
    n_articles: int
    n_units: int
    n_clusters: int
    n_rows: int
    n_exact: int
    n_largest: int
    by_article: bool
    all_tied: bool

    def as_dict(self) -> dict[str, Any]:
        """Return the counts as plain values for JSON."""
        return {name: getattr(self, name) for name in self.__slots__ if name != "names"}


def find_units(sentences: Sequence[str], articles: Sequence[str]) -> Units:
    """Return the units of statements (n_statements,): articles, tied together where they share near-duplicate sentences.

    Wire copy runs in many papers under as many ids; on both sides of a fold it would make a model look better than it is.

    Examples
    --------
    >>> wire = "The truce in Sudan must hold, Kari Lund said in Oslo on {}."
    >>> find_units([wire.format("Monday"), "It will not.", wire.format("Tuesday")], ["a", "b", "c"]).names
    ('a', 'b', 'a')
    """
    texts = [" ".join(_WORD.findall(sentence.casefold())) for sentence in sentences]
    by_article = len(set(articles)) > 1
    names = list(articles) if by_article else [f"row {i + 1}" for i in range(len(texts))]
    clusters = find_clusters(texts)
    place = {name: i for i, name in enumerate(dict.fromkeys(names))}
    owners = np.array([place[name] for name in names])
    links = sparse.coo_array((np.ones(len(owners)), (owners, clusters)), shape=(len(place), int(clusters.max(initial=-1)) + 1))
    # Articles and clusters are the two sides of one graph; what hangs together in it is a unit.
    n_units, sides = connected_components(sparse.block_array([[None, links], [links.T, None]]), directed=False)
    unit_of = sides[: len(place)]
    all_tied = n_units == 1 and len(place) > 1
    if all_tied:
        unit_of, n_units = np.arange(len(place)), len(place)
    first = {unit: name for name, unit in reversed(list(zip(place, unit_of.tolist(), strict=True)))}
    joined = [first[unit_of[owner]] for owner in owners]
    tying = (np.bincount(np.unique(np.column_stack([clusters, owners]), axis=0)[:, 0]) > 1)[clusters]
    return Units(
        names=tuple(joined),
        n_articles=len(set(articles)),
        n_units=int(n_units),
        n_clusters=len(set(clusters[tying].tolist())),
        n_rows=int(tying.sum()),
        n_exact=_count_exact([(text, owner) for text, owner, ties in zip(texts, owners.tolist(), tying, strict=True) if ties]),
        n_largest=max(np.unique(joined, return_counts=True)[1].tolist()),
        by_article=by_article,
        all_tied=all_tied,
    )


def find_clusters(texts: Sequence[str]) -> NDArray[np.intp]:
    """Return the number of the cluster of near-duplicates that each text (n_texts,), words joined by spaces, belongs to."""
    different = list(dict.fromkeys(texts))
    place = {text: i for i, text in enumerate(different)}
    of_text = np.array([place[text] for text in texts], dtype=np.intp)
    if sum(" " in text for text in different) < 2:
        return of_text
    pairs = CountVectorizer(ngram_range=(2, 2), token_pattern=r"\S+", binary=True, dtype=np.float64).fit_transform(different)
    # Distances are made in blocks of so many megabytes, never all at once.
    with sklearn.config_context(working_memory=64):
        search = NearestNeighbors(radius=1 - LEAST_SHARED + 1e-9, metric="cosine", algorithm="brute")
        near = search.fit(pairs).radius_neighbors_graph(pairs)
    return np.asarray(connected_components(near, directed=False)[1][of_text], dtype=np.intp)


def _count_exact(rows: list[tuple[str, int]]) -> int:
    """Return how many rows have their text, word for word, in another article too."""
    owners: dict[str, set[int]] = {}
    for text, owner in rows:
        owners.setdefault(text, set()).add(owner)
    return sum(len(owners[text]) > 1 for text, _ in rows)
