"""What follows after an edit, told by what lies around it, is what follows from the whole."""

from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from twintowns.derivation import consequences, derived
from twintowns.packing import PackedGraph
from twintowns.project import QUERIES
from twintowns.vocabulary import DCAT, DCTERMS, KIND, SCHEMA, STATUS, TT, VOID, WD, XSD, A, Namespace

EX = Namespace("https://example.org/town/")
PLACES = [EX[f"place/Q{number}"] for number in range(1, 8)]
TWINNINGS = [EX[f"twinning/{name}"] for name in ("one", "two", "three", "four", "five")]
SOURCES = [EX["source/atlas"], EX["source/letter"]]
NUMBERS = [Literal("1", datatype=XSD.integer), Literal("01", datatype=XSD.integer)]
"""The same number, written as a store keeps it and otherwise."""
ARTICLE = EX["article/visit"]


def stating(
    subjects: list[NamedNode], predicate: NamedNode, values: list[object]
) -> st.SearchStrategy[Triple]:
    """Return triples of some subjects, of one property."""
    return st.builds(Triple, st.sampled_from(subjects), st.just(predicate), st.sampled_from(values))


NAMES = [
    Literal("Ett", language="sv"),
    Literal("One", language="en"),
    Literal("Yksi"),
    Literal("Två", language="sv"),
]
TRIPLES = st.one_of(
    stating(TWINNINGS, TT.partner, [*PLACES]),
    stating(TWINNINGS, TT.partner, [*PLACES]),
    stating(TWINNINGS, A, [TT.Twinning]),
    stating(TWINNINGS, TT.kind, [KIND.twinning, KIND.contact]),
    stating(TWINNINGS, TT.status, [STATUS.active, STATUS.ended]),
    stating(PLACES, SCHEMA.name, [*NAMES]),
    stating(PLACES, SCHEMA.sameAs, [WD.Q1, WD.Q2, WD.Q3, Literal(WD.Q1.value)]),
    stating(PLACES, SCHEMA.containedInPlace, [*PLACES]),
    stating([*PLACES, *TWINNINGS, ARTICLE], DCTERMS.source, [*SOURCES, *NUMBERS, Literal("heard")]),
    stating([ARTICLE], SCHEMA.about, [*PLACES, *TWINNINGS]),
    stating([ARTICLE], A, [SCHEMA.Article]),
    stating(TWINNINGS, SCHEMA.name, [Literal("Ett – Två", language="sv")]),  # noqa: RUF001 - as derived
    stating(PLACES, TT.partnerIn, [*TWINNINGS]),
    stating([EX.catalogue], A, [DCAT.Catalog, VOID.Dataset]),
)
START = [
    Triple(EX.catalogue, A, DCAT.Catalog),
    Triple(EX.catalogue, A, VOID.Dataset),
    *(Triple(twinning, A, TT.Twinning) for twinning in TWINNINGS),
    *(Triple(twinning, TT.kind, KIND.twinning) for twinning in TWINNINGS),
    *(Triple(twinning, TT.status, STATUS.active) for twinning in TWINNINGS),
]


@settings(deadline=None, max_examples=60)
@given(st.lists(TRIPLES, max_size=40), st.lists(TRIPLES, min_size=1, max_size=3))
@example([Triple(PLACES[0], DCTERMS.source, SOURCES[0]), Triple(ARTICLE, DCTERMS.source, SOURCES[0])],
         [Triple(PLACES[0], DCTERMS.source, SOURCES[0])])  # fmt: skip
@example([Triple(PLACES[0], DCTERMS.source, NUMBERS[0]), Triple(PLACES[1], DCTERMS.source, NUMBERS[1])],
         [Triple(PLACES[0], DCTERMS.source, NUMBERS[0])])  # fmt: skip
@example([Triple(one, DCTERMS.source, Literal("heard")) for one in (PLACES[0], ARTICLE)],
         [Triple(PLACES[0], DCTERMS.source, Literal("heard"))])  # fmt: skip
@example([], [Triple(EX.catalogue, A, VOID.Dataset)])
def test_consequences_are_those_for_the_whole(told: list[Triple], edit: list[Triple]) -> None:
    """What was derived, less what went, with what came, is what is derived from all that is stated after."""
    before = frozenset((*START, *told))
    after = before ^ frozenset(edit)
    packed = PackedGraph({"asserted": before, "derived": derived(before)})
    asserted, derived_before = packed.part("asserted"), packed.part("derived")
    found = consequences(asserted, derived_before, before - after, after - before)
    assert frozenset(derived_before) - found.went | found.came == derived(after)
    assert found.went <= frozenset(derived_before)
    assert not found.came & frozenset(derived_before)


def test_queries_are_known_to_be_local() -> None:
    """A query that is new must be looked at: what it joins, and how far; and be seen by the test above."""
    assert sorted(query.stem for query in QUERIES.glob("*.rq")) == [
        "contains-place",
        "derived-from",
        "partner-in",
        "subject-of",
        "twinned-with",
        "twinning-name",
        "twinning-name-mixed",
        "wikidata-p190",
        "written-from",
    ]
