"""Reads and writes counted statements: a sparse matrix, the tokens of its columns, a table with a line for each of its rows."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

from stance.errors import InputError
from stance.training.counts import COLUMNS, TokenCounts

_MATRIX, _TOKENS, _STATEMENTS = "counts.npz", "tokens.txt", "statements.csv"


def write_counts(folder: Path, counts: TokenCounts) -> None:
    """Write counted statements into a folder."""
    from scipy import sparse

    folder.mkdir(parents=True, exist_ok=True)
    sparse.save_npz(folder / _MATRIX, counts.matrix, compressed=True)
    lines = "".join(f"{view} {token}\n" for view, token in counts.tokens)
    (folder / _TOKENS).write_text(lines, encoding="utf-8", newline="\n")
    with (folder / _STATEMENTS).open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(counts.statements)


def read_counts(folder: Path) -> TokenCounts:
    """Return the counted statements of a folder.

    Raises
    ------
    InputError
        If a file is missing or damaged, or the files do not belong together.
    """
    from scipy import sparse

    try:
        matrix = sparse.load_npz(folder / _MATRIX)
        lines = (folder / _TOKENS).read_text(encoding="utf-8").splitlines()
        with (folder / _STATEMENTS).open(encoding="utf-8", newline="") as handle:
            statements = tuple(csv.DictReader(handle))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        msg = f"The counts in {str(folder)!r} cannot be read ({error}); such a folder holds {_MATRIX}, {_TOKENS}, {_STATEMENTS}."
        raise InputError(msg) from error
    tokens = tuple((view, token) for view, _, token in (line.partition(" ") for line in lines))
    if matrix.shape != (len(statements), len(tokens)) or any(set(COLUMNS) - set(row) for row in statements[:1]):
        msg = (
            f"The files in {str(folder)!r} do not belong together: a matrix of {matrix.shape[0]} by {matrix.shape[1]}, "
            f"{len(statements)} statements, {len(tokens)} tokens."
        )
        raise InputError(msg)
    return TokenCounts(matrix.tocsr(), tokens, statements)
