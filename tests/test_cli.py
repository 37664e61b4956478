"""The ``stance`` command: what it reads, what it writes, what it says and how it ends."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

import stance
from stance.cli import app
from stance.files import read_statements, read_table
from stance.model import StanceClassifier
from stance.records import ATTRIBUTION_COLUMNS, STANCES, STATEMENT_COLUMNS, Article

COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
READY = "key,sentence,issue\n3,Kari Lund welcomed the ceasefire.,ceasefire\n1,Idris Mabo rejected the ceasefire.,ceasefire\n"


def run(*arguments: object, stdin: str | None = None) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)


def start(*arguments: object, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", "from stance.cli import app; app()", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, check=False)


def csv(text: str) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)


@pytest.fixture
def folder(tmp_path: Path, articles: list[Article]) -> Path:
    """Three text files, one of them in a folder of its own."""
    place = tmp_path / "news"
    (place / "later").mkdir(parents=True)
    (place / "harbour.txt").write_bytes(articles[0].text.encode())
    (place / "garrison.txt").write_bytes(articles[1].text.encode())
    (place / "later" / "courtyard.txt").write_bytes(articles[2].text.encode())
    return place


@pytest.fixture
def annotated(tmp_path: Path, annotations: pd.DataFrame) -> Path:
    annotations.to_csv(tmp_path / "annotated.csv", index=False)
    return tmp_path / "annotated.csv"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    (tmp_path / "ready.csv").write_text(READY, encoding="utf-8")
    return tmp_path / "ready.csv"


# Help


def test_the_version_is_printed() -> None:
    result = run("--version")
    assert (result.exit_code, result.stdout) == (0, f"stance {stance.__version__}\n")


def test_the_three_first_commands_are_there() -> None:
    assert {"label", "train", "evaluate"} <= set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_describes_its_options(command: str) -> None:
    result = run(command, "--help")
    options = typer.main.get_command(app).commands[command].params  # type: ignore[attr-defined]
    assert result.exit_code == 0
    assert "Usage:" in result.stdout
    assert [option.name for option in options if not option.help] == []


def test_no_command_shows_the_help() -> None:
    result = run()
    assert "label" in result.stdout + result.stderr


@pytest.mark.parametrize("arguments", [["lable"], ["label"], ["label", "a.txt", "--nonsense"], ["train", "a.csv"]])
def test_a_wrong_call_is_a_usage_error(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


# Labelling articles


def test_a_text_file_is_labelled_on_standard_output(folder: Path) -> None:
    result = run("label", folder / "garrison.txt")
    found = csv(result.stdout)
    assert result.exit_code == 0
    assert tuple(found.columns) == STATEMENT_COLUMNS
    assert set(found["article_id"]) == {"garrison"}
    assert f"1 articles, {len(found)} statements" in result.stderr


def test_a_folder_is_labelled_to_full_depth(folder: Path) -> None:
    found = csv(run("label", folder).stdout)
    assert set(found["article_id"]) == {"harbour", "garrison", "courtyard"}


def test_the_command_gives_what_the_function_gives(folder: Path, tmp_path: Path, articles: list[Article]) -> None:
    run("label", folder / "garrison.txt", "-o", tmp_path / "out.parquet")
    written, labelled = read_statements(tmp_path / "out.parquet"), stance.label(articles[1:2])
    assert (
        written.drop(columns=["outlet", "published", "url"]).to_json()
        == labelled.drop(columns=["outlet", "published", "url"]).to_json()
    )


def test_offsets_count_from_the_first_character_of_the_file(tmp_path: Path, articles: list[Article]) -> None:
    text = "date 2024-03-05\r\n\r\n" + articles[1].text.replace("\n", "\r\n")
    (tmp_path / "a.txt").write_bytes(text.encode())
    found = csv(run("label", tmp_path / "a.txt").stdout)
    assert set(found["published"]) == {"2024-03-05"}
    assert [text[int(row["start"]) : int(row["end"])] for row in found.to_dict("records")] == found["sentence"].tolist()


def test_json_lines_are_labelled(tmp_path: Path, articles: list[Article]) -> None:
    lines = [json.dumps({"id": article.id, "text": article.text, "published": article.published}) for article in articles]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    found = csv(run("label", tmp_path / "a.jsonl").stdout)
    assert set(found["article_id"]) == {"harbour", "garrison", "courtyard"}
    assert set(found["published"]) == {"2024-03-05", "", "2024-03-07"}


def test_standard_input_is_labelled(articles: list[Article]) -> None:
    result = run("label", "-", stdin=articles[1].text)
    assert result.exit_code == 0
    assert "African Union" in csv(result.stdout)["speaker"].tolist()


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_every_format_holds_the_same_table(folder: Path, tmp_path: Path, suffix: str) -> None:
    result = run("label", folder, "-o", tmp_path / f"out.{suffix}")
    piped = csv(run("label", folder).stdout)
    written = read_statements(tmp_path / f"out.{suffix}")
    assert (result.exit_code, result.stdout) == (0, "")
    assert written["statement_id"].tolist() == piped["statement_id"].tolist()
    assert written["sender"].map(";".join).tolist() == piped["sender"].tolist()


def test_a_format_may_be_asked_for_by_name(folder: Path, tmp_path: Path) -> None:
    first = run("label", folder, "--format", "jsonl", "-q").stdout.splitlines()[0]
    run("label", folder, "--format", "csv", "-o", tmp_path / "out.dat")
    assert tuple(json.loads(first)) == STATEMENT_COLUMNS
    assert (tmp_path / "out.dat").read_text(encoding="utf-8").startswith("statement_id,")


def test_labelling_twice_gives_the_same_bytes(folder: Path) -> None:
    assert run("label", folder).stdout_bytes == run("label", folder).stdout_bytes


def test_issues_can_be_chosen(folder: Path) -> None:
    found = csv(run("label", folder, "--issue", "ceasefire", "--issue", "sanctions").stdout)
    assert set(found["issue"]) == {"ceasefire", "sanctions"}


@pytest.mark.parametrize(("option", "value"), [("--issue", "sanction"), ("--format", "xlsx"), ("--as", "tweets")])
def test_an_unknown_choice_is_a_usage_error_that_lists_the_known(folder: Path, option: str, value: str) -> None:
    result = run("label", folder, option, value)
    assert result.exit_code == 2
    assert f"'{value}' is not one of" in result.stderr


def test_quiet_says_nothing(folder: Path, tmp_path: Path) -> None:
    assert run("label", folder, "-q", "-o", tmp_path / "out.csv").output == ""


def test_an_article_without_statements_gives_a_header(tmp_path: Path) -> None:
    (tmp_path / "rain.txt").write_text("It rained all day, and the people of the town stayed in their houses.", encoding="utf-8")
    result = run("label", tmp_path / "rain.txt")
    assert result.exit_code == 0
    assert result.stdout.strip() == ",".join(STATEMENT_COLUMNS)


# What can go wrong


def test_a_missing_input_is_named(tmp_path: Path) -> None:
    result = run("label", tmp_path / "gone.txt")
    assert result.exit_code == 1
    assert "gone.txt" in result.stderr
    assert result.stdout == ""


def test_a_bad_file_among_good_ones_is_listed_and_does_not_stop_them(folder: Path) -> None:
    (folder / "bad.txt").write_bytes(b"PK\x03\x04\x00\x00\x00")
    result = run("label", folder)
    assert result.exit_code == 0
    assert len(set(csv(result.stdout)["article_id"])) == 3
    assert f"skipped: {folder / 'bad.txt'}" in result.stderr
    assert "skipped 1:" in result.stderr


@pytest.mark.parametrize("quiet", [[], ["-q"]])
def test_nothing_labelled_is_an_error_and_writes_nothing(tmp_path: Path, quiet: list[str]) -> None:
    (tmp_path / "bad.txt").write_bytes(b"")
    result = run("label", tmp_path / "bad.txt", "-o", tmp_path / "out.csv", *quiet)
    assert result.exit_code == 1
    assert "bad.txt: empty file" in result.stderr
    assert "nothing was labelled" in result.stderr
    assert not (tmp_path / "out.csv").exists()


def test_an_existing_output_is_replaced_only_by_force(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("precious", encoding="utf-8")
    refused = run("label", folder, "-o", tmp_path / "out.csv")
    assert refused.exit_code == 1
    assert "--force" in refused.stderr
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "precious"
    assert run("label", folder, "-o", tmp_path / "out.csv", "--force").exit_code == 0
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").startswith("statement_id,")


@pytest.mark.parametrize("name", ["out.xlsx", "no/such/out.csv"])
def test_an_output_that_cannot_be_written_is_refused_before_any_work(folder: Path, tmp_path: Path, name: str) -> None:
    result = run("label", folder, "-o", tmp_path / name)
    assert result.exit_code == 1
    assert result.stderr.startswith("stance: ")


@pytest.mark.parametrize("content", [None, b"no model"])
def test_a_model_that_cannot_be_read_is_an_error(folder: Path, tmp_path: Path, content: bytes | None) -> None:
    (tmp_path / "there.joblib").write_bytes(content or b"")
    result = run("label", folder, "--model", tmp_path / ("there.joblib" if content else "gone.joblib"))
    assert result.exit_code == 1
    assert "stance train" in result.stderr


def test_a_model_of_ones_own_signs_the_rows(
    folder: Path, tmp_path: Path, small_model: StanceClassifier, save_model: Callable[..., Path]
) -> None:
    path = save_model(tmp_path / "m.joblib", small_model, "tiny-1")
    assert set(csv(run("label", folder, "--model", path).stdout)["model"]) == {"tiny-1"}


# Labelling only what is probable enough


def test_what_is_not_probable_enough_gets_no_label_and_is_counted(folder: Path) -> None:
    result = run("label", folder, "--abstain-below", "0.999")
    found = csv(result.stdout)
    assert set(found["stance"]) == {""}
    assert found["flags"].str.split(";").map(lambda flags: "abstained" in flags).all()
    assert "" not in set(found["p_support"])
    assert f"{len(found)} statements ({len(found)} abstained)" in result.stderr


def test_none_abstained_is_told_too(folder: Path) -> None:
    assert "statements (0 abstained)" in run("label", folder, "--abstain-below", "0.01").stderr
    assert "abstained" not in run("label", folder).stderr


def test_ready_statements_can_abstain(table: Path, tmp_path: Path) -> None:
    result = run("label", table, "--abstain-below", "0.999", "-o", tmp_path / "out.jsonl")
    assert f"2 statements labelled (2 abstained) -> {tmp_path / 'out.jsonl'}" in result.stderr
    written = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row["stance"], row["flags"]) for row in written] == [(None, ["abstained"])] * 2


def test_an_abstention_is_shown_in_the_place_of_the_label(table: Path, tmp_path: Path) -> None:
    assert run("label", table, "--abstain-below", "0.999", "--show").stdout.count("abstained") == 2
    run("label", table, "--abstain-below", "0.999", "-o", tmp_path / "first.csv")
    shown = run("label", tmp_path / "first.csv", "--show").stdout  # labelled again: the new label counts
    assert "abstained" not in shown
    assert re.search(r"support [01]\.\d\d", shown)
    run("label", table, "-o", tmp_path / "second.csv")
    assert run("label", tmp_path / "second.csv", "--abstain-below", "0.999", "--show").stdout.count("abstained") == 2


@pytest.mark.parametrize("threshold", ["0", "1", "-0.5", "60", "nan", "half"])
def test_a_threshold_that_is_no_probability_is_a_usage_error(folder: Path, threshold: str) -> None:
    result = run("label", folder, "--abstain-below", threshold)
    assert result.exit_code == 2
    assert "--abstain-below" in result.stderr


# Labelling a table of ready statements


def test_a_statement_table_is_known_by_its_columns_and_kept(table: Path) -> None:
    result = run("label", table)
    found = csv(result.stdout)
    assert result.exit_code == 0
    assert found[["key", "sentence", "issue"]].to_csv(index=False) == READY
    assert found["stance"].tolist() == ["support", "oppose"]
    assert "2 statements labelled" in result.stderr


def test_a_statement_table_comes_by_standard_input_too() -> None:
    assert csv(run("label", "-", stdin=READY).stdout)["stance"].tolist() == ["support", "oppose"]


def test_a_statement_table_is_written_to_a_file(table: Path, tmp_path: Path) -> None:
    result = run("label", table, "-o", tmp_path / "out.jsonl")
    assert result.exit_code == 0
    assert read_table(tmp_path / "out.jsonl")["stance"].tolist() == ["support", "oppose"]


def test_a_table_of_texts_can_be_taken_as_either(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,text\n1,Norway welcomed the ceasefire in Sudan.\n", encoding="utf-8")
    as_statements = csv(run("label", tmp_path / "a.csv", "--as", "statements").stdout)
    as_articles = csv(run("label", tmp_path / "a.csv", "--as", "articles").stdout)
    assert list(as_statements.columns)[:3] == ["id", "text", "stance"]
    assert tuple(as_articles.columns) == STATEMENT_COLUMNS


def test_a_table_that_was_labelled_before_is_labelled_beside(folder: Path, tmp_path: Path) -> None:
    run("label", folder, "-o", tmp_path / "first.csv")
    again = csv(run("label", tmp_path / "first.csv").stdout)
    assert tuple(again.columns[: len(STATEMENT_COLUMNS)]) == STATEMENT_COLUMNS
    assert again["stance"].isin(STANCES).all()
    assert again["stance_predicted"].isin(STANCES).all()


def test_two_statement_tables_at_once_are_refused(table: Path, tmp_path: Path) -> None:
    (tmp_path / "second.csv").write_text(READY, encoding="utf-8")
    result = run("label", table, tmp_path / "second.csv", "--as", "statements")
    assert result.exit_code == 1
    assert "One table of statements at a time; found 2" in result.stderr


def test_issues_of_a_statement_table_can_be_chosen_or_the_option_is_refused(table: Path) -> None:
    result = run("label", table, "--issue", "sanctions")
    assert result.exit_code != 0 or len(csv(result.stdout)) == 0


def test_offsets_of_a_table_are_read_from_the_articles(tmp_path: Path, folder: Path, articles: list[Article]) -> None:
    start_of = articles[1].text.index("The African Union")
    end_of = articles[1].text.index("extend it.") + len("extend it.")
    (tmp_path / "t.csv").write_text(f"article_id,start,end,issue\ngarrison,{start_of},{end_of},ceasefire\n", encoding="utf-8")
    found = csv(run("label", tmp_path / "t.csv", "--as", "statements", "--articles", folder).stdout)
    assert found["sentence"].tolist() == [articles[1].text[start_of:end_of]]
    assert "context" not in found.columns


def test_offsets_outside_the_article_are_an_error(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "t.csv").write_text("article_id,start,end,issue\ngarrison,0,99999,ceasefire\n", encoding="utf-8")
    result = run("label", tmp_path / "t.csv", "--as", "statements", "--articles", folder)
    assert result.exit_code == 1
    assert "outside article 'garrison'" in result.stderr


def test_articles_need_a_table_with_offsets(table: Path, folder: Path) -> None:
    result = run("label", table, "--articles", folder)
    assert result.exit_code == 1
    assert "it lacks article_id, start, end" in result.stderr


# Every attribution


QUARRY = """The quarry will close in May, foreman Sten Lie said. “We are nine men,” he added.
The villagers believe the hill is hollow.
"""


@pytest.fixture
def quarry(tmp_path: Path) -> Path:
    (tmp_path / "quarry.txt").write_text(QUARRY, encoding="utf-8")
    return tmp_path / "quarry.txt"


def test_every_attribution_is_written_whatever_its_topic(quarry: Path) -> None:
    result = run("quotes", quarry)
    found = csv(result.stdout)
    assert result.exit_code == 0
    assert tuple(found.columns) == ATTRIBUTION_COLUMNS
    assert found["speaker_mention"].tolist() == ["foreman Sten Lie", "he", "The villagers"]
    assert found["quote_type"].tolist() == ["indirect", "direct", "indirect"]
    assert "1 articles, 3 attributions" in result.stderr


def test_attitudes_can_be_left_out(quarry: Path) -> None:
    found = csv(run("quotes", quarry, "--no-attitudes").stdout)
    assert found["cue_class"].tolist() == ["speech", "speech"]


def test_a_split_quotation_is_one_row_with_two_spans(tmp_path: Path) -> None:
    text = "“The drum,” foreman Sten Lie said, “is older than the hill it stands on.”"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    [row] = [json.loads(line) for line in run("quotes", tmp_path / "a.txt", "--format", "jsonl").stdout.splitlines()]
    assert [text[start:end] for start, end in row["content"]] == ["“The drum,”", "“is older than the hill it stands on.”"]
    assert [text[start:end] for start, end in row["source"] + row["cue"]] == ["foreman Sten Lie", "said"]


def test_every_format_holds_the_same_attributions(quarry: Path, tmp_path: Path) -> None:
    for suffix in ("csv", "jsonl", "parquet"):
        assert run("quotes", quarry, "-o", tmp_path / f"out.{suffix}").exit_code == 0
    lines, stored = read_table(tmp_path / "out.jsonl"), read_table(tmp_path / "out.parquet")
    joined = [";".join(f"{start}:{end}" for start, end in spans) for spans in lines["content"]]
    assert read_table(tmp_path / "out.csv")["content"].tolist() == joined
    assert [[list(span) for span in spans] for spans in stored["content"]] == lines["content"].tolist()
    assert stored["quote"].tolist() == lines["quote"].tolist()


def test_attributions_of_a_folder_and_of_standard_input_are_found(folder: Path) -> None:
    assert set(csv(run("quotes", folder).stdout)["article_id"]) == {"harbour", "garrison", "courtyard"}
    assert csv(run("quotes", "-", stdin=QUARRY).stdout)["cue_text"].tolist() == ["said", "added", "believe"]


def test_an_article_without_attributions_gives_a_header_in_every_format(tmp_path: Path) -> None:
    (tmp_path / "rain.txt").write_text("It rained all day, and the people of the town stayed in their houses.", encoding="utf-8")
    assert run("quotes", tmp_path / "rain.txt").stdout.strip() == ",".join(ATTRIBUTION_COLUMNS)
    assert run("quotes", tmp_path / "rain.txt", "-o", tmp_path / "out.parquet").exit_code == 0
    assert tuple(read_table(tmp_path / "out.parquet").columns) == ATTRIBUTION_COLUMNS


def test_a_bad_file_is_named_and_counted_by_quotes_too(folder: Path) -> None:
    (folder / "bad.txt").write_bytes(b"PK\x03\x04\x00\x00\x00")
    result = run("quotes", folder)
    assert result.exit_code == 0
    assert f"skipped: {folder / 'bad.txt'}" in result.stderr
    assert "skipped 1:" in result.stderr


def test_no_article_for_quotes_is_an_error_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"")
    result = run("quotes", tmp_path / "bad.txt", "-o", tmp_path / "out.csv")
    assert result.exit_code == 1
    assert "nothing was written" in result.stderr
    assert not (tmp_path / "out.csv").exists()


def test_attributions_are_not_written_over_a_file(quarry: Path, tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("precious", encoding="utf-8")
    assert run("quotes", quarry, "-o", tmp_path / "out.csv").exit_code == 1
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "precious"


def test_attributions_are_shown_for_eyes(quarry: Path) -> None:
    shown = run("quotes", quarry, "--show").stdout
    assert "foreman Sten Lie" in shown
    assert "We are nine men" in shown


# Training and evaluating


@pytest.mark.slow
def test_a_trained_model_can_be_evaluated_and_used(annotated: Path, tmp_path: Path, folder: Path) -> None:
    trained = run("train", annotated, "-o", tmp_path / "own.joblib")
    card = json.loads((tmp_path / "own.card.json").read_text(encoding="utf-8"))
    evaluated = run("evaluate", annotated, "--model", tmp_path / "own.joblib")
    labelled = csv(run("label", folder, "--model", tmp_path / "own.joblib").stdout)
    assert [trained.exit_code, evaluated.exit_code] == [0, 0]
    assert card["file"]["bytes"] == (tmp_path / "own.joblib").stat().st_size
    assert "macro-F1" in trained.stdout
    assert f"model {card['name']}" in evaluated.stdout
    assert set(labelled["model"]) == {card["name"]}


@pytest.mark.slow
def test_training_twice_gives_the_same_file(annotated: Path, tmp_path: Path) -> None:
    run("train", annotated, "-o", tmp_path / "own.joblib", "-q")
    first = (tmp_path / "own.joblib").read_bytes()
    assert run("train", annotated, "-o", tmp_path / "own.joblib", "-q", "--force").output == ""
    assert (tmp_path / "own.joblib").read_bytes() == first


def test_an_existing_model_is_replaced_only_by_force(annotated: Path, tmp_path: Path) -> None:
    (tmp_path / "own.joblib").write_bytes(b"precious")
    result = run("train", annotated, "-o", tmp_path / "own.joblib")
    assert result.exit_code == 1
    assert (tmp_path / "own.joblib").read_bytes() == b"precious"


@pytest.mark.slow
def test_an_existing_card_is_replaced_only_by_force(annotated: Path, tmp_path: Path) -> None:
    (tmp_path / "own.card.json").write_text("precious", encoding="utf-8")
    run("train", annotated, "-o", tmp_path / "own.joblib")
    assert (tmp_path / "own.card.json").read_text(encoding="utf-8") == "precious"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("sentence,issue\nx,ceasefire\n", "no column 'stance'"),
        ("sentence,stance\nThey quit.,angry\n", "Unknown labels"),
        ("sentence,stance\nThey quit.,oppose\n", "Only 1 usable"),
    ],
)
def test_annotations_that_cannot_be_learned_from_are_an_error(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "a.csv").write_text(content, encoding="utf-8")
    result = run("train", tmp_path / "a.csv", "-o", tmp_path / "own.joblib")
    assert result.exit_code == 1
    assert said in result.stderr
    assert not (tmp_path / "own.joblib").exists()


def test_a_model_file_needs_its_suffix(annotated: Path, tmp_path: Path) -> None:
    result = run("train", annotated, "-o", tmp_path / "own.csv")
    assert result.exit_code == 1
    assert ".joblib" in result.stderr


def test_figures_as_json_can_be_read(annotated: Path) -> None:
    result = run("evaluate", annotated, "--json")
    figures = json.loads(result.stdout)
    assert result.exit_code == 0
    assert figures["all"]["n_statements"] == 36
    assert sorted(figures["by_issue"]) == ["ceasefire", "peace_process", "sanctions"]
    assert figures["left_out"] == []


def test_the_shipped_model_scores_above_the_majority_on_plain_sentences(annotated: Path) -> None:
    figures = json.loads(run("evaluate", annotated, "--json").stdout)["all"]
    assert figures["macro_f1"]["value"] > 2 * figures["majority_macro_f1"]["value"]


def test_what_was_left_out_is_told(tmp_path: Path, annotations: pd.DataFrame) -> None:
    annotations.loc[0, "sentence"] = ""
    annotations.to_csv(tmp_path / "a.csv", index=False)
    result = run("evaluate", tmp_path / "a.csv")
    assert result.exit_code == 0
    assert "left out: 1 without text" in result.stderr


def test_tables_with_different_columns_can_be_joined(tmp_path: Path, annotations: pd.DataFrame) -> None:
    annotations.assign(sender="USA", speaker_actor="USA").to_csv(tmp_path / "full.csv", index=False)
    annotations.assign(speaker_actor="USA").to_csv(tmp_path / "plain.csv", index=False)
    result = run("evaluate", tmp_path / "full.csv", tmp_path / "plain.csv", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["all"]["n_statements"] == 72


# As a process of its own


@pytest.mark.slow
def test_a_process_writes_csv_into_a_pipe_and_notes_beside_it(folder: Path) -> None:
    done = start("label", folder)
    assert done.returncode == 0
    assert done.stdout.decode().splitlines()[0] == ",".join(STATEMENT_COLUMNS)
    assert done.stderr.decode().startswith("3 articles, ")


@pytest.mark.slow
def test_a_process_reads_standard_input(articles: list[Article]) -> None:
    done = start("label", "-", "-q", stdin=articles[1].text.encode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert "“There will be no ceasefire".encode() in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "status"), [(["label", "gone.txt"], 1), (["label", "x", "--issue", "y"], 2), (["--version"], 0)]
)
def test_a_process_ends_with_the_status_promised(arguments: list[str], status: int) -> None:
    done = start(*arguments)
    assert done.returncode == status
    assert b"Traceback" not in done.stderr


@pytest.mark.slow
def test_a_reader_that_stops_early_sees_no_traceback(tmp_path: Path) -> None:
    sentence = "Kari Lund of Norway rejected the sanctions on Iran, and the ministers of the two countries met in the town."
    (tmp_path / "many.jsonl").write_text(
        "".join(json.dumps({"id": i, "text": sentence}) + "\n" for i in range(600)), encoding="utf-8"
    )
    program = f"{sys.executable} -c 'from stance.cli import app; app()' label {tmp_path / 'many.jsonl'} | head -c 1"
    done = subprocess.run(["bash", "-c", program], capture_output=True, check=False)
    assert done.stdout == b"s"
    assert b"Traceback" not in done.stderr


def test_evaluation_on_the_training_data_says_so(annotated: Path, tmp_path: Path) -> None:
    run("train", annotated, "-o", tmp_path / "mine.joblib", "-q")
    result = run("evaluate", annotated, "--model", tmp_path / "mine.joblib")
    assert "trained on these very statements" in result.stderr


@pytest.fixture
def own(annotated: Path, tmp_path: Path) -> Path:
    """A model trained on the annotated table, its card beside it."""
    assert run("train", annotated, "-o", tmp_path / "mine.joblib", "-q").exit_code == 0
    return tmp_path / "mine.joblib"


def test_two_models_are_compared_on_the_same_statements(annotated: Path, own: Path) -> None:
    printed = run("evaluate", annotated, "--against", own)
    figures = json.loads(run("evaluate", annotated, "--against", own, "--json").stdout)
    assert printed.exit_code == 0
    assert "compared with" in printed.stdout
    assert "model mine-" in printed.stdout
    assert figures["rivals"][0]["name"].startswith("model mine-")
    assert set(figures["rivals"][0]["lead"]) == {"macro_f1", "accuracy", "verdict"}


def test_a_model_to_compare_with_must_be_there(annotated: Path, tmp_path: Path) -> None:
    result = run("evaluate", annotated, "--against", tmp_path / "gone.joblib")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "There is no model file" in result.stderr


def test_everything_measured_is_in_the_json_and_in_the_text(annotated: Path) -> None:
    figures = json.loads(run("evaluate", annotated, "--json").stdout)
    printed = run("evaluate", annotated).stdout
    assert {"model", "left_out", "all", "by_issue", "units", "rivals", "calibration", "coverage", "notes"} <= set(figures)
    assert len(figures["coverage"]) == 12
    for mark in ("macro-F1", "by issue", "compared with", "calibration:", "--abstain-below", "VADER"):
        assert mark in printed
    assert max(len(line) for line in printed.splitlines()) <= 100


def test_targets_are_seen_or_not_by_the_card_beside_the_model(annotations: pd.DataFrame, own: Path, tmp_path: Path) -> None:
    annotations.assign(location="LBY").to_csv(tmp_path / "new.csv", index=False)
    with_card = json.loads(run("evaluate", tmp_path / "new.csv", "--model", own, "--json").stdout)
    card = json.loads(own.with_suffix(".card.json").read_text(encoding="utf-8"))
    del card["trained_on"]["targets"]
    own.with_suffix(".card.json").write_text(json.dumps(card), encoding="utf-8")
    without = run("evaluate", tmp_path / "new.csv", "--model", own)
    assert list(with_card["by_target"]) == ["not named", "unseen"]
    assert without.exit_code == 0
    assert "target in training" not in without.stdout
    assert "lists no targets" in " ".join(without.stdout.split())


@pytest.mark.parametrize("content", ["{", "[]", '{"name": "x"}'])
def test_a_damaged_card_is_an_error(annotated: Path, own: Path, content: str) -> None:
    own.with_suffix(".card.json").write_text(content, encoding="utf-8")
    result = run("evaluate", annotated, "--model", own)
    assert result.exit_code == 1
    assert "card" in result.stderr


def test_the_card_holds_what_is_printed(annotated: Path, tmp_path: Path) -> None:
    printed = run("train", annotated, "-o", tmp_path / "mine.joblib", "--no-curve").stdout
    scores = json.loads((tmp_path / "mine.card.json").read_text(encoding="utf-8"))["cross_validation"]
    assert {"folds", "grouped_by", "all", "by_issue", "by_target", "units", "rivals", "calibration", "coverage"} <= set(scores)
    assert f"macro-F1 {scores['all']['macro_f1']['value']:.3f}" in printed
    assert "grouped by article and near-duplicate" in printed


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"stance": "oppose"}, "All 36 statements are labelled 'oppose'"),
        ({"stance": "furious"}, "Unknown labels in the column 'stance': 'furious' (36)"),
        ({"stance": None}, "Only 0 usable annotated statements; at least 10 are needed. Left out: 36 without a stance"),
        ({"sentence": ""}, "Left out: 36 without text: row 1; row 2; row 3; …"),
    ],
)
def test_what_cannot_be_learned_from_leaves_nothing_behind(
    annotations: pd.DataFrame, tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    (tmp_path / "out").mkdir()
    annotations.assign(**change).to_csv(tmp_path / "a.csv", index=False)
    result = run("train", tmp_path / "a.csv", "-o", tmp_path / "out" / "own.joblib")
    assert result.exit_code == 1
    assert said in result.stderr
    assert list((tmp_path / "out").iterdir()) == []


def test_few_rows_and_one_label_are_scored_with_a_warning(annotations: pd.DataFrame, tmp_path: Path) -> None:
    annotations.head(4).to_csv(tmp_path / "four.csv", index=False)
    annotations[annotations["stance"] == "oppose"].to_csv(tmp_path / "one.csv", index=False)
    four, one = (run("evaluate", tmp_path / name) for name in ("four.csv", "one.csv"))
    assert [four.exit_code, one.exit_code] == [0, 0]
    assert "note: only 4 statements" in four.stdout
    assert "note: all statements are labelled 'oppose'" in one.stdout


def test_statements_without_an_article_are_counted(annotations: pd.DataFrame, tmp_path: Path) -> None:
    annotations.drop(columns="article_id").to_csv(tmp_path / "plain.csv", index=False)
    assert "note: 36 of 36 statements have no article_id" in run("evaluate", tmp_path / "plain.csv").stdout


def test_contradictory_rows_are_named(annotations: pd.DataFrame, tmp_path: Path) -> None:
    contrary = pd.concat([annotations, annotations.head(1).assign(stance="oppose")])
    contrary.to_csv(tmp_path / "a.csv", index=False)
    said = run("evaluate", tmp_path / "a.csv").stderr
    assert "left out: 1 the same statement with another label (first kept): row 37 oppose, row 1 support ('Ana Brandt" in said
