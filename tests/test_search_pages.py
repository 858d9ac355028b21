"""What search engines read of a really built site: every page in every language, by a real extractor."""

import importlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from extruct.jsonld import JsonLdExtractor  # type: ignore[import-untyped]
from extruct.utils import parse_html  # type: ignore[import-untyped]
from pyoxigraph import Literal, NamedNode

from twintowns import jsontext
from twintowns.citation import citations
from twintowns.dataset import Dataset
from twintowns.description import describe
from twintowns.distributions import DISTRIBUTIONS
from twintowns.messages import translations
from twintowns.printing import Sources, read_sources
from twintowns.project import Project
from twintowns.schemaorg import Entity, documents
from twintowns.searchview import Download, Offer, landing_entities, page_entities
from twintowns.vocabulary import DCTERMS

if TYPE_CHECKING:
    import schemaorg
    from schemaorg import Json
else:  # pytest knows the folder by its name, and mypy does not
    schemaorg = importlib.import_module("tests.schemaorg")
    Json = schemaorg.Json

LANGUAGES = ("sv", "de", "en", "et", "fi")
CONTEXT = {"@vocab": "https://schema.org/"}
LISTS = ("articles", "organizations", "places", "sources", "twinnings")
WITHOUT = {
    "search.html",
    "sparql/index.html",
    "validation.html",
    "vocabulary/index.html",
    *(f"{one}/index.html" for one in LISTS),
}
"""The pages that are about no thing with a name of its own."""
REQUIRED = {"name", "description"}
RECOMMENDED = {
    "citation",
    "creator",
    "distribution",
    "identifier",
    "includedInDataCatalog",
    "isAccessibleForFree",
    "keywords",
    "license",
    "spatialCoverage",
    "temporalCoverage",
    "url",
    "variableMeasured",
    "version",
}
BASIS = "isBasedOn"
"""The sources, for which Google does not ask."""
INAPPLICABLE = {"alternateName", "funder", "hasPart", "isPartOf", "measurementTechnique", "sameAs"}
"""What Google recommends besides, and what there is not: the dataset has one name in each language, nobody
funds it by itself, it has no parts and is none, it is no measurement, and it lies nowhere else.

Source: https://developers.google.com/search/docs/appearance/structured-data/dataset
"""


class Page(NamedTuple):
    """What was read of a page: its language, its path without that, its heading, what engines read."""

    language: str
    path: str
    heading: str
    entities: list[Json]


def page_of(site: Path, file: Path) -> Page:
    """Read a page as a search engine does, all scripts that are not of schema.org alone left out."""
    path = file.relative_to(site).as_posix()
    folder, _, rest = path.partition("/")
    language, path = (folder, rest) if folder in LANGUAGES else (LANGUAGES[0], path)
    document = parse_html(file.read_bytes(), "utf-8")
    heading = " ".join("".join(document.xpath("//h1")[0].itertext()).split())
    found = JsonLdExtractor().extract_items(document)
    return Page(language, path, heading, [one for one in found if one["@context"] == CONTEXT])


@pytest.fixture(scope="module")
def pages(site: Path) -> list[Page]:
    """Return every page of the site."""
    return [page_of(site, file) for file in sorted(site.rglob("*.html"))]


@pytest.fixture(scope="module")
def sources(repository: Path) -> Sources:
    """Return what the build of the site read."""
    return read_sources(Project(repository))


@pytest.fixture(scope="module")
def meant(site: Path, sources: Sources) -> "Meant":
    """Return what tells the entities that a page was meant to have."""
    return Meant(site, sources)


class Meant:
    """What a page is meant to tell, made of the sources."""

    def __init__(self, site: Path, sources: Sources) -> None:
        """Index the documents by their paths."""
        self._dataset = sources.dataset()
        self._publication = sources.publication
        self._site = site
        self._documents = {self._dataset.names.path_of(one): one for one in self._dataset.documents}

    def entities(self, page: Page) -> list[Json]:
        """Return what a page should tell: its thing and the way to it; the landing page tells the whole."""
        path = page.path.removesuffix(".html")
        if path == "index":
            return self._landing(page.language)
        names = self._dataset.names
        document = self._documents.get(path, names.dataset)
        assert names.path_of(document) == path
        levels = {names.dataset: "Dataset", names.catalogue: "Catalogue"}
        say = translations(page.language).gettext
        step = say(levels[document]) if document in levels else page.heading
        trail = [(self._title(page.language), names.space), (step, document.value)]
        offer = self._offer() if document == names.dataset else Offer()
        return _read(page_entities(self._told(document), document, page.language, trail, offer))

    def _told(self, document: NamedNode) -> Dataset:
        names = self._dataset.names
        if document in {names.catalogue, names.dataset}:
            return self._dataset
        graph = (*describe(self._dataset, document).graph, *self._dataset.graph.about(names.catalogue))
        nothing = frozenset[object]()
        return Dataset(names, frozenset(graph), nothing, nothing, nothing, {})  # type: ignore[arg-type]

    def _landing(self, language: str) -> list[Json]:
        return _read(landing_entities(self._dataset, language, self._offer()))

    def _offer(self) -> Offer:
        own, space = self._dataset.names.dataset.value, self._dataset.names.space
        sizes = {one.path: (self._site / one.path).stat().st_size for one in DISTRIBUTIONS}
        files = [
            Download(f"{own}#{o.key}", o.label, f"{space}{o.path}", o.media_type, sizes[o.path])
            for o in DISTRIBUTIONS
        ]
        return Offer(files, citations(self._dataset, self._publication)["txt"])

    def _title(self, language: str) -> str:
        titles = self._dataset.graph.values(self._dataset.names.catalogue, DCTERMS["title"])
        return next(t.value for t in titles if isinstance(t, Literal) and t.language == language)


def _read(told: list[Entity]) -> list[Json]:
    return [jsontext.read(block) for block in documents(told)]


def test_every_page_is_there(pages: list[Page]) -> None:
    """Each page is there in each language, and tells something unless it is about no thing."""
    by_language = {tag: {page.path for page in pages if page.language == tag} for tag in LANGUAGES}
    assert len(by_language["sv"]) > 100
    assert all(paths == by_language["sv"] for paths in by_language.values())
    silent = {page.path for page in pages if not page.entities}
    assert {path for path in silent if not re.search(r"/page-[0-9]+\.html$", path)} == WITHOUT


def test_no_fault_on_any_page(pages: list[Page], shared: Path) -> None:
    """On no page is a type or a property unknown, or does a property not fit its class or its value."""
    schema_org = schemaorg.read_schema_org(shared)
    faults = {
        (page.language, page.path): told
        for page in pages
        if (told := [fault for entity in page.entities for fault in schema_org.faults(_bare(entity))])
    }
    assert faults == {}


def _bare(entity: Json) -> Json:
    return {name: value for name, value in entity.items() if name != "@context"}


def test_every_page_tells_what_was_meant(pages: list[Page], meant: Meant) -> None:
    """What is extracted from a page is what was meant: its thing under its heading, and the way to it."""
    told = [page for page in pages if page.entities]
    assert [(p.language, p.path) for p in told if p.entities != meant.entities(p)] == []
    assert len(told) > 500


def test_every_page_shows_what_it_tells(pages: list[Page]) -> None:
    """The thing that a page tells of to search engines is called what the page calls it."""
    named = [page for page in pages if page.entities and page.path != "index.html"]
    assert [(p.language, p.path) for p in named if p.entities[0]["name"] != p.heading] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_description_of_each(pages: list[Page], language: str) -> None:
    """What has one IRI is told of in the same words wherever it is the subject."""
    told = {page.path: page.entities for page in pages if page.language == language}
    (dataset,) = (one for one in told["index.html"] if one["@type"] == "Dataset")
    (catalogue,) = (one for one in told["index.html"] if one["@type"] == "DataCatalog")
    assert told["dataset/twintowns.html"][0] == dataset
    assert told["catalogue.html"][0] == catalogue
    ways = [told[path][1]["itemListElement"] for path in ("dataset/twintowns.html", "catalogue.html")]
    assert all(len({step["name"] for step in way}) == len(way) == 2 for way in ways)


@pytest.mark.parametrize("language", LANGUAGES)
def test_dataset_has_what_google_asks(pages: list[Page], language: str) -> None:
    """In each language the landing page tells all that is required and recommended."""
    (landing,) = (page for page in pages if (page.language, page.path) == (language, "index.html"))
    (dataset,) = (entity for entity in landing.entities if entity["@type"] == "Dataset")
    assert dataset.keys() >= REQUIRED | RECOMMENDED | {BASIS}
    assert not dataset.keys() & INAPPLICABLE
    assert 50 <= len(dataset["description"]) <= 5000
    assert dataset["creator"]["name"]
    assert dataset["includedInDataCatalog"]["name"]
    assert len(dataset["distribution"]) == len(DISTRIBUTIONS)
    for file in dataset["distribution"]:
        assert file["contentUrl"].startswith("https://w3id.org/twintowns/ludvika/dump/")
        assert file["encodingFormat"]
