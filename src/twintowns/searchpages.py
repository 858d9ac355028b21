"""The page that a search leads to: what is found, by JavaScript, and in any case all names in their order.

Where the names are too many for one page, they stand on pages of their own, and the search page leads to
each by its first and last name. Twinnings are left out: each bears the names of its partners, whose pages
lead to it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from twintowns.collation import initial, letters_of
from twintowns.findables import Findable, Findables, is_twinning
from twintowns.frame import Frame
from twintowns.iris import relative
from twintowns.pagevalues import Reader, Text

PAGE: Final = "search"
"""Where the search page lies in the folder of a language, without a suffix."""

LISTED: Final = 500
"""How many names stand on one page."""


class _Link(NamedTuple):
    label: Text
    href: str
    order: str
    kind: str


def search_pages(frame: Frame, found: Findables) -> Iterator[tuple[str, bytes]]:
    """Print the search page, and those of the names, in each language.

    Args:
        frame: The frame of every page.
        found: What can be found.
    """
    listed = [thing for thing in found.things if _is_listed(frame, thing)]
    pages = range(0, len(listed), LISTED)
    paths = [PAGE] if len(pages) < 2 else [f"{PAGE}/names-{n}" for n, _ in enumerate(pages, 1)]  # noqa: PLR2004 - more than one
    for language in frame.publication.languages:
        ordered = _ordered(frame, found, listed, language)
        parts = [ordered[start : start + LISTED] for start in pages]
        if len(parts) > 1:
            yield _front_page(frame, language, list(zip(paths, parts, strict=True)))
        for path, part in zip(paths, parts or [[]], strict=True):
            yield _page_of_names(frame, language, path, part)


def _is_listed(frame: Frame, thing: Findable) -> bool:
    if is_twinning(thing) or "#" in thing.path:
        return False
    folder = frame.dataset.names.vocabulary_folder
    return folder == "" or not thing.path.startswith(folder)


def _ordered(frame: Frame, found: Findables, things: Sequence[Findable], language: str) -> list[_Link]:
    """Return the names in the order of the alphabet, and where they lead; one of several says of what."""
    languages = frame.fallbacks(language)
    names = [thing.name_in(languages) for thing in things]
    bearers = Counter(name.text for name in names)
    links = []
    for thing, name in zip(things, names, strict=True):
        own = next((tag for tag in languages if tag in name.languages), "")
        label = Text(name.text, "" if own == language else own)
        order = letters_of(name.text, language)
        kind = found.kind_name(thing.kind, languages) if bearers[name.text] > 1 else ""
        links.append(_Link(label, f"{frame.folder(language)}{thing.path}.html", order, kind))
    return sorted(links, key=lambda link: (link.order, link.label.text, link.href))


def _front_page(
    frame: Frame, language: str, parts: Sequence[tuple[str, Sequence[_Link]]]
) -> tuple[str, bytes]:
    """Print the page that leads to the pages of names."""
    reader = frame.reader(language, PAGE)
    ranges = [
        (part[0].label, part[-1].label, relative(f"{reader.folder}{path}.html", reader.page))
        for path, part in parts
    ]
    return _printed(frame, reader, PAGE, {"letters": [], "ranges": ranges, "is_part": False})


def _page_of_names(frame: Frame, language: str, path: str, part: Sequence[_Link]) -> tuple[str, bytes]:
    """Print a page of names, under the letters that they begin with."""
    reader = frame.reader(language, path)
    links = [link._replace(href=relative(link.href, reader.page)) for link in part]
    letters = [
        (letter, list(under))
        for letter, under in groupby(links, key=lambda link: initial(link.order, language))
    ]
    return _printed(frame, reader, path, {"letters": letters, "ranges": [], "is_part": path != PAGE})


def _printed(frame: Frame, reader: Reader, path: str, shown: dict[str, object]) -> tuple[str, bytes]:
    lead = Text(reader.translated("All names in alphabetical order."))
    title = reader.translated("Search")
    iri = frame.publication.address(frame.publication.main_language, path)
    told = {**frame.head(reader, path, iri, [lead]), "lead": lead, "title": title, **shown}
    return frame.printed("search.html", reader, path, told)
