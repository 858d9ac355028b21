"""A thing as search engines read it: the nearest type of schema.org, and the properties that fit it.

Every property fits its class and its values: an address that is not `http` or `https` is left out, and so
is a value that does not fit. Source: https://schema.org/docs/
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

from pyoxigraph import Literal, NamedNode

from twintowns.dataset import Dataset
from twintowns.graph import Node
from twintowns.iris import is_linkable, local_name
from twintowns.schemaorg import Entity, entity, kept
from twintowns.searchtexts import SUMMARIES, Texts, address_of
from twintowns.vocabulary import DCAT, DCTERMS, OWL, SCHEMA, SKOS, TT, A
from twintowns.writtendates import DATE

SHORTEST, LONGEST = 50, 5000
"""How many characters a search engine asks of the description of a dataset."""
_DEGREES: Final = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]*)?")
_TIME: Final = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2}")

PLACES: Final = ("City", "AdministrativeArea", "Country")
BODIES: Final = ("GovernmentOrganization", "Corporation", "NGO", "NewsMediaOrganization", "Organization")
SOURCES: Final = ("NewsArticle", "WebPage", "CreativeWork")
_OWN_TYPES: Final = (*PLACES, *BODIES, "ContactPoint", "Person", "Article", *SOURCES)
_TYPES: Final[dict[NamedNode, str]] = {
    **{SCHEMA[name]: name for name in _OWN_TYPES},
    TT.Twinning: "Role",
    SKOS.Concept: "DefinedTerm",
    SKOS.ConceptScheme: "DefinedTermSet",
    DCAT.Catalog: "DataCatalog",
    DCAT.Dataset: "Dataset",
    SCHEMA.Dataset: "CreativeWork",
}
"""The nearest type of schema.org for each class, the most specific first.

A dataset that was read is not offered here, and a search engine for datasets would list it as if it were.
"""

_RANKS: Final = {kind: rank for rank, kind in enumerate(_TYPES)}
_FORMS: Final = {
    **dict.fromkeys(("latitude", "longitude"), _DEGREES),
    **dict.fromkeys(("opens", "closes"), _TIME),
    **dict.fromkeys(("startDate", "endDate", "datePublished", "dateModified"), DATE),
}
"""How a value must look, of the properties that are not free text."""
_LINKED: Final[dict[str, Sequence[str]]] = {
    "containedInPlace": PLACES,
    "areaServed": PLACES,
    "employee": ("Person",),
    "member": ("Person",),
    "publisher": BODIES,
    "about": (*PLACES, *BODIES, "Role"),
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
    **dict.fromkeys(PLACES, ("identifier", "url", "geo", "containedInPlace")),
    **dict.fromkeys(BODIES, _OF_A_BODY),
    **dict.fromkeys(SOURCES, _OF_A_WORK),
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


def type_of(dataset: Dataset, document: NamedNode) -> str:
    """Return the most specific type of schema.org for what a document tells of.

    What the vocabulary holds besides concepts and their schemes is technical documentation; what is not
    known at all is a thing, as everything is.
    """
    if document == dataset.names.dataset:
        return "Dataset"
    known = [one for one in dataset.graph.values(document, A) if one in _RANKS]
    if known:
        return _TYPES[min(known, key=_RANKS.__getitem__)]  # type: ignore[index, arg-type]
    return "TechArticle" if dataset.names.is_vocabulary(document) else "Thing"


class Things:
    """Tells of the things of a dataset in one language."""

    def __init__(self, dataset: Dataset, texts: Texts, language: str) -> None:
        """Take hold of what is stated."""
        self._dataset = dataset
        self._graph = dataset.graph
        self._names = dataset.names
        self._texts = texts
        self._language = language

    def thing(self, document: NamedNode) -> Entity:
        """Tell of a document's own thing."""
        kind = type_of(self._dataset, document)
        told = self._named(document, kind) | self._of_vocabulary(document, kind) | self._told(document, kind)
        if kind == "Role":
            told["additionalType"] = TT.Twinning.value
        return kept(told | {"mainEntityOfPage": self._page(document)})

    def _named(self, node: NamedNode, kind: str) -> Entity:
        """Tell what anything can have: its names, its description, what it is the same as."""
        others = self._texts.in_language(node, SCHEMA.alternateName, SKOS.altLabel)
        return entity(
            kind,
            node.value,
            name=self._texts.name(node),
            alternateName=[text.value for text in others],
            description=self._texts.best(node, *SUMMARIES).value,
            sameAs=self._texts.urls(node, SCHEMA.sameAs),
        )

    def _of_vocabulary(self, node: NamedNode, kind: str) -> Entity:
        """Tell what only terms, their schemes and documents about them have."""
        if kind == "DefinedTerm":
            schemes = self.linked(self._graph.values(node, SKOS.inScheme), ("DefinedTermSet",))
            return {"termCode": local_name(node.value), "inDefinedTermSet": schemes, "url": node.value}
        if kind not in {"DefinedTermSet", "TechArticle"}:
            return {}
        concepts = self._graph.leading_to(node, SKOS.inScheme)
        return {
            "hasDefinedTerm": self.linked(concepts, ("DefinedTerm",)),
            "url": node.value,
            "license": self._texts.urls(node, DCTERMS.license),
            "datePublished": self._texts.dates(node, DCTERMS.created),
            "dateModified": self._texts.dates(node, DCTERMS.modified),
            "version": self._texts.plain(node, OWL.versionInfo),
            "inLanguage": self._texts.best(node, *SUMMARIES).language,
        }

    def _told(self, node: Node, kind: str) -> Entity:
        """Tell the properties of schema.org that are stated of a thing or a part."""
        told: Entity = {name: self._value(node, name) for name in _PROPERTIES.get(kind, ())}
        if kind == "Article":
            told["inLanguage"] = self._texts.best(node, SCHEMA.articleBody).language
        if kind == "OpeningHoursSpecification":
            days = [day for day in self._texts.urls(node, SCHEMA.dayOfWeek) if _DAY.fullmatch(day)]
            told["dayOfWeek"] = [{"@type": "DayOfWeek", "@id": day} for day in days]
        return kept(told)

    def _value(self, node: Node, name: str) -> list[Entity] | list[float] | list[str]:
        predicate = SCHEMA[name]
        if name in _PARTS:
            return list(self._parts(node, predicate, _PARTS[name]))
        if name in _LINKED:
            return self.linked(self._graph.values(node, predicate), _LINKED[name])
        if name in {"url", "license"}:
            return self._texts.urls(node, predicate)
        texts = [text.value for text in self._texts.in_one_language(node, predicate)]
        form = _FORMS.get(name)
        fitting = [text for text in texts if form is None or form.fullmatch(text)]
        return [float(text) for text in fitting] if form is _DEGREES else fitting

    def _parts(self, node: Node, predicate: NamedNode, kind: str) -> Iterator[Entity]:
        for part in self._graph.values(node, predicate):
            if not isinstance(part, Literal) and (told := self._told(part, kind)):
                name = self._texts.best(part, SCHEMA.name).value
                yield entity(kind, address_of(part), name=name, **told)

    def linked(self, nodes: Iterable[object], kinds: Sequence[str]) -> list[Entity]:
        """Name other things, as far as they are of a type that fits and have an address."""
        linked = (node for node in nodes if isinstance(node, NamedNode) and is_linkable(node.value))
        typed = ((type_of(self._dataset, node), node) for node in linked)
        return [
            entity(kind, node.value, name=self._texts.name(node)) for kind, node in typed if kind in kinds
        ]

    def _page(self, document: NamedNode) -> Entity:
        """Tell of the page; that of a twinning says whom it is about, for which a role has no property."""
        folder = "" if self._language == self._texts.main else f"{self._language}/"
        others = (self._graph.values(document, one) for one in _MENTIONED)
        return entity(
            "WebPage",
            f"{self._names.space}{folder}{self._names.path_of(document)}.html",
            inLanguage=self._language,
            about=self.linked(self._graph.values(document, TT.partner), PLACES),
            mentions=self.linked(chain.from_iterable(others), (*PLACES, *BODIES)),
        )
