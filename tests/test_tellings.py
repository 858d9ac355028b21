"""Findings told to a person: in the publication's own names, and with what their values make certain."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from twintowns.graph import Term
from twintowns.iris import Names
from twintowns.results import Severity, ValidationResult
from twintowns.tellings import Hint, Teller
from twintowns.vocabulary import DCTERMS, SCHEMA, SH, SHAPE, WD, XSD

NAMES = Names("https://example.org/imatra/")
TELLER = Teller(NAMES, "en")
PLACE = NamedNode(f"{NAMES.space}place/Q1726")
TWINNING = NamedNode(f"{NAMES.space}twinning/Q1-Q2")
EXAMPLE = "Add `schema:geo <https://w3id.org/twintowns/ludvika/place/Q503184#geo> ;`."


def result(
    shape: str,
    message: str = "",
    value: Term | None = None,
    path: NamedNode | None = SCHEMA.name,
    **further: object,
) -> ValidationResult:
    """Return a finding on the place."""
    found = {
        "focus_node": PLACE,
        "path": path,
        "value_node": value,
        "source_shape": SHAPE[shape],
        "constraint_component": SH.NodeConstraintComponent,
        "severity": Severity.VIOLATION,
        "messages": {"en": message},
    }
    return ValidationResult(**{**found, **further})  # type: ignore[arg-type]


def closed(path: NamedNode) -> ValidationResult:
    """Return a finding on a property that may not stand at the place."""
    return result(
        "Place",
        "Only `a`, `schema:name`, `schema:geo`, `dcterms:source`, and `schema:` is https.",
        Literal("Munich"),
        path,
        constraint_component=SH.ClosedConstraintComponent,
    )


def written(folder: Path, text: str) -> Path:
    """Return a file that holds a text."""
    path = folder / "file.ttl"
    path.write_text(text, encoding="utf-8")
    return path


def test_example_of_a_part_is_that_of_the_thing() -> None:
    """An example of a part of a thing of the same folder names that part of the very thing."""
    part = f"Add `schema:geo <{PLACE.value}#geo> ;`."
    assert TELLER.message(result("Place-geo", EXAMPLE)) == part
    assert TELLER.message(result("Place-geo", EXAMPLE, focus_node=NamedNode(f"{PLACE.value}#geo"))) == part


def test_other_example_lies_in_the_own_space() -> None:
    """An example of a thing of another folder, or of no folder, lies in the publication's own space."""
    other = "Add `schema:geo <https://example.org/imatra/place/Q503184#geo> ;`."
    assert TELLER.message(result("Place-geo", EXAMPLE, focus_node=TWINNING)) == other
    assert TELLER.message(result("Place-geo", EXAMPLE, focus_node=Literal("x"))) == other


def test_property_is_told_where_it_may_not_stand() -> None:
    """Where a property may not stand, it is told, not its value, and which one it may be meant for."""
    nmae = closed(SCHEMA.nmae)
    assert TELLER.value(nmae) == "schema:nmae"
    assert TELLER.hint(nmae) == Hint("did you mean {other}?", {"other": "schema:name"})
    assert TELLER.hint(closed(DCTERMS.name)) == Hint("did you mean {other}?", {"other": "schema:name"})
    assert TELLER.hint(closed(SCHEMA.population)) is None
    assert TELLER.hint(closed(SCHEMA.geo)) is None


def test_value_is_told_where_the_message_does_not_show_it() -> None:
    """A value that the message has filled in, or that is the thing itself, is not told again.

    A message that holds it by chance, as one of its examples does, does not show it.
    """
    filled = {"constraint_component": SH.SPARQLConstraintComponent}
    assert TELLER.value(result("Thing-name", "Mend it.", Literal("Imatra"))) == "Imatra"
    assert TELLER.value(result("Thing-name", "Mend Imatra.", Literal("Imatra"))) == "Imatra"
    assert TELLER.value(result("Thing-name", "Mend Imatra.", Literal("Imatra"), **filled)) == ""
    assert TELLER.value(result("Thing-name", "Mend it.", PLACE)) == ""
    assert TELLER.value(result("Thing-name", "Mend it.")) == ""


def test_item_of_a_place_is_told() -> None:
    """Where a place states another item, the one that it is named by is told."""
    wrong = result("Place-sameAs-name", value=WD.Q1727)
    assert TELLER.hint(wrong) == Hint("here it is named {other}", {"other": "wd:Q1726"})


@pytest.mark.parametrize(
    ("thing", "classes"),
    [
        ("catalogue", "a void:Dataset ; a dcat:Catalog ;"),
        ("twinning/Q1-Q2", "a tt:Twinning ;"),
        ("place/Q1#geo", "a schema:GeoCoordinates ;"),
        ("place/Q1", ""),
    ],
)
def test_class_is_told_where_there_is_one_only(thing: str, classes: str) -> None:
    """A thing without a class is told the classes that it has by its name, if it can have no others."""
    hint = TELLER.hint(result("Thing-class", focus_node=NamedNode(NAMES.space + thing)))
    assert (hint.values["other"] if hint else "") == classes


@pytest.mark.parametrize(
    ("shape", "text", "told"),
    [
        ("Place-containedInPlace-class", "Dalarna", "this is a text in quotation marks, and a name"),
        ("Thing-url-form", "https://www.imatra.fi/", "write <https://www.imatra.fi/>"),
        ("Thing-name-tidy", " Imatra", ""),
    ],
)
def test_text_in_the_place_of_a_link_is_told(shape: str, text: str, told: str) -> None:
    """Where a text stands in the place of a name or an address, that is told, with the address if any."""
    hint = TELLER.hint(result(shape, value=Literal(text, language="fi")))
    assert (hint.message.format(**hint.values) if hint else "").startswith(told)
    assert (hint is None) is (not told)


@pytest.mark.parametrize(("tag", "is_told"), [("se", True), ("swe", True), ("fi", False)])
def test_language_tag_in_the_place_of_another_is_told(tag: str, *, is_told: bool, tmp_path: Path) -> None:
    """Where a language lacks and a text has the code of its country, or of three letters, that is told."""
    head = "@prefix schema: <https://schema.org/> .\n"
    path = written(tmp_path, f'{head}<{PLACE.value}> schema:url <a:b> ;\n schema:name "Imatra"@{tag} .\n')
    hint = TELLER.hint(result("Thing-name-languages", value=Literal("sv"), file=path))
    wanted = Hint("line {line} says @{tag}: write @{other}", {"line": "3", "tag": tag, "other": "sv"})
    assert hint == (wanted if is_told else None)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("VÃ¤norter", 'write "Vänorter"'),
        ("Ã–rebro", 'write "Örebro"'),  # noqa: RUF001 - a dash by mistake
        ("Ã€ la carte", 'write "À la carte"'),
        ("Ã¤Ã\x81", 'write "äÁ"'),
        ("Ludvika<br>", "it holds “<br>”"),
        ("Lud\u202evika", "it holds “\u202e”"),
        ("Ã¤ and Ω", "it holds “Ã¤”"),
    ],
)
def test_part_of_a_text_that_nobody_meant_is_told(text: str, told: str) -> None:
    """What nobody meant to write is told, and the text as it was meant where that is certain."""
    hint = TELLER.hint(result("Thing-name-legible", value=Literal(text, language="sv")))
    assert hint is not None
    assert hint.message.format(**hint.values) == told


def test_no_language_is_told_without_a_property() -> None:
    """A finding on languages that names no property, or no file, has no hint."""
    assert TELLER.hint(result("Thing-name-languages", value=Literal("sv"), path=None)) is None


@pytest.mark.parametrize(
    ("partners", "name"),
    [("place:Q1726, place:Q33", "Q33-Q1726"), ("place:Q1726", ""), ("place:Q1726, place:imatra", "")],
)
def test_name_of_a_twinning_is_told(partners: str, name: str, tmp_path: Path) -> None:
    """Where a twinning is misnamed, its name by its partners is told, if two or more have a number."""
    head = f"@prefix place: <{NAMES.space}place/> .\n@prefix tt: <https://w3id.org/twintowns/ns#> .\n"
    path = written(tmp_path, f"{head}<{TWINNING.value}> tt:partner {partners} .\n")
    hint = TELLER.hint(result("Twinning-iri", focus_node=TWINNING, path=None, file=path))
    assert (hint.values["other"] if hint else "") == (f"data/twinning/{name}.ttl" if name else "")


@pytest.mark.parametrize("file", [None, Path("/nowhere/twinnings.nt")])
def test_name_of_a_twinning_elsewhere_is_not_told(file: Path | None) -> None:
    """Where no file, or one of many things, tells of a twinning, no name is told."""
    assert TELLER.hint(result("Twinning-iri", focus_node=TWINNING, file=file)) is None


@pytest.mark.parametrize(
    ("shape", "date", "told"),
    [
        ("Twinning-startDate-form", Literal("24.5.1987"), '"1987-05-24"^^xsd:date'),
        ("Twinning-endDate-form", Literal("1987", datatype=XSD.date), '"1987"^^xsd:gYear'),
        ("Source-retrievedOn-form", Literal("2026-11-23"), '"2026-11-23"^^xsd:date'),
        ("Source-retrievedOn-form", Literal("2026"), None),
        ("Twinning-startDate-form", Literal("4/5/1987"), None),
        ("Twinning-startDate-form", Literal("1987-05-24", datatype=XSD.date), None),
        ("Thing-name", Literal("24.5.1987"), None),
    ],
)
def test_date_is_told_as_it_is_to_be_written(shape: str, date: Literal, told: str | None) -> None:
    """A date that can be read in one way only, and may stand there, is told as it is to be written."""
    assert TELLER.hint(result(shape, value=date)) == (
        Hint("write {other}", {"other": told}) if told else None
    )


def test_impossible_day_is_told() -> None:
    """A day that no calendar has is told as such."""
    wrong = result("Twinning-startDate-form", value=Literal("1987-02-30", datatype=XSD.date))
    assert TELLER.hint(wrong) == Hint("there is no such day, month or year", {})


@pytest.mark.parametrize(
    ("number", "told"), [("61,2", "61.2"), ('"-0,5"', "-0.5"), ("61.2", None), ("610", None)]
)
def test_comma_in_a_number_is_told(number: str, told: str | None, tmp_path: Path) -> None:
    """A comma in a coordinate, which makes two numbers or a text of it, is told with the number meant."""
    path = written(tmp_path, f"<a:b>\n    <https://schema.org/latitude> {number} ;\n    .\n")
    wrong = result("GeoCoordinates-latitude-range", path=SCHEMA.latitude, file=path, line=2)
    hint = TELLER.hint(wrong)
    assert (hint and hint.values["other"]) == told


def test_comma_is_not_looked_for_in_files_of_many_things() -> None:
    """A file of many things is not read again for a hint."""
    wrong = result("GeoCoordinates-latitude-range", path=SCHEMA.latitude, file=Path("/nowhere/a.nt"), line=2)
    assert TELLER.hint(wrong) is None
