"""The verbs of the package: extract, label, find_attributions, explain, load_model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from stance import pipeline
from stance.errors import InputError
from stance.explanation import SentenceExplanation, explain_article
from stance.files import read_issue_files
from stance.files.models import read_model
from stance.records import ATTRIBUTION_COLUMNS, STATEMENT_COLUMNS
from stance.targets.mentions import load_issues

if TYPE_CHECKING:
    from stance.model import StanceClassifier


def extract(articles: Any, *, issue_files: Sequence[str | Path] = ()) -> pd.DataFrame:
    """Return the statement table of the articles without stance: who says something about which target.

    ``articles`` is a text, a ``stance.Article``, a table with ``text`` (and ``id``, ``title``, ``published``, ``outlet``,
    ``url``), or a sequence of these. ``issue_files`` (or folders of them) define issues of your own.
    """
    known = load_issues(read_issue_files(issue_files))
    rows = [
        pipeline.statement_row(article, statement)
        for article in pipeline.as_articles(articles)
        for statement in pipeline.extract_article(article, known)
    ]
    return pd.DataFrame(rows, columns=list(STATEMENT_COLUMNS))


def find_attributions(articles: Any, *, attitudes: bool = True) -> pd.DataFrame:
    """Return every attribution in the articles, whatever its topic: who says or thinks what, as exact spans.

    ``articles`` as for ``extract``. ``content``, ``source`` and ``cue`` hold lists of ``[start, end]`` in code points of the
    article's text. Without ``attitudes`` only what is said (``cue_class`` speech) and where somebody stands (position).
    """
    rows = pipeline.attribution_rows(pipeline.as_articles(articles), attitudes=attitudes)
    return pd.DataFrame(rows, columns=list(ATTRIBUTION_COLUMNS))


def label(
    articles: Any,
    *,
    model: StanceClassifier | None = None,
    issues: Sequence[str] | None = None,
    issue_files: Sequence[str | Path] = (),
) -> pd.DataFrame:
    """Return the statement table of the articles: speaker, target, stance and calibrated probabilities.

    ``model`` is a fitted classifier; None takes the one that comes with the package. ``issues`` keeps the statements on some
    issues only; ``issue_files`` (or folders of them) define issues of your own, beside those the model was trained with.
    """
    name = "custom"
    if model is None:
        model, name = read_model()
    model = model.with_issues(read_issue_files(issue_files))
    known = [issue.name for issue in load_issues(model.added_issues)]
    if unknown := sorted(set(issues or ()) - set(known)):
        msg = f"Unknown issue {', '.join(map(repr, unknown))}; known are {', '.join(known)}."
        raise InputError(msg)
    rows = pipeline.label_articles(pipeline.as_articles(articles), model, model_name=name, issues=issues)
    return pd.DataFrame(rows, columns=list(STATEMENT_COLUMNS))


def explain(article: Any, *, issue_files: Sequence[str | Path] = ()) -> tuple[SentenceExplanation, ...]:
    """Return, for every sentence of one article, which rule found what and why, or why it was passed over.

    ``article`` is a text, a ``stance.Article`` or a mapping with ``text``; ``issue_files`` as for ``label``.
    """
    known = load_issues(read_issue_files(issue_files))
    articles = pipeline.as_articles(article)
    if len(articles) != 1:
        msg = f"One article at a time can be explained; found {len(articles)}."
        raise InputError(msg)
    return explain_article(articles[0], known)


def load_model(path: str | Path | None = None) -> StanceClassifier:
    """Return the classifier in a model file; without a path the one that comes with the package."""
    return read_model(Path(path) if path is not None else None)[0]
