"""Reads articles, tables, issue files, writes tables and models: alone opens files, word lists and models apart."""

from __future__ import annotations

from stance.files.articles import Duplicates, read_articles
from stance.files.inputs import Input, Url, find_files, find_inputs
from stance.files.issues import read_issue_files
from stance.files.language import looks_english
from stance.files.outputs import check_output, make_folder, read_json, write_bytes, write_json, write_stream, write_table
from stance.files.readers.tables import require_fields
from stance.files.sources import Skipped
from stance.files.tables import is_statement_table, read_columns, read_statements, read_table

__all__ = [
    "Duplicates",
    "Input",
    "Skipped",
    "Url",
    "check_output",
    "find_files",
    "find_inputs",
    "is_statement_table",
    "looks_english",
    "make_folder",
    "read_articles",
    "read_columns",
    "read_issue_files",
    "read_json",
    "read_statements",
    "read_table",
    "require_fields",
    "write_bytes",
    "write_json",
    "write_stream",
    "write_table",
]
