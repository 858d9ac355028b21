"""Which blank nodes can be written in place, and which of them are lists.

Turtle and JSON-LD both have a short form for a blank node that is mentioned once, and for an RDF
collection (https://www.w3.org/TR/rdf-schema/#ch_collectionvocab).
"""

from collections.abc import Iterator
from typing import Final

from pyoxigraph import BlankNode, Triple

from twintowns.graph import Graph, Node, Term
from twintowns.vocabulary import RDF

_CELL: Final = {RDF.first, RDF.rest}


class Nesting:
    """The blank nodes of a graph that can be written where they are mentioned.

    Args:
        graph: The graph to be written.
    """

    def __init__(self, graph: Graph) -> None:
        """Find the blank nodes that are mentioned once, and not only by each other."""
        self._graph: Final = graph
        blank = [subject for subject in graph.subjects if isinstance(subject, BlankNode)]
        self._nested: Final = {node for node in blank if len(list(graph.pointing_at(node))) == 1}
        if not self._nested:
            return
        reached = set(self._reached())
        for node in blank:
            if node in self._nested and node not in reached:
                self._nested.discard(node)
                reached.update(self._below(node))

    def is_nested(self, node: Term | Triple) -> bool:
        """Tell whether a node is a blank node to be written in place."""
        return node in self._nested

    def roots(self) -> list[Node]:
        """Return the subjects that are not written in place, in their order."""
        return [subject for subject in self._graph.subjects if subject not in self._nested]

    def collection(self, node: Term) -> list[Term] | None:
        """Return the members of the collection that begins at a node, or None where it is none."""
        members: list[Term] = []
        while node != RDF.nil:
            if not self.is_nested(node) or not isinstance(node, BlankNode):
                return None
            cell = {triple.predicate: triple.object for triple in self._graph.about(node)}
            if cell.keys() != _CELL or len(list(self._graph.about(node))) != len(_CELL):
                return None
            members.append(cell[RDF.first])  # type: ignore[arg-type]
            node = cell[RDF.rest]  # type: ignore[assignment]
        return members

    def _reached(self) -> Iterator[Node]:
        for root in self.roots():
            yield from self._below(root)

    def _below(self, node: Node) -> Iterator[Node]:
        """Go through the blank nodes written below a node, itself first."""
        waiting = [node]
        while waiting:
            current = waiting.pop()
            yield current
            below = (triple.object for triple in self._graph.about(current))
            waiting += [end for end in below if isinstance(end, BlankNode) and self._goes_below(end, node)]

    def _goes_below(self, end: BlankNode, start: Node) -> bool:
        return end in self._nested and end != start
