"""All that the page of one document says: what it tells of, what points at it, and its neighbours' names.

A description reads no further than this, in the manner of a concise bounded description
(https://www.w3.org/submissions/CBD/): what is said of the document's own IRIs, with the blank nodes below
them; the triples that lead here from elsewhere; and of every neighbour only its types and names, of a
concept in its scheme also its definition, of a twinning when it began and ended. So it is known which
documents an edit can touch.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from twintowns.dataset import Dataset
from twintowns.graph import Graph, Node
from twintowns.nesting import Nesting
from twintowns.vocabulary import NAMES, SCHEMA, SKOS, TT, A

SUMMARY: Final = frozenset((A, *NAMES))
"""The predicates that are read of neighbours."""
_DEFINED: Final = SUMMARY | {SKOS.definition}
"""Those that are read of the concepts of a scheme."""
DATED: Final = frozenset((TT.partner, TT.participant, TT.association, TT.industrialContact))
"""The predicates that lead from a twinning to those that it is of."""
_DATES: Final = frozenset((SCHEMA.startDate, SCHEMA.endDate))
_DATED: Final = SUMMARY | _DATES
"""The predicates that are read of such a twinning."""


@dataclass(frozen=True)
class Description:
    """What one document tells.

    Attributes:
        document: Its IRI.
        subjects: The IRIs that it tells of, its own first.
        own: What is stated of them, blank nodes included.
        incoming: What is stated elsewhere and points at them.
        summaries: Types and names of the neighbours, and what else is read of some of them.
        derived: Those of the triples that were derived.
    """

    document: NamedNode
    subjects: tuple[NamedNode, ...]
    own: tuple[Triple, ...]
    incoming: tuple[Triple, ...]
    summaries: tuple[Triple, ...]
    derived: frozenset[Triple]

    @cached_property
    def parts(self) -> tuple[NamedNode, ...]:
        """The IRIs that it tells of besides its own."""
        return tuple(subject for subject in self.subjects if subject != self.document)

    @cached_property
    def graph(self) -> Graph:
        """Every triple of the description."""
        return Graph((*self.own, *self.incoming, *self.summaries))

    @cached_property
    def nesting(self) -> Nesting:
        """Which of its blank nodes can be written in place."""
        return Nesting(self.graph)

    @cached_property
    def told(self) -> dict[Node, dict[NamedNode, list[Triple]]]:
        """What is stated of each node, by property, as far as it was asked for."""
        return {}


def describe(dataset: Dataset, document: NamedNode) -> Description:
    """Describe one document of a dataset."""
    subjects = tuple(dataset.documents[document])
    own = tuple(_with_blank_nodes(dataset.graph, subjects))
    incoming = tuple(_incoming(dataset, document, subjects))
    neighbours = dict.fromkeys(_neighbours(own, incoming, frozenset(subjects)))
    read = {triple.subject: _DATED for triple in incoming if triple.predicate in DATED}
    read |= {triple.subject: _DEFINED for triple in incoming if triple.predicate == SKOS.inScheme}
    summaries = tuple(
        triple
        for node in neighbours
        for triple in dataset.graph.about(node)
        if triple.predicate in read.get(node, SUMMARY)
    )
    told = frozenset((*own, *incoming, *summaries)) & dataset.derived
    return Description(document, subjects, own, incoming, summaries, told)


def touched(dataset: Dataset, changed: Iterable[Triple]) -> set[NamedNode]:
    """Return the documents whose description can differ when triples came or went.

    Args:
        dataset: The dataset before or after; ask both.
        changed: The triples that only one of the two holds.
    """
    documents: set[NamedNode | None] = set()
    for triple in changed:
        documents.update(_documents_at(dataset, (triple.subject, triple.object)))
        if triple.predicate in _DEFINED:
            documents.update(_documents_at(dataset, _adjacent(dataset.graph, triple.subject)))  # type: ignore[arg-type]
        if triple.predicate in _DATES:
            told = dataset.graph.about(triple.subject)  # type: ignore[arg-type]
            documents.update(_documents_at(dataset, (t.object for t in told if t.predicate in DATED)))
    return {document for document in documents if document in dataset.documents}


def leading_into(dataset: Dataset, documents: Iterable[NamedNode]) -> set[NamedNode]:
    """Return the documents that lead into others, also to parts of which nothing is stated.

    Args:
        dataset: The dataset.
        documents: The others, such as those that came or went: whether they are there, a link shows.
    """
    graph = dataset.packed_graph
    nodes = (node for document in documents for node in graph.within(document))
    tellers = {triple.subject for node in nodes for triple in graph.pointing_at(node)}
    found = {dataset.document_of(teller) for teller in tellers}  # type: ignore[arg-type]
    return {document for document in found if document in dataset.documents}


def _with_blank_nodes(graph: Graph, subjects: Iterable[Node]) -> Iterator[Triple]:
    waiting, seen = list(subjects), set(subjects)
    while waiting:
        for triple in graph.about(waiting.pop(0)):
            yield triple
            if isinstance(triple.object, BlankNode) and triple.object not in seen:
                seen.add(triple.object)
                waiting.append(triple.object)


def _incoming(dataset: Dataset, document: NamedNode, subjects: Iterable[Node]) -> Iterator[Triple]:
    """Find what points here from another document; being an instance of a class is no link to follow."""
    for subject in subjects:
        for triple in dataset.graph.pointing_at(subject):
            if triple.predicate != A and isinstance(triple.subject, NamedNode):
                teller = dataset.document_of(triple.subject)
                if teller is not None and teller != document:
                    yield triple


def _neighbours(own: Iterable[Triple], incoming: Iterable[Triple], told: frozenset[Node]) -> Iterator[Node]:
    for triple in own:
        if isinstance(triple.object, NamedNode) and triple.object not in told:
            yield triple.object
    for triple in incoming:
        yield triple.subject  # type: ignore[misc]


def _adjacent(graph: Graph, node: Node) -> Iterator[Node]:
    for triple in graph.about(node):
        if not isinstance(triple.object, Literal):
            yield triple.object  # type: ignore[misc]
    for triple in graph.pointing_at(node):
        yield triple.subject  # type: ignore[misc]


def _documents_at(dataset: Dataset, nodes: Iterable[object]) -> Iterator[NamedNode | None]:
    for node in nodes:
        if isinstance(node, (NamedNode, BlankNode)):
            yield dataset.document_of(node)
