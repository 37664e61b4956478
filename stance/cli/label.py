"""``stance label``: articles, or a table of ready statements, in; labelled statements out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stance.cli import options
from stance.cli.annotations import with_context
from stance.cli.articles import Words
from stance.cli.issues import add_issues, issue_names, require_issues
from stance.cli.running import How, check_run, run
from stance.cli.tables import STATEMENTS, Destination, predicted_name, write
from stance.cli.terminal import require_choice, says_errors
from stance.errors import InputError
from stance.records import ABSTAINED, ISSUES, STATEMENT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from stance.files import Input


@says_errors
def label(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help=f"{options.ARTICLES}; or one table of ready statements (columns sentence or text; issue, target, speaker …).",
            show_default=False,
        ),
    ],
    output: options.OutputAnywhere = None,
    model: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Model to use instead of the one that comes with stance.")
    ] = None,
    issue: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="Keep this issue only: sanctions, ceasefire, peace_process or one of your own. Repeatable."
        ),
    ] = None,
    issue_file: options.IssueFile = None,
    abstain_below: Annotated[
        float | None,
        typer.Option(
            metavar="P",
            help="Give no label where the best probability is below P (0 < P < 1): stance stays empty, the probabilities stay, "
            "flags says abstained. What a P costs in labels and gains in accuracy: the coverage table of 'stance evaluate'.",
        ),
    ] = None,
    format: options.Format = None,  # noqa: A002
    kind: Annotated[
        str | None,
        typer.Option("--as", metavar="KIND", help="Take the input as 'articles' or as 'statements'. Default: by its columns."),
    ] = None,
    articles: Annotated[
        list[str] | None,
        typer.Option(metavar="FILE", help="Articles that the offsets of a statement table point into. Repeatable."),
    ] = None,
    column_map: options.Map = None,
    duplicates: options.DuplicatesOption = "keep",
    jobs: options.Jobs = None,
    resume: options.Resume = False,
    part_articles: options.PartArticles = None,
    engine: options.Engine = "local",
    scheduler: options.Scheduler = None,
    table: options.Table = None,
    no_defuse: options.NoDefuse = False,
    show: options.Show = False,
    force: options.Force = False,
    quiet: options.Quiet = False,
) -> None:
    """Find the statements in articles and label their stance; or label a table of ready statements."""
    from stance import engines, files
    from stance.files.models import read_card, read_predictor

    engines.collect_seldom()
    if model is None and not issue_file:  # what can be known before any work is done
        require_issues(issue or [], ISSUES)
    require_choice("--as", [kind] if kind else [], ("articles", "statements"))
    if abstain_below is not None and not 0 < abstain_below < 1:
        msg = f"{abstain_below} does not lie between 0 and 1."
        raise typer.BadParameter(msg, param_hint="--abstain-below")
    to = Destination(output, format, STATEMENTS, force=force, show=show, table=table, defuse=not no_defuse)
    how = How(options.read_reading(column_map, duplicates), engine, scheduler, jobs, resume, part_articles, quiet)
    check_run(how, to, STATEMENT_COLUMNS)
    paths = files.find_inputs(inputs) if engine == "local" else []
    if kind == "statements" or (kind is None and _holds_statements(paths)):
        if issue:
            msg = "a table of ready statements keeps all its rows; filter it by its own columns."
            raise typer.BadParameter(msg, param_hint="--issue")
        if column_map or duplicates != "keep":
            msg = "a table of ready statements keeps all its rows and columns; this is for articles (--as articles)."
            raise typer.BadParameter(msg, param_hint="--map" if column_map else "--duplicates")
        _label_table(paths, to, model, articles or [], issue_file, abstain_below, quiet=quiet)
        return
    predictor, name = read_predictor(model)
    predictor = add_issues(predictor, name, issue_file, quiet=quiet)
    require_issues(issue or [], issue_names(predictor))

    sha256 = str(read_card(model)["file"]["sha256"])
    work = engines.Labelling(predictor, name, tuple(sorted(issue or ())), abstain_below, sha256, duplicates == "flag")
    words = Words("Labelling", "statements", "nothing was labelled", withholds=abstain_below is not None)
    run(inputs, work, to, words, how, paths=paths)


def _count_abstained(flags: Iterable[list[str]]) -> str:
    """Return how the closing line goes on where labels may be withheld."""
    return f" ({sum(ABSTAINED in found for found in flags)} abstained)"


def _holds_statements(paths: Sequence[Input]) -> bool:
    from stance import files

    if len(paths) != 1:
        return False
    if isinstance(files.recognize(paths[0]), files.Database):
        return True  # and reading it will say what is wrong
    try:
        return files.is_statement_table(files.read_columns(paths[0]))
    except InputError:
        return False  # reading it as articles will say what is wrong


def _label_table(
    paths: Sequence[Input],
    to: Destination,
    model: Path | None,
    articles: list[str],
    issue_file: list[str] | None,
    abstain_below: float | None,
    *,
    quiet: bool,
) -> None:
    from stance import files, pipeline
    from stance.files.models import read_predictor

    if len(paths) != 1:
        msg = f"One table of statements at a time; found {len(paths)} inputs."
        raise InputError(msg)
    table = files.read_table(paths[0])
    given = with_context(table, articles)
    predictor, name = read_predictor(model)
    predictor = add_issues(predictor, name, issue_file, quiet=quiet)
    labelled = pipeline.label_statements(given, predictor, model_name=name, abstain_below=abstain_below)
    if "context" in labelled.columns and "context" not in table.columns:
        labelled = labelled.drop(columns="context")
    place = write(labelled, to)
    if not quiet:
        where = f" -> {place}" if place else ""
        abstained = "" if abstain_below is None else _count_abstained(labelled[predicted_name(labelled.columns, "flags")])
        typer.echo(f"{len(labelled)} statements labelled{abstained}{where}", err=True)
