"""The options that commands share, each with its help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stance.cli.terminal import require_choice

Output = Annotated[
    str | None,
    typer.Option("--output", "-o", metavar="OUT", help="File to write: .csv, .jsonl or .parquet. Default: the terminal."),
]
Format = Annotated[str | None, typer.Option(metavar="F", help="csv, jsonl or parquet, whatever the suffix of OUT.")]
Show = Annotated[bool, typer.Option("--show", help="Print the table for eyes, also when writing to OUT or to a pipe.")]
Force = Annotated[bool, typer.Option("--force", help="Replace OUT if it exists.")]
IssueFile = Annotated[
    list[str] | None,
    typer.Option(
        "--issue-file",
        metavar="FILE",
        help="File (.toml) that defines an issue of your own, or a folder of them. Repeatable.",
    ),
]
Jobs = Annotated[
    int,
    typer.Option(
        "--jobs", "-j", metavar="N", min=1, help="Processes that work at once. Rows and their order are the same for every N."
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar, notes or closing line.")]


def check(output: str | None, format: str | None, *, force: bool) -> None:  # noqa: A002
    """Require that the format is known and the output can be written, before any work is done."""
    from stance import files

    require_choice("--format", [format] if format else [], ("csv", "jsonl", "parquet"))
    if output is not None:
        files.check_output(Path(output), force, **({"suffixes": ()} if format else {}))
