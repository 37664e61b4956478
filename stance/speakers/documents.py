"""Speakers who are a document: its owner, or who put it out."""

from __future__ import annotations

from dataclasses import replace

from stance.phrases import phrases_of, strip_possessive
from stance.records import Span, Speaker
from stance.speakers.search import Search, again, unresolved


def document(search: Search) -> Speaker | None:
    """Resolve "the statement said": its owner, else the body that spoke last."""
    if search.phrase is None or search.phrase.kind != "document":
        return None
    if search.quote.source and (mentions := search.cast.mentions_in(search.quote.source.start, search.quote.source.end)):
        mention = mentions[0]
        return Speaker(
            strip_possessive(search.cast.page.text[mention.start : mention.end]), search.text, None, mention.actor, "document"
        )
    if (issuer := _issuer(search)) is not None:
        return issuer
    if search.said:
        return again(search, search.said[-1][1], "document")
    return unresolved(search, "document")


_ISSUES = frozenset(
    ["issued", "released", "published", "posted", "signed", "sent", "made", "gave", "issue", "release", "in", "with", "adopted"]
)

_LONGEST_VERB = 5


def _issuer(search: Search) -> Speaker | None:
    """Return who put the document out, by this sentence: "The ministry issued a statement saying", "in a letter, Lund"."""
    phrase, tokens = search.phrase, search.tokens
    if phrase is None or search.quote.source is None:
        return None
    for other in reversed(phrases_of(search.cast.page, search.quote.sentence)):
        gap = tokens.lowers[other.last + 1 : phrase.first]
        if other.last >= phrase.first or other.kind == "document" or len(gap) > _LONGEST_VERB:
            continue
        if not set(gap) & _ISSUES or "," in gap:
            return None
        found = search.resolve(Span(tokens.starts[other.first], tokens.ends[other.last]))
        return found and replace(found, rule="document")
    return None
