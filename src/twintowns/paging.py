"""Long lists in pages: a hundred values on each, and the way from one to the next.

A list is divided by the order of its values, so its pages keep their addresses while it grows. What a page
shows of one document goes on at `<document>/page-2`, `page-3` and so on.
"""

import re
from collections.abc import Callable, Iterable
from typing import Final

from twintowns.iris import relative
from twintowns.pagevalues import Pager, Reader, Row, Section

LONGEST: Final = 100
"""How many values of one property, or entries of one list, stand on a page."""

_AROUND: Final = 2
"""How many pages before and after a page it leads to."""
_GOING_ON: Final = re.compile(r"(.+)/page-[0-9]+\.html")


def pages_in(count: int) -> int:
    """Return in how many pages so many values stand.

    >>> [pages_in(count) for count in (0, 100, 101)]
    [1, 1, 2]
    """
    return max(1, -(-count // LONGEST))


def going_on(path: str, number: int) -> str:
    """Return where a page of a document lies, without a suffix.

    >>> going_on("place/Q183", 1), going_on("place/Q183", 2)
    ('place/Q183', 'place/Q183/page-2')
    """
    return path if number == 1 else f"{path}/page-{number}"


def begun_at(file: str) -> str:
    """Return the file of the page that another goes on, or nothing where that is no such page.

    >>> begun_at("de/place/Q183/page-2.html"), begun_at("place/Q183.html")
    ('de/place/Q183.html', '')
    """
    match = _GOING_ON.fullmatch(file)
    return f"{match[1]}.html" if match else ""


def goings_on(files: Iterable[str]) -> dict[str, list[str]]:
    """Return those of very many files that go on a page, by the file of the page.

    >>> goings_on(["place/Q183.html", "place/Q183/page-2.html", "x/page-2.ttl"])
    {'place/Q183.html': ['place/Q183/page-2.html']}
    """
    found: dict[str, list[str]] = {}
    for file in files:
        if "/page-" in file and (begun := begun_at(file)):
            found.setdefault(begun, []).append(file)
    return found


def pager(number: int, total: int, address: Callable[[int], str], reader: Reader) -> Pager:
    """Return the way from one page of a list to the others.

    Args:
        number: The number of the page.
        total: How many there are.
        address: Returns where a page lies in the folder of the language, without suffix.
        reader: Who reads.
    """

    def link(one: int) -> str:
        return relative(f"{reader.folder}{address(one)}.html", reader.page) if 1 <= one <= total else ""

    near = range(max(1, number - _AROUND), min(total, number + _AROUND) + 1)
    shown = sorted({1, *near, total})
    told: list[tuple[int, str]] = []
    for before, one in zip([0, *shown], shown, strict=False):
        if one - before > 1:
            told.append((0, ""))
        told.append((one, link(one)))
    return Pager(number, total, tuple(told), link(number - 1), link(number + 1))


def pages_of(rows: Iterable[Row]) -> int:
    """Return in how many pages the longest of some rows stands."""
    return max((pages_in(len(row.values)) for row in rows), default=1)


def cut(rows: Iterable[Row], number: int) -> tuple[Row, ...]:
    """Return what of some rows stands on a page of a document; those that end before it are left out."""
    start = (number - 1) * LONGEST
    return tuple(
        row._replace(values=row.values[start : start + LONGEST], total=len(row.values), first=start + 1)
        for row in rows
        if len(row.values) > start
    )


def cut_sections(sections: Iterable[Section], number: int) -> tuple[Section, ...]:
    """Return what of some sections stands on a page of a document; the first has all of their headings."""
    told = (section._replace(rows=cut(section.rows, number)) for section in sections)
    return tuple(section for section in told if number == 1 or section.rows)
