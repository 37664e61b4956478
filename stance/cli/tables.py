"""Writes a command's table to a file or a pipe, or prints it for eyes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Container, Hashable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer

from stance.records import ABSTAINED

if TYPE_CHECKING:
    import pandas as pd
    from rich.text import Text

    from stance.files import Writer

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


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the rows of a command go: a file or, without ``output``, standard output; and whether they are printed for eyes."""

    output: str | None
    format: str | None
    view: View
    force: bool = False
    show: bool = False
    table: str | None = None
    defuse: bool = True


def write(table: pd.DataFrame, to: Destination) -> str | None:
    """Write a table, print it where that is a terminal or ``show`` says so, and return where it is now, None if nowhere."""
    from stance import files

    place = None
    if to.output is not None:
        found = files.find_place(to.output, format=to.format, table=to.table)
        if isinstance(found, files.Database):
            place = str(files.write_database(table, found))
        else:
            files.write_table(table, found, format=to.format, force=to.force, defuse=to.defuse)
            place = to.output
    if _for_eyes(to.output, to.format, show=to.show):
        _show(table.head(_SHOWN_ROWS).to_dict("records"), len(table), to.view)
    elif to.output is None:
        files.write_stream(table, sys.stdout.buffer, to.format or "csv", defuse=to.defuse)
    return place


class Taker:
    """Takes the rows of a command as they are found; knows where they are, and at the end prints those for eyes."""

    def __init__(self, writer: Writer | None, to: Destination, *, for_eyes: bool) -> None:
        self._writer, self._to, self._for_eyes = writer, to, for_eyes
        self._shown: list[Row] = []
        self._n_rows = 0

    def __call__(self, rows: list[dict[str, Any]]) -> None:
        """Take some rows."""
        self._n_rows += len(rows)
        if self._for_eyes:
            self._shown.extend(rows[: _SHOWN_ROWS - len(self._shown)])
        if self._writer is not None:
            self._writer.write(rows)

    def show(self) -> None:
        """Print the first rows, where they are for eyes."""
        if self._for_eyes:
            _show(self._shown, self._n_rows, self._to.view)

    @property
    def place(self) -> str | None:
        """Where the rows are, for the closing line: the file, or the database with what became of it."""
        from stance import files

        return str(self._writer) if isinstance(self._writer, files.DatabaseWriter) else self._to.output

    @property
    def kept(self) -> str | None:
        """What is written for good although the command has not come to its end; None if nothing is."""
        from stance import files

        if isinstance(self._writer, files.DatabaseWriter) and self._writer.n_written:
            database = self._writer.database
            return f"{self._writer.n_written} rows are in {database}, table {database.table}, and stay"
        return None


@contextmanager
def writing(columns: tuple[str, ...], to: Destination) -> Iterator[Taker]:
    """Give what takes rows and sends them where ``write`` would; what is printed for eyes comes at the end."""
    from stance import files

    for_eyes = _for_eyes(to.output, to.format, show=to.show)
    with ExitStack() as stack:
        writer: files.Writer | None = None
        if to.output is not None:
            opened = files.open_writer(to.output, columns, format=to.format, force=to.force, defuse=to.defuse, table=to.table)
            writer = stack.enter_context(opened)
        elif not for_eyes:
            writer = stack.enter_context(files.StreamWriter(sys.stdout.buffer, columns, to.format or "csv", defuse=to.defuse))
        taker = Taker(writer, to, for_eyes=for_eyes)
        yield taker
    taker.show()


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
