"""The search page: all names in the order of each alphabet, on as many pages as they need."""

import posixpath
from html.parser import HTMLParser
from pathlib import Path

import pytest

from twintowns import searchpages
from twintowns.findables import findables
from twintowns.frame import Frame
from twintowns.printing import read_sources
from twintowns.project import Project
from twintowns.searchpages import search_pages
from twintowns.vocabulary import W3ID


class Links(HTMLParser):
    """Gathers the links and headings of the main part of a page, below the way that leads to it."""

    def __init__(self, page: bytes) -> None:
        """Read a page."""
        super().__init__()
        self.hrefs: list[str] = []
        self.headings: list[str] = []
        self._inside = ""
        main = page.decode().partition("<main")[2].partition("</main>")[0]
        trail, _, rest = main.partition("</nav>")
        assert trail.count("<a") == 1
        self.feed(rest)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a link leads."""
        self._inside = tag
        if tag == "a":
            self.hrefs.append(dict(attrs)["href"] or "")

    def handle_data(self, data: str) -> None:
        """Note the text of a heading."""
        if self._inside == "h2" and data.strip():
            self.headings.append(data)


@pytest.fixture(scope="module")
def made(repository: Path) -> tuple[Frame, object]:
    """Return the frame of the first publication."""
    sources = read_sources(Project(repository))
    dataset = sources.dataset()
    return Frame(dataset, sources.publication), findables(dataset, sources.publication)


def pages_of(made: tuple[Frame, object]) -> dict[str, Links]:
    """Return the pages by their addresses."""
    frame, found = made
    return {path: Links(content) for path, content in search_pages(frame, found)}  # type: ignore[arg-type]


def test_one_page(made: tuple[Frame, object]) -> None:
    """Names that fit stand on the search page, under their letters, in each language; twinnings do not."""
    pages = pages_of(made)
    assert sorted(pages) == sorted(f"{folder}search.html" for folder in ("", "de/", "en/", "et/", "fi/"))
    assert pages["search.html"].headings[-1] == "Ä"
    assert pages["de/search.html"].headings == sorted(pages["de/search.html"].headings)
    hrefs = pages["search.html"].hrefs
    assert "place/Q211020.html" in [href.removeprefix("./") for href in hrefs]
    assert not [href for href in hrefs if href.startswith(("twinning/", "vocabulary/"))]


def test_names_of_several(made: tuple[Frame, object]) -> None:
    """Where several things bear a name, the page says what each of them is."""
    frame, found = made
    page = dict(search_pages(frame, found))["en/search.html"].decode()  # type: ignore[arg-type]
    assert page.count(">Ludvika Municipality</a> <span") == 2
    assert ">Imatra</a></li>" in page


def test_many_pages(made: tuple[Frame, object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Names that do not fit stand on pages of their own, to which the search page leads."""
    whole = pages_of(made)
    monkeypatch.setattr(searchpages, "LISTED", 20)
    pages = pages_of(made)
    parts = {path: page for path, page in pages.items() if path.startswith("de/search/names-")}
    assert _targets("de/search.html", pages["de/search.html"]) == list(parts)
    assert [target for path, part in parts.items() for target in _targets(path, part)] == _targets(
        "de/search.html", whole["de/search.html"]
    )


def _targets(address: str, page: Links) -> list[str]:
    """Return the files that the links of a page lead to."""
    return [posixpath.normpath(posixpath.join(posixpath.dirname(address), href)) for href in page.hrefs]


def test_vocabulary_by_itself() -> None:
    """At home, the documents of the vocabulary are what is listed."""
    sources = read_sources(Project(Path("/nowhere"), has_data=False))
    dataset = sources.dataset()
    frame = Frame(dataset, sources.publication)
    pages = pages_of((frame, findables(dataset, sources.publication)))
    assert "kind/contact.html" in pages["search.html"].hrefs
    assert dataset.names.space == W3ID
