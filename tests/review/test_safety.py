"""Who is let in, what a post must bring, and that a stranger's text stays text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from starlette.testclient import TestClient

from stance.errors import InputError
from stance.files.store import AnnotationStore
from stance.records import Article, Decision
from stance.review.queue import order_items
from stance.review.safety import Door, check_door, is_loopback
from stance.review.server import make_app
from stance.review.session import Session
from stance.review.why import Explainer

HOME = "http://127.0.0.1:8765"
TOKEN = "correct-horse-battery"


@pytest.fixture
def secret(session: Session) -> TestClient:
    """A client of a server that needs a token."""
    return TestClient(make_app(session, Door("127.0.0.1", 8765, TOKEN)), base_url=HOME)


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost:8765", "LOCALHOST:8765", "[::1]:8765"])
def test_the_names_of_this_computer_are_let_in(visitor: Any, host: str) -> None:
    assert visitor.client.get("/", headers={"host": host}, follow_redirects=False).status_code == 303


@pytest.mark.parametrize(
    "host",
    ["evil.test:8765", "127.0.0.1:80", "127.0.0.1", "", "localhost:8765.evil.test", "localhost@evil.test:8765", "10.0.0.7:8765"],
)
def test_any_other_name_is_refused(visitor: Any, host: str) -> None:
    answer = visitor.client.get("/", headers={"host": host}, follow_redirects=False)
    assert answer.status_code == 421
    assert "content-security-policy" in answer.headers


@pytest.mark.parametrize(("name", "let_in"), [("192.0.2.7", True), ("[2001:db8::1]", True), ("evil.test", False)])
def test_bound_to_all_addresses_any_address_is_let_in_and_no_strangers_name(name: str, let_in: bool) -> None:
    assert Door("0.0.0.0", 8765, TOKEN).admits_host(f"{name}:8765") is let_in


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.test"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:3000"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": HOME, "sec-fetch-site": "cross-site"},
    ],
)
def test_a_post_of_another_page_records_nothing(
    visitor: Any, store: AnnotationStore, ids: list[str], headers: dict[str, str]
) -> None:
    visitor.get("/")
    token = visitor.client.cookies["stance-form-8765"]
    form = {"form_token": token, "id": ids[0], "decision": "support"}
    assert visitor.client.post("/decide", data=form, headers=headers).status_code == 403
    assert store.decisions() == []
    assert visitor.client.post("/decide", data=form, headers={"origin": HOME, "sec-fetch-site": "same-origin"}).status_code == 200
    assert len(store.decisions()) == 1


@pytest.mark.parametrize("path", ["/decide", "/undo", "/add"])
def test_a_form_without_the_pages_token_records_nothing(visitor: Any, store: AnnotationStore, ids: list[str], path: str) -> None:
    store.decide([Decision(ids[1], "ana", "unsure")])
    visitor.get("/")
    form = {"id": ids[0], "decision": "support", "start": "0", "end": "5", "speaker": "Kari Lund"}
    for token in ("", "x" * 27):
        visitor.post(path, **form, form_token=token)
        assert visitor.status == 403
    assert [one.statement_id for one in store.decisions()] == [ids[1]]


@pytest.mark.parametrize("path", ["/decide", "/undo", "/add"])
def test_nothing_is_recorded_by_following_a_link(visitor: Any, path: str) -> None:
    assert visitor.client.get(path).status_code == 405


@pytest.mark.parametrize("path", ["/", "/statement?id=x", "/static/review.css", "/nowhere", "/done"])
def test_every_answer_says_what_a_browser_may_do(visitor: Any, path: str) -> None:
    headers = visitor.client.get(path, follow_redirects=False).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"


def test_pages_hold_no_inline_script_or_style(visitor: Any) -> None:
    text = visitor.get("/")
    assert "<style" not in text
    assert " style=" not in text
    assert " onclick=" not in text
    assert text.count("<script") == text.count('<script src="/static/review.js"') == 1


def test_without_the_token_nothing_is_shown(secret: TestClient) -> None:
    for path in ("/", "/static/review.css", "/statement", "/?token=wrong", f"/?token={TOKEN}x", "/?token="):
        assert secret.get(path).status_code == 401
    assert secret.post("/undo", headers={"origin": HOME}).status_code == 401


def test_the_token_is_left_behind_for_a_cookie(secret: TestClient) -> None:
    answer = secret.get(f"/?issue=sanctions&token={TOKEN}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?issue=sanctions")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert TOKEN not in cookie
    assert secret.get("/").status_code == 200


def test_the_token_leads_to_no_other_site(secret: TestClient) -> None:
    answer = secret.get(f"//evil.test/?token={TOKEN}", follow_redirects=False)
    assert not answer.headers.get("location", "/").startswith("//")


def test_a_cookie_that_is_not_ours_lets_nobody_in(secret: TestClient) -> None:
    secret.cookies.set("stance-token-8765", "guess")
    assert secret.get("/").status_code == 401


@pytest.mark.parametrize(
    ("host", "token", "message"),
    [
        ("0.0.0.0", None, "0.0.0.0 can be reached from other computers"),
        ("192.0.2.7", None, "needs a token"),
        ("news.test", None, "needs a token"),
        ("0.0.0.0", "short", "has 5 characters"),
        ("127.0.0.1", "short", "has 5 characters"),
    ],
)
def test_others_are_kept_out_before_anything_is_served(host: str, token: str | None, message: str) -> None:
    with pytest.raises(InputError, match=message):
        check_door(host, token)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "::1", "localhost"])
def test_this_computer_alone_needs_no_token(host: str) -> None:
    check_door(host, None)
    assert is_loopback(host)


def test_too_large_a_form_is_refused(visitor: Any, store: AnnotationStore, ids: list[str]) -> None:
    visitor.get("/")
    visitor.post("/decide", id=ids[0], decision="support", note="n" * 70_000)
    assert visitor.status == 413
    assert "form_token=" not in visitor.text
    visitor.get("/")
    many = {f"field{i}": "x" for i in range(200)}
    visitor.post("/decide", id=ids[0], decision="support", **many)
    assert visitor.status == 413
    assert store.decisions() == []


HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)>\"'&amp;{{7*7}}"
BIDI = "\u202eKari\u2066 Lund\u200f"


@pytest.fixture
def hostile(tmp_path: Any, labelled: pd.DataFrame, explainer: Explainer) -> Callable[..., Any]:
    """The page of a statement in which a stranger wrote whatever they liked."""

    def show(**cells: Any) -> str:
        text = f"Before {HOSTILE}.\n\nLund said: {HOSTILE} {BIDI} the truce must hold.\r\nMore.\n\nAfter."
        start = text.index("Lund")
        end = text.index("\r\n")
        row = {
            **labelled.to_dict("records")[0],
            "statement_id": f"id/{HOSTILE}",
            "article_id": f"article {HOSTILE}",
            "start": start,
            "end": end,
            "sentence": text[start:end],
            "speaker": HOSTILE,
            "speaker_mention": "Lund",
            "outlet": HOSTILE,
            "target": HOSTILE,
            **cells,
        }
        store = AnnotationStore(tmp_path / "hostile.db")
        store.add_statements(pd.DataFrame([row]))
        store.add_articles([Article(str(row["article_id"]), text, title=HOSTILE, url=str(row["url"]))])
        store.decide([Decision(str(row["statement_id"]), "bo", "statement", "oppose", {"speaker": BIDI * 40}, HOSTILE)])
        session = Session(store, order_items(store, order="file"), explainer, annotator=HOSTILE, show_others=True)
        client = TestClient(make_app(session, Door("127.0.0.1", 8765)), base_url=HOME)
        answer = client.get("/")
        assert answer.status_code == 200
        return answer.text

    return show


def test_markup_from_an_article_is_shown_as_text(hostile: Callable[..., str]) -> None:
    text = hostile()
    assert "<script>alert" not in text
    assert "<img" not in text
    assert "onerror=alert" in text  # as text
    assert "49" not in text.split('class="source"')[1].split("</div>")[0]
    assert text.count("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;") >= 5


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", " javascript:alert(1)", "//evil.test", "https://a b\n"]
)
def test_an_address_that_is_not_of_the_web_is_no_link(hostile: Callable[..., str], url: str) -> None:
    assert 'rel="noopener noreferrer external"' not in hostile(url=url)


def test_an_address_of_the_web_is_a_link_that_tells_nothing(hostile: Callable[..., str]) -> None:
    text = hostile(url="https://news.test/a?b=1&c=2")
    assert 'href="https://news.test/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer external"' in text


def test_marks_of_direction_stay_in_their_own_corner(hostile: Callable[..., str]) -> None:
    text = hostile()
    assert f'<td dir="auto">{BIDI * 40}</td>' in text
    assert f"annotator <bdi>{'&lt;script&gt;'}" in text


def test_a_line_end_of_two_characters_is_cut_between_them(hostile: Callable[..., str]) -> None:
    assert "\r\nMore." not in hostile()
