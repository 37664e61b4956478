"""Who appears in an article: states, bodies and people."""

from __future__ import annotations

import pytest

from stance.actors import find_mentions, find_term, is_private, name_key, normalise, read_cast
from stance.actors.cast import Cast
from stance.records import Article, Person
from stance.text import find_tokens, open_page


def mentions(text: str) -> list[tuple[str, str, str]]:
    return [(text[m.start : m.end], m.actor, m.kind) for m in find_mentions(find_tokens(text, 0, len(text)))]


def actors(text: str) -> list[str]:
    return [actor for _, actor, _ in mentions(text)]


def cast_of(text: str, **about: str) -> Cast:
    return read_cast(open_page(text), Article("article", text, **about))


def person(text: str, **about: str) -> Person:
    [found] = cast_of(text, **about).people
    return found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("in Norway today", ("Norway", "NOR", "name")),
        ("a Norwegian port", ("Norwegian", "NOR", "demonym")),
        ("Oslo agreed", ("Oslo", "NOR", "capital")),
        ("the Kremlin agreed", ("Kremlin", "RUS", "metonym")),
        ("the White House agreed", ("White House", "USA", "metonym")),
        ("Downing Street agreed", ("Downing Street", "GBR", "metonym")),
        ("the Security Council met", ("Security Council", "UN", "body")),
        ("the US agreed", ("US", "USA", "name")),
        ("the U.S. agreed", ("U.S.", "USA", "name")),
        ("the United States agreed", ("United States", "USA", "name")),
        ("the U.N. agreed", ("U.N.", "UN", "name")),
        ("New Zealand agreed", ("New Zealand", "NZL", "name")),
        ("South Korean ports", ("South Korean", "KOR", "demonym")),
        ("South Sudan agreed", ("South Sudan", "SSD", "name")),
        ("Norway’s port", ("Norway’s", "NOR", "name")),
        ("the European Union agreed", ("European Union", "EU", "name")),
        ("Hezbollah agreed", ("Hezbollah", "HEZBOLLAH", "name")),
        ("the African Union met", ("African Union", "AU", "name")),
        ("Bosnia and Herzegovina agreed", ("Bosnia and Herzegovina", "BIH", "name")),
    ],
)
def test_actor_is_found_with_its_kind(text: str, found: tuple[str, str, str]) -> None:
    assert mentions(text) == [found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the US-led raid", ["USA"]),
        ("the Saudi-led raid", ["SAU"]),
        ("the Israeli-Palestinian conflict", ["ISR", "PSE"]),
        ("the Iran–Iraq war", ["IRN", "IRQ"]),
        ("Iran-backed Houthi rebels", ["IRN", "HOUTHIS"]),
    ],
)
def test_actors_in_a_compound_are_found(text: str, found: list[str]) -> None:
    assert actors(text) == found


@pytest.mark.parametrize(
    "text", ["they told us so", "it is what it is", "the turkey was cold", "he lay in the mali of it", "china cups"]
)
def test_word_in_lower_case_is_no_state(text: str) -> None:
    assert mentions(text) == []


def test_longest_name_wins() -> None:
    assert actors("North Korea and South Korea and Papua New Guinea") == ["PRK", "KOR", "PNG"]


def test_mention_at_a_line_break_is_found() -> None:
    assert actors("the United\nStates agreed") == ["USA"]


@pytest.mark.parametrize(("word", "key"), [("U.S.", "US"), ("U.S.'s", "US"), ("Norway’s", "Norway"), ("rebels'", "rebels")])
def test_word_is_normalised_for_look_up(word: str, key: str) -> None:
    assert normalise(word) == key


@pytest.mark.parametrize(
    ("name", "key"), [("Şule Çelikbaş", "sule celikbas"), ("Jens P. Holm", "jens p holm"), ("Samir al-Dafar", "samir al dafar")]
)
def test_key_of_a_name_has_no_accents_and_points(name: str, key: str) -> None:
    assert name_key(name) == key


@pytest.mark.parametrize(
    ("text", "role", "actor"),
    [
        ("Danish premier Jens Holm left.", "Danish premier", "DNK"),
        ("Jens Holm, the Danish premier, left.", "Danish premier", "DNK"),
        ("Jens Holm (the Danish premier) left.", "Danish premier", "DNK"),
        ("Denmark's premier, Jens Holm, left.", "Denmark's premier", "DNK"),
        ("Jens Holm, UN special envoy for Libya, left.", "UN special envoy for Libya", "UN"),
        ("Jens Holm, the Danish ambassador to Iran, left.", "Danish ambassador to Iran", "DNK"),
        ("Jens Holm, a spokesman for the Houthi movement, left.", "spokesman for the Houthi movement", "HOUTHIS"),
        ("EU trade commissioner Jens Holm left.", "EU trade commissioner", "EU"),
        ("Jens Holm, an analyst at a Danish bank, left.", "analyst at a Danish bank", None),
        ("Danish lawyer Jens Holm left.", "Danish lawyer", None),
    ],
)
def test_role_is_read_before_the_name_or_in_apposition(text: str, role: str, actor: str | None) -> None:
    found = person(text)

    assert (found.name, found.role, found.actor) == ("Jens Holm", role, actor)


@pytest.mark.parametrize("text", ["Tom Dorval (D-N.J.) left.", "Tom Dorval, R-Utah, left.", "Rep. Tom Dorval (R-Ohio) left."])
def test_party_mark_tells_an_american(text: str) -> None:
    assert person(text).actor == "USA"


@pytest.mark.parametrize(
    "second", ["Holm left.", "Mr Holm left.", "Mr. Holm left.", "Premier Holm left.", "Jens Holm left.", "Jens P. Holm left."]
)
def test_later_mention_is_linked_to_the_full_name(second: str) -> None:
    found = cast_of(f"Danish premier Jens Holm came. Then it rained, and {second}")

    assert len(found.people) == 1
    assert len(found.located) >= 2


def test_fullest_name_is_kept() -> None:
    assert person("Premier Holm came. Then Danish premier Jens Holm left.").name == "Jens Holm"


def test_spellings_of_one_name_are_linked() -> None:
    assert len(cast_of("Russian envoy Ivan Lavrentyev came. Then Lavrentiev left.").people) == 1


def test_two_people_of_one_surname_stay_two() -> None:
    names = [found.name for found in cast_of("Danish premier Jens Holm met Swedish premier Anna Holm. Anna Holm left.").people]

    assert names == ["Jens Holm", "Anna Holm"]


@pytest.mark.parametrize(
    ("text", "gender"),
    [
        ("Mrs Kari Lund left.", "female"),
        ("Spokeswoman Kari Lund left.", "female"),
        ("Mr Jens Holm left.", "male"),
        ("Danish premier Jens Holm left.", None),
    ],
)
def test_gender_is_read_from_title_and_role(text: str, gender: str | None) -> None:
    assert person(text).gender == gender


@pytest.mark.parametrize(("published", "role"), [("1987-05-01", "vice president"), ("1990-05-01", "president")])
def test_office_is_that_of_the_day(published: str, role: str) -> None:
    term = find_term("George H.W. Bush", published)

    assert term is not None
    assert (term.actor, term.role) == ("USA", role)


@pytest.mark.parametrize(
    ("published", "name"),
    [
        ("1990-05-01", "George H.W. Bush"),
        ("2003-05-01", "George W. Bush"),
    ],
)
def test_surname_alone_is_the_holder_of_the_day(published: str, name: str) -> None:
    term = find_term("Bush", published)

    assert term is not None
    assert term.name == name


def test_unknown_name_holds_no_office() -> None:
    assert find_term("Kari Lundqvist-Brok", "2003-05-01") is None


@pytest.mark.parametrize("role", ["analyst", "Danish lawyer", "chief executive of a bank", "retired colonel", "professor of law"])
def test_private_role_speaks_for_nobody(role: str) -> None:
    assert is_private(role)


@pytest.mark.parametrize("role", ["Danish premier", "former president", "ex-foreign minister", "rebel commander", "spokeswoman"])
def test_office_is_no_private_role(role: str) -> None:
    assert not is_private(role)


def test_dateline_tells_where_the_article_is_at_home() -> None:
    assert cast_of("TEHRAN – The minister left on Monday.").home == "IRN"


def test_office_without_a_country_belongs_to_the_home_of_the_article() -> None:
    assert person("TEHRAN – The foreign minister, Navid Sohrab, left on Monday.").actor == "IRN"


def test_outlet_tells_the_country_where_nothing_else_does() -> None:
    assert person("The foreign minister, Tom Dorval, left on Monday.", outlet="New York Times").actor == "USA"


def test_people_before_an_offset_are_given_nearest_first() -> None:
    text = "Danish premier Jens Holm met Swedish premier Anna Strand. It rained."

    assert [found.name for found in cast_of(text).people_before(len(text))] == ["Anna Strand", "Jens Holm"]
