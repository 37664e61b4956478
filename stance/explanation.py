"""Says of every sentence of an article which rule found what and why, or why the sentence was passed over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from textwrap import wrap
from typing import Any

from stance.pipeline import Stages, make_statements, read_stages
from stance.quotes import is_headline
from stance.quotes.clauses import is_channel_phrase, is_inside_quotation, quotations_in, read_clause
from stance.quotes.cues import find_cues
from stance.quotes.sources import find_source
from stance.records import Article, Quote, Speaker, Statement, Target
from stance.targets import Reader, naming, read_article, relevance, weigh, words_of
from stance.targets.mentions import Issue, load_issues
from stance.text import Page


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against a quote being about an issue.

    ``level`` says how its sentence names the issue (``strong``, ``likely``, ``weak``, ``silent``), ``words`` by which words.
    ``points`` are the contributions, the weightiest first; their ``total`` must be above ``threshold``. ``word_points`` break
    down the point called ``words``: words and pairs of words of the sentence, mentions in capitals.
    """

    issue: str
    level: str
    words: tuple[str, ...]
    points: tuple[tuple[str, float], ...]
    word_points: tuple[tuple[str, float], ...]
    total: float
    threshold: float

    @property
    def score(self) -> float:
        """Points above the threshold, below 0 where it falls short."""
        return self.total - self.threshold


@dataclass(frozen=True, slots=True)
class FoundTarget:
    """A target of a quote and the id of its row in the statement table; None where an earlier quote gave that row."""

    target: Target
    statement_id: str | None


@dataclass(frozen=True, slots=True)
class QuoteExplanation:
    """One quote with what each stage made of it; ``passed_over`` says why there is no row, "" where there is one.

    ``source`` is empty inside a running quotation; ``continues`` is then the number of the sentence that names the speaker.
    ``evidence`` holds the issues that the article names anywhere, the likeliest first.
    """

    rule: str
    kind: str
    cue: str
    source: str
    content: tuple[str, ...]
    flags: tuple[str, ...]
    continues: int | None
    speaker: Speaker | None
    evidence: tuple[Evidence, ...]
    targets: tuple[FoundTarget, ...]
    passed_over: str


@dataclass(frozen=True, slots=True)
class SentenceExplanation:
    """One sentence with its quotes; ``number`` counts from 1, ``passed_over`` says why it has no quote, "" where it has."""

    article_id: str
    number: int
    start: int
    end: int
    text: str
    quotes: tuple[QuoteExplanation, ...]
    passed_over: str

    @property
    def n_statements(self) -> int:
        """How many rows of the statement table the sentence gives."""
        return sum(found.statement_id is not None for quote in self.quotes for found in quote.targets)

    def as_dict(self) -> dict[str, Any]:
        """Return the explanation as plain values for JSON."""
        return asdict(self)


def explain_article(article: Article, issues: tuple[Issue, ...] | None = None) -> tuple[SentenceExplanation, ...]:
    """Return an explanation of every sentence; their targets are the statements that ``pipeline.extract_article`` returns."""
    issues = issues or load_issues()
    stages = read_stages(article, issues)
    statements = make_statements(article, stages)
    quotes: dict[int, list[QuoteExplanation]] = {}
    for i, evidence in enumerate(_weigh_all(stages, issues)):
        quotes.setdefault(stages.quotes[i].sentence, []).append(_explain_quote(stages, i, evidence, statements))
    page = stages.page
    return tuple(
        SentenceExplanation(
            article.id,
            number + 1,
            sentence.start,
            sentence.end,
            page.text[sentence.start : sentence.end],
            tuple(quotes.get(number, ())),
            "" if number in quotes else _why_no_quote(page, number),
        )
        for number, sentence in enumerate(page.sentences)
    )


def _weigh_all(stages: Stages, issues: tuple[Issue, ...]) -> Iterator[tuple[Evidence, ...]]:
    """Yield the evidence for each quote, once more as the target stage weighs it."""
    reader = read_article(stages.cast, stages.quotes, stages.speakers, issues)
    for i, quote in enumerate(stages.quotes):
        found = [_evidence(reader, quote, issue, weigh(reader, i, issue)) for issue in reader.named]
        yield tuple(sorted(found, key=lambda one: -one.total))


def _evidence(reader: Reader, quote: Quote, issue: Issue, found: dict[str, float]) -> Evidence:
    # The score is a sum, so one piece of evidence alone, less nothing at all, is its contribution.
    nothing = relevance.score({})
    level, spots = naming(reader, quote, issue)
    text = reader.cast.page.text
    words = set(relevance.word_evidence(level, issue.name, words_of(reader, issue, quote.sentence)))
    return Evidence(
        issue.name,
        level,
        tuple(text[a:b] for a, b in spots),
        _weightiest({name: relevance.score({name: value}) - nothing for name, value in found.items()}),
        _weightiest({name: relevance.POINTS.get(name, 0.0) for name in words}),
        round(relevance.score(found) - nothing, 4),
        -nothing,
    )


def _weightiest(points: dict[str, float]) -> tuple[tuple[str, float], ...]:
    rounded = ((name, round(value, 4)) for name, value in points.items())
    return tuple(sorted((point for point in rounded if point[1]), key=lambda point: (-abs(point[1]), point[0])))


def _explain_quote(
    stages: Stages, i: int, evidence: tuple[Evidence, ...], statements: dict[tuple[int, int], Statement]
) -> QuoteExplanation:
    quote, speaker, text = stages.quotes[i], stages.speakers[i], stages.page.text
    rows = [statements.get((i, j)) for j in range(len(stages.targets[i]))]
    targets = () if speaker is None else stages.targets[i]
    return QuoteExplanation(
        rule=quote.rule,
        kind=quote.kind,
        cue=text[quote.cue.start : quote.cue.end] if quote.cue else "",
        source=text[quote.source.start : quote.source.end] if quote.source else "",
        content=tuple(text[span.start : span.end].strip() for span in quote.content),
        flags=quote.flags,
        continues=None if quote.continued is None else stages.quotes[quote.continued].sentence + 1,
        speaker=speaker,
        evidence=evidence,
        targets=tuple(FoundTarget(target, row.statement_id if row else None) for target, row in zip(targets, rows, strict=False)),
        passed_over="" if any(rows) else _why_no_row(quote, speaker, evidence, any(targets)),
    )


def _why_no_row(quote: Quote, speaker: Speaker | None, evidence: tuple[Evidence, ...], repeated: bool) -> str:
    if speaker is None and quote.source is None:
        return "inside a quotation without a known speaker"
    if speaker is None:
        return "the source is a newspaper or an agency, which carries what others say"
    if repeated:
        return "a quote before gives the same sentence, speaker and issue"
    if not evidence:
        return "the article names no issue, or but loosely and in passing"
    best = evidence[0]
    if best.score > 0:  # the one thing that the target stage rules out after weighing
        return "about an issue by its points, but ruled out: talks on a nuclear deal are no peace process"
    return f"not about an issue: {-best.score:.1f} points short of {best.issue}"


def _why_no_quote(page: Page, number: int) -> str:
    """Return why a sentence attributes nothing to anybody, as far as the rules for quotes can see."""
    if is_headline(page, number):
        return "a headline or a caption"
    quotations = quotations_in(page, page.sentences[number].span).values()
    if is_inside_quotation(page, number, quotations):
        return "inside quotation marks around too few words to be speech"
    clause = read_clause(page, number, quotations)
    cues = find_cues(clause.tokens, clause.masked)
    if not cues:
        return "no cue"
    sourceless = []
    for cue in cues:
        word = clause.tokens.texts[cue.index]
        answer = find_source(clause, cue)
        if answer is None:
            sourceless.append(f'"{word}"')
            continue
        if all(is_channel_phrase(page, clause, phrase) for phrase in answer[0]):
            return f'the source of "{word}" is a newspaper or an agency, which carries what others say'
        clause.subjects.append((cue.index, answer[0]))
    return f"a cue without a source: {', '.join(sourceless)}" if sourceless else "a cue that reports nothing"


# Columns of a terminal that everybody has; how much of a sentence or a quote is shown; how many points of evidence.
WIDTH = 100
_LABEL_WIDTH = 15
_TEXT_CHARS = 240
_SHOWN_POINTS = 6
_SHOWN_WORDS = 4


def format_sentence(sentence: SentenceExplanation) -> list[tuple[str, str]]:
    """Return the explanation as lines for a terminal: a padded label, blank where a line goes on, and its text."""
    lines = [(f"[{sentence.number}]", f"{sentence.start}:{sentence.end}  {_shorten(sentence.text)}")]
    if sentence.passed_over:
        lines.append(("  passed over", sentence.passed_over))
    for quote in sentence.quotes:
        lines += _format_quote(quote)
    return [
        (f"{label if i == 0 else '':<{_LABEL_WIDTH}}  ", part)
        for label, text in lines
        for i, part in enumerate(wrap(text, WIDTH - _LABEL_WIDTH - 2, break_on_hyphens=False))
    ]


def _format_quote(quote: QuoteExplanation) -> list[tuple[str, str]]:
    attributed = [f"{quote.kind}, by rule {quote.rule}"]
    if quote.source:
        attributed.append(f"source: {_shorten(quote.source)}")
    if quote.continues is not None:
        attributed.append(f"goes on from [{quote.continues}]")
    if quote.cue:
        attributed.append(f"cue: {quote.cue}")
    attributed.append(f"content: {_shorten(' … '.join(quote.content))}")
    lines = [("  quote", "; ".join(attributed) + _format_flags(quote.flags))]
    if quote.speaker is not None:
        lines.append(("  speaker", _format_speaker(quote.speaker)))
        lines += [(f"  {one.issue}", _format_evidence(one)) for one in quote.evidence]
    for found in quote.targets:
        row = f"row {found.statement_id}" if found.statement_id else "no row of its own"
        lines.append(("  target", f"{found.target.label}, by rule {found.target.rule}; {row}{_format_flags(found.target.flags)}"))
    if quote.passed_over:
        lines.append(("  passed over", quote.passed_over))
    return lines


def _format_speaker(speaker: Speaker) -> str:
    role = f", {speaker.role}" if speaker.role else ""
    return f"{speaker.name}{role} ({speaker.actor or 'no actor'}), by rule {speaker.rule}{_format_flags(speaker.flags)}"


def _format_evidence(one: Evidence) -> str:
    sign = ">" if one.score > 0 else "<="
    words = f" ({', '.join(one.words)})" if one.words else ""
    points = _format_points(one.points, _SHOWN_POINTS)
    # Without the side or issue that they stand under in the table.
    heard = _format_points(tuple((name.split(" ", 1)[1], value) for name, value in one.word_points), _SHOWN_WORDS)
    return f"{one.level}{words}: {one.total:.2f} {sign} {one.threshold:.2f}: {points}{f'; words: {heard}' if heard else ''}"


def _format_points(points: tuple[tuple[str, float], ...], n_shown: int) -> str:
    shown = [f"{name} {value:+.1f}" for name, value in points[:n_shown]]
    return ", ".join([*shown, f"{len(points) - n_shown} more"] if len(points) > n_shown else shown)


def _format_flags(flags: tuple[str, ...]) -> str:
    return f" [{', '.join(flags)}]" if flags else ""


def _shorten(text: str) -> str:
    # A stranger's text must not steer the terminal.
    flat = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return flat if len(flat) <= _TEXT_CHARS else flat[: _TEXT_CHARS - 1] + "…"
