"""Where patterns match is found from the words of a text; nothing is lost against searching every place."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.targets.definitions import LEVELS, compile_patterns
from stance.targets.mentions import find_words, load_issues
from stance.targets.openings import WordSearch, find_openings
from stance.targets.starts import WordStarts
from stance.targets.starts import find_words as find_flat_words
from stance.text import fold

# Parts of patterns as users write them, also with letters, spaces and points left open, beginnings without a letter, flags.
PARTS = (
    *("ban", "bans?", "arms", " ", "-", "-?", "(?:the |an? )?", "[sz]", "[a-z]+", r"\w*", ".", r"\d+", "(?:lift|eas)(?:ed|ing)"),
    *("(?:[a-z-]+ ){0,2}", "(?:re){1,2}", "(?=b)", "(?!s)", r"\b", "(?i:ban)", "é", "_", "(?:un|)", "(?P<x>arms|oil)", "[^ ]"),
)
WORDS = (
    *("ban", "bans", "arms", "the arms ban", "lifted", "easing", "oil", "an", "re", "reban", "é", "_", "7", "un", "s", "ban’s"),
    *("BAN", "banning", "international arms", "lifting of", "\u212aban", "\u0130"),
)
patterns = st.lists(st.lists(st.sampled_from(PARTS), min_size=1, max_size=5).map("".join), min_size=1, max_size=3)
texts = st.lists(st.sampled_from((*WORDS, " ", "-", ".", "\n", "’")), max_size=12).map("".join)


def usable(found: list[str]) -> re.Pattern[str] | None:
    try:
        compiled = compile_patterns(tuple(found))
    except re.error:  # the same name for two groups
        return None
    return None if compiled.match("") or any(m.start() == m.end() for m in compiled.finditer("a b-c")) else compiled


@given(patterns, texts, texts, st.sampled_from(("", " un" * 200)))
def test_the_matches_are_those_of_a_search_everywhere(found: list[str], text: str, more: str, long: str) -> None:
    if compiled := usable(found):
        searched = f"{text} {more}{long}"  # in long texts the words are looked up all at once
        everywhere = [m.span() for m in compiled.finditer(fold(searched))]
        search = WordSearch({"it": tuple(found)})
        assert search.find(searched) == ({"it": everywhere} if everywhere else {})


def test_only_two_letters_beyond_ascii_are_ascii_in_lower_case() -> None:
    assert [chr(code) for code in range(128, 0x110000) if chr(code).lower()[0] < "\x80"] == ["\u0130", "\u212a"]


@given(st.lists(st.text("abc ", min_size=4, max_size=9), min_size=1), st.lists(st.text("abc", min_size=1), min_size=200))
def test_no_word_that_begins_with_given_letters_is_passed_over(letters: list[str], words: list[str]) -> None:
    flat = f" {'aaaa '.join(words)} ".ljust(600)
    found = find_flat_words(flat.encode())
    assert found is not None
    begun = {i for i, char in enumerate(flat) if char == " " and flat.startswith(tuple(letters), i + 1)}
    assert begun <= set(WordStarts(letters).find(found))


@settings(deadline=None)  # the first text waits for the patterns of all issues
@given(st.lists(st.sampled_from(
    ("peace", "talks", "the", "blockade", "end", "of", "war", "sanctions", "cease-fire", "Truce", "trade", "ban", "on", "oil",
     "political", "a", "solution", "lifted", "deal", "ceasefire,", "“sanctions", "judge", "counter-sanctioned", "no", "one", "."),
), max_size=14).map(" ".join))  # fmt: skip
def test_issues_are_named_where_their_patterns_match(text: str) -> None:
    found = find_words(load_issues(), text)
    text = fold(text)
    for issue in load_issues():
        bans = [m.span() for m in compile_patterns(issue.patterns["not"]).finditer(text)]
        for level in LEVELS:
            spans = [
                m.span()
                for m in compile_patterns(
                    issue.patterns[level] + (issue.patterns["loose"] if level == "strong" else ())
                ).finditer(text)
            ]
            assert found.get((issue.name, level), []) == [(a, b) for a, b in spans if not any(c < b and a < d for c, d in bans)]


@pytest.mark.parametrize(
    ("pattern", "openings"),
    [
        ("the (?:oil|gas) cap", ["the gas cap", "the oil cap"]),
        ("(?:re-?)?impos(?:e|ing)", ["impose", "imposing", "re impose", "re imposing", "reimpose", "reimposing"]),
        ("levi\\w+", ["levi*"]),
        ("inter-?[a-z]+ talks?", ["inter ~ talk", "inter ~ talks", "inter~ talk", "inter~ talks"]),
        ("(?!)", []),
        (".+", None),
        ("-ban", None),
        ("(?i:ban)", None),
    ],
)  # fmt: skip
def test_what_a_match_begins_with(pattern: str, openings: list[str] | None) -> None:
    assert find_openings(pattern) == openings


def test_the_issues_of_the_package_are_searched_for_by_their_words() -> None:
    known = [pattern for issue in load_issues() for patterns in issue.patterns.values() for pattern in patterns]
    assert None not in [find_openings(pattern) for pattern in known]
