"""Reports: one report in the forms that people and programs read."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from twintowns.graph import Graph
from twintowns.iris import Names
from twintowns.project import Project
from twintowns.reports import ReportWriter, report_triples, severity_name
from twintowns.results import Severity, ValidationReport, ValidationResult
from twintowns.vocabulary import SCHEMA, SH, SHAPE, WD, A

ROOT = Path("/srv/town")
NAMES = Names("https://example.org/town/")
WRITER = ReportWriter(Project(ROOT), NAMES, "en")
FULL = ValidationResult(
    focus_node=NamedNode("https://example.org/town/place/Q1"),
    path=SCHEMA.sameAs,
    value_node=WD.P190,
    source_shape=SHAPE["Thing-sameAs-wikidata"],
    constraint_component=SH.PatternConstraintComponent,
    severity=Severity.VIOLATION,
    messages={"en": "Write 100 %,\nor: nothing.", "sv": "Skriv."},
    file=ROOT / "data/place/Q1.ttl",
    line=12,
)
BARE = ValidationResult(
    focus_node=Literal("Ludvika"),
    path=None,
    value_node=None,
    source_shape=NamedNode("https://example.org/shape"),
    constraint_component=SH.NodeKindConstraintComponent,
    severity=Severity.INFO,
    messages={"": "No."},
)
REPORT = ValidationReport((FULL, BARE))


def test_text_of_a_result_with_everything() -> None:
    """A paragraph tells place, severity, message on one line, and the shape with its IRI on the next."""
    assert WRITER.text(ValidationReport((FULL,))).splitlines()[:2] == [
        r"data/place/Q1.ttl:12: Violation: Write 100 %,\nor: nothing. [wd:P190]",
        "    shape:Thing-sameAs-wikidata <https://w3id.org/twintowns/shape/Thing-sameAs-wikidata>",
    ]


def test_text_of_a_result_without_a_place() -> None:
    """A result without a file is told by its focus node, and a message without language as it is."""
    assert WRITER.text(ValidationReport((BARE,))).startswith("Ludvika: Hint: No.\n")


def test_file_outside_the_project_is_told_in_full() -> None:
    """A file that the package brings along is told by its whole path, and without an unknown line."""
    result = replace(FULL, file=Path("/usr/lib/kind.ttl"), line=None)
    assert WRITER.text(ValidationReport((result,))).startswith("/usr/lib/kind.ttl: Violation: ")


@pytest.mark.parametrize(
    ("results", "summary"),
    [
        ((), "The data conforms: 0 violations, 0 warnings, 0 hints."),
        ((BARE,), "The data conforms: 0 violations, 0 warnings, 1 hint."),
        (
            (FULL, replace(FULL, line=13), BARE),
            "The data does not conform and is not published: 2 violations, 0 warnings, 1 hint.",
        ),
    ],
)
def test_summary_counts_each_severity(results: tuple[ValidationResult, ...], summary: str) -> None:
    """The last line says whether the data conforms, and how many results there are of each severity."""
    assert WRITER.summary(ValidationReport(results)) == summary


def test_summary_in_another_language() -> None:
    """The summary is told in the reader's language."""
    told = ReportWriter(Project(ROOT), NAMES, "sv").text(ValidationReport((FULL,)))
    assert "Skriv." in told
    assert "The data" not in told


def test_warnings_alike_are_told_with_their_files() -> None:
    """The further warnings of a shape are told by their files, and no more than five of these."""
    found = [
        replace(FULL, severity=Severity.WARNING, file=ROOT / f"data/place/Q{number}.ttl")
        for number in range(9)
    ]
    told = WRITER.text(ValidationReport(tuple(found))).splitlines()
    assert [line.split(": ")[0] for line in told[:-1:2]] == [f"data/place/Q{n}.ttl:12" for n in range(3)] + [
        "    and 6 more such, in " + ", ".join(f"data/place/Q{n}.ttl" for n in range(3, 8)) + ", …"
        " (`twintowns validate --all` tells each)"
    ]


def test_github_command_of_a_result_with_everything() -> None:
    """A violation is an error at its line; percent signs are escaped, and it stays one line."""
    command, _ = WRITER.github(REPORT).splitlines()
    assert command.startswith("::error file=data/place/Q1.ttl,line=12,title=shape%3AThing-sameAs-wikidata::")
    assert "100 %25," in command


def test_github_command_of_a_result_without_a_place() -> None:
    """A hint without a file is a notice that names none; colons and commas are escaped in properties only."""
    _, command = WRITER.github(REPORT).splitlines()
    assert command == "::notice title=https%3A//example.org/shape::No."


def test_github_warning() -> None:
    """A warning is a warning."""
    result = replace(FULL, severity=Severity.WARNING)
    assert WRITER.github(ValidationReport((result,))).startswith("::warning ")


def test_json_holds_every_part() -> None:
    """The JSON form names each part as SHACL does, absent parts as null."""
    told = json.loads(WRITER.json(REPORT))
    assert told == {
        "conforms": False,
        "results": [
            {
                "file": "data/place/Q1.ttl",
                "line": 12,
                "severity": SH.Violation.value,
                "message": "Write 100 %,\nor: nothing.",
                "focusNode": "https://example.org/town/place/Q1",
                "resultPath": SCHEMA.sameAs.value,
                "value": WD.P190.value,
                "sourceShape": SHAPE["Thing-sameAs-wikidata"].value,
                "sourceConstraintComponent": SH.PatternConstraintComponent.value,
            },
            {
                "file": None,
                "line": None,
                "severity": SH.Info.value,
                "message": "No.",
                "focusNode": "Ludvika",
                "resultPath": None,
                "value": None,
                "sourceShape": "https://example.org/shape",
                "sourceConstraintComponent": SH.NodeKindConstraintComponent.value,
            },
        ],
    }


def test_turtle_holds_the_triples_of_the_report() -> None:
    """The Turtle form reads back as the report's triples, named in the publication's IRI space."""
    iri = NamedNode("https://example.org/town/validation")
    told = {quad.triple for quad in parse(WRITER.turtle(REPORT), format=RdfFormat.TURTLE)}
    assert told == set(report_triples(REPORT, iri))
    graph = Graph(told)
    assert graph.values(iri, A) == [SH.ValidationReport]
    bare = NamedNode(f"{iri.value}#result-2")
    assert graph.values(bare, SH.resultMessage) == [Literal("No.")]
    assert graph.values(bare, SH.resultPath) == []
    assert {str(t) for t in graph.values(iri, SH.conforms)} == {
        '"false"^^<http://www.w3.org/2001/XMLSchema#boolean>'
    }


def test_report_without_results_conforms() -> None:
    """SHACL says that data conforms where there is no result at all, hints included."""
    iri = NamedNode("https://example.org/town/validation")
    for results, conforms in (((), "true"), ((BARE,), "false")):
        graph = Graph(report_triples(ValidationReport(results), iri))
        assert [term.value for term in graph.values(iri, SH.conforms)] == [conforms]


def test_severity_has_a_name() -> None:
    """Each severity has a name of its own."""
    assert [severity_name(severity) for severity in Severity] == ["Violation", "Warning", "Hint"]


def test_message_is_chosen_by_language() -> None:
    """A message is told in the first language that it has, else in English, in any, or by its component."""
    assert FULL.message(["fi", "sv"]) == "Skriv."
    assert FULL.message(["fi"]) == "Write 100 %,\nor: nothing."
    assert BARE.message(["fi"]) == "No."
    nameless = replace(BARE, messages={})
    assert nameless.message(["en"]) == SH.NodeKindConstraintComponent.value
