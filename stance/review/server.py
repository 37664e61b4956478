"""Serves the review: routes, forms and templates around a session."""

from __future__ import annotations

import hmac
import secrets
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import uvicorn
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from stance.errors import InputError
from stance.review import missed
from stance.review.coding import MAX_CHARS, MAX_NOTE_CHARS
from stance.review.pages import Told, describe, make_address
from stance.review.queue import Filters
from stance.review.safety import Door, Guard, read_form
from stance.review.session import Session, UnknownStatementError
from stance.review.suggestions import actor_names, place_names

_ENVIRONMENT = Environment(
    loader=PackageLoader("stance.review"),
    autoescape=True,  # every word on a page may be a stranger's
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.globals |= {"max_chars": MAX_CHARS, "max_note_chars": MAX_NOTE_CHARS}
_ENVIRONMENT.globals |= {"actors": actor_names(), "places": place_names()}
_TOKEN_CHARS = 20
_LOST_PAGE = "This page has lost its cookie, so nothing was recorded. Decide here once more."
# What a redirect may say has happened: the words are made here, not taken from the address.
_TOLD = ("recorded", "undone", "added", "nothing")


@dataclass(frozen=True, slots=True)
class _Routes:
    """The answers to requests, around one session."""

    session: Session
    port: int

    async def home(self, request: Request) -> Response:
        filters = _read_filters(request)
        return await run_in_threadpool(self._go_on, filters, None)

    def _go_on(self, filters: Filters, after: str | None, **told: str) -> Response:
        found = self.session.next_open(filters, after)
        path = "/done" if found is None else "/statement"
        return RedirectResponse(make_address(path, filters, id=found, **told), 303)

    async def statement(self, request: Request) -> Response:
        return await run_in_threadpool(self._statement, request)

    def _statement(self, request: Request) -> Response:
        page = self.session.page(request.query_params.get("id", ""), _read_filters(request), told=self._read_told(request))
        return self._render(request, "statement.html", page=page)

    async def done(self, request: Request) -> Response:
        return await run_in_threadpool(self._done, request)

    def _done(self, request: Request) -> Response:
        filters = _read_filters(request)
        last = self.session.selection(filters).items[-1:]
        back = make_address("/statement", filters, id=last[0].statement_id) if last else None
        bar, told = self.session.bar(filters), self._read_told(request)
        return self._render(request, "done.html", bar=bar, told=told, back=back, store=self.session.store.path.name)

    async def decide(self, request: Request) -> Response:
        return await self._answer(request, self._decide)

    def _decide(self, request: Request, form: dict[str, str], filters: Filters) -> Response:
        if not _has_token(request, form, self._cookie):
            return self._show_again(request, form, filters, _LOST_PAGE, 403)
        try:
            made = self.session.decide(form)
        except InputError as error:
            return self._show_again(request, form, filters, str(error), 400)
        return self._go_on(filters, made.statement_id, told="recorded", said=made.statement_id)

    def _show_again(self, request: Request, form: dict[str, str], filters: Filters, problem: str, status: int) -> Response:
        page = self.session.page(form.get("id", ""), filters, told=Told(problem, is_problem=True), typed=_typed(form))
        return self._render(request, "statement.html", status, page=page)

    async def undo(self, request: Request) -> Response:
        return await self._answer(request, self._undo)

    def _undo(self, request: Request, form: dict[str, str], filters: Filters) -> Response:
        if not _has_token(request, form, self._cookie):
            return self._problem(request, 403, _LOST_PAGE)
        undone = self.session.undo()
        if undone is None:
            return RedirectResponse(make_address("/statement", filters, id=form.get("id", ""), told="nothing"), 303)
        return RedirectResponse(make_address("/statement", filters, id=undone.statement_id, told="undone"), 303)

    async def missed(self, request: Request) -> Response:
        return await run_in_threadpool(self._missed, request)

    def _missed(self, request: Request) -> Response:
        asked = request.query_params
        selection = None if "start" not in asked else (_whole(asked["start"]), _whole(asked.get("end", asked["start"])))
        page = missed.make_page(self.session, asked.get("id", ""), _read_filters(request), selection=selection)
        return self._render(request, "missed.html", page=page)

    async def add(self, request: Request) -> Response:
        return await self._answer(request, self._add)

    def _add(self, request: Request, form: dict[str, str], filters: Filters) -> Response:
        problem, status = _LOST_PAGE, 403
        if _has_token(request, form, self._cookie):
            try:
                made = missed.add(self.session, form)
            except InputError as error:
                problem, status = str(error), 400
            else:
                address = make_address("/statement", filters, id=form["id"], told="added", said=made.statement_id)
                return RedirectResponse(address, 303)
        place = _whole(form.get("start", "")), _whole(form.get("end", ""))
        page = missed.make_page(self.session, form.get("id", ""), filters, selection=place, typed=_typed(form), problem=problem)
        return self._render(request, "missed.html", status, page=page)

    async def _answer(self, request: Request, act: Callable[[Request, dict[str, str], Filters], Response]) -> Response:
        form = await read_form(request)
        if form is None:
            return self._problem(request, 413, "The form is too large; nothing was recorded.")
        return await run_in_threadpool(act, request, form, _read_filters(request))

    def _read_told(self, request: Request) -> Told | None:
        """Return what the redirect to this page has to tell; the decision itself is read from the store."""
        told, said = request.query_params.get("told"), request.query_params.get("said", "")
        if told not in _TOLD:
            return None
        if told == "nothing":
            return Told("There is nothing to take back.", is_problem=True)
        if told == "undone":
            return Told("Taken back. The statement is open again.")
        own = [
            one
            for one in self.session.store.decisions(said)
            if one.annotator == self.session.annotator and one.adjudicated == self.session.adjudicate
        ]
        if not own:
            return None
        row = self.session.store.statement(said) or {}
        speaker = {**row, **own[-1].fields}.get("speaker") or ""
        return Told(f"{'Recorded' if told == 'recorded' else 'Added'}: {describe(own[-1])}, {str(speaker)[:80]}.")

    @property
    def _cookie(self) -> str:
        return f"stance-form-{self.port}"

    def _render(self, request: Request, name: str, status: int = 200, **values: Any) -> Response:
        token = request.cookies.get(self._cookie, "")
        fresh = len(token) < _TOKEN_CHARS
        token = secrets.token_urlsafe(_TOKEN_CHARS) if fresh else token
        query = make_address("", _read_filters(request, strict=False))
        text = _ENVIRONMENT.get_template(name).render(form_token=token, query=query, **values)
        answer = HTMLResponse(text, status)
        if fresh:
            answer.set_cookie(self._cookie, token, httponly=True, samesite="strict", path="/")
        return answer

    def _problem(self, request: Request, status: int, words: str) -> Response:
        return self._render(request, "problem.html", status, words=words)

    async def on_unknown(self, request: Request, error: Exception) -> Response:
        return self._problem(request, 404, str(error))

    async def on_bad_input(self, request: Request, error: Exception) -> Response:
        return self._problem(request, 400, str(error))

    async def on_missing(self, request: Request, error: Exception) -> Response:
        return self._problem(request, 404, "There is no such page.")


def make_app(session: Session, door: Door) -> ASGIApp:
    """Return the web application of a session, guarded by the door."""
    routes = _Routes(session, door.port)
    app = Starlette(
        routes=[
            Route("/", routes.home),
            Route("/statement", routes.statement),
            Route("/done", routes.done),
            Route("/missed", routes.missed),
            Route("/decide", routes.decide, methods=["POST"]),
            Route("/undo", routes.undo, methods=["POST"]),
            Route("/add", routes.add, methods=["POST"]),
            Mount("/static", StaticFiles(directory=str(files("stance.review") / "static"))),
        ],
        exception_handlers={
            404: routes.on_missing,
            UnknownStatementError: routes.on_unknown,
            InputError: routes.on_bad_input,
        },
    )
    return Guard(app, door)


def open_socket(host: str, port: int) -> socket.socket:
    """Return a listening socket at the port, or at a free one where the port is taken.

    Raises
    ------
    InputError
        If nothing can be served at this host.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for wanted in (port, 0):
        found = socket.socket(family, socket.SOCK_STREAM)
        if sys.platform != "win32":  # there it would let two servers share a port
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind((host, wanted))
            found.listen(128)
        except OSError as error:
            found.close()
            if wanted == 0:
                msg = f"Nothing can be served at {host}: {error.strerror or error}."
                raise InputError(msg) from error
        else:
            return found
    raise AssertionError  # the loop returns or raises


def serve(app: ASGIApp, listening: socket.socket) -> None:
    """Answer requests until interrupted; then KeyboardInterrupt is raised."""
    settings = uvicorn.Config(app, log_level="error", access_log=False, server_header=False, lifespan="off")
    uvicorn.Server(settings).run(sockets=[listening])


def _read_filters(request: Request, *, strict: bool = True) -> Filters:
    asked = request.query_params
    chosen = {name: tuple(value for value in asked.getlist(name) if value) for name in ("issue", "actor", "stance")}
    below = asked.get("below") or None
    try:
        limit = None if below is None else float(below)
    except ValueError as error:
        if not strict:
            return Filters()
        msg = f"A probability is a number between 0 and 1; found {below!r}."
        raise InputError(msg) from error
    return Filters(**chosen, below=limit)


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        msg = f"A place in the text is a whole number; found {text[:40]!r}."
        raise InputError(msg)
    return int(text)


def _has_token(request: Request, form: dict[str, str], cookie: str) -> bool:
    expected, given = request.cookies.get(cookie, ""), form.get("form_token", "")
    return len(expected) >= _TOKEN_CHARS and hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))


def _typed(form: dict[str, str]) -> dict[str, str]:
    from stance.review.coding import EDITED_COLUMNS

    return {name: value for name, value in form.items() if name in (*EDITED_COLUMNS, "note")}
