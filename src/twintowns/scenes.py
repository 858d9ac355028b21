"""What is drawn on a page, in no language yet: places and the connections between them, bounded in number.

On the page of a place they are its connections and, for the network, those of the places connected with it;
on that of a twinning its partners; on the landing page the most connected places of the publication. Two
scenes that are equal are drawn alike, so that `touched` knows which pages an edit changes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Final, NamedTuple

from pyoxigraph import NamedNode, Triple

from twintowns.connections import Connection, Connections, Spot, Terms
from twintowns.dataset import Dataset
from twintowns.graph import Node
from twintowns.vocabulary import NAMES, SCHEMA, TT, A

MOST_LINKS: Final = 40
"""How many connections of a place are drawn."""
MOST_NODES: Final = 48
"""How many places a network shows."""
MOST_INNER: Final = 16
"""Beyond how many places around another the network does not show those around them."""
MOST_PLACES: Final = 120
"""How many places the landing page draws."""
MOST_LINES: Final = 160
"""How many connections it draws."""
_ALL_PAIRS: Final = 4
"""Of how many partners of a twinning each pair is drawn; of more only those with the first."""
_PLACES: Final = (SCHEMA.City, SCHEMA.AdministrativeArea, SCHEMA.Country)
_BETWEEN: Final = {TT.partner, TT.participant}
_WITHIN: Final = {SCHEMA.containedInPlace, A, *NAMES}
_DRAWN: Final = {
    *_BETWEEN,
    *_WITHIN,
    TT.field,
    TT.status,
    SCHEMA.startDate,
    SCHEMA.endDate,
    SCHEMA.geo,
    SCHEMA.latitude,
    SCHEMA.longitude,
}
"""What drawings read of a dataset."""


class Link(NamedTuple):
    """A connection that is drawn: two spots by their numbers, the twinning and what is said of it."""

    twinning: NamedNode
    first: int
    second: int
    takes_part: bool
    terms: Terms


class Scene(NamedTuple):
    """What is drawn.

    Attributes:
        home: Whether the first spot is what the page is about.
        spots: The places; those of `links` first.
        links: The connections on the map and in the table.
        further: Further connections in the network, between spots by their numbers.
        total: How many places, or of a place how many connections, there are, drawn or not.
        missing: How many places are missing from the network.
    """

    home: bool
    spots: tuple[Spot, ...]
    links: tuple[Link, ...]
    further: tuple[tuple[int, int], ...]
    total: int
    missing: int


class _Stage:
    """Gathers the spots of a scene and numbers them."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self.numbers: dict[NamedNode, int] = {}

    def number(self, place: NamedNode) -> int:
        return self.numbers.setdefault(place, len(self.numbers))

    def link(self, one: NamedNode, connection: Connection) -> Link:
        terms = self._connections.terms(connection.twinning)
        numbers = self.number(one), self.number(connection.other)
        return Link(connection.twinning, *numbers, connection.takes_part, terms)

    def spots(self) -> tuple[Spot, ...]:
        return tuple(map(self._connections.spot, self.numbers))


def scene_of(connections: Connections, document: NamedNode) -> Scene | None:
    """Return what is drawn on the page of a place or a twinning; nothing on those of other things."""
    types = connections.dataset.graph.values(document, A)
    if TT.Twinning in types:
        return _scene_of_twinning(connections, document)
    if any(one in _PLACES for one in types):
        return _scene_of_place(connections, document)
    return None


def _scene_of_place(connections: Connections, place: NamedNode) -> Scene:
    stage, all_of_it = _Stage(connections), connections.of(place)
    stage.number(place)
    links = [stage.link(place, connection) for connection in all_of_it[:MOST_LINKS]]
    further, missing = _further(connections, stage)
    return Scene(True, stage.spots(), tuple(links), further, len(all_of_it), missing)  # noqa: FBT003 - a field


def _further(connections: Connections, stage: _Stage) -> tuple[tuple[tuple[int, int], ...], int]:
    """Add the partners of the places that are there, and return the lines and how many found no room.

    Each place may bring in as many as the others, and then what room is left is filled.
    """
    near = list(stage.numbers)[1:]
    others = {place: connections.partners_of(place) for place in near}
    share = max(1, (MOST_NODES - len(stage.numbers)) // max(1, len(near)))
    for most in (share, MOST_NODES) if len(near) <= MOST_INNER else ():
        for place in near:
            new = [other for other in others[place] if other not in stage.numbers]
            for other in new[: max(0, min(most, MOST_NODES - len(stage.numbers)))]:
                stage.number(other)
    lines: dict[tuple[int, int], None] = {}
    for place in near:
        for other in others[place]:
            if number := stage.numbers.get(other):
                one, last = sorted((stage.numbers[place], number))
                lines[one, last] = None
    outside = {other for told in others.values() for other in told} - stage.numbers.keys()
    return tuple(lines), len(outside)


def _scene_of_twinning(connections: Connections, twinning: NamedNode) -> Scene:
    stage, terms = _Stage(connections), connections.terms(twinning)
    partners, participants = connections.partners(twinning), connections.participants(twinning)
    few = len(partners) <= _ALL_PAIRS
    pairs = combinations(partners, 2) if few else ((partners[0], other) for other in partners[1:])
    links = [stage.link(one, Connection(twinning, other, takes_part=False)) for one, other in pairs]
    for place in participants:
        areas = connections.areas(place)
        far = [partner for partner in partners if partner not in areas and partner != place]
        links += [stage.link(one, Connection(twinning, place, takes_part=True)) for one in far[:1]]
    links = [link._replace(terms=terms) for link in links[:MOST_LINKS]]
    for place in partners[:MOST_LINKS]:
        stage.number(place)
    return Scene(False, stage.spots(), tuple(links), (), len(partners), 0)  # noqa: FBT003 - a field


def scene_of_all(connections: Connections) -> Scene:
    """Return what is drawn on the landing page: the most connected places, and what lies between them."""
    twinnings = [t for t in connections.dataset.graph.instances(TT.Twinning) if isinstance(t, NamedNode)]
    partners = {twinning: connections.partners(twinning) for twinning in twinnings}
    degrees = Counter(partner for told in partners.values() for partner in told)
    ranked = sorted(degrees, key=lambda place: (-degrees[place], place.value))
    shown = set(ranked[:MOST_PLACES])
    pairs = [
        (one, Connection(twinning, other, takes_part=False))
        for twinning, told in partners.items()
        for one, other in combinations([p for p in told if p in shown][:MOST_LINKS], 2)
    ]
    pairs.sort(key=lambda pair: -degrees[pair[0]] - degrees[pair[1].other])
    stage = _Stage(connections)
    for place in ranked[:MOST_PLACES]:
        stage.number(place)
    links = tuple(stage.link(*pair) for pair in pairs[:MOST_LINES])
    return Scene(False, stage.spots(), links, (), len(ranked), len(ranked) - len(shown))  # noqa: FBT003 - a field


def centre_of(connections: Connections, scene: Scene) -> NamedNode | None:
    """Return the place whose network has all places of a publication, where there is such a place."""
    best = next(iter(scene.spots), None)
    if best is None or scene.missing or not connections.of(best.place):
        return None
    around = _scene_of_place(connections, best.place)
    drawn = {spot.place for spot in around.spots}
    return best.place if not around.missing and all(spot.place in drawn for spot in scene.spots) else None


def touched(before: Dataset, now: Dataset, changed: Iterable[Triple]) -> set[NamedNode]:
    """Return the documents whose drawings differ between two datasets.

    Args:
        before: The one that was published.
        now: The one to be published.
        changed: The triples that only one of the two holds.
    """
    both, stated = (Connections(before), Connections(now)), list(changed)
    found = {document for one in both for document in _candidates(one, stated)}
    return {
        document
        for document in found & now.documents.keys()
        if scene_of(both[0], document) != scene_of(both[1], document)
    }


def _candidates(connections: Connections, changed: Iterable[Triple]) -> set[NamedNode]:
    """Return the documents whose drawings may differ: of what was changed, and of what is near it."""
    places: set[Node] = set()
    for node in _roots(connections, changed):
        places |= {node, *connections.partners(node), *connections.participants(node)}
    near = places | set(_connected(connections, places))
    twinnings = {twinning for place in places for twinning in connections.twinnings(place)}
    found = near | set(_connected(connections, near)) | twinnings
    return {node for node in found if isinstance(node, NamedNode)}


def _roots(connections: Connections, changed: Iterable[Triple]) -> Iterator[Node]:
    dataset = connections.dataset
    for triple in changed:
        document = dataset.document_of(triple.subject)  # type: ignore[arg-type]
        if document and triple.predicate in _DRAWN:
            yield document
            if triple.predicate in _BETWEEN:
                yield triple.object  # type: ignore[misc]
            if triple.predicate in _WITHIN:
                yield from connections.below(document)


def _connected(connections: Connections, places: Iterable[Node]) -> Iterator[Node]:
    named = (place for place in places if isinstance(place, NamedNode))
    return (connection.other for place in named for connection in connections.of(place))
