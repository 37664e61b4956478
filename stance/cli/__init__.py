"""The ``stance`` command: each subcommand, in a room of its own, reads, calls one function, writes."""

from __future__ import annotations

from typing import Annotated

import typer

from stance.cli import (
    agreement,
    convert,
    evaluate,
    evaluate_rules,
    explain,
    label,
    network,
    quotes,
    report,
    retrain,
    review,
    summary,
    train,
    validate,
)

app = typer.Typer(
    name="stance",
    help="Who stands where on which sanctions, ceasefire or peace process, read from English news.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _version(value: bool) -> None:
    if value:
        from stance import __version__

        typer.echo(f"stance {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Who stands where on which sanctions, ceasefire or peace process, read from English news."""


for _command in (
    label.label,
    quotes.quotes,
    explain.explain,
    train.train,
    retrain.retrain,
    evaluate.evaluate,
    evaluate_rules.evaluate_rules,
    agreement.agreement,
    convert.convert,
    validate.validate,
    report.report,
    summary.summary,
    network.network,
    review.review,
):
    app.command()(_command)
