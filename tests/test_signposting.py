"""Signposts: pages, metadata and files lead to each other, and the link set says the same."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Triple

from twintowns.authority import EU
from twintowns.dataset import Dataset
from twintowns.distributions import DISTRIBUTIONS
from twintowns.printing import Sources, read_sources
from twintowns.project import Project
from twintowns.signposting import (
    Link,
    Subject,
    content_links,
    links,
    linkset,
    metadata_links,
    subject_of,
)
from twintowns.vocabulary import DCTERMS, KIND, SCHEMA, TT, A

SPACE = "https://w3id.org/twintowns/ludvika/"
PUBLISHER = f"{SPACE}organization/ludvika-kommun"
CC0 = "http://creativecommons.org/publicdomain/zero/1.0/"
PLACE = NamedNode(f"{SPACE}place/Q12434")


@pytest.fixture(scope="module")
def sources(repository: Path) -> Sources:
    """Return what a build of the first publication reads."""
    return read_sources(Project(repository))


@pytest.fixture(scope="module")
def dataset(sources: Sources) -> Dataset:
    """Return the dataset of the first publication."""
    return sources.dataset()


def _targets(told: list[Link], relation: str) -> list[str]:
    return [link.href for link in told if link.relation == relation]


def _links(dataset: Dataset, document: NamedNode, languages: Sequence[str]) -> list[Link]:
    return links(dataset.names, subject_of(dataset, document), languages)


def test_subject_of_a_thing(dataset: Dataset) -> None:
    """What is to be known of a place: its IRI, its path, its type, its licence; nobody is its author."""
    assert subject_of(dataset, PLACE) == Subject(PLACE.value, "place/Q12434", "City", "", CC0)


@pytest.mark.parametrize(
    ("path", "author", "licence"),
    [
        ("catalogue", PUBLISHER, CC0),
        ("dataset/twintowns", PUBLISHER, CC0),
        ("article/purpose", PUBLISHER, CC0),
        ("twinning/Q12434-Q503184", PUBLISHER, CC0),
        ("organization/abb", "", CC0),
        ("contact-point/ludvika-kommun", "", CC0),
        ("source/geonames", f"{SPACE}organization/geonames", "http://creativecommons.org/licenses/by/4.0/"),
        ("source/general-anzeiger-bonn-2022", f"{SPACE}organization/general-anzeiger-bonn", ""),
    ],
)
def test_whose_a_thing_is(dataset: Dataset, path: str, author: str, licence: str) -> None:
    """What was written here is the publisher's, a source its own publisher's, a company nobody's."""
    told = subject_of(dataset, NamedNode(f"{SPACE}{path}"))
    assert (told.author, told.license) == (author, licence)


def test_article_of_another_publisher(dataset: Dataset) -> None:
    """An article that names its publisher is that one's; a source that names none has no author."""
    article, source = NamedNode(f"{SPACE}article/other"), NamedNode(f"{SPACE}source/other")
    other = NamedNode(f"{SPACE}organization/other")
    stated = {
        Triple(article, A, SCHEMA.Article),
        Triple(article, SCHEMA.publisher, other),
        Triple(source, A, SCHEMA.CreativeWork),
    }
    more = replace(dataset, asserted=dataset.asserted | stated)
    assert subject_of(more, article).author == other.value
    assert (subject_of(more, source).author, subject_of(more, source).license) == ("", "")


def test_subject_of_a_term(dataset: Dataset) -> None:
    """A concept lies in the site's folder of the vocabulary, and has no author there."""
    told = subject_of(dataset, KIND.contact)
    assert told == Subject(KIND.contact.value, "vocabulary/kind/contact", "DefinedTerm", "", CC0)


def test_page_of_a_thing(dataset: Dataset) -> None:
    """A page leads to its thing's IRI, to what that is, its licence, metadata, languages."""
    assert _links(dataset, PLACE, ("sv", "fi")) == [
        Link("cite-as", PLACE.value),
        Link("type", "https://schema.org/AboutPage"),
        Link("type", "https://schema.org/City"),
        Link("license", CC0),
        Link("describedby", f"{PLACE.value}.ttl", "text/turtle"),
        Link("describedby", f"{PLACE.value}.jsonld", "application/ld+json"),
        Link("describedby", f"{PLACE.value}.nt", "application/n-triples"),
        Link("describedby", f"{PLACE.value}.schema.jsonld", "application/ld+json", "https://schema.org/"),
        Link("collection", SPACE, "text/html"),
        Link("alternate", f"{PLACE.value}.html", "text/html", language="sv"),
        Link("alternate", f"{SPACE}fi/place/Q12434.html", "text/html", language="fi"),
    ]


def test_landing_page_of_the_dataset(sources: Sources, dataset: Dataset) -> None:
    """The dataset's page leads to each of its files with its type, to its references and to the link set."""
    told = _links(dataset, dataset.names.dataset, sources.publication.languages)
    assert _targets(told, "cite-as") == [f"{SPACE}dataset/twintowns"]
    assert _targets(told, "type") == ["https://schema.org/AboutPage", "https://schema.org/Dataset"]
    items = {link.href: link.media_type for link in told if link.relation == "item"}
    assert items == {f"{SPACE}{one.path}": one.media_type for one in DISTRIBUTIONS}
    assert Link("linkset", f"{SPACE}linkset.json", "application/linkset+json") in told
    assert f"{SPACE}citation.bib" in _targets(told, "describedby")
    profiles = {
        link.href.removeprefix(SPACE): link.profile for link in told if link.relation == "describedby"
    }
    assert profiles["dataset/twintowns.ttl"] == ""
    assert {profiles[f"catalogue.{suffix}"] for suffix in ("ttl", "jsonld", "nt")} == {
        "http://data.europa.eu/r5r/"
    }
    assert len(_targets(told, "alternate")) == len(sources.publication.languages)


def test_every_page_has_what_level_1_asks(dataset: Dataset) -> None:
    """Every page has one IRI to cite, two types, typed metadata, and absolute addresses only."""
    for document in dataset.documents:
        told = _links(dataset, document, ("sv",))
        assert _targets(told, "cite-as") == [document.value]
        assert len(_targets(told, "type")) == 2
        is_source = document.value.startswith(f"{SPACE}source/")
        assert len(_targets(told, "license")) in ({0, 1} if is_source else {1}), document
        assert all(link.media_type for link in told if link.relation == "describedby")
        assert all(re.match(r"https?://\S+$", link.href) for link in told)


def test_vocabulary_is_not_the_publishers(dataset: Dataset) -> None:
    """A concept has no author here, its scheme's licence, and its metadata in this site."""
    told = _links(dataset, KIND.contact, ("sv",))
    assert _targets(told, "author") == []
    assert _targets(told, "license") == [CC0]
    assert _targets(told, "type")[1] == "https://schema.org/DefinedTerm"
    assert _targets(told, "describedby")[0] == f"{SPACE}vocabulary/kind/contact.ttl"
    unlicensed = replace(dataset, vocabulary=frozenset())
    assert _targets(_links(unlicensed, KIND.contact, ()), "license") == []


def test_metadata_leads_back(dataset: Dataset) -> None:
    """A file of metadata leads to the page that it describes; the dataset's also to the link set."""
    assert metadata_links(dataset.names, subject_of(dataset, PLACE)) == [
        Link("describes", f"{PLACE.value}.html", "text/html")
    ]
    about = subject_of(dataset, dataset.names.dataset)
    assert metadata_links(dataset.names, about) == [
        Link("describes", SPACE, "text/html"),
        Link("linkset", f"{SPACE}linkset.json", "application/linkset+json"),
    ]


def test_files_lead_back(dataset: Dataset) -> None:
    """A file of the dataset leads to the dataset, its licence and the landing page, a table to its schema."""
    about = subject_of(dataset, dataset.names.dataset)
    for one in DISTRIBUTIONS:
        told = content_links(dataset.names, about, one)
        assert _targets(told, "cite-as") == [f"{SPACE}dataset/twintowns"]
        assert _targets(told, "collection") == [SPACE]
        assert _targets(told, "license") == [CC0]
        assert _targets(told, "type") == ["https://schema.org/DataDownload"]
        schema = [f"{SPACE}dump/csv-metadata.json"] if one.path.endswith(".csv") else []
        assert _targets(told, "describedby") == schema


def test_licence_of_a_portals_table(dataset: Dataset) -> None:
    """A licence stated by the IRI of a portal's table is led to where people read it."""
    catalogue = dataset.names.catalogue
    kept = {t for t in dataset.asserted if t.subject != catalogue or t.predicate != DCTERMS.license}
    stated = Triple(catalogue, DCTERMS.license, EU["licence/CC0"])
    assert subject_of(replace(dataset, asserted=frozenset(kept | {stated})), PLACE).license == CC0


def test_hostile_addresses(dataset: Dataset) -> None:
    """A publisher or a licence that is no http address is not led to."""
    catalogue, stated = dataset.names.catalogue, (DCTERMS.publisher, DCTERMS.license)
    kept = {t for t in dataset.asserted if t.subject != catalogue or t.predicate not in stated}
    script = NamedNode("javascript:alert(1)")
    hostile = replace(dataset, asserted=frozenset(kept | {Triple(catalogue, one, script) for one in stated}))
    told = _links(hostile, PLACE, ())
    assert {"author", "license", "alternate"} & {link.relation for link in told} == set()
    assert "javascript" not in linkset(hostile).decode()


def test_link_set(dataset: Dataset) -> None:
    """The link set is JSON as RFC 9264 has it, for the dataset's pages, files and metadata, each once."""
    contexts = json.loads(linkset(dataset))["linkset"]
    anchors = [context["anchor"] for context in contexts]
    assert anchors[:2] == [SPACE, f"{SPACE}dataset/twintowns.html"]
    assert len(anchors) == len(set(anchors)) == 2 + len(DISTRIBUTIONS) + 9
    for context in contexts:
        for relation, targets in context.items():
            if relation != "anchor":
                assert all(target["href"].startswith("http") for target in targets)
                assert all(isinstance(target.get("type", ""), str) for target in targets)
    first = contexts[0]
    assert [item["type"] for item in first["item"]] == [one.media_type for one in DISTRIBUTIONS]
    assert first["describedby"][0] == {"href": f"{SPACE}dataset/twintowns.ttl", "type": "text/turtle"}
    assert {
        "href": f"{SPACE}catalogue.ttl",
        "type": "text/turtle",
        "profile": ["http://data.europa.eu/r5r/"],
    } in first["describedby"]


def test_link_set_is_closed(dataset: Dataset) -> None:
    """Whatever the landing page leads to as a file or metadata leads back to it in the set."""
    contexts = {one["anchor"]: one for one in json.loads(linkset(dataset))["linkset"]}
    for item in contexts[SPACE]["item"]:
        assert contexts[item["href"]]["collection"] == [{"href": SPACE, "type": "text/html"}]
    for metadata in contexts[SPACE]["describedby"]:
        assert contexts[metadata["href"]]["describes"] == [{"href": SPACE, "type": "text/html"}]


def test_link_set_does_not_grow(dataset: Dataset) -> None:
    """The set tells of the dataset alone, however many things there are in it."""
    things = {
        Triple(NamedNode(f"{SPACE}twinning/Q{n}-Q{n + 1}"), TT.kind, KIND.contact) for n in range(100, 200)
    }
    grown = replace(dataset, asserted=dataset.asserted | things)
    assert linkset(grown) == linkset(dataset)
    assert "twinning/" not in linkset(dataset).decode()
