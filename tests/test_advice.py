"""Advice on slips in Turtle: what a curator types wrong, and what is told about it."""

import pytest
from pyoxigraph import RdfFormat, parse

from twintowns.advice import advice_on, advice_on_directive

HEAD = "@prefix schema: <https://schema.org/> .\n@prefix place: <https://example.org/place/> .\n\nplace:Q1\n"
SLIPS = {
    'schema:name "a@sv ;\n schema:name "b"@fi ;\n .': "no quotation mark at its end",
    "schema:sameAs wd:Q1 ;\n .": "the prefix {prefix}: is not declared",
    "schema:sameAs https://www.wikidata.org/wiki/Q1 ;\n .": "without its brackets",
    'schema:name "a"@sv\n schema:name "b"@fi ;\n .': "has no semicolon at its end",
    'schema:name "a"@sv .\n schema:name "b"@fi ;\n .': "a property is expected here",
    'schema:name "a"@sv ;\n': "in the middle of a description",
    "schema:url <www.example.org> ;\n .": "lacks its beginning",
    "schema:url <https://a b> ;\n .": "holds a blank",
    "schema:name ”a”@sv ;\n .": "a character stands here",
    "schema:name Imatra ;\n .": "a word stands here without its prefix",
    "schema:name ; .": "ends its description too early",
    "schema:name , .": "a value is expected here",
    'schema:name "a"@sv ;\n\nplace:Q1\n a schema:City ;\n .': "has no full stop at its end",
    'schema:name "a"@sv .\n schema:url place:Q1 ;\n .': "ends its description too early",
    'schema:startDate "2000"^xsd:gYear ;\n .': "one ^ only",
    "schema:startDate 1991-05-12 ;\n .": "a date stands here",
    "schema:latitude 61°11\N{PRIME}35\N{DOUBLE PRIME}N ;\n .": "degrees and minutes",
    'schema:description "C:\\data" ;\n .': "a backslash",
    'schema:name "Imatra"@ ;\n .': "no language stands after",
    "A schema:City ;\n .": "a large A",
    'schema:description "the "old" town"@en ;\n .': "belongs to no statement",
    "schema:memberOf place:twin towns ;\n .": "belongs to no statement",
    '<<<<<<< HEAD\n schema:name "a"@sv ;\n .': "the marks of a merge",
}


@pytest.mark.parametrize(("text", "told"), SLIPS.items(), ids=SLIPS.values())
def test_slip(text: str, told: str) -> None:
    """Each usual slip is told as what it is."""
    with pytest.raises(SyntaxError) as caught:
        list(parse(HEAD + text, format=RdfFormat.TURTLE))
    assert told in advice_on(str(caught.value.msg)).what


def test_known_prefix_is_given() -> None:
    """A well-known prefix that is not declared is told with its address."""
    assert advice_on("The prefix wd: has not been declared").values["namespace"].endswith("/entity/")


@pytest.mark.parametrize(
    ("prefix", "other"),
    [("shema", "schema"), ("plase", "place"), ("dcterm", "dcterms"), ("Schema", "schema")],
)
def test_slip_in_a_prefix_is_told_as_one(prefix: str, other: str) -> None:
    """A prefix that is much like a declared or well-known one is taken for it, and no line is advised."""
    advice = advice_on(f"The prefix {prefix}: has not been declared", ["place"])
    assert (advice.remedy, advice.values["other"]) == ("did you mean {other}:?", other)


def test_unknown_prefix_is_to_be_copied() -> None:
    """A prefix that nobody knows is looked up in another file; no address is made up for it."""
    advice = advice_on("The prefix organization: has not been declared", ["place"])
    assert advice.remedy == "copy the line that begins with @prefix {prefix}: from another file"


def test_other_complaint_is_passed_on() -> None:
    """A complaint that no usual slip leads to is told in the parser's words."""
    assert advice_on("something odd").values == {"problem": "something odd"}


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("@prefix a: <a:>\n@prefix b: <b:> .", 2, 1),
        ("@prefix a: <a:> ;\n@prefix b: <b:> .", 1, 1),
        ("@prefix a: <a:> # no end\n\n\na:b a:c a:d .", 4, 1),
        ("@prefix a: <a:>", 9, 1),
        ("@prefix a: <a:> .\na:b a:c", 2, None),
        ("PREFIX a: <a:>\na:b a:c", 2, None),
        ("", 1, None),
    ],
)
def test_prefix_without_an_end(text: str, line: int, told: int | None) -> None:
    """A prefix that is declared without a full stop is told at its own line, not at the next one."""
    advice = advice_on_directive(text.split("\n"), line)
    assert (advice.line if advice else None) == told
