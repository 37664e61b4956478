"""Turns a statement into the marked views that the vectorisers read: where the target is, who is who, which way it goes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from stance.actors import find_mentions
from stance.targets.mentions import Issue, load_issues
from stance.text import find_tokens, fold

# Tried and left out: four words on each side of the target (macro-F1 on the study statements 0.659 with, 0.663 without), pairs of
# word classes (0.655); 2026-11, trained on the composed annotations.
VIEWS = ("words", "crossed", "signs", "context")
_NEGATIONS = frozenset(["not", "no", "never", "cannot", "neither", "nor", "without", "nothing", "none", "n't"])
_PLAIN_WORD = re.compile(r"[a-z][a-z'’-]+")
_CLAUSE_MARKS = frozenset('.,;:!?—–()"“”')


@cache
def _classes() -> dict[str, re.Pattern[str]]:
    table = tomllib.loads(files("stance").joinpath("words", "stance_classes.toml").read_text(encoding="utf-8"))
    return {name: re.compile(pattern) for name, pattern in table.items()}


class Prepared(dict[str, Any]):
    """A statement that carries its views, so that cross-validation need not make them again in every fold."""

    views: dict[str, str]


def prepare(rows: Iterable[Mapping[str, Any]], issues: tuple[Issue, ...] | None = None) -> list[Prepared]:
    """Return the rows with their views made once."""
    prepared = []
    for row in rows:
        ready = Prepared(row)
        ready.views = _views(row, issues or load_issues())
        prepared.append(ready)
    return prepared


@cache
def _phrases() -> dict[str, re.Pattern[str]]:
    """Return the alternatives of more than one word, by class."""
    found = {}
    for name, pattern in _classes().items():
        several = [part for part in _alternatives(pattern.pattern) if " " in part]
        if several:
            found[name] = re.compile(rf"(?<![\w-])(?:{'|'.join(several)})(?![\w-])")
    return found


def _alternatives(pattern: str) -> list[str]:
    """Return the parts of a pattern between the bars outside its parentheses."""
    parts, depth, start = [], 0, 0
    for i, char in enumerate(pattern):
        depth += (char == "(") - (char == ")")
        if char == "|" and depth == 0:
            parts.append(pattern[start:i])
            start = i + 1
    return [*parts, pattern[start:]]


@lru_cache(maxsize=50_000)
def _classes_of(word: str) -> tuple[str, ...]:
    """Return the classes a single word belongs to, and "T" for the target."""
    if word == "_target_":
        return ("T",)
    return tuple(name for name, pattern in _classes().items() if pattern.fullmatch(word))


def make_views(rows: Iterable[Mapping[str, Any]], issues: tuple[Issue, ...] | None = None) -> list[dict[str, str]]:
    """Return the views of each row: name of the view -> tokens joined by spaces.

    A row needs ``sentence`` (or ``text``); ``issue``, ``target``, ``cue``, ``context``, ``speaker_actor``, ``sender``,
    ``recipient`` and ``location`` help where they are given. ``issues`` are those whose mentions are marked (None: those that
    come with the package).
    """
    known = issues or load_issues()
    return [row.views if isinstance(row, Prepared) else _views(row, known) for row in rows]


def _views(row: Mapping[str, Any], issues: tuple[Issue, ...]) -> dict[str, str]:
    sentence = _text(row, "sentence") or _text(row, "text")
    issue = _text(row, "issue") or re.sub(r"\W+", "_", _text(row, "target").lower())
    side = _side(row, issue)
    marked = _mark(sentence, row, issue, issues)
    words = _with_bigrams(_negated(marked))
    signs = _signs(marked, issue, side, _text(row, "cue"))
    context = _PLAIN_WORD.findall(_text(row, "context")[-240:].lower())
    return {
        "words": " ".join(words),
        "crossed": " ".join(f"{issue}|{token}" for token in words),
        "signs": " ".join(signs),
        "context": " ".join(f"{issue}|{token}" for token in context),
    }


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return value if isinstance(value, str) else ""


def _actors(row: Mapping[str, Any], key: str) -> frozenset[str]:
    value = row.get(key)
    if isinstance(value, str):
        value = value.split(";")
    if value is None or not isinstance(value, Iterable):
        return frozenset()
    return frozenset(str(item).strip() for item in value if str(item).strip())


def _side(row: Mapping[str, Any], issue: str) -> str:
    """Say on which side the speaker stands: sender, recipient, party to the conflict, other state, or nobody's."""
    actor = _text(row, "speaker_actor")
    if not actor:
        return "none"
    if actor in _actors(row, "sender"):
        return "sender"
    if actor in _actors(row, "recipient"):
        return "recipient"
    if actor in _actors(row, "location"):
        return "party"
    return "body" if "_" in actor or len(actor) != 3 else "other"


def _mark(text: str, row: Mapping[str, Any], issue: str, issues: tuple[Issue, ...]) -> list[str]:
    """Return lower-case words with the target, actors, names and numbers replaced by what they are."""
    tokens = find_tokens(text, 0, len(text))
    roles: dict[int, str] = {}
    role_of: dict[str, str] = {}  # the speaker's own actor goes before the sender, and so on: entered last
    for key, role in (("location", "_place_"), ("recipient", "_recipient_"), ("sender", "_sender_")):
        role_of.update(dict.fromkeys(_actors(row, key), role))
    if own := _text(row, "speaker_actor"):
        role_of[own] = "_self_"
    for mention in find_mentions(tokens):
        roles.update(dict.fromkeys(range(mention.start, mention.end), role_of.get(mention.actor, "_actor_")))
    targets: dict[int, str] = {}
    folded = fold(text)
    for known in issues:
        name = "_target_" if known.name == issue else f"_{known.name}_"
        for start, end in known.find("strong", folded):
            targets.update(dict.fromkeys(range(start, end), name))
    marked: list[str] = []
    for position, token in enumerate(tokens):
        word = token.text
        if token.start in targets:
            piece = targets[token.start]
        elif token.start in roles:
            piece = roles[token.start]
        elif word[0].isdigit():
            piece = "_number_"
        elif word[0].isupper() and position and not _opens(tokens[position - 1].text):
            piece = "_name_"
        else:
            piece = word.lower().replace("’", "'")
        if not (piece.startswith("_") and marked and marked[-1] == piece):
            marked.append(piece)
    return marked


def _opens(before: str) -> bool:
    return before in ('"', "“", ".", "?", "!", ":", "‘", "'")


def _negated(marked: list[str]) -> list[str]:
    """Mark the four words behind a negation."""
    out: list[str] = []
    left = 0
    for piece in marked:
        if piece in _CLAUSE_MARKS:
            left = 0
            continue
        if not (piece[0].isalpha() or piece[0] == "_"):
            continue
        if piece in _NEGATIONS or piece.endswith("n't"):
            left = 4
            out.append("not")
            continue
        out.append(f"not+{piece}" if left > 0 and not piece.startswith("_") else piece)
        left -= 1
    return out


def _with_bigrams(words: list[str]) -> list[str]:
    return [*words, *(f"{one}+{two}" for one, two in pairwise(words))]


def _signs(marked: list[str], issue: str, side: str, cue: str) -> list[str]:
    """Return classes of words, their order, the speaker's side and the cue, each crossed with the issue."""
    hits = [(i, name) for i, word in enumerate(marked) for name in _classes_of(word)]
    low = " ".join(marked)
    for name, pattern in _phrases().items():
        hits += [(low.count(" ", 0, m.start()), name) for m in pattern.finditer(low)]
    hits.sort()
    names = [name for _, name in hits]
    out = [f"{issue}|side={side}", f"side={side}"]
    for name in dict.fromkeys(names):
        out += [f"{issue}|{name}", f"{issue}|{side}|{name}", name]
    for one, two in pairwise(names):
        if one != two:
            out.append(f"{issue}|{one}>{two}")
    if cue:
        lemma = cue.lower()
        out += [f"cue={lemma}", f"{issue}|cue={lemma}"]
        out += [f"{issue}|cueclass={name}" for name in _classes_of(lemma)]
    if "?" in marked:
        out.append("question")
    return out
