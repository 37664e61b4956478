"""The issues a command knows: those that come with stance, those of the model, those of ``--issue-file``."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import typer

if TYPE_CHECKING:
    from pathlib import Path

    from stance.model import Predictor, StanceClassifier
    from stance.targets.mentions import Issue

Model = TypeVar("Model", "Predictor", "StanceClassifier")


def add_issues(model: Model, name: str, issue_files: list[str] | None, *, quiet: bool = False) -> Model:
    """Return the model with the issues of some files; say which of them it has not learned from."""
    if not issue_files:
        return model
    from stance import files

    texts = files.read_issue_files(issue_files)
    extended = model.with_issues(texts)
    before = set(issue_names(model))
    if not quiet and (new := [issue for issue in issue_names(extended) if issue not in before]):
        typer.echo(
            f"note: {name} was trained without the issue file of {', '.join(new)} and labels from what it learned on others; "
            "'stance train --issue-file' teaches it.",
            err=True,
        )
    return extended


def issue_names(model: Predictor | StanceClassifier) -> tuple[str, ...]:
    """Return the names of the issues a model knows."""
    return tuple(issue.name for issue in model.issues)


def find_issues(model: Path | None, issue_files: list[str] | None) -> tuple[Issue, ...]:
    """Return the issues to look for: those of the model, where one is given, and of some files."""
    from stance import files
    from stance.targets.mentions import load_issues

    texts = files.read_issue_files(issue_files or [])
    if model is None:  # the one that comes with stance adds none, and takes a while to read
        return load_issues(texts)
    from stance.files.models import read_model

    return read_model(model)[0].with_issues(texts).issues


def require_issues(chosen: list[str], known: tuple[str, ...]) -> None:
    """Stop with a usage error if an issue is asked for that is not known."""
    if unknown := [name for name in chosen if name not in known]:
        msg = f"{unknown[0]!r} is not one of {', '.join(known)}. --issue-file adds an issue of your own."
        raise typer.BadParameter(msg, param_hint="--issue")
