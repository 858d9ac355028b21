"""`<twin-towns>` on other sites: what it reads, and how it stands on a page of another origin."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pyoxigraph import Literal, NamedNode, Triple

import browsing
from twintowns import embedding
from twintowns.catalogue import Publication
from twintowns.dataset import Dataset
from twintowns.embedding import COMPONENT, embed_files, ending_of, offered, own_places
from twintowns.iris import Names
from twintowns.printing import Sources, read_sources
from twintowns.project import Project
from twintowns.vocabulary import DCTERMS, KIND, SCHEMA, STATUS, TT, A

NAMES = Names("https://example.org/town/")
FALLBACK = '<a href="https://example.org/">Our twin towns</a>'


@pytest.fixture(scope="module")
def sources(repository: Path) -> Sources:
    """Return what the first publication is made of."""
    return read_sources(Project(repository))


def printed(dataset: Dataset, *languages: str) -> dict[str, Any]:
    """Return what the component can read, by path."""
    return {p: json.loads(c) for p, c in embed_files(dataset, Publication(dataset.names, languages))}


def place(name: str) -> NamedNode:
    """Return a place of the town."""
    return NamedNode(f"{NAMES.space}place/{name}")


def town(*triples: Triple) -> Dataset:
    """Return a dataset of a few triples."""
    return Dataset(NAMES, frozenset(triples), *(frozenset[Triple](),) * 3, {})


def twinned(name: str, *partners: NamedNode) -> list[Triple]:
    """Return a twinning of places, each of which is called by its number."""
    iri = NamedNode(f"{NAMES.space}twinning/{name}")
    return [
        Triple(iri, A, TT.Twinning),
        *(Triple(iri, TT.partner, partner) for partner in partners),
        *(Triple(partner, SCHEMA.name, Literal(partner.value[-2:], language="sv")) for partner in partners),
    ]


def test_publication(sources: Sources) -> None:
    """The index tells of the partners of the publisher's place, by languages where these differ."""
    files = printed(sources.dataset(), *sources.publication.languages)
    index = files["embed/index.json"]
    assert index["own"] == ["Q503184"]
    assert index["languages"][0] == "sv"
    by_name = {json.dumps(p["name"]): p for p in index["places"]["Q503184"]["partners"]}
    honnef = by_name['"Bad Honnef"']
    assert honnef["since"]["de"] == "seit 2000"
    assert honnef["country"]["fi"] == "Saksa"
    assert honnef["page"] == "twinning/Q12434-Q503184"
    (viljandi,) = [p for p in by_name.values() if "through" in p]
    assert viljandi["name"]["et"] == "Viljandi maakond"
    assert viljandi["through"]["sv"] == "Dalarnas län"
    assert viljandi["kind"]["en"] == "county twinning"
    assert files["embed/places.json"]["Q503184"] == index["places"]["Q503184"]
    assert {"Q211020", "Q12434", "Q192061"} <= files["embed/places.json"].keys()


def test_ended_and_planned() -> None:
    """Twinnings that are planned or have ended are not shown."""
    for status in (STATUS.planned, STATUS.ended):
        stated = twinned("Q11-Q12", place("Q11"), place("Q12"))
        assert printed(town(*stated), "sv")["embed/places.json"].keys() == {"Q11", "Q12"}
        ended = town(*stated, Triple(stated[0].subject, TT.status, status))
        assert printed(ended, "sv") == {"embed/index.json": printed(town(), "sv")["embed/index.json"]}


def test_several_partners_and_kinds() -> None:
    """Of three partners each has the two others; a plain twinning has no kind, a contact has."""
    three = twinned("x", place("Q11"), place("Q12"), place("Q13"))
    kind = Triple(three[0].subject, TT.kind, KIND.contact)
    files = printed(town(*three, kind), "sv")
    assert [p["name"] for p in files["embed/places.json"]["Q12"]["partners"]] == ["11", "13"]
    assert files["embed/places.json"]["Q12"]["partners"][0]["kind"] == "contact"
    plain = Triple(three[0].subject, TT.kind, KIND.twinning)
    assert "kind" not in printed(town(*three, plain), "sv")["embed/places.json"]["Q12"]["partners"][0]


def test_participant() -> None:
    """Who takes part has the partners other than the one in which it lies, if it lies in one."""
    stated = twinned("Q11-Q12", place("Q11"), place("Q12"))
    outside = Triple(stated[0].subject, TT.participant, place("Q14"))
    itself = Triple(stated[0].subject, TT.participant, place("Q11"))
    assert printed(town(*stated, outside, itself), "sv") == printed(town(*stated), "sv")
    loop = [
        Triple(place("Q14"), SCHEMA.containedInPlace, place("Q15")),
        Triple(place("Q15"), SCHEMA.containedInPlace, place("Q14")),
        Triple(place("Q15"), SCHEMA.containedInPlace, place("Q11")),
    ]
    told = printed(town(*stated, outside, *loop), "sv")["embed/places.json"]
    assert [p["name"] for p in told["Q14"]["partners"]] == ["12"]


def test_names_in_other_languages() -> None:
    """A name is told in the publication's languages, or else in any, or else by the end of the IRI."""
    stated = twinned("Q11-Q12", place("Q11"), place("Q12"))
    dataset = town(*(t for t in stated if t.subject != place("Q12")))
    assert printed(dataset, "sv", "de")["embed/places.json"]["Q12"]["partners"][0]["name"] == {"sv": "11"}
    assert printed(dataset, "de")["embed/places.json"]["Q12"]["partners"][0]["name"] == {"sv": "11"}
    assert printed(dataset, "de")["embed/places.json"]["Q11"]["partners"][0]["name"] == "Q12"


def test_files_stay_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Places stand by as many last digits of their numbers as keep the files small, at most four."""
    monkeypatch.setattr(embedding, "_LARGEST", 600)
    pairs = [(place(f"Q{n}"), place(f"Q{n + 1}")) for n in range(100, 160)]
    triples = [triple for n, pair in enumerate(pairs) for triple in twinned(str(n), *pair)]
    files = printed(town(*triples, *twinned("a", place("Atlantis"), place("Q7"))), "sv")
    assert files["embed/index.json"]["digits"] == 2
    assert "Q7" in files["embed/places-07.json"]
    assert "Atlantis" in files["embed/places-other.json"]
    monkeypatch.setattr(embedding, "_LARGEST", 1)
    assert printed(town(*triples), "sv")["embed/index.json"]["digits"] == 4


def test_offered(sources: Sources) -> None:
    """Where the publisher serves no place, the lines to be copied name one, if there is any."""
    assert offered(sources.dataset())["place"] == ""
    assert offered(sources.dataset())["script"].endswith("ludvika/assets/twin-towns.js")
    assert offered(town())["place"] == ""
    assert offered(town(*twinned("Q11-Q12", place("Q11"), place("Q12"))))["place"] == "Q11"
    publisher = NamedNode(f"{NAMES.space}organization/x")
    published = Triple(NAMES.catalogue, DCTERMS.publisher, publisher)
    assert own_places(town(published, Triple(publisher, SCHEMA.areaServed, place("Q11")))) == [place("Q11")]
    assert own_places(town(published, Triple(publisher, SCHEMA.areaServed, Literal("here")))) == []


def test_ending_of() -> None:
    """What is no number of an item has a file of its own kind."""
    assert ending_of("Q\N{ARABIC-INDIC DIGIT ONE}", 1) == ending_of("12", 1) == "-other"


@contextmanager
def hosted(browser: Browser, folder: Path, body: str, head: str = '<html lang="sv">') -> Iterator[Page]:
    """Open a page of another site; no request may go but to this machine, where both sites are."""
    (folder / "index.html").write_text(f"<!doctype html>{head}<title>Host</title>{body}", encoding="utf-8")
    with browsing.plainly_served(folder) as address:
        page = browser.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        try:
            yield page
        finally:
            page.close()
        assert all(url.startswith("http://127.0.0.1:") for url in asked), asked


def element(base: str, attributes: str = "") -> str:
    """Return the lines that a host puts on its page."""
    return f'<script src="{base}{COMPONENT}" defer></script><twin-towns {attributes}>{FALLBACK}</twin-towns>'


def items(page: Page) -> list[str]:
    """Return the items of the list, when it is there."""
    page.locator("twin-towns li").first.wait_for()
    return page.locator("twin-towns li").all_inner_texts()


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("sv", "Bad Honnef, Tyskland, sedan 2000"),
        ("sv-FI", "Bad Honnef, Tyskland, sedan 2000"),
        ("de", "Bad Honnef, Deutschland, seit 2000"),
        ("fr", "Bad Honnef, Tyskland, sedan 2000"),
    ],
)
def test_component(chromium: Browser, served: str, tmp_path: Path, language: str, told: str) -> None:
    """The partners stand on a page of another origin, in its language, as a list with links."""
    with hosted(chromium, tmp_path, element(served), f'<html lang="{language}">') as page:
        assert items(page)[0] == told
        folder = "de/" if language == "de" else ""
        link = page.get_by_role("listitem").get_by_role("link", name="Bad Honnef")
        assert link.get_attribute("href") == f"{served}{folder}twinning/Q12434-Q503184.html"
        assert page.get_by_role("list").get_by_role("listitem").count() == 3
        assert page.get_by_role("region", name="Partnerstädte" if folder else "Vänorter").count() == 1
        expect(page.get_by_text("Our twin towns")).to_be_hidden()


def test_attributes(chromium: Browser, served: str, tmp_path: Path) -> None:
    """Attributes say which place, in which language, with which heading; they may change."""
    with hosted(chromium, tmp_path, element(served, 'place="Q211020" lang="fi" heading-level="4"')) as page:
        assert items(page) == ["Ludvikan kunta, Ruotsi"]
        expect(page.get_by_role("heading", level=4)).to_have_text("Ystävyyskaupungit: Imatra")
        page.locator("twin-towns").evaluate("(one) => one.setAttribute('lang', 'et')")
        expect(page.get_by_role("listitem")).to_have_text("Ludvika vald, Rootsi")
        page.locator("twin-towns").evaluate("(one) => one.setAttribute('heading', '<b>Unsere</b>')")
        expect(page.get_by_role("heading", level=4)).to_have_text("<b>Unsere</b>")
        page.locator("twin-towns").evaluate("(one) => one.setAttribute('heading', '')")
        expect(page.get_by_role("heading")).to_have_count(0)
        page.locator("twin-towns").evaluate("(one) => one.setAttribute('place', '../../Q1')")
        expect(page.get_by_text("Our twin towns")).to_be_visible()


def test_style_of_the_host(chromium: Browser, served: str, tmp_path: Path) -> None:
    """The component looks as its host does, who can style its parts, under a strict policy too."""
    policy = f"default-src 'self'; script-src {served}; connect-src {served}; style-src 'self'"
    (tmp_path / "own.css").write_text(
        "body { font: 21px monospace; color: rgb(1, 2, 3); }"
        "twin-towns::part(country) { color: rgb(9, 8, 7); }"
    )
    head = f'<html lang="sv"><meta http-equiv="Content-Security-Policy" content="{policy}">'
    with hosted(chromium, tmp_path, f'<link rel="stylesheet" href="own.css">{element(served)}', head) as page:
        items(page)
        style = "(one) => [getComputedStyle(one).fontSize, getComputedStyle(one).color]"
        assert page.locator("twin-towns li a").first.evaluate(style) == ["21px", "rgb(1, 2, 3)"]
        assert page.locator("twin-towns [part=country]").first.evaluate(style)[1] == "rgb(9, 8, 7)"
        assert (
            page.locator("twin-towns [part=list]").evaluate("(one) => getComputedStyle(one).margin") == "0px"
        )


def check_fallback(page: Page) -> None:
    """Hold that the element gives up, says so to whoever wrote the page, and shows what stands within it."""
    with page.expect_console_message(lambda message: "<twin-towns>" in message.text):
        page.reload()
    expect(page.get_by_role("link", name="Our twin towns")).to_be_visible()
    assert page.locator("twin-towns li").count() == 0


@pytest.mark.parametrize("data", ["", "{", "[]", '{"languages": ["sv"], "own": [], "places": {}}', None])
def test_data_cannot_be_had(chromium: Browser, served: str, tmp_path: Path, data: str | None) -> None:
    """Where the data cannot be had, or is none, what stands within the element is shown."""
    with hosted(chromium, tmp_path, element(served)) as page:
        page.route("**/embed/*", lambda route: route.abort() if data is None else route.fulfill(body=data))
        check_fallback(page)


@pytest.mark.parametrize("publication", ["javascript:alert(1)", "data:,", "http://127.0.0.1:1/", ""])
def test_no_publication(chromium: Browser, served: str, tmp_path: Path, publication: str) -> None:
    """Where there is no publication, what stands within the element is shown."""
    with hosted(chromium, tmp_path, element(served, f'publication="{publication}"')) as page:
        check_fallback(page)


def test_without_the_script(chromium: Browser, tmp_path: Path) -> None:
    """Where the script does not load, what stands within the element is shown."""
    with hosted(chromium, tmp_path, element("http://127.0.0.1:1/")) as page:
        expect(page.get_by_role("link", name="Our twin towns")).to_be_visible()


def test_hostile_data(chromium: Browser, served: str, tmp_path: Path) -> None:
    """Whatever the data says, it is shown as text, and links lead to pages of the publication or nowhere."""
    partners = [
        {
            "name": "<img src=x onerror=document.title='broken'>",
            "page": "javascript:document.title='broken'//",
        },
        {"name": {"xx": "</li><script>document.title='broken'</script>"}, "page": "//example.net/"},
        {"name": "C", "page": "twinning/Q1-Q2", "since": {}, "country": {"toString": 7}},
    ]
    index = {
        "languages": ["sv"],
        "digits": 0,
        "title": "T",
        "heading": "H",
        "own": ["Q1", "constructor"],
        "places": {"Q1": {"name": "A", "partners": partners}},
    }
    with hosted(chromium, tmp_path, element(served)) as page:
        page.route("**/embed/index.json", lambda route: route.fulfill(json=index))
        page.reload()
        assert len(items(page)) == 3
        assert page.locator("twin-towns img, twin-towns li script").count() == 0
        hrefs = page.locator("twin-towns li a").evaluate_all("(all) => all.map((one) => one.href)")
        assert sorted(hrefs) == ["", "", f"{served}twinning/Q1-Q2.html"]
        assert page.title() == "Host"


def test_one_of_many_files(chromium: Browser, served: str, tmp_path: Path) -> None:
    """In a large publication the component reads the index and the one file in which the place stands."""
    index = {"languages": ["sv"], "digits": 2, "title": "T", "heading": "H", "own": [], "places": {}}
    held = {"Q7": {"name": "A", "partners": [{"name": "B", "page": "twinning/Q7-Q8"}]}}
    with hosted(chromium, tmp_path, element(served, 'place="Q7"')) as page:
        page.route("**/embed/index.json", lambda route: route.fulfill(json=index))
        page.route("**/embed/places-07.json", lambda route: route.fulfill(json=held))
        page.reload()
        assert items(page) == ["B"]


def test_lines_to_be_copied(chromium: Browser, served: str, site: Path) -> None:
    """The landing page shows the lines, and they name what is there."""
    with browsing.opened(chromium, served) as tab:
        tab.go("index.html")
        lines = tab.page.locator("#embed code").inner_text()
        assert lines.startswith(
            '<script src="https://w3id.org/twintowns/ludvika/assets/twin-towns.js" defer>'
        )
        assert "</twin-towns>" in lines
    assert (site / COMPONENT).is_file()
