"""Lists of all things of a kind, in pages of a hundred: `places/index`, `places/2` and so on.

Each language has them in its own order. Of an edit those pages are printed again on which it moves or changes
anything.
"""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from twintowns.collation import sort_key
from twintowns.countries import country_of
from twintowns.frame import Frame
from twintowns.graph import Node
from twintowns.kinds import addresses
from twintowns.messages import date_text
from twintowns.pagevalues import Reader, Text, Value
from twintowns.paging import LONGEST, pager
from twintowns.pieces import Pieces, Things
from twintowns.vocabulary import SCHEMA, TT, A


class Entry(NamedTuple):
    """One line of a list: what it leads to, and a word to tell it from others of the same name."""

    link: Value
    note: Text | None


class Lists:
    """Prints the lists of a dataset.

    Args:
        frame: What their pages are put into.
        pieces: What is kept of those that are published, if anything.
        changed: Of what anything else is told than there, if that is known.
    """

    def __init__(
        self, frame: Frame, pieces: Pieces | None = None, changed: Container[Node] | None = None
    ) -> None:
        """Take hold of the frame."""
        self._frame = frame
        self._pieces = pieces or Pieces()
        self._changed = changed
        self._graph = frame.whole.graph
        self._countries: dict[tuple[str, NamedNode], Text | None] = {}

    def pages(self) -> Iterator[tuple[str, Callable[[], bytes] | None]]:
        """Go through the pages of every list in each language: where they lie, and what makes them.

        Nothing makes those that an edit cannot have changed.
        """
        for title, nodes in self._frame.members.items():
            paths = addresses(title, len(nodes))
            printed = {path: self._frame.readers(path) for path in paths}
            for place, reader in enumerate(printed[paths[0]]):
                told, was = self._sorted(title, nodes, reader)
                readers = {path: readers[place] for path, readers in printed.items()}
                yield from self._printed(title, (told, was), readers)

    def _sorted(
        self, title: str, nodes: Sequence[NamedNode], reader: Reader
    ) -> tuple[list[NamedNode], list[NamedNode] | None]:
        """Return things in the order in which a reader looks for them, and the order that is published."""

        def key(node: NamedNode) -> tuple[str, ...]:
            link = self._frame.link(node, reader)
            return (*sort_key(link.label.text if link else "", reader.language), node.value)

        return self._pieces.ordered(Things(f"{title} {reader.language}", nodes, self._changed), key)

    def _printed(
        self,
        title: str,
        nodes: tuple[list[NamedNode], list[NamedNode] | None],
        readers: Mapping[str, Reader],
    ) -> Iterator[tuple[str, Callable[[], bytes] | None]]:
        """Go through the pages of one list in one language."""
        now, was = nodes
        is_as_long = was is not None and len(was) == len(now)
        for number, reader in enumerate(readers.values(), 1):
            first = (number - 1) * LONGEST
            shown = now[first : first + LONGEST]
            is_same = is_as_long and was is not None and was[first : first + LONGEST] == shown
            if is_same and self._changed is not None and not any(node in self._changed for node in shown):
                yield reader.page, None
            else:
                yield reader.page, partial(self._page, title, now, number, list(readers.items()))

    def _page(
        self, title: str, nodes: Sequence[NamedNode], number: int, readers: Sequence[tuple[str, Reader]]
    ) -> bytes:
        path, reader = readers[number - 1]
        first = (number - 1) * LONGEST
        shown = [(self._frame.link(node, reader), node) for node in nodes[first : first + LONGEST]]
        extra = self._frame.own_head(reader, path)
        extra |= {
            "title": title,
            "entries": [Entry(link, self._note(node, reader)) for link, node in shown if link],
            "first": first + 1,
            "total": len(nodes),
            "pager": pager(number, len(readers), lambda one: readers[one - 1][0], reader),
        }
        return self._frame.printed("list.html", reader, path, extra)[1]

    def _note(self, node: NamedNode, reader: Reader) -> Text | None:
        """Return the country of a place, or since when a twinning is."""
        types = self._graph.values(node, A)
        if TT.Twinning in types:
            return self._since(node, reader)
        country = country_of(self._graph, node)
        return self._country(country, reader) if country and country != node else None

    def _since(self, twinning: NamedNode, reader: Reader) -> Text | None:
        dates = [d.value for d in self._graph.values(twinning, SCHEMA.startDate) if isinstance(d, Literal)]
        since = reader.translated("since {date}")
        return Text(since.format(date=date_text(min(dates), reader.language))) if dates else None

    def _country(self, country: NamedNode, reader: Reader) -> Text | None:
        key = reader.language, country
        if key not in self._countries:
            link = self._frame.link(country, reader)
            self._countries[key] = link.label if link else None
        return self._countries[key]
