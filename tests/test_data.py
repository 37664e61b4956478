"""The annotations the shipped model learns from: sound, varied and in proportion. Bounds are shares: the data grow."""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from stance.records import ISSUES, QUOTE_TYPES, STANCES

FOLDER = Path(__file__).resolve().parent.parent / "data" / "annotations"
CODE = re.compile(r"[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)*")
KEY = ["article_id", "start", "end", "speaker", "issue", "sender", "recipient", "location"]


def read(name: str) -> pd.DataFrame:
    return pd.DataFrame([json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()])


@pytest.fixture(scope="module")
def news() -> pd.DataFrame:
    return read("articles.jsonl")


@pytest.fixture(scope="module")
def records() -> pd.DataFrame:
    return read("statements.jsonl")


@pytest.fixture(scope="module")
def second() -> pd.DataFrame:
    """The records of the second coder; a row without an issue only says that its article was read."""
    rows = read("second_coding.jsonl")
    return rows[rows["issue"] != ""].reset_index(drop=True)


@pytest.fixture(scope="module")
def once(records: pd.DataFrame) -> pd.DataFrame:
    """Each annotated sentence once, however many records it has."""
    return records.drop_duplicates(["article_id", "start", "end"]).reset_index(drop=True)


@pytest.fixture(scope="module")
def splits() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "splits.csv")


@pytest.fixture(scope="module")
def near_duplicates(once: pd.DataFrame) -> list[tuple[int, int]]:
    """Pairs of rows whose sentences say nearly the same: cosine of 0.8 and more."""
    vectors = TfidfVectorizer(stop_words="english").fit_transform(once["sentence"])
    alike = (vectors @ vectors.T).tocoo()
    return [(one, other) for one, other, cosine in zip(*alike.coords, alike.data, strict=True) if one < other and cosine >= 0.8]


def joined(records: pd.DataFrame) -> pd.DataFrame:
    """The columns that make a record one of its kind, lists as text."""
    return records[KEY].map(lambda value: ";".join(value) if isinstance(value, list) else value)


def test_there_are_annotations(news: pd.DataFrame, records: pd.DataFrame) -> None:
    assert len(news) >= 600
    assert len(records) >= 5000


def test_article_ids_are_unique_and_articles_differ(news: pd.DataFrame) -> None:
    assert news["id"].is_unique
    assert news["text"].is_unique
    assert news["title"].is_unique


def test_every_article_has_a_date_an_outlet_and_a_title(news: pd.DataFrame) -> None:
    assert news["published"].map(lambda day: date.fromisoformat(day).isoformat() == day).all()
    assert news[["outlet", "title"]].map(lambda value: bool(value.strip())).all(axis=None)


def test_every_record_belongs_to_an_article_and_every_article_has_records(news: pd.DataFrame, records: pd.DataFrame) -> None:
    assert set(records["article_id"]) == set(news["id"])


def test_offsets_hold(news: pd.DataFrame, records: pd.DataFrame) -> None:
    texts = dict(zip(news["id"], news["text"], strict=True))
    slices = [texts[key][start:end] for key, start, end in records[["article_id", "start", "end"]].itertuples(index=False)]
    assert [row for row, (cut, sentence) in enumerate(zip(slices, records["sentence"], strict=True)) if cut != sentence] == []


def test_sentences_have_no_blanks_around_them(records: pd.DataFrame) -> None:
    assert records.loc[records["sentence"] != records["sentence"].str.strip(), "sentence"].tolist() == []


def test_sentences_of_an_article_do_not_overlap(records: pd.DataFrame) -> None:
    spans = records[["article_id", "start", "end"]].drop_duplicates().sort_values(["article_id", "start"])
    before = spans.groupby("article_id")["end"].shift(fill_value=0)
    assert spans[spans["start"] < before].to_dict("records") == []


def test_labels_are_those_of_the_codebook(records: pd.DataFrame) -> None:
    assert set(records["issue"]) == set(ISSUES)
    assert set(records["stance"]) == set(STANCES)
    assert set(records["quote_type"]) == set(QUOTE_TYPES)


def test_every_record_has_a_speaker(records: pd.DataFrame) -> None:
    assert records["speaker"].str.strip().ne("").all()


def test_actor_codes_look_like_codes(records: pd.DataFrame) -> None:
    lists = {code for column in ("sender", "recipient", "location") for codes in records[column] for code in codes}
    codes = lists | (set(records["speaker_actor"]) - {""})
    assert len(codes) > 50
    assert sorted(code for code in codes if not CODE.fullmatch(code)) == []


def test_parties_fit_the_issue(records: pd.DataFrame) -> None:
    about_sanctions = records["issue"] == "sanctions"
    assert records.loc[about_sanctions, "location"].map(len).sum() == 0
    assert records.loc[~about_sanctions, ["sender", "recipient"]].map(len).sum().sum() == 0


def test_records_are_unique(records: pd.DataFrame) -> None:
    assert records[joined(records).duplicated(keep=False)].to_dict("records") == []


def test_quotation_marks_stand_in_direct_and_mixed_sentences_of_their_own(records: pd.DataFrame) -> None:
    """A sentence in the middle of a quotation has none; most have."""
    mixed = records.loc[records["quote_type"] == "mixed", "sentence"]
    assert mixed.str.contains("[\"“”'‘’«»]").mean() > 0.98


@pytest.mark.parametrize(("stance", "least", "most"), [("support", 0.35, 0.60), ("oppose", 0.20, 0.40), ("neutral", 0.15, 0.35)])
def test_no_stance_is_rare_or_crowds_out_the_others(records: pd.DataFrame, stance: str, least: float, most: float) -> None:
    assert least <= (records["stance"] == stance).mean() <= most


@pytest.mark.parametrize("issue", ISSUES)
def test_no_issue_is_rare_and_each_meets_every_stance(records: pd.DataFrame, issue: str) -> None:
    of_issue = records[records["issue"] == issue]
    assert 0.20 <= len(of_issue) / len(records) <= 0.50
    assert of_issue["stance"].value_counts(normalize=True).reindex(STANCES, fill_value=0).min() >= 0.12


def test_no_article_weighs_more_than_the_others_together(records: pd.DataFrame) -> None:
    assert records["article_id"].value_counts(normalize=True).max() <= 0.02


@pytest.mark.parametrize("quote_type", QUOTE_TYPES)
def test_every_type_of_quotation_is_there(records: pd.DataFrame, quote_type: str) -> None:
    assert (records["quote_type"] == quote_type).mean() >= 0.10


def test_no_person_speaks_everywhere(records: pd.DataFrame) -> None:
    assert records["speaker"].value_counts(normalize=True).max() <= 0.02


@pytest.mark.parametrize(("issue", "stance", "quote_type"), [*itertools.product(ISSUES, STANCES, QUOTE_TYPES)])
def test_every_issue_meets_every_stance_in_every_type_of_quotation(
    records: pd.DataFrame, issue: str, stance: str, quote_type: str
) -> None:
    """The emptiest cell held 59 records on 22 November 2026."""
    of_cell = (records["issue"] == issue) & (records["stance"] == stance) & (records["quote_type"] == quote_type)
    assert of_cell.sum() >= 50


@pytest.mark.slow
def test_hardly_any_sentence_is_nearly_another(once: pd.DataFrame, near_duplicates: list[tuple[int, int]]) -> None:
    assert len(once) > 5000
    assert len({row for pair in near_duplicates for row in pair}) < 0.01 * len(once)


def test_sentences_open_in_many_ways(once: pd.DataFrame) -> None:
    """Half a per cent: the most frequent opening stood 27 times in 6,058 sentences on 22 November 2026."""
    openings = Counter(" ".join(re.findall(r"[\w'’-]+", sentence.lower())[:3]) for sentence in once["sentence"])
    [(opening, count)] = openings.most_common(1)
    assert count <= 0.005 * len(once), opening


def test_every_article_is_in_one_split(news: pd.DataFrame, splits: pd.DataFrame) -> None:
    assert splits["article_id"].is_unique
    assert set(splits["article_id"]) == set(news["id"])


@pytest.mark.parametrize(("split", "share"), [("train", 0.70), ("validation", 0.15), ("test", 0.15)])
def test_splits_have_their_shares(splits: pd.DataFrame, split: str, share: float) -> None:
    assert set(splits["split"]) == {"train", "validation", "test"}
    assert (splits["split"] == split).mean() == pytest.approx(share, abs=0.02)


def test_no_sentence_is_in_two_splits(once: pd.DataFrame, splits: pd.DataFrame) -> None:
    of_sentence = once.merge(splits, on="article_id").groupby("sentence")["split"].nunique()
    assert of_sentence[of_sentence > 1].index.tolist() == []


@pytest.mark.slow
def test_no_sentence_is_nearly_another_of_another_split(
    once: pd.DataFrame, splits: pd.DataFrame, near_duplicates: list[tuple[int, int]]
) -> None:
    split = once["article_id"].map(splits.set_index("article_id")["split"])
    across = [(once["sentence"][one], once["sentence"][other]) for one, other in near_duplicates if split[one] != split[other]]
    assert across == []


def test_the_second_coding_is_of_test_articles_only(splits: pd.DataFrame) -> None:
    """None of them is learned from, so what two coders agree on can be set beside what the model gets right."""
    test = set(splits.loc[splits["split"] == "test", "article_id"])
    assert set(read("second_coding.jsonl")["article_id"]) - test == set()


def test_there_is_a_second_coding_worth_measuring(second: pd.DataFrame) -> None:
    assert len(second) >= 500
    assert second["article_id"].nunique() >= 60


def test_offsets_of_the_second_coding_hold(news: pd.DataFrame, second: pd.DataFrame) -> None:
    test_offsets_hold(news, second)
    test_sentences_of_an_article_do_not_overlap(second)


def test_labels_of_the_second_coding_are_those_of_the_codebook(second: pd.DataFrame) -> None:
    test_labels_are_those_of_the_codebook(second)
    test_parties_fit_the_issue(second)
    test_every_record_has_a_speaker(second)
    test_records_are_unique(second)
    assert set(second["optional"]) == {True, False}
    assert set(second["annotator"]) == {"second coder"}


def test_actor_codes_of_the_second_coding_look_like_codes(second: pd.DataFrame) -> None:
    """Here a group speaks for several at times: RUS+FRA+USA."""
    lists = {code for column in ("sender", "recipient", "location") for codes in second[column] for code in codes}
    codes = lists | {code for codes in second["speaker_actor"] if codes for code in codes.split("+")}
    assert len(codes) > 50
    assert sorted(code for code in codes if not CODE.fullmatch(code)) == []
