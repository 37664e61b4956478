"""Wire copy in many papers is known again; two articles on one subject are two."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from stance.errors import InputError
from stance.files import Skipped, read_articles

pytest.importorskip("rensa")
from stance.files.duplicates import LEAST_SIMILAR, NearDuplicates
from stance.records import Article

ROOT = Path(__file__).resolve().parents[2]
COMPOSED = [
    json.loads(line)["text"]
    for line in (ROOT / "data" / "annotations" / "articles.jsonl").read_text(encoding="utf-8").splitlines()[:250]
]


def without_end(text: str) -> str:
    """Return the paragraphs up to three quarters of the text, as a desk cuts for length."""
    paragraphs = [one for one in text.split("\n") if one.strip()]
    kept = []
    for paragraph in paragraphs:
        if sum(map(len, kept)) >= 0.75 * sum(map(len, paragraphs)):
            break
        kept.append(paragraph)
    return "\n".join(kept)


def with_headline(text: str) -> str:
    return f"What the ministers are saying tonight\n\nBy our correspondents\n\n{text}"


def with_dateline(text: str) -> str:
    return "OSTHAVEN (NNA) - " + re.sub(r"^[^–—-]{0,40}[–—-] ?", "", text, count=1)


def with_marks_set_anew(text: str) -> str:
    return text.translate(str.maketrans("“”‘’–", "\"\"''-")).upper()


CHANGES = {
    "cut at the end": without_end,
    "another headline": with_headline,
    "another dateline": with_dateline,
    "other marks, capitals": with_marks_set_anew,
    "cut, headline and dateline": lambda text: with_headline(with_dateline(without_end(text))),
}


@pytest.fixture(scope="module")
def index() -> tuple[NearDuplicates, list[Any]]:
    found = NearDuplicates()
    return found, [found.find_or_add(Article(str(i), text)) for i, text in enumerate(COMPOSED)]


def test_no_two_composed_articles_are_near_duplicates(index: tuple[NearDuplicates, list[Any]]) -> None:
    assert set(index[1]) == {None}


@pytest.mark.parametrize("change", CHANGES)
def test_wire_copy_is_known_again(index: tuple[NearDuplicates, list[Any]], change: str) -> None:
    likes = [index[0].find_or_add(Article(f"copy {i}", CHANGES[change](text))) for i, text in enumerate(COMPOSED)]
    assert [like and like.article_id for like in likes] == [str(i) for i in range(len(COMPOSED))]
    assert all(LEAST_SIMILAR <= like.similarity <= 1 for like in likes)


def test_two_strange_paragraphs_mostly_leave_it_known(index: tuple[NearDuplicates, list[Any]]) -> None:
    strange = [[one for one in text.split("\n") if one.strip()][-2:] for text in COMPOSED]
    copies = [f"{text}\n{chr(10).join(other)}" for (text, other) in zip(COMPOSED, [*strange[1:], strange[0]], strict=True)]
    likes = [index[0].find_or_add(Article(f"longer {i}", text)) for i, text in enumerate(copies)]
    assert sum(like is not None and like.article_id == str(i) for i, like in enumerate(likes)) >= 0.93 * len(COMPOSED)


def test_a_text_of_one_or_no_word_is_a_duplicate_of_itself_only() -> None:
    index = NearDuplicates()
    texts = ["Truce", "Talks", "Truce", "!"]
    likes = [index.find_or_add(Article(str(i), text)) for i, text in enumerate(texts)]
    assert [like and like.article_id for like in likes[:3]] == [None, None, "0"]


@pytest.fixture
def archive(save: Callable[..., Path], quay: str, mill: str, bridge: str) -> Path:
    story = f"{quay}\n{mill}\n{bridge}"
    texts = [story, f"{mill}\nNothing else is known.", f"Late news\n\n{story}", story, f"{bridge}\nThe bridge is long."]
    rows = ({"id": f"n{i}", "text": text} for i, text in enumerate(texts))
    return save("a.jsonl", "".join(json.dumps(row) + "\n" for row in rows))


def test_keep_reads_all_flag_names_the_first_and_drop_leaves_the_others_out(read: Callable[..., Any], archive: Path) -> None:
    kept, _ = read(archive)
    flagged, none = read(archive, duplicates="flag")
    dropped, skipped = read(archive, duplicates="drop")
    assert [article.duplicate_of for article in kept] == [None] * 5
    assert [article.duplicate_of for article in flagged] == [None, None, "n0", "n0", None]
    assert none == []
    assert [article.id for article in dropped] == ["n0", "n1", "n4"]
    assert [(skip.source, skip.kept) for skip in skipped] == [(f"{archive}:3", False), (f"{archive}:4", False)]
    assert skipped[1].reason == "near-duplicate: 100% the same as the article n0"


def test_an_unknown_way_is_an_error_at_once() -> None:
    with pytest.raises(InputError, match="'merge' is not one of keep, flag, drop"):
        read_articles([], on_skip=pytest.fail, duplicates="merge")  # type: ignore[arg-type]


def test_without_the_package_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "rensa", None)
    with pytest.raises(InputError, match=r"near-duplicates need an extra: pip install 'stance\[duplicates\]'"):
        read_articles([], on_skip=pytest.fail, duplicates="flag")
    skipped: list[Skipped] = []
    assert list(read_articles([], on_skip=skipped.append)) == []


def test_the_answer_is_the_same_in_every_run(index: tuple[NearDuplicates, list[Any]]) -> None:
    copies = [f"{one}\n{other}" for one, other in pairwise(COMPOSED[:40])]
    answers = []
    for _ in range(2):
        fresh = NearDuplicates()
        answers.append([fresh.find_or_add(Article(str(i), text)) for i, text in enumerate([*COMPOSED[:40], *copies])])
    assert answers[0] == answers[1]
    assert any(answers[0])
