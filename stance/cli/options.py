"""The options that commands share, each with its help."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from stance.cli.terminal import require_choice
from stance.errors import InputError
from stance.records import STATEMENT_COLUMNS

if TYPE_CHECKING:
    from stance.files import Duplicates

# What every command that takes articles says of them.
ARTICLES = (
    "Articles: .txt, .jsonl, .csv, .parquet, .html, .warc, .docx, .zip of these, .gz or .zst; exports of Nexis and Factiva; "
    "https://… for one page; folders or globs of them; or - for standard input"
)

Output = Annotated[
    str | None,
    typer.Option("--output", "-o", metavar="OUT", help="File to write: .csv, .jsonl or .parquet. Default: the terminal."),
]
OutputOrFolder = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="OUT",
        help="File to write: .csv, .jsonl or .parquet; or a folder (OUT/) of parts, which --resume can go on with. "
        "Default: the terminal.",
    ),
]
OutputAnywhere = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="OUT",
        help="File to write: .csv, .jsonl or .parquet; a folder (OUT/) of parts, which --resume can go on with; or a database: "
        ".db (SQLite) or an address such as postgresql://user@host/database. Default: the terminal.",
    ),
]
Format = Annotated[
    str | None, typer.Option(metavar="F", help="csv, jsonl or parquet, whatever the suffix of OUT. Default in a folder: parquet.")
]
Table = Annotated[
    str | None, typer.Option(metavar="NAME", help="Table to write in the database OUT. Default: statements.", show_default=False)
]
NoDefuse = Annotated[
    bool,
    typer.Option(
        "--no-defuse", help="Write CSV cells as they are. By default those that a spreadsheet would run get an apostrophe first."
    ),
]
Show = Annotated[bool, typer.Option("--show", help="Print the table for eyes, also when writing to OUT or to a pipe.")]
Force = Annotated[bool, typer.Option("--force", help="Replace OUT if it exists. In a database nothing is lost without it.")]
IssueFile = Annotated[
    list[str] | None,
    typer.Option(
        "--issue-file",
        metavar="FILE",
        help="File (.toml) that defines an issue of your own, or a folder of them. Repeatable.",
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        "-j",
        metavar="N",
        min=1,
        help="Processes that work at once; the output is the same for every N. Default: 1; with --engine dask, one a core.",
        show_default=False,
    ),
]
Engine = Annotated[
    str,
    typer.Option(
        metavar="local|dask",
        help="dask: work through files here or at s3://…, gs://…, file://… on a Dask cluster, into a folder OUT of parts.",
    ),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="With --engine dask, the scheduler of a cluster (tcp://…). Default: a cluster on this machine.",
        show_default=False,
    ),
]
Map = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="FIELD=COLUMN",
        help="Columns of tables under other names: text=body,published=date. The fields are text, id, title, published, outlet "
        "and url. Repeatable.",
    ),
]
DuplicatesOption = Annotated[
    str,
    typer.Option(
        metavar="keep|flag|drop",
        help="What becomes of an article that is nearly the same as an earlier one (wire copy): flag names the earlier one in a "
        "column duplicate_of behind the others, drop leaves it out and counts it. keep needs no memory for it, the others "
        "three kilobytes an article.",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar, notes or closing line.")]


Resume = Annotated[
    bool,
    typer.Option(
        "--resume", help="Go on with the run in the folder OUT after its last whole part; begin it where there is none."
    ),
]
PartArticles = Annotated[
    int | None,
    typer.Option(metavar="N", min=1, help="Articles of a part, where OUT is a folder. Default: 5000.", show_default=False),
]


def check(
    output: str | None,
    format: str | None,  # noqa: A002
    columns: Sequence[str] = STATEMENT_COLUMNS,
    *,
    force: bool,
    table: str | None = None,
) -> None:
    """Require that the format is known and the output can be written, before any work is done."""
    from stance import files

    require_choice("--format", [format] if format else [], ("csv", "jsonl", "parquet"))
    if output is not None:
        files.check_place(output, columns, format=format, force=force, table=table)
    elif table is not None:
        msg = "only a database has tables; name one with -o."
        raise typer.BadParameter(msg, param_hint="--table")


def read_reading(column_map: list[str] | None, duplicates: str) -> dict[str, Any]:
    """Return what ``--map`` and ``--duplicates`` ask for, as arguments of ``read_articles``."""
    return {"columns": read_columns(column_map), "duplicates": read_duplicates(duplicates)}


def read_columns(given: list[str] | None) -> dict[str, str]:
    """Return the columns that ``--map`` names, by field; stop with a usage error where it cannot be understood."""
    from stance import files

    columns: dict[str, str] = {}
    for part in ",".join(given or []).split(",") if given else []:
        field, equals, column = part.partition("=")
        if not equals:
            msg = f"{part!r} has no '='; it takes FIELD=COLUMN, as in text=body."
            raise typer.BadParameter(msg, param_hint="--map")
        columns[field.strip()] = column.strip()
    try:
        files.require_fields(columns)
    except InputError as error:
        raise typer.BadParameter(str(error), param_hint="--map") from error
    return columns


def read_duplicates(given: str) -> Duplicates:
    """Return what ``--duplicates`` asks for; stop with a usage error where that is nothing known."""
    require_choice("--duplicates", [given], ("keep", "flag", "drop"))
    return cast("Duplicates", given)
