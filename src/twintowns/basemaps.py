"""The land under a map: which part of the globe it shows, and the paths of coasts and borders there.

Views lie on a grid of centres and scales, so that the maps of neighbouring places share one base, which is
drawn once. Paths are SVG's (https://www.w3.org/TR/SVG2/paths.html#PathData), in whole numbers.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from twintowns.clipping import Box, Coordinates, clipped_ring, land_path, lines_path, parts_inside
from twintowns.landlines import lines_near, outlines, rings_near
from twintowns.projection import (
    RADIUS_KM,
    Azimuthal,
    Planar,
    Position,
    Vector,
    equal_earth,
    position_of,
    vector_of,
)

WIDTH: Final = 1280
"""How wide a map is, in its own units."""
_HEIGHT: Final = 800
_MARGIN: Final = 24
_HALF_WIDTHS_KM: Final = (400, 600, 900, 1350, 2000, 3000, 4400)
_ALONE: Final = 2
_GRID: Final = 0.25
_ROOM: Final = 0.82
_FINE_KM, _MIDDLE_KM = 900, 3000
_HALF: Final = 180
_TURN: Final = 30
_FARTHEST: Final = 0.55
_WORLD: Final = WIDTH / 2 / equal_earth(_HALF, 0)[0]
_NORTH, _SOUTH, _POLE = 84.0, -57.0, -90.0
_BEYOND: Final = -55.0


class Base(NamedTuple):
    """What lies under a map, as paths: the sea, where it is not the whole frame, coasts and borders."""

    sea: str
    land: str
    borders: str


class Area(NamedTuple):
    """A view of a part of the globe.

    Attributes:
        longitude: Of its middle.
        latitude: Of its middle.
        half_width_km: How far it reaches to the east.
    """

    longitude: float
    latitude: float
    half_width_km: float

    @property
    def height(self) -> int:
        """How high the map is, in its own units."""
        return _HEIGHT

    def planar(self, vector: Vector) -> Planar:
        """Return where a vector lies on the map."""
        x, y = _azimuthal(self.longitude, self.latitude).planar(vector)
        scale = WIDTH / 2 / self.half_width_km
        return WIDTH / 2 + x * scale, _HEIGHT / 2 + y * scale

    def all_planar(self, vectors: Iterable[Vector]) -> Coordinates:
        """Return where vectors lie on the map, from the left and from the top."""
        scale = WIDTH / 2 / self.half_width_km
        xs, ys = _azimuthal(self.longitude, self.latitude).all_planar(vectors, scale)
        return [WIDTH / 2 + x for x in xs], [_HEIGHT / 2 + y for y in ys]


class World(NamedTuple):
    """A view of the whole globe.

    Attributes:
        longitude: The meridian in the middle.
        has_pole: Whether the far south is shown.
    """

    longitude: float
    has_pole: bool

    @property
    def height(self) -> int:
        """How high the map is, in its own units."""
        return math.ceil(self._top + equal_earth(0, _POLE if self.has_pole else _SOUTH)[1] * _WORLD)

    @property
    def _top(self) -> float:
        return -equal_earth(0, _NORTH)[1] * _WORLD

    def planar(self, vector: Vector) -> Planar:
        """Return where a vector lies on the map."""
        longitude, latitude = position_of(vector)
        return self.planar_of((longitude - self.longitude + _HALF) % (2 * _HALF) - _HALF, latitude)

    def planar_of(self, longitude: float, latitude: float) -> Planar:
        """Return where a position lies on the map, by its longitude from the one in the middle."""
        x, y = equal_earth(longitude, latitude)
        return WIDTH / 2 + x * _WORLD, self._top + y * _WORLD

    def all_planar(self, positions: Iterable[Position]) -> Coordinates:
        """Return where positions lie, by their longitudes from the one in the middle."""
        return _apart(self.planar_of(x, y) for x, y in positions)


View = Area | World


def view_of(positions: Sequence[Position]) -> View:
    """Return the view that shows all of some positions, at least one."""
    vectors = [vector_of(position) for position in positions]
    x, y, z = (sum(axis) for axis in zip(*vectors, strict=True))
    if math.sqrt(x * x + y * y + z * z) >= _FARTHEST * len(vectors):
        centre, reach_km = _box(vectors, Azimuthal.around(position_of((x, y, z))))
        smallest = _ALONE if len(set(positions)) == 1 else 0
        for half_width in _HALF_WIDTHS_KM[smallest:]:
            if half_width * _ROOM * 1.05 >= reach_km and _shows(area := _area(centre, half_width), vectors):
                return area
    return World(_meridian(sorted(longitude for longitude, _ in positions)), _is_far_south(positions))


def _is_far_south(positions: Iterable[Position]) -> bool:
    return any(latitude < _BEYOND for _, latitude in positions)


def _box(vectors: Iterable[Vector], projection: Azimuthal) -> tuple[Position, float]:
    """Return the middle of the box around vectors, and how wide half a view has to be, in kilometres."""
    xs, ys = zip(*map(projection.planar, vectors), strict=True)
    centre = ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)
    reach = max(max(xs) - min(xs), (max(ys) - min(ys)) * WIDTH / _HEIGHT) / 2
    return position_of(projection.vector_at(centre)), reach


def _area(centre: Position, half_width_km: float) -> Area:
    """Return the area of that size whose middle is nearest on the grid."""
    step = math.degrees(half_width_km * _GRID / RADIUS_KM)
    latitude = min(90.0, max(-90.0, round(centre[1] / step) * step))
    around = max(1, round(2 * _HALF * math.cos(math.radians(latitude)) / step))
    longitude = round(centre[0] * around / (2 * _HALF)) * 2 * _HALF / around
    return Area(round(longitude, 3), round(latitude, 3), half_width_km)


def _shows(area: Area, vectors: Iterable[Vector]) -> bool:
    across, down = WIDTH / 2 * _ROOM, _HEIGHT / 2 * _ROOM
    planar = map(area.planar, vectors)
    return all(abs(x - WIDTH / 2) <= across and abs(y - _HEIGHT / 2) <= down for x, y in planar)


def _meridian(longitudes: list[float]) -> float:
    """Return the meridian for the middle: that of Greenwich, unless the far side lies amid the positions."""
    gaps = [(b - a, a) for a, b in pairwise(longitudes)]
    gap, start = max([*gaps, (longitudes[0] + 2 * _HALF - longitudes[-1], longitudes[-1])])
    if start + gap >= _HALF:
        return 0.0
    return float(round((start + gap / 2 + _HALF) / _TURN) * _TURN % (2 * _HALF))


@cache
def _azimuthal(longitude: float, latitude: float) -> Azimuthal:
    return Azimuthal.around((longitude, latitude))


@lru_cache(2**12)
def base_of(view: View) -> Base:
    """Return what lies under a view."""
    return _world(view) if isinstance(view, World) else _base(view)


def _base(area: Area) -> Base:
    level = 3 if area.half_width_km <= _FINE_KM else 2 if area.half_width_km <= _MIDDLE_KM else 1
    corner = math.hypot(area.half_width_km, area.half_width_km * _HEIGHT / WIDTH) * 1.1
    reach = 2 * math.asin(min(1.0, corner / 2 / RADIUS_KM))
    position = (area.longitude, area.latitude)
    coasts = rings_near(f"coasts-{level}", position, reach)
    borders = lines_near(f"borders-{level}", position, reach)
    frame = (-_MARGIN, -_MARGIN, WIDTH + _MARGIN, _HEIGHT + _MARGIN)
    return Base(
        "", land_path(map(area.all_planar, coasts), frame), lines_path(map(area.all_planar, borders), frame)
    )


def _world(world: World) -> Base:
    frame = (-_MARGIN, -_MARGIN, WIDTH + _MARGIN, world.height + _MARGIN)
    edge = [*((-_HALF, y) for y in range(-90, 91, 6)), *((_HALF, y) for y in range(90, -91, -6))]
    sides: Box = (-_HALF, -math.inf, _HALF, math.inf)
    coasts = (zip(*clipped_ring(*_apart(ring), sides), strict=True) for ring in _turned("coasts-0", world))
    borders = (part for line in _turned("borders-0", world) for part in parts_inside(line, sides))
    return Base(
        land_path([world.all_planar(edge)], frame),
        land_path(map(world.all_planar, coasts), frame),
        lines_path(map(world.all_planar, borders), frame),
    )


def _apart(line: Iterable[Planar]) -> Coordinates:
    xs, ys = zip(*line, strict=True)
    return list(xs), list(ys)


def _turned(name: str, world: World) -> Iterator[list[Position]]:
    """Go through outlines as seen from the middle, thrice around the globe, since they may cross its end."""
    for outline in outlines(name):
        line = [position for piece in outline.pieces for position in piece.positions]
        for turn in (-2 * _HALF, 0, 2 * _HALF):
            moved = [(x - world.longitude + turn, y) for x, y in line]
            if any(abs(x) < _HALF for x, _ in moved):
                yield moved
