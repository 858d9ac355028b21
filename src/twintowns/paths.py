"""SHACL property paths: from a node to the nodes and literals at the end of a path.

Source: https://www.w3.org/TR/shacl/#property-paths
"""

from collections.abc import Callable, Iterable
from typing import Final, cast

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from twintowns.graph import Graph, Node, Term
from twintowns.vocabulary import RDF, SH

Walk = Callable[[Graph, Term], list[Term]]
"""From a graph and a node to the nodes at the end of a path, each once."""

_REPEATING: Final = {
    SH.zeroOrMorePath: (True, True),
    SH.oneOrMorePath: (False, True),
    SH.zeroOrOnePath: (True, False),
}
_DEEPEST: Final = 6
_FEWEST: Final = 2
"""How many parts a sequence or an alternative has at least."""


def walk_of(shapes: Graph, path: Term, depth: int = 0) -> Walk | None:
    """Return the walk along a path, or None where the path is malformed, or deeper than pySHACL goes.

    Args:
        shapes: The graph that describes the path.
        path: Its node: an IRI, or a blank node for anything but a predicate.
        depth: How many paths it is within.
    """
    if isinstance(path, NamedNode):
        return _along(path)
    if not isinstance(path, BlankNode) or depth > _DEEPEST:
        return None
    if shapes.value(path, RDF.first) is not None:
        return _sequence(_parts(shapes, path, depth))
    triples = list(shapes.about(path))
    return _operator(shapes, triples[0], depth) if len(triples) == 1 else None


def _operator(shapes: Graph, told: Triple, depth: int) -> Walk | None:
    """Return the walk along a path made by an operator."""
    predicate, operand = told.predicate, cast("Term", told.object)
    if predicate == SH.inversePath:
        return _against(operand) if isinstance(operand, NamedNode) else None
    if predicate == SH.alternativePath:
        return _alternative(_parts(shapes, operand, depth))
    step = walk_of(shapes, operand, depth + 1) if predicate in _REPEATING else None
    return _repeated(step, *_REPEATING[predicate]) if step else None


def collection(graph: Graph, head: Term) -> list[Term]:
    """Return the members of an RDF collection, as far as it is well-formed.

    Args:
        graph: The graph that holds it.
        head: Its first cell.
    """
    members: list[Term] = []
    seen: set[Term] = set()
    while not isinstance(head, Literal) and head != RDF.nil and head not in seen:
        seen.add(head)
        first, rest = graph.value(head, RDF.first), graph.value(head, RDF.rest)
        if first is None or rest is None:
            break
        members.append(first)
        head = rest
    return members


def _parts(shapes: Graph, head: Term, depth: int) -> list[Walk | None]:
    return [walk_of(shapes, member, depth + 1) for member in collection(shapes, head)]


def _along(predicate: NamedNode) -> Walk:
    def walk(graph: Graph, node: Term) -> list[Term]:
        return [] if isinstance(node, Literal) else graph.values(node, predicate)

    return walk


def _against(predicate: NamedNode) -> Walk:
    def walk(graph: Graph, node: Term) -> list[Term]:
        if isinstance(node, Literal):
            return [t.subject for t in graph if t.object == node and t.predicate == predicate]  # type: ignore[misc]
        return graph.leading_to(node, predicate)  # type: ignore[return-value]

    return walk


def _sequence(steps: list[Walk | None]) -> Walk | None:
    if None in steps or len(steps) < _FEWEST:
        return None

    def walk(graph: Graph, node: Term) -> list[Term]:
        nodes = [node]
        for step in steps:
            nodes = _once(end for one in nodes for end in step(graph, one))  # type: ignore[misc]
        return nodes

    return walk


def _alternative(steps: list[Walk | None]) -> Walk | None:
    if None in steps or len(steps) < _FEWEST:
        return None
    return lambda graph, node: _once(end for step in steps for end in step(graph, node))  # type: ignore[misc]


def _repeated(step: Walk, with_start: bool, without_end: bool) -> Walk:  # noqa: FBT001 - only called above
    def walk(graph: Graph, node: Term) -> list[Term]:
        found: dict[Term, None] = {node: None} if with_start else {}
        waiting = step(graph, node)
        while waiting:
            end = waiting.pop()
            if end not in found:
                found[end] = None
                if without_end:
                    waiting += step(graph, end)
        return list(found)

    return walk


def _once(nodes: Iterable[Node | Term]) -> list[Term]:
    return list(dict.fromkeys(nodes))
