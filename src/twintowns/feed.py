"""What was added, changed and ended: a feed for people who follow the publication.

An entry is one event of one thing, and is dated by when the publication said so, as the thing itself or else
the catalogue states it; when two towns agreed is told in the title. The name of an entry stays the same as
long as it is the same event, so that a corrected year is no news of something else; what can happen again
has its date in its name. The source: https://www.rfc-editor.org/rfc/rfc4287 (Atom).
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from gettext import NullTranslations
from typing import Final, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from pyoxigraph import Literal, NamedNode

from twintowns.catalogue import Publication
from twintowns.dataset import Dataset
from twintowns.dating import issued, modified, withdrawn
from twintowns.graph import Term
from twintowns.iris import local_name
from twintowns.messages import date_text, translations
from twintowns.vocabulary import DCTERMS, NAMES, SCHEMA, STATUS, TT, XSD, A
from twintowns.writtendates import DATE
from twintowns.xmltext import xml_text

ATOM: Final = "http://www.w3.org/2005/Atom"
FEED: Final = "feed.atom"
MOST_ENTRIES: Final = 100

_NEWS: Final = (TT.Twinning, SCHEMA.Article)
"""What is news as soon as it is there; of other things the day on which they came must be stated."""
_DATES: Final = frozenset((XSD.date, XSD.gYearMonth, XSD.gYear))
_NEVER: Final = "1970-01-01"


class _Event(NamedTuple):
    """Something that the publication tells of a thing.

    Attributes:
        kind: What happened: `added`, `end`, `issued`, `modified` or `withdrawn`.
        thing: What it happened to.
        told: The day on which the publication said so.
        date: When it happened, as precise as it is known; empty where that is not stated.
        first: The day on which the publication first said so, where that is known.
    """

    kind: str
    thing: NamedNode
    told: str
    date: str = ""
    first: str = ""

    @property
    def iri(self) -> str:
        """The name of the event."""
        again = f"-{self.told}" if self.kind == "modified" else ""
        return f"{self.thing.value}#event-{self.kind}{again}"

    @property
    def newness(self) -> tuple[str, str]:
        """What is greater the newer the event is: when it was told, then when it happened."""
        return self.told, _first_day(self.date)


def feed(dataset: Dataset, publication: Publication) -> bytes:
    """Return the feed of a publication in its main language: the newest events first.

    Args:
        dataset: What the events happened to; what belongs to the vocabulary is no news here.
        publication: The languages, the main one of which is the feed's.
    """
    by_name = sorted(_events(dataset), key=lambda event: event.iri)
    events = sorted(by_name, key=lambda event: event.newness, reverse=True)[:MOST_ENTRIES]
    main = publication.main_language
    entries = (_entry(dataset, publication, event) for event in events)
    lines = (
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<feed xmlns={quoteattr(ATOM)} xml:lang={quoteattr(main)}>",
        *_head(dataset, publication, events),
        *(line for entry in entries for line in entry),
        "</feed>\n",
    )
    return "\n".join(lines).encode()


def _events(dataset: Dataset) -> Iterator[_Event]:
    """Find what happened; what nothing dates, not even the catalogue, is left out."""
    catalogue = dataset.names.catalogue
    first, last = issued(dataset, catalogue), modified(dataset, catalogue)
    if first:
        yield _Event("issued", catalogue, first, first, first)
    if last and last != first:
        yield _Event("modified", catalogue, last, last, last)
    for document in dataset.documents:
        if dataset.names.is_ours(document) and document != catalogue:
            yield from _events_of(dataset, document, first, last or first)


def _events_of(dataset: Dataset, thing: NamedNode, first: str, last: str) -> Iterator[_Event]:
    """Find what happened to a thing.

    Args:
        dataset: The dataset.
        thing: The thing.
        first: When the publication was issued.
        last: When it was last changed.
    """
    if gone := withdrawn(dataset, thing):
        yield _Event("withdrawn", thing, gone, gone)
        return
    own_first, own_last = issued(dataset, thing), modified(dataset, thing)
    told = own_first or own_last or last
    classes = dataset.graph.values(thing, A)
    is_added = told and (own_first or any(one in classes for one in _NEWS))
    if is_added:
        date = _date(dataset.graph.values(thing, SCHEMA.startDate))
        yield _Event("added", thing, told, date, min(own_first or first, told))
    if own_last and not (is_added and own_last == told):
        yield _Event("modified", thing, own_last, own_last, own_last)
    end, told = _date(dataset.graph.values(thing, SCHEMA.endDate)), own_last or last
    has_ended = STATUS.ended in dataset.graph.values(thing, TT.status) or (end and end < told[: len(end)])
    if told and has_ended:
        yield _Event("end", thing, told, end)


def _date(values: Iterable[Term]) -> str:
    """Return the newest day, month or year that exists, as it is written, or nothing."""
    dates = (v.value for v in values if isinstance(v, Literal) and v.datatype in _DATES)
    return max((date for date in dates if _first_day(date)), default="")


def _first_day(date: str) -> str:
    """Return the first day of a day, month or year that exists, or nothing."""
    if not DATE.fullmatch(date):
        return ""
    try:
        return dt.date.fromisoformat(f"{date}-01-01"[:10]).isoformat()
    except ValueError:
        return ""


def _moment(day: str) -> str:
    return f"{day}T00:00:00Z"


def _head(dataset: Dataset, publication: Publication, events: Iterable[_Event]) -> Iterator[str]:
    """Tell of the feed itself: it is as new as its newest entry."""
    names = dataset.names
    newest = max((event.told for event in events), default=_NEVER)
    yield _element("id", f"{names.space}{FEED}")
    yield _element("title", _name(dataset, publication, names.catalogue))
    yield _element("updated", _moment(newest))
    yield _link("self", f"{names.space}{FEED}", "application/atom+xml")
    yield _link("alternate", names.space, "text/html")
    yield from _author(dataset, publication)


def _author(dataset: Dataset, publication: Publication) -> Iterator[str]:
    """Name the publisher; without one the catalogue stands for it, since a feed must have an author."""
    publishers = dataset.graph.values(dataset.names.catalogue, DCTERMS.publisher)
    author = next((p for p in publishers if isinstance(p, NamedNode)), dataset.names.catalogue)
    yield "<author>"
    yield _element("name", _name(dataset, publication, author))
    yield _element("uri", author.value)
    yield "</author>"


def _entry(dataset: Dataset, publication: Publication, event: _Event) -> Iterator[str]:
    main = publication.main_language
    date, name = date_text(event.date, main), _name(dataset, publication, event.thing)
    page = f"{dataset.names.space}{dataset.names.path_of(event.thing)}.html"
    yield "<entry>"
    yield _element("id", event.iri)
    yield _element("title", _sentence(translations(main), event).format(name=name, date=date))
    yield _element("updated", _moment(event.told))
    if event.first:
        yield _element("published", _moment(event.first))
    yield _link("alternate", page, "text/html")
    for predicate in (SCHEMA.description, DCTERMS.description):
        texts = _texts(dataset, event.thing, predicate)
        if main in texts:
            yield _element("summary", texts[main])
    yield "</entry>"


def _sentence(words: NullTranslations, event: _Event) -> str:
    """Return what is said of an event, with places for the name of the thing and the date."""
    match event.kind:
        case "added" if event.date:
            return words.gettext("Added: {name} (since {date})")
        case "added":
            return words.gettext("Added: {name}")
        case "end":
            dated = words.gettext("Ended: {name} ({date})")
            return dated if event.date else words.gettext("Ended: {name}")
        case "issued":
            return words.gettext("Published: {name} ({date})")
        case "withdrawn":
            return words.gettext("Withdrawn: {name} ({date})")
        case _:
            return words.gettext("Changed: {name} ({date})")


def _name(dataset: Dataset, publication: Publication, thing: NamedNode) -> str:
    """Return what a thing is called in the main language, or the nearest to it."""
    for predicate in NAMES:
        if texts := _texts(dataset, thing, predicate):
            wanted = (*publication.languages, "en", *sorted(texts))
            return texts[next(language for language in wanted if language in texts)]
    return local_name(thing.value)


def _texts(dataset: Dataset, thing: NamedNode, predicate: NamedNode) -> dict[str, str]:
    values = dataset.graph.values(thing, predicate)
    return {value.language or "": value.value for value in values if isinstance(value, Literal)}


def _element(name: str, text: str) -> str:
    return f"<{name}>{_written(text)}</{name}>"


def _link(relation: str, address: str, media_type: str) -> str:
    return f'<link rel="{relation}" type="{media_type}" href={quoteattr(address)}/>'


def _written(text: str) -> str:
    """Return a text for XML, with a mark in place of what XML cannot hold."""
    return escape(xml_text(text), {"\r": "&#13;"})
