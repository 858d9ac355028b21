"""The query service, asked in this process over ASGI: every answer and every refusal, with its headers."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyoxigraph import NamedNode, RdfFormat, parse
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message

from twintowns.endpoint import Endpoint, Limits, Publication, endpoint_routes
from twintowns.exchanges import Kept
from twintowns.iris import Names
from twintowns.store import DUMP
from twintowns.turns import Room, Turn, Turns
from twintowns.workers import Bounds

ROOM = {
    "answered": 2,
    "answered_per_client": 2,
    "waiting": 64,
    "waiting_per_client": 32,
    "parked": 4,
    "wait_s": 5.0,
}
NAMES = Names("https://w3id.org/twintowns/ludvika/")
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
LONG = "SELECT * { ?s ?p ?o }"
BOUNDS = Bounds(deadline_s=2, hold_s=10, brief_s=0.1, result_bytes=10_000_000)


class Client(httpx.AsyncClient):
    """A client of the service."""

    endpoint: Endpoint

    async def ask(self, query: str, **parameters: str) -> httpx.Response:
        """Ask a query by its address."""
        return await self.get("/sparql", params={"query": query, **parameters})


def run(work: Callable[[], Awaitable[None]]) -> None:
    """Run a test that waits."""

    async def bounded() -> None:
        async with asyncio.timeout(60):
            await work()

    asyncio.run(bounded())


@asynccontextmanager
async def service(
    folder: Path, bounds: Bounds = BOUNDS, body_s: float = 10, **room: float
) -> AsyncIterator[Client]:
    """Yield a client of a service over a site."""
    limits = Limits(bounds, Room(**{**ROOM, **room}), body_s)  # type: ignore[arg-type]
    routes, endpoint = endpoint_routes(Publication(folder, NAMES, ("sv", "en", "de")), limits)
    await endpoint.start()
    transport = httpx.ASGITransport(Starlette(routes=routes))
    async with Client(transport=transport, base_url="http://example.org") as client:
        client.endpoint = endpoint
        try:
            yield client
        finally:
            await endpoint.stop()


def test_protocol(site: Path) -> None:
    """A query is answered by GET, as a form and as the body, with the same bytes; HEAD tells the same."""

    async def work() -> None:
        query = "SELECT ?name { place:Q503184 schema:name ?name } ORDER BY ?name"
        async with service(site) as client:
            got = await client.ask(query)
            posted = await client.post("/sparql", data={"query": query})
            direct = await client.post(
                "/sparql/", content=query, headers={"Content-Type": "application/sparql-query"}
            )
            head = await client.head("/sparql", params={"query": query})
        assert [response.status_code for response in (got, posted, direct, head)] == [200] * 4
        assert got.content == posted.content == direct.content
        assert b"Ludvika" in got.content
        assert got.headers["content-type"] == "application/sparql-results+json"
        assert got.headers["access-control-allow-origin"] == "*"
        assert got.headers["vary"] == "Accept"
        assert head.headers["content-type"] == got.headers["content-type"]

    run(work)


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        (LONG, "text/csv", "text/csv; charset=utf-8"),
        ("ASK {}", "application/sparql-results+xml", "application/sparql-results+xml"),
        ("ASK {}", "text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("DESCRIBE place:Q503184", "*/*", "text/turtle; charset=utf-8"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "application/n-triples", "application/n-triples"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "application/ld+json", "application/ld+json"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "application/rdf+xml", "application/rdf+xml"),
    ],
)
def test_forms(site: Path, query: str, accept: str, media_type: str) -> None:
    """An answer comes in the form that the client prefers, short or streamed."""

    async def work() -> None:
        async with service(site) as client:
            response = await client.get("/sparql", params={"query": query}, headers={"Accept": accept})
        assert (response.status_code, response.headers["content-type"]) == (200, media_type)
        assert response.content

    run(work)


def test_conditional(site: Path) -> None:
    """Who has an answer is told so without anybody being asked, until the dataset or the form changes."""

    async def work() -> None:
        async with service(site) as client:
            first = await client.ask("ASK {}")
            etag = first.headers["etag"]
            again = await client.ask("ASK {}")
            assert again.headers["etag"] == etag
            for known in (etag, f'"x", {etag.removeprefix("W/")}', "*"):
                told = await client.get(
                    "/sparql", params={"query": "ASK {}"}, headers={"If-None-Match": known}
                )
                assert (told.status_code, told.content) == (304, b"")
            assert (await client.ask("ASK {}", format="xml")).headers["etag"] != etag
            assert (await client.ask("ASK { }")).headers["etag"] != etag
            changing = await client.ask("SELECT (NOW() AS ?now) {}")
            assert "etag" not in changing.headers
            assert changing.headers["cache-control"] == "no-store"

    run(work)


@pytest.mark.parametrize(
    ("parameters", "status", "told"),
    [
        ({"query": "ASK {"}, 400, "cannot be read any further"),
        ({"query": "SELECT * { SERVICE <http://127.0.0.1/> {} }"}, 400, "SERVICE"),
        ({"query": ""}, 400, "no query"),
        ({"update": "CLEAR ALL"}, 400, "updates"),
        ({"query": "ASK {}", "format": "ttl"}, 406, "text/csv"),
        ({"query": "ASK {}", "default-graph-uri": "file:///etc/passwd"}, 400, "file:///etc/passwd"),
        ({"query": "ASK {}", "named-graph-uri": "http://127.0.0.1/"}, 400, "nothing is fetched"),
        ({"query": "ASK FROM <http://127.0.0.1/> {}"}, 400, "http://127.0.0.1/"),
        ({"query": ENDLESS}, 503, "longer than"),
        ({"query": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f"}, 503, "memory"),
    ],
)
def test_refusals(site: Path, parameters: dict[str, str], status: int, told: str) -> None:
    """A refusal is told as problem details, and where it lies in the query."""

    async def work() -> None:
        bounds = Bounds(deadline_s=2, hold_s=10, brief_s=1.5, memory_bytes=1 << 27)
        async with service(site, bounds) as client:
            response = await client.get("/sparql", params=parameters)
        assert response.status_code == status
        assert response.headers["content-type"] == "application/problem+json"
        assert response.headers["cache-control"] == "no-store"
        assert ("retry-after" in response.headers) == (status == 503)
        problem = response.json()
        assert problem["status"] == status
        assert told in problem["detail"]

    run(work)


def test_place_of_a_mistake(site: Path) -> None:
    """Line and column of a mistake are members of the problem details, in whatever language it is told."""

    async def work() -> None:
        async with service(site) as client:
            response = await client.get(
                "/sparql", params={"query": "SELECT *\n{ ?s"}, headers={"Accept-Language": "de"}
            )
            page = await client.get(
                "/sparql", params={"query": "SELECT *\n{ LOAD"}, headers={"Accept": "text/html"}
            )
        assert (response.json()["line"], response.json()["column"]) == (2, 5)
        assert response.json()["detail"].startswith("ab hier kann die Abfrage nicht weiter gelesen werden; ")
        assert response.json()["engine"].startswith("expected one of ")
        assert response.headers["content-language"] == "de"
        assert page.headers["content-type"].startswith("text/html")
        assert "LOAD" not in page.text
        assert '<p class="why">Rad 2, kolumn 3: ' in page.text
        assert "<pre" not in page.text

    run(work)


def test_methods(site: Path) -> None:
    """Other methods are refused with those that there are, and a preflight is answered."""

    async def work() -> None:
        async with service(site) as client:
            put = await client.put("/sparql", params={"query": "ASK {}"})
            preflight = await client.options("/sparql")
            large = await client.post("/sparql", content=b"a" * 400_000)
            form = await client.post("/sparql", content=b"ASK {}", headers={"Content-Type": "text/plain"})
        assert (put.status_code, put.headers["allow"]) == (405, "GET, HEAD, OPTIONS, POST")
        assert preflight.status_code == 204
        assert "POST" in preflight.headers["access-control-allow-methods"]
        assert large.status_code == 413
        assert form.status_code == 415
        assert "application/sparql-query" in form.headers["accept-post"]

    run(work)


def test_dataset(site: Path) -> None:
    """The graphs of the request count more than those of the query, and those more than all."""

    async def work() -> None:
        graphs = {name: NAMES.graph(name).value for name in ("asserted", "derived", "vocabulary")}
        async with service(site) as client:

            async def number(clause: str = "", **parameters: str) -> int:
                query = f"SELECT (COUNT(*) AS ?n) {clause} {{ ?s ?p ?o }}"
                response = await client.ask(query, format="csv", **parameters)
                return int(response.text.split()[1])

            of_all = await number()
            of_each = [await number(f"FROM <{graph}>") for graph in graphs.values()]
            assert of_all == sum(of_each)
            asked = {"default-graph-uri": graphs["derived"]}
            assert await number(f"FROM <{graphs['asserted']}>", **asked) == of_each[1]
            assert await number("FROM <graph/derived>") == of_each[1]
            assert await number(f"FROM NAMED <{graphs['asserted']}>") == 0

    run(work)


@pytest.mark.parametrize("form", ["", "ttl", "nt", "rdf", "jsonld"])
def test_description(site: Path, form: str) -> None:
    """Without a query, a program is told what the service is, with the counts of the VoID description."""

    async def work() -> None:
        async with service(site) as client:
            response = await client.get("/sparql", params={"format": form} if form else {})
            refused = await client.get("/sparql", headers={"Accept": "image/png"})
        assert refused.status_code == 406
        assert response.status_code == 200
        read = RdfFormat.from_media_type(response.headers["content-type"].partition(";")[0])
        assert read is not None
        triples = [quad.triple for quad in parse(response.content, format=read)]
        sd = "http://www.w3.org/ns/sparql-service-description#"
        told = {(t.subject, t.predicate.value.removeprefix(sd)): t.object for t in triples}
        here = NamedNode(f"{NAMES.space}sparql")
        assert told[here, "endpoint"] == here
        assert told[here, "supportedLanguage"] == NamedNode(f"{sd}SPARQL11Query")
        assert sum(t.predicate.value == f"{sd}resultFormat" for t in triples) == 8
        assert sum(t.predicate.value == f"{sd}namedGraph" for t in triples) == 3
        counts = [int(t.object.value) for t in triples if t.predicate.value.endswith("#triples")]
        assert max(counts) * 2 == sum(counts)

    run(work)


def test_page(site: Path, tmp_path: Path) -> None:
    """A person's browser gets the query page of the site, or a small one in the person's language."""

    async def work() -> None:
        browser = {"Accept": "text/html", "Accept-Language": "de"}
        folder = tmp_path / "site"
        shutil.copytree(site, folder, ignore=shutil.ignore_patterns("sparql"))
        async with service(folder) as client:
            small = await client.get("/sparql", headers=browser)
        async with service(site) as client:
            own = await client.get("/sparql", headers=browser)
            main = await client.get("/sparql", headers={**browser, "Accept-Language": "sv"})
        assert (own.status_code, own.headers["location"]) == (303, "/de/sparql/index.html")
        assert (main.status_code, main.headers["location"]) == (303, "/sparql/index.html")
        assert "Accept-Language" in main.headers["vary"]
        assert small.headers["content-language"] == "de"
        assert '<form method="get" action="/sparql">' in small.text
        assert "SPARQL" in small.text

    run(work)


def test_no_store(tmp_path: Path, site: Path) -> None:
    """Without a dump the service says that it cannot answer now, and answers when there is one."""

    async def work() -> None:
        async with service(tmp_path) as client:
            refused = await client.ask("ASK {}")
            of_graph = await client.ask(f"ASK FROM <{NAMES.graph('asserted').value}> {{}}")
            described = await client.get("/sparql")
            (tmp_path / "dump").mkdir()
            shutil.copy(site / DUMP, tmp_path / DUMP)
            while (answered := await client.ask("ASK {}")).status_code == 503:  # noqa: ASYNC110 - from outside
                await asyncio.sleep(0.1)
        assert (refused.status_code, of_graph.status_code, described.status_code) == (503, 503, 200)
        assert refused.headers["retry-after"]
        assert answered.json()["boolean"]

    run(work)


def test_take_over(site: Path, tmp_path: Path) -> None:
    """A new build is answered from as soon as it can be; what runs comes to its end, and no query is lost."""

    async def work() -> None:
        new = tmp_path / "new"
        (new / "dump").mkdir(parents=True)
        (new / DUMP).write_text(f'<a:a> <a:b> "new" <{NAMES.graph("asserted").value}> .\n')
        async with service(site, Bounds(deadline_s=50, hold_s=50)) as client:
            running = asyncio.create_task(client.ask("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }"))
            old = await client.ask("ASK { <a:a> ?p ?o }")
            await client.endpoint.take_over(tmp_path / "nowhere")
            assert (await client.ask("ASK { <a:a> ?p ?o }")).headers["etag"] == old.headers["etag"]
            await client.endpoint.take_over(new)
            told = await client.ask("ASK { <a:a> ?p ?o }")
            assert (await running).status_code == 200
        assert (old.json()["boolean"], told.json()["boolean"]) == (False, True)
        assert old.headers["etag"] != told.headers["etag"]

    run(work)


def test_stopped_while_leaving(site: Path) -> None:
    """A service that is stopped just after it took over a build does not wait for the old queries."""

    async def work() -> None:
        async with service(site, Bounds(deadline_s=50, hold_s=50)) as client:
            running = asyncio.create_task(client.ask(ENDLESS))
            await asyncio.sleep(0.3)
            await client.endpoint.take_over(site)
        assert (await running).status_code == 503

    run(work)


def test_asked_to_stop(site: Path) -> None:
    """A service that is asked to stop ends what runs, and tells all who ask to ask again."""

    async def work() -> None:
        async with service(site, Bounds(deadline_s=50, hold_s=50), answered_per_client=1) as client:
            asked = [asyncio.create_task(client.ask(f"{ENDLESS} #{number}")) for number in range(3)]
            await asyncio.sleep(0.5)
            assert not any(task.done() for task in asked)
            await client.endpoint.wind_up()
            told = [await task for task in asked] + [await client.ask("ASK {}")]
            assert [response.status_code for response in told] == [503] * 4
            assert all(response.headers["retry-after"] for response in told)
            assert {response.json()["detail"] for response in told} == {
                "the dataset cannot be asked just now; ask again in a moment"
            }

    run(work)


def test_crowd(site: Path) -> None:
    """One client's crowd is refused with 429, everybody's with 503, and others are answered meanwhile."""

    async def work() -> None:
        async with service(site, waiting_per_client=3, waiting=3, answered_per_client=1) as client:
            asked = [asyncio.create_task(client.ask(ENDLESS)) for _ in range(6)]
            await asyncio.sleep(0.5)
            refused = [task.result() for task in asked if task.done()]
            assert [response.status_code for response in refused] == [429, 429]
            assert refused[0].headers["retry-after"]
            for task in asked:
                task.cancel()

    run(work)


def scope(query: str, **further: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the scope of a request."""
    parameters = str(httpx.QueryParams(query=query)).encode()
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "path": "/sparql",
        "raw_path": b"/sparql",
        "root_path": "",
        "scheme": "http",
        "query_string": parameters,
        "headers": [(b"accept", b"text/csv")],
        "client": ("192.0.2.1", 1),
        "server": ("127.0.0.1", 80),
        **further,
    }


async def sent(
    endpoint: Endpoint, asked: dict[str, Any], receive: Callable[[], Awaitable[Message]]
) -> list[Message]:
    """Return what is sent to a client that is no browser and no library."""
    told: list[Message] = []

    async def send(message: Message) -> None:
        told.append(message)

    await Starlette(routes=_routes(endpoint))(asked, receive, send)
    return told


def _routes(endpoint: Endpoint) -> list[Any]:
    return [Route("/sparql", endpoint)]


async def nothing_more() -> Message:
    """Wait for ever, as for a client that has sent everything and waits."""
    await asyncio.Event().wait()
    raise AssertionError


async def gone() -> Message:
    """Say that the client has gone."""
    return {"type": "http.disconnect"}


def test_gone_client(site: Path) -> None:
    """A client that goes away frees its worker and its turn at once."""

    async def work() -> None:
        bounds = Bounds(deadline_s=50, hold_s=50)
        async with service(site, bounds, answered=1, answered_per_client=1) as client:
            told = await sent(client.endpoint, scope(ENDLESS), gone)
            assert told[0]["status"] == 503
            assert (await client.ask("ASK {}")).status_code == 200

    run(work)


@pytest.mark.parametrize(
    ("address", "forwarded", "expected"),
    [
        ("192.0.2.1", "192.0.2.9", "192.0.2.1"),
        ("2001:db8::1:2:3", "", "2001:db8::/64"),
        ("::ffff:192.0.2.1", "", "192.0.2.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "192.0.2.9", "127.0.0.1"),
        ("unix", "192.0.2.9", "unix"),
        ("", "", ""),
    ],
)
def test_addresses(
    site: Path, monkeypatch: pytest.MonkeyPatch, address: str, forwarded: str, expected: str
) -> None:
    """A client is known by its address, whatever it says of itself, or by its network."""
    asked: list[str] = []
    begin = Turns.begin

    async def listening(turns: Turns, client: str) -> Turn:
        asked.append(client)
        return await begin(turns, client)

    async def work() -> None:
        headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
        async with service(site) as client:
            known = (address, 1) if address else None
            told = await sent(client.endpoint, scope("ASK {}", client=known, headers=headers), nothing_more)
        assert told[0]["status"] == 200

    monkeypatch.setattr(Turns, "begin", listening)
    run(work)
    assert asked == [expected]


@pytest.mark.parametrize(
    ("query", "status"), [(LONG, 200), ("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 40000", 413)]
)
@pytest.mark.parametrize("version", ["1.0", "1", "0.9"])
def test_http_1_0(site: Path, query: str, status: int, version: str) -> None:
    """HTTP/1.0 cannot tell a part from the whole, so that it gets the whole or a refusal."""

    async def work() -> None:
        async with service(site) as client:
            told = await sent(client.endpoint, scope(query, http_version=version), nothing_more)
            assert (await client.ask("ASK {}")).status_code == 200
        assert told[0]["status"] == status
        assert (b"content-length", str(len(told[1]["body"])).encode()) in told[0]["headers"]

    run(work)


def test_slow_client(site: Path) -> None:
    """While a client reads slowly, another's query begins in its place."""

    async def work() -> None:
        reading = asyncio.Event()
        told: list[Message] = []

        async def send(message: Message) -> None:
            told.append(message)
            if message.get("body"):
                await reading.wait()

        async with service(site, answered=1, parked=1) as client:
            app = Starlette(routes=_routes(client.endpoint))
            query = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 20000"
            slow = asyncio.create_task(app(scope(query, client=("192.0.2.9", 1)), nothing_more, send))
            assert (await client.ask("ASK {}")).status_code == 200
            assert not slow.done()
            reading.set()
            await slow
        assert sum(message.get("body", b"").count(b"\r\n") for message in told) == 20_001

    run(work)


def test_kept() -> None:
    """Short answers are kept while there is room, those longest not asked for let go first."""
    kept = Kept(10_000)
    keys = [(name,) for name in "abcd"]
    kept.keep(keys[0], Response(b"0" * 500))
    kept.keep(keys[1], Response(b"1" * 500))
    assert kept.response(keys[0])
    kept.keep(keys[2], Response(b"2" * 500))
    kept.keep(keys[2], Response(b"2" * 500))
    assert [kept.response(key) is not None for key in keys] == [True, False, True, False]
    kept.keep(keys[3], Response(b"3" * 8000))
    assert [kept.response(key) for key in keys] == [None] * 4


def test_long_queries_wait(site: Path) -> None:
    """A long query is examined in the client's turn, by a worker; the turn ends if it is refused."""

    async def work() -> None:
        async with service(site, answered=1, answered_per_client=1, waiting_per_client=0) as client:
            spaces = " " * 10_000
            for query, status in [(f"ASK{spaces}{{}}", 200), (f"ASK{spaces}{{ SERVICE", 400)] * 2:
                response = await client.post("/sparql", data={"query": query})
                assert response.status_code == status
            etag = (await client.post("/sparql", data={"query": f"ASK{spaces}{{}}"})).headers["etag"]
            known = await client.get(
                "/sparql", params={"query": f"ASK{spaces}{{}}"}, headers={"If-None-Match": etag}
            )
            assert known.status_code == 304
            assert (await client.ask("ASK {}")).status_code == 200

    run(work)


def test_the_service_reads_no_query(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a query says is read by the worker alone, so that no query can keep the service from others."""

    def examining(*_: object) -> None:
        pytest.fail("a query was read in the process of the service")

    monkeypatch.setattr("twintowns.preparing.examined", examining)

    async def work() -> None:
        async with service(site) as client:
            assert (await client.ask("ASK {}")).status_code == 200
            assert (await client.get("/sparql?%71uery=ASK%20%7B%7D")).status_code == 200
            assert (await client.get("/sparql?format=csv&query=ASK%20%7B%7D")).text == "true"
            assert (await client.ask("ASK { SERVICE <x:a> {} }")).status_code == 400

    run(work)


def test_addresses_that_are_no_text(site: Path) -> None:
    """What is not UTF-8 is refused, encoded or not."""

    async def work() -> None:
        async with service(site) as client:
            for told in (b"query=ASK%20%7B%7D&format=\xff", b"query=%ff", b"%ff"):
                messages = await sent(client.endpoint, scope("", query_string=told), nothing_more)
                assert messages[0]["status"] == 400

    run(work)


def test_kept_nothings() -> None:
    """Answers without a byte take room too."""
    kept = Kept(10_000)
    for number in range(100):
        kept.keep((str(number),), Response(b""))
    assert sum(kept.response((str(number),)) is not None for number in range(100)) == 2


def test_any_known_answer(site: Path) -> None:
    """`If-None-Match: *` is told of an answer that there is, of nothing else, and only by GET and HEAD."""

    async def work() -> None:
        known = {"If-None-Match": "*"}
        async with service(site) as client:
            for query, status in [("ASK {}", 304), (LONG, 304), ("ASK {", 400), ("ASK { ?s :x }", 400)]:
                told = await client.get("/sparql", params={"query": query}, headers=known)
                assert told.status_code == status
            told = await client.head("/sparql", params={"query": "ASK {}"}, headers=known)
            assert told.status_code == 304
            etag = (await client.ask("ASK {}")).headers["etag"]
            for one in (known, {"If-None-Match": etag}):
                told = await client.post("/sparql", data={"query": "ASK {}"}, headers=one)
                assert told.status_code == 200

    run(work)


def posted(**headers: str) -> dict[str, Any]:
    """Return the scope of a request with a body."""
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    kind = (b"content-type", b"application/sparql-query")
    return scope("", method="POST", query_string=b"", headers=[kind, *named])


def test_unfinished_bodies(site: Path) -> None:
    """A body that does not arrive is waited for only so long, and few of them of one client."""

    async def work() -> None:
        async with service(site, body_s=0.5) as client:
            asked = [sent(client.endpoint, posted(), nothing_more) for _ in range(33)]
            told = [messages[0] for messages in await asyncio.gather(*asked)]
            assert sorted(message["status"] for message in told) == [408] * 32 + [429]
            assert all((b"connection", b"close") in message["headers"] for message in told)
            assert (await client.post("/sparql", data={"query": "ASK {}"})).status_code == 200

    run(work)


def test_long_bodies(site: Path) -> None:
    """A body that says that it is too long is not read, and one that is too long not to its end."""

    async def endless() -> Message:
        return {"type": "http.request", "body": b"#" * 100_000, "more_body": True}

    async def work() -> None:
        async with service(site) as client:
            told = [
                await sent(client.endpoint, posted(content_length="300001"), nothing_more),
                await sent(client.endpoint, posted(content_length="nonsense"), endless),
            ]
        for messages in told:
            assert messages[0]["status"] == 413
            assert (b"connection", b"close") in messages[0]["headers"]

    run(work)


def test_client_gone_before_its_query(site: Path) -> None:
    """A client that goes away before it has sent its query is told nothing, and nothing fails."""

    async def work() -> None:
        async with service(site) as client:
            assert await sent(client.endpoint, posted(), gone) == []

    run(work)


def test_methods_in_part(site: Path) -> None:
    """What is only a part of the name of a method is none."""

    async def work() -> None:
        async with service(site) as client:
            assert (await client.request("EAD", "/sparql")).status_code == 405

    run(work)
