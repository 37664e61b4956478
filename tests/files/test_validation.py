"""What is wrong with an annotation table is told row by row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from stance.cli import app
from stance.files.annotations import typed_cells
from stance.files.validation import read_schema, validate_file, validate_rows
from stance.records import ANNOTATION_COLUMNS, QUOTE_TYPES, STANCES, VERDICTS, Article

TABLE = Path(__file__).resolve().parents[2] / "docs" / "annotation-table.md"
TEXT = "The ferry sailed. Ulm's envoy wants the embargo on Iran lifted, he said."
SENTENCE = "Ulm's envoy wants the embargo on Iran lifted, he said."
GOOD: dict[str, Any] = {
    "statement_id": "3fa2",
    "article_id": "ferry",
    "published": "2024-05-01",
    "start": 18,
    "end": 72,
    "sentence": SENTENCE,
    "speaker": "Ulm's envoy",
    "speaker_actor": "DEU",
    "issue": "sanctions",
    "sender": ["EU"],
    "recipient": ["IRN"],
    "location": [],
    "stance": "oppose",
    "verdict": "statement",
    "annotator": "ana",
    "decided_at": "2026-11-20T09:15:00.125+00:00",
    "adjudicated": False,
}


def problems(*rows: dict[str, Any], articles: tuple[Article, ...] = (Article("ferry", TEXT),)) -> list[str]:
    columns = {name: [row.get(name) for row in rows] for row in rows for name in row}
    return [str(one) for one in validate_rows(columns, len(rows), articles).problems]


def test_a_good_row_is_good() -> None:
    assert problems(GOOD) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"stance": "supports"}, "stance 'supports' is not one of support, oppose, neutral; did you mean 'support'?"),
        ({"verdict": "no"}, "verdict 'no' is not one of statement, no_statement, unsure"),
        ({"stance": None}, "the verdict 'statement' needs a stance"),
        ({"verdict": "unsure"}, "the verdict 'unsure' does not go with the stance 'oppose'"),
        ({"annotator": None}, "the verdict 'statement' needs an annotator"),
        ({"verdict": None}, "'ana' gives no verdict"),
        ({"speaker_actor": "Germany"}, "speaker_actor 'Germany' is not a code (capitals, digits and _); did you mean 'DEU'?"),
        ({"speaker_actor": "US"}, "speaker_actor 'US' is not a known code; did you mean 'USA'?"),
        ({"sender": ["EU", "EU"]}, "sender names a code twice: EU, EU"),
        ({"issue": "sanction"}, "issue 'sanction' is not one of sanctions, ceasefire, peace_process; did you mean 'sanctions'?"),
        ({"location": ["IRN"]}, "sanctions have no location, but it is IRN"),
        ({"published": "1 May"}, r"published '1 May' is not of the form ^\d{4}-\d{2}-\d{2}$"),
        ({"start": "ten"}, "start is 'ten', not integer"),
        ({"adjudicated": "maybe"}, "adjudicated is 'maybe', not boolean"),
        ({"start": 17, "end": 71}, f"17:71 of article 'ferry' is {TEXT[17:57]!r}, not the sentence; that stands at 18:72"),
        ({"start": 18, "end": 999}, "18:999 lies outside article 'ferry', which has 72 characters"),
        ({"end": None}, "start is 18 and end is None; both or neither"),
    ],
)
def test_each_fault_is_told_with_what_to_do(change: dict[str, Any], message: str) -> None:
    assert problems({**GOOD, **change}) == [f"row 1 (statement 3fa2): {message}"]


def test_rows_are_compared_with_each_other() -> None:
    other = {**GOOD, "annotator": "bo", "start": 19, "end": 73}
    assert problems(GOOD, {**GOOD, "note": "again"}, {**GOOD, "adjudicated": True}, other, articles=()) == [
        "row 2 (statement 3fa2): 'ana' has decided on this statement in row 1 already",
        "row 4 (statement 3fa2): its start, end is not that of the same statement in row 1",
    ]


def test_what_is_only_worth_a_look_is_a_note(tmp_path: Path) -> None:
    row = {**GOOD, "speaker_actor": "ZZTOP_FRONT", "anotator": "x", "article_id": "gone"}
    path = tmp_path / "table.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    found = validate_file(path, [Article("ferry", TEXT)])
    assert found.problems == ()
    assert found.notes[0] == "the column 'anotator' is not part of the table; did you mean 'annotator'?"
    assert "ZZTOP_FRONT (1" in found.notes[1]
    assert found.notes[2] == "1 rows are of articles that are not given; their offsets were not compared with a text"


def test_looking_at_columns_finds_what_looking_at_rows_finds() -> None:
    rows = [GOOD, {**GOOD, "stance": "for"}, {**GOOD, "start": -1}, {**GOOD, "sender": ["eu"]}, {**GOOD, "sentence": ""}]
    cells = typed_cells({name: [row[name] for row in rows] for name in GOOD}, len(rows), "x", strict=False)
    whole = [dict(zip(cells, values, strict=True)) for values in zip(*cells.values(), strict=True)]
    validator = Draft202012Validator(read_schema())
    by_row = {number for number, row in enumerate(whole, 1) if not validator.is_valid(row)}
    found = validate_rows({name: [row[name] for row in rows] for name in GOOD}, len(rows))
    assert {one.row for one in found.problems if one.kind.endswith("as the schema has it")} == by_row == {2, 3, 4, 5}


def test_the_schema_is_one_and_knows_our_columns_and_codes() -> None:
    schema = read_schema()
    Draft202012Validator.check_schema(schema)
    properties = schema["properties"]
    assert tuple(properties) == ANNOTATION_COLUMNS
    assert all(rules["description"] for rules in properties.values())
    for name, codes in (("stance", STANCES), ("verdict", VERDICTS), ("quote_type", QUOTE_TYPES)):
        assert properties[name]["enum"] == [*codes, None]


def test_the_documentation_says_what_the_schema_says() -> None:
    properties = read_schema()["properties"]
    expected = [f"| `{name}` | {_kind(rules)} | {rules['description']} |" for name, rules in properties.items()]
    assert [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")] == expected


def _kind(rules: dict[str, Any]) -> str:
    if "enum" in rules:
        return ", ".join(f"`{value}`" for value in rules["enum"] if value is not None)
    kinds = rules["type"] if isinstance(rules["type"], list) else [rules["type"]]
    kind = next(one for one in kinds if one != "null")
    return {"string": "text", "array": "list of codes", "integer": "whole number", "boolean": "true or false"}[kind]


def test_the_command_tells_and_counts(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    row = {**GOOD, "sender": "EU", "recipient": "IRN", "location": ""}
    rows = [row, {**row, "stance": "supports", "annotator": "bo"}, {**row, "annotator": "cy", "location": "IRN"}]
    pd.DataFrame(rows).to_csv(path, index=False)
    shown = CliRunner().invoke(app, ["validate", str(path)])
    assert shown.exit_code == 1
    assert "row 2 (statement 3fa2): stance 'supports' is not one of" in shown.stdout
    assert shown.stdout.endswith("3 rows, 2 problems\n")
    as_json = json.loads(CliRunner().invoke(app, ["validate", str(path), "--json"]).stdout)
    assert (as_json["rows"], len(as_json["problems"])) == (3, 2)
    pd.DataFrame(rows[:1]).to_csv(path, index=False)
    clean = CliRunner().invoke(app, ["validate", str(path)])
    assert (clean.exit_code, clean.stdout) == (0, "1 rows, 0 problems\n")
