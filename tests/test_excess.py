"""What is too much: names without end, files without end, and paths that lead elsewhere."""

import json
from collections.abc import Callable

import pytest

from twintowns import collation, foldednames, folding
from twintowns.nameindex import Entry, NameIndex
from twintowns.reconcileanswers import MOST_PROPERTIES, Answers, BadQueryError
from twintowns.territories import territories_of

MARKS = "\u0315\u0300\u05ae\u0327" * 5000
"""Marks that have to be put in order, which takes the square of their number."""


@pytest.mark.parametrize(
    "read", [foldednames.folded, folding.folded, lambda text: collation.sort_key(text, "sv")[0]]
)
def test_long_names_are_cut(read: Callable[[str], str]) -> None:
    """Of a name, no more is folded or put in order than names have."""
    assert read(f"Åbo{MARKS}") == read(f"Åbo{MARKS[:197]}")
    assert read("o" * 300) == read("o" * 200)
    assert territories_of(MARKS) == frozenset()


def test_narrowing_is_bounded() -> None:
    """Values by which a query is narrowed are cut, and their number is bounded."""
    answers = Answers(NameIndex([Entry("Q64", ("Berlin",), frozenset({"DE"}))]), "https://example.org/")
    one = {"pid": "country", "v": [f"Deutschland{' ' * 200}?", MARKS]}
    query = {"query": "Berlin", "properties": [one] * MOST_PROPERTIES}
    (told,) = answers.batch(json.dumps({"q": query}))["q"]["result"]
    assert (told["id"], told["match"]) == ("Q64", True)
    query["properties"] = [one] * (MOST_PROPERTIES + 1)
    with pytest.raises(BadQueryError, match="at most 10 properties"):
        answers.batch(json.dumps({"q": query}))
