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
    articles: Annotated[
        list[str] | None, typer.Option(metavar="FILE", help="Articles the offsets point into. Repeatable.")
    ] = None,
    issue_file: options.IssueFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Score a model on annotated statements, with 95 % intervals and the majority baseline beside it."""
    from stance import training
    from stance.evaluation import evaluate as score
    from stance.evaluation import evaluate_by, format_evaluation
    from stance.files.models import read_model

    known = training.read_annotations(read_annotations(annotations, articles or []), for_training=False)
    classifier, name = read_model(model)
    classifier = add_issues(classifier, name, issue_file)
    if name.endswith(training.data_hash(known)[:8]):
        typer.echo("note: the model was trained on these very statements; the figures say nothing about new ones.", err=True)
    predicted = [str(label) for label in classifier.predict(known.rows)]
    whole = score(known.labels, predicted, groups=known.groups)
    parts = evaluate_by(known.labels, predicted, known.issues, groups=known.groups)
    if as_json:
        figures = {
            "model": name,
            "left_out": list(known.notes),
            "all": whole.as_dict(),
            "by_issue": {key: value.as_dict() for key, value in parts.items()},
        }
        typer.echo(json.dumps(figures, indent=2, ensure_ascii=False))
        return
    for note in known.notes:
        typer.echo(f"left out: {note}", err=True)
    typer.echo(f"model {name}")
    typer.echo(format_evaluation(whole, parts))
