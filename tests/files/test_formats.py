"""Annotations go out to other tools and come back the same."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stance.files.formats import FORMATS, AnnotatedCorpus, read_corpus, write_corpus
from stance.files.formats.corpus import Report, assemble
from stance.records import CODED_COLUMNS, ISSUES, STANCES, Article

# Beyond the basic plane, combining, right to left, quotation marks, marks that formats use themselves, all kinds of space.
_ODD = "😊🏛é\u0301ש“”«'\"\\|[]{}_*;->#%&<>=:,\t \u00a0\u200b\u2028\x85\r\n"
_CHARACTERS = st.one_of(st.sampled_from(_ODD), st.sampled_from("aZ0.ß中"))
_TEXTS = st.text(_CHARACTERS, min_size=1, max_size=40)
_WORDS = st.text(_CHARACTERS, min_size=1, max_size=12).map(str.strip).filter(bool)
_MAYBE = st.none() | _WORDS
_CODES = st.lists(st.sampled_from(["USA", "EU", "IRN", "HOUTHIS"]), max_size=2, unique=True)
_ANNOTATORS = ("ana", "bo@desk.test", "çé/ 7")


@st.composite
def corpora(draw: st.DrawFn) -> AnnotatedCorpus:
    ids = draw(st.lists(_WORDS, min_size=1, max_size=2, unique=True))
    articles = [
        Article(name, draw(_TEXTS), draw(_MAYBE), draw(st.none() | st.just("2024-03-05")), draw(_MAYBE), draw(_MAYBE))
        for name in ids
    ]
    rows: list[dict[str, Any]] = []
    for number in range(draw(st.integers(0, 3))):
        article = draw(st.sampled_from(articles))
        start = draw(st.integers(0, len(article.text) - 1))
        end = draw(st.integers(start + 1, len(article.text)))
        place = {"statement_id": f"s{number}", "article_id": article.id, "start": start, "end": end}
        place |= {name: draw(_MAYBE) for name in ("quote", "cue", "speaker_mention")}
        rows += draw(_rows_of(place))
    report = Report()
    corpus = assemble(articles, rows, report)
    assert report.lines() == []
    return corpus


@st.composite
def _rows_of(draw: st.DrawFn, place: dict[str, Any]) -> list[dict[str, Any]]:
    rows = []
    if draw(st.booleans()):
        shares = {"p_support": 0.5, "p_oppose": 0.3, "p_neutral": 0.2, "flags": ["target_from_context"], "model": "small-1"}
        rows.append({**place, **draw(_coded()), "stance": draw(st.sampled_from(STANCES)), **draw(st.sampled_from([{}, shares]))})
    for annotator in draw(st.lists(st.sampled_from(_ANNOTATORS), max_size=2, unique=True)):
        for adjudicated in draw(st.sampled_from([(False,), (True,), (False, True)])):
            verdict = draw(st.sampled_from(["statement", "no_statement", "unsure"]))
            stance = draw(st.sampled_from(STANCES)) if verdict == "statement" else None
            told = {"annotator": annotator, "verdict": verdict, "stance": stance, "adjudicated": adjudicated}
            rows.append(
                {**place, **draw(_coded()), **told, "decided_at": draw(st.none() | st.just("2026-11-20T09:15:00.125+00:00"))}
            )
    return rows


@st.composite
def _coded(draw: st.DrawFn) -> dict[str, Any]:
    row = {name: draw(_MAYBE) for name in (*CODED_COLUMNS, "note")}
    return {**row, "issue": draw(st.sampled_from(ISSUES)), **{name: draw(_CODES) for name in ("sender", "recipient", "location")}}


# A thorough run takes more of them than there is time for at each change: FORMAT_EXAMPLES=1000 pytest tests/files
EXAMPLES = int(os.environ.get("FORMAT_EXAMPLES", "12"))
NAMES = {"table": "out.jsonl", "sqlite": "out.db", "label-studio": "out.json", "doccano": "out.jsonl", "prodigy": "out.jsonl"}


def there_and_back(corpus: AnnotatedCorpus, folder: Path, name: str, suffix: str = "") -> AnnotatedCorpus:
    path = (folder / NAMES.get(name, "out")).with_suffix(suffix or Path(NAMES.get(name, "out")).suffix)
    assert write_corpus(corpus, path, format=name) == []
    found, lost = read_corpus(path, format=name)
    assert lost == []
    return found


def assert_same(found: AnnotatedCorpus, expected: AnnotatedCorpus) -> None:
    assert found.articles == expected.articles
    assert found.rows() == expected.rows()
    pd.testing.assert_frame_equal(found.annotations, expected.annotations)


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(corpus=corpora())
def test_every_format_gives_back_what_it_was_given(name: str, corpus: AnnotatedCorpus) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert_same(there_and_back(corpus, Path(folder), name), corpus)


@settings(max_examples=2 * EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(corpus=corpora(), first=st.sampled_from(list(FORMATS)), second=st.sampled_from(list(FORMATS)))
def test_nothing_is_lost_by_way_of_two_formats(corpus: AnnotatedCorpus, first: str, second: str) -> None:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        assert_same(there_and_back(there_and_back(corpus, Path(one), first), Path(two), second), corpus)


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(corpus=corpora())
def test_tables_are_the_same_in_every_form(corpus: AnnotatedCorpus, suffix: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert_same(there_and_back(corpus, Path(folder), "table", suffix), corpus)
