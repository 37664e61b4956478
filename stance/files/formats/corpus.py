"""The value that formats exchange, articles with the annotation table, and a report of what was lost on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from stance.files.annotations import PREDICTION_COLUMNS, make_table, typed_cells
from stance.files.encoders import as_plain
from stance.records import ANNOTATION_COLUMNS, STANCES, VERDICTS, Article

# The annotation table, and what a model said of the rows that nobody decided on.
CORPUS_COLUMNS = (*ANNOTATION_COLUMNS, *PREDICTION_COLUMNS)
# Columns of the article rather than of the statement.
ARTICLE_COLUMNS = ("outlet", "published", "url")
UNKNOWN_ANNOTATOR = "unknown"
_SHOWN, _SHOWN_CHARS = 3, 60
Row = dict[str, Any]


@dataclass(slots=True)
class Report:
    """What could not be kept, by reason, with the things it was found in."""

    found: dict[str, list[str]] = field(default_factory=dict)

    def add(self, reason: str, what: str) -> None:
        """Count one thing that was left out or changed for this reason."""
        self.found.setdefault(reason, []).append(what)

    def lines(self) -> list[str]:
        """Return a line a reason: how many, why, and the first of them."""
        return [f"{len(names)} {reason} ({_shorten(names)})" for reason, names in self.found.items()]


def _shorten(names: list[str]) -> str:
    distinct = list(dict.fromkeys(names))
    shown = [name if len(name) <= _SHOWN_CHARS else f"{name[: _SHOWN_CHARS - 1]}…" for name in distinct[:_SHOWN]]
    return ", ".join([*shown, "…"] if len(distinct) > _SHOWN else shown)


@dataclass(frozen=True, slots=True)
class AnnotatedCorpus:
    """Articles in the order of their ids, and annotations in the order of article, place, statement and annotator.

    ``annotations`` has ``CORPUS_COLUMNS``, typed as by ``as_annotation_table``. A row without ``verdict`` is a statement as it
    came, with what a model said of it, and has no annotator. Rows whose article is among ``articles`` have offsets inside it.
    """

    articles: tuple[Article, ...]
    annotations: pd.DataFrame

    @property
    def texts(self) -> dict[str, str]:
        """The texts of the articles by id."""
        return {article.id: article.text for article in self.articles}

    def rows(self) -> list[Row]:
        """Return the annotations as plain values: None for what is absent, lists for what may be several."""
        columns = {name: [as_plain(cell) for cell in self.annotations[name].tolist()] for name in self.annotations.columns}
        return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]

    def located(self, report: Report) -> dict[str, list[Row]]:
        """Return the rows by article, all articles in order; rows without an article's text or a place in it are reported."""
        by_article: dict[str, list[Row]] = {article.id: [] for article in self.articles}
        for row in self.rows():
            if row["article_id"] not in by_article:
                report.add("rows left out: the text of their article is not given", str(row["article_id"]))
            elif row["start"] is None:
                report.add("rows left out: they have no offsets, and their sentence is not once in the article", name_of(row))
            else:
                by_article[row["article_id"]].append(row)
        return by_article


def name_of(row: Mapping[str, Any]) -> str:
    """Return what messages call a row."""
    annotator = f" by {row['annotator']}" if row.get("annotator") else ""
    return f"statement {row.get('statement_id')}{annotator}"


def assemble(
    articles: Iterable[Article], rows: Sequence[Mapping[str, Any]], report: Report, *, annotator: str | None = None
) -> AnnotatedCorpus:
    """Return articles and rows as a corpus; rows that do not fit their article or the codebook are left out and reported.

    ``annotator`` is who decided the rows that have a stance or verdict and do not say by whom; without it a row with a stance
    alone stays undecided.
    """
    known = {article.id: article for article in articles}
    seen: dict[tuple[Any, ...], Row] = {}
    for row in _as_rows(rows, report):
        if (problem := _settle_decision(row, report, annotator) or _settle_place(row, known)) is not None:
            report.add(f"rows left out: {problem}", name_of(row))
            continue
        key = (row["statement_id"], row["annotator"], row["adjudicated"], row["model"] if row["verdict"] is None else None)
        if key in seen:
            report.add("rows left out: the same annotator decided on the statement again (the last is kept)", name_of(row))
        seen[key] = row
    ordered = sorted(seen.values(), key=_order)
    complete = _share_metadata(known, ordered)
    table = make_table({name: [row[name] for row in ordered] for name in CORPUS_COLUMNS})
    return AnnotatedCorpus(tuple(complete[key] for key in sorted(complete)), table)


def _as_rows(rows: Sequence[Mapping[str, Any]], report: Report) -> list[Row]:
    """Return rows with all columns of a corpus and no other, as plain values."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    for name in names:
        if name not in CORPUS_COLUMNS:
            report.add("columns left out: they are not part of the annotation table", str(name))
    wanted = dict.fromkeys([name for name in names if name in CORPUS_COLUMNS] + list(PREDICTION_COLUMNS))
    cells = typed_cells({name: [row.get(name) for row in rows] for name in wanted}, len(rows), "The table")
    columns = [cells[name] for name in CORPUS_COLUMNS]
    return [dict(zip(CORPUS_COLUMNS, row, strict=True)) for row in zip(*columns, strict=True)]


def _order(row: Row) -> tuple[Any, ...]:
    place = (row["article_id"] or "", row["start"] or 0, row["end"] or 0)
    return (*place, row["statement_id"], row["annotator"] or "", row["adjudicated"], row["model"] or "")


def _settle_decision(row: Row, report: Report, annotator: str | None) -> str | None:
    """Make verdict, stance and annotator fit together; return what is wrong where they cannot."""
    if row["stance"] is not None and row["stance"] not in STANCES:
        return f"the stance {row['stance']!r} is not one of {', '.join(STANCES)}"
    if row["verdict"] is not None and row["verdict"] not in VERDICTS:
        return f"the verdict {row['verdict']!r} is not one of {', '.join(VERDICTS)}"
    if annotator and row["annotator"] is None and (row["verdict"] or row["stance"]):
        row.update(annotator=annotator, verdict=row["verdict"] or "statement")
    if row["verdict"] == "statement" and row["stance"] is None:
        return "the verdict 'statement' needs a stance"
    if row["verdict"] is None:
        if row["annotator"] or row["decided_at"] or row["adjudicated"]:
            report.add("annotators left out: they decided nothing", name_of(row))
        row.update(annotator=None, decided_at=None, adjudicated=False)
        return None
    if any(row[name] not in (None, []) for name in PREDICTION_COLUMNS):
        report.add("predictions left out: they stand in a row that an annotator decided on", name_of(row))
        row.update({name: [] if name == "flags" else None for name in PREDICTION_COLUMNS})
    if row["verdict"] != "statement" and row["stance"] is not None:
        report.add(f"stances left out: the verdict {row['verdict']!r} has none", name_of(row))
        row["stance"] = None
    if row["annotator"] is None:
        report.add(f"annotators called {UNKNOWN_ANNOTATOR!r}: the file does not say who decided", name_of(row))
        row["annotator"] = UNKNOWN_ANNOTATOR
    return None


def _settle_place(row: Row, articles: Mapping[str, Article]) -> str | None:
    """Fill in sentence or offsets from the article; return what is wrong where they contradict it."""
    if row["article_id"] not in articles:
        return None
    text = articles[row["article_id"]].text
    if row["start"] is None or row["end"] is None:
        row.update(start=None, end=None)
        if row["sentence"] is not None and text.count(row["sentence"]) == 1:
            start = text.index(row["sentence"])
            row.update(start=start, end=start + len(row["sentence"]))
        return None
    if not 0 <= row["start"] < row["end"] <= len(text):
        return "their offsets lie outside the article"
    found = text[row["start"] : row["end"]]
    # An empty cell and one of white space are the same to every table.
    if row["sentence"] is not None and row["sentence"] != found:
        return "their sentence is not what stands at its offsets in the article"
    row["sentence"] = found
    return None


def _share_metadata(articles: Mapping[str, Article], rows: list[Row]) -> dict[str, Article]:
    """Give articles the outlet, date and address that only their rows know, and rows those of their article."""
    complete = dict(articles)
    for row in rows:
        article = complete.get(row["article_id"])
        if article is not None:
            told = {name: row[name] for name in ARTICLE_COLUMNS if getattr(article, name) is None and row[name] is not None}
            complete[article.id] = replace(article, **told)
    for row in rows:
        if row["article_id"] in complete:
            row.update({name: getattr(complete[row["article_id"]], name) for name in ARTICLE_COLUMNS})
    return complete
