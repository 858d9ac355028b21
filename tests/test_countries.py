"""In which country a place lies, and its flag."""

from itertools import pairwise

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from twintowns.countries import areas_of, code_of, country_of, flag_of
from twintowns.graph import Graph
from twintowns.vocabulary import SCHEMA, WD, A

TOWN, COUNTY, COUNTRY, KINGDOM = WD.Q1, WD.Q2, WD.Q3, WD.Q4
CODE = NamedNode("https://example.org/code")


def _within(inner: NamedNode, outer: NamedNode) -> Triple:
    return Triple(inner, SCHEMA.containedInPlace, outer)


def _coded(code: Literal | NamedNode, register: str = "ISO 3166-1 alpha-2") -> Graph:
    return Graph(
        [
            Triple(COUNTRY, SCHEMA.identifier, CODE),
            Triple(COUNTRY, SCHEMA.identifier, Literal("loose")),
            Triple(CODE, SCHEMA.propertyID, Literal(register)),
            Triple(CODE, SCHEMA.value, code),
        ]
    )


def test_country() -> None:
    """The country is the topmost one, however many areas lie between, and a country's own is itself."""
    ways = [_within(TOWN, COUNTY), _within(COUNTY, COUNTRY), _within(COUNTRY, KINGDOM)]
    countries = [Triple(COUNTRY, A, SCHEMA.Country), Triple(KINGDOM, A, SCHEMA.Country)]
    assert country_of(Graph([*ways, *countries]), TOWN) == KINGDOM
    assert country_of(Graph([*ways, countries[0]]), TOWN) == COUNTRY
    assert country_of(Graph([*ways, countries[0]]), COUNTRY) == COUNTRY
    assert country_of(Graph(ways), TOWN) is None


def test_areas_in_a_circle() -> None:
    """Places that contain each other are gone through once, and what has no name is left out."""
    graph = Graph([_within(TOWN, COUNTY), _within(COUNTY, TOWN)])
    assert areas_of(graph, TOWN) == [TOWN, COUNTY]
    assert areas_of(graph, BlankNode("b")) == []


def test_search_upwards_ends() -> None:
    """However long the way upwards is, it is followed only so far."""
    nodes = [WD[f"Q{number}"] for number in range(1000)]
    graph = Graph(_within(inner, outer) for inner, outer in pairwise(nodes))
    assert len(areas_of(graph, nodes[0])) < 100


def test_flag() -> None:
    """A flag is made of the country's code of two letters, where one is stated."""
    assert flag_of(code_of(_coded(Literal("SE")), COUNTRY)) == "\U0001f1f8\U0001f1ea"


def test_no_flag() -> None:
    """What is no such code makes no flag."""
    for graph in (_coded(Literal("SWE")), _coded(WD.Q34), _coded(Literal("SE"), "FIPS"), Graph([])):
        assert flag_of(code_of(graph, COUNTRY)) == ""
