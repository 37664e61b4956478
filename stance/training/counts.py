"""Counts of tokens of statements whose text may not be shared: what a model can still learn from them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from stance.errors import InputError
from stance.features import SHOWN, Prepared, Views, cross, find_shown
from stance.features.marking import LETTERS, ROLES
from stance.features.sides import find_bloc, find_side, read_parties
from stance.records import STANCES
from stance.targets.mentions import load_issues

# What is known of a statement beside its tokens; article and speaker are running numbers.
COLUMNS = ("issue", "stance", "side", "bloc", "article", "speaker")


@dataclass(frozen=True, slots=True)
class TokenCounts:
    """Statements as counts.

    ``matrix`` (n_statements, n_tokens), ``tokens`` as pairs of view and token, ``statements`` with ``COLUMNS``. No order of
    tokens, no text, no names: actors, names and numbers are masked before anything is counted, and what never stands in small
    letters is left out (``find_names``).
    """

    matrix: Any
    tokens: tuple[tuple[str, str], ...]
    statements: tuple[Mapping[str, str], ...]


def count_tokens(rows: Iterable[Mapping[str, Any]], *, min_articles: int = 5) -> TokenCounts:
    """Return the counts of annotated statements; only tokens that stand in at least ``min_articles`` articles.

    Rows need ``article_id``, ``sentence``, ``issue`` and ``stance``; those marked ``optional`` are left out.

    Raises
    ------
    InputError
        If no statement is left.
    """
    kept = [row for row in rows if row.get("issue") and row.get("stance") in STANCES and not row.get("optional")]
    if not kept:
        msg = "There are no annotated statements to count the words of."
        raise InputError(msg)
    issues = load_issues()
    articles = {name: str(i) for i, name in enumerate(sorted({str(row["article_id"]) for row in kept}))}
    parties = [read_parties(row) for row in kept]
    shown = [
        find_shown(str(row["sentence"]), row, own, str(row["issue"]), issues) for row, own in zip(kept, parties, strict=True)
    ]
    where: dict[tuple[str, str], set[str]] = {}
    for row, views in zip(kept, shown, strict=True):
        for view in SHOWN:
            for token in views[view]:
                where.setdefault((view, token), set()).add(str(row["article_id"]))
    names = find_names(kept)
    tokens = tuple(
        sorted(pair for pair, found in where.items() if len(found) >= min_articles and not _holds_name(*pair, names=names))
    )
    place = {pair: i for i, pair in enumerate(tokens)}
    statements, entries = [], []
    speakers: dict[tuple[str, str], str] = {}
    for number, (row, own, views) in enumerate(zip(kept, parties, shown, strict=True)):
        article, issue = articles[str(row["article_id"])], str(row["issue"])
        who = (article, str(row.get("speaker_actor") or row.get("speaker") or ""))
        speaker = speakers.setdefault(who, str(len(speakers))) if who[1] else ""
        told = (issue, str(row["stance"]), find_side(own), find_bloc(own), article, speaker)
        statements.append(dict(zip(COLUMNS, told, strict=True)))
        entries += [(number, place[view, token]) for view in SHOWN for token in views[view] if (view, token) in place]
    rows_of, columns_of = np.array(entries, dtype=np.int32).reshape(-1, 2).T
    matrix = sparse.coo_matrix((np.ones(len(entries), dtype=np.uint16), (rows_of, columns_of)), (len(kept), len(tokens)))
    counted = matrix.tocsr()  # adds up what is counted twice
    counted.sort_indices()
    return TokenCounts(counted, tokens, tuple(statements))


# What may hold words as they were written; the other views hold classes of words.
_WRITTEN = frozenset(["words", "cue", "role", "context"])
_WORD = re.compile(r"[^\W\d_][\w.’'–-]*")
_PIECE = re.compile(r"[a-z][a-z'’-]*|[^\W\d_]+")
_SPEAKER_ITSELF = re.compile(r"i(?:['’](?:m|ve|ll|d))?")


def find_names(rows: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the first letters of words that no row writes small, in sentence, context or role: names, months, languages.

    A name at the head of a sentence is not known for one by its capital, and contexts and roles are counted as they stand.
    """
    small: set[str] = set()
    capital: set[str] = set()
    for word in {word for row in rows for key in ("sentence", "context", "speaker_role") for word in _find_words(row.get(key))}:
        lower = word.lower()
        stems = {piece[:LETTERS] for piece in (lower, *_PIECE.findall(lower), *re.findall("[a-z]+", lower))}
        (small if word == lower else capital).update(stems)
    return frozenset(stem for stem in capital - small if not _SPEAKER_ITSELF.fullmatch(stem))


def _find_words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from (found.rstrip(".–-") for found in _WORD.findall(value))


def _holds_name(view: str, token: str, names: frozenset[str]) -> bool:
    return view in _WRITTEN and any(piece[:LETTERS] in names for piece in re.split("[+ ]", token))


def open_counts(counts: TokenCounts) -> tuple[list[Prepared], list[str]]:
    """Return the counted statements as rows to learn from, and their labels."""
    rows = []
    for number, statement in enumerate(counts.statements):
        shown: Views = {view: [] for view in SHOWN}
        start, end = counts.matrix.indptr[number : number + 2]
        for column, count in zip(counts.matrix.indices[start:end], counts.matrix.data[start:end], strict=True):
            view, token = counts.tokens[column]
            shown[view] += [token] * int(count)
        row = Prepared(issue=statement["issue"], article_id=f"counted {statement['article']}", speaker=statement["speaker"])
        issue, side, bloc = statement["issue"], statement["side"], statement["bloc"]
        bare = {**shown, "words": _unmask(shown["words"])}
        row.views = {"bare": cross(bare, issue, "none", "none", "bare"), "told": cross(shown, issue, side, bloc, "told")}
        rows.append(row)
    return rows, [statement["stance"] for statement in counts.statements]


def _unmask(words: Sequence[str]) -> list[str]:
    """Return words as they are where nobody knows who is who: every actor is some actor."""
    return ["+".join("_actor_" if piece in ROLES else piece for piece in word.split("+")) for word in words]
