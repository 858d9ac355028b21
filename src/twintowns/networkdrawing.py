"""A network: a place amid its partners and theirs, or many places around a circle; the same each time.

Nothing is left to chance or to a simulation: partners stand on a ring in their order, and around each, on the
outer ring, those that it is the first to bring in. Where there are many, names stand along the rays.
"""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from twintowns.labelling import LARGE, SMALL, width_of
from twintowns.mapdrawing import Line, Point, points_of
from twintowns.scenes import Scene

WIDTH: Final = 1280
_LOW: Final = 760
_FEW: Final = 14
_INNER, _OUTER = 0.52, 0.66
_REACH: Final = (430, 300)
_RADIUS: Final = 330
_GAP: Final = ".85"
_QUARTER: Final = 90
_TURN: Final = 360
_PULL: Final = 0.35
_LARGEST: Final = 40
_CLOSE: Final = 9
_SAME_RING: Final = 40
_LEAST: Final = 120
_MARGIN: Final = 70


class Ray(NamedTuple):
    """A name that stands along a ray: where its point lies, how it is turned, at which end."""

    point: Point
    turn: int
    anchor: str
    dx: str


class NetworkDrawing(NamedTuple):
    """A network, ready to be written as SVG."""

    width: int
    height: int
    lines: tuple[Line, ...]
    points: tuple[Point, ...]
    rays: tuple[Ray, ...]
    missing: int


def network_of(scene: Scene, names: Sequence[str]) -> NetworkDrawing | None:
    """Return the network around a place, or nothing where it has no partner.

    Args:
        scene: What is drawn.
        names: What its spots are called.
    """
    if not scene.links:
        return None
    near = sorted({link.second for link in scene.links})
    brought: dict[int, list[int]] = {number: [] for number in near}
    placed = {0, *near}
    for one, other in scene.further:
        for inner, outer in ((one, other), (other, one)):
            if inner in brought and outer not in placed:
                placed.add(outer)
                brought[inner].append(outer)
    angles = _angles(brought)
    is_low = len(placed) <= _FEW
    frame = (WIDTH, _LOW if is_low else WIDTH)
    reach = _REACH if is_low else (_RADIUS, _RADIUS)
    is_single = len(placed) == len(near) + 1
    is_sparse = len(placed) <= 2 * len(near)
    share = 1.0 if is_single else _OUTER if is_sparse else _INNER
    places = {0: (frame[0] // 2, frame[1] // 2)}
    places |= {number: _at(frame, reach, share, angles[number]) for number in near}
    places |= {
        number: _at(frame, reach, 1.0, angle) for number, angle in angles.items() if number not in places
    }
    return _drawn(
        scene, names, places, frame, [] if is_low else [n for n in angles if is_single or n not in brought]
    )


def circle_of(scene: Scene, names: Sequence[str]) -> NetworkDrawing | None:
    """Return the network of many places, around a circle by their countries."""
    shown = set(range(min(_LARGEST, len(scene.spots))))
    links = [link for link in scene.links if link.first in shown and link.second in shown]
    linked = {number for link in links for number in (link.first, link.second)}
    if not linked:
        return None
    order = sorted(linked, key=lambda n: (str(scene.spots[n].country or ""), n))
    frame, reach = (WIDTH, WIDTH), (_RADIUS, _RADIUS)
    places = {n: _at(frame, reach, 1.0, _TURN * i / len(order)) for i, n in enumerate(order)}
    drawn = _drawn(scene, names, places, frame, order)
    return drawn._replace(missing=scene.total - len(order))


def _angles(brought: dict[int, list[int]]) -> dict[int, float]:
    """Return the angle of each place, clockwise from above; one has room for all that it brings in."""
    leaves = sum(max(1, len(outer)) for outer in brought.values())
    found: dict[int, float] = {}
    start, each = 0.0, _TURN / leaves
    for number, outer in brought.items():
        width = each * max(1, len(outer))
        found[number] = start + width / 2
        for index, other in enumerate(outer):
            found[other] = start + each * (index + 0.5)
        start += width
    turn = found[next(iter(brought))] - (_QUARTER if leaves <= _CLOSE else 0)
    return {number: (angle - turn) % _TURN for number, angle in found.items()}


def _at(frame: tuple[int, int], reach: tuple[int, int], share: float, angle: float) -> tuple[int, int]:
    turned = math.radians(angle)
    x, y = reach[0] * share * math.sin(turned), reach[1] * share * math.cos(turned)
    return round(frame[0] / 2 + x), round(frame[1] / 2 - y)


def _drawn(
    scene: Scene,
    names: Sequence[str],
    places: dict[int, tuple[int, int]],
    frame: tuple[int, int],
    turned: Sequence[int],
) -> NetworkDrawing:
    """Return a network whose places stand where they are told, some of their names along rays."""
    middle = (frame[0] // 2, frame[1] // 2)
    rays = {number: _turn(places[number], middle) for number in turned}
    top, bottom = _extent(places, {n: (turn, names[n]) for n, turn in rays.items()}, frame)
    places = {number: (x, y - top) for number, (x, y) in places.items()}
    middle, frame = (middle[0], middle[1] - top), (frame[0], bottom - top)
    rows: dict[tuple[int, int], list[int]] = {}
    faint = {link[1:3] for link in scene.links if link.takes_part}
    for row, link in enumerate(scene.links):
        rows.setdefault((link.first, link.second), []).append(row)
    by_spot: dict[int, list[int]] = {}
    for pair, told in rows.items():
        for number in pair:
            by_spot.setdefault(number, []).extend(told)
    further = {pair: sorted({*by_spot.get(pair[0], ()), *by_spot.get(pair[1], ())}) for pair in scene.further}
    lines = [
        Line(_line(places[a], places[b], middle), tuple(told), (a, b) in faint)
        for (a, b), told in {**further, **rows}.items()
        if a in places and b in places
    ]
    pairs = [link[1:3] for link in scene.links]
    for (_, outer), told in further.items():
        by_spot.setdefault(outer, list(told))
    straight = [[places[a], places[b]] for a, b in {**further, **rows} if a in places and b in places]
    points = points_of(places, pairs, {n: names[n] for n in places if n not in rays}, frame, straight)
    points = tuple(p._replace(rows=tuple(sorted(set(by_spot.get(p.spot, ()))))) for p in points)
    named = tuple(_ray(point, rays[point.spot]) for point in points if point.spot in rays)
    return NetworkDrawing(*frame, tuple(lines), points, named, scene.missing)


def _line(start: tuple[int, int], end: tuple[int, int], middle: tuple[int, int]) -> str:
    """Return a line, bent towards the middle where it leads from a place on a ring to one on the same."""
    if abs(math.dist(start, middle) - math.dist(end, middle)) > _SAME_RING:
        return f"M{start[0]} {start[1]}L{end[0]} {end[1]}"
    x, y = (
        round((a + b) / 2 + (m - (a + b) / 2) * _PULL) for a, b, m in zip(start, end, middle, strict=True)
    )
    return f"M{start[0]} {start[1]}Q{x} {y} {end[0]} {end[1]}"


def _turn(place: tuple[int, int], middle: tuple[int, int]) -> int:
    """Return how a ray from the middle is turned, clockwise from the right, in degrees from -180 to 180."""
    return round(math.degrees(math.atan2(place[1] - middle[1], place[0] - middle[0])))


def _ray(point: Point, turn: int) -> Ray:
    """Return how a name stands along a ray, never upside down."""
    if abs(turn) <= _QUARTER:
        return Ray(point, turn, "start", f"{_GAP}em")
    return Ray(point, (turn + _TURN // 2) % _TURN, "end", f"-{_GAP}em")


def _extent(
    places: dict[int, tuple[int, int]], rays: dict[int, tuple[int, str]], frame: tuple[int, int]
) -> tuple[int, int]:
    """Return where what is drawn begins and ends, from above, with room for names."""
    tops, bottoms = [frame[1] // 2 - _LEAST], [frame[1] // 2 + _LEAST]
    for number, (_, y) in places.items():
        turn, name = rays.get(number, (0, ""))
        end = y + (width_of(shortened(name), LARGE * 2 // 3) + SMALL) * math.sin(math.radians(turn))
        tops.append(math.floor(min(y, end)) - _MARGIN)
        bottoms.append(math.ceil(max(y, end)) + _MARGIN)
    return max(0, min(tops)), min(frame[1], max(bottoms))


MOST_CHARACTERS: Final = 100
"""How much of a name is looked at, before it is seen how wide it is."""


def shortened(name: str) -> str:
    """Return a name so short that it stays within the frame along a ray.

    >>> shortened("Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch")
    'Llanfairpwllgwyn…'
    """
    most = WIDTH / 2 - _RADIUS - SMALL
    if len(name) <= MOST_CHARACTERS and width_of(name, SMALL) <= most:
        return name
    beginning = name[:MOST_CHARACTERS]
    while width_of(f"{beginning}…", SMALL) > most:
        beginning = beginning[:-1]
    return f"{beginning}…"


def renumbered(network: NetworkDrawing, rows: Sequence[Sequence[int]]) -> NetworkDrawing:
    """Return a network for a page whose table has other rows.

    Args:
        network: The network.
        rows: Which rows of that table each connection is told in.
    """

    def told(numbers: Sequence[int]) -> tuple[int, ...]:
        return tuple(sorted({row for number in numbers for row in rows[number]}))

    points = {point.spot: point._replace(rows=told(point.rows)) for point in network.points}
    return network._replace(
        lines=tuple(line._replace(rows=told(line.rows)) for line in network.lines),
        points=tuple(points.values()),
        rays=tuple(ray._replace(point=points[ray.point.spot]) for ray in network.rays),
    )
