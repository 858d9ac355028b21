"""The names of things: which document tells of an IRI, and where its page lies in the site.

The IRI of a thing, the address of its page and the place of its file are one name in three forms:
`https://w3id.org/twintowns/ludvika/place/Q503184`, `place/Q503184.html`, `data/place/Q503184.ttl`.
IRIs follow RFC 3987 (https://www.rfc-editor.org/rfc/rfc3987), Wikidata's items
https://www.wikidata.org/wiki/Wikidata:Identifiers.
"""

import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final, Self
from urllib.parse import unquote

from pyoxigraph import NamedNode

from twintowns.vocabulary import PREFIXES, SHAPE, W3ID, WD, Namespace

FOLDERS: Final = ("article", "contact-point", "organization", "person", "place", "source", "twinning")
"""The folders of `data/`, one for each class of things."""

SCHEMES: Final = ("field", "ground", "kind", "status")
QUERY_PAGE: Final = "sparql/index"
"""Where the query page lies in the site, without the folder of the language and the suffix."""
WHO_ANSWERS: Final = "sparql/service.json"
"""Where the query page reads whether there is a query service; the service answers there for itself."""
VOCABULARY_FOLDER: Final = "vocabulary/"
LOCAL_NAME: Final = re.compile(r"\w[\w.~-]*")

_VOCABULARY: Final = re.compile(
    rf"(?:ns|shapes|shape|specification|alignments|{'|'.join(SCHEMES)})(?:[/#]|$)"
)
_TABLES: Final = (
    "http://publications.europa.eu/resource/authority/",
    "http://www.iana.org/assignments/",
    "http://purl.org/adms/",
)
"""Tables of codes, which are known by the code."""
_SAFE: Final = re.compile(r"[\w.~/-]+")
_LINKABLE: Final = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


@dataclass(frozen=True)
class Names:
    """How a publication names its things.

    Attributes:
        space: The IRI space, ending in `/`.
        vocabulary_folder: Where the pages of terms, schemes and shapes lie in the site.
    """

    space: str
    vocabulary_folder: str = VOCABULARY_FOLDER

    @classmethod
    def of_site(cls, space: str) -> Self:
        """Return how things are named in a site; in that of the vocabulary alone it has no folder.

        >>> Names.of_site("https://w3id.org/twintowns/").vocabulary_index
        'index'
        """
        return cls(space, "" if space == W3ID else VOCABULARY_FOLDER)

    @cached_property
    def catalogue(self) -> NamedNode:
        """The IRI of the catalogue."""
        return NamedNode(f"{self.space}catalogue")

    @cached_property
    def dataset(self) -> NamedNode:
        """The IRI of the dataset that the catalogue lists: everything that is published."""
        return NamedNode(f"{self.space}dataset/twintowns")

    def is_ours(self, iri: NamedNode) -> bool:
        """Tell whether the IRI lies in the publication's own space, and not in the vocabulary's."""
        value = iri.value
        return value.startswith(self.space) and not _is_shared(value)

    def is_vocabulary(self, iri: NamedNode) -> bool:
        """Tell whether the IRI names a term, concept, scheme or shape of the vocabulary that all share."""
        return _is_shared(iri.value)

    def document_of(self, iri: NamedNode) -> NamedNode | None:
        """Return the document that tells of the IRI, or None where that is not ours to tell.

        >>> names = Names("https://example.org/town/")
        >>> names.document_of(NamedNode("https://example.org/town/place/Q1#geo")).value
        'https://example.org/town/place/Q1'
        >>> names.document_of(SHAPE["Twinning-partner"]).value
        'https://w3id.org/twintowns/shape/Twinning'
        """
        value = iri.value
        if not (value.startswith(self.space) or _is_shared(value)):
            return None
        if not is_safe(self.path_of(iri).partition("#")[0]):
            return None
        if value.startswith(SHAPE):
            return SHAPE[value.removeprefix(SHAPE).partition("-")[0]]
        without_fragment = value.partition("#")[0]
        return iri if without_fragment == value else NamedNode(without_fragment)

    @property
    def vocabulary_index(self) -> str:
        """Where the index of terms, schemes and shapes lies in the site, without a suffix."""
        return f"{self.vocabulary_folder}index"

    def path_of(self, iri: NamedNode) -> str:
        """Return where the document of the IRI lies in the site, without a suffix.

        >>> Names("https://example.org/town/").path_of(NamedNode("https://w3id.org/twintowns/kind/contact"))
        'vocabulary/kind/contact'
        """
        value = iri.value
        if value.startswith(self.space) and not _is_shared(value):
            return value.removeprefix(self.space)
        return self.vocabulary_folder + value.removeprefix(W3ID)

    def graph(self, name: str) -> NamedNode:
        """Return the IRI of one of the named graphs of the dump."""
        return NamedNode(f"{self.space}graph/{name}")

    def prefixes(self) -> dict[str, str]:
        """Return the prefixes of the publication: those of the vocabulary and one for each folder."""
        own = {folder: Namespace(f"{self.space}{folder}/") for folder in FOLDERS}
        return dict(sorted({**PREFIXES, **own}.items()))


def _is_shared(iri: str) -> bool:
    """Tell whether an IRI is of the vocabulary that all publications share."""
    return iri.startswith(W3ID) and _VOCABULARY.match(iri, len(W3ID)) is not None


def is_safe(path: str) -> bool:
    """Tell whether a path names a file below the folder that it is joined to, and no hidden one.

    The one folder with a dot is that of well-known addresses (https://www.rfc-editor.org/rfc/rfc8615).

    >>> is_safe("place/Q1"), is_safe("place/../../x"), is_safe("//x"), is_safe(".well-known/void")
    (True, False, False, True)
    """
    path = path.removeprefix(".well-known/")
    return _SAFE.fullmatch(path) is not None and "//" not in f"/{path}/" and "/." not in f"/{path}"


def fragment_of(iri: NamedNode) -> str:
    """Return the anchor at which a document tells of the IRI: its fragment, or a shape's own name.

    >>> fragment_of(SHAPE["Twinning-partner"])
    'Twinning-partner'
    """
    if iri.value.startswith(SHAPE):
        return iri.value.removeprefix(SHAPE)
    return iri.value.partition("#")[2]


def relative(target: str, page: str) -> str:
    """Return the relative address of one file of the site as seen from another.

    >>> relative("place/Q1.html", "sv/place/Q2.html")
    '../../place/Q1.html'
    """
    return "../" * page.count("/") + target


def is_linkable(iri: str) -> bool:
    """Tell whether an IRI may become a link on a page: `http` and `https` only, never `javascript:`."""
    return _LINKABLE.fullmatch(iri) is not None


def local_name(iri: str) -> str:
    """Return the last part of an IRI.

    >>> local_name("https://schema.org/name")
    'name'
    """
    return re.split(r"[/#]", iri.rstrip("/#"))[-1]


@cache
def curie(iri: str) -> str:
    """Return the IRI with a prefix of the vocabulary, where one fits.

    >>> curie("https://schema.org/name")
    'schema:name'
    """
    fitting = [(namespace, prefix) for prefix, namespace in PREFIXES.items() if iri.startswith(namespace)]
    if not fitting:
        return iri
    namespace, prefix = max(fitting, key=lambda found: len(found[0]))
    return f"{prefix}:{iri.removeprefix(namespace)}"


def known_as(iri: str) -> str:
    """Return how an IRI elsewhere is called for short.

    >>> known_as("http://www.wikidata.org/entity/Q503184"), known_as("https://sws.geonames.org/2693757/")
    ('Wikidata Q503184', 'GeoNames 2693757')
    >>> known_as("http://publications.europa.eu/resource/authority/language/SWE")
    'SWE'
    >>> known_as("https://sv.wikipedia.org/wiki/S%C3%A4ters_kommun")
    'Wikipedia (sv): Säters kommun'
    """
    if iri.startswith(WD):
        return f"Wikidata {local_name(iri)}"
    if iri.startswith("https://sws.geonames.org/"):
        return f"GeoNames {local_name(iri)}"
    for table in _TABLES:
        if iri.startswith(table):
            return iri.removeprefix(table).partition("/")[2] or local_name(iri)
    if article := re.fullmatch(r"https?://([a-z-]+)\.wikipedia\.org/wiki/([^?#]+)", iri):
        return f"Wikipedia ({article[1]}): {unquote(article[2]).replace('_', ' ')}"
    return curie(iri)


def is_wikidata_item(iri: NamedNode) -> bool:
    """Tell whether the IRI names a Wikidata item in the one right form.

    >>> is_wikidata_item(WD.Q42), is_wikidata_item(WD.P190)
    (True, False)
    """
    return re.fullmatch(rf"{re.escape(WD)}Q[1-9][0-9]*", iri.value) is not None


def number_of(qid: str) -> int:
    """Return the number of a Wikidata item, by which items are ordered.

    >>> number_of("Q42")
    42
    """
    return int(qid[1:])
