"""Every representation of a resource says the same, whichever library reads it."""

import json
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from pyld import jsonld as pyld  # type: ignore[import-untyped]
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Literal, NamedNode, Quad, RdfFormat, Triple

from twintowns.description import describe
from twintowns.graph import Graph
from twintowns.iris import Names
from twintowns.jsonld import read_context
from twintowns.printing import Press, read_sources
from twintowns.project import Project
from twintowns.schemaorg import SEARCH
from twintowns.turtle import TurtleWriter
from twintowns.vocabulary import PREFIXES, SCHEMA, WD
from twintowns.writing import Writers, canonical_hash, dumps, n_triples, representations

# rdflib's own JSON-LD parser uses a class that rdflib deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

FORMATS = {
    "ttl": (RdfFormat.TURTLE, "turtle"),
    "nt": (RdfFormat.N_TRIPLES, "nt"),
    "jsonld": (RdfFormat.JSON_LD, "json-ld"),
    "rdf": (RdfFormat.RDF_XML, "xml"),
}
SAMPLE = (
    "catalogue",
    "place/Q503184",
    "twinning/Q12434-Q503184",
    "contact-point/ludvika-kommun",
    "article/purpose",
    "vocabulary/kind/twinning",
    "vocabulary/shape/Term",
)
Canonical = frozenset[str]


@pytest.fixture(scope="module")
def documents(site: Path) -> list[str]:
    """Return the paths of the documents of the site, without a suffix."""
    return sorted(path.relative_to(site).as_posix().removesuffix(".nt") for path in site.rglob("*.nt"))


@pytest.fixture(scope="module")
def press(repository: Path) -> Press:
    """Return the press of the first publication."""
    return Press(read_sources(Project(repository)))


@pytest.fixture
def as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let rdflib keep lexical forms as they are written."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


def _canonical(quads: Iterable[Quad]) -> Canonical:
    """Return the canonical triples (RDFC-1.0) of quads, whatever graph they stand in."""
    dataset = ox.Dataset(Quad(q.subject, q.predicate, q.object) for q in quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return frozenset(str(quad.triple) for quad in dataset)


def _by_pyoxigraph(path: Path) -> Canonical:
    return _canonical(ox.parse(path=path, format=FORMATS[path.suffix[1:]][0]))


def _by_rdflib(path: Path) -> Canonical:
    graph = rdflib.Graph(bind_namespaces="none").parse(path, format=FORMATS[path.suffix[1:]][1])
    return _canonical(ox.parse(graph.serialize(format="nt"), format=RdfFormat.N_TRIPLES))


def _by_pyld(path: Path) -> Canonical:
    written = pyld.to_rdf(json.loads(path.read_bytes()), {"format": "application/n-quads"})
    return _canonical(ox.parse(written, format=RdfFormat.N_QUADS))


def _files(site: Path, name: str, suffixes: str) -> Iterator[Path]:
    return (site / f"{name}.{suffix}" for suffix in suffixes.split())


def test_representations_by_pyoxigraph(site: Path, documents: list[str]) -> None:
    """Turtle, JSON-LD and N-Triples of every document are the same graph to pyoxigraph."""
    assert len(documents) > 100
    for name in documents:
        graphs = {_by_pyoxigraph(path) for path in _files(site, name, "ttl jsonld nt")}
        assert len(graphs) == 1, name
        assert graphs != {frozenset()}, name


@pytest.mark.uncovered
@pytest.mark.usefixtures("as_written")
def test_representations_by_rdflib(site: Path, documents: list[str]) -> None:
    """Turtle, JSON-LD and N-Triples of every document are to rdflib the graph that they are to pyoxigraph."""
    for name in documents:
        wanted = _by_pyoxigraph(site / f"{name}.nt")
        for path in _files(site, name, "ttl jsonld nt"):
            assert _by_rdflib(path) == wanted, path.name


@pytest.mark.parametrize("name", SAMPLE)
def test_representations_by_pyld(site: Path, name: str) -> None:
    """The JSON-LD of a document is to PyLD the graph that its N-Triples are."""
    assert _by_pyld(site / f"{name}.jsonld") == _by_pyoxigraph(site / f"{name}.nt")


@pytest.mark.usefixtures("as_written")
@pytest.mark.parametrize("suffix", FORMATS)
def test_dumps(site: Path, suffix: str) -> None:
    """The dump is the same graph in every format, to pyoxigraph and to rdflib."""
    wanted = _by_pyoxigraph(site / "dump/twintowns.nt")
    assert len(wanted) > 2000
    assert _by_pyoxigraph(site / f"dump/twintowns.{suffix}") == wanted
    assert _by_rdflib(site / f"dump/twintowns.{suffix}") == wanted


def test_quads(site: Path) -> None:
    """The graphs of the N-Quads dump are three, share no triple, and make up the whole."""
    quads = list(ox.parse(path=site / "dump/twintowns.nq", format=RdfFormat.N_QUADS))
    names = Names("https://w3id.org/twintowns/ludvika/")
    graphs = {names.graph(name) for name in ("asserted", "derived", "vocabulary")}
    assert {quad.graph_name for quad in quads} == graphs
    assert len({quad.triple for quad in quads}) == len(quads)
    assert _canonical(quads) == _by_pyoxigraph(site / "dump/twintowns.nt")


def test_every_triple_is_told_by_a_document(site: Path, documents: list[str]) -> None:
    """The documents together tell the whole dump, and no more but for the shapes."""
    told = frozenset[str]().union(
        *(_by_pyoxigraph(site / f"{name}.nt") for name in documents if "vocabulary/shape" not in name)
    )
    assert _by_pyoxigraph(site / "dump/twintowns.nt") <= told


def test_context(site: Path, repository: Path) -> None:
    """Every JSON-LD file but the search engines' view carries the published context, word for word."""
    published = json.loads((repository / "ontology/context.jsonld").read_bytes())["@context"]
    found = (path for path in site.rglob("*.jsonld") if path.name != "context.jsonld")
    files = [path for path in found if not path.name.endswith(f".{SEARCH}")]
    assert len(files) > 100
    for path in files:
        assert json.loads(path.read_bytes())["@context"] == published, path
    assert (site / "vocabulary/context.jsonld").read_bytes() == (
        repository / "ontology/context.jsonld"
    ).read_bytes()


@pytest.mark.parametrize("name", SAMPLE)
def test_compaction(site: Path, name: str) -> None:
    """PyLD compacts the expanded document to the very terms and values that stand in it."""
    document = json.loads((site / f"{name}.jsonld").read_bytes())
    compacted = pyld.compact(pyld.expand(document), {"@context": document["@context"]})
    assert _normal(compacted) == _normal(document)


def _normal(value: Any) -> Any:  # noqa: ANN401 - JSON is whatever it is
    """Return JSON without what makes no difference: the order, and whether one value is a list of one."""
    if isinstance(value, list) and len(value) == 1:
        return _normal(value[0])
    if isinstance(value, list):
        return sorted((_normal(one) for one in value), key=lambda one: json.dumps(one, sort_keys=True))
    if isinstance(value, dict):
        return {name: told if name == "@context" else _normal(told) for name, told in sorted(value.items())}
    return value


@pytest.mark.parametrize("seed", range(3))
def test_order_of_triples(press: Press, repository: Path, seed: int) -> None:
    """The bytes do not depend on the order in which triples come."""
    context = read_context(repository / "ontology/context.jsonld")
    writers = Writers(TurtleWriter(press.dataset.names.prefixes()), context)
    shuffled = list(press.dataset.published)
    Random(seed).shuffle(shuffled)  # noqa: S311 - no secret
    assert writers.turtle.document(Graph(shuffled)) == writers.turtle.document(press.dataset.published)
    assert n_triples(Graph(shuffled)) == n_triples(press.dataset.published)
    assert canonical_hash(Graph(shuffled)) == canonical_hash(press.dataset.published)


def test_formats(press: Press, repository: Path) -> None:
    """A resource comes in three formats, the dataset in five."""
    context = read_context(repository / "ontology/context.jsonld")
    writers = Writers(TurtleWriter(press.dataset.names.prefixes()), context)
    description = describe(press.dataset, press.dataset.names.catalogue)
    assert set(representations(writers, description)) == {"ttl", "jsonld", "nt"}
    assert set(dict(dumps(writers, press.dataset))) == {"ttl", "jsonld", "nt", "nq", "rdf"}


def test_canonical_hash(site: Path) -> None:
    """The manifest's hash is that of the canonical N-Quads which RDFC-1.0 makes of the dump."""
    quads = list(ox.parse(path=site / "dump/twintowns.nt", format=RdfFormat.N_TRIPLES))
    dataset = ox.Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    lines = sorted(f"{quad.triple} .\n" for quad in dataset)
    manifest = json.loads((site / "manifest.json").read_bytes())
    assert manifest["dataset"]["rdfc-1.0"] == sha256("".join(lines).encode()).hexdigest()
    assert manifest["dataset"]["triples"] == len(lines)


def test_canonical_hash_of_pyld() -> None:
    """The hash of a graph of difficult texts is the one that PyLD, a reference implementation, finds."""
    text = 'tab\t "quote" back\\slash\nline\rnext\x85separator\u2028 ö 🏞'
    iri = "https://example.org/å"
    graph = Graph(
        [
            Triple(WD.Q1, SCHEMA.name, Literal(text)),
            Triple(WD.Q1, SCHEMA.name, Literal("ö", language="sv")),
            Triple(WD.Q1, SCHEMA.sameAs, NamedNode(iri)),
        ]
    )
    document = {
        "@id": WD.Q1.value,
        SCHEMA.name.value: [text, {"@value": "ö", "@language": "sv"}],
        SCHEMA.sameAs.value: {"@id": iri},
    }
    normal = pyld.normalize(document, {"algorithm": "URDNA2015", "format": "application/n-quads"})
    assert canonical_hash(graph) == sha256(normal.encode()).hexdigest()


def test_canonical_escapes() -> None:
    """Control characters are hashed as RDFC-1.0 escapes them (PyLD follows the draft before it)."""
    graph = Graph([Triple(WD.Q1, SCHEMA.name, Literal("\x00\x08\x0b\x0c\x1f\x7f"))])
    line = rf'{WD.Q1} {SCHEMA.name} "\u0000\b\u000B\f\u001F\u007F" .'
    assert canonical_hash(graph) == sha256(f"{line}\n".encode()).hexdigest()


@pytest.mark.parametrize("write", [n_triples, lambda graph: TurtleWriter(PREFIXES).document(graph).encode()])
def test_blank_nodes_keep_their_names(write: Callable[[Graph], bytes]) -> None:
    """A blank node that is mentioned twice is written under one name."""
    node = BlankNode("shared")
    graph = Graph([Triple(WD.Q1, SCHEMA.about, node), Triple(WD.Q2, SCHEMA.about, node)])
    assert write(graph).count(b"_:shared") == 2


def test_canonical_hash_does_not_depend_on_labels() -> None:
    """Two graphs that differ in the labels of their blank nodes only have one hash."""
    one, other = (
        Graph(
            [Triple(WD.Q1, SCHEMA.geo, BlankNode(label)), Triple(BlankNode(label), SCHEMA.name, Literal("x"))]
        )
        for label in ("a", "b")
    )
    assert canonical_hash(one) == canonical_hash(other)
    assert canonical_hash(one) != canonical_hash(Graph([Triple(WD.Q1, SCHEMA.geo, BlankNode("a"))]))
