"""Advice on slips in Turtle: what a curator types wrong, and what is told about it."""

import pytest
from pyoxigraph import RdfFormat, parse

from twintowns.advice import advice_on

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
    "schema:name Imatra ;\n .": "a value is expected here",
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


def test_other_complaint_is_passed_on() -> None:
    """A complaint that no usual slip leads to is told in the parser's words."""
    assert advice_on("something odd").values == {"problem": "something odd"}
