"""The query service as a process of its own, over loopback: the W3C's suites, and clients that mean ill."""

import asyncio
import importlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import httpx
import pytest
from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store, Variable, parse

from twintowns.store import DUMP

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
TOO_LONG = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
WAYS_OUT: list[str] = importlib.import_module("tests.test_sparqlguard").WAYS_OUT
listener: Callable[[], AbstractContextManager[tuple[int, list[bytes]]]] = importlib.import_module(
    "tests.test_workers"
).listener
SPACE = "https://w3id.org/twintowns/ludvika/"
TESTS = Path(__file__).resolve().parent
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
HT = "http://www.w3.org/2011/http#"
SD = "http://www.w3.org/ns/sparql-service-description#"
SD_TERMS = {
    "Service": "endpoint supportedLanguage feature defaultEntailmentRegime resultFormat defaultDataset",
    "Dataset": "defaultGraph namedGraph",
    "NamedGraph": "name graph",
    "Graph": "",
}
GRAPH = "http://kasei.us/2009/09/sparql/data/data{}.rdf"


class Served(NamedTuple):
    """A service: its address, and the process that was started."""

    address: str
    process: subprocess.Popen[bytes]

    @property
    def port(self) -> int:
        """The port."""
        return int(self.address.rstrip("/").rpartition(":")[2])

    def descendants(self) -> dict[int, str]:
        """Return the processes below it, with their command lines."""
        parents = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
        found = {self.process.pid}
        while grown := {one for one, parent in parents.items() if parent in found} - found:
            found |= grown
        return {one: _command(one) for one in found}

    def workers(self) -> list[int]:
        """Return the processes that answer, and the one that holds the store first."""
        return sorted(one for one, command in self.descendants().items() if "twintowns.answering" in command)


def _command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


@contextmanager
def served(folder: Path, space: str = SPACE, **further: Any) -> Iterator[Served]:  # noqa: ANN401
    """Serve a folder on a free port, and end everything afterwards."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}/"
    wanted = {"space": space or address, "folder": str(folder), **further}
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--port", str(port)]
    process = subprocess.Popen(  # noqa: S603 - Python itself, with what is tested
        [
            *command,
            "--no-ws",
            "--log-level",
            "warning",
            "--backlog",
            "4096",
            "tests.endpoint_app:application",
        ],
        env={**os.environ, "TWINTOWNS_TEST_ENDPOINT": json.dumps(wanted)},
        cwd=TESTS.parent,
    )
    service = Served(address, process)
    try:
        _wait_for(service)
        yield service
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(service: Served) -> None:
    for _ in range(300):
        assert service.process.poll() is None
        try:
            httpx.get(f"{service.address}sparql", timeout=5)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError


@pytest.fixture(scope="module")
def service(site: Path) -> Iterator[Served]:
    """Return a service over the first publication."""
    with served(site, bounds={"deadline_s": 3, "hold_s": 8, "result_bytes": 3_000_000}) as found:
        yield found


@pytest.fixture(scope="module")
def suite(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return a service over the graphs that the suite of the protocol asks."""
    folder = tmp_path_factory.mktemp("protocol")
    (folder / "dump").mkdir()
    lines = ["<http://example.org/> <http://example.org/p> 0 <{}> ."]
    for number in (1, 2, 3):
        data = (shared / f"suites/sparql11-protocol/protocol/data{number}.nt").read_text()
        lines.append(re.sub(r" \.\s*$", " <{}> .", data))
    lines[0] = '<http://example.org/> <http://example.org/p> "0" <{}> .'
    quads = "\n".join(line.replace("{}", GRAPH.format(number)) for number, line in enumerate(lines))
    (folder / DUMP).write_text(f"{quads}\n")
    with served(folder, "") as found:
        yield found


PROTOCOL_TESTS = (
    *("query_post_form", "query_dataset_default_graphs_get", "query_dataset_default_graphs_post"),
    *("query_dataset_named_graphs_post", "query_dataset_named_graphs_get", "query_dataset_full"),
    *("query_multiple_dataset", "query_get", "query_content_type_select", "query_content_type_ask"),
    *("query_content_type_describe", "query_content_type_construct", "query_post_direct", "bad_query_method"),
    *("bad_multiple_queries", "bad_query_wrong_media_type", "bad_query_missing_form_type"),
    *("bad_query_missing_direct_type", "bad_query_non_utf8", "bad_query_syntax"),
)


@pytest.mark.parametrize("name", PROTOCOL_TESTS)
def test_protocol_suite(shared: Path, suite: Served, name: str) -> None:
    """The W3C's tests of the SPARQL 1.1 Protocol for queries pass, each of the twenty."""
    manifest = Store()
    path = shared / "suites/sparql11-protocol/protocol/manifest.ttl"
    manifest.load(path=path, format=RdfFormat.TURTLE, base_iri="http://example.org/manifest")
    entry = NamedNode(f"http://www.w3.org/2009/sparql/docs/tests/data-sparql11/protocol/manifest#{name}")
    found = manifest.query(REQUESTS, substitutions={Variable("entry"): entry})
    assert isinstance(found, QuerySolutions)
    requests = list(found)
    assert requests
    for request in requests:
        keys = ("method", "path", "body", "encoding", "type", "status", "boolean", "format")
        values = {key: request[key].value if request[key] else "" for key in keys}
        response = httpx.request(
            values["method"],
            f"{suite.address.rstrip('/')}{values['path']}",
            content=values["body"].encode(values["encoding"] or "utf-8"),
            headers={"Content-Type": values["type"]} if values["type"] else {},
        )
        _check(response, values)


REQUESTS = """
PREFIX mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#>
PREFIX ht: <http://www.w3.org/2011/http#>
PREFIX cnt: <http://www.w3.org/2011/content#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT ?entry ?method ?path ?body ?encoding ?type ?boolean ?format (MIN(STR(?code)) AS ?status) {
  ?entry mf:action/ht:requests/rdf:rest*/rdf:first ?request .
  ?request ht:methodName ?method ; ht:absolutePath ?path ; ht:resp ?response .
  ?response mf:expectedStatus ?code .
  OPTIONAL { ?response mf:expectedBoolean ?boolean }
  OPTIONAL { ?response mf:expectedFormat ?format }
  OPTIONAL { ?request ht:body ?content . ?content cnt:chars ?body ; cnt:characterEncoding ?encoding }
  OPTIONAL { ?request ht:headers/rdf:rest*/rdf:first ?header .
    ?header ht:fieldName "content-type" ; ht:fieldValue ?type }
} GROUP BY ?entry ?method ?path ?body ?encoding ?type ?boolean ?format
"""


def _check(response: httpx.Response, expected: dict[str, str]) -> None:
    assert str(response.status_code)[0] == expected["status"].removesuffix("xx")[-1], response.text
    media_type = response.headers["content-type"].partition(";")[0]
    match expected["format"]:
        case "boolean" | "tabular":
            assert media_type == "application/sparql-results+json"
        case "RDF":
            assert RdfFormat.from_media_type(media_type)
    if expected["boolean"]:
        assert response.json()["boolean"] == (expected["boolean"] == "true")


def test_description_suite(suite: Served) -> None:
    """The W3C's tests of the service description pass: it is RDF, names the endpoint and fits the schema."""
    response = httpx.get(f"{suite.address}sparql")
    form = RdfFormat.from_media_type(response.headers["content-type"].partition(";")[0])
    assert form
    triples = [quad.triple for quad in parse(response.content, format=form)]
    assert (f"{suite.address}sparql", f"{SD}endpoint", f"{suite.address}sparql") in {
        (t.subject.value, t.predicate.value, t.object.value) for t in triples
    }
    types = {
        t.subject: t.object.value.removeprefix(SD) for t in triples if t.predicate.value.endswith("#type")
    }
    assert set(types.values()) == SD_TERMS.keys()
    for triple in triples:
        if triple.predicate.value.startswith(SD):
            assert triple.predicate.value.removeprefix(SD) in SD_TERMS[types[triple.subject]].split()


@pytest.mark.parametrize("query", WAYS_OUT)
def test_nothing_is_asked(service: Served, query: str) -> None:
    """A listener hears nothing, whatever is tried to make the service turn to it."""
    with listener() as (port, heard):
        asked = query.replace("127.0.0.1:1/", f"127.0.0.1:{port}/")
        assert httpx.get(f"{service.address}sparql", params={"query": asked}).status_code == 400
        graph = {"query": "ASK {}", "default-graph-uri": f"http://127.0.0.1:{port}/"}
        assert httpx.get(f"{service.address}sparql", params=graph).status_code == 400
        assert heard == []


def test_cut_off(site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """An answer that grows too long is cut off, so that no client takes it for the whole, without a word."""
    with served(site, bounds={"result_bytes": 3_000_000}) as found:
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(f"{found.address}sparql", params={"query": TOO_LONG}, timeout=30)
        assert _is_answered(found)
    assert capfd.readouterr().err == ""


def _told(service: Served, asked: str) -> bytes:
    """Return all that is told to a client that says something and waits."""
    told = bytearray()
    with closing(socket.create_connection(("127.0.0.1", service.port), 30)) as client:
        client.sendall(asked.replace("\n", "\r\n").encode())
        while part := client.recv(1 << 16):
            told += part
    return bytes(told)


@pytest.mark.parametrize(("query", "status"), [(TOO_LONG, b"413"), ("ASK {}", b"200")])
def test_http_1_0(service: Served, query: str, status: bytes) -> None:
    """Over HTTP/1.0, which cannot tell a part from the whole, what would be cut off is refused."""
    head, _, body = _told(service, f"GET /sparql?query={quote(query)} HTTP/1.0\n\n").partition(b"\r\n\r\n")
    assert head.split(b" ")[1] == status
    assert f"content-length: {len(body)}".encode() in head.lower()


def test_unfinished_bodies(site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A body that does not arrive ends the connection, and a client that goes leaves nothing in the log."""
    asked = "POST /sparql HTTP/1.1\nHost: x\nContent-Length: {}\n\nquery="
    with served(site, body_s=0.5) as found:
        assert _told(found, asked.format(99)).split(b" ")[1] == b"408"
        assert _told(found, asked.format(9_999_999)).split(b" ")[1] == b"413"
        with closing(socket.create_connection(("127.0.0.1", found.port))) as client:
            client.sendall(asked.format(99).replace("\n", "\r\n").encode())
            time.sleep(0.1)
        assert _is_answered(found)
    assert capfd.readouterr().err == ""


def _is_answered(service: Served, query: str = "ASK {}", timeout_s: float = 30) -> bool:
    response = httpx.get(f"{service.address}sparql", params={"query": query}, timeout=timeout_s)
    return response.status_code == 200


def test_clients_that_go(service: Served) -> None:
    """Clients that go away leave no work behind."""
    for _ in range(12):
        with closing(socket.create_connection(("127.0.0.1", service.port))) as client:
            client.sendall(f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            time.sleep(0.05)
    assert _is_answered(service)


def test_slow_readers(service: Served) -> None:
    """Clients that ask for much and read nothing keep nobody from being answered."""
    query = quote("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 10000")
    clients = [socket.create_connection(("127.0.0.1", service.port)) for _ in range(4)]
    for client in clients:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert _is_answered(service)
    for client in clients:
        client.close()


def test_half_requests(service: Served) -> None:
    """A thousand connections that say half of what they want, or nothing, keep nobody from being answered."""
    halves = [b"", b"GET /spar", b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nquery="]
    clients = []
    for number in range(1000):
        client = socket.create_connection(("127.0.0.1", service.port))
        client.sendall(halves[number % len(halves)])
        clients.append(client)
    assert _is_answered(service)
    for client in clients:
        client.close()


def test_crowd(service: Served) -> None:
    """A thousand connections that ask at once are all answered, or told why not."""

    async def ask(number: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
        query = quote(f"SELECT ({number} AS ?n) {{}}")
        writer.write(f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        told = await reader.read()
        writer.close()
        return told.split(b" ")[1]

    async def all_of_them() -> list[bytes]:
        return await asyncio.gather(*(ask(number) for number in range(1000)))

    told = asyncio.run(all_of_them())
    assert set(told) <= {b"200", b"429", b"503"}
    assert told.count(b"200") >= 30
    assert _is_answered(service)


def test_killed_under_load(service: Served) -> None:
    """Workers and what holds the store, killed while many ask, are there again, and all is answered."""

    def ask(number: int) -> int:
        query = {"query": f"SELECT (COUNT(*) + {number} AS ?n) {{ ?s ?p ?o }}"}
        return httpx.get(f"{service.address}sparql", params=query, timeout=30).status_code

    with ThreadPoolExecutor(4) as pool:
        asked = pool.map(ask, range(200))
        for _ in range(5):
            for worker in service.workers()[1:3]:
                os.kill(worker, signal.SIGKILL)
            time.sleep(0.1)
        os.kill(service.workers()[0], signal.SIGKILL)
        statuses = list(asked)
    assert set(statuses) <= {200, 503}
    while not _is_answered(service):
        time.sleep(0.1)
    assert all(ask(number) == 200 for number in range(20))


def test_take_over_under_load(site: Path, tmp_path: Path) -> None:
    """A new build is taken over without a request being lost."""
    new = tmp_path / "new"
    (new / "dump").mkdir(parents=True)
    shutil.copy(site / DUMP, new / DUMP)
    with (new / DUMP).open("a") as dump:
        dump.write(f"<a:a> <a:b> <a:c> <{SPACE}graph/asserted> .\n")
    with served(site) as found, httpx.Client(base_url=found.address, timeout=30) as client:

        def ask(number: int) -> tuple[int, bool]:
            response = client.get("/sparql", params={"query": f"ASK {{ <a:a> ?p ?o FILTER({number} > -1) }}"})
            return response.status_code, response.json().get("boolean")

        with ThreadPoolExecutor(3) as pool:
            asked = pool.map(ask, range(300))
            assert client.get("/take-over", params={"folder": str(new)}).status_code == 200
            told = list(asked)
        assert {status for status, _ in told} == {200}
        assert ask(-1 + 1) == (200, True)
        processes = found.descendants()
    assert not [one for one in processes if "twintowns.answering" in _command(one)]
