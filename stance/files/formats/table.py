"""Our own forms: the annotation table with its articles beside it, and the annotation store, which holds both."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from stance.files.annotations import PREDICTION_COLUMNS, as_annotation_table, write_store
from stance.files.formats.corpus import AnnotatedCorpus, Report, name_of
from stance.files.formats.gathering import read_json_lines
from stance.files.formats.statements import article_details, read_article
from stance.files.outputs import write_bytes, write_stream
from stance.files.store import AnnotationStore
from stance.files.tables import read_table
from stance.records import CODED_COLUMNS, STATEMENT_COLUMNS, Article

ARTICLES_SUFFIX = ".articles.jsonl"


def read_annotations(path: Path, report: Report) -> tuple[list[Article], list[dict[str, Any]]]:
    """Return an annotation table, and the articles where they stand beside it as ``NAME.articles.jsonl``."""
    beside = path.with_name(path.stem + ARTICLES_SUFFIX)
    articles = []
    if beside.is_file():
        for where, values in read_json_lines(beside, report):
            if isinstance(values.get("text"), str):
                named = {**values, "article_id": values.get("article_id") or values.get("id")}
                articles.append(read_article(values["text"], named, f"{path.stem}-{where}"))
            else:
                report.add("articles left out: they have no 'text'", f"{beside.name} {where}")
    if articles and not path.stat().st_size:  # articles on which there is nothing yet
        return articles, []
    table = as_annotation_table(read_table(path), str(path))
    return articles, [{str(name): cell for name, cell in row.items()} for row in table.to_dict("records")]


def write_annotations(corpus: AnnotatedCorpus, path: Path, report: Report) -> None:
    """Write the annotation table, with what a model said where it said something; and the articles beside it."""
    rows = corpus.rows()
    used = {name for name in PREDICTION_COLUMNS if any(row[name] not in (None, []) for row in rows)}
    table = corpus.annotations.drop(columns=[name for name in PREDICTION_COLUMNS if name not in used])
    whole = io.BytesIO()
    write_stream(table, whole, path.suffix)
    if corpus.articles:
        write_bytes(path.with_name(path.stem + ARTICLES_SUFFIX), _as_lines(corpus.articles))
    write_bytes(path, whole.getvalue())


def _as_lines(articles: Iterable[Article]) -> bytes:
    rows = [{"id": one.id, **article_details(one), "text": one.text} for one in articles]
    lines = [{name: value for name, value in row.items() if name != "article_id"} for row in rows]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def read_annotation_store(path: Path, report: Report) -> tuple[list[Article], list[dict[str, Any]]]:
    """Return the articles and decisions of a store, and its statements on which nobody decided or a model said something."""
    store = AnnotationStore(path, create=False)
    decided = store.annotations().to_dict("records")
    settled = {row["statement_id"] for row in decided}
    waiting = [
        {name: value for name, value in row.items() if name not in ("verdict", "annotator", "decided_at")}
        for row in store.statements().to_dict("records")
        if row["statement_id"] not in settled or _was_labelled(row)
    ]
    return store.articles(), [{str(name): value for name, value in row.items()} for row in (*waiting, *decided)]


def write_annotation_store(corpus: AnnotatedCorpus, path: Path, report: Report) -> None:
    """Write a new annotation store; it keeps a statement once as it came, and what each annotator decided."""
    rows = corpus.rows()
    decided = {row["statement_id"] for row in rows if row["verdict"]}
    waiting: set[str] = set()
    for row in rows:
        if row["verdict"] is None and row["statement_id"] in waiting:
            report.add("statements left out: a store keeps what one model said of a statement (the last)", name_of(row))
        if row["verdict"] is None:
            waiting.add(row["statement_id"])
            if row["statement_id"] in decided and not _was_labelled(row):
                report.add("statements without a label left out: a store tells them from decisions by their label", name_of(row))
    for statement in sorted(_coded_apart(rows)):
        report.add("statements on which annotators differ in more than a store keeps for each (the first is kept)", statement)
    write_store(corpus.annotations, corpus.articles, path)


def _coded_apart(rows: list[dict[str, Any]]) -> set[str]:
    """Return the statements whose rows differ in a column that annotators cannot change."""
    fixed = [name for name in STATEMENT_COLUMNS if name not in (*CODED_COLUMNS, *PREDICTION_COLUMNS, "stance")]
    first: dict[str, list[Any]] = {}
    return {
        row["statement_id"]
        for row in rows
        if first.setdefault(row["statement_id"], [row[name] for name in fixed]) != [row[name] for name in fixed]
    }


def _was_labelled(row: Mapping[Any, Any]) -> bool:
    return isinstance(row.get("stance"), str) or isinstance(row.get("model"), str)
