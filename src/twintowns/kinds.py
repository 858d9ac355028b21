"""The kinds of things that a publication tells of, each with a list of its own."""

from typing import Final

from pyoxigraph import NamedNode

from twintowns.dataset import Dataset
from twintowns.paging import pages_in
from twintowns.vocabulary import SCHEMA, TT, A

_LISTS = {
    "Twinnings": (TT.Twinning,),
    "Places": (SCHEMA.City, SCHEMA.AdministrativeArea, SCHEMA.Country),
    "Organizations": (
        SCHEMA.Organization,
        SCHEMA.GovernmentOrganization,
        SCHEMA.NGO,
        SCHEMA.Corporation,
        SCHEMA.NewsMediaOrganization,
    ),
    "Articles": (SCHEMA.Article,),
    "Sources": (SCHEMA.WebPage, SCHEMA.NewsArticle, SCHEMA.Dataset, SCHEMA.CreativeWork),
}
KINDS: Final = {title: title.lower() for title in _LISTS}
"""The message identifier of each kind, with the folder of the pages of its list."""


def members(dataset: Dataset) -> dict[str, list[NamedNode]]:
    """Return what there is of each kind, in the order of the IRIs, but no kind of which there is nothing."""
    found = {
        title: {node for one in classes for node in dataset.graph.instances(one)}
        for title, classes in _LISTS.items()
    }
    there = {
        title: [node for node in nodes if isinstance(node, NamedNode) and node in dataset.documents]
        for title, nodes in found.items()
    }
    return {title: sorted(nodes, key=_iri) for title, nodes in there.items() if nodes}


def kinds_of(dataset: Dataset) -> set[str]:
    """Return of which kinds there is anything."""
    return {
        title
        for title, classes in _LISTS.items()
        if any(node in dataset.documents for one in classes for node in dataset.graph.instances(one))
    }


def kind_of(dataset: Dataset, thing: NamedNode) -> str:
    """Return the message identifier of the kind that a thing is of, or nothing where it has no list."""
    types = set(dataset.graph.values(thing, A))
    return next((title for title, classes in _LISTS.items() if not types.isdisjoint(classes)), "")


def addresses(title: str, count: int) -> list[str]:
    """Return where the pages of a list lie, without folder of the language and suffix.

    Args:
        title: The kind.
        count: How many things of it there are.

    >>> addresses("Places", 101)
    ['places/index', 'places/2']
    """
    numbers = range(2, pages_in(count) + 1)
    return [f"{KINDS[title]}/index", *(f"{KINDS[title]}/{number}" for number in numbers)]


def listed_addresses(dataset: Dataset) -> list[str]:
    """Return where the pages of all lists lie, without folder of the language and suffix."""
    return [path for title, nodes in members(dataset).items() for path in addresses(title, len(nodes))]


def _iri(node: NamedNode) -> str:
    return node.value
