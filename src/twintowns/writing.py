"""Representations: one description, or the whole dataset, in each RDF format that is published.

N-Triples (https://www.w3.org/TR/n-triples/), Turtle, JSON-LD, N-Quads and RDF/XML
(https://www.w3.org/TR/rdf-syntax-grammar/). The same triples give the same bytes, always.
"""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Quad, RdfFormat, Triple, serialize
from pyoxigraph import Dataset as Quads

from twintowns.dataset import Dataset
from twintowns.description import Description
from twintowns.distributions import FOLDER
from twintowns.graph import Graph, Node
from twintowns.jsonld import Context, dataset_document, resource_document
from twintowns.packing import PackedGraph
from twintowns.pieces import Piece, Pieces, Section, Things, Whole
from twintowns.turtle import TurtleWriter

DUMP: Final = f"{FOLDER}twintowns"
"""Where the dumps lie, without their suffixes."""
_END: Final = b"\n</rdf:RDF>"
_AT_ONCE: Final = 4096
"""How many triples are written or hashed at a time."""


class Before(NamedTuple):
    """What is known of the published edition.

    Attributes:
        pieces: What its files are made of.
        changed: Of what anything else is stated since then, if that is known.
    """

    pieces: Pieces
    changed: Container[Node] | None


@dataclass(frozen=True)
class Writers:
    """What it takes to write: the Turtle writer with its prefixes, and the JSON-LD context."""

    turtle: TurtleWriter
    context: Context


def representations(writers: Writers, description: Description) -> dict[str, bytes]:
    """Return a description in each format, by the suffix of its file."""
    graph, nesting = description.graph, description.nesting
    return {
        "ttl": writers.turtle.document(graph, description.subjects, nesting).encode(),
        "jsonld": resource_document(writers.context, graph, description.document, nesting),
        "nt": n_triples(graph),
    }


def dumps(
    writers: Writers, dataset: Dataset, quads: bytes | None = None, before: Before | None = None
) -> Iterator[tuple[str, bytes]]:
    """Yield the whole dataset in each format, after the suffix of its file, one large thing at a time.

    Args:
        writers: What it takes to write.
        dataset: The dataset.
        quads: What `n_quads` returned, where that is known.
        before: What is known of the published edition, if there is one.
    """
    graph, (pieces, changed) = dataset.published, before or Before(Pieces(), None)
    yield "nt", n_triples(graph)
    yield "nq", n_quads(dataset) if quads is None else quads
    for whole in (
        writers.turtle.whole(f"{DUMP}.ttl", graph, changed),
        dataset_document(f"{DUMP}.jsonld", writers.context, graph, changed),
        _rdf_xml_whole(f"{DUMP}.rdf", graph, dataset.names.prefixes(), changed),
    ):
        yield whole.path.removeprefix(f"{DUMP}."), pieces.joined(whole)


def n_triples(triples: Iterable[Triple]) -> bytes:
    """Return triples as N-Triples, in the order given."""
    return b"".join(_encoded(_lines(triples)))


def n_quads(dataset: Dataset) -> bytes:
    """Return the dataset as N-Quads: what was asserted, what was derived and the vocabulary, each a graph."""
    lines = (
        line
        for name in ("asserted", "derived", "vocabulary")
        for line in dataset.published.lines(f" {dataset.names.graph(name)} .\n", name)
    )
    return b"".join(_encoded(lines))


def rdf_xml(triples: Iterable[Triple], prefixes: dict[str, str]) -> bytes:
    """Return triples as RDF/XML."""
    return _serialized(triples, RdfFormat.RDF_XML, prefixes)


def _rdf_xml_whole(
    path: str, graph: Graph, prefixes: dict[str, str], changed: Container[Node] | None
) -> Whole:
    """Tell of which pieces a graph as RDF/XML is made: what is stated of each subject."""
    around = rdf_xml((), prefixes)
    head, end = around.removesuffix(_END), len(_END)

    def make(subject: Node) -> Piece:
        return Piece(rdf_xml(graph.about(subject), prefixes)[len(head) : -end])

    return Whole(
        path, [Section(Things("subjects", list(graph.subjects), changed), make, lambda _: head)], _END
    )


def _lines(triples: Iterable[Triple]) -> Iterator[str]:
    """Go through triples as lines of N-Triples, which is how they are told as texts."""
    return triples.lines(" .\n") if isinstance(triples, PackedGraph) else (f"{one} .\n" for one in triples)


def _encoded(lines: Iterator[str]) -> Iterator[bytes]:
    """Go through lines as bytes, many at a time, so that no more than these is kept."""
    return iter(lambda: "".join(islice(lines, _AT_ONCE)).encode(), b"")


def _serialized(triples: Iterable[Triple], form: RdfFormat, prefixes: dict[str, str] | None = None) -> bytes:
    written = serialize(triples, format=form, prefixes=prefixes)
    assert written is not None  # noqa: S101 - None stands for an output file, and there is none
    return written


def canonical_hash(graph: Graph) -> str:
    """Return the RDFC-1.0 hash of a graph: the SHA-256 of its canonical N-Quads.

    Source: https://www.w3.org/TR/rdf-canon/#canonicalization
    """
    if not any(isinstance(subject, BlankNode) for subject in graph.subjects):
        found = sha256()
        for some in _encoded(_lines(graph)):
            found.update(some)
        return found.hexdigest()
    canonical = Quads(Quad(t.subject, t.predicate, t.object) for t in graph)
    canonical.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    lines = sorted(n_triples(quad.triple for quad in canonical).decode().removesuffix("\n").split("\n"))
    return sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
