"""The `Link` header of an answer: signposts, the other forms of the same document, its profile and licence.

Signposts come from the table that pages and link set are printed from; addresses of other forms are
relative, so that they lead to the same host, port and folder that was asked. Only the addresses of a page in
other languages are those by which the page itself names them: search engines read no others
(https://developers.google.com/search/docs/specialty/international/localized-versions). Sources:
https://www.rfc-editor.org/rfc/rfc8288, https://signposting.org/FAIR/ and
https://www.w3.org/TR/dx-prof-conneg/
"""

import posixpath
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from twintowns import overviews, signposting
from twintowns.distributions import DISTRIBUTIONS
from twintowns.holdings import Document, File, Holdings, Representation
from twintowns.signposting import Link, Subject

_DISTRIBUTIONS = {one.path: one for one in DISTRIBUTIONS}
_KEPT_IN_IRI = "!#$%&'()*+,/:;=?@[]~"


def link_header(links: Iterable[Link]) -> str:
    """Return links as the value of one header.

    >>> link_header([Link("canonical", "https://example.org/Åland"), Link("alternate", "Q1", "text/turtle")])
    '<https://example.org/%C3%85land>; rel="canonical", <Q1>; rel="alternate"; type="text/turtle"'
    """
    return ", ".join(dict.fromkeys(map(_written, links)))


def links_of_file(holdings: Holdings, file: File) -> list[Link]:
    """Return the links of a file: what it is, whose, of what, and what else there is of the same."""
    address = file.path.removesuffix("index.html") if file.is_index else file.path
    document = holdings.document(file.document) if file.document else None
    space = holdings.space if file.representation.language else ""
    others = _alternates(document, address, file.path, space) if document else ()
    return [*_canonical(holdings, file), *_signposts(holdings, file), *_profile(file.representation), *others]


def links_of_document(document: Document, address: str) -> list[Link]:
    """Return the links from the name of a thing, or from a list of its forms, to all of them.

    Args:
        document: The document.
        address: The path that was asked for.
    """
    return list(_alternates(document, address, ""))


def address_of(path: str, address: str) -> str:
    """Return the relative reference by which one path of the site leads to another.

    >>> address_of("place/Q1.ttl", "place/Q1"), address_of("catalogue.ttl", ""), address_of("a:b", "c")
    ('Q1.ttl', 'catalogue.ttl', 'a%3Ab')
    """
    return quote(posixpath.relpath(f"/{path}", f"/{address.rpartition('/')[0]}"))


def subject_of(holdings: Holdings, document: str) -> Subject | None:
    """Return what the manifest tells of a document; the front page is that of the dataset."""
    path = holdings.names.path_of(holdings.names.dataset) if document == "index" else document
    told = holdings.subjects.get(path)
    if told is None:
        return None
    rights = {**holdings.rights, **told}
    iri = rights.get("iri") or f"{holdings.space}{path}"
    return Subject(iri, path, told.get("type", "Thing"), rights.get("author", ""), rights.get("license", ""))


def _signposts(holdings: Holdings, file: File) -> list[Link]:
    """Return the signposts of a file, by what it is: a page, a description, a form of the dataset."""
    names = holdings.names
    if distribution := _DISTRIBUTIONS.get(file.path):
        whole = subject_of(holdings, "index")
        return signposting.content_links(names, whole, distribution) if whole else []
    if file.representation.media_type == "text/html":
        return _signposts_of_page(holdings, file.document)
    subject = subject_of(holdings, file.document) if file.document else None
    if subject is None:
        return []
    licence = [Link("license", subject.license)] if subject.license else []
    return [*signposting.metadata_links(names, subject), *licence]


def _signposts_of_page(holdings: Holdings, page: str) -> list[Link]:
    """Return the signposts of a page in any language; none where the manifest tells of no documents."""
    names, found = holdings.names, subject_of(holdings, overviews.begun(page))
    if found:
        return signposting.links(names, found, ())
    told, whole = overviews.overview_of(names, page), subject_of(holdings, "index")
    described = (subject_of(holdings, names.path_of(one)) for one in overviews.VOCABULARY)
    terms = next((one for one in described if one), None)
    about = terms if told and told.first == names.vocabulary_index else whole or terms
    return overviews.overview_links(names, told, about) if told and about else []


def _canonical(holdings: Holdings, file: File) -> Iterator[Link]:
    """Name what a file is a form of; a translated page says itself by which address it is to be listed."""
    is_translated = file.representation.language not in {"", *holdings.languages[:1]}
    if file.document and not is_translated and (iri := holdings.iri(file.document)):
        yield Link("canonical", iri)


def _profile(representation: Representation) -> Iterator[Link]:
    if representation.profile:
        yield Link("profile", representation.profile.iri)


def _alternates(document: Document, address: str, path: str, space: str = "") -> Iterator[Link]:
    for one in document.representations:
        if one.path != path:
            href = address_of(one.path, address)
            if space and one.language:
                href = space + (one.path.removesuffix("index.html") if document.path == "index" else one.path)
            profile = one.profile.iri if one.profile else ""
            yield Link("alternate", href, one.media_type, profile, one.language)


def _written(link: Link) -> str:
    told = {
        "rel": link.relation,
        "type": link.media_type,
        "hreflang": link.language,
        "profile": link.profile,
    }
    parameters = "".join(f'; {name}="{value}"' for name, value in told.items() if value)
    return f"<{quote(link.href, safe=_KEPT_IN_IRI)}>{parameters}"
