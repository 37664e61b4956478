"""A tiny corpus of three composed articles, a small annotation table, the models made of them, and the composed annotations."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sklearn

import stance
from stance.model import StanceClassifier
from stance.model.storage import pack_model
from stance.pipeline import as_articles, extract_article
from stance.records import Article, Statement
from stance.training import file_entry

# The people are invented; so is everything they say. Curly and straight marks, a dateline and a date line are there on purpose.
HARBOUR = """LISBON – Portugal's foreign minister, Marta Quell, said on Tuesday that she opposed the sanctions on Iran. "The \
embargo punishes bakers and nurses, and it should be lifted," she told reporters at the harbour. It had rained all day.

The German foreign minister, Jonas Feld, said he would tighten the sanctions on Iran within weeks. He declined to give a date.
"""
GARRISON = """KHARTOUM – The African Union welcomed the ceasefire in Sudan on Monday and urged both armies to extend it.

“There will be no ceasefire until the last rebel has left,” said General Idris Mabo, who commands the garrison in Sudan. “Let
them pack.”

Norway's foreign minister, Kari Lund, offered to host peace talks on Sudan in Bergen.
"""
COURTYARD = """Peace talks on Yemen resume on Thursday, a UN spokesman said. Oman's foreign minister, Badr Halim, said the \
talks in Yemen were “the only way out” and that his country backed a political settlement.

“We will not take part in peace talks with them,” said Salem Dafar, a Houthi negotiator. A café owner in the courtyard shrugged.
"""

_SUPPORT = ("welcomed", "fully backed", "called for", "warmly praised")
_OPPOSE = ("rejected", "condemned", "will never accept", "bitterly denounced")
_NEUTRAL = ("discussed", "was briefed on", "took note of", "is studying")
_TARGETS = (("sanctions", "the sanctions"), ("ceasefire", "the ceasefire"), ("peace_process", "the peace talks"))
_PEOPLE = ("Ana Brandt", "Ivo Castell", "Mina Dorval", "Piet Eskild")


@pytest.fixture(scope="session")
def articles() -> list[Article]:
    return [
        Article("harbour", HARBOUR, "Two ministers, two minds", "2024-03-05", "Estuary Post", "https://news.test/harbour"),
        Article("garrison", GARRISON),
        Article("courtyard", COURTYARD, published="2024-03-07"),
    ]


@pytest.fixture(scope="session")
def model() -> StanceClassifier:
    """The model that comes with the package."""
    return stance.load_model()


@pytest.fixture(scope="session")
def _annotations() -> pd.DataFrame:
    verbs = [(label, verb) for label, words in zip(stance_names(), (_SUPPORT, _OPPOSE, _NEUTRAL), strict=True) for verb in words]
    rows = [
        {
            "article_id": f"article-{number % 12}",
            "sentence": f"{_PEOPLE[number % 4]} {verb} {words}.",
            "speaker": _PEOPLE[number % 4],
            "issue": issue,
            "stance": label,
        }
        for number, ((label, verb), (issue, words)) in enumerate(itertools.product(verbs, _TARGETS))
    ]
    return pd.DataFrame(rows)


def stance_names() -> tuple[str, str, str]:
    return ("support", "oppose", "neutral")


@pytest.fixture
def annotations(_annotations: pd.DataFrame) -> pd.DataFrame:
    """Thirty-six annotated sentences in twelve articles, twelve of each label; a fresh copy."""
    return _annotations.copy(deep=True)


@pytest.fixture(scope="session")
def small_model(_annotations: pd.DataFrame) -> StanceClassifier:
    """A model fitted on the small table."""
    return StanceClassifier().fit(_annotations, _annotations["stance"])


@pytest.fixture(scope="session")
def save_model() -> Callable[..., Path]:
    """Write a model file and the card that it needs beside it; return the file."""

    def save(path: Path, model: StanceClassifier, name: str = "tiny") -> Path:
        _write_with_card(path, pack_model(model, name))
        return path

    return save


@pytest.fixture(scope="session")
def write_with_card() -> Callable[..., None]:
    """Write any bytes as a model file, with a card that fits them; ``sklearn_version`` is what the card says made it."""
    return _write_with_card


def _write_with_card(path: Path, data: bytes, sklearn_version: str = sklearn.__version__) -> None:
    path.write_bytes(data)
    card = {"versions": {"scikit-learn": sklearn_version}, "file": file_entry(path.name, data)}
    path.with_suffix(".card.json").write_text(json.dumps(card), encoding="utf-8")


COMPOSED = Path(__file__).resolve().parent.parent / "data" / "annotations"


def read_composed(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (COMPOSED / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="session")
def composed_articles() -> dict[str, Article]:
    """The articles of data/annotations."""
    return {article.id: article for article in as_articles(read_composed("articles.jsonl"))}


@pytest.fixture(scope="session")
def composed_statements(composed_articles: dict[str, Article]) -> dict[str, list[Statement]]:
    """What is extracted from each of them; takes some five seconds, once."""
    return {article_id: extract_article(article) for article_id, article in composed_articles.items()}


@pytest.fixture(scope="session")
def composed_gold() -> list[dict[str, Any]]:
    """Their gold records, as rows."""
    return read_composed("statements.jsonl")
