"""Says of a row of the annotation table what other tools call its label, and what goes beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stance.files.formats.corpus import ARTICLE_COLUMNS, CORPUS_COLUMNS
from stance.records import STANCES, Article

UNDECIDED = "undecided"
# What a span can be labelled with in another tool: a stance, or why it has none.
SPAN_LABELS = (*STANCES, "no_statement", "unsure", UNDECIDED)
_PLACE = ("article_id", "start", "end", "sentence")
_TOLD_BY_LABEL = ("stance", "verdict")
# Columns that may go beside a span.
DETAIL_COLUMNS = tuple(name for name in CORPUS_COLUMNS if name not in (*_PLACE, *_TOLD_BY_LABEL, *ARTICLE_COLUMNS))


def label_of(row: Mapping[str, Any]) -> str:
    """Return the label of a row's span: its stance, or ``no_statement``, ``unsure`` or ``undecided``.

    >>> label_of({"verdict": None, "stance": "oppose"}), label_of({"verdict": "unsure", "stance": None})
    ('oppose', 'unsure')
    """
    return str(row["verdict"] if row["verdict"] in ("no_statement", "unsure") else row["stance"] or UNDECIDED)


def read_label(label: str, *, decided: bool) -> dict[str, str | None] | None:
    """Return verdict and stance that a label stands for, or None where it stands for neither.

    >>> read_label("Support", decided=True)
    {'verdict': 'statement', 'stance': 'support'}
    >>> read_label("PERSON", decided=True)
    """
    name = label.strip().lower().replace(" ", "_")
    if name in STANCES:
        return {"verdict": "statement" if decided else None, "stance": name}
    if name not in SPAN_LABELS:
        return None
    return {"verdict": name if decided and name != UNDECIDED else None, "stance": None}


def details_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a row says beyond place and label, without what is absent."""
    return {name: row[name] for name in DETAIL_COLUMNS if row[name] not in (None, [], False)}


def as_cells(details: Mapping[str, Any]) -> dict[str, str]:
    """Return details as text, for formats whose values are nothing else; lists joined by ``;``."""
    return {name: _as_cell(value) for name, value in details.items()}


def _as_cell(value: Any) -> str:
    if isinstance(value, list):
        return ";".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def known_details(values: Any) -> dict[str, Any]:
    """Return those of some values that are columns of the corpus, under any capitals; nothing where these are no pairs."""
    if not isinstance(values, Mapping):
        return {}
    return {str(name).lower(): value for name, value in values.items() if str(name).lower() in CORPUS_COLUMNS}


def article_details(article: Article) -> dict[str, str]:
    """Return what is known of an article beside its text."""
    told = {"article_id": article.id, "title": article.title, **{name: getattr(article, name) for name in ARTICLE_COLUMNS}}
    return {name: value for name, value in told.items() if value is not None}


def read_article(text: str, details: Any, fallback: str) -> Article:
    """Return an article from its text and what stands beside it; ``fallback`` is its id if none is given."""
    found = details if isinstance(details, Mapping) else {}
    told = {name: str(found[name]) if found.get(name) not in (None, "") else None for name in ("title", *ARTICLE_COLUMNS)}
    return Article(str(found.get("article_id") or fallback), text, **told)
