"""``stance summary``: a statement table in; a page of who stands where, and tidy tables, out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stance.cli.annotations import read_annotations
from stance.cli.pages import write_tables
from stance.cli.terminal import require_choice, says_errors

if TYPE_CHECKING:
    from stance.report.adjustment import Confusion


@says_errors
def summary(
    statements: Annotated[
        Path, typer.Argument(metavar="STATEMENTS", help="A table that 'stance label' wrote.", show_default=False)
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT", help="Page to write: .html, everything in the file.")],
    tables: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Write every table as CSV and every figure as SVG and PNG into this folder too."),
    ] = None,
    issue: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Statements on this issue only. Repeatable.")] = None,
    duplicates: Annotated[
        str,
        typer.Option(
            metavar="HOW", help="once: the same words of the same speaker count once, whoever prints them; all: every time."
        ),
    ] = "once",
    adjust: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ANNOTATIONS",
            help="Also give shares without the model's errors, as measured on these annotated tables. Repeatable.",
        ),
    ] = None,
    articles: Annotated[
        list[str] | None, typer.Option(metavar="FILE", help="Articles that the offsets of --adjust point into. Repeatable.")
    ] = None,
    model: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Model that labelled the statements, if not the one that comes with stance."),
    ] = None,
    title: Annotated[str, typer.Option(metavar="TEXT", help="Title of the page.")] = "Who stands where",
    force: Annotated[bool, typer.Option("--force", help="Replace files that exist.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing.")] = False,
) -> None:
    """Write a page of who stands where, since when and in which outlets, with the statements behind every figure."""
    from stance import files
    from stance.report.summary import draw_summary, render_summary, summarize_statements

    require_choice("--duplicates", [duplicates], ("once", "all"))
    files.check_output(output, force, suffixes=(".html", ".htm"))
    table = files.read_statements(statements)
    if issue:
        table = table[table["issue"].isin(issue)]
    confusion = _measure(adjust, articles, model, set(table.get("model", []))) if adjust else None
    found = summarize_statements(table, duplicates=duplicates, confusion=confusion)
    figures = draw_summary(found)
    if tables is not None:
        write_tables(found.tables(), figures, tables, force=force)
    files.write_bytes(output, render_summary(found, figures, title=title).encode())
    if not quiet:
        counts = ", ".join(f"{count} {name}" for name, count in found.statements.counts.items() if count)
        typer.echo(f"{counts}; {len(found.shifts)} shifts -> {output}{f', tables in {tables}' if tables else ''}", err=True)


def _measure(annotations: list[str], articles: list[str] | None, path: Path | None, spoke: set[str]) -> Confusion:
    """Return the confusion of the model that labelled the statements, on annotations."""
    from stance import training
    from stance.files.models import read_model
    from stance.report.adjustment import measure_confusion

    classifier, name = read_model(path)
    if spoke - {name}:
        others = ", ".join(sorted(map(str, spoke - {name})))
        typer.echo(f"note: the statements were labelled by {others}, the errors are measured with {name}; see --model.", err=True)
    known = training.read_annotations(read_annotations(annotations, articles or []), for_training=False)
    if training.data_hash(known)[:8] in name:
        typer.echo(f"note: {name} was trained on these very annotations: it errs more often than they tell.", err=True)
    return measure_confusion(known.labels, [str(label) for label in classifier.predict(known.rows)])
