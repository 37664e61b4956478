"""Writes folders whole or not at all, and names the files in them after articles and annotators."""

from __future__ import annotations

import hashlib
import secrets
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote

from stance.errors import InputError

# Room for a suffix within the 255 bytes that file systems allow.
_MAX_NAME_BYTES = 200


@contextmanager
def replacing_folder(path: Path) -> Iterator[Path]:
    """Give a temporary folder to fill, and put it in the place of ``path`` only if nothing went wrong."""
    place = path.resolve()
    if not place.parent.is_dir():
        msg = f"The folder {path.parent} does not exist; create it first."
        raise InputError(msg)
    temporary = place.parent / f".stance-{secrets.token_hex(6)}.tmp"
    aside = place.parent / f".stance-{secrets.token_hex(6)}.old"
    try:
        temporary.mkdir()
        yield temporary
        if place.exists():
            place.rename(aside)
        temporary.rename(place)
    except OSError as error:
        if aside.exists() and not place.exists():
            aside.rename(place)
        msg = f"{path} could not be written: {error.strerror or error}."
        raise InputError(msg) from error
    finally:  # also after an interrupt
        shutil.rmtree(temporary, ignore_errors=True)
        shutil.rmtree(aside, ignore_errors=True)


def check_folder(path: Path, force: bool, suffixes: Sequence[str]) -> None:
    """Require that a folder can be written there; one with files of other suffixes is never replaced, with ``force`` or without.

    Raises
    ------
    InputError
        If it cannot.
    """
    if path.exists() and not path.is_dir():
        msg = f"{path} is a file; this format is a folder of files. Name a folder that does not exist yet."
        raise InputError(msg)
    if not path.exists():
        return
    held = sorted(file for file in path.rglob("*") if not file.is_dir())
    if held and not force:
        msg = f"{path} exists; pass --force to replace it."
        raise InputError(msg)
    if others := [file.name for file in held if file.suffix.lower() not in suffixes]:
        msg = f"{path} holds files that are not of this format ({', '.join(others[:3])}) and is left alone; name another folder."
        raise InputError(msg)


def as_file_name(name: str) -> str:
    """Return a name that any file system takes and ``from_file_name`` turns back; very long ones are cut and told by a hash.

    >>> as_file_name("wire/2024: truce"), from_file_name("wire%2F2024%3A%20truce")
    ('wire%2F2024%3A%20truce', 'wire/2024: truce')
    """
    quoted = quote(name, safe="")
    quoted = quoted if not quoted.startswith(".") else f"%2E{quoted[1:]}"
    if len(quoted) <= _MAX_NAME_BYTES:
        return quoted
    return f"{quoted[: _MAX_NAME_BYTES - 20]}~{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def from_file_name(name: str) -> str:
    """Return the name that ``as_file_name`` made a file's name of."""
    return unquote(name)


def members_of(path: Path, suffixes: tuple[str, ...]) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Yield the files of a folder or zip archive that have one of the suffixes, by their path in it, sorted; or the one file."""
    if path.is_dir():
        found = sorted(file for file in path.rglob("*") if file.suffix.lower() in suffixes and file.is_file())
        for file in found:
            if not any(part.startswith(".") for part in file.relative_to(path).parts):
                yield PurePosixPath(file.relative_to(path).as_posix()), file.read_bytes()
    elif zipfile.is_zipfile(path):
        yield from _zip_members(path, suffixes)
    else:
        yield PurePosixPath(path.name), path.read_bytes()


def _zip_members(path: Path, suffixes: tuple[str, ...]) -> Iterator[tuple[PurePosixPath, bytes]]:
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            if PurePosixPath(name).suffix.lower() in suffixes:
                yield PurePosixPath(name), archive.read(name)
