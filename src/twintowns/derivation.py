"""What follows from what was asserted, by SPARQL CONSTRUCT queries that lie in files.

After an edit they are asked only about what lies around it. Each of them joins what is stated of things by
`JOINS` alone, so that whatever an edit lets follow, or not follow any more, is told by what is stated of the
things within `_STEPS` of it along these; only of sources a witness may be anywhere.
Source: https://www.w3.org/TR/sparql11-query/#construct
"""

from collections.abc import Collection, Iterable
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple, cast

from pyoxigraph import Literal, Quad, QueryTriples, Store, Triple

from twintowns.graph import Graph, Node
from twintowns.packing import Part
from twintowns.project import QUERIES
from twintowns.vocabulary import DCAT, DCTERMS, SCHEMA, TT, VOID, A

JOINS: Final = frozenset((TT.partner, SCHEMA.sameAs))
"""The properties whose values the queries take for subjects, or look for as the value of another thing."""
_STEPS: Final = 4
"""How far two ways to the same conclusion reach: from a place by its item to another one, and its partner."""
_OF_ALL: Final = frozenset((DCAT.Catalog, VOID.Dataset))
"""The classes of what everything is told of."""


class Consequences(NamedTuple):
    """What an edit leads to.

    Attributes:
        went: What does not follow any more, or is asserted now.
        came: What follows now.
    """

    went: frozenset[Triple]
    came: frozenset[Triple]


def derived(asserted: Iterable[Triple]) -> frozenset[Triple]:
    """Return what the derivation queries construct and was not asserted.

    Args:
        asserted: What the curated files state.
    """
    stated = frozenset(asserted)
    return _constructed(stated) - stated


def consequences(
    asserted: Part, derived_before: AbstractSet[Triple], went: frozenset[Triple], came: frozenset[Triple]
) -> Consequences:
    """Return how what was derived differs after an edit.

    Args:
        asserted: What the curated files stated before.
        derived_before: What was derived from that.
        went: What they state no more.
        came: What they did not state before.
    """
    if any(map(_matters_to_all, went | came)):
        now = derived((frozenset(asserted) - went) | came)
        return Consequences(frozenset(derived_before - now), now - derived_before)
    told = frozenset(t for node in _around(asserted, went, came) for t in asserted.about(node))
    before, now = _constructed(told), _constructed((told - went) | came)
    new = (triple for triple in (now - before) | (now & went) if triple not in derived_before)
    return Consequences(
        frozenset(triple for triple in (before - now) | came if triple in derived_before),
        frozenset(triple for triple in new if triple in went or triple not in asserted) - came,
    )


def _matters_to_all(triple: Triple) -> bool:
    """Tell whether a triple is about what everything is told of, or names a source by what may be a number.

    A store keeps numbers in one form, so that other things may name the same in another.
    """
    if triple.predicate == DCTERMS.source:
        return isinstance(triple.object, Literal)
    return triple.predicate == A and triple.object in _OF_ALL


def _constructed(stated: Iterable[Triple]) -> frozenset[Triple]:
    store = Store()
    store.bulk_extend(Quad(t.subject, t.predicate, t.object) for t in stated)
    constructed: set[Triple] = set()
    for query in sorted(QUERIES.glob("*.rq")):
        constructed.update(cast("QueryTriples", store.query(query.read_text(encoding="utf-8"))))
    return frozenset(constructed)


def _around(asserted: Part, went: frozenset[Triple], came: frozenset[Triple]) -> set[Node]:
    """Return all things of which something that matters is stated, before or after an edit."""
    new = Graph(came)
    subjects: set[Node] = {triple.subject for triple in went | came}  # type: ignore[misc]
    found, edge = set(subjects), set(subjects)
    for _ in range(_STEPS):
        edge = {end for node in edge for graph in (asserted, new) for end in _joined(graph, node)} - found
        found |= edge
    found |= {triple.subject for one in _OF_ALL for triple in asserted.pointing_at(one)}  # type: ignore[misc]
    return found | _witnesses(asserted, went, subjects)


def _joined(graph: Part | Graph, node: Node) -> Iterable[Node]:
    for triple in graph.about(node):
        if triple.predicate in JOINS:
            yield triple.object  # type: ignore[misc]
    for triple in graph.pointing_at(node):
        if triple.predicate in JOINS:
            yield triple.subject  # type: ignore[misc]


def _witnesses(asserted: Part, went: Iterable[Triple], subjects: Collection[Node]) -> set[Node]:
    """Return for each source that something does not name any more another thing that does."""
    sources = {triple.object for triple in went if triple.predicate == DCTERMS.source}
    named = (asserted.pointing_at(source) for source in sources)  # type: ignore[arg-type]
    others = ((t.subject for t in told if _is_witness(t) and t.subject not in subjects) for told in named)
    return {one for found in others if (one := next(found, None)) is not None}  # type: ignore[misc]


def _is_witness(triple: Triple) -> bool:
    return triple.predicate == DCTERMS.source
