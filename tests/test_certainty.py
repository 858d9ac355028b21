"""What two engines certainly judge alike: queries and patterns that are read, and those that are not."""

import re
from itertools import product

import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, RdfFormat, Store, Triple, parse

from test_same_report import FLAGS, PATTERNS, TEXTS
from test_screening import FAILED, plain, property_shape, query_shape, screened, turtle
from twintowns.certainty import reading
from twintowns.exceptions import ShapesError
from twintowns.graph import Graph
from twintowns.judgement import _mirrored, all_results
from twintowns.paths import walk_of
from twintowns.patterns import doubts_about, is_unusual
from twintowns.validation import validation_results
from twintowns.vocabulary import SH

pytestmark = [
    pytest.mark.filterwarnings("ignore::UserWarning"),  # rdflib warns of ill-typed values, as made up here
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings(
        "ignore::FutureWarning"
    ),  # Python warns of patterns that may mean sets one day
]

WHERE = "PREFIX e: <a:> SELECT $this WHERE { $this e:p ?v . FILTER "
UNREAD = [
    "PREFIX e: <a:> PREFIX e: <b:> SELECT $this WHERE { $this e:p ?v }",
    "SELECT ?v WHERE { $this <a:p> ?v }",
    "SELECT $this WHERE { $this e:p ?v }",
    "SELECT $this WHERE { $this <a:p> ?v } LIMIT 1",
    "SELECT $this WHERE { $this <a:p> ?v",
    "SELECT $this WHERE { $this <a:p> true }",
    "SELECT $this WHERE { $this <a:p> ?v . BIND (1 AS ?v) }",
    "SELECT $this WHERE { BIND (1 AS ?v) $this <a:p> ?v }",
    "SELECT $this WHERE { $this <a:p> ?v # comment\n }",
    f"{WHERE} (?v) }}",
    f"{WHERE} (?v = 1) }}",
    f"{WHERE} (STR(?v) = 1) }}",
    f"{WHERE} (?v < e:q) }}",
    f"{WHERE} (STR(?none) = 'a') }}",
    f"{WHERE} (STR(STR(?v)) = 'a') }}",
    f"{WHERE} (STRLEN(STR(?v)) IN (e:a)) }}",
    f"{WHERE} (STRLEN(STR(?v)) + 'a' = 1) }}",
    f"{WHERE} (!(STRLEN(STR(?v))) = 1) }}",
    f"{WHERE} (SUBSTR(STR(?v), 0) = 'a') }}",
    f"{WHERE} (<http://www.w3.org/2001/XMLSchema#double>(STR(?v)) = 1) }}",
    f"{WHERE} (LANGMATCHES(LANG(?v), '*')) }}",
    f"{WHERE} (REGEX(STR(?v), '(?i)a')) }}",
    f"{WHERE} STRLEN(STR(?v)) }}",
    f"{WHERE} (IF(ISIRI(?v), 1, 'a') = 1) }}",
    f"{WHERE} ISIRI(?v) BIND (STRLEN(STR(?v)) AS ?n) FILTER (STR(?n) = '1') }}",
]


@pytest.mark.parametrize("query", UNREAD)
def test_queries_that_are_not_read(query: str) -> None:
    """What engines may answer differently, or is written otherwise, is not taken for certain."""
    assert reading(query) is None


def test_what_is_read() -> None:
    """A query tells of which properties it reads the text, and which terms are in doubt."""
    read = reading(
        "PREFIX e: <a:> SELECT DISTINCT $this ?v WHERE { $this e:p ?v , 'x' ; e:q 1 . "
        "?x e:r* ?w ; ?y $this . BIND (CONCAT(UCASE(STR(?v)), 'a') AS ?t) "
        "FILTER (CONTAINS(?t, STR(?w)) || STR(?y) = 'a' || "
        "<http://www.w3.org/2001/XMLSchema#integer>(SUBSTR(STR($this), 1, 2)) < 3 || !ISIRI(?v)) "
        "FILTER NOT EXISTS { $this a ?c . FILTER (?c IN (e:A, e:B) && ?c != e:C && REGEX(?t, '^a$', 'i')) } }"
        " GROUP BY $this HAVING (COUNT(?v) > 1 && SUM(STRLEN(STR(?v))) + 1 > 2)"
    )
    assert read is not None
    assert read.doubts == {"case", "number", "line", "fold"}
    assert (read.own, read.others, read.is_wide) == (frozenset({"a:p"}), frozenset({"a:r"}), True)
    assert reading("SELECT $this WHERE { $this e:p ?v } GROUP BY $this".replace("e:p", "<a:p>")) is not None
    anything = reading("SELECT $this WHERE { $this ?p ?v . FILTER (STR(?v) = 'a') }")
    assert anything is not None
    assert anything.own is None
    assert (anything.is_open, read.is_open) == (True, False)


@pytest.mark.parametrize(("pattern", "flags"), [*product(PATTERNS, sorted(set(FLAGS)))])
def test_patterns_match_alike(pattern: str, flags: str) -> None:
    """What is said to be matched alike is, by Python and by Rust, for all that is not unusual."""
    doubts = doubts_about(pattern, flags)
    if doubts is None:
        assert flags not in {"", "i"} or pattern not in {"^a$", "a|b", r"\s"}
        return
    for text in TEXTS:
        if not is_unusual(Literal(text), doubts):
            told = f"REGEX({Literal(text)}, {Literal(pattern)}, '{flags}')"
            rows = Store().query(f"SELECT ?found {{ BIND ({told} AS ?found) }}")
            assert isinstance(rows, QuerySolutions)
            found = bool(re.search(pattern, text, re.IGNORECASE if flags else re.NOFLAG))
            assert [str(row["found"].value) for row in rows] == [str(found).lower()], (pattern, text)


def test_what_is_unusual() -> None:
    """Blank nodes are always unusual, and letters folded in one table only where that matters."""
    assert is_unusual(BlankNode(), frozenset())
    assert not is_unusual(Literal("\u212a"), frozenset({"end"}))
    assert is_unusual(Literal("\u212a"), frozenset({"fold"}))
    assert doubts_about("(a", "") is None
    assert doubts_about("a)", "") is None
    assert doubts_about("a" * 5000, "") is None
    assert doubts_about("\u00e9", "i") is None
    assert doubts_about("[b-a]", "") is None


@pytest.mark.parametrize(
    "shape",
    [
        "sh:minCount 1.0",
        "sh:minCount 0, 1",
        "sh:lessThan 'x'",
        "sh:or ()",
        "sh:in [ rdf:first 1 ; rdf:rest 2 ]",
        "sh:in [ rdf:first 1, 2 ; rdf:rest () ]",
        "sh:sparql 'x'",
        "sh:sparql [ sh:prefixes 'x' ; sh:select 'SELECT $this { $this ex:p 1 }' ]",
        "sh:sparql [ sh:select 'SELECT $this { $this rdfs:label 1 }' ]",
        "sh:sparql [ sh:deactivated true ; sh:select 'SELECT $this { $this rdfs:label ?x }' ]",
        "sh:sparql [ sh:deactivated 'true' ; sh:select 'SELECT $this { $this rdfs:label ?x }' ]",
        "sh:minInclusive ex:a",
        "sh:node [ sh:path ex:q ]",
        "sh:qualifiedMinCount 1",
        "sh:languageIn ( '*' )",
        "sh:not [ sh:languageIn ( 'de-AT' ) ]",
        "sh:not [ sh:datatype rdfs:Literal ]",
        "sh:not [ sh:closed true ; sh:ignoredProperties ( ex:p ) ]",
    ],
)
@pytest.mark.parametrize("path", ["ex:p", "[ sh:inversePath ex:p ]"])
def test_malformed_shapes(shape: str, path: str) -> None:
    """A shape that pySHACL refuses is refused, and one that it takes in its own way is taken so."""
    data = turtle(
        "ex:a ex:p 1 , 'x'@de-AT-1996 , ex:b ; ex:q 3 . ex:b a rdfs:Resource . [ ex:p ex:c ] ex:q 'd' ."
    )
    shapes = property_shape(shape, path)
    assert screened(data, shapes) == plain(data, shapes)


def test_paths_deeper_than_any() -> None:
    """A path that leads into itself is walked by nobody."""
    shapes = turtle("ex:S sh:path _:p . _:p sh:zeroOrMorePath _:p .")
    path = shapes.value(next(iter(shapes.subjects)), SH.path) or next(t.object for t in shapes)
    assert walk_of(shapes, path) is None  # type: ignore[arg-type]


def test_shapes_deeper_than_pyshacl_goes() -> None:
    """Shapes within each other deeper than pySHACL goes are refused, as it does, where they are reached."""
    inner = "sh:nodeKind sh:IRI"
    for _ in range(16):
        inner = f"sh:node [ {inner} ]"
    data, shapes = turtle("ex:a ex:p ex:b ."), property_shape(inner)
    assert screened(data, shapes) == plain(data, shapes) == FAILED


def test_class_that_is_a_shape_of_its_own_kind() -> None:
    """A shape that is an instance of a class of classes is a class: its instances are its focus nodes."""
    shapes = turtle(
        "ex:Kind rdfs:subClassOf rdfs:Class . ex:City a ex:Kind , sh:NodeShape ; sh:property ex:P . "
        "ex:P sh:path ex:p ; sh:minCount 1 ."
    )
    data = turtle("ex:a a ex:City .")
    assert screened(data, shapes) == plain(data, shapes) != set()


@pytest.mark.parametrize("text", ["08:00:00", "08:00:00\\\\n"])
def test_last_line_break(text: str) -> None:
    """A pattern with an end finds what has a line break after it, since Python does."""
    query = "SELECT $this ?value WHERE { $this ex:p ?value . FILTER (REGEX(STR(?value), '^[0-9:]+$')) }"
    data = turtle(f'ex:a ex:p "{text}" .'.replace("\\\\", "\\"))
    assert screened(data, query_shape(query)) == plain(data, query_shape(query)) != set()


def test_query_that_is_not_sparql() -> None:
    """A query that cannot be read is told of as what it is."""
    with pytest.raises(ShapesError, match="is not SPARQL"):
        validation_results(turtle("ex:a ex:p 1 ."), query_shape("SELECT $this WHERE { $this ex:p }"))


MANY = """
@prefix ex: <https://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
ex:near sh:targetSubjectsOf ex:p ; sh:sparql [ sh:message "Nej" ;
    sh:select "SELECT $this WHERE { $this <https://example.org/p> <https://example.org/bad> }" ] .
ex:open sh:targetSubjectsOf ex:q ; sh:sparql [ sh:message "Nej" ;
    sh:select "SELECT $this WHERE { $this ?p <https://example.org/bad> }" ] .
"""


@pytest.mark.parametrize("count", [3, 100])
def test_few_and_many_focus_nodes_are_judged_alike(count: int) -> None:
    """A query is asked for each of a few focus nodes, and once for many; the results are pySHACL's."""
    shapes = Graph(quad.triple for quad in parse(MANY.encode(), format=RdfFormat.TURTLE))
    space = "https://example.org/"
    number = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    told: list[Triple] = []
    for one in range(count):
        node, value = NamedNode(f"{space}n{one}"), NamedNode(f"{space}{'good' if one % 3 else 'bad'}")
        told += [Triple(node, NamedNode(f"{space}p"), value), Triple(node, NamedNode(f"{space}q"), value)]
        told.append(Triple(node, NamedNode(f"{space}number"), Literal(f"0{one}", datatype=number)))
    data = Graph(told)
    found = {result.key for result in validation_results(data, shapes)}
    assert found == {result.key for result in all_results(data, shapes)}
    assert len(found) == 2 * len(range(0, count, 3))


def test_mirrored_graph() -> None:
    """The graph as pySHACL sees it answers each kind of pattern, those too that can match nothing."""
    one = Triple(NamedNode("a:s"), NamedNode("a:p"), NamedNode("a:o"))
    mirrored = _mirrored(Graph([one]))
    told = (rdflib.URIRef("a:s"), rdflib.URIRef("a:p"), rdflib.URIRef("a:o"))
    assert list(mirrored.triples((None, None, told[2]))) == [told]
    assert list(mirrored.triples((None, None, None))) == [told]
    assert list(mirrored.triples((rdflib.URIRef("no IRI"), None, None))) == []
    assert list(mirrored.triples((rdflib.Literal("a:s"), None, None))) == []
    assert list(mirrored.triples((None, None, rdflib.Literal("a:o", datatype=rdflib.XSD.string)))) == []
