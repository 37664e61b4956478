"""Collects articles and rows while a file of another tool is read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from stance.errors import InputError
from stance.files.decoding import decode
from stance.files.formats.corpus import Report, Row
from stance.files.formats.statements import read_article
from stance.files.rows import open_rows
from stance.records import Article


@dataclass(slots=True)
class Gathered:
    """What a reader has found so far."""

    report: Report
    articles: dict[str, Article] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)

    def article(self, text: str, details: Any, fallback: str) -> Article:
        """Return the article of a text, under an id of its own where another text has taken it."""
        article = read_article(text, details, fallback)
        name, number = article.id, 1
        while self.articles.get(article.id, article).text != text:
            number += 1
            article = replace(article, id=f"{name}#{number}")
        if number > 1:
            self.report.add("articles called by another id: theirs is taken by another text", article.id)
        return self.articles.setdefault(article.id, article)

    def add(self, article: Article, start: int | None, end: int | None, values: Mapping[str, Any], where: str) -> None:
        """Add a row at a place in code points, which is reported and left out where there is no such place."""
        if start is None or end is None or not 0 <= start < end <= len(article.text):
            self.report.add("rows left out: their offsets lie outside the article", where)
            return
        place = {"article_id": article.id, "start": start, "end": end, "sentence": article.text[start:end]}
        self.rows.append({**values, **place})


def read_json_file(path: Path) -> Any:
    """Return the value in a JSON file, UTF-8 or UTF-16; InputError with line and column where it is broken."""
    try:
        return json.loads(decode(path.read_bytes())[0])
    except json.JSONDecodeError as error:
        msg = f"{path} is broken JSON: {error.msg} in line {error.lineno}, column {error.colno}."
        raise InputError(msg) from error
    except (InputError, ValueError, RecursionError) as error:
        msg = f"{path} cannot be read as JSON: {error}."
        raise InputError(msg) from error


def read_json_lines(path: Path, report: Report) -> Iterator[tuple[str, Row]]:
    """Yield the objects of JSON Lines, each with what messages call its line; lines that cannot be read are reported.

    Raises
    ------
    InputError
        If the file cannot be read at all.
    """
    try:
        with open_rows(path, "jsonl") as table:
            for row in table.rows:
                if row.values is None:
                    report.add(f"lines left out: {row.reason}", f"line {row.number}")
                else:
                    yield f"line {row.number}", row.values
    except InputError as error:
        msg = f"{path}: {error}."
        raise InputError(msg) from error


def as_number(value: Any) -> int | None:
    """Return a whole number, whichever way it is written; None where it is none."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return int(number) if number.is_integer() else None
