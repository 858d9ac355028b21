"""The whole dataset: what was asserted, what was derived, the vocabulary, and who tells of what.

A document is what has a page: it tells of the IRI that is its own, of the parts of that (fragments), of
the Wikidata item that a place is the same as, and of other people's terms in an alignment.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Final, Self

from pyoxigraph import BlankNode, NamedNode, Triple

from twintowns.altering import AlteredGraph
from twintowns.comparison import Comparison, read_comparison
from twintowns.graph import Graph, Node, Term
from twintowns.iris import Names, is_wikidata_item
from twintowns.loading import SourceFile, triples_of
from twintowns.packing import PackedGraph
from twintowns.vocabulary import AS, DCTERMS, SCHEMA

_REMEMBERED: Final = 2**15
"""Of how many nodes it is kept which document tells of them."""


_PARTS: Final = ("asserted", "derived", "vocabulary", "shapes")


@dataclass(frozen=True)
class Dataset:
    """A publication's triples by where they come from.

    Attributes:
        names: How its things are named.
        asserted: What the curated files state.
        derived: What follows from that by the derivation queries, and was not asserted.
        vocabulary: The ontology, its schemes and alignments.
        shapes: The shapes.
        foreign: Which document tells of an IRI that is not ours.
        compared: How it was found to differ from Wikidata; no part of what it says.
    """

    names: Names
    asserted: AbstractSet[Triple]
    derived: AbstractSet[Triple]
    vocabulary: AbstractSet[Triple]
    shapes: AbstractSet[Triple]
    foreign: Mapping[NamedNode, NamedNode]
    compared: AbstractSet[Triple] = frozenset()

    @cached_property
    def comparison(self) -> Comparison | None:
        """How it differs from Wikidata, if that was looked for."""
        return read_comparison(self.compared) if self.compared else None

    def packed(self) -> Self:
        """Return the same, its triples kept once and in little room."""
        asserted, derived, vocabulary, shapes = map(self.packed_graph.part, _PARTS)
        return replace(self, asserted=asserted, derived=derived, vocabulary=vocabulary, shapes=shapes)

    def altered(
        self, went: Collection[Triple], came: Collection[Triple], compared: AbstractSet[Triple]
    ) -> "Dataset":
        """Return a dataset that differs by a few triples; what was derived in it is not told.

        Args:
            went: What only this dataset holds.
            came: What only the other one does.
            compared: How that was found to differ from Wikidata.
        """
        other = replace(self, asserted=frozenset(), derived=frozenset(), compared=compared)
        graph = AlteredGraph(self.graph, went, came)
        other.__dict__["graph"] = graph
        if graph.has_the_same_subjects:
            other.__dict__["documents"] = self.documents
        return other

    def told_by(self, graph: Graph) -> "Dataset":
        """Return a dataset of which only a graph is known, which is not looked for in any part.

        Args:
            graph: What it tells.
        """
        nothing: frozenset[Triple] = frozenset()
        told = Dataset(self.names, nothing, nothing, nothing, nothing, {})
        told.__dict__["graph"] = graph
        return told

    @cached_property
    def graph(self) -> Graph:
        """All of it, to be read."""
        return self.packed_graph

    @cached_property
    def packed_graph(self) -> PackedGraph:
        """All of it, with the parts that each triple belongs to."""
        return PackedGraph.of({name: getattr(self, name) for name in _PARTS})

    @cached_property
    def published(self) -> PackedGraph:
        """What the dumps hold: all but the shapes."""
        return self.packed_graph.without("shapes")

    @cached_property
    def documents(self) -> dict[NamedNode, list[NamedNode]]:
        """Each document with the IRIs that it tells of, its own first."""
        told: dict[NamedNode, list[NamedNode]] = defaultdict(list)
        for subject in self.graph.subjects:
            if isinstance(subject, NamedNode) and (document := self.document_of(subject)):
                told[document].append(subject)
        return {
            document: _own_first(document, subjects) for document, subjects in sorted(told.items(), key=_iri)
        }

    @cached_property
    def withdrawn(self) -> frozenset[NamedNode]:
        """The documents that only say that a thing is gone.

        Source: https://www.w3.org/TR/activitystreams-vocabulary/#dfn-tombstone
        """
        return frozenset(self.documents.keys() & set(self.graph.instances(AS.Tombstone)))

    @cached_property
    def rights(self) -> tuple[Term | None, Term | None]:
        """Whose the publication is and how it may be used, as its catalogue states."""
        publisher, licence = (
            self.graph.value(self.names.catalogue, one) for one in (DCTERMS.publisher, DCTERMS.license)
        )
        return publisher, licence

    @cached_property
    def document_of(self) -> Callable[[Node], NamedNode | None]:
        """Return the document that tells of a node, if any does; asking again soon is quick."""
        return lru_cache(_REMEMBERED)(self._document_of)

    @cached_property
    def path_of(self) -> Callable[[NamedNode], str]:
        """Return where a document lies in the site, without a suffix; asking again soon is quick."""
        return lru_cache(_REMEMBERED)(self.names.path_of)

    def _document_of(self, node: Node) -> NamedNode | None:
        if isinstance(node, BlankNode):
            return None
        return self.names.document_of(node) or self.foreign.get(node)


def foreign_documents(
    names: Names, data: Iterable[SourceFile], vocabulary: Iterable[SourceFile]
) -> dict[NamedNode, NamedNode]:
    """Find which document tells of which IRI outside the publication.

    Args:
        names: How the publication's things are named.
        data: The curated files: a thing's document tells of the Wikidata item that it is the same as.
        vocabulary: The files of the ontology: an alignment tells of the terms that it is about.
    """
    foreign: dict[NamedNode, NamedNode] = {}
    for triple in triples_of(data):
        if (
            triple.predicate == SCHEMA.sameAs
            and isinstance(triple.object, NamedNode)
            and is_wikidata_item(triple.object)
        ):
            foreign.setdefault(triple.object, teller_of(names, triple))
    for file in vocabulary:
        own = [document for subject in file.subjects if (document := names.document_of(subject))]
        for subject in file.subjects:
            if own and not names.document_of(subject):
                foreign.setdefault(subject, own[0])
    return foreign


def rivals(names: Names, asserted: Iterable[Triple]) -> set[NamedNode]:
    """Return the documents of things of which several are the same item; only the first file's tells of it.

    Args:
        names: How the publication's things are named.
        asserted: What the curated files state.
    """
    tellers: dict[Term, set[NamedNode]] = defaultdict(set)
    for triple in asserted:
        if triple.predicate == SCHEMA.sameAs:
            tellers[triple.object].add(teller_of(names, triple))  # type: ignore[index]
    return {document for several in tellers.values() if len(several) > 1 for document in several}


def teller_of(names: Names, triple: Triple) -> NamedNode:
    """Return the document of a thing that is the same as an item, of which it tells as well.

    Args:
        names: How the publication's things are named.
        triple: That it is the same.
    """
    subject: NamedNode = triple.subject  # type: ignore[assignment]
    return names.document_of(subject) or subject


def _own_first(document: NamedNode, subjects: list[NamedNode]) -> list[NamedNode]:
    return [document, *sorted((s for s in subjects if s != document), key=lambda subject: subject.value)]


def _iri(item: tuple[NamedNode, object]) -> str:
    return item[0].value
