"""The tables and word lists that come with the package."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from stance.lexicon import read_table, read_words, split_cell

TABLES = ("states", "organizations", "conflicts", "office_holders", "outlets")
WORD_LISTS = (
    "abbreviations",
    "channels",
    "cues",
    "document_nouns",
    "function_words",
    "private_roles",
    "sentence_starters",
    "speaker_modifiers",
    "speaker_nouns",
    "titles",
)
LISTS_WITH_DOUBLES = ("function_words", "titles")
ALIAS_COLUMNS = (
    ("states", ("name", "names", "demonyms", "capital", "metonyms")),
    ("organizations", ("name", "names", "adjectives", "bodies")),
)
# Two states each have a right to these; the reader of the tables takes the first.
SHARED_ALIASES = frozenset({"Congolese", "Dominican", "Dominicans"})


def codes(table: str) -> list[str]:
    return [row["code"] for row in read_table(table)]


def repeated(values: list[str]) -> list[str]:
    return sorted(value for value, count in Counter(values).items() if count > 1)


def aliases() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for table, columns in ALIAS_COLUMNS:
        for row in read_table(table):
            for column in columns:
                for alias in split_cell(row[column]):
                    found[alias].add(row["code"])
    return found


@pytest.mark.parametrize("table", ["states", "organizations"])
def test_codes_are_unique(table: str) -> None:
    assert repeated(codes(table)) == []


def test_no_organization_bears_the_code_of_a_state() -> None:
    assert set(codes("states")) & set(codes("organizations")) == set()


def test_state_codes_have_three_capital_letters() -> None:
    assert [code for code in codes("states") if not (len(code) == 3 and code.isalpha() and code.isupper())] == []


def test_alias_points_to_one_code() -> None:
    shared = {alias: sorted(found) for alias, found in aliases().items() if len(found) > 1 and alias not in SHARED_ALIASES}

    assert shared == {}


def test_conflicts_lie_in_states_or_in_places_the_codebook_names() -> None:
    places = {row["location"] for row in read_table("conflicts")} - set(codes("states"))

    assert {"KARABAKH", "GAZA", "KASHMIR", "WESTERN_SAHARA"} <= places | set(codes("states"))


def test_name_of_a_conflict_points_to_one_place() -> None:
    places: dict[str, set[str]] = defaultdict(set)
    for row in read_table("conflicts"):
        for name in split_cell(row["names"]):
            places[name].add(row["location"])

    assert {name: sorted(found) for name, found in places.items() if len(found) > 1} == {}


def test_parties_to_conflicts_are_known_actors() -> None:
    known = {*codes("states"), *codes("organizations"), *(row["location"] for row in read_table("conflicts"))}

    parties = {actor for row in read_table("conflicts") for actor in split_cell(row["actors"])}

    assert sorted(parties - known) == []


@pytest.mark.xfail(strict=True, reason="59 actors of the table of office holders are in no other table")
def test_office_holders_serve_known_actors() -> None:
    assert sorted({row["actor"] for row in read_table("office_holders")} - {*codes("states"), *codes("organizations")}) == []


def test_terms_of_office_end_after_they_begin() -> None:
    late = [
        row["name"]
        for row in read_table("office_holders")
        if row["start"] and row["end"] and row["end"] < row["start"][: len(row["end"])]
    ]

    assert late == []


def test_outlets_are_at_home_in_known_states() -> None:
    assert sorted({row["state"] for row in read_table("outlets")} - {*codes("states"), ""}) == []


@pytest.mark.parametrize("name", TABLES)
def test_table_has_rows_with_every_column(name: str) -> None:
    rows = read_table(name)

    assert rows
    assert [row for row in rows if None in row or None in row.values()] == []


@pytest.mark.xfail(strict=True, reason="some words stand twice")
@pytest.mark.parametrize("name", LISTS_WITH_DOUBLES)
def test_word_list_of_known_doubles_has_no_entry_twice(name: str) -> None:
    assert repeated(list(read_words(name))) == []


@pytest.mark.parametrize("name", sorted({*WORD_LISTS} - {*LISTS_WITH_DOUBLES}))
def test_word_list_has_no_entry_twice(name: str) -> None:
    words = read_words(name)

    assert words
    assert repeated(list(words)) == []


def test_cue_verb_has_class_lemma_and_forms() -> None:
    lines = [line.split() for line in read_words("cues")]

    assert [line for line in lines if line[0] not in ("speech", "position", "belief", "attitude") or len(line) < 4] == []


def test_cell_with_several_values_is_split() -> None:
    assert split_cell(" UN; U.N. ;;") == ("UN", "U.N.")


def test_empty_cell_has_no_values() -> None:
    assert split_cell("") == ()
