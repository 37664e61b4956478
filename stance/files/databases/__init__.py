"""Statements in a database: in a SQLite file, or wherever SQLAlchemy can write."""

from __future__ import annotations

from stance.files.databases.reading import open_database
from stance.files.databases.writing import DatabaseWriter, check_database, write_database

__all__ = [
    "DatabaseWriter",
    "check_database",
    "open_database",
    "write_database",
]
