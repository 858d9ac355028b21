"""What the engine says of queries that it does not answer, told in the reader's language."""

import pytest
from pyoxigraph import Store

from twintowns.enginewords import refusal, told, unanswered
from twintowns.messages import translations

MISTAKES = {
    "SELECT ?x { ?x nope:a ?y }": ("a prefix is used here", "Prefix not found"),
    "SELECT * { ?x a <relative> }": ("what stands between < and >", "IRI parsing failed"),
    "PREFIX ex: <relative> ASK {}": ("what stands between < and >", "IRI parsing failed"),
    "SELECT (SUM(?x) AS ?s) ?y { ?x ?p ?y }": (
        "SELECT names a variable by which nothing is grouped",
        "The SELECT contains a variable that is unbound",
    ),
    "SELECT * { ?x a ?y } GROUP BY ?x": (
        "SELECT * cannot stand beside GROUP BY",
        "SELECT * is not authorized with GROUP BY",
    ),
    "SELECT (1 AS ?a) (2 AS ?a) {}": ("SELECT gives two values", "Duplicated variable name in SELECT"),
    "SELECT (<a:f>(1) AS ?x) {}": (
        "the query calls a function",
        "The custom function <a:f> is not supported",
    ),
    "SELECT ?x { ?x a }": ("the query cannot be read any further here", "expected one of FILTER"),
    "SELECT * { ?s ?p ?o }}": ("the query cannot be read any further here", ""),
}
"""Queries with what is told of each, and the engine's own words."""


def _said(query: str) -> str:
    """Return what the engine says of a query that it refuses."""
    with pytest.raises((SyntaxError, RuntimeError)) as caught:
        list(Store().query(query))  # type: ignore[arg-type]
    return str(caught.value)


@pytest.mark.parametrize(("query", "what", "words"), [(query, *said) for query, said in MISTAKES.items()])
def test_mistakes(query: str, what: str, words: str) -> None:
    """What is wrong with a query is told in our own words, with its place, and the engine's beside it."""
    found = refusal(_said(query))
    assert found.sentence(str).startswith(what)
    assert "problem" not in found.sentence(str)
    assert found.words.startswith(words)
    assert "[" not in found.words
    assert (found.column is None) == ("function" in what)


def test_other_words() -> None:
    """Of what is not known no more is said than that there is no answer, and what the engine says."""
    for found in (refusal("out of \n luck"), unanswered("out of luck")):
        assert found.sentence(str) == "the query cannot be answered; mend the query"
        assert (found.line, found.words) == (None, "out of luck")
    assert refusal(f"error at 1:1: expected {'x' * 1000}").words == f"expected {'x' * 291}"


def test_in_every_language() -> None:
    """Each mistake is told in each language, and in other words than the engine's."""
    told_in = {language: told(translations(language).gettext) for language in ("en", "sv", "fi", "de", "et")}
    assert len({len(set(words.values())) for words in told_in.values()}) == 1
    assert {words.keys() >= {"unread", "unanswered"} for words in told_in.values()} == {True}
    assert len({words["unread"] for words in told_in.values()}) == len(told_in)
