"""The shapes: each is broken by a case, and each case gives just the report that it carries.

A case is a file below `tests/shapes/`: data, and the SHACL report that is expected of it, in the form of the
W3C suite (https://w3c.github.io/data-shapes/data-shapes-test-suite/).
"""

import re
from pathlib import Path
from typing import NamedTuple

import pyshacl
import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from twintowns.graph import Graph, Node
from twintowns.legibility import PATTERN
from twintowns.loading import read_canonical, read_turtle, triples_of
from twintowns.project import Project
from twintowns.results import Severity, ValidationResult
from twintowns.validation import validate, validation_results
from twintowns.vocabulary import AS, RDFS, SCHEMA, SH, SHAPE, A

FOLDER = Path(__file__).parent / "shapes"
CASES = sorted(FOLDER.glob("*/*.ttl"))
LANGUAGES = ["de", "en", "et", "fi", "sv"]
RULES = {
    "a twinning with one partner": ("twinning/invalid-one-partner", "Twinning-partner-count"),
    "a twinning of a place with itself": ("twinning/invalid-same-partner-twice", "Twinning-partner-count"),
    "two files for one pair": ("twinning/invalid-two-files-for-one-pair", "Twinning-partner-once"),
    "an end before the start": ("twinning/invalid-end-before-start", "Twinning-endDate-order"),
    "an end before the start, one of them more precise": (
        "twinning/invalid-end-before-start-mixed-precision",
        "Twinning-endDate-order",
    ),
    "a Wikidata IRI of https": ("place/invalid-item-https", "Thing-sameAs-wikidata"),
    "a Wikidata page": ("place/invalid-item-wiki-page", "Thing-sameAs-wikidata"),
    "a Wikidata property": ("place/invalid-item-property", "Thing-sameAs-wikidata"),
    "two places with one item": ("place/invalid-two-places-with-one-item", "Place-sameAs-once"),
    "a property of http://schema.org/": ("thing/invalid-property-of-http-schema", "Thing-schema"),
    "a class of http://schema.org/": ("thing/invalid-class-of-http-schema", "Thing-class-schema"),
    "a name missing in a language": ("thing/invalid-name-missing-language", "Thing-name-languages"),
    "an unknown kind": ("twinning/invalid-kind-unknown", "Twinning-kind-scheme"),
    "an unknown status": ("twinning/invalid-status-unknown", "Twinning-status-scheme"),
    "an unknown field": ("twinning/invalid-field-unknown", "Twinning-field-scheme"),
    "a latitude out of range": (
        "geo-coordinates/invalid-latitude-out-of-range",
        "GeoCoordinates-latitude-range",
    ),
    "a longitude out of range": (
        "geo-coordinates/invalid-longitude-out-of-range",
        "GeoCoordinates-longitude-range",
    ),
    "a person without consent": ("person/invalid-without-consent", "Person-consentDate-count"),
    "a c/o address": ("thing/invalid-care-of-in-contact-point-address", "Thing-care-of"),
    "a person's c/o address without consent": (
        "person/invalid-care-of-not-consented",
        "Person-consentsTo-consistent",
    ),
    "a missing source": ("place/invalid-source-missing", "Thing-source"),
    "a partner that was withdrawn": ("tombstone/invalid-partner-withdrawn", "Tombstone-partner"),
    "a broken link": ("twinning/invalid-partner-without-file", "Twinning-partner-class"),
}
"""The rules that were asked for: the case that breaks each, and the shape that must find it."""


class Finding(NamedTuple):
    """What two reports are compared by."""

    focus_node: str
    path: str
    value: str
    source_shape: str
    constraint_component: str
    severity: str


class Case(NamedTuple):
    """A case: its data, and what is expected of it."""

    data: list[Triple]
    expected: set[Finding]
    conforms: str


def case_of(path: Path) -> Case:
    """Read a case, its manifest and report taken out of its data."""
    base = path.as_uri()
    graph = Graph(quad.triple for quad in parse(path=path, format=RdfFormat.TURTLE, base_iri=base))
    folder = path.parent.as_uri()
    data = [
        triple
        for triple in graph
        if isinstance(triple.subject, NamedNode) and not triple.subject.value.startswith(folder)
    ]
    report = graph.instances(SH.ValidationReport)[0]
    results = [value for value in graph.values(report, SH.result) if isinstance(value, BlankNode)]
    return Case(data, {_expected(graph, node) for node in results}, _told(graph, report, SH.conforms))


def _expected(graph: Graph, node: Node) -> Finding:
    return Finding(
        _told(graph, node, SH.focusNode),
        _told(graph, node, SH.resultPath),
        _told(graph, node, SH.value),
        _told(graph, node, SH.sourceShape),
        _told(graph, node, SH.sourceConstraintComponent),
        _told(graph, node, SH.resultSeverity),
    )


def _told(graph: Graph, node: Node, predicate: NamedNode) -> str:
    value = graph.value(node, predicate)
    return "" if value is None else str(value)


def finding_of(result: ValidationResult) -> Finding:
    """Return what is compared of a result."""
    return Finding(
        str(result.focus_node),
        str(result.path or ""),
        "" if result.value_node is None else str(result.value_node),
        str(result.source_shape),
        str(result.constraint_component),
        str(result.severity.value),
    )


def name_of(path: Path) -> str:
    """Return how a case is called in the report of the tests."""
    return path.relative_to(FOLDER).with_suffix("").as_posix()


@pytest.fixture(scope="module")
def shapes(repository: Path) -> Graph:
    """Return the shapes graph."""
    return Graph(triples_of(read_canonical(path) for path in Project(repository).shape_files()))


@pytest.fixture(scope="module")
def background(repository: Path) -> list[Triple]:
    """Return what the cases link to, and the ontology with its schemes."""
    vocabulary = Project(repository).vocabulary_files()
    return triples_of(read_turtle(path) for path in (FOLDER / "background.ttl", *vocabulary))


@pytest.fixture(scope="module")
def expected_by_case() -> dict[str, set[Finding]]:
    """Return what each case expects."""
    return {name_of(path): case_of(path).expected for path in CASES}


@pytest.mark.uncovered
@pytest.mark.parametrize("path", CASES, ids=name_of)
def test_case_gives_the_report_that_it_carries(path: Path, shapes: Graph, background: list[Triple]) -> None:
    """A case breaks just what it says, and nothing else."""
    case = case_of(path)
    results = validation_results(Graph([*background, *case.data]), shapes)
    assert {finding_of(result) for result in results} == case.expected


@pytest.mark.parametrize("path", CASES, ids=name_of)
def test_name_of_a_case_tells_whether_it_conforms(path: Path) -> None:
    """A case is called valid where its report says that it conforms, else invalid, and it holds data."""
    case = case_of(path)
    told = {True: '"true"', False: '"false"'}[path.name.startswith("valid-")]
    assert case.conforms.startswith(told)
    assert bool(case.expected) is path.name.startswith("invalid-")
    assert case.data


@pytest.mark.parametrize(("case", "shape"), RULES.values(), ids=RULES)
def test_rule_that_was_asked_for_has_a_case(
    case: str, shape: str, expected_by_case: dict[str, set[Finding]]
) -> None:
    """Each rule that was asked for is broken by a case, and found by the shape that is meant to find it."""
    assert str(SHAPE[shape]) in {finding.source_shape for finding in expected_by_case[case]}


def test_background_conforms(shapes: Graph, background: list[Triple]) -> None:
    """What the cases link to breaks no shape by itself, so that a case's findings are its own."""
    assert validation_results(Graph(background), shapes) == []


def test_every_shape_is_broken_by_some_case(shapes: Graph, expected_by_case: dict[str, set[Finding]]) -> None:
    """No property shape, and no node shape with a constraint of its own, goes without a case."""
    broken = {finding.source_shape for findings in expected_by_case.values() for finding in findings}
    constraints = {SH.closed, SH.nodeKind, SH.pattern, SH.sparql, SH["or"], SH["class"], SH["in"]}
    constrained = {
        shape
        for shape in shapes.instances(SH.NodeShape)
        if constraints & {triple.predicate for triple in shapes.about(shape)}
    }
    asked = {*shapes.instances(SH.PropertyShape), *constrained}
    assert len(asked) > 100
    assert {str(shape) for shape in asked} - broken == set()


def test_every_target_class_has_focus_nodes(repository: Path, shapes: Graph) -> None:
    """Ludvika's data has things of every class that is judged; persons and what is gone only cases have."""
    project = Project(repository)
    files = [*project.data_files(), *project.vocabulary_files()]
    real = Graph(triples_of(read_turtle(path) for path in files))
    cases = Graph(triple for path in CASES for triple in case_of(path).data)
    targets = {t.object for t in shapes if t.predicate == SH.targetClass and isinstance(t.object, NamedNode)}
    assert {target for target in targets if not real.instances(target)} == {SCHEMA.Person, AS.Tombstone}
    assert cases.instances(SCHEMA.Person)
    assert cases.instances(AS.Tombstone)


def test_every_target_property_has_focus_nodes(repository: Path, shapes: Graph) -> None:
    """Each property by which a shape finds its focus nodes is in use, but for those of http://schema.org/."""
    data = triples_of(read_turtle(path) for path in Project(repository).data_files())
    vocabulary = Project(repository).vocabulary_files()
    stated = {t.predicate for t in (*data, *(t for path in CASES for t in case_of(path).data))}
    stated |= {t.predicate for path in vocabulary for t in read_turtle(path).triples}
    targets = {t.object for t in shapes if t.predicate in {SH.targetSubjectsOf, SH.targetObjectsOf}}
    assert targets
    assert {str(target) for target in targets - stated if "<http://schema.org/" not in str(target)} == set()


@pytest.mark.parametrize("predicate", [SH.message, RDFS.label], ids=["message", "label"])
def test_shape_speaks_every_language(predicate: NamedNode, shapes: Graph) -> None:
    """Every shape has one label and one message in each language of the project."""
    judging = {*shapes.instances(SH.NodeShape), *shapes.instances(SH.PropertyShape)}
    wrong = {
        str(shape)
        for shape in judging
        if sorted(str(text.language) for text in shapes.values(shape, predicate) if isinstance(text, Literal))
        != LANGUAGES
    }
    assert wrong == set()


def test_legible_texts_have_one_pattern(shapes: Graph) -> None:
    """The shapes of legible texts hold the pattern whose parts a person is told."""
    legible = [shape for shape in shapes.instances(SH.PropertyShape) if str(shape).endswith("-legible>")]
    negated = [shapes.value(shape, SH["not"]) for shape in legible]
    patterns = {shapes.value(node, SH.pattern) for node in negated if isinstance(node, BlankNode)}
    assert len(legible) > 5
    assert patterns == {Literal(PATTERN)}


def test_message_is_whole(shapes: Graph) -> None:
    """No message has a hole where something should have been named, nor an unpaired quotation mark."""
    texts = [
        str(t.object.value) for t in shapes if t.predicate == SH.message and isinstance(t.object, Literal)
    ]
    wrong = [text for text in texts if re.search("  |``", text) or text.count("`") % 2]
    assert wrong == []


def test_every_shape_states_its_severity(shapes: Graph) -> None:
    """Every shape says for itself, once, how much it matters."""
    judging = {*shapes.instances(SH.NodeShape), *shapes.instances(SH.PropertyShape)}
    severities = {severity.value for severity in Severity}
    told = {shape: shapes.values(shape, SH.severity) for shape in judging}
    assert {str(s) for s, values in told.items() if len(values) != 1 or values[0] not in severities} == set()


def test_every_shape_says_where_it_is_defined(shapes: Graph) -> None:
    """Every shape and every query has a label and leads to the specification that it is part of."""
    described = {
        *shapes.instances(SH.NodeShape),
        *shapes.instances(SH.PropertyShape),
        *shapes.instances(SH.SPARQLConstraint),
    }
    document = NamedNode("https://w3id.org/twintowns/shapes")
    specification = NamedNode("https://w3id.org/twintowns/specification")
    assert {str(s) for s in described if shapes.values(s, RDFS.isDefinedBy) != [specification]} == set()
    assert {str(s) for s in described if not shapes.values(s, RDFS.label)} == set()
    assert A in {t.predicate for t in shapes.about(document)}


@pytest.mark.uncovered
def test_shapes_are_proper_shacl(shapes: Graph) -> None:
    """Plain pySHACL finds nothing wrong with the shapes by the SHACL shapes for SHACL."""
    rdflib_shapes = rdflib.Graph(bind_namespaces="none")
    rdflib_shapes.parse(data="".join(f"{triple} .\n" for triple in shapes), format="nt")
    conforms, _, text = pyshacl.validate(
        rdflib.Graph(), shacl_graph=rdflib_shapes, meta_shacl=True, inplace=True
    )
    assert conforms, text


def test_first_publication_conforms(repository: Path) -> None:
    """Ludvika's data breaks no MUST."""
    project = Project(repository)
    report = validate(
        [read_turtle(path) for path in project.data_files()],
        [read_turtle(path) for path in project.vocabulary_files()],
        [read_canonical(path) for path in project.shape_files()],
    )
    assert report.conforms
    assert report.count(Severity.VIOLATION) == 0
