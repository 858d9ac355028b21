"""Another service behind the query service: a real Oxigraph server, and ones that fail as they are told."""

import asyncio
import gzip
import shutil
import subprocess
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

import http_table
from stores import OXIGRAPH, free_port
from twintowns.asking import Request
from twintowns.credentials import Credentials
from twintowns.endpoint import Limits, Publication, endpoint_routes
from twintowns.exceptions import AddressError, CredentialsError, QueryRefusedError
from twintowns.iris import Names
from twintowns.preparing import Asked, Dataset
from twintowns.proxying import Remote, Service, service_at
from twintowns.store import DUMP
from twintowns.workers import Bounds

NAMES = Names("https://w3id.org/twintowns/ludvika/")
NAME = "SELECT ?name { place:Q503184 schema:name ?name } ORDER BY ?name"
BOUNDS = Bounds(deadline_s=1, hold_s=5, result_bytes=100_000)
JSON = "application/sparql-results+json"
Handler = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture(scope="module")
def oxigraph(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of an Oxigraph server that holds the first publication, and more."""
    if not OXIGRAPH.is_file():
        pytest.skip("the oxigraph server is not here: pip install oxigraph")
    folder = tmp_path_factory.mktemp("oxigraph")
    (folder / "other.nq").write_text('<x:a> <x:b> "of somebody else" <x:g> .\n<x:a> <x:b> "of nobody" .\n')
    store = ["--location", str(folder / "store")]
    files = ["--file", str(site / DUMP), "--file", str(folder / "other.nq")]
    subprocess.run([OXIGRAPH, "load", *store, *files], check=True, capture_output=True)  # noqa: S603
    port = free_port()
    command = [str(OXIGRAPH), "serve-read-only", *store, "--bind", f"127.0.0.1:{port}"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # noqa: S603
        try:
            http_table.wait_for(port)
            yield f"http://127.0.0.1:{port}/query"
        finally:
            process.terminate()


@contextmanager
def answering(handle: Handler) -> Iterator[str]:
    """Run a service that answers every query in one way."""

    class Told(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            handle(self)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Told)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@asynccontextmanager
async def proxied(site: Path, url: str, bounds: Bounds = BOUNDS) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a client of a query service that asks another one."""
    publication = Publication(site, NAMES, ("sv",), "", Service(url, Credentials()))
    routes, endpoint = endpoint_routes(publication, Limits(bounds))
    await endpoint.start()
    transport = httpx.ASGITransport(Starlette(routes=routes), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://example.org") as client:
        try:
            await endpoint.take_over(site)
            yield client
        finally:
            await endpoint.stop()


def asked(site: Path, url: str, query: str, accept: str = JSON, bounds: Bounds = BOUNDS) -> httpx.Response:
    """Ask one query, and return the whole answer."""

    async def ask() -> httpx.Response:
        async with asyncio.timeout(60), proxied(site, url, bounds) as client:
            return await client.get("/sparql", params={"query": query}, headers={"Accept": accept})

    return asyncio.run(ask())


@pytest.mark.parametrize("accept", [JSON, "application/sparql-results+xml", "text/csv"])
def test_solutions(site: Path, oxigraph: str, accept: str) -> None:
    """Solutions come in each form, with prefixes that need not be declared; nothing is kept of them."""
    response = asked(site, oxigraph, NAME, accept)
    assert (response.status_code, response.headers["content-type"].partition(";")[0]) == (200, accept)
    assert "Ludvika kommun" in response.text
    assert response.headers["cache-control"] == "no-store"
    assert "etag" not in response.headers


@pytest.mark.parametrize("accept", ["text/turtle", "application/n-triples", "application/rdf+xml"])
def test_triples(site: Path, oxigraph: str, accept: str) -> None:
    """Triples come in each form."""
    response = asked(site, oxigraph, "CONSTRUCT WHERE { place:Q503184 schema:name ?name }", accept)
    assert (response.status_code, "Ludvika kommun" in response.text) == (200, True)


def test_only_the_publication(site: Path, oxigraph: str) -> None:
    """Nothing is told that the other service holds besides, in graphs of a name and without."""
    query = "SELECT (COUNT(*) AS ?n) { { <x:a> ?p ?o } UNION { GRAPH ?g { <x:a> ?p ?o } } }"
    assert asked(site, oxigraph, query, "text/csv").text.split() == ["n", "0"]
    graphs = asked(site, oxigraph, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", "text/csv").text.split()
    assert sorted(graphs[1:]) == sorted(
        NAMES.graph(name).value for name in ("asserted", "derived", "vocabulary")
    )


def test_chosen_graphs(site: Path, oxigraph: str) -> None:
    """A query chooses among the graphs of the publication; others are refused."""
    graph = f"<{NAMES.graph('derived').value}>"
    derived = f"SELECT (COUNT(*) AS ?n) FROM {graph} {{ ?s ?p ?o }}"  # noqa: S608 - SPARQL, and a graph of ours
    count = (site / DUMP).read_text(encoding="utf-8").count(f"{graph} .")
    assert asked(site, oxigraph, derived, "text/csv").text.split() == ["n", str(count)]
    assert asked(site, oxigraph, "ASK FROM <x:g> {}").status_code == 400


@pytest.mark.parametrize(
    "query", ["ASK { SERVICE <http://127.0.0.1:9/> {} }", "INSERT DATA { <x:a> <x:b> <x:c> }", "nonsense((("]
)
def test_refused(site: Path, oxigraph: str, query: str) -> None:
    """What is refused of our own store is refused here too, or called malformed by the other service."""
    response = asked(site, oxigraph, query)
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"


def test_malformed(site: Path, oxigraph: str) -> None:
    """What the other service calls malformed is told in its words."""
    response = asked(site, oxigraph, "SELECT * { ?s ?p }")
    assert response.status_code == 400
    assert "expected" in response.json()["engine"]


def _answers(status: int, content: bytes, **headers: str) -> Handler:
    def handle(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in {"content_type": JSON, **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    return handle


@pytest.mark.parametrize(
    "handle",
    [
        _answers(500, b"failed"),
        _answers(302, b"", location="http://127.0.0.1:9/"),
        _answers(200, b"<html>", content_type="text/html"),
        _answers(200, gzip.compress(b"{}"), content_encoding="gzip"),
    ],
    ids=["fails", "redirects", "another form", "compressed"],
)
def test_no_answer(site: Path, handle: Handler) -> None:
    """What is no answer to a query is not handed on."""
    with answering(handle) as url:
        response = asked(site, url, "ASK {}")
    assert response.status_code == 503
    assert response.headers["retry-after"]


def test_nobody_there(site: Path) -> None:
    """Where nothing listens, the service says that it cannot be asked just now."""
    assert asked(site, f"http://127.0.0.1:{free_port()}/", "ASK {}").status_code == 503


def test_deadline(site: Path) -> None:
    """A service that does not answer in time is not waited for."""
    ended = threading.Event()

    def handle(_: BaseHTTPRequestHandler) -> None:
        ended.wait(30)

    with answering(handle) as url:
        response = asked(site, url, "ASK {}", bounds=Bounds(deadline_s=0.3))
        ended.set()
    assert response.status_code == 503
    assert "longer than 0.3 s" in response.json()["detail"]


def test_dripping_header(site: Path) -> None:
    """A service that sends its header byte by byte is not waited for any longer than one that is silent."""
    ended = threading.Event()

    def handle(request: BaseHTTPRequestHandler) -> None:
        with suppress(OSError):
            while not ended.wait(0.02):
                request.wfile.write(b"H")

    with answering(handle) as url:
        response = asked(site, url, "ASK {}", bounds=Bounds(deadline_s=0.5))
        ended.set()
    assert response.status_code == 503
    assert "longer than 0.5 s" in response.json()["detail"]


def test_who_goes_takes_the_query_along() -> None:
    """Where an answer is let go before its first part, so is the other service, long before the deadline."""
    is_asked, is_let_go = threading.Event(), threading.Event()

    def handle(request: BaseHTTPRequestHandler) -> None:
        is_asked.set()
        request.connection.recv(1)
        is_let_go.set()

    async def work(url: str) -> bool:
        dataset = Dataset(NAMES.space, {}, frozenset())
        remote = Remote(Service(url, Credentials()), dataset, Bounds(deadline_s=50), 1)
        answer = await remote.begin(Asked(Request("GET", "query=ASK{}")))
        part = asyncio.create_task(answer.part())
        await asyncio.to_thread(is_asked.wait, 30)
        answer.close()
        answer.close()
        with pytest.raises(QueryRefusedError):
            await part
        answer.close()
        return await asyncio.to_thread(is_let_go.wait, 20)

    with answering(handle) as url:
        assert asyncio.run(work(url))


def test_no_more_connections_than_queries_at_once() -> None:
    """However many queries are begun, the other service sees no more connections than may be used at once."""
    clients: set[tuple[str, int]] = set()
    pair = threading.Barrier(2)

    def handle(request: BaseHTTPRequestHandler) -> None:
        request.protocol_version = "HTTP/1.1"
        request.close_connection = False
        clients.add(request.client_address)
        pair.wait(30)
        request.send_response(200)
        request.send_header("Content-Type", JSON)
        request.send_header("Content-Length", "2")
        request.end_headers()
        request.wfile.write(b"{}")

    async def answer(remote: Remote) -> bytes:
        found = await remote.begin(Asked(Request("GET", "query=ASK{}")))
        told = b""
        while not found.is_whole:
            told += await found.part()
        return told

    async def work(url: str) -> list[bytes]:
        dataset = Dataset(NAMES.space, {}, frozenset())
        remote = Remote(Service(url, Credentials()), dataset, Bounds(deadline_s=50), 2)
        told = await asyncio.gather(*(answer(remote) for _ in range(8)))
        await remote.stop(0)
        return told

    with answering(handle) as url:
        assert asyncio.run(work(url)) == [b"{}"] * 8
    assert len(clients) == 2


def test_asked_to_stop(site: Path) -> None:
    """A service that is asked to stop waits for no other service, and asks it nothing more."""
    is_asked, ended = threading.Event(), threading.Event()

    def handle(_: BaseHTTPRequestHandler) -> None:
        is_asked.set()
        ended.wait(30)

    async def work(url: str) -> list[httpx.Response]:
        publication = Publication(site, NAMES, ("sv",), "", Service(url, Credentials()))
        routes, endpoint = endpoint_routes(publication, Limits(Bounds(deadline_s=50)))
        transport = httpx.ASGITransport(Starlette(routes=routes))
        async with asyncio.timeout(60), httpx.AsyncClient(transport=transport, base_url="http://a") as client:
            running = asyncio.create_task(client.get("/sparql?query=ASK{}"))
            await asyncio.to_thread(is_asked.wait, 30)
            await endpoint.wind_up()
            remote = endpoint._workers  # noqa: SLF001 - past the turns, which refuse before
            with pytest.raises(QueryRefusedError, match="just now"):
                await remote.begin(Asked(Request("GET", "query=ASK{}")))
            return [await running, await client.get("/sparql?query=ASK{}")]

    with answering(handle) as url:
        told = asyncio.run(work(url))
        ended.set()
    assert [response.status_code for response in told] == [503, 503]


def test_too_long(site: Path) -> None:
    """An answer that is too long is refused, or cut off where it has begun."""
    with answering(_answers(200, b"x" * 1_000_000)) as url:
        refused = asked(site, url, "ASK {}", bounds=Bounds(result_bytes=10))
        with pytest.raises(AssertionError):  # httpx's ASGI transport asserts that an answer is whole
            asked(site, url, "ASK {}")
    assert refused.status_code == 413


def test_broken_off(site: Path) -> None:
    """A connection that ends in the midst of an answer does not look like its end."""

    def handle(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Type", JSON)
        request.send_header("Content-Length", "1000")
        request.end_headers()

    with answering(handle) as url:
        assert asked(site, url, "ASK {}").status_code == 503


def test_addresses() -> None:
    """An address is checked before anything is served; who asks stands in the environment."""
    token = "open-sesame"  # noqa: S105 - a secret of nobody
    there = Service("http://localhost/", Credentials(token=token))
    assert service_at("", {}) is None
    assert service_at("http://localhost/", {"TWINTOWNS_TOKEN": token}) == there
    with pytest.raises(AddressError):
        service_at("http://me:secret@localhost/", {})
    with pytest.raises(CredentialsError):
        service_at("http://localhost/", {"TWINTOWNS_USER": "me"})


def test_served(site: Path, oxigraph: str, tmp_path: Path) -> None:
    """The command serves a site with another service behind `/sparql`."""
    shutil.copytree(site, tmp_path / "build")
    (tmp_path / "data").mkdir()
    (tmp_path / "data/catalogue.ttl").touch()
    with http_table.serving(tmp_path, "", "--endpoint", oxigraph) as server:
        address = f"http://127.0.0.1:{server.port}/sparql"
        response = httpx.get(address, params={"query": NAME}, headers={"Accept": "text/csv"})
    assert (response.status_code, "Ludvika kommun" in response.text) == (200, True)
