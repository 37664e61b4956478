"""``stance review``: a labelled table in; a local page to check and correct it, and every decision in a store."""

from __future__ import annotations

import getpass
import shlex
import threading
import webbrowser
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stance.cli.terminal import report_skipped, require_choice, says_errors
from stance.errors import InputError
from stance.records import STANCES

if TYPE_CHECKING:
    from stance.files import Skipped
    from stance.files.store import AnnotationStore

_PORT = 8765
_ONCE = ("statements", "articles", "port", "token", "no_browser")
_NEEDED = ("starlette", "uvicorn", "jinja2")


@says_errors
def review(
    context: typer.Context,
    statements: Annotated[
        Path | None,
        typer.Argument(
            metavar="STATEMENTS",
            help="Table that 'stance label' wrote (.csv, .jsonl, .parquet). To go on with a review leave it out.",
            show_default=False,
        ),
    ] = None,
    articles: Annotated[
        list[str] | None,
        typer.Option(metavar="FILE", help="The articles that were labelled, to see statements in place. Repeatable."),
    ] = None,
    annotations: Annotated[Path, typer.Option(metavar="FILE", help="Store of all decisions, made where there is none.")] = Path(
        "annotations.db"
    ),
    annotator: Annotated[str | None, typer.Option(metavar="NAME", help="Who annotates. Default: your login name.")] = None,
    order: Annotated[
        str,
        typer.Option(
            metavar="ORDER", help="uncertain: what the model is unsure of first, unlike one another; file: as in the table."
        ),
    ] = "uncertain",
    random_share: Annotated[
        float, typer.Option(metavar="SHARE", help="Share of statements drawn at random, fit to estimate accuracy on.")
    ] = 0.2,
    seed: Annotated[int, typer.Option(help="Seed of the random share.")] = 0,
    issue: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Only statements on this issue. Repeatable.")] = None,
    actor: Annotated[
        list[str] | None, typer.Option(metavar="CODE", help="Only statements of this actor (speaker_actor). Repeatable.")
    ] = None,
    stance: Annotated[
        list[str] | None, typer.Option(metavar="LABEL", help="Only statements the model labels so. Repeatable.")
    ] = None,
    below: Annotated[float | None, typer.Option(metavar="P", help="Only statements whose best probability is below P.")] = None,
    show_others: Annotated[bool, typer.Option("--show-others", help="Show what other annotators decided.")] = False,
    adjudicate: Annotated[
        bool,
        typer.Option("--adjudicate", help="Settle the statements on which annotators disagree, their decisions side by side."),
    ] = False,
    model: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Model that labelled the table, instead of the one that comes with stance."),
    ] = None,
    host: Annotated[str, typer.Option(help="Where to serve. Anything but this computer alone needs --token.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to serve at; a free one is taken where it is in use.")
    ] = _PORT,
    token: Annotated[
        str | None,
        typer.Option(metavar="SECRET", help="Let in only who knows this, 16 characters or more; it is part of the address."),
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no browser; print the address only.")] = False,
) -> None:
    """Check, correct and adjudicate statements in the browser, one at a time, on a page that this computer serves to itself.

    Each decision is in the store before the next statement shows; Ctrl-C stops, the same command goes on.
    """
    require_choice("--order", [order], ("uncertain", "file"))
    require_choice("--stance", stance or [], STANCES)
    for option, value in (("--random-share", random_share), ("--below", below)):
        if value is not None and not 0 <= value <= 1:
            msg = f"{value} does not lie between 0 and 1."
            raise typer.BadParameter(msg, param_hint=option)
    _require_extra()
    from stance.review.safety import Door, check_door

    check_door(host, token)
    name = (annotator or getpass.getuser()).strip()
    if not name:
        msg = "a name has letters."
        raise typer.BadParameter(msg, param_hint="--annotator")
    store = _open_store(annotations, statements, articles or [])
    from stance.review.queue import Filters, order_items
    from stance.review.server import make_app, open_socket, serve
    from stance.review.session import Session
    from stance.review.why import Explainer

    explainer = Explainer(model)

    def say_order() -> None:
        typer.echo(f"Ordering {store.count_given()} statements …", err=True)

    items = order_items(store, order=order, random_share=random_share, seed=seed, on_work=say_order)
    filters = Filters(tuple(issue or ()), tuple(actor or ()), tuple(stance or ()), below)
    session = Session(store, items, explainer, annotator=name, filters=filters, show_others=show_others, adjudicate=adjudicate)
    progress = session.progress()
    if not progress.total:
        what = "disagree on a statement" if adjudicate else "would be shown a statement"
        found = "no two annotators" if adjudicate else "with these options nobody"
        msg = f"{annotations}: {found} {what}; it holds {len(items)}."
        raise InputError(msg)
    listening = open_socket(host, port)
    taken = listening.getsockname()[1]
    door = Door(host, taken, token)
    address = door.address()
    if port not in (0, taken):
        typer.echo(f"Port {port} is in use; serving at {taken}.", err=True)
    typer.echo(f"{name}: {progress.decided} of {progress.total} decided in {annotations}. Ctrl-C stops.\n{address}")
    if not no_browser:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    with suppress(KeyboardInterrupt):  # under load the server was once seen to end without one
        serve(make_app(session, door), listening)
    progress = session.progress()
    typer.echo(
        f"\n{progress.decided} of {progress.total} decided; {annotations}; go on with: {_again(context)}; "
        f"then: stance retrain --annotations {annotations}"
    )


def _require_extra() -> None:
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        msg = f"The review page needs {', '.join(missing)}: pip install 'stance[review]'"
        raise InputError(msg)


def _open_store(annotations: Path, statements: Path | None, articles: list[str]) -> AnnotationStore:
    """Return the store, with the statements and their articles added that are not in it yet."""
    from stance import files
    from stance.files.store import AnnotationStore

    if statements is None and not annotations.is_file():
        msg = f"There is no store {annotations} to go on with; name the table to review: stance review STATEMENTS."
        raise InputError(msg)
    table = files.read_statements(statements) if statements is not None else None
    if table is not None and (missing := [name for name in ("statement_id", "sentence") if name not in table.columns]):
        msg = f"{statements} has no column {', '.join(missing)}; give a table that 'stance label' wrote."
        raise InputError(msg)
    store = AnnotationStore(annotations)
    if table is not None:
        new = store.add_statements(table)
        typer.echo(f"{len(table)} statements in {statements}, {new} of them new to {annotations}.", err=True)
    if articles:
        wanted = set(table["article_id"]) if table is not None and "article_id" in table.columns else None
        skipped: list[Skipped] = []
        found = files.read_articles(files.find_inputs(articles), on_skip=skipped.append)
        new = store.add_articles(one for one in found if wanted is None or one.id in wanted)
        report_skipped(skipped)
        typer.echo(f"{new} articles added to {annotations}.", err=True)
    return store


def _again(context: typer.Context) -> str:
    """Return the command that goes on: what was given, but what only the first start or this start needed."""
    words = ["stance", "review"]
    for option in context.command.params:
        source = context.get_parameter_source(option.name or "")
        if option.name in _ONCE or source is None or source.name != "COMMANDLINE":
            continue
        value = context.params[option.name or ""]
        for one in value if isinstance(value, list) else [value]:
            words += [option.opts[0]] if one is True else [option.opts[0], str(one)]
    return shlex.join(words)
