"""The feed tells what was added, changed and ended, by the rules of Atom, whatever the names are."""

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
from twintowns.vocabulary import AS, DCTERMS, SCHEMA, STATUS, TT, XSD, A

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
TWINNING = NamedNode(f"{TOWN}twinning/Q3138-Q3955")
CATALOGUE = NamedNode(f"{TOWN}catalogue")


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


@pytest.fixture
def dated(undated: Dataset) -> Dataset:
    """Return a dataset of which only the catalogue is dated."""
    return _with(
        undated,
        Triple(CATALOGUE, DCTERMS.issued, _day("2024-01-02")),
        Triple(CATALOGUE, DCTERMS.modified, _day("2025-01-02")),
    )


def _tag(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _day(text: str) -> Literal:
    return Literal(text, datatype=XSD.date)


def _year(text: str) -> Literal:
    return Literal(text, datatype=XSD.gYear)


def _with(dataset: Dataset, *triples: Triple) -> Dataset:
    return replace(dataset, asserted=dataset.asserted | set(triples))


def _english(dataset: Dataset) -> bytes:
    return feed(dataset, Publication(dataset.names, ENGLISH))


def test_withdrawn(dated: Dataset) -> None:
    """What was withdrawn is one event, told on the day that its tombstone states, and no other."""
    gone = Literal("2024-06-02T10:00:00Z", datatype=XSD.dateTime)
    entries = _entries(_english(_with(dated, Triple(TWINNING, AS.deleted, gone))))
    told = [(e["id"], e["updated"], e["title"]) for e in entries if "twinning/Q3138-Q3955" in e["id"]]
    name = _english_name(dated, TWINNING)
    assert told == [
        (f"{TWINNING.value}#event-withdrawn", "2024-06-02T00:00:00Z", f"Withdrawn: {name} (2 June 2024)")
    ]


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


def test_every_twinning(ludvika_feed: bytes) -> None:
    """Every twinning and article is told of, dated by when the publication told of it, not by its start."""
    entries = _entries(ludvika_feed)
    titles = {entry["id"].removeprefix(SPACE): entry["title"] for entry in entries}
    assert titles == {
        "article/history#event-added": "Tillagt: Vänortsrörelsens historia",
        "article/purpose#event-added": "Tillagt: Syftet med vänortsarbetet",
        "catalogue#event-issued": "Publicerat: Ludvikas vänorter (23 november 2026)",
        "twinning/Q103732-Q192061#event-added": "Tillagt: Dalarnas län \u2013 Viljandi län",
        "twinning/Q12434-Q503184#event-added": "Tillagt: Bad Honnef \u2013 Ludvika kommun (sedan 2000)",
        "twinning/Q211020-Q503184#event-added": "Tillagt: Imatra \u2013 Ludvika kommun",
    }
    assert {entry["updated"] for entry in entries} == {"2026-11-23T00:00:00Z"}
    assert {entry["published"] for entry in entries} == {"2026-11-23T00:00:00Z"}
    (twinning,) = (entry for entry in entries if "Q12434" in entry["id"])
    assert twinning["link"] == f"{SPACE}twinning/Q12434-Q503184.html"
    assert twinning["summary"].startswith("Med Bad Honnef")


def test_events(dated: Dataset) -> None:
    """Each event of each thing is an entry, worded by what happened and as precise as it is known."""
    place, source = NamedNode(f"{TOWN}place/Q3955"), NamedNode(f"{TOWN}source/wikidata")
    stated = (
        (TWINNING, SCHEMA.startDate, _year("1995")),
        (TWINNING, SCHEMA.endDate, Literal("2020-05", datatype=XSD.gYearMonth)),
        (TWINNING, DCTERMS.issued, _day("2024-02-02")),
        (TWINNING, DCTERMS.modified, _day("2024-03-02")),
        (place, DCTERMS.modified, _day("2024-04-02")),
        (source, DCTERMS.issued, _day("2024-05-02")),
    )
    content = _english(_with(dated, *(Triple(*triple) for triple in stated)))
    entries = _entries(content)
    told = {
        entry["id"].removeprefix(TOWN): (
            entry["updated"][:10],
            entry.get("published", "")[:10],
            entry["title"],
        )
        for entry in entries
    }
    name = _english_name(dated, TWINNING)
    twinning = "twinning/Q3138-Q3955#event"
    assert told == {
        "catalogue#event-modified-2025-01-02": (
            "2025-01-02",
            "2025-01-02",
            "Changed: Twin towns of Weimar (2 January 2025)",
        ),
        "source/wikidata#event-added": ("2024-05-02", "2024-05-02", "Added: Wikidata"),
        "place/Q3955#event-modified-2024-04-02": (
            "2024-04-02",
            "2024-04-02",
            "Changed: Weimar (2 April 2024)",
        ),
        f"{twinning}-modified-2024-03-02": ("2024-03-02", "2024-03-02", f"Changed: {name} (2 March 2024)"),
        f"{twinning}-end": ("2024-03-02", "", f"Ended: {name} (May 2020)"),
        f"{twinning}-added": ("2024-02-02", "2024-02-02", f"Added: {name} (since 1995)"),
        "catalogue#event-issued": (
            "2024-01-02",
            "2024-01-02",
            "Published: Twin towns of Weimar (2 January 2024)",
        ),
    }
    assert [entry["updated"] for entry in entries] == sorted((e["updated"] for e in entries), reverse=True)
    assert etree.fromstring(content).findtext(_tag("updated")) == "2025-01-02T00:00:00Z"


def test_without_dates_of_its_own(dated: Dataset) -> None:
    """A thing without dates of its own was added and has ended when the catalogue was last changed."""
    end = Triple(TWINNING, TT.status, STATUS.ended)
    told = {e["id"]: e for e in _entries(_english(_with(dated, end))) if e["id"].startswith(TWINNING.value)}
    name = _english_name(dated, TWINNING)
    added, ended = told[f"{TWINNING.value}#event-added"], told[f"{TWINNING.value}#event-end"]
    assert (added["title"], ended["title"]) == (f"Added: {name}", f"Ended: {name}")
    assert added["updated"] == ended["updated"] == "2025-01-02T00:00:00Z"
    assert added["published"] == "2024-01-02T00:00:00Z"


def test_one_day_is_one_event(undated: Dataset) -> None:
    """What was published and last changed on one day is told of once."""
    for thing in (CATALOGUE, TWINNING):
        dates = (
            Triple(thing, predicate, _day("2024-01-02")) for predicate in (DCTERMS.issued, DCTERMS.modified)
        )
        told = [e for e in _entries(_english(_with(undated, *dates))) if e["id"].startswith(thing.value)]
        assert [entry["updated"] for entry in told] == ["2024-01-02T00:00:00Z"]


def test_only_one_date(undated: Dataset) -> None:
    """Where only the last change of a thing is dated, that day dates what was added."""
    change = Triple(TWINNING, DCTERMS.modified, _day("2024-01-02"))
    (entry,) = _entries(_english(_with(undated, change)))
    assert entry["id"] == f"{TWINNING.value}#event-added"
    catalogue = Triple(CATALOGUE, DCTERMS.issued, _day("2023-01-02"))
    told = {e["id"]: e["updated"][:10] for e in _entries(_english(_with(undated, catalogue)))}
    assert told == {
        f"{CATALOGUE.value}#event-issued": "2023-01-02",
        f"{TWINNING.value}#event-added": "2023-01-02",
    }


@pytest.mark.parametrize(
    ("end", "is_told"),
    [
        (_year("2024"), True),
        (_year("2025"), False),
        (_year("2040"), False),
        (Literal("2024-12", datatype=XSD.gYearMonth), True),
        (Literal("2025-01", datatype=XSD.gYearMonth), False),
        (_day("2025-01-01"), True),
        (_day("2025-01-02"), False),
    ],
)
def test_end_to_come(dated: Dataset, end: Literal, *, is_told: bool) -> None:
    """A twinning has ended only when its end was over on the day on which the publication told of it."""
    entries = _entries(_english(_with(dated, Triple(TWINNING, SCHEMA.endDate, end))))
    assert (f"{TWINNING.value}#event-end" in {entry["id"] for entry in entries}) == is_told


def test_dates_of_others(dated: Dataset) -> None:
    """What a source says of its own page, or when it was read, is no news of the publication."""
    source = NamedNode(f"{TOWN}source/wikidata")
    dates = (SCHEMA.datePublished, SCHEMA.dateModified, TT.retrievedOn)
    changed = _with(dated, *(Triple(source, predicate, _day("2024-06-02")) for predicate in dates))
    assert _english(changed) == _english(dated)


def test_dates_of_articles(dated: Dataset) -> None:
    """An article is the publication's own, so that its dates are those of the news."""
    article = NamedNode(f"{TOWN}article/purpose")
    stated = (
        Triple(article, A, SCHEMA.Article),
        Triple(article, SCHEMA.datePublished, _day("2024-06-02")),
        Triple(article, SCHEMA.dateModified, _day("2024-07-02")),
    )
    entries = _entries(_english(_with(dated, *stated)))
    told = {e["id"]: e["updated"][:10] for e in entries if e["id"].startswith(article.value)}
    assert told == {
        f"{article.value}#event-added": "2024-06-02",
        f"{article.value}#event-modified-2024-07-02": "2024-07-02",
    }


def test_corrected_date_is_the_same_event(dated: Dataset) -> None:
    """A twinning whose start is corrected keeps its name; a later change is another event."""
    told = []
    for year in ("1995", "1996"):
        start = Triple(TWINNING, SCHEMA.startDate, _year(year))
        change = Triple(TWINNING, DCTERMS.modified, _day(f"{year}-01-02"))
        issued = Triple(TWINNING, DCTERMS.issued, _day("1990-01-02"))
        entries = _entries(_english(_with(dated, start, change, issued)))
        told.append({e["id"] for e in entries if e["id"].startswith(TWINNING.value)})
    assert told[0] & told[1] == {f"{TWINNING.value}#event-added"}
    assert [len(identifiers) for identifiers in told] == [2, 2]


def test_two_dates_of_one_event(dated: Dataset) -> None:
    """Where the data tells two dates of one event there is one entry, with the newer."""
    dates = (Triple(TWINNING, SCHEMA.startDate, _year(year)) for year in ("1996", "1995"))
    titles = [entry["title"] for entry in _entries(_english(_with(dated, *dates)))]
    assert f"Added: {_english_name(dated, TWINNING)} (since 1996)" in titles


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
def test_no_date(dated: Dataset, value: Literal | NamedNode) -> None:
    """What is no date that exists is told nowhere."""
    stated = [Triple(TWINNING, predicate, value) for predicate in (SCHEMA.startDate, SCHEMA.endDate)]
    assert _english(_with(dated, *stated)) == _english(dated)


def test_nothing_is_dated(undated: Dataset) -> None:
    """Where neither a thing nor the catalogue is dated, nothing is told, and no date is made up."""
    ended = Triple(TWINNING, TT.status, STATUS.ended)
    content = _english(_with(undated, ended))
    assert _entries(content) == []
    assert etree.fromstring(content).findtext(_tag("updated")) == "1970-01-01T00:00:00Z"


def test_vocabulary_is_no_news(ludvika_feed: bytes) -> None:
    """Terms and concepts, which other people date, are no entries."""
    assert all(entry["id"].startswith(SPACE) for entry in _entries(ludvika_feed))


def test_most_entries(undated: Dataset) -> None:
    """Of many twinnings those of the newest are told, then those in the order of their names."""
    things = [NamedNode(f"{TOWN}twinning/Q{number}-Q1000") for number in range(100, 250)]
    starts = (Triple(thing, SCHEMA.startDate, _year(f"{1900 + at // 2}")) for at, thing in enumerate(things))
    told = (
        Triple(CATALOGUE, DCTERMS.modified, _day("2024-01-02")),
        *(Triple(thing, A, TT.Twinning) for thing in things),
        *starts,
    )
    entries = _entries(_english(_with(undated, *told)))
    assert len(entries) == MOST_ENTRIES == 100
    names = [entry["id"].removeprefix(TOWN).partition("#")[0] for entry in entries[:4]]
    assert names == ["catalogue", *(f"twinning/Q{number}-Q1000" for number in (248, 249, 246))]


def test_other_languages(undated: Dataset) -> None:
    """A thing without a name in the main language goes by another, and without any by its IRI."""
    source, nameless = NamedNode(f"{TOWN}source/one"), NamedNode(f"{TOWN}source/two")
    day = _day("2020-01-01")
    dataset = _with(
        undated,
        Triple(source, SCHEMA.name, Literal("Yksi", language="fi")),
        Triple(source, SCHEMA.name, NamedNode("https://example.org/no-name")),
        Triple(source, SCHEMA.description, Literal("Suomeksi", language="fi")),
        Triple(source, DCTERMS.issued, day),
        Triple(nameless, DCTERMS.issued, day),
    )
    titles = {entry["title"].partition(": ")[2]: entry for entry in _entries(_english(dataset))}
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
        Triple(source, DCTERMS.issued, _day("2020-01-01")),
    )
    (entry,) = _entries(_english(dataset))
    assert entry["title"] == f"Added: {read}"
    assert entry["summary"] == read


def test_is_the_same_again(repository: Path, ludvika_feed: bytes) -> None:
    """Reading the data again gives the same bytes."""
    again = read_sources(Project(repository))
    assert feed(again.dataset(), again.publication) == ludvika_feed
