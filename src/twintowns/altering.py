"""A graph from which a few triples went and to which a few came, seen through the graph as it was.

To read it costs hardly more than to read the other, and to make it as much as the few triples do.
"""

from collections.abc import Collection, Iterable, Iterator
from heapq import merge
from typing import Final

from pyoxigraph import Triple

from twintowns.graph import Graph, Node


class AlteredGraph(Graph):
    """A graph that differs from another by a few triples.

    Args:
        other: The other graph.
        went: What only that one holds.
        came: What only this one does.
    """

    def __init__(self, other: Graph, went: Collection[Triple], came: Collection[Triple]) -> None:
        """Know the few triples."""
        super().__init__(came)
        self._other: Final = other
        self._changed: Final = frozenset((*went, *came))
        self._subjects: Final = frozenset(triple.subject for triple in self._changed)
        self._objects: Final = frozenset(triple.object for triple in self._changed)

    @property
    def has_the_same_subjects(self) -> bool:
        """Whether the other graph tells of the same."""
        return all((subject in self) == (subject in self._other) for subject in self._subjects)

    def __len__(self) -> int:
        """Return how many triples there are."""
        return sum(1 for _ in self)

    def __iter__(self) -> Iterator[Triple]:
        """Go through the triples in their order."""
        return merge(self._kept(self._other), super().__iter__(), key=str)

    def __contains__(self, subject: object) -> bool:
        """Tell whether anything is stated of a subject."""
        if subject in self._subjects:
            return any(self.about(subject))  # type: ignore[arg-type]
        return subject in self._other

    @property
    def subjects(self) -> Iterable[Node]:
        """The subjects, in their order."""
        return dict.fromkeys(triple.subject for triple in self).keys()  # type: ignore[return-value]

    def about(self, subject: Node) -> Iterable[Triple]:
        """Return the triples with that subject."""
        told = self._other.about(subject)
        if subject not in self._subjects:
            return told
        return sorted((*self._kept(told), *super().about(subject)), key=str)

    def pointing_at(self, node: Node) -> Iterable[Triple]:
        """Return the triples with that object."""
        told = self._other.pointing_at(node)
        if node not in self._objects:
            return told
        return sorted((*self._kept(told), *super().pointing_at(node)), key=str)

    def _kept(self, triples: Iterable[Triple]) -> Iterator[Triple]:
        return (triple for triple in triples if triple not in self._changed)
