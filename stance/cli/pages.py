"""Writes the tables and figures that go with a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from stance.report.figures import Figure


def write_tables(tables: Mapping[str, pd.DataFrame], figures: Iterable[Figure], folder: Path, *, force: bool) -> None:
    """Write each table as CSV and each figure as SVG and PNG into a folder, made where it is missing."""
    from stance import files

    files.make_folder(folder)
    for name, table in tables.items():
        files.write_table(table, folder / f"{name}.csv", force=force)
    for figure in figures:
        for suffix, data in ((".svg", figure.alone().encode()), (".png", figure.png)):
            files.check_output(folder / f"{figure.name}{suffix}", force, suffixes=())
            files.write_bytes(folder / f"{figure.name}{suffix}", data)
