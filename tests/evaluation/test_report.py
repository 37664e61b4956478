"""The whole report, as figures and as text."""

from __future__ import annotations

import json

import numpy as np
import pytest

from stance.evaluation import Report, Rival, find_units, format_report, summarize
from stance.evaluation.curve import fit_curve
from stance.records import STANCES

SENTENCES = [
    f"{name} {verb} it in {town}."
    for name in ("Kari Lund", "Idris Mabo", "Badr Halim", "Jonas Feld")
    for verb, town in (("backed", "Oslo"), ("refused", "Bergen"), ("mentioned", "Tromso"))
]
GOLD = ["support", "oppose", "neutral"] * 4
ARTICLES = [str(i // 2) for i in range(12)]


def report(gold: list[str] = GOLD, sentences: list[str] = SENTENCES, articles: list[str] = ARTICLES) -> Report:
    # The last statement is taken for support; the model is the surer, the later the statement.
    guessed = [*gold[:-1], "support"]
    probabilities = np.array(
        [[0.5 + i / 30 if name == label else 0.25 - i / 60 for name in STANCES] for i, label in enumerate(guessed)]
    )
    rivals = [Rival("majority", ["support"] * len(gold)), Rival("plain", gold, "easier"), Rival("lists", None, "not installed")]
    return summarize(
        gold,
        probabilities,
        STANCES,
        find_units(sentences, articles),
        parts={"issue": ["ceasefire", "sanctions"] * (len(gold) // 2), "target": ["seen"] * (len(gold) - 3) + ["unseen"] * 3},
        rivals=rivals,
        curve=fit_curve(gold, {10: ["support"] * len(gold), 20: guessed}),
    )


@pytest.fixture(scope="module")
def example() -> Report:
    return report()


def test_the_parts_add_up_to_the_whole(example: Report) -> None:
    assert example.whole.n_statements == 12
    assert [one.n_statements for one in example.parts["target"].values()] == [9, 3]
    assert example.whole.accuracy.value == pytest.approx(11 / 12, abs=1e-4)


def test_rivals_stand_beside_the_model(example: Report) -> None:
    majority, plain, lists = example.rivals
    assert majority.lead is not None
    assert (majority.name, majority.lead.verdict) == ("majority", "better")
    assert plain.lead is not None
    assert plain.lead.macro_f1.value < 0
    assert (lists.macro_f1, lists.lead, lists.note) == (None, None, "not installed")


def test_figures_are_plain_values(example: Report) -> None:
    figures = json.loads(json.dumps(example.as_dict(), allow_nan=False))
    assert set(figures) == {"all", "by_issue", "by_target", "units", "rivals", "calibration", "coverage", "curve", "notes"}
    assert figures["units"]["n_articles"] == 6
    assert figures["rivals"][0]["lead"]["verdict"] == "better"


def test_the_text_goes_from_the_whole_to_the_parts(example: Report) -> None:
    text = format_report(example)
    marks = [
        "12 statements in 6 articles",
        "macro-F1 0.9",
        "precision",
        "gold \\ predicted",
        "by issue",
        "target in training",
    ]
    marks += [
        "compared with",
        "calibration: expected calibration error",
        "abstain below",
        "--abstain-below",
        "doubling the annot",
    ]
    places = [text.index(mark) for mark in marks]
    assert places == sorted(places)
    assert "plain: easier" in text
    assert "note: only 6 units to resample" in text


def test_the_text_is_at_most_a_hundred_columns_wide(example: Report) -> None:
    assert max(len(line) for line in format_report(example).splitlines()) <= 100


def test_near_duplicates_are_told() -> None:
    told = format_report(report(sentences=[*SENTENCES[:-1], SENTENCES[0]]))
    assert "2 near-duplicates (2 word for word) in 1 clusters tie articles together: 5 units" in told


def test_few_statements_one_label_and_one_article_are_warned_of() -> None:
    few = report(["oppose"] * 6, SENTENCES[:6], ["a"] * 6).notes
    assert [note.split(":")[0] for note in few] == [
        "only 6 statements",
        "all statements are labelled 'oppose'",
        "all statements are of one article",
    ]
