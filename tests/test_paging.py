"""Long lists in pages: nothing is lost, nothing stands twice, and each page leads to the next."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twintowns.pagevalues import Pager, Reader, Row, Section, Text, Value
from twintowns.paging import LONGEST, begun_at, cut, cut_sections, going_on, pager, pages_in, pages_of

READER = Reader("de", ("de", "en"), "de/place/Q1.html", "de/")


def _row(count: int) -> Row:
    return Row(Text("many"), tuple(Value(Text(str(number))) for number in range(count)))


@given(st.lists(st.integers(1, 350), max_size=4))
def test_nothing_is_lost(counts: list[int]) -> None:
    """All pages together show each value of each row once, in order, and none more than a hundred of one."""
    rows = [_row(count) for count in counts]
    shown = [cut(rows, number) for number in range(1, pages_of(rows) + 1)]
    assert all(len(row.values) <= LONGEST for page in shown for row in page)
    values = sorted((value.label.text for page in shown for row in page for value in row.values), key=int)
    assert values == sorted((value.label.text for row in rows for value in row.values), key=int)
    assert all(page for page in shown[1:])


def test_row_tells_its_place() -> None:
    """A row on a further page tells where among all it is."""
    (row,) = cut([_row(250), _row(3)], 3)
    assert (row.first, len(row.values), row.total) == (201, 50, 250)
    assert row.values[0].label.text == "200"


def test_sections() -> None:
    """The first page has every section, a further one those that go on."""
    sections = [Section(Text("long"), "", (_row(101),)), Section(Text("short"), "", (_row(1),))]
    assert [one.title.text for one in cut_sections(sections, 1)] == ["long", "short"]
    assert [one.title.text for one in cut_sections(sections, 2)] == ["long"]


def test_pages_of_nothing() -> None:
    """What is empty stands on one page."""
    assert pages_of([]) == pages_in(0) == 1


def test_pager() -> None:
    """A page leads to the first, the last, those around it, the one before and the one after."""
    told = pager(5, 9, lambda one: going_on("place/Q1", one), READER)
    assert [number for number, _ in told.links] == [1, 0, 3, 4, 5, 6, 7, 0, 9]
    assert dict(told.links)[1] == "../../de/place/Q1.html"
    assert told.previous == "../../de/place/Q1/page-4.html"
    assert told.following == "../../de/place/Q1/page-6.html"


@pytest.mark.parametrize(("number", "before", "after"), [(1, False, True), (2, True, False)])
def test_ends(number: int, before: bool, after: bool) -> None:  # noqa: FBT001 - expectations
    """The first page leads to none before it, the last to none after it."""
    told: Pager = pager(number, 2, lambda one: going_on("x", one), READER)
    assert (bool(told.previous), bool(told.following)) == (before, after)


def test_names() -> None:
    """From the file of a further page follows that of the first; other files are none."""
    assert begun_at(f"{going_on('a/b', 12)}.html") == "a/b.html"
    for other in ("a/b.html", "page-2.html", "a/page-x.html", "a/page-2.html.br"):
        assert begun_at(other) == ""
