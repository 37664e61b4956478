"""Cuts a sentence into words, with the target, actors, names and numbers replaced by what they are."""

from __future__ import annotations

from stance.actors import find_mentions
from stance.features.sides import Parties
from stance.targets.mentions import Issue, find_words
from stance.text import Tokens, find_tokens, fold
from stance.wordwise import PerWord

TARGET = "_target_"
# What masks an actor, by the column that names it; the speaker's own goes before the sender, and so on, so it comes last.
_ROLE_OF = {"location": "_place_", "recipient": "_recipient_", "sender": "_sender_", "speaker_actor": "_self_"}
ROLES = frozenset(_ROLE_OF.values())
_NEGATIONS = frozenset(["not", "no", "never", "cannot", "neither", "nor", "without", "nothing", "none", "n't"])
CLAUSE_MARKS = frozenset('.,;:!?—–()"“”')
_OPENERS = frozenset(['"', "“", ".", "?", "!", ":", "‘", "'"])
# Words are cut to so many letters: "reject", "rejects", "rejected" count as one (macro-F1 on real news 0.725, whole words
# 0.723, five letters 0.723, with half the vocabulary; 2026-11).
LETTERS = 6


def mark(text: str, parties: Parties, issue: str, issues: tuple[Issue, ...]) -> list[str]:
    """Return lower-case words with the target, actors, names and numbers replaced by what they are."""
    tokens = find_tokens(text)
    masks = _find_masks(text, tokens, parties, issue, issues)
    marked: list[str] = []
    before, piece = ".", ""
    for word, start in zip(tokens.texts, tokens.starts, strict=True):
        last = piece
        if start in masks:
            piece = masks[start]
        elif word[0].isupper() and before not in _OPENERS:
            piece = "_name_"
        else:
            piece = _PIECES[word]
        if piece[0] != "_" or piece != last:
            marked.append(piece)
        before = word
    return marked


def _find_masks(text: str, tokens: Tokens, parties: Parties, issue: str, issues: tuple[Issue, ...]) -> dict[int, str]:
    """Return what masks the words of actors and issues, by where a word starts."""
    role_of = {actor: role for key, role in _ROLE_OF.items() for actor in parties[key]}
    masks = [(one.start, one.end, role_of.get(one.actor, "_actor_")) for one in find_mentions(tokens)]
    named = find_words(issues, fold(text), ("strong",))
    for known in issues:
        name = TARGET if known.name == issue else f"_{known.name}_"
        masks += [(start, end, name) for start, end in named.get((known.name, "strong"), ())]
    mask_at = {start: mask for start, _, mask in masks}  # words of an issue come last, and before those of an actor
    for first, end, mask in masks:
        if len(text[first:end].split()) > 1:
            mask_at.update((start, mask) for start in tokens.starts if first < start < end)
    return mask_at


def _find_piece(word: str) -> str:
    return "_number_" if word[0].isdigit() else word.lower().replace("’", "'")


_PIECES = PerWord(_find_piece)


def shorten(marked: list[str]) -> list[str]:
    """Return the words cut to their first letters, without punctuation; the four behind a negation bear its mark."""
    out: list[str] = []
    left = 0
    for piece in marked:
        short = _SHORT[piece]
        if short == "not":
            left = 4
            out.append(short)
        elif short:
            out.append(f"not+{short}" if left > 0 and short[0] != "_" else short)
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
