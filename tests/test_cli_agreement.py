"""``stance agreement``: what it reads, what it writes, what it says and how it ends."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

import stance
from stance.cli import app
from stance.files.annotations import read_annotation_table, write_annotation_table
from stance.files.store import AnnotationStore
from stance.records import Article, Decision

ROOT = Path(__file__).resolve().parent.parent
SENTENCES = ("The premier of Freedonia rejected the embargo.", "Its envoy called the embargo fair.", "A clerk shrugged at it.")


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def write(path: Path, *stances: str, **columns: str) -> Path:
    """A table of plain codings: a sentence, an issue and a stance each."""
    rows = [{"sentence": sentence, "issue": "sanctions"} for sentence in SENTENCES]
    table = pd.DataFrame([{**row, "stance": one, **columns} for row, one in zip(rows, stances, strict=True)])
    if path.suffix == ".csv":
        table.to_csv(path, index=False)
    else:
        table.to_json(path, orient="records", lines=True)
    return path


@pytest.fixture
def store(tmp_path: Path, articles: list[Article]) -> Path:
    """Two annotators on all statements of three articles: they differ on two, one of which is adjudicated; bo added one."""
    kept = AnnotationStore(tmp_path / "annotations.db")
    table = stance.extract(articles)
    kept.add_statements(table)
    ids = table["statement_id"].tolist()
    kept.decide([Decision(one, "ana", "statement", "support") for one in ids[1:]])
    kept.decide([Decision(one, "bo", "statement", "support" if i else "oppose") for i, one in enumerate(ids[1:-1])])
    kept.decide(
        [Decision(ids[0], "ana", "no_statement"), Decision(ids[0], "bo", "no_statement"), Decision(ids[-1], "bo", "unsure")]
    )
    kept.decide([Decision(ids[1], "cy", "statement", "oppose", adjudicated=True)])
    added = table.iloc[[0]].assign(statement_id="added", start=0, end=9, sentence="It rained", speaker="the rain")
    kept.add_statements(added, added_by="bo")
    kept.decide([Decision("added", "bo", "statement", "neutral")])
    return kept.path


def test_a_store_of_two_annotators_is_summed_up(store: Path, tmp_path: Path) -> None:
    result = run("agreement", store, "--json", tmp_path / "found.json", "--disagreements", tmp_path / "list.csv")
    found = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    listed = pd.read_csv(tmp_path / "list.csv", keep_default_na=False)
    assert result.exit_code == 0
    assert [one["name"] for one in found["annotators"]] == ["ana", "bo"]
    assert [one["n_unsure"] for one in found["annotators"]] == [0, 1]
    assert found["n_adjudicated"] == 1
    assert [one["fields"]["stance"] for one in found["upheld"]] == [[0, 1], [1, 1]]
    assert listed["field"].tolist() == ["stance", "statement"]
    assert listed["second"].tolist() == ["oppose", "statement (neutral)"]
    assert listed["first"].tolist() == ["support", "not found"]
    assert listed["adjudicated"].tolist() == ["oppose", ""]
    assert "bo: statement 1 of 1" in result.stdout


def test_files_without_annotators_are_one_each(tmp_path: Path) -> None:
    first = write(tmp_path / "ana.csv", "oppose", "support", "neutral")
    second = write(tmp_path / "bo.jsonl", "oppose", "support", "support")
    result = run("agreement", first, second)
    assert result.exit_code == 0
    assert "ana / bo: 3 articles in common" in result.stdout
    assert "note: 6 rows have no article_id: each sentence counts as an article" in result.stdout
    assert re.search(r"^stance +3 +66\.7 %", result.stdout, flags=re.MULTILINE)


def test_a_file_can_be_one_annotator_whoever_it_names(tmp_path: Path) -> None:
    first = write(tmp_path / "ana.csv", "oppose", "support", "neutral", annotator="coder")
    (tmp_path / "later").mkdir()
    second = write(tmp_path / "later" / "ana.csv", "oppose", "support", "support", annotator="coder")
    alone, apart = run("agreement", first, second), run("agreement", first, second, "--by-file")
    assert alone.exit_code == 1
    assert "stance: Agreement needs two annotators of the same articles; the annotations are by only 'coder'." in alone.stderr
    assert apart.exit_code == 0
    assert str(second)[:29] in apart.stdout


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_a_table_gives_the_figures_of_the_store_but_for_what_was_added_by_hand(store: Path, tmp_path: Path, suffix: str) -> None:
    write_annotation_table(read_annotation_table(store), tmp_path / f"table{suffix}")
    of_store, of_table = (run("agreement", path).stdout.split("\n\n") for path in (store, tmp_path / f"table{suffix}"))
    assert [line for line in of_table[1].splitlines()[2:] if not line.startswith(("statement", "f1"))] == [
        line for line in of_store[1].splitlines()[2:] if not line.startswith(("statement", "f1"))
    ]
    assert "1 statements of other articles were decided on by one annotator alone" in of_table[-2]


def test_markdown_is_a_table(store: Path) -> None:
    shown = run("agreement", store, "--markdown").stdout
    assert "| | n | agreement | kappa | alpha | |\n|---|---|---|---|---|---|\n| statement |" in shown
    assert {line.count("|") for line in shown.splitlines() if line.startswith("|")} == {7}


def test_the_same_seed_gives_the_same_intervals(store: Path) -> None:
    assert run("agreement", store, "--seed", 3).stdout == run("agreement", store, "--seed", 3).stdout


def test_no_line_is_wider_than_a_terminal(store: Path) -> None:
    assert max(map(len, run("agreement", store).stdout.splitlines())) <= 100


def test_outputs_are_checked_before_any_work(store: Path, tmp_path: Path) -> None:
    (tmp_path / "there.json").write_text("{}", encoding="utf-8")
    kept = run("agreement", store, "--json", tmp_path / "there.json")
    assert (kept.exit_code, kept.stderr) == (1, f"stance: {tmp_path / 'there.json'} exists; pass --force to replace it.\n")
    assert run("agreement", store, "--json", tmp_path / "there.json", "--force").exit_code == 0
    assert "stance writes .csv, .jsonl, .parquet" in run("agreement", store, "--disagreements", tmp_path / "list.txt").stderr


def test_a_missing_issue_says_who_was_asked(store: Path) -> None:
    result = run("agreement", store, "--issue", "arms_exports")
    assert result.exit_code == 1
    assert "No two of the annotators (ana, bo) have decided on the same statement on arms_exports" in result.stderr


def test_the_readme_shows_what_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    ((command, shown),) = re.findall(r"^```\n\$ stance (agreement (?:[^\n]*\\\n)*[^\n]*)\n(.*?)^```", readme, flags=re.M | re.S)
    assert run(*shlex.split(command.replace("\\\n", ""))).stdout.rstrip() == shown.rstrip()
