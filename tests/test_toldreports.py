"""A report that is kept is the same when it is read again, and none where it cannot be."""

from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode

from twintowns.graph import Term
from twintowns.project import PACKAGE
from twintowns.results import Severity, ValidationReport, ValidationResult
from twintowns.toldreports import read, written
from twintowns.vocabulary import SCHEMA, SH, WD

MESSAGES = {"sv": "Fort!", "en": "Remove it."}
VALUES: list[Term | None] = [None, WD.Q2, Literal("x"), Literal("x", language="sv"), Literal(5)]


def result(value: Term | None, file: Path | None = None, focus: Term = WD.Q1) -> ValidationResult:
    """Return a result about a value."""
    path, shape = (SCHEMA.name if value else None), NamedNode("https://example.org/shape")
    severity = Severity.INFO if file else Severity.WARNING
    return ValidationResult(
        focus,
        path,
        value,
        shape,
        SH.MinCountConstraintComponent,
        severity,
        MESSAGES,
        file,
        3 if file else None,
    )


def test_a_report_is_the_same_again(tmp_path: Path) -> None:
    """Values of every kind, files of the project and of the program, and messages come back in order."""
    files = [None, tmp_path / "data/place/Q1.ttl", PACKAGE.parent.parent / "ontology/ns.ttl"]
    report = ValidationReport(tuple(result(value, file) for file in files for value in VALUES))
    told = read(written(report, tmp_path), tmp_path)
    assert told == report
    assert [list(one.messages) for one in told.results] == [list(MESSAGES)] * len(report.results)
    assert read(written(ValidationReport(), tmp_path), tmp_path) == ValidationReport()


def test_what_is_not_kept(tmp_path: Path) -> None:
    """What has no name, or lies elsewhere or under a strange name, is not kept."""
    for one in (
        result(BlankNode("b")),
        result(None, focus=BlankNode("b")),
        result(WD.Q2, Path("/nowhere/at/all.ttl")),
        result(WD.Q2, tmp_path / "data/\udcff.ttl"),
    ):
        content = written(ValidationReport((one,)), tmp_path)
        assert content == b""
        assert read(content, tmp_path) is None


def test_a_project_that_was_moved(tmp_path: Path) -> None:
    """What was kept where the project lay elsewhere is not read: its files would have another order."""
    assert read(written(ValidationReport((result(WD.Q2),)), tmp_path), tmp_path / "moved") is None
