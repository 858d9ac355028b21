"""Likeness: what pySHACL says of one focus node holds for all that are like it."""

import pytest

from test_screening import EX, VALUES, plain, property_shape, query_shape, screened, turtle
from twintowns.graph import Graph
from twintowns.likeness import Likeness, query_reads
from twintowns.screening import Screen

MANY = " ".join(
    f'ex:n{number} ex:q 1 , {number % 3} . ex:m{number} ex:p "{number % 4}"@sv .' for number in range(40)
)
CATALOGUE = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
ex:catalogue a dcat:Catalog ; ex:language "sv" , "en" ; ex:publisher ex:n1 .
"""
MESSAGE = "sh:message 'Mend it.'@en"
CONSTRAINTS = {
    "a count": f"sh:minCount 1 ; {MESSAGE}",
    "a value": f"sh:datatype xsd:integer ; sh:in ( 'x' ) ; {MESSAGE}",
    "the value in the message": "sh:languageIn ( 'en' ) ; sh:message 'Not {$value}, nor {?path}.'@en",
    "another property": f"sh:equals ex:q ; sh:disjoint ex:q ; {MESSAGE}",
    "another property that is no IRI": f"sh:equals 'q' ; {MESSAGE}",
    "no message": "sh:minCount 1",
    "the node in the message": "sh:minCount 1 ; sh:message 'Mend {$this}.'@en",
    "an inner shape": f"sh:node [ sh:nodeKind sh:IRI ] ; {MESSAGE}",
    "no query": f"sh:sparql 'none' ; sh:minCount 1 ; {MESSAGE}",
}
FAR = "SELECT $this WHERE { $this ex:q ?value . ?other ex:q ?value FILTER (?other != $this) }"
LACKS = "FILTER NOT EXISTS { $this ex:p ?text FILTER (LANG(?text) = STR(?value)) }"
QUERIES = {
    "presence": "SELECT $this WHERE { $this ex:q ?class FILTER NOT EXISTS { $this ex:p ?text } }",
    "languages": f"SELECT DISTINCT $this ?value WHERE {{ ?c a dcat:Catalog ; ex:language ?value . {LACKS} }}",
    "values": "SELECT $this ?value WHERE { $this ex:q ?value ; a ?class }",
    "a value that is stated": "SELECT $this WHERE { $this ex:q 1 }",
    "the node itself": "SELECT $this WHERE { $this ex:q ?q FILTER (STRENDS(STR($this), '3')) }",
    "the node as a value": "SELECT $this WHERE { $this ex:q $this }",
    "whatever is stated": "SELECT $this ?value WHERE { $this ?path ?value }",
    "all variables": "SELECT * WHERE { $this ex:q ?value }",
    "a list of values": "SELECT $this WHERE { $this ex:q 0 , 1 }",
    "an IRI": "SELECT $this WHERE { $this <https://example.org/q> ?q }",
    "others": FAR,
    "a comparison without a space": "SELECT $this WHERE { $this ex:q ?v FILTER (1<?v&&?v>1) }",
    "a long string": "SELECT $this WHERE { $this ex:q ?v FILTER ('''x'y'''!='') ?o ex:p ?v FILTER ('b'='b')}",
    "a relative IRI": "BASE <https://example.org/> SELECT $this WHERE { $this <q> ?q . ?q ex:p ?p }",
    "the node in the path": "SELECT $this (IRI(CONCAT(STR($this), 'x')) AS ?path) WHERE { $this ex:q ?v }",
    "the path": "SELECT $this ?path WHERE { $this ex:q ?path }",
}


def queried(query: str) -> Graph:
    """Return a shape with a query and a message that names no node."""
    namespace = '"http://www.w3.org/ns/dcat#"^^xsd:anyURI'
    prefixes = f'ex:prefixes sh:declare [ sh:prefix "dcat" ; sh:namespace {namespace} ] .'
    made = [*query_shape(query), *turtle(f"ex:S-p {MESSAGE} . {prefixes}")]
    return Graph(made)


@pytest.mark.parametrize("constraint", CONSTRAINTS.values(), ids=CONSTRAINTS)
def test_constraints(constraint: str) -> None:
    """Whatever a shape asks for, many nodes of few kinds are told the same as in plain pySHACL."""
    data, shapes = turtle(VALUES + MANY), property_shape(constraint)
    assert screened(data, shapes) == plain(data, shapes)


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_queries(query: str) -> None:
    """Whatever a query reads, many nodes of few kinds are told the same as in plain pySHACL."""
    data, shapes = turtle(VALUES + CATALOGUE + MANY), queried(query)
    assert screened(data, shapes) == plain(data, shapes)


def test_nodes_that_are_themselves_what_is_told() -> None:
    """A node that is its own value, that a blank node describes or that has no name is like no other."""
    loops = "ex:a ex:q ex:a , ex:b . ex:b ex:q ex:a , ex:b ."
    data = turtle(f"{loops} ex:c ex:q [] . ex:d ex:q [] . [] ex:q 1 . [] ex:q 1 .")
    for shapes in (property_shape(f"sh:maxCount 0 ; sh:minCount 1 ; {MESSAGE}", "ex:q"), queried(FAR)):
        assert screened(data, shapes) == plain(data, shapes) != set()


def test_few_are_judged() -> None:
    """Of nodes with the same warning, one is judged."""
    data, shapes = turtle(MANY), property_shape(CONSTRAINTS["a count"])
    screen = Screen(shapes, data)
    suspects = screen.suspects()
    chosen = Likeness(shapes, data, screen.queries.query).chosen(suspects)
    assert sum(map(len, suspects.values())) == 40
    assert sum(map(len, chosen.values())) == 1


def test_messages_of_queries_are_not_those_of_shapes() -> None:
    """Where only a query has a message, the shape's other results have pySHACL's, which names the node."""
    data = turtle("ex:x a ex:C ; ex:q 1 . ex:y a ex:C ; ex:q 1 .")
    select = "PREFIX e: <https://example.org/> SELECT $this WHERE { $this e:q ?v }"
    query = f"sh:sparql [ a sh:SPARQLConstraint ; {MESSAGE} ; sh:select '{select}' ]"
    for constraints, judged in ((f"sh:minCount 1 ; {query}", 2), (query, 1)):
        shapes = property_shape(constraints, "ex:p")
        suspects = {EX["S-p"]: {EX.x, EX.y}}
        chosen = Likeness(shapes, data, Screen(shapes, data).queries.query).chosen(suspects)  # type: ignore[arg-type]
        assert sum(map(len, chosen.values())) == judged


def test_components_are_not_read() -> None:
    """Where constraint components are declared, every node is judged."""
    shapes = Graph([*property_shape(CONSTRAINTS["a count"]), *turtle("ex:c sh:parameter ex:d .")])
    suspects = {EX["S-p"]: {EX.n1, EX.n4}}
    likeness = Likeness(shapes, turtle(MANY), Screen(shapes, turtle(MANY)).queries.query)
    assert likeness.chosen(suspects) == suspects  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "query",
    [
        "PREFIX e: <a:> PREFIX e: <b:> SELECT $this WHERE { $this e:p ?v }",
        "SELECT $this WHERE { $this e:p ?v }",
        "PREFIX e: <a:> SELECT $this WHERE { $this e:p ?v . ?v e:p ?w }",
    ],
)
def test_queries_that_are_not_plain(query: str) -> None:
    """A query whose prefixes are doubtful, or that leads further, is not told to read anything."""
    assert query_reads(query) is None
