"""The metadata quality assessment of data.europa.eu, in both its versions, as a scorer to test against.

Points are given for properties that are there and for values that stand in the portal's vocabularies. The
first version (0 to 405 points) counts the best distribution, the second (0 to 7.5) the mean of all. Where the
method says too little, the stricter reading is taken: a score told here is never better than the portal's.
Specification: https://data.europa.eu/mqa/methodology
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import mean
from typing import Final, NamedTuple

from rdflib import DCAT, DCTERMS, FOAF, RDF, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

ADMS: Final = Namespace("http://www.w3.org/ns/adms#")
DCATAP: Final = Namespace("http://data.europa.eu/r5r/")
EU: Final = Namespace("http://publications.europa.eu/resource/authority/")
IANA: Final = Namespace("http://www.iana.org/assignments/media-types/")
FORMAT: Final = DCTERMS["format"]  # as an attribute it is the method of `str`
TITLE: Final = DCTERMS["title"]

_OPEN: Final = (
    "RDF_TURTLE JSON_LD HTML RDF_N_TRIPLES RDF_XML CSV JSON RDF_N_QUADS RDF_TRIG SPARQLQ SPARQLQRES "
    "GEOJSON XML"
)
_MACHINE_READABLE: Final = (
    "CSV GEOJSON ICS JSON JSON_LD KML KMZ NETCDF ODS RDFA RDF_N_QUADS RDF_N_TRIPLES RDF_TRIG RDF_TURTLE "
    "RDF_XML RSS SHP XLS XLSX XML"
)
_REGISTERED: Final = (
    "text/turtle application/ld+json text/html application/n-triples application/rdf+xml text/csv "
    "application/sparql-results+json application/n-quads application/geo+json application/xml"
)

NON_PROPRIETARY: Final = frozenset(EU[f"file-type/{code}"] for code in _OPEN.split())
"""The file types that an open standard defines; what the portal holds for such besides is not listed here."""
MACHINE_READABLE: Final = frozenset(EU[f"file-type/{code}"] for code in _MACHINE_READABLE.split())
FILE_TYPES: Final = NON_PROPRIETARY | MACHINE_READABLE
MEDIA_TYPES: Final = frozenset(IANA[name] for name in _REGISTERED.split())
ACCESS_RIGHTS: Final = frozenset(
    EU[f"access-right/{code}"] for code in ("PUBLIC", "RESTRICTED", "NON_PUBLIC")
)
LICENCES: Final = frozenset(
    (
        EU["licence/CC0"],
        EU["licence/CC_BY_4_0"],
        URIRef("http://creativecommons.org/publicdomain/zero/1.0/"),
    )
)


@dataclass(frozen=True)
class Resource:
    """A dataset, distribution or data service with what is said of it.

    Attributes:
        graph: The catalogue.
        node: Which it is.
        is_reachable: Tells whether an address answers.
        conforms: Whether the catalogue conforms to the shapes of DCAT-AP.
    """

    graph: Graph
    node: Node
    is_reachable: Callable[[str], bool]
    conforms: bool = True

    def values(self, predicate: URIRef) -> list[Node]:
        """Return the values of a property, but for texts without a word in them."""
        values = self.graph.objects(self.node, predicate)
        return [value for value in values if not isinstance(value, Literal) or str(value).strip()]

    def others(self, predicate: URIRef) -> list["Resource"]:
        """Return the resources that a property leads to, in the order of their IRIs."""
        nodes = sorted(self.values(predicate), key=str)
        return [Resource(self.graph, node, self.is_reachable, self.conforms) for node in nodes]


Check = Callable[[Resource], bool]


class Metric(NamedTuple):
    """What is assessed, and what it is worth."""

    name: str
    points: float
    is_met: Check


def _has(predicate: URIRef) -> Check:
    return lambda resource: bool(resource.values(predicate))


def _known(predicate: URIRef, vocabulary: Iterable[Node]) -> Check:
    """Check that there are values and that each stands in the vocabulary."""
    return lambda resource: bool(values := resource.values(predicate)) and set(values) <= set(vocabulary)


def _answers(predicate: URIRef) -> Check:
    """Check that there are addresses and that each answers."""
    return lambda resource: (
        bool(values := resource.values(predicate)) and all(resource.is_reachable(str(v)) for v in values)
    )


def _both(*checks: Check) -> Check:
    return lambda resource: all(check(resource) for check in checks)


def _dataset_and_distributions(predicate: URIRef) -> Check:
    """Check a date of the dataset and of its distributions: the method does not say whose it means."""
    has = _has(predicate)
    return lambda dataset: has(dataset) and all(has(other) for other in dataset.others(DCAT.distribution))


V1_DATASET: Final = (
    Metric("keyword usage", 30, _has(DCAT.keyword)),
    Metric("categories", 30, _has(DCAT.theme)),
    Metric("geo search", 20, _has(DCTERMS.spatial)),
    Metric("time-based search", 20, _has(DCTERMS.temporal)),
    Metric("DCAT-AP compliance", 30, lambda resource: resource.conforms),
    Metric("access restrictions", 10, _has(DCTERMS.accessRights)),
    Metric("access restrictions vocabulary", 5, _known(DCTERMS.accessRights, ACCESS_RIGHTS)),
    Metric("contact point", 20, _has(DCAT.contactPoint)),
    Metric("publisher", 10, _has(DCTERMS.publisher)),
    Metric("date of issue", 5, _dataset_and_distributions(DCTERMS.issued)),
    Metric("modification date", 5, _dataset_and_distributions(DCTERMS.modified)),
)
V1_DISTRIBUTION: Final = (
    Metric("accessURL accessible", 50, _answers(DCAT.accessURL)),
    Metric("downloadURL present", 20, _has(DCAT.downloadURL)),
    Metric("downloadURL accessible", 30, _answers(DCAT.downloadURL)),
    Metric("format", 20, _has(FORMAT)),
    Metric("media type", 10, _has(DCAT.mediaType)),
    Metric(
        "format and media type from vocabulary",
        10,
        _both(_known(FORMAT, FILE_TYPES), _known(DCAT.mediaType, MEDIA_TYPES)),
    ),
    Metric("non-proprietary", 20, _known(FORMAT, NON_PROPRIETARY)),
    Metric("machine-readable", 20, _known(FORMAT, MACHINE_READABLE)),
    Metric("licence", 20, _has(DCTERMS.license)),
    Metric("known licence", 10, _known(DCTERMS.license, LICENCES)),
    Metric("rights", 5, _has(DCTERMS.rights)),
    Metric("file size", 5, _has(DCAT.byteSize)),
)
V1_MOST: Final = 405

V2_DATASET: Final = (
    *(Metric(str(p), 1, _has(p)) for p in (TITLE, DCTERMS.description)),
    *(
        Metric(str(p), 0.5, _has(p))
        for p in (
            DCTERMS.spatial,
            DCTERMS.temporal,
            DCAT.theme,
            DCAT.keyword,
            DCAT.contactPoint,
            DCTERMS.publisher,
        )
    ),
    *(
        Metric(str(p), 0.25, _has(p))
        for p in (
            DCTERMS.modified,
            DCTERMS.issued,
            DCTERMS.relation,
            DCATAP.applicableLegislation,
            DCTERMS.identifier,
            ADMS.identifier,
            DCAT.landingPage,
            DCTERMS.provenance,
            DCTERMS.accessRights,
        )
    ),
    Metric("accessRights from vocabulary", 0.25, _known(DCTERMS.accessRights, ACCESS_RIGHTS)),
)
V2_DISTRIBUTION: Final = (
    Metric(str(DCAT.accessURL), 1, _has(DCAT.accessURL)),
    *(Metric(str(p), 0.5, _has(p)) for p in (FORMAT, DCTERMS.license, DCTERMS.description)),
    Metric("format from vocabulary", 0.5, _known(FORMAT, FILE_TYPES)),
    Metric("non-proprietary", 0.5, _known(FORMAT, NON_PROPRIETARY)),
    Metric("machine-interpretable", 0.5, _known(FORMAT, MACHINE_READABLE)),
    Metric("known licence", 0.5, _known(DCTERMS.license, LICENCES)),
    *(
        Metric(str(p), 0.25, _has(p))
        for p in (
            TITLE,
            DCTERMS.issued,
            DCTERMS.modified,
            DCAT.downloadURL,
            DCAT.mediaType,
            DCAT.byteSize,
            FOAF.page,
            ADMS.status,
            DCTERMS.rights,
        )
    ),
    Metric("accessURL status", 0.25, _answers(DCAT.accessURL)),
    Metric("downloadURL status", 0.25, _answers(DCAT.downloadURL)),
    Metric("mediaType from vocabulary", 0.25, _known(DCAT.mediaType, MEDIA_TYPES)),
)
V2_MOST: Final = 7.5
_OF_A_SERVICE: Final = (
    TITLE,
    DCTERMS.description,
    DCAT.endpointURL,
    DCAT.endpointDescription,
    DCAT.contactPoint,
    DCTERMS.publisher,
    DCAT.keyword,
    DCAT.theme,
    DCTERMS.license,
    DCTERMS.accessRights,
    FORMAT,
    DCTERMS.conformsTo,
    DCAT.servesDataset,
    FOAF.page,
)
V2_SERVICE: Final = tuple(Metric(str(p), V2_MOST / len(_OF_A_SERVICE), _has(p)) for p in _OF_A_SERVICE)
"""The metrics of a data service. How the portal weighs them is not published: here all weigh the same."""


def score_v1(graph: Graph, is_reachable: Callable[[str], bool], conforms: bool) -> dict[str, int]:  # noqa: FBT001 - asked for so
    """Return the points of the one dataset of a catalogue by metric, at best 405 in all.

    Args:
        graph: The catalogue.
        is_reachable: Tells whether an address answers.
        conforms: Whether the catalogue conforms to the shapes of DCAT-AP.

    Raises:
        ValueError: If the catalogue has no dataset, or several.
    """
    dataset = _dataset(graph, is_reachable, conforms=conforms)
    of_each = [_points(other, V1_DISTRIBUTION) for other in dataset.others(DCAT.distribution)]
    nothing = dict.fromkeys((metric.name for metric in V1_DISTRIBUTION), 0.0)
    best = max(of_each, key=lambda points: sum(points.values()), default=nothing)
    return {name: int(points) for name, points in (_points(dataset, V1_DATASET) | best).items()}


def score_v2(graph: Graph, is_reachable: Callable[[str], bool]) -> float:
    """Return the score of the one dataset of a catalogue, from 0 to 7.5.

    It is the mean of the dataset's score, the mean of its distributions' and the mean of those of the data
    services that serve it, where there are any.

    Args:
        graph: The catalogue.
        is_reachable: Tells whether an address answers.

    Raises:
        ValueError: If the catalogue has no dataset, or several.
    """
    dataset = _dataset(graph, is_reachable, conforms=True)
    services = sorted(graph.subjects(RDF.type, DCAT.DataService), key=str)
    groups = [
        [_sum(dataset, V2_DATASET)],
        [_sum(distribution, V2_DISTRIBUTION) for distribution in dataset.others(DCAT.distribution)],
        [_sum(Resource(graph, service, is_reachable), V2_SERVICE) for service in services],
    ]
    return round(mean(mean(group) for group in groups if group), 6)


def _dataset(graph: Graph, is_reachable: Callable[[str], bool], *, conforms: bool) -> Resource:
    datasets = sorted(set(graph.subjects(RDF.type, DCAT.Dataset)), key=str)
    if len(datasets) != 1:
        message = f"a catalogue of one dataset is assessed, not of {len(datasets)}"
        raise ValueError(message)
    return Resource(graph, datasets[0], is_reachable, conforms)


def _points(resource: Resource, metrics: Iterable[Metric]) -> dict[str, float]:
    return {metric.name: metric.points if metric.is_met(resource) else 0 for metric in metrics}


def _sum(resource: Resource, metrics: Iterable[Metric]) -> float:
    return sum(_points(resource, metrics).values())
