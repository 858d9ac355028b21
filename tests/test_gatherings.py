"""Findings gathered: what has one cause told once, and of many alike the first few."""

from pathlib import Path

from pyoxigraph import Literal, NamedNode

from twintowns.gatherings import Gathering, gatherings, told_once
from twintowns.graph import Term
from twintowns.results import Severity, ValidationResult
from twintowns.vocabulary import SCHEMA, SH, SHAPE

SPACE = "https://example.org/town/"


def result(
    name: str, shape: str, file: Path | None = None, value: Term | None = None, **further: object
) -> ValidationResult:
    """Return a finding on a place."""
    found = {
        "focus_node": NamedNode(f"{SPACE}place/{name}"),
        "path": SCHEMA.name,
        "value_node": value,
        "source_shape": SHAPE[shape],
        "constraint_component": SH.NodeConstraintComponent,
        "severity": Severity.VIOLATION,
        "messages": {"en": "Mend it."},
        "file": file,
        "line": 7,
    }
    return ValidationResult(**{**found, **further})  # type: ignore[arg-type]


def warnings(count: int) -> list[ValidationResult]:
    """Return so many warnings of one shape."""
    return [result(f"Q{number}", "Place-geo", severity=Severity.WARNING) for number in range(count)]


def test_same_finding_is_told_once() -> None:
    """Findings that differ only in the constraint are one; those on other values or lines are not."""
    first = result("Q1", "GeoCoordinates-latitude-range", value=Literal("61,2"))
    same = result(
        "Q1", "GeoCoordinates-latitude-range", value=Literal("61,2"), constraint_component=SH.closed
    )
    other = result("Q1", "GeoCoordinates-latitude-range", value=Literal("61,3"))
    further = result("Q1", "GeoCoordinates-latitude-range", value=Literal("61,2"), line=8)
    assert told_once([first, same, other, further]) == [first, other, further]


def test_many_alike_are_gathered() -> None:
    """Of more than three warnings of a shape the first three are told, the last of them with the others."""
    found = warnings(6)
    first, second, third, *others = found
    assert list(gatherings(found)) == [
        Gathering(first),
        Gathering(second),
        Gathering(third, alike=tuple(others)),
    ]


def test_few_or_all_are_told_apart() -> None:
    """Three warnings of a shape are told apart, and so is any number where all are asked for."""
    assert list(gatherings(warnings(3))) == [Gathering(one) for one in warnings(3)]
    assert list(gatherings(warnings(6), whole=True)) == [Gathering(one) for one in warnings(6)]


def test_violations_are_told_apart() -> None:
    """What stops a publication is told one by one."""
    found = [result(f"Q{number}", "Place-geo") for number in range(6)]
    assert list(gatherings(found)) == [Gathering(one) for one in found]


def test_wrong_prefix_is_told_once_at_its_line(tmp_path: Path) -> None:
    """What follows from a wrong prefix, there and elsewhere, is told with it, at the line to mend."""
    path, elsewhere = tmp_path / "Q1.ttl", tmp_path / "Q2.ttl"
    path.write_text("@prefix a: <a:> .\n@prefix schema: <http://schema.org/> .\n", encoding="utf-8")
    one = result("Q1", "Thing-class-schema", path, NamedNode("http://schema.org/City"))
    part = result("Q1#geo", "Thing-schema", path, Literal("1"))
    link = result("Q2", "Place-containedInPlace-class", elsewhere, NamedNode(f"{SPACE}place/Q1"))
    other = result("Q2", "Thing-name", elsewhere, Literal("x"))
    first, last = gatherings([link, one, part, other])
    assert (first.result.line, first.result.value_node, first.following) == (2, None, (link, part))
    assert last == Gathering(other)


def test_wrong_namespace_without_a_prefix_is_told_where_it_stands(tmp_path: Path) -> None:
    """Where no prefix is wrong, or the file is one of many things, each finding stays what it is."""
    path = tmp_path / "Q1.ttl"
    path.write_text("@prefix schema: <https://schema.org/> .\n", encoding="utf-8")
    found = [
        result("Q1", "Thing-schema", path, Literal("1")),
        result("Q2", "Thing-schema", tmp_path / "all.nt", Literal("1")),
        result("Q3", "Thing-schema", None, Literal("1")),
    ]
    assert list(gatherings(found)) == [Gathering(one) for one in found]


def test_thing_that_nothing_describes_is_told_once() -> None:
    """Several findings about one thing that is described nowhere are one, unless all are asked for."""
    lost, known = (NamedNode(f"{SPACE}place/{name}") for name in ("Q8", "Q9"))
    first, second = (result(name, "Place-containedInPlace-class", value=lost) for name in ("Q1", "Q2"))
    others = [result(name, "Place-containedInPlace-class", value=known) for name in ("Q1", "Q2")]
    found = [first, others[0], second, others[1]]
    told = gatherings(found, is_lacking=lambda iri: iri == lost.value)
    assert list(told) == [
        Gathering(first, alike=(second,), lacking=lost.value),
        *(Gathering(one) for one in others),
    ]
    assert list(gatherings(found)) == [Gathering(one) for one in found]
    assert len(list(gatherings(found, whole=True, is_lacking=lambda _iri: True))) == len(found)


def test_one_finding_about_what_nothing_describes_stands_alone() -> None:
    """A single finding about a thing that is described nowhere is told as it is."""
    found = [result("Q1", "Place-containedInPlace-class", value=NamedNode(f"{SPACE}place/Q8"))]
    assert list(gatherings(found, is_lacking=lambda _iri: True)) == [Gathering(found[0])]
