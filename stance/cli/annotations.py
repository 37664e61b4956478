"""Reads annotated tables for the commands that learn from them, with the words of the articles they point into."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from stance.cli.terminal import report_skipped
from stance.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from stance.files import Skipped
    from stance.training.settling import Settled


def read_annotations(annotations: list[str], articles: list[str], *, quiet: bool = False) -> pd.DataFrame:
    """Return annotated tables as one, with sentence and context read from the articles.

    Annotation stores and tables of many annotators' decisions are settled, one row a statement; what could not be is named.
    """
    import pandas as pd

    from stance import files
    from stance.files.store import is_store
    from stance.training.settling import is_annotation_table

    texts = read_texts(articles)
    decided, tables = [], []
    for path in files.find_files(annotations):
        if is_store(path) or is_annotation_table(files.read_columns(path)):
            decided.append(path)
        else:
            tables.append(with_texts(files.read_table(path), texts))
    if decided:
        settled = read_settled(decided, texts)
        for note in settled.notes if not quiet else ():
            typer.echo(f"left out: {note}", err=True)
        tables.append(settled.table)
    return pd.concat(tables, ignore_index=True) if len(tables) > 1 else tables[0]


def read_settled(paths: list[Path], texts: dict[str, str]) -> Settled:
    """Return what the annotators of all tables agree on, with sentence and context from the texts and from the stores."""
    import pandas as pd

    from stance.files.annotations import read_annotation_table
    from stance.files.store import AnnotationStore, is_store
    from stance.training.settling import settle

    tables = []
    for path in paths:
        own = {one.id: one.text for one in AnnotationStore(path, create=False).articles()} if is_store(path) else {}
        tables.append(with_texts(read_annotation_table(path), {**own, **texts}))
    return settle(pd.concat(tables, ignore_index=True))


def read_coded(annotations: list[str]) -> pd.DataFrame | None:
    """Return what each annotator said, of annotation stores and tables of many annotators' decisions; None without any."""
    import pandas as pd

    from stance import files
    from stance.files.annotations import read_annotation_table
    from stance.files.store import is_store
    from stance.training.settling import is_annotation_table

    paths = [path for path in files.find_files(annotations) if is_store(path) or is_annotation_table(files.read_columns(path))]
    return pd.concat([read_annotation_table(path) for path in paths], ignore_index=True) if paths else None


def with_context(table: pd.DataFrame, articles: list[str]) -> pd.DataFrame:
    """Return the table with sentence and context read from the articles, where they are given."""
    return with_texts(table, read_texts(articles))


def read_texts(articles: list[str]) -> dict[str, str]:
    """Return the text of each article by its id; what cannot be read is named."""
    if not articles:
        return {}
    from stance import files

    skipped: list[Skipped] = []
    texts = {article.id: article.text for article in files.read_articles(files.find_inputs(articles), on_skip=skipped.append)}
    report_skipped(skipped)
    return texts


def with_texts(table: pd.DataFrame, texts: dict[str, str]) -> pd.DataFrame:
    """Return the table with sentence and context read from the texts, if there are any."""
    if not texts:
        return table
    from stance.pipeline import CONTEXT_CHARS
    from stance.training import join_context

    missing = [column for column in ("article_id", "start", "end") if column not in table.columns]
    if missing:
        msg = f"With --articles the table needs the columns article_id, start and end; it lacks {', '.join(missing)}."
        raise InputError(msg)
    return join_context(table, texts, CONTEXT_CHARS)
