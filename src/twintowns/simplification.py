"""Outlines made ready to be drawn: coasts and borders at a few scales, in pieces with a circle around each.

They lie in `vendored/outlines.json`, which `scripts/vendor` writes by this module from those of Natural
Earth; `basemaps` tells what they are for. Lines lose the points that a scale would not show, by the
algorithm of Douglas and Peucker (https://doi.org/10.3138/FM57-6770-U75U-7727); what two countries share
stays shared.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, Final

from twintowns import jsontext
from twintowns.outlines import VENDORED, Ring, decoded_arcs, joined
from twintowns.projection import RADIUS_KM, angle, vector_of

LEVELS: Final = (55.0, 20.0, 6.0, 1.5)
"""How many kilometres a simplified line may be beside the true one, the coarsest first."""
UNITS: Final = 100
"""Of how many whole numbers a degree consists."""
_PIECE: Final = 48
_DEGREE_KM: Final = math.radians(1) * RADIUS_KM
_CORNERS: Final = 3
_HALF: Final = 180.0


def write_outlines(folder: Path = VENDORED) -> None:
    """Write the outlines of a folder of vendored files: a line for each coast and border."""
    topology = jsontext.read((folder / "world-atlas/countries-50m.json").read_bytes())
    lines = (f'"{name}":[\n{_lines(parts)}\n]' for name, parts in outlines(topology).items())
    (folder / "outlines.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _lines(parts: Iterable[list[list[int]]]) -> str:
    return ",\n".join(jsontext.line(part).decode() for part in parts)


def outlines(topology: Mapping[str, Any]) -> dict[str, list[list[list[int]]]]:
    """Return coasts and borders of a topology at each scale: each a list of pieces.

    A piece has the longitude, latitude and radius of a circle around it, and its points: the first, and of
    each other the difference from the one before; all of them in hundredths of a degree.
    """
    arcs = [_run_on(arc) for arc in decoded_arcs(topology)]
    found: dict[str, list[list[list[int]]]] = {}
    for number, tolerance in enumerate(LEVELS):
        simple = [simplified(arc, tolerance) for arc in arcs]
        rings = [joined(simple, ring) for polygon in _polygons(topology, "land") for ring in polygon]
        large = [ring for ring in rings if len(ring) > _CORNERS and _reach_km(ring) >= tolerance]
        found[f"coasts-{number}"] = _in_pieces(large)
        found[f"borders-{number}"] = _in_pieces(simple[index] for index in _shared(topology))
    return found


def _run_on(line: Ring) -> Ring:
    """Let longitudes run on where a line crosses the antimeridian."""
    steps = ((x2 - x1 + _HALF) % (2 * _HALF) - _HALF for (x1, _), (x2, _) in pairwise(line))
    longitudes = accumulate(steps, initial=line[0][0])
    return [(x, y) for x, (_, y) in zip(longitudes, line, strict=True)]


def simplified(line: Ring, tolerance_km: float) -> Ring:
    """Return a line without the points that lie no further than so many kilometres beside what is left."""
    kept = {0, len(line) - 1}
    waiting = [(0, len(line) - 1)]
    while waiting:
        first, last = waiting.pop()
        beside, furthest = _furthest(line, first, last)
        if beside > tolerance_km:
            kept.add(furthest)
            waiting += [(first, furthest), (furthest, last)]
    return [line[index] for index in sorted(kept)]


def _furthest(line: Ring, first: int, last: int) -> tuple[float, int]:
    """Return how many kilometres the furthest point between two lies beside their chord, and which it is."""
    (x1, y1), (x2, y2) = line[first], line[last]
    shrink = math.cos(math.radians((y1 + y2) / 2))
    dx, dy = (x2 - x1) * shrink, y2 - y1
    square = dx * dx + dy * dy
    best, found = 0.0, first
    for index in range(first + 1, last):
        px, py = (line[index][0] - x1) * shrink, line[index][1] - y1
        along = min(1.0, max(0.0, (px * dx + py * dy) / square)) if square else 0.0
        beside = math.hypot(px - along * dx, py - along * dy)
        if beside > best:
            best, found = beside, index
    return best * _DEGREE_KM, found


def _polygons(topology: Mapping[str, Any], name: str) -> Iterator[list[list[int]]]:
    for geometry in topology["objects"][name]["geometries"]:
        yield from geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]


def _shared(topology: Mapping[str, Any]) -> list[int]:
    """Return the arcs that two countries have in common, and are no coast."""
    inner = {index if index >= 0 else ~index for p in _polygons(topology, "land") for r in p for index in r}
    rings = (ring for polygon in _polygons(topology, "countries") for ring in polygon)
    used = Counter(index if index >= 0 else ~index for ring in rings for index in ring)
    return [index for index in sorted(used) if index not in inner]


def _reach_km(ring: Ring) -> float:
    """Return how far the furthest point is from the first."""
    first = vector_of(ring[0])
    return RADIUS_KM * max(angle(first, vector_of(position)) for position in ring)


def _in_pieces(lines: Iterable[Ring]) -> list[list[list[int]]]:
    return [
        [_piece(line[start : start + _PIECE + 1]) for start in range(0, len(line) - 1, _PIECE)]
        for line in (_whole(line) for line in lines)
    ]


def _whole(line: Ring) -> list[tuple[int, int]]:
    whole = [(round(x * UNITS), round(y * UNITS)) for x, y in line]
    return [*dict.fromkeys(whole[:-1]), whole[-1]]


def _piece(points: list[tuple[int, int]]) -> list[int]:
    longitudes, latitudes = zip(*points, strict=True)
    middle = ((min(longitudes) + max(longitudes)) // 2, (min(latitudes) + max(latitudes)) // 2)
    centre = vector_of((middle[0] / UNITS, middle[1] / UNITS))
    radius = max(angle(centre, vector_of((x / UNITS, y / UNITS))) for x, y in points)
    steps = (step for (x1, y1), (x2, y2) in pairwise(points) for step in (x2 - x1, y2 - y1))
    return [*middle, math.ceil(math.degrees(radius) * UNITS), *points[0], *steps]
