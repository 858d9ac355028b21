"""A real Virtuoso behind the query service, with a publication that was published to it."""

import json
import os
import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from pyoxigraph import RdfFormat, parse

import stores
from test_proxying import BOUNDS, JSON, NAME, NAMES, asked
from twintowns.cli import main
from twintowns.store import DUMP
from twintowns.workers import Bounds

WORST = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c < ?f && ?f < ?i) }"
NAMES_OF_LUDVIKA = {
    "Gemeinde Ludvika",
    "Ludvika Municipality",
    "Ludvika kommun",
    "Ludvika vald",
    "Ludvikan kunta",
}


@pytest.fixture(scope="module")
def virtuoso(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a Virtuoso to which the first publication was published."""
    if not (shutil.which("virtuoso-t") and shutil.which("isql-vt")):
        pytest.skip("Virtuoso is not here: apt-get install virtuoso-opensource-7")
    folder = tmp_path_factory.mktemp("virtuoso")
    project = folder / "project"
    (project / "data").mkdir(parents=True)
    (project / "data/catalogue.ttl").touch()
    shutil.copytree(site, project / "build")
    for server in stores.running(stores.Virtuoso(folder)):
        server.admit()
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(os.environ, "TWINTOWNS_USER", stores.USER)
            patch.setitem(os.environ, "TWINTOWNS_PASSWORD", stores.PASSWORD)
            command = ["publish", str(project), "--graph-store", f"{server.url}/sparql-graph-crud-auth"]
            main(command, standalone_mode=False)
        yield f"{server.url}/sparql"


def _texts(form: str, body: str) -> set[str]:
    """Return the one value of each solution."""
    if form == JSON:
        return {one["name"]["value"] for one in json.loads(body)["results"]["bindings"]}
    if form == "application/sparql-results+xml":
        space = "{http://www.w3.org/2005/sparql-results#}"
        return {found.text or "" for found in ET.fromstring(body).iter(f"{space}literal")}  # noqa: S314 - of our own server
    return {line.strip('"') for line in body.splitlines()[1:] if line}


@pytest.mark.parametrize(
    "form", [JSON, "application/sparql-results+xml", "text/csv", "text/tab-separated-values"]
)
def test_solutions(site: Path, virtuoso: str, form: str) -> None:
    """Solutions and truth values come in each form, with prefixes that need not be declared."""
    found = asked(site, virtuoso, NAME, form)
    assert (found.status_code, found.headers["content-type"].partition(";")[0]) == (200, form)
    assert _texts(form, found.text) == NAMES_OF_LUDVIKA
    truth = asked(site, virtuoso, "ASK { place:Q503184 schema:name ?name }", form)
    assert (truth.status_code, truth.headers["content-type"].partition(";")[0]) == (200, form)


@pytest.mark.parametrize(
    "form", ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"]
)
@pytest.mark.parametrize(
    "query", ["CONSTRUCT WHERE { place:Q503184 schema:name ?name }", "DESCRIBE <place/Q503184>"]
)
def test_triples(site: Path, virtuoso: str, query: str, form: str) -> None:
    """Triples come in each form, and can be read."""
    found = asked(site, virtuoso, query, form)
    assert (found.status_code, found.headers["content-type"].partition(";")[0]) == (200, form)
    quads = parse(found.content, format=RdfFormat.from_media_type(form))
    names = {quad.object.value for quad in quads if quad.predicate.value == "https://schema.org/name"}
    assert names >= NAMES_OF_LUDVIKA


def test_only_the_publication(site: Path, virtuoso: str) -> None:
    """Nothing is told that Virtuoso holds besides, such as graphs of its own."""
    found = asked(site, virtuoso, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", "text/csv")
    graphs = {line.strip('"') for line in found.text.splitlines()[1:] if line}
    assert graphs == {NAMES.graph(name).value for name in ("asserted", "derived", "vocabulary")}
    for asked_for in ("SELECT * {{ GRAPH <{}> {{ ?s ?p ?o }} }}", "ASK {{ GRAPH <{}> {{ ?s ?p ?o }} }}"):
        own = asked(site, virtuoso, asked_for.format("http://www.openlinksw.com/schemas/virtrdf#"))
        nobodys = asked(site, virtuoso, asked_for.format("https://example.org/nothing"))
        assert own.json() == nobodys.json()


def test_chosen_graph(site: Path, virtuoso: str) -> None:
    """A query chooses among the graphs of the publication; others are refused."""
    graph = f"<{NAMES.graph('derived').value}>"
    count = (site / DUMP).read_text(encoding="utf-8").count(f"{graph} .")
    derived = f"SELECT (COUNT(*) AS ?n) FROM {graph} {{ ?s ?p ?o }}"  # noqa: S608 - SPARQL, and a graph of ours
    assert asked(site, virtuoso, derived, "text/csv").text.split() == ['"n"', str(count)]
    assert (
        asked(site, virtuoso, "ASK FROM <http://www.openlinksw.com/schemas/virtrdf#> {}").status_code == 400
    )


@pytest.mark.parametrize(
    "query",
    [
        "ASK { SERVICE <http://127.0.0.1:%d/> { ?s ?p ?o } }",
        "ASK { OPTIONAL { SERVICE SILENT <http://127.0.0.1:%d/> { ?s ?p ?o } } }",
        "ASK FROM <http://127.0.0.1:%d/data.ttl> { ?s ?p ?o }",
        'DEFINE get:soft "replace" SELECT * FROM <http://127.0.0.1:%d/data.ttl> { ?s ?p ?o }',
        "LOAD <http://127.0.0.1:%d/data.ttl>",
        "INSERT DATA { <x:a> <x:b> <http://127.0.0.1:%d/> }",
        "SELECT (bif:http_get('http://127.0.0.1:%d/') AS ?told) {}",
        "SELECT (<bif:http_get>('http://127.0.0.1:%d/') AS ?told) {}",
        "SELECT (sql:http_get('http://127.0.0.1:%d/') AS ?told) {}",
        "SELECT (<LONG::bif:http_get>('http://127.0.0.1:%d/') AS ?told) {}",
        "SELECT (<short::bif:http_get>('http://127.0.0.1:%d/') AS ?told) {}",
        "SELECT (<SQLVAL::\\u0062if:http_get>('http://127.0.0.1:%d/') AS ?told) {}",
        "PREFIX l: <LONG::bif:> SELECT (l:http_get('http://127.0.0.1:%d/') AS ?told) {}",
        "PREFIX b: <LONG::b> SELECT (b:if:http_get('http://127.0.0.1:%d/') AS ?told) {}",
        "PREFIX b: <b> SELECT (b:if:http_get('http://127.0.0.1:%d/') AS ?told) {}",
    ],
)
def test_refused_before_it_gets_there(site: Path, virtuoso: str, query: str) -> None:
    """What could make Virtuoso ask others, or change what it holds, is refused, and nobody is asked."""
    reached = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(60)

        def listen() -> None:
            connection, _ = listener.accept()
            connection.close()
            reached.set()

        thread = threading.Thread(target=listen)
        thread.start()
        port = listener.getsockname()[1]
        found = asked(site, virtuoso, query % port)
        is_silent = not reached.is_set()
        socket.create_connection(("127.0.0.1", port)).close()
        thread.join()
    assert (found.status_code, found.headers["content-type"]) == (400, "application/problem+json")
    assert "this name leads out" in found.text or "this service" in found.text or "graph" in found.text
    assert is_silent


@pytest.mark.parametrize("query", ["SELECT * { ?s ?p", "SELECT * { ?s ?p ?o FILTER(unheardof(?o)) }"])
def test_malformed(site: Path, virtuoso: str, query: str) -> None:
    """What Virtuoso calls malformed is told in its words, without the query as it understood it."""
    found = asked(site, virtuoso, query)
    assert (found.status_code, found.headers["content-type"]) == (400, "application/problem+json")
    assert "SPARQL compiler, line" in found.json()["engine"]
    assert "input:named-graph-uri" not in found.text


def test_deadline(site: Path, virtuoso: str) -> None:
    """A query that takes Virtuoso too long is not waited for."""
    found = asked(site, virtuoso, WORST, bounds=Bounds(deadline_s=0.5))
    assert (found.status_code, "longer than 0.5 s" in found.json()["detail"]) == (503, True)


def test_too_long(site: Path, virtuoso: str) -> None:
    """An answer of more bytes than may be is refused."""
    found = asked(site, virtuoso, "SELECT * { ?s ?p ?o } LIMIT 50", bounds=Bounds(result_bytes=100))
    assert (found.status_code, "longer than 100 bytes" in found.json()["detail"]) == (413, True)


def test_cut_off_by_virtuoso(site: Path, virtuoso: str) -> None:
    """An answer that Virtuoso cuts off, which it tells in a header only, is not handed on as a whole one."""
    found = asked(site, virtuoso, "SELECT * { ?s ?p ?o }", bounds=BOUNDS)
    assert (found.status_code, "only a part" in found.json()["detail"]) == (413, True)
