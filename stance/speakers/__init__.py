"""Says who speaks: resolves a quote's source to a person or body, with role and actor, by a chain of named rules."""

from __future__ import annotations

from stance.actors import Cast
from stance.lexicon import is_channel
from stance.phrases import phrases_of
from stance.records import Quote, Span, Speaker
from stance.speakers.bodies import body
from stance.speakers.descriptions import described_person, said_before, same_body
from stance.speakers.documents import document
from stance.speakers.names import named_person, transcript_label
from stance.speakers.pronouns import pronoun
from stance.speakers.search import Rule, Search

__all__ = ["RULES", "find_speakers"]


# A transcript's label is beyond doubt; a name in the source beats every reading of the words around it; pronouns and
# documents point back; "the minister" is looked up; what is left is taken as it stands.
RULES: tuple[Rule, ...] = (transcript_label, named_person, pronoun, document, described_person, said_before, same_body, body)


def find_speakers(cast: Cast, quotes: list[Quote]) -> list[Speaker | None]:
    """Return the speaker of each quote, None where the source is only a channel (a newspaper, an agency)."""
    found: list[Speaker | None] = [None] * len(quotes)
    said: list[tuple[int, Speaker]] = []
    order = sorted(range(len(quotes)), key=lambda i: (quotes[i].sentence, quotes[i].source is None))
    for i in order:
        if quotes[i].source is not None:
            found[i] = find_speaker(cast, quotes[i], said)
            if (speaker := found[i]) is not None:
                said.append((quotes[i].sentence, speaker))
    for i, quote in enumerate(quotes):
        if quote.source is None:
            found[i] = _continued(quotes, found, i)
    return found


def _continued(quotes: list[Quote], found: list[Speaker | None], i: int) -> Speaker | None:
    anchor = quotes[i].continued
    for _ in range(12):
        if anchor is None:
            return None
        if (speaker := found[anchor]) is not None:
            flags = tuple(sorted({*speaker.flags, *(("speaker_unresolved",) if quotes[i].rule == "quotation_goes_on" else ())}))
            return Speaker(speaker.name, "", speaker.role, speaker.actor, f"continues:{quotes[i].rule}", flags)
        anchor = quotes[anchor].continued
    return None


def find_speaker(cast: Cast, quote: Quote, said: list[tuple[int, Speaker]]) -> Speaker | None:
    """Return the speaker that the first rule to answer gives."""
    assert quote.source is not None
    tokens = cast.page.tokens(quote.sentence)
    phrase = next(
        (p for p in phrases_of(cast.page, quote.sentence) if tokens.starts[p.first] == quote.source.start),
        None,
    )
    text = cast.page.text[quote.source.start : quote.source.end]

    def resolve(source: Span) -> Speaker | None:
        return find_speaker(cast, quote._replace(source=source), said)

    search = Search(cast, quote, tokens, phrase, text, said, resolve)
    if is_channel(text):
        return None
    for rule in RULES:
        if (speaker := rule(search)) is not None:
            return speaker
    return None
