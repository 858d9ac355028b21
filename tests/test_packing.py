"""A packed graph says what a graph of the same triples says, and which parts they belong to."""

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from test_graph import terms, triples
from twintowns.graph import Graph
from twintowns.packing import PackedGraph
from twintowns.vocabulary import SCHEMA, WD, A

parts = st.fixed_dictionaries({name: st.lists(triples, max_size=8) for name in ("one", "two", "three")})
UNKNOWN = Triple(WD.Q404, WD.Q404, Literal("nowhere"))


@settings(deadline=None)
@given(parts, terms, terms)
def test_same_as_a_graph(told: dict[str, list[Triple]], first: object, second: object) -> None:
    """Whatever is asked of it, a packed graph answers as a graph does, in the same order."""
    packed, graph = PackedGraph(told), Graph(triple for some in told.values() for triple in some)
    assert list(packed) == list(graph)
    assert (len(packed), list(packed.subjects)) == (len(graph), list(graph.subjects))
    nodes = [end for triple in graph for end in (triple.subject, triple.object)]
    for node in (*nodes, first, second):
        if isinstance(node, (NamedNode, BlankNode)):
            assert (node in packed) == (node in graph)
            assert list(packed.about(node)) == list(graph.about(node))
            assert list(packed.told(node)) == list(graph.told(node))
            assert list(packed.pointing_at(node)) == list(graph.pointing_at(node))
            assert packed.by_predicate(node) == graph.by_predicate(node)
            for predicate in {triple.predicate for triple in graph} | {SCHEMA.name}:
                assert packed.values(node, predicate) == graph.values(node, predicate)
                assert packed.leading_to(node, predicate) == graph.leading_to(node, predicate)
    assert list(packed.rows()) == list(graph.rows()) == [(t.subject, t.predicate, t.object) for t in graph]
    predicates = [triple.predicate for triple in graph]
    assert packed.counted() == (len({triple.object for triple in graph}), Counter(predicates))
    for predicate in (*predicates, SCHEMA.name):
        found = [(triple.subject, triple.object) for triple in graph.stating(predicate)]
        assert list(packed.pairs(predicate)) == found
    assert "".join(packed.lines(" .\n")).encode() == serialize(graph, format=RdfFormat.N_TRIPLES)


@given(parts)
def test_terms_in_use(told: dict[str, list[Triple]]) -> None:
    """The predicates and the classes of some parts are found, and of no others."""
    told["one"] = [*told["one"], Triple(WD.Q1, A, WD.Q2)]
    stated = (*told["one"], *told["two"])
    classes = {triple.object for triple in stated if triple.predicate == A}
    assert PackedGraph(told).terms_of("one", "two") == classes | {triple.predicate for triple in stated}


@settings(deadline=None)
@given(parts, triples)
def test_parts(told: dict[str, list[Triple]], strange: Triple) -> None:
    """Each part is the set of triples that it was made of, in their order, whatever the others hold."""
    packed = PackedGraph(told)
    for name, some in told.items():
        part = packed.part(name)
        assert frozenset(part) == frozenset(some)
        assert list(part) == sorted(set(some), key=str)
        assert len(part) == len(set(some))
        quads = (Quad(one.subject, one.predicate, one.object, WD.Q2) for one in part)
        lines = "".join(packed.lines(f" {WD.Q2} .\n", name)).encode()
        assert lines == serialize(quads, format=RdfFormat.N_QUADS)
        assert [triple in part for triple in (*packed, strange, UNKNOWN)] == [
            triple in some for triple in (*packed, strange, UNKNOWN)
        ]
        assert part | {UNKNOWN} == {*some, UNKNOWN}
        assert frozenset([UNKNOWN, *some]) - part == {UNKNOWN}


@settings(deadline=None)
@given(parts)
def test_without_a_part(told: dict[str, list[Triple]]) -> None:
    """What is left without a part is all that does not belong to it, though another part holds it too."""
    packed, gone = PackedGraph(told), set(told["two"])
    left, graph = packed.without("two"), Graph(triple for triple in packed if triple not in gone)
    assert list(left) == list(graph)
    assert [node in left for node in packed.subjects] == [node in graph for node in packed.subjects]
    assert [list(left.pointing_at(node)) for node in packed.subjects] == [
        list(graph.pointing_at(node)) for node in packed.subjects
    ]
    assert frozenset(left.part("one")) == frozenset(told["one"]) - gone


def test_made_once() -> None:
    """The graph whose very parts are given is not made again; with any other part it is."""
    told = {"one": frozenset([UNKNOWN]), "two": frozenset[Triple]()}
    packed = PackedGraph.of(told)
    parts = {name: packed.part(name) for name in told}
    assert PackedGraph.of(parts) is packed
    for other in (
        {"one": parts["one"], "two": frozenset([UNKNOWN])},
        {"one": parts["two"], "two": parts["one"]},
        {"one": parts["one"], "two": PackedGraph.of(told).part("two")},
    ):
        made = PackedGraph.of(other)
        assert made is not packed
        assert [made.part(name) for name in other] == list(other.values())


def test_other_things() -> None:
    """What is no triple belongs to no part, and of a node never mentioned nothing is stated."""
    packed = PackedGraph({"one": [UNKNOWN]})
    assert "nowhere" not in packed.part("one")
    assert packed.values(WD.Q404, SCHEMA.name) == packed.values(WD.Q1, WD.Q404) == []


def inside(graph: PackedGraph) -> dict[str, object]:
    """Return all that a packed graph is."""
    return {name: value for name, value in vars(graph).items() if name != "_told"}


@settings(deadline=None)
@given(parts, parts, parts)
def test_altered_is_as_if_made_anew(
    told: dict[str, list[Triple]], went: dict[str, list[Triple]], came: dict[str, list[Triple]]
) -> None:
    """Whatever comes and goes, an altered graph is the one that is made of such parts."""
    after = {name: (set(told[name]) - set(went[name])) | set(came[name]) for name in told}
    packed = PackedGraph(told)
    before = inside(packed)
    assert inside(packed.altered(went, came)) == inside(PackedGraph(after))
    assert inside(packed) == before


@settings(deadline=None)
@given(parts)
def test_read_is_what_was_written(told: dict[str, list[Triple]]) -> None:
    """A graph that is written and read again is the same, terms of every kind included."""
    packed = PackedGraph(told)
    read = PackedGraph.read(packed.written())
    assert read is not None
    assert inside(read) == inside(packed)


@pytest.mark.parametrize("head", ['"order":"other"', '"width":1'])
def test_written_elsewhere(head: str) -> None:
    """What a machine of another kind wrote is not read."""
    name = head.partition(":")[0]
    written = re.sub(rf"{name}:[^,]*".encode(), head.encode(), PackedGraph({"one": [UNKNOWN]}).written())
    assert PackedGraph.read(written) is None
