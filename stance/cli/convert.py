"""``stance convert``: annotations of one tool in; those of another out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stance.cli.terminal import report_skipped, require_choice, says_errors

if TYPE_CHECKING:
    from stance.files import Skipped
    from stance.files.formats import AnnotatedCorpus
    from stance.records import Article


@says_errors
def convert(
    source: Annotated[Path, typer.Argument(metavar="IN", help="File or folder of annotations.", show_default=False)],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="File or folder to write.", show_default=False)],
    source_format: Annotated[str | None, typer.Option("--from", metavar="F", help="Format of IN. Default: as found.")] = None,
    target_format: Annotated[
        str | None, typer.Option("--to", metavar="F", help="Format of OUT. Default: by its suffix, where that tells.")
    ] = None,
    articles: Annotated[
        list[str] | None, typer.Option(metavar="FILE", help="Articles that IN is about and does not hold. Repeatable.")
    ] = None,
    annotator: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Who decided what IN does not say who decided; without it that stays undecided."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace OUT if it exists.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No closing line.")] = False,
) -> None:
    """Take annotations from one tool to another: ids, offsets, annotators, codes and notes stay as they are.

    What cannot be kept is counted and named. The formats:

    \b
    table         our annotation table or what `stance label` wrote (.csv, .jsonl, .parquet), articles beside it
    sqlite        the annotation store of `stance review` (.db)
    label-studio  Label Studio: JSON export; tasks to import, with the labelling config beside them (.json, .xml)
    doccano       doccano: sequence labelling (.jsonl)
    prodigy       Prodigy: what db-out wrote, for db-in (.jsonl)
    uima          INCEpTION: UIMA CAS XMI (folder, .zip, .xmi, .json); needs stance[inception]
    webanno       INCEpTION: WebAnno TSV 3 (folder, .zip, .tsv)
    dna           Discourse Network Analyzer: tables of documents and statements (folder, or .csv with --articles)
    brat          brat standoff (folder of .txt and .ann)
    """  # noqa: D301 - the character that keeps the lines of the list apart
    from stance.files.formats import FORMATS, check_target, read_corpus, write_corpus

    require_choice("--from", [source_format] if source_format else [], tuple(FORMATS))
    require_choice("--to", [target_format] if target_format else [], tuple(FORMATS))
    known = check_target(target, format=target_format, force=force)
    given = read_articles(articles or [])
    corpus, lost = read_corpus(source, format=source_format, articles=given, annotator=annotator)
    lost += write_corpus(corpus, target, format=known.name, force=force)
    for line in lost:
        typer.echo(f"not kept: {line}", err=True)
    if not quiet:
        beside = [str(target.with_name(target.stem + ending)) for ending in known.beside]
        written = [name for name in beside if Path(name).exists()]
        typer.echo(f"{_count(corpus)} -> {', '.join([str(target), *written])} ({known.name})", err=True)


def read_articles(patterns: list[str]) -> list[Article]:
    """Return the articles of some files, and say what of them was skipped."""
    if not patterns:
        return []
    from stance import files

    skipped: list[Skipped] = []
    found = list(files.read_articles(files.find_inputs(patterns), on_skip=skipped.append))
    report_skipped(skipped)
    return found


def _count(corpus: AnnotatedCorpus) -> str:
    decided = corpus.annotations["annotator"].dropna().value_counts(sort=False).sort_index()
    told = [f"{name} {count}" for name, count in decided.items()]
    undecided = len(corpus.annotations) - int(decided.sum())
    told += [f"undecided {undecided}"] if undecided else []
    who = f" ({', '.join(told)})" if told else ""
    return f"{len(corpus.articles)} articles, {len(corpus.annotations)} rows{who}"
