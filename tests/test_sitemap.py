"""The sitemap lists every page of a publication, within the limits of the protocol and valid against it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.robotparser import RobotFileParser

import pytest
from lxml import etree  # type: ignore[import-untyped]
from pyoxigraph import Literal, NamedNode, Triple

from twintowns.catalogue import VOCABULARY, Publication
from twintowns.dataset import Dataset
from twintowns.iris import Names
from twintowns.printing import read_sources
from twintowns.project import Project
from twintowns.sitemap import SITEMAP, XHTML, Limits, sitemaps
from twintowns.vocabulary import DCTERMS, SCHEMA, SKOS, TT, XSD, A

SPACE = "https://w3id.org/twintowns/ludvika/"
LISTS = ("articles", "organizations", "places", "sources", "twinnings")
DAY = "2026-11-23"
WRAPPER = """<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<xsd:import namespace="http://www.sitemaps.org/schemas/sitemap/0.9" schemaLocation="{schema}"/>
<xsd:import namespace="http://www.w3.org/1999/xhtml" schemaLocation="{xhtml}"/>
</xsd:schema>"""
LINK = """<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/1999/xhtml">
<xsd:element name="link"><xsd:complexType>
<xsd:attribute name="rel" fixed="alternate" use="required"/>
<xsd:attribute name="hreflang" use="required">
<xsd:simpleType><xsd:restriction base="xsd:language"/></xsd:simpleType>
</xsd:attribute>
<xsd:attribute name="href" type="xsd:anyURI" use="required"/>
</xsd:complexType></xsd:element></xsd:schema>"""
"""What the sitemap's schema lets stand in a <url>, strictly: an element of another schema."""

Validator = Callable[[str, bytes], None]
Publications = tuple[Dataset, Publication]


@pytest.fixture(scope="module")
def ludvika_publication(repository: Path) -> Publications:
    """Return the dataset and the settings of the first publication."""
    sources = read_sources(Project(repository))
    return sources.dataset(), sources.publication


@pytest.fixture
def validated(shared: Path, tmp_path: Path) -> Validator:
    """Return what checks a file against one of the official schemas."""

    def check(schema: str, content: bytes) -> None:
        xhtml, wrapper = tmp_path / "xhtml.xsd", tmp_path / "wrapper.xsd"
        xhtml.write_text(LINK)
        official = (shared / "suites/sitemap" / schema).resolve().as_uri()
        wrapper.write_text(WRAPPER.format(schema=official, xhtml=xhtml.as_uri()))
        etree.XMLSchema(etree.parse(wrapper)).assertValid(etree.fromstring(content))

    return check


def _urls(content: bytes) -> dict[str, str]:
    """Return the addresses of a sitemap or an index with their dates."""
    return {
        one.findtext(f"{{{SITEMAP}}}loc"): one.findtext(f"{{{SITEMAP}}}lastmod", "")
        for one in etree.fromstring(content)
    }


def _alternates(content: bytes) -> dict[str, dict[str, str]]:
    return {
        one.findtext(f"{{{SITEMAP}}}loc"): {
            link.get("hreflang"): link.get("href") for link in one.findall(f"{{{XHTML}}}link")
        }
        for one in etree.fromstring(content)
    }


def _with(dataset: Dataset, *triples: Triple) -> Dataset:
    return replace(dataset, asserted=dataset.asserted | set(triples))


def _date(text: str) -> Literal:
    return Literal(text, datatype=XSD.date)


def _last_modified(dataset: Dataset, path: str) -> str:
    publication = Publication(dataset.names, ("en",))
    return _urls(sitemaps(dataset, publication, "1999-01-01")["sitemap.xml"])[
        f"{dataset.names.space}{path}.html"
    ]


def test_valid(ludvika_publication: Publications, validated: Validator) -> None:
    """The sitemap conforms to the official schema."""
    files = sitemaps(*ludvika_publication, DAY)
    validated("sitemap.xsd", files["sitemap.xml"])
    assert set(files) == {"robots.txt", "sitemap.xml"}


def test_schema_is_strict(ludvika_publication: Publications, validated: Validator) -> None:
    """The check of the schema finds a wrong date and a link without its language."""
    content = sitemaps(*ludvika_publication, DAY)["sitemap.xml"]
    for right, wrong in ((DAY.encode(), b"yesterday"), (b'hreflang="de" ', b"")):
        with pytest.raises(etree.DocumentInvalid):
            validated("sitemap.xsd", content.replace(right, wrong))


def test_every_page_once(ludvika_publication: Publications) -> None:
    """Each document stands there in each language, and so do two more pages; the vocabulary does not."""
    dataset, publication = ludvika_publication
    content = sitemaps(dataset, publication, DAY)["sitemap.xml"]
    own = {d for d in dataset.documents if dataset.names.is_ours(d)} | {dataset.names.dataset}
    addresses = _urls(content)
    own_pages = len(own) + 2 + len(LISTS)
    assert content.count(b"<url>") == len(addresses) == own_pages * len(publication.languages)
    assert {f"{SPACE}{one}/index.html" for one in LISTS} <= set(addresses)
    assert {SPACE, f"{SPACE}en/", f"{SPACE}place/Q503184.html"} <= set(addresses)
    assert {f"{SPACE}fi/catalogue.html", f"{SPACE}dataset/twintowns.html"} <= set(addresses)
    assert not [address for address in addresses if "/vocabulary/" in address or "/sv/" in address]


def test_every_address_is_printed(ludvika_publication: Publications, site: Path) -> None:
    """Every address is that of a page of the site."""
    addresses = _urls(sitemaps(*ludvika_publication, DAY)["sitemap.xml"])
    pages = {address.removeprefix(SPACE) for address in addresses}
    files = [f"{page}index.html" if page.endswith("/") or not page else page for page in sorted(pages)]
    assert [file for file in files if not (site / file).is_file()] == []


def test_languages_know_each_other(ludvika_publication: Publications) -> None:
    """Every page names all its languages, itself among them, and the main one for everybody else."""
    alternates = _alternates(sitemaps(*ludvika_publication, DAY)["sitemap.xml"])
    for address, others in alternates.items():
        assert set(others) == {"de", "en", "et", "fi", "sv", "x-default"}
        assert address in others.values()
        assert others["x-default"] == others["sv"]
        assert all(alternates[other] == others for other in others.values())
    assert alternates[SPACE]["de"] == f"{SPACE}de/"


def test_dates_of_the_data(tiny: Project) -> None:
    """A page is as new as its thing says of itself, else as the publication; never as its source."""
    dataset = read_sources(tiny).dataset()
    place = NamedNode(f"{dataset.names.space}place/Q3955")
    source = NamedNode(f"{dataset.names.space}source/wikidata")
    of_others = _with(
        dataset,
        Triple(place, DCTERMS.source, source),
        Triple(source, TT.retrievedOn, _date("2020-01-02")),
        Triple(source, SCHEMA.dateModified, _date("2020-01-03")),
        Triple(place, SCHEMA.dateModified, _date("2020-01-04")),
    )
    assert _last_modified(of_others, "place/Q3955") == "1999-01-01"
    assert _last_modified(of_others, "source/wikidata") == "1999-01-01"
    own = (Triple(place, DCTERMS.modified, _date(text)) for text in ("2021-01-02", "2020-01-02"))
    assert _last_modified(_with(of_others, *own), "place/Q3955") == "2021-01-02"


def test_dates_of_articles(tiny: Project) -> None:
    """An article is the publication's own, and as new as it says in either vocabulary's words."""
    dataset = read_sources(tiny).dataset()
    article = NamedNode(f"{dataset.names.space}article/history")
    stated = (Triple(article, A, SCHEMA.Article), Triple(article, SCHEMA.dateModified, _date("2020-01-02")))
    newer = Triple(article, DCTERMS.modified, _date("2021-01-02"))
    assert _last_modified(_with(dataset, *stated), "article/history") == "2020-01-02"
    assert _last_modified(_with(dataset, *stated, newer), "article/history") == "2021-01-02"


def test_no_page_is_older_than_the_publication(ludvika_publication: Publications) -> None:
    """No page of the first publication is said to be older than the publication itself."""
    assert set(_urls(sitemaps(*ludvika_publication, DAY)["sitemap.xml"]).values()) == {DAY}


@pytest.mark.parametrize(
    "value",
    [
        Literal("2030", datatype=XSD.gYear),
        Literal("2030-01-01"),
        _date("2030-02-30"),
        _date("0000-01-01"),
        _date("2030-01-01Z"),
        _date("20300101"),
        _date("<2030-01-01>"),
        NamedNode("https://example.org/2030-01-01"),
    ],
)
def test_no_date_but_a_full_one(tiny: Project, value: Literal | NamedNode) -> None:
    """What is not a date told to the day dates no page."""
    dataset = read_sources(tiny).dataset()
    place = NamedNode(f"{dataset.names.space}place/Q3955")
    before = _last_modified(dataset, "place/Q3955")
    assert _last_modified(_with(dataset, Triple(place, DCTERMS.modified, value)), "place/Q3955") == before


def test_no_date_at_all(ludvika_publication: Publications, validated: Validator) -> None:
    """Where neither the data nor the publication is dated, no date is told."""
    dataset, publication = ludvika_publication
    undated = replace(dataset, asserted=frozenset(t for t in dataset.asserted if t.predicate not in _DATED))
    whole = sitemaps(undated, publication, "soon")
    parts = sitemaps(undated, publication, "soon", Limits(addresses=100))
    assert not [name for name, content in {**whole, **parts}.items() if b"lastmod" in content]
    validated("sitemap.xsd", whole["sitemap.xml"])
    validated("siteindex.xsd", parts["sitemap.xml"])


_DATED = {DCTERMS.modified, SCHEMA.dateModified}


@pytest.mark.parametrize("limits", [Limits(addresses=7), Limits(size=20_000)])
def test_parts(ludvika_publication: Publications, validated: Validator, limits: Limits) -> None:
    """A sitemap that is too large is divided in parts, and an index leads to all of them."""
    dataset, publication = ludvika_publication
    whole = _urls(sitemaps(dataset, publication, DAY)["sitemap.xml"])
    files = sitemaps(dataset, publication, DAY, limits)
    index = files.pop("sitemap.xml")
    robots = files.pop("robots.txt")
    validated("siteindex.xsd", index)
    assert list(_urls(index)) == [f"{SPACE}{name}" for name in files]
    assert list(files) == [f"sitemap-{number}.xml" for number in range(1, len(files) + 1)]
    together: dict[str, str] = {}
    for name, content in files.items():
        validated("sitemap.xsd", content)
        assert len(content) <= limits.size
        assert content.count(b"<url>") <= limits.addresses
        assert _urls(index)[f"{SPACE}{name}"] == max(_urls(content).values())
        together |= _urls(content)
    assert together == whole
    assert len(files) > 5
    assert b"Sitemap: https://w3id.org/twintowns/ludvika/sitemap.xml\n" in robots


def test_limits_are_those_of_the_protocol() -> None:
    """By default a sitemap holds no more than the protocol allows."""
    assert Limits() <= (50_000, 52_428_800)
    assert Limits().size <= 50_000_000


def test_robots(ludvika_publication: Publications) -> None:
    """Every robot may read everything, and finds the sitemap."""
    parser = RobotFileParser()
    parser.parse(sitemaps(*ludvika_publication, DAY)["robots.txt"].decode().splitlines())
    assert parser.can_fetch("anybody", f"{SPACE}place/Q503184.html")
    assert parser.site_maps() == [f"{SPACE}sitemap.xml"]


def test_letters_of_the_world(tiny: Project, validated: Validator) -> None:
    """An address with letters beyond ASCII is told as a URI, and one with marks of XML harms nothing."""
    sources = read_sources(tiny)
    names = Names("https://example.org/town/")
    thing = Triple(NamedNode("https://example.org/town/place/Älv"), SCHEMA.name, Literal("]]>\x01&"))
    dataset = _with(replace(sources.dataset(), names=names), thing)
    content = sitemaps(dataset, sources.publication, DAY)["sitemap.xml"]
    validated("sitemap.xsd", content)
    assert "https://example.org/town/place/%C3%84lv.html" in _urls(content)


def test_vocabulary_at_home(repository: Path) -> None:
    """Where the vocabulary is the publication, its pages are listed, and no dataset that is not there."""
    vocabulary = replace(
        read_sources(Project(repository)).dataset(), names=VOCABULARY.names, asserted=frozenset(), foreign={}
    )
    dataset = replace(vocabulary, derived=frozenset())
    addresses = _urls(sitemaps(dataset, VOCABULARY, DAY)["sitemap.xml"])
    assert {"https://w3id.org/twintowns/", "https://w3id.org/twintowns/kind/twinning.html"} <= set(addresses)
    assert "https://w3id.org/twintowns/dataset/twintowns.html" not in addresses
    assert any(t.predicate == SKOS.prefLabel for t in dataset.graph)


def test_is_the_same_again(repository: Path, ludvika_publication: Publications) -> None:
    """Reading the data again gives the same bytes."""
    again = read_sources(Project(repository))
    assert sitemaps(again.dataset(), again.publication, DAY) == sitemaps(*ludvika_publication, DAY)
