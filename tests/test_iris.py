"""The names of things, and where their pages lie."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from twintowns.iris import (
    FOLDERS,
    LOCAL_NAME,
    Names,
    curie,
    fragment_of,
    is_linkable,
    is_wikidata_item,
    known_as,
    local_name,
    relative,
)
from twintowns.vocabulary import KIND, PREFIXES, SCHEMA, SHAPE, TT, W3ID, WD

SPACE = "https://example.org/town/"
NAMES = Names(SPACE)


@pytest.mark.parametrize(
    ("iri", "document", "path"),
    [
        (f"{SPACE}place/Q1", f"{SPACE}place/Q1", "place/Q1"),
        (f"{SPACE}place/Q1#geo", f"{SPACE}place/Q1", "place/Q1"),
        (f"{SPACE}catalogue", f"{SPACE}catalogue", "catalogue"),
        (TT.partner.value, f"{W3ID}ns", "vocabulary/ns"),
        (KIND.contact.value, f"{W3ID}kind/contact", "vocabulary/kind/contact"),
        (f"{W3ID}kind", f"{W3ID}kind", "vocabulary/kind"),
        (SHAPE.Twinning.value, f"{W3ID}shape/Twinning", "vocabulary/shape/Twinning"),
        (SHAPE["Twinning-partner-count"].value, f"{W3ID}shape/Twinning", "vocabulary/shape/Twinning"),
        (f"{W3ID}alignments/schema", f"{W3ID}alignments/schema", "vocabulary/alignments/schema"),
    ],
)
def test_documents(iri: str, document: str, path: str) -> None:
    """A document tells of its own IRI and its parts, and lies in the site under its local name."""
    told = NAMES.document_of(NamedNode(iri))
    assert told is not None
    assert (told.value, NAMES.path_of(told)) == (document, path)


@pytest.mark.parametrize(
    "iri",
    [
        SCHEMA.name.value,
        WD.Q1.value,
        "https://example.org/tow",
        f"{W3ID}ludvika/place/Q1",
        f"{W3ID}kinds/x",
        f"{W3ID}nsx#partner",
        W3ID,
    ],
)
def test_not_ours(iri: str) -> None:
    """What lies neither in the publication's space nor in the vocabulary has no document here."""
    assert NAMES.document_of(NamedNode(iri)) is None


def test_publication_below_the_vocabulary() -> None:
    """A publication whose space lies below that of the vocabulary keeps the two apart."""
    names = Names(f"{W3ID}ludvika/")
    assert names.is_ours(NamedNode(f"{W3ID}ludvika/place/Q1"))
    assert not names.is_vocabulary(NamedNode(f"{W3ID}ludvika/place/Q1"))
    assert names.is_vocabulary(TT.partner)
    assert not names.is_ours(TT.partner)


def test_names() -> None:
    """A publication has a catalogue, graphs, and a prefix for each of its folders."""
    assert NAMES.catalogue.value == f"{SPACE}catalogue"
    assert NAMES.graph("derived").value == f"{SPACE}graph/derived"
    prefixes = NAMES.prefixes()
    assert {folder: prefixes[folder] for folder in FOLDERS} == {f: f"{SPACE}{f}/" for f in FOLDERS}
    assert prefixes.items() >= PREFIXES.items()
    assert list(prefixes) == sorted(prefixes)


@settings(deadline=None)
@given(st.sampled_from(FOLDERS), st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True))
def test_one_name_in_three_forms(folder: str, name: str) -> None:
    """The IRI, the page and the file of a thing have one name, whatever it is."""
    iri = NamedNode(f"{SPACE}{folder}/{name}")
    assert LOCAL_NAME.fullmatch(name)
    assert NAMES.document_of(iri) == iri == NAMES.document_of(NamedNode(f"{iri.value}#part"))
    assert NAMES.path_of(iri) == f"{folder}/{name}"


@pytest.mark.parametrize(
    ("iri", "fragment"),
    [(TT.partner, "partner"), (SHAPE.Twinning, "Twinning"), (NamedNode(f"{SPACE}a#b"), "b"), (WD.Q1, "")],
)
def test_fragments(iri: NamedNode, fragment: str) -> None:
    """A part is told of at an anchor of its document."""
    assert fragment_of(iri) == fragment


@pytest.mark.parametrize(
    ("target", "page", "address"),
    [("a.html", "b.html", "a.html"), ("a.html", "sv/x/b.html", "../../a.html"), ("", "sv/b.html", "../")],
)
def test_relative(target: str, page: str, address: str) -> None:
    """A link climbs as far as the page lies deep."""
    assert relative(target, page) == address


@pytest.mark.parametrize(
    ("iri", "linkable"),
    [
        ("https://example.org/", True),
        ("HTTP://example.org", True),
        ("https://example.org/å?x=1#y", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("mailto:x@example.org", False),
        ("https://", False),
        ("//example.org/", False),
        ("https://example.org/a b", False),
        ('https://example.org/"x', False),
        ("https://example.org/\n", False),
        (" https://example.org/", False),
        ("xhttps://example.org/", False),
    ],
)
def test_linkable(iri: str, linkable: bool) -> None:  # noqa: FBT001 - an expectation
    """Only http and https IRIs become links."""
    assert is_linkable(iri) is linkable


@settings(deadline=None)
@given(st.text())
def test_nothing_else_is_linkable(text: str) -> None:
    """Whatever becomes a link begins with a scheme of the web and has no blanks or quotes."""
    if is_linkable(text):
        assert re.match(r'https?://[^\s"<>]', text, re.IGNORECASE)


@pytest.mark.parametrize(
    ("iri", "short"),
    [
        (SCHEMA.name.value, "schema:name"),
        (SHAPE.Twinning.value, "shape:Twinning"),
        (TT.partner.value, "tt:partner"),
        ("https://example.org/x", "https://example.org/x"),
    ],
)
def test_curies(iri: str, short: str) -> None:
    """An IRI is shortened by the longest prefix that fits."""
    assert curie(iri) == short


@pytest.mark.parametrize(
    ("iri", "called"),
    [
        (WD.Q1.value, "Wikidata Q1"),
        ("https://sws.geonames.org/1/", "GeoNames 1"),
        ("https://sv.wikipedia.org/wiki/%C3%84lv_dalen", "Wikipedia (sv): Älv dalen"),
        ("https://zh-yue.wikipedia.org/wiki/x", "Wikipedia (zh-yue): x"),
        ("https://sv.wikipedia.org/w/x", "https://sv.wikipedia.org/w/x"),
        (SCHEMA.name.value, "schema:name"),
    ],
)
def test_known_as(iri: str, called: str) -> None:
    """An IRI elsewhere is called by what it is known as."""
    assert known_as(iri) == called


@pytest.mark.parametrize(
    ("iri", "name"), [("https://a.example/b/c/", "c"), ("a:b#c", "c"), ("urn:x", "urn:x")]
)
def test_local_names(iri: str, name: str) -> None:
    """The local name is the last part of an IRI."""
    assert local_name(iri) == name


@pytest.mark.parametrize(
    ("iri", "item"),
    [
        ("http://www.wikidata.org/entity/Q1", True),
        ("https://www.wikidata.org/entity/Q1", False),
        ("http://www.wikidata.org/wiki/Q1", False),
        ("http://www.wikidata.org/entity/Q0", False),
        ("http://www.wikidata.org/entity/Q01", False),
        ("http://www.wikidata.org/entity/Q1/", False),
        ("http://www.wikidata.org/entity/P1", False),
    ],
)
def test_items(iri: str, item: bool) -> None:  # noqa: FBT001 - an expectation
    """An item of Wikidata has one right form."""
    assert is_wikidata_item(NamedNode(iri)) is item
