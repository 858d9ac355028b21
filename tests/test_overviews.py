"""Signposts of pages of no document: lists, search, queries, reports and the vocabulary's index."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Triple

from twintowns.dataset import Dataset
from twintowns.overviews import contexts, links_of_page
from twintowns.printing import read_sources
from twintowns.project import Project
from twintowns.signposting import Link
from twintowns.vocabulary import SCHEMA, TT, A

SPACE = "https://w3id.org/twintowns/ludvika/"
PUBLISHER = f"{SPACE}organization/ludvika-kommun"
CC0 = "http://creativecommons.org/publicdomain/zero/1.0/"


@pytest.fixture(scope="module")
def dataset(repository: Path) -> Dataset:
    """Return the dataset of the first publication."""
    return read_sources(Project(repository)).dataset()


def _targets(told: Sequence[Link], relation: str) -> list[str]:
    return [link.href for link in told if link.relation == relation]


def test_report(dataset: Dataset) -> None:
    """The page of the validation report leads to the file of it, and is the publisher's."""
    assert links_of_page(dataset, "validation") == [
        Link("cite-as", f"{SPACE}validation"),
        Link("type", "https://schema.org/AboutPage"),
        Link("type", "https://schema.org/Report"),
        Link("author", PUBLISHER),
        Link("license", CC0),
        Link("describedby", f"{SPACE}validation.ttl", "text/turtle"),
        Link("collection", SPACE, "text/html"),
        Link("linkset", f"{SPACE}linkset.json", "application/linkset+json"),
    ]


@pytest.mark.parametrize(
    ("page", "cited", "kind"),
    [
        ("places/index", "places/index", "CollectionPage"),
        ("places/2", "places/index", "CollectionPage"),
        ("search", "search", "CollectionPage"),
        ("search/names-3", "search", "CollectionPage"),
        ("sparql/index", "sparql/index", "WebApplication"),
        ("comparison/page-2", "comparison", "Report"),
        ("validation/page-2", "validation", "Report"),
    ],
)
def test_what_a_page_is(dataset: Dataset, page: str, cited: str, kind: str) -> None:
    """A page is cited by the first of those like it, and leads to metadata, dataset and link set."""
    told = links_of_page(dataset, page)
    assert _targets(told, "cite-as") == [SPACE + cited]
    assert _targets(told, "type")[1] == f"https://schema.org/{kind}"
    assert _targets(told, "author") == [PUBLISHER]
    assert _targets(told, "collection") == [SPACE]
    assert {link.media_type for link in told if link.relation == "describedby"} >= {"text/turtle"}
    assert not [one for one in _targets(told, "describedby") if "citation" in one]


def test_index_of_the_vocabulary(dataset: Dataset) -> None:
    """The index of the vocabulary is described by the specification, and is nobody's here."""
    told = links_of_page(dataset, "vocabulary/index")
    assert _targets(told, "cite-as") == ["https://w3id.org/twintowns/"]
    assert _targets(told, "describedby")[0] == f"{SPACE}vocabulary/specification.ttl"
    assert (_targets(told, "author"), _targets(told, "collection"), _targets(told, "linkset")) == ([], [], [])


@pytest.mark.parametrize("page", ["index", "place/Q12434", "vocabulary/kind", "placeses/index"])
def test_page_of_a_document(dataset: Dataset, page: str) -> None:
    """A page of a document is not in this table."""
    assert links_of_page(dataset, page) == []


def test_link_set_tells_of_the_pages_that_are_there(dataset: Dataset) -> None:
    """The link set has the first page of each list that there is; one more thing makes it no longer."""
    told = dict(contexts(dataset))
    assert {f"{SPACE}{page}.html" for page in ("places/index", "search", "sparql/index", "validation")} <= {
        *told
    }
    assert f"{SPACE}comparison.html" not in told
    article = {t for t in dataset.asserted if (t.predicate, t.object) == (A, SCHEMA.Article)}
    without = Dataset(
        dataset.names, dataset.asserted - article, frozenset(), dataset.vocabulary, frozenset(), {}
    )
    assert f"{SPACE}articles/index.html" in told
    assert f"{SPACE}articles/index.html" not in dict(contexts(without))
    more = {Triple(NamedNode(f"{SPACE}twinning/Q1-Q2"), A, TT.Twinning)}
    grown = Dataset(dataset.names, dataset.asserted | more, frozenset(), dataset.vocabulary, frozenset(), {})
    assert dict(contexts(grown)).keys() == told.keys()
