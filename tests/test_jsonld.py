"""JSON-LD, by examples; that any graph survives it, tests/test_graph.py holds."""

import json
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from twintowns.exceptions import DataFileError, TurtleSyntaxError
from twintowns.graph import Graph, Node
from twintowns.jsonld import Context, dataset_document, read_context, resource_document
from twintowns.pieces import Pieces
from twintowns.vocabulary import RDF, SCHEMA, TT, WD, XSD, A

DEFINITION = {
    "@version": 1.1,
    "schema": "https://schema.org/",
    "tt": "https://w3id.org/twintowns/ns#",
    "wd": "http://www.wikidata.org/entity/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "about": {"@id": "schema:about", "@type": "@id"},
    "closes": {"@id": "schema:closes", "@type": "xsd:time"},
    "name": "schema:name",
    "tt:kind": {"@id": "tt:kind", "@type": "@id"},
}
CONTEXT = Context({"@context": DEFINITION})


def flat(graph: Graph) -> bytes:
    """Return a graph as a flat list of its subjects."""
    return Pieces().joined(dataset_document("", CONTEXT, graph))


def _framed(*stated: Triple, root: Node = WD.Q1) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(resource_document(CONTEXT, Graph(stated), root))
    assert document.pop("@context") == DEFINITION
    return document


def test_golden() -> None:
    """A resource comes first; what it links to is nested once; what points at it stands under @reverse."""
    assert _framed(
        Triple(WD.Q1, A, SCHEMA.City),
        Triple(WD.Q1, SCHEMA.name, Literal("b", language="sv")),
        Triple(WD.Q1, SCHEMA.name, Literal("c", language="en")),
        Triple(WD.Q1, SCHEMA.about, WD.Q2),
        Triple(WD.Q1, TT.kind, WD.Q2),
        Triple(WD.Q1, SCHEMA.closes, Literal("12:00:00", datatype=XSD.time)),
        Triple(WD.Q2, SCHEMA.name, Literal("two")),
        Triple(WD.Q3, SCHEMA.about, WD.Q1),
        Triple(WD.Q3, SCHEMA.name, Literal("three")),
    ) == {
        "@id": "wd:Q1",
        "@type": "schema:City",
        "about": {"@id": "wd:Q2", "name": "two"},
        "closes": "12:00:00",
        "name": [{"@language": "en", "@value": "c"}, {"@language": "sv", "@value": "b"}],
        "tt:kind": "wd:Q2",
        "@reverse": {"about": [{"@id": "wd:Q3", "name": "three"}]},
    }


def test_others() -> None:
    """What neither leads to the resource nor is led to follows beside it."""
    told = _framed(Triple(WD.Q1, SCHEMA.name, Literal("one")), Triple(WD.Q2, SCHEMA.name, Literal("two")))
    assert told == {"@graph": [{"@id": "wd:Q1", "name": "one"}, {"@id": "wd:Q2", "name": "two"}]}


def test_flat() -> None:
    """A dataset is a list of its subjects, each with its own triples."""
    graph = Graph([Triple(WD.Q1, SCHEMA.about, WD.Q2), Triple(WD.Q2, SCHEMA.about, WD.Q1)])
    told = json.loads(flat(graph))
    assert told["@graph"] == [{"@id": "wd:Q1", "about": "wd:Q2"}, {"@id": "wd:Q2", "about": "wd:Q1"}]


@pytest.mark.parametrize(
    ("predicate", "term", "value"),
    [
        (SCHEMA.closes, Literal("12:00"), {"closes": {"@value": "12:00"}}),
        (SCHEMA.closes, Literal("1", datatype=XSD.gYear), {"closes": {"@type": "xsd:gYear", "@value": "1"}}),
        (SCHEMA.about, Literal("text"), {"about": {"@value": "text"}}),
        (SCHEMA.name, Literal("text"), {"name": "text"}),
        (SCHEMA.name, WD.Q5, {"name": {"@id": "wd:Q5"}}),
        (SCHEMA.url, NamedNode("urn:x"), {"schema:url": {"@id": "urn:x"}}),
        (NamedNode("urn:p"), WD.Q5, {"urn:p": {"@id": "wd:Q5"}}),
        (A, Literal("no class"), {"http://www.w3.org/1999/02/22-rdf-syntax-ns#type": "no class"}),
        (SCHEMA.name, BlankNode("b"), {"name": {"@id": "_:b"}}),
        (SCHEMA.name, TT.kind, {"name": {"@id": TT.kind.value}}),
        (SCHEMA.name, NamedNode("https://schema.org///x"), {"name": {"@id": "https://schema.org///x"}}),
    ],
)
def test_values(predicate: NamedNode, term: Node | Literal, value: dict[str, Any]) -> None:
    """A value has the shortest form that its term's coercion lets it have."""
    assert _framed(Triple(WD.Q1, predicate, term)) == {"@id": "wd:Q1", **value}


def test_several_types() -> None:
    """Several types are a list, one is none."""
    told = _framed(Triple(WD.Q1, A, SCHEMA.City), Triple(WD.Q1, A, SCHEMA.Place))
    assert told["@type"] == ["schema:City", "schema:Place"]


def _list(*members: Node | Literal) -> list[Triple]:
    cells: list[Node] = [*(BlankNode(f"c{number}") for number in range(len(members))), RDF.nil]
    return [
        triple
        for cell, member, rest in zip(cells, members, cells[1:], strict=False)
        for triple in (Triple(cell, RDF.first, member), Triple(cell, RDF.rest, rest))
    ]


@pytest.mark.parametrize("predicate", [SCHEMA.name, SCHEMA.about, SCHEMA.closes])
@pytest.mark.parametrize(
    "member", [Literal("text"), Literal("12:00:00", datatype=XSD.time), WD.Q5, Literal("x", language="sv")]
)
def test_lists(predicate: NamedNode, member: Node | Literal) -> None:
    """A list has the members that it had, whatever the coercion of the term that leads to it."""
    graph = Graph([Triple(WD.Q1, predicate, BlankNode("c0")), *_list(member, WD.Q6)])
    for written in (resource_document(CONTEXT, graph, WD.Q1), flat(graph)):
        assert b"@list" in written
        told = Graph(quad.triple for quad in parse(written, format=RdfFormat.JSON_LD))
        assert [t.object for t in told if t.predicate == RDF.first and t.object != WD.Q6] == [member]
        assert len(told) == len(graph)


def test_shared_blank_node() -> None:
    """A blank node that is mentioned twice has a name."""
    node = BlankNode("b")
    told = _framed(
        Triple(WD.Q1, SCHEMA.about, node),
        Triple(WD.Q1, SCHEMA.name, node),
        Triple(node, SCHEMA.name, Literal("x")),
    )
    assert told == {"@id": "wd:Q1", "about": {"@id": "_:b", "name": "x"}, "name": {"@id": "_:b"}}


def test_nested_blank_node() -> None:
    """A blank node that is mentioned once has none."""
    node = BlankNode("b")
    told = _framed(Triple(WD.Q1, SCHEMA.about, node), Triple(node, SCHEMA.name, Literal("x")))
    assert told == {"@id": "wd:Q1", "about": {"name": "x"}}


def test_pointing_at_itself() -> None:
    """A resource that points at itself does so once."""
    assert _framed(Triple(WD.Q1, SCHEMA.about, WD.Q1)) == {"@id": "wd:Q1", "about": "wd:Q1"}


@pytest.mark.parametrize("text", ["", "{", "[1,"])
def test_no_json(tmp_path: Path, text: str) -> None:
    """A context that is no JSON is refused."""
    path = tmp_path / "context.jsonld"
    path.write_text(text)
    with pytest.raises(TurtleSyntaxError, match="this is not JSON"):
        read_context(path)


@pytest.mark.parametrize(
    "text",
    ["1", "{}", '{"@context": "https://example.org/"}', '{"@context": {"@import": "x"}}', '{"@context": []}'],
)
def test_no_context(tmp_path: Path, text: str) -> None:
    """A context that has to be fetched, or is none, is refused."""
    path = tmp_path / "context.jsonld"
    path.write_text(text)
    with pytest.raises(DataFileError, match="no JSON-LD context of its own"):
        read_context(path)


def test_context(tmp_path: Path) -> None:
    """A context is read as it stands."""
    path = tmp_path / "context.jsonld"
    path.write_text(json.dumps({"@context": DEFINITION}))
    assert read_context(path).definition == DEFINITION
