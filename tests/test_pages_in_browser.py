"""Each kind of page in each language, as readers have it: phone and desk, light and dark, keys, no scripts.

The kinds are those of the built site. axe-core judges by the rules of WCAG 2.0 to 2.2, levels A and AA
(https://www.w3.org/TR/WCAG22/).
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from playwright.sync_api import Browser
from pyoxigraph import Literal

import browsing
import http_table
import site_pages
import sites
import uncovered
from browsing import DESKTOP, PHONE, Reader, Scheme, Tab
from site_pages import Kind
from twintowns.comparison import Comparison, Pair, Said
from twintowns.comparisontable import comparison_turtle
from twintowns.iris import Names
from twintowns.project import Project
from twintowns.site import BuildOptions, build
from twintowns.turtle import TurtleWriter
from twintowns.vocabulary import XSD

BROWSER: Final = Path(__file__).resolve().parent / "browser"
AXE: Final = BROWSER / "node_modules/axe-core/axe.min.js"
INSTALL: Final = f"the engines of these checks are not here: run `npm ci` in {BROWSER.name}/"
STANDARDS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa")
EVERYTHING: Final = {
    "runOnly": {"type": "tag", "values": STANDARDS},
    "rules": {"target-size": {"enabled": True}},
}
COLOURS: Final = {"runOnly": {"type": "rule", "values": ("color-contrast", "link-in-text-block")}}
"""Those of axe-core's rules that depend on the colours."""
LOOK: Final = (BROWSER / "look.js").read_text(encoding="utf-8")
PRINTED: Final = (BROWSER / "print.js").read_text(encoding="utf-8")
KEYBOARD: Final = (BROWSER / "keyboard.js").read_text(encoding="utf-8")
SCHEMES: Final[tuple[Scheme, ...]] = ("light", "dark")
VIEWS: Final[list[tuple[tuple[int, int], Scheme]]] = [
    (PHONE, "dark"),
    (DESKTOP, "light"),
    (DESKTOP, "dark"),
    (PHONE, "light"),
]
"""How a page is looked at; in the order in which least changes from one to the next."""
FAULTY: Final = """<!doctype html><title></title><h1>A</h1><h1>B</h1>
<style>a { outline: none } p { color: #ccc; background: #fff }</style>
<p>pale</p><p style="width: 2000px">wide</p><a href="#a">hides its focus</a>
<a href="#b" onfocus="blur()">cannot be reached</a>"""
HOME: Final = "Q503184"
PAPER: Final = 680
"""The width of A4 between its margins, in CSS pixels."""
MOST_STOPS: Final = 1500
"""More presses of the Tab key than a page has places to stop at."""


@pytest.fixture(scope="module")
def tab(chromium: Browser, served: str) -> Iterator[Tab]:
    """Return a tab on the site where this program serves it."""
    with browsing.opened(chromium, served) as tab:
        yield tab


@pytest.fixture(scope="module")
def plain_tab(chromium: Browser, static: str) -> Iterator[Tab]:
    """Return a tab in which no script runs, on the site where a plain host serves it."""
    with browsing.opened(chromium, static, Reader(has_scripts=False)) as tab:
        yield tab


@pytest.fixture
def judging(chromium: Browser, served: str) -> Iterator[Tab]:
    """Return a tab whose pages come with axe-core, which takes less time than to hand it to each of them."""
    if not AXE.is_file():
        pytest.skip(INSTALL)
    with browsing.opened(chromium, served) as tab:
        tab.page.add_init_script(path=AXE)
        yield tab


@pytest.fixture(scope="module")
def kinds(site: Path) -> list[Kind]:
    """Return the kinds of pages of the site."""
    return site_pages.kinds(site)


@pytest.fixture(scope="module")
def spoken(site: Path) -> list[str]:
    """Return the languages of the site, the main one first."""
    return site_pages.languages(site)


def _shown(tab: Tab, size: tuple[int, int], scheme: Scheme) -> None:
    tab.page.set_viewport_size({"width": size[0], "height": size[1]})
    tab.page.emulate_media(color_scheme=scheme)


def _wrong(tab: Tab, language: str, views: list[tuple[tuple[int, int], Scheme]]) -> Iterator[str]:
    """Go through what is wrong with a page in some sizes and colours."""
    for size, scheme in views:
        _shown(tab, size, scheme)
        told: list[str] = tab.page.evaluate(LOOK, language)
        yield from (f"{size[0]} {scheme}: {one}" for one in told)


def _astray(tab: Tab, kind: Kind, spoken: list[str]) -> Iterator[str]:
    """Go through the languages into which the switch does not lead on the same page."""
    links = tab.page.locator("header a[hreflang]").evaluate_all(
        "all => all.map(one => [one.hreflang, one.href])"
    )
    found = dict(links)
    here = tab.page.url
    for language in spoken:
        wanted = tab.base + kind.in_language(language, spoken[0])
        if wanted != here and found.get(language) != wanted:
            yield f"the switch to {language} leads to {found.get(language)}, not to {wanted}"


def _reported(tab: Tab, kinds: list[Kind], spoken: list[str]) -> dict[str, list[str]]:
    """Open each kind of page in each language, and return what is wrong with it."""
    report = {}
    for kind in kinds:
        for language in spoken:
            path = kind.in_language(language, spoken[0])
            tab.go(path)
            views = VIEWS if language == spoken[0] else VIEWS[:2]
            report[path] = [*_wrong(tab, language, views), *_astray(tab, kind, spoken)]
    return {path: wrong for path, wrong in report.items() if wrong}


def test_kinds(kinds: list[Kind]) -> None:
    """The kinds of pages are found, those among them that every publication has."""
    assert {"index", "place", "twinning", "catalogue", "validation", "DefinedTerm"} <= {
        kind.name for kind in kinds
    }
    assert len(kinds) >= 18


def test_every_page(tab: Tab, kinds: list[Kind], spoken: list[str]) -> None:
    """Each kind of page opens in each language without an error, as wide as the window, with its switch."""
    assert _reported(tab, kinds, spoken) == {}
    tab.check()


def test_without_scripts(plain_tab: Tab, kinds: list[Kind], spoken: list[str]) -> None:
    """So it does where no script runs, on a host that knows nothing of this program."""
    assert _reported(plain_tab, kinds, spoken) == {}
    plain_tab.check()


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_keyboard(tab: Tab, kinds: list[Kind], size: tuple[int, int]) -> None:
    """The Tab key leads to everything that can be used, and what has the focus shows it and is in sight."""
    tab.page.set_viewport_size({"width": size[0], "height": size[1]})
    report = {}
    for kind in kinds if size == DESKTOP else [kind for kind in kinds if kind.name in {"index", "place"}]:
        tab.go(kind.path)
        report[kind.path] = _walked(tab)
    assert {path: wrong for path, wrong in report.items() if wrong} == {}


def _walked(tab: Tab) -> list[str]:
    """Return what is wrong on the way of the Tab key through a page."""
    wrong = []
    tab.page.evaluate(KEYBOARD)
    for _ in range(MOST_STOPS):
        tab.page.keyboard.press("Tab")
        problem = tab.page.evaluate("window.keyboard.step()")
        if problem is None:
            break
        wrong += [problem] if problem else []
    return [*wrong, *tab.page.evaluate("window.keyboard.missed()")]


@pytest.mark.parametrize("half", [0, 1])
def test_accessibility(judging: Tab, kinds: list[Kind], spoken: list[str], half: int) -> None:
    """axe-core finds no violation on any kind of page, in any language, in either colour scheme."""
    assert _judged(judging, kinds[half::2], spoken) == {}


def _judged(tab: Tab, kinds: list[Kind], spoken: list[str]) -> dict[str, list[str]]:
    """Return what axe-core finds on each kind of page: in the main language in both colours, and on a phone.

    Elements and colours are the same in the other languages, and only words differ: those are judged once
    each, in one of the colours. Of the second colours only what depends on colours is judged again.
    """
    report = {}
    for kind in kinds:
        for number, language in enumerate(spoken):
            path = kind.in_language(language, spoken[0])
            _shown(tab, DESKTOP, SCHEMES[number % 2])
            tab.go(path)
            report[path] = _violations(tab)
            if not number:
                _shown(tab, DESKTOP, SCHEMES[1])
                report[path] += _violations(tab, COLOURS)
                _shown(tab, PHONE, SCHEMES[1])
                report[path] += _violations(tab)
    return {path: wrong for path, wrong in report.items() if wrong}


def _violations(tab: Tab, only: Mapping[str, object] = EVERYTHING) -> list[str]:
    """Return what axe-core finds on a page."""
    if not AXE.is_file():
        pytest.skip(INSTALL)
    if not tab.page.evaluate("() => 'axe' in window"):
        tab.page.evaluate(AXE.read_text(encoding="utf-8"))
    options = {**only, "resultTypes": ["violations"]}
    found: Any = tab.page.evaluate("options => axe.run(document, options)", options)
    assert found["passes"]
    return [
        f"{rule['id']}: {node['html'][:150]}: {node['failureSummary'][:300]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def test_what_is_found(chromium: Browser, static: str) -> None:
    """What is wrong is found: pale letters, what is too wide, a focus that is hidden or cannot be had."""
    with browsing.opened(chromium, static) as tab:
        tab.page.set_content(FAULTY)
        found = {one.partition(":")[0] for one in _violations(tab)}
        assert found == {"color-contrast", "document-title", "html-has-lang"}
        told = " ".join((*_wrong(tab, "sv", VIEWS), *_walked(tab)))
    for expected in (
        "2 h1",
        "lang is ,",
        "no title",
        "pixels wide, in a window of 390",
        "does not show",
        "is not reached",
    ):
        assert expected in told


def test_print(tab: Tab, kinds: list[Kind]) -> None:
    """On paper each page is white, as wide as the sheet, without what is pressed; maps have their table."""
    report: dict[str, list[str]] = {}
    tab.page.set_viewport_size({"width": PAPER, "height": 1000})
    tab.page.emulate_media(media="print", color_scheme="dark")
    for kind in kinds:
        tab.go(kind.path)
        report[kind.path] = tab.page.evaluate(PRINTED)
    tab.page.emulate_media(media="screen")
    assert {path: wrong for path, wrong in report.items() if wrong} == {}
    tab.check()


@pytest.fixture
def compared(ludvika: Project, site: Path, chromium: Browser) -> Iterator[Tab]:
    """Return a tab on a site that differs from Wikidata, on a plain host."""
    said = (f"http://www.wikidata.org/entity/{HOME}",)
    names = Names("https://w3id.org/twintowns/ludvika/")
    partner = Pair(("Q1757", HOME), None, Said(said))
    years = [(Literal(year, datatype=XSD.gYear),) for year in ("2000", "1999")]
    here = Said((f"{names.space}twinning/Q12434-{HOME}",), starts=years[0])
    start = Pair(("Q12434", HOME), here, Said(said, starts=years[1]))
    found = Comparison("2026-11-01", (start, partner), {"Q1757": (Literal("Helsinki", language="fi"),)})
    ludvika.comparison.mkdir()
    text = comparison_turtle(found, names, TurtleWriter(names.prefixes()))
    (ludvika.comparison / "wikidata.ttl").write_text(text, encoding="utf-8")
    out = ludvika.root / "build"
    sites.copy_built(site, out)
    with uncovered.work():
        build(ludvika, BuildOptions(out, 1))
    with browsing.plainly_served(out) as address, browsing.opened(chromium, address) as tab:
        yield tab


def test_comparison(compared: Tab, spoken: list[str]) -> None:
    """The page that compares with Wikidata, and pages with its notes, are as good as the others."""
    kinds = [Kind(path, f"{path}.html") for path in ("comparison", f"place/{HOME}")]
    for kind in kinds:
        compared.go(kind.path)
        assert compared.page.locator("main").locator("a[href*='wikidata.org']").count()
        assert _walked(compared) == []
    assert _reported(compared, kinds, spoken) == {}
    assert _judged(compared, kinds, spoken) == {}


@pytest.mark.parametrize(("path", "status"), [("no/such/page", 404), ("place/Q9", 410)])
def test_problem_pages(chromium: Browser, example: str, path: str, status: int) -> None:
    """The page that says that there is none, or none any more, is as good as the others."""
    with browsing.opened(chromium, example, Reader(locale="de-DE")) as tab:
        answer = tab.go(path)
        assert answer
        assert answer.status == status
        assert [*_wrong(tab, "de", VIEWS), *_violations(tab), *_walked(tab)] == []
        told = [one for one in tab.complaints if str(status) not in one]
        assert told == []
        tab.forget()


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a site with a thing that is gone."""
    with browsing.served_by_us(http_table.example(tmp_path_factory.mktemp("example"))) as address:
        yield address


@pytest.mark.parametrize(
    ("path", "address"), [("place/Q503184.html", "de/place/Q503184.html"), ("", "de/"), ("de/", "")]
)
def test_translations_in_header(served: str, path: str, address: str) -> None:
    """A page's header names its translations by the addresses by which the page itself does."""
    answer = httpx.get(served + path, headers={"Accept": "text/html"})
    named = re.findall(r'<([^>]*)>; rel="alternate"; type="text/html"; hreflang', answer.headers["Link"])
    assert f"https://w3id.org/twintowns/ludvika/{address}" in named
    assert [one for one in named if f'href="{one}"' not in answer.text] == []
