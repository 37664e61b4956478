"""A user's annotations and the base in; a new model, and whether it may take the place of the old one, out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
from stance.training.merging import HELD_OUT_SHARE, Base, divide, join, pick
from stance.training.settling import Settled

# As heavy as the base: on 1,125 statements of real news, by article in five folds, weights of 1, 2, 4 and 8 are not told apart
# (macro-F1 0.721, 0.721, 0.723, 0.721 with 900 of them, 0.725, 0.726, 0.722, 0.725 with 100; without counted news 0.699, 0.694,
# 0.695, 0.699 and 0.700, 0.696, 0.699, 0.699). (2026-11)
WEIGHT = 1.0


@dataclass(frozen=True, slots=True)
class Retraining:
    """A new model with its card, and the gate it has or has not passed; ``notes`` say what was left out."""

    model: StanceClassifier
    card: dict[str, Any]
    gate: Gate
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
    """Fit a model on the base and a user's settled annotations, and tell whether it is worse than the old one.

    ``settled`` comes from ``settle``; each of its statements counts ``weight`` times as much as one of the base. Held out are the
    test articles of the base and one in four of the user's articles, always the same, or the statements of ``held_out``. Two
    models are fitted without them and compared on them: one on what the old model has learned from, one with the user's
    statements of today. The model returned has learned from the test articles of the base as well (without them macro-F1 is
    0.714 instead of 0.726 on 1,125 statements of real news), and never from the user's held-out statements. All have the settings
    of the old one. ``tell`` is told what is being done.

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
    n_yours, n_held_yours, n_all = divided.n_yours, divided.n_held_yours, len(divided.known.rows) + len(divided.held.rows)
    tell(f"Reading {n_all} statements, {n_yours} of yours to learn from and {n_held_yours} of yours held out …")
    estimator: StanceClassifier = clone(old)
    known, held = (replace(one, rows=list(prepare(one.rows, estimator.issues))) for one in (divided.known, divided.held))
    own_weights = [weight] * n_yours
    learned_before = _weigh_earlier(known, n_yours, earlier)
    tell(f"Fitting on what the old model, {old_card['name']}, learned from, without the {len(held.rows)} held out …")
    before = _fit(old, known, [*learned_before, *_ones(len(known.rows) - n_yours)], base)
    tell(f"Fitting with the {n_yours} statements of yours …")
    after = _fit(old, known, [*own_weights, *_ones(len(known.rows) - n_yours)], base)
    gate = open_gate(
        held.labels,
        *([str(label) for label in model.predict(held.rows)] for model in (before, after)),
        issues=held.issues,
        sources=[YOURS] * n_held_yours + [BASE] * (len(held.rows) - n_held_yours),
        units=divided.held_units,
        wanted=set(known.issues[:n_yours]),
        random_state=random_state,
    )
    whole = join(known, pick(held, range(n_held_yours, len(held.rows))))
    tell(f"Fitting the model to write on {len(whole.rows)} statements{' and the counted news' if base.counts else ''} …")
    weights = [*own_weights, *_ones(len(whole.rows) - n_yours)]
    result = train(whole, model=estimator, name=name, counts=base.counts, weights=weights, curve=False, random_state=random_state)
    record = {
        "old": {"name": old_card["name"], "sha256": old_card["file"]["sha256"], "of_yours": sum(map(bool, learned_before))},
        "base": {"sha256": base_hash},
        "annotations": {
            "annotators": dict(settled.annotators),
            "settled": len(settled.table),
            "adjudicated": settled.n_adjudicated,
            "weight": weight,
            "learned_from": [str(row["statement_id"]) for row in known.rows[:n_yours]],
            "left_out": list(divided.notes),
        },
        "held_out": {
            "rule": f"{HELD_OUT_SHARE:g} of your articles, by a hash of the id" if held_out is None else "statements given",
            "your_articles": sorted(set(held.groups[:n_held_yours])),
            "your_statements": n_held_yours,
            "base_statements": len(held.rows) - n_held_yours,
        },
        "compared": "two models fitted without the held-out statements; the one written has learned from those of the base",
        "gate": gate.as_dict(),
    }
    return Retraining(result.model, {**result.card, "retraining": record}, gate, divided.notes)


def _find_earlier(card: Mapping[str, Any], base_hash: str) -> Mapping[str, Any]:
    """Return what the old model has learned of the user's: nothing, if it has learned from the base alone.

    Raises
    ------
    InputError
        If it has not learned from this base: then nothing can be fitted again without the held-out statements.
    """
    record = card.get("retraining")
    known = record["base"]["sha256"] if record else card.get("trained_on", {}).get("sha256")
    if known == base_hash:
        return dict(record["annotations"]) if record else {"learned_from": [], "weight": 1.0}
    msg = (
        f"The old model, {card.get('name')}, was not trained on this base, so it cannot be compared with fairly: it may have "
        "learned from held-out statements. Give its base with --base, or begin with the model that comes with stance "
        "(--model default)."
    )
    raise InputError(msg)


def _weigh_earlier(known: Annotations, n_yours: int, earlier: Mapping[str, Any]) -> list[float]:
    """Return how much the old model has learned from each of the user's statements (n_yours,); 0 from those it did not know."""
    before = set(earlier["learned_from"])
    return [float(earlier["weight"]) if row["statement_id"] in before else 0.0 for row in known.rows[:n_yours]]


def _ones(n_rows: int) -> list[float]:
    return [1.0] * n_rows


def _fit(old: StanceClassifier, known: Annotations, weights: Sequence[float], base: Base) -> StanceClassifier:
    """Return a model fitted on the statements that weigh anything, and on the counted ones.

    It has the second look of the old one: half a dozen numbers, which take five further fits to learn.
    """
    more_rows, more_labels = open_counts(base.counts) if base.counts is not None else ([], [])
    own = pick(known, [i for i, weight in enumerate(weights) if weight])
    kept = [*(weight for weight in weights if weight), *_ones(len(more_rows))]
    plain: StanceClassifier = clone(old).set_params(calibrate=False)
    plain.fit([*own.rows, *more_rows], [*own.labels, *more_labels], sample_weight=kept)
    plain.looks_ = dict(old.looks_)
    return plain
