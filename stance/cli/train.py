"""``stance train``: annotations in; a model, its card and its cross-validation out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stance.cli import options
from stance.cli.annotations import read_annotations
from stance.cli.terminal import says_errors


@says_errors
def train(
    annotations: Annotated[
        list[str],
        typer.Argument(
            metavar="ANNOTATIONS...",
            help="Tables (.csv, .jsonl, .parquet) with text or sentence, stance, and optionally issue, target and the "
            "other columns of data/README.md; or annotation stores (.db).",
            show_default=False,
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT", help="Model file to write: models/NAME.joblib.")],
    articles: Annotated[
        list[str] | None, typer.Option(metavar="FILE", help="Articles the offsets point into. Repeatable.")
    ] = None,
    issue_file: options.IssueFile = None,
    counts: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Counted statements to learn from as well (data/README.md).")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace OUT if it exists.")] = False,
    curve: Annotated[
        bool, typer.Option("--curve/--no-curve", help="Fit smaller models too, and say what more annotations would bring.")
    ] = True,
    seed: Annotated[int, typer.Option(help="Seed of the cross-validation folds.")] = 0,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing.")] = False,
) -> None:
    """Fit a stance model on annotations; report grouped cross-validation; write the model and its card."""
    from stance import files, training
    from stance.evaluation import format_report
    from stance.files.counts import read_counts
    from stance.files.models import card_of, write_model
    from stance.model import StanceClassifier
    from stance.model.storage import pack_model

    files.check_output(output, force, suffixes=(".joblib",))
    card = card_of(output)
    files.check_output(card, force, suffixes=(".json",))
    estimator = StanceClassifier(added_issues=files.read_issue_files(issue_file or []))
    counted = read_counts(counts) if counts is not None else None
    known = training.read_annotations(read_annotations(annotations, articles or [], quiet=quiet))
    if not quiet:
        for note in known.notes:
            typer.echo(f"left out: {note}", err=True)
        more = f" and {len(counted.statements)} counted ones" if counted is not None else ""
        typer.echo(f"Training on {len(known.rows)} statements from {len(set(known.groups))} articles{more} …", err=True)
    result = training.train(known, model=estimator, name=output.stem, counts=counted, curve=curve, random_state=seed)
    data = pack_model(result.model, result.card["name"])
    write_model(output, data, {**result.card, "file": training.file_entry(output.name, data)})
    if not quiet:
        typer.echo("Cross-validation, grouped by article and near-duplicate:")
        typer.echo(format_report(result.report))
        typer.echo(f"\n{result.card['name']}: {output} ({len(data) / 1e6:.1f} MB), card in {card}")
