"""Works out what a page shows, down to the words: no markup here, no arithmetic in the templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from stance.records import LIST_COLUMNS, QUOTE_TYPES, Article, Decision
from stance.review.chances import Label
from stance.review.coding import EDITED_COLUMNS, LABELS, is_same, shown_value
from stance.review.disagreement import COMPARED, differing
from stance.review.progress import Progress
from stance.review.queue import Filters
from stance.review.spans import Passage
from stance.review.suggestions import Suggestions, actor_names, place_names

VERDICT_WORDS = {"statement": "a statement", "no_statement": "not a statement", "unsure": "unsure"}
REASON_WORDS = {
    "uncertain": "chosen because the model is unsure",
    "diverse": "chosen because it is unlike those before",
    "random": "drawn at random",
    "": "in the order of the file",
}
# Keys that take over an annotator's decision; no other key of the page is among them.
TAKE_KEYS = "abcd"
# Which suggestions a field offers, by the id of their list.
_LISTS = {"speaker": "speakers", "speaker_role": "roles", "speaker_actor": "actors", "location": "places"}
_LISTS |= {"sender": "actors", "recipient": "actors"}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form: ``options`` where one of some values is chosen, ``list_id`` where values are suggested.

    ``model_value`` is what was found, told where the annotator has put something else; ``many`` fields hold several values.
    """

    name: str
    label: str
    value: str
    model_value: str | None
    options: tuple[str, ...]
    list_id: str
    many: bool


@dataclass(frozen=True, slots=True)
class Source:
    """The article: its title, the line under it, and its address where it is one that may be followed."""

    title: str
    line: str
    url: str
    href: str


@dataclass(frozen=True, slots=True)
class Bar:
    """How far the annotator has come, in words; ``filters`` are offered as (name, label, chosen value, values)."""

    annotator: str
    decided: int
    total: int
    percent: str
    pace: str
    agreement: str
    filters: tuple[tuple[str, str, str, tuple[str, ...]], ...]
    below: str
    hidden: tuple[tuple[str, str], ...]
    is_adjudication: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """A row of the table of decisions: what is compared, each annotator's value, and whether they differ."""

    label: str
    cells: tuple[str, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """Decisions on one statement side by side; ``takers`` are the annotators with the keys that take over their decision."""

    takers: tuple[tuple[str, str], ...]
    rows: tuple[Compared, ...]
    differing: str


@dataclass(frozen=True, slots=True)
class Told:
    """What has just happened, told at the top of the page; ``is_problem`` where it did not go as the annotator wanted."""

    words: str
    is_problem: bool = False


@dataclass(frozen=True, slots=True)
class StatementPage:
    """Everything on the page of one statement."""

    statement_id: str
    where: str
    bar: Bar
    source: Source
    passage: Passage
    kinds: tuple[str, ...]
    is_located: bool
    has_article: bool
    label: Label
    summary: tuple[tuple[str, str], ...]
    fields: tuple[Field, ...]
    is_edited: bool
    chosen: str
    decided: str
    note: str
    others: Comparison | None
    suggestions: Suggestions
    previous: str | None
    next: str | None
    missed: str | None
    told: Told | None


def make_address(path: str, filters: Filters, **parameters: str | int | None) -> str:
    """Return an address on this server that keeps the filters.

    >>> make_address("/statement", Filters(issue=("sanctions",)), id="a b")
    '/statement?id=a+b&issue=sanctions'
    """
    pairs = [(name, str(value)) for name, value in parameters.items() if value is not None] + filters.pairs()
    return f"{path}?{urlencode(pairs)}" if pairs else path


def make_bar(
    progress: Progress, filters: Filters, values: Mapping[str, Sequence[str]], *, annotator: str, is_adjudication: bool
) -> Bar:
    """Return the bar at the top; ``values`` are those that each filter offers."""
    share = progress.decided / progress.total if progress.total else 0.0
    chosen = {name: next(iter(getattr(filters, name)), "") for name in values}
    return Bar(
        annotator=annotator,
        decided=progress.decided,
        total=progress.total,
        percent=f"{share:.0%}",
        pace=_pace_words(progress),
        agreement=_agreement_words(progress),
        filters=tuple((name, name.capitalize(), chosen[name], tuple(found)) for name, found in values.items()),
        below="" if filters.below is None else f"{filters.below:g}",
        hidden=tuple(filters.pairs()),
        is_adjudication=is_adjudication,
    )


def _pace_words(progress: Progress) -> str:
    if progress.per_minute is None or progress.minutes_left is None:
        return ""
    minutes = progress.minutes_left
    left = f"{minutes / 60:.1f} h left" if minutes >= 90 else f"{max(1, round(minutes))} min left" if progress.left else "done"
    return f"{progress.per_minute:.1f} a minute, {left}"


def _agreement_words(progress: Progress) -> str:
    if progress.agreement is None:
        return ""
    return f"{progress.agreement:.0%} as the model, of {progress.n_compared}"


def make_source(row: Mapping[str, Any], article: Article | None) -> Source:
    """Return what is told of the article of a statement; only an address on the web may be followed."""
    title = (article.title if article is not None else None) or shown_value(row.get("article_id"))
    parts = [shown_value(row.get(name)) or (shown_value(getattr(article, name, None))) for name in ("outlet", "published")]
    url = shown_value(row.get("url")) or shown_value(getattr(article, "url", None))
    return Source(title, " · ".join(filter(None, parts)), url, url if is_web_address(url) else "")


def is_web_address(url: str) -> bool:
    """Return whether a link may lead there.

    >>> is_web_address("https://news.test/a"), is_web_address("javascript:alert(1)"), is_web_address("//news.test")
    (True, False, False)
    """
    try:
        found = urlsplit(url)
    except ValueError:
        return False
    return found.scheme in ("http", "https") and bool(found.netloc) and url.isprintable()


def make_fields(row: Mapping[str, Any], coded: Mapping[str, Any], issues: Sequence[str]) -> tuple[Field, ...]:
    """Return the fields of a statement with the values that the annotator has given so far, or that were found."""
    options = {"issue": tuple(issues), "quote_type": QUOTE_TYPES}
    return tuple(
        Field(
            name=name,
            label=LABELS[name],
            value=shown_value(coded.get(name)),
            model_value=None if is_same(coded.get(name), row.get(name)) else shown_value(row.get(name)) or "empty",
            options=options.get(name, ()),
            list_id=_LISTS.get(name, ""),
            many=name in LIST_COLUMNS,
        )
        for name in EDITED_COLUMNS
    )


def make_summary(coded: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return who speaks, for whom and about what, as label and words."""
    codes = actor_names() | place_names()
    actor = shown_value(coded.get("speaker_actor"))
    shown = [
        ("Speaker", shown_value(coded.get("speaker"))),
        ("Role", shown_value(coded.get("speaker_role"))),
        ("Speaks for", f"{codes[actor]} ({actor})" if actor in codes else actor or "nobody known"),
        ("Target", shown_value(coded.get("target")) or shown_value(coded.get("issue"))),
    ]
    return tuple((label, words) for label, words in shown if words)


def describe(decision: Decision) -> str:
    """Return a decision in a word or two."""
    return decision.stance or VERDICT_WORDS[decision.verdict]


def compare(row: Mapping[str, Any], decisions: Sequence[Decision]) -> Comparison | None:
    """Return decisions side by side; None where there are none. Of a decision that it is no statement nothing else is told."""
    if not decisions:
        return None
    differs = differing(row, decisions)
    cells = {name: tuple(_cell(row, one, name) for one in decisions) for name in COMPARED}
    rows = [Compared(LABELS.get(name, name.capitalize()), cells[name], name in differs) for name in COMPARED if any(cells[name])]
    if any(one.note for one in decisions):
        rows.append(Compared("Note", tuple(one.note for one in decisions), differs=False))
    takers = tuple((TAKE_KEYS[i] if i < len(TAKE_KEYS) else "", one.annotator) for i, one in enumerate(decisions))
    return Comparison(takers, tuple(rows), ", ".join(LABELS.get(name, name).lower() for name in differs))


def _cell(row: Mapping[str, Any], one: Decision, name: str) -> str:
    if name == "verdict":
        return VERDICT_WORDS[one.verdict]
    if one.verdict != "statement":
        return ""
    return one.stance or "" if name == "stance" else shown_value({**row, **one.fields}.get(name))


def kinds_in(passage: Passage) -> tuple[str, ...]:
    """Return what is highlighted in a passage, each kind once, for its legend."""
    runs: Iterable[Any] = (run for part in (passage.before, passage.near, passage.after) for runs in part for run in runs)
    found = {kind for run in runs for kind in run.kinds}
    return tuple(kind for kind in ("speaker", "cue", "quote", "target", "sentence") if kind in found)
