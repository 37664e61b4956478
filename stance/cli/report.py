"""``stance report``: a model and annotations in; a page of how good it is, where and why it errs, out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stance.cli import options
from stance.cli.annotations import read_annotations, read_coded
from stance.cli.issues import add_issues
from stance.cli.pages import write_tables
from stance.cli.terminal import says_errors


@says_errors
def report(
    annotations: Annotated[
        list[str],
        typer.Argument(
            metavar="ANNOTATIONS...", help="Annotated tables or an annotation store, as for 'stance train'.", show_default=False
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT", help="Page to write: .html, everything in the file.")],
    model: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Model to report on instead of the one that comes with stance.")
    ] = None,
    articles: Annotated[
        list[str] | None,
        typer.Option(metavar="FILE", help="Articles the offsets point into: context for the model and for mistakes. Repeatable."),
    ] = None,
    abstain_below: Annotated[
        float | None,
        typer.Option(metavar="P", help="Mark what is labelled, and how well, where labels below the probability P are withheld."),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the figures and all mistakes as JSON too.")
    ] = None,
    markdown: Annotated[
        Path | None, typer.Option("--markdown", metavar="FILE", help="Write the figures as Markdown tables too, for a paper.")
    ] = None,
    tables: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Write every table as CSV and every figure as SVG and PNG into this folder too."),
    ] = None,
    issue_file: options.IssueFile = None,
    title: Annotated[str, typer.Option(metavar="TEXT", help="Title of the page.")] = "How good is it?",
    force: Annotated[bool, typer.Option("--force", help="Replace files that exist.")] = False,
    quiet: options.Quiet = False,
) -> None:
    """Write a page of how good a model is on annotated statements: scores, baselines, calibration, its words, its mistakes.

    Use annotations that the model has not learned from. The figures are those of 'stance evaluate'.
    """
    from stance import files
    from stance.files.models import read_card, read_model
    from stance.report.accuracy import summarize_accuracy
    from stance.report.accuracy_page import render_accuracy
    from stance.report.charts import draw_accuracy
    from stance.report.markdown import render_markdown

    if abstain_below is not None and not 0 < abstain_below < 1:
        msg = f"{abstain_below} does not lie between 0 and 1."
        raise typer.BadParameter(msg, param_hint="--abstain-below")
    for path, suffixes in ((output, (".html", ".htm")), (json_file, (".json",)), (markdown, (".md", ".markdown", ".txt"))):
        if path is not None:
            files.check_output(path, force, suffixes=suffixes)
    classifier, name = read_model(model)
    classifier = add_issues(classifier, name, issue_file, quiet=quiet)
    found = summarize_accuracy(
        read_annotations(annotations, articles or [], quiet=quiet),
        classifier,
        name=name,
        card=read_card(model),
        threshold=abstain_below,
        coded=read_coded(annotations),
    )
    figures = draw_accuracy(found)
    if tables is not None:
        write_tables(found.tables(), figures.values(), tables, force=force)
    if json_file is not None:
        files.write_json(json_file, found.as_dict())
    if markdown is not None:
        files.write_bytes(markdown, render_markdown(found).encode())
    files.write_bytes(output, render_accuracy(found, figures, title=title).encode())
    if quiet:
        return
    for warning in found.warnings:
        typer.echo(f"note: {warning}", err=True)
    for left_out in found.measured.left_out:
        typer.echo(f"left out: {left_out}", err=True)
    whole, written = found.report.whole, [str(path) for path in (output, json_file, markdown, tables) if path is not None]
    typer.echo(
        f"{name}: macro-F1 {whole.macro_f1.value:.3f} [{whole.macro_f1.low:.3f}, {whole.macro_f1.high:.3f}] on "
        f"{whole.n_statements} statements, {len(found.mistakes)} mistakes -> {', '.join(written)}",
        err=True,
    )
