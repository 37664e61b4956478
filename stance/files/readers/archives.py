"""Reads zip archives: every article file in them, without unpacking anything to disk."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import PurePosixPath

from stance.files.inputs import kind_of_name, mend, stem_of
from stance.files.sources import MAX_DOCUMENT_BYTES, Finding, Skipped, Source, open_plain, parsing

# Deflate packs nothing smaller than 1,032 to 1; English news goes 3 to 1, tables of it 10 to 1. (2026-11)
_MAX_RATIO = 200
_ENCRYPTED = 0x1


def read_archive(source: Source, read_member: Callable[[Source], Iterator[Finding]]) -> Iterator[Finding]:
    """Yield what the members with a known suffix hold, in the order of their names; others are passed over and counted.

    A member's name stands behind that of the archive: ``archive.zip!folder/a.html``. Nothing is written anywhere, so that a
    member called ``/etc/passwd`` or ``../a.txt`` is a name like any other.
    """
    with source.open() as handle, parsing("no zip archive, or a damaged one"), zipfile.ZipFile(handle) as archive:
        members = sorted((info for info in archive.infolist() if not info.is_dir()), key=lambda info: info.filename)
        known = [info for info in members if _kind(info) and not _is_hidden(info)]
        for info in known:
            name = f"{source.name}!{mend(info.filename)[0]}"
            if problem := _why_not(info):
                yield Skipped(name, problem)
                continue
            else:
                yield from read_member(_member(archive, info, name))
    if not known:
        yield Skipped(source.name, "no article files in it")
    elif others := len(members) - len(known):
        yield Skipped(source.name, f"passed over {others} in it whose suffix is not one stance reads", kept=True)


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Source:
    path, kind = PurePosixPath(info.filename), str(_kind(info))
    open_bytes = partial(_open_whole, archive, info) if kind == "parquet" else partial(archive.open, info)
    return Source(name, kind, stem_of(path), partial(open_plain, open_bytes, path, kind))


def _open_whole(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> io.BytesIO:
    """Return a member that is read from its end, which deflated data cannot be, in memory."""
    return io.BytesIO(archive.read(info))


def _kind(info: zipfile.ZipInfo) -> str | None:
    return kind_of_name(PurePosixPath(info.filename))


def _is_hidden(info: zipfile.ZipInfo) -> bool:
    """Return whether the member, or a folder it is in, is hidden, as are the files that a Mac adds to every archive."""
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(info.filename).parts if part not in (".", ".."))


def _why_not(info: zipfile.ZipInfo) -> str | None:
    if info.flag_bits & _ENCRYPTED:
        return "locked with a password; unpack it first"
    if _kind(info) == "zip":
        return "an archive inside an archive; unpack it first"
    if info.file_size > MAX_DOCUMENT_BYTES and info.file_size > _MAX_RATIO * info.compress_size:
        return f"packed {info.file_size // max(1, info.compress_size)} to 1, as no text is: it is made to fill the memory"
    if _kind(info) == "parquet" and info.file_size > MAX_DOCUMENT_BYTES:
        return f"a Parquet file of more than {MAX_DOCUMENT_BYTES // 1_000_000} MB; unpack it first"
    return None
