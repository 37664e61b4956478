"""Keeps what tasks of a run on many machines have found, until it is known which id each article gets among all the others."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from stance.files.encoders import open_encoder, plain_columns
from stance.files.folders import RUN_FOLDER
from stance.files.stores import Store

STAGING = f"{RUN_FOLDER}/staging"
# Rows of a part held in memory as Python values at once.
_ROWS_AT_ONCE = 1000


def write_staged(store: Store, number: int, columns: Sequence[str], batches: Iterator[list[dict[str, Any]]]) -> None:
    """Write the rows of a task, batch by batch."""
    stream = io.BytesIO()
    encoder = open_encoder("parquet", columns, stream)
    for rows in batches:
        encoder.write(plain_columns(rows, columns))
    encoder.close()
    store.write(f"{STAGING}/{number:05}.parquet", stream.getvalue())


def read_staged(store: Store, number: int) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of a task, some at a time."""
    from pyarrow import parquet

    stored = parquet.ParquetFile(io.BytesIO(store.read(f"{STAGING}/{number:05}.parquet") or b""))
    for batch in stored.iter_batches(batch_size=_ROWS_AT_ONCE):
        yield batch.to_pylist()


def write_told(store: Store, number: int, told: dict[str, Any]) -> None:
    """Write what a task tells of its articles; with this it is done."""
    store.write(f"{STAGING}/{number:05}.json", json.dumps(told).encode())


def read_told(store: Store, number: int) -> dict[str, Any] | None:
    """Return what a task told of its articles, or None if it is not done."""
    content = store.read(f"{STAGING}/{number:05}.json")
    return None if content is None else json.loads(content)
