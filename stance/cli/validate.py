"""``stance validate``: an annotation table in; what is wrong with it, row by row, out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from stance.cli.convert import read_articles
from stance.cli.terminal import says_errors

_SHOWN = 50


@says_errors
def validate(
    table: Annotated[
        Path, typer.Argument(metavar="FILE", help="Annotation table (.csv, .jsonl, .parquet) or store (.db).", show_default=False)
    ],
    articles: Annotated[
        list[str] | None, typer.Option(metavar="FILE", help="Articles the offsets point into. Repeatable.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all that was found as JSON.")] = False,
) -> None:
    """Check an annotation table: names and codes, offsets, verdicts, duplicates; exit with status 1 if anything is wrong."""
    from stance.files.validation import validate_file

    found = validate_file(table, read_articles(articles or []))
    if as_json:
        typer.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=2))
    else:
        for problem in found.problems[:_SHOWN]:
            typer.echo(problem)
        if len(found.problems) > _SHOWN:
            typer.echo(f"… and {len(found.problems) - _SHOWN} more; --json prints them all.")
        for note in found.notes:
            typer.echo(f"note: {note}")
        for kind, count in found.counts().items():
            typer.echo(f"{count:6}  {kind}")
        typer.echo(f"{found.n_rows} rows, {len(found.problems)} problems")
    if found.problems:
        raise typer.Exit(1)
