"""Keeps files of a run wherever fsspec reaches: a folder, an object store, the memory of a test; each file appears whole."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from stance.errors import InputError
from stance.files.outputs import write_bytes
from stance.files.sources import import_extra

_ADDRESS = re.compile(r"[A-Za-z][\w+.-]*://")


def find_system(url: str) -> tuple[Any, str]:
    """Return the file system of fsspec that holds a place, and the path in it.

    Raises
    ------
    InputError
        If fsspec, or what it needs for such places, is not installed.
    """
    fsspec = import_extra("fsspec.core", extra="dask", what="places such as s3://")
    try:
        system, path = fsspec.url_to_fs(url)
    except (ImportError, ValueError) as error:
        msg = f"{url} cannot be reached: {error}."
        raise InputError(msg) from error
    return system, str(path)


def is_local(url: str) -> bool:
    """Return whether a place is a plain path or a ``file://`` one."""
    return url.startswith("file://") or not _ADDRESS.match(url)


class Store:
    """A folder on any file system; can be sent to another process.

    A file is there whole or not at all: stores of objects promise that, and on a disk it takes its place when it is whole.
    """

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/") or "/"
        self._system, self._path = find_system(self.url)
        self._local = is_local(self.url)

    def __str__(self) -> str:
        return self.url

    def read(self, name: str) -> bytes | None:
        """Return the content of a file, or None where there is none."""
        try:
            content: bytes = self._system.cat_file(f"{self._path}/{name}")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._failed(name, "read", error) from error
        return content

    def write(self, name: str, content: bytes) -> None:
        """Write a file, replacing any that is there."""
        path = f"{self._path}/{name}"
        try:
            self._system.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
            if self._local:
                write_bytes(Path(path), content)
            else:
                self._system.pipe_file(path, content)
        except OSError as error:
            raise self._failed(name, "written", error) from error

    def find(self, folder: str = "") -> set[str]:
        """Return the names of all files in the folder and below it, as they stand now."""
        self._system.invalidate_cache()
        top = f"{self._path}/{folder}".rstrip("/")
        try:
            found = self._system.find(top)
        except FileNotFoundError:
            return set()
        except OSError as error:
            raise self._failed(folder, "listed", error) from error
        return {str(path)[len(self._path) :].lstrip("/") for path in found}

    def remove(self, names: set[str]) -> None:
        """Remove files; those that are gone already are no matter."""
        for name in sorted(names):
            try:
                self._system.rm_file(f"{self._path}/{name}")
            except FileNotFoundError:
                continue
            except OSError as error:
                raise self._failed(name, "removed", error) from error

    def remove_folder(self, name: str) -> None:
        """Remove a folder with all that is in it, if it is there."""
        try:
            self._system.rm(f"{self._path}/{name}", recursive=True)
        except FileNotFoundError:
            return
        except OSError as error:
            raise self._failed(name, "removed", error) from error

    def _failed(self, name: str, what: str, error: OSError) -> InputError:
        return InputError(f"{self.url}/{name} could not be {what}: {error.strerror or error}.")
