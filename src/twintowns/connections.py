"""Who is connected with whom, and where they lie: what maps and networks are drawn of.

Two places are connected by a twinning in which both are partners, or in which one is a partner and the other
takes part. A place is no connection of the area in which it lies.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from twintowns.dataset import Dataset
from twintowns.graph import Node
from twintowns.iris import local_name
from twintowns.projection import Position
from twintowns.vocabulary import NAMES, SCHEMA, STATUS, TT, A

_REMEMBERED: Final = 2**15
_DECIMAL: Final = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{0,30})?")
_YEAR: Final = re.compile(r"[0-9]{4}")
_HIGHEST: Final = (180, 90)
_OVER: Final = (STATUS.ended,)


class Spot(NamedTuple):
    """A place that is drawn.

    Attributes:
        place: Its IRI.
        names: What it is called.
        position: Where it lies, if that is known.
        country: The country in which it lies, if that is known.
        country_names: What that is called.
        has_page: Whether there is a page to lead to.
    """

    place: NamedNode
    names: tuple[Literal, ...]
    position: Position | None
    country: NamedNode | None
    country_names: tuple[Literal, ...]
    has_page: bool


class Terms(NamedTuple):
    """What is said of a twinning: when it began and ended, whether it is over, in which fields it is."""

    start: str
    end: str
    is_over: bool
    fields: tuple[NamedNode, ...]

    @property
    def year(self) -> str:
        """The year in which it began; empty where that is not known."""
        return self.start[:4] if _YEAR.match(self.start) else ""


class Connection(NamedTuple):
    """A way from a place to another.

    Attributes:
        twinning: By what they are connected.
        other: The other place.
        takes_part: Whether one of them is no partner, but takes part.
    """

    twinning: NamedNode
    other: NamedNode
    takes_part: bool


class Connections:
    """Reads connections from a dataset; asking again soon is quick.

    Args:
        dataset: What to read.
    """

    def __init__(self, dataset: Dataset) -> None:
        """Remember nothing yet."""
        self.dataset = dataset
        self._graph = dataset.graph
        self.of = lru_cache(_REMEMBERED)(self._of)
        self.partners_of = lru_cache(_REMEMBERED)(self._partners_of)
        self.spot = lru_cache(_REMEMBERED)(self._spot)

    def partners(self, twinning: Node) -> list[NamedNode]:
        """Return the partners of a twinning."""
        return self._things(twinning, TT.partner)

    def participants(self, twinning: Node) -> list[NamedNode]:
        """Return the places that take part in a twinning."""
        return self._things(twinning, TT.participant)

    def terms(self, twinning: Node) -> Terms:
        """Return what is said of a twinning."""
        told = self._graph.by_predicate(twinning)

        def texts(predicate: NamedNode) -> Iterator[str]:
            return (t.object.value for t in told.get(predicate, ()) if isinstance(t.object, Literal))

        return Terms(
            next(texts(SCHEMA.startDate), ""),
            next(texts(SCHEMA.endDate), ""),
            any(t.object in _OVER for t in told.get(TT.status, ())),
            tuple(t.object for t in told.get(TT.field, ()) if isinstance(t.object, NamedNode)),
        )

    def twinnings(self, place: Node) -> dict[NamedNode, bool]:
        """Return the twinnings of a place, and whether it is a partner in each."""
        found: dict[NamedNode, bool] = {}
        for triple in self._graph.pointing_at(place):
            if isinstance(triple.subject, NamedNode) and triple.predicate in (TT.partner, TT.participant):
                found[triple.subject] = triple.predicate == TT.partner or found.get(triple.subject, False)
        return found

    def _of(self, place: NamedNode) -> tuple[Connection, ...]:
        """Return the connections of a place, each other place once a twinning, partners first."""
        around = self.areas(place)
        direct: list[Connection] = []
        through: list[Connection] = []
        for twinning, is_partner in self.twinnings(place).items():
            others = [other for other in self.partners(twinning) if other != place]
            if is_partner:
                direct += [Connection(twinning, other, takes_part=False) for other in others]
                there = [p for p in self.participants(twinning) if p != place and p not in others]
                through += [
                    Connection(twinning, p, takes_part=True) for p in there if place not in self.areas(p)
                ]
            else:
                through += [Connection(twinning, p, takes_part=True) for p in others if p not in around]
        return (*direct, *through)

    def _partners_of(self, place: NamedNode) -> tuple[NamedNode, ...]:
        """Return the other partners in the twinnings of a place, each once."""
        return tuple(dict.fromkeys(one.other for one in self.of(place) if not one.takes_part))

    def areas(self, place: Node) -> dict[Node, None]:
        """Return the areas in which a place lies, the smallest first, and however those are stated."""
        found: dict[Node, None] = {}
        waiting: list[Node] = [place]
        for node in waiting:
            for area in self._things(node, SCHEMA.containedInPlace):
                if area not in found:
                    found[area] = None
                    waiting.append(area)
        return found

    def below(self, area: Node) -> set[Node]:
        """Return an area and the places that lie in it."""
        found: set[Node] = {area}
        waiting = [area]
        for node in waiting:
            for inside in self._graph.leading_to(node, SCHEMA.containedInPlace):
                if inside not in found:
                    found.add(inside)
                    waiting.append(inside)
        return found

    def _spot(self, place: NamedNode) -> Spot:
        countries = [area for area in (place, *self.areas(place)) if self.is_country(area)]
        country = countries[-1] if countries and isinstance(countries[-1], NamedNode) else None
        return Spot(
            place,
            self._names(place),
            self._position(place),
            country,
            self._names(country) if country else (),
            place in self.dataset.documents,
        )

    def is_country(self, node: Node) -> bool:
        """Tell whether a place is stated to be a country."""
        return SCHEMA.Country in self._graph.values(node, A)

    def _names(self, node: Node) -> tuple[Literal, ...]:
        told = self._graph.by_predicate(node)
        for predicate in NAMES:
            named = [t.object for t in told.get(predicate, ()) if isinstance(t.object, Literal)]
            if named:
                return tuple(named)
        return ()

    def _position(self, place: Node) -> Position | None:
        """Return where a place lies, if that is on the earth."""
        for geo in self._things(place, SCHEMA.geo):
            told = [self._graph.value(geo, p) for p in (SCHEMA.longitude, SCHEMA.latitude)]
            texts = [
                term.value for term in told if isinstance(term, Literal) and _DECIMAL.fullmatch(term.value)
            ]
            if len(texts) == len(_HIGHEST):
                longitude, latitude = map(float, texts)
                if abs(longitude) <= _HIGHEST[0] and abs(latitude) <= _HIGHEST[1]:
                    return longitude, latitude
        return None

    def _things(self, node: Node, predicate: NamedNode) -> list[NamedNode]:
        return [value for value in self._graph.values(node, predicate) if isinstance(value, NamedNode)]


def best_name(names: Iterable[Literal], languages: Iterable[str], otherwise: str) -> tuple[str, str]:
    """Return the name in the first language that there is one in, and its language.

    Args:
        names: What a thing is called.
        languages: What is looked for, in this order.
        otherwise: The IRI, whose last part it is called by if it has no name.

    >>> best_name([Literal("Lake", language="en"), Literal("Sjö", language="sv")], ["sv"], "")
    ('Sjö', 'sv')
    """
    by_language = {name.language or "": name.value for name in names}
    for language in (*languages, *sorted(by_language)):
        if language in by_language:
            return by_language[language], language
    return local_name(otherwise), ""
