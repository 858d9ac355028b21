"""The catalogue as portals harvest it: DCAT-AP for Europe's, DCAT-AP-SE for Sweden's, from one model.

The hand-written half is `data/catalogue.ttl`; what only a build knows (sizes, forms, dates of the data) is
added here. Where the two profiles contradict each other, the European one is the model and the Swedish
one a rendition of it. Sources: https://semiceu.github.io/DCAT-AP/releases/3.0.1/ and
https://docs.dataportal.se/dcat/
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from twintowns import authority, dating
from twintowns.authority import EU, MEDIA_TYPE, PUBLISHER_TYPE
from twintowns.dataset import Dataset
from twintowns.dcatvalues import called, swedish, typed, uuid_of
from twintowns.distributions import DISTRIBUTIONS, TABLES, Distribution
from twintowns.graph import Graph, Term
from twintowns.iris import is_linkable
from twintowns.messages import territory_name, translations
from twintowns.vocabulary import (
    ADMS,
    DCAT,
    DCATAP,
    DCTERMS,
    FOAF,
    ODRS,
    OWL,
    PROV,
    RDFS,
    SCHEMA,
    SKOS,
    VCARD,
    VOID,
    W3ID,
    XSD,
    A,
    Namespace,
)

SPECIFICATION: Final = W3ID.specification
_COPIED: Final = (
    DCTERMS["title"],
    DCTERMS.description,
    DCTERMS.publisher,
    DCTERMS.issued,
    DCTERMS.modified,
    DCTERMS.spatial,
    DCTERMS.accrualPeriodicity,
    DCTERMS.conformsTo,
    DCAT.keyword,
    DCAT.theme,
    DCATAP.applicableLegislation,
)
"""What a publication says once of itself and a portal asks of the dataset."""
_OF_THE_DATASET: Final = {
    DCAT.keyword,
    DCAT.theme,
    DCATAP.applicableLegislation,
    DCTERMS.accrualPeriodicity,
    DCTERMS.conformsTo,
}
_OF_THE_CATALOGUE: Final = {*_COPIED, FOAF.homepage, DCTERMS.license} - _OF_THE_DATASET
_SWEDISH_BODY: Final = Namespace("http://dataportal.se/organisation/")
_ORGANIZATION_NUMBER: Final = re.compile("2[0-9]{5}-?[0-9]{4}")
"""The number of a state authority, a municipality or a region begins with a 2."""
_GEONAMES: Final = re.compile(r"https?://sws\.geonames\.org/([0-9]+)/")
_ADDRESS: Final = {
    SCHEMA.streetAddress: VCARD["street-address"],
    SCHEMA.postalCode: VCARD["postal-code"],
    SCHEMA.addressLocality: VCARD.locality,
}
"""The parts of an address, but for the country."""


class Catalogue:
    """The catalogue, its one dataset and the distributions of that.

    Args:
        dataset: The publication's dataset.
        languages: The publication's languages, as BCP 47 tags.
        sizes: The sizes of the site's files in bytes, by their paths.
    """

    def __init__(self, dataset: Dataset, languages: Iterable[str], sizes: Mapping[str, int]) -> None:
        """Take hold of what is told; the triples are made when they are asked for."""
        self._told = dataset
        self._names = dataset.names
        self._graph = dataset.graph
        self._languages = tuple(languages)
        self._sizes = sizes
        self._catalogue = dataset.names.catalogue
        self._dataset = dataset.names.dataset

    @cached_property
    def dcat_ap(self) -> Graph:
        """The catalogue in DCAT-AP 3.0.1, with what its values are."""
        stated = [*self._of_catalogue(), *self._of_dataset(), *self._of_agents(), *self._of_service()]
        for distribution in DISTRIBUTIONS:
            stated += self._of_distribution(distribution)
        return Graph((*stated, *typed(stated, self._languages)))

    @cached_property
    def dcat_ap_se(self) -> Graph:
        """The catalogue in DCAT-AP-SE 3.0.1: the same, but for what that profile asks to be otherwise."""
        ours = {s for s in self.dcat_ap.subjects if s.value.startswith(self._names.space)}
        ours |= {s for s in self.dcat_ap.subjects if self.dcat_ap.values(s, DCAT.bbox)}
        stated = (told for t in self.dcat_ap if t.subject in ours and (told := swedish(t)))
        return Graph((*stated, *self._registered(), *self._served()))

    def _served(self) -> Iterator[Triple]:
        """Name the places that the publisher serves as the Swedish portal does, by GeoNames."""
        for place in self._graph.values(self._publisher, SCHEMA.areaServed) if self._publisher else ():
            for same in self._graph.values(place, SCHEMA.sameAs) if isinstance(place, NamedNode) else ():
                if found := _GEONAMES.fullmatch(same.value):
                    area = NamedNode(f"http://sws.geonames.org/{found[1]}/")
                    yield Triple(self._dataset, DCTERMS.spatial, area)
                    yield Triple(area, A, DCTERMS.Location)

    def _registered(self) -> Iterator[Triple]:
        """Name a public body of Sweden as the portal does, by its organization number."""
        publisher = self._publisher
        if publisher is None or publisher not in self._graph.instances(SCHEMA.GovernmentOrganization):
            return
        if Literal("SE") in self._of_parts(publisher, SCHEMA.address, SCHEMA.addressCountry):
            for number in self._of_parts(publisher, SCHEMA.identifier, SCHEMA.value):
                if _ORGANIZATION_NUMBER.fullmatch(number.value):
                    yield Triple(publisher, OWL.sameAs, _SWEDISH_BODY[f"SE{number.value.replace('-', '')}"])

    def _of_parts(self, node: NamedNode, leading: NamedNode, predicate: NamedNode) -> list[Term]:
        """Return what is stated of the parts of a thing, such as the country of its address."""
        parts = [part for part in self._graph.values(node, leading) if isinstance(part, NamedNode)]
        return [value for part in parts for value in self._graph.values(part, predicate)]

    def _of_catalogue(self) -> Iterator[Triple]:
        about, licence = self._catalogue, self._value(DCTERMS.license)
        yield Triple(about, A, DCAT.Catalog)
        for triple in self._graph.about(about):
            if triple.predicate in _OF_THE_CATALOGUE and triple.predicate != DCTERMS.license:
                yield triple
        if isinstance(licence, NamedNode):
            yield Triple(about, DCTERMS.license, authority.LICENCES.get(licence, licence))
        yield from self._in_languages(about)
        yield Triple(about, DCAT.themeTaxonomy, authority.THEMES)
        yield Triple(about, DCAT.dataset, self._dataset)
        yield from called((authority.THEMES, DCTERMS["title"]), self._languages)

    def _of_dataset(self) -> Iterator[Triple]:
        about, space = self._dataset, self._names.space
        yield Triple(about, A, DCAT.Dataset)
        for triple in self._graph.about(self._catalogue):
            if triple.predicate in _COPIED:
                yield Triple(about, triple.predicate, triple.object)
        yield from self._in_languages(about)
        yield from self._contacts(about)
        yield from self._temporal()
        yield Triple(about, DCTERMS.accessRights, authority.PUBLIC)
        yield Triple(about, DCTERMS.identifier, Literal(about.value, datatype=XSD.anyURI))
        yield Triple(about, ADMS.identifier, self._part("identifier"))
        yield Triple(self._part("identifier"), A, ADMS.Identifier)
        uuid = uuid_of(about.value)
        yield Triple(self._part("identifier"), SKOS.notation, Literal(uuid, datatype=XSD.anyURI))
        yield Triple(about, DCAT.landingPage, NamedNode(space))
        yield Triple(about, DCTERMS.conformsTo, SPECIFICATION)
        yield Triple(about, DCTERMS.relation, NamedNode(f"{space}.well-known/void"))
        yield Triple(about, DCTERMS.provenance, self._part("provenance"))
        yield Triple(self._part("provenance"), A, DCTERMS.ProvenanceStatement)
        yield from self._worded(
            "Each thing names the sources that were read for it.", (self._part("provenance"), RDFS.label)
        )
        for source in self._values(PROV.wasDerivedFrom):
            yield Triple(about, PROV.wasDerivedFrom, source)
        if (modified := self._value(DCTERMS.modified)) is not None:
            yield Triple(about, DCAT.version, Literal(modified.value))
        for distribution in DISTRIBUTIONS:
            yield Triple(about, DCAT.distribution, self._part(distribution.key))

    def _of_distribution(self, distribution: Distribution) -> Iterator[Triple]:
        about, address = self._part(distribution.key), NamedNode(f"{self._names.space}{distribution.path}")
        yield Triple(about, A, DCAT.Distribution)
        for tag in self._languages:
            title = f"{distribution.name}: {translations(tag).gettext(distribution.content)}"
            yield Triple(about, DCTERMS["title"], Literal(title, language=tag))
        yield from self._worded(distribution.message, (about, DCTERMS.description), distribution.name)
        yield from self._in_languages(about)
        yield from self._licensed(about)
        yield Triple(about, DCAT.accessURL, address)
        yield Triple(about, DCAT.downloadURL, address)
        yield Triple(about, DCTERMS["format"], EU[f"file-type/{distribution.file_type}"])
        yield Triple(about, DCAT.mediaType, MEDIA_TYPE[distribution.media_type])
        size = Literal(str(self._sizes[distribution.path]), datatype=XSD.nonNegativeInteger)
        yield Triple(about, DCAT.byteSize, size)
        yield Triple(about, ADMS.status, authority.COMPLETED)
        yield Triple(about, DCATAP.availability, authority.STABLE)
        yield Triple(about, DCTERMS.conformsTo, NamedNode(distribution.standard))
        yield Triple(about, FOAF.page, NamedNode(self._names.space))
        if distribution.media_type == "text/csv":
            yield Triple(about, FOAF.page, NamedNode(f"{self._names.space}{TABLES}"))
        for predicate in (DCTERMS.issued, DCTERMS.modified):
            yield from (Triple(about, predicate, value) for value in self._values(predicate))

    def _licensed(self, about: NamedNode) -> Iterator[Triple]:
        licence, rights = self._value(DCTERMS.license), self._part("rights")
        if isinstance(licence, NamedNode):
            yield Triple(about, DCTERMS.license, authority.LICENCES.get(licence, licence))
            yield Triple(about, DCTERMS.rights, rights)
            yield Triple(rights, A, DCTERMS.RightsStatement)
            attributed = list(self._attributed(rights))
            told, form = (rights, RDFS.label), licence.value
            if attributed:
                yield from self._worded(
                    "Free to use under the licence {form}. Single facts were taken from the sources named "
                    "here, whose own licences hold for the sources themselves.",
                    told,
                    form,
                )
            else:
                yield from self._worded("Free to use under the licence {form}.", told, form)
            yield from attributed

    def _attributed(self, rights: NamedNode) -> Iterator[Triple]:
        """Name the sources that have a licence of their own, which may ask for that."""
        for source in self._values(PROV.wasDerivedFrom):
            licence = self._graph.value(source, SCHEMA.license)  # type: ignore[arg-type]
            if not isinstance(licence, NamedNode) or licence in authority.WITHOUT_TERMS:
                continue
            for name in self._graph.values(source, SCHEMA.name):  # type: ignore[arg-type]
                if isinstance(name, Literal):
                    text = Literal(f"{name.value} ({licence.value})", language=name.language)
                    yield Triple(rights, ODRS.attributionText, text)
            for address in self._graph.values(source, SCHEMA.url):  # type: ignore[arg-type]
                if is_linkable(address.value):
                    yield Triple(rights, ODRS.attributionURL, address)

    def _of_agents(self) -> Iterator[Triple]:
        publisher = self._publisher
        if publisher is None:
            return
        yield Triple(publisher, A, FOAF.Agent)
        for theirs, ours in ((SCHEMA.name, FOAF.name), (SCHEMA.description, DCTERMS.description)):
            yield from (Triple(publisher, ours, text) for text in self._graph.values(publisher, theirs))
        types = self._graph.values(publisher, A)
        kind = next((authority.PUBLISHER_TYPES[t] for t in types if t in authority.PUBLISHER_TYPES), None)  # type: ignore[index]
        yield Triple(publisher, DCTERMS.type, PUBLISHER_TYPE[kind or "NonGovernmentalOrganisation"])
        taken = self._values(FOAF.homepage)  # of two things with one home page FOAF says that they are one
        for address in self._graph.values(publisher, SCHEMA.url):
            if is_linkable(address.value) and address not in taken:
                yield Triple(publisher, FOAF.homepage, address)
        for code in self._of_parts(publisher, SCHEMA.identifier, SCHEMA.value):
            yield Triple(publisher, DCTERMS.identifier, code)
        for contact in self._contact_points:
            yield from self._of_contact(contact)

    def _of_contact(self, contact: NamedNode) -> Iterator[Triple]:
        yield Triple(contact, A, VCARD.Kind)
        yield Triple(contact, A, VCARD.Organization)
        for name in self._graph.values(contact, SCHEMA.name):
            yield Triple(contact, VCARD.fn, name)
        for address in self._graph.values(contact, SCHEMA.email):
            yield Triple(contact, VCARD.hasEmail, NamedNode(f"mailto:{quote(address.value, safe='@+')}"))
        for place, number in enumerate(self._graph.values(contact, SCHEMA.telephone), 1):
            digits = "".join(c for c in number.value if c.isdigit() or c == "+")
            voice = NamedNode(f"{contact.value}#voice-{place}")
            yield Triple(contact, VCARD.hasTelephone, voice)
            yield Triple(voice, A, VCARD.Voice)
            yield Triple(voice, VCARD.hasValue, NamedNode(f"tel:{digits}"))
        yield from self._of_address(contact)

    def _of_address(self, contact: NamedNode) -> Iterator[Triple]:
        """State where a contact point is reached: its own address, else the publisher's."""
        for address in self._addresses(contact)[:1] or self._addresses(self._publisher)[:1]:
            yield Triple(contact, VCARD.hasAddress, address)
            yield Triple(address, A, VCARD.Address)
            for theirs, ours in _ADDRESS.items():
                yield from (Triple(address, ours, text) for text in self._graph.values(address, theirs))
            for country in self._graph.values(address, SCHEMA.addressCountry):
                name = territory_name(country.value, next(iter(self._languages), "en"))
                yield Triple(address, VCARD["country-name"], Literal(name))

    def _addresses(self, node: NamedNode | None) -> list[NamedNode]:
        """Return the addresses of a contact point or an organization: those that name a street first."""
        stated = self._graph.values(node, SCHEMA.address) if node else []
        addresses = [one for one in stated if isinstance(one, NamedNode)]
        return sorted(addresses, key=lambda address: not self._graph.values(address, SCHEMA.streetAddress))

    def _of_service(self) -> Iterator[Triple]:
        """Describe the query service, where there is one."""
        endpoint = self._value(VOID.sparqlEndpoint)
        if not isinstance(endpoint, NamedNode):
            return
        about = self._part("sparql")
        yield Triple(self._catalogue, DCAT.service, about)
        yield Triple(about, A, DCAT.DataService)
        yield from self._worded("Query service (SPARQL API)", (about, DCTERMS["title"]))
        yield from self._worded(
            "Answers SPARQL 1.1 queries over the whole dataset.", (about, DCTERMS.description)
        )
        for predicate in (DCTERMS.publisher, DCAT.keyword, DCAT.theme):
            yield from (Triple(about, predicate, value) for value in self._values(predicate))
        yield from self._contacts(about)
        yield from self._licensed(about)
        yield Triple(about, DCAT.endpointURL, endpoint)
        yield Triple(about, DCAT.endpointDescription, endpoint)
        yield Triple(about, DCAT.servesDataset, self._dataset)
        yield Triple(about, DCTERMS.accessRights, authority.PUBLIC)
        yield Triple(about, DCTERMS["format"], EU["file-type/SPARQLQRES"])
        yield Triple(about, DCTERMS.conformsTo, authority.SPARQL_PROTOCOL)
        yield Triple(about, FOAF.page, NamedNode(self._names.space))

    def _temporal(self) -> Iterator[Triple]:
        """State the time that the dataset tells of, as far as it is known."""
        told, node = dating.period(self._told), self._part("temporal")
        if told.start or told.end:
            yield Triple(self._dataset, DCTERMS.temporal, node)
            yield Triple(node, A, DCTERMS.PeriodOfTime)
        for predicate, date in ((DCAT.startDate, told.start), (DCAT.endDate, told.end)):
            if date:
                yield Triple(node, predicate, date)

    def _in_languages(self, about: NamedNode) -> Iterator[Triple]:
        for tag in self._languages:
            if (language := authority.language(tag)) is not None:
                yield Triple(about, DCTERMS.language, language)

    def _contacts(self, about: NamedNode) -> Iterator[Triple]:
        yield from (Triple(about, DCAT.contactPoint, contact) for contact in self._contact_points)

    def _worded(self, message: str, where: tuple[NamedNode, NamedNode], form: str = "") -> Iterator[Triple]:
        """State a message of a subject by a predicate, in every language."""
        for tag in self._languages:
            text = translations(tag).gettext(message).format(form=form)
            yield Triple(*where, Literal(text, language=tag))

    @cached_property
    def _publisher(self) -> NamedNode | None:
        publisher = self._value(DCTERMS.publisher)
        return publisher if isinstance(publisher, NamedNode) else None

    @cached_property
    def _contact_points(self) -> list[NamedNode]:
        points = self._graph.values(self._publisher, SCHEMA.contactPoint) if self._publisher else []
        return [point for point in points if isinstance(point, NamedNode)]

    def _part(self, name: str) -> NamedNode:
        return NamedNode(f"{self._dataset.value}#{name}")

    def _values(self, predicate: NamedNode) -> list[Term]:
        return self._graph.values(self._catalogue, predicate)

    def _value(self, predicate: NamedNode) -> Term | None:
        return self._graph.value(self._catalogue, predicate)
