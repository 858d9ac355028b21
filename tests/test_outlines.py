"""Where countries lie: outlines decoded, boxes that stop at the antimeridian, and the table made of them."""

import hashlib
import json
import re
import shutil
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from twintowns.outlines import TABLE, VENDORED, Extent, Position, extent_of, extents, write_table


def topology(*countries: Sequence[Sequence[Position]], of: str = "MultiPolygon") -> dict[str, Any]:
    """Return TopoJSON of countries, each a list of polygons of one ring, of whole degrees."""
    geometries: list[dict[str, Any]] = []
    arcs: list[list[Position]] = []
    for number, polygons in enumerate(countries):
        parts = []
        for ring in polygons:
            closed = [*ring, ring[0]]
            steps = [(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(closed)]
            parts.append([[len(arcs)]])
            arcs.append([(closed[0][0] + 180, closed[0][1] + 90), *steps])
        shape = parts if of == "MultiPolygon" else parts[0]
        geometries.append({"type": of, "id": str(number), "arcs": shape})
    return {
        "type": "Topology",
        "transform": {"scale": [1, 1], "translate": [-180, -90]},
        "arcs": arcs,
        "objects": {"countries": {"type": "GeometryCollection", "geometries": geometries}},
    }


def square(west: float, east: float, south: float = -10, north: float = 10) -> list[Position]:
    """Return the corners of a box."""
    return [(west, south), (east, south), (east, north), (west, north)]


def extent(*polygons: list[Position]) -> Extent:
    """Return where a country of those polygons lies."""
    return extents(topology(polygons), {"0": "XXX"})["XXX"]


def test_polygon() -> None:
    """A country of one polygon has the box around it, and its centroid amid it."""
    told = extents(topology([square(10, 20)], of="Polygon"), {"0": "XXX"})["XXX"]
    assert told == Extent(((10, -10, 20, 10),), (15, 0))


def test_centroid_is_that_of_the_largest_part() -> None:
    """A country with islands has its centroid on the part that is largest on the globe."""
    assert extent(square(0, 20), square(40, 70, 70, 90)).centroid == (10, 0)


def test_hole_counts_against_the_area() -> None:
    """Where another country lies within, the centroid moves away from it."""
    outer, hole = square(0, 20), square(12, 18)[::-1]
    whole = topology([outer, hole])
    whole["objects"]["countries"]["geometries"][0]["arcs"] = [[[0], [1]]]
    (x, y) = extents(whole, {"0": "XXX"})["XXX"].centroid
    assert x == pytest.approx((20 * 10 - 6 * 15) / 14, abs=0.001)
    assert y == 0


def test_neighbours_share_an_arc() -> None:
    """An arc is read backwards for the neighbour on the other side."""
    shared = topology([square(0, 10)], [square(10, 20)])
    shared["arcs"] = [
        [(190, 80), (0, 20)],
        [(190, 100), (-10, 0), (0, -20), (10, 0)],
        [(190, 80), (10, 0), (0, 20), (-10, 0)],
    ]
    west, east = shared["objects"]["countries"]["geometries"]
    west["arcs"], east["arcs"] = [[[0, 1]]], [[[2, ~0]]]
    told = extents(shared, {"0": "WWW", "1": "EEE"})
    assert told["WWW"] == Extent(((0, -10, 10, 10),), (5, 0))
    assert told["EEE"] == Extent(((10, -10, 20, 10),), (15, 0))


def test_two_geometries_of_one_country_are_one() -> None:
    """What has the same code is one country, and what has none is left out."""
    told = extents(topology([square(0, 10)], [square(20, 25)], [square(50, 60)]), {"0": "XXX", "1": "XXX"})
    assert told == {"XXX": Extent(((0, -10, 25, 10),), (5, 0))}


@pytest.mark.parametrize(
    ("polygons", "expected"),
    [
        ([square(170, 180), square(-180, -170)], [(170, 180), (-180, -170)]),
        ([square(170, 190)], [(170, 180), (-180, -170)]),
        ([[(170, -10), (-170, -10), (-170, 10), (170, 10)]], [(170, 180), (-180, -170)]),
        ([square(20, 195), square(-179, -178)], [(20, 180), (-180, -165)]),
        ([square(150, 160), square(-160, -150)], [(150, 180), (-180, -150)]),
        ([square(-60, -50), square(0, 10)], [(-60, 10)]),
        ([square(100, 180)], [(100, 180)]),
        ([square(-180, -100)], [(-180, -100)]),
        ([square(-180, 0), square(0, 180)], [(-180, 180)]),
        ([square(-20, 20), square(-10, 10), square(30, 40)], [(-20, 40)]),
    ],
)
def test_box_stops_at_the_antimeridian(
    polygons: list[list[Position]], expected: list[tuple[float, float]]
) -> None:
    """A country on both sides of the antimeridian has a box on each, and no box is wider than need be."""
    told = extent(*polygons).boxes
    assert [(west, east) for west, _, east, _ in told] == expected


def test_around_the_pole() -> None:
    """A country around a pole has a box as wide as the world, and down to the pole."""
    ring = [(-180.0, -70.0), (-60.0, -70.0), (60.0, -70.0)]
    whole = topology([ring])
    whole["arcs"][0][-1] = (120, 0)
    assert extents(whole, {"0": "XXX"})["XXX"].boxes == ((-180, -90, 180, -70),)


def test_two_boxes_are_one_text() -> None:
    """Two boxes are told as one literal."""
    told = extent(square(170, 190)).bbox_text
    assert re.fullmatch(r"MULTIPOLYGON\(\(\(170 -10,180 -10,.*\)\),\(\(-180 -10,-170 -10,.*\)\)\)", told)


@pytest.mark.parametrize(
    ("country", "inside", "outside"),
    [
        ("SWE", (15.2, 60.1), (25.0, 60.2)),
        ("FIN", (28.8, 61.2), (15.2, 60.1)),
        ("FJI", (178.4, -18.1), (0.0, -18.0)),
        ("RUS", (-170.0, 66.0), (10.0, 55.0)),
        ("USA", (-77.0, 38.9), (100.0, 40.0)),
    ],
)
def test_known_places(country: str, inside: Position, outside: Position) -> None:
    """Known places lie in the boxes of their countries, and others do not."""
    told = extent_of(country)
    assert told
    assert _is_in(told, inside)
    assert not _is_in(told, outside)
    assert _is_in(told, told.centroid)


def _is_in(extent: Extent, position: Position) -> bool:
    x, y = position
    return any(west <= x <= east and south <= y <= north for west, south, east, north in extent.boxes)


def test_table_is_made_of_the_vendored_files(tmp_path: Path) -> None:
    """The table is what the vendored outlines and codes give, and nearly every code has its line."""
    shutil.copytree(VENDORED, tmp_path / "vendored")
    (tmp_path / "vendored" / TABLE.name).unlink()
    write_table(tmp_path / "vendored")
    assert (tmp_path / "vendored" / TABLE.name).read_bytes() == TABLE.read_bytes()
    codes = {code for _, code, _, _ in json.loads((VENDORED / "i18n-iso-countries/codes.json").read_bytes())}
    table = json.loads(TABLE.read_bytes())
    assert table.keys() <= codes
    assert len(table) > 230


def test_vendored_files_are_unchanged(repository: Path) -> None:
    """Each vendored file has the checksum that the README and the script tell, and a licence beside it."""
    rows = re.findall(
        r"^\| `([\w-]+)/` \| .* ([\d.]+) \| .* \| `(.*)` \| `(\w{64})` \|",
        (VENDORED / "README.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    script = (repository / "scripts/vendor").read_text(encoding="utf-8")
    for package, version, file, checksum in rows:
        assert hashlib.sha256((VENDORED / package / file).read_bytes()).hexdigest() == checksum
        assert (VENDORED / package / "LICENSE").is_file()
        assert re.search(rf"^{package} {re.escape(version)} \w+ {file} {checksum}$", script, re.MULTILINE)
    kept = {path.relative_to(VENDORED).as_posix() for path in VENDORED.rglob("*.json")}
    made = {TABLE.name, "outlines.json"}
    assert kept == {*made, *(f"{package}/{file}" for package, _, file, _ in rows)}
