"""``stance quotes``: articles in; every attribution out, whatever its topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from stance.cli import options
from stance.cli.articles import Articles, close, run_over
from stance.cli.tables import ATTRIBUTIONS, write
from stance.cli.terminal import says_errors
from stance.records import ATTRIBUTION_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator


@says_errors
def quotes(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help=f"{options.ARTICLES}.",
            show_default=False,
        ),
    ],
    output: options.Output = None,
    no_attitudes: Annotated[
        bool,
        typer.Option(
            "--no-attitudes",
            help="Leave out what is believed, hoped, intended or done in mind (cue_class belief and attitude), which corpora of "
            "attribution mark too; keep what is said and where somebody stands.",
        ),
    ] = False,
    format: options.Format = None,  # noqa: A002
    column_map: options.Map = None,
    duplicates: options.DuplicatesOption = "keep",
    show: options.Show = False,
    force: options.Force = False,
    quiet: options.Quiet = False,
) -> None:
    """Find every attribution in articles, whatever its topic: who says or thinks what, as exact spans.

    The column cue_class tells the classes apart: speech (said, wrote, according to), position (rejects, urges), belief
    (thinks, hopes, plans) and attitude (decided, seemed to, recognised). All four are taken in by default.
    """
    from stance import files, pipeline

    options.check(output, format, force=force)
    columns, about_duplicates = options.read_columns(column_map), options.read_duplicates(duplicates)
    paths = files.find_inputs(inputs)

    def find_all(found: Articles, on_article: Any) -> Iterator[dict[str, Any]]:
        return pipeline.attribution_rows(found, attitudes=not no_attitudes, on_article=on_article)

    run = run_over(paths, find_all, what="Reading", quiet=quiet, columns=columns, duplicates=about_duplicates)
    if run.n_articles:
        table = run.table(options.with_duplicates(ATTRIBUTION_COLUMNS, duplicates))
        write(table, output, format, ATTRIBUTIONS, force=force, show=show)
    close(run, output, noun="attributions", undone="nothing was written", quiet=quiet)
