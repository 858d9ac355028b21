"""What answers, asked in this very process, where it is not confined and can be measured."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, Store, parse

from twintowns import jsontext
from twintowns.answering import DATA, END, FAILURE, HEAD, LENGTH, Results, answer_all, hold
from twintowns.iris import Names
from twintowns.store import DUMP

NAMES = Names("https://w3id.org/twintowns/ludvika/")
QUESTION = {
    "form": "json",
    "base": NAMES.space,
    "used": ["schema"],
    "default_graphs": None,
    "named_graphs": None,
    "result_bytes": 1_000_000,
    "cpu_s": 1_000_000,
}


@contextmanager
def answering(store: Store) -> Iterator[socket.socket]:
    """Yield a connection to what answers, in a thread."""
    ours, theirs = socket.socketpair()
    thread = threading.Thread(target=answer_all, args=(store, theirs, NAMES.prefixes()))
    thread.start()
    with ours:
        yield ours
    thread.join()
    theirs.close()


def told(connection: socket.socket, **question: Any) -> list[tuple[bytes, bytes]]:  # noqa: ANN401
    """Ask, and return the parts of the answer with their kinds."""
    written = jsontext.line({**QUESTION, **question})
    connection.sendall(LENGTH.pack(len(written)) + written)
    parts: list[tuple[bytes, bytes]] = []
    while not parts or parts[-1][0] == DATA:
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
        [(kind, part)] = told(connection, query=query, form="rdf")
        assert kind == (END if is_name else FAILURE)
        if is_name:
            assert len(list(parse(part, RdfFormat.RDF_XML))) == 1
        else:
            assert "RDF/XML has no name for the predicate" in jsontext.read(part)["problem"]
        assert told(connection, query=query, form="ttl")[0][0] == END


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
        ((kind, part),) = told(connection, query=query, form=form)
    assert kind == END
    assert expected in part


def test_long_answers_come_in_parts(store: Store) -> None:
    """A long answer comes in parts, and the parts are the answer."""
    with answering(store) as connection:
        parts = told(connection, query="SELECT * { ?s ?p ?o }")
    assert [kind for kind, _ in parts[:-1]] == [DATA] * (len(parts) - 1)
    assert len(parts) > 3
    assert jsontext.read(b"".join(part for _, part in parts))["results"]["bindings"]


@pytest.mark.parametrize(
    ("query", "form", "problem", "is_syntax"),
    [
        ("ASK {", "json", "error at 1:6", True),
        ("SELECT (<a:f>(1) AS ?x) {}", "json", "custom function", False),
        ("SELECT * { ?s ?p ?o . ?a ?b ?c }", "json", "", False),
    ],
)
def test_failures(store: Store, query: str, form: str, problem: str, is_syntax: bool) -> None:  # noqa: FBT001
    """Why there is no answer is told, nothing where it is too long, and the next query is answered."""
    with answering(store) as connection:
        kind, part = told(connection, query=query, form=form)[-1]
        assert told(connection, query="ASK {}")[-1][0] == END
    assert kind == FAILURE
    assert problem in jsontext.read(part)["problem"]
    assert jsontext.read(part)["is_syntax"] == is_syntax


@pytest.mark.parametrize(
    ("default_graphs", "named_graphs", "expected"),
    [
        (None, None, {"asserted", "derived", "vocabulary", ""}),
        (["graph/asserted"], [], {""}),
        ([], ["graph/asserted"], {"asserted"}),
        (["graph/derived"], ["graph/asserted", "graph/vocabulary"], {"asserted", "vocabulary", ""}),
    ],
)
def test_dataset(
    store: Store, default_graphs: list[str] | None, named_graphs: list[str] | None, expected: set[str]
) -> None:
    """The graphs that are asked are those that were chosen; by default all of them, together and by name."""
    chosen = [
        graphs and [f"{NAMES.space}{graph}" for graph in graphs] for graphs in (default_graphs, named_graphs)
    ]
    query = "SELECT DISTINCT ?g { { GRAPH ?g { ?s ?p ?o } } UNION { ?s ?p ?o } }"
    with answering(store) as connection:
        (_, part) = told(
            connection, query=query, form="csv", default_graphs=chosen[0], named_graphs=chosen[1]
        )[-1]
    assert {line.rpartition("/")[2] for line in part.decode().split("\r\n")[1:-1]} == expected


def test_results_are_bounded() -> None:
    """More than may be written is not, and that is remembered, for the engine tells it otherwise."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        results = Results(ours, 3)
        assert results.write(b"abc") == 3
        results.flush()
        assert not results.is_too_large
        with pytest.raises(OverflowError):
            results.write(b"d")
        assert results.is_too_large


def test_no_dump(tmp_path: Path) -> None:
    """What holds the store ends where there is none, and says why."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(jsontext.line({"dump": str(tmp_path / DUMP)}))
        hold(theirs)
        assert "cannot be read" in jsontext.read(ours.recv(1000))["problem"]
