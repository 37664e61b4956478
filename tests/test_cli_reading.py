"""What the commands read, under which names, and what they do with near-duplicates."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from stance.cli import app
from stance.files import read_statements
from stance.records import ATTRIBUTION_COLUMNS, STATEMENT_COLUMNS

STORY = (
    "OSTHAVEN – Norway's foreign minister, Tove Lindal, said on Tuesday that she supported the sanctions on Iran. “The embargo "
    "works, and we will keep it,” she told reporters beside an idle crane.\n\n"
    "Hungary's prime minister, Bela Koros, rejected the sanctions on Iran on the same day and left before the dinner was served."
)
OTHER = "Iran's envoy, Navid Sorou, said in Sarn that the ceasefire in Yemen was welcome. He gave no date for talks."


def run(*args: object) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args])


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "wire.jsonl"
    texts = [STORY, f"Evening edition\n\n{STORY}", OTHER]
    rows = [{"nr": f"w{i}", "body": text, "day": f"{i + 4} March 2024"} for i, text in enumerate(texts)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


MAP = ("--map", "text=body,published=day", "--map", "id=nr")


def test_columns_are_mapped(archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    result = run("label", archive, *MAP, "-o", out)
    assert result.exit_code == 0, result.output
    table = read_statements(out)
    assert tuple(table.columns) == STATEMENT_COLUMNS
    assert set(table["article_id"]) == {"w0", "w1", "w2"}
    assert set(table["published"]) == {"2024-03-04", "2024-03-05", "2024-03-06"}


def test_without_a_map_the_message_names_the_columns_and_the_way_out(archive: Path) -> None:
    result = run("label", archive)
    assert result.exit_code == 1
    assert "no column 'text'; it has 'nr', 'body', 'day'; is it under another name? --map text=NAME" in result.stderr


@pytest.mark.parametrize(
    ("given", "said"),
    [("body", "'body' has no '='"), ("txt=body", "'txt' is no field of an article"), ("text=", "No column is named for 'text'")],
)
@pytest.mark.parametrize("command", ["label", "quotes", "explain"])
def test_a_map_that_cannot_be_understood_is_wrong_usage(archive: Path, command: str, given: str, said: str) -> None:
    result = run(command, archive, "--map", given)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.replace("│", " ").split())


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_flagged_near_duplicates_name_the_first_article(archive: Path, tmp_path: Path, suffix: str) -> None:
    pytest.importorskip("rensa")
    out = tmp_path / f"out.{suffix}"
    assert run("label", archive, *MAP, "--duplicates", "flag", "-o", out).exit_code == 0
    table = read_statements(out)
    assert tuple(table.columns) == (*STATEMENT_COLUMNS, "duplicate_of")
    told = table.groupby("article_id")["duplicate_of"].agg(lambda cells: [cell for cell in set(cells) if pd.notna(cell)])
    assert told.to_dict() == {"w0": [], "w1": ["w0"], "w2": []}


def test_parts_have_one_schema_whether_a_near_duplicate_is_in_them_or_not(archive: Path, tmp_path: Path) -> None:
    pytest.importorskip("rensa")
    from pyarrow import parquet

    alone = tmp_path / "alone.jsonl"
    alone.write_text(archive.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    for name, path in (("a", archive), ("b", alone)):
        assert run("label", path, *MAP, "--duplicates", "flag", "-o", tmp_path / f"{name}.parquet").exit_code == 0
    assert parquet.read_schema(tmp_path / "a.parquet") == parquet.read_schema(tmp_path / "b.parquet")


def test_dropped_near_duplicates_are_counted(archive: Path, tmp_path: Path) -> None:
    pytest.importorskip("rensa")
    result = run("label", archive, *MAP, "--duplicates", "drop", "-o", tmp_path / "out.csv")
    assert result.exit_code == 0
    assert f"skipped: {archive}:2: near-duplicate: 9" in result.stderr
    assert "2 articles, " in result.stderr
    assert "; skipped 1: 1 near-duplicate -> " in result.stderr


def test_attributions_are_flagged_too(archive: Path, tmp_path: Path) -> None:
    pytest.importorskip("rensa")
    out = tmp_path / "out.jsonl"
    assert run("quotes", archive, *MAP, "--duplicates", "flag", "-o", out).exit_code == 0
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert all(tuple(row) == (*ATTRIBUTION_COLUMNS, "duplicate_of") for row in rows)
    assert {(row["article_id"], row["duplicate_of"]) for row in rows} == {("w0", None), ("w1", "w0"), ("w2", None)}
    assert all(isinstance(row["content"][0][0], int) for row in rows)


def test_one_article_of_a_mapped_table_is_explained(archive: Path) -> None:
    result = run("explain", archive, *MAP, "--article", "w2")
    assert result.exit_code == 0
    assert "Navid Sorou" in result.stdout


@pytest.mark.parametrize(("option", "value"), [("--duplicates", "drop"), ("--map", "text=sentence")])
def test_a_table_of_ready_statements_has_no_articles_to_compare(tmp_path: Path, option: str, value: str) -> None:
    path = tmp_path / "ready.csv"
    path.write_text("sentence,issue\nThey agree.,ceasefire\n", encoding="utf-8")
    result = run("label", path, option, value)
    assert result.exit_code == 2
    assert option in result.stderr


def test_a_word_that_is_no_way_is_wrong_usage(archive: Path) -> None:
    assert run("label", archive, "--duplicates", "merge").exit_code == 2


def test_missing_extras_are_counted_file_by_file_and_named_once(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "trafilatura", None)
    for i in range(5):
        (tmp_path / f"{i}.html").write_text("<p>x</p>", encoding="utf-8")
    result = run("label", tmp_path, *MAP, "-o", tmp_path / "out.csv")
    assert result.exit_code == 0
    assert result.stderr.count("pip install 'stance[web]'") == 2  # the first, and how many more
    assert "4 more: web pages need an extra" in result.stderr
    assert "skipped 5: 5 web pages need an extra -> " in result.stderr


@pytest.mark.parametrize("command", ["label", "quotes"])
def test_the_help_says_what_is_read(command: str) -> None:
    shown = " ".join(run(command, "--help").stdout.split())
    for word in (".html", ".warc", ".docx", ".zip", ".gz", ".zst", "Nexis", "Factiva", "https://", "--map", "--duplicates"):
        assert word in shown
