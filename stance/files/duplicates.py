"""Knows an article that is nearly the same as an earlier one: wire copy that many papers run, each with changes of its own."""

from __future__ import annotations

from dataclasses import dataclass

from stance.files.sources import import_extra
from stance.records import Article

# Two articles are near-duplicates when half of all runs of three words that stand in either stand in both. On 696 composed
# articles made into wire copy (2026-11) a lost last quarter leaves 0.73 and more, another headline 0.86, another dateline 0.92,
# all three 0.66, one word changed in ten 0.53; a lost half leaves 0.57 in the median, two strange paragraphs 0.84. The
# most similar two of 1,531 real articles on the same subjects share 0.26, most of them an agency's background paragraphs.
LEAST_SIMILAR = 0.5
_RUN = 3
# 63 values an article, looked up in 21 bands of three: an article that shares 0.5 is looked at with a chance of 0.94, one that
# shares 0.66 of 0.999, one that shares 0.1 of 0.02. Of the copies above they find all that share 0.66 or more, 0.96 with two
# strange paragraphs, 0.79 of those cut in half. 128 values in 32 bands find 0.06 more of the last, in half as much memory again.
_N_VALUES = 63
_N_BANDS = 21
_SEED = 1
# Letters and digits stay, everything else is a space; "café" is "caf" in every copy of it, and both apostrophes are one.
_ONLY_WORDS = bytes(code if chr(code).isalnum() and code < 128 else 32 for code in range(256))


@dataclass(frozen=True, slots=True)
class Like:
    """The earlier article that an article is like, and the share of their runs of three words that is the same, estimated."""

    article_id: str
    similarity: float


class NearDuplicates:
    """An index (MinHash with banding) of the articles so far that are no duplicates themselves.

    It takes some three kilobytes an article, however long that is.
    """

    def __init__(self) -> None:
        self._rensa = import_extra("rensa", extra="duplicates", what="near-duplicates")
        self._index = self._rensa.RMinHashLSH(threshold=LEAST_SIMILAR, num_perm=_N_VALUES, num_bands=_N_BANDS)
        self._ids: list[str] = []
        self._sketches: list[object] = []

    def find_or_add(self, article: Article) -> Like | None:
        """Return the earlier article that this one is most like, the first of several; where there is none, remember this one."""
        sketch = self._rensa.RMinHash(num_perm=_N_VALUES, seed=_SEED)
        sketch.update(_runs(article.text))
        shares = {place: sketch.jaccard(self._sketches[place]) for place in sorted(self._index.query(sketch))}
        best = max(shares, key=lambda place: shares[place], default=None)
        if best is not None and shares[best] >= LEAST_SIMILAR:
            return Like(self._ids[best], shares[best])
        self._index.insert(len(self._ids), sketch)
        self._ids.append(article.id)
        self._sketches.append(sketch)
        return None


def _runs(text: str) -> list[bytes]:
    """Return every run of three words, in lower case and without punctuation, which newsrooms set each in its own way."""
    words = text.lower().encode("utf-8", "surrogatepass").translate(_ONLY_WORDS).split()
    return list(map(b" ".join, zip(*(words[i:] for i in range(_RUN)), strict=False))) or [text.encode("utf-8", "surrogatepass")]
