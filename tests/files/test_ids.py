"""Articles keep ids of their own, however many come."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stance.files.ids import open_seen
from stance.files.sources import Found
from stance.records import Article

NAMES = st.sampled_from(["a", "a#2", "a#3", "b", ""])


@given(st.lists(st.tuples(NAMES, st.sampled_from("xyz")), max_size=30))
def test_every_text_comes_once_under_an_id_and_no_id_comes_twice(rows: list[tuple[str, str]]) -> None:
    with open_seen() as seen:
        settled = [seen.settle(Found(f"row {i}", Article(name, text))) for i, (name, text) in enumerate(rows)]
    kept = [article for article, _ in settled if article is not None]
    assert len({article.id for article in kept}) == len(kept)
    assert len(kept) >= len({name for name, _ in rows})
    # What is left out stands among the kept under its id or a number behind it.
    for (name, text), (article, note) in zip(rows, settled, strict=True):
        if article is None:
            assert note is not None
            assert note.startswith("the same id and text as row ")
            assert any(other.text == text and other.id.startswith(name) for other in kept)


def test_thousands_of_articles_are_told_apart() -> None:
    with open_seen() as seen:
        for i in range(20_000):
            assert seen.settle(Found("x", Article(str(i), "y")))[1] is None
        assert seen.settle(Found("z", Article("7", "y"))) == (None, "the same id and text as x")
