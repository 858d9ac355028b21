"""The catalogue for portals: what it says of a publication, whatever that lacks.

That the official shapes find nothing in it is tested beside them, in test_catalogue_profiles.
"""

import uuid
from collections.abc import Callable

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from twintowns import authority
from twintowns.authority import EU
from twintowns.dataset import Dataset
from twintowns.dcat import SPECIFICATION, Catalogue
from twintowns.distributions import DISTRIBUTIONS
from twintowns.graph import Graph
from twintowns.iris import Names
from twintowns.vocabulary import (
    ADMS,
    DCAT,
    DCATAP,
    DCTERMS,
    ELI,
    FOAF,
    ODRS,
    OWL,
    PREFIXES,
    PROV,
    RDFS,
    SCHEMA,
    SKOS,
    VCARD,
    XSD,
    A,
)

SPACE = "https://example.org/town/"
DATASET = NamedNode(f"{SPACE}dataset/twintowns")
TURTLE = NamedNode(f"{SPACE}dataset/twintowns#ttl")
SERVICE = NamedNode(f"{SPACE}dataset/twintowns#sparql")
PUBLISHER = NamedNode(f"{SPACE}organization/town")
CONTACT = NamedNode(f"{SPACE}contact-point/town")
CATALOGUE = """
<catalogue> a dcat:Catalog ; dcterms:title "Vänorter"@sv , "Twin towns"@en ;
    dcterms:publisher <organization/town> ;
    dcterms:license <http://creativecommons.org/publicdomain/zero/1.0/> ;
    dcterms:issued "2024-05-01"^^xsd:date ; dcterms:modified "2026-01-02"^^xsd:date ;
    dcat:keyword "vänort"@sv ; dcat:theme <http://publications.europa.eu/resource/authority/data-theme/INTR> .
"""
TOWN = """
<organization/town> a schema:GovernmentOrganization ; schema:name "Staden"@sv ;
    schema:url <https://town.example/> ;
    schema:identifier <organization/town#number> ; schema:address <organization/town#address> ;
    schema:contactPoint <contact-point/town> .
<organization/town#number> schema:value "212000-0000" .
<organization/town#address> schema:addressCountry "SE" .
<contact-point/town> a schema:ContactPoint ; schema:name "Kontakt"@sv ; schema:telephone "+46 (0)1 23" ;
    schema:email "open data@town.example" .
"""
SOURCES = """
<catalogue> prov:wasDerivedFrom <source/names> , <source/free> , <source/unknown> , <source/words> .
<source/names> schema:name "Names"@en , "Namn"@sv , <source/x> ;
    schema:url <https://names.example/> , <javascript:1> ;
    schema:license <http://creativecommons.org/licenses/by/4.0/> .
<source/free> schema:name "Free"@en ; schema:license <http://creativecommons.org/publicdomain/zero/1.0/> ,
    <http://opendatacommons.org/licenses/pddl/1.0/> .
<source/words> schema:name "Words"@en ; schema:license "Ask us" .
<source/unknown> schema:name "Unknown"@en .
"""
ENDPOINT = "<catalogue> void:sparqlEndpoint <https://town.example/sparql> ."

Told = Callable[..., Catalogue]


@pytest.fixture
def told() -> Told:
    """Return what makes a catalogue of a publication from Turtle."""
    prefixes = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())

    def catalogue(*turtle: str, languages: tuple[str, ...] = ("sv", "en")) -> Catalogue:
        quads = parse(prefixes + "".join(turtle), format=RdfFormat.TURTLE, base_iri=SPACE)
        stated = frozenset(quad.triple for quad in quads)
        dataset = Dataset(Names(SPACE), stated, frozenset(), frozenset(), frozenset(), {})
        return Catalogue(dataset, languages, {one.path: 1000 + len(one.path) for one in DISTRIBUTIONS})

    return catalogue


def texts(graph: Graph, subject: NamedNode, predicate: NamedNode) -> list[str]:
    """Return the values of a property as texts."""
    return sorted(value.value for value in graph.values(subject, predicate))


def test_dataset_says_what_the_catalogue_says(told: Told) -> None:
    """The dataset has the title, publisher, keywords and dates that a curator wrote in the catalogue."""
    graph = told(CATALOGUE, TOWN).dcat_ap
    assert texts(graph, DATASET, DCTERMS["title"]) == ["Twin towns", "Vänorter"]
    assert graph.value(DATASET, DCTERMS.publisher) == PUBLISHER
    assert texts(graph, DATASET, DCAT.keyword) == ["vänort"]
    assert texts(graph, DATASET, DCTERMS.modified) == texts(graph, DATASET, DCAT.version) == ["2026-01-02"]
    assert len(graph.values(DATASET, DCAT.distribution)) == len(DISTRIBUTIONS)


def test_distribution_tells_size_form_and_licence(told: Told) -> None:
    """A distribution tells where to download how many bytes, in which form, and under which licence."""
    graph = told(CATALOGUE, TOWN).dcat_ap
    address = NamedNode(f"{SPACE}dump/twintowns.ttl")
    assert graph.value(TURTLE, DCAT.downloadURL) == graph.value(TURTLE, DCAT.accessURL) == address
    size = len("dump/twintowns.ttl") + 1000
    assert graph.value(TURTLE, DCAT.byteSize) == Literal(str(size), datatype=XSD.nonNegativeInteger)
    assert graph.value(TURTLE, DCTERMS["format"]) == EU["file-type/RDF_TURTLE"]
    assert graph.value(TURTLE, DCTERMS.license) == EU["licence/CC0"]
    assert texts(graph, TURTLE, DCTERMS.description) == [
        "Hela datamängden som Turtle.",
        "The whole dataset as Turtle.",
    ]
    assert graph.value(EU["licence/CC0"], A) == DCTERMS.LicenseDocument


def test_distribution_is_called_briefly(told: Told) -> None:
    """A distribution's title says in a few words which it is, and no two have the same."""
    graph = told(CATALOGUE).dcat_ap
    titles = [texts(graph, NamedNode(f"{DATASET.value}#{d.key}"), DCTERMS["title"]) for d in DISTRIBUTIONS]
    assert titles[0] == ["Turtle: hela datamängden", "Turtle: whole dataset"]
    assert ["CSV: orter", "CSV: places"] in titles
    assert len({tuple(both) for both in titles}) == len(DISTRIBUTIONS)
    assert all(len(title) < 40 and not title.endswith(".") for both in titles for title in both)


def test_distribution_names_what_explains_it(told: Told) -> None:
    """A distribution conforms to the specification of its form, and a table leads to its description."""
    graph = told(CATALOGUE).dcat_ap
    for one in DISTRIBUTIONS:
        about = NamedNode(f"{DATASET.value}#{one.key}")
        [standard] = graph.values(about, DCTERMS.conformsTo)
        assert isinstance(standard, NamedNode)
        assert graph.value(standard, A) == DCTERMS.Standard
        explained = f"{SPACE}dump/csv-metadata.json" in texts(graph, about, FOAF.page)
        assert explained == one.path.endswith(".csv")
    geojson = NamedNode(f"{DATASET.value}#geojson")
    assert texts(graph, geojson, DCTERMS.conformsTo) == ["https://www.rfc-editor.org/rfc/rfc7946"]


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ("", "", ["http://dataportal.se/organisation/SE2120000000"]),
        ('"SE"', '"FI"', []),
        ("212000-0000", "0123456-7", []),
        ("GovernmentOrganization", "Corporation", []),
    ],
)
def test_public_body_of_sweden(told: Told, was: str, now: str, expected: list[str]) -> None:
    """A public body of Sweden is named as the Swedish portal names it, no other, and in no other profile."""
    listed = told(CATALOGUE, TOWN.replace(was, now))
    assert texts(listed.dcat_ap_se, PUBLISHER, OWL.sameAs) == expected
    assert listed.dcat_ap.value(PUBLISHER, OWL.sameAs) is None


def test_concepts_are_called_in_every_language(told: Told) -> None:
    """A theme, its table and a country are called in the publication's languages, where they have words."""
    spatial = f"<catalogue> dcterms:spatial <{EU}country/DEU> , <{EU}place/DEU_BHO> ."
    graph = told(CATALOGUE, spatial, languages=("sv", "fr")).dcat_ap
    assert set(graph.values(EU["data-theme/INTR"], SKOS.prefLabel)) == {
        Literal("Internationella frågor", language="sv"),
        Literal("International issues", language="en"),
    }
    assert texts(graph, EU["data-theme"], DCTERMS["title"]) == ["Data theme", "Datakategori"]
    assert texts(graph, EU["country/DEU"], SKOS.prefLabel) == ["Germany", "Tyskland"]
    assert graph.values(EU["place/DEU_BHO"], SKOS.prefLabel) == [Literal("DEU_BHO", language="en")]


def test_publisher_is_an_agent_with_a_contact(told: Told) -> None:
    """The publisher is an agent with its name and number; its contact point can be called and written to."""
    graph = told(CATALOGUE, TOWN).dcat_ap
    assert texts(graph, PUBLISHER, FOAF.name) == ["Staden"]
    assert texts(graph, PUBLISHER, DCTERMS.identifier) == ["212000-0000"]
    assert texts(graph, PUBLISHER, FOAF.homepage) == ["https://town.example/"]
    assert graph.value(DATASET, DCAT.contactPoint) == CONTACT
    assert texts(graph, CONTACT, VCARD.hasEmail) == ["mailto:open%20data@town.example"]
    voice = graph.value(CONTACT, VCARD.hasTelephone)
    assert isinstance(voice, NamedNode)
    assert texts(graph, voice, VCARD.hasValue) == ["tel:+460123"]


def test_sources_with_a_licence_of_their_own_are_named(told: Told) -> None:
    """Of what the data were derived from, the rights name what may ask for it, with its licence."""
    graph = told(CATALOGUE, TOWN, SOURCES).dcat_ap
    rights = NamedNode(f"{DATASET.value}#rights")
    assert graph.value(TURTLE, DCTERMS.rights) == rights
    names = [
        "Names (http://creativecommons.org/licenses/by/4.0/)",
        "Namn (http://creativecommons.org/licenses/by/4.0/)",
    ]
    assert texts(graph, rights, ODRS.attributionText) == names
    assert texts(graph, rights, ODRS.attributionURL) == ["https://names.example/"]


def test_second_identifier_is_a_uuid(told: Told) -> None:
    """Beside its IRI the dataset has a UUID, made of that IRI alone, so that it is the same in each build."""
    graph = told(CATALOGUE).dcat_ap
    assert texts(graph, DATASET, DCTERMS.identifier) == [DATASET.value]
    other = graph.value(DATASET, ADMS.identifier)
    assert isinstance(other, NamedNode)
    expected = uuid.uuid5(uuid.NAMESPACE_URL, DATASET.value).urn
    assert graph.values(other, SKOS.notation) == [Literal(expected, datatype=XSD.anyURI)]


def test_identifier_of_the_swedish_rendition(told: Told) -> None:
    """The Swedish portal tells datasets apart by a UUID, which is the identifier there."""
    graph = told(CATALOGUE, TOWN).dcat_ap_se
    assert texts(graph, DATASET, DCTERMS.identifier) == [uuid.uuid5(uuid.NAMESPACE_URL, DATASET.value).urn]
    assert texts(graph, PUBLISHER, DCTERMS.identifier) == ["212000-0000"]


def test_places_that_the_publisher_serves(told: Told) -> None:
    """In the Swedish rendition the place that a publisher serves is named by GeoNames."""
    place = (
        "<place/Q1> schema:sameAs <https://sws.geonames.org/2693757/> , <http://www.wikidata.org/entity/Q1> ."
    )
    served = "<organization/town> schema:areaServed <place/Q1> , <place/Q2> , 'all' ."
    listed = told(CATALOGUE, TOWN, place, served)
    area = NamedNode("http://sws.geonames.org/2693757/")
    assert listed.dcat_ap_se.values(DATASET, DCTERMS.spatial) == [area]
    assert listed.dcat_ap_se.value(area, A) == DCTERMS.Location
    assert listed.dcat_ap.values(DATASET, DCTERMS.spatial) == []


def test_rights_of_the_sources(told: Told) -> None:
    """The rights say whose licences hold for the sources, where any with a licence are named."""
    rights = NamedNode(f"{DATASET.value}#rights")
    for more, is_told in (("", False), (SOURCES, True)):
        labels = texts(told(CATALOGUE, TOWN, more).dcat_ap, rights, RDFS.label)
        assert labels
        assert [text.count(". ") == 1 for text in labels] == [is_told] * len(labels)


def test_partial_distributions_say_so(told: Told) -> None:
    """The description of a table, map or network begins by saying that it is a part; a dump is the whole."""
    graph = told(CATALOGUE, TOWN).dcat_ap
    for one in DISTRIBUTIONS:
        node = NamedNode(f"{DATASET.value}#{one.key}")
        described = {t.language: t.value for t in graph.values(node, DCTERMS.description)}  # type: ignore[union-attr]
        is_part = one.content != "whole dataset"
        assert described["sv"].startswith("En del av datamängden") is is_part


def test_dataset_names_its_sources(told: Told) -> None:
    """The dataset was derived from what the catalogue was; the Swedish profile calls that its sources."""
    listed = told(CATALOGUE, TOWN, SOURCES)
    sources = [f"{SPACE}source/{name}" for name in ("free", "names", "unknown", "words")]
    assert texts(listed.dcat_ap, DATASET, PROV.wasDerivedFrom) == sources
    assert texts(listed.dcat_ap_se, DATASET, DCTERMS.source) == sources
    assert listed.dcat_ap_se.values(DATASET, PROV.wasDerivedFrom) == []


def test_standards_stated_by_hand(told: Told) -> None:
    """The dataset conforms to the specification and to what a curator states, and the catalogue to none."""
    standard = "https://standards.example/one"
    graph = told(CATALOGUE, TOWN, f"<catalogue> dcterms:conformsTo <{standard}> .").dcat_ap
    assert texts(graph, DATASET, DCTERMS.conformsTo) == [standard, SPECIFICATION.value]
    assert graph.value(NamedNode(standard), A) == DCTERMS.Standard
    assert graph.value(NamedNode(f"{SPACE}catalogue"), DCTERMS.conformsTo) is None


@pytest.mark.parametrize(
    ("area", "box"),
    [
        (
            f"{EU}country/EST",
            ["POLYGON((21.5 57.5,28.5 57.5,28.5 60,21.5 60,21.5 57.5))"],
        ),
        (f"{EU}country/GIB", []),
        ("http://sws.geonames.org/2693759/", []),
    ],
)
def test_area(told: Told, area: str, box: list[str]) -> None:
    """Of a country it is told where it lies, of other areas only which they are, in both renditions."""
    listed = told(CATALOGUE, TOWN, f"<catalogue> dcterms:spatial <{area}> .")
    for graph in (listed.dcat_ap, listed.dcat_ap_se):
        assert texts(graph, DATASET, DCTERMS.spatial) == [area]
        assert texts(graph, NamedNode(area), DCAT.bbox) == box
        assert len(texts(graph, NamedNode(area), DCAT.centroid)) == len(box)


def test_publisher_is_described(told: Told) -> None:
    """A portal reads what the publisher is."""
    described = TOWN + '<organization/town> schema:description "En stad"@sv .'
    assert texts(told(CATALOGUE, described).dcat_ap, PUBLISHER, DCTERMS.description) == ["En stad"]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", {"country-name": ["Sverige"]}),
        (
            (
                '<organization/town#address> schema:streetAddress "Gatan 1" ; schema:postalCode "123 45" ; '
                'schema:addressLocality "Staden" .'
            ),
            {
                "street-address": ["Gatan 1"],
                "postal-code": ["123 45"],
                "locality": ["Staden"],
                "country-name": ["Sverige"],
            },
        ),
        (
            (
                "<contact-point/town> schema:address <contact-point/town#address> . "
                '<contact-point/town#address> schema:addressCountry "Suomi" .'
            ),
            {"country-name": ["Suomi"]},
        ),
        (
            (
                "<organization/town> schema:address <organization/town#visits> . "
                '<organization/town#visits> schema:streetAddress "Gatan 2" .'
            ),
            {"street-address": ["Gatan 2"]},
        ),
    ],
)
def test_contact_has_an_address(told: Told, more: str, expected: dict[str, list[str]]) -> None:
    """Post reaches a contact point at its own address, else at the publisher's, as far as that is known."""
    graph = told(CATALOGUE, TOWN, more).dcat_ap
    address = graph.value(CONTACT, VCARD.hasAddress)
    assert isinstance(address, NamedNode)
    assert graph.value(address, A) == VCARD.Address
    parts = ("street-address", "postal-code", "locality", "country-name")
    assert {part: text for part in parts if (text := texts(graph, address, VCARD[part]))} == expected


def test_contact_without_an_address(told: Told) -> None:
    """Where no address is known none is told."""
    graph = told(CATALOGUE, TOWN.replace("schema:address <organization/town#address> ;", "")).dcat_ap
    assert graph.value(CONTACT, VCARD.hasAddress) is None


def test_website_that_is_no_website_is_left_out(told: Told) -> None:
    """An address that is no web address is not given to portals."""
    graph = told(CATALOGUE, TOWN.replace("https://town.example/", "javascript:alert(1)")).dcat_ap
    assert graph.value(PUBLISHER, FOAF.homepage) is None


@pytest.mark.parametrize(("ours", "theirs"), authority.LICENCES.items())
def test_licence_has_one_identity(told: Told, ours: NamedNode, theirs: NamedNode) -> None:
    """The licence that portals look for is said to be the one that data and VoID name, as its table says."""
    stated = CATALOGUE.replace(authority.PUBLIC_DOMAIN, ours.value)
    graph, swedish = told(stated).dcat_ap, told(stated).dcat_ap_se
    assert graph.values(theirs, SKOS.exactMatch) == [ours]
    assert swedish.values(theirs, SKOS.exactMatch) == []


def test_no_two_things_have_one_homepage(told: Told) -> None:
    """A website that is the catalogue's home page is not the publisher's too: FOAF takes the two for one."""
    graph = told(CATALOGUE, TOWN, "<catalogue> foaf:homepage <https://town.example/> .").dcat_ap
    assert graph.values(NamedNode(f"{SPACE}catalogue"), FOAF.homepage) == [NamedNode("https://town.example/")]
    assert graph.value(PUBLISHER, FOAF.homepage) is None


@pytest.mark.parametrize("stated", [[], ["http://data.europa.eu/eli/dir/2019/1024/oj"]])
def test_legislation(told: Told, stated: list[str]) -> None:
    """The dataset names what legislation the steward states, and nothing else names any."""
    laws = "".join(f"<catalogue> dcatap:applicableLegislation <{law}> ." for law in stated)
    graph = told(CATALOGUE, TOWN, ENDPOINT, laws).dcat_ap
    assert texts(graph, DATASET, DCATAP.applicableLegislation) == stated
    named = [triple.subject for triple in graph if triple.predicate == DCATAP.applicableLegislation]
    assert named == [DATASET] * len(stated)
    assert all(graph.value(NamedNode(law), A) == ELI.LegalResource for law in stated)


@pytest.mark.parametrize(
    ("data", "start"),
    [
        ("", ["2024-05-01"]),
        ('<t/1> a tt:Twinning ; schema:startDate "1999"^^xsd:gYear .', ["1999"]),
        (
            '<t/1> a tt:Twinning ; schema:startDate "1999"^^xsd:gYear , "1951-03"^^xsd:gYearMonth .',
            ["1951-03"],
        ),
        (
            '<t/1> a tt:Twinning ; schema:startDate "1999" . <t/2> a tt:Twinning ; tt:unknown tt:field .',
            ["1999"],
        ),
        ('<t/1> a tt:Twinning ; schema:startDate "long ago" .', []),
    ],
)
def test_period_begins_with_the_first_twinning(told: Told, data: str, start: list[str]) -> None:
    """The period begins with the first start that is dated, and is open where none is."""
    graph = told(CATALOGUE, TOWN, data).dcat_ap
    period = NamedNode(f"{DATASET.value}#temporal")
    assert graph.value(DATASET, DCTERMS.temporal) == period
    assert texts(graph, period, DCAT.startDate) == start
    assert texts(graph, period, DCAT.endDate) == ["2026-01-02"]


def test_service_only_where_an_endpoint_is_stated(told: Told) -> None:
    """The query service is in the catalogue where the publication states its endpoint, and else is not."""
    without, within = told(CATALOGUE, TOWN).dcat_ap, told(CATALOGUE, TOWN, ENDPOINT).dcat_ap
    assert SERVICE not in without
    assert texts(within, SERVICE, DCAT.endpointURL) == ["https://town.example/sparql"]
    assert within.value(NamedNode(f"{SPACE}catalogue"), DCAT.service) == SERVICE
    assert within.value(SERVICE, DCAT.servesDataset) == DATASET


def test_catalogue_that_lacks_everything(told: Told) -> None:
    """A catalogue without publisher, licence, dates and known languages gives what is left."""
    graph = told("<catalogue> a dcat:Catalog .", languages=("tlh",)).dcat_ap
    for predicate in (DCTERMS.publisher, DCTERMS.temporal, DCTERMS.language, DCAT.version, DCAT.contactPoint):
        assert graph.value(DATASET, predicate) is None
    assert graph.value(TURTLE, DCTERMS.license) is None
    assert graph.value(TURTLE, DCAT.byteSize) is not None


def test_nobody_is_registered_where_nobody_publishes(told: Told) -> None:
    """The Swedish rendition of a catalogue without a publisher names none."""
    assert not [t for t in told("<catalogue> a dcat:Catalog .").dcat_ap_se if t.predicate == OWL.sameAs]


def test_licence_that_is_no_address(told: Told) -> None:
    """A licence that cannot be followed is no link to the terms of use."""
    script = CATALOGUE.replace("http://creativecommons.org/publicdomain/zero/1.0/", "javascript:alert(1)")
    graph = told(script, TOWN).dcat_ap
    assert graph.values(NamedNode(f"{DATASET.value}#rights"), ODRS.reuserGuidelines) == []


def test_publisher_of_another_kind(told: Told) -> None:
    """A publisher without address, contact or a class that portals know is an organisation none the less."""
    graph = told(CATALOGUE, '<organization/town> a schema:Organization ; schema:name "Verein"@de .').dcat_ap
    kind = graph.value(PUBLISHER, DCTERMS.type)
    assert kind == NamedNode("http://purl.org/adms/publishertype/NonGovernmentalOrganisation")
    assert graph.value(DATASET, DCAT.contactPoint) is None


def test_licence_that_portals_do_not_know(told: Told) -> None:
    """A licence of one's own is named as it is, in both profiles."""
    own = "https://town.example/licence"
    catalogue = told(CATALOGUE.replace("http://creativecommons.org/publicdomain/zero/1.0/", own), TOWN)
    assert texts(catalogue.dcat_ap, TURTLE, DCTERMS.license) == [own]
    assert texts(catalogue.dcat_ap_se, TURTLE, DCTERMS.license) == [own]


def test_swedish_rendition(told: Told) -> None:
    """The Swedish profile has the media type as a text, its own licence IRIs, and one type of contact."""
    graph = told(CATALOGUE, TOWN, ENDPOINT).dcat_ap_se
    assert graph.values(TURTLE, DCTERMS["format"]) == [Literal("text/turtle")]
    assert graph.values(SERVICE, DCTERMS["format"]) == [Literal("application/sparql-results+json")]
    assert texts(graph, TURTLE, DCTERMS.license) == ["http://creativecommons.org/publicdomain/zero/1.0/"]
    assert graph.value(TURTLE, DCAT.mediaType) is None
    assert graph.values(CONTACT, A) == [VCARD.Organization]
    rights = NamedNode(f"{DATASET.value}#rights")
    assert graph.values(rights, A) == [ODRS.RightsStatement]
    assert graph.values(rights, ODRS.reuserGuidelines) == []
    assert graph.value(rights, RDFS.label) is None
    assert EU["licence/CC0"] not in graph
    assert graph.value(NamedNode(f"{DATASET.value}#identifier"), A) == ADMS.Identifier
    assert SCHEMA.GovernmentOrganization not in graph.values(PUBLISHER, A)
