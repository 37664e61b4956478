"""Cuts a sentence into words, with the target, actors, names and numbers replaced by what they are."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from stance.actors import find_mentions
from stance.features.sides import Parties
from stance.targets.mentions import Issue, find_words
from stance.text import Tokens, find_tokens, fold
from stance.wordwise import PerWord

TARGET = "_target_"
# What masks an actor, by the column that names it; the speaker's own goes before the sender, and so on, so it comes last.
_ROLE_OF = {"location": "_place_", "recipient": "_recipient_", "sender": "_sender_", "speaker_actor": "_self_"}
ROLES = frozenset(_ROLE_OF.values())
_NAME = "_name_"
_NEGATIONS = frozenset(["not", "no", "never", "cannot", "neither", "nor", "without", "nothing", "none", "n't"])
CLAUSE_MARKS = frozenset('.,;:!?—–()"“”')
_OPENERS = frozenset(['"', "“", ".", "?", "!", ":", "‘", "'"])
# Words are cut to so many letters: "reject", "rejects", "rejected" count as one (macro-F1 on real news 0.725, whole words
# 0.723, five letters 0.723, with half the vocabulary; 2026-11).
LETTERS = 6


def mark(text: str, parties: Parties, issue: str, issues: tuple[Issue, ...]) -> list[str]:
    """Return lower-case words with the target, actors, names and numbers replaced by what they are."""
    tokens = find_tokens(text)
    words, starts = tokens.texts, tokens.starts
    pieces = list(map(_PIECES.__getitem__, words))
    for i, piece in enumerate(pieces):
        if piece == _NAME and (i == 0 or words[i - 1] in _OPENERS):
            pieces[i] = _straighten(words[i])
    masks = _find_masks(text, tokens, parties, issue, issues)
    for start, _, mask in masks:  # words of an issue come last, and before those of an actor
        first = bisect_left(starts, start)
        if starts[first : first + 1] == [start]:
            pieces[first] = mask
    for start, end, mask in masks:
        if len(text[start:end].split()) > 1:
            for i in range(bisect_right(starts, start), bisect_left(starts, end)):
                pieces[i] = mask
    return [piece for piece, last in zip(pieces, ["", *pieces], strict=False) if piece != last or piece[0] != "_"]


def _find_masks(text: str, tokens: Tokens, parties: Parties, issue: str, issues: tuple[Issue, ...]) -> list[tuple[int, int, str]]:
    """Return where actors and issues are named, and what masks their words."""
    role_of = {actor: role for key, role in _ROLE_OF.items() for actor in parties[key]}
    masks = [(one.start, one.end, role_of.get(one.actor, "_actor_")) for one in find_mentions(tokens)]
    named = find_words(issues, fold(text), ("strong",))
    for known in issues:
        if spans := named.get((known.name, "strong")):
            name = TARGET if known.name == issue else f"_{known.name}_"
            masks += [(start, end, name) for start, end in spans]
    return masks


def _find_piece(word: str) -> str:
    """Return what stands for a word behind others: a capital makes it a name there."""
    return "_number_" if word[0].isdigit() else _NAME if word[0].isupper() else _straighten(word)


def _straighten(word: str) -> str:
    return word.lower().replace("’", "'")


_PIECES = PerWord(_find_piece)


def shorten(marked: list[str]) -> list[str]:
    """Return the words cut to their first letters, without punctuation; the four behind a negation bear its mark."""
    short = list(map(_SHORT.__getitem__, marked))
    if "not" not in short:
        return list(filter(None, short))
    out: list[str] = []
    left = 0
    for piece, word in zip(marked, short, strict=True):
        if word == "not":
            left = 4
            out.append(word)
        elif word:
            out.append(f"not+{word}" if left > 0 and word[0] != "_" else word)
            left -= 1
        elif piece in CLAUSE_MARKS:
            left = 0
    return out


def _cut(piece: str) -> str:
    """Return the first letters of a word, ``not`` for a negation, a mask as it is, nothing for punctuation."""
    if piece[0] == "_":
        return piece
    if piece in _NEGATIONS or piece.endswith("n't"):
        return "not" if piece[0].isalpha() else ""
    return piece[:LETTERS] if piece[0].isalpha() else ""


_SHORT = PerWord(_cut)
