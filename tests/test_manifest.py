"""The manifest: what the service is told of the publication and of each document."""

from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode

from twintowns.dataset import Dataset
from twintowns.manifest import facts
from twintowns.printing import Sources, read_sources
from twintowns.project import Project
from twintowns.signposting import Subject, subject_of
from twintowns.statistics import statistics

SPACE = "https://w3id.org/twintowns/ludvika/"
CC0 = "http://creativecommons.org/publicdomain/zero/1.0/"


@pytest.fixture(scope="module")
def sources(repository: Path) -> Sources:
    """Return what a build of the first publication reads."""
    return read_sources(Project(repository))


@pytest.fixture(scope="module")
def dataset(sources: Sources) -> Dataset:
    """Return the dataset of the first publication."""
    return sources.dataset()


@pytest.fixture(scope="module")
def told(sources: Sources, dataset: Dataset) -> dict[str, Any]:
    """Return what the manifest says of the first publication."""
    return facts(dataset, sources.publication, statistics(dataset))


def test_manifest_tells_of_the_publication(told: dict[str, Any]) -> None:
    """The IRI space, the languages with the main one first, the publisher and the licence are said once."""
    assert (told["space"], told["dataset"]["iri"]) == (SPACE, SPACE)
    assert told["languages"] == ("sv", "de", "en", "et", "fi")
    assert (told["author"], told["license"]) == (f"{SPACE}organization/ludvika-kommun", CC0)
    assert told["gone"] == []


def test_manifest_tells_what_each_document_is(told: dict[str, Any]) -> None:
    """What the publisher wrote needs no more than its type; a term names its IRI, a source its own rights."""
    documents = told["documents"]
    assert documents["place/Q12434"] == {"type": "City", "author": ""}
    newspaper = f"{SPACE}organization/general-anzeiger-bonn"
    told_of_source = {"type": "NewsArticle", "author": newspaper, "license": ""}
    assert documents["source/general-anzeiger-bonn-2022"] == told_of_source
    assert documents["twinning/Q211020-Q503184"] == {"type": "Role"}
    assert documents["catalogue"] == {"type": "DataCatalog"}
    assert documents["dataset/twintowns"] == {"type": "Dataset"}
    contact = {"type": "DefinedTerm", "iri": "https://w3id.org/twintowns/kind/contact", "author": ""}
    assert documents["vocabulary/kind/contact"] == contact
    assert list(documents) == sorted(documents)


def test_every_subject_can_be_read_back(told: dict[str, Any], dataset: Dataset) -> None:
    """From the manifest alone the service knows of each document what its page says of it."""
    common = {"author": told["author"], "license": told["license"]}
    for path, entry in told["documents"].items():
        read = Subject(**{"iri": f"{SPACE}{path}", "path": path, **common, **entry})
        assert read == subject_of(dataset, NamedNode(read.iri))


def test_vocabulary_alone_has_no_author(repository: Path) -> None:
    """The vocabulary at its own address has no catalogue, no publisher, and documents at their own IRIs."""
    sources = read_sources(Project(repository, has_data=False))
    dataset = sources.dataset()
    told: dict[str, Any] = facts(dataset, sources.publication, statistics(dataset))
    assert told["space"] == "https://w3id.org/twintowns/"
    assert told["languages"][0] == "en"
    assert not {"author", "license"} & told.keys()
    assert told["documents"]["kind/contact"] == {"type": "DefinedTerm", "license": CC0}
    assert "dataset/twintowns" not in told["documents"]
