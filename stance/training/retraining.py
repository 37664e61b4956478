"""A user's annotations and the base in; a new model, and whether it may take the place of the old one, out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sklearn.base import clone
from threadpoolctl import threadpool_limits

from stance.errors import InputError
from stance.features import prepare
from stance.model import StanceClassifier
from stance.training.annotations import Annotations, data_hash, read_annotations
from stance.training.counts import open_counts
from stance.training.fitting import train
from stance.training.gate import BASE, YOURS, Gate, open_gate
from stance.training.merging import HELD_OUT_SHARE, Base, Divided, divide, pick
from stance.training.settling import Settled

# As heavy as the base: on 1,125 statements of real news, by article in five folds, weights of 1, 2, 4 and 8 are not told apart
# (macro-F1 0.721, 0.721, 0.723, 0.721 with 900 of them, 0.725, 0.726, 0.722, 0.725 with 100; without counted news 0.699, 0.694,
# 0.695, 0.699 and 0.700, 0.696, 0.699, 0.699). (2026-11)
WEIGHT = 1.0


@dataclass(frozen=True, slots=True)
class Retraining:
    """A new model with its card, and the gate it has or has not passed.

    The model was compared as it is: it has not learned from the held-out statements. ``refitted`` tells whether the old one was
    fitted again without them, because it had. ``notes`` say what was left out.
    """

    model: StanceClassifier
    card: dict[str, Any]
    gate: Gate
    refitted: bool
    notes: tuple[str, ...]


@threadpool_limits.wrap(limits=1)  # type: ignore[untyped-decorator]
def retrain(
    settled: Settled,
    base: Base,
    old: StanceClassifier,
    old_card: Mapping[str, Any],
    *,
    weight: float = WEIGHT,
    held_out: Annotations | None = None,
    name: str = "mine",
    random_state: int = 0,
    tell: Callable[[str], None] = lambda _: None,
) -> Retraining:
    """Fit a model on the base and a user's settled annotations, and compare it with the old one on what neither has learned from.

    ``settled`` comes from ``settle``; each of its statements counts ``weight`` times as much as one of the base. Held out are the
    test articles of the base and one in four of the user's articles, always the same, or the statements of ``held_out``. The new
    model has the settings of the old one. ``tell`` is told what is being done.

    Raises
    ------
    GateError
        If there is nothing to learn from or to compare on.
    InputError
        If the weight is not above 0, or the old model has learned from neither this base nor, by this function, from more.
    """
    if not 0 < weight < float("inf"):
        msg = f"The weight of your statements must be above 0; found {weight}."
        raise InputError(msg)
    base_hash = data_hash(read_annotations(base.table))
    earlier = _find_earlier(old_card, base_hash)
    divided = divide(settled, base, held_out=held_out)
    if earlier is not None:
        divided = _leave_out(divided, frozenset(earlier["articles"]))
    tell(f"Reading {len(divided.known.rows) + len(divided.held.rows)} statements, {divided.n_yours} of yours to learn from …")
    estimator = clone(old)
    known, held = (replace(one, rows=list(prepare(one.rows, estimator.issues))) for one in (divided.known, divided.held))
    if earlier is None:
        tell(f"Fitting the old model, {old_card['name']}, again without the {len(held.rows)} held-out statements …")
        compared = _refit(estimator, known, divided.n_yours, base)
    else:
        compared = old
    tell(f"Fitting the new model on {len(known.rows)} statements" + (" and the counted news …" if base.counts else " …"))
    weights = [weight] * divided.n_yours + [1.0] * (len(known.rows) - divided.n_yours)
    result = train(known, model=estimator, name=name, counts=base.counts, weights=weights, curve=False, random_state=random_state)
    tell(f"Comparing the two on {len(held.rows)} statements …")
    gate = open_gate(
        held.labels,
        *([str(label) for label in model.predict(held.rows)] for model in (compared, result.model)),
        issues=held.issues,
        sources=[YOURS] * divided.n_held_yours + [BASE] * (len(held.rows) - divided.n_held_yours),
        units=divided.held_units,
        wanted=set(known.issues[: divided.n_yours]),
        random_state=random_state,
    )
    record = {
        "old": {
            "name": old_card["name"],
            "sha256": old_card["file"]["sha256"],
            "compared": "as it is" if earlier is not None else "fitted again without the held-out statements",
        },
        "base": {"sha256": base_hash},
        "annotations": {
            "annotators": dict(settled.annotators),
            "settled": len(settled.table),
            "adjudicated": settled.n_adjudicated,
            "learned_from": divided.n_yours,
            "weight": weight,
            "left_out": list(divided.notes),
            "articles": list(divided.articles),
        },
        "held_out": {
            "rule": f"{HELD_OUT_SHARE:g} of your articles, by a hash of the id" if held_out is None else "statements given",
            "your_articles": sorted(set(divided.held.groups[: divided.n_held_yours])),
            "your_statements": divided.n_held_yours,
            "base_statements": len(divided.held.rows) - divided.n_held_yours,
        },
        "gate": gate.as_dict(),
    }
    return Retraining(result.model, {**result.card, "retraining": record}, gate, earlier is None, divided.notes)


def _find_earlier(card: Mapping[str, Any], base_hash: str) -> Mapping[str, Any] | None:
    """Return what a model of an earlier round has learned of the user's; None for one that has learned from the whole base.

    Raises
    ------
    InputError
        If neither is so: then nobody can say which held-out statements it has seen.
    """
    record = card.get("retraining")
    if record and record["base"]["sha256"] == base_hash:
        return dict(record["annotations"])
    if not record and card.get("trained_on", {}).get("sha256") == base_hash:
        return None
    msg = (
        f"The old model, {card.get('name')}, was not trained on this base, so nobody can say which held-out statements it has "
        "learned from. Give the base it was trained on with --base, or begin with the model that comes with stance (--model)."
    )
    raise InputError(msg)


def _leave_out(divided: Divided, seen: frozenset[str]) -> Divided:
    """Return the division without held-out statements of articles that the old model has learned from."""
    kept = [i for i, group in enumerate(divided.held.groups) if group not in seen]
    n_left_out = len(divided.held.rows) - len(kept)
    if not n_left_out:
        return divided
    return replace(
        divided,
        held=pick(divided.held, kept),
        n_held_yours=sum(i < divided.n_held_yours for i in kept),
        held_units=tuple(divided.held_units[i] for i in kept),
        notes=(*divided.notes, f"{n_left_out} held-out ones of articles that the old model has learned from"),
    )


def _refit(estimator: StanceClassifier, known: Annotations, n_yours: int, base: Base) -> StanceClassifier:
    more_rows, more_labels = open_counts(base.counts) if base.counts is not None else ([], [])
    plain: StanceClassifier = clone(estimator)
    return plain.fit([*known.rows[n_yours:], *more_rows], [*known.labels[n_yours:], *more_labels])
