"""What two sides say of one twinning: dates that agree, dates that do not, and which statement holds."""

import pytest
from pyoxigraph import Literal, RdfFormat, parse

from twintowns.twinstatements import Twinned, twinned
from twintowns.vocabulary import XSD
from twintowns.wikidata import Item, Statement, date_from, item_from


def year(value: int) -> Literal:
    """Return a year."""
    return Literal(str(value), datatype=XSD.gYear)


def sides(*of_first: Statement, of_second: tuple[Statement, ...] | None = ()) -> list[Twinned]:
    """Return the twinnings of two items; None for a second that was not read."""
    items = {"Q1": Item("Q1", statements=of_first)}
    if of_second is not None:
        items["Q2"] = Item("Q2", statements=of_second)
    return list(twinned(items, None))


def test_other_side_not_read() -> None:
    """Of a side that was not read nothing is claimed."""
    assert [one.is_one_sided for one in sides(Statement("Q2"), of_second=None)] == [False]
    assert [one.is_one_sided for one in sides(Statement("Q2"))] == [True]


def test_latest_statement_holds() -> None:
    """Of a twinning that ended and began again, the second holds; of two that ended, the later."""
    old, new = Statement("Q2", year(1950), year(1960), has_end=True), Statement("Q2", year(1990))
    [one] = sides(old, new, of_second=(Statement("Q1"),))
    assert (one.start, one.has_end) == (year(1990), False)
    later = Statement("Q2", year(1970), year(1980), has_end=True)
    [one] = sides(later, old, of_second=(Statement("Q1"),))
    assert (one.start, one.end) == (year(1970), year(1980))


def test_start_after_end() -> None:
    """A start that is after the end is not stated."""
    [one] = sides(Statement("Q2", year(1990), year(1980), has_start=True, has_end=True))
    assert (one.start, one.end) == (None, year(1980))


@pytest.mark.parametrize(
    ("time", "precision", "wanted"),
    [
        ("1995-02-18T00:00:00Z", 11, "1995-02-18"),
        ("+1995-02-18T00:00:00Z", 10, "1995-02"),
        ("1995-00-00T00:00:00Z", 11, "1995"),
        ("1995-02-00T00:00:00Z", 11, "1995-02"),
        ("1995-02-30T00:00:00Z", 11, None),
        ("1995-13-01T00:00:00Z", 10, None),
        ("1990-01-01T00:00:00Z", 8, None),
        ("0000-01-01T00:00:00Z", 9, None),
        ("-0044-03-15T00:00:00Z", 11, None),
    ],
)
def test_precision(time: str, precision: int, wanted: str | None) -> None:
    """A date is stated no more precisely than it is known, and not where there is no such day."""
    made = date_from(time, precision)
    assert (made and made.value) == wanted


def test_hostile_statements() -> None:
    """Of texts in the place of nodes, and dates without precision, no more is taken than is sure."""
    lines = """
    <http://www.wikidata.org/entity/Q1> <http://www.wikidata.org/prop/P190> "text", _:a .
    _:a <http://www.wikidata.org/prop/statement/P190> <http://www.wikidata.org/entity/Q2> ;
      <http://www.wikidata.org/prop/qualifier/P580> "1990-01-01T00:00:00Z" ;
      <http://www.wikidata.org/prop/qualifier/value/P580> "text", _:v ;
      <http://www.wikidata.org/prop/qualifier/P582> "1995-02-18T00:00:00Z" ;
      <http://www.w3.org/ns/prov#wasDerivedFrom> "text", _:r .
    _:v <http://wikiba.se/ontology#timePrecision> "many" .
    _:r <http://www.wikidata.org/prop/reference/P813> "text" .
    <http://www.wikidata.org/entity/Q1> <http://www.wikidata.org/prop/direct/P625> "Point(15 91)", "x" ;
      <http://www.wikidata.org/prop/direct/P31> <http://www.wikidata.org/entity/Q01>, <http://a.example/Q2> .
    """
    found = item_from("Q1", (quad.triple for quad in parse(lines, RdfFormat.TURTLE)))
    [statement] = found.statements
    assert statement.start is not None
    assert statement.end is not None
    assert (statement.start.value, statement.end.value) == ("1990", "1995-02-18")
    assert (statement.references, found.point, found.classes) == ((), None, frozenset())
