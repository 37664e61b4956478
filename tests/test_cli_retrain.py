"""``stance retrain``, and the other commands that read annotators' decisions."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from stance.cli import app
from stance.files.models import read_card, read_model
from stance.files.store import AnnotationStore
from stance.records import Article, Decision
from stance.training.merging import is_held_out

PEOPLE = ("Tove Ramm", "Gil Orsova", "Ada Lenk", "Rui Salgado", "Nell Carrick")
FILLER = "It had rained on the harbour all day, and the square before the palace was empty. "


@dataclass(frozen=True)
class Room:
    """A folder with a base, a model trained on it, and a store with decisions."""

    path: Path

    @property
    def arguments(self) -> list[str]:
        names = {"--annotations": "annotations.db", "--base": "base", "--model": "old.joblib", "-o": "mine.joblib"}
        return ["retrain", *(part for option, name in names.items() for part in (option, str(self.path / name)))]


@pytest.fixture
def room(tmp_path: Path, annotations: pd.DataFrame) -> Room:
    write_base(tmp_path / "base", annotations)
    folder = tmp_path / "base" / "annotations"
    files = [str(folder / "statements.jsonl"), "--articles", str(folder / "articles.jsonl")]
    run("train", *files, "--no-curve", "-o", str(tmp_path / "old.joblib"))
    decide(tmp_path / "annotations.db", annotations, lambda stance: stance)
    return Room(tmp_path)


def run(*arguments: str, expected: int = 0) -> str:
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code == expected, done.output
    return done.output


def write_base(folder: Path, annotations: pd.DataFrame) -> None:
    texts: dict[str, str] = {}
    rows = []
    for row in annotations.to_dict("records"):
        text = texts.get(row["article_id"], FILLER)
        rows.append({**row, "start": len(text), "end": len(text) + len(row["sentence"])})
        texts[row["article_id"]] = f"{text}{row['sentence']} "
    (folder / "annotations").mkdir(parents=True)
    write_lines(folder / "annotations" / "statements.jsonl", rows)
    write_lines(folder / "annotations" / "articles.jsonl", [{"id": name, "text": text} for name, text in texts.items()])
    splits = "".join(f"article-{i},{'test' if i < 6 else 'train'}\n" for i in range(12))
    (folder / "annotations" / "splits.csv").write_text(f"article_id,split\n{splits}", encoding="utf-8")


def write_lines(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def decide(path: Path, annotations: pd.DataFrame, judge: Callable[[str], str]) -> AnnotationStore:
    """Make a store with the same verbs in other sentences, and what one annotator says of them."""
    store = AnnotationStore(path)
    rows = [
        {
            "statement_id": f"s-{i}",
            "article_id": f"note-{i % 12}",
            "sentence": f"{PEOPLE[i % 5]} also {row['sentence'].split(maxsplit=2)[2]}",
            "issue": row["issue"],
            "speaker": PEOPLE[i % 5],
        }
        for i, row in enumerate(annotations.to_dict("records"))
    ]
    store.add_statements(pd.DataFrame(rows))
    stances = [
        stance if is_held_out(row["article_id"]) else judge(stance)
        for row, stance in zip(rows, annotations["stance"], strict=True)
    ]
    store.decide(Decision(f"s-{i}", "ana", "statement", stance) for i, stance in enumerate(stances))
    return store


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("mine*"))}


def test_a_model_that_is_not_worse_is_written_with_its_record(room: Room) -> None:
    told = run(*room.arguments)
    assert "Fitting on what the old model, old-" in told
    assert "difference in macro-F1 (95 %)" in told
    assert "\nnot worse: mine-" in told
    card = read_card(room.path / "mine.joblib")
    assert card["retraining"]["forced"] is False
    assert card["retraining"]["old"]["sha256"] == read_card(room.path / "old.joblib")["file"]["sha256"]
    assert card["retraining"]["old"]["kept_as"] is None
    assert read_model(room.path / "mine.joblib")[1] == card["name"]


def test_the_model_that_was_there_is_compared_with_and_kept(room: Room) -> None:
    run(*room.arguments)
    first = contents(room.path)
    without_model = [part for part in room.arguments if part not in ("--model", str(room.path / "old.joblib"))]
    told = run(*without_model)
    assert "Fitting on what the old model, mine-" in told
    assert "mine.1.joblib now" in told
    kept = contents(room.path)
    assert (kept["mine.1.joblib"], kept["mine.1.card.json"]) == (first["mine.joblib"], first["mine.card.json"])
    assert read_model(room.path / "mine.1.joblib")[1] == read_card(room.path / "mine.joblib")["retraining"]["old"]["name"]
    assert read_card(room.path / "mine.joblib")["retraining"]["old"]["kept_as"] == "mine.1.joblib"


def test_a_worse_model_is_not_written_unless_forced(room: Room, annotations: pd.DataFrame) -> None:
    run(*room.arguments)
    before = contents(room.path)
    (room.path / "annotations.db").unlink()
    decide(room.path / "annotations.db", annotations, lambda _: "neutral")
    heavy = [*room.arguments, "--weight", "100"]
    told = run(*heavy, expected=1)
    assert "stance: The new model is worse than the old one and was not written. yours: macro-F1 -" in told
    assert contents(room.path) == before
    assert "worse, and written all the same" in run(*heavy, "--force")
    assert read_card(room.path / "mine.joblib")["retraining"]["forced"] is True
    assert contents(room.path)["mine.1.joblib"] == before["mine.joblib"]


def test_nothing_held_out_is_an_error_and_writes_nothing(room: Room, annotations: pd.DataFrame) -> None:
    (room.path / "annotations.db").unlink()
    store = decide(room.path / "annotations.db", annotations, lambda stance: stance)
    for held in [one for one in store.statements().to_dict("records") if is_held_out(one["article_id"])]:
        store.decide([Decision(held["statement_id"], "ana", "unsure")])
    told = run(*room.arguments, expected=1)
    assert "nothing of yours to compare the models on" in told
    assert contents(room.path) == {}


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_an_interrupted_write_leaves_the_old_model(
    room: Room, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    run(*room.arguments)
    before = contents(room.path)

    def interrupt(handle: int) -> None:
        if (room.path / "mine.1.card.json").exists():  # both files of the copy are there
            raise error

    monkeypatch.setattr(os, "fsync", interrupt)
    run(*room.arguments, expected=1 if error is OSError else 130)
    after = contents(room.path)
    assert {name: after[name] for name in before} == before
    assert set(after) == {*before, "mine.1.joblib", "mine.1.card.json"}
    read_model(room.path / "mine.joblib")


def test_tables_of_decisions_do_as_well_as_a_store(room: Room) -> None:
    AnnotationStore(room.path / "annotations.db").annotations().to_json(room.path / "rows.jsonl", orient="records", lines=True)
    run(*room.arguments)
    other = [part.replace("annotations.db", "rows.jsonl").replace("mine.joblib", "mine-too.joblib") for part in room.arguments]
    run(*other)
    one, two = (read_card(room.path / name) for name in ("mine.joblib", "mine-too.joblib"))
    assert one["retraining"]["gate"] == two["retraining"]["gate"]
    assert one["trained_on"] == two["trained_on"]


def test_train_and_evaluate_settle_what_annotators_decided(room: Room) -> None:
    store = AnnotationStore(room.path / "annotations.db")
    store.decide([Decision("s-0", "bo", "statement", "oppose"), Decision("s-1", "ana", "no_statement")])
    told = run("train", str(store.path), "--no-curve", "-o", str(room.path / "own.joblib"))
    assert "left out: 1 on which annotators disagree and nobody has adjudicated: s-0" in told
    assert "Training on 34 statements" in told
    scored = run("evaluate", str(store.path), "--model", str(room.path / "own.joblib"))
    assert "left out: 1 that annotators say are no statements: s-1" in scored
    assert "was trained on these very statements" in scored


def test_the_articles_of_a_store_give_the_context(room: Room) -> None:
    store = AnnotationStore(room.path / "with-articles.db")
    texts = [f"{FILLER}Ada Lenk praised the sanctions of spring {1990 + i}." for i in range(12)]
    store.add_articles(Article(f"a-{i}", text) for i, text in enumerate(texts))
    rows = [
        {"statement_id": f"s-{i}", "article_id": f"a-{i}", "start": len(FILLER), "end": len(text), "issue": "sanctions"}
        | {"sentence": "Not what the article says.", "speaker": "Ada Lenk", "speaker_actor": "NOR"}
        for i, text in enumerate(texts)
    ]
    store.add_statements(pd.DataFrame(rows))
    store.decide(Decision(f"s-{i}", "ana", "statement", "support" if i % 2 else "oppose") for i in range(12))
    run("train", str(store.path), "--no-curve", "-o", str(room.path / "own.joblib"), "-q")
    assert read_card(room.path / "own.joblib")["trained_on"]["statements"] == 12
    assert "context" in read_model(room.path / "own.joblib")[0].vectorizers_
