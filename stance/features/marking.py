"""Cuts a sentence into words, with the target, actors, names and numbers replaced by what they are."""

from __future__ import annotations

from stance.actors import find_mentions
from stance.features.sides import Parties
from stance.targets.mentions import Issue, find_words
from stance.text import find_tokens, fold

TARGET = "_target_"
# What masks an actor, by the column that names it; the speaker's own goes before the sender, and so on, so it comes last.
_ROLE_OF = {"location": "_place_", "recipient": "_recipient_", "sender": "_sender_", "speaker_actor": "_self_"}
ROLES = frozenset(_ROLE_OF.values())
_NEGATIONS = frozenset(["not", "no", "never", "cannot", "neither", "nor", "without", "nothing", "none", "n't"])
_CLAUSE_MARKS = frozenset('.,;:!?—–()"“”')
_OPENERS = frozenset(['"', "“", ".", "?", "!", ":", "‘", "'"])
# Words are cut to so many letters: "reject", "rejects", "rejected" count as one (macro-F1 on real news 0.725, whole words
# 0.723, five letters 0.723, with half the vocabulary; 2026-11).
LETTERS = 6


def mark(text: str, parties: Parties, issue: str, issues: tuple[Issue, ...]) -> list[str]:
    """Return lower-case words with the target, actors, names and numbers replaced by what they are."""
    tokens = find_tokens(text, 0, len(text))
    role_of = {actor: role for key, role in _ROLE_OF.items() for actor in parties[key]}
    masks = [(one.start, one.end, role_of.get(one.actor, "_actor_")) for one in find_mentions(tokens)]
    folded = fold(text)
    named = find_words(issues, folded, ("strong",))
    for known in issues:
        name = TARGET if known.name == issue else f"_{known.name}_"
        masks += [(start, end, name) for start, end in named.get((known.name, "strong"), ())]
    mask_at = {start: mask for start, _, mask in masks}  # words of an issue come last, and before those of an actor
    longer = [(start, end, mask) for start, end, mask in masks if len(text[start:end].split()) > 1]
    marked: list[str] = []
    before = "."
    for word, start, _ in tokens:
        mask = mask_at.get(start)
        for first, end, name in longer:
            if first < start < end:
                mask = name
        if mask is not None:
            piece = mask
        elif word[0].isdigit():
            piece = "_number_"
        elif word[0].isupper() and before not in _OPENERS:
            piece = "_name_"
        else:
            piece = word.lower().replace("’", "'")
        if piece[0] != "_" or not marked or marked[-1] != piece:
            marked.append(piece)
        before = word
    return marked


def shorten(marked: list[str]) -> list[str]:
    """Return the words cut to their first letters, without punctuation; the four behind a negation bear its mark."""
    out: list[str] = []
    left = 0
    for piece in marked:
        if piece in _CLAUSE_MARKS:
            left = 0
            continue
        if piece[0] == "_":
            out.append(piece)
        elif not piece[0].isalpha():
            continue
        elif piece in _NEGATIONS or piece.endswith("n't"):
            left = 4
            out.append("not")
            continue
        else:
            out.append(f"not+{piece[:LETTERS]}" if left > 0 else piece[:LETTERS])
        left -= 1
    return out
