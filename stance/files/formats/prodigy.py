"""Prodigy: JSON Lines, an example a line with its spans and what the annotator answered. Offsets count code points."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from stance.files.formats.corpus import AnnotatedCorpus, Report, Row
from stance.files.formats.gathering import Gathered, as_number, read_json_lines
from stance.files.formats.statements import article_details, details_of, known_details, label_of, read_label
from stance.files.outputs import write_bytes
from stance.records import Article

# The label of a span on which the answer alone says what it is.
_STATEMENT = "statement"
_ANSWERS = {"statement": "accept", "no_statement": "reject", "unsure": "ignore"}
_DETAILS = "statement"


def read_examples(path: Path, report: Report) -> tuple[list[Article], list[Row]]:
    """Return the articles and rows of what ``prodigy db-out`` wrote."""
    found = Gathered(report)
    for where, line in read_json_lines(path, report):
        if not isinstance(line.get("text"), str):
            report.add("lines left out: they have no 'text'", where)
            continue
        meta = line.get("meta") if isinstance(line.get("meta"), dict) else {}
        fallback = str(line.get("_input_hash", f"{path.stem}-{where.split()[1]}"))
        article = found.article(line["text"], meta, fallback)
        answer = line.get("answer")
        told = {"annotator": line.get("_annotator_id") or line.get("_session_id"), "decided_at": _time(line)} if answer else {}
        for span in line["spans"] if isinstance(line.get("spans"), list) else []:
            if isinstance(span, dict):
                _read_span(found, article, span, answer, told, where)
    return list(found.articles.values()), found.rows


def _time(line: Row) -> str | None:
    seconds = as_number(line.get("_timestamp"))
    with suppress(OverflowError, OSError, ValueError):  # of years that no calendar has
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat()
    return None


def _read_span(found: Gathered, article: Article, span: Row, answer: Any, told: Row, where: str) -> None:
    label = str(span.get("label"))
    coded = _decide(label, answer)
    if coded is None:
        rejected = answer == "reject" and read_label(label, decided=True) is not None
        reason = "a rejected stance says only what it is not" if rejected else "their label is no stance"
        found.report.add(f"spans left out: {reason}", f"{where}: {label}")
        return
    values = {**told, **known_details(span.get(_DETAILS)), **coded}
    found.add(article, as_number(span.get("start")), as_number(span.get("end")), values, where)


def _decide(label: str, answer: Any) -> dict[str, str | None] | None:
    if label == _STATEMENT and answer in ("reject", "ignore"):
        return {"verdict": "no_statement" if answer == "reject" else "unsure", "stance": None}
    coded = read_label(label, decided=bool(answer))
    if answer == "ignore" and coded is not None:
        return {"verdict": "unsure", "stance": None}
    return None if answer == "reject" else coded


def write_examples(corpus: AnnotatedCorpus, path: Path, report: Report) -> None:
    """Write an example for each row, answered if it was decided on; and one without spans for an article without rows."""
    located = corpus.located(report)
    lines = [
        line
        for article in corpus.articles
        for line in ([_example(article, row) for row in located[article.id]] or [_example(article, None)])
    ]
    write_bytes(path, "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode())


def _example(article: Article, row: Row | None) -> dict[str, Any]:
    example: dict[str, Any] = {"text": article.text, "spans": [], "meta": article_details(article)}
    if row is None:
        return example
    label = _STATEMENT if row["verdict"] in ("no_statement", "unsure") else label_of(row)
    details = details_of({**row, "annotator": None})
    example["spans"] = [{"start": row["start"], "end": row["end"], "label": label, _DETAILS: details}]
    if row["verdict"] is not None:
        example["answer"] = _ANSWERS[row["verdict"]]
        example["_annotator_id"] = example["_session_id"] = row["annotator"]
    return example
