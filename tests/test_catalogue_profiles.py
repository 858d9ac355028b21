"""The catalogue as printed, before those who harvest it: DCAT-AP, DCAT-AP-SE, the assessment, CKAN, parsers.

The official shapes and tables lie beside the project (https://semiceu.github.io/DCAT-AP/releases/3.0.1/).
That each checker can find anything is tested here and in test_mqa, on catalogues broken in one place.
"""

import contextlib
import functools
import http.client
import http.server
import importlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pyoxigraph
import pyshacl
import pytest
import rdflib
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, RDF, SH

if TYPE_CHECKING:
    import dcat_se
    import mqa
else:  # pytest knows the folder by its name, and mypy does not
    dcat_se = importlib.import_module("tests.dcat_se")
    mqa = importlib.import_module("tests.mqa")

SPACE = "https://w3id.org/twintowns/ludvika/"
DATASET = f"{SPACE}dataset/twintowns"
ODRS = rdflib.Namespace("http://schema.theodi.org/odrs#")
WHOS_ON_FIRST = "https://github.com/whosonfirst-data/whosonfirst-data/blob/master/LICENSE.md"
ADMS_STATUS = rdflib.URIRef("http://www.w3.org/ns/adms#status")
SHAPES = {
    "shapes.ttl": (DCTERMS["title"], set()),
    "shapes_recommended.ttl": (DCAT.keyword, set()),
    "range.ttl": (DCTERMS.publisher, set()),
    "dcat-ap-SHACL.ttl": (DCTERMS["title"], set()),
    "ranges.ttl": (DCTERMS.publisher, set()),
    "mdr-vocabularies.shape.ttl": (DCTERMS.language, {DCTERMS.publisher}),
    "deprecateduris.ttl": (None, {ADMS_STATUS}),
}
"""The official shapes: a property of the dataset that they find broken, and of what they warn needlessly.

No EU corporate body publishes for a town. The old
table has been replaced, and a warning of that is all that the last file can give: it holds no constraint.
"""
FORMATS = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml", "nt": "nt"}
CKAN = """
import json, sys
from ckanext.dcat.processors import RDFParser
parser = RDFParser(profiles=["euro_dcat_ap_3"])
parser.parse(open(sys.argv[1], encoding="utf-8").read(), sys.argv[2])
json.dump(list(parser.datasets()), sys.stdout)
"""

SE_PREFIXES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcatap: <http://data.europa.eu/r5r/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix geo: <http://www.opengis.net/ont/geosparql#> .
@prefix odrs: <http://schema.theodi.org/odrs#> .
@prefix spdx: <http://spdx.org/rdf/terms#> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@base <https://example.org/town/> .
"""
SE = """
<catalogue> a dcat:Catalog ;
    dcterms:title "Vänorter"@sv , "Twin towns"@en ;
    dcterms:description "Vad staden ger ut"@sv , "What the town publishes"@en ;
    dcterms:publisher <town> ;
    dcterms:license <http://creativecommons.org/publicdomain/zero/1.0/> ;
    dcat:dataset <dataset> ;
    dcat:service <service> ;
    dcterms:issued "2026-01-01"^^xsd:date ;
    dcterms:language <http://publications.europa.eu/resource/authority/language/SWE> ;
    dcterms:modified "2026-01-02"^^xsd:date ;
    foaf:homepage <index> ;
    dcterms:spatial <http://sws.geonames.org/2661886/> ;
    dcat:themeTaxonomy <http://publications.europa.eu/resource/authority/data-theme> .
<dataset> a dcat:Dataset ;
    dcterms:title "Vänorter"@sv , "Twin towns"@en ;
    dcterms:description "Stadens vänorter"@sv , "The town's twin towns"@en ;
    dcterms:publisher <town> ;
    dcat:contactPoint <contact> ;
    dcat:keyword "vänort"@sv , "twin town"@en , "Partnerstadt"@de ;
    dcat:theme <http://publications.europa.eu/resource/authority/data-theme/INTR> ;
    dcterms:issued "2026-01-01"^^xsd:date ;
    dcterms:conformsTo <specification> ;
    dcterms:spatial <http://sws.geonames.org/2661886/> , <dataset#area> ;
    dcterms:temporal <dataset#temporal> ;
    dcterms:accessRights <http://publications.europa.eu/resource/authority/access-right/PUBLIC> ;
    dcat:distribution <ttl> .
<dataset#area> dcat:centroid "POINT(15.2 60.1)"^^geo:wktLiteral .
<dataset#temporal> dcat:startDate "2000"^^xsd:gYear ; dcat:endDate "2026"^^xsd:gYear .
<ttl> a dcat:Distribution ;
    dcat:accessURL <dump.ttl> ;
    dcterms:format "text/turtle" ;
    dcterms:description "Som Turtle"@sv , "As Turtle"@en ;
    dcatap:availability <http://publications.europa.eu/resource/authority/planned-availability/STABLE> ;
    dcterms:license <http://creativecommons.org/publicdomain/zero/1.0/> ;
    dcterms:rights <rights> ;
    dcat:byteSize "1024"^^xsd:nonNegativeInteger .
<rights> a odrs:RightsStatement .
<town> a foaf:Agent ;
    foaf:name "Staden"@sv , "The Town"@en ;
    dcterms:type <http://purl.org/adms/publishertype/LocalAuthority> ;
    dcterms:description "En stad"@sv , "A town"@en ;
    dcterms:identifier "212000-0000" .
<contact> a vcard:Organization ;
    vcard:fn "Kontakt"@sv ;
    vcard:hasEmail <mailto:data@town.example> ;
    vcard:hasTelephone <voice> ;
    vcard:hasAddress <address> .
<voice> a vcard:Voice ; vcard:hasValue <tel:+46123> .
<address> a vcard:Address ; vcard:street-address "Gatan 1" ; vcard:postal-code "123 45" ;
    vcard:locality "Staden" ; vcard:country-name "Sverige" .
<service> a dcat:DataService ;
    dcterms:title "Frågor"@sv , "Queries"@en ;
    dcat:endpointURL <sparql> ;
    dcterms:format "application/sparql-results+json" ;
    dcat:endpointDescription <sparql> ;
    dcat:contactPoint <contact> ;
    dcat:keyword "vänort"@sv , "twin town"@en ;
    dcterms:accessRights <http://publications.europa.eu/resource/authority/access-right/PUBLIC> .
"""
"""A catalogue to which DCAT-AP-SE has nothing to say."""

THINGS = {
    "catalogue": "CATALOGUE",
    "dataset": "DATASET",
    "ttl": "DISTRIBUTION",
    "town": "AGENT",
    "contact": "CONTACT_POINT",
    "service": "DATA_SERVICE",
}
"""The things of the sample, each with the table of what is asked of its class."""
ASKED = [(thing, asked) for thing, table in THINGS.items() for asked in getattr(dcat_se, table)]
WRONG = [
    ('"Vänorter"@sv , "Twin towns"@en', '"Vänorter"@sv', "M dcterms:title"),
    ('"Vänorter"@sv , "Twin towns"@en', '"Vänorter" , "Twin towns"@en', "M dcterms:title"),
    ('"Som Turtle"@sv , "As Turtle"@en', '"As Turtle"', "R dcterms:description"),
    ("dcterms:publisher <town>", "dcterms:publisher <town> , <other>", "M dcterms:publisher"),
    ("<rights> a", "<x> dcterms:publisher <o> . <o> a foaf:Agent . <rights> a", "rule dcterms:publisher"),
    ("<contact>", "<town>", "rule dcat:contactPoint"),
    ("publicdomain/zero/1.0/> ;\n    dcat:d", "licenses/by/4.0/> ;\n    dcat:d", "M dcterms:license"),
    ("http://creativecommons", "https://creativecommons", "rule dcterms:license"),
    ("zero/1.0/>", "zero/1.0>", "rule dcterms:license"),
    ("zero/1.0/>", "zero/1.0/deed.sv>", "rule dcterms:license"),
    ('"2026-01-01"^^xsd:date', '"in January"', "R dcterms:issued"),
    ("<http://sws.geonames.org/2661886/> ,", "", "R dcterms:spatial"),
    ("http://sws", "https://sws", "rule dcterms:spatial"),
    ("dcat:centroid", "dcat:center", "R dcterms:spatial (dcat:bbox, dcat:centroid)"),
    ("geo:wktLiteral", "xsd:string", "R dcterms:spatial (dcat:bbox, dcat:centroid)"),
    (
        'dcat:startDate "2000"^^xsd:gYear ; dcat:endDate "2026"^^xsd:gYear',
        'dcat:start "2000"^^xsd:gYear ; dcat:end "2026"^^xsd:gYear',
        "R dcterms:temporal",
    ),
    ("access-right/PUBLIC>", "access-right/PUBLIC> , <x>", "R dcterms:accessRights"),
    ("<dump.ttl>", "<dump.ttl> , <dump>", "M dcat:accessURL"),
    ("<dump.ttl>", '"dump.ttl"', "M dcat:accessURL"),
    ('"text/turtle"', "<http://www.iana.org/assignments/media-types/text/turtle>", "M dcterms:format"),
    ('"text/turtle"', '"text/turtle" , "text/html"', "M dcterms:format"),
    ('"text/turtle"', '"Turtle"', "M dcterms:format"),
    ('"1024"^^xsd:nonNegativeInteger', '"1024"^^xsd:decimal', "rule dcat:byteSize"),
    ("odrs:RightsStatement", "dcterms:RightsStatement", "rule dcterms:rights"),
    ("purl.org/adms", "example.org/adms", "M dcterms:type"),
    ("a foaf:Agent", "a foaf:Thing", "rule dcterms:publisher"),
    ("vcard:Organization", "vcard:Kind", "M rdf:type"),
    ("vcard:Organization", "vcard:Organization , vcard:Kind", "M rdf:type"),
    ("vcard:Organization", "vcard:Organization , vcard:Individual", "M rdf:type"),
    ("<mailto:data@town.example>", '"data@town.example"', "M vcard:hasEmail"),
    ("<tel:+46123>", '"+46123"', "R vcard:hasTelephone"),
    ("vcard:Voice", "vcard:Cell", "R vcard:hasTelephone"),
    ("vcard:Address", "vcard:Home", "R vcard:hasAddress"),
    ("vcard:locality", "vcard:place", "R vcard:hasAddress"),
    ("a dcat:Catalog ", "a dcat:Other ", "rule dcat:Catalog"),
    ("a dcat:Dataset ", "a dcat:Other ", "rule dcat:dataset"),
    ("a dcat:Distribution ", "a dcat:Other ", "rule dcat:distribution"),
    ("a dcat:DataService ", "a dcat:Other ", "rule dcat:service"),
    ("<contact>", "_:contact", "rule rdf:about"),
    ("<town>", "_:town", "rule rdf:about"),
    ("<ttl>", "_:ttl", "rule rdf:about"),
    ('"vänort"@sv', '"Vänort"@sv', "rule dcat:keyword"),
    ('"Vänorter"@sv', '"Stadens vänorter"@sv', "rule dcterms:title"),
    ("<rights> a", "<record> a dcat:CatalogRecord . <rights> a", "rule dcat:CatalogRecord"),
    ("<rights> a", "<ttl> spdx:checksum <sum> . <rights> a", "rule spdx:checksum"),
    ("<rights> a", "<dataset> dcatap:hvdCategory <hvd> . <rights> a", "rule dcatap:hvdCategory"),
]
"""Which text is put in the place of which, and what the checker must find then."""


@pytest.fixture(scope="module")
def catalogue(site: Path) -> rdflib.Graph:
    """Return the European catalogue."""
    return rdflib.Graph().parse(site / "catalogue.ttl")


@pytest.fixture(scope="module")
def harvested(site: Path) -> rdflib.Graph:
    """Return the Swedish catalogue, read as the portal reads it: as bytes, with no address to begin with."""
    return rdflib.Graph().parse(data=(site / "datasets/dcat").read_bytes(), format="xml")


@pytest.fixture(scope="module")
def tables(shared: Path) -> rdflib.Graph:
    """Return the authority tables."""
    graph = rdflib.Graph()
    for path in sorted((shared / "suites/eu-authority").glob("*.ttl")):
        graph.parse(path)
    return graph


@pytest.fixture(scope="module")
def address_in(site: Path) -> Any:  # noqa: ANN401 - a function
    """Return what tells whether the file that answers for an address is in the site."""

    def is_there(address: str) -> bool:
        path = address.removeprefix(SPACE)
        files = (site / path, site / f"{path}.ttl", site / path / "index.html")
        return address.startswith(SPACE) and any(file.is_file() for file in files)

    return is_there


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files, and tells nobody."""

    def log_message(self, *_told: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def answers(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], bool]]:
    """Return what tells whether an address answers HEAD with 200 on a server that holds the site."""
    root = tmp_path_factory.mktemp("served")
    place = root / urlsplit(SPACE).path.strip("/")
    place.parent.mkdir(parents=True)
    place.symlink_to(site)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=root))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()

    def answer(address: str) -> bool:
        if not address.startswith(SPACE):
            return False
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
        with contextlib.closing(connection):
            connection.request("HEAD", urlsplit(address).path)
            return connection.getresponse().status == HTTPStatus.OK

    yield answer
    server.shutdown()
    thread.join()
    server.server_close()


def shapes_of(path: Path) -> rdflib.Graph:
    """Read shapes, without the property shapes that they refer to and do not define."""
    shapes = rdflib.Graph().parse(path)
    for triple in list(shapes.triples((None, SH.property, None))):
        if (triple[2], SH.path, None) not in shapes:
            shapes.remove(triple)
    return shapes


def results_of(data: rdflib.Graph, shapes: rdflib.Graph) -> set[tuple[str, ...]]:
    """Return severity, focus node, path and component of each result."""
    _, report, text = pyshacl.validate(data, shacl_graph=shapes)
    assert isinstance(report, rdflib.Graph), text
    asked = (SH.resultSeverity, SH.focusNode, SH.resultPath, SH.sourceConstraintComponent)
    results = report.objects(None, SH.result)
    return {tuple(str(report.value(result, predicate)) for predicate in asked) for result in results}


def unexpected(data: rdflib.Graph, shared: Path, name: str) -> set[tuple[str, ...]]:
    """Return the results that can be avoided."""
    needless = {(str(SH.Warning), str(path)) for path in SHAPES[name][1]}
    found = results_of(data, shapes_of(shared / "suites/dcat-ap-3.0.1" / name))
    return {result for result in found if (result[0], result[2]) not in needless}


@pytest.mark.parametrize("name", SHAPES)
def test_official_shapes_find_nothing(
    catalogue: rdflib.Graph, tables: rdflib.Graph, shared: Path, name: str
) -> None:
    """The European catalogue conforms to DCAT-AP 3.0.1, recommendations, ranges and vocabularies too."""
    data = catalogue + tables if name.startswith("mdr") else catalogue
    assert unexpected(data, shared, name) == set()


def test_sources_that_ask_for_it_are_credited(catalogue: rdflib.Graph) -> None:
    """Each source whose licence asks for credit is named with it in the rights, and no other is."""
    texts = catalogue.objects(None, ODRS.attributionText)
    credited = {str(t) for t in texts if isinstance(t, rdflib.Literal) and t.language == "en"}
    assert credited == {
        "Bad Honnef, article in the German-language Wikipedia (http://creativecommons.org/licenses/by-sa/4.0/)",
        "Countries States Cities Database (http://opendatacommons.org/licenses/odbl/1.0/)",
        "GeoNames (http://creativecommons.org/licenses/by/4.0/)",
        f"Who\N{RIGHT SINGLE QUOTATION MARK}s On First ({WHOS_ON_FIRST})",
    }


@pytest.mark.parametrize("name", [name for name, (predicate, _) in SHAPES.items() if predicate])
def test_official_shapes_find_what_is_broken(
    catalogue: rdflib.Graph, tables: rdflib.Graph, shared: Path, name: str
) -> None:
    """Each file of shapes finds what is taken away or badly stated: it does look at this catalogue."""
    broken, predicate = catalogue + tables, SHAPES[name][0]
    broken.remove((rdflib.URIRef(DATASET), predicate, None))
    if predicate in {DCTERMS.publisher, DCTERMS.language}:
        broken.add((rdflib.URIRef(DATASET), predicate, rdflib.URIRef("https://example.org/nothing")))
    assert (DATASET, str(predicate)) in {result[1:3] for result in unexpected(broken, shared, name)}


def test_assessment_gives_all_points(catalogue: rdflib.Graph, answers: Callable[[str], bool]) -> None:
    """Both versions of the European assessment give the best score, the addresses asked of a server."""
    points = mqa.score_v1(catalogue, answers, conforms=True)
    assert {name for name, given in points.items() if not given} == set()
    assert sum(points.values()) == mqa.V1_MOST
    assert mqa.score_v2(catalogue, answers) == mqa.V2_MOST


def test_assessment_sees_what_does_not_answer(
    catalogue: rdflib.Graph, answers: Callable[[str], bool]
) -> None:
    """A download that is not there costs points: the server is asked indeed."""
    broken, missing = rdflib.Graph() + catalogue, rdflib.URIRef(f"{SPACE}dump/nothing.ttl")
    distribution = rdflib.URIRef(f"{DATASET}#ttl")
    broken.set((distribution, DCAT.downloadURL, missing))
    assert (distribution, DCAT.downloadURL, missing) not in catalogue
    assert mqa.score_v2(broken, answers) < mqa.V2_MOST
    assert not answers("https://elsewhere.example/")


def test_addresses_lie_in_the_site(catalogue: rdflib.Graph, address_in: Any) -> None:  # noqa: ANN401 - a function
    """What the catalogue names below the publication's space is there, and another name is not."""
    named = {str(o).partition("#")[0] for o in catalogue.objects() if str(o).startswith(SPACE)}
    assert {address for address in named if not address_in(address)} == set()
    assert not address_in(f"{SPACE}dump/nothing.ttl")


def test_swedish_catalogue_has_all_that_is_asked(harvested: rdflib.Graph) -> None:
    """No mandatory and no recommended property is missing or wrong, and no rule of the harvester broken."""
    assert dcat_se.check(harvested) == []


def test_swedish_catalogue_tells_the_same(catalogue: rdflib.Graph, harvested: rdflib.Graph) -> None:
    """Both renditions hold the same datasets and distributions, with the same addresses."""
    for kind in (DCAT.Catalog, DCAT.Dataset, DCAT.Distribution, DCAT.DataService):
        assert set(harvested.subjects(RDF.type, kind)) == set(catalogue.subjects(RDF.type, kind))
    for predicate in (DCAT.downloadURL, DCAT.byteSize):
        assert set(harvested.subject_objects(predicate)) == set(catalogue.subject_objects(predicate))


# rdflib's own JSON-LD parser uses what rdflib has deprecated.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("suffix", FORMATS)
def test_every_parser_reads_the_same_catalogue(site: Path, catalogue: rdflib.Graph, suffix: str) -> None:
    """Two parsers read the same graph from each of the four formats."""
    path = site / f"catalogue.{suffix}"
    read = rdflib.Graph().parse(data=path.read_bytes(), format=FORMATS[suffix])
    quads = pyoxigraph.parse(path=path)
    written = pyoxigraph.serialize((quad.triple for quad in quads), format=pyoxigraph.RdfFormat.N_TRIPLES)
    assert written
    assert isomorphic(read, catalogue)
    assert isomorphic(rdflib.Graph().parse(data=written, format="nt"), catalogue)


@pytest.mark.parametrize("path", ["catalogue.rdf", "catalogue.ttl", "catalogue.jsonld", "datasets/dcat"])
def test_ckan_harvests_the_dataset(site: Path, catalogue: rdflib.Graph, path: str) -> None:
    """CKAN's own parser makes one dataset of the catalogue, with each distribution and its address."""
    form = FORMATS.get(Path(path).suffix.removeprefix("."), "xml")
    (dataset,) = ckan_datasets(site / path, form)
    extras = {extra["key"]: extra["value"] for extra in dataset["extras"]}
    assert dataset["title"] in {
        str(title) for title in catalogue.objects(rdflib.URIRef(DATASET), DCTERMS["title"])
    }
    assert dataset["notes"]
    assert dataset["tags"]
    assert extras["uri"] == DATASET
    assert extras["publisher_name"]
    assert extras["temporal_end"]
    addresses = {str(address) for address in catalogue.objects(None, DCAT.downloadURL)}
    assert {resource["download_url"] for resource in dataset["resources"]} == addresses
    assert all(r["name"] and r["format"] and r["license"] and r["size"] for r in dataset["resources"])


def ckan_datasets(path: Path, form: str) -> list[dict[str, Any]]:
    """Return what CKAN reads, in a process of its own: its pinned libraries are not ours."""
    python = os.environ.get("TWINTOWNS_CKAN_PYTHON", sys.executable)
    known = subprocess.run([python, "-c", "import ckan, ckanext.dcat"], capture_output=True, check=False)  # noqa: S603 - the tester names it
    if known.returncode:
        pytest.skip(
            "CKAN is not here: pip install 'ckan[requirements]' ckanext-dcat into an environment of its own, "
            "and name its Python in TWINTOWNS_CKAN_PYTHON"
        )
    done = subprocess.run([python, "-c", CKAN, path, form], capture_output=True, check=True, text=True)  # noqa: S603
    datasets: list[dict[str, Any]] = json.loads(done.stdout)
    return datasets


def sample(turtle: str = SE) -> rdflib.Graph:
    """Return the graph of a sample written without its prefixes."""
    return rdflib.Graph().parse(data=SE_PREFIXES + turtle, format="turtle")


def told(graph: rdflib.Graph) -> set[str]:
    """Return level and property of what the Swedish checker finds."""
    return {f"{finding.level} {finding.property}" for finding in dcat_se.check(graph)}


def test_checker_finds_nothing_in_a_perfect_catalogue() -> None:
    """The sample has all that is mandatory and recommended."""
    assert dcat_se.check(sample()) == []


@pytest.mark.parametrize(("thing", "asked"), ASKED)
def test_checker_finds_each_missing_property(thing: str, asked: dcat_se.Property) -> None:
    """Each property of each table is found where it is taken from the sample."""
    graph, node = sample(), rdflib.URIRef(f"https://example.org/town/{thing}")
    graph.remove((node, asked.predicate, None))
    assert dcat_se.Finding(asked.level, str(node), asked.name, "is missing") in dcat_se.check(graph)


@pytest.mark.parametrize(("old", "new", "expected"), WRONG)
def test_checker_finds_each_wrong_value(old: str, new: str, expected: str) -> None:
    """Each rule is broken by a value that breaks it."""
    assert old in SE
    assert expected in told(sample(SE.replace(old, new)))


def test_checker_finds_relative_iris() -> None:
    """An IRI that is not absolute is found."""
    graph = sample()
    graph.add((rdflib.URIRef("relative"), RDF.type, DCAT.Resource))
    assert told(graph) == {"rule rdf:about"}
