"""Turns a statement into the marked views that the model reads: where the target is, who is who, which way it goes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from stance.features.marking import LETTERS, mark, shorten
from stance.features.sides import Parties, find_bloc, find_role_words, find_side, read_parties
from stance.features.signs import classes_of, find_signs, place_signs
from stance.targets.mentions import Issue, load_issues

# A view is a list of tokens. Those that tell of a speaker and parties come first, those of plain text last.
VIEWS = (
    *("words", "crossed", "sided", "signs", "clause", "speaker", "context"),
    *("topic", "plain_words", "plain_crossed", "letters", "letters_crossed"),
)
Views = dict[str, list[str]]
# What is done with a token: the view it goes to, and the beginning it has there.
Use = tuple[str, str]
# The views before they are spelled out: tokens, and what is done with them all.
Groups = list[tuple[Sequence[str], Sequence[Use]]]
# What a statement shows by itself; the views are made of it (``cross``).
SHOWN = ("words", "signs", "order", "cue", "clause", "role", "context")
# How a row is read, by what it tells, the least first: a text and at most a target; a sentence and its issue; the speaker's
# actor, the parties or the cue as well.
READINGS = ("plain", "bare", "told")
_TELLING = ("speaker_actor", "speaker_role", "sender", "recipient", "location", "cue")
_CUT_WORD = re.compile(rf"([a-z][a-z'’-]{{1,{LETTERS - 1}}})[a-z'’-]*")
_PLAIN_TOKEN = re.compile(r"[#@]?\w+(?:['’-]\w+)*|[!?]+")
_HASHTAG = re.compile(r"#(\w+)")
_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_CONTEXT_CHARS = 240
_RUNS = range(3, 7)


class Prepared(dict[str, Any]):
    """A statement that carries its views by reading, so that cross-validation need not make them again in every fold."""

    views: dict[str, Views]


def prepare(rows: Iterable[Mapping[str, Any]], issues: tuple[Issue, ...] | None = None) -> list[Prepared]:
    """Return the rows with the views of every reading made once; rows that have theirs stay as they are."""
    prepared = []
    for row in rows:
        if isinstance(row, Prepared):
            prepared.append(row)
            continue
        ready = Prepared(row)
        readings = READINGS[1 : READINGS.index(find_reading(row)) + 1] or READINGS[:1]
        ready.views = {reading: spell(_groups(row, reading, issues or load_issues())) for reading in readings}
        prepared.append(ready)
    return prepared


def find_reading(row: Mapping[str, Any]) -> str:
    """Return how much a row tells, one of ``READINGS``."""
    if isinstance(row, Prepared):
        return max(row.views, key=READINGS.index)
    if not _text(row, "issue"):
        return "plain"
    return "told" if any(_is_told(row.get(key)) for key in _TELLING) else "bare"


def make_views(
    rows: Iterable[Mapping[str, Any]], readings: Sequence[str], issues: tuple[Issue, ...] | None = None
) -> list[Views]:
    """Return the views of each row as it is to be read: name of the view -> tokens.

    A row needs ``sentence`` (or ``text``); ``issue``, ``target``, ``cue``, ``context``, ``speaker_actor``, ``speaker_role``,
    ``sender``, ``recipient`` and ``location`` help where they are given. ``issues`` are those whose mentions are marked (None:
    those that come with the package).
    """
    return [spell(groups) for groups in make_groups(rows, readings, issues)]


def make_groups(
    rows: Iterable[Mapping[str, Any]], readings: Sequence[str], issues: tuple[Issue, ...] | None = None
) -> Iterator[Groups]:
    """Yield the views of ``make_views`` row by row as tokens with their uses, which spares their spelling."""
    known = issues or load_issues()
    for row, reading in zip(rows, readings, strict=True):
        if isinstance(row, Prepared) and reading in row.views:
            yield [(tokens, ((name, ""),)) for name, tokens in row.views[reading].items()]
        else:
            yield _groups(row, reading, known)


def _groups(row: Mapping[str, Any], reading: str, issues: tuple[Issue, ...]) -> Groups:
    text = _text(row, "sentence") or _text(row, "text")
    issue = _text(row, "issue") or re.sub(r"\W+", "_", _text(row, "target").lower())
    if reading == "plain":
        return _plain_groups(text, issue)
    if reading == "bare":
        row = {}
    parties = read_parties(row)
    return cross_groups(find_shown(text, row, parties, issue, issues), issue, find_side(parties), find_bloc(parties), reading)


def find_shown(text: str, row: Mapping[str, Any], parties: Parties, issue: str, issues: tuple[Issue, ...]) -> Views:
    """Return what a statement shows, before anything is crossed with its issue: the tokens of each of ``SHOWN``."""
    marked = mark(text, parties, issue, issues)
    hits = find_signs(marked)
    cue, context = " ".join(_text(row, "cue").lower().split()), _text(row, "context")  # a cue may go over two lines
    return {
        "words": with_pairs(shorten(marked)),
        "signs": list(dict.fromkeys(name for _, name in hits)),
        "order": [f"{one}>{two}" for (_, one), (_, two) in pairwise(hits) if one != two],
        "cue": [cue] if cue else [],
        "clause": place_signs(hits, marked),
        "role": find_role_words(row),
        "context": _CUT_WORD.findall(context[-_CONTEXT_CHARS:].lower()),
    }


def cross(shown: Views, issue: str, side: str, bloc: str, reading: str) -> Views:
    """Return the views of what a statement shows: its tokens, and their crossings with the issue and the speaker's side."""
    return spell(cross_groups(shown, issue, side, bloc, reading))


def spell(groups: Groups) -> Views:
    """Return the tokens that groups stand for, in their order."""
    views: Views = {}
    for tokens, uses in groups:
        for view, beginning in uses:
            views.setdefault(view, []).extend(beginning + token for token in tokens)
    return views


def cross_groups(shown: Views, issue: str, side: str, bloc: str, reading: str) -> Groups:
    """Return the views of ``cross`` as tokens with their uses.

    Tokens of a bare reading bear a mark: what words weigh where nobody knows who speaks is learned apart.
    """
    mark = "?" if reading == "bare" else ""
    at, by = f"{mark}{issue}|", f"{issue}|{side}|"
    words, signs = shown["words"], shown["signs"]
    groups: Groups = [
        (words, (("words", mark), ("crossed", at))),
        (signs, (("signs", mark), ("signs", at))),
        (shown["order"], (("signs", at),)),
        (shown["clause"], (("clause", at),)),
    ]
    if reading == "bare":
        return groups
    groups += [([f"side={side}"], (("signs", at), ("signs", ""))), (signs, (("signs", by),))]
    for cue in shown["cue"]:
        groups += [
            ([f"cue={cue}"], (("signs", ""), ("signs", at))),
            ([f"cueclass={name}" for name in classes_of(cue)], (("signs", at),)),
        ]
    return [
        *groups,
        (find_singles(words), (("sided", by),)),
        (shown["role"], (("speaker", ""), ("speaker", at))),
        ([bloc], (("speaker", by), ("speaker", at))),
        (shown["context"], (("context", at),)),
    ]


def _plain_groups(text: str, target: str) -> Groups:
    opened = _HASHTAG.sub(lambda tag: f"{tag[0]} {' '.join(_CAMEL.findall(tag[1]))}", text).lower()
    words = with_pairs([word[:LETTERS] for word in _PLAIN_TOKEN.findall(opened)])
    letters = [piece for word in text.lower().split() for piece in _pieces(word)]
    at = f"{target}|"
    return [
        ([""], (("topic", at),)),
        (words, (("plain_words", ""), ("plain_crossed", at))),
        (letters, (("letters", ""), ("letters_crossed", at))),
    ]


@lru_cache(maxsize=50_000)
def _pieces(word: str) -> tuple[str, ...]:
    """Return the runs of three to six letters of a word and its edges."""
    edged = f"_{word}_"
    return tuple(edged[i : i + n] for n in _RUNS for i in range(len(edged) - n + 1))


def with_pairs(words: list[str]) -> list[str]:
    """Return words and pairs of neighbours."""
    return [*words, *map("+".join, pairwise(words))]


def find_singles(tokens: Iterable[str]) -> list[str]:
    """Return the tokens of ``words`` that are one word: ``lift``, or ``not+lift`` behind a negation."""
    return [token for token in tokens if "+" not in token or (token[:4] == "not+" and token.count("+") == 1)]


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return value if isinstance(value, str) else ""


def _is_told(value: Any) -> bool:
    if isinstance(value, str):
        return bool(value.strip())
    return value is not None and hasattr(value, "__len__") and len(value) > 0
