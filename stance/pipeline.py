"""Articles in, statements out: the only module that knows the order of the stages."""

from __future__ import annotations

import hashlib

from stance.actors import read_cast
from stance.quotes import find_quotes
from stance.records import Article, Quote, Speaker, Statement, Target
from stance.speakers import find_speakers
from stance.targets import find_targets, may_matter
from stance.text import Page, open_page

# How much of the text before a sentence the model may look at, in characters: two sentences of median length.
_CONTEXT_CHARS = 300


def extract_article(article: Article) -> list[Statement]:
    """Return the statements of one article in text order, without stance."""
    if not may_matter(article.text):
        return []
    page = open_page(article.text)
    quotes = find_quotes(page)
    cast = read_cast(page, article)
    speakers = find_speakers(cast, quotes)
    targets = find_targets(cast, article.title, quotes, speakers)
    found: dict[str, Statement] = {}
    for quote, speaker, about in zip(quotes, speakers, targets, strict=True):
        if speaker is None:
            continue
        for target in about:
            statement = _statement(article, page, quote, speaker, target)
            found.setdefault(statement.statement_id, statement)
    return list(found.values())


def _statement(article: Article, page: Page, quote: Quote, speaker: Speaker, target: Target) -> Statement:
    sentence = page.sentences[quote.sentence]
    cue = page.text[quote.cue.start : quote.cue.end] if quote.cue else ""
    return Statement(
        statement_id=statement_id(article.id, sentence.start, sentence.end, speaker.name, target.issue),
        article_id=article.id,
        start=sentence.start,
        end=sentence.end,
        sentence=page.text[sentence.start : sentence.end],
        quote=" … ".join(page.text[span.start : span.end].strip() for span in quote.content),
        quote_type=quote.kind,
        cue=cue,
        speaker=speaker,
        target=target,
        context=page.text[max(0, sentence.start - _CONTEXT_CHARS) : sentence.start],
        flags=tuple(sorted({*quote.flags, *speaker.flags, *target.flags})),
        trace=(quote.rule, speaker.rule, target.rule),
    )


def statement_id(article_id: str, start: int, end: int, speaker: str, issue: str) -> str:
    """Return a stable id: the same article, offsets, speaker and issue give the same one."""
    key = "\x1f".join((article_id, str(start), str(end), speaker, issue))
    return hashlib.sha256(key.encode()).hexdigest()[:16]
