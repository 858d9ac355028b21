"""Signposts of the pages that are of no document: lists, search, queries, reports, the vocabulary's index.

Such a page is a view of the whole: whose it is and how it may be used is told of the dataset, and so is the
metadata, unless it has a file of its own. It leads to the landing page as the collection that it is of, and
to the link set, which tells of its first page. Pages, headers of the service and configurations of web
servers are made from this one table. Source: https://signposting.org/FAIR/
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from twintowns.comparison import PATH as COMPARISON
from twintowns.dataset import Dataset
from twintowns.iris import QUERY_PAGE, Names
from twintowns.kinds import KINDS, members
from twintowns.paging import begun_at
from twintowns.signposting import Link, Subject, descriptions, rights, subject_of, to_link_set
from twintowns.vocabulary import SCHEMA, W3ID

VOCABULARY: Final = (W3ID.specification, W3ID.ns)
"""What describes the shared vocabulary: the first of these that is there."""


class Overview(NamedTuple):
    """Pages that show one thing.

    Attributes:
        first: Where the first of them lies, without folder of the language and suffix.
        type: The type of schema.org for what they are, without the namespace.
        metadata: The Turtle file that has what they show, where there is one.
    """

    first: str
    type: str
    metadata: str = ""


_OVERVIEWS: Final = {
    **{folder: Overview(f"{folder}/index", "CollectionPage") for folder in KINDS.values()},
    "search": Overview("search", "CollectionPage"),
    "sparql": Overview(QUERY_PAGE, "WebApplication"),
    **{name: Overview(name, "Report", f"{name}.ttl") for name in (COMPARISON, "validation")},
}
"""The pages of no document, by the first part of their path."""


def overviews(names: Names) -> dict[str, Overview]:
    """Return the pages of no document, by what their paths begin with."""
    return {**_OVERVIEWS, names.vocabulary_index: Overview(names.vocabulary_index, "CollectionPage")}


def overview_of(names: Names, page: str) -> Overview | None:
    """Return what a page is one of, or None where it is of a document.

    >>> names = Names("https://example.org/town/")
    >>> overview_of(names, "places/2").first, overview_of(names, "search/names-3").first
    ('places/index', 'search')
    >>> overview_of(names, "place/Q1"), overview_of(names, "vocabulary/kind")
    (None, None)
    """
    found = overviews(names)
    return found.get(page) or found.get(page.partition("/")[0])


def begun(page: str) -> str:
    """Return the document of a page that may be one of several.

    >>> begun("place/Q183/page-2"), begun("place/Q183")
    ('place/Q183', 'place/Q183')
    """
    return begun_at(f"{page}.html").removesuffix(".html") or page


def overview_links(names: Names, told: Overview, about: Subject) -> list[Link]:
    """Return the links of a page of no document.

    Args:
        names: How the publication's things are named.
        told: What it shows.
        about: The dataset; the specification for what is shown of the vocabulary.
    """
    is_vocabulary = told.first == names.vocabulary_index
    own = [Link("describedby", f"{names.space}{told.metadata}", "text/turtle")]
    stem, is_of_dataset = f"{names.space}{about.path}.", about.iri == names.dataset.value
    of_whole = [link for link in descriptions(names, about) if link.href.startswith(stem)]
    return [
        Link("cite-as", str(W3ID) if is_vocabulary else f"{names.space}{told.first}"),
        Link("type", SCHEMA.AboutPage.value),
        Link("type", SCHEMA[told.type].value),
        *rights(about),
        *(own if told.metadata else of_whole),
        *([Link("collection", names.space, "text/html")] if is_of_dataset else ()),
        *to_link_set(names, about),
    ]


def links_of_page(dataset: Dataset, page: str) -> list[Link]:
    """Return the links of a page of no document; empty where the path is that of none."""
    told = overview_of(dataset.names, page)
    about = _about(dataset, told) if told else None
    return overview_links(dataset.names, told, about) if told and about else []


def contexts(dataset: Dataset) -> Iterator[tuple[str, list[Link]]]:
    """Go through the addresses and links of the pages that lead to the link set, for the set to tell them."""
    names, lists = dataset.names, {KINDS[title] for title in members(dataset)}
    for root, told in _OVERVIEWS.items():
        is_there = bool(dataset.compared) if root == COMPARISON else root in lists
        if is_there or root not in {COMPARISON, *KINDS.values()}:
            yield f"{names.space}{told.first}.html", links_of_page(dataset, told.first)


def _about(dataset: Dataset, told: Overview) -> Subject | None:
    names = dataset.names
    is_publication = names.catalogue in dataset.documents and told.first != names.vocabulary_index
    found = [names.dataset] if is_publication else [one for one in VOCABULARY if one in dataset.documents]
    return subject_of(dataset, found[0]) if found else None
