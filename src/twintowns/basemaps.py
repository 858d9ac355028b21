"""The land under a map: which part of the globe it shows, and the paths of coasts and borders there.

Views lie on a grid of centres and scales, so that the maps of neighbouring places share one base, which is
drawn once. Outlines are ready in `vendored/outlines.json` in pieces, each with a circle around it: what is
far from a view counts by one point a piece, which keeps every coast closed, and Russia cheap.
Paths are SVG's (https://www.w3.org/TR/SVG2/paths.html#PathData), in whole numbers.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property, lru_cache
from itertools import pairwise
from typing import Any, Final, NamedTuple

from twintowns import jsontext
from twintowns.outlines import VENDORED
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
_SHORTEST: Final = 2
_CORNERS: Final = 3
_UNITS: Final = 100.0
_HALF: Final = 180
_TURN: Final = 30
_FARTHEST: Final = 0.55
_WORLD: Final = WIDTH / 2 / equal_earth(_HALF, 0)[0]
_NORTH, _SOUTH, _POLE = 84.0, -57.0, -90.0
_BEYOND: Final = -55.0

Box = tuple[float, float, float, float]


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


class _Piece:
    """A piece of an outline."""

    def __init__(self, told: Sequence[int]) -> None:
        longitude, latitude, radius, *self._points = told
        self.centre = vector_of((longitude / _UNITS, latitude / _UNITS))
        self.radius = math.radians(radius / _UNITS)

    @cached_property
    def positions(self) -> list[Position]:
        """The points, whose longitudes may be beyond the antimeridian."""
        x, y, *steps = self._points
        found = [(x / _UNITS, y / _UNITS)]
        for dx, dy in zip(steps[::2], steps[1::2], strict=True):
            x, y = x + dx, y + dy
            found.append((x / _UNITS, y / _UNITS))
        return found

    @cached_property
    def vectors(self) -> list[Vector]:
        """The points as vectors."""
        return [vector_of(position) for position in self.positions]

    @cached_property
    def first(self) -> list[Vector]:
        """The first point, which stands for all of them."""
        x, y = self._points[:2]
        return [vector_of((x / _UNITS, y / _UNITS))]

    def is_near(self, centre: Vector, reach: float) -> bool:
        """Tell whether some of it may lie no further than an angle from a vector."""
        x, y, z = self.centre
        return x * centre[0] + y * centre[1] + z * centre[2] >= math.cos(min(math.pi, reach + self.radius))


@cache
def _told() -> dict[str, Any]:
    told: dict[str, Any] = jsontext.read((VENDORED / "outlines.json").read_bytes())
    return told


@cache
def _lines(name: str) -> list[list[_Piece]]:
    return [[_Piece(piece) for piece in line] for line in _told()[name]]


@lru_cache(2**10)
def base_of(view: View) -> Base:
    """Return what lies under a view."""
    return _world(view) if isinstance(view, World) else _base(view)


def _base(area: Area) -> Base:
    level = 3 if area.half_width_km <= _FINE_KM else 2 if area.half_width_km <= _MIDDLE_KM else 1
    corner = math.hypot(area.half_width_km, area.half_width_km * _HEIGHT / WIDTH) * 1.1
    reach = 2 * math.asin(min(1.0, corner / 2 / RADIUS_KM))
    centre = _azimuthal(area.longitude, area.latitude).centre
    rings = (_ring_near(ring, centre, reach) for ring in _lines(f"coasts-{level}"))
    planar = ([area.planar(vector) for vector in ring] for ring in rings if ring)
    borders = (
        [area.planar(vector) for vector in piece.vectors]
        for line in _lines(f"borders-{level}")
        for piece in line
        if piece.is_near(centre, reach)
    )
    frame = (-_MARGIN, -_MARGIN, WIDTH + _MARGIN, _HEIGHT + _MARGIN)
    return Base("", _land(planar, frame), _border(borders, frame))


def _ring_near(ring: list[_Piece], centre: Vector, reach: float) -> list[Vector]:
    """Return a coast with all its points near a view, and few of the others; nothing if it is not seen."""
    is_near = [piece.is_near(centre, reach) for piece in ring]
    if not any(is_near) and (len(ring) == 1 or not _is_before(ring, centre)):
        return []
    told = zip(ring, is_near, strict=True)
    return [vector for piece, near in told for vector in (piece.vectors if near else piece.first)]


def _is_before(ring: list[_Piece], centre: Vector) -> bool:
    """Tell whether a coast has points on the view's half of the globe, so that the view may lie amid it."""
    x, y, z = centre
    return any(a * x + b * y + c * z > 0 for piece in ring for a, b, c in piece.first)


def _world(world: World) -> Base:
    frame = (-_MARGIN, -_MARGIN, WIDTH + _MARGIN, world.height + _MARGIN)
    coasts = _turned(_lines("coasts-0"), world)
    borders = _turned(_lines("borders-0"), world)
    edge = [*((-_HALF, y) for y in range(-90, 91, 6)), *((_HALF, y) for y in range(90, -91, -6))]
    sides: Box = (-_HALF, -math.inf, _HALF, math.inf)
    return Base(
        _land([[world.planar_of(x, y) for x, y in edge]], frame),
        _land(([world.planar_of(x, y) for x, y in _clipped(ring, sides)] for ring in coasts), frame),
        _border(
            ([world.planar_of(x, y) for x, y in line] for part in borders for line in _inside(part, sides)),
            frame,
        ),
    )


def _turned(lines: Iterable[list[_Piece]], world: World) -> Iterator[list[Planar]]:
    """Go through outlines as seen from the middle, thrice around the globe, since they may cross its end."""
    for pieces in lines:
        line = [position for piece in pieces for position in piece.positions]
        for turn in (-2 * _HALF, 0, 2 * _HALF):
            moved = [(x - world.longitude + turn, y) for x, y in line]
            if any(abs(x) < _HALF for x, _ in moved):
                yield moved


def _land(rings: Iterable[Sequence[Planar]], frame: Box) -> str:
    """Return the path of what lies within rings, and within a frame."""
    clipped = (_whole(_clipped(ring, frame)) for ring in rings)
    return "".join(f"{path_of(ring)}z" for ring in clipped if len(ring) >= _CORNERS)


def _border(lines: Iterable[Sequence[Planar]], frame: Box) -> str:
    return "".join(path_of(_whole(part)) for line in lines for part in _inside(line, frame))


def _clipped(ring: Sequence[Planar], box: Box) -> Sequence[Planar]:
    """Return a ring clipped to a box, by the algorithm of Sutherland and Hodgman."""
    for side, limit in enumerate(box):
        axis, sign = side % 2, 1 if side < 2 else -1  # noqa: PLR2004 - west and south come before east and north
        if all((point[axis] - limit) * sign >= 0 for point in ring):
            continue
        ring = list(_cut(ring, axis, limit, sign))
    return ring


def _cut(ring: Sequence[Planar], axis: int, limit: float, sign: int) -> Iterator[Planar]:
    """Go through the points of a ring on one side of a line, and those at which it crosses it."""
    for before, point in zip((ring[-1:] + ring[:-1]) if ring else [], ring, strict=True):  # type: ignore[operator]
        was, is_in = (before[axis] - limit) * sign >= 0, (point[axis] - limit) * sign >= 0
        if was != is_in:
            share = (limit - before[axis]) / (point[axis] - before[axis])
            other = before[1 - axis] + share * (point[1 - axis] - before[1 - axis])
            yield (limit, other) if axis == 0 else (other, limit)
        if is_in:
            yield point


def _inside(line: Sequence[Planar], box: Box) -> Iterator[list[Planar]]:
    """Go through the parts of a line that may be seen in a box."""
    part: list[Planar] = []
    west, north, east, south = box
    for (x1, y1), (x2, y2) in pairwise(line):
        if max(x1, x2) < west or min(x1, x2) > east or max(y1, y2) < north or min(y1, y2) > south:
            if part:
                yield part
            part = []
        else:
            part = part or [(x1, y1)]
            part.append((x2, y2))
    if part:
        yield part


def _whole(line: Iterable[Planar]) -> list[tuple[int, int]]:
    """Return a line in whole numbers, without points that can hardly be told from the one before."""
    kept: list[tuple[int, int]] = []
    for x, y in line:
        point = (round(x), round(y))
        if not kept or abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) > _SHORTEST:
            kept.append(point)
    return kept


def path_of(line: Sequence[tuple[int, int]]) -> str:
    """Return a line as the data of a path; a single point is none.

    >>> path_of([(1, 2), (4, 1), (4, 5)])
    'M1 2l3-1 0 4'
    """
    if len(line) < 2:  # noqa: PLR2004 - a line has two ends
        return ""
    numbers = [number for (x1, y1), (x2, y2) in pairwise(line) for number in (x2 - x1, y2 - y1)]
    told = "".join(f"{n}" if n < 0 or not i else f" {n}" for i, n in enumerate(numbers))
    return f"M{line[0][0]} {line[0][1]}l{told}"
