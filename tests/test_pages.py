"""Every page of the printed site: well-formed, self-contained, linked, and saying what its data says."""

import json
import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote
from xml.etree.ElementTree import Element

import html5lib
import pytest
from lxml import etree  # type: ignore[import-untyped]
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

import uncovered
from twintowns import authority, labels
from twintowns.assets import assets
from twintowns.dataset import Dataset
from twintowns.distributions import DISTRIBUTIONS
from twintowns.graph import Term
from twintowns.landing import STORIES
from twintowns.pages import Pages
from twintowns.pagevalues import Row, Text, Value
from twintowns.paging import LONGEST
from twintowns.pieces import Pieces
from twintowns.printing import Press, read_sources
from twintowns.project import ASSETS, TEMPLATES, Project
from twintowns.results import Severity, ValidationReport, ValidationResult
from twintowns.statistics import statistics
from twintowns.templating import environment
from twintowns.vocabulary import DCTERMS, PROV, RDFS, SCHEMA, TT, WDT

LANGUAGES = ("sv", "de", "en", "et", "fi")
SPACE, W3ID = "https://w3id.org/twintowns/ludvika/", "https://w3id.org/twintowns/"
LISTS = ("articles", "organizations", "places", "sources", "twinnings")
GOING_ON = re.compile(r".+/page-[0-9]+")
"""The further pages of what one page does not hold."""
OTHERS = {
    "index": SPACE,
    "search": f"{SPACE}search.html",
    "validation": f"{SPACE}validation",
    "vocabulary/index": W3ID,
    **{f"{one}/index": f"{SPACE}{one}/index" for one in LISTS},
    "sparql/index": f"{SPACE}sparql/index.html",
}
"""The pages of no document, with what they are about."""
DERIVED = (
    TT.twinnedWith,
    TT.partnerIn,
    SCHEMA.containsPlace,
    SCHEMA.subjectOf,
    WDT.P190,
    SCHEMA.name,
    PROV.wasDerivedFrom,
)


SIGNPOSTS = {"collection", "author", "cite-as", "describedby", "item", "license", "linkset", "type"}
"""The links that a browser does not follow: they are for programs that do."""
SIZES = {one.path: 1 for one in DISTRIBUTIONS}


class Page:
    """One page of the site, read as a browser reads it."""

    def __init__(self, site: Path, path: Path) -> None:
        """Parse the file."""
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        self.root: Element = parser.parse(path.read_bytes())
        self.errors = parser.errors
        self.site = site
        self.address = path.relative_to(site).as_posix()
        first, _, rest = self.address.partition("/")
        self.language = first if first in LANGUAGES else LANGUAGES[0]
        self.name = (rest if first in LANGUAGES else self.address).removesuffix(".html")

    @property
    def iri(self) -> str:
        """The IRI of what the page is about."""
        if self.name in OTHERS:
            return OTHERS[self.name]
        if self.is_further:
            return SPACE + self.name
        return (
            W3ID + self.name.removeprefix("vocabulary/") if "vocabulary/" in self.name else SPACE + self.name
        )

    @property
    def canonical(self) -> str:
        """The address by which the page is to be listed."""
        if self.name.startswith("vocabulary/") and not self.is_further:
            name, main, home = self.name.removeprefix("vocabulary/"), "en", W3ID
        else:
            name, main, home = self.name, LANGUAGES[0], SPACE
        if self.language == main:
            return self.iri
        return f"{home}{self.language}/{'' if name == 'index' else f'{name}.html'}"

    @property
    def is_of_document(self) -> bool:
        """Whether the page is about one document."""
        return self.name not in OTHERS and not self.is_further

    @property
    def is_further(self) -> bool:
        """Whether the page goes on where that of a document ends."""
        return GOING_ON.fullmatch(self.name) is not None

    @cached_property
    def ids(self) -> list[str]:
        """The anchors of the page."""
        return [told for element in self.root.iter() if (told := element.get("id"))]

    def all(self, path: str) -> list[Element]:
        """Return all elements at a path."""
        return self.root.findall(f".//{path}")

    def target(self, href: str) -> tuple[str, str]:
        """Return the file of the site and the anchor that a relative address leads to."""
        path, _, anchor = href.partition("#")
        file = posixpath.normpath(posixpath.join(posixpath.dirname(self.address), unquote(path)))
        return (file if path else self.address), unquote(anchor)

    def json_ld(self) -> bytes:
        """Return the JSON-LD that the page carries of what it is about."""
        return self.scripts()[0]

    def scripts(self) -> list[bytes]:
        """Return every JSON-LD that the page carries: what it is about, then what search engines read."""
        scripts = self.all("script[@type='application/ld+json']")
        return [(script.text or "").encode() for script in scripts]


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    """Return every page of the site by its address."""
    with uncovered.work():
        read = [Page(site, path) for path in sorted(site.rglob("*.html"))]
    return {page.address: page for page in read}


@pytest.fixture(scope="module")
def of_documents(pages: dict[str, Page]) -> list[Page]:
    """Return the pages that are about one document each."""
    return [page for page in pages.values() if page.is_of_document]


def test_every_language_has_every_page(pages: dict[str, Page]) -> None:
    """Each page is there in each language of the publication."""
    names = {language: {p.name for p in pages.values() if p.language == language} for language in LANGUAGES}
    assert len(names["sv"]) > 100
    assert all(names[language] == names["sv"] for language in LANGUAGES)


def test_well_formed(pages: dict[str, Page]) -> None:
    """A reader that follows the standard finds no error in any page."""
    assert {page.address: page.errors for page in pages.values() if page.errors} == {}


def test_data_of_page(site: Path, of_documents: list[Page]) -> None:
    """The JSON-LD of every page has exactly the triples of the Turtle file."""
    for page in of_documents:
        turtle = {quad.triple for quad in parse(path=site / f"{page.name}.ttl", format=RdfFormat.TURTLE)}
        carried = {quad.triple for quad in parse(page.json_ld(), format=RdfFormat.JSON_LD)}
        if any("_:" in str(triple) for triple in turtle):
            assert len(carried) == len(turtle), page.address
            assert json.loads(page.json_ld()) == json.loads((site / f"{page.name}.jsonld").read_bytes())
        else:
            assert carried == turtle, page.address


def test_landing_page_leads_to_the_catalogue(pages: dict[str, Page]) -> None:
    """The landing page leads to the data of the catalogue, and does not make readers load it."""
    landing = [page for page in pages.values() if page.name == "index"]
    assert len(landing) == len(LANGUAGES)
    for page in landing:
        leads = [
            link.get("href", "") for link in page.all("link") if link.get("type") == "application/ld+json"
        ]
        assert [lead for lead in leads if lead.endswith("catalogue.jsonld")]
        assert not [told for told in map(json.loads, page.scripts()) if "@graph" in told]


def test_landing_page_tells_search_engines(pages: dict[str, Page]) -> None:
    """The landing page has a block of schema.org terms for each entity that a search engine knows."""
    for page in (page for page in pages.values() if page.name == "index"):
        told = [json.loads(script) for script in page.scripts()]
        assert {one["@type"] for one in told} >= {"Dataset", "DataCatalog", "DataDownload", "WebSite"}
        (dataset,) = [one for one in told if one["@type"] == "Dataset"]
        assert dataset["name"] == page.all("h1")[0].text
        sizes = {one["contentUrl"]: one["contentSize"] for one in told if one["@type"] == "DataDownload"}
        assert len(sizes) == len(DISTRIBUTIONS)


def test_pages_tell_search_engines(of_documents: list[Page]) -> None:
    """A page tells search engines in schema.org's terms what it is about, and the way to it."""
    for page in of_documents:
        own, trail = (json.loads(script) for script in page.scripts()[1:])
        address = page.name.removeprefix("vocabulary/")
        assert own["@id"] in {f"{SPACE}{page.name}", f"{W3ID}{address}"}, page.address
        steps = [step["name"] for step in trail["itemListElement"]]
        assert "".join(page.all("h1")[0].itertext()) == own["name"]
        assert steps[-1] == own["name"] or page.name in {"catalogue", "dataset/twintowns"}, steps
        assert trail["@type"] == "BreadcrumbList"


def test_view_of_search_engines_by_itself(site: Path, pages: dict[str, Page]) -> None:
    """What a page in the main language tells search engines lies beside it as one document of its own."""
    views = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.schema.jsonld"))
    assert views == sorted(
        f"{page.name}.schema.jsonld"
        for page in pages.values()
        if page.is_of_document and page.language == LANGUAGES[0]
    )
    for view in views:
        name = view.removesuffix(".schema.jsonld")
        page = pages["index.html" if name == "dataset/twintowns" else f"{name}.html"]
        told, entities = json.loads((site / view).read_bytes()), [json.loads(one) for one in page.scripts()]
        context = {"@context": {"@vocab": "https://schema.org/"}}
        own = 0 if page.name == "index" else 1
        assert entities[own:] == [context | entity for entity in told.pop("@graph")], view
        assert told == context


def test_signposts(site: Path, of_documents: list[Page]) -> None:
    """A page leads programs to what it is about, and to that as data."""
    for page in of_documents:
        told = {(link.get("rel"), link.get("href")) for link in page.all("link")}
        assert ("cite-as", page.iri) in told
        assert {rel for rel, _ in told} >= {"type", "describedby"}, page.address
        for rel, href in told:
            if rel == "describedby" and href:
                assert (site / href.removeprefix(SPACE)).is_file()
    assert len(of_documents) > 500


def test_every_page_has_signposts(site: Path, pages: dict[str, Page]) -> None:
    """Every page of the site leads to its name, what it is, its metadata, and, but for the vocabulary, on.

    On is where all is told: the link set itself, or the dataset, whose page leads to it.
    """
    found = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    assert found == pages.keys()
    for page in pages.values():
        told = [(link.get("rel"), link.get("href") or "") for link in page.all("link")]
        relations = [rel for rel, _ in told]
        assert relations.count("cite-as") == 1, page.address
        assert relations.count("type") == 2, page.address
        is_source = page.name.startswith("source/")
        assert relations.count("license") in ({0, 1} if is_source else {1}), page.address
        is_of_publication = not page.name.startswith("vocabulary/") and page.name != "catalogue"
        assert bool({"collection", "linkset"} & {*relations}) == is_of_publication, page.address
        data = [href for rel, href in told if rel in {"describedby", "item", "linkset"}]
        assert len(data) > 0, page.address
        assert all((site / href.removeprefix(SPACE)).is_file() for href in data), page.address


def test_licence_is_one(pages: dict[str, Page]) -> None:
    """Every page names a licence by where people read it, and none by a portal's table."""
    for page in pages.values():
        for link in page.all("link"):
            assert "publications.europa.eu" not in (link.get("href") or ""), page.address


def test_signposts_of_the_report(pages: dict[str, Page]) -> None:
    """The page of the validation report leads to itself as data, to its licence and its author."""
    told = {(link.get("rel"), link.get("href")) for link in pages["de/validation.html"].all("link")}
    assert ("cite-as", f"{SPACE}validation") in told
    assert ("describedby", f"{SPACE}validation.ttl") in told
    assert {rel for rel, _ in told} >= {"author", "license", "type"}


def test_links(site: Path, pages: dict[str, Page]) -> None:
    """Every relative link leads to a file of the site, and every fragment to an anchor there."""
    broken = []
    for page in pages.values():
        for element in (*page.all("a"), *page.all("link")):
            href = element.attrib["href"]
            if re.match(r"https?://|mailto:|tel:", href):
                continue
            file, anchor = page.target(href)
            there = (site / file).is_file() and not href.startswith("/")
            if not there or (anchor and anchor not in pages[file].ids):
                broken.append((page.address, href))
    assert broken == []


def test_anchors(pages: dict[str, Page]) -> None:
    """No page has an anchor twice, or one that cannot be linked to."""
    for page in pages.values():
        assert len(set(page.ids)) == len(page.ids), page.address
        assert not [anchor for anchor in page.ids if re.search(r"\s", anchor)], page.address


def test_outline(pages: dict[str, Page]) -> None:
    """Every page has one title, one main heading and one main part, and no heading is empty."""
    for page in pages.values():
        for tag in ("title", "h1", "main"):
            (element,) = page.all(tag)
            assert "".join(element.itertext()).strip(), (page.address, tag)
        headings = [element for tag in ("h2", "dt") for element in page.all(tag)]
        assert not [h for h in headings if not "".join(h.itertext()).strip()], page.address


def test_language(pages: dict[str, Page]) -> None:
    """Every page says its language."""
    for page in pages.values():
        assert page.root.get("lang") == page.language, page.address


def test_canonical(pages: dict[str, Page]) -> None:
    """Every page names as its canonical address one that is in its own language."""
    for page in pages.values():
        (link,) = page.all("link[@rel='canonical']")
        (shared,) = page.all("meta[@property='og:url']")
        assert link.get("href") == shared.get("content") == page.canonical, page.address


def test_other_languages(pages: dict[str, Page]) -> None:
    """Every page names itself and its like in the other languages, in its head and in its menu."""
    for page in pages.values():
        links = [link for link in page.all("link[@rel='alternate']") if link.get("hreflang")]
        named = {link.attrib["hreflang"]: link.attrib["href"] for link in links}
        assert named.pop("x-default") == named[LANGUAGES[0]], page.address
        assert named == {
            language: SPACE + other.address.removesuffix("index.html" if page.name == "index" else "")
            for language in LANGUAGES
            for other in [pages[f"{'' if language == LANGUAGES[0] else f'{language}/'}{page.name}.html"]]
        }
        menu = {
            a.attrib["hreflang"]: page.target(a.attrib["href"])[0]
            for a in page.all("nav[@class='languages']//a")
        }
        assert {tag: (pages[address].language, pages[address].name) for tag, address in menu.items()} == {
            tag: (tag, page.name) for tag in LANGUAGES if tag != page.language
        }


def test_languages_are_those_of_the_sitemap(site: Path, pages: dict[str, Page]) -> None:
    """A page names the same addresses in its head as the sitemap does."""
    listed = etree.parse(site / "sitemap.xml").getroot()
    told = {
        url[0].text: {link.get("hreflang"): link.get("href") for link in url if link.get("hreflang")}
        for url in listed
    }
    seen = 0
    for page in pages.values():
        links = [link for link in page.all("link[@rel='alternate']") if link.get("hreflang")]
        named = {link.attrib["hreflang"]: link.attrib["href"] for link in links}
        if named[page.language] in told:
            seen += 1
            assert told[named[page.language]] == named
    assert seen == len(told)


def test_titles(pages: dict[str, Page]) -> None:
    """A page is called by its own title and then the site's; the front page says that once."""
    for page in pages.values():
        (title,), (shared,) = page.all("title"), page.all("meta[@property='og:title']")
        (named,) = page.all("meta[@property='og:site_name']")
        (heading,) = page.all("h1")
        own, site = shared.attrib["content"], named.attrib["content"]
        assert own == "".join(heading.itertext()), page.address
        assert title.text in {own, f"{own} \N{EN DASH} {site}"} or own == site, page.address
        assert title.text != f"{site} \N{EN DASH} {site}"
        assert (title.text == site) == (page.name == "index"), page.address
    front = {page.language: page.all("title")[0].text for page in pages.values() if page.name == "index"}
    assert front["sv"] == "Ludvikas vänorter"


def test_summaries(pages: dict[str, Page]) -> None:
    """A page with text has its beginning as its description, for search engines and shared links alike."""
    seen = 0
    for page in pages.values():
        told = [(m.get("content"), m.get("lang")) for m in page.all("meta[@name='description']")]
        assert told == [
            (m.get("content"), m.get("lang")) for m in page.all("meta[@property='og:description']")
        ]
        texts = [*page.all("main/p[@class='text']"), *page.all("main/article/p[@class='text']")]
        assert len(told) == bool(texts), page.address
        for text, language in told:
            seen += 1
            shown = " ".join("".join("".join(part.itertext()) + " " for part in texts).split())
            assert text, page.address
            assert shown.startswith(text.removesuffix("…")), page.address
            assert language == texts[0].get("lang"), page.address
    assert seen > 100


def test_picture(site: Path, pages: dict[str, Page]) -> None:
    """The picture of a shared link is there, by its absolute address."""
    for page in pages.values():
        (image,) = page.all("meta[@property='og:image']")
        assert image.get("content") == f"{SPACE}card.png"
    assert (site / "card.png").read_bytes().startswith(b"\x89PNG")


def test_formats(site: Path, of_documents: list[Page]) -> None:
    """Every page of a document names its data in each format, with the media type."""
    types = {"text/turtle": "ttl", "application/ld+json": "jsonld", "application/n-triples": "nt"}
    for page in of_documents:
        links = [link for link in page.all("link[@rel='alternate']") if link.get("type")]
        named = {link.attrib["type"]: page.target(link.attrib["href"])[0] for link in links}
        assert named == {form: f"{page.name}.{suffix}" for form, suffix in types.items()}, page.address
        assert all((site / file).is_file() for file in named.values())


def test_nothing_from_elsewhere(site: Path, pages: dict[str, Page]) -> None:
    """No page loads anything from elsewhere: scripts and style sheets lie in the site."""
    for page in pages.values():
        assert not [e for e in page.root.iter() if e.get("srcset") or e.get("style")]
        assert not [e for e in page.root.iter() if str(e.tag) in {"iframe", "img", "object", "embed", "base"}]
        loading = [e for e in page.root.iter() if e.get("src")]
        assert {e.tag for e in loading} <= {"script"}
        assert all((site / page.target(e.attrib["src"])[0]).is_file() for e in loading), page.address
        assert {e.get("type", "") for e in page.all("script") if e not in loading} <= {"application/ld+json"}
        actions = {page.target(e.attrib["action"])[0] for e in page.all("form") if "action" in e.attrib}
        assert all(action == "sparql" or (site / action).is_file() for action in actions), page.address
        links = page.all("link[@rel='stylesheet']")
        sheets = [(page.target(link.attrib["href"]), link.get("media")) for link in links]
        of_queries = [(("query.css", ""), None)] if page.address.endswith("sparql/index.html") else []
        assert sheets == [(("style.css", ""), None), *of_queries, (("print.css", ""), "print")], page.address
        (icon,) = page.all("link[@rel='icon']")
        assert page.target(icon.attrib["href"]) == ("favicon.svg", "")
        named = {"canonical", "alternate", "stylesheet", "icon"}
        assert {link.get("rel") for link in page.all("link")} - SIGNPOSTS == named
    for sheet in ("style.css", "query.css", "print.css", "frameless.css"):
        assert not re.search(r"url\(|@import|https?:", (site / sheet).read_text()), sheet


def test_external_links(pages: dict[str, Page]) -> None:
    """Links that leave the site are to pages, or begin a message or a call."""
    hrefs = {element.attrib["href"] for page in pages.values() for element in page.all("a")}
    assert {href.split(":")[0] for href in hrefs if ":" in href} == {"http", "https", "mailto", "tel"}


def test_marked_languages(site: Path, of_documents: list[Page]) -> None:
    """A text that is not in the page's language is marked with its own."""
    seen = 0
    for page in of_documents:
        languages: dict[str, set[str]] = {}
        for quad in parse(path=site / f"{page.name}.nt", format=RdfFormat.N_TRIPLES):
            if isinstance(quad.object, Literal):
                for part in quad.object.value.split("\n\n"):
                    languages.setdefault(part.strip(), set()).add(quad.object.language or "")
        for text, marked in _values(page.all("main")[0], page.language):
            told = languages.get(text.strip(), {""})
            if "" not in told:
                seen += marked != page.language
                assert marked in told, (page.address, text)
    assert seen > 100


def _values(element: Element, language: str, *, is_value: bool = False) -> Iterator[tuple[str, str]]:
    """Go through the texts of values and headings, with the languages that they are marked with."""
    language = element.get("lang", language)
    is_value = is_value or element.tag in {"dd", "h1"} or element.get("class") == "text"
    if element.text and is_value:
        yield element.text, language
    for child in element:
        yield from _values(child, language, is_value=is_value and child.tag != "dl")
        if child.tail and is_value:
            yield child.tail, language


class Fact(NamedTuple):
    """A value on a page: its property's label, and where it leads or what it says."""

    label: str
    value: str


def test_no_raw_codes(pages: dict[str, Page]) -> None:
    """The catalogue and its dataset call languages, countries, themes and frequencies by their names."""
    raw = {"IRREG", "PUBLIC", "DEU", "ENG", "EST", "FIN", "SWE", *LANGUAGES}
    for folder in ("", "de/", "en/", "et/", "fi/"):
        for name in ("catalogue", "dataset/twintowns"):
            page = pages[f"{folder}{name}.html"]
            values = {text.strip() for text, _ in _values(page.all("main")[0], page.language)}
            assert values & raw == set(), page.address
    german = {text.strip() for text, _ in _values(pages["de/catalogue.html"].all("main")[0], "de")}
    assert german >= {"unregelmäßig", "Schwedisch", "Schweden"}
    marked = set(_values(pages["de/dataset/twintowns.html"].all("main")[0], "de"))
    assert marked >= {("Internationale Themen", "de"), ("öffentlich", "de"), ("stabil", "de")}


def test_labels_in_every_language(of_documents: list[Page]) -> None:
    """No property of the ontology or the shapes is called by its prefixed name."""
    told = {dt.text for page in of_documents for dt in page.all("dt") if dt.text}
    assert {label for label in told if re.fullmatch(r"(sh|schema|skos|rdfs|owl):\w+", label)} == set()


def test_derived(site: Path, of_documents: list[Page]) -> None:
    """Derived values are marked on the pages, and asserted ones are not."""
    quads = list(parse(path=site / "dump/twintowns.nq", format=RdfFormat.N_QUADS))
    derived = {quad.triple for quad in quads if str(quad.graph_name).endswith("graph/derived>")}
    assert {triple.predicate for triple in derived} == set(DERIVED)
    named = dict(labels.PREDICATES)
    named.update(
        (quad.subject, quad.object.value[:1].upper() + quad.object.value[1:])
        for quad in quads
        if quad.predicate == RDFS.label and isinstance(quad.object, Literal) and quad.object.language == "en"
    )
    marked = 0
    for page in of_documents:
        if page.language == "en":
            own = {quad.triple for quad in parse(path=site / f"{page.name}.nt", format=RdfFormat.N_TRIPLES)}
            about = {t for t in own & derived if _tells_of(page, t.subject, own) and not _is_told(t, own)}
            wanted = {Fact(named[t.predicate], _shown(t)) for t in about}
            assert set(_marked(page)) == wanted, page.address
            marked += len(wanted)
    assert marked > 50


@pytest.mark.parametrize(("count", "in_label", "in_values"), [(4, 0, 4), (5, 1, 0), (21, 1, 0)])
def test_derived_once(count: int, in_label: int, in_values: int) -> None:
    """Where many values are all derived, the label says so once; where very many, they stand in columns."""
    row = Row(Text("many"), tuple(Value(Text(str(number)), is_derived=True) for number in range(count)))
    module: Any = environment().get_template("facts.html").module
    label, _, values = str(module.rows([row], str, str)).partition("</dt>")
    assert [part.count('class="derived"') for part in (label, values)] == [in_label, in_values]
    assert ('<div class="many">' in label) == (count > 20)
    mixed = row._replace(values=(*row.values, Value(Text("stated"))))
    assert str(module.rows([mixed], str, str)).count('class="derived"') == count


def _is_told(derived: Triple, own: set[Triple]) -> bool:
    """Tell whether a page says a thing's source already: that it was derived from it follows."""
    stated = Triple(derived.subject, DCTERMS.source, derived.object)
    return derived.predicate == PROV.wasDerivedFrom and stated in own


def _tells_of(page: Page, subject: object, own: set[Triple]) -> bool:
    """Tell whether a page is about a subject: its document, or the Wikidata item of that."""
    document = NamedNode(page.iri)
    return subject == document or Triple(document, SCHEMA.sameAs, subject) in own  # type: ignore[arg-type]


def _shown(triple: Triple) -> str:
    value = str(getattr(triple.object, "value", ""))
    return f"en/{value.removeprefix(SPACE)}.html" if value.startswith(SPACE) else value


def _marked(page: Page) -> Iterator[Fact]:
    """Go through the values that are marked as derived, but for what links here from elsewhere."""
    (article,) = page.all("article")
    for section in article.findall("section"):
        heading = section.find("h2")
        if heading is None or heading.text == "What links here":
            continue
        for row in section.findall(".//dl/div"):
            (name,) = row.findall("dt")
            badge = name.find("span[@class='derived']")
            label = "".join(name.itertext()).removesuffix("" if badge is None else badge.text or "").strip()
            for value in row.findall("dd"):
                if badge is not None or value.find("span[@class='derived']") is not None:
                    link = value.find("a")
                    told = (value.text or "").strip() or "".join(value[0].itertext())
                    href = "" if link is None else link.attrib["href"]
                    yield Fact(label, page.target(href)[0] if href.startswith(".") else href or told)


@pytest.fixture
def press(tiny: Project) -> Press:
    """Return the press of a new project."""
    return Press(read_sources(tiny))


def test_long_lists_are_cut(press: Press) -> None:
    """The landing page shows a few of many things and leads to all of them, a hundred on each page."""
    dataset = press.dataset
    many = frozenset(
        Triple(NamedNode(f"{dataset.names.space}article/{number}"), SCHEMA.about, TT.partner)
        for number in range(LONGEST + 7)
    )
    typed = frozenset(Triple(t.subject, RDF_TYPE, SCHEMA.Article) for t in many)
    large = Dataset(dataset.names, dataset.asserted | many | typed, frozenset(), frozenset(), frozenset(), {})
    pages = Pages(large, press._sources.publication)  # noqa: SLF001 - there is no other way to the languages
    address, content = next(pages.landing(statistics(large), SIZES))
    text = content.decode()
    assert address == "index.html"
    assert text.count('href="article/') == STORIES
    assert re.search(rf'href="articles/index.html">[^<]+</a> <span class="count">{LONGEST + 7}<', text)
    lists = {path: make() for path, make in pages.lists(Pieces(), None) if make}
    told = [lists[name].decode().count('<li><a href="../article/') for name in ARTICLES]
    assert told == [LONGEST, 7]
    assert b'<a rel="next" href="../articles/2.html">' in lists["articles/index.html"]
    assert b'<a rel="prev" href="../articles/index.html">' in lists["articles/2.html"]


ARTICLES = ("articles/index.html", "articles/2.html")
RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def test_without_title_and_publisher(press: Press) -> None:
    """A dataset whose catalogue lacks a title and a publisher is printed all the same."""
    dataset = press.dataset
    lacking = {DCTERMS["title"], DCTERMS.publisher}
    poor = Dataset(
        dataset.names,
        frozenset(t for t in dataset.asserted if t.predicate not in lacking),
        *(frozenset(), frozenset(), frozenset()),
        {},
    )
    pages = Pages(poor, press._sources.publication)  # noqa: SLF001 - as above
    _, content = next(pages.landing(statistics(poor), SIZES))
    root: Element = html5lib.parse(content, namespaceHTMLElements=False)
    (imprint,) = root.findall(".//footer/div/p")
    assert "".join(imprint.itertext()).startswith("The data is in the public domain")


@pytest.mark.parametrize(
    ("licence", "told"),
    [
        (
            NamedNode("https://creativecommons.org/licenses/by/4.0/"),
            "https://creativecommons.org/licenses/by/4.0/",
        ),
        (authority.EU["licence/CC_BY_4_0"], "http://creativecommons.org/licenses/by/4.0/"),
        (NamedNode("javascript:alert(1)"), ""),
        (Literal("free"), ""),
    ],
)
def test_imprint_tells_the_licence(press: Press, licence: NamedNode | Literal, told: str) -> None:
    """The foot of a page names the publication's own licence, and links only what is an address."""
    dataset = press.dataset
    kept = frozenset(t for t in dataset.asserted if t.predicate != DCTERMS.license)
    stated = Triple(dataset.names.catalogue, DCTERMS.license, licence)
    other = Dataset(dataset.names, kept | {stated}, *(frozenset[Triple](),) * 3, {})
    pages = Pages(other, press._sources.publication)  # noqa: SLF001 - as above
    _, content = next(pages.landing(statistics(other), SIZES))
    root: Element = html5lib.parse(content, namespaceHTMLElements=False)
    (imprint,) = root.findall(".//footer/div/p")
    text = "".join(imprint.itertext())
    assert "public domain" not in text
    assert text.endswith(told)
    assert [link.text for link in imprint.findall("a")][1:] == ([told] if told else [])


def test_title_in_the_nearest_language(press: Press) -> None:
    """A publication without a title in the page's language is called by the nearest, and that is marked."""
    dataset = press.dataset
    title = Triple(dataset.names.catalogue, DCTERMS["title"], Literal("Titulus", language="la"))
    kept = frozenset(t for t in dataset.asserted if t.predicate != DCTERMS["title"])
    latin = Dataset(dataset.names, kept | {title}, *(frozenset[Triple](),) * 3, {})
    pages = Pages(latin, press._sources.publication)  # noqa: SLF001 - as above
    root: Element = html5lib.parse(
        next(pages.landing(statistics(latin), SIZES))[1], namespaceHTMLElements=False
    )
    (name,) = root.findall(".//p[@class='name']/a")
    assert (name.text, name.get("lang")) == ("Titulus", "la")


def test_results_of_any_focus_node(press: Press) -> None:
    """The report's page tells of results on literals and blank nodes, which no link leads to."""
    pages = Pages(press.dataset, press._sources.publication)  # noqa: SLF001 - as above
    found = [_result(node) for node in (Literal("<b>"), BlankNode("b0"), press.dataset.names.catalogue)]
    *_, made = next(pages.validation(ValidationReport(tuple(found)), None))
    content = made()
    root: Element = html5lib.parse(content, namespaceHTMLElements=False)
    (row,) = root.findall(".//tbody/tr")
    _, message, things = ("".join(cell.itertext()) for cell in row)
    assert message == "mend it"
    assert "<b>" in things
    assert len(row.findall(".//a")) == 1


def test_results_that_say_the_same(press: Press) -> None:
    """The report's page says once what is to be done, beside all the things that it is about, in order."""
    pages = Pages(press.dataset, press._sources.publication)  # noqa: SLF001 - as above
    found = [_result(Literal(name)) for name in ("Örebro", "Zürich", "Åmål", "Åmål")]
    other = replace(found[0], messages={"en": "mend that"})
    *_, made = next(pages.validation(ValidationReport((*found, other)), None))
    root: Element = html5lib.parse(made(), namespaceHTMLElements=False)
    rows = [["".join(cell.itertext()) for cell in row][1:] for row in root.findall(".//tbody/tr")]
    assert rows == [["mend it", '"Åmål", "Örebro", "Zürich" 3'], ["mend that", '"Örebro"']]


def test_messages_of_results_show_code(press: Press) -> None:
    """What a message says between backticks is code on the report's page, and is escaped."""
    pages = Pages(press.dataset, press._sources.publication)  # noqa: SLF001 - as above
    result = replace(_result(BlankNode("b0")), messages={"en": "Write `<b>`."})
    *_, made = next(pages.validation(ValidationReport((result,)), None))
    content = made()
    assert b"<td>Write <code>&lt;b&gt;</code>.</td>" in content


def _result(focus_node: Term) -> ValidationResult:
    component = NamedNode("http://www.w3.org/ns/shacl#MinCountConstraintComponent")
    messages = {"en": "mend it"}
    return ValidationResult(focus_node, None, None, SCHEMA.name, component, Severity.WARNING, messages)


def test_addresses(press: Press) -> None:
    """A document has a page in each language, the main one's without a folder."""
    pages = Pages(press.dataset, press._sources.publication)  # noqa: SLF001 - as above
    main, *others = press._sources.publication.languages  # noqa: SLF001 - as above
    assert pages.addresses("a/b") == ["a/b.html", *(f"{other}/a/b.html" for other in others)]
    assert main not in others


def test_assets() -> None:
    """What pages load is four style sheets, one joined from parts, the icon, the card and the scripts."""
    found = dict(assets())
    assert found["style.css"].startswith((TEMPLATES / "style" / "base.css").read_bytes())
    assert found["favicon.svg"] == (TEMPLATES / "favicon.svg").read_bytes()
    files = [path for path in ASSETS.rglob("*") if path.is_file()]
    scripts = {f"assets/{path.relative_to(ASSETS).as_posix()}" for path in files}
    outlines = {"assets/world-atlas/LICENSE.txt", "assets/world-atlas/countries-50m.json"}
    sheets = {"style.css", "query.css", "print.css", "frameless.css"}
    assert b".query" not in found["style.css"]
    assert b".query" in found["query.css"]
    assert found.keys() == {*sheets, "favicon.svg", "card.png", *scripts, *outlines}


def test_text_is_escaped() -> None:
    """A text escapes what a browser would obey, with and without a language."""
    assert str(Text("<b>").__html__()) == "&lt;b&gt;"
    assert Text("<b>", '"x').__html__() == '<span lang="&#34;x">&lt;b&gt;</span>'
