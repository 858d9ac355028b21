"""Where countries lie: the box around each and a point amid it, for portals that search by area.

The outlines are those of Natural Earth, as the package world-atlas has them in TopoJSON
(https://github.com/topojson/topojson-specification): borders are arcs, that neighbours share, and positions
are whole numbers, each the difference from the one before. To decode them takes longer than all else in
the catalogue, so the few numbers that a catalogue needs lie ready in `vendored/countries.json`, which
`scripts/vendor` writes by this module.

Literals are well-known text in longitude and latitude (https://docs.ogc.org/is/22-047r1/22-047r1.html).
"""

import math
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, Final, NamedTuple

from twintowns import jsontext
from twintowns.project import PACKAGE

VENDORED: Final = PACKAGE / "vendored"
TABLE: Final = VENDORED / "countries.json"
_DIGITS: Final = 3  # a hundred metres; the outlines are drawn for 1:50 million
_HALF: Final = 180.0
_WHOLE: Final = 360.0

Position = tuple[float, float]
"""Longitude and latitude in degrees."""
Ring = list[Position]
Polygon = list[Ring]
"""The outer ring, and after it those of the holes, which run the other way round."""
Box = tuple[float, float, float, float]
"""West, south, east, north; it does not cross the antimeridian."""


class Extent(NamedTuple):
    """Where something lies.

    Attributes:
        boxes: What is around it: one box, or two where it lies on both sides of the antimeridian.
        centroid: The centre of gravity of its largest part.
    """

    boxes: tuple[Box, ...]
    centroid: Position

    @property
    def bbox_text(self) -> str:
        """The boxes as well-known text, rounded outwards to half a degree.

        >>> Extent(((10.1, 55.5, 24.2, 69.1),), (16.0, 62.0)).bbox_text
        'POLYGON((10 55.5,24.5 55.5,24.5 69.5,10 69.5,10 55.5))'
        >>> Extent(((10.0, 55.0, 24.0, 69.0),), (16.0, 62.0)).bbox_text
        'POLYGON((10 55,24 55,24 69,10 69,10 55))'
        """
        rings = [f"(({_positions(_outwards(box))}))" for box in self.boxes]
        return f"POLYGON{rings[0]}" if len(rings) == 1 else f"MULTIPOLYGON({','.join(rings)})"

    @property
    def centroid_text(self) -> str:
        """The centroid as well-known text.

        >>> Extent((), (16.0, 62.5)).centroid_text
        'POINT(16 62.5)'
        """
        return f"POINT({_position(self.centroid)})"


def _outwards(box: Box) -> Box:
    west, south, east, north = (2 * degrees for degrees in box)
    return math.floor(west) / 2, math.floor(south) / 2, math.ceil(east) / 2, math.ceil(north) / 2


def extent_of(country: str) -> Extent | None:
    """Return where a country lies, by its alpha-3 code of ISO 3166-1; of some small ones it is not known.

    >>> extent_of("EST").centroid_text, extent_of("GIB")
    ('POINT(25.835 58.675)', None)
    """
    told = _table().get(country)
    return Extent(tuple(map(tuple, told["boxes"])), tuple(told["centroid"])) if told else None


@cache
def _table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = jsontext.read(TABLE.read_bytes())
    return table


def write_table(folder: Path = VENDORED) -> None:
    """Write the table of a folder of vendored files: a line for each country, in the order of the codes."""
    codes = jsontext.read((folder / "i18n-iso-countries/codes.json").read_bytes())
    topology = jsontext.read((folder / "world-atlas/countries-50m.json").read_bytes())
    told = extents(topology, {numeric: alpha_3 for _, alpha_3, numeric, _ in codes})
    lines = (f'"{code}":{jsontext.line(extent._asdict()).decode()}' for code, extent in sorted(told.items()))
    (folder / TABLE.name).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def extents(topology: Mapping[str, Any], codes: Mapping[str, str]) -> dict[str, Extent]:
    """Return where the countries of a topology lie.

    Args:
        topology: TopoJSON, whose object `countries` has geometries with the ids of countries.
        codes: What the countries are called in the answer, by their ids.
    """
    arcs = decoded_arcs(topology)
    found: dict[str, list[Polygon]] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        if code := codes.get(geometry.get("id", "")):
            parts = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
            found.setdefault(code, []).extend([joined(arcs, ring) for ring in rings] for rings in parts)
    return {code: _extent(polygons) for code, polygons in found.items()}


def decoded_arcs(topology: Mapping[str, Any]) -> list[Ring]:
    """Return the arcs of a topology as positions."""
    return [_decoded(topology, arc) for arc in topology["arcs"]]


def _decoded(topology: Mapping[str, Any], arc: Iterable[tuple[int, int]]) -> Ring:
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    return [(x * kx + dx, y * ky + dy) for x, y in accumulate(arc, lambda a, b: (a[0] + b[0], a[1] + b[1]))]


def joined(arcs: list[Ring], indices: Iterable[int]) -> Ring:
    """Join arcs, each of which begins where the last one ended; `~i` is the arc i backwards."""
    parts = (arcs[i] if i >= 0 else arcs[~i][::-1] for i in indices)
    return _unwound([position for part in parts for position in part])


def _unwound(ring: Ring) -> Ring:
    """Let longitudes run on where a closed ring crosses the antimeridian; around a pole, lead it there."""
    steps = ((x2 - x1 + _HALF) % _WHOLE - _HALF for (x1, _), (x2, _) in pairwise(ring))
    longitudes = list(accumulate(steps, initial=ring[0][0]))
    unwound = [(x, y) for x, (_, y) in zip(longitudes, ring, strict=True)]
    if abs(longitudes[-1] - longitudes[0]) > _HALF:
        pole = math.copysign(90.0, ring[0][1])
        unwound += [(longitudes[-1], pole), (longitudes[0], pole)]
    return unwound


def _extent(polygons: list[Polygon]) -> Extent:
    latitudes = [y for polygon in polygons for _, y in polygon[0]]
    south, north = min(latitudes), max(latitudes)
    around = _around([_span([x for x, _ in polygon[0]]) for polygon in polygons])
    boxes = tuple((_rounded(w), _rounded(south), _rounded(e), _rounded(north)) for w, e in around)
    _, (x, y) = max(map(_area_and_centroid, polygons))
    return Extent(boxes, (_rounded(_on_the_circle(x)), _rounded(y)))


def _on_the_circle(longitude: float) -> float:
    return (longitude + _HALF) % _WHOLE - _HALF


def _span(longitudes: list[float]) -> tuple[float, float]:
    """Return the first longitude and the last one, which is beyond 180 where the antimeridian is crossed."""
    start = _on_the_circle(min(longitudes))
    return start, start + max(longitudes) - min(longitudes)


def _around(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return west and east of what is left of the circle without the widest gap, cut at the antimeridian."""
    spans = sorted(spans)
    ends = list(accumulate((end for _, end in spans), max))
    first, last = spans[0][0], ends[-1]
    within = zip(ends, spans[1:], strict=False)
    gaps = [(start - end, start, max(end + _WHOLE, last)) for end, (start, _) in within]
    _, west, east = max([(first + _WHOLE - last, first, last), *gaps])
    if east - west >= _WHOLE:
        return [(-_HALF, _HALF)]
    return [(west, east)] if east <= _HALF else [(west, _HALF), (-_HALF, east - _WHOLE)]


def _area_and_centroid(polygon: Polygon) -> tuple[float, Position]:
    """Return area and centroid of a polygon on the cylinder of equal areas, on which holes count less."""
    area = moment_x = moment_y = 0.0
    for ring in polygon:
        flat = [(x, math.sin(math.radians(y))) for x, y in ring]
        for (x1, y1), (x2, y2) in pairwise((*flat, flat[0])):
            part = x1 * y2 - x2 * y1
            area, moment_x, moment_y = area + part, moment_x + part * (x1 + x2), moment_y + part * (y1 + y2)
    return abs(area) / 2, (moment_x / area / 3, math.degrees(math.asin(moment_y / area / 3)))


def _rounded(degrees: float) -> float:
    return round(degrees, _DIGITS) + 0.0  # no negative zero


def _positions(box: Box) -> str:
    west, south, east, north = box
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return ",".join(map(_position, corners))


def _position(position: Position) -> str:
    return f"{position[0]:g} {position[1]:g}"
