"""The few terms that are coined, their schemes, the JSON-LD context and the alignments, as they stand."""

import json
import re
from pathlib import Path
from typing import cast

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Store, Triple, parse

from twintowns.formatting import format_paths
from twintowns.graph import Graph
from twintowns.iris import SCHEMES, Names
from twintowns.jsonld import Context
from twintowns.loading import read_turtle
from twintowns.project import Project, turtle_files
from twintowns.vocabulary import (
    DBO,
    DCTERMS,
    OWL,
    PREFIXES,
    RDFS,
    SCHEMA,
    SKOS,
    TT,
    W3ID,
    WD,
    WDT,
    A,
    Namespace,
)

LANGUAGES = ["de", "en", "et", "fi", "sv"]
TERMS = [
    "Twinning",
    "association",
    "commonGround",
    "consentDate",
    "consentsTo",
    "field",
    "industrialContact",
    "kind",
    "mainLanguage",
    "participant",
    "partner",
    "partnerIn",
    "status",
    "twinnedWith",
    "unknown",
    "retrievedOn",
]
ENTAILMENT = (
    "INSERT { ?s ?q ?o } WHERE { ?s ?p ?o . ?p rdfs:subPropertyOf ?q }",
    "INSERT { ?s a ?d } WHERE { ?s a ?c . ?c rdfs:subClassOf ?d }",
    "INSERT { ?s a ?c } WHERE { ?s ?p ?o . ?p rdfs:domain ?c }",
    "INSERT { ?o a ?c } WHERE { ?s ?p ?o . ?p rdfs:range ?c FILTER(!ISLITERAL(?o)) }",
    "INSERT { ?s a ?d } WHERE { ?s a ?c . ?c owl:equivalentClass|^owl:equivalentClass ?d }",
    "INSERT { ?s ?q ?o } WHERE { ?s ?p ?o . ?p owl:equivalentProperty|^owl:equivalentProperty ?q }",
    "INSERT { ?o ?q ?s } WHERE { ?s ?p ?o . ?p owl:inverseOf|^owl:inverseOf ?q }",
    "INSERT { ?o ?p ?s } WHERE { ?s ?p ?o . ?p a owl:SymmetricProperty }",
)
"""What RDFS and the simplest of OWL entail (https://www.w3.org/TR/rdf11-mt/#rdfs-entailment)."""
FAMILIES = {
    "article": {SCHEMA.Article},
    "contact-point": {SCHEMA.ContactPoint},
    "organization": {
        SCHEMA.Organization,
        SCHEMA.GovernmentOrganization,
        SCHEMA.Corporation,
        SCHEMA.NGO,
        SCHEMA.NewsMediaOrganization,
    },
    "place": {SCHEMA.Place, SCHEMA.AdministrativeArea, SCHEMA.City, SCHEMA.Country},
    "source": {SCHEMA.WebPage, SCHEMA.NewsArticle, SCHEMA.Dataset, SCHEMA.CreativeWork},
    "twinning": {TT.Twinning, SCHEMA.Role, SCHEMA.Intangible},
}
"""What a thing in a folder may be, stated or entailed."""


@pytest.fixture(scope="module")
def ontology(repository: Path) -> Graph:
    """Return the vocabulary with its schemes and alignments."""
    files = turtle_files(repository / "ontology")
    return Graph(triple for path in files for triple in read_turtle(path).triples)


@pytest.fixture(scope="module")
def data(repository: Path) -> list[Triple]:
    """Return what is stated in the first publication."""
    return [t for path in turtle_files(repository / "data") for t in read_turtle(path).triples]


@pytest.fixture(scope="module")
def entailed(site: Path) -> Store:
    """Return the published dataset with all that its vocabulary entails."""
    store = Store()
    store.bulk_load(path=site / "dump/twintowns.ttl", format=RdfFormat.TURTLE)
    before = -1
    while before != len(store):
        before = len(store)
        for rule in ENTAILMENT:
            store.update(f"PREFIX rdfs: <{RDFS}> PREFIX owl: <{OWL}> {rule}")
    return store


def _texts(graph: Graph, subject: NamedNode, predicate: NamedNode) -> dict[str, str]:
    texts = [value for value in graph.values(subject, predicate) if isinstance(value, Literal)]
    assert len({text.language for text in texts}) == len(texts), "one text a language"
    return {text.language or "": text.value for text in texts}


def test_coined_terms(ontology: Graph) -> None:
    """The terms coined are those that the model lists."""
    told = {
        s.value.removeprefix(TT)
        for s in ontology.subjects
        if isinstance(s, NamedNode) and s.value.startswith(TT)
    }
    assert told == set(TERMS)


@pytest.mark.parametrize("name", TERMS)
def test_term(ontology: Graph, name: str) -> None:
    """A coined term is labelled and defined in five languages, and says by what it is defined."""
    term = TT[name]
    assert sorted(_texts(ontology, term, RDFS.label)) == LANGUAGES
    assert sorted(_texts(ontology, term, SKOS.definition)) == LANGUAGES
    assert ontology.values(term, RDFS.isDefinedBy) == [NamedNode("https://w3id.org/twintowns/ns")]
    assert ontology.value(term, A) is not None


@pytest.mark.parametrize("name", TERMS)
def test_why_term_was_needed(ontology: Graph, name: str) -> None:
    """A coined term names the nearest terms of schema.org and Wikidata, and why they were not enough."""
    near = {str(getattr(term, "value", "")) for term in ontology.values(TT[name], RDFS.seeAlso)}
    assert any(iri.startswith(SCHEMA) for iri in near)
    assert any(iri.startswith(WD) for iri in near)
    (note,) = _texts(ontology, TT[name], SKOS.editorialNote).values()
    assert re.fullmatch(r"[A-Zst].+\.", note)
    assert not re.search(r"\. [A-Z]", note), "one sentence"


@pytest.mark.parametrize("name", TERMS)
def test_example(ontology: Graph, name: str) -> None:
    """The example of a coined term is Turtle that uses it."""
    prefixes = Names("https://w3id.org/twintowns/ludvika/").prefixes()
    header = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in prefixes.items())
    for example in ontology.values(TT[name], SKOS.example):
        assert isinstance(example, Literal)
        quads = list(parse(header + example.value, format=RdfFormat.TURTLE))
        assert any(TT[name] in {quad.predicate, quad.object} for quad in quads)
    assert ontology.values(TT[name], SKOS.example)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_scheme(ontology: Graph, scheme: str) -> None:
    """A scheme has a title and a description in five languages, and its top concepts name it."""
    iri = NamedNode(f"{W3ID}{scheme}")
    assert sorted(_texts(ontology, iri, DCTERMS["title"])) == LANGUAGES
    assert sorted(_texts(ontology, iri, DCTERMS.description)) == LANGUAGES
    concepts = {t.subject for t in ontology.pointing_at(iri) if t.predicate == SKOS.inScheme}
    tops = {t.subject for t in ontology.pointing_at(iri) if t.predicate == SKOS.topConceptOf}
    assert len(concepts) > 3
    assert set(ontology.values(iri, SKOS.hasTopConcept)) == tops
    assert tops <= concepts


@pytest.mark.parametrize("scheme", SCHEMES)
def test_concepts(ontology: Graph, scheme: str) -> None:
    """A concept is labelled and defined in five languages, and hangs from its scheme."""
    namespace = Namespace(f"{W3ID}{scheme}/")
    concepts = [
        c
        for c in ontology.instances(SKOS.Concept)
        if isinstance(c, NamedNode) and c.value.startswith(namespace)
    ]
    assert concepts
    for concept in concepts:
        assert sorted(_texts(ontology, concept, SKOS.prefLabel)) == LANGUAGES, concept
        assert sorted(_texts(ontology, concept, SKOS.definition)) == LANGUAGES, concept
        assert ontology.values(concept, SKOS.inScheme) == [NamedNode(f"{W3ID}{scheme}")]
        hung = ontology.values(concept, SKOS.topConceptOf) or ontology.values(concept, SKOS.broader)
        assert hung, concept


def test_who_read_a_source_is_not_said(ontology: Graph) -> None:
    """A source that a harvest brings was read by the editors of Wikidata, not by this publication's."""
    told = Literal("The day on which the source was read.", language="en")
    assert told in ontology.values(TT.retrievedOn, SKOS.definition)


def test_labels_are_told_apart(ontology: Graph) -> None:
    """No two concepts of a scheme have one preferred label in a language."""
    told = [
        (str(ontology.value(concept, SKOS.inScheme)), str(label))
        for concept in ontology.instances(SKOS.Concept)
        for label in ontology.values(concept, SKOS.prefLabel)
    ]
    assert len(told) == len(set(told))


def test_prefixes_of_context(repository: Path) -> None:
    """The context declares the prefixes of the program, with the same namespaces."""
    definition = json.loads((repository / "ontology/context.jsonld").read_bytes())["@context"]
    assert {prefix: definition[prefix] for prefix in PREFIXES} == PREFIXES


def test_properties_of_data_are_in_the_context(repository: Path, site: Path) -> None:
    """Every property that is published, asserted or derived, has a term in the context."""
    context = Context(json.loads((repository / "ontology/context.jsonld").read_bytes()))
    used = {quad.predicate for quad in parse(path=site / "dump/twintowns.nt", format=RdfFormat.N_TRIPLES)} - {
        A
    }
    assert len(used) > 50
    without = [p.value for p in used if context.term(p).name not in context.definition]
    assert without == []


def test_coercions_fit_the_data(repository: Path, data: list[Triple]) -> None:
    """What the context says of the values of a property is true of every value in the data."""
    context = Context(json.loads((repository / "ontology/context.jsonld").read_bytes()))
    for triple in data:
        coercion = context.term(triple.predicate).coercion
        if coercion:
            told = triple.object.datatype.value if isinstance(triple.object, Literal) else "@id"
            assert told == coercion, triple


@pytest.mark.parametrize("folder", FAMILIES)
def test_nothing_false_is_entailed(entailed: Store, data: list[Triple], folder: str) -> None:
    """What the vocabulary and its alignments entail makes nothing into what it is not."""
    space = f"https://w3id.org/twintowns/ludvika/{folder}/"
    things = {t.subject for t in data if str(t.subject).startswith(f"<{space}") and "#" not in str(t.subject)}
    assert things
    for thing in things:
        types = {quad.object for quad in entailed.quads_for_pattern(thing, A, None, None)}
        assert types
        assert types <= FAMILIES[folder], thing


def test_counties_are_no_settlements(entailed: Store) -> None:
    """Nothing is entailed to be a settlement, as DBpedia's twinTown would have it."""
    assert not list(entailed.quads_for_pattern(None, A, DBO.Settlement, None))
    assert not list(entailed.quads_for_pattern(None, DBO.twinTown, None, None))


def test_entailed_p190(entailed: Store) -> None:
    """By the alignment, places that are twinned are so in Wikidata's sense."""
    query = f"SELECT ?a ?b {{ ?a <{TT}twinnedWith> ?b FILTER NOT EXISTS {{ ?a <{WDT}P190> ?b }} }}"
    assert list(cast("QuerySolutions", entailed.query(query))) == []
    assert list(entailed.quads_for_pattern(None, TT.twinnedWith, None, None))


def test_alignments_hold_schema_org(shared: Path, repository: Path) -> None:
    """What an alignment says of a term of schema.org is what schema.org says of it."""
    (release,) = [path for path in (shared / "suites/schemaorg-30.0").iterdir() if path.suffix == ".ttl"]
    official = {
        Triple(quad.subject, quad.predicate, quad.object)
        for quad in parse(path=release, format=RdfFormat.TURTLE)
        if not isinstance(quad.object, Literal)
    }
    told = read_turtle(repository / "ontology/alignments/schema.ttl").triples
    ours = {t for t in told if isinstance(t.subject, NamedNode) and t.subject.value.startswith(SCHEMA)}
    assert ours
    assert ours <= official


def test_canonical(repository: Path) -> None:
    """Data, ontology and shapes are in canonical form."""
    assert format_paths([repository], write=False) == []


def test_own_files(repository: Path) -> None:
    """The files that are held against the canonical form are those of the repository itself."""
    project = Project(repository)
    assert project.ontology == repository / "ontology"
    assert project.shapes == repository / "shapes"
    assert len([*project.data_files(), *project.vocabulary_files(), *project.shape_files()]) > 70
