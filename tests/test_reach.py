"""How far shapes look: what is near is near for certain, and what cannot be told looks far."""

import pytest
from pyoxigraph import Literal, RdfFormat, Triple, parse

from twintowns.graph import Graph
from twintowns.reach import Digests, Reach, is_near_query
from twintowns.vocabulary import DCAT, RDFS, A, Namespace

EX = Namespace("https://example.org/")
PREFIXES = """
@prefix ex: <https://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
DCAT_PREFIX = f"PREFIX dcat: <{DCAT}>\n"


def shapes_of(text: str) -> Graph:
    """Return shapes written in Turtle."""
    return Graph(quad.triple for quad in parse((PREFIXES + text).encode(), format=RdfFormat.TURTLE))


@pytest.mark.parametrize(
    ("text", "is_near"),
    [
        ("ex:s a sh:NodeShape", True),
        ("ex:s sh:path ex:p ; sh:minCount 1", True),
        ("ex:s sh:path ex:p ; sh:class ex:Class", True),
        ("ex:s sh:property ex:inner . ex:inner sh:path ex:p ; sh:class ex:Class", True),
        ("ex:s sh:path ex:p ; sh:or ( [ sh:class ex:One ] [ sh:closed true ] )", True),
        ("ex:s sh:path ex:p ; sh:node [ sh:property [ sh:path ex:q ; sh:minCount 1 ] ]", True),
        ("ex:s sh:path ex:p ; sh:node [ sh:property [ sh:path ex:q ; sh:class ex:Class ] ]", False),
        ("ex:s sh:path ex:p ; sh:property [ sh:path ex:q ; sh:minCount 1 ]", False),
        ("ex:s sh:path [ sh:inversePath ex:p ] ; sh:minCount 1", False),
        ("ex:s sh:path ( ex:p ex:q ) ; sh:minCount 1", False),
        ("ex:s sh:property ex:s", False),
        ("ex:s sh:node ex:t . ex:t sh:not ex:s", False),
        ("ex:s sh:targetObjectsOf ex:p", False),
        ("ex:s sh:qualifiedValueShape ex:t ; sh:qualifiedValueShapesDisjoint true", False),
        ("ex:s sh:whatEver 1", False),
        ('ex:s sh:node "text"', False),
        ("ex:s sh:minCount 1 . ex:component sh:parameter ex:parameter", False),
    ],
)
def test_reach_of_a_shape(text: str, *, is_near: bool) -> None:
    """A shape is near where its constraints read nothing beyond what the values state."""
    assert Reach(shapes_of(f"{text} .")).is_near(EX.s, lambda _shape, _constraint: "") is is_near


@pytest.mark.parametrize(
    ("query", "is_near"),
    [
        ("select $this where { $this <a:p> ?one ; <a:q> ?other . filter(?one < ?other) }", True),
        ("select ?this where { ?this ?path ?value . filter(isLiteral(?value) && strlen(?value) < 3) }", True),
        (DCAT_PREFIX + "select $this where { ?c a dcat:Catalog ; <a:l> ?v . $this <a:p> ?v }", True),
        (
            DCAT_PREFIX
            + "select $this where { $this <a:p> ?v . ?c a dcat:Catalog . filter not exists { ?c <a:l> ?v } }",
            True,
        ),
        ("select $this where { ?c a dcat:Catalog ; <a:l> ?v . $this <a:p> ?v }", False),
        (
            DCAT_PREFIX + "select $this where { $this <a:p> ?v . filter not exists { ?c a dcat:Catalog } "
            "filter not exists { ?c <a:l> ?v } }",
            False,
        ),
        (DCAT_PREFIX + "select $this where { ?c a dcat:Catalogue . $this <a:p> ?v }", False),
        ("select $this where { $this <a:p> ?one . ?one <a:q> ?other }", False),
        ("select $this where { $this <a:p>/<a:q> ?other }", False),
        ("select $this where { $this ^<a:p> ?other }", False),
        ("select $this where { $this <a:p> ?one.?one <a:q> ?other }", False),
        ("select $this where { $this <a:p> ?a.b:c <a:q> ?other }", False),
        ("select $this where { $this <a:p> [ <a:q> ?other ] }", False),
        ("select $this where { $this <a:p> ?one . filter(not exists { ?one <a:q> ?other }) }", False),
        ('select $this where { $this <a:p> """ " . ?x <a:q> ?y . """ }', False),
        ("select $this where { $this <a:p> ?one } group by $this", False),
        ("select $this where { { $this <a:p> ?one } union { $this <a:q> ?one } }", False),
        ("", False),
    ],
)
def test_reach_of_a_query(query: str, *, is_near: bool) -> None:
    """A query is near where each of its statements is about the focus node or about a catalogue."""
    assert is_near_query(query) is is_near


@pytest.mark.parametrize(
    ("query", "is_near"),
    [
        ("select $this where { $this <a:p> ?v } group by $this having (count(?v) > 1)", True),
        ("select $this where { $this <a:p> ?v } group by $this limit 1", False),
        ("select $this where { $this <a:p> ?v } group by $this having (exists { ?v <a:q> ?w })", False),
        ("select $this where { $this <a:p> ?v . ?v <a:q> ?w } group by $this", False),
        ("select $this where { $this <a:p>* ?v } group by $this", False),
        ("select $this where { $this <a:p> ?v filter (not exists { $this <a:q> ?w } || isIRI(?v)) }", True),
        ("select $this where { $this <a:p> ?v filter (isIRI(?v) || exists { ?c a <CATALOGUE> }) }", True),
        (
            "select $this where { ?c a <CATALOGUE> . $this <a:p> ?v filter (not exists { ?c <a:q> ?w }) }",
            True,
        ),
        (
            "select $this { $this <a:p> ?c filter (exists { ?c a <CATALOGUE> } && exists { ?c ?p 1 }) }",
            False,
        ),
        ("select $this where { $this <a:p> ?v } order by $this", False),
    ],
)
def test_reach_of_a_query_read_by_its_tokens(query: str, *, is_near: bool) -> None:
    """What stands in parentheses, and answers that are put together, may lead no further than the rest."""
    shapes = shapes_of("ex:s sh:sparql ex:query .")
    told = query.replace("CATALOGUE", DCAT.Catalog.value)
    assert Reach(shapes).is_near(EX.s, lambda _shape, _constraint: told) is is_near


def test_digest_changes_with_what_is_near_alone() -> None:
    """A digest tells of the node and of those to which it leads, and of nothing beyond or before."""
    own = [Triple(EX.a, EX.p, EX.b), Triple(EX.b, EX.p, EX.c), Triple(EX.z, EX.p, EX.a)]

    def digest(*more: Triple) -> str:
        return Digests(Graph([*own, *more])).of(EX.a)

    assert digest(Triple(EX.c, EX.p, EX.d), Triple(EX.z, EX.q, EX.a)) == digest()
    assert digest(Triple(EX.a, EX.q, Literal("x"))) != digest()
    assert digest(Triple(EX.b, EX.q, Literal("x"))) != digest()


def test_what_matters_to_all() -> None:
    """Subclasses and catalogues are part of what is shared, and nothing else is."""
    told = [Triple(EX.One, RDFS.subClassOf, EX.Two), Triple(EX.c, A, DCAT.Catalog), Triple(EX.c, EX.p, EX.d)]
    near, far = Triple(EX.a, EX.p, EX.b), Triple(EX.x, EX.p, EX.y)
    assert Digests(Graph([*told, near, far])).shared != Digests(Graph([near, far])).shared
    assert Digests(Graph([*told, near, far])).shared == Digests(Graph(told)).shared
