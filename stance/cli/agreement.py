"""``stance agreement``: what several annotators decided in; how far they agree, and where they don't, out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stance.cli.terminal import report_skipped, says_errors

if TYPE_CHECKING:
    import pandas as pd

    from stance.files import Skipped


@says_errors
def agreement(
    annotations: Annotated[
        list[str],
        typer.Argument(
            metavar="ANNOTATIONS...",
            help="Annotation tables (.csv, .jsonl, .parquet) or stores (.db). A file without a column 'annotator' is one "
            "annotator, called as the file is.",
            show_default=False,
        ),
    ],
    by_file: Annotated[
        bool, typer.Option("--by-file", help="Each file is one annotator, whatever its column 'annotator' says.")
    ] = False,
    articles: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE", help="The articles, if annotators read them whole: compares them on every sentence, too. Repeatable."
        ),
    ] = None,
    issue: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only statements that somebody coded as this issue. Repeatable.")
    ] = None,
    disagreements: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write what they disagree on, the gravest first: .csv, .jsonl or .parquet."),
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the figures as JSON.")] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the figures as Markdown tables, for a paper.")] = False,
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="Seed of the draws behind the intervals.")] = 0,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it exists.")] = False,
) -> None:
    """Say how far annotators agree, field by field: percent, Cohen's kappa, Krippendorff's alpha, with 95 % intervals.

    An annotator has seen an article if they have decided on anything in it. What one of them found and the other did not counts
    only in articles that both have seen; one who has ever rejected a statement or was unsure is taken to work through a list, on
    which the rest is still to come. Adjudicated decisions are told of apart.
    """
    from stance import files
    from stance.evaluation import format_agreement, format_agreement_table, summarize_agreement

    for path, suffixes in ((json_file, (".json",)), (disagreements, (".csv", ".jsonl", ".parquet"))):
        if path is not None:
            files.check_output(path, force, suffixes=suffixes)
    table = _read_annotations(files.find_files(annotations), by_file=by_file)
    texts = _read_texts(articles) if articles else None
    found = summarize_agreement(table, texts=texts, issues=issue or (), random_state=seed)
    if disagreements is not None:
        files.write_table(found.disagreement_table(), disagreements, force=force)
    if json_file is not None:
        files.write_json(json_file, found.as_dict())
    typer.echo(format_agreement_table(found) if markdown else format_agreement(found))


def _read_annotations(paths: list[Path], *, by_file: bool) -> pd.DataFrame:
    """Return the tables as one; a file in which nobody is named, or any file where asked for, is an annotator of its own."""
    import pandas as pd

    from stance.files.annotations import read_annotation_table
    from stance.files.store import AnnotationStore, is_store

    tables = []
    stems = [path.stem for path in paths]
    for path in paths:
        table = read_annotation_table(path)
        if by_file or table["annotator"].isna().all():
            table["annotator"] = path.stem if stems.count(path.stem) == 1 else str(path)
        if is_store(path):
            table["added_by"] = table["statement_id"].map(AnnotationStore(path, create=False).added())
        tables.append(table)
    return pd.concat(tables, ignore_index=True) if len(tables) > 1 else tables[0]


def _read_texts(articles: list[str]) -> dict[str, str]:
    from stance import files

    skipped: list[Skipped] = []
    texts = {article.id: article.text for article in files.read_articles(files.find_inputs(articles), on_skip=skipped.append)}
    report_skipped(skipped)
    return texts
