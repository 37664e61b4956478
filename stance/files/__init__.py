"""Reads articles, tables, issue files, writes tables and models: alone opens files, word lists and models apart."""

from __future__ import annotations

from stance.files.addresses import Database, find_database
from stance.files.articles import Duplicates, read_articles
from stance.files.databases import DatabaseWriter, write_database
from stance.files.inputs import Input, Url, find_inputs, recognize
from stance.files.issues import read_issue_files
from stance.files.language import looks_english
from stance.files.outputs import check_output, read_json, write_bytes, write_json, write_stream, write_table
from stance.files.readers.tables import require_fields
from stance.files.sources import Skipped
from stance.files.tables import is_statement_table, read_columns, read_statements, read_table
from stance.files.writers import FileWriter, StreamWriter, Writer, check_place, find_place, open_writer

__all__ = [
    "Database",
    "DatabaseWriter",
    "Duplicates",
    "FileWriter",
    "Input",
    "Skipped",
    "StreamWriter",
    "Url",
    "Writer",
    "check_output",
    "check_place",
    "find_database",
    "find_inputs",
    "find_place",
    "is_statement_table",
    "looks_english",
    "open_writer",
    "read_articles",
    "read_columns",
    "read_issue_files",
    "read_json",
    "read_statements",
    "read_table",
    "recognize",
    "require_fields",
    "write_bytes",
    "write_database",
    "write_json",
    "write_stream",
    "write_table",
]
