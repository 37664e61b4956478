"""Runs every case below ``tests/cases``; what a case holds is told in ``tests/cases/README.md``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stance.actors import read_cast
from stance.pipeline import extract_article
from stance.quotes import find_attributions, find_quotes
from stance.records import Article, Quote, Span
from stance.speakers import find_speakers
from stance.text import open_page

CASES = Path(__file__).parent / "cases"
KINDS = ("in_the_wild", "synthetic", "negative", "known_failures")
KINDS_OF = {"quotes": KINDS, "attributions": KINDS[1:], "speakers": KINDS, "targets": KINDS}
STAGES = tuple(KINDS_OF)
INPUTS = ("title", "published", "outlet")
# Fewer than this in a file and the file has lost its point.
LEAST_CASES = 12

Case = dict[str, Any]


def read_cases(stage: str, kind: str) -> list[Case]:
    return json.loads((CASES / stage / f"{kind}.json").read_text(encoding="utf-8"))


def parameters(*kinds: str) -> list[Any]:
    return [
        pytest.param(stage, case, id=f"{stage}-{kind}-{case['id']}")
        for stage in STAGES
        for kind in kinds
        if kind in KINDS_OF[stage]
        for case in read_cases(stage, kind)
    ]


def article_of(case: Case) -> Article:
    return Article(case["id"], case["text"], **{name: case.get(name) for name in INPUTS})


def origin(quotes: list[Quote], quote: Quote) -> Quote:
    """Return the quote that names the speaker of a running quotation."""
    while quote.source is None and quote.continued is not None:
        quote = quotes[quote.continued]
    return quote


def words_at(text: str, span: Span | None) -> str:
    return text[span.start : span.end] if span else ""


def found_quotes(case: Case) -> list[dict[str, Any]]:
    page = open_page(case["text"])
    quotes = find_quotes(page)
    return [
        {
            "sentence": quote.sentence,
            "kind": quote.kind,
            "cue": words_at(page.text, quote.cue),
            "source": words_at(page.text, origin(quotes, quote).source),
        }
        for quote in quotes
    ]


def found_attributions(case: Case) -> list[dict[str, Any]]:
    def words(spans: tuple[Span, ...]) -> list[str]:
        return [words_at(case["text"], span) for span in spans]

    return [
        {
            "source": words(found.source),
            "cue": words(found.cue),
            "content": words(found.content),
            "kind": found.kind,
            "class": found.cue_class,
        }
        for found in find_attributions(open_page(case["text"]))
    ]


def found_speakers(case: Case) -> list[dict[str, Any]]:
    page = open_page(case["text"])
    quotes = find_quotes(page)
    speakers = find_speakers(read_cast(page, article_of(case)), quotes)
    return [
        {"sentence": quote.sentence, "speaker": speaker.name, "actor": speaker.actor}
        for quote, speaker in zip(quotes, speakers, strict=True)
        if speaker is not None
    ]


def found_targets(case: Case) -> list[dict[str, Any]]:
    page = open_page(case["text"])
    return [
        {
            "sentence": page.sentence_at(statement.start),
            "issue": statement.target.issue,
            "sender": list(statement.target.sender),
            "recipient": list(statement.target.recipient),
            "location": list(statement.target.location),
            "target": statement.target.label,
        }
        for statement in extract_article(article_of(case))
    ]


FIND = {"quotes": found_quotes, "attributions": found_attributions, "speakers": found_speakers, "targets": found_targets}


@pytest.mark.parametrize(("stage", "case"), parameters("in_the_wild", "synthetic", "negative"))
def test_case_is_answered_as_expected(stage: str, case: Case) -> None:
    assert FIND[stage](case) == case["expected"]


@pytest.mark.xfail(strict=True, raises=AssertionError)
@pytest.mark.parametrize(("stage", "case"), parameters("known_failures"))
def test_known_failure_still_fails(stage: str, case: Case) -> None:
    assert FIND[stage](case) == case["expected"]


@pytest.mark.parametrize(("stage", "kind"), [(stage, kind) for stage in STAGES for kind in KINDS_OF[stage][:-1]])
def test_case_file_is_not_empty(stage: str, kind: str) -> None:
    assert len(read_cases(stage, kind)) >= LEAST_CASES


@pytest.mark.parametrize("stage", STAGES)
def test_case_ids_are_unique_within_a_stage(stage: str) -> None:
    ids = [case["id"] for kind in KINDS_OF[stage] for case in read_cases(stage, kind)]

    assert sorted(set(ids)) == sorted(ids)


@pytest.mark.parametrize("stage", STAGES)
def test_every_case_says_what_it_is_for(stage: str) -> None:
    fields = {"id", "source", "why", "text", "expected"}

    cases = [case for kind in KINDS_OF[stage] for case in read_cases(stage, kind)]
    thin = [case["id"] for case in cases if not fields <= case.keys() or not case["why"]]

    assert thin == []
