"""Says whose call, claim or demand a noun tells of."""

from __future__ import annotations

from stance.phrases import Phrase
from stance.quotes.clauses import Clause


def find_owner(clause: Clause, i: int) -> Phrase | None:
    """Return the owner of the noun at a token: "his opposition to", "the ministry’s call for", "calls by Norway for"."""
    after = clause.word(i + 1)
    if after in ("by", "from") and (phrase := clause.starting_at(i + 2)):
        return phrase
    if after not in ("to", "for", "of", "that", "against", "on", ",", "about"):
        return None
    for back in (1, 2):
        word = clause.word(i - back)
        if word.endswith(("’s", "'s", "s’", "s'")):
            return clause.ending_at(i - back)
        if word in ("his", "her", "its", "their"):
            return Phrase(i - back, i - back, i - back, "pronoun")
        if not word.isalpha():
            return None
    return None
