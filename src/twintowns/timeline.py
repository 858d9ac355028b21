"""What happened when: the dates that a document states, and those of the twinnings that lead to it."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from twintowns.collation import sort_key
from twintowns.description import DATED, Description
from twintowns.graph import Node
from twintowns.messages import date_text
from twintowns.pagevalues import Reader, Value
from twintowns.views import View
from twintowns.vocabulary import AS, DCTERMS, SCHEMA, TT
from twintowns.writtendates import DATE

_EVENTS = {
    SCHEMA.startDate: "Beginning",
    SCHEMA.endDate: "End",
    DCTERMS.created: "Created",
    SCHEMA.datePublished: "Published",
    SCHEMA.dateModified: "Last changed",
    DCTERMS.issued: "Published",
    DCTERMS.modified: "Last changed",
    TT.retrievedOn: "Read",
    AS.deleted: "Withdrawn",
}
"""What happened on the date of a property, as a message identifier; in this order where it was on one day."""
_OF_DATA: Final = frozenset((DCTERMS.created, DCTERMS.issued, DCTERMS.modified))
"""What happened to the data, not to what it is about: by itself it is no story, and the facts tell it."""
_MOST: Final = 50
"""How many events are shown: those of the longest list are found through by the list itself."""


class Event(NamedTuple):
    """Something that happened.

    Attributes:
        date: When, as precisely as it is known, for machines.
        when: The same as readers write it.
        what: What, in the reader's words.
        of: To which other thing it happened, with the way there.
    """

    date: str
    when: str
    what: str
    of: Value | None = None


def timeline(description: Description, view: View, reader: Reader) -> list[Event]:
    """Return what happened, the earliest first.

    Nothing is told where it is one date, or only when the data was made and changed: the facts tell that.
    """
    own = list(_own(description, reader))
    others = list(_twinnings(description, view, reader))
    is_told = others or (len(own) > 1 and any(predicate not in _OF_DATA for predicate, _ in own))
    events = [*(event for _, event in own), *others] if is_told else []
    return sorted(
        events, key=lambda one: (one.date, sort_key(one.of.label.text if one.of else "", reader.language))
    )[:_MOST]


def _own(description: Description, reader: Reader) -> Iterator[tuple[NamedNode, Event]]:
    """Go through what happened to the document itself, with the property that states it."""
    for predicate in _EVENTS:
        for date, when in _dates(description, description.document, predicate, reader):
            yield predicate, Event(date, when, _what(predicate, reader))


def _twinnings(description: Description, view: View, reader: Reader) -> Iterator[Event]:
    leading = (t.subject for t in description.incoming if t.predicate in DATED)
    for node in dict.fromkeys(one for one in leading if isinstance(one, NamedNode)):
        for predicate in (SCHEMA.startDate, SCHEMA.endDate):
            for date, when in _dates(description, node, predicate, reader):
                yield Event(date, when, _what(predicate, reader), view.link(node))


def _dates(
    description: Description, node: Node, predicate: NamedNode, reader: Reader
) -> Iterator[tuple[str, str]]:
    """Go through the dates that are stated, for machines and as readers write them."""
    for value in description.graph.values(node, predicate):
        if isinstance(value, Literal) and DATE.fullmatch(date := value.value.partition("T")[0]):
            yield date, date_text(date, reader.language)


def _what(predicate: NamedNode, reader: Reader) -> str:
    return reader.translated(_EVENTS[predicate])
