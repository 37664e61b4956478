"""Checks an annotation table: each cell against the schema file, and what no schema can tell."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

from stance.errors import InputError
from stance.files.annotations import PREDICTION_COLUMNS, typed_cells
from stance.files.codes import codes_by_name, known_codes, suggest_code
from stance.files.inputs import source_name
from stance.files.store import AnnotationStore, is_store
from stance.files.tables import read_table
from stance.records import ANNOTATION_COLUMNS, ISSUES, LIST_COLUMNS, Article

_SHOWN_CHARS, _SHOWN_CODES = 40, 5
_CODE = re.compile("[A-Z][A-Z0-9_]*")
_ACTOR_COLUMNS = ("speaker_actor", "sender", "recipient", "location")
_PLACE = ("article_id", "start", "end", "sentence")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row, counted from 1 as it stands in the table; ``kind`` is what to count it under."""

    row: int
    statement_id: str
    column: str
    kind: str
    message: str

    def __str__(self) -> str:
        return f"row {self.row} (statement {self.statement_id}): {self.message}"


@dataclass(frozen=True, slots=True)
class Validation:
    """What was found in a table; ``notes`` are worth a look and no problems."""

    n_rows: int
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]

    def counts(self) -> dict[str, int]:
        """Return how many problems there are of each kind, the commonest first."""
        return dict(Counter(one.kind for one in self.problems).most_common())

    def as_dict(self) -> dict[str, Any]:
        """Return the findings as plain values."""
        problems = [asdict(one) for one in self.problems]
        return {"rows": self.n_rows, "problems": problems, "counts": self.counts(), "notes": list(self.notes)}


def read_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a row of the annotation table."""
    schema: dict[str, Any] = json.loads(files("stance").joinpath("schemas", "annotations.schema.json").read_text("utf-8"))
    return schema


def validate_file(path: Path, articles: Iterable[Article] = ()) -> Validation:
    """Check an annotation table or store; offsets against the articles given or held in the store.

    Raises
    ------
    InputError
        If the file cannot be read as a table, or jsonschema is not installed.
    """
    if is_store(path):
        store = AnnotationStore(path, create=False)
        table = store.annotations()
        return validate_rows({str(name): table[name].tolist() for name in table}, len(table), [*store.articles(), *articles])
    table = read_table(path)
    if "sentence" not in table.columns and "text" in table.columns:
        table = table.rename(columns={"text": "sentence"})
    columns = {str(name): table[name].tolist() for name in table.columns}
    return validate_rows(columns, len(table), articles, source=source_name(path))


def validate_rows(
    columns: Mapping[str, Sequence[Any]], n_rows: int, articles: Iterable[Article] = (), *, source: str = "The table"
) -> Validation:
    """Check the rows of an annotation table, given by column, as ``validate_file`` does."""
    cells = typed_cells({name: list(values) for name, values in columns.items()}, n_rows, source, strict=False)
    ids = [str(one) for one in cells["statement_id"]]
    problems = [
        Problem(number + 1, ids[number], column, kind, message)
        for number, column, kind, message in (
            *_against_schema(cells, columns),
            *_against_each_other(cells, {article.id: article.text for article in articles}),
        )
    ]
    order = {name: place for place, name in enumerate(ANNOTATION_COLUMNS)}
    problems.sort(key=lambda one: (one.row, order.get(one.column, len(order))))
    return Validation(n_rows, tuple(problems), tuple(_notes(cells, columns, list(articles))))


def _against_schema(cells: Mapping[str, list[Any]], columns: Iterable[str]) -> Iterator[tuple[int, str, str, str]]:
    try:
        from jsonschema import Draft202012Validator
    except ImportError as error:
        msg = "Checking a table needs the package jsonschema: pip install 'stance[validate]'."
        raise InputError(msg) from error
    schema = read_schema()
    present = {*columns, *schema["required"]}
    for name, rules in schema["properties"].items():
        if name not in present:
            continue
        validator = Draft202012Validator(rules)
        # Cells repeat; what has been found right or wrong once need not be looked at again.
        verdicts: dict[Any, str | None] = {}
        for number, cell in enumerate(cells[name]):
            key = tuple(cell) if isinstance(cell, list) else (type(cell), cell)
            if key not in verdicts:
                wrong = next(validator.iter_errors(cell), None)
                verdicts[key] = None if wrong is None else _in_words(name, cell, wrong, rules)
            if (message := verdicts[key]) is not None:
                yield number, name, f"{name}: not as the schema has it", message


def _in_words(name: str, cell: Any, error: Any, rules: Mapping[str, Any]) -> str:
    wrong = error.instance
    shown = "nothing" if wrong is None else repr(str(wrong)[:_SHOWN_CHARS])
    if error.validator == "enum":
        known = [value for value in rules["enum"] if value is not None]
        return f"{name} {shown} is not one of {', '.join(known)}{_did_you_mean(str(wrong), known)}"
    if error.validator == "pattern" and name in _ACTOR_COLUMNS:
        return f"{name} {shown} is not a code (capitals, digits and _){suggest_code(str(wrong))}"
    if error.validator == "pattern":
        near = _did_you_mean(str(wrong), ISSUES) if name == "issue" else ""
        return f"{name} {shown} is not of the form {error.validator_value}{near}"
    if error.validator == "type":
        kinds = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
        return f"{name} is {shown}, not {' or '.join(kind for kind in kinds if kind != 'null')}"
    if error.validator == "uniqueItems":
        return f"{name} names a code twice: {', '.join(map(str, cell))}"
    return f"{name}: {error.message[:200]}"


def _did_you_mean(wrong: str, known: Sequence[str]) -> str:
    near = get_close_matches(wrong.strip().lower(), known, n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else ""


def _against_each_other(cells: Mapping[str, list[Any]], texts: Mapping[str, str]) -> Iterator[tuple[int, str, str, str]]:
    names = tuple(ANNOTATION_COLUMNS)
    decided: dict[tuple[Any, ...], int] = {}
    placed: dict[str, tuple[int, tuple[Any, ...]]] = {}
    for number, values in enumerate(zip(*(cells[name] for name in names), strict=True)):
        row = dict(zip(names, values, strict=True))
        for column, kind, message in (*_check_decision(row), *_check_issue(row), *_check_place(row, texts)):
            yield number, column, kind, message
        for column in _ACTOR_COLUMNS:
            for code in row[column] if column in LIST_COLUMNS else [row[column]]:
                if isinstance(code, str) and code not in known_codes() and code.lower() in codes_by_name():
                    message = f"{column} {code!r} is not a known code{suggest_code(code)}"
                    if _CODE.fullmatch(code):  # otherwise the schema has said so
                        yield number, column, "codes that are a name or another spelling", message
        key = (row["statement_id"], row["annotator"], row["adjudicated"])
        if row["verdict"] is not None and (first := decided.setdefault(key, number)) != number:
            who = f"{row['annotator']!r}{' as adjudicator' if row['adjudicated'] else ''}"
            yield number, "annotator", "decided twice", f"{who} has decided on this statement in row {first + 1} already"
        here = tuple(row[name] for name in _PLACE)
        first_row, there = placed.setdefault(str(row["statement_id"]), (number, here))
        if there != here:
            differ = ", ".join(name for name, a, b in zip(_PLACE, there, here, strict=True) if a != b)
            yield (
                number,
                "statement_id",
                "one id, two places",
                f"its {differ} is not that of the same statement in row {first_row + 1}",
            )


def _check_decision(row: Row) -> Iterator[tuple[str, str, str]]:
    verdict, stance = row["verdict"], row["stance"]
    kind = "verdict and stance do not agree"
    if verdict == "statement" and stance is None:
        yield "stance", kind, "the verdict 'statement' needs a stance"
    if verdict in ("no_statement", "unsure") and stance is not None:
        yield "stance", kind, f"the verdict {verdict!r} does not go with the stance {stance!r}"
    if verdict is not None and row["annotator"] is None:
        yield "annotator", "verdict without annotator", f"the verdict {verdict!r} needs an annotator"
    if verdict is None and (row["annotator"] is not None or row["adjudicated"] is True):
        yield "verdict", "annotator without verdict", f"{row['annotator']!r} gives no verdict"


def _check_issue(row: Row) -> Iterator[tuple[str, str, str]]:
    issue = row["issue"]
    if isinstance(issue, str) and issue not in ISSUES and (near := _did_you_mean(issue, ISSUES)):
        yield "issue", "issues that look misspelt", f"issue {issue!r} is not one of {', '.join(ISSUES)}{near}"
    kind = "parties that do not go with the issue"
    if issue == "sanctions" and row["location"]:
        yield "location", kind, f"sanctions have no location, but it is {', '.join(row['location'])}"
    if issue in ("ceasefire", "peace_process"):
        for name in ("sender", "recipient"):
            if row[name]:
                yield name, kind, f"{issue} has no {name}, but it is {', '.join(row[name])}"


def _check_place(row: Row, texts: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    start, end, sentence = row["start"], row["end"], row["sentence"]
    if (start is None) != (end is None):
        yield "end", "half a place", f"start is {start} and end is {end}; both or neither"
    if not (isinstance(start, int) and isinstance(end, int) and isinstance(sentence, str)):
        return
    text = texts.get(str(row["article_id"]))
    if text is None:
        if end - start != len(sentence):
            counted = f"{start}:{end} is {end - start} characters, the sentence has {len(sentence)}"
            yield "end", "offsets that do not fit the sentence", f"{counted}; count code points, end exclusive"
    elif not 0 <= start < end <= len(text):
        outside = f"{start}:{end} lies outside article {row['article_id']!r}, which has {len(text)} characters"
        yield "start", "offsets outside the article", outside
    elif text[start:end] != sentence:
        found = f"{start}:{end} of article {row['article_id']!r} is {text[start:end][:_SHOWN_CHARS]!r}, not the sentence"
        place = text.find(sentence)
        where = f"; that stands at {place}:{place + len(sentence)}" if place >= 0 else "; that stands nowhere in it"
        yield "start", "offsets that do not fit the sentence", found + where


def _notes(cells: Mapping[str, list[Any]], columns: Iterable[str], articles: Sequence[Article]) -> Iterator[str]:
    known = (*ANNOTATION_COLUMNS, *PREDICTION_COLUMNS)
    for name in columns:
        if name not in known:
            near = get_close_matches(name.strip().lower(), known, n=1, cutoff=0.75)
            yield f"the column {name!r} is not part of the table{f'; did you mean {near[0]!r}?' if near else ''}"
    if strange := _unknown_codes(cells):
        named = ", ".join(f"{code} ({count}{suggest_code(code)})" for code, count in strange[:_SHOWN_CODES])
        more = ", …" if len(strange) > _SHOWN_CODES else ""
        yield f"{len(strange)} codes are not in the tables of stance, which need not hold them all: {named}{more}"
    ids = {article.id for article in articles}
    if ids:
        lost = [name for name in cells["article_id"] if name not in ids]
        if lost:
            yield f"{len(lost)} rows are of articles that are not given; their offsets were not compared with a text"


def _unknown_codes(cells: Mapping[str, list[Any]]) -> list[tuple[str, int]]:
    """Return well-formed codes that stance does not know, with how often they stand there."""
    found: Counter[str] = Counter()
    for column in _ACTOR_COLUMNS:
        for cell in cells[column]:
            found.update(code for code in (cell if isinstance(cell, list) else [cell]) if isinstance(code, str))
    unknown = [code for code in found if code not in known_codes() and code.lower() not in codes_by_name()]
    return [(code, count) for code, count in found.most_common() if code in unknown and _CODE.fullmatch(code)]
