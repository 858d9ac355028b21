"""Where a fact came from: every published statement has an origin that programs and people can follow."""

import re
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Triple

from twintowns.dataset import Dataset
from twintowns.printing import read_sources
from twintowns.project import Project
from twintowns.vocabulary import DCTERMS, PROV, SCHEMA, TT, A
from twintowns.voiddescription import void_description

SPACE = "https://w3id.org/twintowns/ludvika/"


@pytest.fixture(scope="module")
def dataset(repository: Path) -> Dataset:
    """Return the dataset of the first publication."""
    return read_sources(Project(repository)).dataset()


def _things(dataset: Dataset) -> list[NamedNode]:
    """Return what the publication tells of, but for its own description and what was read."""
    own = (f"{SPACE}catalogue", f"{SPACE}dataset/", f"{SPACE}source/")
    return [one for one in dataset.documents if one.value.startswith(SPACE) and not one.value.startswith(own)]


def test_asserted_triples_have_sources(dataset: Dataset) -> None:
    """Whatever is asserted of a thing, or of a part of it, was read in the sources that the thing names."""
    read = {one for one in dataset.documents if one.value.startswith(f"{SPACE}source/")}
    things = _things(dataset)
    assert len(things) > 40
    for thing in things:
        found = set(dataset.graph.values(thing, DCTERMS.source))
        assert found, thing
        assert found <= read, thing
    described = {
        dataset.document_of(t.subject) for t in dataset.asserted if not isinstance(t.subject, Triple)
    }
    assert {one for one in described if isinstance(one, NamedNode) and one.value.startswith(SPACE)} <= {
        *things,
        *read,
        dataset.names.catalogue,
        dataset.names.dataset,
    }


def test_what_was_written_is_derived(dataset: Dataset) -> None:
    """A twinning or an article was derived from its sources, the catalogue from all, a place from none."""
    sources = set()
    for thing in _things(dataset):
        named = set(dataset.graph.values(thing, DCTERMS.source))
        classes = set(dataset.graph.values(thing, A))
        is_written = bool(classes & {TT.Twinning, SCHEMA.Article})
        assert set(dataset.graph.values(thing, PROV.wasDerivedFrom)) == (named if is_written else set())
        sources |= named
    assert set(dataset.graph.values(dataset.names.catalogue, PROV.wasDerivedFrom)) >= sources


def test_derived_triples_are_told_apart(dataset: Dataset, repository: Path) -> None:
    """The graph of what follows says that it was derived from the graph of what was asserted."""
    told = void_description(dataset, read_sources(Project(repository)).publication)
    derived, asserted = dataset.names.graph("derived"), dataset.names.graph("asserted")
    assert [t.object for t in told if (t.subject, t.predicate) == (derived, PROV.wasDerivedFrom)] == [
        asserted
    ]
    assert not dataset.asserted & dataset.derived


def test_people_see_the_sources(dataset: Dataset, site: Path) -> None:
    """The page of each thing leads to each of its sources."""
    for thing in _things(dataset):
        page = (site / f"{dataset.names.path_of(thing)}.html").read_text(encoding="utf-8")
        shown = set(re.findall(r'href="[^"]*?(source/[^"/]+)\.html"', page))
        named = {str(dataset.names.path_of(s)) for s in dataset.graph.values(thing, DCTERMS.source)}  # type: ignore[arg-type]
        assert named <= shown, thing
