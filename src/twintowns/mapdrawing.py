"""A map: the land, the connections as the shortest ways on the globe, the places as points with names.

Points stand on whole numbers, so that the same scene is the same bytes everywhere.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final, NamedTuple

from twintowns.basemaps import WIDTH, Base, View, base_of, view_of
from twintowns.clipping import path_of
from twintowns.labelling import Anchor, Polyline, labels_of
from twintowns.projection import Planar, Vector, middle, vector_of
from twintowns.scenes import Scene

_DEEPEST: Final = 6
_STRAIGHT: Final = 1.5
_FAR: Final = 96
_NEAR: Final = 34
_CUT: Final = WIDTH / 4


class Point(NamedTuple):
    """A place in a drawing.

    Attributes:
        spot: Its number in the scene.
        x: Where it lies from the left.
        y: Where it lies from the top.
        rows: The numbers of the connections that end there.
        anchor: How its name stands, if there is room for it.
        reach: Whether a finger can tell it from its neighbours: on any screen (2), a wide one (1), none (0).
    """

    spot: int
    x: int
    y: int
    rows: tuple[int, ...]
    anchor: Anchor | None
    reach: int

    @property
    def numbers(self) -> str:
        """The numbers of its connections, as a page writes them."""
        return " ".join(map(str, self.rows))


class Line(NamedTuple):
    """A line in a drawing: the data of its path, the numbers of its connections, and whether it is faint."""

    path: str
    rows: tuple[int, ...]
    is_faint: bool

    @property
    def numbers(self) -> str:
        """The numbers of its connections, as a page writes them."""
        return " ".join(map(str, self.rows))


class MapDrawing(NamedTuple):
    """A map, ready to be written as SVG."""

    width: int
    height: int
    base: Base
    lines: tuple[Line, ...]
    points: tuple[Point, ...]


def map_of(scene: Scene, names: Sequence[str]) -> MapDrawing | None:
    """Return the map of a scene, or nothing where it is not known where any of its places lies.

    Args:
        scene: What is drawn.
        names: What its spots are called.
    """
    drawn = {n for link in scene.links for n in (link.first, link.second)} | ({0} if scene.home else set())
    drawn = drawn or set(range(len(scene.spots)))
    known = {n: scene.spots[n].position for n in sorted(drawn)}
    positions = {n: position for n, position in known.items() if position}
    if not positions:
        return None
    view = view_of(list(positions.values()))
    vectors = {n: vector_of(position) for n, position in positions.items()}
    places = {n: _rounded(view.planar(vector)) for n, vector in vectors.items()}
    ways = {
        row: _way(view, vectors[link.first], vectors[link.second])
        for row, link in enumerate(scene.links)
        if link.first in vectors and link.second in vectors
    }
    lines = (
        Line("".join(map(path_of, way)), (row,), scene.links[row].takes_part) for row, way in ways.items()
    )
    return MapDrawing(
        WIDTH,
        view.height,
        base_of(view),
        tuple(line for line in lines if line.path),
        points_of(
            places,
            [link[1:3] for link in scene.links],
            dict(enumerate(names)),
            (WIDTH, view.height),
            chain.from_iterable(ways.values()),
        ),
    )


def points_of(
    places: dict[int, tuple[int, int]],
    pairs: Sequence[tuple[int, int]],
    names: Mapping[int, str],
    frame: tuple[int, int],
    lines: Iterable[Polyline],
) -> tuple[Point, ...]:
    """Return points with names.

    Args:
        places: Where the spots lie, the most important first.
        pairs: The spots that each connection has.
        names: What those of the spots are called whose names stand beside their points.
        frame: Width and height of the drawing.
        lines: What is drawn between the spots.
    """
    rows: dict[int, list[int]] = {}
    for row, pair in enumerate(pairs):
        for number in pair:
            rows.setdefault(number, []).append(row)
    order = list(places)
    told = [(*places[number], names.get(number, "")) for number in order]
    named = [index for index, number in enumerate(order) if number in names]
    anchors = labels_of(told, frame, named, lines)
    reaches = _reaches(list(places.values()))
    return tuple(
        Point(number, *places[number], tuple(rows.get(number, ())), anchors.get(index), reaches[index])
        for index, number in enumerate(order)
    )


def _reaches(places: Sequence[tuple[int, int]]) -> list[int]:
    """Return which points are far enough from those before them, so that each can be touched by itself."""
    found: list[int] = []
    touched: list[tuple[int, int]] = []
    for x, y in places:
        apart = min((max(abs(x - left), abs(y - top)) for left, top in touched), default=_FAR)
        found.append(2 if apart >= _FAR else 1 if apart >= _NEAR else 0)
        if found[-1]:
            touched.append((x, y))
    return found


def _way(view: View, one: Vector, other: Vector) -> list[list[tuple[int, int]]]:
    """Return the shortest way between two places, cut where the map ends."""
    start, end = view.planar(one), view.planar(other)
    parts = [[_rounded(start)]]
    for point in _between(view, (one, start), (other, end), _DEEPEST):
        if point is None:
            parts.append([])
        elif not parts[-1] or _rounded(point) != parts[-1][-1]:
            parts[-1].append(_rounded(point))
    return parts


def _between(
    view: View, start: tuple[Vector, Planar], end: tuple[Vector, Planar], depth: int
) -> Iterator[Planar | None]:
    """Go through the points of a way after the first, as many as its curve needs; None is a cut."""
    amid = middle(start[0], end[0])
    planar = view.planar(amid)
    x, y = ((a + b) / 2 for a, b in zip(start[1], end[1], strict=True))
    beside = abs(planar[0] - x) + abs(planar[1] - y)
    if depth and beside > _STRAIGHT:
        yield from _between(view, start, (amid, planar), depth - 1)
        yield from _between(view, (amid, planar), end, depth - 1)
    elif beside > _CUT:
        yield None
        yield end[1]
    else:
        yield end[1]


def _rounded(planar: Planar) -> tuple[int, int]:
    return round(planar[0]), round(planar[1])
