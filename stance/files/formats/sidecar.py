"""The table of articles that stands in a folder of files whose format has no place for title, outlet, date and address."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from stance.files.formats.statements import article_details
from stance.records import Article

NAME = "articles.csv"
_COLUMNS = ("file", "article_id", "title", "outlet", "published", "url")


def write_sidecar(articles: Iterable[tuple[str, Article]], folder: Path) -> None:
    """Write what is known of each article, by the name of its file."""
    whole = io.StringIO(newline="")
    writer = csv.DictWriter(whole, _COLUMNS, restval="", lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows({"file": file, **article_details(article)} for file, article in articles)
    (folder / NAME).write_bytes(whole.getvalue().encode())


def read_sidecar(content: bytes | None) -> dict[str, dict[str, str]]:
    """Return what is known of each article, by the name of its file; nothing without a table."""
    if content is None:
        return {}
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig", "replace"), newline=""))
    return {row["file"]: row for row in rows if row.get("file")}
