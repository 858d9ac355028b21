"""What was added, changed and ended, as the data dates it: a feed for people who follow the publication.

An entry is one event of one thing. Its name stays the same as long as it is the same event, so that a
corrected year is no news of something else; what can happen again has its date in its name. The source:
https://www.rfc-editor.org/rfc/rfc4287 (Atom).
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from gettext import NullTranslations
from typing import Final, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from pyoxigraph import Literal, NamedNode

from twintowns.catalogue import Publication
from twintowns.dataset import Dataset
from twintowns.graph import Term
from twintowns.iris import local_name
from twintowns.messages import date_text, translations
from twintowns.vocabulary import DCTERMS, NAMES, SCHEMA, TT, XSD
from twintowns.xmltext import xml_text

ATOM: Final = "http://www.w3.org/2005/Atom"
FEED: Final = "feed.atom"
MOST_ENTRIES: Final = 100

_ONCE: Final = {
    SCHEMA.startDate: "start",
    SCHEMA.endDate: "end",
    SCHEMA.datePublished: "published",
    DCTERMS.issued: "issued",
}
_AGAIN: Final = {SCHEMA.dateModified: "changed", DCTERMS.modified: "modified", TT.retrievedOn: "retrieved"}
_DATES: Final = frozenset((XSD.date, XSD.gYearMonth, XSD.gYear))
_DATE: Final = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
_NEVER: Final = "1970-01-01T00:00:00Z"


class _Event(NamedTuple):
    """Something that the data dates.

    Attributes:
        moment: When, as a full date-time, for programs to sort by.
        date: When, as precise as it is known.
        thing: What it happened to.
        predicate: The property that dates it.
    """

    moment: str
    date: str
    thing: NamedNode
    predicate: NamedNode

    @property
    def iri(self) -> str:
        """The name of the event."""
        if self.predicate in _ONCE:
            return f"{self.thing.value}#event-{_ONCE[self.predicate]}"
        return f"{self.thing.value}#event-{_AGAIN[self.predicate]}-{self.date}"


def feed(dataset: Dataset, publication: Publication) -> bytes:
    """Return the feed of a publication in its main language: the newest events first.

    Args:
        dataset: What dates the events; what belongs to the vocabulary is no news here.
        publication: The languages, the main one of which is the feed's.
    """
    by_name = sorted(_events(dataset), key=lambda event: event.iri)
    events = sorted(by_name, key=lambda event: event.moment, reverse=True)[:MOST_ENTRIES]
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
    """Find what the data dates; where it tells two dates of one event, the newest holds."""
    for document in dataset.documents:
        if dataset.names.is_ours(document):
            for predicate in (*_ONCE, *_AGAIN):
                dates = ((_moment(value), value.value) for value in dataset.graph.values(document, predicate))
                moment, date = max(dates, default=("", ""))
                if moment:
                    yield _Event(moment, date, document, predicate)


def _moment(value: Term) -> str:
    """Return the first moment of a day, month or year that exists, or nothing."""
    if not isinstance(value, Literal) or value.datatype not in _DATES or not _DATE.fullmatch(value.value):
        return ""
    try:
        first = dt.date.fromisoformat(f"{value.value}-01-01"[:10])
    except ValueError:
        return ""
    return f"{first.isoformat()}T00:00:00Z"


def _head(dataset: Dataset, publication: Publication, events: Iterable[_Event]) -> Iterator[str]:
    """Tell of the feed itself: it is as new as the catalogue, or as its newest entry."""
    names = dataset.names
    modified = (_moment(value) for value in dataset.graph.values(names.catalogue, DCTERMS.modified))
    newest = max((event.moment for event in events), default=_NEVER)
    yield _element("id", f"{names.space}{FEED}")
    yield _element("title", _name(dataset, publication, names.catalogue))
    yield _element("updated", max(modified, default="") or newest)
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
    yield _element("title", _sentence(translations(main), event.predicate).format(name=name, date=date))
    yield _element("updated", event.moment)
    yield _link("alternate", page, "text/html")
    for predicate in (SCHEMA.description, DCTERMS.description):
        texts = _texts(dataset, event.thing, predicate)
        if main in texts:
            yield _element("summary", texts[main])
    yield "</entry>"


def _sentence(words: NullTranslations, predicate: NamedNode) -> str:
    """Return what is said of an event, with places for the name of the thing and the date."""
    if predicate == SCHEMA.startDate:
        return words.gettext("{name}: since {date}")
    if predicate == SCHEMA.endDate:
        return words.gettext("{name}: until {date}")
    if predicate == TT.retrievedOn:
        return words.gettext("{name}: retrieved {date}")
    if predicate in {SCHEMA.datePublished, DCTERMS.issued}:
        return words.gettext("{name}: published {date}")
    return words.gettext("{name}: last changed {date}")


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
