"""The query page in a real browser: on a site with a query service, on a static host, from a folder."""

import csv
import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest
from lxml import etree  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Download, Page, expect
from pyoxigraph import RdfFormat, parse

import browsing
import test_hosting
from twintowns.headers import EVERY
from twintowns.hosting import configuration
from twintowns.project import ASSETS, PACKAGE, TEMPLATES
from twintowns.querypage import SCRIPTS, examples, words
from twintowns.serverwords import Place

PAGE = "sparql/index.html"
RUNAWAY = "SELECT (COUNT(*) AS ?all) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
PATIENCE_MS = 60_000
QUERIES = (
    *((one.question, one.query) for one in examples()),
    ("prefixes need no declaration", "SELECT ?name { place:Q503184 schema:name ?name } ORDER BY ?name"),
    ("relative IRIs", "SELECT ?name { <place/Q503184> schema:name ?name } ORDER BY ?name"),
    ("a chosen graph", "SELECT (COUNT(*) AS ?n) FROM <graph/derived> { ?s ?p ?o }"),
    ("a named graph", "SELECT (COUNT(*) AS ?n) FROM NAMED <graph/asserted> { GRAPH ?g { ?s ?p ?o } }"),
    (
        "a chosen graph without WHERE",
        "SELECT ?n FROM <graph/asserted> { <place/Q503184> schema:name ?n } ORDER BY ?n",
    ),
    ("all graphs", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"),
    ("a truth", "# SERVICE\nASK { place:Q503184 schema:name 'Ludvika kommun'@sv }"),
    ("a description", "DESCRIBE <place/Q503184>"),
    (
        "redeclared",
        "PREFIX place: <http://www.wikidata.org/entity/> SELECT ?s { ?s ?p place:Q503184 } ORDER BY ?s",
    ),
)
REFUSED = (
    ("SELECT *\nWHERE {\n  ?s ?p ?o .\n  FILTER(foo(?s", 4),
    ("SELECT * { ?s ?p ?o }\n# x\nSERVICE <http://127.0.0.1:1/> { ?a ?b ?c }", 3),
    ("ASK {}\n;\nLOAD <http://127.0.0.1:1/>", 3),
    ("SELECT *\nFROM <graph/none>\n{ ?s ?p ?o }", 2),
)


class _Strict(SimpleHTTPRequestHandler):
    """Files with the headers that a static host sends where it is configured as the documents tell."""

    def end_headers(self) -> None:
        """Add the headers of every answer."""
        for name, value in EVERY.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that it has there
        """Write no log."""


@pytest.fixture(scope="module")
def strict(site: Path) -> Iterator[str]:
    """Return the address of the site in a folder of a static host, under the policy of its headers."""
    handler = partial(_Strict, directory=str(site.parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/{site.name}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def address(request: pytest.FixtureRequest) -> str:
    """Return where the site lies, by the name of a place."""
    found: str = request.getfixturevalue(request.param)
    return found


everywhere = pytest.mark.parametrize("address", ["served", "static", "strict"], indirect=True)


def _go(tab: browsing.Tab, path: str = PAGE) -> Page:
    """Open the query page, and wait until it knows who answers."""
    tab.page.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    tab.go(path)
    expect(tab.page.locator(".status")).not_to_be_empty()
    return tab.page


def _write(page: Page, query: str) -> None:
    """Put a query into the editor in the place of what stands there, as keys and input methods do."""
    page.locator(".cm-content").focus()
    for key in ("Control+a", "Delete"):
        page.keyboard.press(key)
    page.keyboard.insert_text(query)


def _ask(page: Page, query: str) -> None:
    """Put a query into the editor, ask it, and wait for the end."""
    _write(page, query)
    page.locator(".run").click()
    expect(page.locator(".run")).to_be_enabled()


def _asked(page: Page, query: str, accept: str) -> str:
    """Return the answer to a query, as the scripts of the page get it."""
    script = (
        "([query, accept]) => queryPage.engine.ask(query, accept, () => {}).then((answer) => answer.text)"
    )
    answer: str = page.evaluate(script, [query, accept])
    return answer


@everywhere
def test_every_example(chromium: Browser, address: str) -> None:
    """Every example is asked with one click, and has rows, in the views that fit it."""
    views: list[tuple[str, ...]] = []
    with browsing.opened(chromium, address) as tab:
        page = _go(tab, "en/sparql/index.html")
        for button in page.locator(".examples button").all():
            button.click()
            expect(page.locator(".run")).to_be_enabled()
            expect(page.locator(".problem")).to_be_empty()
            assert page.locator(".shown tbody tr").count() > 1
            views.append(tuple(page.locator(".views button").all_inner_texts()))
    assert len(views) == len(examples())
    assert {("Table", "Map"), ("Table", "Chart"), ()} == set(views)


@everywhere
def test_who_answers(chromium: Browser, address: str, request: pytest.FixtureRequest) -> None:
    """The page says whether the service answers or the browser, and loads no engine before it is asked."""
    is_served = request.node.callspec.params["address"] == "served"
    with browsing.opened(chromium, address) as tab:
        page = _go(tab, "en/sparql/index.html")
        said = "The query service of this site answers." if is_served else "your browser answers"
        expect(page.locator(".status")).to_contain_text(said)
        assert not [one for one in tab.requests if "oxigraph" in one or "dump" in one]
        _ask(page, "ASK {}")
        expect(page.locator(".verdict")).to_have_text("Yes (true).")
        loaded = {one.removeprefix(address) for one in tab.requests if "oxigraph" in one or "dump" in one}
    engine = {"assets/oxigraph/web.js", "assets/oxigraph/web_bg.wasm", "dump/twintowns.nq.gz"}
    assert loaded == (set() if is_served else engine)


def test_same_answers(chromium: Browser, served: str, static: str) -> None:
    """The browser answers every query as the service does."""
    accept = "application/sparql-results+json, application/n-triples"
    with browsing.opened(chromium, served) as one, browsing.opened(chromium, static) as other:
        theirs, ours = _go(one), _go(other)
        for name, query in QUERIES:
            told = [_asked(page, query, accept) for page in (theirs, ours)]
            if told[0].startswith("{"):
                assert json.loads(told[0]) == json.loads(told[1]), name
                assert json.loads(told[0]).get("results", {"bindings": "x"})["bindings"], name
            else:
                assert told[0], name
                assert sorted(told[0].splitlines()) == sorted(told[1].splitlines()), name


@everywhere
@pytest.mark.parametrize(("query", "line"), REFUSED, ids=["syntax", "SERVICE", "LOAD", "graph"])
def test_errors_at_their_place(chromium: Browser, address: str, query: str, line: int) -> None:
    """What is wrong is said with its place, marked there, and announced; nothing else is asked."""
    with browsing.opened(chromium, address) as tab:
        page = _go(tab, "en/sparql/index.html")
        _ask(page, query)
        problem = page.get_by_role("alert").filter(has_text=re.compile("."))
        expect(problem).to_contain_text(re.compile(rf"line {line}\b|graph/none", re.IGNORECASE))
        if "graph" not in query:
            expect(page.locator(".cm-lintRange-error, .cm-lintPoint-error")).to_have_count(1)
            marked = page.locator(".cm-line", has=page.locator(".cm-lintRange-error, .cm-lintPoint-error"))
            assert marked.inner_text() == query.splitlines()[line - 1]
        _ask(page, "ASK {}")
        expect(page.locator(".cm-lintRange-error")).to_have_count(0)
        expect(page.locator(".problem")).to_be_empty()
        tab.complaints[:] = [one for one in tab.complaints if "status of 400" not in one]


@everywhere
@pytest.mark.parametrize(
    ("query", "told", "words"),
    [
        ("SELECT * { ?s ex:name ?o }", "Rad 1, kolumn 22: här används ett prefix", "Prefix not found"),
        (
            "SELECT *\n{ ?s a }",
            "Rad 2, kolumn 9: härifrån går det inte",
            "expected one of FILTER, SELECT, VALUES",
        ),
        ("SELECT (<a:f>(1) AS ?x) {}", "Frågan anropar en funktion", "The custom function <a:f> is not"),
        ("SELECT * { ?s ?p ?o }}", "Rad 1, kolumn 23: härifrån går det inte", ""),
    ],
    ids=["prefix", "syntax", "function", "nothing"],
)
def test_errors_in_the_language(chromium: Browser, address: str, query: str, told: str, words: str) -> None:
    """A mistake is told in the reader's language; what the engine says of it is marked as English."""
    with browsing.opened(chromium, address) as tab:
        page = _go(tab, "sparql/index.html")
        _ask(page, query)
        expect(page.locator(".problem > p").first).to_contain_text(told)
        own = page.locator(".problem [lang]")
        expect(own).to_have_count(1 if words else 0)
        if words:
            expect(own).to_contain_text(words)
            expect(own).to_have_attribute("lang", "en")
        tab.complaints[:] = [one for one in tab.complaints if "status of 400" not in one]


@everywhere
def test_runaway_is_stopped(chromium: Browser, address: str) -> None:
    """A query without end keeps the page alive, is stopped at once, and the next one is answered."""
    with browsing.opened(chromium, address) as tab:
        page = _go(tab, "en/sparql/index.html")
        _write(page, RUNAWAY)
        page.locator(".run").click()
        expect(page.locator(".status")).to_have_text("The query is being answered …")
        page.locator(".stop").click()
        expect(page.locator(".problem")).to_have_text("Stopped: the query was not answered.")
        expect(page.locator(".stop")).to_be_hidden()
        _ask(page, "ASK {}")
        expect(page.locator(".verdict")).to_have_text("Yes (true).")


def test_keyboard_only(chromium: Browser, static: str) -> None:
    """Keys alone lead into the editor, complete a term, ask, and lead out again."""
    with browsing.opened(chromium, static) as tab:
        page = _go(tab, "en/sparql/index.html")
        is_inside = "document.activeElement.classList.contains('editor')"
        presses = 0
        while not page.evaluate(is_inside):
            page.keyboard.press("Tab")
            presses += 1
            assert presses < 100
        page.keyboard.press("Control+a")
        page.keyboard.type("SELECT ?place { ?twinning tt:partne")
        expect(page.locator(".cm-tooltip-autocomplete")).to_contain_text("tt:partner")
        page.keyboard.press("Enter")
        page.keyboard.type(" ?place ")
        page.keyboard.press("Control+Enter")
        expect(page.locator(".status")).to_have_text("6 rows")
        page.keyboard.press("Escape")
        page.keyboard.press("Tab")
        assert not page.evaluate(is_inside)


def test_hostile_values(chromium: Browser, static: str) -> None:
    """Values are shown as the texts that they are, and only http and https are links."""
    values = (
        '("<img src=x onerror=alert(1)><script>alert(2)</script>" <javascript:alert(3)>)'
        ' ("\\u202e</td>"@en <data:text/html,x>)'
        f' ("{"x" * 100_000}" <https://example.org/%22onclick>)'
    )
    with browsing.opened(chromium, static) as tab:
        page = _go(tab)
        page.on("dialog", lambda dialog: tab.complaints.append(dialog.message))
        _ask(page, f"SELECT * {{ VALUES (?a ?b) {{ {values} }} }}")
        first = page.locator(".shown td").first
        expect(first).to_have_text("<img src=x onerror=alert(1)><script>alert(2)</script>")
        assert page.locator(".shown :is(img, script)").count() == 0
        links = page.locator(".shown a")
        assert [link.get_attribute("href") for link in links.all()] == ["https://example.org/%22onclick"]


def test_own_things_are_linked(chromium: Browser, static: str, site: Path) -> None:
    """Places, parts, terms and shapes lead to their pages in the language of the page."""
    query = (
        "SELECT * { VALUES ?thing { place:Q503184 <place/Q503184#geo> tt:partner kind:twinning"
        " shape:Twinning-partner <graph/asserted> <place/../../x>"
        " <https://w3id.org/twintowns/other/place/Q1> } }"
    )
    with browsing.opened(chromium, static) as tab:
        page = _go(tab, "de/sparql/index.html")
        _ask(page, query)
        hrefs = [link.get_attribute("href") or "" for link in page.locator(".shown a").all()]
        ours = [href.removeprefix("../../") for href in hrefs if href.startswith("../../")]
    assert ours == [
        "de/place/Q503184.html",
        "de/place/Q503184.html#geo",
        "de/vocabulary/ns.html#partner",
        "de/vocabulary/kind/twinning.html",
        "de/vocabulary/shape/Twinning.html#Twinning-partner",
    ]
    assert all((site / href.partition("#")[0]).is_file() for href in ours)
    assert "https://w3id.org/twintowns/other/place/Q1" in hrefs


def test_link_shares_the_query(chromium: Browser, static: str) -> None:
    """The link brings the query to somebody else, in another language too, and asks nothing by itself."""
    query = 'SELECT ?a\n{ BIND("1+1=2 & ä#%" AS ?a) }'
    with browsing.opened(chromium, static) as tab:
        page = _go(tab)
        _ask(page, query)
        shared = page.url
        assert page.locator(".share a").get_attribute("href") == f"#{shared.partition('#')[2]}"
        page.locator("header a[hreflang=de]").click()
        page.wait_for_url("**/de/sparql/**")
        expect(page.locator(".cm-content")).to_contain_text("1+1=2 & ä#%")
    with browsing.opened(chromium, static) as tab:
        page = _go(tab, shared.removeprefix(static))
        assert page.evaluate("document.querySelector('#query-text').value") == query
        expect(page.locator(".answer")).to_be_hidden()
    with browsing.opened(chromium, static) as tab:
        page = _go(tab, f"{PAGE}?query=ASK%20%7B%7D")
        assert page.evaluate("document.querySelector('#query-text').value") == "ASK {}"


def _content(download: Download) -> str:
    return Path(download.path()).read_text(encoding="utf-8")


DOWNLOADS: dict[str, Callable[[str], object]] = {
    "csv": lambda text: next(csv.DictReader(io.StringIO(text)))["name"],
    "tsv": lambda text: text.index("?name\n"),
    "json": lambda text: json.loads(text)["results"]["bindings"][0]["name"],
    "xml": lambda text: etree.fromstring(text.encode()),
    "ttl": lambda text: next(iter(parse(text, RdfFormat.TURTLE))),
    "nt": lambda text: next(iter(parse(text, RdfFormat.N_TRIPLES))),
    "jsonld": lambda text: next(iter(parse(text, RdfFormat.JSON_LD))),
    "rdf": lambda text: next(iter(parse(text, RdfFormat.RDF_XML))),
}


@everywhere
def test_downloads(chromium: Browser, address: str) -> None:
    """Solutions and triples are had as files in every form, and programs can read them."""
    found = []
    pattern = "place:Q503184 schema:name ?name"
    with browsing.opened(chromium, address) as tab:
        page = _go(tab)
        for query in (f"SELECT ?name {{ {pattern} }}", f"CONSTRUCT {{ {pattern} }} {{ {pattern} }}"):
            _ask(page, query)
            for button in page.locator(".downloads button").all():
                with page.expect_download() as event:
                    button.click()
                suffix = event.value.suggested_filename.partition(".")[2]
                assert DOWNLOADS[suffix](_content(event.value)) is not None
                expect(page.locator(".run")).to_be_enabled()
                found.append(suffix)
    assert found == list(DOWNLOADS)


def test_many_rows(chromium: Browser, static: str) -> None:
    """Of many rows the first are shown, and it says how many there are."""
    with browsing.opened(chromium, static) as tab:
        page = _go(tab, "en/sparql/index.html")
        _ask(page, "SELECT ?s ?p ?o { ?s ?p ?o }")
        expect(page.locator(".shown .hint")).to_contain_text("The first 1,000 of")
        assert page.locator(".shown tbody tr").count() == 1000


COLLISIONS = """() => {
    const map = document.querySelector(".map").getBoundingClientRect();
    const names = [...document.querySelectorAll(".map text")];
    const boxes = names.map((name) => [name.textContent, name.getBoundingClientRect()]);
    const isLow = (a, b) => a.top < b.bottom - 4;
    const isOver = (a, b) => a.left < b.right && b.left < a.right && isLow(a, b) && isLow(b, a);
    const wrong = ([name, box]) =>
        box.left < map.left || box.right > map.right ||
        boxes.some(([other, b]) => other !== name && isOver(box, b));
    return boxes.filter(wrong).map(([name]) => name);
}"""
"""Which names on the map of an answer stand over each other, or are cut off at its sides."""


def test_map_and_chart(chromium: Browser, static: str) -> None:
    """The map has a point for each place, which leads to its page, and a name; the chart a bar a row."""
    with browsing.opened(chromium, static) as tab:
        page = _go(tab, "en/sparql/index.html")
        page.get_by_role("button", name="Where are the twin towns?").click()
        page.get_by_role("button", name="Map", exact=True).click()
        expect(page.locator(".map .land")).to_have_attribute("d", re.compile("^M"))
        assert page.locator(".map circle").count() == page.locator(".map a[href*='en/place/Q']").count() == 5
        expect(page.locator(".map")).to_contain_text("Imatra")
        assert page.evaluate(COLLISIONS) == []
        _ask(page, 'SELECT * { VALUES (?l ?p) { ("a" "POINT(10 50)") ("b" "POINT(170 -50)") ("c" "no") } }')
        page.get_by_role("button", name="Map").click()
        assert page.locator(".map circle").count() == 2
        _ask(page, 'SELECT * { VALUES (?l ?n) { ("a" 1) ("b"@sv 4.0) } }')
        page.get_by_role("button", name="Chart").click()
        assert page.locator(".bars .label").all_inner_texts() == ["a", "b"]
        widths = [box["width"] for bar in page.locator(".bar").all() if (box := bar.bounding_box())]
        assert widths[1] == pytest.approx(4 * widths[0], rel=0.02)


def test_folder(chromium: Browser, folder: str) -> None:
    """From a folder on the disk the page opens, and says why it cannot answer and how to go on."""
    with browsing.opened(chromium, folder) as tab:
        page = _go(tab, "en/sparql/index.html")
        expect(page.locator(".status")).to_contain_text("twintowns serve")
        _ask(page, "ASK {}")
        expect(page.locator(".problem")).to_contain_text("twintowns serve")


def test_without_scripts(chromium: Browser, served: str) -> None:
    """Without scripts an example is a file from the service, and so is a query of one's own."""
    with browsing.opened(chromium, served, browsing.Reader(has_scripts=False)) as tab:
        tab.go("en/sparql/index.html")
        with tab.page.expect_download() as event:
            tab.page.get_by_role("button", name="Which twinnings are there").click()
        assert "Bad Honnef" in _content(event.value)
        tab.page.locator("textarea").fill("SELECT ?name { place:Q503184 schema:name ?name }")
        with tab.page.expect_download() as event:
            tab.page.get_by_role("button", name="Ask", exact=True).click()
        assert "Ludvika kommun" in _content(event.value)


def test_broken_dump(chromium: Browser, site: Path, tmp_path: Path) -> None:
    """Where the dump cannot be loaded, that is what is said; so is what it is when it is none."""
    for path in ("en/sparql/index.html", "style.css", "query.css", "print.css", "favicon.svg"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes((site / path).read_bytes())
    (tmp_path / "assets").symlink_to(site / "assets")
    (tmp_path / "dump").mkdir()
    with browsing.plainly_served(tmp_path) as address, browsing.opened(chromium, address) as tab:
        page = _go(tab, "en/sparql/index.html")
        _ask(page, "ASK {}")
        expect(page.locator(".problem")).to_contain_text("The dataset cannot be loaded: 404")
        (tmp_path / "dump/twintowns.nq").write_text("<a> <b")
        _ask(page, "ASK {}")
        expect(page.locator(".problem")).to_contain_text("The dataset cannot be loaded: ")
        expect(page.locator(".problem")).not_to_contain_text("404")
        tab.complaints[:] = [one for one in tab.complaints if "404" not in one]


def test_service_says_that_it_is_there(static: str, served: str) -> None:
    """A file says that no service answers; where one runs, it says at the same address that it does."""
    told = [httpx.get(f"{place}sparql/service.json").json() for place in (static, served)]
    assert told == [{"service": False}, {"service": True}]


@pytest.mark.parametrize("server", test_hosting.SERVERS)
def test_behind_a_web_server(chromium: Browser, site: Path, tmp_path: Path, server: str) -> None:
    """Under the configurations that the program prints, in a folder, the browser answers."""
    with test_hosting.public_folder() as public:
        shutil.copytree(site, public / "build")
        told = partial(_configured, server, public / "build")
        with (
            test_hosting.running(server, told, tmp_path / "run") as port,
            browsing.opened(chromium, f"http://127.0.0.1:{port}/twins/") as tab,
        ):
            page = _go(tab, "de/sparql/")
            _ask(page, "SELECT ?name { place:Q503184 schema:name ?name }")
            expect(page.locator(".shown tbody tr")).to_have_count(5)
            page.locator("header a[hreflang=sv]").click()
            expect(page.locator(".status")).not_to_be_empty()
            assert httpx.get(f"{tab.base}sparql/").text == httpx.get(f"{tab.base}sparql/index.html").text


def _configured(server: str, site: Path, port: int) -> str:
    return configuration(server, site, Place("/twins", f"127.0.0.1:{port}"))


def test_vendored_scripts_are_unchanged(repository: Path) -> None:
    """What others made has the checksum that the list and the script tell, and its licence beside it."""
    listed = (PACKAGE / "vendored/README.md").read_text(encoding="utf-8")
    script = (repository / "scripts/vendor").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `\.\./assets/([\w-]+)/` .* \| `([\w.]+)` \| `(\w{64})` \|", listed, re.MULTILINE)
    assert {name for name, _, _ in rows} == {"codemirror", "oxigraph"}
    for package, file, checksum in rows:
        assert sha256((ASSETS / package / file).read_bytes()).hexdigest() == checksum
        assert checksum in script
        assert (ASSETS / package / "LICENSE.txt").is_file()


def test_words_of_the_scripts() -> None:
    """The scripts tell no text of their own: every message is one that the page brings."""
    assert len(words()) > 20
    for script in SCRIPTS[1:]:
        text = (ASSETS / script).read_text(encoding="utf-8")
        assert "innerHTML" not in text
        assert text.count("word(") - text.count("function word(") == len(
            re.findall(r'\bword\(\s*"[^"\\]+"', text)
        )


def test_every_script_is_loaded() -> None:
    """Each script of the page is one that it loads, but for the one that runs in the worker."""
    there = {f"query/{path.name}" for path in (ASSETS / "query").iterdir()}
    assert there - {"query/worker.js"} == set(SCRIPTS[1:])
    assert "querypage.html" in {path.name for path in TEMPLATES.iterdir()}
