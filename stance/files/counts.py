"""Reads and writes counted statements: a sparse matrix, the tokens of its columns, a table with a line for each of its rows."""

from __future__ import annotations

import csv
from pathlib import Path

from stance.errors import InputError
from stance.features import SHOWN
from stance.records import STANCES
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
        with (folder / _MATRIX).open("rb") as handle:
            matrix = sparse.csr_matrix(sparse.load_npz(handle))
        matrix.check_format(full_check=True)
        lines = (folder / _TOKENS).read_text(encoding="utf-8").split("\n")[:-1]
        with (folder / _STATEMENTS).open(encoding="utf-8", newline="") as table:
            statements = tuple(csv.DictReader(table))
    except Exception as error:  # damaged archives raise a dozen kinds
        msg = f"The counts in {str(folder)!r} cannot be read ({error}); such a folder holds {_MATRIX}, {_TOKENS}, {_STATEMENTS}."
        raise InputError(msg) from error
    tokens = tuple((view, token) for view, _, token in (line.partition(" ") for line in lines))
    if matrix.shape != (len(statements), len(tokens)):
        msg = (
            f"The files in {str(folder)!r} do not belong together: a matrix of {matrix.shape[0]} by {matrix.shape[1]}, "
            f"{len(statements)} statements, {len(tokens)} tokens."
        )
        raise InputError(msg)
    _check(folder, tokens, statements)
    return TokenCounts(matrix, tokens, statements)


def _check(folder: Path, tokens: tuple[tuple[str, str], ...], statements: tuple[dict[str, str], ...]) -> None:
    """Raise InputError for a token of no view, and for a statement without one of the columns or with an unknown stance."""
    for number, (view, token) in enumerate(tokens, start=1):
        if view not in SHOWN or not token:
            msg = f"Line {number} of {str(folder / _TOKENS)!r} is no view and token: {f'{view} {token}'!r}."
            raise InputError(msg)
    for number, row in enumerate(statements, start=2):
        if set(row) != set(COLUMNS) or None in row.values() or row["stance"] not in STANCES:
            msg = (
                f"Line {number} of {str(folder / _STATEMENTS)!r} does not fit: it needs the columns {', '.join(COLUMNS)}, and in "
                f"'stance' one of {', '.join(STANCES)}."
            )
            raise InputError(msg)
