"""One annotator's review of a store: what each page holds and what each decision does, whatever carries it to and fro."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from stance.errors import InputError, StanceError
from stance.files.store import AnnotationStore
from stance.records import Article, Decision
from stance.review import pages
from stance.review.chances import make_label
from stance.review.coding import read_decision
from stance.review.disagreement import find_disagreements
from stance.review.progress import Progress, measure
from stance.review.queue import NO_FILTERS, Filters, Item, Queue, Selection, as_item
from stance.review.spans import cut_passage, find_highlights, find_place
from stance.review.suggestions import suggest
from stance.review.why import Explainer
from stance.targets.mentions import Issue


class UnknownStatementError(StanceError):
    """There is no such statement, or it is not shown to this annotator."""


class Session:
    """A review by one annotator; it keeps nothing but the order, so that other tabs and processes may go on beside it."""

    def __init__(
        self,
        store: AnnotationStore,
        items: tuple[Item, ...],
        explainer: Explainer,
        *,
        annotator: str,
        filters: Filters = NO_FILTERS,
        show_others: bool = False,
        adjudicate: bool = False,
    ) -> None:
        self.store, self.annotator, self.adjudicate = store, annotator, adjudicate
        self._explainer = explainer
        self._shows_others = show_others or adjudicate
        admitted = [item for item in items if filters.admits(item)]
        if adjudicate:
            table = store.annotations()
            known = {item.statement_id: item for item in admitted}
            added = [as_item(store.statement(one) or {"statement_id": one}) for one in store.added()]
            known |= {item.statement_id: item for item in added if filters.admits(item)}
            rows = [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]
            admitted = [known[one] for one in find_disagreements(rows) if one in known]
        self._queue = Queue(admitted)

    def selection(self, filters: Filters, decisions: list[Decision] | None = None) -> Selection:
        """Return the statements shown: those of the queue, then those that were added and may be seen."""
        if self.adjudicate:
            return self._queue.select(filters)
        decided = {one.statement_id for one in self._own(decisions)}
        known = self.store.added().items()
        seen = [one for one, by in known if self._shows_others or (one in decided)]
        more = [as_item(self.store.statement(one) or {"statement_id": one}) for one in seen]
        return self._queue.select(filters, tuple(item for item in more if filters.admits(item)))

    def _own(self, decisions: list[Decision] | None = None) -> list[Decision]:
        """Return what counts as decided: the annotator's own decisions; in adjudication whatever is settled, by whomever."""
        found = self.store.decisions() if decisions is None else decisions
        if self.adjudicate:
            return [one for one in found if one.adjudicated]
        return [one for one in found if one.annotator == self.annotator and not one.adjudicated]

    def next_open(self, filters: Filters, after: str | None = None) -> str | None:
        """Return the next undecided statement; None if there is none left."""
        decisions = self.store.decisions()
        decided = {one.statement_id for one in self._own(decisions)}
        return self.selection(filters, decisions).next_open(decided, after)

    def progress(self, filters: Filters = NO_FILTERS) -> Progress:
        """Return how far the annotator has come."""
        decisions = self.store.decisions()
        return measure(self.selection(filters, decisions), self._own(decisions))

    def bar(self, filters: Filters, progress: Progress | None = None) -> pages.Bar:
        """Return the bar at the top of every page."""
        return pages.make_bar(
            progress or self.progress(filters),
            filters,
            self._queue.values,
            annotator=self.annotator,
            is_adjudication=self.adjudicate,
        )

    def statement(self, statement_id: str) -> tuple[dict[str, Any], Article | None]:
        """Return a statement and its article, where its text is known.

        Raises
        ------
        UnknownStatementError
            If there is none of that id, or another annotator added it and is not to be seen.
        """
        row = self.store.statement(statement_id)
        hidden = row is not None and not self._shows_others and self._is_hidden(statement_id)
        if row is None or hidden:
            msg = "There is no such statement in this review."
            raise UnknownStatementError(msg)
        return row, self.store.article(str(row["article_id"])) if row.get("article_id") is not None else None

    def _is_hidden(self, statement_id: str) -> bool:
        by = self.store.added().get(statement_id, self.annotator)
        return by != self.annotator and not any(one.annotator == self.annotator for one in self.store.decisions(statement_id))

    def page(
        self,
        statement_id: str,
        filters: Filters,
        *,
        told: pages.Told | None = None,
        typed: Mapping[str, str] | None = None,
    ) -> pages.StatementPage:
        """Return the page of a statement; ``typed`` is a form that could not be recorded, so that nothing typed is lost."""
        row, article = self.statement(statement_id)
        everything = self.store.decisions()
        selection = self.selection(filters, everything)
        progress = measure(selection, self._own(everything))
        here = [one for one in everything if one.statement_id == statement_id]
        own = next(
            (one for one in reversed(here) if one.annotator == self.annotator and one.adjudicated == self.adjudicate), None
        )
        others = sorted(
            (one for one in here if not one.adjudicated and (self.adjudicate or one.annotator != self.annotator)), key=_name_of
        )
        coded = {**row, **(own.fields if own else {}), **(typed or {})}
        text = article.text if article is not None else ""
        place = find_place(row, text)
        if place is None:
            text = str(row.get("sentence") or "")
            place = find_place({**row, "start": 0, "end": len(text)}, text)
        located = article is not None and text is article.text
        marks = find_highlights(row, text, place, self.issues) if place else []
        passage = cut_passage(text, place, marks)
        why = self._explainer.explain(row, article if located else None, place)
        fields = pages.make_fields(row, coded, self.issue_names(row))
        item = selection.places.get(statement_id)
        reason = selection.items[item].reason if item is not None else ""
        return pages.StatementPage(
            statement_id=statement_id,
            where=self._where(item, len(selection.items), reason),
            bar=self.bar(filters, progress),
            source=pages.make_source(row, article),
            passage=passage,
            kinds=pages.kinds_in(passage),
            is_located=located,
            has_article=article is not None,
            label=make_label(row, why, is_ready=self._explainer.is_ready(), problem=self._explainer.problem),
            summary=pages.make_summary({**row, **(own.fields if own else {})}),
            fields=fields,
            is_edited=typed is not None or any(one.model_value is not None for one in fields),
            chosen=(own.stance or own.verdict) if own else "",
            decided=pages.describe(own) if own else "",
            note=(typed or {}).get("note", own.note if own else ""),
            others=pages.compare(row, others) if self._shows_others else None,
            suggestions=suggest(article),
            previous=self._address(selection.step(statement_id, -1), filters),
            next=self._address(selection.step(statement_id, 1), filters),
            missed=pages.make_address("/missed", filters, id=statement_id) if article and not self.adjudicate else None,
            told=told,
        )

    def _where(self, place: int | None, total: int, reason: str) -> str:
        if place is None:
            return "not among the statements shown"
        words = "annotators disagree" if self.adjudicate else pages.REASON_WORDS[reason]
        return f"{place + 1} of {total}, {words}"

    @staticmethod
    def _address(statement_id: str | None, filters: Filters) -> str | None:
        return None if statement_id is None else pages.make_address("/statement", filters, id=statement_id)

    @property
    def issues(self) -> tuple[Issue, ...]:
        """The issues whose definitions are known."""
        return self._explainer.issues

    def issue_names(self, row: Mapping[str, Any]) -> list[str]:
        """Return the issues that may be chosen: those of the model and those of the statements."""
        own = [row["issue"]] if row.get("issue") else []
        return list(dict.fromkeys([*(issue.name for issue in self.issues), *self._queue.values["issue"], *own]))

    def decide(self, form: Mapping[str, str]) -> Decision:
        """Record what a form decides of a statement and return it; it is on disk then. What is decided already is not again.

        Raises
        ------
        InputError
            If the form cannot be read.
        UnknownStatementError
            If the statement is unknown.
        """
        row, _ = self.statement(form.get("id", ""))
        here = self.store.decisions(str(row["statement_id"]))
        if self.adjudicate and form.get("take"):
            chosen = next((one for one in here if one.annotator == form["take"] and not one.adjudicated), None)
            if chosen is None:
                msg = f"{form['take']!r} has decided nothing of this statement."
                raise InputError(msg)
            made = replace(chosen, annotator=self.annotator, adjudicated=True, decided_at="")
        else:
            made = read_decision(
                form,
                row,
                annotator=self.annotator,
                issues=self.issues,
                names=self.issue_names(row),
                adjudicated=self.adjudicate,
            )
        if not any(replace(one, decided_at="") == made for one in here):
            self.store.decide([made])
        return made

    def undo(self) -> Decision | None:
        """Take back the annotator's latest decision and return it; None if there is none."""
        return self.store.undo(self.annotator, adjudicated=self.adjudicate)


def _name_of(decision: Decision) -> str:
    return decision.annotator
