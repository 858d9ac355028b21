"""When the publication said something: the dates that it states of what it wrote itself.

A source's dates tell when other people changed their page, a twinning's when two towns agreed; neither is a
date of this publication, and nor is the clock's. Where a thing has no date of its own, the catalogue's holds
for it. Dates are full ones, as https://www.w3.org/TR/xmlschema11-2/#date writes them, without a time zone.
"""

import datetime as dt
import re
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from twintowns.dataset import Dataset
from twintowns.graph import Node
from twintowns.vocabulary import AS, DCTERMS, SCHEMA, TT, XSD, A
from twintowns.writtendates import DATE

_FULL: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Period(NamedTuple):
    """The time that a publication tells of; an end that is open is none."""

    start: Literal | None
    end: Literal | None


def period(dataset: Dataset) -> Period:
    """Return the time that a publication tells of: from the first start that it dates to the last change.

    Of the time before, it says of nothing when it was. Where no twinning has a start that is known, the
    start is open; where there are no twinnings, the publication's own issue is the start.
    """
    twinnings = dataset.graph.instances(TT.Twinning)
    started = [_dates(dataset, one, SCHEMA.startDate) for one in twinnings]
    issue, change = (_dates(dataset, dataset.names.catalogue, p) for p in (DCTERMS.issued, DCTERMS.modified))
    starts = [date for dates in started for date in dates]
    first = min(starts if started else issue, key=lambda date: date.value, default=None)
    return Period(first, max(change, key=lambda date: date.value, default=None))


def modified(dataset: Dataset, thing: NamedNode) -> str:
    """Return the day on which the publication last changed what it says of a thing, or nothing."""
    return _newest(dataset, thing, DCTERMS.modified, SCHEMA.dateModified)


def issued(dataset: Dataset, thing: NamedNode) -> str:
    """Return the day on which the publication first said something of a thing, or nothing."""
    return _newest(dataset, thing, DCTERMS.issued, SCHEMA.datePublished)


def withdrawn(dataset: Dataset, thing: NamedNode) -> str:
    """Return the day on which the publication withdrew a thing, or nothing."""
    moments = (v.value for v in dataset.graph.values(thing, AS.deleted) if isinstance(v, Literal))
    return max((full_date(moment.partition("T")[0]) for moment in moments), default="")


def full_date(text: str) -> str:
    """Return the text if it is a date that exists, told to the day, else nothing.

    >>> full_date("2026-02-28"), full_date("2026-02-30"), full_date("2026")
    ('2026-02-28', '', '')
    """
    if not _FULL.fullmatch(text):
        return ""
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _dates(dataset: Dataset, node: Node, predicate: NamedNode) -> list[Literal]:
    """Return the values of a property that are written as dates, as precise as they are."""
    values = dataset.graph.values(node, predicate)
    return [value for value in values if isinstance(value, Literal) and DATE.fullmatch(value.value)]


def _newest(dataset: Dataset, thing: NamedNode, predicate: NamedNode, of_article: NamedNode) -> str:
    """Return the newest date stated; schema.org's dates count for an article alone, which is our own."""
    values = dataset.graph.values(thing, predicate)
    if SCHEMA.Article in dataset.graph.values(thing, A):
        values = [*values, *dataset.graph.values(thing, of_article)]
    dates = (v.value for v in values if isinstance(v, Literal) and v.datatype == XSD.date)
    return max(map(full_date, dates), default="")
