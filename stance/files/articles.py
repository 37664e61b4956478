"""Reads articles from whatever holds them, one after another; whatever is left out is reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Literal

from stance.errors import InputError
from stance.files.addresses import Database
from stance.files.duplicates import NearDuplicates
from stance.files.ids import SeenArticles, open_seen
from stance.files.inputs import Input, recognize, source_name
from stance.files.language import looks_english, share_function_words
from stance.files.readers import read_source
from stance.files.readers.tables import require_fields
from stance.files.sources import Finding, Found, Missing, Skipped, source_of
from stance.records import Article

Duplicates = Literal["keep", "flag", "drop"]


def read_articles(
    paths: Iterable[Input],
    *,
    on_skip: Callable[[Skipped], None],
    columns: Mapping[str, str] | None = None,
    duplicates: Duplicates = "keep",
) -> Iterator[Article]:
    """Yield the articles of files, folders' files and pages, in order, each read as it is needed.

    ``on_skip`` hears of every file and row that is left out, and (``kept``) of every article that was changed on the way
    in. A second article with the id and the text of an earlier one is left out; with another text its id gets ``#2``. Ids
    are compared within one call.

    ``columns`` names the columns of tables where they have names of their own: ``{"text": "body"}``. ``duplicates`` says what
    becomes of an article that is nearly the same as an earlier one: ``flag`` names that in ``Article.duplicate_of``, ``drop``
    leaves it out, and only ``keep`` needs no index of them (three kilobytes of memory an article).

    A text file may begin with ``date YYYY-MM-DD``: that is ``published``, and its characters in ``Article.text`` are
    spaces, so that nothing takes them for the article while every offset still counts from the file's first character.

    Raises
    ------
    InputError
        At once, if ``columns`` has a key that is no field of an article, or near-duplicates cannot be found without an
        optional package.
    """
    require_fields(columns or {})
    if duplicates not in ("keep", "flag", "drop"):
        msg = f"{duplicates!r} is not one of keep, flag, drop."
        raise InputError(msg)
    index = None if duplicates == "keep" else NearDuplicates()
    return _read(paths, on_skip, columns or {}, index, drop=duplicates == "drop")


def _read(
    paths: Iterable[Input],
    on_skip: Callable[[Skipped], None],
    columns: Mapping[str, str],
    index: NearDuplicates | None,
    *,
    drop: bool,
) -> Iterator[Article]:
    missing: Counter[str] = Counter()
    with open_seen() as seen:
        # The reading is done in read_source, which catches its errors; those that on_skip raises must pass.
        for path in paths:
            for found in _read_input(path, columns):
                if isinstance(found, Missing):
                    missing[found.reason] += 1
                    if missing[found.reason] == 1:
                        on_skip(Skipped(found.source, found.reason))
                elif isinstance(found, Skipped):
                    on_skip(found)
                elif article := _settle(found, seen, index, on_skip, drop=drop):
                    yield article
    for reason, count in missing.items():
        if count > 1:
            on_skip(Skipped(f"{count - 1} more", reason, n_inputs=count - 1))


def _read_input(path: Input, columns: Mapping[str, str]) -> Iterator[Finding]:
    path = recognize(path)
    if isinstance(path, Database):
        yield Skipped(source_name(path), "a database: stance reads tables of statements from it, and articles from files")
        return
    try:
        source = source_of(path)
    except InputError as error:
        yield Skipped(source_name(path), str(error))
    except OSError as error:
        yield Skipped(source_name(path), f"cannot be read: {error.strerror or error}")
    else:
        yield from read_source(source, columns)


def _settle(
    found: Found, seen: SeenArticles, index: NearDuplicates | None, on_skip: Callable[[Skipped], None], *, drop: bool
) -> Article | None:
    """Return the article as it goes on, under an id of its own; or None where it is left out, which is reported."""
    if reason := why_not(found.article):
        on_skip(Skipped(found.source, reason))
        return None
    article, note = seen.settle(found)
    if article is None:
        on_skip(Skipped(found.source, str(note)))
        return None
    if index is not None and (like := index.find_or_add(article)):
        if drop:
            on_skip(Skipped(found.source, f"near-duplicate: {like.similarity:.0%} the same as the article {like.article_id}"))
            return None
        article = replace(article, duplicate_of=like.article_id)
    for kept in (*found.notes, *([note] if note else [])):
        on_skip(Skipped(found.source, kept, kept=True))
    return article


def why_not(article: Article) -> str | None:
    """Return why an article is not worth labelling, or None if it is."""
    if not any(character.isalpha() for character in article.text):
        return "empty: no letters in it"
    if not looks_english(article.text):
        share, n_words = share_function_words(article.text)
        return f"not English ({share:.1%} common English words among the first {n_words})"
    return None
