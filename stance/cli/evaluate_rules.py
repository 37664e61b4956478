"""``stance evaluate-rules``: gold records and their articles in; a report card of every extraction rule out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stance.cli.terminal import progress, report_skipped, says_errors

if TYPE_CHECKING:
    from stance.files import Skipped


@says_errors
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
    with progress("Extracting", quiet=as_json) as advance:
        for article in files.read_articles(files.find_inputs(articles), on_skip=skipped.append):
            found[article.id] = extract_article(article)
            advance()
    report = score_rules(coded, found, n_examples=examples)
    report_skipped(skipped)
    for note in (*coded.notes, *_unpaired(list(coded.by_article), list(found))):
        typer.echo(f"note: {note}", err=True)
    typer.echo(json.dumps(report.as_dict(), indent=2, ensure_ascii=False) if as_json else format_rules(report))


def _unpaired(coded: list[str], read: list[str]) -> Iterator[str]:
    """Yield what was left out because it is only on one side: articles without gold records, gold records without article."""
    for ids, others, what in ((coded, read, "coded articles are not among FILE"), (read, coded, "articles have no gold records")):
        if alone := [article_id for article_id in ids if article_id not in set(others)]:
            yield f"{len(alone)} {what} and are left out: {', '.join(alone[:3])}{', …' if len(alone) > 3 else ''}"
