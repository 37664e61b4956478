"""Writes a command's table to a file or a pipe, or prints it for eyes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Container, Hashable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from stance.records import ABSTAINED

if TYPE_CHECKING:
    import pandas as pd
    from rich.text import Text

_SHOWN_ROWS = 200
_SHOWN_CHARS = 180
_PIPE_WIDTH = 132
STANCE_COLORS = {"support": "green", "oppose": "red", "neutral": "yellow"}
Row = Mapping[Any, Any]


@dataclass(frozen=True, slots=True)
class View:
    """How a table is shown: its columns with their widths, the last one as wide as there is room, and a row's cells."""

    columns: tuple[tuple[str, int], ...]
    cells: Callable[[Row], tuple[Text, ...]]


def write(
    table: pd.DataFrame,
    output: Path | None,
    format: str | None,  # noqa: A002
    view: View,
    *,
    force: bool,
    show: bool,
) -> None:
    """Write a table to a file or, without one, to standard output; print it where that is a terminal or ``show`` says so."""
    from stance import files

    if output is not None:
        files.write_table(table, output, format=format, force=force)
    if _for_eyes(output, format, show=show):
        _show(table.head(_SHOWN_ROWS).to_dict("records"), len(table), view)
    elif output is None:
        files.write_stream(table, sys.stdout.buffer, format or "csv")


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the rows of a command go: a file or, without ``output``, standard output; and whether they are printed for eyes."""

    output: str | None
    format: str | None
    view: View
    force: bool = False
    show: bool = False


@contextmanager
def writing(columns: tuple[str, ...], to: Destination) -> Iterator[Callable[[list[dict[str, Any]]], None]]:
    """Give a function that takes rows and sends them where ``write`` would; what is printed for eyes comes at the end."""
    from stance import files

    shown: list[Row] = []
    n_rows = 0
    for_eyes = _for_eyes(to.output, to.format, show=to.show)
    with ExitStack() as stack:
        writer: files.Writer | None = None
        if to.output is not None:
            writer = stack.enter_context(files.open_writer(to.output, columns, format=to.format, force=to.force))
        elif not for_eyes:
            writer = stack.enter_context(files.StreamWriter(sys.stdout.buffer, columns, to.format or "csv"))

        def take(rows: list[dict[str, Any]]) -> None:
            nonlocal n_rows
            n_rows += len(rows)
            if for_eyes:
                shown.extend(rows[: _SHOWN_ROWS - len(shown)])
            if writer is not None:
                writer.write(rows)

        yield take
    if for_eyes:
        _show(shown, n_rows, to.view)


def _for_eyes(output: object, format: str | None, *, show: bool) -> bool:  # noqa: A002
    return show or (output is None and format is None and sys.stdout.isatty())


def _show(rows: Sequence[Row], n_rows: int, view: View) -> None:
    """Print the first rows of a table for eyes, under their article, long sentences cut."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    if not console.is_terminal:
        console = Console(width=_PIPE_WIDTH)
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name, width in view.columns:
        shown.add_column(name, width=width or None, ratio=None if width else 1)
    article = None
    for row in rows:
        if "article_id" in row and row["article_id"] != article:
            article = row["article_id"]
            shown.add_section()
            shown.add_row("", Text(_cell(row, "article_id"), style="bold"), _cell(row, "published"), "")
        shown.add_row(*view.cells(row))
    console.print(shown)
    if n_rows > len(rows):
        typer.echo(f"… and {n_rows - len(rows)} more; write them all with -o FILE.", err=True)


def _statement_cells(row: Row) -> tuple[Text, ...]:
    from rich.text import Text

    stance = _cell(row, predicted_name(row, "stance"))
    actor = _cell(row, "speaker_actor")
    return (
        Text(_share(row, stance), style=STANCE_COLORS.get(stance, "")) if stance else Text(_why_no_stance(row), style="dim"),
        Text(f"{_cell(row, 'speaker')} ({actor})" if actor else _cell(row, "speaker")),
        Text(_cell(row, "target") or _cell(row, "issue")),
        Text(_shorten(_cell(row, "sentence") or _cell(row, "text"))),
    )


def predicted_name(columns: Container[Hashable], name: str) -> str:
    """Return the name under which a table holds what was predicted last; the suffix tells it from a column it had before.

    >>> predicted_name(["stance", "stance_predicted"], "stance")
    'stance_predicted'
    """
    while f"{name}_predicted" in columns:
        name += "_predicted"
    return name


def _share(row: Row, stance: str) -> str:
    share = row.get(predicted_name(row, f"p_{stance}"))
    return f"{stance} {share:.2f}" if isinstance(share, float) else stance


def _why_no_stance(row: Row) -> str:
    flags = row.get(predicted_name(row, "flags"))
    return ABSTAINED if isinstance(flags, list) and ABSTAINED in flags else ""


def _attribution_cells(row: Row) -> tuple[Text, ...]:
    from rich.text import Text

    return tuple(Text(_shorten(_cell(row, name))) for name in ("quote_type", "speaker_mention", "cue_text", "quote"))


STATEMENTS = View((("stance", 12), ("speaker", 26), ("target", 24), ("sentence", 0)), _statement_cells)
ATTRIBUTIONS = View((("type", 12), ("speaker", 26), ("cue", 24), ("quote", 0)), _attribution_cells)


def _cell(row: Row, name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _shorten(sentence: str) -> str:
    flat = " ".join(sentence.split())
    return flat if len(flat) <= _SHOWN_CHARS else flat[: _SHOWN_CHARS - 1] + "…"
