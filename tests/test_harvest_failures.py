"""A service that fails in every way: nothing harvested is lost, the message tells, the next run goes on."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, Store

import wikibase as wb
from twintowns.catalogue import read_publication
from twintowns.exceptions import AnswerError, DataFileError, RefusedError, TwinTownsError, UnreachableError
from twintowns.harvestfiles import Wanted, gathered, propose
from twintowns.harvesting import Harvest
from twintowns.patience import Patience
from twintowns.project import Project

COUNT = 120
WAITED: list[float] = []
QUICK = Patience(tries=2, first_s=0.001, connect_s=5, answer_s=0.5, whole_s=20, sleep=WAITED.append)
JSON = "application/sparql-results+json"
Failure = Callable[["_Handler", bytes], None]


class Service:
    """A service over a ring of places, which fails at the requests that it is told of."""

    def __init__(self) -> None:
        """Fill the store."""
        self.store = Store()
        lines = [line for number in range(COUNT) for line in ring(number)]
        self.store.load("\n".join(lines), RdfFormat.N_TRIPLES)
        self.failures: dict[int, Failure] = {}
        self.fails: Callable[[str], Failure | None] = lambda _query: None
        self.asked: list[str] = []
        self.agents: set[str] = set()
        service = self

        class Handler(_Handler):
            of = service

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/sparql"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, query: str) -> bytes:
        """Return what a service answers when all is well."""
        found = self.store.query(query)
        assert isinstance(found, QuerySolutions)
        return found.serialize(format=QueryResultsFormat.JSON) or b""


class _Handler(BaseHTTPRequestHandler):
    """Answers for the service."""

    of: Service
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - as the base class says
        """Stay silent."""

    def do_POST(self) -> None:
        """Answer, or fail."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        query = parse_qs(body)["query"][0]
        self.of.asked.append(query)
        self.of.agents.add(self.headers["User-Agent"])
        whole = self.of.answer(query)
        failure = self.of.failures.get(len(self.of.asked)) or self.of.fails(query)
        (failure or send)(self, whole)


def send(handler: _Handler, body: bytes, media_type: str = JSON, status: int = 200, length: int = 0) -> None:
    """Send an answer."""
    handler.send_response(status)
    handler.send_header("Content-Type", media_type)
    handler.send_header("Content-Length", str(length or len(body)))
    if status == 429:
        handler.send_header("Retry-After", "7")
    handler.end_headers()
    handler.wfile.write(body)


def broken_off(handler: _Handler, body: bytes) -> None:
    """Send half of what was announced, and hang up."""
    send(handler, body[: len(body) // 2], length=len(body))
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def silent(handler: _Handler, _body: bytes) -> None:
    """Say nothing until who asks has gone."""
    handler.connection.recv(1)
    handler.close_connection = True


def html(handler: _Handler, _body: bytes) -> None:
    """Send a page."""
    send(handler, b"<html>Our servers are being maintained.</html>", "text/html; charset=utf-8")


def page_as_json(handler: _Handler, _body: bytes) -> None:
    """Send a page that is said to be a result."""
    send(handler, b"<html></html>")


def cut(handler: _Handler, body: bytes) -> None:
    """Send a result that ends in the midst, as if it were whole."""
    send(handler, body[: len(body) * 2 // 3])


def exclaimed(handler: _Handler, body: bytes) -> None:
    """Send a result with the failure behind it, as Blazegraph does."""
    send(handler, body[:-2] + b"\njava.util.concurrent.TimeoutException")


def mangled(handler: _Handler, body: bytes) -> None:
    """Send what is not UTF-8."""
    send(handler, body.replace(b"Place", b"Pl\xff\xfece").replace(b"entity", b"ent\xff\xfety"))


def too_many(handler: _Handler, _body: bytes) -> None:
    """Ask to wait."""
    send(handler, b"too many", "text/plain", 429)


def unavailable(handler: _Handler, _body: bytes) -> None:
    """Be out of order."""
    send(handler, b"", "text/plain", 503)


def gave_up(handler: _Handler, _body: bytes) -> None:
    """Take too long."""
    send(handler, b"java.util.concurrent.TimeoutException", "text/plain", 500)


def boolean(handler: _Handler, _body: bytes) -> None:
    """Answer another question."""
    send(handler, b'{"head": {}, "boolean": true}')


def unbound(handler: _Handler, _body: bytes) -> None:
    """Leave out what was asked for."""
    send(handler, b'{"head": {"vars": ["item"]}, "results": {"bindings": [{}]}}')


def ring(number: int) -> Iterator[str]:
    """Go through what is stated of one of the places in a ring."""
    qid, following = f"Q{number + 1}", f"Q{(number + 1) % COUNT + 1}"
    yield wb.label(qid, f"Place {number}")
    yield wb.version(qid, 1)
    yield from wb.Statement(qid, "P190", wb.item(following)).lines


@pytest.fixture
def service() -> Iterator[Service]:
    """Return a service that fails as it is told."""
    made = Service()
    WAITED.clear()
    yield made
    made.stop()


def harvest(project: Project, service: Service) -> Harvest:
    """Harvest all."""
    wanted = Wanted(endpoint=service.url, patience=QUICK)
    languages = read_publication(project).languages
    return gathered(project, languages, wanted, {"SOURCE_DATE_EPOCH": "0"}, lambda _done, _total: None)


PASSING = [broken_off, silent, too_many, unavailable]
LASTING = [html, page_as_json, cut, exclaimed, mangled, boolean, unbound]


@pytest.mark.parametrize("failure", PASSING, ids=lambda one: one.__name__)
@pytest.mark.parametrize("at", [1, 4])
def test_passing_failure(tiny: Project, service: Service, failure: Failure, at: int) -> None:
    """A failure that passes is waited out, as long as the service asks for, and all is harvested."""
    service.failures[at] = failure
    found = harvest(tiny, service)
    assert len(found.twinnings) == len(found.items) == COUNT
    assert len(WAITED) == 1
    assert WAITED == [7.0] or failure is not too_many


@pytest.mark.parametrize("failure", [*PASSING, *LASTING], ids=lambda one: one.__name__)
def test_nothing_is_lost(tiny: Project, service: Service, failure: Failure) -> None:
    """Where a failure lasts, what was read before is kept, the message tells, and the next run goes on."""
    service.fails = lambda _query: failure if len(service.asked) > 4 else None
    with pytest.raises((AnswerError, RefusedError, UnreachableError)) as told:
        harvest(tiny, service)
    assert service.url in str(told.value)
    service.fails = lambda _query: None
    service.asked.clear()
    found = harvest(tiny, service)
    assert len(found.twinnings) == COUNT
    about = [query for query in service.asked if "timePrecision" in query]
    asked = [line for query in about for line in {found for found in query.split() if "/entity/Q" in found}]
    assert 0 < len(asked) == len(set(asked)) < COUNT


def test_failing_at_once(tiny: Project, service: Service) -> None:
    """A page in the place of the first answer is told as what it is."""
    service.fails = lambda _query: html
    with pytest.raises(AnswerError, match="answers with text/html, which is no result of a query"):
        harvest(tiny, service)


@pytest.mark.parametrize("failure", [gave_up, cut], ids=lambda one: one.__name__)
def test_too_much_at_once(tiny: Project, service: Service, failure: Failure) -> None:
    """Where a service gives up over many items, they are asked for in smaller parts."""
    service.fails = lambda query: failure if "timePrecision" in query and query.count("<http") > 200 else None
    assert len(harvest(tiny, service).twinnings) == COUNT
    service.fails = lambda query: failure if "Q77>" in query and "timePrecision" in query else None
    other = Wanted(endpoint=service.url, patience=QUICK, fresh=True)
    with pytest.raises(TwinTownsError):
        gathered(tiny, ("en",), other, {}, lambda _done, _total: None)


def test_second_run_asks_for_versions_only(tiny: Project, service: Service) -> None:
    """A second run asks which items there are and of which version, and for nothing that is known."""
    first = harvest(tiny, service)
    service.asked.clear()
    assert harvest(tiny, service) == first
    assert not [query for query in service.asked if "timePrecision" in query]
    assert all(agent.startswith("twintowns/") and "(+https://" in agent for agent in service.agents)


def test_progress(tiny: Project, service: Service) -> None:
    """Progress is told in items, and ends with all of them."""
    told: list[tuple[int, int]] = []
    wanted = Wanted(endpoint=service.url, patience=QUICK)
    propose(tiny, wanted, {}, lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1] == (COUNT, COUNT)


def test_what_is_no_statement(tiny: Project, service: Service) -> None:
    """What an answer states of a text, or by what is no predicate, is left out."""
    row = {
        "item": {"type": "uri", "value": f"{wb.ENTITY}Q1"},
        "subject": {"type": "literal", "value": "a"},
        "predicate": {"type": "uri", "value": "http://a.example/"},
        "object": {"type": "literal", "value": "b"},
    }
    body = json.dumps({"head": {"vars": list(row)}, "results": {"bindings": [row]}}).encode()
    service.fails = lambda query: (lambda h, _: send(h, body)) if "timePrecision" in query else None
    assert harvest(tiny, service).twinnings == ()


def test_damaged_cache(tiny: Project, service: Service) -> None:
    """What lies in the place of the cache and is none is told, and stays."""
    path = tiny.root / ".harvest/wikidata.sqlite"
    path.parent.mkdir()
    path.write_text("This is a text of some length, and no database at all." * 20)
    with pytest.raises(DataFileError, match="what was harvested before cannot be read or kept"):
        harvest(tiny, service)
    assert path.read_text().startswith("This is a text")
