"""The service as an ASGI application: what arrives becomes a request, an answer is sent.

What was answered before is sent without a detour; all else goes through Starlette's routes, of which those
of extensions come first and the site last. An extension raises Starlette's `HTTPException` for what becomes
problem details. Sources: https://asgi.readthedocs.io/ and https://www.starlette.io/
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.requests import Request as StarletteRequest
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from twintowns import headers, jsontext
from twintowns.clients import Network, client_of
from twintowns.conditions import Conditions
from twintowns.contents import NotReadableError
from twintowns.delivery import Counted, deliver, stream
from twintowns.dereferencing import (
    Answer,
    Key,
    Request,
    Site,
    conditional,
    front_answer,
    options_answer,
    problem_answer,
    reader_of,
)
from twintowns.problems import JSON, Problem
from twintowns.requestlog import RequestLog, Writer
from twintowns.takeover import Current

MOST_HEADER_BYTES: Final = 16 * 1024
"""How large the headers of a request may be, together."""
RETRY: Final = {"Retry-After": "1"}

_NEGOTIATED: Final = (b"accept", b"accept-language", b"accept-encoding", b"accept-profile")
_CONDITIONS: Final = (b"if-match", b"if-none-match", b"if-range", b"range")
_OK: Final = 200
_SERVER_ERROR: Final = 500

Told = Mapping[bytes, bytes]
"""The headers of a request by their names, several of one name joined."""


async def _nothing() -> None:
    """Do nothing."""


async def _nothing_with(_place: Path) -> None:
    """Do nothing with a folder."""


@dataclass(frozen=True)
class Extension:
    """A part of the service beside the site, such as the query service.

    Attributes:
        routes: Its routes, which go before the site's.
        start: What to do before the first request, in the process that answers.
        stop: What to do after the last.
        taken_over: What to do when a new edition of the site was taken over, with the site's folder.
        ending: What to do as soon as the service is asked to stop, while answers are on their way.
        direct: Those of the routes, by their paths, that are asked so often that they are not looked for.
    """

    routes: Sequence[BaseRoute] = ()
    start: Callable[[], Awaitable[None]] = _nothing
    stop: Callable[[], Awaitable[None]] = _nothing
    taken_over: Callable[[Path], Awaitable[None]] = _nothing_with
    ending: Callable[[], Awaitable[None]] = _nothing
    direct: Mapping[str, ASGIApp] = field(default_factory=dict)


@dataclass(frozen=True)
class ServiceOptions:
    """How to serve.

    Attributes:
        root_path: The path under which the site is reached, without a slash at its end; empty for the root.
        log: Where the log of requests goes; None for nowhere.
        extensions: What else is served.
        trusted_proxies: The networks of the proxies that are believed when they name who asks.
    """

    root_path: str = ""
    log: Writer | None = None
    extensions: Sequence[Extension] = ()
    trusted_proxies: Sequence[Network] = ()


def application(folder: Path, options: ServiceOptions) -> ASGIApp:
    """Return the service of a site.

    Args:
        folder: The folder of the site.
        options: How to serve it.
    """
    return _Service(folder, options)


class _Service:
    """The application."""

    def __init__(self, folder: Path, options: ServiceOptions) -> None:
        self._options = options
        self._root = options.root_path.encode()
        self._log = RequestLog(options.log) if options.log else None
        self._telling: set[asyncio.Future[None]] = set()
        self._current = Current(folder, options.root_path, self._tell)
        routes = [route for extension in options.extensions for route in extension.routes]
        self._starlette = Starlette(
            routes=[*routes, Route("/healthz", self._health), Mount("/", app=self._answer)],
            exception_handlers={HTTPException: self._failure, _SERVER_ERROR: self._failure},
            lifespan=self._lifespan,
        )
        self._direct = {
            options.root_path + path: ServerErrorMiddleware(app, self._failure)
            for extension in options.extensions
            for path, app in extension.direct.items()
        }
        self._starlette.router.redirect_slashes = False  # it would lead to the host that the client names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._options.trusted_proxies and scope.get("client"):
            host, port = scope["client"]
            host = client_of(host, scope["headers"], self._options.trusted_proxies)
            scope = {**scope, "client": (host, port)}
        if self._log is None or scope["type"] != "http":
            await self._route(scope, receive, send)
            return
        counted = Counted(send)
        try:
            await self._route(scope, receive, counted)
        finally:
            self._log.note(scope, counted.status, counted.size_bytes)

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what was answered before, and let Starlette find who answers all else."""
        if scope["type"] != "http":
            await self._starlette(scope, receive, send)
            return
        if (direct := self._direct.get(scope["path"])) and _header_bytes(scope) <= MOST_HEADER_BYTES:
            await direct(scope, receive, send)
            return
        told, site = _told(scope), self._current.site
        is_read = scope["method"] in {"GET", "HEAD"}
        if is_read and site and (answer := site.remembered(_key(scope, told))):
            with suppress(NotReadableError):
                await self._send(site, _needed(answer, told), scope, send)
                return
        if _header_bytes(scope) > MOST_HEADER_BYTES:
            await deliver(self._problem(Request(b""), Problem(431)), scope, send)
        elif is_read and self._root and scope["raw_path"] == self._root:
            await deliver(front_answer(self._root), scope, send)
        else:
            await self._starlette({**scope, "root_path": self._options.root_path}, receive, send)

    async def _answer(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer a request for a name or a file."""
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
            return
        request = self._request(scope)
        if scope["method"] == "OPTIONS":
            await deliver(options_answer(), scope, send)
        elif scope["method"] not in headers.METHODS:
            problem = Problem(405, headers={"Allow": headers.ALLOW})
            await deliver(self._problem(request, problem), scope, send)
        else:
            await self._make(request, scope, send)

    async def _make(self, request: Request, scope: Scope, send: Send) -> None:
        """Make an answer and send it; where the edition is being replaced just now, from the one after it."""
        told = _told(scope)
        for _ in range(2):
            if site := self._current.site:
                with suppress(NotReadableError):
                    answer = site.answer(request, _key(scope, told))
                    await self._send(site, _needed(answer, told), scope, send)
                    return
            await self._current.refresh()
        await deliver(self._problem(request, Problem(503, headers=RETRY)), scope, send)

    async def _send(self, site: Site, needed: Answer | Problem, scope: Scope, send: Send) -> None:
        """Send an answer, in pieces where it is large."""
        answer = needed if isinstance(needed, Answer) else self._problem(self._request(scope), needed)
        if answer.source and scope["method"] != "HEAD":
            await stream(answer, site.folder, send)
        else:
            await deliver(answer, scope, send)

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        """Start the extensions, look for new editions meanwhile, and stop the extensions."""
        async with AsyncExitStack() as stack:
            if self._log:
                stack.callback(self._log.flush)
            for extension in self._options.extensions:
                stack.push_async_callback(extension.stop)
                await extension.start()
            watching = asyncio.create_task(self._current.watch())
            stack.callback(watching.cancel)
            yield

    def _tell(self, folder: Path) -> None:
        """Tell the extensions that an edition was taken over; no request waits for them."""
        for extension in self._options.extensions:
            telling = asyncio.ensure_future(extension.taken_over(folder))
            self._telling.add(telling)
            telling.add_done_callback(self._telling.discard)

    async def _health(self, _: StarletteRequest) -> Response:
        """Tell whether there is a site, and which."""
        site = self._current.site
        told = {"status": "ok", "dataset": site.holdings.dataset_hash} if site else {"status": "no site"}
        kept = {**headers.EVERY, "Cache-Control": headers.CACHE_ERROR}
        return Response(jsontext.written(told), 200 if site else 503, kept, JSON)

    async def _failure(self, request: StarletteRequest, error: Exception) -> Response:
        """Return what Starlette or an extension could not answer."""
        problem = Problem(_SERVER_ERROR)
        if isinstance(error, HTTPException):
            is_told = error.detail != HTTPException(error.status_code).detail
            told = error.detail if is_told else ""
            problem = Problem(error.status_code, headers=error.headers or {}, words=told)
        answer = self._problem(self._request(request.scope), problem)
        response = Response(answer.body, answer.status)
        response.raw_headers = answer.headers
        return response

    def _problem(self, request: Request, problem: Problem) -> Answer:
        site = self._current.site
        reader = reader_of(request, self._options.root_path, site.holdings if site else None)
        return problem_answer(problem, reader)

    def _request(self, scope: Scope) -> Request:
        told, path = _told(scope), bytes(scope["raw_path"])
        if self._root and path.startswith(self._root + b"/"):
            path = path[len(self._root) :]
        values = (told.get(name, b"").decode("latin-1") for name in _NEGOTIATED)
        return Request(path, scope["query_string"].decode("latin-1"), *values)


def _told(scope: Scope) -> Told:
    told = dict(scope["headers"])
    if len(told) != len(scope["headers"]):
        for name in told:
            told[name] = b", ".join(value for key, value in scope["headers"] if key == name)
    if b"range" in told:
        told.pop(b"accept-encoding", None)  # a part of a compressed form is of no use by itself
    return told


def _header_bytes(scope: Scope) -> int:
    return sum([len(name) + len(value) for name, value in scope["headers"]])


def _needed(answer: Answer, told: Told) -> Answer | Problem:
    """Return what of an answer the client lacks."""
    if answer.status != _OK or told.keys().isdisjoint(_CONDITIONS):
        return answer
    return conditional(answer, Conditions(*(told.get(name, b"").decode("latin-1") for name in _CONDITIONS)))


def _key(scope: Scope, told: Told) -> Key:
    """Return all that the answer to a request without conditions depends on."""
    query = scope["query_string"]
    return (
        scope["raw_path"],
        query if b"_" in query else b"",
        told.get(b"accept"),
        told.get(b"accept-language"),
        told.get(b"accept-encoding"),
        told.get(b"accept-profile"),
    )
