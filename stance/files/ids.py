"""Keeps article ids apart, however many there are."""

from __future__ import annotations

import hashlib
import sqlite3
from types import TracebackType
from typing import Self

from stance.errors import InputError

# Of the index, so much is kept in memory (in kibibytes); the rest is in a temporary file, which takes 55 bytes an article and
# 10 to 25 microseconds (1,000,000 articles with short names, on a busy machine, 2026-11).
_CACHE_KIB = 8192


class SeenIds:
    """The ids and texts met so far, in a temporary database of bounded memory; to be used in a ``with`` statement.

    >>> with SeenIds() as seen:
    ...     [seen.settle("a", text, source)[0] for text, source in (("x", "1"), ("x", "2"), ("y", "3"))]
    ['a', None, 'a#2']
    """

    def __enter__(self) -> Self:
        # No name: a private database, in memory as far as the cache goes, then in the folder for temporary files.
        self._database = sqlite3.connect("", check_same_thread=False, isolation_level=None)
        self._database.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute("CREATE TABLE firsts (id INTEGER PRIMARY KEY, text INTEGER, source TEXT)")
        # Texts under an id that was taken: rare, and looked at only where an id comes again.
        self._database.execute("CREATE TABLE others (id INTEGER, text INTEGER, source TEXT)")
        self._database.execute("CREATE INDEX others_by_id ON others (id)")
        self._database.execute("BEGIN")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool | None:
        self._database.close()
        return None

    def settle(self, article_id: str, text: str, source: str) -> tuple[str | None, str | None]:
        """Return an id that no other text has, and a note where it is a new one; or None and the reason to leave it out."""
        return self.settle_digest(article_id, digest(text), source)

    def settle_digest(self, article_id: str, text: int, source: str) -> tuple[str | None, str | None]:
        """Settle an id as ``settle`` does, where only the digest of the text is at hand."""
        if self._is_first(article_id, text, source):
            return article_id, None
        query = "SELECT text, source FROM firsts WHERE id = ?1 UNION ALL SELECT text, source FROM others WHERE id = ?1"
        earlier = dict(self._database.execute(query, (digest(article_id),)))
        if text in earlier:
            return None, f"the same id and text as {earlier[text]}"
        number = len(earlier) + 1
        while not self._is_first(f"{article_id}#{number}", text, source):
            number += 1
        self._database.execute("INSERT INTO others VALUES (?, ?, ?)", (digest(article_id), text, source))
        new_id = f"{article_id}#{number}"
        return new_id, f"the id {article_id} is taken by another text; this one is called {new_id}"

    def _is_first(self, article_id: str, text: int, source: str) -> bool:
        row = (digest(article_id), text, source)
        try:
            return self._database.execute("INSERT OR IGNORE INTO firsts VALUES (?, ?, ?)", row).rowcount == 1
        except sqlite3.OperationalError as error:
            msg = f"The index of article ids cannot be kept in the folder for temporary files: {error}; set TMPDIR to another."
            raise InputError(msg) from error


def digest(text: str) -> int:
    """Return 64 bits that stand for a text: among 100 million, one chance in 4,000 that two share theirs."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), signed=True)
