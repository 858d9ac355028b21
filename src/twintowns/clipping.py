"""Rings and lines cut to a box of the plane, and written as the data of SVG's paths.

A map is drawn from thousands of points, most of them beside it: what these loops do for each of them is what
drawing it costs, so that they stand without further functions.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from twintowns.projection import Planar

Box = tuple[float, float, float, float]
"""West, north, east and south."""

Coordinates = tuple[list[float], list[float]]
"""Of the points of a line: how far from the left, and how far from the top."""

_SHORTEST: Final = 2
_CORNERS: Final = 3


def land_path(rings: Iterable[Coordinates], box: Box) -> str:
    """Return the path of what lies within rings, and within a box."""
    clipped = (whole(zip(*clipped_ring(xs, ys, box), strict=True)) for xs, ys in rings)
    return "".join(f"{path_of(ring)}z" for ring in clipped if len(ring) >= _CORNERS)


def lines_path(lines: Iterable[Coordinates], box: Box) -> str:
    """Return the path of the parts of lines that may be seen in a box."""
    parts = (part for xs, ys in lines for part in parts_inside(list(zip(xs, ys, strict=True)), box))
    return "".join(path_of(whole(part)) for part in parts)


def clipped_ring(xs: list[float], ys: list[float], box: Box) -> Coordinates:
    """Return a ring clipped to a box, by the algorithm of Sutherland and Hodgman.

    >>> clipped_ring([-4.0, 4.0, 4.0, -4.0], [1.0, 1.0, 2.0, 2.0], (0.0, 0.0, 9.0, 9.0))
    ([0.0, 4.0, 4.0, 0.0], [1.0, 1.0, 2.0, 2.0])
    """
    west, north, east, south = box
    if xs and min(xs) < west:
        xs, ys = _cut(xs, ys, west, 1)
    if ys and min(ys) < north:
        ys, xs = _cut(ys, xs, north, 1)
    if xs and max(xs) > east:
        xs, ys = _cut(xs, ys, east, -1)
    if ys and max(ys) > south:
        ys, xs = _cut(ys, xs, south, -1)
    return xs, ys


def _cut(us: list[float], vs: list[float], limit: float, sign: int) -> Coordinates:
    """Return the points of a ring on one side of a line, and those at which it crosses it."""
    kept_us: list[float] = []
    kept_vs: list[float] = []
    if max(us) < limit if sign > 0 else min(us) > limit:
        return kept_us, kept_vs
    u1, v1 = us[-1], vs[-1]
    was = (u1 - limit) * sign >= 0
    for u2, v2 in zip(us, vs, strict=True):
        is_in = (u2 - limit) * sign >= 0
        if was != is_in:
            kept_us.append(limit)
            kept_vs.append(v1 + (limit - u1) / (u2 - u1) * (v2 - v1))
            was = is_in
        if is_in:
            kept_us.append(u2)
            kept_vs.append(v2)
        u1, v1 = u2, v2
    return kept_us, kept_vs


def parts_inside(line: Sequence[Planar], box: Box) -> Iterator[list[Planar]]:
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


def whole(line: Iterable[Planar]) -> list[tuple[int, int]]:
    """Return a line in whole numbers, without points that can hardly be told from the one before."""
    kept: list[tuple[int, int]] = []
    last_x, last_y = math.inf, math.inf
    for x, y in line:
        rounded_x, rounded_y = round(x), round(y)
        if abs(rounded_x - last_x) + abs(rounded_y - last_y) > _SHORTEST:
            kept.append((rounded_x, rounded_y))
            last_x, last_y = rounded_x, rounded_y
    return kept


def path_of(line: Sequence[tuple[int, int]]) -> str:
    """Return a line as the data of a path; a single point is none.

    >>> path_of([(1, 2), (4, 1), (4, 5)])
    'M1 2l3-1 0 4'
    """
    if len(line) < 2:  # noqa: PLR2004 - a line has two ends
        return ""
    steps = [f"{x2 - x1}{y2 - y1: }" for (x1, y1), (x2, y2) in pairwise(line)]
    return f"M{line[0][0]} {line[0][1]}l{' '.join(steps).replace(' -', '-')}"
