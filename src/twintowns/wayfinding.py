"""Where readers who found nothing may go on: the search and the main pages, in their language.

The service and the configurations of static hosts tell it on pages about problems, which no edition holds.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from twintowns.iris import QUERY_PAGE

_SEARCH: Final = "search"
_TITLES: Final = {
    "index": "Home",
    "twinnings/index": "Twinnings",
    "places/index": "Places",
    "articles/index": "Articles",
    QUERY_PAGE: "Query",
    "vocabulary/index": "Vocabulary",
}


class Way(NamedTuple):
    """A page to go on from: the message that names it, and where it is."""

    title: str
    href: str


@dataclass(frozen=True)
class Ways:
    """Where one may go on.

    Attributes:
        pages: The pages, each with the message that names it.
        search: The page that answers a search; empty where there is none.
    """

    pages: tuple[Way, ...]
    search: str = ""


def ways(files: Container[str], root: str, folder: str) -> Ways:
    """Return where one may go on in a site; the front page is there in any case.

    Args:
        files: The files of the site.
        root: The path of the site's root, without the slash at its end.
        folder: The folder of the reader's language, with the slash at its end; empty for the main one.

    >>> ways({"fi/search.html", "fi/index.html", "fi/places/index.html"}, "/twins", "fi/").search
    '/twins/fi/search.html'
    >>> [way.href for way in ways({"fi/index.html", "fi/places/index.html"}, "/twins", "fi/").pages]
    ['/twins/fi/', '/twins/fi/places/']
    >>> ways((), "", "fi/")
    Ways(pages=(Way(title='Home', href='/'),), search='')
    """
    addresses = _addresses(folder)
    there = {path: f"{root}/{address}" for path, address in addresses.items() if address in files}
    there.setdefault("index", f"{root}/")
    found = [
        Way(title, there[path].removesuffix("index.html")) for path, title in _TITLES.items() if path in there
    ]
    return Ways(tuple(found), there.get(_SEARCH, ""))


def files_of_ways(files: Container[str], languages: Iterable[str]) -> frozenset[str]:
    """Return those of a site's files that `ways` may lead to, which are few.

    Args:
        files: The files of the site.
        languages: The languages of its pages.
    """
    folders = ("", *(f"{language}/" for language in languages))
    return frozenset(path for one in folders for path in _addresses(one).values() if path in files)


def _addresses(folder: str) -> dict[str, str]:
    return {path: f"{folder}{path}.html" for path in (_SEARCH, *_TITLES)}
