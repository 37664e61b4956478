"""``stance quotes``: articles in; every attribution out, whatever its topic."""

from __future__ import annotations

from typing import Annotated

import typer

from stance.cli import options
from stance.cli.articles import Words, run_over
from stance.cli.folders import is_folder, require_folder, run_into_folder
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
    jobs: options.Jobs = 1,
    resume: options.Resume = False,
    part_articles: options.PartArticles = None,
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
    from stance import engines, files

    to_folder = is_folder(output)
    require_folder(output, {"--resume": resume, "--part-articles": part_articles})
    options.check(None if to_folder else output, format, ATTRIBUTION_COLUMNS, force=force)
    to = Destination(output, format, ATTRIBUTIONS, force=force, show=show, defuse=not no_defuse)
    words, reading = Words("Reading", "attributions", "nothing was written"), options.read_reading(column_map, duplicates)
    paths, work = files.find_inputs(inputs), engines.Attributing(not no_attitudes, duplicates == "flag")
    if to_folder:
        run_into_folder(
            paths, work, to, words, reading=reading, part_articles=part_articles, jobs=jobs, resume=resume, quiet=quiet
        )
    else:
        run_over(paths, work, to, words, reading=reading, jobs=jobs, quiet=quiet)
