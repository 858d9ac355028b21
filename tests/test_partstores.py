"""A query of the shapes finds the same in the data put before it a part at a time as in all of it."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store, Triple, Variable

from test_graph import triples
from twintowns.certainty import reading
from twintowns.graph import Graph
from twintowns.loading import triples_of
from twintowns.packedtriples import PackedTriples, Stated, ends_of, subjects_of
from twintowns.packing import PackedGraph
from twintowns.partstores import PartStores
from twintowns.plainness import Reading, finds_this, is_plain
from twintowns.printing import read_sources
from twintowns.project import Project
from twintowns.queryscreen import QueryScreen
from twintowns.vocabulary import DCAT, SCHEMA, SH, WD, A

NEAR = "SELECT $this WHERE { $this <https://schema.org/name> ?name . FILTER (LANG(?name) = 'sv') }"
OF_CATALOGUE = """PREFIX dcat: <http://www.w3.org/ns/dcat#>
SELECT $this WHERE { ?catalogue a dcat:Catalog . ?catalogue <https://schema.org/about> $this }"""
FAR = (
    "SELECT $this WHERE { $this <https://schema.org/about> ?other . ?other <https://schema.org/name> ?name }"
)
BACKWARDS = """SELECT $this WHERE {
  $this <https://schema.org/name> ?name . FILTER NOT EXISTS { ?other <https://schema.org/about> $this } }"""
WIDE = """SELECT $this WHERE {
  $this ?path ?value . FILTER NOT EXISTS { ?value <https://schema.org/name> ?name } }"""
WIDEST = "SELECT $this WHERE { $this ?path ?value . ?value ?other ?last }"
PATH = (
    "SELECT $this WHERE { $this <https://schema.org/about>+ ?value . ?value <https://schema.org/name> ?name }"
)
GROUPED = """SELECT $this WHERE { $this <https://schema.org/about> ?other }
GROUP BY $this HAVING (COUNT(?other) > 1)"""
QUERIES = (GROUPED, NEAR, OF_CATALOGUE, FAR, BACKWARDS, WIDE, WIDEST, PATH)
NODES = [WD.Q1, WD.Q2, WD.Q3, WD.Q4]

stated = st.lists(
    st.builds(
        Triple,
        st.sampled_from(NODES),
        st.sampled_from([SCHEMA.name, SCHEMA.about, SCHEMA.url]),
        st.sampled_from([*NODES, Literal("a", language="sv"), Literal("b")]),
    )
    | st.builds(Triple, st.sampled_from(NODES), st.just(A), st.just(DCAT.Catalog)),
    max_size=12,
)


def _read(query: str) -> Reading:
    read = reading(query)
    assert read is not None
    return read


def _store(data: Iterable[Triple]) -> Store:
    store = Store()
    store.bulk_extend(Quad(one.subject, one.predicate, one.object) for one in data)
    return store


def _found(store: Store, query: str) -> set[object]:
    return {row["this"] for row in store.query(query)}  # type: ignore[union-attr]


@given(stated, st.integers(1, 6), st.permutations(QUERIES), st.sampled_from(["noted", "not noted"]))
def test_same_as_in_one_store(told: list[Triple], part: int, queries: list[str], notes: str) -> None:
    """However small the parts and whatever was asked before, each query finds what it finds in everything."""
    data = PackedGraph({"data": told})
    whole, stores = _store(data), PartStores(data, part)
    if notes == "noted":
        for query in queries:
            stores.note(query, _read(query))
    for query in queries:
        expected = _found(whole, query)
        for focus in NODES[:2]:
            assert stores.finds(query, _read(query), focus) == (focus in expected)
        assert stores.all_found(query, _read(query)) == expected
        assert stores.finds(query, _read(query), NODES[2]) == (NODES[2] in expected)


def test_what_queries_read() -> None:
    """What a query reads of other things is told apart from what it reads of `$this`."""
    name, about = "https://schema.org/name", "https://schema.org/about"
    assert (_read(NEAR).is_near, _read(NEAR).predicates, _read(NEAR).of_others) == (
        True,
        frozenset([name]),
        frozenset(),
    )
    assert (_read(FAR).predicates, _read(FAR).of_others) == (frozenset([about, name]), frozenset([name]))
    assert (_read(WIDE).predicates, _read(WIDE).of_others) == (None, frozenset([name]))
    assert (_read(WIDEST).predicates, _read(WIDEST).of_others) == (None, None)
    assert _read(PATH).of_others == frozenset([about, name])


@pytest.fixture(scope="module")
def data_and_queries(repository: Path) -> tuple[Graph, list[str]]:
    """Return Ludvika's data, and the queries of the shapes that pyoxigraph answers."""
    sources = read_sources(Project(repository))
    shapes = Graph(triples_of(sources.shapes))
    screen = QueryScreen(shapes, Graph([]))
    asked = [screen.query(one.subject, one.object) for one in shapes.stating(SH.sparql)]  # type: ignore[arg-type]
    known = [one for one in asked if is_plain(one) and reading(one)]
    return Graph(triples_of((*sources.data, *sources.vocabulary))), known


def test_queries_of_shapes(data_and_queries: tuple[Graph, list[str]]) -> None:
    """Each query of our own shapes finds in parts of some hundred triples what it finds in all of them."""
    data, queries = data_and_queries
    whole, stores = _store(data), PartStores(data, 700)
    some = [one for one in data.subjects if isinstance(one, NamedNode)][::40]
    ways = set()
    for query in queries:
        read = _read(query)
        ways.add((read.is_near, read.predicates is None))
        if finds_this(query):
            assert stores.all_found(query, read) == _found(whole, query)
        for focus in some:
            rows = whole.query(query, substitutions={Variable("this"): focus})
            assert stores.finds(query, read, focus) == (next(rows, None) is not None)  # type: ignore[arg-type]
    assert ways == {(True, False), (True, True), (False, True), (False, False)}


@given(st.lists(triples, max_size=8), st.lists(triples, max_size=3))
def test_packed_triples(some: list[Triple], more: list[Triple]) -> None:
    """Triples that are packed are the same, in the same order, and as often."""
    packed = PackedTriples(some)
    assert list(packed) == [packed[place] for place in range(len(packed))] == some
    assert list(packed[1:]) == some[1:]
    assert list(subjects_of(packed)) == list(subjects_of(some))
    joined = Stated([packed, more])
    assert list(joined) == some + more
    assert list(ends_of(joined)) == list(ends_of(some + more))


@given(st.lists(triples, max_size=8))
def test_found_by_property_and_value(some: list[Triple]) -> None:
    """A packed graph and another find the same by property and by value, and have the same ends."""
    graph, packed = Graph(some), PackedGraph({"one": some})
    assert set(graph.ends) == set(packed.ends)
    for triple in some:
        assert list(graph.stating(triple.predicate)) == list(packed.stating(triple.predicate))
        assert list(graph.told_of(triple.object)) == list(packed.told_of(triple.object))  # type: ignore[arg-type]
    assert list(graph.stating(SCHEMA.nothing)) == list(packed.stating(SCHEMA.nothing)) == []
    assert list(graph.told_of(Literal("no"))) == list(packed.told_of(Literal("no"))) == []
