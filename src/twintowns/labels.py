"""What classes and properties are called on a page, and in which groups and order they stand.

The words are message identifiers, translated by the message catalogues; the terms coined here bring their
own labels from the ontology.
"""

from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from twintowns.vocabulary import (
    DCAT,
    DCTERMS,
    FOAF,
    NAMES,
    OWL,
    RDF,
    RDFS,
    SCHEMA,
    SH,
    SKOS,
    TT,
    VANN,
    VOID,
    WDT,
    A,
)


class Group(NamedTuple):
    """Properties that stand together on a page.

    Attributes:
        title: The message identifier of the heading.
        predicates: The properties, in their order.
    """

    title: str
    predicates: tuple[NamedNode, ...]


TEXTS: Final = (SCHEMA.articleBody, SCHEMA.description, SKOS.definition, DCTERMS.description, RDFS.comment)
"""What is shown as running text above the facts."""

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
            DCTERMS.publisher,
            SCHEMA.publisher,
            DCTERMS.license,
            SCHEMA.license,
            SCHEMA.inLanguage,
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
    Group("Identifiers and links", (SCHEMA.identifier, SCHEMA.sameAs, WDT.P190, RDFS.seeAlso)),
    Group("Sources", (DCTERMS.source, TT.unknown)),
)

TOLD_BY_HEADING: Final = frozenset((*NAMES, SH.name, RDFS.isDefinedBy))
"""What need not be listed of a part that stands below its document under a heading of its own."""

NAMING: Final = frozenset(next(group.predicates for group in GROUPS if group.title == "Names"))
"""The properties whose values are shown in every language."""

SHOWN_BOTH_WAYS: Final = frozenset(
    (
        TT.partner,
        TT.partnerIn,
        TT.twinnedWith,
        SCHEMA.containedInPlace,
        SCHEMA.containsPlace,
        SCHEMA.about,
        SCHEMA.subjectOf,
        SKOS.broader,
        SKOS.narrower,
        SKOS.hasTopConcept,
        SKOS.topConceptOf,
        WDT.P190,
    )
)
"""Properties whose inverse is stated as well, so that they need not be listed as incoming links."""

CLASSES: Final = {
    SCHEMA.AdministrativeArea: "Administrative area",
    SCHEMA.City: "Town",
    SCHEMA.Country: "Country",
    SCHEMA.Organization: "Organization",
    SCHEMA.GovernmentOrganization: "Public authority",
    SCHEMA.Corporation: "Company",
    SCHEMA.NGO: "Non-governmental organization",
    SCHEMA.NewsMediaOrganization: "News publisher",
    SCHEMA.ContactPoint: "Contact point",
    SCHEMA.Person: "Person",
    SCHEMA.Article: "Article",
    SCHEMA.WebPage: "Web page",
    SCHEMA.NewsArticle: "News article",
    SCHEMA.Dataset: "Dataset",
    SCHEMA.CreativeWork: "Work",
    DCAT.Catalog: "Catalogue",
    VOID.Dataset: "RDF dataset",
    SKOS.Concept: "Concept",
    SKOS.ConceptScheme: "Concept scheme",
    OWL.Ontology: "Ontology",
    OWL.Class: "Class",
    OWL.ObjectProperty: "Property that links things",
    OWL.DatatypeProperty: "Property with a text or number",
    OWL.AnnotationProperty: "Annotation property",
    OWL.SymmetricProperty: "Symmetric property",
    SH.NodeShape: "Shape",
    SH.PropertyShape: "Shape of a property",
    SH.SPARQLConstraint: "Constraint in SPARQL",
    SH.Violation: "Violation",
    SH.Warning: "Warning",
    SH.Info: "Hint",
}

PREDICATES: Final = {
    SCHEMA.name: "Name",
    SCHEMA.headline: "Headline",
    SCHEMA.alternateName: "Also called",
    SCHEMA.description: "Description",
    SCHEMA.articleBody: "Text",
    SCHEMA.startDate: "Since",
    SCHEMA.endDate: "Until",
    SCHEMA.containedInPlace: "Lies in",
    SCHEMA.containsPlace: "Contains",
    SCHEMA.geo: "Coordinates",
    SCHEMA.latitude: "Latitude",
    SCHEMA.longitude: "Longitude",
    SCHEMA.areaServed: "Works for",
    SCHEMA.contactPoint: "Contact point",
    SCHEMA.telephone: "Telephone",
    SCHEMA.email: "E-mail",
    SCHEMA.hoursAvailable: "Open",
    SCHEMA.opens: "From",
    SCHEMA.closes: "To",
    SCHEMA.dayOfWeek: "Day",
    SCHEMA.address: "Address",
    SCHEMA.streetAddress: "Street",
    SCHEMA.postalCode: "Postal code",
    SCHEMA.addressLocality: "Post town",
    SCHEMA.addressCountry: "Country",
    SCHEMA.url: "Website",
    SCHEMA.jobTitle: "Role",
    SCHEMA.employee: "Employee",
    SCHEMA.member: "Member",
    SCHEMA.about: "About",
    SCHEMA.subjectOf: "Mentioned in",
    SCHEMA.identifier: "Code",
    SCHEMA.propertyID: "Kind of code",
    SCHEMA.value: "Value",
    SCHEMA.sameAs: "The same as",
    SCHEMA.publisher: "Publisher",
    SCHEMA.license: "Licence",
    SCHEMA.inLanguage: "Language",
    SCHEMA.datePublished: "Published",
    SCHEMA.dateModified: "Last changed",
    DCTERMS["title"]: "Title",
    DCTERMS.description: "Description",
    DCTERMS.publisher: "Publisher",
    DCTERMS.license: "Licence",
    DCTERMS.source: "Source",
    DCTERMS.issued: "Published",
    DCTERMS.created: "Created",
    DCTERMS.modified: "Last changed",
    FOAF.homepage: "Website",
    VOID.uriSpace: "IRI space",
    WDT.P190: "Twinned administrative body (Wikidata P190)",
    A: "Type",
    RDF.value: "Value",
    RDFS.label: "Label",
    RDFS.comment: "Comment",
    RDFS.seeAlso: "See also",
    RDFS.isDefinedBy: "Defined by",
    RDFS.subClassOf: "Subclass of",
    RDFS.subPropertyOf: "Subproperty of",
    RDFS.domain: "Domain",
    RDFS.range: "Range",
    SCHEMA.domainIncludes: "Used for",
    SCHEMA.rangeIncludes: "With values of",
    OWL.inverseOf: "Inverse of",
    OWL.versionInfo: "Version",
    VANN.preferredNamespacePrefix: "Preferred prefix",
    VANN.preferredNamespaceUri: "Namespace",
    SKOS.prefLabel: "Preferred label",
    SKOS.altLabel: "Alternative label",
    SKOS.hiddenLabel: "Search term",
    SKOS.definition: "Definition",
    SKOS.example: "Example",
    SKOS.editorialNote: "Why it was needed",
    SKOS.scopeNote: "Scope",
    SKOS.inScheme: "In scheme",
    SKOS.broader: "Broader",
    SKOS.narrower: "Narrower",
    SKOS.related: "Related",
    SKOS.hasTopConcept: "Top concepts",
    SKOS.topConceptOf: "Top concept of",
    SH.name: "Name",
    SH.targetClass: "Applies to things of the class",
    SH.targetSubjectsOf: "Applies to things with the property",
    SH.targetObjectsOf: "Applies to values of the property",
    SH.property: "Rules",
    SH.sparql: "Rules in SPARQL",
    SH.path: "Property",
    SH.message: "Message",
    SH.description: "Description",
    SH.severity: "Severity",
    SH.minCount: "At least",
    SH.maxCount: "At most",
    SH.datatype: "Datatype",
    SH["class"]: "Class of the values",
    SH.nodeKind: "Kind of the values",
    SH["in"]: "One of",
    SH["or"]: "Either of",
    SH["not"]: "Not",
    SH.pattern: "Pattern",
    SH.select: "Query",
    SH.closed: "No other properties",
    SH.ignoredProperties: "Besides",
}
"""The names of properties, as message identifiers."""

ORDER: Final = {predicate: place for place, predicate in enumerate(PREDICATES)}
"""The place of each property among those of a thing."""

INCOMING: Final = {
    TT.participant: "Takes part in",
    TT.kind: "Twinnings of this kind",
    TT.status: "Twinnings with this status",
    TT.field: "Twinnings in this field",
    TT.commonGround: "Twinnings with this common ground",
    TT.association: "Carries",
    TT.industrialContact: "Industrial contact of",
    SCHEMA.contactPoint: "Contact point of",
    SCHEMA.publisher: "Publishes",
    DCTERMS.publisher: "Publishes",
    SCHEMA.areaServed: "Organizations that work for it",
    DCTERMS.source: "Source of",
    SKOS.inScheme: "Concepts of the scheme",
    RDFS.isDefinedBy: "Defines",
    SH.path: "Shapes of this property",
    SH.targetClass: "Shapes of this class",
    SH["class"]: "Shapes that ask for this class",
}
"""The names of properties read backwards, as message identifiers."""
