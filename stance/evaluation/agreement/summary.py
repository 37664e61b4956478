"""How far annotators agree: each field, each pair and all together, what they disagree on, and who was upheld."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from stance.errors import InputError
from stance.evaluation.agreement.codings import ADJUDICATED, NO_STATEMENT, STATEMENT, UNSURE, Coding, Codings, read_codings
from stance.evaluation.agreement.coefficients import Coefficient, Floats, Ratings, draw_weights, measure
from stance.evaluation.agreement.disagreements import Disagreement, find_disagreements
from stance.evaluation.agreement.fields import FIELDS, FOUND, Item, ask_field, ask_sentence, ask_statement, rate
from stance.evaluation.agreement.units import Unit, find_units
from stance.evaluation.resampling import ROUNDS
from stance.records import STANCES
from stance.text import open_page

if TYPE_CHECKING:
    import pandas as pd

_FEW_ARTICLES = 20
_UNDEFINED = Coefficient(None)


@dataclass(frozen=True, slots=True)
class Annotator:
    """How much an annotator has done; ``from_list`` says that they have rejected a statement or were unsure of one."""

    name: str
    n_articles: int
    n_statements: int
    n_rejected: int
    n_unsure: int
    from_list: bool


@dataclass(frozen=True, slots=True)
class FieldAgreement:
    """The figures of one field; ``note`` says why a figure is None. ``f1`` is only of whether there is a statement."""

    n: int
    percent: Coefficient
    kappa: Coefficient
    alpha: Coefficient
    f1: Coefficient
    note: str


@dataclass(frozen=True, slots=True)
class Confusion:
    """``counts[i][j]``: the first annotator said label i where the second said j, of stances and of no or unsure statements."""

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """How far some annotators agree, by field; ``n_articles`` is how many at least two of them have seen.

    ``confusion`` is None for more than two.
    """

    annotators: tuple[str, ...]
    n_articles: int
    fields: Mapping[str, FieldAgreement]
    confusion: Confusion | None

    @property
    def empty(self) -> bool:
        """Whether they have nothing in common."""
        return not any(one.n for one in self.fields.values())


@dataclass(frozen=True, slots=True)
class Upheld:
    """How often an annotator said what was decided later: by field, how many times of how many."""

    annotator: str
    fields: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far annotators agree: ``pairs``, and all ``together`` (None for two); ``upheld`` tells of adjudicated statements."""

    annotators: tuple[Annotator, ...]
    pairs: tuple[Comparison, ...]
    together: Comparison | None
    n_adjudicated: int
    upheld: tuple[Upheld, ...]
    disagreements: tuple[Disagreement, ...]
    notes: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain values for JSON; of the disagreements how many there are of each field."""
        return {**asdict(self), "disagreements": dict(Counter(one.field for one in self.disagreements))}

    def disagreement_table(self) -> pd.DataFrame:
        """Return the disagreements as a table, one row a statement, field and pair of annotators; the gravest first."""
        import pandas as pd

        return pd.DataFrame([asdict(one) for one in self.disagreements], columns=list(Disagreement.__dataclass_fields__))


def summarize_agreement(
    annotations: pd.DataFrame,
    *,
    texts: Mapping[str, str] | None = None,
    issues: Collection[str] = (),
    random_state: int = 0,
    rounds: int = ROUNDS,
) -> Agreement:
    """Return how far the annotators of an annotation table agree, with 95 % intervals from resampling articles.

    With ``texts`` (article id -> text) also over all sentences of the articles that two annotators have seen, which they must
    have read whole. ``issues`` keeps the statements that somebody coded as one of these. An annotator has seen an article who has
    decided on anything in it. Adjudicated rows are nobody's coding and are told of apart.

    Raises
    ------
    InputError
        If a column is missing, or no two annotators have anything in common.
    """
    codings = read_codings(annotations)
    _require_two(codings)
    units = [unit for unit in find_units(_shared(codings), codings.from_lists) if not issues or _is_on(unit, issues)]
    sentences, unread = _cut(codings, texts, issues)
    items = {field: list(ask_field(units, field)) for field in FIELDS if field not in FOUND}
    found = {"statement": list(ask_statement(units, codings)), "sentence": list(ask_sentence(*sentences))}
    items = {**found, **items}
    places = sorted({place for seen in codings.seen.values() for place in seen} | {unit.place for unit in units})
    rated = {field: rate(asked, field, codings.annotators, places) for field, asked in items.items() if asked}
    figures = partial(_compare, rated=rated, codings=codings, places=places, random_state=random_state, rounds=rounds)
    pairs = tuple(replace(figures(pair), confusion=_confuse(*pair, items, units)) for pair in combinations(codings.annotators, 2))
    if all(pair.empty for pair in pairs):
        names = ", ".join(codings.annotators)
        on = f" on {', '.join(issues)}" if issues else ""
        msg = f"No two of the annotators ({names}) have decided on the same statement{on}, or seen the same article."
        raise InputError(msg)
    together = figures(codings.annotators) if len(pairs) > 1 else None
    return Agreement(
        annotators=tuple(_count(name, codings) for name in codings.annotators),
        pairs=pairs,
        together=together,
        n_adjudicated=sum(ADJUDICATED in unit.codings for unit in units),
        upheld=_find_upheld(items, codings.annotators),
        disagreements=tuple(find_disagreements(items)),
        notes=(*codings.notes, *unread, *_find_weaknesses(items["statement"], codings, pairs)),
    )


def _require_two(codings: Codings) -> None:
    if len(codings.annotators) < 2:
        name = next(iter(codings.annotators), None)
        found = f"only {name!r}" if name else "nobody, but for adjudicated decisions and rows left out"
        msg = (
            f"Agreement needs two annotators of the same articles; the annotations are by {found}. Have a second one annotate, "
            "or name the second one's file as well."
        )
        raise InputError(msg)


def _shared(codings: Codings) -> list[Coding]:
    """Return the codings of what two annotators have seen, or an adjudicator has."""
    settled = {row.place for row in codings.rows if row.coder == ADJUDICATED}
    times_seen = codings.count_seen()
    return [row for row in codings.rows if times_seen[row.place] > 1 or row.place in settled]


def _is_on(unit: Unit, issues: Collection[str]) -> bool:
    return any(one.issue in issues for one in unit.codings.values())


def _cut(
    codings: Codings, texts: Mapping[str, str] | None, issues: Collection[str]
) -> tuple[tuple[dict[str, Any], Codings], list[str]]:
    """Return the sentences of the articles that two have seen, with the codings that count, and which articles were not given."""
    if texts is None:
        return ({}, codings), []
    wanted = sorted(place for place, times in codings.count_seen().items() if times > 1)
    by_place = {f"article_id {name}": text for name, text in texts.items()}
    cut = {place: [one.span for one in open_page(by_place[place]).sentences] for place in wanted if place in by_place}
    kept = tuple(row for row in codings.rows if not issues or row.issue in issues)
    lacking = len(wanted) - len(cut)
    notes = [f"{lacking} of the {len(wanted)} articles that two have seen were not given: their sentences are not counted"]
    return (cut, replace(codings, rows=kept)), notes if lacking else []


def _compare(
    names: Sequence[str], rated: Mapping[str, Ratings], codings: Codings, places: Sequence[str], random_state: int, rounds: int
) -> Comparison:
    seen = Counter(place for name in names for place in codings.seen[name])
    shared = np.array([i for i, place in enumerate(places) if seen[place] > 1], dtype=np.int64)
    columns = [codings.annotators.index(name) for name in names]
    # The same draws for every field.
    weights = draw_weights(len(shared), rounds, random_state)
    rejected = any(row.verdict == NO_STATEMENT and row.coder in names for row in codings.rows)
    fields = {field: _measure(field, one.of(columns, shared), weights, rejected=rejected) for field, one in rated.items()}
    return Comparison(tuple(names), len(shared), fields, None)


def _measure(field: str, ratings: Ratings, weights: Floats, *, rejected: bool) -> FieldAgreement:
    if not len(ratings.codes):
        return FieldAgreement(0, _UNDEFINED, _UNDEFINED, _UNDEFINED, _UNDEFINED, "nothing in common")
    found = measure(ratings, weights)
    kappa, alpha, note = found.kappa, found.alpha, ""
    if field == "statement" and not rejected:
        # All that was coded was found by somebody: by the figures alone, chance would seem to do better than the annotators.
        kappa = alpha = _UNDEFINED
        note = "nothing was rejected, so chance is not known"
    elif found.one_value:
        note = "all gave the same value: no chance to disagree"
    elif found.n_articles < 2:
        note = "one article: no interval"
    return FieldAgreement(found.n, found.percent, kappa, alpha, found.f1 if field in FOUND else _UNDEFINED, note)


def _confuse(first: str, second: str, items: Mapping[str, Sequence[Item]], units: Sequence[Unit]) -> Confusion:
    counts = Counter((item.values[first], item.values[second]) for item in items["stance"] if {first, second} <= set(item.values))
    for unit, item in zip(units, items["statement"], strict=True):
        said = [_say(unit, item, name) for name in (first, second)]
        if all(said) and not set(said) <= set(STANCES):
            counts[said[0], said[1]] += 1
    labels = tuple(label for label in (*STANCES, NO_STATEMENT, UNSURE) if label in STANCES or any(label in key for key in counts))
    return Confusion(labels, tuple(tuple(counts[one, other] for other in labels) for one in labels))


def _say(unit: Unit, item: Item, name: str) -> str:
    coding = unit.codings.get(name)
    if coding is None:
        return NO_STATEMENT if name in item.values else ""
    return coding.stance if coding.verdict == STATEMENT else coding.verdict


def _count(name: str, codings: Codings) -> Annotator:
    verdicts = Counter(row.verdict for row in codings.rows if row.coder == name)
    counts = (verdicts[STATEMENT], verdicts[NO_STATEMENT], verdicts[UNSURE])
    return Annotator(name, len(codings.seen[name]), *counts, from_list=name in codings.from_lists)


def _find_upheld(items: Mapping[str, Sequence[Item]], names: Sequence[str]) -> tuple[Upheld, ...]:
    settled = {field: [item.values for item in asked if ADJUDICATED in item.values] for field, asked in items.items()}
    if not any(settled.values()):
        return ()
    found = []
    for name in names:
        alike = {field: [one[name] == one[ADJUDICATED] for one in values if name in one] for field, values in settled.items()}
        found.append(Upheld(name, {field: (sum(same), len(same)) for field, same in alike.items() if field != "sentence"}))
    return tuple(found)


def _find_weaknesses(statements: Sequence[Item], codings: Codings, pairs: Sequence[Comparison]) -> list[str]:
    """Return what a reader should know before trusting the figures, in words."""
    times_seen = codings.count_seen()
    found = []
    if alone := sum(times == 1 for times in times_seen.values()):
        found.append(f"{alone} of {len(times_seen)} articles were seen by one annotator alone and are not compared")
    said = [set(item.values) | set(item.unit.codings if item.unit else ()) for item in statements if times_seen[item.place] > 1]
    if open_ones := sum(len(coders - {ADJUDICATED}) == 1 for coders in said):
        found.append(f"{open_ones} statements of other articles were decided on by one annotator alone and are not compared")
    if homeless := sum(not row.article_id for row in codings.rows):
        found.append(f"{homeless} rows have no article_id: each sentence counts as an article, so intervals may be too narrow")
    few = min(pair.n_articles for pair in pairs if not pair.empty)
    if few < _FEW_ARTICLES:
        worth = f"only {few} articles in common: the intervals are rough" if few > 1 else "one article in common: no intervals"
        found.append(worth)
    return found
