"""The land under a map: the view that fits, coasts clipped to it, and the table they are made of."""

import re
import shutil
from pathlib import Path
from zlib import compress

import pytest

from twintowns.basemaps import WIDTH, Area, World, base_of, view_of
from twintowns.clipping import path_of
from twintowns.outlines import VENDORED
from twintowns.projection import Position, vector_of
from twintowns.simplification import simplified, write_outlines

LUDVIKA, IMATRA, BAD_HONNEF = (15.183333, 60.133333), (28.776389, 61.193056), (7.226944, 50.645)
ALMATY, SUVA, NOME = (76.9, 43.2), (178.44, -18.14), (-165.4, 64.5)
VIEWS: dict[str, list[Position]] = {
    "one": [LUDVIKA],
    "same": [LUDVIKA, LUDVIKA],
    "inland": [ALMATY],
    "near": [LUDVIKA, IMATRA, BAD_HONNEF],
    "antimeridian": [(179.5, -17.0), (-179.5, -16.0)],
    "pacific": [SUVA, NOME],
    "opposite": [(0.0, 0.0), (180.0, 0.0)],
    "north-pole": [(0.0, 90.0), (90.0, 85.0)],
    "south-pole": [(0.0, -90.0), (30.0, 60.0), (-120.0, 40.0)],
    "world": [LUDVIKA, (139.7, 35.7), (-58.4, -34.6), (151.2, -33.9)],
}


@pytest.mark.parametrize("positions", VIEWS.values(), ids=VIEWS)
def test_view_shows_all(positions: list[Position]) -> None:
    """A view has all the places within its frame, wherever on the globe they are."""
    view = view_of(positions)
    for x, y in map(view.planar, map(vector_of, positions)):
        assert 0 <= x <= WIDTH
        assert 0 <= y <= view.height


@pytest.mark.parametrize("positions", VIEWS.values(), ids=VIEWS)
def test_base_is_small_and_within_its_frame(positions: list[Position]) -> None:
    """The land of a map costs at most 25 kB, 8 kB compressed, and stays within a margin."""
    view = view_of(positions)
    base = base_of(view)
    told = "".join(base).encode()
    assert len(told) <= 25_000
    assert len(compress(told)) <= 8_000
    for x, y in re.findall(r"M(-?\d+) (-?\d+)", base.land):
        assert -24 <= int(x) <= WIDTH + 24
        assert -24 <= int(y) <= view.height + 24


@pytest.mark.parametrize("has_pole", [False, True])
def test_base_of_the_world_leaves_room(has_pole: bool) -> None:  # noqa: FBT001 - a case
    """The land of the whole globe costs at most 6.8 kB, compressed, with room for the lines of a hub."""
    told = "".join(base_of(World(0.0, has_pole=has_pole))).encode()
    assert len(compress(told)) <= 6_800


def test_what_is_near_shares_a_view() -> None:
    """Places near each other are drawn on the same land, which is drawn once."""
    assert view_of([LUDVIKA]) == view_of([(15.2, 60.2)])
    assert isinstance(view_of([LUDVIKA]), Area)


def test_world_is_turned_to_keep_neighbours_together() -> None:
    """Where the antimeridian lies amid the places, so it does on the map."""
    assert view_of(VIEWS["world"]) == World(0.0, has_pole=False)
    assert view_of([(170.0, 60.0), (-100.0, -50.0), (175.0, -45.0)]) in {
        World(210.0, has_pole=False),
        World(180.0, has_pole=False),
    }
    assert view_of(VIEWS["south-pole"]) == World(0.0, has_pole=True)


def test_land_around_a_view() -> None:
    """Where all is land, all of the frame is; where all is sea, none."""
    corners = {(x, y) for x in (-24, WIDTH + 24) for y in (-24, 824)}
    x, y = 0, 0
    found = set()
    for dx, dy in re.findall(r"(-?\d+) ?(-?\d+)", base_of(Area(66.0, 48.0, 400)).land):
        x, y = x + int(dx), y + int(dy)
        found.add((x, y))
    assert found >= corners
    assert base_of(Area(-20.0, -20.0, 600)).land == ""


def test_path_of_a_point() -> None:
    """A single point is no line."""
    assert path_of([(1, 1)]) == ""


def test_simplified() -> None:
    """A line keeps its ends and what lies far beside it; so does a ring."""
    assert simplified([(0.0, 0.0), (1.0, 0.001), (2.0, 0.0)], 5) == [(0.0, 0.0), (2.0, 0.0)]
    ring = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0)]
    assert simplified(ring, 5) == ring


def test_vendored_outlines_are_those_of_natural_earth(tmp_path: Path) -> None:
    """The table of outlines is what its sources make, byte for byte."""
    (tmp_path / "world-atlas").mkdir()
    name = "world-atlas/countries-50m.json"
    shutil.copyfile(VENDORED / name, tmp_path / name)
    write_outlines(tmp_path)
    assert (tmp_path / "outlines.json").read_bytes() == (VENDORED / "outlines.json").read_bytes()
