"""What `stance review` refuses before it serves anything, and what it says."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from stance.cli import app
from stance.cli import review as command
from stance.files import write_table
from stance.files.store import AnnotationStore


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["review", *arguments, "--no-browser"])
    return done.exit_code, done.output


@pytest.fixture
def table(tmp_path: Path, labelled: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_table(labelled, tmp_path / "statements.csv")
    return tmp_path / "statements.csv"


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Serve nothing: be interrupted at once, and tell the address."""
    addresses: list[str] = []

    def interrupted(_app: object, listening: object) -> None:
        addresses.append(str(listening))
        listening.close()  # type: ignore[attr-defined]
        raise KeyboardInterrupt

    monkeypatch.setattr("stance.review.server.serve", interrupted)
    return addresses


def test_a_table_is_taken_in_and_ctrl_c_says_how_to_go_on(table: Path, labelled: pd.DataFrame, served: list[str]) -> None:
    status, said = run(str(table), "--annotator", "ana", "--port", "0")
    n = len(labelled)
    assert status == 0
    assert f"{n} statements in {table}, {n} of them new to annotations.db." in said
    assert f"ana: 0 of {n} decided in annotations.db" in said
    assert "http://127.0.0.1:" in said
    assert (
        f"0 of {n} decided; annotations.db; go on with: stance review --annotator ana; "
        "then: stance retrain --annotations annotations.db" in said
    )
    assert len(AnnotationStore(Path("annotations.db")).statements()) == n
    assert len(served) == 1


def test_what_orders_and_narrows_is_part_of_going_on(table: Path, served: list[str]) -> None:
    options = ("--annotations", "my store.db", "--order", "file", "--issue", "ceasefire", "--issue", "sanctions", "--show-others")
    _, said = run(str(table), *options, "--port", "0")
    assert (
        "go on with: stance review --annotations 'my store.db' --order file --issue ceasefire --issue sanctions --show-others;"
        in said
    )


def test_a_review_goes_on_without_the_table(table: Path, labelled: pd.DataFrame, served: list[str]) -> None:
    run(str(table), "--port", "0")
    status, said = run("--annotator", "bo", "--issue", "ceasefire", "--port", "0")
    n_left = int((labelled["issue"] == "ceasefire").sum())
    assert status == 0
    assert f"bo: 0 of {n_left} decided" in said


def test_articles_are_kept_where_a_statement_needs_them(table: Path, served: list[str]) -> None:
    Path("more").mkdir()
    Path("more/elsewhere.txt").write_text(
        "The minister said that the weather was fine and that he would go home.", encoding="utf-8"
    )
    Path("more/harbour.txt").write_text("The minister said that the talks on Iran were over for now.", encoding="utf-8")
    _, said = run(str(table), "--articles", "more", "--port", "0")
    assert "1 articles added" in said
    assert [one.id for one in AnnotationStore(Path("annotations.db")).articles()] == ["harbour"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "There is no store annotations.db to go on with"),
        (("none.csv",), "There is no file none.csv"),
        (("plain.csv",), "has no column statement_id; give a table that 'stance label' wrote"),
        (("statements.csv", "--host", "0.0.0.0"), "0.0.0.0 can be reached from other computers"),
        (("statements.csv", "--token", "short"), "needs at least 16"),
        (("statements.csv", "--issue", "tariffs"), "nobody would be shown a statement"),
        (("statements.csv", "--adjudicate"), "no two annotators disagree"),
        (("statements.csv", "--model", "none.joblib"), "There is no model file 'none.joblib'"),
    ],
)
def test_what_cannot_be_reviewed_is_said_in_one_line(
    table: Path, served: list[str], arguments: tuple[str, ...], message: str
) -> None:
    pd.DataFrame({"sentence": ["Oslo woke."]}).to_csv("plain.csv", index=False)
    status, said = run(*arguments)
    assert status == 1
    assert message in said
    assert served == []


@pytest.mark.parametrize(
    "arguments", [("--order", "random"), ("--stance", "yes"), ("--below", "2"), ("--random-share", "-1"), ("--annotator", " ")]
)
def test_wrong_usage_is_told_from_the_rest(table: Path, served: list[str], arguments: tuple[str, ...]) -> None:
    assert run(str(table), *arguments)[0] == 2
    assert served == []


def test_without_the_extra_the_command_says_how_to_get_it(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "find_spec", lambda name: None if name == "uvicorn" else object())
    status, said = run(str(table))
    assert status == 1
    assert "The review page needs uvicorn: pip install 'stance[review]'" in said
    assert not Path("annotations.db").exists()
