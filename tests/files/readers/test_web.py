"""Single pages of the web, from a server on this machine."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from stance.records import Article

pytest.importorskip("trafilatura")
Read = Callable[..., Any]
Answer = tuple[int, dict[str, str], bytes]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[dict[str, Answer]], str]]:
    """Start a server that gives these answers by path; return its address."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    servers: list[ThreadingHTTPServer] = []

    def start(answers: dict[str, Answer]) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, headers, body = answers[self.path]
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                if body:
                    self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


HTML = {"Content-Type": "text/html; charset=windows-1252"}


def test_a_page_is_read_under_its_address(
    read: Read, serve: Callable[..., str], make_page: Callable[..., str], quay: str, mill: str
) -> None:
    host = serve({"/news?id=1": (200, HTML, make_page(quay, mill).encode("cp1252"))})
    address = f"{host}/news?id=1"
    expected = Article(address, f"{quay}\n{mill}", "Norland to lift embargo", "2024-03-05", "Quayside Courier", address)
    assert read(address) == ([expected], [])


def test_a_redirect_is_followed_and_a_circle_is_not(
    read: Read, serve: Callable[..., str], make_page: Callable[..., str], quay: str, mill: str
) -> None:
    host = serve(
        {
            "/old": (301, {"Location": "/new"}, b""),
            "/new": (200, HTML, make_page(quay, mill).encode("cp1252")),
            "/round": (302, {"Location": "/round?"}, b""),
            "/round?": (302, {"Location": "/round"}, b""),
        }
    )
    [article], [skipped] = read(f"{host}/old", f"{host}/round")
    assert (article.id, article.url) == (f"{host}/old", f"{host}/new")
    assert (skipped.source, "302" in skipped.reason) == (f"{host}/round", True)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((404, HTML, b"gone"), "the server answers 404"),
        ((500, HTML, b"oh"), "the server answers 500"),
        ((200, {"Content-Type": "application/pdf"}, b"%PDF"), "not a web page but application/pdf"),
        ((200, HTML, b" " * 10_200_000), "a page of more than 10 MB"),
        ((200, HTML, b"<html><body></body></html>"), "no article found"),
        ((302, {"Location": "file:///etc/passwd"}, b""), "Redirection to url 'file:///etc/passwd' is not allowed"),
        ((302, {"Location": "ftp://127.0.0.1/x"}, b""), "not http or https"),
        ((200, {**HTML, "Content-Length": "500"}, b"<html>"), "ends too early"),
    ],
)
def test_what_is_no_article_page_is_named(read: Read, serve: Callable[..., str], answer: Answer, said: str) -> None:
    address = f"{serve({'/x': answer})}/x"
    articles, [skipped] = read(address)
    assert (articles, skipped.source) == ([], address)
    assert said in skipped.reason


def test_a_server_that_says_nothing_is_left(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stance.files.readers.web._TIMEOUT_SECONDS", 0.2)
    monkeypatch.setenv("no_proxy", "*")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        articles, [skipped] = read(f"http://127.0.0.1:{silent.getsockname()[1]}/")
    assert articles == []
    assert "no answer" in skipped.reason or "timed out" in skipped.reason


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/", "http://no-such-host.invalid/", "http://[::bad/", "http://a b/"])
def test_offline_and_malformed_addresses_are_named(read: Read, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("no_proxy", "*")
    articles, [skipped] = read(address)
    assert (articles, skipped.source) == ([], address)
