"""Which pages there are, for search engines: the sitemap, and robots.txt, which leads to it.

Every page stands in it by its own address, with the same page in the other languages beside it, and with
the day on which the publication last changed it. Pages of the vocabulary are left out of a publication of
twinnings, since they are at home elsewhere. Sources:
https://www.sitemaps.org/protocol.html, https://www.rfc-editor.org/rfc/rfc9309 and, for the languages,
https://developers.google.com/search/docs/specialty/international/localized-versions
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple
from urllib.parse import quote
from xml.sax.saxutils import escape

from pyoxigraph import NamedNode

from twintowns.catalogue import Publication
from twintowns.comparison import PATH as COMPARISON
from twintowns.dataset import Dataset
from twintowns.dating import full_date, modified
from twintowns.iris import QUERY_PAGE
from twintowns.kinds import listed_addresses

SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML: Final = "http://www.w3.org/1999/xhtml"

_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_HEAD: Final = f'{_DECLARATION}<urlset xmlns="{SITEMAP}" xmlns:xhtml="{XHTML}">\n'
_FOOT: Final = "</urlset>\n"
_INDEX_HEAD: Final = f'{_DECLARATION}<sitemapindex xmlns="{SITEMAP}">\n'
_INDEX_FOOT: Final = "</sitemapindex>\n"
_URI: Final = re.compile(r"[A-Za-z0-9_:/.~%-]+")
"""What is a URI already, in which nothing has to be written otherwise."""


class Limits(NamedTuple):
    """How large one sitemap may be, by the protocol.

    Attributes:
        addresses: The most addresses.
        size: The most bytes.
    """

    addresses: int = 50_000
    size: int = 50_000_000


class _Page(NamedTuple):
    """One address as it stands in a sitemap, and when the page last changed."""

    text: str
    last_modified: str


def sitemaps(
    dataset: Dataset, publication: Publication, last_modified: str, limits: Limits | None = None
) -> dict[str, bytes]:
    """Return the sitemap, in parts where it is large, and robots.txt, by their paths in the site.

    Args:
        dataset: What has pages.
        publication: In which languages it has them.
        last_modified: When the publication was last changed, for pages of things without a date of their
            own; one that is no full date is not told.
        limits: How large one sitemap may be; by default as large as the protocol allows.
    """
    pages = _pages(dataset, publication, full_date(last_modified))
    parts = list(_divided(pages, limits or Limits()))
    space = _address(dataset.names.space)
    files = {"robots.txt": f"User-agent: *\nAllow: /\n\nSitemap: {space}sitemap.xml\n".encode()}
    if len(parts) == 1:
        return files | {"sitemap.xml": _sitemap(parts[0])}
    named = {f"sitemap-{number}.xml": part for number, part in enumerate(parts, start=1)}
    files["sitemap.xml"] = _index(space, named)
    return files | {name: _sitemap(part) for name, part in named.items()}


def _pages(dataset: Dataset, publication: Publication, last_modified: str) -> Iterator[_Page]:
    """Go through the pages: the landing page and the lists, then the documents, each in every language."""
    yield from _translated(publication, "index", last_modified)
    if dataset.names.catalogue in dataset.documents:
        compared = [COMPARISON] if dataset.compared else []
        for path in (QUERY_PAGE, *listed_addresses(dataset), *compared):
            yield from _translated(publication, path, last_modified)
    for document in _documents(dataset):
        if document.value.startswith(dataset.names.space):
            changed = modified(dataset, document) or last_modified
            yield from _translated(publication, dataset.names.path_of(document), changed)


def _documents(dataset: Dataset) -> list[NamedNode]:
    """Return the documents that are not gone; the dataset that a catalogue lists has a page as well."""
    listed = [dataset.names.dataset] if dataset.names.catalogue in dataset.documents else []
    there = (document for document in dataset.documents if document not in dataset.withdrawn)
    return list(dict.fromkeys((*there, *listed)))


def _translated(publication: Publication, path: str, changed: str) -> Iterator[_Page]:
    addresses = [(language, _address(iri)) for language, iri in publication.alternates(path)]
    alternates = "".join(
        f'<xhtml:link rel="alternate" hreflang="{language}" href="{address}"/>\n'
        for language, address in addresses
    )
    stamp = f"<lastmod>{escape(changed)}</lastmod>\n" if changed else ""
    for address in dict(addresses[:-1]).values():
        yield _Page(f"<url>\n<loc>{address}</loc>\n{stamp}{alternates}</url>\n", changed)


def _address(iri: str) -> str:
    """Return an IRI as a URI, which is what the protocol asks for (RFC 3987, section 3.1).

    No sign is left in it that means anything in XML.

    >>> _address("https://example.org/sv/place/Å&'<>.html")
    'https://example.org/sv/place/%C3%85%26%27%3C%3E.html'
    """
    return iri if _URI.fullmatch(iri) else quote(iri, safe=":/.~-_%")


def _divided(pages: Iterable[_Page], limits: Limits) -> Iterator[list[_Page]]:
    """Divide the pages into as few parts as the limits allow, in their order."""
    part: list[_Page] = []
    empty = size = len(_HEAD) + len(_FOOT)
    for page in pages:
        longer = len(page.text.encode())
        if part and (len(part) == limits.addresses or size + longer > limits.size):
            yield part
            part, size = [], empty
        part.append(page)
        size += longer
    yield part


def _sitemap(pages: Iterable[_Page]) -> bytes:
    return "".join((_HEAD, *(page.text for page in pages), _FOOT)).encode()


def _index(space: str, parts: dict[str, list[_Page]]) -> bytes:
    told = (
        f"<sitemap>\n<loc>{escape(f'{space}{name}')}</loc>\n{_changed(part)}</sitemap>\n"
        for name, part in parts.items()
    )
    return "".join((_INDEX_HEAD, *told, _INDEX_FOOT)).encode()


def _changed(part: Iterable[_Page]) -> str:
    newest = max(page.last_modified for page in part)
    return f"<lastmod>{newest}</lastmod>\n" if newest else ""
