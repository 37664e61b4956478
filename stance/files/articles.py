"""Reads articles from text files and tables, one after another; whatever is left out is reported."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from stance.errors import InputError
from stance.files.addresses import Database
from stance.files.dates import read_date
from stance.files.decoding import decode
from stance.files.ids import SeenIds
from stance.files.inputs import STDIN, Input, kind_of, mend, open_input, recognize, source_name
from stance.files.language import looks_english, share_function_words
from stance.files.rows import Row, open_rows
from stance.records import Article

_COLUMNS = frozenset({"id", "article_id", "text", "title", "published", "date", "outlet", "url"})
# "date 2024-03-05", then the article on the same or the next line.
_DATE_LINE = re.compile(r"\s*date[ \t]+(\d{4}-\d{2}-\d{2})(?![\w-])")
# After so many rows of JSON Lines without a text the file is taken to hold none; the first rows decide in any sane file.
_MAX_ROWS_WITHOUT_TEXT = 1000
# Column names worth showing in a message, and characters of each.
_MAX_NAMES, _MAX_NAME_CHARS = 12, 40


@dataclass(frozen=True, slots=True)
class Skipped:
    """What could not be read as it stands, and why; ``kept`` marks a mere note on an article that was read."""

    source: str
    reason: str
    kept: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    source: str
    article: Article
    notes: tuple[str, ...] = ()


def read_articles(paths: Iterable[Input], *, on_skip: Callable[[Skipped], None]) -> Iterator[Article]:
    """Yield the articles of text files, JSON Lines, CSV and Parquet, in order, each file read as it is needed.

    ``on_skip`` hears of every file and row that is left out, and (``kept``) of every article that was changed on the way
    in. A second article with the id and the text of an earlier one is left out; with another text its id gets ``#2``. Ids
    are compared within one call, in memory that does not grow with their number (``SeenIds``).

    A text file may begin with ``date YYYY-MM-DD``: that is ``published``, and its characters in ``Article.text`` are
    spaces, so that nothing takes them for the article while every offset still counts from the file's first character.
    """
    # The reading is done in _read_file, which catches its errors; those that on_skip raises must pass.
    yield from _settle(chain.from_iterable(_read_file(path) for path in paths), on_skip)


def _settle(all_found: Iterable[_Found | Skipped], on_skip: Callable[[Skipped], None]) -> Iterator[Article]:
    """Yield the articles that are worth reading, each under an id of its own."""
    with SeenIds() as seen:
        for found in all_found:
            if isinstance(found, Skipped):
                on_skip(found)
                continue
            article = found.article
            reason = _why_not(article)
            new_id, note = (None, reason) if reason else seen.settle(article.id, article.text, found.source)
            if new_id is None:
                on_skip(Skipped(found.source, str(note)))
                continue
            for kept in (*found.notes, *([note] if note else [])):
                on_skip(Skipped(found.source, kept, kept=True))
            yield article if new_id == article.id else replace(article, id=new_id)


def _why_not(article: Article) -> str | None:
    if not any(character.isalpha() for character in article.text):
        return "empty: no letters in it"
    if not looks_english(article.text):
        share, n_words = share_function_words(article.text)
        return f"not English ({share:.1%} common English words among the first {n_words})"
    return None


def _read_file(path: Input) -> Iterator[_Found | Skipped]:
    name = source_name(path)
    path = recognize(path)
    if isinstance(path, Database):
        yield Skipped(name, "a database: stance reads tables of statements from it, and articles from files")
        return
    try:
        kind = kind_of(path)
        yield from [_read_text(path)] if kind == "text" else _read_rows(path, kind)
    except InputError as error:
        yield Skipped(name, str(error))
    except UnicodeDecodeError as error:
        yield Skipped(name, f"damaged {error.encoding}: {error.reason}; the rest of the file is lost")
    except OSError as error:
        yield Skipped(name, f"cannot be read: {error.strerror or error}")


def _read_text(path: Path) -> _Found:
    with open_input(path) as handle:
        text, note = decode(handle.read())
    notes = [note] if note else []
    published = None
    if match := _DATE_LINE.match(text):
        published = read_date(match[1])
        text = text[: match.start(1)].replace("date", "    ") + " " * len(match[1]) + text[match.end() :]
        if published is None:
            notes.append(f"no such date: {match[1]}")
    article_id = "stdin" if path == STDIN else mend(path.stem)[0]
    return _Found(source_name(path), Article(article_id, text, published=published), tuple(notes))


def _read_rows(path: Path, kind: str) -> Iterator[_Found | Skipped]:
    name = source_name(path)
    with open_rows(path, kind, only=_COLUMNS) as table:
        if table.columns is not None:
            _require_text(table.columns)
        if table.note:
            yield Skipped(name, table.note, kept=True)
        n_rows = 0
        for row in _require_some_text(table.rows) if table.columns is None else table.rows:
            n_rows += 1
            yield _read_row(row, path)
        if n_rows == 0:
            yield Skipped(name, "no rows in it")


def _require_some_text(rows: Iterator[Row]) -> Iterator[Row]:
    """Pass rows on; where none has a text, raise one InputError for the file instead of a thousand reports on its rows."""
    waiting: list[Row] = []
    for row in rows:
        if row.values is None:
            yield row
        elif "text" in _fold(row.values):
            yield from (*waiting, row)
            yield from rows
            return
        else:
            waiting.append(Row(row.number, dict.fromkeys(row.values)))
            if len(waiting) == _MAX_ROWS_WITHOUT_TEXT:
                break
    if waiting:
        _require_text(tuple(waiting[0].values or ()))


def _require_text(columns: Sequence[str]) -> None:
    folded = [column.strip().lower() for column in columns]
    twice = sorted({column for column in folded if column in _COLUMNS and folded.count(column) > 1})
    if twice:
        msg = f"more than one column is called {', '.join(map(repr, twice))}"
        raise InputError(msg)
    if "text" not in folded:
        msg = f"no column 'text'; it has {_list_names(columns)}"
        raise InputError(msg)


def _list_names(columns: Sequence[str]) -> str:
    names = ", ".join(repr(column[:_MAX_NAME_CHARS]) for column in columns[:_MAX_NAMES])
    return names + (f" and {len(columns) - _MAX_NAMES} more" if len(columns) > _MAX_NAMES else "") or "none"


def _fold(values: dict[str, Any]) -> dict[str, Any]:
    return {key.strip().lower(): value for key, value in values.items()}


def _read_row(row: Row, path: Path) -> _Found | Skipped:
    source = f"{source_name(path)}:{row.number}"
    if row.values is None:
        return Skipped(source, str(row.reason))
    values = _fold(row.values)
    text = values.get("text")
    if "text" not in values:
        return Skipped(source, f"no 'text'; it has {_list_names(list(row.values))}")
    if not isinstance(text, str):
        return Skipped(source, f"the text is not a string but {'missing' if text is None else type(text).__name__}")
    if not text.strip():
        return Skipped(source, "the text is empty")
    notes = [row.reason] if row.reason else []
    written = next((values[key] for key in ("published", "date") if values.get(key) not in (None, "")), None)
    published = read_date(written)
    if written is not None and published is None:
        shown = str(written)[:_MAX_NAME_CHARS]
        notes.append(f"the date {shown!r} cannot be read with certainty and is left out; write YYYY-MM-DD")
    fallback = f"{'stdin' if path == STDIN else mend(path.stem)[0]}-{row.number}"
    article_id = _text_or_none(values.get("id")) or _text_or_none(values.get("article_id")) or fallback
    others = {key: _text_or_none(values.get(key)) for key in ("title", "outlet", "url")}
    return _Found(source, Article(article_id, text, published=published, **others), tuple(notes))


def _text_or_none(value: Any) -> str | None:
    """Return a cell as text; numbers count, empty cells and lists do not."""
    if isinstance(value, float):
        # 17.0 is what a column of whole numbers with a gap becomes.
        value = int(value) if value.is_integer() else None if math.isnan(value) else value
    return str(value).strip() or None if isinstance(value, str | int | float) else None
