"""Reads the base that a model is trained again with: annotated statements, the articles they are of, counted news."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from stance.errors import InputError
from stance.files.annotations import as_annotation_table
from stance.files.articles import Skipped, read_articles
from stance.files.counts import read_counts
from stance.files.tables import read_table
from stance.pipeline import CONTEXT_CHARS
from stance.training.annotations import join_context
from stance.training.merging import Base, is_held_out

_STATEMENTS, _ARTICLES, _SPLITS, _COUNTS = (
    "annotations/statements.jsonl",
    "annotations/articles.jsonl",
    "annotations/splits.csv",
    "counted_news",
)


def default_base() -> Path:
    """Return the base of the model that comes with the package: inside it when installed, ``data/`` of a checkout."""
    inside = Path(str(files("stance"))) / "base"
    return inside if inside.is_dir() else Path(str(files("stance"))).parent / "data"


def read_base(folder: Path | None = None) -> Base:
    """Return the base in a folder laid out as ``data/`` is (None: that of the model that comes with the package).

    ``counted_news`` may be missing. So may ``annotations/splits.csv``: then one article in four is held out, by a hash of its id.

    Raises
    ------
    InputError
        If a file is missing or cannot be read.
    """
    place = folder if folder is not None else default_base()
    if missing := [name for name in (_STATEMENTS, _ARTICLES) if not (place / name).is_file()]:
        msg = f"{place} is no base to train with: it lacks {' and '.join(missing)} (data/README.md says what they hold)."
        raise InputError(msg)
    skipped: list[Skipped] = []
    texts = {article.id: article.text for article in read_articles([place / _ARTICLES], on_skip=skipped.append)}
    if lost := [one for one in skipped if not one.kept]:
        msg = f"{place / _ARTICLES} cannot be used as it is: {lost[0].source}: {lost[0].reason}."
        raise InputError(msg)
    table = join_context(as_annotation_table(read_table(place / _STATEMENTS), str(place / _STATEMENTS)), texts, CONTEXT_CHARS)
    counts = read_counts(place / _COUNTS) if (place / _COUNTS).is_dir() else None
    return Base(table, _find_test_articles(place / _SPLITS, table["article_id"].dropna().unique()), counts)


def _find_test_articles(path: Path, articles: Iterable[str]) -> frozenset[str]:
    if not path.is_file():
        return frozenset(article for article in articles if is_held_out(article))
    splits = read_table(path)
    if missing := [name for name in ("article_id", "split") if name not in splits.columns]:
        msg = f"{path} has no column {', '.join(map(repr, missing))}."
        raise InputError(msg)
    return frozenset(splits.loc[splits["split"] == "test", "article_id"])
