"""The verbs of the package: extract, label, label_frame, find_attributions, explain, explain_stance, load_model."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from stance import engines, evidence, pipeline
from stance.errors import EngineError, InputError
from stance.evidence import StanceExplanation
from stance.explanation import SentenceExplanation, explain_article
from stance.files import read_issue_files
from stance.files.models import read_model
from stance.files.tables import type_columns
from stance.records import ATTRIBUTION_COLUMNS, LIST_COLUMNS, NUMBER_COLUMNS, STATEMENT_COLUMNS, WHOLE_COLUMNS
from stance.targets.mentions import load_issues

if TYPE_CHECKING:
    from stance.model import StanceClassifier


# Articles that a process is handed at once by ``label``.
_AT_ONCE = 64
_SPARK_TYPES = {
    **dict.fromkeys(LIST_COLUMNS, "array<string>"),
    **dict.fromkeys(WHOLE_COLUMNS, "bigint"),
    **dict.fromkeys(NUMBER_COLUMNS, "double"),
}
# What ``label_frame`` returns, as Spark is told of it.
SPARK_SCHEMA = ", ".join(f"`{name}` {_SPARK_TYPES.get(name, 'string')}" for name in STATEMENT_COLUMNS)


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
    abstain_below: float | None = None,
    jobs: int = 1,
) -> pd.DataFrame:
    """Return the statement table of the articles: speaker, target, stance and calibrated probabilities.

    ``model`` is a fitted classifier; None takes the one that comes with the package. ``issues`` keeps the statements on some
    issues only; ``issue_files`` (or folders of them) define issues of your own, beside those the model was trained with. A
    statement whose best probability is below ``abstain_below`` (between 0 and 1) gets no stance, but the flag ``abstained``;
    None labels every statement. With more than one of ``jobs``, so many processes work at once; the table is the same.
    """
    model, name = _prepare(model, issues, issue_files)
    given = pipeline.as_articles(articles)
    if jobs == 1:
        rows = pipeline.label_articles(given, model, model_name=name, issues=issues, abstain_below=abstain_below)
        return pd.DataFrame(rows, columns=list(STATEMENT_COLUMNS))
    work = engines.Labelling(model, name, tuple(issues or ()), abstain_below)
    batches = (engines.Batch(given[start : start + _AT_ONCE]) for start in range(0, len(given), _AT_ONCE))
    found = [found for _, found in engines.work_through(batches, work, jobs=jobs)]
    if failures := [failure for one in found for failure in one.failures]:
        msg = f"The article {failures[0].article_id} cannot be labelled: {failures[0].exception}: {failures[0].reason}."
        raise EngineError(msg)
    return pd.DataFrame([row for one in found for row in one.rows], columns=list(STATEMENT_COLUMNS))


def label_frame(
    articles: pd.DataFrame,
    *,
    model: StanceClassifier | None = None,
    issues: Sequence[str] | None = None,
    issue_files: Sequence[str | Path] = (),
    abstain_below: float | None = None,
) -> pd.DataFrame:
    """Return the statement table of a table of articles, its columns of the same types whatever they hold.

    Made to be called on one piece of an archive after another, as Spark's ``mapInPandas`` does (``SPARK_SCHEMA``): text columns
    are of type ``str``, offsets int64, probabilities float64, ``sender``, ``recipient``, ``location`` and ``flags`` lists. An
    article that cannot be labelled, or has no text, is left out; a warning counts them. Options as for ``label``.
    """
    model, name = _prepare(model, issues, issue_files)
    with_text = [isinstance(text, str) for text in articles["text"]] if "text" in articles.columns else slice(None)
    given = pipeline.as_articles(articles[with_text])
    found = engines.Labelling(model, name, tuple(issues or ()), abstain_below)(given)
    if left_out := len(articles) - len(given) + len(found.failures):
        first = f"; the first that failed: {found.failures[0]}" if found.failures else ""
        warnings.warn(f"{left_out} of {len(articles)} articles have no text or could not be labelled{first}.", stacklevel=2)
    return type_columns(pd.DataFrame(found.rows, columns=list(STATEMENT_COLUMNS), dtype=object), "the statements")


def _prepare(
    model: StanceClassifier | None, issues: Sequence[str] | None, issue_files: Sequence[str | Path]
) -> tuple[StanceClassifier, str]:
    """Return the model with the issues of some files, and its name; InputError for an issue it does not know."""
    model, name = _read_default() if model is None else (model, "custom")
    model = model.with_issues(read_issue_files(issue_files))
    known = [issue.name for issue in model.issues]
    if unknown := sorted(set(issues or ()) - set(known)):
        msg = f"Unknown issue {', '.join(map(repr, unknown))}; known are {', '.join(known)}."
        raise InputError(msg)
    return model, name


@cache  # a worker is handed one table after another
def _read_default() -> tuple[StanceClassifier, str]:
    return read_model()


def explain(
    article: Any, *, model: StanceClassifier | None = None, issue_files: Sequence[str | Path] = ()
) -> tuple[SentenceExplanation, ...]:
    """Return, for every sentence of one article, which rule found what and why, or why it was passed over.

    ``article`` is a text, a ``stance.Article`` or a mapping with ``text``. Sentences are explained as ``label`` would read them
    with the same ``model``, of which only the issues matter here, and ``issue_files``.
    """
    texts = read_issue_files(issue_files)
    known = load_issues(texts) if model is None else model.with_issues(texts).issues
    articles = pipeline.as_articles(article)
    if len(articles) != 1:
        msg = f"One article at a time can be explained; found {len(articles)}."
        raise InputError(msg)
    return explain_article(articles[0], known)


def explain_stance(
    statement: Any, model: StanceClassifier | None = None, *, issue_files: Sequence[str | Path] = ()
) -> StanceExplanation:
    """Return the stance of one statement, with what each of its features adds to the score of each label.

    ``statement`` is a sentence, or a mapping or row of a table with ``sentence`` (or ``text``) and whatever of ``issue``,
    ``target``, ``speaker_actor``, ``sender``, ``recipient``, ``location``, ``cue`` and ``context`` is known. ``model`` and
    ``issue_files`` as for ``label``.
    """
    name = "custom"
    if model is None:
        model, name = read_model()
    return evidence.explain_stance(statement, model.with_issues(read_issue_files(issue_files)), model_name=name)


def load_model(path: str | Path | None = None) -> StanceClassifier:
    """Return the classifier in a model file; without a path the one that comes with the package."""
    return read_model(Path(path) if path is not None else None)[0]
