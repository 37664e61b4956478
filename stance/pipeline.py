"""Articles in, statements out: the only module that knows the order of the stages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stance.actors import Cast, read_cast
from stance.errors import InputError
from stance.quotes import find_attributions, find_quotes
from stance.records import (
    ABSTAINED,
    ATTITUDES,
    DUPLICATE_COLUMN,
    STANCES,
    STATEMENT_COLUMNS,
    Article,
    Attribution,
    Quote,
    Span,
    Speaker,
    Statement,
    Target,
)
from stance.records import statement_id as statement_id
from stance.speakers import find_speakers
from stance.targets import find_targets, may_matter
from stance.targets.mentions import Issue
from stance.text import Page, open_page

if TYPE_CHECKING:
    import pandas as pd

    from stance.model import Predictor, StanceClassifier

# How much of the text before a sentence the model may look at, in characters: two sentences of median length.
CONTEXT_CHARS = 300


@dataclass(frozen=True, slots=True)
class Stages:
    """What each stage found in one article; ``speakers`` and ``targets`` have an entry for each quote."""

    page: Page
    cast: Cast
    quotes: list[Quote]
    speakers: list[Speaker | None]
    targets: list[list[Target]]


def read_stages(article: Article, issues: tuple[Issue, ...] | None = None) -> Stages:
    """Run the stages in their order and return what each found; None stands for the issues that come with the package."""
    page = open_page(article.text)
    quotes = find_quotes(page)
    cast = read_cast(page, article)
    speakers = find_speakers(cast, quotes)
    return Stages(page, cast, quotes, speakers, find_targets(cast, quotes, speakers, issues))


def extract_article(article: Article, issues: tuple[Issue, ...] | None = None) -> list[Statement]:
    """Return the statements of one article in text order, without stance."""
    if not may_matter(article.text, issues):
        return []
    return list(make_statements(article, read_stages(article, issues)).values())


def make_statements(article: Article, stages: Stages) -> dict[tuple[int, int], Statement]:
    """Return the statements by position of the quote and of its target; a statement already made is not made again."""
    found: dict[tuple[int, int], Statement] = {}
    seen: set[str] = set()
    for i, (quote, speaker, about) in enumerate(zip(stages.quotes, stages.speakers, stages.targets, strict=True)):
        if speaker is None:
            continue
        for j, target in enumerate(about):
            statement = _statement(article, stages.page, quote, speaker, target)
            if statement.statement_id not in seen:
                seen.add(statement.statement_id)
                found[i, j] = statement
    return found


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
        context=page.text[max(0, sentence.start - CONTEXT_CHARS) : sentence.start],
        flags=tuple(sorted({*quote.flags, *speaker.flags, *target.flags})),
        trace=(quote.rule, speaker.rule, target.rule),
    )


# Statements handed to the model at once: enough to keep it busy, few enough to show progress and bound memory.
_BATCH = 512


def label_articles(
    articles: Iterable[Article],
    model: StanceClassifier | Predictor,
    *,
    model_name: str = "",
    issues: Sequence[str] | None = None,
    abstain_below: float | None = None,
    on_article: Callable[[Article], None] | None = None,
) -> Iterator[dict[str, Any]]:
    """Yield the rows of the statement table, article by article; ``on_article`` is called after each article read.

    Statements on all issues that the model knows are looked for; ``issues`` keeps those on some of them. A statement whose best
    probability is below ``abstain_below`` gets no stance, but the flag ``abstained``; None labels all.

    Raises
    ------
    InputError
        If ``abstain_below`` does not lie between 0 and 1.
    """
    _check_threshold(abstain_below)
    known = model.issues
    batch: list[tuple[Article, Statement]] = []
    for article in articles:
        found = extract_article(article, known)
        batch += [(article, statement) for statement in found if not issues or statement.target.issue in issues]
        if on_article is not None:
            on_article(article)
        if len(batch) >= _BATCH:
            yield from _label_batch(batch, model, model_name, abstain_below)
            batch = []
    if batch:
        yield from _label_batch(batch, model, model_name, abstain_below)


def _label_batch(
    batch: list[tuple[Article, Statement]], model: StanceClassifier | Predictor, model_name: str, abstain_below: float | None
) -> Iterator[dict[str, Any]]:
    rows = [{**statement_row(article, statement), "context": statement.context} for article, statement in batch]
    labels = [str(label) for label in model.classes_]
    for row, probabilities in zip(rows, model.predict_proba(rows).tolist(), strict=True):
        del row["context"]
        best = max(probabilities)
        row["stance"] = labels[probabilities.index(best)]
        if _is_unsure(best, abstain_below):
            row["stance"], row["flags"] = None, sorted([*row["flags"], ABSTAINED])
        shares = dict(zip(labels, probabilities, strict=True))
        row.update({f"p_{label}": _rounded(shares.get(label, 0.0)) for label in STANCES})
        row["model"] = model_name
        yield row


def _check_threshold(abstain_below: float | None) -> None:
    if abstain_below is not None and not 0 < abstain_below < 1:
        msg = f"The probability below which no label is given must lie between 0 and 1; found {abstain_below}."
        raise InputError(msg)


def _is_unsure(best: float, abstain_below: float | None) -> bool:
    """Return whether the best probability, as the table shows it, is below the threshold."""
    return abstain_below is not None and _rounded(best) < abstain_below


def _rounded(probability: Any) -> float:
    return round(float(probability), 4)


def statement_row(article: Article, statement: Statement) -> dict[str, Any]:
    """Return a statement as a row of the public table, stance and model still empty."""
    row: dict[str, Any] = dict.fromkeys(STATEMENT_COLUMNS)
    row.update(
        statement_id=statement.statement_id,
        article_id=article.id,
        outlet=article.outlet,
        published=article.published,
        url=article.url,
        start=statement.start,
        end=statement.end,
        sentence=statement.sentence,
        quote=statement.quote,
        quote_type=statement.quote_type,
        cue=statement.cue,
        speaker=statement.speaker.name,
        speaker_mention=statement.speaker.mention,
        speaker_role=statement.speaker.role,
        speaker_actor=statement.speaker.actor,
        issue=statement.target.issue,
        sender=list(statement.target.sender),
        recipient=list(statement.target.recipient),
        location=list(statement.target.location),
        target=statement.target.label,
        flags=list(statement.flags),
    )
    return row | _duplicate_of(article)


def _duplicate_of(article: Article) -> dict[str, str]:
    """Return the column, not one of the public ones, that only the statements of a near-duplicate have."""
    return {DUPLICATE_COLUMN: article.duplicate_of} if article.duplicate_of else {}


def attribution_rows(
    articles: Iterable[Article], *, attitudes: bool = True, on_article: Callable[[Article], None] | None = None
) -> Iterator[dict[str, Any]]:
    """Yield a row for every attribution in the articles; without ``attitudes`` only for what is said and where one stands."""
    for article in articles:
        for attribution in find_attributions(open_page(article.text)):
            if attitudes or attribution.cue_class not in ATTITUDES:
                yield _attribution_row(article, attribution)
        if on_article is not None:
            on_article(article)


def _attribution_row(article: Article, attribution: Attribution) -> dict[str, Any]:
    def pairs(spans: tuple[Span, ...]) -> list[list[int]]:
        return [[span.start, span.end] for span in spans]

    def words(spans: tuple[Span, ...]) -> str:
        return " … ".join(article.text[span.start : span.end] for span in spans)

    return {
        "article_id": article.id,
        "content": pairs(attribution.content),
        "source": pairs(attribution.source),
        "cue": pairs(attribution.cue),
        "quote": words(attribution.content),
        "speaker_mention": words(attribution.source),
        "cue_text": words(attribution.cue),
        "quote_type": attribution.kind,
        "cue_class": attribution.cue_class,
        "rule": attribution.rule,
        **_duplicate_of(article),
    }


def as_articles(articles: Any) -> list[Article]:
    """Return articles from what a user has: an article or text, a table, or a sequence of texts, mappings or articles.

    Raises
    ------
    InputError
        If a table or mapping has no ``text``.
    """
    if isinstance(articles, str | Article | Mapping):
        articles = [articles]
    elif hasattr(articles, "to_dict") and hasattr(articles, "columns"):
        articles = articles.to_dict("records")
    elif not isinstance(articles, Iterable):
        msg = f"Articles must be texts, mappings with 'text', a table or a list of these; found {type(articles).__name__}."
        raise InputError(msg)
    return [_as_article(item, position) for position, item in enumerate(articles)]


def _as_article(item: Any, position: int) -> Article:
    if isinstance(item, Article):
        return item
    if isinstance(item, str):
        return Article(f"article-{position + 1}", item)
    if not isinstance(item, Mapping) or not isinstance(item.get("text"), str):
        has = ", ".join(map(repr, item)) if isinstance(item, Mapping) else type(item).__name__
        what = "a 'text' that is no string" if isinstance(item, Mapping) and "text" in item else "no 'text'"
        msg = f"Article {position + 1} has {what}; it has {has}."
        raise InputError(msg)

    def cell(*names: str) -> str | None:
        found = (item[name] for name in names if item.get(name) not in (None, "") and item[name] == item[name])
        value = next(found, None)
        return None if value is None else value.date().isoformat() if hasattr(value, "date") else str(value)

    return Article(
        cell("id", "article_id") or f"article-{position + 1}",
        item["text"],
        cell("title"),
        cell("published", "date"),
        cell("outlet"),
        cell("url"),
    )


def label_statements(
    table: pd.DataFrame, model: StanceClassifier | Predictor, *, model_name: str = "", abstain_below: float | None = None
) -> pd.DataFrame:
    """Return a table of ready statements with stance and probabilities added, every row and column kept, in order.

    A prediction whose name the table already uses gets the suffix ``_predicted``. Rows without text get an empty label and the
    flag ``no_text``; rows whose best probability is below ``abstain_below``, an empty label and the flag ``abstained``.

    Raises
    ------
    InputError
        If the table has neither ``sentence`` nor ``text``, or ``abstain_below`` does not lie between 0 and 1.
    """
    _check_threshold(abstain_below)
    name = next((column for column in ("sentence", "text") if column in table.columns), None)
    if name is None:
        msg = f"The table has no column 'sentence' or 'text'; it has {', '.join(map(repr, table.columns))}."
        raise InputError(msg)
    rows = [{**row, "sentence": row[name] if isinstance(row[name], str) else ""} for row in table.to_dict("records")]
    probabilities = model.predict_proba(rows)
    flags = [
        ["no_text"] if not row["sentence"].strip() else [ABSTAINED] if _is_unsure(p.max(), abstain_below) else []
        for row, p in zip(rows, probabilities, strict=True)
    ]
    places = {label: i for i, label in enumerate(model.classes_)}
    added: dict[str, list[Any]] = {
        "stance": [
            None if flagged else str(model.classes_[int(p.argmax())]) for p, flagged in zip(probabilities, flags, strict=True)
        ]
    }
    for label in STANCES:
        values = probabilities[:, places[label]].tolist() if label in places else [0.0] * len(rows)
        added[f"p_{label}"] = [None if "no_text" in found else _rounded(p) for p, found in zip(values, flags, strict=True)]
    added["model"] = [model_name] * len(rows)
    if any(flags) or abstain_below is not None:
        added["flags"] = flags
    out = table.copy()
    for column, cells in added.items():
        name = column
        while name in table.columns:
            name += "_predicted"
        out[name] = cells
    return out
