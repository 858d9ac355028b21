"""Signposts for machines: which address names a thing, which describes it, under which licence, by whom.

One table of links for each kind of file, to be printed as `<link>` elements, as HTTP headers and as a link
set. A page and its metadata lead to each other; the page of the dataset leads also to its files and to the
link set, which says the same of all of them at once (level 2). The set does not grow with the data: it tells
of the dataset and of the pages that show the whole, and only these lead to it. The page of a thing leads to
the dataset's as to its collection. Sources: https://signposting.org/FAIR/ and
https://www.rfc-editor.org/rfc/rfc9264
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from twintowns import jsontext
from twintowns.authority import LICENCE_ADDRESSES
from twintowns.dataset import Dataset
from twintowns.distributions import DISTRIBUTIONS, TABLES, Distribution
from twintowns.iris import Names, is_linkable
from twintowns.schemaorg import SEARCH
from twintowns.searchthings import type_of
from twintowns.vocabulary import DCAT, DCATAP, DCTERMS, RDFS, SCHEMA, SKOS, TT, A

LINK_SET: Final = "linkset.json"
"""Where the link set lies in the site."""

_FORMATS: Final = {"ttl": "text/turtle", "jsonld": "application/ld+json", "nt": "application/n-triples"}
_CITATIONS: Final = {"bib": "application/x-bibtex", "ris": "application/x-research-info-systems"}
_HTML: Final = "text/html"
_CATALOGUE: Final = "catalogue"
_OTHERS_WORKS: Final = {SCHEMA.WebPage, SCHEMA.NewsArticle, SCHEMA.Dataset, SCHEMA.CreativeWork}
"""The classes of what was read: works of others."""
_OWN_WORKS: Final = {DCAT.Catalog, DCAT.Dataset, SCHEMA.Article, TT.Twinning}
"""The classes of what the publisher wrote, as far as nobody else is named."""


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


class Subject(NamedTuple):
    """What is to be known of a document to lead to it and from it.

    Attributes:
        iri: Its IRI.
        path: Where it lies in the site, without a suffix.
        type: The type of schema.org for what it tells of, without the namespace.
        author: Whose it is, an IRI; empty where nobody is named.
        license: How it may be used, an IRI; empty where that is not stated.
    """

    iri: str
    path: str
    type: str
    author: str = ""
    license: str = ""


def subject_of(dataset: Dataset, document: NamedNode) -> Subject:
    """Return what is to be known of a document.

    Author and licence are those of what it names: of a source its own, or none; of what the publisher wrote
    the publisher's. A place or an organization has no author, and what is told of it has the publication's
    licence. The shared vocabulary is not the publisher's.
    """
    names, kind = dataset.names, type_of(dataset, document)
    path = names.path_of(document)
    if names.is_vocabulary(document):
        return Subject(document.value, path, kind, license=_licence_of_term(dataset, document))
    author, licence = _rights_of(dataset, document)
    return Subject(document.value, path, kind, author, licence)


def links(names: Names, subject: Subject, languages: Sequence[str]) -> list[Link]:
    """Return the links of a document's page.

    Those of the dataset are the links of the front page too, but for the pages in other languages.

    Args:
        names: How the publication's things are named.
        subject: The document.
        languages: The publication's languages, the main one first; none where no page in another language
            is to be named.
    """
    return [
        Link("cite-as", subject.iri),
        Link("type", SCHEMA.AboutPage.value),
        Link("type", SCHEMA[subject.type].value),
        *rights(subject),
        *descriptions(names, subject),
        *(_items(names) if _is_dataset(names, subject) else ()),
        *_collection(names, subject),
        *to_link_set(names, subject),
        *_alternates(names, subject, languages),
    ]


def metadata_links(names: Names, subject: Subject) -> list[Link]:
    """Return the links of a file that describes a document: its Turtle, its JSON-LD, its N-Triples."""
    return [Link("describes", _landing_page(names, subject), _HTML), *to_link_set(names, subject)]


def content_links(names: Names, subject: Subject, distribution: Distribution) -> list[Link]:
    """Return the links of a file of the dataset; it is cited as the dataset is.

    Args:
        names: How the publication's things are named.
        subject: The dataset.
        distribution: The form in which the file has it.
    """
    table = Link("describedby", f"{names.space}{TABLES}", "application/csvm+json")
    return [
        Link("cite-as", subject.iri),
        Link("type", SCHEMA.DataDownload.value),
        *rights(subject),
        *([table] if distribution.media_type == "text/csv" else ()),
        Link("collection", _landing_page(names, subject), _HTML),
        *to_link_set(names, subject),
    ]


def linkset(dataset: Dataset, more: Iterable[tuple[str, Sequence[Link]]] = ()) -> bytes:
    """Return the links of the dataset's pages, its files and its metadata, as a link set in JSON.

    Its pages are the front page of the site and the page to which its IRI leads; both say the same.

    Args:
        dataset: What is published.
        more: The addresses of further pages that lead to the set, with their links.
    """
    names, about = dataset.names, subject_of(dataset, dataset.names.dataset)
    contexts = {
        names.space: links(names, about, ()),
        f"{about.iri}.html": links(names, about, ()),
        **{f"{names.space}{one.path}": content_links(names, about, one) for one in DISTRIBUTIONS},
        **{one.href: metadata_links(names, about) for one in descriptions(names, about)},
        **dict(more),
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


def _is_dataset(names: Names, subject: Subject) -> bool:
    return subject.iri == names.dataset.value


def _rights_of(dataset: Dataset, document: NamedNode) -> tuple[str, str]:
    """Return whose a thing of the publication is and how it may be used; empty where that is not stated."""
    graph, classes = dataset.graph, set(dataset.graph.values(document, A))
    author = _address(graph.value(document, SCHEMA.publisher))
    if classes & _OTHERS_WORKS:
        return author, _address(graph.value(document, SCHEMA.license))
    publisher, terms = map(_address, dataset.rights)
    is_written = bool(classes & _OWN_WORKS) or document == dataset.names.dataset
    return (author or publisher) if is_written else "", terms


def _licence_of_term(dataset: Dataset, document: NamedNode) -> str:
    """Return the licence that a term states, or its scheme or ontology."""
    graph = dataset.graph
    schemes = (*graph.values(document, SKOS.inScheme), *graph.values(document, RDFS.isDefinedBy))
    tellers = [document, *(scheme for scheme in schemes if isinstance(scheme, NamedNode))]
    stated = (licence for teller in tellers for licence in graph.values(teller, DCTERMS.license))
    return _address(next(stated, None))


def _address(term: object) -> str:
    """Return the address that a term is, if it may be led to; of a licence that which people read."""
    if isinstance(term, NamedNode) and term in LICENCE_ADDRESSES:
        return LICENCE_ADDRESSES[term]
    return term.value if isinstance(term, NamedNode) and is_linkable(term.value) else ""


def rights(subject: Subject) -> Iterator[Link]:
    """Tell whose a page is and how it may be used."""
    for relation, target in (("author", subject.author), ("license", subject.license)):
        if target:
            yield Link(relation, target)


def descriptions(names: Names, subject: Subject) -> Iterator[Link]:
    """Go through the files that describe a document, of the dataset also the catalogue and citations."""
    for suffix, media_type in _FORMATS.items():
        yield Link("describedby", f"{names.space}{subject.path}.{suffix}", media_type)
    yield Link("describedby", f"{names.space}{subject.path}.{SEARCH}", _FORMATS["jsonld"], str(SCHEMA))
    if _is_dataset(names, subject):
        for suffix, media_type in _FORMATS.items():
            yield Link("describedby", f"{names.space}{_CATALOGUE}.{suffix}", media_type, str(DCATAP))
        for suffix, media_type in _CITATIONS.items():
            yield Link("describedby", f"{names.space}citation.{suffix}", media_type)


def _collection(names: Names, subject: Subject) -> Iterator[Link]:
    """Lead from the page of a thing to the dataset that it is of, and by that to the link set."""
    is_of_it = subject.path != _CATALOGUE and not _is_dataset(names, subject)
    if is_of_it and names.vocabulary_folder and subject.iri.startswith(names.space):
        yield Link("collection", names.space, _HTML)


def _items(names: Names) -> Iterator[Link]:
    for one in DISTRIBUTIONS:
        yield Link("item", f"{names.space}{one.path}", one.media_type)


def to_link_set(names: Names, subject: Subject) -> Iterator[Link]:
    """Lead from what is of the dataset to the link set."""
    if _is_dataset(names, subject):
        yield Link("linkset", f"{names.space}{LINK_SET}", "application/linkset+json")


def _alternates(names: Names, subject: Subject, languages: Sequence[str]) -> Iterator[Link]:
    """Go through the page in each language; search engines ask for absolute addresses."""
    for place, language in enumerate(languages):
        folder = f"{language}/" if place else ""
        yield Link("alternate", f"{names.space}{folder}{subject.path}.html", _HTML, language=language)


def _landing_page(names: Names, subject: Subject) -> str:
    """Return the address of a document's page; that of the dataset is the front page of the site."""
    return names.space if _is_dataset(names, subject) else f"{names.space}{subject.path}.html"
