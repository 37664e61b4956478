"""Who speaks: each rule of the chain. Whole texts stand in ``cases/speakers``."""

from __future__ import annotations

import pytest

from stance.actors import read_cast
from stance.quotes import find_quotes
from stance.records import Article, Speaker
from stance.speakers import RULES, find_speakers
from stance.text import open_page

LUND = "Norway's foreign minister, Kari Lund, said the truce must hold. "


def speakers(text: str, **about: str) -> list[Speaker | None]:
    page = open_page(text)
    return find_speakers(read_cast(page, Article("article", text, **about)), find_quotes(page))


def last_speaker(text: str, **about: str) -> Speaker:
    found = speakers(text, **about)[-1]
    assert found is not None
    return found


# One text for each rule, in the order of the chain; the last quote is the one it decides.
DECIDED_BY = {
    "transcript_label": (f"{LUND}\n\nLUND: It must hold.\n\nQ: Must it?\n\nLUND: It must.", "Kari Lund", "NOR"),
    "named_person": (LUND, "Kari Lund", "NOR"),
    "pronoun": (f"{LUND}She warned both armies.", "Kari Lund", "NOR"),
    "document": (
        "The Norwegian foreign ministry backed the truce. The statement said talks would follow.",
        "Norwegian foreign ministry",
        "NOR",
    ),
    "described_person": (f"{LUND}The minister warned both armies.", "Kari Lund", "NOR"),
    "said_before": ("A Norwegian official backed the truce. The official warned both armies.", "Norwegian official", "NOR"),
    "same_body": ("Hezbollah backed the truce. The group warned both armies.", "Hezbollah", "HEZBOLLAH"),
    "body": ("The Norwegian foreign ministry backed the truce.", "Norwegian foreign ministry", "NOR"),
}


def test_every_rule_of_the_chain_has_a_text() -> None:
    assert [rule.__name__ for rule in RULES] == list(DECIDED_BY)


@pytest.mark.parametrize("rule", DECIDED_BY)
def test_rule_decides_its_text(rule: str) -> None:
    text, name, actor = DECIDED_BY[rule]

    found = last_speaker(text)

    assert (found.rule, found.name, found.actor) == (rule, name, actor)


def test_running_quotation_has_the_speaker_of_the_quote_it_continues() -> None:
    found = last_speaker('"The truce must hold," said Danish premier Jens Holm. "Nobody wants this war."')

    assert (found.name, found.actor, found.mention) == ("Jens Holm", "DNK", "")
    assert found.rule.startswith("continues:")


def test_mention_is_the_words_of_the_sentence() -> None:
    assert last_speaker(f"{LUND}She warned both armies.").mention == "She"


@pytest.mark.parametrize(
    ("text", "role"),
    [
        (LUND, "Norway's foreign minister"),
        ("Danish premier Jens Holm backed the truce.", "Danish premier"),
        ("Jens Holm, the UN special envoy for Libya, backed the truce.", "UN special envoy for Libya"),
        ("The Kremlin backed the truce.", None),
    ],
)
def test_role_is_that_of_the_text(text: str, role: str | None) -> None:
    assert last_speaker(text).role == role


@pytest.mark.parametrize("channel", ["Reuters", "The Financial Times", "The BBC"])
def test_channel_is_no_speaker(channel: str) -> None:
    assert [found for found in speakers(f"{channel} said the truce was over.") if found] == []


@pytest.mark.parametrize("pronoun", ["He", "She", "They", "It"])
def test_pronoun_without_anybody_before_it_is_flagged(pronoun: str) -> None:
    found = last_speaker(f"{pronoun} said the truce was over.")

    assert found.flags == ("speaker_unresolved",)
    assert found.actor is None


def test_he_passes_over_a_spokeswoman() -> None:
    text = "Danish premier Jens Holm backed the truce. Danish spokeswoman Ana Brandt backed it too. He warned both armies."

    assert last_speaker(text).name == "Jens Holm"


def test_counterpart_is_the_person_of_that_state() -> None:
    text = (
        "Danish minister Jens Holm met Iranian minister Navid Sohrab. Holm backed the truce. His Iranian counterpart rejected it."
    )

    assert (last_speaker(text).name, last_speaker(text).actor) == ("Navid Sohrab", "IRN")


@pytest.mark.parametrize(
    ("source", "actor"),
    [
        ("Ankara", "TUR"),
        ("The Kremlin", "RUS"),
        ("The European Union", "EU"),
        ("Hamas", "HAMAS"),
        ("A Norwegian diplomat", "NOR"),
        ("A UN spokesman", "UN"),
        ("Norwegian officials", "NOR"),
        ("The Danish opposition", "DNK"),
        ("A Hezbollah commander", "HEZBOLLAH"),
        ("A senior Western diplomat", None),
        ("Chinese experts", None),
        ("Residents", None),
        ("Mediators", None),
    ],
)
def test_body_or_unnamed_voice_speaks_for(source: str, actor: str | None) -> None:
    assert last_speaker(f"{source} rejected the truce.").actor == actor


def test_every_quote_gets_an_answer_in_its_place() -> None:
    text = f"{LUND}Reuters said the truce was over. She warned both armies."

    assert len(speakers(text)) == len(find_quotes(open_page(text)))
