"""Adds a statement that the model had missed: the form for it, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stance.errors import InputError
from stance.records import STANCES, Article, Decision
from stance.review import pages
from stance.review.coding import EDITED_COLUMNS, Selected, find_selected, missed_row, read_fields
from stance.review.queue import Filters
from stance.review.session import Session
from stance.review.suggestions import Suggestions, suggest
from stance.text import open_page

# What a missed statement most likely shares with the one that it was missed beside.
_SHARED = ("issue", "sender", "recipient", "location")


@dataclass(frozen=True, slots=True)
class MissedPage:
    """The form for a missed statement; where nothing is selected yet, the ``sentences`` to choose one from, with addresses."""

    statement_id: str
    bar: pages.Bar
    source: pages.Source
    selected: Selected | None
    start: int
    end: int
    sentence: str
    sentences: tuple[tuple[str, str], ...]
    fields: tuple[pages.Field, ...]
    note: str
    suggestions: Suggestions
    back: str
    choose: str
    told: pages.Told | None


def make_page(
    session: Session,
    statement_id: str,
    filters: Filters,
    *,
    selection: tuple[int, int] | None = None,
    typed: Mapping[str, str] | None = None,
    problem: str = "",
) -> MissedPage:
    """Return the form for a statement that had been missed in the article of another.

    Raises
    ------
    InputError
        If the text of the article is not known, or the selection lies outside it.
    UnknownStatementError
        If the statement that it was missed beside is unknown.
    """
    row, article = session.statement(statement_id)
    if article is None or session.adjudicate:
        why = "its article's text is not known; start again with --articles FILE" if article is None else "this is adjudication"
        msg = f"No statement can be added here: {why}."
        raise InputError(msg)
    selected = None if selection is None else find_selected(article.text, *selection)
    told = pages.Told(problem, is_problem=True) if problem else None
    if selected is not None and selected.n_sentences > 1 and told is None:
        told = pages.Told(f"The selection runs over {selected.n_sentences} sentences; a statement is one: here the first.")
    coded = {**{name: row.get(name) for name in _SHARED}, "quote_type": "direct", **(typed or {})}
    choose = pages.make_address("/missed", filters, id=statement_id)
    return MissedPage(
        statement_id=statement_id,
        bar=session.bar(filters),
        source=pages.make_source(row, article),
        selected=selected,
        start=selection[0] if selection else 0,
        end=selection[1] if selection else 0,
        sentence="" if selected is None else article.text[selected.place.start : selected.place.end],
        sentences=() if selected is not None else _sentences(article, filters, statement_id),
        fields=pages.make_fields(coded, coded, session.issue_names(row)),
        note=(typed or {}).get("note", ""),
        suggestions=suggest(article),
        back=pages.make_address("/statement", filters, id=statement_id),
        choose=choose,
        told=told,
    )


def _sentences(article: Article, filters: Filters, statement_id: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (
            pages.make_address("/missed", filters, id=statement_id, start=one.start, end=one.end),
            article.text[one.start : one.end],
        )
        for one in open_page(article.text).sentences
    )


def add(session: Session, form: Mapping[str, str]) -> Decision:
    """Add a statement that had been missed, as the annotator's, with their decision; return that.

    Raises
    ------
    InputError
        If the form cannot be read.
    UnknownStatementError
        If the statement that it was missed beside is unknown.
    """
    beside, article = session.statement(form.get("id", ""))
    if article is None or session.adjudicate or form.get("decision") not in STANCES:
        msg = f"A statement is added with a stance ({', '.join(STANCES)}), and where its article's text is known."
        raise InputError(msg)
    selected = find_selected(article.text, *_offsets(form))
    typed = {name: form.get(name, "") for name in EDITED_COLUMNS}
    coded = read_fields(typed, {}, session.issues, session.issue_names(beside))
    if "speaker" not in coded:
        msg = "Speaker: a statement needs one; write the description if nobody is named (a senior diplomat)."
        raise InputError(msg)
    row = missed_row(article, selected, coded)
    import pandas as pd

    session.store.add_statements(pd.DataFrame([row]), added_by=session.annotator)
    # Where it had been found after all, by the model or another annotator, the decision is one on that statement.
    return session.decide({**form, "id": row["statement_id"]})


def _offsets(form: Mapping[str, str]) -> tuple[int, int]:
    try:
        return int(form["start"]), int(form["end"])
    except (KeyError, ValueError) as error:
        msg = "The form does not tell where the sentence stands."
        raise InputError(msg) from error
