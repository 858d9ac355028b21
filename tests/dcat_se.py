"""DCAT-AP-SE 3.0.1 as a checker to test against: there are no official shapes, only the portal's templates.

Each mandatory (M) and recommended (R) property is one line of a table; the rules of the harvester, which are
about several things at once, are functions. A finding names the thing, the property and what is wrong.
Specification: https://docs.dataportal.se/dcat/
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Final, Literal, NamedTuple

import rdflib
from rdflib import DCAT, DCTERMS, FOAF, RDF, XSD, Graph, Namespace, URIRef
from rdflib.term import Node

DCATAP: Final = Namespace("http://data.europa.eu/r5r/")
HIGH_VALUE: Final = URIRef("http://data.europa.eu/eli/reg_impl/2023/138/oj")
ODRS: Final = Namespace("http://schema.theodi.org/odrs#")
OPEN_LICENCE: Final = URIRef("http://creativecommons.org/publicdomain/zero/1.0/")
SPDX: Final = Namespace("http://spdx.org/rdf/terms#")
VCARD: Final = Namespace("http://www.w3.org/2006/vcard/ns#")
FORMAT: Final = DCTERMS["format"]  # as an attribute it is the method of `str`
TITLE: Final = DCTERMS["title"]

Level = Literal["M", "R", "rule"]
Check = Callable[[Graph, list[Node]], bool]

_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_CREATIVE_COMMONS: Final = re.compile(r"http://creativecommons\.org/(licenses|publicdomain)/[a-z-]+/[\d.]+/")
_PUBLISHER_TYPE: Final = re.compile(r"http://purl\.org/adms/publishertype/[A-Za-z-]+")
_MEDIA_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9.+-]+")
_MAILBOX: Final = re.compile(r"mailto:[^@\s]+@[^@\s]+")
_ADDRESS: Final = ("street-address", "postal-code", "locality", "country-name")
_COUNTRY: Final = "http://publications.europa.eu/resource/authority/country/"


class Finding(NamedTuple):
    """What is wrong with one property of one thing.

    Attributes:
        level: M for a mandatory property, R for a recommended one, else that of a rule.
        node: The thing.
        property: The property, with its prefix.
        problem: What is wrong.
    """

    level: Level
    node: str
    property: str
    problem: str


class Property(NamedTuple):
    """What the profile asks of one property."""

    level: Level
    name: str
    predicate: URIRef
    check: Check = lambda _graph, _values: True
    most: int = sys.maxsize


def _tagged(_graph: Graph, values: list[Node]) -> bool:
    """Tell whether all are texts in a language, one of them English."""
    tags = [value.language if isinstance(value, rdflib.Literal) else None for value in values]
    return all(tags) and any(tag and tag.partition("-")[0] == "en" for tag in tags)


def _iris(_graph: Graph, values: list[Node]) -> bool:
    return all(isinstance(value, URIRef) for value in values)


def _matching(pattern: re.Pattern[str], kind: type[Node]) -> Check:
    return lambda _graph, values: all(isinstance(v, kind) and pattern.fullmatch(str(v)) for v in values)


def _typed(*datatypes: Node) -> Check:
    return lambda _, values: all(isinstance(v, rdflib.Literal) and v.datatype in datatypes for v in values)


def _period(graph: Graph, values: list[Node]) -> bool:
    """Tell whether each period has at least one end: the template asks for neither."""
    return all((v, DCAT.startDate, None) in graph or (v, DCAT.endDate, None) in graph for v in values)


def _place(_graph: Graph, values: list[Node]) -> bool:
    """Tell whether a place is named, by a table that the portal knows."""
    return any(str(value).startswith(("http://sws.geonames.org/", _COUNTRY)) for value in values)


def _area(graph: Graph, values: list[Node]) -> bool:
    """Tell whether a place is drawn, as a box or a point in well-known text."""
    drawn = [o for v in values for p in (DCAT.bbox, DCAT.centroid) for o in graph.objects(v, p)]
    return any(isinstance(o, rdflib.Literal) and str(o.datatype).endswith("#wktLiteral") for o in drawn)


def _voice(graph: Graph, values: list[Node]) -> bool:
    return all(
        (value, RDF.type, VCARD.Voice) in graph
        and any(str(number).startswith("tel:") for number in graph.objects(value, VCARD.hasValue))
        for value in values
    )


def _address(graph: Graph, values: list[Node]) -> bool:
    return all(
        (value, RDF.type, VCARD.Address) in graph
        and all((value, VCARD[part], None) in graph for part in _ADDRESS)
        for value in values
    )


_DATE: Final = _typed(XSD.date, XSD.dateTime, XSD.gYear, XSD.gYearMonth)
_SIZE: Final = _typed(XSD.nonNegativeInteger)

CATALOGUE: Final = (
    Property("M", "dcterms:title", TITLE, _tagged),
    Property("M", "dcterms:description", DCTERMS.description, _tagged),
    Property("M", "dcterms:publisher", DCTERMS.publisher, _iris, 1),
    Property("M", "dcterms:license", DCTERMS.license, lambda _, values: values == [OPEN_LICENCE], 1),
    Property("M", "dcat:dataset", DCAT.dataset, _iris),
    Property("R", "dcterms:issued", DCTERMS.issued, _DATE, 1),
    Property("R", "dcterms:language", DCTERMS.language, _iris),
    Property("R", "dcterms:modified", DCTERMS.modified, _DATE, 1),
    Property("R", "foaf:homepage", FOAF.homepage, _iris, 1),
    Property("R", "dcterms:spatial", DCTERMS.spatial, _place),
    Property("R", "dcat:themeTaxonomy", DCAT.themeTaxonomy, _iris),
)
DATASET: Final = (
    Property("M", "dcterms:title", TITLE, _tagged),
    Property("M", "dcterms:description", DCTERMS.description, _tagged),
    Property("M", "dcterms:publisher", DCTERMS.publisher, _iris, 1),
    Property("R", "dcat:contactPoint", DCAT.contactPoint, _iris),
    Property("R", "dcat:keyword", DCAT.keyword, _tagged),
    Property("R", "dcat:theme", DCAT.theme, _iris),
    Property("R", "dcterms:issued", DCTERMS.issued, _DATE, 1),
    Property("R", "dcterms:conformsTo", DCTERMS.conformsTo, _iris),
    Property("R", "dcterms:spatial", DCTERMS.spatial, _place),
    Property("R", "dcterms:spatial (dcat:bbox, dcat:centroid)", DCTERMS.spatial, _area),
    Property("R", "dcterms:temporal", DCTERMS.temporal, _period),
    Property("R", "dcterms:accessRights", DCTERMS.accessRights, _iris, 1),
)
DISTRIBUTION: Final = (
    Property("M", "dcat:accessURL", DCAT.accessURL, _iris, 1),
    Property("M", "dcterms:format", FORMAT, _matching(_MEDIA_TYPE, rdflib.Literal), 1),
    Property("R", "dcterms:description", DCTERMS.description, _tagged),
    Property("R", "dcatap:availability", DCATAP.availability, _iris, 1),
    Property("R", "dcterms:license", DCTERMS.license, _iris, 1),
)
AGENT: Final = (
    Property("M", "foaf:name", FOAF.name, _tagged),
    Property("M", "dcterms:type", DCTERMS.type, _matching(_PUBLISHER_TYPE, URIRef), 1),
    Property("R", "dcterms:description", DCTERMS.description, _tagged),
    Property("R", "dcterms:identifier", DCTERMS.identifier),
)
CONTACT_POINT: Final = (
    Property("M", "vcard:fn", VCARD.fn),
    Property("M", "vcard:hasEmail", VCARD.hasEmail, _matching(_MAILBOX, URIRef)),
    Property("R", "vcard:hasTelephone", VCARD.hasTelephone, _voice),
    Property("R", "vcard:hasAddress", VCARD.hasAddress, _address),
)
DATA_SERVICE: Final = (
    Property("M", "dcterms:title", TITLE, _tagged),
    Property("M", "dcat:endpointURL", DCAT.endpointURL, _iris),
    Property("M", "dcterms:format", FORMAT, _matching(_MEDIA_TYPE, rdflib.Literal)),
    Property("R", "dcat:endpointDescription", DCAT.endpointDescription, _iris),
    Property("R", "dcat:contactPoint", DCAT.contactPoint, _iris),
    Property("R", "dcat:keyword", DCAT.keyword, _tagged),
    Property("R", "dcterms:accessRights", DCTERMS.accessRights, _iris, 1),
)


def check(graph: Graph) -> list[Finding]:
    """Return everything that a catalogue lacks or does otherwise than DCAT-AP-SE asks, sorted.

    Args:
        graph: The catalogue, as the portal reads it.
    """
    found = {finding for node, properties in _asked(graph) for finding in _of(graph, node, properties)}
    for rule in _RULES:
        found.update(rule(graph))
    return sorted(found)


def _asked(graph: Graph) -> Iterator[tuple[Node, tuple[Property, ...]]]:
    yield from ((node, CATALOGUE) for node in graph.subjects(RDF.type, DCAT.Catalog))
    yield from ((node, DATASET) for node in graph.subjects(RDF.type, DCAT.Dataset))
    yield from ((node, DISTRIBUTION) for node in graph.subjects(RDF.type, DCAT.Distribution))
    yield from ((node, DATA_SERVICE) for node in graph.subjects(RDF.type, DCAT.DataService))
    yield from ((node, AGENT) for node in graph.objects(None, DCTERMS.publisher))
    yield from ((node, CONTACT_POINT) for node in graph.objects(None, DCAT.contactPoint))


def _of(graph: Graph, node: Node, properties: Iterable[Property]) -> Iterator[Finding]:
    for asked in properties:
        values = list(graph.objects(node, asked.predicate))
        if not values:
            yield Finding(asked.level, str(node), asked.name, "is missing")
        elif len(values) > asked.most:
            yield Finding(asked.level, str(node), asked.name, f"has {len(values)} values")
        elif not asked.check(graph, values):
            yield Finding(asked.level, str(node), asked.name, "has a wrong value")


def _has_the_things(graph: Graph) -> Iterator[Finding]:
    """The catalogue is one, and what properties lead to is typed: else nothing would be checked."""
    catalogues = len(set(graph.subjects(RDF.type, DCAT.Catalog)))
    if catalogues != 1:
        yield Finding("rule", "", "dcat:Catalog", f"there are {catalogues}")
    for name, predicate, kind in (
        ("dcat:dataset", DCAT.dataset, DCAT.Dataset),
        ("dcat:distribution", DCAT.distribution, DCAT.Distribution),
        ("dcat:service", DCAT.service, DCAT.DataService),
        ("dcterms:publisher", DCTERMS.publisher, FOAF.Agent),
        ("dcterms:rights", DCTERMS.rights, ODRS.RightsStatement),
    ):
        for node in graph.objects(None, predicate):
            if (node, RDF.type, kind) not in graph:
                yield Finding("rule", str(node), name, "leads to something of another class")


def _is_one_sort_of_contact(graph: Graph) -> Iterator[Finding]:
    for node in graph.objects(None, DCAT.contactPoint):
        kinds = set(graph.objects(node, RDF.type)) & {VCARD.Organization, VCARD.Individual, VCARD.Kind}
        if len(kinds) != 1 or VCARD.Kind in kinds:
            yield Finding("M", str(node), "rdf:type", "is not one of vcard:Organization, vcard:Individual")


def _names_its_things(graph: Graph) -> Iterator[Finding]:
    """No blank nodes for what the portal keeps, and absolute IRIs everywhere."""
    kept = {DCAT.Catalog, DCAT.Dataset, DCAT.Distribution, DCAT.DataService}
    nodes = {s for s, kind in graph.subject_objects(RDF.type) if kind in kept}
    for predicate in (DCTERMS.publisher, DCAT.contactPoint, DCAT.dataset, DCAT.distribution, DCAT.service):
        nodes.update(graph.objects(None, predicate))
    for node in nodes:
        if not isinstance(node, URIRef):
            yield Finding("rule", "", "rdf:about", "is a blank node or a text")
    for term in {term for triple in graph for term in triple}:
        if isinstance(term, URIRef) and not _IRI.fullmatch(term):
            yield Finding("rule", str(term), "rdf:about", "is no absolute IRI")


def _has_one_publisher(graph: Graph) -> Iterator[Finding]:
    publishers = set(graph.objects(None, DCTERMS.publisher))
    if len(publishers) > 1:
        yield Finding("rule", "", "dcterms:publisher", "differs between the catalogue and its datasets")
    for node in publishers & set(graph.objects(None, DCAT.contactPoint)):
        yield Finding("rule", str(node), "dcat:contactPoint", "is the publisher itself")


def _has_known_licences(graph: Graph) -> Iterator[Finding]:
    for node, licence in graph.subject_objects(DCTERMS.license):
        if not _CREATIVE_COMMONS.fullmatch(str(licence)):
            yield Finding("rule", str(node), "dcterms:license", "is no licence IRI of Creative Commons")


def _has_lower_case_keywords(graph: Graph) -> Iterator[Finding]:
    """German, which writes its nouns so, may begin a keyword with a capital."""
    for node, keyword in graph.subject_objects(DCAT.keyword):
        is_german = isinstance(keyword, rdflib.Literal) and (keyword.language or "").startswith("de")
        if not is_german and str(keyword) != str(keyword).lower():
            yield Finding("rule", str(node), "dcat:keyword", "has a capital letter")


def _has_short_titles(graph: Graph) -> Iterator[Finding]:
    names = {str(name).lower() for name in graph.objects(None, FOAF.name)}
    for node in graph.subjects(RDF.type, DCAT.Dataset):
        titles = [str(title).lower() for title in graph.objects(node, TITLE)]
        if any(name in title for name in names for title in titles):
            yield Finding("rule", str(node), "dcterms:title", "names the publisher")


def _leaves_out(graph: Graph) -> Iterator[Finding]:
    """Name what the portal refuses, or what makes the two profiles clash."""
    for node in graph.subjects(RDF.type, DCAT.CatalogRecord):
        yield Finding("rule", str(node), "dcat:CatalogRecord", "is not allowed")
    for node in graph.subjects(SPDX.checksum):
        yield Finding("rule", str(node), "spdx:checksum", "is not allowed")
    for node in graph.subjects(DCAT.byteSize):
        if not _SIZE(graph, list(graph.objects(node, DCAT.byteSize))):
            yield Finding("rule", str(node), "dcat:byteSize", "is no xsd:nonNegativeInteger")
    for node in graph.subjects(DCATAP.hvdCategory):
        if (node, DCATAP.applicableLegislation, HIGH_VALUE) not in graph:
            yield Finding("rule", str(node), "dcatap:hvdCategory", "has no legislation beside it")
    for node, place in graph.subject_objects(DCTERMS.spatial):
        if str(place).startswith("https://sws.geonames.org/"):
            yield Finding("rule", str(node), "dcterms:spatial", "is a geonames IRI of https")


_RULES: Final = (
    _has_the_things,
    _is_one_sort_of_contact,
    _names_its_things,
    _has_one_publisher,
    _has_known_licences,
    _has_lower_case_keywords,
    _has_short_titles,
    _leaves_out,
)
