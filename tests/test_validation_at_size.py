"""Publications made up for the benchmark: with every kind of mistake, they are judged as by pySHACL."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from test_screening import plain, screened
from twintowns.graph import Graph
from twintowns.loading import read_canonical, triples_of
from twintowns.project import Project

pytestmark = [
    pytest.mark.filterwarnings("ignore::UserWarning"),  # rdflib warns of ill-typed values, as seeded here
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture
def publication(repository: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Return the module that makes publications up."""
    monkeypatch.syspath_prepend(str(repository / "scripts/benchmarks"))
    import publication  # noqa: PLC0415 - it lies with the benchmark

    yield publication
    del sys.modules["publication"]


@pytest.mark.uncovered
def test_each_mistake(publication: Any, repository: Path) -> None:  # noqa: ANN401 - a module
    """Each mistake of the generator breaks something, and all results are those of plain pySHACL."""
    project = Project(repository)
    shapes = Graph(triples_of(read_canonical(path) for path in project.shape_files()))
    known = triples_of(read_canonical(path) for path in project.vocabulary_files())
    size = publication.Size(40, 20)
    made = list(publication.triples_of(size, 0))
    mistakes = list(publication.MISTAKES.values())
    twinnings = [
        subject for subject in dict.fromkeys(t.subject for t in made) if "/twinning/" in subject.value
    ]
    wrong = list(made)
    for subject, mistake in zip(twinnings, mistakes, strict=False):
        own = [triple for triple in made if triple.subject == subject]
        wrong = [triple for triple in wrong if triple.subject != subject] + mistake(own)
    found = screened(Graph([*wrong, *known]), shapes)
    assert not isinstance(found, str)
    assert found == plain(Graph([*wrong, *known]), shapes)
    told = {result.focus_node for result in found if result.severity.endswith("Violation>")}
    assert {f"<{subject.value}>" for subject in twinnings[: len(mistakes)]} <= told
    clean = screened(Graph([*made, *known]), shapes)
    assert not isinstance(clean, str)
    assert not [result for result in clean if result.severity.endswith("Violation>")]


def test_same_seed_same_triples(publication: Any) -> None:  # noqa: ANN401 - a module
    """A seed decides of everything."""
    size = publication.Size(30, 20, 5)
    made = [list(publication.triples_of(size, seed)) for seed in (1, 1, 2)]
    assert made[0] == made[1] != made[2]
