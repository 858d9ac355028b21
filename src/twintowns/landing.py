"""What the landing page shows: the twinnings as cards, the story, the numbers, who publishes it.

Nothing of it grows with the publication: of what is many, a few are shown, and the rest is a click away.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from twintowns.collation import sort_key
from twintowns.contact import contact
from twintowns.countries import areas_of, code_of, country_of, flag_of
from twintowns.dating import modified
from twintowns.flags import Field, drawn
from twintowns.frame import Frame
from twintowns.graph import Graph, Node
from twintowns.iris import local_name
from twintowns.messages import date_text
from twintowns.pagevalues import Reader, Text, Value
from twintowns.vocabulary import DCTERMS, SCHEMA, STATUS, TT

CARDS: Final = 24
"""How many twinnings are shown."""
STORIES: Final = 4
"""How many articles are begun."""
_FIELDS: Final = 8
"""How many fields of cooperation are named of each twinning."""
_COUNTS = {
    "Twinnings": ("twinning", "twinnings"),
    "Places": ("place", "places"),
    "Organizations": ("organization", "organizations"),
    "Articles": ("article", "articles"),
    "Sources": ("source", "sources"),
}
"""What stands after the number of things of each kind."""


class Partner(NamedTuple):
    """A partner on a card.

    Attributes:
        name: What it is called.
        country: What its country is called, if that is known.
        flag: The flag of that as text.
        fields: The same drawn, where that is simple.
    """

    name: Text
    country: Text | None
    flag: str
    fields: tuple[Field, ...]


class Card(NamedTuple):
    """A twinning at a glance.

    Attributes:
        href: Where its page lies.
        partners: With whom it is; all partners, where the publisher's place is none of them.
        since: When it began, for machines and as readers write it; empty where it is not known.
        until: When it ended, in the same way.
        kind: Twinning, friendship, contact and so on.
        status: Whether it is planned or ended; none for one that is active.
        fields: What it is about.
    """

    href: str
    partners: tuple[Partner, ...]
    since: tuple[str, str]
    until: tuple[str, str]
    kind: tuple[Value, ...]
    status: tuple[Value, ...]
    fields: tuple[Value, ...]


class Story(NamedTuple):
    """The beginning of an article, and the way to all of it."""

    link: Value
    beginning: Text | None


class Landing:
    """Makes what the landing page shows.

    Args:
        frame: What the page is put into.
    """

    def __init__(self, frame: Frame) -> None:
        """Find the twinnings that are shown: those of the publisher's own place first."""
        self._frame = frame
        self._graph = frame.whole.graph
        self._home = _home(self._graph, frame.whole.names.catalogue)
        self._shown = self._first_twinnings()

    def shown(self, reader: Reader) -> dict[str, object]:
        """Return the values of the page in one language."""
        names = self._frame.whole.names
        changed = modified(self._frame.whole, names.catalogue)
        totals = {title: len(nodes) for title, nodes in self._frame.members.items()}
        return {
            "cards": self._cards(reader),
            "stories": [*self._stories(reader)],
            "totals": totals,
            "counted": _COUNTS,
            "contact": contact(self._graph, names.catalogue, reader.language),
            "changed": (changed, date_text(changed, reader.language)) if changed else (),
        }

    def _first_twinnings(self) -> list[NamedNode]:
        """Return as many twinnings as are shown: the publisher's own, those of its areas, then any."""
        ours = (
            twinning
            for area in self._home
            for predicate in (TT.partner, TT.participant)
            for twinning in self._graph.leading_to(area, predicate)
        )
        twinnings = self._frame.members.get("Twinnings", [])
        known = set(twinnings)
        found = dict.fromkeys(one for one in (*ours, *twinnings) if one in known)
        return [node for node in found if isinstance(node, NamedNode)][:CARDS]

    def _cards(self, reader: Reader) -> list[Card]:
        """Return the cards in the order in which a reader looks for the partners."""
        cards = [self._card(twinning, reader) for twinning in self._shown]
        return sorted(
            cards, key=lambda card: [sort_key(one.name.text, reader.language) for one in card.partners]
        )

    def _card(self, twinning: NamedNode, reader: Reader) -> Card:
        status = [one for one in self._graph.values(twinning, TT.status) if one != STATUS.active]
        link = self._frame.link(twinning, reader)
        return Card(
            link.href if link else "",
            tuple(self._partner(one, reader) for one in self._partners(twinning)),
            self._date(twinning, SCHEMA.startDate, reader),
            self._date(twinning, SCHEMA.endDate, reader),
            self._links(self._graph.values(twinning, TT.kind), reader),
            self._links(status, reader),
            self._links(self._graph.values(twinning, TT.field), reader)[:_FIELDS],
        )

    def _partners(self, twinning: NamedNode) -> list[NamedNode]:
        """Return those with whom the publisher's place is twinned, or all if it is not of them itself."""
        partners = [p for p in self._graph.values(twinning, TT.partner) if isinstance(p, NamedNode)]
        return [one for one in partners if one not in self._home] or partners

    def _partner(self, place: NamedNode, reader: Reader) -> Partner:
        country = country_of(self._graph, place)
        code = code_of(self._graph, country) if country else ""
        link, within = self._frame.link(place, reader), self._frame.link(country, reader)
        return Partner(
            link.label if link else Text(local_name(place.value)),
            within.label if within and country != place else None,
            flag_of(code),
            drawn(code),
        )

    def _date(self, twinning: NamedNode, predicate: NamedNode, reader: Reader) -> tuple[str, str]:
        dates = [d.value for d in self._graph.values(twinning, predicate) if isinstance(d, Literal)]
        return (min(dates), date_text(min(dates), reader.language)) if dates else ("", "")

    def _links(self, nodes: Iterable[object], reader: Reader) -> tuple[Value, ...]:
        links = (self._frame.link(node, reader) for node in nodes)
        shown = (link for link in links if link)
        return tuple(sorted(shown, key=lambda one: sort_key(one.label.text, reader.language)))

    def _stories(self, reader: Reader) -> Iterator[Story]:
        for article in self._frame.members.get("Articles", [])[:STORIES]:
            view = self._frame.view(article, reader)
            yield Story(view.link(article), next(iter(view.paragraphs), None))


def _home(graph: Graph, catalogue: Node) -> list[NamedNode]:
    """Return the place that the publisher is of, and the areas that it lies in, from the smallest upwards."""
    served = (place for one in graph.values(catalogue, DCTERMS.publisher) for place in _served(graph, one))
    return list(dict.fromkeys(area for place in served for area in areas_of(graph, place)))


def _served(graph: Graph, publisher: object) -> list[NamedNode]:
    if not isinstance(publisher, NamedNode):
        return []
    return [p for p in graph.values(publisher, SCHEMA.areaServed) if isinstance(p, NamedNode)]
