"""Cuts a stream of articles into batches, by what is read alone, so that every run cuts them alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from stance.files import Skipped, read_articles
from stance.files.inputs import Input, source_name
from stance.records import Article

# The first batches are small, so that the first rows come at once; the others keep a worker busy for half a second at most, so
# that no one waits long for the last.
_SIZES = (1, 4, 16)
_MOST_ARTICLES = 64
# Characters after which a batch is closed, however few its articles; and rows left out, should there be no article at all.
_MOST_CHARS = 2_000_000
_MOST_SKIPPED = 1000


class Place(NamedTuple):
    """Where an article comes from: the input, and how many articles of that input came before it."""

    input: str
    article: int


@dataclass(slots=True)
class Batch:
    """Articles with their places, and what was left out on the way to them; ``ends_part``: with it a part is complete."""

    articles: list[Article] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    ends_part: bool = False


def read_batches(paths: Iterable[Input], *, part_articles: int | None = None, done: int = 0, **reading: Any) -> Iterator[Batch]:
    """Yield the articles of some files in batches, each with what was left out on the way to its articles.

    Every ``part_articles`` articles a part ends. The first ``done`` articles, a whole number of parts, are read (for what came
    before decides which ids are taken) but not given again. ``reading`` goes to ``read_articles``.
    """
    skipped: list[Skipped] = []
    batch, n_in_part, n_batches, n_chars = Batch(), 0, 0, 0
    for number, (place, article) in enumerate(_with_places(paths, skipped, **reading)):
        if number < done:
            skipped.clear()
            continue
        batch.articles.append(article)
        batch.places.append(place)
        n_in_part, n_chars = n_in_part + 1, n_chars + len(article.text)
        batch.ends_part = n_in_part == part_articles
        full = len(batch.articles) >= (_SIZES[n_batches] if n_batches < len(_SIZES) else _MOST_ARTICLES)
        if batch.ends_part or full or n_chars >= _MOST_CHARS or len(skipped) >= _MOST_SKIPPED:
            batch.skipped = skipped.copy()
            skipped.clear()
            yield batch
            n_in_part, n_batches = (0, 0) if batch.ends_part else (n_in_part, n_batches + 1)
            batch, n_chars = Batch(), 0
    batch.skipped = skipped.copy()
    if batch.articles or batch.skipped:
        yield batch


def _with_places(paths: Iterable[Input], skipped: list[Skipped], **reading: Any) -> Iterator[tuple[Place, Article]]:
    current, n_before = "", 0

    def following() -> Iterator[Input]:
        """Hand out the paths, each when the articles of the one before have all been read."""
        nonlocal current, n_before
        for path in paths:
            current, n_before = source_name(path), 0
            yield path

    for article in read_articles(following(), on_skip=skipped.append, **reading):
        yield Place(current, n_before), article
        n_before += 1
