"""The query service at `/sparql`: the SPARQL 1.1 Protocol over HTTP, answered by the workers.

A request is read (`asking`), its query examined (`sparqlguard`), its turn awaited (`turns`), and a worker
asked (`workers`); every refusal on the way is told as problem details (https://www.rfc-editor.org/rfc/rfc9457).
What begins to be told and cannot be brought to its end is cut off, so that nobody takes a part for the whole.
"""

import asyncio
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from twintowns import asking, headers
from twintowns.answering import TRIPLES
from twintowns.clients import network_of
from twintowns.exceptions import QueryRefusedError
from twintowns.exchanges import Bodies, Exchange, Kept, Told
from twintowns.frame import environment
from twintowns.graph import Graph
from twintowns.iris import QUERY_PAGE, Names
from twintowns.messages import translations
from twintowns.namedgraphs import GRAPHS
from twintowns.problems import Problem, Reader, told_problem
from twintowns.proxying import Remote, Service
from twintowns.servicedescription import service_description, void_of, written_description
from twintowns.sparqlguard import Examined, examined, refuse_graphs
from twintowns.store import DUMP
from twintowns.turns import Room, Turns
from twintowns.workers import Bounds, Workers, no_store

_METHODS: Final = "GET, HEAD, OPTIONS, POST"
_SAFE: Final = {"GET", "HEAD"}
_TELLING: Final = {"1.1", "2"}
"""The versions of HTTP that can tell that an answer was cut off; granian calls HTTP/1.0 `1`."""
_RETRY_S: Final = "5"
_PATIENCE_S: Final = 1.0
"""How long a service that is stopped waits for the queries that run."""
_DIGITS: Final = 32
_REMEMBERED: Final = 256
"""How many queries are remembered as examined."""
_REMEMBERED_CHARACTERS: Final = 4096
"""How long a query may be to be remembered."""
_BRIEF_CHARACTERS: Final = 8192
"""How long a query may be to be examined at once; a longer one waits for its turn, and for a thread."""
_KEPT_BYTES: Final = 1 << 24


@dataclass(frozen=True)
class Limits:
    """What the service takes on.

    Attributes:
        bounds: What a query may take.
        room: How many at once.
        body_s: How long the body of a request may take to arrive.
    """

    bounds: Bounds = field(default_factory=Bounds)
    room: Room = field(default_factory=lambda: Room(8, 2, 256, 64, 8, 10.0))
    body_s: float = 10.0


class Publication(NamedTuple):
    """What is asked.

    Attributes:
        folder: The built site.
        names: How the publication names its things.
        languages: Its languages, the main one first.
        root: The path under which the site is mounted, without the slash at its end.
        service: Another service that is asked in the place of a store of our own.
    """

    folder: Path
    names: Names
    languages: tuple[str, ...] = ()
    root: str = ""
    service: Service | None = None


class _Told(NamedTuple):
    """What to ask for an answer, its headers, and by what it is kept."""

    key: tuple[str, ...]
    asked: Mapping[str, object]
    headers: dict[str, str]


class Endpoint:
    """The query service.

    Args:
        publication: What is asked.
        limits: What it takes on.
    """

    def __init__(self, publication: Publication, limits: Limits) -> None:
        """Prepare; nothing runs yet."""
        self._publication, self._limits = publication, limits
        self._turns = Turns(limits.room)
        self._bodies = Bodies(3 * asking.MOST_QUERY_BYTES, limits.body_s)
        self._void = Graph([])
        self._workers = self._made(publication.folder)
        self._leaving: dict[asyncio.Task[None], Workers | Remote] = {}
        self._one_at_a_time = asyncio.Lock()
        self._prefixes = publication.names.prefixes()
        self._remembered: dict[str, Examined] = {}
        self._kept = Kept(_KEPT_BYTES)

    def _made(self, folder: Path) -> Workers | Remote:
        room, bounds, names = self._limits.room, self._limits.bounds, self._publication.names
        if self._publication.service:
            graphs = frozenset(names.graph(name).value for name in GRAPHS)
            return Remote(self._publication.service, graphs, names.prefixes(), bounds)
        return Workers(folder / DUMP, names.prefixes(), bounds, room.answered + room.parked)

    def _examine(self, query: str) -> Examined:
        return examined(query, self._publication.names.space, self._prefixes)

    def _examined(self, query: str) -> Examined:
        """Examine a query; short ones are remembered, but for those that name graphs at any length."""
        if query in self._remembered:
            return self._remembered[query]
        found = self._examine(query)
        if len(query) <= _REMEMBERED_CHARACTERS and not found.has_dataset:
            while len(self._remembered) >= _REMEMBERED:
                del self._remembered[next(iter(self._remembered))]
            self._remembered[query] = found
        return found

    async def start(self) -> None:
        """Read the store; where it cannot be read, it is tried again while requests are told so."""
        self._void = void_of(self._publication.folder)
        try:
            await self._workers.start()
        except QueryRefusedError:
            return

    async def wind_up(self) -> None:
        """End what runs as soon as the service is asked to stop; refuse whoever waits, and whoever comes."""
        self._turns.close(no_store())
        await self.stop()

    async def stop(self) -> None:
        """End everything; more than once does no harm."""
        leaving = dict(self._leaving)
        for task in leaving:
            task.cancel()
        await asyncio.gather(self._workers.stop(_PATIENCE_S), *(old.stop(0) for old in leaving.values()))

    async def take_over(self, folder: Path) -> None:
        """Answer from another build from now on; what is being answered comes to its end.

        Where that build cannot be asked, the old one still is.
        """
        async with self._one_at_a_time:
            if self._publication.service:
                self._void = void_of(folder)
                return
            workers = self._made(folder)
            try:
                await workers.start()
            except QueryRefusedError:
                await workers.stop(0)
                return
            old, self._workers = self._workers, workers
            self._publication = self._publication._replace(folder=folder)
            self._void = void_of(folder)
        task = asyncio.create_task(old.stop(self._limits.bounds.hold_s))
        self._leaving[task] = old
        task.add_done_callback(self._leaving.pop)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request: as it was answered before, where the very same was asked of the same dataset."""
        is_kept = scope["method"] == "GET" and not any(
            name == b"if-none-match" for name, _ in scope["headers"]
        )
        kept = self._kept.response(self._key(scope)) if is_kept else None
        with suppress(ClientDisconnect):
            response = kept or await self.respond(Request(scope, receive))
            await response(scope, receive, send)

    def _key(self, scope: Scope) -> tuple[str, ...]:
        """Return all that an answer by GET depends on."""
        accepted = (value for name, value in scope["headers"] if name == b"accept")
        return (self._workers.digest, *map(_latin, (scope["query_string"], *accepted)))

    async def respond(self, request: Request) -> Response:
        """Answer a request."""
        reader = Reader(
            request.headers.get("accept", ""),
            request.headers.get("accept-language", ""),
            self._publication.languages,
            self._publication.root,
        )
        try:
            if request.method == "OPTIONS":
                return Response(None, 204, _preflight())
            question = asking.question(await self._read(request))
            if question.query is None:
                return self._described(question, reader)
            return await self._answered(request, question)
        except QueryRefusedError as refusal:
            return _refused(refusal, reader)

    async def _read(self, request: Request) -> asking.Request:
        """Read a request, no more of it than may be.

        Raises:
            QueryRefusedError: If it is of another method, too long, or does not arrive.
        """
        if request.method not in _METHODS.split(", "):
            raise QueryRefusedError(405, "queries are asked with GET or POST", "ask with one of them")
        if request.method != "POST":
            return asking.Request(request.method, request.url.query)
        body = await self._bodies.body(request, _client(request))
        return asking.Request("POST", request.url.query, request.headers.get("content-type", ""), body)

    def _described(self, question: asking.Question, reader: Reader) -> Response:
        """Tell what the service is: a page for people, RDF for programs."""
        if not question.form and reader.is_person:
            return self._page(reader)
        media_type, form = asking.chosen(reader.accept, question.form, asking.TRIPLE_TYPES)
        described = service_description(self._publication.names, self._void, self._workers.graphs)
        body = written_description(described, TRIPLES[form])
        return Response(
            body, 200, {**_headers(media_type), "ETag": f'"{sha256(body).hexdigest()[:_DIGITS]}"'}
        )

    def _page(self, reader: Reader) -> Response:
        pages = (f"{reader.language}/{QUERY_PAGE}.html", f"{QUERY_PAGE}.html")
        page = next((page for page in pages if (self._publication.folder / page).is_file()), None)
        if page:
            told = {**_headers(""), "Location": f"{self._publication.root}/{page}"}
            return Response(None, 303, {**told, "Vary": "Accept, Accept-Language"})
        template = cache(environment)().get_template("query.html")
        words = translations(reader.language).gettext
        around = {"_": words, "language": reader.language, "root": self._publication.root}
        body = template.render(around, prefixes=self._prefixes.items())
        told = {**_headers("text/html"), "Content-Language": reader.language}
        return Response(body, 200, {**told, "Vary": "Accept, Accept-Language"})

    async def _answered(self, request: Request, question: asking.Question) -> Response:
        asked = question.query or ""
        with ExitStack() as undo:
            turn = None
            if len(asked) > _BRIEF_CHARACTERS:
                turn = await self._turns.begin(_client(request))
                undo.callback(turn.end)
                query = await asyncio.to_thread(self._examine, asked)
            else:
                query = self._examined(asked)
            told = self._told(request, question, query)
            etag = told.headers.get("ETag", "")
            if etag and _is_known(etag, request):
                return Response(None, 304, told.headers)
            if not turn:
                turn = await self._turns.begin(_client(request))
                undo.callback(turn.end)
            answer = await self._workers.begin(told.asked)
            undo.pop_all()
        return await self._told_whole(told, Exchange(request, answer, turn), request)

    async def _told_whole(self, told: _Told, exchange: Exchange, request: Request) -> Response:
        """Return an answer, to be told part by part where it is long."""
        first, etag = await exchange.first(), told.headers.get("ETag", "")
        if etag and request.method in _SAFE and request.headers.get("if-none-match", "").strip() == "*":
            exchange.close()
            return Response(None, 304, told.headers)
        if exchange.is_whole or request.method == "HEAD":
            exchange.close()
            response = Response(first, 200, told.headers)
            if etag and exchange.is_whole and request.method == "GET":
                self._kept.keep(told.key, response)
            return response
        if request.scope.get("http_version") not in _TELLING:
            return Response(await exchange.gathered(first), 200, told.headers)
        return Told(exchange.parts(first), 200, told.headers)

    def _told(self, request: Request, question: asking.Question, query: Examined) -> _Told:
        """Tell what to ask and how its answer is labelled.

        Raises:
            QueryRefusedError: If it is not to be asked.
        """
        is_tabular = query.form in {"SELECT", "ASK"}
        offers = asking.SOLUTION_TYPES if is_tabular else asking.TRIPLE_TYPES
        media_type, form = asking.chosen(request.headers.get("accept", ""), question.form, offers)
        default_graphs, named_graphs = self._dataset(question, query)
        asked = {
            "query": query.text,
            "form": form,
            "base": self._publication.names.space,
            "used": query.prefixes,
            "default_graphs": default_graphs,
            "named_graphs": named_graphs,
        }
        told = _headers(media_type)
        if query.is_volatile or self._publication.service:
            return _Told((), asked, {**told, "Cache-Control": "no-store"})
        etag = {"ETag": f'W/"{self._fingerprint(asked)}"'}
        return _Told(self._key(request.scope), asked, {**told, **etag})

    def _fingerprint(self, asked: Mapping[str, object]) -> str:
        return sha256(f"{self._workers.digest} {sorted(asked.items())}".encode()).hexdigest()[:_DIGITS]

    def _dataset(
        self, question: asking.Question, query: Examined
    ) -> tuple[list[str] | None, list[str] | None]:
        """Return the graphs to ask, and those to ask by name; None for all that there are."""
        told = question if question.has_dataset else query
        if not told.has_dataset:
            return None, None
        if not self._workers.is_ready:
            return [], []
        refuse_graphs([*told.default_graphs, *told.named_graphs], self._workers.graphs)
        return list(told.default_graphs), list(told.named_graphs)


def _latin(text: bytes) -> str:
    return text.decode("latin-1")


def _client(request: Request) -> str:
    """Return who asks, as it is counted."""
    return network_of(request.client.host if request.client else "")


def _headers(media_type: str) -> dict[str, str]:
    is_text = media_type.startswith("text/")
    kind = {"Content-Type": f"{media_type}; charset=utf-8" if is_text else media_type} if media_type else {}
    return {**headers.EVERY, **kind, "Cache-Control": headers.CACHE_FILE, "Vary": "Accept"}


def _preflight() -> dict[str, str]:
    return {**headers.EVERY, **headers.PREFLIGHT, "Allow": _METHODS, "Access-Control-Allow-Methods": _METHODS}


def _is_known(etag: str, request: Request) -> bool:
    """Tell whether a client has an answer (https://www.rfc-editor.org/rfc/rfc9110#field.if-none-match).

    `*` is known when there is an answer, which is known when it has begun.
    """
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    return request.method in _SAFE and etag.removeprefix("W/") in known


def _refused(refusal: QueryRefusedError, reader: Reader) -> Response:
    further = {
        405: {"Allow": _METHODS},
        415: {"Accept-Post": asking.ACCEPTED},
        **{status: {"Connection": "close"} for status in (408, 413, 429)},
    }
    retry = {"Retry-After": _RETRY_S} if refusal.status in {429, 503} else {}
    place = {"line": refusal.line, "column": refusal.column} if refusal.column else {}
    problem = Problem(
        refusal.status,
        refusal.told(translations(reader.language).gettext),
        {**headers.EVERY, "Cache-Control": "no-store", **retry, **further.get(refusal.status, {})},
        members={name: value for name, value in place.items() if value},
    )
    telling = told_problem(problem, reader)
    return Response(telling.body, refusal.status, telling.headers)


def endpoint_routes(publication: Publication, limits: Limits | None = None) -> tuple[list[Route], Endpoint]:
    """Return the routes of the query service, and the service, to be started and stopped.

    Args:
        publication: What is asked.
        limits: What the service takes on.
    """
    endpoint = Endpoint(publication, limits or Limits())
    return [Route(path, endpoint) for path in ("/sparql", "/sparql/")], endpoint
