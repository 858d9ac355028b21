"""Which focus nodes the targets of a shape name, as pySHACL finds them.

Source: https://www.w3.org/TR/shacl/#targets
"""

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Literal

from twintowns.graph import Graph, Node, Term
from twintowns.vocabulary import OWL, RDFS, SH, A

TARGETS: Final = (SH.targetNode, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)


class Targets:
    """The focus nodes of the shapes of a graph.

    Args:
        shapes: The shapes graph.
        data: The data graph.
    """

    def __init__(self, shapes: Graph, data: Graph) -> None:
        """Note which classes make a shape a class; the data is looked at when it is asked for."""
        self._shapes = shapes
        self._data = data
        of_classes = (t.subject for t in shapes.pointing_at(RDFS.Class) if t.predicate == RDFS.subClassOf)
        self._classes: Final[set[Term]] = {RDFS.Class, OWL.Class, *of_classes}  # type: ignore[arg-type]

    def shapes(self) -> Iterator[Node]:
        """Go through the shapes that have targets."""
        for subject in self._shapes.subjects:
            if not self._shapes.by_predicate(subject).keys().isdisjoint(TARGETS) or self._is_class(subject):
                yield subject

    def _is_class(self, subject: Node) -> bool:
        """Tell whether a shape is a class besides, whose instances are its focus nodes."""
        stated = self._shapes.about(subject)
        return any(triple.predicate == A and triple.object in self._classes for triple in stated) and any(
            triple.predicate.value.startswith(SH) or triple.object in {SH.NodeShape, SH.PropertyShape}
            for triple in stated
        )

    def of(self, shape: Node) -> Iterable[Term]:
        """Return the focus nodes of a shape.

        Args:
            shape: The shape.
        """
        found: dict[Term, None] = dict.fromkeys(self._shapes.values(shape, SH.targetNode))
        classes = self._shapes.values(shape, SH.targetClass)
        if self._is_class(shape):
            classes.append(shape)
        found.update(dict.fromkeys(one for target in classes for one in self._instances(target)))
        wanted = [set(self._shapes.values(shape, of)) for of in (SH.targetSubjectsOf, SH.targetObjectsOf)]
        for triple in (triple for of in wanted[0] | wanted[1] for triple in self._data.stating(of)):  # type: ignore[arg-type]
            if triple.predicate in wanted[0]:
                found[triple.subject] = None  # type: ignore[index]
            if triple.predicate in wanted[1]:
                found[triple.object] = None  # type: ignore[index]
        return found

    def _instances(self, of_class: Term) -> Iterator[Term]:
        waiting, seen = [of_class], {of_class}
        while waiting:
            one = waiting.pop()
            if not isinstance(one, Literal):
                yield from self._data.instances(one)  # type: ignore[arg-type]
                for triple in self._data.pointing_at(one):
                    if triple.predicate == RDFS.subClassOf and triple.subject not in seen:
                        seen.add(triple.subject)  # type: ignore[arg-type]
                        waiting.append(triple.subject)  # type: ignore[arg-type]
