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
from collections.abc import Collection, Iterable, Iterator
from itertools import chain, combinations, pairwise, product
from typing import Any, Final, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from twintowns.columns import SEPARATOR, Records, Row, Table
from twintowns.distributions import FOLDER
from twintowns.jsontext import line
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


class Network(NamedTuple):
    """Nodes and edges, with the names of the attributes that they can have."""

    node_attributes: tuple[str, ...]
    edge_attributes: tuple[str, ...]
    nodes: tuple[Element, ...]
    edges: tuple[Element, ...]


def networks(found: Records) -> dict[str, bytes]:
    """Return what was read of a dataset as a map and as networks, by their paths in the site."""
    network = _network(found)
    return {
        f"{FOLDER}twintowns.geojson": _geojson(found),
        f"{FOLDER}twintowns.gexf": "".join(_gexf(network)).encode(),
        f"{FOLDER}twintowns.graphml": "".join(_graphml(network)).encode(),
    }


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


def _geojson(found: Records) -> bytes:
    """Write a feature a line: small, and still to be compared and cut by line."""
    positions = {row["iri"][0]: _where(row) for row in found.places.rows}
    places = (_feature(row, found.places, _point(positions[row["iri"][0]])) for row in found.places.rows)
    twinnings = (_feature(row, found.twinnings, _lines(row, positions)) for row in found.twinnings.rows)
    features = b",\n".join(line(feature) for feature in chain(places, twinnings))
    return b'{"type":"FeatureCollection","features":[\n' + features + b"\n]}\n"


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


def _lines(row: Row, positions: dict[str, Position | None]) -> dict[str, Any] | None:
    known = [position for partner in row["partners"] if (position := positions[partner])]
    lines = [one for start, end in combinations(known, 2) for one in great_circle(start, end)]
    if not lines:
        return None
    if len(lines) == 1:
        return {"type": "LineString", "coordinates": lines[0]}
    return {"type": "MultiLineString", "coordinates": lines}


def _network(found: Records) -> Network:
    node_attributes = ("label", *_named(found.places), *_PLACE)
    edge_attributes = ("relation", "twinning", "label", *_named(found.twinnings), *_TWINNING)
    nodes = tuple(Element(row["iri"][0], (), _texts(row, node_attributes)) for row in found.places.rows)
    inside = tuple(_contained(found.places, {node.iri for node in nodes}))
    edges = (*_twinned(found, edge_attributes, {edge.ends for edge in inside}), *inside)
    return Network(node_attributes, edge_attributes, nodes, edges)


def _twinned(
    found: Records, attributes: Iterable[str], inside: Collection[tuple[str, ...]]
) -> Iterator[Element]:
    """Go through the pairs of partners of each twinning, and of who takes part in it with the other partners.

    Between a place and the one in which it lies there is an edge already.
    """
    places = {row["iri"][0] for row in found.places.rows}
    for row in found.twinnings.rows:
        iri, partners = row["iri"][0], row["partners"]
        participants = [one for one in row["participants"] if one in places]
        texts = _texts({**row, "twinning": (iri,), "relation": ()}, attributes)
        for ends in combinations(partners, 2):
            yield Element(iri, ends, {"relation": "twinning", **texts})
        for ends in product(participants, partners):
            if ends not in inside:
                yield Element(iri, ends, {"relation": "participation", **texts})


def _contained(table: Table, places: Collection[str]) -> Iterator[Element]:
    for row in table.rows:
        iri = row["iri"][0]
        for outer in row["contained_in"]:
            if outer in places:
                yield Element(iri, (iri, outer), {"relation": "containment"})


def _named(table: Table) -> tuple[str, ...]:
    return tuple(
        column.name for column in table.columns if re.fullmatch(r"name(_\w+)?|other_names", column.name)
    )


def _texts(row: Row, attributes: Iterable[str]) -> dict[str, str]:
    return {name: xml_text(SEPARATOR.join(row[name])) for name in attributes if row[name]}


def _gexf(network: Network) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">\n'
    yield '<graph mode="static" defaultedgetype="undirected">\n'
    for of, names in (("node", network.node_attributes), ("edge", network.edge_attributes)):
        yield f'<attributes class="{of}" mode="static">\n'
        for name in names:
            yield f'<attribute id="{of}-{name}" title="{name}" type="{_type(name)}"/>\n'
        yield "</attributes>\n"
    yield "<nodes>\n"
    for node in network.nodes:
        label = quoteattr(node.texts["label"])
        yield f"<node id={quoteattr(node.iri)} label={label}>{_gexf_values('node', node)}</node>\n"
    yield "</nodes>\n<edges>\n"
    for number, edge in enumerate(network.edges):
        source, target = map(quoteattr, edge.ends)
        values = _gexf_values("edge", edge)
        yield f'<edge id="{number}" source={source} target={target}>{values}</edge>\n'
    yield "</edges>\n</graph>\n</gexf>\n"


def _gexf_values(of: str, element: Element) -> str:
    values = (f'<attvalue for="{of}-{name}" value={_quoted(text)}/>' for name, text in element.texts.items())
    return f"<attvalues>{''.join(values)}</attvalues>"


def _graphml(network: Network) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for of, names in (("node", network.node_attributes), ("edge", network.edge_attributes)):
        for name in names:
            yield f'<key id="{of}-{name}" for="{of}" attr.name="{name}" attr.type="{_type(name)}"/>\n'
    yield '<graph edgedefault="undirected">\n'
    for node in network.nodes:
        yield f"<node id={quoteattr(node.iri)}>{_graphml_values('node', node)}</node>\n"
    for edge in network.edges:
        source, target = map(quoteattr, edge.ends)
        yield f"<edge source={source} target={target}>{_graphml_values('edge', edge)}</edge>\n"
    yield "</graph>\n</graphml>\n"


def _graphml_values(of: str, element: Element) -> str:
    return "".join(f'<data key="{of}-{name}">{_escaped(text)}</data>' for name, text in element.texts.items())


def _quoted(text: str) -> str:
    return quoteattr(text, _KEPT_WHITE_SPACE) if _SPECIAL.search(text) else f'"{text}"'


def _escaped(text: str) -> str:
    return escape(text, _KEPT_WHITE_SPACE) if _SPECIAL.search(text) else text


def _type(name: str) -> str:
    return "double" if name in _NUMBERS else "string"
