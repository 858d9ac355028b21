"""The outlines under maps, as they are drawn: coasts and borders in pieces, each with a circle around it.

They are ready in `vendored/outlines.json`. What is far from a view counts by one point a piece, which keeps
every coast closed, and Russia cheap. Which of the many are near is looked up by zones of the globe, since
most views of a publication lie in few of them.
"""

import math
from collections.abc import Iterator, Sequence
from functools import cache, cached_property, lru_cache
from itertools import accumulate
from math import cos, pi
from typing import Any, Final, NamedTuple

from twintowns import jsontext
from twintowns.outlines import VENDORED
from twintowns.projection import Position, Vector, angle, vector_of

_UNITS: Final = 100.0
_ZONE: Final = 10
"""How wide and high a zone is, in degrees."""
_CORNER: Final = math.radians(math.hypot(_ZONE, _ZONE) / 2 + 0.01)
"""How far the corners of a zone are from its middle, at most."""
_AHEAD: Final = -0.2
"""The product of two vectors further apart than a zone's corner and a quarter of the globe together."""


class Piece:
    """A piece of an outline.

    Args:
        told: The longitude, latitude and radius of a circle around it, and its points, as differences.

    Attributes:
        centre: Amid the circle.
        radius: Of the circle, in radians.
        first: The first point, which stands for all of them.
    """

    def __init__(self, told: Sequence[int]) -> None:
        """Read the circle and the first point."""
        longitude, latitude, radius = told[:3]
        self._told = told
        self.centre: Final = vector_of((longitude / _UNITS, latitude / _UNITS))
        self.radius: Final = math.radians(radius / _UNITS)
        self.first: Final = vector_of((told[3] / _UNITS, told[4] / _UNITS))

    @cached_property
    def positions(self) -> list[Position]:
        """The points, whose longitudes may be beyond the antimeridian."""
        xs, ys = accumulate(self._told[3::2]), accumulate(self._told[4::2])
        return [(x / _UNITS, y / _UNITS) for x, y in zip(xs, ys, strict=True)]

    @cached_property
    def vectors(self) -> list[Vector]:
        """The points as vectors."""
        return [vector_of(position) for position in self.positions]

    def is_near(self, centre: Vector, reach: float) -> bool:
        """Tell whether some of it may lie no further than an angle from a vector."""
        x, y, z = self.centre
        return x * centre[0] + y * centre[1] + z * centre[2] >= cos(min(pi, reach + self.radius))


class Outline(NamedTuple):
    """A coast or a border: its pieces, and a circle around all of them, with its radius in radians."""

    pieces: list[Piece]
    centre: Vector
    radius: float

    def is_before(self, centre: Vector, least: float = 0.0) -> bool:
        """Tell whether it has points on one half of the globe, around a vector."""
        x, y, z = centre
        return any(a * x + b * y + c * z > least for a, b, c in (piece.first for piece in self.pieces))


@cache
def outlines(name: str) -> list[Outline]:
    """Return the outlines of one kind and scale, such as `coasts-0`."""
    return [_outline([Piece(piece) for piece in line]) for line in _told()[name]]


@cache
def _told() -> dict[str, Any]:
    told: dict[str, Any] = jsontext.read((VENDORED / "outlines.json").read_bytes())
    return told


def _outline(pieces: list[Piece]) -> Outline:
    centre = pieces[len(pieces) // 2].centre
    return Outline(pieces, centre, max(angle(centre, piece.centre) + piece.radius for piece in pieces))


def rings_near(name: str, position: Position, reach: float) -> Iterator[list[Vector]]:
    """Go through the coasts around a position: all points near it, and few of the others.

    Args:
        name: Which coasts.
        position: Where.
        reach: How far around it, in radians.
    """
    centre = vector_of(position)
    for ring in _candidates(name, _zone(position), reach):
        is_near = [piece.is_near(centre, reach) for piece in ring.pieces]
        if any(is_near) or (len(is_near) > 1 and ring.is_before(centre)):
            told = zip(ring.pieces, is_near, strict=True)
            yield [vector for piece, near in told for vector in (piece.vectors if near else (piece.first,))]


def lines_near(name: str, position: Position, reach: float) -> Iterator[list[Vector]]:
    """Go through the pieces of borders that are near a position."""
    centre = vector_of(position)
    for line in _candidates(name, _zone(position), reach):
        for piece in line.pieces:
            if piece.is_near(centre, reach):
                yield piece.vectors


def _zone(position: Position) -> Position:
    """Return the middle of the zone in which a position lies."""
    x, y = (round(degrees / _ZONE) * float(_ZONE) for degrees in position)
    return x, y


@lru_cache(2**10)
def _candidates(name: str, zone: Position, reach: float) -> list[Outline]:
    """Return the outlines that may be near some place of a zone, or around it."""
    centre, widened = vector_of(zone), reach + _CORNER
    x, y, z = centre
    return [
        line
        for line in outlines(name)
        if x * line.centre[0] + y * line.centre[1] + z * line.centre[2] >= cos(min(pi, widened + line.radius))
        or (len(line.pieces) > 1 and line.is_before(centre, _AHEAD))
    ]
