"""The formats in which annotations come and go; each reads and writes an ``AnnotatedCorpus``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from stance.errors import InputError
from stance.files.formats import brat, dna, doccano, label_studio, prodigy, table, uima, webanno
from stance.files.formats.corpus import AnnotatedCorpus, Report, Row, assemble
from stance.files.formats.places import check_folder, replacing_folder
from stance.files.formats.recognition import recognise
from stance.files.inputs import source_name
from stance.files.outputs import TABLE_SUFFIXES, check_output
from stance.files.store import STORE_SUFFIXES
from stance.records import Article

Found = tuple[list[Article], list[Row]]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name, what it is in a line, the suffixes of its files, and how it is read and written.

    A format that is a ``folder`` has in ``suffixes`` those of the files in it; one that ``needs_text`` keeps no row without the
    text of its article. ``beside`` are the endings, put in the place of the suffix, of files written beside the one named.
    """

    name: str
    summary: str
    suffixes: tuple[str, ...]
    read: Callable[[Path, Report], Found]
    write: Callable[[AnnotatedCorpus, Path, Report], None]
    folder: bool = False
    needs_text: bool = True
    beside: tuple[str, ...] = ()


FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        Format(
            "table",
            "our annotation table or what `stance label` wrote (.csv, .jsonl, .parquet), articles beside it",
            TABLE_SUFFIXES,
            table.read_annotations,
            table.write_annotations,
            needs_text=False,
            beside=(table.ARTICLES_SUFFIX,),
        ),
        Format(
            "sqlite",
            "the annotation store of `stance review` (.db)",
            STORE_SUFFIXES,
            table.read_annotation_store,
            table.write_annotation_store,
            needs_text=False,
        ),
        Format(
            "label-studio",
            "Label Studio: JSON export; tasks to import, with the labelling config beside them (.json, .xml)",
            (".json",),
            label_studio.read_tasks,
            label_studio.write_tasks,
            beside=(label_studio.CONFIG_SUFFIX,),
        ),
        Format("doccano", "doccano: sequence labelling (.jsonl)", (".jsonl",), doccano.read_spans, doccano.write_spans),
        Format(
            "prodigy",
            "Prodigy: what db-out wrote, for db-in (.jsonl)",
            (".jsonl",),
            prodigy.read_examples,
            prodigy.write_examples,
        ),
        Format(
            "uima",
            "INCEpTION: UIMA CAS XMI (folder, .zip, .xmi, .json); needs stance[inception]",
            uima.SUFFIXES,
            uima.read_documents,
            uima.write_documents,
            folder=True,
        ),
        Format(
            "webanno",
            "INCEpTION: WebAnno TSV 3 (folder, .zip, .tsv)",
            (".tsv", ".csv"),
            webanno.read_documents,
            webanno.write_documents,
            folder=True,
        ),
        Format(
            "dna",
            "Discourse Network Analyzer: tables of documents and statements (folder, or .csv with --articles)",
            (".csv",),
            lambda path, report: dna.read_tables(path, report, {}),
            dna.write_tables,
            folder=True,
        ),
        Format(
            "brat", "brat standoff (folder of .txt and .ann)", brat.SUFFIXES, brat.read_folder, brat.write_folder, folder=True
        ),
    )
}
# What the suffix of a file to be written stands for; a .jsonl or .csv of another format has to be named.
_BY_SUFFIX = {
    **dict.fromkeys(TABLE_SUFFIXES, "table"),
    **dict.fromkeys(STORE_SUFFIXES, "sqlite"),
    ".json": "label-studio",
}


def describe_formats() -> list[str]:
    """Return a line for each format: its name and what it is."""
    return [f"{one.name}: {one.summary}" for one in FORMATS.values()]


def read_corpus(
    path: Path,
    *,
    format: str | None = None,  # noqa: A002
    articles: Sequence[Article] = (),
    annotator: str | None = None,
) -> tuple[AnnotatedCorpus, list[str]]:
    """Return the corpus in a file or folder, and in words what of it could not be kept.

    ``format`` is read off the file where it is not given. ``articles`` are those that the file does not hold itself;
    ``annotator`` is who decided what the file does not say by whom.

    Raises
    ------
    InputError
        If there is no such file, or it cannot be read as that format.
    """
    if not path.exists():
        msg = f"There is no file {source_name(path)}."
        raise InputError(msg)
    known = FORMATS[format or _recognised(path)]
    report = Report()
    try:
        given = {article.id: article for article in articles}
        found, rows = dna.read_tables(path, report, given) if known.name == "dna" else known.read(path, report)
    except OSError as error:
        msg = f"{source_name(path)} cannot be read: {error.strerror or error}."
        raise InputError(msg) from error
    found, rows = _use_given(found, rows, articles)
    corpus = assemble(found, rows, report, annotator=annotator)
    if corpus.annotations.empty and report.found and not corpus.articles:
        msg = f"{source_name(path)}: nothing in it could be kept: {'; '.join(report.lines())}."
        raise InputError(msg)
    return corpus, report.lines()


def _recognised(path: Path) -> str:
    name = recognise(path)
    if name is None:
        msg = f"{source_name(path)} is of no format known here; say which with --from: {', '.join(FORMATS)}."
        raise InputError(msg)
    return name


def _use_given(found: list[Article], rows: list[Row], given: Iterable[Article]) -> tuple[list[Article], list[Row]]:
    """Call articles of the file as the given ones with the same text, and add those that rows name."""
    by_text = {article.text: article for article in given}
    names = {one.id: by_text[one.text].id for one in found if one.text in by_text}
    settled = {names.get(one.id, one.id): by_text.get(one.text, one) for one in found}
    renamed = [{**row, "article_id": names.get(str(row.get("article_id")), row.get("article_id"))} for row in rows]
    wanted = {str(row.get("article_id")) for row in renamed}
    for article in given:
        if article.id in wanted:
            settled.setdefault(article.id, article)
    return list(settled.values()), renamed


def write_corpus(corpus: AnnotatedCorpus, path: Path, *, format: str | None = None, force: bool = False) -> list[str]:  # noqa: A002
    """Write a corpus, whole or not at all, and return in words what of it could not be kept.

    Raises
    ------
    InputError
        If the format is not known by the suffix, the place is taken and ``force`` is false, or nothing could be written.
    """
    known = check_target(path, format=format, force=force)
    _require_something(corpus, known)
    report = Report()
    if not known.folder:
        known.write(corpus, path, report)
        return report.lines()
    with replacing_folder(path) as temporary:
        known.write(corpus, temporary, report)
    return report.lines()


def _require_something(corpus: AnnotatedCorpus, known: Format) -> None:
    if corpus.annotations.empty and not corpus.articles:
        msg = "There is nothing to write: neither rows nor articles."
        raise InputError(msg)
    report = Report()
    if known.needs_text and not corpus.annotations.empty and not any(corpus.located(report).values()):
        msg = f"No row can be written as {known.name}: {'; '.join(report.lines())}. Give the articles with --articles FILE."
        raise InputError(msg)


def check_target(path: Path, *, format: str | None = None, force: bool = False) -> Format:  # noqa: A002
    """Return the format that will be written to a place, before any work is done for it.

    Raises
    ------
    InputError
        As ``write_corpus``.
    """
    name = format or _BY_SUFFIX.get(path.suffix.lower())
    if name is None:
        found = f"the suffix {path.suffix} tells" if path.suffix else "no suffix tells"
        msg = f"{path}: {found} no format; say which with --to: {', '.join(FORMATS)}."
        raise InputError(msg)
    known = FORMATS[name]
    if known.folder:
        check_folder(path, force, known.suffixes)
        return known
    check_output(path, force, suffixes=known.suffixes)
    for ending in known.beside:
        check_output(path.with_name(path.stem + ending), force, suffixes=())
    return known


__all__ = [
    "FORMATS",
    "AnnotatedCorpus",
    "Format",
    "assemble",
    "check_target",
    "describe_formats",
    "read_corpus",
    "write_corpus",
]
