"""Says which statements to label next: those the model is least sure of, unlike one another, with a random share among them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stance.errors import InputError
from stance.records import STANCES

if TYPE_CHECKING:
    import pandas as pd

REASONS = ("uncertain", "diverse", "random")
# What a statement counts for, for each one before it from the same article, by the same side on the same issue, or in nearly
# the same words. Labelling 400 real statements from nothing in steps of 50, mean macro-F1 of the eight steps on other articles
# (five draws of articles): 0.604 with these; 0.579 without any; 0.567 in random order; 0.601 to 0.605 with others nearby (an
# article 0.6 or 0.9; a side 0.9 or 0.95). Entropy in the place of the margin gives 0.597, the best probability 0.606. (2026-11)
_SAME_ARTICLE, _SAME_SIDE, _SAME_WORDS = 0.8, 0.98, 0.5
# Eight sketches of four hashes each of the pairs of neighbouring words: sentences that share eight pairs in ten have one in
# common with a probability of 0.99. They find all 656 repeats that stance.evaluation.duplicates finds in 6,543 composed and 1,125
# real statements by comparing each with each, and take 10 others for repeats. (2026-11)
_SKETCHES, _HASHES = 8, 4
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Choice:
    """A row of the statement table, by its position from 0, and why it stands where it does in the order.

    ``uncertain``: by the model's probabilities alone it would stand no later. ``diverse``: it was moved ahead of statements that
    repeat an article, a side or a sentence. ``random``: drawn whatever the model says.
    """

    position: int
    reason: str


def find_order(statements: pd.DataFrame, *, random_share: float = 0.2, random_state: int = 0) -> list[Choice]:
    """Return all rows of a statement table in the order in which to label them.

    Uncertainty is one minus the lead of the most probable label over the next; a row without probabilities is as uncertain as
    can be, since nothing is known of it. What repeats an article, a side (``speaker_actor`` or ``speaker``, with the issue) or
    nearly a sentence counts for less, each time. Every place in ``1 / random_share`` is a random one. Which rows are random is
    read off a hash of the row itself: they stay so when the table is labelled anew, ordered otherwise, or loses rows that have
    been decided. So the decided rows with the reason ``random`` are a fair sample, fit to estimate accuracy on, and the others
    are not: they were chosen for being hard.

    Examples
    --------
    >>> import pandas as pd
    >>> sure, torn = {"p_support": 0.9, "p_oppose": 0.1, "p_neutral": 0.0}, {"p_support": 0.5, "p_oppose": 0.4, "p_neutral": 0.1}
    >>> find_order(pd.DataFrame([sure, torn]), random_share=0)
    [Choice(position=1, reason='uncertain'), Choice(position=0, reason='uncertain')]

    Raises
    ------
    InputError
        If the share is not between 0 and 1.
    """
    if not 0 <= random_share <= 1:
        msg = f"The random share must be between 0 and 1; found {random_share}."
        raise InputError(msg)
    draws = _draw(statements, random_state)
    is_random = draws < random_share
    drawn = sorted(np.flatnonzero(is_random).tolist(), key=lambda row: draws[row])
    chosen = _rank(statements, np.flatnonzero(~is_random), draws)
    return _mingle(chosen, [Choice(row, "random") for row in drawn], random_share)


def _draw(statements: pd.DataFrame, random_state: int) -> NDArray[np.float64]:
    """Return a number between 0 and 1 for each row (n_rows,) that depends on nothing but the row and the seed."""
    names = ["statement_id"] if "statement_id" in statements.columns else ["article_id", "start", "end", "sentence", "issue"]
    cells = _keys(statements, names)
    hashes = (hashlib.blake2b(f"{random_state} {cell}".encode("utf-8", "replace"), digest_size=6).digest() for cell in cells)
    return np.array([int.from_bytes(one) / 2**48 for one in hashes], dtype=np.float64)


def _rank(statements: pd.DataFrame, rows: NDArray[np.intp], draws: NDArray[np.float64]) -> list[Choice]:
    """Return the rows by uncertainty, discounted for what stands before them."""
    import pandas as pd

    uncertainty = find_uncertainty(statements)[rows]
    order = rows[np.lexsort((draws[rows], -uncertainty))]
    sorted_rows = statements.iloc[order]
    scores = pd.Series(np.sort(uncertainty)[::-1].copy())
    kin = [(_keys(sorted_rows, ["article_id"]), _SAME_ARTICLE), (_sides(sorted_rows), _SAME_SIDE)]
    for keys, worth in kin:
        column = pd.Series(keys, dtype=object)
        scores *= np.where(column == "", 1.0, worth ** column.groupby(column).cumcount())
    repeats = np.zeros(len(order), dtype=np.intp)
    for sketch in _sketch(_sentences(sorted_rows)):
        column = pd.Series(sketch)
        repeats = np.maximum(repeats, column.groupby(column).cumcount().to_numpy())
    scores *= _SAME_WORDS**repeats
    places = np.argsort(-scores.to_numpy(), kind="stable")
    # Where the rank by uncertainty alone is higher than the place, others had to stand back for it.
    return [Choice(int(order[rank]), "diverse" if rank > place else "uncertain") for place, rank in enumerate(places.tolist())]


def find_uncertainty(statements: pd.DataFrame) -> NDArray[np.float64]:
    """Return one minus the lead of the most probable label over the next, for each row (n_rows,); 1 without probabilities."""
    names = [f"p_{stance}" for stance in STANCES]
    if not set(names) <= set(statements.columns):
        return np.ones(len(statements))
    probabilities = np.sort(statements[names].astype(np.float64).to_numpy(), axis=1)
    margin = probabilities[:, -1] - probabilities[:, -2]
    return np.asarray(np.where(np.isnan(margin), 1.0, 1.0 - margin), dtype=np.float64)


def _mingle(chosen: list[Choice], drawn: list[Choice], share: float) -> list[Choice]:
    """Return both lists as one: the places that make up the share are drawn, until one list is empty."""
    mixed: list[Choice] = []
    one, other = iter(chosen), iter(drawn)
    for place in range(len(chosen) + len(drawn)):
        first, second = (other, one) if int((place + 1) * share) > int(place * share) else (one, other)
        mixed.append(next(first, None) or next(second))
    return mixed


def _keys(statements: pd.DataFrame, names: list[str]) -> list[str]:
    """Return the cells of some columns as one text a row; "" where all are empty."""
    columns = [[_as_text(cell) for cell in statements[name].tolist()] for name in names if name in statements.columns]
    if not columns:
        return [""] * len(statements)
    return ["\t".join(cells) if any(cells) else "" for cells in zip(*columns, strict=True)]


def _as_text(cell: Any) -> str:
    return cell if isinstance(cell, str) else "" if cell is None or cell != cell else str(cell)


def _sides(statements: pd.DataFrame) -> list[str]:
    """Return who speaks on what, for each row; "" where nobody is known."""
    actors, speakers, issues = (_keys(statements, [name]) for name in ("speaker_actor", "speaker", "issue"))
    return [
        f"{actor or speaker}\t{issue}" if actor or speaker else ""
        for actor, speaker, issue in zip(actors, speakers, issues, strict=True)
    ]


def _sentences(statements: pd.DataFrame) -> list[str]:
    return _keys(statements, [name for name in ("sentence", "text") if name in statements.columns][:1])


def _sketch(sentences: list[str]) -> list[NDArray[np.uint64]]:
    """Return sketches (n_sentences,) of the sentences' word pairs; near-duplicates have at least one in common."""
    known: dict[str, int] = {}
    lines = [[known.setdefault(word, len(known) + 1) for word in _WORD.findall(one.casefold())] for one in sentences]
    # A mark at both ends: every sentence has a pair, and no two sentences are run together.
    words = np.array([word for line in lines for word in (0, *line, 0)], dtype=np.uint64)
    starts = np.cumsum([0, *(len(line) + 2 for line in lines)])[:-1]
    if not len(words):
        return []
    pairs = words * np.uint64(0x9E3779B97F4A7C15) + np.roll(words, -1) * np.uint64(0xC2B2AE3D27D4EB4F)
    # Between two sentences stands a pair of marks that says nothing: it must be nobody's smallest.
    empty = (words == 0) & (np.roll(words, -1) == 0)
    empty[starts[[len(line) == 0 for line in lines]]] = False
    found = []
    generator = np.random.default_rng(0)
    for _ in range(_SKETCHES):
        sketch = np.zeros(len(starts), dtype=np.uint64)
        for _ in range(_HASHES):
            factor, shift = generator.integers(1, 2**63, 2, dtype=np.uint64)
            mixed = (pairs ^ shift) * (factor | np.uint64(1))
            mixed ^= mixed >> np.uint64(29)
            mixed *= np.uint64(0xBF58476D1CE4E5B9)
            mixed[empty] = np.iinfo(np.uint64).max
            sketch = sketch * np.uint64(0x100000001B3) ^ np.minimum.reduceat(mixed, starts)
        found.append(sketch)
    return found
