"""doccano: JSON Lines with a text, its spans, and whatever else stands in the line as metadata.

Its offsets count UTF-16 units, unless the project counts grapheme clusters (doccano issue 2290).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from stance.files.formats.corpus import AnnotatedCorpus, Report, Row
from stance.files.formats.gathering import Gathered, as_number, read_json_lines
from stance.files.formats.offsets import Utf16Offsets
from stance.files.formats.statements import article_details, details_of, known_details, label_of, read_label
from stance.files.outputs import write_bytes
from stance.records import Article

_SPAN_NAMES = ("label", "labels", "entities")
_DETAILS = "statements"


def read_spans(path: Path, report: Report) -> tuple[list[Article], list[Row]]:
    """Return the articles and rows of an export; one that names no annotator is of the one that the file is called after."""
    found = Gathered(report)
    for where, line in read_json_lines(path, report):
        text = line.get("text", line.get("data"))
        if not isinstance(text, str):
            report.add("lines left out: they have no 'text'", where)
            continue
        article = found.article(text, {**_meta(line), **line}, str(line.get("id", f"{path.stem}-{where.split()[1]}")))
        annotator = line["annotator"] if "annotator" in line else line.get("username", path.stem)
        _read_line(found, article, line, annotator, where)
    return list(found.articles.values()), found.rows


def _meta(line: Row) -> Row:
    meta = line.get("meta")
    return meta if isinstance(meta, dict) else {}


def _read_line(found: Gathered, article: Article, line: Row, annotator: str | None, where: str) -> None:
    told = line.get(_DETAILS, _meta(line).get(_DETAILS))
    waiting = [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    offsets = Utf16Offsets(article.text)
    for name in ("relations", "Comments", "cats"):
        for _ in line[name] if isinstance(line.get(name), list) else []:
            found.report.add(f"{name.lower()} left out: they belong to no statement", where)
    for span in next((line[name] for name in _SPAN_NAMES if isinstance(line.get(name), list) and line[name]), []):
        first, last, label = _as_span(span)
        coded = read_label(str(label), decided=annotator is not None)
        if coded is None:
            found.report.add("spans left out: their label is no stance", str(label))
            continue
        start = None if first is None else offsets.points(first)
        end = None if last is None else offsets.points(last)
        details = _take(waiting, start, end, str(label))
        found.add(article, start, end, {**known_details(details), **coded, "annotator": annotator}, f"{where}: {first}-{last}")
    for one in waiting:
        found.report.add("statements left out: their span is no longer there", f"{where}: statement {one.get('statement_id')}")


def _as_span(span: Any) -> tuple[int | None, int | None, Any]:
    if isinstance(span, dict):
        return as_number(span.get("start_offset")), as_number(span.get("end_offset")), span.get("label")
    if isinstance(span, list) and len(span) >= 3:
        return as_number(span[0]), as_number(span[1]), span[2]
    return None, None, None


def _take(waiting: list[Row], start: int | None, end: int | None, label: str) -> Row:
    """Take the details of a span: those that had its label too go first, for labels may have been changed."""
    here = [one for one in waiting if (one.get("start"), one.get("end")) == (start, end)]
    taken = next((one for one in here if one.get("label") == label), here[0] if here else None)
    if taken is None:
        return {}
    waiting.remove(taken)
    return taken


def write_spans(corpus: AnnotatedCorpus, path: Path, report: Report) -> None:
    """Write a line for each article and annotator; statements that nobody decided on have a line without annotator."""
    located = corpus.located(report)
    lines = []
    for article in corpus.articles:
        rows = located[article.id]
        by_annotator: dict[str | None, list[Row]] = {row["annotator"]: [] for row in rows} or {None: []}
        for row in rows:
            by_annotator[row["annotator"]].append(row)
        lines += [_line(article, annotator, some) for annotator, some in by_annotator.items()]
    write_bytes(path, "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode())


def _line(article: Article, annotator: str | None, rows: list[Row]) -> dict[str, Any]:
    offsets = Utf16Offsets(article.text)
    spans = [[offsets.units(row["start"]), offsets.units(row["end"]), label_of(row)] for row in rows]
    details = [
        {"start": row["start"], "end": row["end"], "label": label_of(row), **details_of({**row, "annotator": None})}
        for row in rows
    ]
    return {"text": article.text, "label": spans, **article_details(article), "annotator": annotator, _DETAILS: details}
