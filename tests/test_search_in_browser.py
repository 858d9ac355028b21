"""Search in a real browser: typed, by keyboard, wherever the site lies, whatever things are called."""

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import browsing
import uncovered
from browsing import PHONE, Reader, Tab
from spellings import SAME
from twintowns import folding, searchindex
from twintowns.project import Project
from twintowns.site import BuildOptions, build

PLACES = ["served", "static", "folder"]
HOSTILE = (
    "<img src=x onerror=document.title='broken'>",
    "</script><script>document.title='broken'</script>",
    "Imatra\u2028\u2029\\u003c'\"`${document.title='broken'}",
)
LANGUAGES = {"": "Antal träffar", "de/": "Gefunden", "en/": "Found", "et/": "Leitud", "fi/": "Löytyi"}


def typed(page: Page, text: str) -> list[str]:
    """Type a search, and return the names that are offered."""
    box = page.locator("input[role=combobox]")
    box.fill("")
    box.press_sequentially(text)
    expect(page.locator("[role=listbox][aria-busy]")).to_have_count(0)
    return page.locator("[role=option] .found-name").all_text_contents()


@pytest.mark.parametrize("place", PLACES)
def test_typing(chromium: Browser, place: str, request: pytest.FixtureRequest) -> None:
    """Names are found as they are typed: without diacritics, in any order, in another language."""
    with browsing.opened(chromium, request.getfixturevalue(place)) as tab:
        tab.go("place/Q34.html")
        for text, first in {
            "ludv": "Ludvika kommun",
            "sodra kar": "Södra Karelen",
            "Südkarelien": "Södra Karelen",
            "honnef bad": "Bad Honnef",
            "saters": "Säters kommun",
            "imatra finl": "Imatra",
            "ludvkia": "Ludvika kommun",
        }.items():
            assert typed(tab.page, text)[:1] == [first], text


def test_nothing_is_loaded_before_somebody_types(chromium: Browser, static: str) -> None:
    """A page loads the table when somebody turns to the box, and what is needed when somebody types."""
    with browsing.opened(chromium, static) as tab:
        tab.go("index.html")
        tab.page.wait_for_load_state("networkidle")
        assert loaded(tab) == []
        with tab.page.expect_response("**/search/table-sv.js"):
            tab.page.locator("input[role=combobox]").focus()
        tab.page.wait_for_load_state("networkidle")
        assert loaded(tab) == ["search/table-sv.js"]
        typed(tab.page, "imatra")
        assert len(loaded(tab)) > 1
        assert all(re.fullmatch(r"search/(part|top)-[a-z~0-9-]+\.js", address) for address in loaded(tab)[1:])


def test_typing_without_end(chromium: Browser, static: str) -> None:
    """Of what is typed as much is read as of a name, and of a text of many words the first."""
    with browsing.opened(chromium, static) as tab:
        tab.go("index.html")
        box = tab.page.locator("input[role=combobox]")
        for text in ("Imatra" + " " * 200 + "x" * 1_000_000, "imatra " * 100_000, "a\u0301" * 500_000):
            box.fill(text)
            expect(tab.page.locator("[role=listbox][aria-busy]")).to_have_count(0)
            names = tab.page.locator("[role=option] .found-name").all_text_contents()
            assert ("Imatra" in names) == text.lower().startswith("imatra")
        found = tab.page.evaluate(
            """([tables, name]) => twintownsSearch.folding(tables).folded(name)""",
            [folding.tables(), "\U00010428å" * 300],
        )
        assert found == folding.folded("\U00010428å" * 300)


def test_faster_than_the_search(chromium: Browser, in_parts: str) -> None:
    """Who types on before a search is at its end is told of the last alone."""
    with browsing.opened(chromium, in_parts) as tab:
        tab.go("index.html")
        expect(tab.page.locator("input[role=combobox]")).to_have_count(1)
        tab.page.evaluate(
            """() => {
                const box = document.querySelector("input[role=combobox]");
                for (const text of ["l", "lu", "zzzz", "viljnadi", "imatra"]) {
                    box.value = text;
                    box.dispatchEvent(new InputEvent("input"));
                }
            }"""
        )
        expect(tab.page.locator("[role=option] .found-name").first).to_have_text("Imatra")
        expect(tab.page.locator("[role=listbox][aria-busy]")).to_have_count(0)
        assert tab.page.locator("[role=option] .found-name").first.text_content() == "Imatra"


@pytest.mark.parametrize("place", PLACES)
def test_keyboard(chromium: Browser, place: str, request: pytest.FixtureRequest) -> None:
    """The list is moved in with the arrows, left with Escape, and Enter goes to what is chosen."""
    with browsing.opened(chromium, request.getfixturevalue(place)) as tab:
        page = tab.page
        tab.go("de/index.html")
        box = page.locator("input[role=combobox]")
        found = typed(page, "lu")
        assert len(found) > 1
        expect(box).to_have_attribute("aria-expanded", "true")
        options = page.locator("[role=option]")
        box.press("ArrowDown")
        expect(options.first).to_have_attribute("aria-selected", "true")
        expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id") or "")
        box.press("ArrowUp")
        expect(options.last).to_have_attribute("aria-selected", "true")
        box.press("ArrowDown")
        expect(options.first).to_have_attribute("aria-selected", "true")
        box.press("ArrowLeft")
        expect(page.locator("[aria-selected=true]")).to_have_count(0)
        box.press("Escape")
        expect(box).to_have_attribute("aria-expanded", "false")
        expect(box).to_have_value("lu")
        box.press("ArrowDown")
        expect(box).to_have_attribute("aria-expanded", "true")
        box.press("Alt+ArrowUp")
        expect(box).to_have_attribute("aria-expanded", "false")
        box.press("Escape")
        expect(box).to_have_value("")
        typed(page, "imatra")
        box.press("ArrowDown")
        box.press("Enter")
        page.wait_for_url("**/de/place/Q211020.html")


def test_focus_stays_and_leaving_closes(chromium: Browser, static: str) -> None:
    """The focus stays in the box while the list is used, and to leave the box closes it."""
    with browsing.opened(chromium, static) as tab:
        tab.go("index.html")
        typed(tab.page, "imatra")
        tab.page.keyboard.press("ArrowDown")
        expect(tab.page.locator("input[role=combobox]")).to_be_focused()
        tab.page.keyboard.press("Tab")
        expect(tab.page.locator("[role=listbox]")).to_be_hidden()


def test_click(chromium: Browser, static: str) -> None:
    """A click on what is offered goes there, on a phone too."""
    with browsing.opened(chromium, static, Reader(size=PHONE)) as tab:
        tab.go("fi/place/Q34.html")
        typed(tab.page, "viljandimaa")
        tab.page.locator("[role=option]").first.click()
        tab.page.wait_for_url("**/fi/place/Q192061.html")


@pytest.mark.parametrize(("folder", "told"), LANGUAGES.items())
def test_announcements(chromium: Browser, static: str, folder: str, told: str) -> None:
    """How much was found is announced in the language of the page."""
    with browsing.opened(chromium, static) as tab:
        tab.go(f"{folder}index.html")
        typed(tab.page, "imatra")
        expect(tab.page.locator("form.search [role=status]")).to_have_text(re.compile(rf"^{told}: \d"))
        count = int(tab.page.locator("form.search [role=status]").inner_text().rpartition(" ")[2])
        assert count >= tab.page.locator("[role=option]").count() > 0


def test_language_of_the_match(chromium: Browser, static: str) -> None:
    """A result says by what other name it was found, in which language, what it is and where."""
    with browsing.opened(chromium, static) as tab:
        tab.go("index.html")
        typed(tab.page, "Kreis Vil")
        option = tab.page.locator("[role=option]").first
        assert option.locator(".found-name").inner_text() == "Viljandi län"
        assert option.locator(".found-as").inner_text() == "Kreis Viljandi (tyska)"
        assert option.locator(".found-as [lang]").get_attribute("lang") == "de"
        assert option.locator(".found-kind").inner_text() == "Administrativt område, Estland"


@pytest.mark.parametrize("place", PLACES)
def test_page_of_results(chromium: Browser, place: str, request: pytest.FixtureRequest) -> None:
    """Enter without a choice leads to the page of results, with all that was found."""
    with browsing.opened(chromium, request.getfixturevalue(place)) as tab:
        tab.go("de/place/Q34.html")
        typed(tab.page, "ludv")
        tab.page.keyboard.press("Enter")
        tab.page.wait_for_url("**/de/search.html?q=ludv")
        links = tab.page.locator("#search-results a")
        expect(links.first).to_have_text("Gemeinde Ludvika")
        expect(tab.page.locator("input[role=combobox]")).to_have_value("ludv")
        links.first.click()
        tab.page.wait_for_url("**/de/place/Q503184.html")


def test_without_scripts(chromium: Browser, static: str) -> None:
    """Where scripts are off, the form leads to all names in their order."""
    with browsing.opened(chromium, static, Reader(has_scripts=False)) as tab:
        tab.go("index.html")
        tab.page.locator("#site-search").fill("imatra")
        tab.page.get_by_role("button", name="Sök").click()
        tab.page.wait_for_url("**/search.html?q=imatra")
        letters = tab.page.locator("main h2").all_text_contents()
        assert letters == sorted(letters)
        assert letters[-1] == "Ä"
        tab.page.get_by_role("link", name="Imatra", exact=True).click()
        tab.page.wait_for_url("**/place/Q211020.html")


@pytest.mark.parametrize("language", ["", "fi/"])
def test_nothing_like_it(chromium: Browser, static: str, language: str) -> None:
    """What is nowhere is told to be nowhere, and an empty box says nothing."""
    with browsing.opened(chromium, static) as tab:
        tab.go(f"{language}index.html")
        assert typed(tab.page, "xyzzyx") == []
        expect(tab.page.locator("[role=listbox]")).to_be_hidden()
        tab.page.locator("input[role=combobox]").fill("  ")
        expect(tab.page.locator("form.search [role=status]")).to_be_empty()


def test_index_cannot_be_had(chromium: Browser, static: str) -> None:
    """Where the index cannot be had, the form is as it is without scripts; where it comes back, it works."""
    with browsing.opened(chromium, static) as tab:
        tab.page.route("**/search/*", lambda route: route.fulfill(status=200, body=""))
        tab.go("index.html")
        with tab.page.expect_response("**/search/table-sv.js"):
            tab.page.locator("input[role=combobox]").press_sequentially("i")
        expect(tab.page.locator("[role=listbox]")).to_be_hidden()
        tab.page.unroute_all()
        tab.page.reload()
        assert typed(tab.page, "imatra")[0] == "Imatra"


def test_folding_agrees(chromium: Browser, static: str, shared: Path) -> None:
    """The page folds every name as the build does."""
    rows = (shared / "reference-data/wikidata-p190/nodes.tsv").read_text(encoding="utf-8").splitlines()
    names = [name for row in rows for name in row.split("\t")[1:3]]
    names += [name for pair in SAME for name in pair] + [
        *HOSTILE,
        "ẞ İI \u0131i ﬁ Å ǆ ΑΣ Σ Ω K",
        "a\u0301e",
        "\U00010428",
    ]
    names += [
        "".join(filter(_is_known, map(chr, range(start, start + 64)))) for start in range(0, 0x3100, 64)
    ]
    ours = [[folding.folded(name), folding.words(name), folding.joined_words(name)] for name in names]
    with browsing.opened(chromium, static) as tab:
        tab.go("index.html")
        theirs = tab.page.evaluate(
            """([tables, names]) => {
                const { folded, words, joinedWords } = twintownsSearch.folding(tables);
                return names.map((name) => [folded(name), words(name), joinedWords(name)]);
            }""",
            [folding.tables(), names],
        )
    assert [one for one in zip(names, ours, theirs, strict=True) if one[1] != one[2]] == []
    assert len(names) > 20_000


def _is_known(letter: str) -> bool:
    """Tell whether the Unicode of this Python knows a letter; browsers know later ones."""
    return unicodedata.category(letter) != "Cn"


@pytest.fixture(scope="module")
def in_parts(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Iterator[str]:
    """Return the address of a site in a subfolder whose index has many parts and hostile names."""
    root = tmp_path_factory.mktemp("hostile")
    for folder in ("data", "ontology", "shapes"):
        (root / folder).symlink_to(repository / folder)
    (root / "data").unlink()
    for path in sorted((repository / "data").rglob("*.ttl")):
        copy = root / path.relative_to(repository)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    place = root / "data/place/Q211020.ttl"
    names = "".join(f"    schema:alternateName {json.dumps(name)}@en ;\n" for name in HOSTILE)
    text = place.read_text(encoding="utf-8")
    place.write_text(text.replace("    schema:containedInPlace", f"{names}    schema:containedInPlace", 1))
    with pytest.MonkeyPatch.context() as patch, uncovered.work():
        patch.setattr(searchindex, "_PART_BYTES", 1500)
        outcome = build(Project(root), BuildOptions(root / "web/some/folder", 1))
    assert outcome.report is not None
    assert outcome.report.conforms, outcome.report
    assert len(list((root / "web/some/folder/search").glob("part-*.js"))) > 10
    with browsing.plainly_served(root / "web") as address:
        yield f"{address}some/folder/"


def test_hostile_names(chromium: Browser, in_parts: str) -> None:
    """Whatever a name says, it is shown as text and runs nothing."""
    with browsing.opened(chromium, in_parts) as tab:
        tab.go("en/index.html")
        title = tab.page.title()
        for text, name in zip(("img onerror", "script", "imatra u003c"), HOSTILE, strict=True):
            assert typed(tab.page, text)[0] == "Imatra"
            shown = tab.page.locator("[role=option] .found-as").first.text_content() or ""
            assert " ".join(shown.split()) == " ".join(name.split())
        tab.go(f"en/search.html?q={HOSTILE[0]}")
        expect(tab.page.locator("#search-results q")).to_have_text(HOSTILE[0])
        expect(tab.page.locator("#search-results li")).to_have_count(1)
        assert tab.page.locator("main img, main li script").count() == 0
        assert tab.page.title() != "broken" != title


def test_many_parts(chromium: Browser, in_parts: str) -> None:
    """In an index of many parts one letter needs one file, and frequent words find what has them all."""
    with browsing.opened(chromium, in_parts) as tab:
        tab.go("index.html")
        assert "Ludvika kommun" in typed(tab.page, "l")
        assert loaded(tab) == ["search/table-sv.js", "search/top-l.js"]
        assert typed(tab.page, "kommun lu")[0] == "Ludvika kommun"
        assert "Ludvika kommun" in typed(tab.page, "l k")
        assert typed(tab.page, "kommun sverige")
        assert typed(tab.page, "viljnadi")[0] == "Viljandi län"


def loaded(tab: Tab) -> list[str]:
    """Return the files of the index that were asked for."""
    return [address.removeprefix(tab.base) for address in tab.requests if "/search/" in address]
