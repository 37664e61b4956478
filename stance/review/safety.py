"""Lets in only whom the page is for, by host, origin and token, and tells a browser what it may do with the answer."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request, cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stance.errors import InputError

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not no-referrer: with it a browser sends "Origin: null" with the page's own forms.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
LEAST_TOKEN_CHARS = 16
MAX_BODY_BYTES = 64 * 1024
_LOCAL_NAMES = frozenset(["localhost", "127.0.0.1", "::1"])
_ANY = ("0.0.0.0", "::", "")
_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[^:/@\s]+)(?::(?P<port>\d{1,5}))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Door:
    """Where the page is served and who may come in; without a token everybody on this computer."""

    host: str
    port: int
    token: str | None = None

    def address(self) -> str:
        """Return the address to open, with the token in it."""
        name = socket.gethostname() if self.host in _ANY else f"[{self.host}]" if ":" in self.host else self.host
        query = f"?{urlencode({'token': self.token})}" if self.token else ""
        return f"http://{name}:{self.port}/{query}"

    def admits_host(self, header: str) -> bool:
        """Return whether a Host header names this server: a name that another site made point here is not ours."""
        found = _HOST.fullmatch(header)
        if found is None or int(found["port"] or 80) != self.port:
            return False
        name = found["name"].strip("[]").lower()
        if name in _LOCAL_NAMES or name == self.host.lower():
            return True
        # Rebinding needs a name: an address is what it says, and this one was bound to all of them.
        return self.host in _ANY and (_is_address(name) or name in (socket.gethostname().lower(), socket.getfqdn().lower()))

    def is_token(self, given: str) -> bool:
        """Return whether this is the token, in a time that does not tell how much of it is right."""
        return hmac.compare_digest(given.encode("utf-8", "replace"), (self.token or "").encode())

    def is_seal(self, given: str) -> bool:
        """Return whether this is what the cookie must hold, in a time that does not tell how much of it is right."""
        return hmac.compare_digest(given.encode("utf-8", "replace"), self.seal.encode())

    @property
    def seal(self) -> str:
        """What the cookie holds: it lets in as the token does, but does not tell it."""
        return hashlib.sha256(f"stance review {self.token}".encode()).hexdigest()

    @property
    def cookie(self) -> str:
        """The cookie's name; cookies do not keep ports apart, so the name does."""
        return f"stance-token-{self.port}"


def check_door(host: str, token: str | None) -> None:
    """Require a token of some length wherever others than the users of this computer could come in.

    Raises
    ------
    InputError
        If there is none, or it is too short.
    """
    if token is not None and len(token) < LEAST_TOKEN_CHARS:
        msg = f"The token has {len(token)} characters; it needs at least {LEAST_TOKEN_CHARS}, which nobody can guess."
        raise InputError(msg)
    if token is None and not is_loopback(host):
        msg = (
            f"{host} can be reached from other computers, so the page needs a token that only its annotators know: "
            f"--token with at least {LEAST_TOKEN_CHARS} characters. Or leave --host out and serve this computer alone."
        )
        raise InputError(msg)


def is_loopback(host: str) -> bool:
    """Return whether only this computer can reach a server at this host.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("0.0.0.0"), is_loopback("news.test")
    (True, True, False, False)
    """
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


class Guard:
    """Middleware: refuses what comes from elsewhere, and adds the headers that keep a browser from doing more than it must."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        refusal = self._refuse(Request(scope))
        await (refusal or self._app)(scope, receive, send_with_headers)

    def _refuse(self, request: Request) -> Response | None:
        headers = request.headers
        host = headers.get("host", "")
        if len(headers.getlist("host")) != 1 or not self._door.admits_host(host):
            return _say(421, f"This server does not answer to the name {host[:100]!r}. Use the address that it printed.")
        if request.method not in ("GET", "HEAD", "POST"):
            return _say(405, "Only GET and POST are answered.")
        if request.method == "POST" and not _is_own_post(headers, host):
            return _say(403, "This was sent by another page, so nothing was recorded.")
        return self._ask_for_token(request)

    def _ask_for_token(self, request: Request) -> Response | None:
        if self._door.token is None:
            return None
        pairs = parse_qsl(request.url.query)
        given = dict(pairs).get("token")
        if given is not None and request.method == "GET":
            if not self._door.is_token(given):
                return _say(401, "The token is wrong.")
            rest = urlencode([pair for pair in pairs if pair[0] != "token"])
            answer = RedirectResponse(f"{_own_path(request.url.path)}{f'?{rest}' if rest else ''}", 303)
            answer.set_cookie(self._door.cookie, self._door.seal, httponly=True, samesite="strict", path="/")
            return answer
        if self._door.is_seal(_cookies(request.headers).get(self._door.cookie, "")):
            return None
        return _say(401, "This page needs its token: open the address that 'stance review' printed.")


def _own_path(path: str) -> str:
    """Return a path that cannot be taken for another site's address, as //elsewhere.test would be."""
    return "/" + path.lstrip("/\\")


def _cookies(headers: Headers) -> Mapping[str, str]:
    return cookie_parser(headers.get("cookie", ""))


def _is_own_post(headers: Headers, host: str) -> bool:
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    return origin in (None, f"http://{host}", f"https://{host}") and site in (None, "same-origin")


def _say(status: int, words: str) -> Response:
    return PlainTextResponse(f"{words}\n", status)


async def read_form(request: Request) -> dict[str, str] | None:
    """Return the fields of a posted form, the last of each name; None if it is too large to be one of ours."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            return None
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=100))
    except ValueError:
        return None
