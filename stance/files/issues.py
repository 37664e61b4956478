"""Reads the issue files of a user."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from stance.errors import InputError
from stance.targets.mentions import load_issues


def read_issue_files(places: str | Path | Iterable[str | Path]) -> tuple[str, ...]:
    """Return the text of issue files, each checked; a folder stands for the ``.toml`` files in it, sorted.

    Raises
    ------
    InputError
        If a file is missing, cannot be read or is no issue file, or two define the same issue.
    """
    found: dict[Path, str] = {}
    for place in [places] if isinstance(places, str | Path) else places:
        for path in _files_at(Path(place)):
            if path.resolve() not in found:
                text = _read(path)
                _check(path, (*found.values(), text))
                found[path.resolve()] = text
    return tuple(found.values())


def _files_at(place: Path) -> list[Path]:
    if not place.is_dir():
        return [place]
    inside = sorted(path for path in place.glob("*.toml") if path.is_file() and not path.name.startswith("."))
    if not inside:
        msg = f"The folder {place} holds no issue files (.toml)."
        raise InputError(msg)
    return inside


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        msg = f"The issue file {path} cannot be read: {error.strerror or error}."
    except UnicodeDecodeError as error:
        msg = f"The issue file {path} is not UTF-8 text (byte {error.start + 1}); save it as UTF-8."
    raise InputError(msg)


def _check(path: Path, texts: tuple[str, ...]) -> None:
    try:
        load_issues(texts)
    except InputError as error:
        msg = f"The issue file {path} cannot be used: {error}."
        raise InputError(msg) from error
