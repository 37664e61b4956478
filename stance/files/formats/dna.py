"""Discourse Network Analyzer: the tables that rDNA's ``dna_getDocuments`` and ``dna_getStatements`` return, as CSV.

A folder of ``documents.csv`` and ``statements.csv``, or a table of statements alone. Persons, organisations and concepts are
our speakers, actors and targets; agreement is 1 or 0, and empty for what is neither. Offsets count UTF-16 units (Java).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from stance.errors import InputError
from stance.files.formats.corpus import AnnotatedCorpus, Report, Row
from stance.files.formats.gathering import Gathered, as_number
from stance.files.formats.offsets import Utf16Offsets
from stance.files.formats.statements import DETAIL_COLUMNS, article_details, as_cells, details_of, known_details, read_label
from stance.files.rows import open_rows
from stance.records import Article

DOCUMENTS, STATEMENTS = "documents.csv", "statements.csv"
_DOCUMENT_COLUMNS = ("id", "title", "text", "coder", "author", "source", "section", "notes", "type", "date", "article_id", "url")
_AGREEMENT = {"support": "1", "oppose": "0"}
_VARIABLES = ("person", "organization", "concept", "agreement")
_OWN = ("stance", "verdict", *(name for name in DETAIL_COLUMNS if name not in ("speaker", "speaker_actor")))
_STATEMENT_COLUMNS = ("ID", "statement_type_id", "document_id", "start", "stop", "coder_id", *_VARIABLES, *_OWN)
# What DNA 2, DNA 3 and their exports call the same thing, in small letters and without what is no letter.
_NAMES = {
    "statementid": "id",
    "documentid": "document_id",
    "startcaret": "start",
    "startposition": "start",
    "endcaret": "stop",
    "end": "stop",
    "stopposition": "stop",
    "endposition": "stop",
    "coderid": "coder_id",
    "coder": "coder_id",
    "codername": "coder_id",
    "organisation": "organization",
}


def is_statement_table(columns: Iterable[str]) -> bool:
    """Return whether these are the columns of DNA's statements."""
    names = {_NAMES.get(_bare(name), _bare(name)) for name in columns}
    return {"concept", "agreement"} <= names


def _bare(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


def read_tables(path: Path, report: Report, given: Mapping[str, Article]) -> tuple[list[Article], list[Row]]:
    """Return the articles and rows of a folder, or of a table of statements on the articles given."""
    found = Gathered(report)
    documents: dict[str, Article] = dict(given)
    if path.is_dir():
        for where, values in _read_csv(path / DOCUMENTS, report):
            if not values.get("text") or not values.get("id"):
                report.add("documents left out: they have no id or no text", where)
                continue
            described = {**values, "outlet": values.get("source"), "published": (values.get("date") or "")[:10]}
            documents[values["id"]] = found.article(values["text"], described, values["id"])
    for where, values in _read_csv(path / STATEMENTS if path.is_dir() else path, report):
        row = {name if name in _OWN else _NAMES.get(_bare(name), name.lower()): value for name, value in values.items()}
        article = documents.get(row.get("document_id", ""))
        if article is None:
            report.add("rows left out: their document is not given", f"{where}: document {row.get('document_id')}")
            continue
        offsets = Utf16Offsets(article.text)
        start, stop = as_number(row.get("start")), as_number(row.get("stop"))
        place = (None if start is None else offsets.points(start), None if stop is None else offsets.points(stop))
        found.articles.setdefault(article.id, article)
        found.add(article, *place, _read_statement(row), f"{where}: {start}-{stop}")
    return list(found.articles.values()), found.rows


def _read_csv(path: Path, report: Report) -> Iterator[tuple[str, dict[str, str]]]:
    try:
        with open_rows(path, "csv") as table:
            for row in table.rows:
                if row.values is None:
                    report.add(f"rows left out: {row.reason}", f"{path.name} row {row.number}")
                else:
                    yield (
                        f"{path.name} row {row.number}",
                        {name.strip(): "" if cell in ("", "NA") else cell for name, cell in row.values.items()},
                    )
    except FileNotFoundError as error:
        msg = f"There is no file {path}."
        raise InputError(msg) from error
    except InputError as error:
        msg = f"{path}: {error}."
        raise InputError(msg) from error


def _read_statement(row: Mapping[str, str]) -> Row:
    known: Row = {name: value or None for name, value in known_details(row).items() if name in _OWN}
    ours = "verdict" in row
    if not ours:
        known["statement_id"] = None
    if not known.get("annotator") and not ours:
        known["annotator"] = row.get("coder_id") or None
    # What was changed in DNA goes before what stood beside it.
    concept = row.get("concept") or None
    if concept != (known.get("target") or known.get("issue")):
        known["target"] = concept
    stance = _stance(row.get("agreement", ""), known.get("stance"))
    decided = read_label(stance, decided=known.get("annotator") is not None) if stance else None
    # What nobody has decided on yet stays so: its stance is a model's.
    verdict = known.get("verdict")
    if decided is not None and (verdict is not None or not ours):
        verdict = decided["verdict"]
    return {
        **known,
        "speaker": row.get("person") or None,
        "speaker_actor": row.get("organization") or None,
        "stance": stance,
        "verdict": verdict,
    }


def _stance(agreement: str, told: Any) -> str | None:
    agreed = agreement.strip().lower().removesuffix(".0")
    agreed = {"true": "1", "yes": "1", "false": "0", "no": "0"}.get(agreed, agreed)
    if told is not None and _AGREEMENT.get(told, "") == agreed:
        return str(told)
    return next((stance for stance, value in _AGREEMENT.items() if value == agreed), None)


def write_tables(corpus: AnnotatedCorpus, folder: Path, report: Report) -> None:
    """Write the two tables."""
    located = corpus.located(report)
    documents = list(enumerate(corpus.articles, start=1))
    annotators = sorted({row["annotator"] for rows in located.values() for row in rows if row["annotator"]})
    coders = {name: number for number, name in enumerate(annotators, start=1)}
    numbered = ((number, article, row) for number, article in documents for row in located[article.id])
    statements = [_statement(place, number, article, row, coders) for place, (number, article, row) in enumerate(numbered, 1)]
    _write_csv(folder / DOCUMENTS, _DOCUMENT_COLUMNS, (_document(number, article) for number, article in documents))
    _write_csv(folder / STATEMENTS, _STATEMENT_COLUMNS, statements)


def _document(number: int, article: Article) -> dict[str, Any]:
    described = article_details(article)
    described |= {"source": described.pop("outlet", ""), "date": described.pop("published", "")}
    return {"id": number, "text": article.text, **described}


def _statement(place: int, number: int, article: Article, row: Row, coders: Mapping[str, int]) -> dict[str, Any]:
    offsets = Utf16Offsets(article.text)
    details = as_cells(details_of(row))
    return {
        "ID": place,
        "statement_type_id": 1,
        "document_id": number,
        "start": offsets.units(row["start"]),
        "stop": offsets.units(row["end"]),
        "coder_id": coders.get(row["annotator"], ""),
        "person": details.pop("speaker", ""),
        "organization": details.pop("speaker_actor", ""),
        "concept": row["target"] or row["issue"] or "",
        "agreement": _AGREEMENT.get(row["stance"], ""),
        "stance": row["stance"] or "",
        "verdict": row["verdict"] or "",
        **details,
    }


def _write_csv(path: Path, columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> None:
    whole = io.StringIO(newline="")
    writer = csv.DictWriter(whole, list(columns), restval="", lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(whole.getvalue().encode())
