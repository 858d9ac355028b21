"""Canonical Turtle, by examples; that any graph survives it, tests/test_graph.py holds."""

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from twintowns.graph import Graph, Node
from twintowns.turtle import TurtleWriter, quoted
from twintowns.vocabulary import PREFIXES, RDF, SCHEMA, SH, SKOS, WD, XSD, A

GOLDEN = """\
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix schema: <https://schema.org/> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

wd:Q2
    a schema:City ;
    schema:about wd:Q1 ;
    schema:about "plain" ;
    schema:about "x"@de ;
    schema:about "a"@sv ;
    schema:about "b"@sv ;
    schema:about [ schema:name "nested" ; schema:value ( 1 "two" [ a rdf:Bag ] ) ] ;
    schema:latitude 60.5 ;
    schema:startDate "2000"^^xsd:gYear ;
    schema:url <https://example.org/> ;
    .

wd:Q1
    schema:containedInPlace () ;
    .

_:b
    schema:about _:b ;
    .
"""


def _parsed(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(text, format=RdfFormat.TURTLE)]


def _written(*stated: Triple, first: list[Node] | None = None) -> str:
    return TurtleWriter(PREFIXES).document(Graph(stated), first or [])


def test_golden() -> None:
    """A document has its one layout: prefixes used, subjects apart, one triple a line, in one order."""
    assert _written(*_parsed(GOLDEN), first=[WD.Q2, WD.Q9]) == GOLDEN


def test_empty() -> None:
    """A graph without triples is an empty document."""
    assert _written() == ""


def test_no_prefix_needed() -> None:
    """A document that needs no prefix declares none."""
    iri = NamedNode("https://example.org/a")
    assert _written(Triple(iri, iri, iri)) == f"{iri}\n    {iri} {iri} ;\n    .\n"


@pytest.mark.parametrize(
    ("iri", "written"),
    [
        (SCHEMA.name, "schema:name"),
        (WD.Q1, "wd:Q1"),
        (SH["in"], "sh:in"),
        (NamedNode("https://schema.org/"), "<https://schema.org/>"),
        (NamedNode("https://schema.org/a."), "<https://schema.org/a.>"),
        (NamedNode("https://schema.org/a.b"), "schema:a.b"),
        (NamedNode("https://schema.org/a/b"), "<https://schema.org/a/b>"),
        (NamedNode("https://schema.org/ö"), "<https://schema.org/ö>"),
        (NamedNode("https://schema.org/a%20b"), "<https://schema.org/a%20b>"),
        (NamedNode("urn:x"), "<urn:x>"),
    ],
)
def test_names(iri: NamedNode, written: str) -> None:
    """An IRI has its prefix where its local name is a simple one, and stands in full where not."""
    writer = TurtleWriter(PREFIXES)
    assert writer.name(iri)[0] == writer.name(iri)[0] == written


@pytest.mark.parametrize(
    ("literal", "written"),
    [
        (Literal("a"), '"a"'),
        (Literal("å", language="sv"), '"å"@sv'),
        (Literal("1", datatype=XSD.integer), "1"),
        (Literal("-01", datatype=XSD.integer), "-01"),
        (Literal("1.50", datatype=XSD.decimal), "1.50"),
        (Literal(".5", datatype=XSD.decimal), ".5"),
        (Literal("1.", datatype=XSD.decimal), '"1."^^xsd:decimal'),
        (Literal("1", datatype=XSD.decimal), '"1"^^xsd:decimal'),
        (Literal("true", datatype=XSD.boolean), "true"),
        (Literal("1", datatype=XSD.boolean), '"1"^^xsd:boolean'),
        (Literal("1e3", datatype=XSD.double), '"1e3"^^xsd:double'),
        (Literal("x", datatype=NamedNode("urn:t")), '"x"^^<urn:t>'),
    ],
)
def test_literals(literal: Literal, written: str) -> None:
    """A literal keeps its lexical form, with its short form where Turtle has one for it."""
    assert f"schema:value {written} ;" in _written(Triple(WD.Q1, SCHEMA.value, literal))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", '""'),
        ("a\tb\nc\r\b\f", r'"a\tb\nc\r\b\f"'),
        ('\\"', r'"\\\""'),
        ("\0\x1f\x7f\u2028\u202e\ufeff", r'"\u0000\u001F\u007F\u2028\u202E\uFEFF"'),
        ("SELECT {\n}", '"""SELECT {\n}"""'),
        ('"""{\n\\\t\u2028', '"""\\"\\"\\"{\n\\\\\\u0009\\u2028"""'),
        ("'🏞", '"\'🏞"'),
    ],
)
def test_quoted(text: str, written: str) -> None:
    """A text is quoted so that it stays one, and what is not seen is escaped."""
    assert quoted(text) == written
    (triple,) = _parsed(f"<urn:a> <urn:b> {written} .")
    assert triple.object == Literal(text)


def test_list_with_something_said_of_a_cell() -> None:
    """A list of which more is said than its members is written out."""
    cell = BlankNode("c")
    stated = [
        Triple(WD.Q1, SCHEMA.about, cell),
        Triple(cell, RDF.first, WD.Q2),
        Triple(cell, RDF.rest, RDF.nil),
        Triple(cell, SKOS.note, Literal("x")),
    ]
    assert "schema:about [ rdf:first wd:Q2 ; rdf:rest () ; skos:note" in _written(*stated)


def test_first_subjects() -> None:
    """The subjects that are to come first do, each once, and one that is not there does not."""
    stated = [Triple(item, A, SCHEMA.City) for item in (WD.Q1, WD.Q2, WD.Q3)]
    told = _written(*stated, first=[WD.Q3, WD.Q9, WD.Q3, WD.Q1])
    assert [line for line in told.splitlines() if line.startswith("wd:")] == ["wd:Q3", "wd:Q1", "wd:Q2"]
