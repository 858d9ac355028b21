"""What a built site holds: its files by the manifest, and what an address of the service leads to.

Only what the manifest lists is served, so that no path leads out of the folder and no foreign file out of
the service. The name of a thing has no suffix and leads to the representations that lie beside it, that of
a folder without its slash to the page in it; a file leads to itself; a compressed variant to nothing, for it
is a form of the file that it was made of.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Final, NamedTuple
from urllib.parse import unquote_to_bytes

from twintowns import jsontext
from twintowns.exceptions import SiteError
from twintowns.inventory import BRIEF, MANIFEST, Entry, check, is_variant, listed
from twintowns.iris import Names
from twintowns.mediatypes import CODINGS, bare, media_type_of
from twintowns.profiles import Profile, profile_of

SUFFIXES: Final = ("html", "ttl", "jsonld", "nt", "rdf", "schema.jsonld")
"""The suffixes of representations, in the order in which the service prefers them."""

CATALOGUE: Final = "catalogue"
_LANDING_PAGE: Final = "index.html"
_FURTHER: Final = {CATALOGUE: ("datasets/dcat",)}
"""Representations of a document that are not named after it."""
_ENCODED_SLASH: Final = "%2f"
_SIZE: Final = 8


class Representation(NamedTuple):
    """One form of a document; `media_type` is without parameters, `language` empty for all but pages."""

    path: str
    media_type: str
    language: str = ""
    profile: Profile | None = None


@dataclass(frozen=True)
class Document:
    """What an address without a suffix leads to.

    Attributes:
        path: Its path, without a suffix.
        representations: Its forms, best first.
        is_gone: Whether what it told of is no more, and its forms say so.
    """

    path: str
    representations: tuple[Representation, ...]
    is_gone: bool = False


@dataclass(frozen=True)
class File:
    """A file that an address leads to.

    Attributes:
        path: Where it lies.
        document: The document that it is a form of; empty where it is none.
        representation: Its media type, language and profile.
        is_gone: Whether it is the tombstone of what is no more.
        is_index: Whether the address is that of its folder.
    """

    path: str
    document: str
    representation: Representation
    is_gone: bool = False
    is_index: bool = False


@dataclass(frozen=True)
class Holdings:
    """What a site holds.

    Attributes:
        version: The hash of the manifest.
        dataset_hash: The RDFC-1.0 hash of the dataset.
        space: The IRI space.
        languages: The languages of the pages, the main one first, which is empty where it is not told.
        files: The entries of the manifest, variants among them, packed: the hash, then eight bytes of size.
        gone: The documents of what is no more.
        subjects: What the manifest tells of documents, for their links.
        rights: Author and licence of the publication, where stated.
    """

    version: str
    dataset_hash: str
    space: str
    languages: tuple[str, ...]
    files: Mapping[str, bytes]
    gone: frozenset[str] = frozenset()
    subjects: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rights: Mapping[str, str] = field(default_factory=dict)

    def at(self, path: str) -> File | Document | None:
        """Return what lies at a path that has no slash before it, or None where nothing is."""
        if path == "" or path.endswith("/"):
            return self.file(f"{path}{_LANDING_PAGE}", is_index=True)
        return self.file(path) or self.document(path)

    def file(self, path: str, *, is_index: bool = False) -> File | None:
        """Return a file, or None where there is none that has an address."""
        if (path not in self.files and path != MANIFEST) or is_variant(path, self.files):
            return None
        language, document, suffix = self._parts(path)
        profile = profile_of(document or path, suffix)
        representation = Representation(path, bare(media_type_of(path)), language, profile)
        return File(path, document, representation, document in self.gone, is_index)

    def document(self, path: str) -> Document | None:
        """Return a document, or None where it has no form."""
        language = path.partition("/")[0]
        is_copy = language in self.languages[1:]
        forms = tuple(self._copies(path, language) if is_copy else self._forms(path))
        return Document(path, forms, path in self.gone) if forms else None

    def entry(self, path: str) -> Entry:
        """Return the hash and the size of a file."""
        packed = self.files[path]
        return Entry(packed[:-_SIZE].hex(), int.from_bytes(packed[-_SIZE:]))

    def codings(self, path: str) -> tuple[str, ...]:
        """Return the content codings in which a file lies ready, best first."""
        return tuple(coding for coding, suffix in CODINGS.items() if f"{path}.{suffix}" in self.files)

    @cached_property
    def names(self) -> Names:
        """How the publication's things are named."""
        return Names.of_site(self.space)

    def iri(self, document: str) -> str:
        """Return the IRI of a document; empty where it is not known."""
        if document == "index":
            return self.space
        if stated := self.subjects.get(document, {}).get("iri"):
            return stated
        is_own = document in self.subjects or not document.startswith("vocabulary/")
        return f"{self.space}{document}" if self.space and is_own else ""

    def _copies(self, path: str, language: str) -> Iterator[Representation]:
        """Go through the forms at a path in the folder of a language: no name of a thing, but of a folder."""
        if (page := f"{path}/{_LANDING_PAGE}") in self.files:
            yield Representation(page, "text/html", language)

    def _forms(self, path: str) -> Iterator[Representation]:
        for language in self.languages:
            folder = f"{language}/" if language != self.languages[0] else ""
            pages = (f"{folder}{path}.html", f"{folder}{path}/{_LANDING_PAGE}")
            if page := next((page for page in pages if page in self.files), ""):
                yield Representation(page, "text/html", language)
        for suffix in SUFFIXES[1:]:
            if f"{path}.{suffix}" in self.files:
                media_type = bare(media_type_of(f"{path}.{suffix}"))
                yield Representation(f"{path}.{suffix}", media_type, "", profile_of(path, suffix))
        for further in _FURTHER.get(path, ()):
            if further in self.files:
                yield Representation(further, bare(media_type_of(further)), "", profile_of(further, ""))

    def _parts(self, path: str) -> tuple[str, str, str]:
        """Return the language, the document and the suffix of a file; empty where it has none."""
        folder, _, name = path.rpartition("/")
        stem, _, suffix = name.partition(".")
        if suffix not in SUFFIXES or not stem:
            return "", "", ""
        document = f"{folder}/{stem}" if folder else stem
        if suffix != "html":
            return "", document, suffix
        first, _, rest = document.partition("/")
        is_foreign = first in self.languages[1:] and rest != ""
        return (first, rest, suffix) if is_foreign else (self.languages[0], document, suffix)


def holdings_from(manifest: bytes) -> Holdings:
    """Return what a manifest tells.

    Raises:
        SiteError: If it is no manifest of a site.
    """
    try:
        told = jsontext.read(manifest)
        check(told)
        files = {path: _packed(entry) for path, entry in listed(told["files"])}
        dataset = told.get("dataset") or {}
        return Holdings(
            version=sha256(manifest).hexdigest(),
            dataset_hash=str(dataset.get("rdfc-1.0", "")),
            space=str(told.get("space") or dataset.get("iri", "")),
            languages=tuple(map(str, told.get("languages") or _languages_of(files))),
            files=files,
            gone=frozenset(told.get("gone", ())),
            subjects=dict(told.get("documents", {})),
            rights={name: told[name] for name in ("author", "license") if told.get(name)},
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise SiteError(MANIFEST, "this is no manifest of a site", "build the site again") from error


def path_of(raw_path: bytes) -> str | None:
    """Return the path that a request asks for, without the slash before it, or None where it is none.

    The same letters lead to the same, percent-encoded or not. An encoded slash is not a slash
    (https://www.rfc-editor.org/rfc/rfc3986#section-2.2), and so is no part of any of our names.

    >>> path_of(b"/place/%C3%85land"), path_of("/place/Åland".encode()), path_of(b"/%FF")
    ('place/Åland', 'place/Åland', None)
    """
    try:
        text = raw_path.decode()
        path = unquote_to_bytes(text).decode()
    except UnicodeDecodeError:
        return None
    is_whole = path.startswith("/") and path.isprintable() and _ENCODED_SLASH not in text.lower()
    return path[1:] if is_whole else None


def _packed(entry: Entry) -> bytes:
    digest = bytes.fromhex(entry.sha256)
    if len(entry.sha256) not in {BRIEF, 2 * sha256().digest_size}:
        raise ValueError(entry)
    return digest + entry.size_bytes.to_bytes(_SIZE)


def _languages_of(files: Mapping[str, object]) -> list[str]:
    """Return the languages as far as the folders tell them: the main one is not known."""
    heads = (path.partition("/") for path in files)
    return ["", *sorted(head for head, _, rest in heads if rest == _LANDING_PAGE and head.isalpha())]
