"""Cuts inputs, wherever fsspec reaches, into stretches that can be read one by one and in any order."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate, pairwise
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from stance.errors import InputError
from stance.files.decoding import announced_encoding
from stance.files.inputs import STDIN, compression_of, find_inputs, kind_of_name, known_suffixes, source_name, stem_of
from stance.files.manifests import describe_input
from stance.files.readers import read_source
from stance.files.sources import Finding, Source, open_plain, source_of
from stance.files.stores import find_system, is_local

# A task of some seconds to a minute, by how much of it matters; and what a worker holds of JSON Lines at once.
PARTITION_BYTES = 32 * 2**20
_HEAD_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Partition:
    """A stretch of an input: a whole file, lines of JSON Lines that begin between two bytes, or row groups of Parquet.

    ``name`` is the file, as messages call it; ``first_row`` the number of the first row, as they count rows.
    """

    url: str
    name: str
    start: int = 0
    end: int | None = None
    row_groups: tuple[int, ...] | None = None
    first_row: int = 1


def find_files(patterns: Sequence[str]) -> list[Partition]:
    """Return the files that the patterns name, each as a partition of its own, in the order in which they would be read here.

    Raises
    ------
    InputError
        If a pattern matches nothing that can be read, or names what only one process can read.
    """
    found: dict[str, Partition] = {}
    for pattern in patterns:
        here = is_local(pattern) or pattern.startswith(("http://", "https://"))
        for one in _find_here(pattern) if here else _find_there(pattern):
            found.setdefault(one.url, one)
    return list(found.values())


def _find_here(pattern: str) -> Iterator[Partition]:
    for path in find_inputs([pattern.removeprefix("file://")]):
        if not isinstance(path, Path) or path == STDIN:
            msg = f"{source_name(path)} cannot be read by several machines; --engine local reads it."
            raise InputError(msg)
        yield Partition(str(path.resolve()), source_name(path))


def _find_there(pattern: str) -> list[Partition]:
    system, path = find_system(pattern)
    try:
        if system.isfile(path):
            found = [path]
        elif system.isdir(path):
            found = [one for one in system.find(path) if not _is_hidden(one, path)]
        else:
            found = system.glob(path)
    except OSError as error:
        msg = f"{pattern} cannot be read: {error.strerror or error}."
        raise InputError(msg) from error
    urls = [str(system.unstrip_protocol(one)) for one in sorted(found, key=PurePosixPath)]
    urls = [url for url in urls if kind_of_name(PurePosixPath(url))]
    if not urls:
        msg = f"Nothing matches {pattern}; stance reads {known_suffixes()}."
        raise InputError(msg)
    return [Partition(url, url) for url in urls]


def _is_hidden(path: str, folder: str) -> bool:
    return any(part.startswith(".") for part in PurePosixPath(path[len(folder) :]).parts)


def describe_file(file: Partition) -> dict[str, Any]:
    """Return by what a file is known again, as ``describe_input``; in a store of objects, by what the store tells of it."""
    if is_local(file.url):
        return {**describe_input(Path(file.url)), "input": file.name}
    system, path = find_system(file.url)
    try:
        return {"input": file.name, "bytes": system.size(path), "edges": system.ukey(path)}
    except OSError:
        return {"input": file.name, "bytes": None, "edges": None}


def cut_file(file: Partition, *, n_bytes: int = PARTITION_BYTES) -> list[Partition]:
    """Return a file in stretches of about ``n_bytes``, where it can be cut; lines are counted on the way."""
    system, path = find_system(file.url)
    kind = kind_of_name(PurePosixPath(path))
    try:
        if kind == "parquet":
            return _cut_parquet(file, system, path, n_bytes)
        if kind == "jsonl" and not compression_of(PurePosixPath(path)) and system.size(path) > n_bytes:
            return _cut_lines(file, system, path, n_bytes)
    except (OSError, InputError):  # reading it as articles will say what is wrong
        pass
    return [file]


def _cut_lines(file: Partition, system: Any, path: str, n_bytes: int) -> list[Partition]:
    size = system.size(path)
    starts = range(0, size, n_bytes)
    with system.open(path, "rb") as handle:
        if announced_encoding(handle.read(_HEAD_BYTES)) not in (None, "utf-8-sig"):
            return [file]
        handle.seek(0)
        # A line belongs where its first byte stands: behind a line end that may be the last byte before.
        cuts = [0, *(start - 1 for start in starts[1:]), size]
        n_lines = [handle.read(end - begin).count(b"\n") for begin, end in pairwise(cuts)]
    before = accumulate(n_lines[:-1], initial=0)
    return [
        replace(file, start=start, end=min(start + n_bytes, size), first_row=1 + lines + (start > 0))
        for start, lines in zip(starts, before, strict=True)
    ]


def _cut_parquet(file: Partition, system: Any, path: str, n_bytes: int) -> list[Partition]:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        with system.open(path, "rb") as handle:
            told = parquet.ParquetFile(handle).metadata
    except pa.ArrowException:
        return [file]
    partitions: list[Partition] = []
    first_row, room = 1, 0
    for number in range(told.num_row_groups):
        group = told.row_group(number)
        if not partitions or group.total_byte_size > room:
            partitions.append(replace(file, row_groups=(), first_row=first_row))
            room = n_bytes
        partitions[-1] = replace(partitions[-1], row_groups=(*(partitions[-1].row_groups or ()), number))
        room -= group.total_byte_size
        first_row += group.num_rows
    return partitions or [file]


def read_partition(partition: Partition, columns: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what a partition holds, as ``read_source`` does for a whole input."""
    source = _source_of(partition)
    if partition.end is None:
        yield from read_source(source, columns)
        return
    with source.open() as handle:
        content = handle.read()
    if content.strip():  # a line longer than the stretch leaves nothing
        yield from read_source(replace(source, open=partial(io.BytesIO, content)), columns)


def _source_of(partition: Partition) -> Source:
    path = PurePosixPath(partition.url)
    if is_local(partition.url) and partition.end is None:
        source = source_of(Path(partition.url))
    else:
        kind = kind_of_name(path) or ""
        read = partial(_open_stretch, partition)
        source = Source(partition.name, kind, stem_of(path), partial(open_plain, read, path, kind))
    return replace(source, name=partition.name, first_row=partition.first_row, row_groups=partition.row_groups)


def _open_stretch(partition: Partition) -> BinaryIO:
    system, path = find_system(partition.url)
    handle: BinaryIO = system.open(path, "rb")
    if partition.end is None:
        return handle
    with handle:
        if partition.start:
            handle.seek(partition.start - 1)
            handle.readline()
        content = handle.read(max(0, partition.end - handle.tell()))
        if content and not content.endswith(b"\n"):
            content += handle.readline()
    return io.BytesIO(content)
