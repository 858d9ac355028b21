"""The assessment itself: a perfect catalogue has all points, and each metric can be lost by itself."""

import importlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import rdflib

if TYPE_CHECKING:
    import mqa
else:  # pytest knows the folder by its name, and mypy does not
    mqa = importlib.import_module("tests.mqa")

PREFIXES = """
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcatap: <http://data.europa.eu/r5r/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@base <https://example.org/town/> .
"""
DATASET = """
<dataset> a dcat:Dataset ;
    dcterms:title "Twin towns"@en ;
    dcterms:description "The twin towns of a town"@en ;
    dcterms:spatial <http://publications.europa.eu/resource/authority/country/SWE> ;
    dcterms:temporal <dataset#temporal> ;
    dcat:theme <http://publications.europa.eu/resource/authority/data-theme/INTR> ;
    dcat:keyword "twin town"@en ;
    dcat:contactPoint <contact> ;
    dcterms:publisher <town> ;
    dcterms:modified "2026-01-02"^^xsd:date ;
    dcterms:issued "2026-01-01"^^xsd:date ;
    dcterms:relation <void> ;
    dcatap:applicableLegislation <http://data.europa.eu/eli/dir/2019/1024/oj> ;
    dcterms:identifier "1" ;
    adms:identifier <dataset#identifier> ;
    dcat:landingPage <index> ;
    dcterms:provenance <dataset#provenance> ;
    dcterms:accessRights <http://publications.europa.eu/resource/authority/access-right/PUBLIC> ;
    dcat:distribution <dataset#ttl> .
"""
DISTRIBUTION = """
<dataset#ttl> a dcat:Distribution ;
    dcterms:title "Turtle"@en ;
    dcterms:description "The data as Turtle"@en ;
    dcat:accessURL <access.ttl> ;
    dcat:downloadURL <download.ttl> ;
    dcterms:format <http://publications.europa.eu/resource/authority/file-type/RDF_TURTLE> ;
    dcat:mediaType <http://www.iana.org/assignments/media-types/text/turtle> ;
    dcterms:license <http://publications.europa.eu/resource/authority/licence/CC0> ;
    dcterms:issued "2026-01-01"^^xsd:date ;
    dcterms:modified "2026-01-02"^^xsd:date ;
    dcat:byteSize "1024"^^xsd:nonNegativeInteger ;
    foaf:page <index> ;
    adms:status <http://publications.europa.eu/resource/authority/distribution-status/COMPLETED> ;
    dcterms:rights <dataset#rights> .
"""
SERVICE = """
<dataset#sparql> a dcat:DataService ;
    dcterms:title "Queries"@en ;
    dcterms:description "Answers queries"@en ;
    dcat:endpointURL <sparql> ;
    dcat:endpointDescription <sparql> ;
    dcat:contactPoint <contact> ;
    dcterms:publisher <town> ;
    dcat:keyword "twin town"@en ;
    dcat:theme <http://publications.europa.eu/resource/authority/data-theme/INTR> ;
    dcterms:license <http://publications.europa.eu/resource/authority/licence/CC0> ;
    dcterms:accessRights <http://publications.europa.eu/resource/authority/access-right/PUBLIC> ;
    dcterms:format <http://publications.europa.eu/resource/authority/file-type/SPARQLQRES> ;
    dcterms:conformsTo <https://www.w3.org/TR/sparql11-protocol/> ;
    dcat:servesDataset <dataset> ;
    foaf:page <index> .
"""
BARE_DISTRIBUTION = "<dataset> dcat:distribution <dataset#bare> . <dataset#bare> dcat:accessURL <bare> ."
PERFECT = DATASET + DISTRIBUTION
FORMAT_METRICS = {"format and media type from vocabulary", "non-proprietary", "machine-readable"}

LOST_V1: list[tuple[str, str, set[str]]] = [
    (DATASET, "dcat:keyword", {"keyword usage"}),
    (DATASET, "dcat:theme", {"categories"}),
    (DATASET, "dcterms:spatial", {"geo search"}),
    (DATASET, "dcterms:temporal", {"time-based search"}),
    (DATASET, "dcterms:accessRights", {"access restrictions", "access restrictions vocabulary"}),
    (DATASET, "dcat:contactPoint", {"contact point"}),
    (DATASET, "dcterms:publisher", {"publisher"}),
    (DATASET, "dcterms:issued", {"date of issue"}),
    (DATASET, "dcterms:modified", {"modification date"}),
    (DISTRIBUTION, "dcat:accessURL", {"accessURL accessible"}),
    (DISTRIBUTION, "dcat:downloadURL", {"downloadURL present", "downloadURL accessible"}),
    (DISTRIBUTION, "dcterms:format", {"format", *FORMAT_METRICS}),
    (DISTRIBUTION, "dcat:mediaType", {"media type", "format and media type from vocabulary"}),
    (DISTRIBUTION, "dcterms:license", {"licence", "known licence"}),
    (DISTRIBUTION, "dcterms:issued", {"date of issue"}),
    (DISTRIBUTION, "dcterms:modified", {"modification date"}),
    (DISTRIBUTION, "dcterms:rights", {"rights"}),
    (DISTRIBUTION, "dcat:byteSize", {"file size"}),
]
"""What is taken from which resource, and the metrics that are lost with it."""

CHANGED_V1 = [
    ("access-right/PUBLIC", "access-right/OURS", {"access restrictions vocabulary"}),
    ("file-type/RDF_TURTLE", "file-type/OURS", FORMAT_METRICS),
    ("file-type/RDF_TURTLE", "file-type/HTML", {"machine-readable"}),
    ("file-type/RDF_TURTLE", "file-type/XLSX", {"non-proprietary"}),
    ("media-types/text/turtle", "media-types/text/ours", {"format and media type from vocabulary"}),
    ("licence/CC0", "licence/OURS", {"known licence"}),
    ('dcat:keyword "twin town"', 'dcat:keyword " "', {"keyword usage"}),
]
"""Which text is put in the place of which, and the metrics that are lost with it."""

LOST_V2 = [
    *((DATASET, p, 1.0) for p in ("dcterms:title", "dcterms:description")),
    *(
        (DATASET, p, 0.5)
        for p in ("dcterms:spatial", "dcterms:temporal", "dcat:theme", "dcat:keyword", "dcat:contactPoint")
    ),
    (DATASET, "dcterms:publisher", 0.5),
    *((DATASET, p, 0.25) for p in ("dcterms:modified", "dcterms:issued", "dcterms:relation")),
    *((DATASET, p, 0.25) for p in ("dcatap:applicableLegislation", "dcterms:identifier", "adms:identifier")),
    *((DATASET, p, 0.25) for p in ("dcat:landingPage", "dcterms:provenance")),
    (DATASET, "dcterms:accessRights", 0.5),
    (DISTRIBUTION, "dcat:accessURL", 1.25),
    (DISTRIBUTION, "dcterms:format", 2.0),
    (DISTRIBUTION, "dcterms:license", 1.0),
    (DISTRIBUTION, "dcterms:description", 0.5),
    *(
        (DISTRIBUTION, p, 0.25)
        for p in ("dcterms:title", "dcterms:issued", "dcterms:modified", "dcat:byteSize")
    ),
    *((DISTRIBUTION, p, 0.25) for p in ("foaf:page", "adms:status", "dcterms:rights")),
    *((DISTRIBUTION, p, 0.5) for p in ("dcat:downloadURL", "dcat:mediaType")),
]
"""What is taken from which resource, and what that costs among 7.5 of the resource."""

CHANGED_V2 = [
    ("access-right/PUBLIC", "access-right/OURS", 0.25),
    ("file-type/RDF_TURTLE", "file-type/OURS", 1.5),
    ("file-type/RDF_TURTLE", "file-type/HTML", 0.5),
    ("file-type/RDF_TURTLE", "file-type/XLSX", 0.5),
    ("media-types/text/turtle", "media-types/text/ours", 0.25),
    ("licence/CC0", "licence/OURS", 0.5),
]
"""Which text is put in the place of which, and what that costs among 7.5 of the resource."""


def graph_of(turtle: str) -> rdflib.Graph:
    """Return the graph of a catalogue written without its prefixes."""
    return rdflib.Graph().parse(data=PREFIXES + turtle, format="turtle")


def without(resource: str, predicate: str) -> str:
    """Return the perfect catalogue, a property of one of its resources taken out."""
    (line,) = re.findall(rf"^ +{predicate} .*\n", resource, re.MULTILINE)
    poorer = resource.replace(line, "")
    if line.endswith(" .\n"):
        poorer = f"{poorer.rstrip().removesuffix(';')} .\n"
    return PERFECT.replace(resource, poorer)


def everything(_address: str) -> bool:
    """Tell that any address answers."""
    return True


def only(*names: str) -> Callable[[str], bool]:
    """Return what tells that no address answers but those that end so."""
    return lambda address: address.endswith(names)


def lost(turtle: str, is_reachable: Callable[[str], bool] = everything, *, conforms: bool = True) -> set[str]:
    """Return the metrics without points."""
    return {
        name for name, points in mqa.score_v1(graph_of(turtle), is_reachable, conforms).items() if not points
    }


def test_weights_sum_to_the_best_score() -> None:
    """The metrics' points are those that the portal gives at most."""
    assert sum(metric.points for metric in (*mqa.V1_DATASET, *mqa.V1_DISTRIBUTION)) == mqa.V1_MOST
    for metrics, count in ((mqa.V2_DATASET, 18), (mqa.V2_DISTRIBUTION, 20), (mqa.V2_SERVICE, 14)):
        assert len({metric.name for metric in metrics}) == count
        assert sum(metric.points for metric in metrics) == pytest.approx(mqa.V2_MOST)


def test_perfect_catalogue_has_all_points() -> None:
    """A complete catalogue that conforms and can be reached has 405 points, and 7.5."""
    graph = graph_of(PERFECT)
    assert sum(mqa.score_v1(graph, everything, conforms=True).values()) == mqa.V1_MOST
    assert mqa.score_v2(graph, everything) == mqa.V2_MOST
    assert mqa.score_v2(graph_of(PERFECT + SERVICE), everything) == mqa.V2_MOST


@pytest.mark.parametrize(("resource", "predicate", "metrics"), LOST_V1)
def test_v1_property_that_lacks_costs_its_metrics(resource: str, predicate: str, metrics: set[str]) -> None:
    """Without a property just the metrics that look at it are lost."""
    assert lost(without(resource, predicate)) == metrics


@pytest.mark.parametrize(("old", "new", "metrics"), CHANGED_V1)
def test_v1_value_of_no_vocabulary_costs_its_metrics(old: str, new: str, metrics: set[str]) -> None:
    """A value that the vocabulary does not know loses just the metrics that ask for that vocabulary."""
    assert old in PERFECT
    assert lost(PERFECT.replace(old, new)) == metrics


def test_v1_every_metric_can_be_lost() -> None:
    """The cases here break each metric but conformance, which is broken by itself, as the addresses are."""
    outside = {"DCAT-AP compliance"}
    broken = set[str]().union(*(metrics for _, _, metrics in (*LOST_V1, *CHANGED_V1)))
    assert broken | outside == {metric.name for metric in (*mqa.V1_DATASET, *mqa.V1_DISTRIBUTION)}
    assert lost(PERFECT, conforms=False) == outside
    assert lost(PERFECT, only("access.ttl")) == {"downloadURL accessible"}
    assert lost(PERFECT, only("download.ttl")) == {"accessURL accessible"}


def test_v1_best_distribution_counts() -> None:
    """A bare distribution beside a complete one costs the dates that are asked of all, and nothing else."""
    assert lost(PERFECT + BARE_DISTRIBUTION) == {"date of issue", "modification date"}


def test_v1_without_distributions_has_no_points_for_them() -> None:
    """A dataset without distributions keeps its own points."""
    bare = DATASET.replace(" ;\n    dcat:distribution <dataset#ttl>", "")
    assert lost(bare) == {metric.name for metric in mqa.V1_DISTRIBUTION}
    assert mqa.score_v2(graph_of(bare), everything) == mqa.V2_MOST


def test_v1_points_are_those_of_the_method() -> None:
    """Findability and accessibility have the points that the method gives them."""
    points = mqa.score_v1(graph_of(PERFECT), everything, conforms=True)
    findability = ("keyword usage", "categories", "geo search", "time-based search")
    accessibility = ("accessURL accessible", "downloadURL present", "downloadURL accessible")
    assert [points[name] for name in findability] == [30, 30, 20, 20]
    assert [points[name] for name in accessibility] == [50, 20, 30]


@pytest.mark.parametrize(("resource", "predicate", "cost"), LOST_V2)
def test_v2_property_that_lacks_costs_its_weight(resource: str, predicate: str, cost: float) -> None:
    """Without a property half its weight is lost: the dataset and the distributions count alike."""
    assert mqa.score_v2(graph_of(without(resource, predicate)), everything) == mqa.V2_MOST - cost / 2


@pytest.mark.parametrize(("old", "new", "cost"), CHANGED_V2)
def test_v2_value_of_no_vocabulary_costs_its_weight(old: str, new: str, cost: float) -> None:
    """A value that the vocabulary does not know loses the weight of what asks for that vocabulary."""
    assert mqa.score_v2(graph_of(PERFECT.replace(old, new)), everything) == mqa.V2_MOST - cost / 2


def test_v2_address_that_does_not_answer_costs_its_weight() -> None:
    """Each of the two addresses loses its quarter by itself."""
    graph = graph_of(PERFECT)
    for is_reachable, cost in (
        (only("access.ttl"), 0.25),
        (only("download.ttl"), 0.25),
        (only("nowhere"), 0.5),
    ):
        assert mqa.score_v2(graph, is_reachable) == mqa.V2_MOST - cost / 2


def test_v2_counts_the_mean_of_the_distributions() -> None:
    """A bare distribution beside a complete one halves what the complete one gives."""
    assert mqa.score_v2(graph_of(PERFECT + BARE_DISTRIBUTION), everything) == pytest.approx(
        (7.5 + (7.5 + 1.25) / 2) / 2
    )


def test_v2_service_that_lacks_a_property_costs() -> None:
    """A data service is the third group, and each of its properties counts."""
    for predicate in re.findall(r"^ +(\S+) ", SERVICE, re.MULTILINE):
        (line,) = re.findall(rf"^ +{predicate} .*\n", SERVICE, re.MULTILINE)
        poorer = SERVICE.replace(line, "").rstrip().rstrip(";.") + " .\n"
        score = mqa.score_v2(graph_of(PERFECT + poorer), everything)
        assert score == pytest.approx(mqa.V2_MOST - mqa.V2_MOST / 14 / 3, abs=1e-6)


@pytest.mark.parametrize("count", [0, 2])
def test_one_dataset_is_assessed(count: int) -> None:
    """A catalogue of no dataset or of two is refused: its score would be that of something else."""
    graph = graph_of("".join(f"<dataset/{number}> a dcat:Dataset ." for number in range(count)))
    with pytest.raises(ValueError, match=f"not of {count}"):
        mqa.score_v1(graph, everything, conforms=True)
    with pytest.raises(ValueError, match=f"not of {count}"):
        mqa.score_v2(graph, everything)


def test_vocabularies_stand_in_the_authority_tables(shared: Path) -> None:
    """Each value that is taken for known is a concept of the stored tables, but for one alias."""
    known = rdflib.Graph()
    for table in ("access-right", "filetypes", "licences"):
        known.parse(shared / f"suites/eu-authority/{table}.ttl")
    concepts = set(known.subjects(rdflib.RDF.type, rdflib.SKOS.Concept))
    alias = rdflib.URIRef("http://creativecommons.org/publicdomain/zero/1.0/")
    assert {*mqa.FILE_TYPES, *mqa.ACCESS_RIGHTS, *mqa.LICENCES} - concepts == {alias}
    assert (None, rdflib.SKOS.exactMatch, alias) in known
