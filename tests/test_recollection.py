"""What was judged before: taken over where it holds, and never where it does not."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from twintowns.graph import Graph, Term
from twintowns.loading import read_canonical, triples_of
from twintowns.project import Project
from twintowns.reach import Digests
from twintowns.recollection import Recollection
from twintowns.validation import validation_results
from twintowns.vocabulary import DCAT, DCTERMS, RDFS, SCHEMA, TT, VOID, A, Namespace

EX = Namespace("https://example.org/town/")
SPACE = "https://example.org/town/"
NODES = [EX["place/Q1"], EX["place/Q2"], EX["twinning/Q1-Q2"], EX["source/atlas"], EX.catalogue]
VALUES = [
    *NODES,
    SCHEMA.City,
    TT.Twinning,
    SCHEMA.WebSite,
    DCAT.Catalog,
    SCHEMA.AdministrativeArea,
    NamedNode("http://www.wikidata.org/entity/Q1"),
    NamedNode("https://w3id.org/twintowns/kind/twinning"),
    Literal("Ett", language="sv"),
    Literal("One", language="en"),
    Literal(" x", language="sv"),
    Literal("sv"),
    Literal(SPACE),
    Literal("2000", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#gYear")),
]
PREDICATES = [
    A,
    SCHEMA.name,
    SCHEMA.sameAs,
    SCHEMA.containedInPlace,
    SCHEMA.inLanguage,
    SCHEMA.startDate,
    TT.partner,
    TT.kind,
    TT.mainLanguage,
    TT.unknown,
    DCTERMS.source,
    VOID.uriSpace,
    RDFS.subClassOf,
]
TRIPLES = st.builds(Triple, st.sampled_from(NODES), st.sampled_from(PREDICATES), st.sampled_from(VALUES))
START = [
    Triple(EX.catalogue, A, DCAT.Catalog),
    Triple(EX.catalogue, SCHEMA.inLanguage, Literal("sv")),
    Triple(EX["place/Q1"], A, SCHEMA.City),
    Triple(EX["place/Q2"], A, SCHEMA.City),
    Triple(EX["twinning/Q1-Q2"], A, TT.Twinning),
    Triple(EX["twinning/Q1-Q2"], TT.partner, EX["place/Q1"]),
    Triple(EX["twinning/Q1-Q2"], TT.partner, EX["place/Q2"]),
]


@pytest.fixture(scope="module")
def shapes(repository: Path) -> Graph:
    """Return the shapes of the package."""
    return Graph(triples_of(read_canonical(path) for path in Project(repository).shape_files()))


def keys(results: object) -> set[object]:
    """Return what tells results from each other."""
    return {result.key for result in results}  # type: ignore[attr-defined]


@pytest.mark.uncovered
@given(edits=st.lists(st.lists(TRIPLES, min_size=1, max_size=2), min_size=2, max_size=3))
@settings(max_examples=12, deadline=None)
def test_edits_are_judged_as_if_by_one_who_remembers_nothing(
    shapes: Graph, edits: list[list[Triple]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever comes and goes, the results are those of judging everything anew."""
    file, stated = tmp_path_factory.mktemp("judged") / "judged.json", set(START)
    for edit in [[], *edits]:
        stated ^= set(edit)
        recollection = Recollection(file, "program")
        found = validation_results(Graph(stated), shapes, recollection)
        file.write_bytes(recollection.content())
        assert keys(found) == keys(validation_results(Graph(stated), shapes))
        assert len(found) == len(keys(found))


PART = """
@prefix ex: <https://example.org/town/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
ex:shape sh:targetSubjectsOf ex:p ; sh:path ex:p ; sh:maxCount 0 ; sh:message "Fort!"@sv .
ex:values sh:targetSubjectsOf ex:q ; sh:path ex:q ; sh:in ( 1 ) .
"""


def small_shapes() -> Graph:
    """Return two shapes, each broken by any other value."""
    return Graph(quad.triple for quad in parse(PART.encode(), format=RdfFormat.TURTLE))


def remembered(file: Path, stated: list[Triple], program: str = "program") -> Recollection:
    """Judge, and keep what was found."""
    recollection = Recollection(file, program)
    validation_results(Graph(stated), small_shapes(), recollection)
    file.write_bytes(recollection.content())
    return recollection


def test_what_is_settled(tmp_path: Path) -> None:
    """A node is settled as long as what is stated near it is the same, by the same program."""
    file, told = tmp_path / "judged.json", [Triple(EX.a, EX.p, Literal("x")), Triple(EX.b, EX.p, EX.c)]
    assert not Recollection(file, "program").is_settled(EX.a)
    remembered(file, told)
    again = remembered(file, told)
    assert (again.is_settled(EX.a), again.is_settled(EX.b), again.is_settled(EX.c)) == (True, True, False)
    assert not again.is_settled(Literal("x"))
    assert {result.focus_node for result in again.results()} == {EX.a, EX.b}
    again.rest()
    assert not again.is_settled(EX.a)
    other = Recollection(file, "another program")
    assert list(other.results()) == []


def test_results_come_back_as_they_were(tmp_path: Path) -> None:
    """Values of every kind, messages and severities are the same when they are read again."""
    values: list[Term] = [EX.c, Literal("x"), Literal("x", language="sv"), Literal("2", datatype=EX.number)]
    told = [Triple(EX[f"n{n}"], EX.q, value) for n, value in enumerate(values)]
    told.append(Triple(EX.a, EX.p, Literal("x")))
    file = tmp_path / "judged.json"
    fresh = validation_results(Graph(told), small_shapes())
    remembered(file, told)
    again = Recollection(file, "program")
    assert keys(validation_results(Graph(told), small_shapes(), again)) == keys(fresh)
    assert keys(again.results()) == keys(fresh)


@pytest.mark.parametrize("spoil", [lambda _: b"{", lambda _: b"[]", lambda _: b'{"program": "program"}'])
def test_what_cannot_be_read_is_forgotten(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    """A file that somebody changed is as good as none."""
    file, told = tmp_path / "judged.json", [Triple(EX.a, EX.p, Literal("x"))]
    remembered(file, told)
    file.write_bytes(spoil(file.read_bytes()))
    assert keys(validation_results(Graph(told), small_shapes(), Recollection(file, "program"))) == keys(
        validation_results(Graph(told), small_shapes())
    )


def test_nameless_values_are_judged_again(tmp_path: Path) -> None:
    """A result about a blank node is not kept, since its label may mean another one next time."""
    file = tmp_path / "judged.json"
    blank = BlankNode("nameless")
    told = [Triple(EX.a, EX.q, blank)]
    remembered(file, told)
    again = remembered(file, told)
    assert not again.is_settled(EX.a)


def test_line_is_looked_for_once_in_the_same_text(tmp_path: Path) -> None:
    """The line of a finding is known as long as the text is the same, also that there is none."""
    file, looked = tmp_path / "judged.json", []

    def find(line: int | None) -> Callable[[], int | None]:
        def found() -> int | None:
            looked.append(line)
            return line

        return found

    for line in (7, 8):
        recollection = Recollection(file, "program")
        assert recollection.is_of_program == (line == 8)
        recollection.begin(Digests(Graph([])))
        assert recollection.line("text", "a", find(line)) == 7
        assert recollection.line("text", "a", find(9)) == 7
        assert recollection.line("text", "b", find(None)) is None
        file.write_bytes(recollection.content())
    assert recollection.line("other text", "a", find(3)) == 3
    assert looked == [7, None, 3]
    assert not Recollection(file, "another program").is_of_program
