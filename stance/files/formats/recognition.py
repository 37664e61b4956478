"""Says of a file or folder which format it is in, by its suffix and its first rows."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from itertools import islice
from pathlib import Path, PurePosixPath

from stance.errors import InputError
from stance.files.formats.dna import STATEMENTS, is_statement_table
from stance.files.formats.uima import is_cas_file
from stance.files.rows import open_rows
from stance.files.store import STORE_SUFFIXES
from stance.files.tables import read_columns

_LOOKED_AT = 20


def recognise(path: Path) -> str | None:
    """Return the name of the format a file or folder is in, or None."""
    if path.is_dir():
        return _by_members(file.relative_to(path).as_posix() for file in path.rglob("*"))
    suffix = path.suffix.lower()
    if suffix in STORE_SUFFIXES:
        return "sqlite"
    if suffix == ".json":
        return "uima" if is_cas_file(path) else "label-studio"
    if suffix == ".zip" and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return _by_members(archive.namelist())
    if suffix == ".csv":
        return "dna" if is_statement_table(read_columns(path)) else "table"
    if suffix in (".jsonl", ".ndjson"):
        return _by_keys(path)
    return {".parquet": "table", ".xmi": "uima", ".tsv": "webanno"}.get(suffix)


def _by_members(names: Iterable[str]) -> str | None:
    paths = [PurePosixPath(name) for name in names]
    suffixes = {path.suffix.lower() for path in paths}
    if any(path.name == STATEMENTS for path in paths):
        return "dna"
    return next((name for suffix, name in ((".ann", "brat"), (".xmi", "uima"), (".tsv", "webanno")) if suffix in suffixes), None)


def _by_keys(path: Path) -> str:
    keys: set[str] = set()
    try:
        with open_rows(path, "jsonl") as table:
            for row in islice(table.rows, _LOOKED_AT):
                keys |= set(row.values or ())
    except (InputError, OSError):
        return "table"
    if "text" in keys and keys & {"spans", "answer", "_input_hash", "_annotator_id"}:
        return "prodigy"
    return "doccano" if "text" in keys and keys & {"label", "labels", "entities"} else "table"
