"""A review without JavaScript: pages, forms, and what is in the store after each."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from stance.errors import InputError
from stance.files.store import AnnotationStore
from stance.records import Article, Decision
from stance.review.disagreement import differing, find_disagreements
from stance.review.queue import Filters
from stance.review.server import open_socket

Visit = Callable[..., Any]


def stances(store: AnnotationStore) -> dict[str, str | None]:
    return {one.statement_id: one.stance or one.verdict for one in store.decisions()}


def test_the_first_page_is_the_first_statement(visitor: Any, labelled: pd.DataFrame) -> None:
    text = visitor.get("/")
    assert f"0 of {len(labelled)} decided" in text
    assert f"1 of {len(labelled)}, in the order of the file" in text
    assert "Marta Quell" in text
    assert "Two ministers, two minds" in text
    assert "Estuary Post · 2024-03-05" in text
    assert 'href="https://news.test/harbour"' in text


def test_the_page_tells_the_label_its_probabilities_and_the_words(visitor: Any, labelled: pd.DataFrame) -> None:
    text = visitor.get("/")
    assert f'<strong class="stance-{labelled["stance"][0]}">{labelled["stance"][0]}</strong>' in text
    for name in ("support", "oppose", "neutral"):
        assert f'<td class="number">{labelled[f"p_{name}"][0]:.2f}</td>' in text
    assert f"towards {labelled['stance'][0]}</caption>" in text


def test_a_decision_is_stored_and_the_next_statement_shown(visitor: Any, store: AnnotationStore, ids: list[str]) -> None:
    visitor.get("/")
    text = visitor.post("/decide", id=ids[0], decision="oppose")
    assert stances(store) == {ids[0]: "oppose"}
    assert f"id={ids[1]}" in visitor.address
    assert "Recorded: oppose, Marta Quell." in text
    assert f"1 of {len(ids)} decided" in text


def test_edits_and_note_go_with_the_decision(visitor: Any, store: AnnotationStore, ids: list[str]) -> None:
    visitor.get("/")
    visitor.post(
        "/decide", id=ids[0], decision="support", speaker="Marta Quell-Sousa", speaker_actor="Spain", note="see the title"
    )
    [made] = store.decisions()
    assert (made.fields, made.note) == ({"speaker": "Marta Quell-Sousa", "speaker_actor": "ESP"}, "see the title")
    text = visitor.get("/statement", id=ids[0])
    assert "was: <bdi>Marta Quell</bdi>" in text
    assert 'value="support" data-key="1" class="choice choice-support" aria-pressed="true"' in text
    assert "see the title</textarea>" in text


def test_what_cannot_be_read_is_said_and_nothing_typed_is_lost(visitor: Any, store: AnnotationStore, ids: list[str]) -> None:
    visitor.get("/")
    text = visitor.post("/decide", id=ids[0], decision="support", speaker_actor="Atlantis & Co", note="a long thought")
    assert visitor.status == 400
    assert "Speaks for: &#39;Atlantis &amp; Co&#39; is neither a code nor a name in the tables" in text
    assert 'value="Atlantis &amp; Co"' in text
    assert "a long thought</textarea>" in text
    assert store.decisions() == []


@pytest.mark.parametrize("path", ["/statement?id=nowhere", "/statement", "/missed?id=nowhere", "/nowhere"])
def test_what_is_not_there_is_said_so(visitor: Any, path: str) -> None:
    assert "There is no such" in visitor.get(path)
    assert visitor.status == 404


def test_a_decision_on_an_unknown_statement_is_refused(visitor: Any, store: AnnotationStore) -> None:
    visitor.get("/")
    visitor.post("/decide", id="nowhere", decision="support")
    assert visitor.status == 404
    assert store.decisions() == []


@pytest.mark.parametrize(
    "path", ["/?below=much", "/statement?id=x&below=much", "/missed?id={one}&start=-1", "/missed?id={one}&start=a"]
)
def test_bad_input_is_answered_with_words(visitor: Any, ids: list[str], path: str) -> None:
    assert "found" in visitor.get(path.format(one=ids[0]))
    assert visitor.status == 400


def test_the_same_decision_twice_is_one(visitor: Any, store: AnnotationStore, ids: list[str]) -> None:
    visitor.get("/")
    for _ in range(2):
        visitor.post("/decide", id=ids[0], decision="unsure")
    store.undo("ana")
    assert store.decisions() == []


def test_undo_goes_back_step_by_step(visitor: Any, store: AnnotationStore, ids: list[str]) -> None:
    visitor.get("/")
    visitor.post("/decide", id=ids[0], decision="oppose")
    visitor.post("/decide", id=ids[1], decision="support")
    text = visitor.post("/undo", id=ids[2])
    assert f"id={ids[1]}" in visitor.address
    assert "Taken back" in text
    visitor.post("/undo", id=ids[2])
    assert stances(store) == {}
    assert "There is nothing to take back." in visitor.post("/undo", id=ids[2])


def test_filters_narrow_the_queue_and_stay(visitor: Any, labelled: pd.DataFrame, ids: list[str]) -> None:
    left = labelled[labelled["issue"] == "peace_process"]
    text = visitor.get("/", issue="peace_process")
    assert f"1 of {len(left)}," in text
    assert f"0 of {len(left)} decided" in text
    text = visitor.post("/decide?issue=peace_process", id=left["statement_id"].iloc[0], decision="neutral")
    assert "issue=peace_process" in visitor.address
    assert f"1 of {len(left)} decided" in text
    assert "No statement is left by these filters" in visitor.get("/", issue="peace_process", actor="NZL")


def test_when_all_is_decided_the_page_says_what_comes_next(visitor: Any, ids: list[str]) -> None:
    visitor.get("/")
    for one in ids:
        visitor.post("/decide", id=one, decision="neutral")
    assert "All decided" in visitor.text
    assert "stance retrain --annotations annotations.db" in visitor.text


def test_annotators_are_blind_to_each_other_unless_asked(visit: Visit, store: AnnotationStore, ids: list[str]) -> None:
    store.decide([Decision(ids[0], "bo", "statement", "neutral", {"speaker": "Somebody Else"}, "between us")])
    blind, seeing = visit(), visit(show_others=True)
    assert "Somebody Else" not in blind.get("/")
    assert f"0 of {len(ids)} decided" in blind.text
    assert "Somebody Else" in seeing.get("/")
    assert "between us" in seeing.text


def test_options_narrow_the_whole_session(visit: Visit, labelled: pd.DataFrame) -> None:
    few = visit(filters=Filters(issue=("ceasefire",)))
    n_left = int((labelled["issue"] == "ceasefire").sum())
    assert f"0 of {n_left} decided" in few.get("/")


def test_a_statement_without_its_article_is_shown_alone(
    visit: Visit, tmp_path: Any, labelled: pd.DataFrame, explainer: Any
) -> None:
    from stance.review.queue import order_items
    from stance.review.session import Session

    store = AnnotationStore(tmp_path / "alone.db")
    store.add_statements(labelled)
    session = Session(store, order_items(store, order="file"), explainer, annotator="ana")
    page = session.page(str(labelled["statement_id"][0]), Filters())
    assert (page.has_article, page.is_located, page.missed) == (False, False, None)
    assert "".join(run.text for runs in page.passage.near for run in runs) == labelled["sentence"][0]
    assert page.kinds[:2] == ("speaker", "cue")


def test_a_missed_statement_is_added_with_right_offsets(
    visitor: Any, store: AnnotationStore, articles: list[Article], ids: list[str]
) -> None:
    text = store.article("harbour").text  # type: ignore[union-attr]
    start = text.index("declined")
    shown = visitor.get("/missed", id=ids[0], start=start, end=start + 6)
    assert "He declined to give a date.</blockquote>" in shown
    form = {"speaker": "Jonas Feld", "speaker_actor": "DEU", "issue": "sanctions", "recipient": "Iran", "quote_type": "indirect"}
    shown = visitor.post("/add", id=ids[0], start=str(start), end=str(start + 6), decision="neutral", note="terse", **form)
    assert "Added: neutral, Jonas Feld." in shown
    [made] = store.decisions()
    row = store.statement(made.statement_id)
    assert row is not None
    assert text[row["start"] : row["end"]] == row["sentence"] == "He declined to give a date."
    assert (row["quote"], row["recipient"], row["target"]) == ("declined", ["IRN"], "sanctions on Iran")
    assert (made.stance, made.note, made.fields) == ("neutral", "terse", {})
    assert store.added() == {made.statement_id: "ana"}
    assert f"1 of {len(ids) + 1} decided" in shown


def test_a_missed_statement_that_was_found_after_all_is_decided(
    visitor: Any, store: AnnotationStore, labelled: pd.DataFrame, ids: list[str]
) -> None:
    row = labelled.iloc[0]
    visitor.get("/missed", id=ids[0], start=int(row["start"]), end=int(row["end"]))
    form = {"speaker": row["speaker"], "issue": row["issue"], "quote_type": "mixed", "speaker_actor": row["speaker_actor"]}
    visitor.post("/add", id=ids[0], start=str(row["start"]), end=str(row["end"]), decision="oppose", **form)
    [made] = store.decisions()
    assert made.statement_id == ids[0]
    assert made.fields["quote_type"] == "mixed"
    assert store.added() == {}


def test_a_missed_statement_needs_a_speaker(visitor: Any, store: AnnotationStore, ids: list[str]) -> None:
    visitor.get("/missed", id=ids[0], start=1, end=9)
    text = visitor.post("/add", id=ids[0], start="1", end="9", decision="neutral", speaker=" ", issue="sanctions", note="kept")
    assert visitor.status == 400
    assert "Speaker: a statement needs one" in text
    assert "kept</textarea>" in text
    assert store.added() == {}


def test_without_a_selection_the_sentences_are_offered(visitor: Any, ids: list[str]) -> None:
    text = visitor.get("/missed", id=ids[0])
    assert "It had rained all day.</a>" in text
    assert "Which sentence was missed?" in text


def test_what_one_has_added_the_other_does_not_see(
    visit: Visit, store: AnnotationStore, labelled: pd.DataFrame, ids: list[str]
) -> None:
    store.add_statements(labelled.head(1).assign(statement_id="missed", speaker="Bo's Find"), added_by="bo")
    store.decide([Decision("missed", "bo", "statement", "support")])
    blind, seeing = visit(), visit(show_others=True)
    assert f"of {len(ids)} decided" in blind.get("/")
    blind.get("/statement", id="missed")
    assert blind.status == 404
    assert f"of {len(ids) + 1} decided" in seeing.get("/")
    assert "Bo&#39;s Find" in seeing.get("/statement", id="missed")


def test_differences_are_found_in_what_was_coded() -> None:
    row = {"speaker": "Jonas Feld", "sender": ["USA", "EU"], "speaker_role": None}
    first = Decision("s", "ana", "statement", "oppose")
    assert (
        differing(row, [first, Decision("s", "bo", "statement", "oppose", {"sender": ["EU", "USA"], "speaker_role": ""})]) == ()
    )
    assert differing(row, [first, Decision("s", "bo", "statement", "support", {"speaker": "Feld"})]) == ("stance", "speaker")
    assert differing(row, [first, Decision("s", "bo", "no_statement", None, {"speaker": "Feld"})]) == ("verdict",)


def test_only_disagreements_are_adjudicated(store: AnnotationStore, ids: list[str]) -> None:
    one, two, three, four, five = ids[:5]
    store.decide([Decision(each, "ana", "statement", "oppose") for each in (one, two, three, four)])
    store.decide([Decision(one, "bo", "statement", "oppose"), Decision(two, "bo", "statement", "neutral")])
    store.decide([Decision(three, "bo", "statement", "oppose", {"speaker": "Feld"}), Decision(five, "bo", "unsure")])
    rows = [{str(k): v for k, v in row.items()} for row in store.annotations().to_dict("records")]
    assert find_disagreements(rows) == [two, three]


@pytest.fixture
def torn(store: AnnotationStore, ids: list[str]) -> AnnotationStore:
    """A store in which ana and bo disagree on the first two statements and agree on the third."""
    store.decide([Decision(one, "ana", "statement", "oppose") for one in ids[:3]])
    store.decide([Decision(ids[0], "bo", "statement", "neutral", {"speaker": "Quell"}, "not her full name")])
    store.decide([Decision(ids[1], "bo", "no_statement"), Decision(ids[2], "bo", "statement", "oppose")])
    return store


def test_decisions_stand_side_by_side_with_differences_marked(visit: Visit, torn: AnnotationStore) -> None:
    text = visit(annotator="cleo", adjudicate=True).get("/")
    assert "0 of 2 decided" in text
    assert "They differ in: stance, speaker." in text
    assert text.count('class="differs"') == 2
    assert '<td dir="auto">Quell</td>' in text
    assert "not her full name" in text


def test_taking_a_decision_records_it_as_adjudicated(visit: Visit, torn: AnnotationStore, ids: list[str]) -> None:
    cleo = visit(annotator="cleo", adjudicate=True)
    cleo.get("/")
    text = cleo.post("/decide", id=ids[0], take="bo")
    made = torn.decisions(ids[0])[-1]
    assert (made.annotator, made.adjudicated, made.stance, made.fields) == ("cleo", True, "neutral", {"speaker": "Quell"})
    assert f"id={ids[1]}" in cleo.address
    assert "1 of 2 decided" in text
    cleo.post("/decide", id=ids[1], decision="unsure")
    assert "All decided" in cleo.text
    table = torn.annotations()
    assert table[table["adjudicated"]]["verdict"].tolist() == ["statement", "unsure"]


def test_undoing_in_adjudication_leaves_ones_own_coding(visit: Visit, torn: AnnotationStore, ids: list[str]) -> None:
    ana = visit(annotator="ana", adjudicate=True)
    ana.get("/")
    ana.post("/decide", id=ids[0], take="ana")
    ana.post("/undo", id=ids[1])
    assert "There is nothing to take back." in ana.post("/undo", id=ids[1])
    assert len(torn.decisions()) == 6


def test_nobodys_decision_cannot_be_taken(visit: Visit, torn: AnnotationStore, ids: list[str]) -> None:
    cleo = visit(annotator="cleo", adjudicate=True)
    cleo.get("/")
    assert "has decided nothing of this statement" in cleo.post("/decide", id=ids[0], take="dora")
    assert cleo.status == 400


def test_two_tabs_and_two_annotators_at_once_lose_nothing(visit: Visit, store: AnnotationStore, ids: list[str]) -> None:
    tabs = [visit(), visit(), visit(annotator="bo")]

    def work(tab: Any, part: list[str]) -> None:
        tab.get("/")
        for one in part:
            tab.post("/decide", id=one, decision="neutral")

    half = len(ids) // 2
    parts = [ids[:half], ids[half:], ids]
    threads = [threading.Thread(target=work, args=pair) for pair in zip(tabs, parts, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted((one.annotator, one.statement_id) for one in store.decisions()) == sorted(
        (name, one) for name in ("ana", "bo") for one in ids
    )
    assert "All decided" in tabs[0].get("/")


def test_a_taken_port_gives_way_to_a_free_one() -> None:
    first = open_socket("127.0.0.1", 0)
    with first, open_socket("127.0.0.1", first.getsockname()[1]) as second:
        assert second.getsockname()[1] not in (0, first.getsockname()[1])


def test_a_host_that_is_not_here_is_said_so() -> None:
    with pytest.raises(InputError, match=r"Nothing can be served at 192\.0\.2\.7"):
        open_socket("192.0.2.7", 0)
