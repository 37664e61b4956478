"""Finds the files a user means and says what kind each is; ``-`` is standard input, ``https://…`` one page of the web."""

from __future__ import annotations

import glob
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from stance.errors import InputError
from stance.files.addresses import Database, find_database, is_address

KINDS = {
    ".txt": "text",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
    ".html": "page",
    ".htm": "page",
    ".warc": "warc",
    ".docx": "word",
    ".zip": "zip",
}
# What may be compressed on top of its suffix: articles.jsonl.gz. The others are compressed already.
COMPRESSIONS = (".gz", ".zst")
_COMPRESSIBLE = ("text", "jsonl", "csv", "page", "warc")
STDIN = Path("-")

# Half a surrogate pair cannot be written as UTF-8, and a NUL marks a binary file to every reader, ours included.
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
_LONGEST_NAME = 255  # bytes, on the file systems in use
_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Url:
    """The address of one page of the web."""

    address: str

    def __str__(self) -> str:
        return self.address


Input = Path | Url | Database


def find_inputs(patterns: Sequence[str]) -> list[Input]:
    """Return the files and pages that the patterns name, each once, in the order given; folders and globs are sorted.

    A folder is searched to its full depth for known suffixes, those of databases left out; hidden files and folders in it
    are passed over. A file named outright is kept whatever its suffix. ``-`` stays ``Path("-")``, ``http(s)://…`` becomes a
    ``Url`` and ``postgresql://…`` a ``Database``.

    Raises
    ------
    InputError
        If a pattern matches nothing that can be read.
    """
    found: dict[Input, Input] = {}
    folders: dict[Path, Path] = {}  # as they are resolved, once for all files in them
    for pattern in patterns:
        for one in _addressed(pattern) or _matches(pattern):
            found.setdefault(_resolve(one, folders) if isinstance(one, Path) and one != STDIN else one, one)
    return list(found.values())


def _resolve(path: Path, folders: dict[Path, Path]) -> Path:
    if path.is_symlink() or path.name in ("", ".."):
        return path.resolve()
    folder = path.parent
    if folder not in folders:
        folders[folder] = folder.resolve()
    return folders[folder] / path.name


def find_files(patterns: Sequence[str]) -> list[Path]:
    """Return the files that the patterns name, as ``find_inputs`` does.

    Raises
    ------
    InputError
        If a pattern matches nothing that can be read, or is the address of a page of the web.
    """
    found = find_inputs(patterns)
    if pages := [str(one) for one in found if isinstance(one, Url)]:
        msg = f"{pages[0]} is a page of the web; here a file is needed: download it first."
        raise InputError(msg)
    return [one for one in found if isinstance(one, Path)]


def recognize(path: Input) -> Input:
    """Return a file that its suffix says is SQLite's as the database it is, other inputs as they are."""
    return find_database(path) or path if isinstance(path, Path) else path


def _addressed(pattern: str) -> list[Input]:
    """Return what an address names, or nothing for the name of a file."""
    if _WEB.match(pattern):
        return [Url(pattern)]
    database = find_database(pattern) if is_address(pattern) else None
    return [] if database is None else [database]


def _matches(pattern: str) -> list[Path]:
    path = Path(pattern)
    if len(path.name.encode("utf-8", "surrogateescape")) > _LONGEST_NAME:  # asking for such a file is an error of its own
        return _nothing(f"{pattern[:60]}… is too long for the name of a file")
    if pattern == "-" or path.is_file():
        return [path]
    if path.is_dir():
        return _files_in(path) or _nothing(f"The folder {pattern} holds no article files")
    if path.exists():  # a pipe, as in <(command)
        return [path]
    matches = [Path(match) for match in sorted(glob.glob(pattern, recursive=True))]  # noqa: PTH207
    if not matches:
        return _nothing(f"Nothing matches {pattern}")
    files = [file for match in matches for file in (_files_in(match) if match.is_dir() else [match])]
    return [file for file in files if kind_of_name(file)] or _nothing(f"{pattern} matches no article files")


def _files_in(folder: Path) -> list[Path]:
    visible = (path for path in folder.rglob("*") if not any(part.startswith(".") for part in path.relative_to(folder).parts))
    return sorted(path for path in visible if kind_of_name(path) and path.is_file())


def _nothing(what: str) -> list[Path]:
    msg = f"{what}; stance reads {known_suffixes()}."
    raise InputError(msg)


def known_suffixes() -> str:
    """Return the suffixes that stance reads, as messages list them."""
    return f"{', '.join(KINDS)} (and {' or '.join(COMPRESSIONS)} behind them)"


def source_name(path: Input) -> str:
    """Return the name by which messages call an input; bytes that are no text in it are replaced."""
    return "stdin" if path == STDIN else mend(str(path))[0]


def stem_of(path: PurePath) -> str:
    """Return a name without its suffix, and without that of the compression behind it.

    >>> stem_of(PurePath("archive/news.2024.jsonl.gz"))
    'news.2024'
    """
    return "stdin" if path == STDIN else mend(_without_compression(path).stem)[0]


def kind_of_name(path: PurePath) -> str | None:
    """Return the kind of file its suffix announces, or None for an unknown suffix."""
    suffix = path.suffix.lower()
    if suffix not in COMPRESSIONS:
        return KINDS.get(suffix)
    kind = KINDS.get(path.with_suffix("").suffix.lower())
    return kind if kind in _COMPRESSIBLE else None


def compression_of(path: PurePath) -> str | None:
    """Return ``.gz`` or ``.zst`` where the name ends so, and None elsewhere."""
    suffix = path.suffix.lower()
    return suffix if suffix in COMPRESSIONS else None


def _without_compression(path: PurePath) -> PurePath:
    return path.with_suffix("") if compression_of(path) else path


def mend(text: str) -> tuple[str, bool]:
    r"""Return the text with characters that no file can hold replaced by U+FFFD, one for one, and whether there were any.

    >>> mend("half a pair: \ud83d")
    ('half a pair: �', True)
    """
    if is_writable(text):
        return text, False
    return _UNWRITABLE.sub("\ufffd", text), True


def is_writable(text: str) -> bool:
    """Return whether a text has no characters that no file can hold; encoding it tells that sooner than a pattern does."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text
