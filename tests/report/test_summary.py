"""The page of a summary: everything in it, nothing broken by what people are called, small for any number of statements."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import stance
from stance.cli import app
from stance.files import write_table
from stance.records import Article
from stance.report.summary import choose_quotes, draw_summary, render_summary, summarize_statements

HOSTILE = '</script><img src=x onerror="alert(1)">\u202e' + "Äöü " * 200


class Reader(HTMLParser):
    """Collects tags, to see what a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def read_tags(page: str) -> list[tuple[str, dict[str, str | None]]]:
    reader = Reader()
    reader.feed(page)
    return reader.tags


def read_quotes(page: str) -> dict[str, list[list[str]]]:
    found = re.search(r'<script type="application/json" id="quotes">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


@pytest.fixture(scope="module")
def statements(articles: list[Article]) -> pd.DataFrame:
    return stance.label(articles)


def test_every_statement_is_counted_and_can_be_read(statements: pd.DataFrame) -> None:
    found = summarize_statements(statements)
    page = render_summary(found, draw_summary(found), title="Three articles")
    assert sum(len(said) for said in read_quotes(page).values()) == len(statements)
    assert f"<strong>{len(statements)}</strong>" in page
    assert found.adjusted is None
    assert set(found.tables()) == {"actors", "persons", "timelines", "shifts", "outlets"}


def test_hostile_names_break_nothing(statements: pd.DataFrame) -> None:
    for column in ("speaker", "speaker_actor", "target", "outlet", "sentence", "issue", "published"):
        table = statements.assign(**{column: HOSTILE}, url="javascript:alert(1)")
        found = summarize_statements(table)
        page = render_summary(found, draw_summary(found), title=HOSTILE.replace("\u202e", ""))
        tags = read_tags(page)
        assert not [tag for tag, _ in tags if tag == "img"]
        assert len([tag for tag, _ in tags if tag == "script"]) == 2
        assert "\u202e" not in page
        assert {quote[5] for said in read_quotes(page).values() for quote in said} == {""}


def test_a_page_asks_nothing_of_the_network(statements: pd.DataFrame) -> None:
    found = summarize_statements(statements)
    tags = read_tags(render_summary(found, draw_summary(found), title="x"))
    asked = [told.get("src") or told.get("href") for tag, told in tags if tag in ("img", "script", "link", "iframe", "a")]
    assert [one for one in asked if one and not one.startswith("#")] == []


def test_empty_tables_make_a_page_that_says_so(statements: pd.DataFrame) -> None:
    found = summarize_statements(statements.iloc[:0])
    page = render_summary(found, draw_summary(found), title="Nothing")
    assert "No statement has both an actor and a target." in page
    assert "<strong>0</strong>" in page


def test_fifty_thousand_statements_fit_into_a_page() -> None:
    n = 50_000
    table = pd.DataFrame(
        {
            "article_id": [f"a{i // 5}" for i in range(n)],
            "outlet": [f"Outlet {i % 40}" for i in range(n)],
            "published": [f"{2000 + i % 25}-{i % 12 + 1:02}-11" for i in range(n)],
            "sentence": [
                f"Statement number {i} is as long as most, and speaks on and on of what is the matter. " * 2 for i in range(n)
            ],
            "speaker": [f"Speaker {i % 3000}" for i in range(n)],
            "speaker_actor": [f"A{i % 120}" for i in range(n)],
            "issue": "sanctions",
            "target": [f"sanctions on State {i % 70}" for i in range(n)],
            "stance": [("support", "oppose", "neutral")[i * 7 % 3] for i in range(n)],
        }
    )
    found = summarize_statements(table)
    page = render_summary(found, [], title="Many")
    assert len(page.encode()) < 5e6
    assert found.actors["statements"].sum() == n


def test_quotes_hold_the_first_and_the_latest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stance.report.summary._QUOTED", 500)
    table = pd.DataFrame(
        {
            "actor": "NOR",
            "target": "truce",
            "date": pd.to_datetime([f"2020-01-{day:02}" for day in range(1, 31)]),
            "stance": "support",
            "person": "Kari Lund",
            "sentence": [f"Day {day}." for day in range(1, 31)],
            "outlet": "",
            "url": "https://news.test/a",
        }
    )
    said = choose_quotes(table, {("NOR", "truce")})["NOR|truce"]
    assert (said[0][3], said[-1][3]) == ("Day 1.", "Day 30.")
    assert 2 <= len(said) < 10


def test_the_command_writes_page_tables_and_figures(tmp_path: Path, statements: pd.DataFrame) -> None:
    write_table(statements, tmp_path / "statements.csv")
    arguments = [
        "summary",
        str(tmp_path / "statements.csv"),
        "-o",
        str(tmp_path / "page.html"),
        "--tables",
        str(tmp_path / "tables"),
    ]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert f"{len(statements)} statements" in done.output
    written = {path.name for path in (tmp_path / "tables").iterdir()}
    assert {
        "actors.csv",
        "persons.csv",
        "shifts.csv",
        "timelines.csv",
        "outlets.csv",
        "timeline-0.svg",
        "timeline-0.png",
    } <= written
    assert "var(" not in (tmp_path / "tables" / "timeline-0.svg").read_text(encoding="utf-8")
    again = CliRunner().invoke(app, arguments)
    assert again.exit_code == 1
    assert "page.html exists; pass --force" in again.output


def test_errors_are_corrected_for_as_measured_on_annotations(
    tmp_path: Path, statements: pd.DataFrame, annotations: pd.DataFrame
) -> None:
    many = pd.concat([statements.assign(sentence=statements["sentence"] + str(i)) for i in range(20)])
    write_table(many, tmp_path / "statements.jsonl")
    write_table(annotations, tmp_path / "mine.csv")
    arguments = [
        "summary",
        str(tmp_path / "statements.jsonl"),
        "-o",
        str(tmp_path / "page.html"),
        "--adjust",
        str(tmp_path / "mine.csv"),
    ]
    done = CliRunner().invoke(app, [*arguments, "--tables", str(tmp_path / "tables")])
    assert done.exit_code == 0, done.output
    assert "as measured on 36 annotated statements" in (tmp_path / "page.html").read_text(encoding="utf-8")
    adjusted = pd.read_csv(tmp_path / "tables" / "adjusted.csv")
    told = adjusted.dropna()
    assert len(told) > 2
    assert (told["adjusted_low"] <= told["adjusted_high"]).all()
