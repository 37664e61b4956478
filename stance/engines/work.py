"""What is done to a batch of articles, wherever it is done; an article that fails costs no more than itself."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from stance import pipeline
from stance.records import ATTRIBUTION_COLUMNS, DUPLICATE_COLUMN, STATEMENT_COLUMNS, Article

if TYPE_CHECKING:
    from stance.model import Predictor, StanceClassifier

Row = dict[str, Any]
_MAX_REASON_CHARS = 200
# What is found in articles holds no cycles; looking for them after every 700 new values, as Python does, takes a tenth to a fifth
# of the time (2026-11).
_SELDOM = 50_000


def collect_seldom() -> None:
    """Have this process look for cycles of values only seldom; for a process that does nothing but work through articles."""
    gc.set_threshold(_SELDOM)


@dataclass(frozen=True, slots=True)
class Failure:
    """An article that could not be worked through: its place in the batch, and what went wrong."""

    place: int
    article_id: str
    reason: str
    exception: str


@dataclass(frozen=True, slots=True)
class Found:
    """What came out of a batch: rows in the order of the articles, and the articles that failed."""

    rows: list[Row]
    failures: list[Failure]


class Work(Protocol):
    """A stage with its settings, such as can be sent to another process."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of its rows."""

    @property
    def settings(self) -> dict[str, Any]:
        """All that decides its rows, as plain values."""

    def __call__(self, articles: Sequence[Article]) -> Found:
        """Return what is found in a batch; what is found in an article does not depend on the others."""


@dataclass(frozen=True, slots=True)
class Labelling:
    """Labels the statements of articles (``pipeline.label_articles``)."""

    model: StanceClassifier | Predictor
    model_name: str
    issues: tuple[str, ...] = ()
    abstain_below: float | None = None
    model_sha256: str = ""
    flag_duplicates: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The statement table, where near-duplicates are flagged with the column that names them."""
        return _with_duplicates(STATEMENT_COLUMNS, self.flag_duplicates)

    @property
    def settings(self) -> dict[str, Any]:
        """Model and options."""
        return {
            "model": self.model_name,
            "model_sha256": self.model_sha256,
            "added_issues": [hashlib.sha256(text.encode()).hexdigest()[:12] for text in self.model.added_issues],
            "issues": list(self.issues),
            "abstain_below": self.abstain_below,
        }

    def __call__(self, articles: Sequence[Article]) -> Found:
        """Return the labelled statements."""

        def rows(some: Sequence[Article]) -> Iterator[Row]:
            return pipeline.label_articles(
                some, self.model, model_name=self.model_name, issues=self.issues, abstain_below=self.abstain_below
            )

        return _find(articles, rows)


@dataclass(frozen=True, slots=True)
class Attributing:
    """Finds the attributions in articles (``pipeline.attribution_rows``)."""

    attitudes: bool = True
    flag_duplicates: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The table of attributions, where near-duplicates are flagged with the column that names them."""
        return _with_duplicates(ATTRIBUTION_COLUMNS, self.flag_duplicates)

    @property
    def settings(self) -> dict[str, Any]:
        """Whether attitudes are taken in."""
        return {"attitudes": self.attitudes}

    def __call__(self, articles: Sequence[Article]) -> Found:
        """Return the attributions."""
        return _find(articles, lambda some: pipeline.attribution_rows(some, attitudes=self.attitudes))


def _with_duplicates(columns: tuple[str, ...], flagged: bool) -> tuple[str, ...]:
    return (*columns, DUPLICATE_COLUMN) if flagged else columns


def _find(articles: Sequence[Article], find_rows: Callable[[Sequence[Article]], Iterator[Row]]) -> Found:
    try:
        return Found(list(find_rows(articles)), [])
    except Exception:  # whatever it is, a long run must not end of it: the articles are tried one by one
        rows, failures = [], []
    for place, article in enumerate(articles):
        try:
            rows += list(find_rows([article]))
        except Exception as error:
            reason = " ".join(str(error).split())[:_MAX_REASON_CHARS]
            failures.append(Failure(place, article.id, reason, type(error).__name__))
    return Found(rows, failures)
