"""``stance quotes``: articles in; every attribution out, whatever its topic."""

from __future__ import annotations

from typing import Annotated

import typer

from stance.cli import options
from stance.cli.articles import Words
from stance.cli.running import How, check_run, run
from stance.cli.tables import ATTRIBUTIONS, Destination
from stance.cli.terminal import says_errors
from stance.records import ATTRIBUTION_COLUMNS


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
    output: options.OutputOrFolder = None,
    no_attitudes: Annotated[
        bool,
        typer.Option(
            "--no-attitudes",
            help="Leave out what is believed, hoped, intended or done in mind (cue_class belief and attitude), which corpora of "
            "attribution mark too; keep what is said and where somebody stands.",
        ),
    ] = False,
    format: options.Format = None,  # noqa: A002
    jobs: options.Jobs = None,
    resume: options.Resume = False,
    part_articles: options.PartArticles = None,
    engine: options.Engine = "local",
    scheduler: options.Scheduler = None,
    no_defuse: options.NoDefuse = False,
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
    from stance import engines

    engines.collect_seldom()
    to = Destination(output, format, ATTRIBUTIONS, force=force, show=show, defuse=not no_defuse)
    how = How(options.read_reading(column_map, duplicates), engine, scheduler, jobs, resume, part_articles, quiet)
    check_run(how, to, ATTRIBUTION_COLUMNS)
    work = engines.Attributing(not no_attitudes, duplicates == "flag")
    run(inputs, work, to, Words("Reading", "attributions", "nothing was written"), how)
