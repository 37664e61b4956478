"""What a model is trained again on, what it is compared on, and what its card tells of it."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from stance.errors import GateError, InputError
from stance.model import StanceClassifier
from stance.training import file_entry, train
from stance.training.annotations import read_annotations
from stance.training.merging import Base, Divided, divide, is_held_out
from stance.training.retraining import Retraining, retrain
from stance.training.settling import Settled, settle

VERBS = {
    "support": ("applauded", "lauded", "pressed for", "embraced"),
    "oppose": ("derided", "spurned", "cursed", "mocked"),
    "neutral": ("mentioned", "summed up", "filed away", "leafed through"),
}
TARGETS = {"sanctions": "the export ban", "ceasefire": "the armistice", "peace_process": "the mediation"}
PEOPLE = ("Tove Ramm", "Gil Orsova", "Ada Lenk", "Rui Salgado", "Nell Carrick")


@pytest.fixture
def base(annotations: pd.DataFrame) -> Base:
    """Twelve articles, six of them held out, two on each issue."""
    table = annotations.assign(statement_id=[f"base-{i}" for i in range(len(annotations))])
    return Base(table, frozenset(f"article-{i}" for i in range(6)))


@pytest.fixture
def old(base: Base) -> tuple[StanceClassifier, dict[str, Any]]:
    """A model that has learned from the whole base, and its card."""
    done = train(read_annotations(base.table), curve=False, name="old")
    return done.model, {**done.card, "file": file_entry("old.joblib", b"")}


def make_decisions(n_articles: int = 12, **changes: Any) -> pd.DataFrame:
    """Return three decisions of one annotator on each article; one in three articles is held out."""
    verbs = [(stance, verb) for stance, found in VERBS.items() for verb in found]
    rows = []
    for number, ((stance, verb), (issue, words)) in enumerate(itertools.product(verbs, TARGETS.items())):
        person = PEOPLE[number % 5]
        row = {"statement_id": f"mine-{number}", "article_id": f"note-{number % n_articles}", "speaker": person, "issue": issue}
        row |= {"sentence": f"{person} {verb} {words}.", "stance": stance, "annotator": "ana", "verdict": "statement"}
        rows.append({**row, **changes})
    return pd.DataFrame(rows)


def decide(**changes: Any) -> Settled:
    return settle(make_decisions(**changes))


def learned_articles(divided: Divided) -> set[str]:
    return set(divided.known.groups[: divided.n_yours])


def test_the_articles_used_here_fall_on_both_sides() -> None:
    assert 2 <= sum(is_held_out(f"note-{i}") for i in range(12)) <= 6


def test_about_one_article_in_four_is_held_out_and_always_the_same() -> None:
    held = [is_held_out(f"article {i}") for i in range(4000)]
    assert 0.22 < sum(held) / 4000 < 0.28
    assert held == [is_held_out(f"article {i}") for i in range(4000)]


def test_no_article_is_both_learned_from_and_held_out(base: Base) -> None:
    divided = divide(decide(), base)
    assert not set(divided.known.groups) & set(divided.held.groups)
    assert len(divided.known.rows) + len(divided.held.rows) == 72
    assert learned_articles(divided) == {f"note-{i}" for i in range(12) if not is_held_out(f"note-{i}")}
    assert set(divided.held.groups[divided.n_held_yours :]) == base.test_articles


def test_more_decisions_never_move_an_article_that_was_held_out(base: Base) -> None:
    table = make_decisions()
    first, second = (divide(settle(part), base) for part in (table.iloc[:30], table))
    held = set(first.held.groups[: first.n_held_yours])
    assert held <= set(second.held.groups[: second.n_held_yours])
    assert held.isdisjoint(learned_articles(second))


def test_what_nearly_repeats_a_held_out_sentence_is_not_learned_from(base: Base) -> None:
    table = make_decisions()
    held = next(row for row in table.to_dict("records") if is_held_out(row["article_id"]))
    copied = {**held, "statement_id": "copy", "article_id": next(f"wire-{i}" for i in range(99) if not is_held_out(f"wire-{i}"))}
    divided = divide(settle(pd.concat([table, pd.DataFrame([copied])], ignore_index=True)), base)
    assert copied["article_id"] not in learned_articles(divided)
    assert "1 that share an article, or nearly a sentence, with one held out" in divided.notes


def test_what_the_user_has_decided_on_replaces_the_base(base: Base) -> None:
    kept = [row for row in base.table.to_dict("records") if row["article_id"] not in base.test_articles]
    by_id = {**kept[0], "speaker": "Somebody Else", "stance": "neutral"}
    by_words = {**kept[1], "statement_id": "another", "stance": "neutral"}
    refused = {**kept[2], "verdict": "no_statement", "stance": None}
    decided = [{"annotator": "ana", "verdict": "statement", **row} for row in (by_id, by_words, refused)]
    divided = divide(settle(pd.concat([make_decisions(), pd.DataFrame(decided)], ignore_index=True)), base)
    sentences = divided.known.sentences
    assert [sentences.count(row["sentence"]) for row in kept[:3]] == [1, 1, 0]
    labels = dict(zip(sentences, divided.known.labels, strict=True))
    assert [labels[row["sentence"]] for row in kept[:2]] == ["neutral", "neutral"]


def test_given_statements_are_compared_on_in_the_place_of_the_users(base: Base) -> None:
    table = make_decisions()
    own = table[table["article_id"].isin(["note-0", "note-1"])]
    divided = divide(settle(table), base, held_out=read_annotations(own, for_training=False))
    assert set(divided.held.groups[: divided.n_held_yours]) == {"note-0", "note-1"}
    assert learned_articles(divided) == {f"note-{i}" for i in range(2, 12)}


@pytest.mark.parametrize(("held", "message"), [(True, "Nothing is left to learn from"), (False, "nothing of yours to compare")])
def test_nothing_to_learn_from_or_to_compare_on_is_an_error(base: Base, held: bool, message: str) -> None:
    name = next(f"note-{i}" for i in range(99) if is_held_out(f"note-{i}") == held)
    with pytest.raises(GateError, match=message):
        divide(decide(article_id=name), base)


def again(settled: Settled, base: Base, old: tuple[StanceClassifier, dict[str, Any]], **changes: Any) -> Retraining:
    return retrain(settled, base, *old, **changes)


def test_the_card_records_both_models_and_the_comparison(base: Base, old: Any) -> None:
    told: list[str] = []
    done = again(decide(), base, old, tell=told.append)
    assert [line.split()[0] for line in told] == ["Reading", "Fitting", "Fitting", "Fitting"]
    record = done.card["retraining"]
    assert record["old"] == {"name": old[1]["name"], "sha256": old[1]["file"]["sha256"], "of_yours": 0}
    assert record["annotations"]["annotators"] == {"ana": 36}
    assert record["gate"] == done.gate.as_dict()
    assert record["held_out"]["base_statements"] == 18


def test_the_model_written_has_learned_from_all_but_the_users_held_out_statements(base: Base, old: Any) -> None:
    card = again(decide(), base, old).card
    record = card["retraining"]
    assert record["held_out"]["your_articles"] == [f"note-{i}" for i in sorted(map(str, range(12))) if is_held_out(f"note-{i}")]
    assert len(record["annotations"]["learned_from"]) + record["held_out"]["your_statements"] == 36
    assert card["trained_on"]["statements"] == len(record["annotations"]["learned_from"]) + 36


def test_the_next_round_compares_with_what_the_round_before_knew_on_the_same_rows(base: Base, old: Any) -> None:
    first = again(settle(make_decisions().iloc[:30]), base, old)
    known = {**first.card, "file": file_entry("mine.joblib", b"")}
    same, more = (again(settled, base, (first.model, known)) for settled in (settle(make_decisions().iloc[:30]), decide()))
    assert same.card["retraining"]["held_out"] == first.card["retraining"]["held_out"]
    assert all(part.lead.value == 0 for part in same.gate.parts)  # the same rows make the same model
    assert [part.new for part in same.gate.parts] == [part.new for part in first.gate.parts]
    learned = first.card["retraining"]["annotations"]["learned_from"]
    assert more.card["retraining"]["old"]["of_yours"] == len(learned)
    assert set(learned) < set(more.card["retraining"]["annotations"]["learned_from"])


def test_the_same_input_gives_the_same_figures(base: Base, old: Any) -> None:
    assert again(decide(), base, old).gate == again(decide(), base, old).gate


def test_heavy_statements_are_followed_where_they_contradict_the_base(base: Base, old: Any) -> None:
    known = base.table["sentence"].str.split(n=2).str[2]
    table = make_decisions().assign(issue=base.table["issue"], stance=base.table["stance"])
    table["sentence"] = [f"{PEOPLE[i % 5]} also {words}" for i, words in enumerate(known)]
    turned = table.assign(stance=table["stance"].where(table["article_id"].map(is_held_out), "neutral"))
    light, heavy = (again(settle(turned), base, old, weight=weight) for weight in (0.01, 100.0))
    assert light.gate.passed
    assert [problem.split(":")[0] for problem in heavy.gate.problems][:2] == ["yours", "base"]
    assert heavy.card["retraining"]["annotations"]["weight"] == 100.0


def test_an_old_model_of_another_base_is_refused(base: Base, old: Any) -> None:
    other = replace(base, table=base.table.iloc[1:])
    with pytest.raises(InputError, match="was not trained on this base"):
        again(decide(), other, old)


@pytest.mark.parametrize("weight", [0.0, -1.0, float("inf"), float("nan")])
def test_a_weight_must_be_above_0(base: Base, old: Any, weight: float) -> None:
    with pytest.raises(InputError, match="must be above 0"):
        again(decide(), base, old, weight=weight)
