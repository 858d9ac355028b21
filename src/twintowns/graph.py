"""A graph to be read: triples in one order, found by their subject and by their object.

The order is that of the triples' N-Triples form, so that whatever is printed from a graph is the same
from run to run. Triples and terms are those of pyoxigraph (https://www.w3.org/TR/rdf12-concepts/).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

Node = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal

_TYPE: Final = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_NONE: Final[tuple[Triple, ...]] = ()
_REMEMBERED: Final = 512
"""How many subjects a graph keeps sorted by their predicates."""


class Graph:
    """An immutable set of triples.

    >>> from twintowns.vocabulary import SCHEMA, WD
    >>> graph = Graph([Triple(WD.Q1, SCHEMA.name, Literal("universum", language="sv"))])
    >>> graph.value(WD.Q1, SCHEMA.name)
    <Literal value=universum language=sv>
    """

    def __init__(self, triples: Iterable[Triple]) -> None:
        """Sort and index the triples, each kept once."""
        self._about: Final = _by_subject(triples)
        self._pointing: Final[dict[Node, list[Triple]]] = defaultdict(list)
        self._told: Final[dict[Node, dict[NamedNode, list[Triple]]]] = {}
        for triple in chain.from_iterable(self._about.values()):
            if not isinstance(triple.object, Literal):
                self._pointing[triple.object].append(triple)  # type: ignore[index]
        self._number: Final = sum(map(len, self._about.values()))

    def __len__(self) -> int:
        """Return how many triples there are."""
        return self._number

    def __iter__(self) -> Iterator[Triple]:
        """Go through the triples in their order."""
        return chain.from_iterable(self._about.values())

    def __contains__(self, subject: object) -> bool:
        """Tell whether anything is stated of a subject."""
        return subject in self._about

    def rows(self) -> Iterable[tuple[Node, NamedNode, Term]]:
        """Go through the triples in their order, each as its terms."""
        return ((triple.subject, triple.predicate, triple.object) for triple in self)  # type: ignore[misc]

    @property
    def subjects(self) -> Iterable[Node]:
        """The subjects, in their order."""
        return self._about.keys()

    def about(self, subject: Node) -> Iterable[Triple]:
        """Return the triples with that subject."""
        return self._about.get(subject, _NONE)

    def told(self, subject: Node) -> Iterable[tuple[NamedNode, Term]]:
        """Return what is stated of a subject, as predicates with their objects."""
        return ((triple.predicate, triple.object) for triple in self.about(subject))  # type: ignore[misc]

    def pointing_at(self, node: Node) -> Iterable[Triple]:
        """Return the triples with that object."""
        return self._pointing.get(node, _NONE)

    @property
    def ends(self) -> Iterable[Term]:
        """The subjects and objects, some more than once."""
        return (end for triple in self for end in (triple.subject, triple.object))  # type: ignore[misc]

    def stating(self, predicate: NamedNode) -> Iterable[Triple]:
        """Return the triples with that predicate, in their order."""
        return self._by_predicate.get(predicate, _NONE)

    def told_of(self, value: Term) -> Iterable[Triple]:
        """Return the triples with that object, whatever it is, in their order."""
        return self._by_literal.get(value, _NONE) if isinstance(value, Literal) else self.pointing_at(value)

    @cached_property
    def _by_predicate(self) -> dict[NamedNode, list[Triple]]:
        found: dict[NamedNode, list[Triple]] = defaultdict(list)
        for triple in self:
            found[triple.predicate].append(triple)
        return dict(found)

    @cached_property
    def _by_literal(self) -> dict[Literal, list[Triple]]:
        found: dict[Literal, list[Triple]] = defaultdict(list)
        for triple in self:
            if isinstance(triple.object, Literal):
                found[triple.object].append(triple)
        return dict(found)

    def values(self, subject: Node, predicate: NamedNode) -> list[Term]:
        """Return the objects of a subject's predicate."""
        told = self.by_predicate(subject).get(predicate, _NONE)
        return [triple.object for triple in told]  # type: ignore[misc]

    def by_predicate(self, subject: Node) -> dict[NamedNode, list[Triple]]:
        """Return the triples with that subject by their predicates; asking again soon is quick."""
        told = self._told.get(subject)
        if told is None:
            told = {}
            for triple in self.about(subject):
                told.setdefault(triple.predicate, []).append(triple)
            if len(self._told) == _REMEMBERED:
                self._told.clear()
            self._told[subject] = told
        return told

    def value(self, subject: Node, predicate: NamedNode) -> Term | None:
        """Return the first object of a subject's predicate."""
        values = self.values(subject, predicate)
        return values[0] if values else None

    def leading_to(self, node: Node, predicate: NamedNode) -> list[Node]:
        """Return the subjects of which a property leads to a node."""
        return [t.subject for t in self.pointing_at(node) if t.predicate == predicate]  # type: ignore[misc]

    def instances(self, of_class: NamedNode) -> list[Node]:
        """Return what is of a class, as stated."""
        return self.leading_to(of_class, _TYPE)


def _by_subject(triples: Iterable[Triple]) -> dict[Node, list[Triple]]:
    """Return triples by their subjects, both in the order of how they are written.

    The words to sort by are held for one subject at a time: for all they would take more than the triples.
    """
    found: defaultdict[Node, list[Triple]] = defaultdict(list)
    for triple in triples:
        found[triple.subject].append(triple)  # type: ignore[index]
    return {subject: sorted(set(found[subject]), key=str) for subject in sorted(found, key=str)}
