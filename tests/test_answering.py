"""What answers, asked in this very process, where it is not confined and can be measured."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
from pyoxigraph import RdfFormat, Store, parse

from twintowns import jsontext
from twintowns.answering import DATA, END, FAILURE, HEAD, HEADING, LENGTH, Results, answer_all, hold
from twintowns.asking import Request
from twintowns.iris import Names
from twintowns.preparing import Asked, Dataset
from twintowns.store import DUMP

NAMES = Names("https://w3id.org/twintowns/ludvika/")
GRAPHS = frozenset(f"{NAMES.space}graph/{name}" for name in ("asserted", "derived", "vocabulary"))
DATASET = Dataset(NAMES.space, NAMES.prefixes(), GRAPHS, "1")
BOUNDS = {"result_bytes": 1_000_000, "cpu_s": 1_000_000}


@contextmanager
def answering(store: Store) -> Iterator[socket.socket]:
    """Yield a connection to what answers, in a thread."""
    ours, theirs = socket.socketpair()
    thread = threading.Thread(target=answer_all, args=(store, theirs, DATASET))
    thread.start()
    with ours:
        yield ours
    thread.join()
    theirs.close()


def told(
    connection: socket.socket, query: str, form: str = "json", **further: list[str]
) -> list[tuple[bytes, bytes]]:
    """Ask, and return the parts of the answer with their kinds, but for what is known of it before."""
    parameters = urlencode({"query": query, "format": form, **further}, doseq=True)
    return [part for part in parts_of(connection, Asked(Request("GET", parameters))) if part[0] != HEADING]


def parts_of(connection: socket.socket, asked: Asked) -> list[tuple[bytes, bytes]]:
    """Ask, and return the parts of the answer with their kinds."""
    written = jsontext.line({**asked.told(), **BOUNDS})
    connection.sendall(LENGTH.pack(len(written)) + written)
    parts: list[tuple[bytes, bytes]] = []
    while not parts or parts[-1][0] in {HEADING, DATA}:
        kind, length = HEAD.unpack(connection.recv(HEAD.size, socket.MSG_WAITALL))
        parts.append((kind, connection.recv(length, socket.MSG_WAITALL)))
    return parts


@pytest.mark.parametrize(
    ("iri", "is_name"),
    [
        ("http://www.w3.org/1999/xhtml#", False),
        ("http://example.org/1", False),
        ("http://example.org/a/-", False),
        ("urn:2", False),
        ("http://example.org/1a", True),
        ("http://example.org/ö1.-", True),
        ("http://example.org/a%20b", True),
        ("http://example.org/%20", False),
        ("http://example.org/" + "1" * 5000, False),
        ("http://example.org/" + "a" * 5000, True),
    ],
)
def test_predicates_that_no_element_is_named_by(iri: str, *, is_name: bool) -> None:
    """RDF/XML is well-formed, or there is none, and other forms have no such limit."""
    query = f'CONSTRUCT {{ <x:a> <{iri}> "a" }} WHERE {{}}'
    with answering(Store()) as connection:
        [(kind, part)] = told(connection, query, "rdf")
        assert kind == (END if is_name else FAILURE)
        if is_name:
            assert len(list(parse(part, RdfFormat.RDF_XML))) == 1
        else:
            assert "RDF/XML has no name for the predicate" in jsontext.read(part)["values"]["problem"]
        assert told(connection, query, "ttl")[0][0] == END


@pytest.mark.parametrize(
    ("query", "form", "expected"),
    [
        ("ASK { ?s ?p ?o }", "json", b'"boolean":true'),
        ("ASK { ?s ?p ?o }", "csv", b"true"),
        ("SELECT (1 AS ?a) {}", "csv", b"a\r\n1\r\n"),
        ("SELECT (1 AS ?a) {}", "tsv", b"?a\n1\n"),
        ("SELECT (1 AS ?a) {}", "xml", b"<sparql"),
        (
            "CONSTRUCT { <a> schema:name 1 } WHERE {}",
            "ttl",
            b"<https://w3id.org/twintowns/ludvika/a> schema:name 1",
        ),
        ("CONSTRUCT { <a> schema:name 1 } WHERE {}", "nt", b"ludvika/a> <https://schema.org/name>"),
        ("CONSTRUCT { <a> schema:name 1 } WHERE {}", "jsonld", b'"https://schema.org/name"'),
        ("DESCRIBE <place/Q503184>", "rdf", b"<rdf:RDF"),
    ],
)
def test_forms(store: Store, query: str, form: str, expected: bytes) -> None:
    """Every form of answer is written, with the prefixes of the publication and its IRI space as the base."""
    with answering(store) as connection:
        ((kind, part),) = told(connection, query, form)
    assert kind == END
    assert expected in part


def test_what_is_known_is_not_answered_again(store: Store) -> None:
    """Of an answer that the client has, by its tag, only what is known of it is told."""
    request = Request("GET", urlencode({"query": "ASK {}"}))
    with answering(store) as connection:
        (_, head), (_, body) = parts_of(connection, Asked(request))
        media_type, etag, is_known = jsontext.read(head)
        assert (media_type, bool(body), is_known) == ("application/sparql-results+json", True, False)
        again = parts_of(connection, Asked(request, known=etag))
    assert again == [(HEADING, jsontext.line([media_type, etag, True])), (END, b"")]


def test_long_answers_come_in_parts(store: Store) -> None:
    """A long answer comes in parts, and the parts are the answer."""
    with answering(store) as connection:
        parts = told(connection, "SELECT * { ?s ?p ?o }")
    assert [kind for kind, _ in parts[:-1]] == [DATA] * (len(parts) - 1)
    assert len(parts) > 3
    assert jsontext.read(b"".join(part for _, part in parts))["results"]["bindings"]


@pytest.mark.parametrize(
    ("query", "status", "at", "problem"),
    [
        ("ASK {", 400, [1, 6], "expected one of"),
        ("SELECT (<a:f>(1) AS ?x) {}", 400, None, "custom function"),
        ("SELECT * { ?s ?p ?o . ?a ?b ?c }", 413, None, ""),
        ("ASK {\n SERVICE <a:a> {} }", 400, [2, 2], ""),
    ],
)
def test_failures(store: Store, query: str, status: int, at: list[int] | None, problem: str) -> None:
    """Why there is no answer is told, and where in the query, and the next query is answered."""
    with answering(store) as connection:
        kind, part = told(connection, query)[-1]
        assert told(connection, "ASK {}")[-1][0] == END
    assert kind == FAILURE
    failure = jsontext.read(part)
    assert (failure["status"], failure["at"]) == (status, at)
    assert problem in failure["values"].get("problem", "")


@pytest.mark.parametrize(
    ("default_graphs", "named_graphs", "expected"),
    [
        ([], [], {"asserted", "derived", "vocabulary", ""}),
        (["graph/asserted"], [], {""}),
        ([], ["graph/asserted"], {"asserted"}),
        (["graph/derived"], ["graph/asserted", "graph/vocabulary"], {"asserted", "vocabulary", ""}),
    ],
)
def test_dataset(
    store: Store, default_graphs: list[str], named_graphs: list[str], expected: set[str]
) -> None:
    """The graphs that are asked are those that were chosen; by default all of them, together and by name."""
    chosen = {
        "default-graph-uri": [f"{NAMES.space}{graph}" for graph in default_graphs],
        "named-graph-uri": [f"{NAMES.space}{graph}" for graph in named_graphs],
    }
    query = "SELECT DISTINCT ?g { { GRAPH ?g { ?s ?p ?o } } UNION { ?s ?p ?o } }"
    with answering(store) as connection:
        (_, part) = told(connection, query, "csv", **chosen)[-1]
    assert {line.rpartition("/")[2] for line in part.decode().split("\r\n")[1:-1]} == expected


def test_results_are_bounded() -> None:
    """More than may be written is not, and that is remembered, for the engine tells it otherwise."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        results = Results(ours, 3)
        assert results.write(b"abc") == 3
        results.flush()
        assert results.too_large is None
        with pytest.raises(OverflowError):
            results.write(b"d")
        assert results.too_large


def test_no_dump(tmp_path: Path) -> None:
    """What holds the store ends where there is none, and says why."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(jsontext.line({"dump": str(tmp_path / DUMP)}))
        hold(theirs)
        assert "cannot be read" in jsontext.read(ours.recv(1000))["problem"]
