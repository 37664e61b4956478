"""What counts as agreement: which codings are of one statement, who has seen what, what is told of apart."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.errors import InputError
from stance.evaluation.agreement import Agreement, Comparison, format_agreement, format_agreement_table, summarize_agreement

Row = dict[str, Any]


def row(annotator: str, number: int, stance: str | None = "support", *, article: str = "a", **changes: Any) -> Row:
    """A coding of the sentence at 100 times ``number``, by a person of its own about sanctions; None is no statement."""
    return {
        "statement_id": f"{article}-{number}",
        "article_id": article,
        "start": 100 * number,
        "end": 100 * number + 80,
        "sentence": f"Speaker {number} of Freedonia spoke of the embargo.",
        "speaker": f"Person{number} Surname{number}",
        "speaker_actor": "NOR",
        "issue": "sanctions",
        "sender": ["EU"],
        "recipient": ["IRN"],
        "location": [],
        "target": "EU sanctions on Iran",
        "quote_type": "indirect",
        "stance": stance,
        "verdict": "statement" if stance else "no_statement",
        "annotator": annotator,
        "adjudicated": False,
        **changes,
    }


def freely(annotator: str, number: int, stance: str = "support", **changes: Any) -> Row:
    """The same, coded without a list: no id."""
    return row(annotator, number, stance, statement_id=None, **changes)


def summarize(*rows: Row, **options: Any) -> Agreement:
    return summarize_agreement(pd.DataFrame(rows), rounds=20, **options)


def only_pair(*rows: Row, **options: Any) -> Comparison:
    (pair,) = summarize(*rows, **options).pairs
    return pair


def n_and_percent(pair: Comparison, field: str) -> tuple[int, float | None]:
    return pair.fields[field].n, pair.fields[field].percent.value


# Which codings are of one statement


def test_codings_of_a_list_meet_by_their_id_whatever_was_changed() -> None:
    changed = row("bo", 1, "oppose", speaker="The harbour master", issue="ceasefire", start=5000, end=5100)
    pair = only_pair(row("ana", 1), changed)
    assert n_and_percent(pair, "statement") == (1, 1.0)
    assert n_and_percent(pair, "issue") == (1, 0.0)
    assert pair.fields["stance"].n == 0  # a stance towards another issue is not another stance


def test_codings_without_a_list_meet_by_span_and_issue() -> None:
    pair = only_pair(freely("ana", 1), freely("bo", 1, "oppose", start=110, end=230, speaker="Surname1", speaker_actor="SWE"))
    assert n_and_percent(pair, "statement") == (1, 1.0)
    assert n_and_percent(pair, "speaker") == (1, 1.0)
    assert n_and_percent(pair, "speaker_actor") == (1, 0.0)
    assert n_and_percent(pair, "stance") == (1, 0.0)


def test_the_pair_that_is_most_alike_is_taken() -> None:
    rows = [
        freely("ana", 1, "support", speaker="Kari Lund"),
        freely("ana", 1, "oppose", speaker="Idris Mabo"),
        freely("bo", 1, "oppose", speaker="Mabo"),
        freely("bo", 1, "support", speaker="Lund"),
    ]
    assert n_and_percent(only_pair(*rows), "stance") == (2, 1.0)


def test_other_people_on_other_issues_are_two_statements() -> None:
    pair = only_pair(freely("ana", 1), freely("bo", 1, issue="ceasefire", speaker="Idris Mabo", location=["SDN"]))
    assert n_and_percent(pair, "statement") == (2, 0.0)
    same_speaker = only_pair(freely("ana", 1), freely("bo", 1, issue="ceasefire", location=["SDN"]))
    assert n_and_percent(same_speaker, "statement") == (1, 1.0)


def test_sentences_meet_where_there_are_no_articles_and_offsets() -> None:
    table = pd.DataFrame([freely("ana", 1), freely("bo", 1, "neutral"), freely("ana", 2), freely("bo", 2)])
    (pair,) = summarize_agreement(table[["sentence", "speaker", "issue", "stance", "annotator"]], rounds=20).pairs
    assert n_and_percent(pair, "stance") == (2, 0.5)


def test_of_a_list_other_ids_are_other_statements() -> None:
    """Two statements of one sentence; each annotator has come to one of them."""
    rows = [row("ana", 1), row("bo", 1, statement_id="second"), row("ana", 3, None), row("bo", 3, None)]
    agreement = summarize(*rows)
    assert n_and_percent(agreement.pairs[0], "statement") == (1, 1.0)
    assert any("2 statements of other articles were decided on by one annotator alone" in note for note in agreement.notes)


# Who has seen what


def test_what_a_reader_of_the_article_left_out_was_not_found() -> None:
    pair = only_pair(freely("ana", 1), freely("ana", 2), freely("bo", 1))
    assert n_and_percent(pair, "statement") == (2, 0.5)
    assert pair.fields["statement"].f1.value == pytest.approx(2 / 3, abs=1e-4)


def test_only_articles_that_both_have_seen_count() -> None:
    pair = only_pair(freely("ana", 1), freely("ana", 1, article="b"), freely("bo", 1), freely("bo", 1, article="c"))
    assert (pair.n_articles, *n_and_percent(pair, "statement")) == (1, 1, 1.0)


def test_an_article_read_and_found_empty_counts_as_seen() -> None:
    nothing = {"annotator": "bo", "article_id": "a", "stance": None}
    pair = only_pair(freely("ana", 1), freely("ana", 1, article="b"), freely("bo", 1, article="b"), nothing)
    assert n_and_percent(pair, "statement") == (2, 0.5)


def test_who_works_through_a_list_has_not_yet_come_to_the_rest() -> None:
    rows = [row("ana", 1), row("ana", 2), row("ana", 3, None), row("bo", 1), row("bo", 3, None)]
    assert n_and_percent(only_pair(*rows), "statement") == (2, 1.0)


def test_but_what_another_added_by_hand_they_missed() -> None:
    rows = [row("ana", 1), row("ana", 2, added_by="ana"), row("ana", 3, None), row("bo", 1), row("bo", 3, None)]
    agreement = summarize(*rows)
    assert n_and_percent(agreement.pairs[0], "statement") == (3, pytest.approx(2 / 3, abs=1e-4))
    (missed,) = agreement.disagreements
    assert (missed.first, missed.second) == ("statement (support)", "not found")


def test_with_the_texts_every_sentence_is_compared() -> None:
    text = "Kari Lund rejects the embargo. It rained in Bergen. Idris Mabo backs the embargo. The sun shone at last."
    spans = [(0, 30), (52, 81)]
    rows = [freely("ana", i, start=start, end=end) for i, (start, end) in enumerate(spans)]
    pair = only_pair(*rows, freely("bo", 0, start=0, end=30), texts={"a": text})
    found = pair.fields["sentence"]
    assert (found.n, found.percent.value, found.kappa.value) == (4, 0.75, 0.5)
    assert pair.fields["statement"].kappa.value is None
    assert "chance is not known" in pair.fields["statement"].note


def test_articles_whose_text_is_lacking_are_named() -> None:
    agreement = summarize(freely("ana", 1), freely("bo", 1), texts={"z": "Nothing."})
    assert "1 of the 1 articles that two have seen were not given: their sentences are not counted" in agreement.notes


def test_unsure_is_missing_and_shown() -> None:
    unsure = row("bo", 2, None, verdict="unsure")
    agreement = summarize(row("ana", 1), row("ana", 2), row("ana", 3, None), row("bo", 1), unsure, row("bo", 3, None))
    pair = agreement.pairs[0]
    assert n_and_percent(pair, "statement") == (2, 1.0)
    assert n_and_percent(pair, "stance") == (1, 1.0)
    assert agreement.annotators[1].n_unsure == 1
    assert pair.confusion is not None
    assert pair.confusion.labels == ("support", "oppose", "neutral", "no_statement", "unsure")
    assert pair.confusion.counts[0] == (1, 0, 0, 0, 1)
    assert pair.confusion.counts[3] == (0, 0, 0, 1, 0)


def test_parties_are_compared_as_sets_where_the_issue_has_them() -> None:
    first = [row("ana", 1, sender=["EU", "USA"]), row("ana", 2), row("ana", 3, issue="ceasefire", location=["SDN"])]
    second = [row("bo", 1, sender="USA;EU"), row("bo", 2, sender=[]), row("bo", 3, issue="ceasefire", location=["sdn"])]
    pair = only_pair(*first, *second)
    assert n_and_percent(pair, "sender") == (2, 0.5)
    assert n_and_percent(pair, "location") == (1, 1.0)


def test_one_issue_can_be_looked_at_alone() -> None:
    rows = [row(name, 1) for name in ("ana", "bo")] + [row(name, 2, issue="arms_exports") for name in ("ana", "bo")]
    assert only_pair(*rows, issues=["arms_exports"]).fields["stance"].n == 1
    with pytest.raises(InputError, match=r"No two of the annotators \(ana, bo\) .* on ceasefire"):
        summarize(*rows, issues=["ceasefire"])


# Adjudication


def test_adjudicated_rows_are_no_coder() -> None:
    settled = {"adjudicated": True, "decided_at": "2026-11-22T10:00:00.000+00:00"}
    rows = [row("ana", 1), row("bo", 1, "oppose"), row("ana", 2), row("bo", 2), row("bo", 1, "support", **settled)]
    agreement = summarize(*rows)
    assert [one.name for one in agreement.annotators] == ["ana", "bo"]
    assert n_and_percent(agreement.pairs[0], "stance") == (2, 0.5)
    assert agreement.n_adjudicated == 1
    assert [one.fields["stance"] for one in agreement.upheld] == [(1, 1), (0, 1)]
    assert agreement.disagreements[0].adjudicated == "support"
    assert "adjudicated: 1 statements" in format_agreement(agreement)


# Cases without a figure


def test_one_annotator_alone_is_told_what_is_needed() -> None:
    with pytest.raises(InputError, match="needs two annotators of the same articles; the annotations are by only 'ana'"):
        summarize(row("ana", 1), row("bo", 1, adjudicated=True))


def test_a_table_without_annotators_names_its_columns() -> None:
    with pytest.raises(InputError, match="no column 'annotator'; the columns are 'sentence', 'stance'"):
        summarize_agreement(pd.DataFrame({"sentence": ["Kari Lund spoke."], "stance": ["support"]}))


def test_an_unknown_verdict_or_stance_names_its_row() -> None:
    with pytest.raises(InputError, match="Row 2: the verdict 'maybe' is not one of statement, no_statement, unsure"):
        summarize(row("ana", 1), row("bo", 1, verdict="maybe"))
    with pytest.raises(InputError, match="Row 1: the stance 'warm' is not one of support, oppose, neutral"):
        summarize(row("ana", 1, "warm"), row("bo", 1))


def test_a_pair_without_overlap_says_so() -> None:
    rows = [row("ana", 1), row("bo", 1), row("cy", 1, article="elsewhere")]
    agreement = summarize(*rows)
    assert [pair.empty for pair in agreement.pairs] == [False, True, True]
    assert "ana / cy: nothing in common" in format_agreement(agreement)
    assert "ana / cy: nothing in common" in format_agreement_table(agreement)
    with pytest.raises(InputError, match="have decided on the same statement"):
        summarize(rows[0], rows[2])


def test_one_value_alone_is_not_perfect_reliability() -> None:
    rows = [row(name, number, article=f"a{number}") for name in ("ana", "bo") for number in range(4)]
    found = only_pair(*rows).fields["stance"]
    assert (found.percent.value, found.kappa.value, found.alpha.value) == (1.0, None, None)
    assert found.note == "all gave the same value: no chance to disagree"
    assert "nan" not in format_agreement(summarize(*rows))


def test_one_article_has_no_interval_and_says_so() -> None:
    agreement = summarize(row("ana", 1), row("ana", 2, "oppose"), row("bo", 1), row("bo", 2, "neutral"))
    assert agreement.pairs[0].fields["stance"].alpha.low is None
    assert "one article in common: no intervals" in agreement.notes


def test_what_is_left_out_is_counted() -> None:
    rows = [row("ana", 1), row("bo", 1), row("bo", 1), row("", 2), row("ana", 4, None, verdict=None)]
    notes = summarize(*rows).notes
    assert "1 rows left out: no annotator" in notes
    assert "1 rows left out: nothing decided" in notes
    assert any("the same row again" in note for note in notes)


def test_the_later_decision_counts_in_any_order() -> None:
    early, late = row("bo", 1, "oppose", decided_at="2026-11-01"), row("bo", 1, "support", decided_at="2026-11-02")
    assert n_and_percent(only_pair(row("ana", 1), late, early), "stance") == (1, 1.0)
    assert n_and_percent(only_pair(row("ana", 1), early, late), "stance") == (1, 1.0)


# The list


def test_the_gravest_disagreements_come_first() -> None:
    first = [row("ana", 1, "neutral"), row("ana", 2), row("ana", 3), row("ana", 4, None), row("ana", 5, speaker_actor="")]
    second = [row("bo", 1), row("bo", 2, "oppose"), row("bo", 3, None), row("bo", 4, "neutral"), row("bo", 5)]
    agreement = summarize(*first, *second)
    told = [(one.field, one.first, one.second) for one in agreement.disagreements]
    assert told == [
        ("stance", "support", "oppose"),
        ("stance", "neutral", "support"),
        ("statement", "statement (support)", "no_statement"),
        ("statement", "no_statement", "statement (neutral)"),
        ("speaker_actor", "", "NOR"),
    ]
    table = agreement.disagreement_table()
    assert table.loc[0, ["article_id", "start", "end", "statement_id"]].tolist() == ["a", 200, 280, "a-2"]
    assert agreement.as_dict()["disagreements"] == {"stance": 2, "statement": 2, "speaker_actor": 1}


def test_a_list_without_disagreements_keeps_its_columns() -> None:
    assert "adjudicated" in summarize(row("ana", 1), row("bo", 1)).disagreement_table().columns


# What must not matter

names = st.sampled_from(["ana", "bo", "cy"])
stances = st.sampled_from(["support", "oppose", "neutral", None])
codings = st.builds(
    row,
    names,
    st.integers(0, 5),
    stances,
    article=st.sampled_from(["a", "b"]),
    speaker=st.sampled_from(["Kari Lund", "Lund", "Idris Mabo"]),
    issue=st.sampled_from(["sanctions", "ceasefire"]),
    sender=st.sampled_from([["EU"], ["EU", "USA"], []]),
    statement_id=st.sampled_from([None, "x", "y"]),
)
common = [row("ana", 9, article="c"), row("bo", 9, article="c"), row("cy", 9, "oppose", article="c")]


def by_pair(agreement: Agreement) -> dict[frozenset[str], Any]:
    return {frozenset(pair.annotators): pair.fields for pair in agreement.pairs}


@settings(max_examples=25, deadline=None)
@given(st.lists(codings, max_size=14), st.randoms())
def test_the_order_of_rows_does_not_matter(rows: list[Row], random: Any) -> None:
    shuffled = [*common, *rows]
    random.shuffle(shuffled)
    assert summarize(*shuffled).as_dict() == summarize(*common, *rows).as_dict()


@settings(max_examples=25, deadline=None)
@given(st.lists(codings, max_size=14))
def test_names_of_annotators_do_not_matter(rows: list[Row]) -> None:
    new = {"ana": "zoe", "bo": "abe", "cy": "max"}
    one = summarize(*common, *rows)
    other = summarize(*({**each, "annotator": new[each["annotator"]]} for each in (*common, *rows)))
    assert {frozenset(new[name] for name in pair): fields for pair, fields in by_pair(one).items()} == by_pair(other)
    assert one.together is not None
    assert other.together is not None
    assert one.together.fields == other.together.fields


@settings(max_examples=25, deadline=None)
@given(st.lists(codings, min_size=1, max_size=14))
def test_identical_coders_agree_wholly(rows: list[Row]) -> None:
    twice = [{**each, "annotator": name} for each in rows for name in ("ana", "bo")]
    agreement = summarize(*twice)
    found = [one for one in agreement.pairs[0].fields.values() if one.n]
    assert {one.percent.value for one in found} == {1.0}
    assert {one.alpha.value for one in found} <= {1.0, None}
    assert agreement.disagreements == ()
