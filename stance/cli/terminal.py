"""What every command says on the terminal: errors, the progress bar, what was skipped."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from stance.errors import StanceError

if TYPE_CHECKING:
    from stance.files import Skipped

Command = TypeVar("Command", bound=Callable[..., None])
SHOWN_SKIPS = 50


def says_errors(command: Command) -> Command:
    """Print an error raised on purpose as one line and exit with status 1."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except StanceError as error:
            typer.echo(f"stance: {error}", err=True)
            raise typer.Exit(1) from None
        except KeyboardInterrupt:
            typer.echo("stance: interrupted; nothing was written.", err=True)
            raise typer.Exit(130) from None

    return wrapped  # type: ignore[return-value]


def require_choice(option: str, values: list[str], known: tuple[str, ...]) -> None:
    """Stop with a usage error if a value is not among the known ones."""
    for value in values:
        if value not in known:
            msg = f"{value!r} is not one of {', '.join(known)}."
            raise typer.BadParameter(msg, param_hint=option)


@contextmanager
def progress(what: str, *, quiet: bool) -> Iterator[Callable[..., None]]:
    """Give a function that counts one more article, or as many as it is told, and show a bar on a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda _=1: None
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        MofNCompleteColumn(),
        TextColumn("articles"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda n_articles=1: bar.update(task, advance=n_articles)


def report_skipped(skipped: list[Skipped], n_all: int | None = None) -> None:
    """Name what could not be read as it stands, and why; of ``n_all`` of them those that are at hand."""
    for one in skipped[:SHOWN_SKIPS]:
        typer.echo(f"{'note' if one.kept else 'skipped'}: {one.source}: {one.reason}", err=True)
    n_all = len(skipped) if n_all is None else n_all
    if n_all > SHOWN_SKIPS:
        typer.echo(f"… and {n_all - SHOWN_SKIPS} more", err=True)
