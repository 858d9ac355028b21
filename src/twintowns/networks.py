"""Places and twinnings as a map and as networks, made of the same rows as the tables.

GeoJSON (https://www.rfc-editor.org/rfc/rfc7946) for maps: a twinning is drawn along the great circles
between its partners, cut where they cross the antimeridian; what has no coordinates is there without a
geometry (section 3.2). GEXF (https://gexf.net/schema.html) and GraphML
(http://graphml.graphdrawing.org/specification.html) for the analysis of networks: a twinning of more than
two partners is an edge between each two of them. Other edges lead from who takes part in a twinning to the
partner in which it does not lie, and from a place to the one in which it lies; each says which it is.
"""

import math
import re
from collections.abc import Callable, Iterable
from functools import cache
from itertools import combinations, count, pairwise, product
from typing import Any, Final, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from pyoxigraph import NamedNode

from twintowns.columns import SEPARATOR, Records, Row, Table
from twintowns.distributions import FOLDER
from twintowns.jsontext import line
from twintowns.pieces import Piece, Pieces, Section, Whole
from twintowns.xmltext import xml_text

_STEP: Final = math.radians(5)  # shorter steps would look smoother, and make the file larger
_DIGITS: Final = 6  # a decimetre
_NOISE: Final = 1e-12
_NEAR: Final = 1e-9  # of the radius of the earth: some millimetres
_HALF: Final = 180.0
_NUMBERS: Final = frozenset(("latitude", "longitude"))
_OF_GEOMETRY: Final = _NUMBERS | {"geo"}
_PLACE: Final = ("type", "wikidata", "geonames", "country", "country_name", *sorted(_NUMBERS))
_TWINNING: Final = ("kind", "status", "start", "end", "fields", "common_ground")
_KEPT_WHITE_SPACE: Final = {"\r": "&#13;"}
_EDGE: Final = re.compile(rb'<edge id="[0-9]*"')
"""Where an edge begins: a text of one has no such mark, which is escaped there."""
_SPECIAL: Final = re.compile(r"[&<>\"\r\n\t]")  # what few texts have: to ask is quicker than to replace it

Position = tuple[float, float]
"""Longitude and latitude in degrees."""
Vector = tuple[float, float, float]


class Element(NamedTuple):
    """A node or an edge of a network.

    Attributes:
        iri: The place or the twinning; of an edge of containment the place inside.
        ends: The IRIs of the places that an edge lies between; a node has none.
        texts: Its attributes.
    """

    iri: str
    ends: tuple[str, ...]
    texts: dict[str, str]


def networks(found: Records, pieces: Pieces | None = None) -> dict[str, bytes]:
    """Return what was read of a dataset as a map and as networks, by their paths in the site.

    Args:
        found: What was read of it.
        pieces: What is kept of those that are published, if anything.
    """
    network = _Network(found)
    wholes = (_geojson(found), _gexf(network), _graphml(network))
    return {whole.path: (pieces or Pieces()).joined(whole) for whole in wholes}


def great_circle(start: Position, end: Position) -> list[list[Position]]:
    """Return the shortest way over the globe as lines that do not cross the antimeridian.

    Between opposite points, where every way is as short, it goes by the north. Between one point and
    itself there is none.

    >>> great_circle((0.0, 0.0), (0.0, 8.0))
    [[(0.0, 0.0), (0.0, 4.0), (0.0, 8.0)]]
    >>> [len(line) for line in great_circle((178.0, 0.0), (-178.0, 0.0))]
    [2, 2]
    """
    vectors = _arc(_vector(start), _vector(end))
    positions = [_east(start), *map(_position, vectors[1:-1]), _east(end)]
    lines = [[positions[0]]]
    for (here, there), (before, after) in zip(pairwise(vectors), pairwise(positions), strict=True):
        if abs(before[0] - after[0]) > _HALF:
            latitude = _crossing(here, there)
            lines[-1].append((math.copysign(_HALF, before[0]), latitude))
            lines.append([(math.copysign(_HALF, after[0]), latitude)])
        lines[-1].append(after)
    rounded = [_without_repetition(one) for one in lines]
    return [one for one in rounded if len(one) > 1]


def _east(position: Position) -> Position:
    return (_HALF, position[1]) if position[0] == -_HALF else position


def _vector(position: Position) -> Vector:
    longitude, latitude = map(math.radians, position)
    return _quiet(
        math.cos(latitude) * math.cos(longitude), math.cos(latitude) * math.sin(longitude), math.sin(latitude)
    )


def _quiet(x: float, y: float, z: float) -> Vector:
    """Return a vector that lies on the prime meridian or its back where it does but for the last digits."""
    return x, (0.0 if abs(y) < _NOISE else y), z


def _position(vector: Vector) -> Position:
    x, y, z = vector
    return math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, math.hypot(x, y)))


def _arc(start: Vector, end: Vector) -> list[Vector]:
    """Return points on the way from one to the other, both included."""
    across = _across(start, end)
    angle = math.atan2(_product(end, across), _product(end, start))
    steps = max(1, math.ceil(angle / _STEP))
    turns = [(math.cos(angle * step / steps), math.sin(angle * step / steps)) for step in range(1, steps)]
    (x1, y1, z1), (x2, y2, z2) = start, across
    between = (_quiet(c * x1 + s * x2, c * y1 + s * y2, c * z1 + s * z2) for c, s in turns)
    return [start, *between, end]


def _across(start: Vector, end: Vector) -> Vector:
    """Return the direction from one point to the other; the north, or at a pole any, if each is as near."""
    aims = (end, (0.0, 0.0, 1.0), (1.0, 0.0, 0.0))
    directions = (_sum(1, aim, -_product(aim, start), start) for aim in aims)
    across = next(direction for direction in directions if math.hypot(*direction) > _NEAR)
    return _sum(1 / math.hypot(*across), across, 0, start)


def _product(one: Vector, other: Vector) -> float:
    return one[0] * other[0] + one[1] * other[1] + one[2] * other[2]


def _sum(times: float, one: Vector, other_times: float, other: Vector) -> Vector:
    (x1, y1, z1), (x2, y2, z2) = one, other
    return times * x1 + other_times * x2, times * y1 + other_times * y2, times * z1 + other_times * z2


def _crossing(here: Vector, there: Vector) -> float:
    """Return the latitude at which the way between near points meets the plane of the antimeridian."""
    weights = abs(there[1]) + _NOISE, abs(here[1]) + _NOISE
    x, _, z = _sum(weights[0], here, weights[1], there)
    return math.degrees(math.atan2(z, abs(x)))


def _without_repetition(positions: Iterable[Position]) -> list[Position]:
    """Round the positions of a line, and keep of equal ones that follow each other the first."""
    rounded = [_rounded(position) for position in positions]
    return [rounded[0], *(after for before, after in pairwise(rounded) if before != after)]


def _rounded(position: Position) -> Position:
    return round(position[0], _DIGITS) + 0.0, round(position[1], _DIGITS) + 0.0  # no negative zero


def _where(row: Row) -> Position | None:
    both = (*row["longitude"], *row["latitude"])
    return (float(both[0]), float(both[1])) if both else None


def _geojson(found: Records) -> Whole:
    """Tell what the map is made of: a feature a line, so that it is small, and can be compared by line."""
    places, twinnings = found.places, found.twinnings

    def place(thing: NamedNode) -> Piece:
        row = places.row(thing)
        return Piece(line(_feature(row, places, _point(_where(row)))))

    def twinning(thing: NamedNode) -> Piece:
        row = twinnings.row(thing)
        known = (_where(places.row(NamedNode(partner))) for partner in row["partners"])
        return Piece(line(_feature(row, twinnings, _lines([one for one in known if one]))))

    follows = b",\n" if places.things.items and twinnings.things.items else b""
    sections = [
        Section(places.things, place, lambda _: b'{"type":"FeatureCollection","features":[\n', b",\n"),
        Section(twinnings.things, twinning, lambda _: follows, b",\n"),
    ]
    return Whole(f"{FOLDER}twintowns.geojson", sections, b"\n]}\n")


def _feature(row: Row, table: Table, geometry: dict[str, Any] | None) -> dict[str, Any]:
    properties: dict[str, Any] = {
        column.name: list(row[column.name]) if "separator" in column.metadata else row[column.name][0]
        for column in table.columns
        if row[column.name] and column.name not in _OF_GEOMETRY
    }
    return {
        "type": "Feature",
        "id": row["iri"][0],
        "geometry": geometry,
        "properties": {"label": row["label"][0], **properties},
    }


def _point(position: Position | None) -> dict[str, Any] | None:
    return {"type": "Point", "coordinates": _rounded(position)} if position else None


def _lines(known: Iterable[Position]) -> dict[str, Any] | None:
    lines = [one for start, end in combinations(known, 2) for one in great_circle(start, end)]
    if not lines:
        return None
    if len(lines) == 1:
        return {"type": "LineString", "coordinates": lines[0]}
    return {"type": "MultiLineString", "coordinates": lines}


class _Network:
    """Nodes and edges, with the names of the attributes that they can have.

    Args:
        found: What they are made of.
    """

    def __init__(self, found: Records) -> None:
        """Make none yet."""
        self.places: Final = found.places
        self.twinnings: Final = found.twinnings
        self.node_attributes: Final = ("label", *_named(found.places), *_PLACE)
        named = _named(found.twinnings)
        self.edge_attributes: Final = ("relation", "twinning", "label", *named, *_TWINNING)
        self.node: Final = cache(self._node)
        self.edges: Final = cache(self._edges)
        self._known: Final = {place.value for place in found.places.things.items}

    def _node(self, place: NamedNode) -> Element:
        return Element(place.value, (), _texts(self.places.row(place), self.node_attributes))

    def _edges(self, twinning: NamedNode) -> list[Element]:
        """Return the pairs of partners, and of who takes part with the other partners.

        Between a place and the one in which it lies there is an edge already.
        """
        iri, row = twinning.value, self.twinnings.row(twinning)
        participants = [one for one in row["participants"] if one in self._known]
        texts = _texts({**row, "twinning": (iri,), "relation": ()}, self.edge_attributes)
        return [
            *(Element(iri, e, {"relation": "twinning", **texts}) for e in combinations(row["partners"], 2)),
            *(
                Element(iri, ends, {"relation": "participation", **texts})
                for ends in product(participants, row["partners"])
                if ends[1] not in self.places.row(NamedNode(ends[0]))["contained_in"]
            ),
        ]

    def contained(self, place: NamedNode) -> list[Element]:
        """Return an edge from a place to each in which it lies."""
        iri, outer = place.value, self.places.row(place)["contained_in"]
        return [Element(iri, (iri, one), {"relation": "containment"}) for one in outer if one in self._known]

    def sections(
        self,
        node: Callable[[Element], str],
        edge: Callable[[Element], str],
        heads: tuple[str, str],
        settle: Callable[[bytes | memoryview], bytes | memoryview] = bytes,
    ) -> list[Section]:
        """Tell what a file is made of, in which the nodes stand before the edges.

        Args:
            node: Writes a node.
            edge: Writes an edge.
            heads: What stands before the nodes, and before the edges.
            settle: Makes edges fit into the place where they stand.
        """
        first, second = (head.encode() for head in heads)

        def edges_of(found: Iterable[Element]) -> Piece:
            return Piece("".join(map(edge, found)).encode())

        return [
            Section(self.places.things, lambda one: Piece(node(self.node(one)).encode()), lambda _: first),
            Section(
                self.twinnings.things, lambda one: edges_of(self.edges(one)), lambda _: second, settle=settle
            ),
            Section(
                self.places.things, lambda one: edges_of(self.contained(one)), lambda _: b"", settle=settle
            ),
        ]


def _named(table: Table) -> tuple[str, ...]:
    return tuple(
        column.name for column in table.columns if re.fullmatch(r"name(_\w+)?|other_names", column.name)
    )


def _texts(row: Row, attributes: Iterable[str]) -> dict[str, str]:
    return {name: xml_text(SEPARATOR.join(row[name])) for name in attributes if row[name]}


def _gexf(network: _Network) -> Whole:
    head = [
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        '<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">\n',
        '<graph mode="static" defaultedgetype="undirected">\n',
    ]
    for of, names in (("node", network.node_attributes), ("edge", network.edge_attributes)):
        head.append(f'<attributes class="{of}" mode="static">\n')
        head += (f'<attribute id="{of}-{name}" title="{name}" type="{_type(name)}"/>\n' for name in names)
        head.append("</attributes>\n")
    heads = "".join((*head, "<nodes>\n")), "</nodes>\n<edges>\n"
    sections = network.sections(_gexf_node, _gexf_edge, heads, _numbered())
    return Whole(f"{FOLDER}twintowns.gexf", sections, b"</edges>\n</graph>\n</gexf>\n")


def _gexf_node(node: Element) -> str:
    label = quoteattr(node.texts["label"])
    return f"<node id={quoteattr(node.iri)} label={label}>{_gexf_values('node', node)}</node>\n"


def _gexf_edge(edge: Element) -> str:
    source, target = map(quoteattr, edge.ends)
    return f'<edge id="" source={source} target={target}>{_gexf_values("edge", edge)}</edge>\n'


def _numbered() -> Callable[[bytes | memoryview], bytes]:
    """Return what numbers edges anew, from the first of the first piece to the last of the last one."""
    numbers = count()

    def settle(content: bytes | memoryview) -> bytes:
        return _EDGE.sub(lambda _: b'<edge id="%d"' % next(numbers), bytes(content))

    return settle


def _gexf_values(of: str, element: Element) -> str:
    values = (f'<attvalue for="{of}-{name}" value={_quoted(text)}/>' for name, text in element.texts.items())
    return f"<attvalues>{''.join(values)}</attvalues>"


def _graphml(network: _Network) -> Whole:
    head = [
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n',
    ]
    for of, names in (("node", network.node_attributes), ("edge", network.edge_attributes)):
        head += (
            f'<key id="{of}-{name}" for="{of}" attr.name="{name}" attr.type="{_type(name)}"/>\n'
            for name in names
        )
    heads = "".join((*head, '<graph edgedefault="undirected">\n')), ""
    sections = network.sections(_graphml_node, _graphml_edge, heads)
    return Whole(f"{FOLDER}twintowns.graphml", sections, b"</graph>\n</graphml>\n")


def _graphml_node(node: Element) -> str:
    return f"<node id={quoteattr(node.iri)}>{_graphml_values('node', node)}</node>\n"


def _graphml_edge(edge: Element) -> str:
    source, target = map(quoteattr, edge.ends)
    return f"<edge source={source} target={target}>{_graphml_values('edge', edge)}</edge>\n"


def _graphml_values(of: str, element: Element) -> str:
    return "".join(f'<data key="{of}-{name}">{_escaped(text)}</data>' for name, text in element.texts.items())


def _quoted(text: str) -> str:
    return quoteattr(text, _KEPT_WHITE_SPACE) if _SPECIAL.search(text) else f'"{text}"'


def _escaped(text: str) -> str:
    return escape(text, _KEPT_WHITE_SPACE) if _SPECIAL.search(text) else text


def _type(name: str) -> str:
    return "double" if name in _NUMBERS else "string"
