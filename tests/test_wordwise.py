"""What was found out about a word is kept, and forgotten when too many words are known."""

from __future__ import annotations

import pytest

from stance import wordwise
from stance.wordwise import PerWord


def test_a_word_is_asked_for_once() -> None:
    asked: list[str] = []
    kinds = PerWord(lambda word: asked.append(word) or word.upper())
    assert [kinds["truce"], kinds["lull"], kinds["truce"]] == ["TRUCE", "LULL", "TRUCE"]
    assert asked == ["truce", "lull"]


def test_it_never_holds_more_words_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wordwise, "_MOST", 3)
    lengths = PerWord(len)
    for n in range(10):
        assert lengths["o" * n] == n
        assert len(lengths) <= 3
