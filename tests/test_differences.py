"""What an edit changed, told by the lines of the dumps; and a graph made of another by what came and went."""

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from twintowns.altering import AlteredGraph
from twintowns.dataset import Dataset
from twintowns.differences import difference
from twintowns.graph import Graph
from twintowns.iris import Names
from twintowns.packing import PackedGraph
from twintowns.vocabulary import SCHEMA, WD
from twintowns.writing import n_quads

NAMES = Names("https://example.org/")
NODES = [NamedNode(f"https://example.org/place/Q{number}") for number in range(4)]
ENDS = [*NODES, Literal("Åby\n", language="sv"), Literal("1")]
TRIPLES = st.frozensets(
    st.builds(
        Triple, st.sampled_from(NODES), st.sampled_from([SCHEMA.name, SCHEMA.url]), st.sampled_from(ENDS)
    )
)


def _dataset(asserted: frozenset[Triple], derived: frozenset[Triple]) -> Dataset:
    none = frozenset[Triple]()
    return Dataset(NAMES, asserted, derived - asserted, none, none, {})


def _read(graph: Graph) -> tuple[object, ...]:
    nodes = [node for node in ENDS if isinstance(node, NamedNode)]
    told = [
        (list(graph.about(n)), list(graph.pointing_at(n)), graph.by_predicate(n), n in graph) for n in nodes
    ]
    return list(graph), len(graph), set(graph.subjects), told


@given(TRIPLES, TRIPLES)
def test_altered_graph_is_as_one_made_anew(one: frozenset[Triple], other: frozenset[Triple]) -> None:
    """A graph from which triples went and to which others came is the graph of what is there then."""
    for before in (Graph(one), PackedGraph({"all": one})):
        assert _read(AlteredGraph(before, one - other, other - one)) == _read(Graph(other))
        assert _read(AlteredGraph(before, other, other)) == _read(Graph(one | other))


@given(TRIPLES, TRIPLES, TRIPLES, TRIPLES)
def test_difference_is_what_only_one_states(
    one: frozenset[Triple],
    one_derived: frozenset[Triple],
    other: frozenset[Triple],
    derived: frozenset[Triple],
) -> None:
    """The triples that only one of two editions states, or derives, are found by their lines."""
    before, now = _dataset(one, one_derived), _dataset(other, derived)
    found = difference(n_quads(before), n_quads(now))
    assert found.triples == (before.asserted ^ now.asserted) | (before.derived ^ now.derived)
    earlier = now.altered(found.came, found.went, frozenset())
    assert _read(earlier.graph) == _read(before.graph)
    assert earlier.documents == before.documents


def test_other_items_are_told() -> None:
    """Where a thing is the same as another item than before, another document tells of that."""
    same = frozenset({Triple(NODES[0], SCHEMA.sameAs, WD.Q1)})
    none = frozenset[Triple]()
    assert difference(b"", n_quads(_dataset(same, none))).is_of_other_items
    assert not difference(b"", b"").is_of_other_items
