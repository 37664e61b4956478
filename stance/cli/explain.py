"""``stance explain``: an article in, which rule found what, and why, out; or a sentence in, what moved its stance out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stance.cli import options
from stance.cli.issues import add_issues, find_issues, require_issues
from stance.cli.tables import STANCE_COLORS
from stance.cli.terminal import report_skipped, says_errors
from stance.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stance.files import Skipped
    from stance.records import Article
    from stance.targets.mentions import Issue

_SHOWN_IDS = 20
_TOP = 10
_LONGEST_PATH = 255  # bytes; a longer sentence cannot be the name of a file
_LABEL_COLORS = {"[": "cyan", "  target": "green", "  passed over": "yellow"}


@says_errors
def explain(
    article: Annotated[
        str | None,
        typer.Argument(
            metavar="ARTICLE|SENTENCE",
            help="One file as for 'stance label', the https://… of a page, or - for standard input; with --issue, a sentence.",
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
    issue: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Explain the stance of SENTENCE towards this issue: sanctions, ceasefire, peace_process, one of --issue-file, "
            "or what --model knows. The options below say more about SENTENCE.",
        ),
    ] = None,
    speaker_actor: Annotated[
        str | None, typer.Option(metavar="CODE", help="Whom the speaker speaks for: NOR, EU, HAMAS … (column speaker_actor).")
    ] = None,
    sender: Annotated[
        list[str] | None,
        typer.Option(metavar="CODE", help="Who imposes the sanctions (or sells, …). Repeatable, or joined by ';'."),
    ] = None,
    recipient: Annotated[
        list[str] | None,
        typer.Option(metavar="CODE", help="On whom they are imposed (or to whom, …). Repeatable, or joined by ';'."),
    ] = None,
    location: Annotated[
        list[str] | None, typer.Option(metavar="CODE", help="Where the conflict is. Repeatable, or joined by ';'.")
    ] = None,
    cue: Annotated[str | None, typer.Option(metavar="WORD", help="The word that attributes: said, rejected …")] = None,
    context: Annotated[str | None, typer.Option(metavar="TEXT", help="What stands before SENTENCE in its article.")] = None,
    model: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Model to explain instead of the one that comes with stance; with ARTICLE, whose own issues are looked for.",
        ),
    ] = None,
    issue_file: options.IssueFile = None,
    column_map: options.Map = None,
    top: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Show so many features for the stance and against it. Default: 10.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a sentence, with everything in it.")] = False,
) -> None:
    """Show which rule found what in every sentence of an article, and why, or why a sentence was passed over.

    With --issue: show which words of one SENTENCE moved its stance, how far and which way.
    """
    from stance.records import Article

    if (article is None) == (text is None):
        msg = "give either ARTICLE or --text." if text is None else "give either ARTICLE or --text, not both."
        raise typer.BadParameter(msg, param_hint="ARTICLE")
    about = {"speaker_actor": speaker_actor, "sender": sender, "recipient": recipient, "location": location}
    about |= {"cue": cue, "context": context}
    if issue is None:
        given = {**about, "top": top}
        if unused := next((name for name, value in given.items() if value), None):
            msg = "it says something about the stance of a sentence; give --issue too."
            raise typer.BadParameter(msg, param_hint=f"--{unused.replace('_', '-')}")
        columns = options.read_columns(column_map)
        chosen = _read_one_article(article, article_id, columns) if article is not None else Article("text", text or "")
        _explain_article(chosen, find_issues(model, issue_file), sentence or [], as_json=as_json)
        return
    if article_id or sentence:
        msg = "it chooses in an article; with --issue the argument is a sentence itself."
        raise typer.BadParameter(msg, param_hint="--article" if article_id else "--sentence")
    if model is None:
        require_issues([issue], tuple(known.name for known in find_issues(None, issue_file)))
    row = {name: ";".join(value) if isinstance(value, list) else value for name, value in about.items() if value}
    row |= {"sentence": _require_sentence(article, text), "issue": issue}
    _explain_stance(row, model, issue_file, top or _TOP, as_json=as_json)


def _require_sentence(argument: str | None, text: str | None) -> str:
    """Return the sentence, which could be the name of an article where a user expects something else of --issue."""
    if argument is None:
        return text or ""
    if argument == "-" or (len(argument.encode()) <= _LONGEST_PATH and Path(argument).is_file()):
        msg = f"with --issue give the sentence itself; {argument!r} is a file. To explain an article leave --issue out."
        raise typer.BadParameter(msg, param_hint="ARTICLE|SENTENCE")
    return argument


def _explain_stance(row: dict[str, str], model: Path | None, issue_file: list[str] | None, top: int, *, as_json: bool) -> None:
    """Print the stance of a statement and what moved it."""
    from stance.evidence import explain_stance, format_stance
    from stance.files.models import read_model

    classifier, name = read_model(model)
    classifier = add_issues(classifier, name, issue_file)
    found = explain_stance(row, classifier, model_name=name)
    if as_json:
        typer.echo(json.dumps(found.as_dict(), ensure_ascii=False))
        return
    for style, line in format_stance(found, top):
        typer.echo(
            typer.style(
                line, fg=STANCE_COLORS.get(style), bold=style in {"head", found.stance} or None, dim=style == "dim" or None
            )
        )


def _explain_article(chosen: Article, issues: tuple[Issue, ...], numbers: list[int], *, as_json: bool) -> None:
    """Print what the rules made of every sentence, or of those asked for."""
    from stance.explanation import explain_article, format_sentence

    sentences = explain_article(chosen, issues)
    if missing := [number for number in numbers if not 1 <= number <= len(sentences)]:
        msg = f"There is no sentence {missing[0]} in {chosen.id}; it has {len(sentences)}, counted from 1."
        raise InputError(msg)
    for one in sentences:
        if numbers and one.number not in numbers:
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


def _read_one_article(path: str, article_id: str | None, columns: Mapping[str, str]) -> Article:
    """Return the article of a file, the one with the given id where it holds several."""
    from stance import files

    skipped: list[Skipped] = []
    try:
        paths = files.find_inputs([path])
    except InputError as error:
        msg = f"{error} To explain the stance of a sentence, give --issue."
        raise InputError(msg) from error
    found = list(files.read_articles(paths, on_skip=skipped.append, columns=columns))
    chosen = [article for article in found if article_id in (None, article.id)]
    if len(chosen) == 1:
        return chosen[0]
    report_skipped(skipped)
    ids = ", ".join(article.id for article in found[:_SHOWN_IDS]) + (", …" if len(found) > _SHOWN_IDS else "")
    if not found:
        msg = f"{path} holds no article that can be read."
    elif article_id is None:
        msg = f"{path} holds {len(found)} articles; choose one with --article ID: {ids}."
    else:
        msg = f"{path} holds no article {article_id!r}; it holds {ids}."
    raise InputError(msg)
