"""The query service at `/sparql`: the SPARQL 1.1 Protocol over HTTP, answered by the workers.

The turn of a request is awaited (`turns`), and a worker asked (`workers`), who reads what is asked, examines
it and answers (`preparing`); every refusal on the way is told as problem details
(https://www.rfc-editor.org/rfc/rfc9457).
What begins to be told and cannot be brought to its end is cut off, so that nobody takes a part for the whole.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from twintowns import asking, headers
from twintowns.answering import TRIPLES
from twintowns.clients import network_of
from twintowns.exceptions import QueryRefusedError
from twintowns.exchanges import QUIET_S, Bodies, Exchange, Kept, Patience, Told
from twintowns.graph import Graph
from twintowns.iris import QUERY_PAGE, Names
from twintowns.messages import translations
from twintowns.namedgraphs import GRAPHS
from twintowns.preparing import Asked, Dataset, Head
from twintowns.problems import Problem, Reader, told_problem
from twintowns.proxying import Remote, Service
from twintowns.reminders import Reminders
from twintowns.servicedescription import service_description, void_of, written_description
from twintowns.store import DUMP
from twintowns.templating import environment
from twintowns.turns import Room, Turns
from twintowns.workers import Bounds, Workers, no_store

_METHODS: Final = "GET, HEAD, OPTIONS, POST"
_KNOWN: Final = frozenset(_METHODS.split(", "))
_TELLING: Final = {"1.1", "2"}
"""The versions of HTTP that can tell that an answer was cut off; granian calls HTTP/1.0 `1`."""
_RETRY_S: Final = "5"
_PATIENCE_S: Final = 1.0
"""How long a service that is stopped waits for the queries that run."""
_DIGITS: Final = 32
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
        files: The files of the site, as far as a page about a problem may lead to them.
    """

    folder: Path
    names: Names
    languages: tuple[str, ...] = ()
    root: str = ""
    service: Service | None = None
    files: frozenset[str] = frozenset()


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
        self._kept = Kept(_KEPT_BYTES)
        self._patience = Patience(limits.bounds.hold_s, Reminders(QUIET_S))

    def _made(self, folder: Path) -> Workers | Remote:
        room, bounds, names = self._limits.room, self._limits.bounds, self._publication.names
        number = room.answered + room.parked
        if self._publication.service:
            graphs = frozenset(names.graph(name).value for name in GRAPHS)
            dataset = Dataset(names.space, names.prefixes(), graphs)
            return Remote(self._publication.service, dataset, bounds, number)
        return Workers(folder / DUMP, names, bounds, number)

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
        is_kept = scope["method"] == "GET" and not _header(scope, b"if-none-match")
        kept = self._kept.response(_key(self._workers.digest, scope)) if is_kept else None
        with suppress(ClientDisconnect):
            response = kept or await self.respond(Request(scope, receive))
            await response(scope, receive, send)

    async def respond(self, request: Request) -> Response:
        """Answer a request."""
        try:
            if request.method == "OPTIONS":
                return Response(None, 204, _preflight())
            asked = await self._read(request)
            if not _has_query(request):
                question = asking.question(asked.request)
                if question.query is None:
                    return self._described(question, self._reader(request))
            return await self._answered(request, asked)
        except QueryRefusedError as refusal:
            return _refused(refusal, self._reader(request))

    def _reader(self, request: Request) -> Reader:
        return Reader(
            request.headers.get("accept", ""),
            request.headers.get("accept-language", ""),
            self._publication.languages,
            self._publication.root,
            self._publication.files,
        )

    async def _read(self, request: Request) -> Asked:
        """Read a request, no more of it than may be.

        Raises:
            QueryRefusedError: If it is of another method, too long, or does not arrive.
        """
        if request.method not in _KNOWN:
            raise QueryRefusedError(405, "queries are asked with GET or POST", "ask with one of them")
        parameters, accept = _text(request.scope["query_string"]), _header(request.scope, b"accept")
        if request.method != "POST":
            known = _header(request.scope, b"if-none-match")
            return Asked(asking.Request(request.method, parameters), accept, known)
        body = await self._bodies.body(request, _client(request))
        kind = _header(request.scope, b"content-type")
        return Asked(asking.Request("POST", parameters, kind, body), accept)

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

    async def _answered(self, request: Request, asked: Asked) -> Response:
        client = _client(request)
        turn = await self._turns.begin(client)
        workers, answer = self._workers, None
        try:
            answer = await workers.begin(asked, client)
        finally:
            if answer is None:
                turn.end()
        digest = workers.digest
        exchange = Exchange(request, answer, turn, self._patience)
        first, head = await exchange.first(), answer.head
        if head.is_known or (head.etag and asked.known.strip() == "*"):
            exchange.close()
            return _labelled(Response(None, 304), head)
        if not (exchange.is_whole or request.method == "HEAD"):
            return _labelled(await _told_in_parts(request, exchange, first), head)
        exchange.close()
        response = _labelled(Response(first, 200), head)
        if head.etag and exchange.is_whole and request.method == "GET":
            self._kept.keep(_key(digest, request.scope), response)
        return response


async def _told_in_parts(request: Request, exchange: Exchange, first: bytes) -> Response:
    """Return a long answer, to be told part by part where that can be told."""
    if request.scope.get("http_version") not in _TELLING:
        return Response(await exchange.gathered(first), 200)
    return Told(exchange.parts(first), 200)


def _key(digest: str, scope: Scope) -> tuple[str | bytes, ...]:
    """Return all that an answer by GET depends on."""
    accepted = [value for name, value in scope["headers"] if name == b"accept"]
    return (digest, scope["query_string"], *accepted)


def _has_query(request: Request) -> bool:
    """Tell whether a request has a query for certain; if not, it is to be read to know it."""
    parameters = request.scope["query_string"]
    return request.method == "POST" or parameters.startswith(b"query=") or b"&query=" in parameters


def _labelled(response: Response, head: Head) -> Response:
    """Return an answer with its headers, which are the same for all of a media type but one."""
    response.raw_headers += _labels(head.media_type, is_lasting=bool(head.etag))
    if head.etag:
        response.raw_headers.append((b"etag", head.etag.encode()))
    return response


@cache
def _labels(media_type: str, *, is_lasting: bool) -> list[tuple[bytes, bytes]]:
    told = {**_headers(media_type), **({} if is_lasting else {"Cache-Control": "no-store"})}
    return Headers(told).raw


def _text(parameters: bytes) -> str:
    try:
        return parameters.decode()
    except UnicodeDecodeError as error:
        raise asking.not_utf8() from error


def _header(scope: Scope, wanted: bytes) -> str:
    """Return the first header of a name; empty where there is none."""
    for name, value in scope["headers"]:
        if name == wanted:
            text: str = value.decode("latin-1")
            return text
    return ""


def _client(request: Request) -> str:
    """Return who asks, as it is counted."""
    address = request.scope.get("client")
    return network_of(address[0] if address else "")


def _headers(media_type: str) -> dict[str, str]:
    is_text = media_type.startswith("text/")
    kind = {"Content-Type": f"{media_type}; charset=utf-8" if is_text else media_type} if media_type else {}
    return {**headers.EVERY, **kind, "Cache-Control": headers.CACHE_FILE, "Vary": "Accept"}


def _preflight() -> dict[str, str]:
    return {**headers.EVERY, **headers.PREFLIGHT, "Allow": _METHODS, "Access-Control-Allow-Methods": _METHODS}


def _refused(refusal: QueryRefusedError, reader: Reader) -> Response:
    further = {
        405: {"Allow": _METHODS},
        415: {"Accept-Post": asking.ACCEPTED},
        **{status: {"Connection": "close"} for status in (408, 413, 429)},
    }
    retry = {"Retry-After": _RETRY_S} if refusal.status in {429, 503} else {}
    problem = Problem(
        refusal.status,
        refusal.sentence(translations(reader.language).gettext),
        {**headers.EVERY, "Cache-Control": "no-store", **retry, **further.get(refusal.status, {})},
        place=(refusal.line, refusal.column) if refusal.line and refusal.column else None,
        words=refusal.words,
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
