"""Keeps a folder of parts and the manifest that says what they hold, so that a run can be taken up where it broke off."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from stance.errors import EngineError, InputError
from stance.files.inputs import Input
from stance.files.manifests import describe_input, read_lines, require_same_inputs, require_same_settings
from stance.files.outputs import sync_folder, write_bytes

# Readers of a folder of Parquet (pandas, Spark, DuckDB, Dask) pass over names that begin so.
RUN_FOLDER = "_run"
MANIFEST = "manifest.jsonl"
FAILURES = "failures.jsonl"


class PartsFolder:
    """A folder that parts of a table are written to, one after another; in a ``with`` statement, no other run may write there.

    ``settings`` is all that decides what comes out beside the inputs: versions, model, options, ``format``. Files of the folder::

        part-00000.parquet …    the parts; each appears whole
        _run/manifest.jsonl     the settings; each input with size and fingerprint; each part; at last a line that all is done
        _run/failures.jsonl     what could not be read or worked through, and why

    A part counts when its line is in the manifest; its failures are on disk before that.
    """

    def __init__(self, folder: Path, settings: Mapping[str, Any], inputs: Iterable[Input]) -> None:
        self.folder = folder
        self.settings, self._inputs = dict(settings), inputs
        self._run = folder / RUN_FOLDER
        self._lock: int | None = None
        self.parts: list[dict[str, Any]] = []
        self.finished: dict[str, Any] | None = None

    def __enter__(self) -> Self:
        try:
            self._run.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            msg = f"The folder {self.folder} cannot be made: {error.strerror or error}."
            raise InputError(msg) from error
        self._lock = _lock(self._run, self.folder)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool | None:
        if self._lock is not None:
            os.close(self._lock)
        return None

    def begin(self, *, resume: bool = False, force: bool = False) -> None:
        """Take up what is there with ``resume``, or remove it with ``force``, and write the head of the manifest.

        Raises
        ------
        InputError
            If something is there and neither is asked for.
        EngineError
            If something is there that was begun with other inputs or settings.
        """
        manifest = self._run / MANIFEST
        if resume and manifest.is_file():
            head = self._take_up(manifest)
        else:
            self._require_empty(force=force)
            head = [json.dumps(line, ensure_ascii=False) for line in (self.settings, *map(describe_input, self._inputs))]
        self._remove_leftovers()
        write_bytes(manifest, "".join(f"{line}\n" for line in head).encode())
        self._cut_failures()

    @property
    def next_part(self) -> Path:
        """Where the next part belongs."""
        return self.folder / f"part-{len(self.parts):05}.{self.settings['format']}"

    @property
    def failures(self) -> Path:
        """Where what could not be read or worked through is listed."""
        return self._run / FAILURES

    def add_failures(self, lines: Iterable[Mapping[str, Any]]) -> None:
        """Keep what could not be read or worked through; it counts with the part that is added next."""
        self._append(FAILURES, [json.dumps(line, ensure_ascii=False) for line in lines], sync=False)

    def add_part(self, entry: Mapping[str, Any]) -> None:
        """Record the part that was written at ``next_part``."""
        part = self.next_part
        told = {"part": part.name, "bytes": part.stat().st_size, **entry, "failures_bytes": self._sync_failures()}
        self._append(MANIFEST, [json.dumps(told, ensure_ascii=False)])
        self.parts.append(told)

    def finish(self, entry: Mapping[str, Any]) -> None:
        """Record that all inputs have been worked through."""
        told = {"finished": True, "parts": len(self.parts), **entry, "failures_bytes": self._sync_failures()}
        self._append(MANIFEST, [json.dumps(told, ensure_ascii=False)])
        self.finished = told

    def _append(self, name: str, lines: list[str], *, sync: bool = True) -> None:
        try:
            with (self._run / name).open("ab") as handle:
                handle.write("".join(f"{line}\n" for line in lines).encode("utf-8", "replace"))
                handle.flush()
                if sync:
                    os.fsync(handle.fileno())
        except OSError as error:
            msg = f"{self._run / name} could not be written: {error.strerror or error}."
            raise InputError(msg) from error

    def _sync_failures(self) -> int:
        """Return how many bytes of failures there are, all of them on disk."""
        self._append(FAILURES, [])
        return self.failures.stat().st_size

    def _take_up(self, manifest: Path) -> list[str]:
        """Return the lines of the manifest that count: head, inputs, and parts up to the first that is not there whole."""
        lines = manifest.read_text(encoding="utf-8").split("\n")[:-1]  # what follows the last line end was not written whole
        told = list(read_lines(lines))
        if not told:
            msg = f"{manifest} is damaged; begin anew with --force."
            raise EngineError(msg)
        require_same_settings(self.folder, told[0], self.settings)
        inputs = [line for line in told[1:] if "input" in line]
        require_same_inputs(self.folder, inputs, map(describe_input, self._inputs))
        head = lines[: 1 + len(inputs)]
        for text, line in zip(lines[len(head) :], told[len(head) :], strict=False):
            if "finished" in line:
                self.finished = line
            elif not self._is_whole(line):
                break
            else:
                self.parts.append(line)
            head.append(text)
        return head

    def _is_whole(self, line: Mapping[str, Any]) -> bool:
        part = self.next_part
        return line.get("part") == part.name and part.is_file() and part.stat().st_size == line["bytes"]

    def _require_empty(self, *, force: bool) -> None:
        parts = sorted(self.folder.glob("part-*"))
        manifest = self._run / MANIFEST
        if not parts and not manifest.exists():
            return
        if not force:
            how = "go on with it by --resume, or begin anew with --force" if manifest.exists() else "pass --force to replace them"
            what = "a run of stance" if manifest.exists() else f"parts of a table ({parts[0].name} …)"
            msg = f"{self.folder} holds {what}; {how}."
            raise InputError(msg)
        manifest.unlink(missing_ok=True)  # first, so that what is left of the parts counts no more
        self.failures.unlink(missing_ok=True)
        for part in parts:
            part.unlink()

    def _remove_leftovers(self) -> None:
        """Remove what a process that was killed left half-written, and parts that no line of the manifest counts."""
        counted = {line["part"] for line in self.parts}
        for path in (*self.folder.glob(".stance-*.tmp"), *self._run.glob(".stance-*.tmp"), *self.folder.glob("part-*")):
            if path.name not in counted:
                with suppress(OSError):
                    path.unlink()
        sync_folder(self.folder)

    def _cut_failures(self) -> None:
        self.failures.touch()
        if not self.finished:
            os.truncate(self.failures, min(self.failures.stat().st_size, self.parts[-1]["failures_bytes"] if self.parts else 0))


def may_hold_parts(place: Path) -> bool:
    """Return whether a path is a folder that holds a run, or nothing and is not called like a file."""
    return place.is_dir() and ((place / RUN_FOLDER).is_dir() or not (place.suffix or any(place.iterdir())))


def _lock(run: Path, folder: Path) -> int | None:
    """Return an open lock on the folder, which ends with the process; None where the system has none."""
    try:
        import fcntl
    except ImportError:
        return None
    handle = os.open(run, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        msg = f"Another run is writing to {folder}; wait for its end, or write to another folder."
        raise InputError(msg) from error
    return handle
