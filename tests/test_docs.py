"""The README promises only what is there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import stance
from stance.cli import app
from stance.records import ATTRIBUTION_COLUMNS, CUE_CLASSES, STATEMENT_COLUMNS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CALLS = sorted(set(re.findall(r"^ {4}(?:cat \S+ \| )?stance ([\w-]+)([^#\n]*)", README, flags=re.MULTILINE)))


def options_of(command: str) -> set[str]:
    shown = CliRunner().invoke(app, [command, "--help"]).stdout
    return set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", shown))


def test_the_readme_shows_the_three_commands() -> None:
    assert {command for command, _ in CALLS} >= {"label", "train", "evaluate"}


@pytest.mark.parametrize(("command", "rest"), CALLS)
def test_every_option_in_the_readme_exists(command: str, rest: str) -> None:
    used = set(re.findall(r"(?<=\s)--?[a-z][a-z-]*", rest))
    assert used <= options_of(command)


EXPLAINED = re.findall(r"^```\n\$ stance (explain (?:[^\n]*\\\n)*[^\n]*)\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)


def test_an_article_and_a_stance_are_explained_in_the_readme() -> None:
    assert ["--issue" in command for command, _ in EXPLAINED] == [False, True]


@pytest.mark.parametrize(("command", "shown"), EXPLAINED)
def test_the_explanation_shown_is_the_one_printed(monkeypatch: pytest.MonkeyPatch, command: str, shown: str) -> None:
    monkeypatch.chdir(ROOT)
    assert CliRunner().invoke(app, shlex.split(command.replace("\\\n", ""))).stdout.rstrip() == shown.rstrip()


def test_every_command_is_in_the_readme() -> None:
    assert {command for command, _ in CALLS} >= set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def test_every_column_is_explained() -> None:
    table = README[README.index("## What you get") : README.index("## Install")]
    assert set(STATEMENT_COLUMNS) <= set(re.findall(r"`(\w+)`", table))


def test_every_column_and_class_of_attributions_is_explained() -> None:
    part = README[README.index("## Every quotation, whatever its topic") : README.index("## From Python")]
    assert {*ATTRIBUTION_COLUMNS, *CUE_CLASSES} <= set(re.findall(r"`(\w+)`", part))


def test_every_public_name_in_the_readme_exists() -> None:
    names = set(re.findall(r"\bstance\.([a-zA-Z_]+)\(", README))
    assert names
    assert all(hasattr(stance, name) for name in names)


def test_every_make_target_in_the_readme_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"(?:`|^ {4})make ([a-z]+)", README, flags=re.MULTILINE))
    assert targets <= set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))


def test_no_placeholder_is_left() -> None:
    assert "@@" not in README
    assert "@@" not in (ROOT / "data" / "README.md").read_text(encoding="utf-8")
