"""The map and the networks tell the same as the tables, and whoever reads them understands them."""

import csv
import io
import math
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import igraph  # type: ignore[import-untyped]
import networkx as nx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from twintowns.catalogue import Publication
from twintowns.columns import Records
from twintowns.dataset import Dataset
from twintowns.iris import Names
from twintowns.jsontext import read
from twintowns.networks import Position, great_circle, networks
from twintowns.printing import read_sources
from twintowns.project import Project
from twintowns.records import records
from twintowns.tables import tables
from twintowns.vocabulary import SCHEMA, TT, A

SPACE = "https://example.org/town/"
PUBLICATION = Publication(Names(SPACE), ("sv",))
FIJI, ALASKA = (178.4, -18.1), (-149.9, 61.2)
Places = dict[str, Position | None]
Printed = dict[str, bytes]


def dataset_of(places: Places, twinnings: dict[str, list[str]], *more: Triple) -> Dataset:
    """Return a dataset of places at these positions, and of twinnings of these partners."""
    triples = list(more)
    for name, position in places.items():
        place, geo = node(name), NamedNode(f"{SPACE}place/{name}#geo")
        triples.append(Triple(place, A, SCHEMA.City))
        if position:
            longitude, latitude = (Literal(f"{degrees:.6f}") for degrees in position)
            triples.append(Triple(place, SCHEMA.geo, geo))
            triples.append(Triple(geo, SCHEMA.longitude, longitude))
            triples.append(Triple(geo, SCHEMA.latitude, latitude))
    for name, partners in twinnings.items():
        twinning = NamedNode(f"{SPACE}twinning/{name}")
        triples.append(Triple(twinning, A, TT.Twinning))
        triples.extend(Triple(twinning, TT.partner, node(partner)) for partner in partners)
    return Dataset(PUBLICATION.names, frozenset(triples), frozenset(), frozenset(), frozenset(), foreign={})


def node(name: str) -> NamedNode:
    """Return a place."""
    return NamedNode(f"{SPACE}place/{name}")


def features(printed: Printed) -> dict[str, dict[str, Any]]:
    """Return the features of a map by their identifiers."""
    collection = read(printed["dump/twintowns.geojson"])
    assert collection["type"] == "FeatureCollection"
    return {feature["id"]: feature for feature in collection["features"]}


def graphs(printed: Printed) -> list[Any]:
    """Return the network as networkx reads it from either format."""
    files = {suffix: io.BytesIO(printed[f"dump/twintowns.{suffix}"]) for suffix in ("gexf", "graphml")}
    return [nx.read_gexf(files["gexf"]), nx.read_graphml(files["graphml"])]


@pytest.fixture(scope="module")
def ludvika_data(repository: Path) -> tuple[Dataset, Publication]:
    """Return the dataset of the first publication."""
    sources = read_sources(Project(repository))
    return sources.dataset(), sources.publication


@pytest.fixture(scope="module")
def found(ludvika_data: tuple[Dataset, Publication]) -> Records:
    """Return its rows."""
    return records(*ludvika_data)


@pytest.fixture(scope="module")
def printed(ludvika_data: tuple[Dataset, Publication]) -> Printed:
    """Return its map and its networks."""
    return networks(records(*ludvika_data))


def test_nodes(found: Records, printed: Printed) -> None:
    """Every place is a node, with the attributes that the rows tell."""
    for graph in graphs(printed):
        assert set(graph) == {row["iri"][0] for row in found.places.rows}
        for row in found.places.rows:
            told = graph.nodes[row["iri"][0]]
            for name in ("label", "name_sv", "name_fi", "wikidata", "country", "country_name"):
                assert told[name] == row[name][0]
            if row["latitude"]:
                assert (told["latitude"], told["longitude"]) == (
                    float(row["latitude"][0]),
                    float(row["longitude"][0]),
                )
            else:
                assert "latitude" not in told


def test_map_has_a_feature_a_line(found: Records, printed: Printed) -> None:
    """Each feature stands in a line of its own, which is JSON but for the comma at its end."""
    first, *lines, last = printed["dump/twintowns.geojson"].decode().splitlines()
    assert (first, last) == ('{"type":"FeatureCollection","features":[', "]}")
    told = [read(line.removesuffix(","))["id"] for line in lines]
    assert told == [row["iri"][0] for row in (*found.places.rows, *found.twinnings.rows)]


def test_edges(found: Records, printed: Printed) -> None:
    """Every twinning is an undirected edge between its partners, with the attributes that the rows tell."""
    for graph in graphs(printed):
        assert not graph.is_directed()
        assert len(_related(graph, "twinning")) == len(found.twinnings.rows) == 3
        for row in found.twinnings.rows:
            told = graph.edges[row["partners"]]
            assert told["twinning"] == row["iri"][0]
            for name in ("label", "name_sv", "kind", "status", "start", "end"):
                assert told.get(name) == next(iter(row[name]), None)


def _related(graph: Any, relation: str) -> list[set[str]]:  # noqa: ANN401 - networkx has no types
    """Return the ends of the edges of one relation."""
    return [{one, other} for one, other, told in graph.edges(data="relation") if told == relation]


def test_who_takes_part_is_connected(found: Records, printed: Printed) -> None:
    """Who takes part in a twinning is joined to the other partner, a place to the one in which it lies."""
    inside = [{row["iri"][0], outer} for row in found.places.rows for outer in row["contained_in"]]
    taking_part = [
        {participant, partner}
        for row in found.twinnings.rows
        for participant in row["participants"]
        for partner in row["partners"]
        if {participant, partner} not in inside
    ]
    ludvika, viljandi = (
        next(row["iri"][0] for row in found.places.rows if row["wikidata"] == (qid,))
        for qid in ("Q503184", "Q192061")
    )
    for graph in graphs(printed):
        told = [_related(graph, relation) for relation in ("participation", "containment")]
        assert [sorted(map(sorted, edges)) for edges in told] == [
            sorted(map(sorted, edges)) for edges in (taking_part, inside)
        ]
        assert all(told)
        assert nx.has_path(graph, ludvika, viljandi)


def test_edges_lead_to_places_only() -> None:
    """A participant or an area that is not described is no end of an edge."""
    twinning, unknown = NamedNode(f"{SPACE}twinning/Q1-Q2"), node("Q9")
    more = (Triple(twinning, TT.participant, unknown), Triple(node("Q1"), SCHEMA.containedInPlace, unknown))
    dataset = dataset_of({"Q1": None, "Q2": None}, {"Q1-Q2": ["Q1", "Q2"]}, *more)
    for graph in graphs(networks(records(dataset, PUBLICATION))):
        assert graph.number_of_edges() == 1


def test_igraph(tmp_path: Path, printed: Printed) -> None:
    """The library igraph reads the same nodes and edges."""
    path = tmp_path / "network.graphml"
    path.write_bytes(printed["dump/twintowns.graphml"])
    graph = igraph.Graph.Read_GraphML(str(path))
    (_, reference) = graphs(printed)
    assert not graph.is_directed()
    assert set(graph.vs["id"]) == set(reference)
    assert {edge["twinning"] or "" for edge in graph.es} == {
        iri or "" for *_, iri in reference.edges(data="twinning")
    }
    ludvika = graph.vs.find(wikidata="Q503184")
    assert (ludvika["name_sv"], ludvika["latitude"]) == ("Ludvika kommun", 60.133333)


def test_map(found: Records, printed: Printed) -> None:
    """Every place is a point at its coordinates, longitude first, and every twinning leads between two."""
    told = features(printed)
    for row in found.places.rows:
        geometry = told[row["iri"][0]]["geometry"]
        if row["latitude"]:
            assert geometry == {
                "type": "Point",
                "coordinates": [round(float(row[name][0]), 6) for name in ("longitude", "latitude")],
            }
        else:
            assert geometry is None
    for row in found.twinnings.rows:
        line = told[row["iri"][0]]["geometry"]
        assert line["type"] == "LineString"
        ends = [told[partner]["geometry"]["coordinates"] for partner in row["partners"]]
        assert [line["coordinates"][0], line["coordinates"][-1]] == ends


def test_properties(printed: Printed) -> None:
    """A feature has the names in all languages and the facts of the tables; lists are lists."""
    told = next(
        feature for iri, feature in features(printed).items() if iri.endswith("twinning/Q12434-Q503184")
    )
    properties = told["properties"]
    assert properties["name_en"] == "Bad Honnef \u2013 Ludvika Municipality"
    assert (properties["kind"], properties["status"], properties["start"]) == ("twinning", "active", "2000")
    assert properties["partner_wikidata"] == ["Q12434", "Q503184"]
    assert "Bad Honnef" in properties["description_sv"]
    assert not {"end", "latitude"} & properties.keys()
    assert all(not {"geo", "latitude"} & one["properties"].keys() for one in features(printed).values())


def test_same_twinnings_everywhere(ludvika_data: tuple[Dataset, Publication], printed: Printed) -> None:
    """The table, the map and the networks hold the same twinnings."""
    table = tables(*ludvika_data, records(*ludvika_data))["dump/twinnings.csv"].decode("utf-8-sig")
    twinnings = {row["iri"] for row in csv.DictReader(io.StringIO(table, newline=""))}
    assert len(twinnings) == 3
    assert {iri for iri in features(printed) if "/twinning/" in iri} == twinnings
    for graph in graphs(printed):
        assert {iri for *_, iri in graph.edges(data="twinning") if iri} == twinnings


def test_several_partners() -> None:
    """A twinning of three is three edges and three lines; two twinnings of one pair are two edges."""
    places: Places = {"Q1": (0, 0), "Q2": (10, 10), "Q3": (20, 0)}
    data = dataset_of(places, {"Q1-Q2-Q3": ["Q1", "Q2", "Q3"], "Q1-Q2": ["Q1", "Q2"]})
    printed = networks(records(data, PUBLICATION))
    geometry = features(printed)[f"{SPACE}twinning/Q1-Q2-Q3"]["geometry"]
    assert (geometry["type"], len(geometry["coordinates"])) == ("MultiLineString", 3)
    for graph in graphs(printed):
        assert graph.number_of_edges() == 4
        assert graph.number_of_edges(node("Q1").value, node("Q2").value) == 2


def test_without_coordinates_or_names() -> None:
    """What lies nowhere has no geometry, and what has no name goes by the end of its IRI."""
    data = dataset_of({"Q1": None, "Q2": (1, 1)}, {"Q1-Q2": ["Q1", "Q2"]})
    printed = networks(records(data, PUBLICATION))
    told = features(printed)
    assert told[f"{SPACE}twinning/Q1-Q2"]["geometry"] is None
    assert told[node("Q1").value]["geometry"] is None
    assert told[node("Q1").value]["properties"]["label"] == "Q1"
    for graph in graphs(printed):
        assert graph.nodes[node("Q1").value]["label"] == "Q1"
        assert graph.number_of_edges() == 1


def test_one_place_twice() -> None:
    """Between partners at one point there is no line, and the twinning is on the map all the same."""
    data = dataset_of({"Q1": (5, 5), "Q2": (5, 5)}, {"Q1-Q2": ["Q1", "Q2"]})
    assert features(networks(records(data, PUBLICATION)))[f"{SPACE}twinning/Q1-Q2"]["geometry"] is None


def test_antimeridian() -> None:
    """The way from Fiji to Alaska is cut at the antimeridian, at one latitude on both sides."""
    data = dataset_of({"Q1": FIJI, "Q2": ALASKA}, {"Q1-Q2": ["Q1", "Q2"]})
    geometry = features(networks(records(data, PUBLICATION)))[f"{SPACE}twinning/Q1-Q2"]["geometry"]
    assert geometry["type"] == "MultiLineString"
    west, east = geometry["coordinates"]
    assert (west[0], east[-1]) == ([*FIJI], [*ALASKA])
    assert (west[-1][0], east[0][0], west[-1][1]) == (180, -180, east[0][1])


def _vector(position: Position) -> tuple[float, float, float]:
    longitude, latitude = map(math.radians, position)
    return (
        math.cos(latitude) * math.cos(longitude),
        math.cos(latitude) * math.sin(longitude),
        math.sin(latitude),
    )


def _distance(one: Position, other: Position) -> float:
    return 2 * math.asin(min(1, math.dist(_vector(one), _vector(other)) / 2))


positions = st.tuples(
    st.floats(-180, 180).map(lambda degrees: round(degrees, 6)),
    st.floats(-90, 90).map(lambda degrees: round(degrees, 6)),
)


@given(positions, positions)
@example(FIJI, ALASKA)
@example((180.0, 10.0), (-180.0, 20.0))
@example((-180.0, 0.0), (179.0, 0.0))
@example((180.0, 0.0), (-179.0, 0.0))
@example((-170.0, 90.0), (100.0, 0.0))
@example((-170.0, 90.0), (180.0, 60.0))
@example((0.0, 90.0), (50.0, -90.0))
@example((15.0, 60.0), (-165.0, 60.0))
@example((0.0, 0.0), (180.0, 0.0))
@example((90.0, 0.0), (-90.0, 0.0))
def test_great_circle(start: Position, end: Position) -> None:
    """A way is as long as the shortest, in short steps, on the map, and never across the antimeridian."""
    lines = great_circle(start, end)
    for line in lines:
        assert all(-180 <= longitude <= 180 and -90 <= latitude <= 90 for longitude, latitude in line)
        for before, after in pairwise(line):
            assert abs(before[0] - after[0]) <= 180
            assert _distance(before, after) <= math.radians(5.001)
            assert before != after
    length = sum(_distance(*step) for line in lines for step in pairwise(line))
    assert length == pytest.approx(_distance(start, end), abs=1e-5)
    for line, following in pairwise(lines):
        assert {line[-1][0], following[0][0]} == {-180, 180}
        assert line[-1][1] == following[0][1]


def test_no_way() -> None:
    """From a point to itself there is no way, wherever it lies."""
    for point in ((5.0, 5.0), (0.0, 90.0), (180.0, -90.0)):
        assert great_circle(point, point) == []


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
@example("]]>")
@example("\"'<&>\r\n\t\x00\x1b\ufffe")
def test_hostile_names(name: str) -> None:
    """Whatever a name is, the files are well-formed and give it back, but for characters that XML forbids."""
    data = dataset_of(
        {"Q1": None, "Q2": None},
        {"Q1-Q2": ["Q1", "Q2"]},
        Triple(node("Q1"), SCHEMA.name, Literal(name, language="sv")),
    )
    printed = networks(records(data, PUBLICATION))
    allowed = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", name)
    assert features(printed)[node("Q1").value]["properties"]["name_sv"] == name
    for graph in graphs(printed):
        assert graph.nodes[node("Q1").value]["name_sv"] == allowed


def test_same_bytes() -> None:
    """The order in which triples come makes no difference."""
    places: Places = {"Q1": FIJI, "Q2": ALASKA, "Q3": None}
    twinnings = {"Q1-Q2": ["Q1", "Q2"], "Q2-Q3": ["Q3", "Q2"]}
    reverse = {name: twinnings[name][::-1] for name in reversed(twinnings)}
    there = networks(records(dataset_of(places, twinnings), PUBLICATION))
    assert there == networks(records(dataset_of(dict(reversed(places.items())), reverse), PUBLICATION))
