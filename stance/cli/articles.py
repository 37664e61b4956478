"""Runs a stage over the articles of a command's inputs and closes with what was read, found and skipped."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from stance.cli.terminal import progress, report_skipped
from stance.records import Article

if TYPE_CHECKING:
    import pandas as pd

    from stance.files import Duplicates, Input, Skipped

# What a command does with the articles; it tells the second argument of each one it has read.
Articles = Iterator[Article]
FindRows = Callable[[Articles, Callable[[Article], None]], Iterable[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Run:
    """The rows found, how many articles they come from, and what was skipped."""

    rows: list[dict[str, Any]]
    n_articles: int
    skipped: list[Skipped]

    def table(self, columns: tuple[str, ...]) -> pd.DataFrame:
        """Return the rows as a table with these columns."""
        import pandas as pd

        return pd.DataFrame(self.rows, columns=list(columns))


def run_over(
    paths: Sequence[Input],
    find_rows: FindRows,
    *,
    what: str,
    quiet: bool,
    columns: Mapping[str, str] | None = None,
    duplicates: Duplicates = "keep",
) -> Run:
    """Return the rows a stage finds in the articles of some files, with a progress bar titled ``what``."""
    from stance import files

    skipped: list[Skipped] = []
    count = 0
    with progress(what, quiet=quiet) as advance:

        def read(_: Article) -> None:
            nonlocal count
            count += 1
            advance()

        articles = files.read_articles(paths, on_skip=skipped.append, columns=columns, duplicates=duplicates)
        rows = list(find_rows(articles, read))
    return Run(rows, count, skipped)


def close(run: Run, output: Path | None, *, noun: str, undone: str, quiet: bool) -> None:
    """Sum up on standard error, rows called ``noun``; exit with status 1 where no article could be read."""
    if not quiet or not run.n_articles:
        report_skipped(run.skipped)
    if not quiet:
        typer.echo(_summary(run, output, noun), err=True)
    if not run.n_articles:
        typer.echo(f"stance: no article could be read; {undone}.", err=True)
        raise typer.Exit(1)


def _summary(run: Run, output: Path | None, noun: str) -> str:
    reasons: Counter[str] = Counter()
    for one in run.skipped:
        if not one.kept:
            reasons[re.split(r"[:;(]| as ", one.reason)[0].strip()] += one.n_inputs
    line = f"{run.n_articles} articles, {len(run.rows)} {noun}"
    if reasons:
        line += f"; skipped {sum(reasons.values())}: " + ", ".join(f"{count} {reason}" for reason, count in reasons.most_common())
    return f"{line} -> {output}" if output else line
