"""The drawings of a page in the reader's language: map, network, and the table that says the same.

What they show is a `scene`; the words come from the message catalogues and the places' own names.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from twintowns.collation import sort_key
from twintowns.connections import Connections, Spot, best_name
from twintowns.dataset import Dataset
from twintowns.graph import Node
from twintowns.iris import local_name, relative
from twintowns.mapdrawing import MapDrawing, map_of
from twintowns.messages import date_text, number_text
from twintowns.networkdrawing import NetworkDrawing, circle_of, network_of, renumbered, shortened
from twintowns.pagevalues import Reader, Text, Value
from twintowns.projection import distance_km
from twintowns.scenes import Link, Scene, centre_of, scene_of, scene_of_all
from twintowns.vocabulary import NAMES

SCRIPT: Final = "assets/map.js"
"""What lets readers move, zoom and filter drawings."""
_REMEMBERED: Final = 2**13


class Row(NamedTuple):
    """A connection in the table.

    Attributes:
        places: The place at the other end; both where the page is about neither.
        countries: The countries in which these lie.
        country_keys: By what those can be chosen.
        distance: How far the places are apart, in kilometres, as the reader writes it.
        since: When it began, and when it ended.
        year: The year in which it began.
        fields: The fields of cooperation.
        field_keys: By what those can be chosen.
        takes_part: Whether one of the places is no partner.
        is_over: Whether it has ended.
    """

    places: tuple[Value, ...]
    countries: tuple[Text, ...]
    country_keys: tuple[str, ...]
    distance: str
    since: str
    year: str
    fields: tuple[Text, ...]
    field_keys: tuple[str, ...]
    takes_part: bool
    is_over: bool


class Mark(NamedTuple):
    """What a place is called and where it leads, for its point in a drawing."""

    label: Text
    told: str
    href: str
    short: str


class Choices(NamedTuple):
    """What the connections can be filtered by; nothing where there is but one value."""

    fields: tuple[tuple[str, Text], ...]
    countries: tuple[tuple[str, Text], ...]
    years: tuple[str, str] | None

    @property
    def are_there(self) -> bool:
        """Whether there is anything to be chosen."""
        return bool(self.fields or self.countries or self.years)


class Drawings(NamedTuple):
    """What a page draws.

    Attributes:
        scene: What they show.
        marks: What its spots are called.
        rows: Its connections.
        choices: What these can be filtered by.
        map: The map, where it is known where the places lie.
        network: The network, where there is one.
        around: What the spots of the network are called.
        centre: The place in the middle of the network; nothing where it is a circle.
    """

    scene: Scene
    marks: tuple[Mark, ...]
    rows: tuple[Row, ...]
    choices: Choices
    map: MapDrawing | None
    network: NetworkDrawing | None
    around: tuple[Mark, ...]
    centre: Mark | None


class Studio:
    """Draws for the pages of one dataset.

    Args:
        dataset: What to draw of.
    """

    def __init__(self, dataset: Dataset) -> None:
        """Remember nothing yet."""
        self.dataset = dataset
        self._connections = Connections(dataset)
        self._last: tuple[NamedNode, Scene | None] | None = None
        self._named: dict[tuple[NamedNode, tuple[str, ...]], Text] = {}

    def of_document(self, document: NamedNode, reader: Reader) -> Drawings | None:
        """Return what the page of a document draws, if it draws anything."""
        if self._last is None or self._last[0] != document:
            self._last = (document, scene_of(self._connections, document))
        scene = self._last[1]
        return self._drawn(scene, reader, scene if scene.home else None) if scene else None

    def of_all(self, reader: Reader) -> Drawings | None:
        """Return what the landing page draws, if it draws anything."""
        if not self._whole.links:
            return None
        return self._drawn(self._whole, reader, self._central)

    @cached_property
    def _whole(self) -> Scene:
        return scene_of_all(self._connections)

    @cached_property
    def _central(self) -> Scene | None:
        """The scene of the place around which the whole network can be drawn."""
        centre = centre_of(self._connections, self._whole)
        return scene_of(self._connections, centre) if centre else None

    def _drawn(self, scene: Scene, reader: Reader, around: Scene | None) -> Drawings:
        marks, is_whole = self._marks(scene, reader), scene is self._whole
        if around is scene:
            scene = around = _in_order(scene, marks, reader.language)
        else:
            scene = _in_order(scene, marks, reader.language)
        rows = tuple(self._row(scene, link, marks, reader) for link in scene.links)
        ringed = marks if around is scene or around is None else self._marks(around, reader)
        named = [mark.label.text for mark in ringed]
        network = network_of(around, named) if around else circle_of(scene, named) if is_whole else None
        if network and around and around is not scene:
            network = renumbered(network, [_rows_of(scene, link.twinning) for link in around.links])
        centre = ringed[0] if around else None
        drawn = map_of(scene, [mark.label.text for mark in marks])
        return Drawings(scene, marks, rows, _choices(rows, reader.language), drawn, network, ringed, centre)

    def _marks(self, scene: Scene, reader: Reader) -> tuple[Mark, ...]:
        return tuple(self._mark(spot, reader) for spot in scene.spots)

    def _mark(self, spot: Spot, reader: Reader) -> Mark:
        label = self._name(spot.place, spot.names, reader)
        country = self._name(spot.country, spot.country_names, reader) if spot.country else None
        told = f"{label.text}, {country.text}" if country and spot.country != spot.place else label.text
        path = f"{reader.folder}{self.dataset.path_of(spot.place)}.html"
        return Mark(label, told, relative(path, reader.page) if spot.has_page else "", shortened(label.text))

    def _name(self, node: NamedNode, names: Iterable[Literal], reader: Reader) -> Text:
        key = (node, reader.fallbacks)
        if key not in self._named:
            if len(self._named) >= _REMEMBERED:
                self._named.clear()
            text, language = best_name(names, reader.fallbacks, node.value)
            self._named[key] = Text(text, "" if language == reader.language else language)
        return self._named[key]

    def _row(self, scene: Scene, link: Link, marks: Sequence[Mark], reader: Reader) -> Row:
        ends = (link.first, link.second)
        shown = [n for n in ends if not (scene.home and n == 0)]
        spots = [scene.spots[n] for n in shown]
        named = [(s.country, self._name(s.country, s.country_names, reader)) for s in spots if s.country]
        countries = dict(named)
        fields = [(self._concept(field, reader), local_name(field.value)) for field in link.terms.fields]
        fields.sort(key=lambda one: sort_key(one[0].text, reader.language))
        start, end = (date_text(text, reader.language) for text in (link.terms.start, link.terms.end))
        return Row(
            tuple(Value(marks[n].label, marks[n].href) for n in shown),
            tuple(countries.values()),
            tuple(local_name(country.value) for country in countries),
            _distance(scene.spots[link.first], scene.spots[link.second], reader.language),
            f"{start}\N{EN DASH}{end}" if end else start,
            link.terms.year,
            tuple(name for name, _ in fields),
            tuple(key for _, key in fields),
            link.takes_part,
            link.terms.is_over,
        )

    def _concept(self, node: Node, reader: Reader) -> Text:
        told = self.dataset.graph.by_predicate(node)
        stated = (t.object for predicate in NAMES for t in told.get(predicate, ()))
        return self._name(NamedNode(node.value), (t for t in stated if isinstance(t, Literal)), reader)


def _rows_of(scene: Scene, twinning: NamedNode) -> list[int]:
    return [row for row, link in enumerate(scene.links) if link.twinning == twinning]


def _distance(one: Spot, other: Spot, language: str) -> str:
    if not (one.position and other.position):
        return ""
    return number_text(str(round(distance_km(one.position, other.position))), language)


def _in_order(scene: Scene, marks: Sequence[Mark], language: str) -> Scene:
    """Return a scene with its connections in the order in which a reader looks for the places."""
    keys = [sort_key(mark.label.text, language) for mark in marks]
    return scene._replace(
        links=tuple(sorted(scene.links, key=lambda one: (keys[one.first], keys[one.second])))
    )


def _choices(rows: Sequence[Row], language: str) -> Choices:
    if len(rows) < 2:  # noqa: PLR2004 - one connection is not filtered
        return Choices((), (), None)
    years = sorted({row.year for row in rows if row.year})
    fields = (told for row in rows for told in zip(row.field_keys, row.fields, strict=True))
    countries = (told for row in rows for told in zip(row.country_keys, row.countries, strict=True))
    return Choices(
        _chosen(fields, language),
        _chosen(countries, language),
        (years[0], years[-1]) if len(years) > 1 else None,
    )


def _chosen(told: Iterable[tuple[str, Text]], language: str) -> tuple[tuple[str, Text], ...]:
    by_key = dict(told)
    if len(by_key) < 2:  # noqa: PLR2004 - one value is no choice
        return ()
    return tuple(sorted(by_key.items(), key=lambda one: (sort_key(one[1].text, language), one[0])))


_studios: list[Studio] = []


def studio_of(dataset: Dataset) -> Studio:
    """Return what draws for a dataset; asked for the same one again, it remembers what it has read."""
    if not _studios or _studios[0].dataset is not dataset:
        _studios[:] = [Studio(dataset)]
    return _studios[0]
