"""The feed tells what the data dates, by the rules of Atom, whatever the names are."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree  # type: ignore[import-untyped]
from pyoxigraph import Literal, NamedNode, Triple

from twintowns.catalogue import Publication
from twintowns.dataset import Dataset
from twintowns.feed import ATOM, MOST_ENTRIES, feed
from twintowns.printing import read_sources
from twintowns.project import Project
from twintowns.vocabulary import DCTERMS, SCHEMA, TT, XSD

SPACE = "https://w3id.org/twintowns/ludvika/"
TOWN = "https://example.org/town/"
ENGLISH = ("en",)
RFC_3339 = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
DATES = {
    SCHEMA.startDate,
    SCHEMA.endDate,
    SCHEMA.datePublished,
    SCHEMA.dateModified,
    DCTERMS.issued,
    DCTERMS.modified,
    TT.retrievedOn,
}


@pytest.fixture(scope="module")
def ludvika_feed(repository: Path) -> bytes:
    """Return the feed of the first publication."""
    sources = read_sources(Project(repository))
    return feed(sources.dataset(), sources.publication)


@pytest.fixture
def undated(tiny: Project) -> Dataset:
    """Return a dataset without any date."""
    dataset = read_sources(tiny).dataset()
    return replace(dataset, asserted=frozenset(t for t in dataset.asserted if t.predicate not in DATES))


def _tag(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _with(dataset: Dataset, *triples: Triple) -> Dataset:
    return replace(dataset, asserted=dataset.asserted | set(triples))


def _english(dataset: Dataset) -> bytes:
    return feed(dataset, Publication(dataset.names, ENGLISH))


def _english_name(dataset: Dataset, thing: NamedNode) -> str:
    names = dataset.graph.values(thing, SCHEMA.name)
    return next(name.value for name in names if isinstance(name, Literal) and name.language == "en")


def _entries(content: bytes) -> list[dict[str, str]]:
    """Return what the entries hold, checked by the rules of RFC 4287 on the way."""
    return list(_checked(etree.fromstring(content)))


def _checked(root: etree._Element) -> Iterator[dict[str, str]]:
    assert root.tag == _tag("feed")
    _check_common(root)
    (author,) = root.findall(_tag("author"))
    assert author.findtext(_tag("name"))
    (own,) = root.findall(f"{_tag('link')}[@rel='self']")
    assert own.get("href") == root.findtext(_tag("id"))
    entries = root.findall(_tag("entry"))
    assert root[len(root) - len(entries) :] == entries
    identifiers = [entry.findtext(_tag("id")) for entry in entries]
    assert len(set(identifiers)) == len(identifiers)
    for entry in entries:
        _check_common(entry)
        assert len(entry.findall(_tag("summary"))) <= 1
        yield {etree.QName(part).localname: part.text or part.get("href") for part in entry}


def _check_common(element: etree._Element) -> None:
    """Check what a feed and an entry must both have, exactly once, and how it must look."""
    for name in ("id", "title", "updated"):
        assert len(element.findall(_tag(name))) == 1, name
    assert re.match(r"https?://", element.findtext(_tag("id")))
    assert RFC_3339.fullmatch(element.findtext(_tag("updated")))
    (page,) = element.findall(f"{_tag('link')}[@rel='alternate']")
    assert page.get("type") == "text/html"


def test_feed(ludvika_feed: bytes) -> None:
    """The feed is called, dated and signed as the catalogue is, in the main language."""
    root = etree.fromstring(ludvika_feed)
    assert root.get(XML_LANG) == "sv"
    assert root.findtext(_tag("title")) == "Ludvikas vänorter"
    assert root.findtext(_tag("id")) == f"{SPACE}feed.atom"
    assert root.findtext(_tag("updated")) == "2026-11-23T00:00:00Z"
    assert root.findtext(f"{_tag('author')}/{_tag('name')}") == "Ludvika kommun"
    assert root.find(f"{_tag('link')}[@rel='alternate']").get("href") == SPACE


def test_entries(ludvika_feed: bytes) -> None:
    """The entries follow the rules of Atom and come newest first."""
    entries = _entries(ludvika_feed)
    assert len(entries) > 3
    assert [entry["updated"] for entry in entries] == sorted((e["updated"] for e in entries), reverse=True)
    (twinning,) = (entry for entry in entries if "/twinning/" in entry["id"])
    assert twinning["id"] == f"{SPACE}twinning/Q12434-Q503184#event-start"
    assert twinning["updated"] == "2000-01-01T00:00:00Z"
    assert twinning["link"] == f"{SPACE}twinning/Q12434-Q503184.html"
    assert "Bad Honnef" in twinning["title"]
    assert twinning["title"].endswith("2000")
    assert twinning["summary"].startswith("Med Bad Honnef")


def test_events(undated: Dataset) -> None:
    """Each event of each thing is an entry, worded by what happened and as precise as it is known."""
    twinning = NamedNode(f"{TOWN}twinning/Q3138-Q3955")
    source = NamedNode(f"{TOWN}source/wikidata")
    catalogue = NamedNode(f"{TOWN}catalogue")
    stated = (
        (twinning, SCHEMA.startDate, Literal("1995", datatype=XSD.gYear)),
        (twinning, SCHEMA.endDate, Literal("2020-05", datatype=XSD.gYearMonth)),
        (source, SCHEMA.datePublished, Literal("2021", datatype=XSD.gYear)),
        (source, SCHEMA.dateModified, Literal("2022-01-02", datatype=XSD.date)),
        (source, TT.retrievedOn, Literal("2023-01-02", datatype=XSD.date)),
        (catalogue, DCTERMS.issued, Literal("2024-01-02", datatype=XSD.date)),
        (catalogue, DCTERMS.modified, Literal("2025-01-02", datatype=XSD.date)),
    )
    content = _english(_with(undated, *(Triple(*triple) for triple in stated)))
    told = {
        entry["id"].removeprefix(TOWN): (entry["updated"][:10], entry["title"]) for entry in _entries(content)
    }
    name = _english_name(undated, twinning)
    assert told == {
        "catalogue#event-modified-2025-01-02": (
            "2025-01-02",
            "Twin towns of Weimar: last changed 2 January 2025",
        ),
        "catalogue#event-issued": ("2024-01-02", "Twin towns of Weimar: published 2 January 2024"),
        "source/wikidata#event-retrieved-2023-01-02": ("2023-01-02", "Wikidata: retrieved 2 January 2023"),
        "source/wikidata#event-changed-2022-01-02": ("2022-01-02", "Wikidata: last changed 2 January 2022"),
        "source/wikidata#event-published": ("2021-01-01", "Wikidata: published 2021"),
        "twinning/Q3138-Q3955#event-end": ("2020-05-01", f"{name}: until May 2020"),
        "twinning/Q3138-Q3955#event-start": ("1995-01-01", f"{name}: since 1995"),
    }
    assert etree.fromstring(content).findtext(_tag("updated")) == "2025-01-02T00:00:00Z"


def test_corrected_date_is_the_same_event(undated: Dataset) -> None:
    """A corrected start keeps its name; a source that is read again is another event."""
    twinning, source = NamedNode(f"{TOWN}twinning/Q3138-Q3955"), NamedNode(f"{TOWN}source/wikidata")
    told = []
    for year in ("1995", "1996"):
        start = Triple(twinning, SCHEMA.startDate, Literal(year, datatype=XSD.gYear))
        read = Triple(source, TT.retrievedOn, Literal(f"{year}-01-02", datatype=XSD.date))
        told.append({entry["id"] for entry in _entries(_english(_with(undated, start, read)))})
    assert told[0] & told[1] == {f"{twinning.value}#event-start"}
    assert [len(identifiers) for identifiers in told] == [2, 2]


def test_two_dates_of_one_event(undated: Dataset) -> None:
    """Where the data tells two dates of one event there is one entry, with the newer."""
    twinning = NamedNode(f"{TOWN}twinning/Q3138-Q3955")
    dates = (Triple(twinning, SCHEMA.startDate, Literal(y, datatype=XSD.gYear)) for y in ("1996", "1995"))
    (entry,) = _entries(_english(_with(undated, *dates)))
    assert entry["updated"] == "1996-01-01T00:00:00Z"


@pytest.mark.parametrize(
    "value",
    [
        Literal("2000"),
        Literal("2000", language="en"),
        Literal("0000", datatype=XSD.gYear),
        Literal("-0044", datatype=XSD.gYear),
        Literal("12000", datatype=XSD.gYear),
        Literal("2026-02-30", datatype=XSD.date),
        Literal("2026-01-01+02:00", datatype=XSD.date),
        Literal("2026-13", datatype=XSD.gYearMonth),
        Literal("</updated>", datatype=XSD.date),
        NamedNode("https://example.org/2000"),
    ],
)
def test_no_date(undated: Dataset, value: Literal | NamedNode) -> None:
    """What is no date that exists is no event."""
    twinning = NamedNode(f"{TOWN}twinning/Q3138-Q3955")
    content = _english(_with(undated, Triple(twinning, SCHEMA.startDate, value)))
    assert _entries(content) == []
    assert etree.fromstring(content).findtext(_tag("updated")) == "1970-01-01T00:00:00Z"


def test_as_new_as_its_newest_entry(undated: Dataset) -> None:
    """A catalogue without a date is as new as the newest event."""
    twinning = NamedNode(f"{TOWN}twinning/Q3138-Q3955")
    start = Triple(twinning, SCHEMA.startDate, Literal("1995", datatype=XSD.gYear))
    assert (
        etree.fromstring(_english(_with(undated, start))).findtext(_tag("updated")) == "1995-01-01T00:00:00Z"
    )


def test_vocabulary_is_no_news(ludvika_feed: bytes) -> None:
    """Terms and concepts, which other people date, are no entries."""
    assert all(entry["id"].startswith(SPACE) for entry in _entries(ludvika_feed))


def test_most_entries(undated: Dataset) -> None:
    """Of many events the newest are told, those of one day in the order of their names."""
    read = [
        Triple(
            NamedNode(f"{TOWN}source/s{number:03}"),
            TT.retrievedOn,
            Literal(f"{2000 + number // 2}-01-01", datatype=XSD.date),
        )
        for number in range(150)
    ]
    entries = _entries(_english(_with(undated, *read)))
    assert len(entries) == MOST_ENTRIES == 100
    assert [entry["title"].partition(":")[0] for entry in entries[:4]] == ["s148", "s149", "s146", "s147"]


def test_other_languages(undated: Dataset) -> None:
    """A thing without a name in the main language goes by another, and without any by its IRI."""
    source, nameless = NamedNode(f"{TOWN}source/one"), NamedNode(f"{TOWN}source/two")
    day = Literal("2020-01-01", datatype=XSD.date)
    dataset = _with(
        undated,
        Triple(source, SCHEMA.name, Literal("Yksi", language="fi")),
        Triple(source, SCHEMA.name, NamedNode("https://example.org/no-name")),
        Triple(source, SCHEMA.description, Literal("Suomeksi", language="fi")),
        Triple(source, TT.retrievedOn, day),
        Triple(nameless, TT.retrievedOn, day),
    )
    titles = {entry["title"].partition(":")[0]: entry for entry in _entries(_english(dataset))}
    assert set(titles) == {"Yksi", "two"}
    assert "summary" not in titles["Yksi"]


def test_without_publisher(undated: Dataset) -> None:
    """A feed has an author even where the catalogue names no publisher by an IRI."""
    kept = frozenset(t for t in undated.asserted if t.predicate != DCTERMS.publisher)
    dataset = _with(
        replace(undated, asserted=kept), Triple(undated.names.catalogue, DCTERMS.publisher, Literal("me"))
    )
    author = etree.fromstring(_english(dataset)).find(_tag("author"))
    assert author.findtext(_tag("name")) == "Twin towns of Weimar"
    assert author.findtext(_tag("uri")) == f"{TOWN}catalogue"


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("]]></title><script>alert(1)</script>", "]]></title><script>alert(1)</script>"),
        ("&lt;b&gt;&#0;", "&lt;b&gt;&#0;"),
        ("a\x00b\x01c\x1bd\x0be\ufffe\uffff", "a\ufffdb\ufffdc\ufffdd\ufffde\ufffd\ufffd"),
        ("one\rtwo\nthree\x85\u2028", "one\rtwo\nthree\x85\u2028"),
        ("{name}{date}{0}%s", "{name}{date}{0}%s"),
        ("\U0001f3de\U0010ffff\u202e", "\U0001f3de\U0010ffff\u202e"),
    ],
)
def test_hostile_names(undated: Dataset, name: str, read: str) -> None:
    """A name is read as it was written, but for characters that XML cannot hold."""
    source = NamedNode(f"{TOWN}source/hostile")
    dataset = _with(
        undated,
        Triple(source, SCHEMA.name, Literal(name, language="en")),
        Triple(source, SCHEMA.description, Literal(name, language="en")),
        Triple(source, TT.retrievedOn, Literal("2020-01-01", datatype=XSD.date)),
    )
    (entry,) = _entries(_english(dataset))
    assert entry["title"] == f"{read}: retrieved 1 January 2020"
    assert entry["summary"] == read


def test_is_the_same_again(repository: Path, ludvika_feed: bytes) -> None:
    """Reading the data again gives the same bytes."""
    again = read_sources(Project(repository))
    assert feed(again.dataset(), again.publication) == ludvika_feed
