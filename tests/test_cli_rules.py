"""``stance explain`` and ``stance evaluate-rules``: what they read, what they print, what they say and how they end."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

import stance
from stance.cli import app
from stance.records import Article

TRUCE = "Kari Lund said the truce in Sudan must hold. It rained."


def run(*arguments: object, stdin: str | None = None) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)


@pytest.fixture
def news(tmp_path: Path, articles: list[Article]) -> Path:
    """The three articles in one file."""
    rows = [{"id": article.id, "text": article.text, "title": article.title} for article in articles]
    (tmp_path / "news.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return tmp_path / "news.jsonl"


@pytest.fixture
def gold(tmp_path: Path, news: Path) -> Path:
    """What is extracted from the articles, taken for gold, the first record left out."""
    table = stance.extract([json.loads(line) for line in news.read_text(encoding="utf-8").splitlines()])
    table.iloc[1:].to_json(tmp_path / "gold.jsonl", orient="records", lines=True)
    return tmp_path / "gold.jsonl"


# stance explain


def test_a_text_file_is_explained_sentence_by_sentence(tmp_path: Path) -> None:
    (tmp_path / "truce.txt").write_text(TRUCE, encoding="utf-8")
    result = run("explain", tmp_path / "truce.txt")
    assert result.exit_code == 0
    assert "Kari Lund (no actor), by rule named_person" in result.stdout
    assert "ceasefire in Sudan, by rule named; row" in result.stdout
    assert "passed over    no cue" in result.stdout
    assert result.stderr == "truce: 2 sentences, 1 statements\n"


def test_output_to_a_pipe_is_not_coloured() -> None:
    assert "\x1b" not in run("explain", "--text", TRUCE).stdout


def test_a_text_on_the_command_line_and_standard_input_are_explained_alike() -> None:
    given, piped = run("explain", "--text", TRUCE), run("explain", "-", stdin=TRUCE)
    without_row = [re.sub(r"row \w+", "row", result.stdout) for result in (given, piped)]
    assert without_row[0] == without_row[1]
    assert "row" in without_row[0]


def test_one_sentence_can_be_chosen() -> None:
    result = run("explain", "--text", TRUCE, "--sentence", 2)
    assert "It rained." in result.stdout
    assert "Kari Lund" not in result.stdout


def test_json_is_one_object_a_sentence() -> None:
    first, second = map(json.loads, run("explain", "--text", TRUCE, "--json").stdout.splitlines())
    assert first["quotes"][0]["speaker"]["name"] == "Kari Lund"
    assert (second["number"], second["passed_over"]) == (2, "no cue")


def test_an_article_of_a_file_is_chosen_by_its_id(news: Path) -> None:
    result = run("explain", news, "--article", "courtyard", "--json")
    assert {json.loads(line)["article_id"] for line in result.stdout.splitlines()} == {"courtyard"}


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ((), "holds 3 articles; choose one with --article ID: harbour, garrison, courtyard."),
        (("--article", "attic"), "holds no article 'attic'; it holds harbour, garrison, courtyard."),
        (("--article", "harbour", "--sentence", "99"), "There is no sentence 99 in harbour; it has"),
    ],
)
def test_an_article_or_sentence_that_is_not_there_is_named(news: Path, more: tuple[str, ...], message: str) -> None:
    result = run("explain", news, *more)
    assert result.exit_code == 1
    assert message in result.stderr


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    result = run("explain", tmp_path / "empty.txt")
    assert result.exit_code == 1
    assert "empty.txt: empty" in result.stderr
    assert "holds no article that can be read" in result.stderr


@pytest.mark.parametrize("arguments", [(), ("a.txt", "--text", TRUCE)])
def test_either_a_file_or_a_text_is_needed(arguments: tuple[str, ...]) -> None:
    assert run("explain", *arguments).exit_code == 2


# stance evaluate-rules


def test_the_report_card_is_printed(gold: Path, news: Path) -> None:
    n_gold = len(pd.read_json(gold, lines=True))
    result = run("evaluate-rules", gold, "--articles", news, "--examples", 1)
    assert result.exit_code == 0
    assert f"3 articles, {n_gold} gold records, {n_gold + 1} found, {n_gold} matched" in result.stdout
    assert "of the matched: actor 1.000, speaker 1.000, target 1.000" in result.stdout
    assert result.stdout.count("wrong:") == 2  # the record left out, under its quote rule and its target rule
    assert "right:" in result.stdout


def test_the_report_card_can_be_json(gold: Path, news: Path) -> None:
    figures = json.loads(run("evaluate-rules", gold, "--articles", news, "--json").stdout)
    assert figures["scores"]["record_recall"] == 1.0
    assert {rule["kind"] for rule in figures["rules"]} == {"quote", "speaker", "target"}


def test_gold_in_csv_scores_alike(gold: Path, news: Path, tmp_path: Path) -> None:
    table = pd.read_json(gold, lines=True)
    lists = ["sender", "recipient", "location"]
    table[lists] = table[lists].map(";".join)
    table.to_csv(tmp_path / "gold.csv", index=False)
    assert (
        run("evaluate-rules", tmp_path / "gold.csv", "--articles", news).stdout
        == run("evaluate-rules", gold, "--articles", news).stdout
    )


def test_articles_on_one_side_only_are_counted_and_named(gold: Path, news: Path, tmp_path: Path) -> None:
    lines = news.read_text(encoding="utf-8").splitlines()
    (tmp_path / "two.jsonl").write_text("\n".join([*lines[:2], json.dumps({"id": "attic", "text": TRUCE})]), encoding="utf-8")
    result = run("evaluate-rules", gold, "--articles", tmp_path / "two.jsonl")
    assert "note: 1 coded articles are not among FILE and are left out: courtyard" in result.stderr
    assert "note: 1 articles have no gold records and are left out: attic" in result.stderr


def test_gold_for_other_articles_is_an_error(gold: Path, tmp_path: Path) -> None:
    (tmp_path / "attic.txt").write_text(TRUCE, encoding="utf-8")
    result = run("evaluate-rules", gold, "--articles", tmp_path / "attic.txt")
    assert result.exit_code == 1
    assert "No article is in both" in result.stderr


def test_a_gold_table_without_the_columns_is_an_error(news: Path) -> None:
    result = run("evaluate-rules", news, "--articles", news)
    assert result.exit_code == 1
    assert "The gold table has no column 'article_id'" in result.stderr
