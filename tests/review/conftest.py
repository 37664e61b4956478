"""A store of three composed articles with their statements, a session of one annotator, and a client that talks to its page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from starlette.testclient import TestClient

import stance
from stance.files.store import AnnotationStore
from stance.records import Article
from stance.review.queue import order_items
from stance.review.safety import Door
from stance.review.server import make_app
from stance.review.session import Session
from stance.review.why import Explainer

HOME = "http://127.0.0.1:8765"
Open = Callable[..., Session]


@pytest.fixture(scope="session")
def explainer() -> Explainer:
    found = Explainer()
    assert found.is_ready(60)
    return found


@pytest.fixture(scope="session")
def _labelled(articles: list[Article]) -> pd.DataFrame:
    return stance.label(articles)


@pytest.fixture
def labelled(_labelled: pd.DataFrame) -> pd.DataFrame:
    """The statement table of the articles; a fresh copy."""
    return _labelled.copy(deep=True)


@pytest.fixture
def store(tmp_path: Path, labelled: pd.DataFrame, articles: list[Article]) -> AnnotationStore:
    kept = AnnotationStore(tmp_path / "annotations.db")
    kept.add_statements(labelled)
    kept.add_articles(articles)
    return kept


@pytest.fixture
def ids(labelled: pd.DataFrame) -> list[str]:
    """The statements' ids in the order of the file."""
    return [str(one) for one in labelled["statement_id"]]


@pytest.fixture
def open_session(store: AnnotationStore, explainer: Explainer) -> Open:
    """Start a session on the store in the order of the file; ana's, if nothing else is said."""

    def start(**settings: object) -> Session:
        return Session(store, order_items(store, order="file"), explainer, **{"annotator": "ana", **settings})  # type: ignore[arg-type]

    return start


@pytest.fixture
def session(open_session: Open) -> Session:
    return open_session()


class Visitor:
    """A browser without JavaScript: it keeps cookies, follows redirects and sends the token of the page it last saw."""

    def __init__(self, session: Session, door: Door | None = None) -> None:
        self.client = TestClient(make_app(session, door or Door("127.0.0.1", 8765)), base_url=HOME)
        self.text = ""

    def get(self, path: str, **parameters: str | int) -> str:
        """Return the page, whatever its status."""
        answer = self.client.get(path, params=parameters or None)
        self.status, self.address, self.text = answer.status_code, str(answer.url), answer.text
        return self.text

    def post(self, path: str, **form: str) -> str:
        """Return the page that a form leads to."""
        found = re.search(r'name="form_token" value="([^"]+)"', self.text)
        given = {"form_token": found[1] if found else "", **form}
        answer = self.client.post(path, data=given, headers={"origin": HOME})
        self.status, self.address, self.text = answer.status_code, str(answer.url), answer.text
        return self.text


@pytest.fixture
def visit(open_session: Open) -> Iterator[Callable[..., Visitor]]:
    """Open the page of a session with the given settings."""
    visitors = []

    def start(**settings: object) -> Visitor:
        visitors.append(Visitor(open_session(**settings)))
        return visitors[-1]

    yield start
    for visitor in visitors:
        visitor.client.close()


@pytest.fixture
def visitor(visit: Callable[..., Visitor]) -> Visitor:
    return visit()
