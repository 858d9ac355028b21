"""What search engines read: a page's thing, or the whole dataset, in the words of schema.org alone.

The full JSON-LD beside each page speaks several vocabularies, of which search engines know one. So every
page carries a second, smaller description, one document an entity, in which every property fits its class
and its values. A text stands in the page's language, else in the nearest there is; an address that is not
`http` or `https` is left out, and so is a value that does not fit. Sources: https://schema.org/docs/ and
https://developers.google.com/search/docs/appearance/structured-data/dataset
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from twintowns.catalogue import Publication
from twintowns.dataset import Dataset
from twintowns.graph import Node, Term
from twintowns.iris import is_linkable, local_name
from twintowns.messages import number_text, translations
from twintowns.schemaorg import Entity, breadcrumbs, entity, kept
from twintowns.statistics import statistics
from twintowns.vocabulary import DCAT, DCTERMS, NAMES, OWL, RDFS, SCHEMA, SH, SKOS, TT, A

_SHORTEST, _LONGEST = 50, 5000
"""How many characters a search engine asks of the description of a dataset."""
_DATE: Final = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
_DEGREES: Final = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]*)?")
_TIME: Final = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2}")

_PLACES: Final = ("City", "AdministrativeArea", "Country")
_BODIES: Final = ("GovernmentOrganization", "Corporation", "NGO", "NewsMediaOrganization", "Organization")
_SOURCES: Final = ("NewsArticle", "WebPage", "Dataset", "CreativeWork")
_OWN_TYPES: Final = (*_PLACES, *_BODIES, "ContactPoint", "Person", "Article", *_SOURCES)
_TYPES: Final[dict[NamedNode, str]] = {
    **{SCHEMA[name]: name for name in _OWN_TYPES},
    TT.Twinning: "Role",
    SKOS.Concept: "DefinedTerm",
    SKOS.ConceptScheme: "DefinedTermSet",
    DCAT.Catalog: "DataCatalog",
    DCAT.Dataset: "Dataset",
}
"""The nearest type of schema.org for each class, the most specific first."""

_NAMES: Final = (*NAMES, SH.name)
_SUMMARIES: Final = (SCHEMA.description, SKOS.definition, DCTERMS.description, RDFS.comment, SH.description)
_FORMS: Final = {
    **dict.fromkeys(("latitude", "longitude"), _DEGREES),
    **dict.fromkeys(("opens", "closes"), _TIME),
    **dict.fromkeys(("startDate", "endDate", "datePublished", "dateModified"), _DATE),
}
"""How a value must look, of the properties that are not free text."""
_LINKED: Final[dict[str, Sequence[str]]] = {
    "containedInPlace": _PLACES,
    "areaServed": _PLACES,
    "employee": ("Person",),
    "member": ("Person",),
    "publisher": _BODIES,
    "about": (*_PLACES, *_BODIES, "Role"),
}
"""The properties that name another thing, and the types of which that must be."""
_PARTS: Final = {
    "geo": "GeoCoordinates",
    "identifier": "PropertyValue",
    "address": "PostalAddress",
    "contactPoint": "ContactPoint",
    "hoursAvailable": "OpeningHoursSpecification",
}
"""The properties whose values are told in place, and what those are."""
_DAY: Final = re.compile(r"https://schema\.org/((Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|PublicHolidays)")

_OF_A_BODY: Final = ("identifier", "url", "address", "contactPoint", "areaServed", "employee", "member")
_OF_A_WORK: Final = ("url", "about", "publisher", "datePublished", "dateModified", "inLanguage", "license")
_PROPERTIES: Final[dict[str, Sequence[str]]] = {
    **dict.fromkeys(_PLACES, ("identifier", "url", "geo", "containedInPlace")),
    **dict.fromkeys(_BODIES, _OF_A_BODY),
    **dict.fromkeys(_SOURCES, _OF_A_WORK),
    "ContactPoint": ("telephone", "email", "hoursAvailable"),
    "Person": ("jobTitle", "telephone", "email", "address"),
    "Article": ("headline", "articleBody", *_OF_A_WORK),
    "Role": ("startDate", "endDate"),
    "GeoCoordinates": ("latitude", "longitude"),
    "PropertyValue": ("propertyID", "value"),
    "PostalAddress": ("streetAddress", "postalCode", "addressLocality", "addressCountry"),
    "OpeningHoursSpecification": ("opens", "closes"),
}
"""What is told of a thing of each type, besides its name, its description and what it is the same as."""
_MENTIONED: Final = (TT.participant, TT.association, TT.industrialContact)
_MEASURED: Final = (TT.partner, TT.kind, TT.status, TT.field, TT.commonGround, TT.participant, TT.association)


class Download(NamedTuple):
    """A file in which the dataset can be had.

    Attributes:
        name: What it is called.
        url: Its absolute address.
        media_type: Its media type.
        size_bytes: Its size.
    """

    name: str
    url: str
    media_type: str
    size_bytes: int


def type_of(dataset: Dataset, document: NamedNode) -> str:
    """Return the most specific type of schema.org for what a document tells of.

    What the vocabulary holds besides concepts and their schemes is technical documentation; what is not
    known at all is a thing, as everything is.
    """
    if document == dataset.names.dataset:
        return "Dataset"
    types = dataset.graph.values(document, A)
    if known := next((name for kind, name in _TYPES.items() if kind in types), ""):
        return known
    return "TechArticle" if dataset.names.is_vocabulary(document) else "Thing"


def page_entities(
    dataset: Dataset, document: NamedNode, language: str, trail: Sequence[tuple[str, str]]
) -> list[Entity]:
    """Describe what the page of one document is about.

    Args:
        dataset: The dataset.
        document: The document's IRI.
        language: The page's language.
        trail: The way from the landing page to this page: names and absolute addresses.

    Returns:
        The thing itself and, where there is a trail, the trail.
    """
    teller = _Teller(dataset, language)
    described = {dataset.names.dataset: teller.dataset, dataset.names.catalogue: teller.catalogue}
    about = described[document]() if document in described else teller.thing(document)
    return [about, *breadcrumbs(trail)]


def landing_entities(
    dataset: Dataset, publication: Publication, files: Sequence[Download], language: str
) -> list[Entity]:
    """Describe the dataset, its catalogue, its files and the site, for the landing page.

    Args:
        dataset: The dataset.
        publication: Its languages.
        files: The files in which it can be had.
        language: The page's language.

    Returns:
        The dataset, its catalogue, its files, the trail and the site.
    """
    teller = _Teller(dataset, language)
    downloads = [teller.download(file) for file in files]
    in_languages = {"inLanguage": list(publication.languages)}
    told = teller.dataset() | in_languages
    home = (translations(language).gettext("Home"), dataset.names.space)
    trail = breadcrumbs([home, (str(told["name"]), dataset.names.dataset.value)])
    whole = (kept(told | {"distribution": downloads}), teller.catalogue() | in_languages)
    return [*whole, *downloads, *trail, teller.site() | in_languages]


class _Teller:
    """Tells of the things of a dataset in one language."""

    def __init__(self, dataset: Dataset, language: str) -> None:
        self._dataset = dataset
        self._graph = dataset.graph
        self._names = dataset.names
        self._language = language
        self._say = translations(language).gettext
        main = self._plain(dataset.names.catalogue, TT.mainLanguage) or ["en"]
        others = self._plain(dataset.names.catalogue, SCHEMA.inLanguage)
        self._main = main[0]
        self._fallbacks = tuple(dict.fromkeys((language, *main, *sorted(others), "en")))

    def thing(self, document: NamedNode) -> Entity:
        """Tell of a document's own thing."""
        kind = type_of(self._dataset, document)
        told = self._named(document, kind) | self._of_vocabulary(document, kind) | self._told(document, kind)
        if kind == "Dataset" and not _SHORTEST <= len(str(told.get("description", ""))) <= _LONGEST:
            told["@type"] = "CreativeWork"  # a search engine refuses a dataset that is told of too briefly
        if kind == "Role":
            told["additionalType"] = TT.Twinning.value
        return kept(told | {"mainEntityOfPage": self._page(document)})

    def dataset(self) -> Entity:
        """Tell of the one dataset of the publication."""
        catalogue, about = self._names.catalogue, self._names.dataset.value
        name = self._name(catalogue)
        return entity(
            "Dataset",
            about,
            name=name,
            description=self._description_of_dataset(),
            url=self._names.space,
            identifier=about,
            version=self._dates(catalogue, DCTERMS.modified)[-1:],
            isAccessibleForFree=True,
            creator=self._publisher(),
            **self._of_publication(),
            keywords=[text.value for text in self._in_one_language(catalogue, DCAT.keyword)],
            spatialCoverage=self._linked(self._graph.instances(SCHEMA.Country), _PLACES),
            temporalCoverage=self._period(),
            variableMeasured=list(self._measured()),
            measurementTechnique=self._say("Each thing names the sources that were read for it."),
            includedInDataCatalog=entity("DataCatalog", catalogue.value, name=name),
        )

    def catalogue(self) -> Entity:
        """Tell of the catalogue that lists the dataset."""
        node = self._names.catalogue
        told = {"name": self._name(node), "description": self._best(node, *_SUMMARIES).value}
        return entity("DataCatalog", node.value, **told, url=f"{node.value}.html", **self._of_publication())

    def site(self) -> Entity:
        """Tell of the web site."""
        space, name = self._names.space, self._name(self._names.catalogue)
        return entity("WebSite", f"{space}#website", name=name, url=space, publisher=self._publisher())

    def download(self, file: Download) -> Entity:
        """Tell of a file of the dataset."""
        size, licence = f"{file.size_bytes} B", self._urls(self._names.catalogue, DCTERMS.license)
        told = {"contentUrl": file.url, "encodingFormat": file.media_type, "contentSize": size}
        return entity("DataDownload", file.url, name=file.name, **told, license=licence)

    def _named(self, node: NamedNode, kind: str) -> Entity:
        """Tell what anything can have: its names, its description, what it is the same as."""
        others = self._in_one_language(node, SCHEMA.alternateName, SKOS.altLabel)
        return entity(
            kind,
            node.value,
            name=self._name(node),
            alternateName=[text.value for text in others],
            description=self._best(node, *_SUMMARIES).value,
            sameAs=self._urls(node, SCHEMA.sameAs),
        )

    def _of_vocabulary(self, node: NamedNode, kind: str) -> Entity:
        """Tell what only terms, their schemes and documents about them have."""
        if kind == "DefinedTerm":
            schemes = self._linked(self._graph.values(node, SKOS.inScheme), ("DefinedTermSet",))
            return {"termCode": local_name(node.value), "inDefinedTermSet": schemes, "url": node.value}
        if kind not in {"DefinedTermSet", "TechArticle"}:
            return {}
        concepts = (t.subject for t in self._graph.pointing_at(node) if t.predicate == SKOS.inScheme)
        return {
            "hasDefinedTerm": self._linked(concepts, ("DefinedTerm",)),
            "url": node.value,
            "license": self._urls(node, DCTERMS.license),
            "datePublished": self._dates(node, DCTERMS.created),
            "dateModified": self._dates(node, DCTERMS.modified),
            "version": self._plain(node, OWL.versionInfo),
            "inLanguage": self._best(node, *_SUMMARIES).language,
        }

    def _told(self, node: Node, kind: str) -> Entity:
        """Tell the properties of schema.org that are stated of a thing or a part."""
        told: Entity = {name: self._value(node, name) for name in _PROPERTIES.get(kind, ())}
        if kind == "Article":
            told["inLanguage"] = self._best(node, SCHEMA.articleBody).language
        if kind == "OpeningHoursSpecification":
            days = [day for day in self._urls(node, SCHEMA.dayOfWeek) if _DAY.fullmatch(day)]
            told["dayOfWeek"] = [{"@type": "DayOfWeek", "@id": day} for day in days]
        return kept(told)

    def _value(self, node: Node, name: str) -> list[Entity] | list[float] | list[str]:
        predicate = SCHEMA[name]
        if name in _PARTS:
            return list(self._parts(node, predicate, _PARTS[name]))
        if name in _LINKED:
            return self._linked(self._graph.values(node, predicate), _LINKED[name])
        if name in {"url", "license"}:
            return self._urls(node, predicate)
        texts = [text.value for text in self._in_one_language(node, predicate)]
        form = _FORMS.get(name)
        fitting = [text for text in texts if form is None or form.fullmatch(text)]
        return [float(text) for text in fitting] if form is _DEGREES else fitting

    def _parts(self, node: Node, predicate: NamedNode, kind: str) -> Iterator[Entity]:
        for part in self._graph.values(node, predicate):
            if not isinstance(part, Literal) and (told := self._told(part, kind)):
                name = self._best(part, SCHEMA.name).value
                yield entity(kind, _address(part), name=name, **told)

    def _linked(self, nodes: Iterable[object], kinds: Sequence[str]) -> list[Entity]:
        """Name other things, as far as they are of a type that fits and have an address."""
        linked = (node for node in nodes if isinstance(node, NamedNode) and is_linkable(node.value))
        typed = ((type_of(self._dataset, node), node) for node in linked)
        return [entity(kind, node.value, name=self._name(node)) for kind, node in typed if kind in kinds]

    def _page(self, document: NamedNode) -> Entity:
        """Tell of the page; that of a twinning says whom it is about, for which a role has no property."""
        folder = "" if self._language == self._main else f"{self._language}/"
        others = (self._graph.values(document, one) for one in _MENTIONED)
        return entity(
            "WebPage",
            f"{self._names.space}{folder}{self._names.path_of(document)}.html",
            inLanguage=self._language,
            about=self._linked(self._graph.values(document, TT.partner), _PLACES),
            mentions=self._linked(chain.from_iterable(others), (*_PLACES, *_BODIES)),
        )

    def _of_publication(self) -> Entity:
        node = self._names.catalogue
        return {
            "publisher": self._publisher(),
            "license": self._urls(node, DCTERMS.license),
            "datePublished": self._dates(node, DCTERMS.issued)[:1],
            "dateModified": self._dates(node, DCTERMS.modified)[-1:],
        }

    def _publisher(self) -> list[Entity]:
        publishers = self._graph.values(self._names.catalogue, DCTERMS.publisher)
        told = self._linked(publishers, _BODIES)
        return [kept(one | {"url": self._urls(NamedNode(str(one["@id"])), SCHEMA.url)}) for one in told]

    def _description_of_dataset(self) -> str:
        """Return a description as long as search engines ask for: counts make a short one longer."""
        text = self._best(self._names.catalogue, *_SUMMARIES).value
        if len(text) < _SHORTEST:
            counted = vars(statistics(self._dataset)).items()
            told = {name: number_text(str(count), self._language) for name, count in counted}
            numbers = self._say("{triples} triples, {derived} of them derived, on {documents} things.")
            title, numbers = self._name(self._names.catalogue), numbers.format(**told)
            text = " ".join((f"{title}:", *text.split(), numbers, self._names.space))
        return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"

    def _period(self) -> str:
        """Return the time that the dataset tells of, as an interval of ISO 8601; its end may be open."""
        node = self._names.catalogue
        starts = (self._dates(one, SCHEMA.startDate) for one in self._graph.instances(TT.Twinning))
        start = min(chain.from_iterable(starts), default="") or "".join(self._dates(node, DCTERMS.issued)[:1])
        end = "".join(self._dates(node, DCTERMS.modified)[-1:])
        return f"{start}/{end or '..'}" if start else ""

    def _measured(self) -> Iterator[Entity]:
        for term in _MEASURED:
            if label := self._best(term, RDFS.label).value:
                yield {"@type": "PropertyValue", "name": label, "propertyID": term.value}

    def _name(self, node: NamedNode) -> str:
        return next(filter(None, (self._best(node, name).value for name in _NAMES)), local_name(node.value))

    def _best(self, node: Node, *predicates: NamedNode) -> Literal:
        """Return the text in the nearest language of the first property that has one; else an empty one."""
        texts = (text for one in predicates for text in self._in_one_language(node, one))
        return next(texts, Literal(""))

    def _in_one_language(self, node: Node, *predicates: NamedNode) -> list[Literal]:
        """Return the texts of a node in the nearest language that there is."""
        values = (value for one in predicates for value in self._graph.values(node, one))
        texts = [value for value in values if isinstance(value, Literal)]
        tags = {text.language or "" for text in texts}
        chosen = next((tag for tag in (*self._fallbacks, *sorted(tags)) if tag in tags), "")
        return [text for text in texts if (text.language or "") == chosen]

    def _plain(self, node: Node, predicate: NamedNode) -> list[str]:
        return [value.value for value in self._graph.values(node, predicate) if isinstance(value, Literal)]

    def _dates(self, node: Node, predicate: NamedNode) -> list[str]:
        return [text for text in self._plain(node, predicate) if _DATE.fullmatch(text)]

    def _urls(self, node: Node, predicate: NamedNode) -> list[str]:
        return list(filter(None, map(_address, self._graph.values(node, predicate))))


def _address(term: Term) -> str:
    return term.value if isinstance(term, NamedNode) and is_linkable(term.value) else ""
