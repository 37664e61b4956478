"""What a run was begun with, as the manifest of a folder of parts tells it, so that no other goes on in its place."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from itertools import zip_longest
from pathlib import Path
from typing import Any

from stance.errors import EngineError
from stance.files.inputs import Input, source_name
from stance.files.sources import open_bytes

_EDGE_BYTES = 4096


def require_same_settings(folder: object, before: Mapping[str, Any], settings: Mapping[str, Any]) -> None:
    """Require that a run goes on with the settings it was begun with.

    Raises
    ------
    EngineError
        If one differs; the message says which, what it was and what it is now.
    """
    for name in {**before, **settings}:
        was, now = before.get(name), settings.get(name)
        if was != now:
            msg = (
                f"{folder} was begun with {name.replace('_', ' ')} {_show(was)}; now it is {_show(now)}. "
                "Go on with what it was begun with, write to another folder, or begin anew with --force."
            )
            raise EngineError(msg)


def require_same_inputs(folder: object, before: Iterable[Mapping[str, Any]], inputs: Iterable[Mapping[str, Any]]) -> None:
    """Require that a run goes on with the inputs it was begun with, in their order, as ``describe_input`` describes them.

    Raises
    ------
    EngineError
        If one differs; the message says which and how.
    """
    for was, now in zip_longest(before, inputs):
        if was != now:
            differs = _say_difference(was, now)
            msg = f"{folder} was begun with other inputs: {differs}. Give the same, or begin anew with --force."
            raise EngineError(msg)


def _say_difference(was: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> str:
    if was is None or now is None:
        return f"{now['input']} is new" if now else f"{was['input'] if was else ''} is missing"
    if was["input"] != now["input"]:
        return f"{now['input']} stands where {was['input']} stood"
    if was["bytes"] != now["bytes"]:
        return f"{now['input']} had {was['bytes']} bytes and has {now['bytes']}"
    return f"the content of {now['input']} has changed"


def describe_input(path: Input) -> dict[str, Any]:
    """Return by what an input is known again: name, size, and a fingerprint of its first and last 4096 bytes.

    Not the time it was changed, which a copy to another machine changes, and not all of its bytes, whose reading would cost as
    much as the run's own reading.
    """
    if not isinstance(path, Path):  # the address of something that may have changed by tomorrow, or not
        return {"input": source_name(path), "bytes": None, "edges": None}
    try:
        with open_bytes(path) as handle:
            head = handle.read(_EDGE_BYTES)
            size = handle.seek(0, os.SEEK_END)
            handle.seek(max(0, size - _EDGE_BYTES))
            edges = hashlib.blake2b(head + handle.read(), digest_size=12).hexdigest()
    except OSError:  # reading it as articles will say what is wrong
        return {"input": source_name(path), "bytes": None, "edges": None}
    return {"input": source_name(path), "bytes": size, "edges": edges}


def find_code_version() -> str:
    """Return a fingerprint of all files of the package: two that are equal give the same rows."""
    found = hashlib.blake2b(digest_size=6)
    for path in sorted(Path(str(files("stance"))).rglob("*")):
        if path.suffix in (".py", ".txt", ".toml", ".csv"):
            found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def read_lines(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield the lines that can be read, up to the first that cannot."""
    for line in lines:
        try:
            value = json.loads(line)
        except ValueError:
            return
        if not isinstance(value, dict):
            return
        yield value


def _show(value: Any) -> str:
    return "none" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
