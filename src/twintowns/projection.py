"""From the globe to the plane, without distorting areas: two projections, and the shortest way on the globe.

What lies within a continent is drawn by the azimuthal projection of Lambert around its middle, the whole
world by Equal Earth (https://doi.org/10.1080/13658816.2018.1504949). Both are used for the sphere: at the
scales drawn here the ellipsoid would not be seen.
"""

import math
from collections.abc import Iterable
from typing import Final, NamedTuple

Position = tuple[float, float]
"""Longitude and latitude in degrees."""
Vector = tuple[float, float, float]
"""A point of the globe as a vector of length one."""
Planar = tuple[float, float]
"""A point of the plane, y downwards."""

RADIUS_KM: Final = 6371.0088
"""The mean radius of the earth (https://doi.org/10.1007/s001900050278)."""
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M: Final = math.sqrt(3) / 2
_SAME: Final = 1e-9
_NOTHING: Final = 1e-14
"""What keeps the opposite of a centre, which has no place on its map, from being infinitely far."""


def vector_of(position: Position) -> Vector:
    """Return the vector of a position.

    >>> vector_of((0.0, 0.0))
    (1.0, 0.0, 0.0)
    """
    longitude, latitude = math.radians(position[0]), math.radians(position[1])
    across = math.cos(latitude)
    return across * math.cos(longitude), across * math.sin(longitude), math.sin(latitude)


def position_of(vector: Vector) -> Position:
    """Return the position of a vector, of whatever length but zero."""
    x, y, z = vector
    return math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, math.hypot(x, y)))


def angle(one: Vector, other: Vector) -> float:
    """Return the angle between two vectors, in radians."""
    x, y, z = (a - b for a, b in zip(one, other, strict=True))
    return 2 * math.asin(min(1.0, math.sqrt(x * x + y * y + z * z) / 2))


def distance_km(one: Position, other: Position) -> float:
    """Return how far two positions are apart on the globe.

    >>> round(distance_km((0, 0), (180, 0)))
    20015
    """
    return RADIUS_KM * angle(vector_of(one), vector_of(other))


def middle(one: Vector, other: Vector) -> Vector:
    """Return what lies halfway between two vectors; of opposite ones, halfway over a pole."""
    x, y, z = (a + b for a, b in zip(one, other, strict=True))
    length = math.sqrt(x * x + y * y + z * z)
    if length < _SAME:
        return (1.0, 0.0, 0.0) if abs(one[2]) > 1 - _SAME else (0.0, 0.0, 1.0)
    return x / length, y / length, z / length


class Azimuthal(NamedTuple):
    """Lambert's azimuthal equal-area projection (https://pubs.usgs.gov/pp/1395/report.pdf, page 182).

    Attributes:
        centre: What lies amid the plane.
        east: The direction in which x grows there.
        north: The direction in which y falls.
    """

    centre: Vector
    east: Vector
    north: Vector

    @classmethod
    def around(cls, position: Position) -> "Azimuthal":
        """Return the projection around a position."""
        longitude, latitude = math.radians(position[0]), math.radians(position[1])
        sine, cosine = math.sin(longitude), math.cos(longitude)
        height, across = math.sin(latitude), math.cos(latitude)
        return cls(
            (across * cosine, across * sine, height),
            (-sine, cosine, 0.0),
            (-height * cosine, -height * sine, across),
        )

    def planar(self, vector: Vector) -> Planar:
        """Return where a vector lies, in kilometres from the centre.

        >>> Azimuthal.around((10.0, 50.0)).planar(vector_of((10.0, 50.0)))[0]
        0.0
        """
        x, y, z = vector
        (cx, cy, cz), (ex, ey, _), (nx, ny, nz) = self
        ahead = 1 + cx * x + cy * y + cz * z
        scale = RADIUS_KM * math.sqrt(2 / ahead) if ahead > _SAME else 2 * RADIUS_KM / _SAME
        return scale * (ex * x + ey * y), -scale * (nx * x + ny * y + nz * z)

    def all_planar(self, vectors: Iterable[Vector], scale: float) -> tuple[list[float], list[float]]:
        """Return where vectors lie, from the centre to the right and downwards; a kilometre is `scale`."""
        (cx, cy, cz), (ex, ey, _), (nx, ny, nz) = self
        ahead, root, most = 1 + _NOTHING, math.sqrt, RADIUS_KM * math.sqrt(2) * scale
        told = [(x, y, z, most / root(ahead + cx * x + cy * y + cz * z)) for x, y, z in vectors]
        xs = [s * (ex * x + ey * y) for x, y, _, s in told]
        return xs, [-s * (nx * x + ny * y + nz * z) for x, y, z, s in told]

    def vector_at(self, planar: Planar) -> Vector:
        """Return what lies at a place of the plane, as far as that shows the globe."""
        x, y = planar[0] / RADIUS_KM, -planar[1] / RADIUS_KM
        square = min(4.0, x * x + y * y)
        ahead, aside = 1 - square / 2, math.sqrt(1 - square / 4)
        told = zip(self.centre, self.east, self.north, strict=True)
        first, second, third = (ahead * c + aside * (x * e + y * n) for c, e, n in told)
        return first, second, third


def equal_earth(longitude: float, latitude: float) -> Planar:
    """Return where a position lies on the map of the world, in radii of the globe.

    Args:
        longitude: In degrees from the middle of the map.
        latitude: In degrees.

    >>> [round(number, 3) for number in equal_earth(180.0, 0.0)]
    [2.707, 0.0]
    """
    theta = math.asin(_M * math.sin(math.radians(latitude)))
    square = theta * theta
    sixth = square * square * square
    x = math.radians(longitude) * math.cos(theta) / _M
    x /= _A1 + 3 * _A2 * square + sixth * (7 * _A3 + 9 * _A4 * square)
    return x, 0.0 - theta * (_A1 + _A2 * square + sixth * (_A3 + _A4 * square))
