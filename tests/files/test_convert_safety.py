"""What is written is written whole or not at all, and what is there already is kept."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from stance.cli import app
from stance.errors import InputError
from stance.files.annotations import read_annotation_table
from stance.files.formats import FORMATS, AnnotatedCorpus, assemble, describe_formats, read_corpus, write_corpus
from stance.files.formats.corpus import Report
from stance.files.formats.places import as_file_name, from_file_name
from stance.files.store import AnnotationStore
from stance.records import Article

ARTICLE = Article("quay", "The quay opened. Orland's mayor backed the truce. He left.")
ROW = {"article_id": "quay", "sentence": "Orland's mayor backed the truce.", "stance": "support", "annotator": "ana"}


@pytest.fixture
def corpus() -> AnnotatedCorpus:
    return assemble([ARTICLE], [ROW], Report())


def test_what_exists_is_kept_without_force(tmp_path: Path, corpus: AnnotatedCorpus) -> None:
    for name, kind in (("out.json", None), ("out", "brat")):
        write_corpus(corpus, tmp_path / name, format=kind)
        with pytest.raises(InputError, match="exists; pass --force to replace it"):
            write_corpus(corpus, tmp_path / name, format=kind)
        write_corpus(corpus, tmp_path / name, format=kind, force=True)
        assert not read_corpus(tmp_path / name)[0].annotations.empty


def test_files_beside_the_output_are_kept_too(tmp_path: Path, corpus: AnnotatedCorpus) -> None:
    (tmp_path / "out.xml").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=r"out\.xml exists"):
        write_corpus(corpus, tmp_path / "out.json")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.xml"]


def test_a_folder_of_other_things_is_never_replaced(tmp_path: Path, corpus: AnnotatedCorpus) -> None:
    (tmp_path / "thesis.docx").write_text("years of work", encoding="utf-8")
    with pytest.raises(InputError, match=r"not of this format \(thesis\.docx\) and is left alone"):
        write_corpus(corpus, tmp_path, format="brat", force=True)
    assert (tmp_path / "thesis.docx").exists()


def test_nothing_is_left_where_writing_fails(tmp_path: Path, corpus: AnnotatedCorpus, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("stance.files.formats.brat.write_sidecar", fail)
    with pytest.raises(InputError, match="No space left on device"):
        write_corpus(corpus, tmp_path / "out", format="brat")
    assert list(tmp_path.iterdir()) == []


def test_rows_without_their_article_are_counted_and_named(tmp_path: Path) -> None:
    rows = [ROW, {**ROW, "article_id": "elsewhere"}]
    report = Report()
    assert write_corpus(assemble([ARTICLE], rows, report), tmp_path / "a.json") == [
        "1 rows left out: the text of their article is not given (elsewhere)"
    ]
    with pytest.raises(InputError, match="Give the articles with --articles FILE"):
        write_corpus(assemble([], rows, report), tmp_path / "b.json")
    assert report.lines() == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"start": 2, "end": 999}, "rows left out: their offsets lie outside the article"),
        ({"start": 0, "end": 5}, "rows left out: their sentence is not what stands at its offsets in the article"),
        ({"stance": "supports"}, "rows left out: the stance 'supports' is not one of support, oppose, neutral"),
        ({"verdict": "unsure"}, "stances left out: the verdict 'unsure' has none"),
        ({"verdict": "statement", "annotator": None}, "annotators called 'unknown': the file does not say who decided"),
        ({"verdict": "statement", "stance": None}, "rows left out: the verdict 'statement' needs a stance"),
        ({"colour": "red"}, "columns left out: they are not part of the annotation table"),
    ],
)
def test_what_does_not_fit_is_counted_by_reason(change: dict[str, object], reason: str) -> None:
    report = Report()
    assemble([ARTICLE], [{**ROW, **change}], report)
    assert [line.split(" (")[0] for line in report.lines()] == [f"1 {reason}"]


def test_a_store_says_what_it_keeps_only_once(tmp_path: Path) -> None:
    told = {"statement_id": "s", "verdict": "statement"}
    rows = [{**ROW, **told, "cue": "backed"}, {**ROW, **told, "annotator": "bo", "cue": "praised"}]
    said = write_corpus(assemble([ARTICLE], rows, Report()), tmp_path / "out.db")
    assert said == ["1 statements on which annotators differ in more than a store keeps for each (the first is kept) (s)"]
    assert len(AnnotationStore(tmp_path / "out.db").decisions()) == 2


def test_somebody_named_has_decided_what_a_file_leaves_open(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    pd.DataFrame([{**ROW, "annotator": None}]).to_csv(table, index=False)
    assert read_corpus(table)[0].rows()[0]["verdict"] is None
    (row,) = read_corpus(table, annotator="kim")[0].rows()
    assert (row["annotator"], row["verdict"], row["stance"]) == ("kim", "statement", "support")


def test_two_targets_of_one_speaker_get_two_ids(tmp_path: Path) -> None:
    table = tmp_path / "gold.jsonl"
    rows = [{**ROW, "issue": "sanctions", "sender": [code]} for code in ("USA", "EU")]
    pd.DataFrame(rows).to_json(table, orient="records", lines=True)
    assert read_annotation_table(table)["statement_id"].is_unique
    assert len(read_corpus(table, articles=[ARTICLE])[0].annotations) == 2


@pytest.mark.parametrize("name", ["..", ".hidden", "a/b\\c:d", "é 😊", "x" * 400, "100%", ""])
def test_any_name_makes_a_name_for_a_file(name: str) -> None:
    made = as_file_name(name)
    assert "/" not in made
    assert not made.startswith(".")
    assert len(made.encode()) <= 200
    assert from_file_name(made) == name or len(name) == 400


def test_the_command_converts_and_says_what_it_did(tmp_path: Path, corpus: AnnotatedCorpus) -> None:
    write_corpus(corpus, tmp_path / "in.jsonl")
    done = CliRunner().invoke(app, ["convert", str(tmp_path / "in.jsonl"), str(tmp_path / "out.json")])
    assert done.exit_code == 0
    assert f"1 articles, 1 rows (ana 1) -> {tmp_path / 'out.json'}, {tmp_path / 'out.xml'} (label-studio)" in done.output
    again = CliRunner().invoke(app, ["convert", str(tmp_path / "in.jsonl"), str(tmp_path / "out.json")])
    assert (again.exit_code, "pass --force" in again.output) == (1, True)
    unknown = CliRunner().invoke(app, ["convert", str(tmp_path / "in.jsonl"), str(tmp_path / "out.doc")])
    assert f"the suffix .doc tells no format; say which with --to: {', '.join(FORMATS)}" in unknown.output


def test_help_lists_every_format() -> None:
    shown = " ".join(CliRunner().invoke(app, ["convert", "--help"]).output.split())
    assert [line for line in describe_formats() if line.replace(": ", " ", 1) not in shown] == []
