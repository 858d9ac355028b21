"""Wikidata's RDF model: its namespaces, and an item's statements read as values.

A statement of Wikidata is a node of its own, with a value, a rank, qualifiers and references; where only the
best values are there (a truthy dump), these are read. Whatever is deprecated counts as not stated, and of the
statements of one twinning on one side those of the preferred rank, where there are any.
Source: https://www.mediawiki.org/wiki/Wikibase/Indexing/RDF_Dump_Format.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from twintowns.graph import Graph, Node, Term
from twintowns.iris import number_of
from twintowns.vocabulary import PROV, RDFS, WD, WDT, XSD, Namespace

P: Final = Namespace("http://www.wikidata.org/prop/")
PS: Final = Namespace("http://www.wikidata.org/prop/statement/")
PQ: Final = Namespace("http://www.wikidata.org/prop/qualifier/")
PQV: Final = Namespace("http://www.wikidata.org/prop/qualifier/value/")
PR: Final = Namespace("http://www.wikidata.org/prop/reference/")
WIKIBASE: Final = Namespace("http://wikiba.se/ontology#")
VERSION: Final = NamedNode("http://schema.org/version")

TWINNED, COUNTRY, AREA = "P190", "P17", "P131"
CODES: Final = {
    "P297": "ISO 3166-1 alpha-2",
    "P298": "ISO 3166-1 alpha-3",
    "P299": "ISO 3166-1 numeric",
    "P300": "ISO 3166-2",
    "P374": "INSEE",
    "P382": "CBS",
    "P439": "AGS",
    "P440": "Kreisschlüssel",
    "P507": "SCB länskod",
    "P525": "SCB kommunkod",
    "P635": "ISTAT",
    "P771": "BFS",
    "P772": "INE",
    "P836": "GSS",
    "P964": "GKZ",
    "P1140": "EHAK",
    "P1168": "DK kommunekode",
    "P1203": "Kuntanumero",
    "P1653": "TERYT",
    "P2504": "SSB kommunenummer",
}
"""What the codes are called that Wikidata's properties hold."""
TRUTHY: Final = [WDT[name] for name in (TWINNED, "P31", COUNTRY, AREA, "P625", "P1566", *CODES)]
"""The predicates of the best values that are read."""
CITIES: Final = frozenset(
    {"Q515", "Q3957", "Q5119", "Q174844", "Q200250", "Q1093829", "Q1549591", "Q1637706", "Q42744322"}
)
"""Classes of what is a city or a town."""
COUNTRIES: Final = frozenset({"Q6256", "Q3624078"})
"""Classes of what is a country."""
DEFAULT_LANGUAGE: Final = "mul"
"""What Wikidata tags a label with that is for all languages that have none of their own."""

_QID: Final = re.compile(r"Q[1-9][0-9]{0,14}")
_POINT: Final = re.compile(r"Point\((-?[0-9.]+(?:E-?[0-9]+)?) (-?[0-9.]+(?:E-?[0-9]+)?)\)", re.IGNORECASE)
_TIME: Final = re.compile(r"\+?([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T.*)?")
_YEAR, _MONTH, _DAY = 9, 10, 11
_LATITUDE, _LONGITUDE = 90, 180


@dataclass(frozen=True, order=True)
class Reference:
    """What a statement rests on.

    Attributes:
        url: The page (P854); empty where there is none.
        stated_in: The item of the work (P248); empty where there is none.
        title: The title (P1476) and its language; empty where there is none.
        retrieved: The day on which it was read (P813), as `2026-11-23`; empty where it is not told.
    """

    url: str = ""
    stated_in: str = ""
    title: tuple[str, str] = ("", "")
    retrieved: str = ""


@dataclass(frozen=True)
class Statement:
    """What an item says of one twinning.

    Attributes:
        partner: The item of the other side.
        start: When it began, as precise as it is told.
        end: When it ended, likewise.
        has_start: Whether there is a start, known or not.
        has_end: Whether there is an end, known or not.
        is_preferred: Whether it is of the preferred rank.
        references: What it rests on.
    """

    partner: str
    start: Literal | None = None
    end: Literal | None = None
    has_start: bool = False
    has_end: bool = False
    is_preferred: bool = False
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True)
class Item:
    """What Wikidata states of an item.

    Attributes:
        qid: Its name.
        names: Its labels by their languages.
        classes: What it is an instance of.
        point: Latitude and longitude, rounded to what is below a metre.
        countries: The countries in which it lies now.
        areas: The areas in which it lies now.
        codes: The properties of its codes, each with a code.
        geonames: Its GeoNames numbers.
        statements: Its twinnings.
    """

    qid: str
    names: dict[str, str] = field(default_factory=dict)
    classes: frozenset[str] = frozenset()
    point: tuple[str, str] | None = None
    countries: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    codes: tuple[tuple[str, str], ...] = ()
    geonames: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()


def is_qid(text: str) -> bool:
    """Tell whether a text names an item.

    >>> is_qid("Q42"), is_qid("Q042"), is_qid("P190")
    (True, False, False)
    """
    return _QID.fullmatch(text) is not None


def qid_of(term: Term | None) -> str:
    """Return the name of the item that a term stands for; empty where it is none."""
    if isinstance(term, NamedNode) and term.value.startswith(WD):
        name = term.value.removeprefix(WD)
        return name if is_qid(name) else ""
    return ""


def item_from(qid: str, triples: Iterable[Triple]) -> Item:
    """Read an item out of all that is stated of it, its statements, their qualifiers and references."""
    graph, subject = Graph(triples), WD[qid]
    return Item(
        qid,
        names={label.language or "": label.value for label in _literals(graph, subject, RDFS.label)},
        classes=frozenset(_items(graph.values(subject, WDT.P31))),
        point=next(filter(None, map(_point, _literals(graph, subject, WDT.P625))), None),
        countries=_current(graph, subject, COUNTRY),
        areas=_current(graph, subject, AREA),
        codes=tuple((name, code.value) for name in CODES for code in _literals(graph, subject, WDT[name])),
        geonames=tuple(number.value for number in _literals(graph, subject, WDT.P1566)),
        statements=tuple(_statements(graph, subject)),
    )


def date_from(time: str, precision: int) -> Literal | None:
    """Return a date as precise as it is known; None where that is less than a year.

    >>> date_from("1995-02-18T00:00:00Z", 11)
    <Literal value=1995-02-18 datatype=<NamedNode value=http://www.w3.org/2001/XMLSchema#date>>
    >>> date_from("1990-01-01T00:00:00Z", 9).value, date_from("1990-01-01T00:00:00Z", 8)
    ('1990', None)
    """
    parts = _TIME.fullmatch(time)
    if parts is None or precision < _YEAR or parts[1] == "0000":
        return None
    year, month, day = parts.groups()
    if precision == _YEAR or month == "00":
        return Literal(year, datatype=XSD.gYear)
    if not _exists(year, month, "01"):
        return None
    if precision == _MONTH or day == "00":
        return Literal(f"{year}-{month}", datatype=XSD.gYearMonth)
    return Literal(f"{year}-{month}-{day}", datatype=XSD.date) if _exists(year, month, day) else None


def _exists(year: str, month: str, day: str) -> bool:
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def _literals(graph: Graph, subject: Node, predicate: NamedNode) -> Iterator[Literal]:
    return (value for value in graph.values(subject, predicate) if isinstance(value, Literal))


def _items(terms: Iterable[Term]) -> list[str]:
    return sorted({qid for term in terms if (qid := qid_of(term))}, key=number_of)


def _point(literal: Literal) -> tuple[str, str] | None:
    """Return latitude and longitude; None of a point that is not on the earth."""
    found = _POINT.fullmatch(literal.value.strip())
    if found is None:
        return None
    longitude, latitude = (float(part) for part in found.groups())
    if abs(latitude) > _LATITUDE or abs(longitude) > _LONGITUDE:
        return None
    return _decimal(latitude), _decimal(longitude)


def _decimal(degrees: float) -> str:
    """Return degrees as an xsd:decimal.

    >>> _decimal(60.0), _decimal(15.18333333), _decimal(-0.0000001)
    ('60.0', '15.183333', '0.0')
    """
    text = f"{degrees:.6f}".rstrip("0")
    text = f"{text}0" if text.endswith(".") else text
    return text.removeprefix("-") if not text.strip("-0.") else text


def _best(graph: Graph, nodes: Iterable[Node]) -> list[Node]:
    """Return the statements that count: the preferred ones, else all that are not deprecated."""
    ranked = [(graph.value(node, WIKIBASE["rank"]), node) for node in nodes]
    preferred = [node for rank, node in ranked if rank == WIKIBASE.PreferredRank]
    return preferred or [node for rank, node in ranked if rank != WIKIBASE.DeprecatedRank]


def _nodes(graph: Graph, subject: Node, name: str) -> list[Node]:
    return [node for node in graph.values(subject, P[name]) if not isinstance(node, Literal)]


def _current(graph: Graph, subject: Node, name: str) -> tuple[str, ...]:
    """Return the items that a property leads to now: those whose time is over are left out."""
    nodes = _nodes(graph, subject, name)
    if not nodes:
        return tuple(_items(graph.values(subject, WDT[name])))
    current = [node for node in nodes if not graph.values(node, PQ.P582)]
    return tuple(_items(value for node in _best(graph, current) for value in graph.values(node, PS[name])))


def _statements(graph: Graph, subject: Node) -> Iterator[Statement]:
    nodes = _nodes(graph, subject, TWINNED)
    if not nodes:
        yield from (Statement(qid) for qid in _items(graph.values(subject, WDT[TWINNED])))
        return
    by_partner: dict[str, list[Node]] = {}
    for node in nodes:
        by_partner.setdefault(qid_of(graph.value(node, PS[TWINNED])), []).append(node)
    for partner in sorted(filter(None, by_partner), key=number_of):
        yield from (_statement(graph, node, partner) for node in _best(graph, by_partner[partner]))


def _statement(graph: Graph, node: Node, partner: str) -> Statement:
    references = (_reference(graph, origin) for origin in graph.values(node, PROV.wasDerivedFrom))
    return Statement(
        partner,
        start=_qualified(graph, node, "P580") or _qualified(graph, node, "P585"),
        end=_qualified(graph, node, "P582"),
        has_start=bool(graph.values(node, PQ.P580)),
        has_end=bool(graph.values(node, PQ.P582)),
        is_preferred=graph.value(node, WIKIBASE["rank"]) == WIKIBASE.PreferredRank,
        references=tuple(sorted(set(filter(None, references)))),
    )


def _qualified(graph: Graph, node: Node, name: str) -> Literal | None:
    """Return the date in a qualifier: by its precision, else no more precise than is certain."""
    for value in graph.values(node, PQV[name]):
        if isinstance(value, Literal):
            continue
        times = list(_literals(graph, value, WIKIBASE.timeValue))
        precisions = list(_literals(graph, value, WIKIBASE.timePrecision))
        if times and precisions and precisions[0].value.isdecimal():
            return date_from(times[0].value, int(precisions[0].value))
    for time in _literals(graph, node, PQ[name]):
        return date_from(time.value, _YEAR if "-01-01" in time.value else _DAY)
    return None


def _reference(graph: Graph, node: Term) -> Reference | None:
    if isinstance(node, Literal):
        return None
    pages = [page.value for page in graph.values(node, PR.P854) if isinstance(page, NamedNode)]
    titles = [(title.value, title.language or "") for title in _literals(graph, node, PR.P1476)]
    days = [day.value for read in _literals(graph, node, PR.P813) if (day := date_from(read.value, _DAY))]
    made = Reference(
        url=next(iter(pages), ""),
        stated_in=next(iter(_items(graph.values(node, PR.P248))), ""),
        title=next((title for title in titles if all(title)), ("", "")),
        retrieved=max(days, default=""),
    )
    return made if made.url or made.stated_in else None
