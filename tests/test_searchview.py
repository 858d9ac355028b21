"""What search engines read: pure schema.org, true to the vocabulary, whatever the data says."""

import importlib
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from extruct.jsonld import JsonLdExtractor  # type: ignore[import-untyped]
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from twintowns import jsontext
from twintowns.authority import EU
from twintowns.catalogue import VOCABULARY
from twintowns.dataset import Dataset
from twintowns.graph import Node, Term
from twintowns.printing import Sources, read_sources
from twintowns.project import Project
from twintowns.schemaorg import Entity, documents
from twintowns.searchthings import type_of
from twintowns.searchview import Download, Offer, landing_entities, page_entities
from twintowns.vocabulary import DCAT, DCTERMS, KIND, OWL, PROV, SCHEMA, SKOS, TT, W3ID, XSD, A

if TYPE_CHECKING:
    from schemaorg import SchemaOrg, read_schema_org
else:  # pytest knows the folder by its name, and mypy does not
    schemaorg = importlib.import_module("tests.schemaorg")
    SchemaOrg, read_schema_org = schemaorg.SchemaOrg, schemaorg.read_schema_org

SPACE = "https://w3id.org/twintowns/ludvika/"
OWN = f"{SPACE}dataset/twintowns"
FILES = [
    Download(f"{OWN}#ttl", "Turtle", f"{SPACE}dump/twintowns.ttl", "text/turtle", 1234),
    Download(f"{OWN}#places-csv", "CSV", f"{SPACE}dump/places.csv", "text/csv", 56),
]
OFFER = Offer(FILES, "Ludvika kommun (2026). Ludvikas vänorter.\n")
Json = dict[str, Any]


@pytest.fixture(scope="module")
def sources(repository: Path) -> Sources:
    """Return what a build of the first publication reads."""
    return read_sources(Project(repository))


@pytest.fixture(scope="module")
def dataset(sources: Sources) -> Dataset:
    """Return the dataset of the first publication."""
    return sources.dataset()


@pytest.fixture(scope="module")
def schema_org(shared: Path) -> SchemaOrg:
    """Return the vocabulary of schema.org, release 30.0."""
    return read_schema_org(shared)


def _extracted(told: Iterable[Entity]) -> list[Json]:
    """Put entities into a page and read them out of it, as a search engine does."""
    blocks = (jsontext.in_script(one) for one in documents(told))
    scripts = (f'<script type="application/ld+json">{block}</script>' for block in blocks)
    page = f"<!doctype html><html><head><title>x</title>{''.join(scripts)}</head><body><p>x</p></body></html>"
    entities: list[Json] = JsonLdExtractor().extract(page)
    assert all(entity.pop("@context") == {"@vocab": "https://schema.org/"} for entity in entities)
    return entities


def _about(dataset: Dataset, iri: str, language: str = "sv") -> Json:
    [entity] = _extracted(page_entities(dataset, NamedNode(iri), language, [], OFFER))
    return entity


def _landing(dataset: Dataset, language: str = "sv") -> dict[str, Json]:
    """Return the entities of the landing page by type; of the files, the last."""
    told = landing_entities(dataset, language, OFFER)
    return {entity["@type"]: entity for entity in _extracted(told)}


def _with(dataset: Dataset, *triples: tuple[Node, NamedNode, Term]) -> Dataset:
    return replace(dataset, asserted=dataset.asserted | {Triple(*triple) for triple in triples})


def _without(dataset: Dataset, *predicates: NamedNode) -> Dataset:
    """Return the dataset without what the catalogue states by some predicates."""
    catalogue = dataset.names.catalogue
    kept = (t for t in dataset.asserted if t.subject != catalogue or t.predicate not in predicates)
    return replace(dataset, asserted=frozenset(kept))


@pytest.mark.parametrize("language", ["sv", "de", "en", "et", "fi"])
def test_every_page_keeps_to_schema_org(dataset: Dataset, schema_org: SchemaOrg, language: str) -> None:
    """On every page, types and properties exist, and each property fits its class and its values."""
    trail = [("Start", SPACE), ("Places", f"{SPACE}index")]
    faults: dict[str, list[str]] = {}
    for document in dataset.documents:
        for entity in _extracted(page_entities(dataset, document, language, trail)):
            faults.setdefault(document.value, []).extend(schema_org.faults(entity))
    assert len(faults) == len(dataset.documents) > 100
    assert {document: told for document, told in faults.items() if told} == {}


def test_landing_page_keeps_to_schema_org(dataset: Dataset, schema_org: SchemaOrg) -> None:
    """On the landing page, types and properties exist, and each property fits its class and its values."""
    entities = _extracted(landing_entities(dataset, "en", OFFER))
    assert [fault for entity in entities for fault in schema_org.faults(entity)] == []
    kinds = ["Dataset", "DataCatalog", "DataDownload", "DataDownload", "WebSite"]
    assert [entity["@type"] for entity in entities] == kinds


def test_faults_are_seen(schema_org: SchemaOrg) -> None:
    """The test of the vocabulary finds a wrong type, a wrong property and a wrong value."""
    wrong: Json = {
        "@type": "City",
        "jobTitle": "mayor",
        "latitude": "north",
        "containedInPlace": {"@type": "Person"},
        "sameAs": "javascript:alert(1)",
        "maximumAttendeeCapacity": 1,
    }
    assert list(schema_org.faults(wrong)) == [
        "City has no jobTitle",
        "containedInPlace is no Person",
        "sameAs cannot be 'javascript:alert(1)'",
    ]
    assert list(schema_org.faults({"@type": "Twinning", "@id": "x"})) == ["no type Twinning"]


def test_place(dataset: Dataset) -> None:
    """A place has its name in the page's language, its number, its position, its surroundings, its others."""
    place = _about(dataset, f"{SPACE}place/Q503184", "fi")
    assert (place["@type"], place["name"]) == ("AdministrativeArea", "Ludvikan kunta")
    assert "http://www.wikidata.org/entity/Q503184" in place["sameAs"]
    assert (place["geo"]["latitude"], place["geo"]["longitude"]) == (60.133333, 15.183333)
    assert (place["identifier"]["propertyID"], place["identifier"]["value"]) == ("SCB kommunkod", "2085")
    assert place["containedInPlace"]["name"] == "Taalainmaan lääni"
    page = {"@type": "WebPage", "@id": f"{SPACE}fi/place/Q503184.html", "inLanguage": "fi"}
    assert place["mainEntityOfPage"] == page


def test_twinning(dataset: Dataset) -> None:
    """A twinning is a role, and its page is about the partners and mentions who else takes part."""
    role = _about(dataset, f"{SPACE}twinning/Q12434-Q503184")
    assert (role["@type"], role["additionalType"]) == ("Role", "https://w3id.org/twintowns/ns#Twinning")
    assert (role["name"], role["startDate"]) == ("Bad Honnef \N{EN DASH} Ludvika kommun", "2000")
    page = role["mainEntityOfPage"]
    assert page["@id"] == f"{SPACE}twinning/Q12434-Q503184.html"
    assert [partner["@type"] for partner in page["about"]] == ["City", "AdministrativeArea"]
    assert {"ABB", "Hitachi Energy"} <= {other["name"] for other in page["mentions"]}


def test_organization(dataset: Dataset) -> None:
    """An organization has its address and its contact point, with its hours, told in place."""
    told = _about(dataset, f"{SPACE}organization/ludvika-kommun", "en")
    assert (told["@type"], told["url"]) == ("GovernmentOrganization", "http://www.ludvika.se")
    assert {one["postalCode"] for one in told["address"]} == {"771 82", "771 31"}
    assert told["contactPoint"]["telephone"] == "+46 240 860 00"
    assert [hours["opens"] for hours in told["contactPoint"]["hoursAvailable"]] == ["13:00:00", "07:30:00"]


def test_article(dataset: Dataset) -> None:
    """An article has its headline and text in one language, says which, and what it is about."""
    told = _about(dataset, f"{SPACE}article/purpose", "de")
    assert (told["@type"], told["inLanguage"], told["name"]) == ("Article", "de", told["headline"])
    assert "Imatra" in told["articleBody"]
    assert {"Role", "AdministrativeArea"} == {thing["@type"] for thing in told["about"]}
    assert told["publisher"]["name"] == "Gemeinde Ludvika"


def test_source(dataset: Dataset) -> None:
    """A dataset that was read is told of with its own address, publisher and licence."""
    told = _about(dataset, f"{SPACE}source/geonames")
    assert told["url"] == "https://www.geonames.org/"
    assert told["license"] == "http://creativecommons.org/licenses/by/4.0/"
    assert told["publisher"]["name"] == "GeoNames"


def test_no_source_is_offered_as_a_dataset(dataset: Dataset) -> None:
    """Only the publication's own dataset is one to search engines; others' that were read are works."""
    sources = dataset.graph.instances(SCHEMA.Dataset)
    assert len(sources) > 3
    assert {type_of(dataset, one) for one in sources if isinstance(one, NamedNode)} == {"CreativeWork"}
    assert _about(dataset, f"{SPACE}source/wikidata")["@type"] == "CreativeWork"
    assert _about(dataset, f"{SPACE}source/general-anzeiger-bonn-2022")["@type"] == "NewsArticle"


def test_vocabulary(dataset: Dataset) -> None:
    """A concept is a term of its scheme, a scheme a set of its terms, anything else documentation."""
    concept = _about(dataset, KIND.contact.value)
    assert (concept["@type"], concept["termCode"], concept["name"]) == ("DefinedTerm", "contact", "kontakt")
    assert concept["inDefinedTermSet"]["@id"] == f"{W3ID}kind"
    scheme = _about(dataset, f"{W3ID}kind")
    assert (scheme["@type"], len(scheme["hasDefinedTerm"])) == ("DefinedTermSet", 5)
    ontology = _about(dataset, f"{W3ID}ns", "et")
    assert (ontology["@type"], ontology["name"]) == ("TechArticle", "Sõpruslinnade sõnavara")
    stated = dataset.graph.value(NamedNode(f"{W3ID}ns"), OWL.versionInfo)
    assert isinstance(stated, Literal)
    assert (ontology["version"], ontology["inLanguage"]) == (stated.value, "et")
    assert _about(dataset, f"{W3ID}shape/Twinning", "fi")["inLanguage"] == "en"


def test_vocabulary_at_its_own_address(repository: Path) -> None:
    """Where there is no catalogue, the pages of the vocabulary are English first."""
    dataset = read_sources(Project(repository, has_data=False)).dataset()
    told = _about(dataset, KIND.contact.value, VOCABULARY.main_language)
    assert told["mainEntityOfPage"]["@id"] == f"{W3ID}kind/contact.html"
    assert (
        _about(dataset, KIND.contact.value, "sv")["mainEntityOfPage"]["@id"] == f"{W3ID}sv/kind/contact.html"
    )


def test_trail(dataset: Dataset) -> None:
    """The trail becomes numbered breadcrumbs; an address that is none is left out."""
    place = NamedNode(f"{SPACE}place/Q503184")
    trail = [("Start", SPACE), ("Bad", "javascript:alert(1)"), ("Ludvika", place.value)]
    _, breadcrumbs = _extracted(page_entities(dataset, place, "sv", trail))
    assert breadcrumbs["itemListElement"] == [
        {"@type": "ListItem", "position": 1, "name": "Start", "item": {"@id": SPACE}},
        {"@type": "ListItem", "position": 2, "name": "Bad"},
        {"@type": "ListItem", "position": 3, "name": "Ludvika", "item": {"@id": place.value}},
    ]


def test_dataset_as_search_engines_ask(dataset: Dataset) -> None:
    """The dataset has all that a search engine for datasets requires and recommends of what is known."""
    told = _landing(dataset)["Dataset"]
    assert told["@id"] == told["identifier"] == f"{SPACE}dataset/twintowns"
    assert (told["name"], told["url"], told["isAccessibleForFree"]) == ("Ludvikas vänorter", SPACE, True)
    assert 50 <= len(told["description"]) <= 5000
    assert told["creator"]["name"] == told["publisher"]["name"] == "Ludvika kommun"
    assert told["license"] == "http://creativecommons.org/publicdomain/zero/1.0/"
    assert told["version"] == told["dateModified"] >= told["datePublished"]
    assert {"Sverige", "Finland"} <= {country["name"] for country in told["spatialCoverage"]}
    assert told["inLanguage"] == ["sv", "de", "en", "et", "fi"]
    assert told["includedInDataCatalog"]["name"]
    assert told["citation"] == "Ludvika kommun (2026). Ludvikas vänorter."
    read = {source["@id"]: source["@type"] for source in told["isBasedOn"]}
    assert read[f"{SPACE}source/wikidata"] == "CreativeWork"
    assert len(read) == len(dataset.graph.values(dataset.names.catalogue, PROV.wasDerivedFrom))
    assert TT.partner.value in {measured["propertyID"] for measured in told["variableMeasured"]}


def test_files(dataset: Dataset) -> None:
    """Each file has its address, media type and size, in the dataset and as an entity of its own."""
    entities = _landing(dataset)
    assert [file["contentUrl"] for file in entities["Dataset"]["distribution"]] == [one.url for one in FILES]
    file = entities["DataDownload"]
    assert file == entities["Dataset"]["distribution"][1]
    assert (file["name"], file["encodingFormat"], file["contentSize"]) == ("CSV", "text/csv", "56 B")
    assert file["@id"] == f"{OWN}#places-csv"


def test_site_and_catalogue(dataset: Dataset) -> None:
    """The site and the catalogue are told in the page's language; to the front page leads no way."""
    entities = _landing(dataset, "fi")
    assert entities["WebSite"]["name"] == entities["DataCatalog"]["name"] == "Ludvikan ystävyyskaupungit"
    assert entities["DataCatalog"]["url"] == f"{SPACE}catalogue.html"
    assert entities["WebSite"]["inLanguage"] == ["sv", "de", "en", "et", "fi"]
    assert "BreadcrumbList" not in entities


def test_pages_of_dataset_and_catalogue(dataset: Dataset) -> None:
    """The pages of the dataset and of the catalogue tell of these just as the landing page does."""
    landing = _landing(dataset)
    for kind, iri in (("Dataset", dataset.names.dataset), ("DataCatalog", dataset.names.catalogue)):
        told = _about(dataset, iri.value)
        assert told["@type"] == kind == type_of(dataset, iri)
        assert told == landing[kind]


def test_keywords(dataset: Dataset) -> None:
    """Keywords are those of the page's language."""
    catalogue = dataset.names.catalogue
    words = [Literal("twin", language="en"), Literal("vänner", language="sv")]
    keyed = _with(_without(dataset, DCAT.keyword), *((catalogue, DCAT.keyword, word) for word in words))
    assert _landing(keyed, "sv")["Dataset"]["keywords"] == "vänner"
    assert _landing(keyed, "en")["Dataset"]["keywords"] == "twin"


def test_short_description_is_filled_up(dataset: Dataset) -> None:
    """A description too short for search engines is preceded by the title and followed by counts."""
    catalogue, short = dataset.names.catalogue, Literal("Vänorter.", language="sv")
    brief = _with(_without(dataset, DCTERMS.description), (catalogue, DCTERMS.description, short))
    for told in (brief, _without(dataset, DCTERMS.description)):
        description = _landing(told)["Dataset"]["description"]
        assert description.startswith("Ludvikas vänorter: ")
        assert description.endswith(f" {SPACE}")
        assert 50 <= len(description) <= 5000


def test_long_description_is_cut(dataset: Dataset) -> None:
    """A description too long for search engines ends in an ellipsis where they would refuse it."""
    catalogue, long = dataset.names.catalogue, Literal("å" * 6000, language="sv")
    verbose = _with(_without(dataset, DCTERMS.description), (catalogue, DCTERMS.description, long))
    description = _landing(verbose)["Dataset"]["description"]
    assert (len(description), description[-2:]) == (5000, "å…")


def test_period(dataset: Dataset) -> None:
    """An end is open: the start where no twinning has one, the other where no change is dated."""
    assert re.fullmatch(r"2000/\d{4}-\d\d-\d\d", _landing(dataset)["Dataset"]["temporalCoverage"])
    told = frozenset(triple for triple in dataset.asserted if triple.predicate != SCHEMA.startDate)
    unknown = replace(dataset, asserted=told)
    assert re.fullmatch(r"\.\./\d{4}-\d\d-\d\d", _landing(unknown)["Dataset"]["temporalCoverage"])
    twinnings = dataset.graph.instances(TT.Twinning)
    start = Literal("1988", datatype=XSD.gYear)
    known = _with(dataset, *((one, SCHEMA.startDate, start) for one in twinnings))
    open_ended = _landing(_without(known, DCTERMS.modified))["Dataset"]
    assert open_ended["temporalCoverage"] == "1988/.."
    undated = _landing(_without(unknown, DCTERMS.modified, DCTERMS.issued))["Dataset"]
    assert "temporalCoverage" not in undated
    assert "version" not in undated


def test_period_without_twinnings(dataset: Dataset) -> None:
    """What tells of no twinning at all begins with its issue."""
    bare = replace(dataset, asserted=frozenset(t for t in dataset.asserted if t.object != TT.Twinning))
    issued = dataset.graph.value(dataset.names.catalogue, DCTERMS.issued)
    assert isinstance(issued, Literal)
    assert _landing(bare)["Dataset"]["temporalCoverage"].startswith(f"{issued.value}/")


def test_no_publisher_no_term(dataset: Dataset) -> None:
    """What is not known is left out: a publisher, the labels of terms, files."""
    bare = replace(_without(dataset, DCTERMS.publisher), vocabulary=frozenset())
    [told, *_] = _extracted(landing_entities(bare, "sv", Offer()))
    assert told["@type"] == "Dataset"
    assert {"publisher", "creator", "variableMeasured", "distribution"} & told.keys() == set()


def test_hostile_names(dataset: Dataset) -> None:
    """A name that ends the script, or looks like mark-up, is read back as it is."""
    name = '</script><script>alert(1)</script><!-- & "\\u003c" \u2028'
    catalogue, place = dataset.names.catalogue, NamedNode(f"{SPACE}place/Q1")
    hostile = _with(
        _without(dataset, DCTERMS["title"]),
        (place, A, SCHEMA.City),
        (place, SCHEMA.name, Literal(name)),
        (catalogue, DCTERMS["title"], Literal(name)),
    )
    assert _about(hostile, place.value)["name"] == name
    assert _landing(hostile)["WebSite"]["name"] == name


def test_hostile_values(dataset: Dataset, schema_org: SchemaOrg) -> None:
    """What does not fit is left out: addresses that are scripts, dates and degrees that are none."""
    place, script = NamedNode(f"{SPACE}place/Q1"), NamedNode("javascript:alert(1)")
    geo, code, other = BlankNode("geo"), script, NamedNode(f"{SPACE}person/someone")
    hostile = _with(
        dataset,
        (place, A, SCHEMA.City),
        (other, A, SCHEMA.Person),
        *((place, predicate, script) for predicate in (SCHEMA.sameAs, SCHEMA.url, SCHEMA.containedInPlace)),
        (script, A, SCHEMA.City),
        (place, SCHEMA.containedInPlace, other),
        (place, SCHEMA.containedInPlace, Literal("here")),
        (place, SCHEMA.geo, geo),
        (place, SCHEMA.geo, Literal("0,0")),
        (geo, SCHEMA.latitude, Literal("9" * 400, datatype=XSD.decimal)),
        (geo, SCHEMA.longitude, Literal("0", datatype=XSD.decimal)),
        (place, SCHEMA.identifier, code),
        (code, SCHEMA.value, Literal("7")),
        (place, SCHEMA.identifier, BlankNode("empty")),
    )
    told = _about(hostile, place.value)
    assert told.keys() == {"@type", "@id", "name", "identifier", "geo", "mainEntityOfPage"}
    assert told["geo"] == {"@type": "GeoCoordinates", "longitude": 0.0}
    assert told["identifier"] == {"@type": "PropertyValue", "value": "7"}
    assert list(schema_org.faults(told)) == []


def test_impossible_date_is_left_out(dataset: Dataset) -> None:
    """A date that is not written as one is not told to search engines."""
    twinning = NamedNode(f"{SPACE}twinning/Q1-Q2")
    dated = _with(dataset, (twinning, A, TT.Twinning), (twinning, SCHEMA.startDate, Literal("long ago")))
    assert "startDate" not in _about(dated, twinning.value)


def test_days_and_person(dataset: Dataset, schema_org: SchemaOrg) -> None:
    """Days of the week are those of schema.org; a person has a job title in the page's language."""
    contact, hours = NamedNode(f"{SPACE}contact-point/x"), NamedNode(f"{SPACE}contact-point/x#hours")
    person = NamedNode(f"{SPACE}person/someone")
    told = _with(
        dataset,
        (contact, A, SCHEMA.ContactPoint),
        (contact, SCHEMA.hoursAvailable, hours),
        (hours, SCHEMA.opens, Literal("08:00:00", datatype=XSD.time)),
        (hours, SCHEMA.dayOfWeek, SCHEMA.Monday),
        (hours, SCHEMA.dayOfWeek, SCHEMA.Someday),
        (person, A, SCHEMA.Person),
        (person, SCHEMA.name, Literal("Kim")),
        (person, SCHEMA.jobTitle, Literal("Gemeindedirektor", language="de")),
        (person, SCHEMA.jobTitle, Literal("kommundirektör", language="sv")),
    )
    at, who = _about(told, contact.value), _about(told, person.value, "de")
    assert at["hoursAvailable"]["dayOfWeek"] == {"@type": "DayOfWeek", "@id": "https://schema.org/Monday"}
    assert (who["@type"], who["name"], who["jobTitle"]) == ("Person", "Kim", "Gemeindedirektor")
    assert [*schema_org.faults(at), *schema_org.faults(who)] == []


def test_fallback_of_languages(dataset: Dataset) -> None:
    """A text that the page's language lacks is told in the main one, else in another."""
    place = NamedNode(f"{SPACE}place/Q1")
    names = {tag: Literal(f"in {tag}", language=tag) for tag in ("sv", "en", "fr", "nl")}

    def told(*tags: str) -> str:
        stated = ((place, SCHEMA.name, names[tag]) for tag in tags)
        name: str = _about(_with(dataset, (place, A, SCHEMA.City), *stated), place.value, "fi")["name"]
        return name

    assert (told("en", "sv", "fr"), told("en", "fr"), told("nl", "fr")) == ("in sv", "in en", "in fr")


def test_other_names(dataset: Dataset) -> None:
    """Other names are those of the page's language and those of none, never those of another."""
    term = KIND.twinning
    others = [
        Literal("a", language="sv"),
        Literal("b", language="sv"),
        Literal("c", language="de"),
        Literal("d"),
    ]
    clean = replace(
        dataset, vocabulary=frozenset(t for t in dataset.vocabulary if t.predicate != SKOS.altLabel)
    )
    told = _with(clean, *((term, SKOS.altLabel, other) for other in others))
    assert _about(told, term.value)["alternateName"] == ["a", "b", "d"]
    assert _about(told, term.value, "fi")["alternateName"] == "d"


def test_licence_of_a_portals_table(dataset: Dataset) -> None:
    """A licence that the catalogue states by a portal's table is told by where people read it."""
    stated = (dataset.names.catalogue, DCTERMS.license, EU["licence/CC_BY_4_0"])
    told = _landing(_with(_without(dataset, DCTERMS.license), stated))
    for kind in ("Dataset", "DataCatalog", "DataDownload"):
        assert told[kind]["license"] == "http://creativecommons.org/licenses/by/4.0/"


def test_unknown_thing(dataset: Dataset) -> None:
    """What is of no known class is a thing to search engines."""
    assert type_of(dataset, NamedNode(f"{SPACE}place/unknown")) == "Thing"
    assert _about(dataset, f"{SPACE}place/unknown")["name"] == "unknown"


def test_same_bytes(dataset: Dataset) -> None:
    """The same data gives the same bytes, however its triples were gathered."""
    again = replace(dataset, asserted=frozenset(sorted(dataset.asserted, key=str, reverse=True)))
    place = NamedNode(f"{SPACE}place/Q503184")
    assert page_entities(again, place, "sv", []) == page_entities(dataset, place, "sv", [])
    first = landing_entities(dataset, "sv", OFFER)
    assert landing_entities(again, "sv", OFFER) == first
