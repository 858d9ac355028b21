"""A graph in one order; and any graph, as odd as RDF allows, survives being written and read."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
)

from twintowns.formatting import format_text, formatted
from twintowns.graph import Graph, Node
from twintowns.jsonld import Context, dataset_document, read_context, resource_document
from twintowns.nesting import Nesting
from twintowns.pieces import Pieces
from twintowns.project import packaged
from twintowns.turtle import TurtleWriter
from twintowns.vocabulary import PREFIXES, RDF, SCHEMA, SKOS, TT, WD, WDT, XSD, A
from twintowns.writing import n_triples

WRITER = TurtleWriter(PREFIXES)
CONTEXT = read_context(packaged("ontology") / "context.jsonld")
BARE = Context({"@context": {"@version": 1.1}})
ODD = (
    "https://schema.org/",
    "https://schema.org/name.",
    "https://schema.org/a.b-c",
    "https://schema.org/-a",
    "https://schema.org/a/b",
    "https://schema.org/a%2Fb",
    "https://w3id.org/twintowns/kind/x?y=z&a=(b)",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#nil",
    "https://example.org/it's,a;b!~*$=@",
    "https://example.org/Älvdalen/東京/🏞",
    "http://example.org//..//./",
    "urn:isbn:0",
    "mailto:x@example.org",
    "https://w3id.org/twintowns/ns#kind",
    "https://w3id.org/twintowns/ns#",
    "https://schema.org//x",
)
LEXICAL = (
    "1",
    "01",
    "+1",
    "-0",
    "1.",
    ".5",
    "1.50",
    "-.5",
    "1e3",
    "true",
    "TRUE",
    "1",
    "",
    "2000",
    "NaN",
    "x",
)
DATATYPES = ("integer", "decimal", "boolean", "double", "date", "gYear", "time", "anyURI", "string")

iris = st.one_of(
    st.sampled_from(ODD),
    st.from_regex(r"https://(schema\.org|example\.org)/[A-Za-z0-9_.~%'()-]{0,6}", fullmatch=True).filter(
        lambda iri: "%" not in iri
    ),
).map(NamedNode)
predicates = st.one_of(
    iris, st.sampled_from([A, SCHEMA.name, SCHEMA.about, SCHEMA.latitude, SKOS.prefLabel, TT.kind, WDT.P190])
)
BLANK_NODES = [BlankNode(f"b{number}") for number in range(5)]
blank_nodes = st.sampled_from(BLANK_NODES)
texts = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ['"', "\\", '"""', "SELECT {\n}\n", 'a\n{"\\', "\u2028\u202e\ufeff", "\r\n\t\b\f\0", "<b>&", "'''"]
    ),
)
literals = st.one_of(
    texts.map(Literal),
    st.builds(lambda text, tag: Literal(text, language=tag), texts, st.sampled_from(["sv", "zh-hant", "en"])),
    st.builds(
        lambda text, name: Literal(text, datatype=XSD[name]),
        st.one_of(st.sampled_from(LEXICAL), texts),
        st.sampled_from(DATATYPES),
    ),
    st.builds(lambda text, datatype: Literal(text, datatype=datatype), texts, iris),
)
subjects = st.one_of(iris, blank_nodes, st.sampled_from([WD.Q1, WD.Q2]))
terms = st.one_of(subjects, literals)


@st.composite
def collections(draw: DrawFn) -> list[Triple]:
    """Draw a collection that something leads to, whole or not."""
    number = draw(st.integers(0, 99))
    members = draw(st.lists(terms, max_size=3))
    cells: list[Node] = [BlankNode(f"list{number}x{place}") for place in range(len(members))]
    ends = [*cells[1:], RDF.nil]
    triples = [Triple(draw(subjects), draw(predicates), cells[0] if cells else RDF.nil)]
    for cell, member, rest in zip(cells, members, ends, strict=False):
        triples += [Triple(cell, RDF.first, member), Triple(cell, RDF.rest, rest)]
    if draw(st.booleans()):
        return triples
    return [*triples, Triple(draw(st.sampled_from([*cells, WD.Q1])), draw(predicates), draw(terms))]


triples = st.builds(Triple, subjects, predicates, terms)
graphs = st.builds(
    lambda loose, lists: Graph([*loose, *(triple for one in lists for triple in one)]),
    st.lists(triples, max_size=8),
    st.lists(collections(), max_size=2),
)


def _canonical(told: Iterable[Quad | Triple]) -> frozenset[str]:
    """Return the triples in canonical form (RDFC-1.0), so that isomorphic graphs are equal."""
    dataset = Dataset(Quad(one.subject, one.predicate, one.object) for one in told)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return frozenset(str(quad) for quad in dataset)


@settings(deadline=None)
@given(graphs)
def test_turtle(graph: Graph) -> None:
    """A graph that is written as Turtle and read again is the same graph."""
    assert _canonical(parse(WRITER.document(graph), format=RdfFormat.TURTLE)) == _canonical(graph)


@settings(deadline=None)
@given(graphs)
def test_n_triples(graph: Graph) -> None:
    """A graph that is written as N-Triples and read again is the same graph."""
    assert _canonical(parse(n_triples(graph), format=RdfFormat.N_TRIPLES)) == _canonical(graph)


@settings(deadline=None)
@given(graphs, st.sampled_from([CONTEXT, BARE]))
def test_json_ld_of_dataset(graph: Graph, context: Context) -> None:
    """A graph that is written as a flat JSON-LD document and read again is the same graph."""
    written = Pieces().joined(dataset_document("", context, graph))
    assert _canonical(parse(written, format=RdfFormat.JSON_LD)) == _canonical(graph)


@settings(deadline=None)
@given(graphs, st.data(), st.sampled_from([CONTEXT, BARE]))
def test_json_ld_of_resource(graph: Graph, data: st.DataObject, context: Context) -> None:
    """A graph that is framed around any of its resources and read again is the same graph."""
    named = [node for node in graph.subjects if isinstance(node, NamedNode)]
    root = data.draw(st.sampled_from([*named, WD.Q1]))
    written = resource_document(context, graph, root)
    assert _canonical(parse(written, format=RdfFormat.JSON_LD)) == _canonical(graph)


@settings(deadline=None)
@given(graphs)
def test_formatting(graph: Graph) -> None:
    """The canonical form of a file is the same graph, and formatting it again changes nothing."""
    once = format_text(n_triples(graph))
    assert _canonical(parse(once, format=RdfFormat.TURTLE)) == _canonical(graph)
    assert format_text(once.encode()) == once


@settings(deadline=None)
@given(graphs)
def test_formatting_does_not_depend_on_labels(graph: Graph) -> None:
    """Files of one graph, whose blank nodes have other labels, have one canonical form."""
    renamed = Graph(_renamed(triple) for triple in graph)
    assert format_text(n_triples(renamed)) == format_text(n_triples(graph))


def _renamed(triple: Triple) -> Triple:
    ends = [
        BlankNode(f"z{5 - int(end.value[1:])}") if end in BLANK_NODES and isinstance(end, BlankNode) else end
        for end in (triple.subject, triple.object)
    ]
    return Triple(ends[0], triple.predicate, ends[1])  # type: ignore[arg-type]


@settings(deadline=None)
@given(graphs)
def test_nesting(graph: Graph) -> None:
    """A nested blank node is mentioned once, and every subject is written once: as a root or below one."""
    nesting = Nesting(graph)
    written: list[object] = []
    waiting: list[object] = list(nesting.roots())
    while waiting:
        node = waiting.pop()
        written.append(node)
        if isinstance(node, NamedNode | BlankNode):
            waiting += [t.object for t in graph.about(node) if nesting.is_nested(t.object)]
    assert sorted(map(str, written)) == sorted(map(str, graph.subjects))


@settings(deadline=None)
@given(st.lists(triples, max_size=8))
def test_order(stated: list[Triple]) -> None:
    """A graph holds each triple once, in the order of N-Triples, however they come."""
    graph = Graph([*stated, *reversed(stated)])
    assert list(graph) == sorted(set(stated), key=str) == list(Graph(reversed(stated)))
    assert len(graph) == len(set(stated))


@settings(deadline=None)
@given(st.lists(triples, max_size=8))
def test_indexes(stated: list[Triple]) -> None:
    """What is found by subject and by object is what is stated."""
    graph = Graph(stated)
    assert [t for subject in graph.subjects for t in graph.about(subject)] == list(graph)
    assert all(subject in graph for subject in graph.subjects)
    assert {t for t in graph if not isinstance(t.object, Literal)} == {
        t for one in graph for t in _pointing(graph, one.object)
    }
    for triple in graph:
        assert isinstance(triple.subject, NamedNode | BlankNode)
        assert triple.object in graph.values(triple.subject, triple.predicate)
        assert triple in graph.by_predicate(triple.subject)[triple.predicate]
        assert (
            graph.value(triple.subject, triple.predicate) == graph.values(triple.subject, triple.predicate)[0]
        )


def _pointing(graph: Graph, node: object) -> Iterable[Triple]:
    return graph.pointing_at(node) if isinstance(node, NamedNode | BlankNode) else ()


def test_what_is_not_stated() -> None:
    """Of what is not stated nothing is found."""
    graph = Graph([Triple(WD.Q1, SCHEMA.name, Literal("x"))])
    assert WD.Q2 not in graph
    assert list(graph.about(WD.Q2)) == list(graph.pointing_at(WD.Q2)) == []
    assert graph.value(WD.Q1, SCHEMA.about) is None
    assert graph.values(WD.Q2, SCHEMA.name) == []


def test_instances() -> None:
    """The instances of a class are those that state it as their type."""
    stated = [Triple(WD.Q1, A, SCHEMA.City), Triple(WD.Q2, SCHEMA.about, SCHEMA.City)]
    assert Graph(stated).instances(SCHEMA.City) == [WD.Q1]


@settings(deadline=None)
@given(texts)
def test_formatting_of_files(text: str) -> None:
    """A file is told apart from its canonical form, and is canonical once it has it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a-b.ttl"
        path.write_bytes(
            n_triples([Triple(WD.Q1, SCHEMA.name, Literal(text)), Triple(WD.Q1, A, BlankNode("x"))])
        )
        changed = formatted(path, PREFIXES)
        assert not changed.is_canonical
        path.write_text(changed.after, encoding="utf-8", newline="")
        assert formatted(path, PREFIXES).is_canonical


def test_graph_of_many_subjects_forgets_and_finds_again() -> None:
    """What is stated of a subject is found by its predicates, however many others were asked for."""
    graph = Graph(Triple(WD[f"Q{n}"], SCHEMA.name, Literal(str(n))) for n in range(2000))
    for n in (*range(2000), *range(2000)):
        assert graph.value(WD[f"Q{n}"], SCHEMA.name) == Literal(str(n))
