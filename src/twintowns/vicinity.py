"""What lies near to what an edit changed: of which things a row or a line of a file can differ after it."""

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, Triple

from twintowns.graph import Graph, Node
from twintowns.vocabulary import SCHEMA

_STEPS = 2
"""From how far a row of a table tells: of a twinning the partners, and the coordinates of these."""


def stated_anew(changed: Iterable[Triple]) -> frozenset[Node] | None:
    """Return of what anything else is stated; None where it is a blank node, which may stand anywhere.

    Args:
        changed: The triples that came or went.
    """
    if any(isinstance(end, BlankNode) for triple in changed for end in (triple.subject, triple.object)):
        return None
    return frozenset(triple.subject for triple in changed)  # type: ignore[misc]


def told_anew(graphs: Iterable[Graph], changed: Iterable[Triple]) -> frozenset[Node]:
    """Return of what a row may tell otherwise: of what leads to what is stated anew, or lies in it.

    Args:
        graphs: The graph before and the one now.
        changed: The triples that only one of the two holds.
    """
    stated: set[Node] = {triple.subject for triple in changed}  # type: ignore[misc]
    found = set(stated)
    for graph in graphs:
        around = stated
        for _ in range(_STEPS):
            around = {t.subject for node in around for t in graph.pointing_at(node)}  # type: ignore[misc]
            found |= around
        found.update(_inside(graph, stated))
    return frozenset(found)


def _inside(graph: Graph, areas: Iterable[Node]) -> Iterator[Node]:
    """Go through what lies in areas, however deep."""
    waiting, seen = list(areas), set(areas)
    for area in waiting:
        for place in graph.leading_to(area, SCHEMA.containedInPlace):
            if place not in seen:
                seen.add(place)
                waiting.append(place)
                yield place
