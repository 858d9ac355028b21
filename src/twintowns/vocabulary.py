"""The words: every namespace and term that the program itself needs to know, as typed values.

A namespace makes its terms by attribute or by key, so that a misspelt prefix fails where it stands.

Source of each namespace: the document that it leads to.
"""

from functools import lru_cache
from typing import Final

from pyoxigraph import NamedNode


@lru_cache(maxsize=4096)
def _term(iri: str) -> NamedNode:
    return NamedNode(iri)


class Namespace(str):
    """An IRI that begins the IRIs of a vocabulary.

    >>> SCHEMA.name
    <NamedNode value=https://schema.org/name>
    >>> WD["Q503184"].value
    'http://www.wikidata.org/entity/Q503184'
    """

    __slots__ = ("__dict__",)

    def __getitem__(self, local_name: object) -> NamedNode:  # type: ignore[override]
        """Return the term of that local name."""
        return _term(f"{self!s}{local_name}")

    def __getattr__(self, local_name: str) -> NamedNode:
        """Return the term of that local name, where it is a Python name and no method of `str`."""
        if local_name.startswith("__"):
            raise AttributeError(local_name)
        term = self.__dict__[local_name] = self[local_name]  # an attribute from now on, which is found sooner
        return term


W3ID: Final = Namespace("https://w3id.org/twintowns/")
TT: Final = Namespace("https://w3id.org/twintowns/ns#")
SHAPE: Final = Namespace("https://w3id.org/twintowns/shape/")
KIND: Final = Namespace("https://w3id.org/twintowns/kind/")
STATUS: Final = Namespace("https://w3id.org/twintowns/status/")
FIELD: Final = Namespace("https://w3id.org/twintowns/field/")
GROUND: Final = Namespace("https://w3id.org/twintowns/ground/")

ADMS: Final = Namespace("http://www.w3.org/ns/adms#")
AS: Final = Namespace("https://www.w3.org/ns/activitystreams#")
DBO: Final = Namespace("http://dbpedia.org/ontology/")
DCAT: Final = Namespace("http://www.w3.org/ns/dcat#")
DCATAP: Final = Namespace("http://data.europa.eu/r5r/")
DCTERMS: Final = Namespace("http://purl.org/dc/terms/")
ELI: Final = Namespace("http://data.europa.eu/eli/ontology#")
FOAF: Final = Namespace("http://xmlns.com/foaf/0.1/")
GEOSPARQL: Final = Namespace("http://www.opengis.net/ont/geosparql#")
ODRS: Final = Namespace("http://schema.theodi.org/odrs#")
OWL: Final = Namespace("http://www.w3.org/2002/07/owl#")
PROF: Final = Namespace("http://www.w3.org/ns/dx/prof/")
PROV: Final = Namespace("http://www.w3.org/ns/prov#")
RDF: Final = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS: Final = Namespace("http://www.w3.org/2000/01/rdf-schema#")
SCHEMA: Final = Namespace("https://schema.org/")
SD: Final = Namespace("http://www.w3.org/ns/sparql-service-description#")
SH: Final = Namespace("http://www.w3.org/ns/shacl#")
SKOS: Final = Namespace("http://www.w3.org/2004/02/skos/core#")
VANN: Final = Namespace("http://purl.org/vocab/vann/")
VCARD: Final = Namespace("http://www.w3.org/2006/vcard/ns#")
VOID: Final = Namespace("http://rdfs.org/ns/void#")
WD: Final = Namespace("http://www.wikidata.org/entity/")
WDT: Final = Namespace("http://www.wikidata.org/prop/direct/")
XSD: Final = Namespace("http://www.w3.org/2001/XMLSchema#")

PREFIXES: Final[dict[str, str]] = {
    "adms": ADMS,
    "as": AS,
    "dbo": DBO,
    "dcat": DCAT,
    "dcatap": DCATAP,
    "dcterms": DCTERMS,
    "eli": ELI,
    "field": FIELD,
    "foaf": FOAF,
    "geosparql": GEOSPARQL,
    "ground": GROUND,
    "kind": KIND,
    "odrs": ODRS,
    "owl": OWL,
    "prof": PROF,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": SCHEMA,
    "sh": SH,
    "shape": SHAPE,
    "skos": SKOS,
    "status": STATUS,
    "tt": TT,
    "vann": VANN,
    "vcard": VCARD,
    "void": VOID,
    "wd": WD,
    "wdt": WDT,
    "xsd": XSD,
}

A: Final = RDF.type
NAMES: Final = (
    SCHEMA.name,
    SCHEMA.headline,
    SKOS.prefLabel,
    RDFS.label,
    DCTERMS["title"],
    FOAF.name,
)
"""The predicates that name a thing, in the order in which they are preferred."""
