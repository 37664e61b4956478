"""The quick answer to whether a text is English is the one that counting every word gives."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stance.files.language import _most_words, _surely_english, looks_english, share_function_words

WORDS = st.sampled_from(
    ["the", "and", "The", "of,", "sanctions", "Waffenruhe", "x", "42", "–", "停火", "停", "ไทย", "é", "İs", "\n"]
)


@given(words=st.lists(WORDS, max_size=400), joint=st.sampled_from([" ", "", "-", "\n", "’"]), times=st.integers(1, 12))
def test_the_quick_answer_is_the_slow_one(words: list[str], joint: str, times: int) -> None:
    text = joint.join(words) * times
    share, n_words = share_function_words(text)
    assert looks_english(text) == (n_words < 20 or share >= 0.04)


@given(st.text(st.characters(exclude_categories=("Cs",)) | st.sampled_from(" ab停ไé"), max_size=200))
def test_no_text_has_more_words_than_counted(text: str) -> None:
    assert share_function_words(text)[1] <= _most_words(text.encode())


def test_an_article_is_settled_by_its_first_paragraphs(quay: str, mill: str) -> None:
    assert _surely_english(f"{quay}\n{mill}\n" * 30)
