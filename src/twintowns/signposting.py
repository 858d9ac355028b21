"""Signposts for machines: which address names a thing, which describes it, under which licence, by whom.

One table of links for each kind of file, to be printed as `<link>` elements, as HTTP headers and as a link
set. A page and its metadata lead to each other; the page of the dataset leads also to its files and to the
link set, which says the same of all of them at once (level 2). The set tells of the dataset alone, and so
only the dataset's files lead to it. Sources: https://signposting.org/FAIR/ and
https://www.rfc-editor.org/rfc/rfc9264
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from twintowns import jsontext
from twintowns.dataset import Dataset
from twintowns.distributions import DISTRIBUTIONS, FOLDER, Distribution
from twintowns.iris import is_linkable
from twintowns.searchview import type_of
from twintowns.vocabulary import DCATAP, DCTERMS, RDFS, SCHEMA, SKOS

LINK_SET: Final = "linkset.json"
"""Where the link set lies in the site."""

_FORMATS: Final = {"ttl": "text/turtle", "jsonld": "application/ld+json", "nt": "application/n-triples"}
_CITATIONS: Final = {"bib": "application/x-bibtex", "ris": "application/x-research-info-systems"}
_HTML: Final = "text/html"


class Link(NamedTuple):
    """A link from the file that it stands in.

    Attributes:
        relation: The relation, as registered at https://www.iana.org/assignments/link-relations/.
        href: The absolute address that it leads to.
        media_type: The media type of what lies there, if it is a file.
        profile: The IRI of the profile that it follows, if any.
        language: The BCP 47 tag of its language, for pages.
    """

    relation: str
    href: str
    media_type: str = ""
    profile: str = ""
    language: str = ""


def links(dataset: Dataset, document: NamedNode, languages: Sequence[str]) -> list[Link]:
    """Return the links of a document's page.

    Those of the dataset are the links of the front page too, but for the pages in other languages.

    Args:
        dataset: The dataset.
        document: The document's IRI.
        languages: The publication's languages, the main one first; none where no page in another language
            is to be named.
    """
    return [
        Link("cite-as", document.value),
        Link("type", SCHEMA.AboutPage.value),
        Link("type", SCHEMA[type_of(dataset, document)].value),
        *_rights(dataset, document),
        *_descriptions(dataset, document),
        *(_items(dataset) if document == dataset.names.dataset else ()),
        *_to_link_set(dataset, document),
        *_alternates(dataset, document, languages),
    ]


def metadata_links(dataset: Dataset, document: NamedNode) -> list[Link]:
    """Return the links of a file that describes a document: its Turtle, its JSON-LD, its N-Triples."""
    return [
        Link("describes", _landing_page(dataset, document), _HTML),
        *_to_link_set(dataset, document),
    ]


def content_links(dataset: Dataset, distribution: Distribution) -> list[Link]:
    """Return the links of a file of the dataset; it is cited as the dataset is."""
    about, space = dataset.names.dataset, dataset.names.space
    table = Link("describedby", f"{space}{FOLDER}csv-metadata.json", "application/csvm+json")
    return [
        Link("cite-as", about.value),
        Link("type", SCHEMA.DataDownload.value),
        *_rights(dataset, about),
        *([table] if distribution.media_type == "text/csv" else ()),
        Link("collection", _landing_page(dataset, about), _HTML),
        *_to_link_set(dataset, about),
    ]


def linkset(dataset: Dataset) -> bytes:
    """Return the links of the dataset's pages, its files and its metadata, as a link set in JSON.

    Its pages are the front page of the site and the page to which its IRI leads; both say the same.
    """
    about, space = dataset.names.dataset, dataset.names.space
    contexts = {
        space: links(dataset, about, ()),
        f"{about.value}.html": links(dataset, about, ()),
        **{f"{space}{one.path}": content_links(dataset, one) for one in DISTRIBUTIONS},
        **{one.href: metadata_links(dataset, about) for one in _descriptions(dataset, about)},
    }
    return jsontext.written({"linkset": [_context(anchor, told) for anchor, told in contexts.items()]})


def _context(anchor: str, told: Sequence[Link]) -> dict[str, object]:
    """Return the links of one file as RFC 9264 groups them: by relation."""
    by_relation: dict[str, list[dict[str, object]]] = defaultdict(list)
    for link in told:
        if link.relation != "linkset":
            by_relation[link.relation].append(_target(link))
    return {"anchor": anchor, **by_relation}


def _target(link: Link) -> dict[str, object]:
    target: dict[str, object] = {"href": link.href}
    if link.media_type:
        target["type"] = link.media_type
    if link.profile:
        target["profile"] = [link.profile]
    return target


def _rights(dataset: Dataset, document: NamedNode) -> Iterator[Link]:
    """Tell whose a page is and how it may be used; the shared vocabulary is not the publisher's."""
    graph, catalogue = dataset.graph, dataset.names.catalogue
    if not dataset.names.is_vocabulary(document):
        yield from _to("author", graph.value(catalogue, DCTERMS.publisher))
        yield from _to("license", graph.value(catalogue, DCTERMS.license))
        return
    schemes = (*graph.values(document, SKOS.inScheme), *graph.values(document, RDFS.isDefinedBy))
    tellers = [document, *(scheme for scheme in schemes if isinstance(scheme, NamedNode))]
    stated = [licence for teller in tellers for licence in graph.values(teller, DCTERMS.license)]
    yield from _to("license", next(iter(stated), None))


def _to(relation: str, target: object) -> Iterator[Link]:
    if isinstance(target, NamedNode) and is_linkable(target.value):
        yield Link(relation, target.value)


def _descriptions(dataset: Dataset, document: NamedNode) -> Iterator[Link]:
    """Go through the files that describe a document, of the dataset also those for citing it."""
    address = f"{dataset.names.space}{dataset.names.path_of(document)}"
    is_dataset = document == dataset.names.dataset
    profile = str(DCATAP) if is_dataset else ""
    for suffix, media_type in _FORMATS.items():
        yield Link("describedby", f"{address}.{suffix}", media_type, profile)
    if is_dataset:
        for suffix, media_type in _CITATIONS.items():
            yield Link("describedby", f"{dataset.names.space}citation.{suffix}", media_type)


def _items(dataset: Dataset) -> Iterator[Link]:
    for one in DISTRIBUTIONS:
        yield Link("item", f"{dataset.names.space}{one.path}", one.media_type)


def _to_link_set(dataset: Dataset, document: NamedNode) -> Iterator[Link]:
    if document == dataset.names.dataset:
        yield Link("linkset", f"{dataset.names.space}{LINK_SET}", "application/linkset+json")


def _alternates(dataset: Dataset, document: NamedNode, languages: Sequence[str]) -> Iterator[Link]:
    """Go through the page in each language; search engines ask for absolute addresses."""
    path = dataset.names.path_of(document)
    for place, language in enumerate(languages):
        folder = f"{language}/" if place else ""
        yield Link("alternate", f"{dataset.names.space}{folder}{path}.html", _HTML, language=language)


def _landing_page(dataset: Dataset, document: NamedNode) -> str:
    """Return the address of a document's page; that of the dataset is the front page of the site."""
    space = dataset.names.space
    return space if document == dataset.names.dataset else f"{space}{dataset.names.path_of(document)}.html"
