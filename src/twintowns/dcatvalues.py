"""What the values in a catalogue are, and how the Swedish profile asks for them.

A portal looks up nothing, so the catalogue itself says what each value is: a document, a licence, a concept
of a table, an area. Sources: https://semiceu.github.io/DCAT-AP/releases/3.0.1/ and
https://docs.dataportal.se/dcat/
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from pyoxigraph import Literal, NamedNode, Triple

from twintowns import authority
from twintowns.authority import EU
from twintowns.codes import code_name
from twintowns.distributions import DISTRIBUTIONS
from twintowns.graph import Node
from twintowns.iris import local_name
from twintowns.outlines import extent_of
from twintowns.vocabulary import (
    ADMS,
    DCAT,
    DCATAP,
    DCTERMS,
    ELI,
    FOAF,
    GEOSPARQL,
    ODRS,
    PROV,
    RDFS,
    SKOS,
    VCARD,
    XSD,
    A,
)

_TYPES: Final = {
    DCTERMS.license: DCTERMS.LicenseDocument,
    DCTERMS.language: DCTERMS.LinguisticSystem,
    DCTERMS.accessRights: DCTERMS.RightsStatement,
    DCTERMS.accrualPeriodicity: DCTERMS.Frequency,
    DCTERMS["format"]: DCTERMS.MediaTypeOrExtent,
    DCTERMS.spatial: DCTERMS.Location,
    DCTERMS.conformsTo: DCTERMS.Standard,
    DCTERMS.relation: RDFS.Resource,
    DCAT.mediaType: DCTERMS.MediaType,
    DCAT.theme: SKOS.Concept,
    DCAT.themeTaxonomy: SKOS.ConceptScheme,
    DCAT.landingPage: FOAF.Document,
    DCAT.accessURL: RDFS.Resource,
    DCAT.downloadURL: RDFS.Resource,
    DCAT.endpointURL: RDFS.Resource,
    DCAT.endpointDescription: RDFS.Resource,
    DCATAP.applicableLegislation: ELI.LegalResource,
    DCATAP.availability: SKOS.Concept,
    ADMS.status: SKOS.Concept,
    DCTERMS.type: SKOS.Concept,
    FOAF.homepage: FOAF.Document,
    FOAF.page: FOAF.Document,
}
"""What the values of properties are: a portal does not look it up."""
_OPEN_LICENCES: Final[Mapping[Node, NamedNode]] = {
    theirs: ours for ours, theirs in authority.LICENCES.items()
}
_SWEDISH: Final = {PROV.wasDerivedFrom: DCTERMS.source}
"""What the Swedish profile calls otherwise."""
_MEDIA_TYPES: Final = {EU[f"file-type/{d.file_type}"].value: d.media_type for d in DISTRIBUTIONS} | {
    EU["file-type/SPARQLQRES"].value: "application/sparql-results+json"
}


def typed(stated: Iterable[Triple], languages: Sequence[str]) -> Iterator[Triple]:
    """State what the values are, and of concepts of a table also what they are called and in which it is."""
    for triple in stated:
        node, kind = triple.object, _TYPES.get(triple.predicate)
        if kind is not None and isinstance(node, NamedNode):
            yield Triple(node, A, kind)
            if kind == SKOS.Concept or (kind == DCTERMS.Location and node.value.startswith(EU)):
                yield from _concept(node, languages)
            if kind == DCTERMS.Location:
                yield from _area(node)
            if kind == DCTERMS.LicenseDocument and node in authority.LICENCE_TYPES:
                kind_of_licence = authority.LICENCE_TYPES[node]
                yield Triple(node, SKOS.exactMatch, _OPEN_LICENCES[node])  # which data and VoID name
                yield Triple(node, DCTERMS.type, kind_of_licence)
                yield Triple(kind_of_licence, A, SKOS.Concept)
                yield from _concept(kind_of_licence, languages)


def _area(node: NamedNode) -> Iterator[Triple]:
    """State where a country of the authority table lies: the portal searches by that."""
    if extent := extent_of(node.value.removeprefix(EU["country/"].value)):
        box = Literal(extent.bbox_text, datatype=GEOSPARQL.wktLiteral)
        yield Triple(node, DCAT.bbox, box)
        yield Triple(node, DCAT.centroid, Literal(extent.centroid_text, datatype=GEOSPARQL.wktLiteral))


def _concept(node: NamedNode, languages: Sequence[str]) -> Iterator[Triple]:
    """Say in which table a concept stands, and what both are called."""
    table = node.value.removeprefix(EU).removeprefix(authority.ADMS_TABLES).rpartition("/")[0]
    scheme = EU[table] if node.value.startswith(EU) else NamedNode(f"{authority.ADMS_TABLES}{table}/1.0")
    yield Triple(node, SKOS.inScheme, scheme)
    yield from called((node, SKOS.prefLabel), languages)
    yield Triple(scheme, A, SKOS.ConceptScheme)
    yield from called((scheme, DCTERMS["title"]), languages)


def called(where: tuple[NamedNode, NamedNode], languages: Sequence[str]) -> Iterator[Triple]:
    """State what a table or a concept of it is called in each language that has a word, and in English."""
    iri = where[0].value
    names = {tag: code_name(iri, tag) for tag in languages}
    names["en"] = code_name(iri, "en") or local_name(iri)
    yield from (Triple(*where, Literal(name, language=tag)) for tag, name in names.items() if name)


def uuid_of(iri: str) -> str:
    """Return the UUID that is made of an IRI alone, by which the Swedish portal knows what it has already.

    >>> uuid_of("https://example.org/")
    'urn:uuid:527dda32-a0de-5105-a042-cb475b5f7d11'
    """
    return uuid5(NAMESPACE_URL, iri).urn


def swedish(triple: Triple) -> Triple | None:
    """Return a triple as the Swedish profile asks for it, or None where it does not want it."""
    subject, predicate, value = triple
    is_of_rights = predicate == RDFS.label and subject.value.endswith("#rights")
    if (predicate, value) == (A, VCARD.Kind) or predicate == DCAT.mediaType or is_of_rights:
        return None
    if predicate == DCTERMS["format"]:
        return Triple(subject, predicate, Literal(_MEDIA_TYPES[value.value]))
    if predicate == DCTERMS.identifier and value.datatype == XSD.anyURI:
        return Triple(subject, predicate, Literal(uuid_of(subject.value), datatype=XSD.anyURI))
    if predicate == DCTERMS.license:
        return Triple(subject, predicate, _OPEN_LICENCES.get(value, value))
    if (predicate, value) == (A, DCTERMS.RightsStatement):
        return Triple(subject, A, ODRS.RightsStatement)
    return Triple(subject, _SWEDISH.get(predicate, predicate), value)
