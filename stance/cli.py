"""The ``stance`` command: each subcommand reads, calls one function, writes."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from stance.errors import InputError, StanceError

if TYPE_CHECKING:
    import pandas as pd

    from stance.files import Skipped
    from stance.records import Article

app = typer.Typer(
    name="stance",
    help="Who stands where on which sanctions, ceasefire or peace process, read from English news.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
Command = TypeVar("Command", bound=Callable[..., None])

# A bar that would be gone in a blink only flickers.
_BAR_FROM_ARTICLES = 20
_SHOWN_ROWS = 200
_SHOWN_CHARS = 180
_PIPE_WIDTH = 132
_COLORS = {"support": "green", "oppose": "red", "neutral": "yellow"}


def _says_errors(command: Command) -> Command:
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


@app.command()
@_says_errors
def label(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="Articles (.txt, .jsonl, .csv, .parquet), folders or globs of them, or - for standard input; "
            "or one table of ready statements (columns sentence or text; issue, target, speaker …).",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="OUT", help="File to write: .csv, .jsonl or .parquet. Default: the terminal."),
    ] = None,
    model: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Model to use instead of the one that comes with stance.")
    ] = None,
    issue: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Keep this issue only: sanctions, ceasefire, peace_process. Repeatable."),
    ] = None,
    format: Annotated[str | None, typer.Option(metavar="F", help="csv, jsonl or parquet, whatever the suffix of OUT.")] = None,  # noqa: A002
    kind: Annotated[
        str | None,
        typer.Option("--as", metavar="KIND", help="Take the input as 'articles' or as 'statements'. Default: by its columns."),
    ] = None,
    articles: Annotated[
        list[str] | None,
        typer.Option(metavar="FILE", help="Articles that the offsets of a statement table point into. Repeatable."),
    ] = None,
    show: Annotated[
        bool, typer.Option("--show", help="Print the table for eyes, also when writing to OUT or to a pipe.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace OUT if it exists.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar, notes or closing line.")] = False,
) -> None:
    """Find the statements in articles and label their stance; or label a table of ready statements."""
    from stance import files
    from stance.files.models import read_model

    _require_choice("--issue", issue or [], ("sanctions", "ceasefire", "peace_process"))
    _require_choice("--format", [format] if format else [], ("csv", "jsonl", "parquet"))
    _require_choice("--as", [kind] if kind else [], ("articles", "statements"))
    if output is not None:
        files.check_output(output, force, **({"suffixes": ()} if format else {}))
    paths = files.find_inputs(inputs)
    if kind == "statements" or (kind is None and _holds_statements(paths)):
        if issue:
            msg = "a table of ready statements keeps all its rows; filter it by its own columns."
            raise typer.BadParameter(msg, param_hint="--issue")
        _label_table(paths, output, model, format, articles or [], force=force, quiet=quiet, show=show)
        return
    skipped: list[Skipped] = []
    classifier, name = read_model(model)
    rows, n_articles = _label_articles(paths, classifier, name, issue, skipped, quiet=quiet)
    if n_articles:
        _write(_table(rows), output, format, force=force, show=show)
    if not quiet:
        _report_skipped(skipped)
        _close(n_articles, len(rows), skipped, output)
    if not n_articles:
        if quiet:
            _report_skipped(skipped)
        typer.echo("stance: no article could be read; nothing was labelled.", err=True)
        raise typer.Exit(1)


def _require_choice(option: str, values: list[str], known: tuple[str, ...]) -> None:
    for value in values:
        if value not in known:
            msg = f"{value!r} is not one of {', '.join(known)}."
            raise typer.BadParameter(msg, param_hint=option)


def _holds_statements(paths: list[Path]) -> bool:
    from stance import files

    if len(paths) != 1 or paths[0].suffix == ".txt":
        return False
    try:
        return files.is_statement_table(files.read_columns(paths[0]))
    except InputError:
        return False  # reading it as articles will say what is wrong


def _label_articles(
    paths: list[Path], classifier: Any, name: str, issues: list[str] | None, skipped: list[Skipped], *, quiet: bool
) -> tuple[list[dict[str, Any]], int]:
    from stance import files, pipeline

    count = 0
    with _progress("Labelling", quiet=quiet) as advance:

        def read(_: Article) -> None:
            nonlocal count
            count += 1
            advance()

        found = files.read_articles(paths, on_skip=skipped.append)
        rows = list(pipeline.label_articles(found, classifier, model_name=name, issues=issues, on_article=read))
    return rows, count


def _label_table(
    paths: list[Path],
    output: Path | None,
    model: Path | None,
    format: str | None,  # noqa: A002
    articles: list[str],
    *,
    force: bool,
    quiet: bool,
    show: bool,
) -> None:
    from stance import files, pipeline
    from stance.files.models import read_model

    if len(paths) != 1:
        msg = f"One table of statements at a time; found {len(paths)} inputs."
        raise InputError(msg)
    table = files.read_table(paths[0])
    given = _with_context(table, articles)
    classifier, name = read_model(model)
    labelled = pipeline.label_statements(given, classifier, model_name=name)
    if "context" in labelled.columns and "context" not in table.columns:
        labelled = labelled.drop(columns="context")
    _write(labelled, output, format, force=force, show=show)
    if not quiet:
        where = f" -> {output}" if output else ""
        typer.echo(f"{len(labelled)} statements labelled{where}", err=True)


def _with_context(table: pd.DataFrame, articles: list[str]) -> pd.DataFrame:
    """Return the table with sentence and context read from the articles, where they are given."""
    if not articles:
        return table
    from stance import files
    from stance.pipeline import CONTEXT_CHARS
    from stance.training import join_context

    missing = [column for column in ("article_id", "start", "end") if column not in table.columns]
    if missing:
        msg = f"With --articles the table needs the columns article_id, start and end; it lacks {', '.join(missing)}."
        raise InputError(msg)
    skipped: list[Skipped] = []
    texts = {article.id: article.text for article in files.read_articles(files.find_inputs(articles), on_skip=skipped.append)}
    _report_skipped(skipped)
    return join_context(table, texts, CONTEXT_CHARS)


@app.command()
@_says_errors
def train(
    annotations: Annotated[
        list[str],
        typer.Argument(
            metavar="ANNOTATIONS...",
            help="Tables (.csv, .jsonl, .parquet) with text or sentence, stance, and optionally issue, target and the "
            "other columns of data/README.md.",
            show_default=False,
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT", help="Model file to write: models/NAME.joblib.")],
    articles: Annotated[
        list[str] | None, typer.Option(metavar="FILE", help="Articles the offsets point into. Repeatable.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace OUT if it exists.")] = False,
    seed: Annotated[int, typer.Option(help="Seed of the cross-validation folds.")] = 0,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing.")] = False,
) -> None:
    """Fit a stance model on annotations; report grouped cross-validation; write the model and its card."""
    from stance import files, training
    from stance.evaluation import format_evaluation
    from stance.model import pack_model

    files.check_output(output, force, suffixes=(".joblib",))
    card_path = output.with_suffix(".card.json")
    files.check_output(card_path, force, suffixes=(".json",))
    known = training.read_annotations(_read_annotations(annotations, articles or []))
    if not quiet:
        for note in known.notes:
            typer.echo(f"left out: {note}", err=True)
        typer.echo(f"Training on {len(known.rows)} statements from {len(set(known.groups))} articles …", err=True)
    result = training.train(known, name=output.stem, random_state=seed)
    data = pack_model(result.model, result.card["name"])
    files.write_bytes(output, data)
    files.write_json(card_path, {**result.card, "file": training.file_entry(output.name, data)})
    if not quiet:
        typer.echo("Cross-validation, grouped by article:")
        typer.echo(format_evaluation(result.scores, result.by_issue))
        typer.echo(f"\n{result.card['name']}: {output} ({len(data) / 1e6:.1f} MB), card in {card_path}")


@app.command()
@_says_errors
def evaluate(
    annotations: Annotated[
        list[str], typer.Argument(metavar="ANNOTATIONS...", help="Annotated tables, as for 'stance train'.", show_default=False)
    ],
    model: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Model to score instead of the one that comes with stance.")
    ] = None,
    articles: Annotated[
        list[str] | None, typer.Option(metavar="FILE", help="Articles the offsets point into. Repeatable.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Score a model on annotated statements, with 95 % intervals and the majority baseline beside it."""
    from stance import training
    from stance.evaluation import evaluate as score
    from stance.evaluation import evaluate_by, format_evaluation
    from stance.files.models import read_model

    known = training.read_annotations(_read_annotations(annotations, articles or []), for_training=False)
    classifier, name = read_model(model)
    if name.endswith(training.data_hash(known)[:8]):
        typer.echo("note: the model was trained on these very statements; the figures say nothing about new ones.", err=True)
    predicted = [str(label) for label in classifier.predict(known.rows)]
    whole = score(known.labels, predicted, groups=known.groups)
    parts = evaluate_by(known.labels, predicted, known.issues, groups=known.groups)
    if as_json:
        figures = {
            "model": name,
            "left_out": list(known.notes),
            "all": whole.as_dict(),
            "by_issue": {key: value.as_dict() for key, value in parts.items()},
        }
        typer.echo(json.dumps(figures, indent=2, ensure_ascii=False))
        return
    for note in known.notes:
        typer.echo(f"left out: {note}", err=True)
    typer.echo(f"model {name}")
    typer.echo(format_evaluation(whole, parts))


def _read_annotations(annotations: list[str], articles: list[str]) -> pd.DataFrame:
    import pandas as pd

    from stance import files

    tables = [_with_context(files.read_table(path), articles) for path in files.find_inputs(annotations)]
    return pd.concat(tables, ignore_index=True) if len(tables) > 1 else tables[0]


def _table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    from stance.records import STATEMENT_COLUMNS

    return pd.DataFrame(rows, columns=list(STATEMENT_COLUMNS))


def _write(table: pd.DataFrame, output: Path | None, format: str | None, *, force: bool, show: bool) -> None:  # noqa: A002
    from stance import files

    if output is not None:
        files.write_table(table, output, format=format, force=force)
    if show or (output is None and format is None and sys.stdout.isatty()):
        _show(table)
    elif output is None:
        files.write_stream(table, sys.stdout.buffer, format or "csv")


def _show(table: pd.DataFrame) -> None:
    """Print the table for eyes: one statement a row under its article, long sentences cut."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    if not console.is_terminal:
        console = Console(width=_PIPE_WIDTH)
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name, width in (("stance", 12), ("speaker", 26), ("target", 24)):
        shown.add_column(name, width=width)
    shown.add_column("sentence", ratio=1)
    article = None
    for row in table.head(_SHOWN_ROWS).to_dict("records"):
        if "article_id" in row and row["article_id"] != article:
            article = row["article_id"]
            shown.add_section()
            shown.add_row("", Text(_cell(row, "article_id"), style="bold"), _cell(row, "published"), "")
        stance = _cell(row, "stance_predicted") or _cell(row, "stance")
        actor = _cell(row, "speaker_actor")
        share = row.get(f"p_{stance}")
        shown.add_row(
            Text(f"{stance} {share:.2f}" if isinstance(share, float) else stance, style=_COLORS.get(stance, "")),
            Text(f"{_cell(row, 'speaker')} ({actor})" if actor else _cell(row, "speaker")),
            Text(_cell(row, "target") or _cell(row, "issue")),
            Text(_shorten(_cell(row, "sentence") or _cell(row, "text"))),
        )
    console.print(shown)
    if len(table) > _SHOWN_ROWS:
        typer.echo(f"… and {len(table) - _SHOWN_ROWS} more; write them all with -o FILE.", err=True)


def _cell(row: dict[Hashable, Any], name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _shorten(sentence: str) -> str:
    flat = " ".join(sentence.split())
    return flat if len(flat) <= _SHOWN_CHARS else flat[: _SHOWN_CHARS - 1] + "…"


@contextmanager
def _progress(what: str, *, quiet: bool) -> Iterator[Callable[[], None]]:
    """Give a function that counts one more article, and show a bar on a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda: None
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
        yield lambda: bar.update(task, advance=1)


def _report_skipped(skipped: list[Skipped]) -> None:
    for one in skipped[:50]:
        typer.echo(f"{'note' if one.kept else 'skipped'}: {one.source}: {one.reason}", err=True)
    if len(skipped) > 50:
        typer.echo(f"… and {len(skipped) - 50} more", err=True)


def _close(n_articles: int, n_statements: int, skipped: list[Skipped], output: Path | None) -> None:
    reasons = Counter(re.split(r"[:;(]| as ", one.reason)[0].strip() for one in skipped if not one.kept)
    line = f"{n_articles} articles, {n_statements} statements"
    if reasons:
        line += f"; skipped {sum(reasons.values())}: " + ", ".join(f"{count} {reason}" for reason, count in reasons.most_common())
    typer.echo(f"{line} -> {output}" if output else line, err=True)


# How the extraction decided (explain, evaluate-rules)

_SHOWN_IDS = 20
_LABEL_COLORS = {"[": "cyan", "  target": "green", "  passed over": "yellow"}


@app.command()
@_says_errors
def explain(
    article: Annotated[
        str | None,
        typer.Argument(
            metavar="ARTICLE",
            help="One file with an article (.txt, .jsonl, .csv, .parquet), or - for standard input.",
            show_default=False,
        ),
    ] = None,
    text: Annotated[str | None, typer.Option(metavar="TEXT", help="Explain this text instead of a file.")] = None,
    article_id: Annotated[
        str | None, typer.Option("--article", metavar="ID", help="Which article, where the file holds several.")
    ] = None,
    sentence: Annotated[
        list[int] | None, typer.Option(metavar="N", help="Show only this sentence, counted from 1. Repeatable.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a sentence.")] = False,
) -> None:
    """Show which rule found what in every sentence of an article, and why, or why a sentence was passed over."""
    from stance.explanation import explain_article, format_sentence
    from stance.records import Article

    if (article is None) == (text is None):
        msg = "give either ARTICLE or --text." if text is None else "give either ARTICLE or --text, not both."
        raise typer.BadParameter(msg, param_hint="ARTICLE")
    chosen = _read_one_article(article, article_id) if article is not None else Article("text", text or "")
    sentences = explain_article(chosen)
    if missing := [number for number in sentence or [] if not 1 <= number <= len(sentences)]:
        msg = f"There is no sentence {missing[0]} in {chosen.id}; it has {len(sentences)}, counted from 1."
        raise InputError(msg)
    for one in sentences:
        if sentence and one.number not in sentence:
            continue
        if as_json:
            typer.echo(json.dumps(one.as_dict(), ensure_ascii=False))
            continue
        for label, line in format_sentence(one):
            color = next((color for start, color in _LABEL_COLORS.items() if label.startswith(start)), None)
            typer.echo(typer.style(label, fg=color, bold=color == "cyan") + line)
        typer.echo()
    if not as_json:
        n_statements = sum(one.n_statements for one in sentences)
        typer.echo(f"{chosen.id}: {len(sentences)} sentences, {n_statements} statements", err=True)


def _read_one_article(path: str, article_id: str | None) -> Article:
    """Return the article of a file, the one with the given id where it holds several."""
    from stance import files

    skipped: list[Skipped] = []
    found = list(files.read_articles(files.find_inputs([path]), on_skip=skipped.append))
    chosen = [article for article in found if article_id in (None, article.id)]
    if len(chosen) == 1:
        return chosen[0]
    _report_skipped(skipped)
    ids = ", ".join(article.id for article in found[:_SHOWN_IDS]) + (", …" if len(found) > _SHOWN_IDS else "")
    if not found:
        msg = f"{path} holds no article that can be read."
    elif article_id is None:
        msg = f"{path} holds {len(found)} articles; choose one with --article ID: {ids}."
    else:
        msg = f"{path} holds no article {article_id!r}; it holds {ids}."
    raise InputError(msg)


@app.command()
@_says_errors
def evaluate_rules(
    gold: Annotated[
        Path,
        typer.Argument(
            metavar="GOLD",
            help="Statements as a person coded them (.jsonl, .csv, .parquet); columns in data/README.md.",
            show_default=False,
        ),
    ],
    articles: Annotated[list[str], typer.Option(metavar="FILE", help="The articles that were coded. Repeatable.")],
    examples: Annotated[int, typer.Option(metavar="N", min=0, help="Show so many right and wrong statements of each rule.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Print a report card of every extraction rule: how much it decided, and how much of that the gold records bear out."""
    from stance import files
    from stance.evaluation import format_rules, read_gold, score_rules
    from stance.pipeline import extract_article

    coded = read_gold(files.read_statements(gold).to_dict("records"))
    skipped: list[Skipped] = []
    found = {}
    with _progress("Extracting", quiet=as_json) as advance:
        for article in files.read_articles(files.find_inputs(articles), on_skip=skipped.append):
            found[article.id] = extract_article(article)
            advance()
    report = score_rules(coded, found, n_examples=examples)
    _report_skipped(skipped)
    for note in (*coded.notes, *_unpaired(list(coded.by_article), list(found))):
        typer.echo(f"note: {note}", err=True)
    typer.echo(json.dumps(report.as_dict(), indent=2, ensure_ascii=False) if as_json else format_rules(report))


def _unpaired(coded: list[str], read: list[str]) -> Iterator[str]:
    """Yield what was left out because it is only on one side: articles without gold records, gold records without article."""
    for ids, others, what in ((coded, read, "coded articles are not among FILE"), (read, coded, "articles have no gold records")):
        if alone := [article_id for article_id in ids if article_id not in set(others)]:
            yield f"{len(alone)} {what} and are left out: {', '.join(alone[:3])}{', …' if len(alone) > 3 else ''}"
