"""What a site holds: by its manifest, and nothing else."""

import json
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twintowns.exceptions import SiteError
from twintowns.holdings import SUFFIXES, Document, File, Holdings, holdings_from, path_of
from twintowns.linkheaders import address_of, links_of_file, subject_of

SPACE = "https://example.org/town/"
PATHS = [
    "index.html",
    "de/index.html",
    "style.css",
    "style.css.gz",
    "place/Q1.html",
    "de/place/Q1.html",
    *(f"place/Q1.{suffix}" for suffix in SUFFIXES[1:]),
    "place/Q1.html.gz",
    "place/Q1.html.br",
    "place/Q9.html",
    "catalogue.html",
    "catalogue.rdf",
    "datasets/dcat",
    "dump/twintowns.ttl",
    "dump/places.csv",
    "place/Åland.ttl",
    ".well-known/void",
    "vocabulary/kind.ttl",
    "vocabulary/old.ttl",
]
DIGEST = sha256(b"x").hexdigest()


def manifest(**told: Any) -> bytes:  # noqa: ANN401 - JSON is whatever it is
    """Return a manifest with the files above."""
    files = {path: {"sha256": DIGEST, "size_bytes": 1} for path in PATHS}
    facts = {
        "dataset": {"iri": SPACE, "rdfc-1.0": "abc"},
        "space": SPACE,
        "languages": ["sv", "de"],
        "author": f"{SPACE}organization/town",
        "license": "https://creativecommons.org/publicdomain/zero/1.0/",
        "gone": ["place/Q9"],
        "documents": {
            "place/Q1": {"type": "City"},
            "dataset/twintowns": {"type": "Dataset"},
            "place/Åland": {"type": "City", "license": ""},
            "vocabulary/kind": {
                "type": "DefinedTermSet",
                "iri": "https://w3id.org/twintowns/kind",
                "author": "",
            },
        },
        "files": files,
    }
    return json.dumps({**facts, **told}).encode()


@pytest.fixture
def holdings() -> Holdings:
    """Return the holdings by that manifest."""
    return holdings_from(manifest())


def file_at(holdings: Holdings, path: str) -> File:
    """Return the file at a path, which has to be there."""
    found = holdings.at(path)
    assert isinstance(found, File)
    return found


def test_name_leads_to_its_forms(holdings: Holdings) -> None:
    """The name of a thing leads to its forms, pages first, each with media type, language and profile."""
    found = holdings.at("place/Q1")
    assert isinstance(found, Document)
    assert [(one.path, one.media_type, one.language) for one in found.representations] == [
        ("place/Q1.html", "text/html", "sv"),
        ("de/place/Q1.html", "text/html", "de"),
        ("place/Q1.ttl", "text/turtle", ""),
        ("place/Q1.jsonld", "application/ld+json", ""),
        ("place/Q1.nt", "application/n-triples", ""),
        ("place/Q1.rdf", "application/rdf+xml", ""),
        ("place/Q1.schema.jsonld", "application/ld+json", ""),
    ]
    tokens = [one.profile.token if one.profile else "" for one in found.representations]
    assert tokens == ["", "", "", "", "", "", "schema.org"]
    assert not found.is_gone


def test_catalogue_has_the_swedish_form_too(holdings: Holdings) -> None:
    """The catalogue leads also to the rendition that is not named after it."""
    found = holdings.at("catalogue")
    assert isinstance(found, Document)
    assert found.representations[-1].path == "datasets/dcat"


@pytest.mark.parametrize(
    ("path", "language", "document"),
    [
        ("place/Q1.html", "sv", "place/Q1"),
        ("de/place/Q1.html", "de", "place/Q1"),
        ("place/Q1.schema.jsonld", "", "place/Q1"),
        ("style.css", "", ""),
        ("datasets/dcat", "", ""),
        (".well-known/void", "", ""),
        ("index.html", "sv", "index"),
        ("manifest.json", "", ""),
    ],
)
def test_file_leads_to_itself(holdings: Holdings, path: str, language: str, document: str) -> None:
    """A file leads to itself, in its language and as a form of its document."""
    found = file_at(holdings, path)
    assert (found.path, found.representation.language, found.document) == (path, language, document)


def test_folder_leads_to_its_index(holdings: Holdings) -> None:
    """The root and a language's folder lead to their index."""
    assert file_at(holdings, "").path == "index.html"
    assert file_at(holdings, "de/").path == "de/index.html"
    assert file_at(holdings, "de/").is_index


@pytest.mark.parametrize(
    "path",
    [
        "place/Q2",
        "place/",
        "place/Q1/",
        "de/place/Q1",
        "place/q1",
        "../place/Q1",
        "place/Q1.html.gz",
        "style.css.gz",
        "README.md",
        "/place/Q1",
        ".html",
    ],
)
def test_nothing_else_is_there(holdings: Holdings, path: str) -> None:
    """What the manifest does not list, and a compressed form, are not there."""
    assert holdings.at(path) is None


def test_what_was_once_is_gone(holdings: Holdings) -> None:
    """The name of what is no more, and each of its forms, are gone."""
    found = holdings.at("place/Q9")
    assert isinstance(found, Document)
    assert found.is_gone
    assert file_at(holdings, "place/Q9.html").is_gone


def test_entries_and_codings(holdings: Holdings) -> None:
    """A file has its hash and size, and the codings in which it lies ready, best first."""
    assert holdings.entry("place/Q1.ttl") == (DIGEST, 1)
    assert holdings.codings("place/Q1.html") == ("br", "gzip")
    assert holdings.codings("place/Q1.ttl") == ()


def test_iris(holdings: Holdings) -> None:
    """A document has its IRI, the front page that of the space, and an unknown term none."""
    assert holdings.iri("place/Q1") == f"{SPACE}place/Q1"
    assert holdings.iri("index") == SPACE
    assert holdings.iri("vocabulary/kind") == "https://w3id.org/twintowns/kind"
    assert holdings.iri("vocabulary/old") == ""


def test_subjects(holdings: Holdings) -> None:
    """What the manifest says of a document goes before what it says of the publication."""
    place, term = subject_of(holdings, "place/Åland"), subject_of(holdings, "vocabulary/kind")
    assert place is not None
    assert term is not None
    assert (place.license, place.author) == ("", f"{SPACE}organization/town")
    assert (term.iri, term.author) == ("https://w3id.org/twintowns/kind", "")
    assert subject_of(holdings, "place/Q2") is None


def _relations(holdings: Holdings, path: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for link in links_of_file(holdings, file_at(holdings, path)):
        found.setdefault(link.relation, []).append(link.href)
    return found


def test_links_of_a_page(holdings: Holdings) -> None:
    """A page leads to its IRI, its data, its licence, its author and its other forms."""
    found = _relations(holdings, "de/place/Q1.html")
    assert found["cite-as"] == [f"{SPACE}place/Q1"]
    assert "canonical" not in found
    assert _relations(holdings, "place/Q1.html")["canonical"] == [f"{SPACE}place/Q1"]
    assert f"{SPACE}place/Q1.ttl" in found["describedby"]
    assert f"{SPACE}place/Q1.html" in found["alternate"]
    assert f"{SPACE}de/place/Q1.html" not in found["alternate"]
    assert found["author"] == [f"{SPACE}organization/town"]


def test_links_of_data(holdings: Holdings) -> None:
    """Data leads to the page that it describes, and to its licence where one is stated."""
    assert _relations(holdings, "place/Q1.ttl")["describes"] == [f"{SPACE}place/Q1.html"]
    assert len(_relations(holdings, "place/Q1.ttl")["license"]) == 1
    assert "license" not in _relations(holdings, "place/Åland.ttl")
    assert _relations(holdings, "dump/places.csv")["cite-as"] == [f"{SPACE}dataset/twintowns"]


def test_links_of_what_is_not_told_of() -> None:
    """Where the manifest tells of no documents, no signpost is invented."""
    holdings = holdings_from(manifest(documents={}))
    assert "cite-as" not in _relations(holdings, "place/Q1.html")
    assert "cite-as" not in _relations(holdings, "dump/places.csv")
    assert _relations(holdings, "style.css") == {}
    assert "canonical" not in _relations(holdings, "vocabulary/old.ttl")


def test_older_manifest() -> None:
    """A manifest without languages, space and documents serves as well: the main language is not known."""
    told = json.loads(manifest())
    older = holdings_from(json.dumps({name: told[name] for name in ("dataset", "files")}).encode())
    assert (older.space, older.languages, older.gone) == (SPACE, ("", "de"), frozenset())
    found = older.at("place/Q1")
    assert isinstance(found, Document)
    assert [one.language for one in found.representations[:2]] == ["", "de"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"files": []}',
        b'{"files": {"a": {"sha256": "00", "size_bytes": 1}}}',
        b'{"files": {"a": {"sha256": "zz", "size_bytes": 1}}}',
        b'{"files": {"a": {"sha256": "%s", "size_bytes": "1"}}}' % DIGEST.encode(),
        b'{"files": {"a": {"sha256": "%s", "size_bytes": -1}}}' % DIGEST.encode(),
    ],
)
def test_no_manifest(content: bytes) -> None:
    """What is no manifest is refused."""
    with pytest.raises(SiteError, match="no manifest"):
        holdings_from(content)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_letters_lead_to_the_same_encoded_or_not(name: str) -> None:
    """A path is the same with its letters percent-encoded or raw."""
    encoded = "".join(f"%{byte:02X}" for byte in name.replace("/", "").encode())
    raw = name.replace("/", "").replace("%", "%25")
    assert path_of(f"/{encoded}".encode()) == path_of(f"/{raw}".encode())


@given(st.binary())
def test_any_bytes(raw: bytes) -> None:
    """Any bytes are a path without anything unprintable, or none."""
    path = path_of(raw)
    assert path is None or path.isprintable()


@pytest.mark.parametrize("raw", [b"", b"*", b"/%FF", b"/\xff", b"/a%00", b"/a%0d", b"/a%2Fb", b"/a%2fb"])
def test_no_path(raw: bytes) -> None:
    """What is not UTF-8, holds what cannot be printed, or a slash that is none, is no path."""
    assert path_of(raw) is None


def test_addresses_are_relative() -> None:
    """A file is reached from an address beside it, above it, and from the root."""
    assert address_of("de/place/Q1.html", "place/Q1") == "../de/place/Q1.html"
    assert address_of("place/Å.ttl", "place/Å") == "%C3%85.ttl"
    assert address_of("de/index.html", "de/") == "index.html"
