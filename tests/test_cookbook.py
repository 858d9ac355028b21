"""The cookbook: every recipe is a question that the first publication answers."""

import re
from pathlib import Path
from typing import cast

import pytest
from pyoxigraph import QuerySolutions, QueryTriples, Store

from twintowns.querypage import Example, examples

COOKBOOK = Path(__file__).resolve().parent.parent / "docs" / "cookbook.md"
RECIPE_FLAGS = re.MULTILINE | re.DOTALL
RECIPES = re.findall(r"^## (.+?)\n.*?```sparql\n(.+?)```", COOKBOOK.read_text(encoding="utf-8"), RECIPE_FLAGS)


def test_recipes_are_the_examples() -> None:
    """The document shows the examples of the query page, each with its question."""
    assert [Example(question, query) for question, query in RECIPES] == list(examples())


@pytest.mark.parametrize(("question", "query"), RECIPES, ids=[question for question, _ in RECIPES])
def test_recipe_has_an_answer(store: Store, question: str, query: str) -> None:
    """Each recipe runs and finds something, in whichever language of the publication it asks."""
    for language in ("en", "sv", "de", "fi", "et"):
        asked = Example(question, query).in_language(language)
        found = store.query(asked, use_default_graph_as_union=True)
        assert list(cast("QuerySolutions | QueryTriples", found)), question


def test_twinnings_since_when(store: Store) -> None:
    """The first recipe names the twinnings, and the year of the one of which it is known."""
    rows = cast("QuerySolutions", store.query(RECIPES[0][1], use_default_graph_as_union=True))
    found = [(row["twinning"].value, row["since"].value if row["since"] else None) for row in rows]
    assert [(iri.rpartition("/")[2], since) for iri, since in found] == [
        ("Q12434-Q503184", "2000"),
        ("Q103732-Q192061", None),
        ("Q211020-Q503184", None),
    ]
