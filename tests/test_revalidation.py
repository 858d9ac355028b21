"""What is validated after an edit, is what is found when everything is validated."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from test_recollection import EX, NODES, PREDICATES, START, VALUES
from twintowns.derivable import stated_by_hand
from twintowns.graph import Graph
from twintowns.loading import read_canonical, triples_of
from twintowns.packing import PackedGraph
from twintowns.project import Project
from twintowns.results import ValidationReport, ValidationResult
from twintowns.revalidation import Edit, revalidated
from twintowns.validation import order_of, validation_results
from twintowns.vocabulary import SCHEMA, TT, A

MORE = [EX["place/Q3"], EX["twinning/Q1-Q3"], EX["place/Q1#geo"], EX["person/one"], EX["person/one#address"]]
WIDE = [
    TT.participant,
    TT.industrialContact,
    TT.partnerIn,
    SCHEMA.address,
    SCHEMA.geo,
    SCHEMA.description,
    SCHEMA.contactPoint,
    SCHEMA.email,
    SCHEMA.license,
]
KINDS = [SCHEMA.GeoCoordinates, SCHEMA.PostalAddress, SCHEMA.Person, SCHEMA.Corporation, SCHEMA.Organization]
TRIPLES = st.builds(
    Triple,
    st.sampled_from([*NODES, *MORE]),
    st.sampled_from([*PREDICATES, *WIDE, A, A, TT.partner, SCHEMA.sameAs, SCHEMA.containedInPlace]),
    st.sampled_from([*VALUES, *MORE, *KINDS, Literal("c/o Alm", language="sv"), NamedNode(f"{EX}gone")]),
)


@pytest.fixture(scope="module")
def shapes(repository: Path) -> Graph:
    """Return the shapes of the package."""
    return Graph(triples_of(read_canonical(path) for path in Project(repository).shape_files()))


def report_on(stated: Iterable[Triple], shapes: Graph) -> ValidationReport:
    """Validate everything."""
    data = Graph(stated)
    found = [*validation_results(data, shapes), *stated_by_hand(data, shapes)]
    return ValidationReport(tuple(sorted(found, key=order_of)))


def after(before: set[Triple], edit: set[Triple], shapes: Graph) -> ValidationReport | None:
    """Validate what an edit can touch."""
    packed = PackedGraph({"asserted": before, "vocabulary": [], "derived": []})
    changed = packed.altered({"asserted": before & edit}, {"asserted": edit - before})
    then, now = (graph.part("asserted", "vocabulary") for graph in (packed, changed))
    made = Edit(then, now, frozenset(edit), [], lambda _nodes: [])
    return revalidated(report_on(before, shapes), made, shapes)


def told(report: ValidationReport | None) -> list[ValidationResult]:
    """Return the results of a report that there has to be."""
    assert report is not None
    return list(report.results)


@settings(deadline=None, max_examples=25)
@given(st.sets(TRIPLES, max_size=12), st.sets(TRIPLES, min_size=1, max_size=3))
@example({Triple(EX["place/Q3"], SCHEMA.sameAs, NODES[0])}, {Triple(EX["place/Q3"], A, SCHEMA.City)})
def test_an_edit_is_judged_as_everything_is(shapes: Graph, stated: set[Triple], edit: set[Triple]) -> None:
    """Whatever came or went: where the results are told, they are all that there are, in their order."""
    before = {*START, *stated}
    report = after(before, edit, shapes)
    if report is not None:
        assert list(report.results) == told(report_on(before ^ edit, shapes))


@pytest.mark.parametrize(
    "shape",
    [
        "sh:property [ sh:path ( schema:geo schema:address schema:name ) ; sh:maxCount 1 ]",
        """sh:sparql [ sh:message "far"@en ; sh:select
            "SELECT $this WHERE { { $this <a:p> ?v } UNION { ?v <a:p>/<a:q> $this } }" ]""",
    ],
)
def test_shapes_that_look_one_does_not_know_how_far(shape: str) -> None:
    """Where a shape looks far by more than a query that can be read, nothing is told of an edit."""
    text = f"<a:shape> a sh:NodeShape ; sh:targetSubjectsOf schema:name ; {shape} ."
    prefixes = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix schema: <https://schema.org/> ."
    shapes = Graph(quad.triple for quad in parse(f"{prefixes}\n{text}", format=RdfFormat.TURTLE))
    named = Triple(EX["place/Q1"], SCHEMA.name, Literal("Ett", language="sv"))
    assert after({named}, {Triple(EX["place/Q1"], A, SCHEMA.City)}, shapes) is None
    assert after({named}, {Triple(EX["place/Q1"], A, SCHEMA.City)}, Graph(())) is not None
