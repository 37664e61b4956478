"""Reads annotated tables for ``stance train`` and ``stance evaluate``, with the words of the articles they point into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stance.cli.terminal import report_skipped
from stance.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from stance.files import Skipped


def read_annotations(annotations: list[str], articles: list[str]) -> pd.DataFrame:
    """Return annotated tables as one, with sentence and context read from the articles."""
    import pandas as pd

    from stance import files

    tables = [with_context(files.read_table(path), articles) for path in files.find_inputs(annotations)]
    return pd.concat(tables, ignore_index=True) if len(tables) > 1 else tables[0]


def with_context(table: pd.DataFrame, articles: list[str]) -> pd.DataFrame:
    """Return the table with sentence and context read from the articles, where they are given."""
    if not articles:
        return table
    from stance import files
    from stance.pipeline import CONTEXT_CHARS
    from stance.training import join_context

    missing = [column for column in ("article_id", "start", "end") if column not in table.columns]
    if missing:
        msg = f"With --articles the table needs the columns article_id, start and end; it lacks {', '.join(missing)}."
        raise InputError(msg)
    skipped: list[Skipped] = []
    texts = {article.id: article.text for article in files.read_articles(files.find_inputs(articles), on_skip=skipped.append)}
    report_skipped(skipped)
    return join_context(table, texts, CONTEXT_CHARS)
