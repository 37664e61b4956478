"""``stance retrain``: a user's annotations in; a new model out, if it is not worse than the old one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stance.cli import options
from stance.cli.annotations import read_annotations, read_settled, read_texts
from stance.cli.terminal import says_errors

if TYPE_CHECKING:
    from stance.training.gate import Gate

_SHIPPED = "default"


@says_errors
def retrain(
    annotations: Annotated[
        list[Path],
        typer.Option(
            metavar="FILE",
            help="Your decisions: an annotation store (.db) of 'stance review', or annotation tables (.csv, .jsonl, .parquet). "
            "Repeatable.",
        ),
    ],
    articles: Annotated[
        list[str] | None, typer.Option(metavar="FILE", help="Articles the offsets point into; a store has them. Repeatable.")
    ] = None,
    base: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="What to train with beside them, laid out as data/. Default: comes along."),
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT", help="Model file to write.")] = Path("mine.joblib"),
    model: Annotated[
        str | None,
        typer.Option(
            metavar="OLD",
            help="Model to compare with, and whose settings to use; 'default' is the one that comes with stance. Default: OUT if "
            "it exists, or else that one.",
        ),
    ] = None,
    weight: Annotated[float, typer.Option(metavar="W", help="How much a statement of yours counts; one of the base: 1.")] = 1.0,
    held_out: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE",
            help="Labelled statements to compare on, in the place of one in four of your articles. Repeatable.",
        ),
    ] = None,
    issue_file: options.IssueFile = None,
    force: Annotated[bool, typer.Option("--force", help="Write the new model even if it is worse.")] = False,
    seed: Annotated[int, typer.Option(help="Seed of the cross-validation folds and of the intervals.")] = 0,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Train a model on your corrections and the base; write it if it is not worse than the old one on statements held out.

    One in four of your articles, always the same, is never learned from. On them and on the test articles of the base a model
    with and one without your new corrections are compared, also on each issue by itself. The model that was in OUT is kept,
    numbered.
    """
    from stance import files, training
    from stance.cli.issues import add_issues
    from stance.files.base import read_base
    from stance.files.models import card_of, keep_model, read_card, read_model, write_model
    from stance.model.storage import pack_model
    from stance.training.retraining import retrain as train_again

    say = (lambda _: None) if quiet else (lambda line: typer.echo(line, err=True))
    files.check_output(output, True, suffixes=(".joblib",))
    files.check_output(card_of(output), True, suffixes=(".json",))
    old_path = None if model == _SHIPPED or (model is None and not output.is_file()) else Path(model) if model else output
    old, old_name = read_model(old_path)
    texts = read_texts(articles or [])
    result = train_again(
        read_settled(annotations, texts),
        read_base(base),
        add_issues(old, old_name, issue_file, quiet=quiet),
        read_card(old_path),
        weight=weight,
        held_out=training.read_annotations(read_annotations(held_out, articles or []), for_training=False) if held_out else None,
        name=output.stem,
        random_state=seed,
        tell=say,
    )
    if not quiet:
        for note in result.notes:
            typer.echo(f"left out: {note}", err=True)
        typer.echo(_show(result.gate))
    if not force:
        result.gate.require()
    kept = keep_model(output)
    data = pack_model(result.model, result.card["name"])
    record = {**result.card["retraining"], "forced": force and not result.gate.passed}
    record["old"] = {**record["old"], "kept_as": kept.name if kept else None}
    write_model(output, data, {**result.card, "retraining": record, "file": training.file_entry(output.name, data)})
    if not quiet:
        before = f"; the one that was there is {kept} now" if kept else ""
        verdict = "not worse" if result.gate.passed else "worse, and written all the same"
        typer.echo(
            f"\n{verdict}: {result.card['name']} -> {output} ({len(data) / 1e6:.1f} MB), card in {card_of(output)}{before}"
        )


def _show(gate: Gate) -> str:
    """Return the comparison as a table."""
    lines = [f"{'held out':<16}{'statements':>11}{'articles':>10}{'old':>8}{'new':>8}   difference in macro-F1 (95 %)"]
    for part in gate.parts:
        lead = f"{part.lead.value:+.3f} [{part.lead.low:+.3f}, {part.lead.high:+.3f}]"
        lines.append(
            f"{part.name:<16}{part.n_statements:>11}{part.n_articles:>10}{part.old:>8.3f}{part.new:>8.3f}   {lead}"
            f"{'  worse' if part.problem else ''}"
        )
    return "\n".join(lines)
