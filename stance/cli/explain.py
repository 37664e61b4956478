"""``stance explain``: an article in; which rule found what, and why, out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from stance.cli import options
from stance.cli.terminal import report_skipped, says_errors
from stance.errors import InputError

if TYPE_CHECKING:
    from stance.files import Skipped
    from stance.records import Article

_SHOWN_IDS = 20
_LABEL_COLORS = {"[": "cyan", "  target": "green", "  passed over": "yellow"}


@says_errors
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
    issue_file: options.IssueFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a sentence.")] = False,
) -> None:
    """Show which rule found what in every sentence of an article, and why, or why a sentence was passed over."""
    from stance import files
    from stance.explanation import explain_article, format_sentence
    from stance.records import Article
    from stance.targets.mentions import load_issues

    if (article is None) == (text is None):
        msg = "give either ARTICLE or --text." if text is None else "give either ARTICLE or --text, not both."
        raise typer.BadParameter(msg, param_hint="ARTICLE")
    chosen = _read_one_article(article, article_id) if article is not None else Article("text", text or "")
    sentences = explain_article(chosen, load_issues(files.read_issue_files(issue_file or [])))
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
    report_skipped(skipped)
    ids = ", ".join(article.id for article in found[:_SHOWN_IDS]) + (", …" if len(found) > _SHOWN_IDS else "")
    if not found:
        msg = f"{path} holds no article that can be read."
    elif article_id is None:
        msg = f"{path} holds {len(found)} articles; choose one with --article ID: {ids}."
    else:
        msg = f"{path} holds no article {article_id!r}; it holds {ids}."
    raise InputError(msg)
