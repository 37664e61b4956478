"""Reads one page of the web by its address; no page behind it, no script, no picture."""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from stance.errors import InputError
from stance.files.readers.pages import MAX_PAGE_BYTES, find_main_text
from stance.files.sources import Finding, Found, Source, import_extra

# For one answer of the server, and for the page as a whole.
_TIMEOUT_SECONDS = 20
_MAX_SECONDS = 60
_MAX_REDIRECTS = 5
_CHUNK_BYTES = 65_536
_HEADERS = {"User-Agent": "Mozilla/5.0 (compatible; stance)", "Accept": "text/html,application/xhtml+xml"}
_PAGES = ("text/html", "application/xhtml+xml")


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follow a few redirects, and only to other pages of the web."""

    max_redirections = _MAX_REDIRECTS

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        if urlsplit(newurl).scheme not in ("http", "https"):
            problem = f"the server sends us on to {newurl[:100]}, which is not http or https"
            raise InputError(problem)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def read_web(source: Source) -> Iterator[Finding]:
    """Yield the article of the page at an address, which is its id too."""
    import_extra("trafilatura", extra="web", what="web pages")  # before anybody is asked for anything
    content, charset, url = _fetch(source.name)
    yield Found(source.name, find_main_text(content, source.stem, charset=charset, url=url))


def _fetch(address: str) -> tuple[bytes, str | None, str]:
    """Return the bytes of a page, the encoding that the server names, and the address it was found at in the end."""
    began = time.monotonic()
    try:
        with _opener().open(_request(address), timeout=_TIMEOUT_SECONDS) as answer:
            kind = answer.headers.get_content_type()
            if kind not in _PAGES:
                msg = f"not a web page but {kind}"
                raise InputError(msg)
            return _read_all(answer, began), answer.headers.get_content_charset(), answer.geturl()
    except urllib.error.HTTPError as error:
        with error:
            msg = f"the server answers {error.code} {error.reason}"
        raise InputError(msg) from error
    except urllib.error.URLError as error:
        msg = f"cannot be reached: {error.reason}; is this machine online?"
        raise InputError(msg) from error
    except TimeoutError as error:
        msg = f"no answer within {_TIMEOUT_SECONDS} seconds"
        raise InputError(msg) from error
    except (http.client.HTTPException, UnicodeError) as error:
        msg = f"the answer cannot be understood: {str(error)[:200] or type(error).__name__}"
        raise InputError(msg) from error


def _request(address: str) -> urllib.request.Request:
    try:
        return urllib.request.Request(address, headers=_HEADERS)
    except ValueError as error:
        msg = f"no address of a page: {error}"
        raise InputError(msg) from error


def _opener() -> urllib.request.OpenerDirector:
    """Return what opens http and https and nothing else: a standard opener reads files and FTP too."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
        _Redirects(),
    ):
        opener.add_handler(handler)
    return opener


def _read_all(answer: Any, began: float) -> bytes:
    parts: list[bytes] = []
    n_bytes = 0
    while chunk := answer.read1(_CHUNK_BYTES):
        parts.append(chunk)
        n_bytes += len(chunk)
        if n_bytes > MAX_PAGE_BYTES:
            msg = f"a page of more than {MAX_PAGE_BYTES // 1_000_000} MB"
            raise InputError(msg)
        if time.monotonic() - began > _MAX_SECONDS:
            msg = f"not read within {_MAX_SECONDS} seconds"
            raise InputError(msg)
    if answer.length:  # what the server announced and did not send
        msg = "the answer ends too early"
        raise InputError(msg)
    return b"".join(parts)
