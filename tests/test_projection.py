"""The globe on the plane: distances, areas kept, ways back, and poles."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twintowns.projection import (
    Azimuthal,
    Position,
    distance_km,
    equal_earth,
    middle,
    position_of,
    vector_of,
)

POSITIONS = st.tuples(st.floats(-180, 180), st.floats(-89, 89))


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ((15.183333, 60.133333), (28.776389, 61.193056), 748),
        ((179.0, 0.0), (-179.0, 0.0), 222),
        ((0.0, 90.0), (120.0, 90.0), 0),
        ((0.0, -90.0), (0.0, 90.0), 20015),
    ],
)
def test_distance(one: Position, other: Position, apart: int) -> None:
    """Distances are those on the globe, across the antimeridian and at the poles too."""
    assert round(distance_km(one, other)) == apart


@given(POSITIONS)
def test_vectors_lead_back(position: Position) -> None:
    """A position is found again from its vector."""
    assert distance_km(position_of(vector_of(position)), position) < 0.001


@given(POSITIONS, st.floats(-3000, 3000), st.floats(-3000, 3000))
def test_azimuthal_leads_back(centre: Position, x: float, y: float) -> None:
    """What lies at a place of the plane is drawn at that place."""
    projection = Azimuthal.around(centre)
    assert math.dist(projection.planar(projection.vector_at((x, y))), (x, y)) < 0.01


def test_azimuthal_keeps_the_other_side_finite() -> None:
    """What lies opposite the centre is drawn far away, and nothing fails."""
    x, y = Azimuthal.around((0.0, 0.0)).planar(vector_of((180.0, 0.0)))
    assert math.isfinite(x)
    assert math.isfinite(y)


def test_equal_earth_keeps_areas() -> None:
    """Equal areas on the globe are equal on the map, to a thousandth."""

    def area(latitude: float) -> float:
        (x1, y1), (x2, y2) = equal_earth(1, latitude), equal_earth(1, latitude + 1)
        told = (x1 + x2) / 2 * (y1 - y2)
        sines = math.sin(math.radians(latitude + 1)) - math.sin(math.radians(latitude))
        return told / (math.radians(1) * sines)

    assert all(abs(area(latitude) - 1) < 0.001 for latitude in (0, 30, 60, 80))


@pytest.mark.parametrize(
    ("one", "other", "amid"),
    [
        ((0.0, 0.0), (90.0, 0.0), (45.0, 0.0)),
        ((0.0, 0.0), (180.0, 0.0), (0.0, 90.0)),
        ((0.0, 90.0), (0.0, -90.0), (0.0, 0.0)),
    ],
)
def test_middle(one: Position, other: Position, amid: Position) -> None:
    """Halfway is halfway; between opposite places there are many ways, and one of them is chosen."""
    assert distance_km(position_of(middle(vector_of(one), vector_of(other))), amid) < 0.001
