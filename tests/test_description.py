"""What belongs to a document: what is derived, who tells of what, and what an edit can touch."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from twintowns.dataset import Dataset, foreign_documents
from twintowns.derivation import derived
from twintowns.description import describe, touched
from twintowns.iris import Names
from twintowns.loading import SourceFile
from twintowns.statistics import statistics
from twintowns.vocabulary import (
    DCTERMS,
    KIND,
    OWL,
    RDFS,
    SCHEMA,
    SHAPE,
    SKOS,
    STATUS,
    TT,
    WD,
    WDT,
    A,
    Namespace,
)

NAMES = Names("https://example.org/town/")
PLACE, TWINNING = Namespace(f"{NAMES.space}place/"), Namespace(f"{NAMES.space}twinning/")
ARTICLE = Namespace(f"{NAMES.space}article/")
Q1, Q2, Q3 = PLACE.Q1, PLACE.Q2, PLACE.Q3
GEO = NamedNode(f"{Q1.value}#geo")
T = TWINNING["Q1-Q2"]
ASSERTED = [
    Triple(Q1, A, SCHEMA.City),
    Triple(Q1, SCHEMA.name, Literal("One", language="en")),
    Triple(Q1, SCHEMA.name, Literal("Ein", language="de")),
    Triple(Q1, SCHEMA.sameAs, WD.Q1),
    Triple(Q1, SCHEMA.sameAs, NamedNode("https://sws.geonames.org/1/")),
    Triple(Q1, SCHEMA.geo, GEO),
    Triple(GEO, SCHEMA.latitude, Literal("1")),
    Triple(Q2, A, SCHEMA.City),
    Triple(Q2, SCHEMA.name, Literal("Two", language="en")),
    Triple(Q2, SCHEMA.sameAs, WD.Q2),
    Triple(Q2, SCHEMA.containedInPlace, Q3),
    Triple(Q3, SCHEMA.name, Literal("Three", language="en")),
    Triple(T, A, TT.Twinning),
    Triple(T, TT.partner, Q1),
    Triple(T, TT.partner, Q2),
    Triple(T, TT.kind, KIND.twinning),
    Triple(T, TT.status, STATUS.active),
    Triple(ARTICLE.a, SCHEMA.about, Q1),
]


def _dataset(asserted: list[Triple], *, with_derived: bool = True) -> Dataset:
    stated = frozenset(asserted)
    file = SourceFile(Path("x"), tuple(asserted))
    vocabulary = frozenset({Triple(TT.partner, RDFS.label, Literal("partner", language="en"))})
    shapes = frozenset(
        {
            Triple(SHAPE.Place, DCTERMS.source, BlankNode("b")),
            Triple(BlankNode("b"), RDFS.label, BlankNode("c")),
        }
    )
    return Dataset(
        NAMES,
        stated,
        derived(stated) if with_derived else frozenset(),
        vocabulary,
        shapes,
        foreign_documents(NAMES, [file], []),
    )


def _changed(**changes: NamedNode) -> frozenset[Triple]:
    """Return what is derived where the twinning has another kind or status."""
    kept = [t for t in ASSERTED if t.predicate not in {TT.kind, TT.status}]
    told = {"kind": KIND.twinning, "status": STATUS.active, **changes}
    return derived([*kept, Triple(T, TT.kind, told["kind"]), Triple(T, TT.status, told["status"])])


def test_derived() -> None:
    """Links between partners and their items, inverse links and names follow from what is asserted."""
    assert derived(ASSERTED) == {
        Triple(Q1, TT.twinnedWith, Q2),
        Triple(Q2, TT.twinnedWith, Q1),
        Triple(WD.Q1, WDT.P190, WD.Q2),
        Triple(WD.Q2, WDT.P190, WD.Q1),
        Triple(Q1, TT.partnerIn, T),
        Triple(Q2, TT.partnerIn, T),
        Triple(Q3, SCHEMA.containsPlace, Q2),
        Triple(Q1, SCHEMA.subjectOf, ARTICLE.a),
        Triple(T, SCHEMA.name, Literal("One \N{EN DASH} Two", language="en")),
    }


@pytest.mark.parametrize(
    ("kind", "status", "twinned"),
    [
        (KIND.twinning, STATUS.active, True),
        (KIND["twin-county"], STATUS.active, True),
        (KIND.friendship, STATUS.dormant, True),
        (KIND.contact, STATUS.active, False),
        (KIND["project-partnership"], STATUS.active, False),
        (KIND.twinning, STATUS.planned, False),
        (KIND.twinning, STATUS.ended, False),
    ],
)
def test_twinned_now(kind: NamedNode, status: NamedNode, twinned: bool) -> None:  # noqa: FBT001 - an expectation
    """Places are twinned where a twinning is neither planned nor ended, nor merely a contact or a project."""
    told = _changed(kind=kind, status=status)
    assert (Triple(Q1, TT.twinnedWith, Q2) in told) is twinned
    assert (Triple(WD.Q1, WDT.P190, WD.Q2) in told) is twinned
    assert Triple(Q1, TT.partnerIn, T) in told


def test_asserted_is_not_derived() -> None:
    """What was asserted is not derived as well."""
    stated = Triple(Q1, TT.twinnedWith, Q2)
    assert stated not in derived([*ASSERTED, stated])


def test_several_names() -> None:
    """A twinning has one name a language, though a partner has several."""
    told = derived([*ASSERTED, Triple(Q2, SCHEMA.name, Literal("Also", language="en"))])
    assert [t.object for t in told if t.predicate == SCHEMA.name] == [
        Literal("One \N{EN DASH} Also", language="en")
    ]


def test_three_partners() -> None:
    """Of three partners each is twinned with the two others."""
    told = derived([*ASSERTED, Triple(T, TT.partner, Q3)])
    assert len([t for t in told if t.predicate == TT.twinnedWith]) == 6
    assert Triple(T, SCHEMA.name, Literal("One \N{EN DASH} Two \N{EN DASH} Three", language="en")) in told


def test_documents() -> None:
    """A document tells of its own IRI first, its parts, and the Wikidata item that it is the same as."""
    documents = _dataset(ASSERTED).documents
    assert documents[Q1] == [Q1, WD.Q1, GEO]
    assert list(documents) == sorted(documents, key=lambda iri: iri.value)
    assert set(documents) == {
        Q1,
        Q2,
        Q3,
        T,
        ARTICLE.a,
        SHAPE.Place,
        NamedNode("https://w3id.org/twintowns/ns"),
    }


def test_own_iri_comes_first() -> None:
    """The first of the IRIs that a document tells of is its own, though it states nothing of it."""
    for document, subjects in _dataset(ASSERTED).documents.items():
        assert subjects[0] == document
        assert len(set(subjects)) == len(subjects)


def test_published() -> None:
    """The dumps hold everything but the shapes."""
    dataset = _dataset(ASSERTED)
    assert set(dataset.graph) - set(dataset.published) == dataset.shapes
    assert dataset.document_of(BlankNode("b")) is None


def test_statistics() -> None:
    """Triples, twinnings, places and documents are counted, each once."""
    dataset = _dataset([*ASSERTED, Triple(Q1, A, SCHEMA.AdministrativeArea)])
    told = statistics(dataset)
    assert (told.triples, told.derived) == (len(dataset.published), 9)
    assert (told.twinnings, told.places, told.documents) == (1, 2, len(dataset.documents))


def test_foreign() -> None:
    """A place tells of its item, an alignment of the terms that it is about, and neither of what is ours."""
    alignment = NamedNode("https://w3id.org/twintowns/alignments/x")
    vocabulary = [
        SourceFile(
            Path("a"), (Triple(alignment, A, OWL.Ontology), Triple(SCHEMA.City, RDFS.label, Literal("x")))
        ),
        SourceFile(Path("b"), (Triple(SCHEMA.Place, RDFS.label, Literal("x")),)),
        SourceFile(Path("c"), (Triple(TT.partner, RDFS.label, Literal("x")),)),
    ]
    data = [
        SourceFile(
            Path("d"), (*ASSERTED, Triple(Q3, SCHEMA.sameAs, WD.Q1), Triple(Q3, SCHEMA.sameAs, Literal("x")))
        )
    ]
    assert foreign_documents(NAMES, data, vocabulary) == {WD.Q1: Q1, WD.Q2: Q2, SCHEMA.City: alignment}


def test_description() -> None:
    """A description holds a document's own triples, those that lead to it, and its neighbours' names."""
    described = describe(_dataset(ASSERTED), Q1)
    own = {t for t in (*ASSERTED, *derived(ASSERTED)) if t.subject in {Q1, GEO, WD.Q1}}
    assert set(described.own) == own
    assert set(described.incoming) == {
        Triple(T, TT.partner, Q1),
        Triple(Q2, TT.twinnedWith, Q1),
        Triple(ARTICLE.a, SCHEMA.about, Q1),
        Triple(WD.Q2, WDT.P190, WD.Q1),
    }
    assert {t.subject for t in described.summaries} == {Q2, T}
    assert {t.predicate for t in described.summaries} == {A, SCHEMA.name}
    assert described.derived <= derived(ASSERTED)
    assert set(described.graph) == {*described.own, *described.incoming, *described.summaries}


def test_blank_nodes_below() -> None:
    """The blank nodes below a document belong to it, a circle of them once."""
    circle = [Triple(Q1, SCHEMA.about, BlankNode("b")), Triple(BlankNode("b"), SCHEMA.about, BlankNode("b"))]
    described = describe(_dataset([*ASSERTED, *circle]), Q1)
    assert set(circle) <= set(described.own)
    assert len(described.own) == len(set(described.own))


def test_class_is_not_linked_from_its_instances() -> None:
    """Being an instance of a class is no link to follow back."""
    vocabulary = Dataset(NAMES, frozenset([Triple(Q1, A, TT.Twinning)]), *(frozenset[Triple](),) * 3, {})
    typed = Dataset(
        NAMES,
        vocabulary.asserted,
        frozenset(),
        frozenset([Triple(TT.Twinning, A, OWL.Class)]),
        frozenset(),
        {},
    )
    assert describe(typed, NamedNode("https://w3id.org/twintowns/ns")).incoming == ()


def test_concepts_are_defined_in_their_scheme() -> None:
    """A scheme tells the definitions of its concepts, and what only names a concept does not."""
    concept, scheme = KIND.x, NamedNode("https://w3id.org/twintowns/kind")
    stated = [
        Triple(scheme, A, SKOS.ConceptScheme),
        Triple(concept, A, SKOS.Concept),
        Triple(concept, SKOS.inScheme, scheme),
        Triple(T, TT.kind, concept),
    ]
    definition = Triple(concept, SKOS.definition, Literal("x"))
    dataset = _dataset([*ASSERTED, *stated, definition])
    assert definition in describe(dataset, scheme).summaries
    assert definition not in describe(dataset, T).summaries
    assert {concept, scheme} <= touched(dataset, [definition])


@pytest.mark.parametrize(
    ("changed", "documents"),
    [
        (Triple(Q2, SCHEMA.description, Literal("x")), {Q2}),
        (Triple(GEO, SCHEMA.longitude, Literal("1")), {Q1}),
        (Triple(Q1, SCHEMA.about, Q3), {Q1, Q3}),
        (Triple(Q3, SCHEMA.name, Literal("x")), {Q3, Q2}),
        (Triple(NamedNode("https://elsewhere.example/"), SCHEMA.about, Literal("x")), set()),
        (Triple(BlankNode("b"), SCHEMA.about, Literal("x")), set()),
    ],
)
def test_touched(changed: Triple, documents: set[NamedNode]) -> None:
    """An edit touches the documents at its ends, and the neighbours where it changes a name or type."""
    assert touched(_dataset(ASSERTED), [changed]) == documents


@settings(deadline=None)
@given(st.sets(st.sampled_from(ASSERTED)), st.sets(st.sampled_from(ASSERTED)))
def test_no_edit_touches_more(before: set[Triple], after: set[Triple]) -> None:
    """A document whose description differs is among those that an edit is said to touch."""
    old, new = _dataset(list(before)), _dataset(list(after))
    differing = (old.asserted ^ new.asserted) | (old.derived ^ new.derived)
    said = touched(old, differing) | touched(new, differing)
    for document in old.documents.keys() & new.documents.keys():
        if describe(old, document) != describe(new, document):
            assert document in said
