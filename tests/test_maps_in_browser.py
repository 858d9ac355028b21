"""Maps and networks in a real browser: they stand without scripts, and move, zoom and filter with them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

import browsing
import sites
from twintowns.project import Project
from twintowns.site import BuildOptions, build

LUDVIKA, IMATRA, IMATRA_TWINNING = "place/Q503184.html", "place/Q211020.html", "twinning/Q211020-Q503184.html"
HOSTILE = "</svg><script>document.title = 'taken'</script>"


@pytest.fixture
def page(chromium: Browser, served: str) -> Iterator[Page]:
    """Return the page of Ludvika, with scripts, as it is served under its content security policy."""
    with browsing.opened(chromium, served) as tab:
        tab.go(f"en/{LUDVIKA}")
        tab.page.locator(".map .tools").wait_for()
        yield tab.page


def scale(page: Page, drawing: str = ".map") -> float:
    """Return how far a drawing is zoomed in."""
    return float(page.locator(f"{drawing} svg").evaluate("svg => svg.style.getPropertyValue('--zoom')"))


def moved(page: Page) -> str:
    """Return how the map is moved."""
    return str(page.locator(".map .all").evaluate("all => all.style.transform"))


def shown(page: Page, selector: str) -> int:
    """Return how many of some things are not filtered out."""
    return page.locator(f"{selector}:not(.off)").count()


@pytest.mark.parametrize("path", [LUDVIKA, IMATRA_TWINNING, "index.html"])
def test_without_scripts(chromium: Browser, folder: str, path: str) -> None:
    """Without scripts, from a folder, there are map and table, and nothing that would not work."""
    with browsing.opened(chromium, folder, browsing.Reader(has_scripts=False)) as tab:
        tab.go(f"en/{path}")
        assert tab.page.locator(".map svg .lines path").count() > 0
        assert tab.page.locator(".as-table tbody tr").count() > 0
        assert tab.page.locator(".tools:visible, .filter:visible").count() == 0


def test_paper_keeps_no_room_for_the_filter(chromium: Browser, static: str) -> None:
    """The screen keeps room for the filter until its script runs; a page printed before that does not."""
    with browsing.opened(chromium, static) as tab:
        tab.page.route("**/map.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
        tab.go(f"en/{LUDVIKA}")
        heights = []
        for media in ("screen", "print"):
            tab.page.emulate_media(media=media)
            heights.append(tab.page.locator(".filter").evaluate("filter => filter.offsetHeight"))
    assert heights[0] > 0
    assert heights[1] == 0


def test_names_for_those_who_cannot_see(page: Page) -> None:
    """The picture has a name and a description, and its points are links that say where they lead."""
    picture = page.get_by_role("img", name="Map: Ludvika Municipality and its partners")
    assert picture.count() == 1
    link = page.locator(".map").get_by_role("link", name="Imatra, Finland")
    assert link.get_attribute("href") == "../../en/place/Q211020.html"


def test_zoom_by_buttons(page: Page) -> None:
    """The buttons zoom in, out, and show all of it again."""
    press = page.locator(".map").get_by_role("button", name="Zoom in", exact=True).click
    press()
    press()
    assert scale(page) > 2
    page.locator(".map").get_by_role("button", name="Zoom out").click()
    assert scale(page) == pytest.approx(1.6)
    page.locator(".map").get_by_role("button", name="Show all of it").click()
    assert scale(page) == 1


def test_keyboard(page: Page) -> None:
    """The keys zoom and move, and a point that has the focus comes into view and leads to its page."""
    page.locator(".map svg").focus()
    for key in ("+", "+", "+", "+"):
        page.keyboard.press(key)
    assert scale(page) > 6
    before = moved(page)
    page.keyboard.press("ArrowLeft")
    assert moved(page) != before
    page.keyboard.press("-")
    link = page.locator(".map a", has_text="Bad Honnef")
    page.emulate_media(reduced_motion="reduce")
    link.focus()
    box, frame = link.bounding_box(), page.locator(".map svg").bounding_box()
    assert box
    assert frame
    assert frame["x"] <= box["x"] <= frame["x"] + frame["width"]
    page.keyboard.press("0")
    assert scale(page) == 1
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/place/Q12434.html")


def test_keys_of_the_browser_are_left_alone(page: Page) -> None:
    """With Ctrl a key is the browser's, and arrows move the page where the drawing is whole."""
    page.locator(".map svg").focus()
    page.keyboard.press("Control+-")
    page.keyboard.press("ArrowLeft")
    assert scale(page) == 1


def test_wheel(page: Page) -> None:
    """The wheel zooms with Ctrl, and without it moves the page."""
    page.locator(".map svg").hover()
    page.mouse.wheel(0, -100)
    assert scale(page) == 1
    page.locator(".map svg").hover()
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    page.wait_for_function(
        "Number(document.querySelector('.map svg').style.getPropertyValue('--zoom')) > 1.2"
    )


def test_drag(page: Page) -> None:
    """A zoomed drawing is dragged, no further than its end, and the drag is no click."""
    page.locator(".map").get_by_role("button", name="Zoom in", exact=True).click()
    page.locator(".map svg").scroll_into_view_if_needed()
    box = page.locator(".map svg").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    address = page.url
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y, steps=4)
    page.mouse.move(x + 2000, y, steps=4)
    page.mouse.up()
    assert moved(page).startswith("translate(0px,")
    assert page.url == address


def test_filter(page: Page) -> None:
    """What is chosen is shown on the map, in the network and in the table alike, and counted."""
    page.get_by_label("Country").select_option(label="Finland")
    assert (shown(page, ".map .lines path"), shown(page, ".as-table tbody tr")) == (1, 1)
    assert shown(page, ".network .lines path") == 1
    assert page.locator(".filter .shown").inner_text() == "1 of 3 connections shown"
    assert page.locator(".map .dots .home").is_visible()
    page.get_by_label("Field of cooperation").select_option(label="music")
    assert shown(page, ".as-table tbody tr") == 0
    page.get_by_role("button", name="Show all", exact=True).click()
    page.wait_for_function("document.querySelectorAll('.as-table tbody tr.off').length === 0")
    assert shown(page, ".map .lines path") == 3


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("", "1 av 3 förbindelser visas"),
        ("fi/", "Yhteyksiä näkyvissä: 1, kaikkiaan 3"),
        ("de/", "Gezeigte Verbindungen: 1 von 3"),
    ],
)
def test_words_are_the_pages(chromium: Browser, static: str, language: str, told: str) -> None:
    """What the script says is in the language of the page."""
    with browsing.opened(chromium, static) as tab:
        tab.go(f"{language}{LUDVIKA}")
        tab.page.locator(".filter select[name=country]").select_option("Q33")
        assert tab.page.locator(".filter .shown").inner_text() == told


@pytest.mark.uncovered
def test_years(chromium: Browser, ludvika: Project, site: Path, tmp_path: Path) -> None:
    """Connections are chosen by the years in which they began; what has no year is then left out."""
    path = ludvika.root / "data/twinning/Q211020-Q503184.ttl"
    text = path.read_text(encoding="utf-8")
    year = '"1985"^^<http://www.w3.org/2001/XMLSchema#gYear>'
    changed = text.replace("    tt:unknown schema:startDate ;\n", "").replace(
        "    tt:commonGround ground:hydropower ;",
        f"    schema:startDate {year} ;\n    tt:commonGround ground:hydropower ;",
    )
    path.write_text(changed, encoding="utf-8")
    out = tmp_path / "site"
    sites.copy_built(site, out)
    build(ludvika, BuildOptions(out, 1))
    with browsing.opened(chromium, browsing.on_disk(out)) as tab:
        tab.go(f"en/{LUDVIKA}")
        tab.page.get_by_label("From the year").fill("1990")
        assert shown(tab.page, ".as-table tbody tr") == 1
        tab.page.get_by_label("From the year").fill("")
        tab.page.get_by_label("To the year").fill("1990")
        assert shown(tab.page, ".map .lines path") == 1
        tab.page.get_by_label("To the year").fill("3000")
        assert shown(tab.page, ".as-table tbody tr") == 3


@pytest.mark.uncovered
def test_hostile_names(chromium: Browser, ludvika: Project, site: Path, tmp_path: Path) -> None:
    """A name that would end the drawing and begin a script is shown as it is."""
    path = ludvika.root / "data" / IMATRA.replace(".html", ".ttl")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"Imatra"@en', f'"{HOSTILE}"@en'), encoding="utf-8")
    out = tmp_path / "site"
    sites.copy_built(site, out)
    build(ludvika, BuildOptions(out, 1))
    with browsing.opened(chromium, browsing.on_disk(out)) as tab:
        tab.go(f"en/{LUDVIKA}")
        assert "taken" not in tab.page.title()
        assert tab.page.locator(".map svg text", has_text=HOSTILE).count() == 1
        assert tab.page.locator("svg script").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_phone(chromium: Browser, static: str, scheme: browsing.Scheme) -> None:
    """On a phone the page is no wider than the screen, and fingers find the points."""
    reader = browsing.Reader(browsing.PHONE, scheme)
    with browsing.opened(chromium, static, reader) as tab:
        tab.go(f"en/{LUDVIKA}")
        width = tab.page.evaluate("document.documentElement.scrollWidth")
        assert width <= browsing.PHONE[0]
        box = tab.page.locator(".map a", has_text="Imatra").locator(".touch").bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 24
