"""The cookbook: every recipe is a question that the first publication answers."""

import re
from pathlib import Path
from typing import cast

import pytest
from pyoxigraph import QuerySolutions, RdfFormat, Store

from twintowns.printing import Press, read_sources
from twintowns.project import Project
from twintowns.writing import n_triples

COOKBOOK = Path(__file__).resolve().parent.parent / "docs" / "cookbook.md"
RECIPE_FLAGS = re.MULTILINE | re.DOTALL
RECIPES = re.findall(r"^## (.+?)\n.*?```sparql\n(.+?)```", COOKBOOK.read_text(encoding="utf-8"), RECIPE_FLAGS)


@pytest.fixture(scope="module")
def store(repository: Path) -> Store:
    """Return the dump of the first publication in a store."""
    loaded = Store()
    press = Press(read_sources(Project(repository)))
    loaded.load(n_triples(press.dataset.published), format=RdfFormat.N_TRIPLES)
    return loaded


@pytest.mark.parametrize(("question", "query"), RECIPES, ids=[question for question, _ in RECIPES])
def test_recipe_has_an_answer(store: Store, question: str, query: str) -> None:
    """Each recipe runs and finds something."""
    assert list(cast("QuerySolutions", store.query(query))), question


def test_ludvikas_twin_towns(store: Store) -> None:
    """The first recipe names the two twin towns, and the year of the one that is known."""
    rows = cast("QuerySolutions", store.query(RECIPES[0][1]))
    found = [(row["name"].value, row["since"].value if row["since"] else None) for row in rows]
    assert found == [("Bad Honnef", "2000"), ("Imatra", None)]
