"""``stance label`` and ``stance quotes`` into folders and over processes: the rows of a plain run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from stance.cli import app
from stance.engines import work
from stance.files import read_statements, read_table
from stance.records import Article


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def news(tmp_path: Path, articles: list[Article]) -> Path:
    """The tiny corpus as text files."""
    folder = tmp_path / "news"
    folder.mkdir()
    for article in articles:
        (folder / f"{article.id}.txt").write_text(article.text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_parts_hold_the_rows_of_the_single_file(news: Path, tmp_path: Path, suffix: str) -> None:
    run("label", news, "-o", tmp_path / f"whole.{suffix}")
    result = run("label", news, "-o", f"{tmp_path}/out/", "--format", suffix, "--part-articles", 2)
    parts = [read_statements(path) for path in sorted((tmp_path / "out").glob(f"part-*.{suffix}"))]
    assert result.exit_code == 0
    assert f"-> {tmp_path}/out/ (2 parts)" in result.stderr
    pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), read_statements(tmp_path / f"whole.{suffix}"))


def test_two_jobs_write_what_one_writes(news: Path, tmp_path: Path) -> None:
    for jobs in (1, 2):
        run("label", news, "-o", tmp_path / f"{jobs}.jsonl", "--jobs", jobs)
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()


def test_quotes_go_to_a_folder_too(news: Path, tmp_path: Path) -> None:
    run("quotes", news, "-o", tmp_path / "whole.jsonl")
    run("quotes", news, "-o", f"{tmp_path}/out/", "--format", "jsonl")
    assert (tmp_path / "out" / "part-00000.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


def test_an_empty_folder_that_is_there_takes_parts(news: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert run("label", news, "-o", tmp_path / "out").exit_code == 0
    assert (tmp_path / "out" / "part-00000.parquet").exists()


def test_resuming_a_finished_run_says_so(news: Path, tmp_path: Path) -> None:
    run("label", news, "-o", f"{tmp_path}/out/")
    result = run("label", news, "-o", f"{tmp_path}/out/", "--resume")
    assert result.exit_code == 0
    assert "holds a finished run; nothing is left to do" in result.stderr
    assert "3 articles" in result.stderr


def test_other_options_are_not_resumed(news: Path, tmp_path: Path) -> None:
    run("label", news, "-o", f"{tmp_path}/out/")
    result = run("label", news, "-o", f"{tmp_path}/out/", "--resume", "--abstain-below", 0.6)
    assert result.exit_code == 1
    assert "was begun with abstain below none; now it is 0.6" in result.stderr


@pytest.mark.parametrize("option", [["--resume"], ["--part-articles", "7"]])
def test_what_only_a_folder_can_use_is_a_usage_error_elsewhere(news: Path, tmp_path: Path, option: list[str]) -> None:
    result = run("label", news, "-o", tmp_path / "out.csv", *option)
    assert result.exit_code == 2
    assert "end OUT in / to make it one" in result.stderr


def test_a_folder_of_other_things_is_not_filled_with_parts(news: Path) -> None:
    result = run("label", news, "-o", news)
    assert result.exit_code == 1
    assert "has no suffix" in result.stderr


def test_nothing_to_label_ends_with_status_1(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    result = run("label", tmp_path / "empty.txt", "-o", f"{tmp_path}/out/")
    assert result.exit_code == 1
    assert "no article could be read" in result.stderr


@pytest.mark.parametrize("output", ["out.jsonl", "out/"])
def test_a_bad_article_is_told_of_and_the_rest_is_labelled(
    news: Path, tmp_path: Path, output: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    label = work.pipeline.label_articles

    def stumble(articles: list[Article], *arguments: Any, **options: Any) -> Any:
        return 1 / 0 if "garrison" in {article.id for article in articles} else label(articles, *arguments, **options)

    monkeypatch.setattr(work.pipeline, "label_articles", stumble)
    result = run("label", news, "-o", f"{tmp_path}/{output}")
    assert result.exit_code == 0
    assert "garrison: could not be worked through: ZeroDivisionError: division by zero" in result.stderr
    assert "2 articles" in result.stderr
    assert "skipped 1: 1 could not be worked through" in result.stderr


def test_a_broken_file_is_listed_in_the_folder(news: Path, tmp_path: Path) -> None:
    (news / "broken.jsonl").write_text("{no json\n", encoding="utf-8")
    result = run("label", news, "-o", f"{tmp_path}/out/")
    failures = read_table(tmp_path / "out" / "_run" / "failures.jsonl")
    assert f"failures in {tmp_path}/out/_run/failures.jsonl" in result.stderr
    assert failures["input"].tolist() == [f"{news}/broken.jsonl:1"]
    assert failures["reason"][0].startswith("broken JSON")
