"""Gives every article an id of its own and knows a text that has come already, in bounded memory."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

from stance.errors import InputError
from stance.files.sources import Found
from stance.records import Article

# A database without a name is a temporary file, held in memory (two megabytes) until it grows, and gone when it is closed. So an
# archive of any size is read in the same memory: a row takes some 60 bytes on disk. ``kept`` has one row an id, the first text
# that came under it; ``others`` the further texts that came under the same id.
_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE kept (id INTEGER PRIMARY KEY, text INTEGER, source TEXT);
CREATE TABLE others (id INTEGER, text INTEGER, source TEXT);
CREATE INDEX others_id ON others (id);
BEGIN;
"""


class SeenArticles:
    """The ids and texts that have come so far, as hashes of 64 bits."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._database.executescript(_TABLES)

    def settle(self, found: Found) -> tuple[Article | None, str | None]:
        """Return the article under an id of its own and a note if that is a new one; or None and why it is left out.

        Raises
        ------
        InputError
            If the temporary file cannot grow.
        """
        article = found.article
        # Texts are compared within this process alone, so that its own hash will do, also of 64 bits and five times as fast.
        new_id, note = self.settle_id(article.id, hash(article.text), found.source)
        if new_id is None:
            return None, note
        return article if new_id == article.id else replace(article, id=new_id), note

    def settle_id(self, article_id: str, text: int, source: str) -> tuple[str | None, str | None]:
        """Settle an article as ``settle`` does where only its id, the hash of its text and its place are at hand."""
        try:
            return self._settle(article_id, text, source)
        except sqlite3.OperationalError as error:
            msg = f"The list of the articles read cannot be kept in a temporary file: {error}; TMPDIR says where it is."
            raise InputError(msg) from error

    def _settle(self, article_id: str, text: int, source: str) -> tuple[str | None, str | None]:
        key = hash_text(article_id)
        if self._is_new(key, text, source):
            return article_id, None
        earlier = self._database.execute(
            "SELECT source FROM kept WHERE id = ?1 AND text = ?2 UNION ALL SELECT source FROM others WHERE id = ?1 AND text = ?2",
            (key, text),
        ).fetchone()
        if earlier:
            return None, f"the same id and text as {earlier[0]}"
        number = 2 + int(self._database.execute("SELECT count(*) FROM others WHERE id = ?", (key,)).fetchone()[0])
        while not self._is_new(hash_text(f"{article_id}#{number}"), text, source):
            number += 1
        self._database.execute("INSERT INTO others VALUES (?, ?, ?)", (key, text, source))
        new_id = f"{article_id}#{number}"
        return new_id, f"the id {article_id} is taken by another text; this one is called {new_id}"

    def _is_new(self, key: int, text: int, source: str) -> bool:
        return self._database.execute("INSERT OR IGNORE INTO kept VALUES (?, ?, ?)", (key, text, source)).rowcount == 1


@contextmanager
def open_seen() -> Iterator[SeenArticles]:
    """Give a fresh list of what has been seen, gone at the end."""
    # Engines may pull articles from a thread of theirs, one at a time.
    with closing(sqlite3.connect("", isolation_level=None, check_same_thread=False)) as database:
        yield SeenArticles(database)


def hash_text(text: str) -> int:
    """Return 64 bits that stand for a text."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
