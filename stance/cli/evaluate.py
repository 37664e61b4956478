"""``stance evaluate``: a model and annotations in; scores out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from stance.cli import options
from stance.cli.annotations import read_annotations
from stance.cli.issues import add_issues
from stance.cli.terminal import says_errors


@says_errors
def evaluate(
    annotations: Annotated[
        list[str], typer.Argument(metavar="ANNOTATIONS...", help="Annotated tables, as for 'stance train'.", show_default=False)
    ],
    model: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Model to score instead of the one that comes with stance.")
    ] = None,
    against: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Another model, to be compared with on the same statements.")
    ] = None,
    articles: Annotated[
        list[str] | None, typer.Option(metavar="FILE", help="Articles the offsets point into. Repeatable.")
    ] = None,
    issue_file: options.IssueFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Score a model on annotated statements, with 95 % intervals, and against plain baselines or another model."""
    from stance import training
    from stance.evaluation import format_report
    from stance.files.models import read_card, read_model

    known = training.read_annotations(read_annotations(annotations, articles or []), for_training=False)
    classifier, name = read_model(model)
    classifier = add_issues(classifier, name, issue_file)
    other = read_model(against) if against is not None else None
    digest = training.data_hash(known)
    for one in (name, *([other[1]] if other else [])):
        if digest[:8] in one:
            typer.echo(f"note: {one} was trained on these very statements; its figures say nothing about new ones.", err=True)
    rival = (f"model {other[1]}", add_issues(*other, issue_file)) if other else None
    report = training.assess(known, classifier, card=read_card(model), against=rival)
    if as_json:
        typer.echo(json.dumps({"model": name, "left_out": list(known.notes), **report.as_dict()}, indent=2, ensure_ascii=False))
        return
    for note in known.notes:
        typer.echo(f"left out: {note}", err=True)
    typer.echo(f"model {name}")
    typer.echo(format_report(report))
