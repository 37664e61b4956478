"""What stands in a CSV file is safe to open in a spreadsheet, and comes back exactly."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from stance.cli import app
from stance.files import open_writer, read_columns, read_statements, read_table, write_table
from stance.files.spreadsheets import defuse, restore
from stance.records import ATTRIBUTION_COLUMNS, LIST_COLUMNS, NUMBER_COLUMNS, STATEMENT_COLUMNS, WHOLE_COLUMNS

# What spreadsheets may run: OWASP, "CSV Injection".
SIGNS = "=+-@＝＋－＠"
FORMULAS = [f"{before}{sign}1+1" for sign in SIGNS for before in ("", " ", "\t", "\n")] + ["\tx", "\rx", "\nx", '=HYPERLINK("x")']
# Everything a file can hold; what matters more often than chance would have it.
CELLS = st.text(
    st.sampled_from(f"{SIGNS}''''\t\r\n ;,\"x5.e\u2028\ufeff") | st.characters(exclude_categories=("Cs", "Cc")), max_size=8
)
COLUMNS = (*STATEMENT_COLUMNS, *ATTRIBUTION_COLUMNS, "text", "a column of mine")
TEXTS = [name for name in STATEMENT_COLUMNS if name not in (*LIST_COLUMNS, *WHOLE_COLUMNS, *NUMBER_COLUMNS)]


def cells_of(path: Path) -> list[dict[str, str]]:
    """The cells as another program reads them."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@given(cell=CELLS, column=st.sampled_from(COLUMNS))
@example(cell="'=1", column="quote")
@example(cell="''", column="quote")
@example(cell="-5", column="a column of mine")
@example(cell="'-5", column="a column of mine")
def test_what_is_defused_is_restored(cell: str, column: str) -> None:
    assert restore(defuse(cell, column), column) == cell


@given(cells=st.tuples(CELLS, CELLS), column=st.sampled_from(COLUMNS))
def test_no_two_cells_become_one(cells: tuple[str, str], column: str) -> None:
    assert (defuse(cells[0], column) == defuse(cells[1], column)) == (cells[0] == cells[1])


@given(cell=CELLS, column=st.sampled_from(TEXTS))
def test_no_defused_cell_begins_like_a_formula(cell: str, column: str) -> None:
    assert not re.match(r"[\t\r\n]|\s*[=+\-@＝＋－＠]", defuse(cell, column))


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_formula_gets_one_apostrophe(cell: str) -> None:
    assert defuse(cell, "sentence") == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "'", "''", "'tis", "1-1", "a=b", "–5", "“-5”", "5", "'a'=", " x"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert defuse(cell, "sentence") == restore(cell, "sentence") == cell


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.fixed_dictionaries(dict.fromkeys(TEXTS, CELLS)), min_size=1, max_size=4), data=st.data())
def test_every_column_comes_back_from_the_file(tmp_path: Path, rows: list[dict[str, Any]], data: st.DataObject) -> None:
    parts = st.lists(CELLS.map(lambda cell: cell.replace(";", "-")).filter(bool), max_size=3)
    table = pd.DataFrame(rows)
    for name in LIST_COLUMNS:
        table[name] = pd.Series([data.draw(parts) for _ in rows], dtype=object)
    write_table(table, tmp_path / "a.csv", force=True)
    read, known = read_statements(tmp_path / "a.csv"), read_table(tmp_path / "a.csv")
    for name in TEXTS:
        assert known[name].tolist() == table[name].tolist()
    for name in LIST_COLUMNS:
        assert read[name].tolist() == table[name].tolist()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(CELLS.filter(lambda name: name.strip() and "\ufeff" not in name), min_size=2, max_size=4, unique=True))
def test_names_of_columns_are_cells_too(tmp_path: Path, names: list[str]) -> None:
    write_table(pd.DataFrame([names], columns=names), tmp_path / "a.csv", force=True)
    assert read_table(tmp_path / "a.csv").to_dict("records") == [dict(zip(names, names, strict=True))]
    assert read_columns(tmp_path / "a.csv") == tuple(names)


def test_numbers_stay_numbers(tmp_path: Path) -> None:
    row = {"start": -3, "p_support": -0.25, "mine": -1e-05, "text": "-5", "theirs": "-5", "stance": "-5 or so"}
    write_table(pd.DataFrame([row]), tmp_path / "a.csv")
    written = {"start": "-3", "p_support": "-0.25", "mine": "-1e-05", "text": "'-5", "theirs": "-5", "stance": "'-5 or so"}
    assert cells_of(tmp_path / "a.csv") == [written]
    assert read_table(tmp_path / "a.csv").to_dict("records") == [{name: str(cell) for name, cell in row.items()}]


def test_other_formats_hold_what_was_said(tmp_path: Path) -> None:
    table = pd.DataFrame({"sentence": ["=1+1"], "sender": [["-x", "EU"]]})
    for suffix in ("jsonl", "parquet"):
        write_table(table, tmp_path / f"a.{suffix}")
        assert read_table(tmp_path / f"a.{suffix}").to_dict("records") == [{"sentence": "=1+1", "sender": ["-x", "EU"]}]


def test_batches_and_whole_tables_are_defused_alike(tmp_path: Path) -> None:
    rows = [{"sentence": formula, "sender": ["-x"]} for formula in FORMULAS]
    with open_writer(tmp_path / "a.csv", ["sentence", "sender"]) as writer:
        writer.write(rows[:3])
        writer.write(rows[3:])
    write_table(pd.DataFrame(rows), tmp_path / "b.csv")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert [cell["sentence"] for cell in cells_of(tmp_path / "a.csv")] == [f"'{formula}" for formula in FORMULAS]


def test_raw_cells_are_to_be_had(tmp_path: Path) -> None:
    table = pd.DataFrame({"sentence": ["=1+1"]})
    write_table(table, tmp_path / "a.csv", defuse=False)
    with open_writer(tmp_path / "b.csv", ["sentence"], defuse=False) as writer:
        writer.write(table.to_dict("records"))
    assert cells_of(tmp_path / "a.csv") == cells_of(tmp_path / "b.csv") == [{"sentence": "=1+1"}]


# On the command line

ATTACK = """LISBON – "=HYPERLINK(0)" was written on the wall. Portugal's foreign minister, Marta Quell, said on Tuesday:

-2+3+cmd|' /C calc'!A0 is no answer, and the sanctions on Iran must be lifted, said Marta Quell, Portugal's foreign minister.
"""


@pytest.fixture
def attack(tmp_path: Path) -> Path:
    path = tmp_path / "articles.jsonl"
    path.write_text(json.dumps({"id": "=1+1", "text": ATTACK, "outlet": "@home", "url": "+x"}) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("command", ["label", "quotes"])
def test_commands_write_csv_without_formulas(attack: Path, tmp_path: Path, command: str) -> None:
    assert CliRunner().invoke(app, [command, str(attack), "-o", str(tmp_path / "a.csv")]).exit_code == 0
    assert CliRunner().invoke(app, [command, str(attack), "-o", str(tmp_path / "raw.csv"), "--no-defuse"]).exit_code == 0
    [safe, *_], [raw, *_] = cells_of(tmp_path / "a.csv"), cells_of(tmp_path / "raw.csv")
    assert (safe["article_id"], raw["article_id"]) == ("'=1+1", "=1+1")
    assert [cell for row in cells_of(tmp_path / "a.csv") for cell in row.values() if re.match(r"[=+\-@\t\r\n]", cell)] == []


def test_parts_are_defused_too(attack: Path, tmp_path: Path) -> None:
    for name, options in (("safe", []), ("raw", ["--no-defuse"])):
        run = CliRunner().invoke(app, ["label", str(attack), "-o", f"{tmp_path}/{name}/", "--format", "csv", *options])
        assert run.exit_code == 0
    assert cells_of(tmp_path / "safe" / "part-00000.csv")[0]["article_id"] == "'=1+1"
    assert cells_of(tmp_path / "raw" / "part-00000.csv")[0]["article_id"] == "=1+1"


def test_a_pipe_gets_csv_without_formulas_too(attack: Path) -> None:
    assert "\n" in (piped := CliRunner().invoke(app, ["label", str(attack), "-q"]).stdout)
    assert ",'=1+1,'@home," in piped
    assert ",=1+1,@home," in CliRunner().invoke(app, ["label", str(attack), "-q", "--no-defuse"]).stdout


def test_offsets_of_a_defused_table_point_into_the_articles(attack: Path, tmp_path: Path) -> None:
    CliRunner().invoke(app, ["label", str(attack), "-o", str(tmp_path / "a.csv")])
    again = CliRunner().invoke(app, ["label", str(tmp_path / "a.csv"), "--articles", str(attack), "-o", str(tmp_path / "b.csv")])
    table = read_statements(tmp_path / "b.csv")
    assert again.exit_code == 0
    assert table["stance"].tolist() == table["stance_predicted"].tolist()
    assert [ATTACK[start:end] for start, end in zip(table["start"], table["end"], strict=True)] == table["sentence"].tolist()
    assert any(sentence.startswith("-") for sentence in table["sentence"])
