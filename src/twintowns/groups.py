"""In which groups, under which headings, properties stand on a page; what is in none comes last."""

from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from twintowns.vocabulary import AS, DCAT, DCTERMS, FOAF, RDFS, SCHEMA, SH, SKOS, TT, VOID, WDT


class Group(NamedTuple):
    """Properties that stand together on a page.

    Attributes:
        title: The message identifier of the heading.
        predicates: The properties, in their order.
    """

    title: str
    predicates: tuple[NamedNode, ...]


GROUPS: Final = (
    Group(
        "Twinning",
        (
            TT.partner,
            TT.participant,
            SCHEMA.startDate,
            SCHEMA.endDate,
            TT.kind,
            TT.status,
            TT.field,
            TT.commonGround,
            TT.association,
            TT.industrialContact,
            TT.twinnedWith,
            TT.partnerIn,
        ),
    ),
    Group("Place", (SCHEMA.containedInPlace, SCHEMA.containsPlace, SCHEMA.geo, SCHEMA.areaServed)),
    Group(
        "Contact",
        (
            SCHEMA.contactPoint,
            SCHEMA.telephone,
            SCHEMA.email,
            SCHEMA.hoursAvailable,
            SCHEMA.address,
            SCHEMA.url,
            FOAF.homepage,
            SCHEMA.jobTitle,
            SCHEMA.employee,
            SCHEMA.member,
            TT.consentDate,
            TT.consentsTo,
        ),
    ),
    Group("About", (SCHEMA.about, SCHEMA.subjectOf)),
    Group(
        "Names",
        (
            SCHEMA.name,
            SCHEMA.headline,
            SCHEMA.alternateName,
            SKOS.prefLabel,
            SKOS.altLabel,
            SKOS.hiddenLabel,
            RDFS.label,
            DCTERMS["title"],
            SH.name,
        ),
    ),
    Group(
        "Publication",
        (
            AS.deleted,
            DCTERMS.isReplacedBy,
            DCTERMS.publisher,
            SCHEMA.publisher,
            DCTERMS.license,
            SCHEMA.license,
            SCHEMA.inLanguage,
            DCTERMS.language,
            TT.mainLanguage,
            DCTERMS.issued,
            DCTERMS.created,
            DCTERMS.modified,
            SCHEMA.datePublished,
            SCHEMA.dateModified,
            TT.retrievedOn,
            VOID.uriSpace,
        ),
    ),
    Group(
        "Concept",
        (
            SKOS.inScheme,
            SKOS.topConceptOf,
            SKOS.hasTopConcept,
            SKOS.broader,
            SKOS.narrower,
            SKOS.related,
            SKOS.exactMatch,
            SKOS.closeMatch,
            SKOS.scopeNote,
        ),
    ),
    Group(
        "Shape",
        (
            SH.targetClass,
            SH.targetSubjectsOf,
            SH.targetObjectsOf,
            SH.property,
            SH.sparql,
            SH.message,
            SH.description,
            SH.severity,
            SH.closed,
            SH.ignoredProperties,
        ),
    ),
    Group(
        "Dataset",
        (
            DCAT.dataset,
            DCAT.service,
            DCAT.keyword,
            DCAT.theme,
            DCAT.themeTaxonomy,
            DCTERMS.spatial,
            DCTERMS.temporal,
            DCTERMS.accrualPeriodicity,
            DCAT.distribution,
        ),
    ),
    Group("Identifiers and links", (SCHEMA.identifier, SCHEMA.sameAs, WDT.P190, RDFS.seeAlso)),
    Group("Sources", (DCTERMS.source, TT.unknown)),
)

NAMING: Final = frozenset(next(group.predicates for group in GROUPS if group.title == "Names"))
"""The properties whose values are shown in every language."""
