"""The report on a model: figures as `stance evaluate` has them, mistakes with their reasons, a page, JSON and Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from stance.cli import app
from stance.evaluation import Score
from stance.files import write_table
from stance.model import StanceClassifier
from stance.report.accuracy import SHOWN, Accuracy, summarize_accuracy
from stance.report.accuracy_page import render_accuracy, sum_up
from stance.report.charts import draw_accuracy
from stance.report.markdown import render_markdown
from stance.report.measured import count_agreement
from stance.report.positions import NOBODY
from stance.report.scores import RARE, read_curve
from stance.report.weights import summarize_weights
from stance.training import read_annotations
from stance.training.settling import settle

HOSTILE = '</script><img src=x onerror="alert(1)">|\u202e$x_1$ ' + "Äöü中 " * 120


class Reader(HTMLParser):
    """Collects tags, to see what a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def render(found: Accuracy) -> str:
    return render_accuracy(found, draw_accuracy(found), title="How good is it?")


@pytest.fixture(scope="module")
def wrong(_annotations: pd.DataFrame) -> pd.DataFrame:
    """The small table, on which a model fitted to it is wrong: four supporting statements are annotated as opposed."""
    table = _annotations.assign(speaker_actor="NOR", quote_type=["direct", "indirect"] * 18, published="2024-01-05")
    table.loc[table.index[:4], "stance"] = "oppose"
    table.loc[table.index[:3], "speaker_actor"] = ""
    return table


@pytest.fixture(scope="module")
def found(wrong: pd.DataFrame, small_model: StanceClassifier) -> Accuracy:
    return summarize_accuracy(wrong, small_model, name="tiny", threshold=0.6)


def test_totals_agree_with_the_table(found: Accuracy, wrong: pd.DataFrame) -> None:
    tables = found.tables()
    assert tables["confusion"]["n"].sum() == tables["classes"]["n"].sum() == tables["calibration"]["n"].sum() == len(wrong)
    parts = tables["scores"][tables["scores"]["part"] != "all"]
    assert set(parts.groupby("part")["n"].sum()) == {len(wrong)}
    assert set(parts["part"]) == {"issue", "quote_type", "actor"}
    off = tables["confusion"][tables["confusion"]["annotated"] != tables["confusion"]["labelled"]]
    assert off["n"].sum() == len(tables["mistakes"]) == round((1 - found.report.whole.accuracy.value) * len(wrong))


def test_rare_actors_and_those_without_one_come_last(found: Accuracy, annotations: pd.DataFrame) -> None:
    assert list(found.parts["actor"]) == ["NOR", NOBODY]
    actors = [*["NOR"] * 20, *["DNK"] * 12, *["SWE"] * 4]
    more = summarize_accuracy(
        annotations.assign(speaker_actor=actors), StanceClassifier().fit(annotations, annotations["stance"])
    )
    assert list(more.parts["actor"]) == ["NOR", "DNK", RARE]
    assert more.parts["actor"][RARE].n_statements == 4


def test_mistakes_come_with_the_surest_first_and_what_moved_them(found: Accuracy) -> None:
    mistakes = found.mistakes
    assert len(mistakes) == 4
    assert mistakes["reversed"].all()
    assert mistakes["p_labelled"].is_monotonic_decreasing
    assert len(found.explained) == len(mistakes)
    for why in found.explained:
        pushes = [move.push for move in why.towards]
        assert pushes == sorted(pushes, reverse=True)
        assert min(pushes) > 0
        assert all(move.push < 0 for move in why.away)


def test_the_words_that_moved_a_mistake_are_those_of_its_sentence(found: Accuracy) -> None:
    for sentence, why in zip(found.mistakes["sentence"], found.explained, strict=True):
        words = [move.words for move in why.towards if re.fullmatch(r"[a-z]+", move.words)]
        assert all(word[:6] in sentence.lower() for word in words)


def test_what_the_page_shows_of_many_mistakes_is_told(found: Accuracy) -> None:
    many = pd.concat([found.mistakes] * (SHOWN // 2), ignore_index=True)
    changed = replace(found, mistakes=many, explained=found.explained * (SHOWN // 4))
    assert f"The {SHOWN} surest of {len(many)}" in render(changed)
    assert len(changed.as_dict()["mistakes"]) == len(many)


def test_strong_words_are_those_learned_for_the_issue(small_model: StanceClassifier) -> None:
    weights = summarize_weights(small_model, ["sanctions"])
    best = {stance: set(own["words"]) for stance, own in weights[weights["kind"] == "n-gram"].groupby("stance")}
    assert "welcom" in best["support"] - best["oppose"]
    assert "reject" in best["oppose"] - best["support"]
    assert weights["weight"].gt(0).all()
    for _, own in weights.groupby(["stance", "kind"]):
        assert own["weight"].is_monotonic_decreasing
        assert own["words"].is_unique


def test_words_of_plain_text_are_found_by_their_target(annotations: pd.DataFrame) -> None:
    plain = pd.DataFrame(
        {"text": annotations["sentence"], "target": "Harbour Toll", "stance": annotations["stance"]},
    )
    model = StanceClassifier().fit(plain, plain["stance"])
    found = summarize_weights(model, ["Harbour Toll"])
    assert "welcom" in set(found[found["stance"] == "support"]["words"])
    assert summarize_accuracy(plain, model).mistakes["target"].isin(["Harbour Toll"]).all()


def test_two_labels_are_enough(annotations: pd.DataFrame) -> None:
    two = annotations[annotations["stance"] != "neutral"]
    model = StanceClassifier().fit(two, two["stance"])
    found = summarize_accuracy(annotations, model, name="two")
    assert "neutral" in set(found.mistakes["annotated"])
    assert "neutral taken for" in render(found)


def test_agreement_counts_pairs_of_annotators() -> None:
    table = pd.DataFrame(
        {
            "statement_id": ["a", "a", "a", "b", "b", "c"],
            "annotator": ["ana", "bo", "cleo", "ana", "bo", "ana"],
            "stance": ["support", "support", "oppose", "neutral", "neutral", "oppose"],
        }
    )
    assert count_agreement(table) == (2, 4)
    assert count_agreement(table.assign(adjudicated=[False, False, True, "", "", ""])) == (2, 2)
    assert count_agreement(table.drop(columns="annotator")) == (0, 0)
    assert count_agreement(table.assign(annotator="ana")) == (0, 0)


def test_what_annotators_have_not_settled_is_told(annotations: pd.DataFrame, small_model: StanceClassifier) -> None:
    one = annotations.assign(statement_id=[f"s{i}" for i in range(36)], annotator="ana", verdict="statement")
    other = one.assign(annotator="bo")
    other.loc[0, "stance"] = "oppose"
    coded = pd.concat([one, other], ignore_index=True)
    found = summarize_accuracy(settle(coded).table, small_model, coded=coded)
    assert (found.measured.statements, found.measured.agreeing, found.measured.pairs) == (35, 35, 36)
    assert "on which annotators disagree and nobody has adjudicated: s0" in render(found)


def test_agreement_without_ids_goes_by_the_statement(annotations: pd.DataFrame) -> None:
    other = annotations.assign(annotator="bo")
    other.loc[0, "stance"] = "neutral"
    both = pd.concat([annotations.assign(annotator="ana"), other])
    assert count_agreement(both) == (35, 36)


def test_a_curve_is_read_from_the_card_and_from_nothing_else() -> None:
    spread = {"value": 0.5, "low": 0.4, "high": 0.6}
    told = {"points": [{"n_learned": 100, "macro_f1": spread}], "slope": spread, "n_all": 200, "n_more": None}
    found = read_curve({"cross_validation": {"curve": told}})
    assert found is not None
    assert found.points[0].macro_f1 == Score(0.5, 0.4, 0.6)
    assert read_curve({"cross_validation": {"curve": {"points": [{}]}}}) is None
    assert read_curve({"cross_validation": {}}) is None
    assert read_curve(None) is None


def test_hostile_strings_break_nothing(wrong: pd.DataFrame, small_model: StanceClassifier) -> None:
    table = wrong.assign(
        **dict.fromkeys(("speaker", "speaker_actor", "target", "article_id", "quote_type", "annotator"), HOSTILE)
    )
    table.loc[table.index[:3], "speaker_actor"] = "$" * 40
    table["sentence"] = HOSTILE[:60] + " rejected the sanctions " + table["sentence"]
    table["issue"] = HOSTILE
    found = summarize_accuracy(table, small_model, name=HOSTILE)
    page = render(found)
    reader = Reader()
    reader.feed(page)
    tags = [tag for tag, _ in reader.tags]
    assert "img" not in tags
    assert "\u202e" not in page
    assert tags.count("script") == 1
    asked = [told.get("src") or told.get("href") for tag, told in reader.tags if tag in ("img", "script", "link", "iframe", "a")]
    assert [one for one in asked if one and not one.startswith("#")] == []
    assert "<img" not in render_markdown(found)


def test_markdown_tables_are_whole(found: Accuracy) -> None:
    for block in render_markdown(found).split("\n\n"):
        rows = [line for line in block.splitlines() if line.startswith("|")]
        assert len({line.replace(r"\|", "").count("|") for line in rows}) <= 1
    assert "| 0.6 |" in render_markdown(found)


def test_what_the_figures_say_is_told_in_words(found: Accuracy) -> None:
    told = " ".join(sum_up(found))
    assert "Better than majority" in told
    assert "Where labels below 0.6 are withheld" in told


def test_probabilities_that_are_off_are_called_so(annotations: pd.DataFrame, small_model: StanceClassifier) -> None:
    shuffled = annotations.assign(stance=np.roll(annotations["stance"], 12))
    told = " ".join(sum_up(summarize_accuracy(shuffled, small_model)))
    assert "The probabilities are off, on average too high" in told


def test_one_statement_makes_a_page_that_warns(annotations: pd.DataFrame, small_model: StanceClassifier) -> None:
    page = render(summarize_accuracy(annotations.head(1), small_model))
    assert "Only 1 statements: these figures say next to nothing" in page
    assert "There are none." in page


def test_the_command_writes_what_evaluate_prints_and_more(
    tmp_path: Path, wrong: pd.DataFrame, small_model: StanceClassifier, save_model: Callable[..., Path]
) -> None:
    write_table(wrong, tmp_path / "mine.csv")
    model = save_model(tmp_path / "tiny.joblib", small_model)
    places = {name: str(tmp_path / name) for name in ("mine.csv", "out.html", "out.json", "out.md", "tables")}
    arguments = ["report", places["mine.csv"], "--model", str(model), "-o", places["out.html"], "--json", places["out.json"]]
    arguments += ["--markdown", places["out.md"], "--tables", places["tables"], "--abstain-below", "0.6"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert "on 36 statements, 4 mistakes ->" in done.output
    printed = CliRunner().invoke(app, ["evaluate", places["mine.csv"], "--model", str(model), "--json"])
    figures, more = json.loads(printed.stdout), json.loads(Path(places["out.json"]).read_text(encoding="utf-8"))
    assert {name: more[name] for name in figures} == figures
    assert {"by_actor", "chosen", "measured_on", "weights", "mistakes"} <= set(more) - set(figures)
    written = {path.name for path in (tmp_path / "tables").iterdir()}
    assert {"scores.csv", "mistakes.csv", "calibration.png", "calibration.svg", "by-quote-type.svg"} <= written
    again = CliRunner().invoke(app, arguments)
    assert again.exit_code == 1
    assert "out.html exists; pass --force" in again.output


def test_a_model_scored_on_what_it_was_trained_on_is_warned_of(annotations: pd.DataFrame, small_model: StanceClassifier) -> None:
    digest = summarize_accuracy(annotations, small_model).measured.sha256
    found = summarize_accuracy(annotations, small_model, name=f"tiny-{digest[:8]}")
    assert "trained on these very statements" in found.warnings[0]
    assert found.warnings[0] in render(found)
    assert found.warnings[0] in render_markdown(found)


def test_a_threshold_out_of_range_is_a_usage_error(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["report", "x.csv", "-o", str(tmp_path / "x.html"), "--abstain-below", "1.5"])
    assert done.exit_code == 2


def test_context_is_shown_from_a_word_on(wrong: pd.DataFrame, small_model: StanceClassifier) -> None:
    table = wrong.assign(context="ded the talks. Nobody moved.", start=400, end=440)
    found = summarize_accuracy(table, small_model)
    assert set(found.mistakes["context"]) == {"… the talks. Nobody moved."}


def test_the_same_annotations_give_the_same_page(wrong: pd.DataFrame, small_model: StanceClassifier) -> None:
    pages = {render(summarize_accuracy(wrong, small_model, name="tiny")) for _ in range(2)}
    assert len(pages) == 1


def test_rows_left_out_are_told(wrong: pd.DataFrame, small_model: StanceClassifier) -> None:
    table = pd.concat([wrong, wrong.tail(1).assign(sentence="")])
    found = summarize_accuracy(table, small_model)
    assert found.measured.left_out == read_annotations(table, for_training=False).notes
    assert "without text" in render(found)
