"""Lists of all things of a kind, in pages of a hundred: `places/index`, `places/2` and so on.

Each language has them in its own order. They are printed anew in each build: any edit can move what follows.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from twintowns.collation import sort_key
from twintowns.countries import country_of
from twintowns.frame import Frame
from twintowns.kinds import addresses
from twintowns.messages import date_text
from twintowns.pagevalues import Reader, Text, Value
from twintowns.paging import LONGEST, pager
from twintowns.vocabulary import SCHEMA, TT, A


class Entry(NamedTuple):
    """One line of a list: what it leads to, and a word to tell it from others of the same name."""

    link: Value
    note: Text | None


class Lists:
    """Prints the lists of a dataset.

    Args:
        frame: What their pages are put into.
    """

    def __init__(self, frame: Frame) -> None:
        """Take hold of the frame."""
        self._frame = frame
        self._graph = frame.whole.graph
        self._countries: dict[tuple[str, NamedNode], Text | None] = {}

    def pages(self) -> Iterator[tuple[str, bytes]]:
        """Print the pages of every list in each language."""
        for title, nodes in self._frame.members.items():
            paths = addresses(title, len(nodes))
            printed = {path: self._frame.readers(path) for path in paths}
            for place, reader in enumerate(printed[paths[0]]):
                told = self._sorted(nodes, reader)
                readers = {path: readers[place] for path, readers in printed.items()}
                yield from self._printed(title, told, readers)

    def _sorted(self, nodes: Sequence[NamedNode], reader: Reader) -> list[tuple[Value, NamedNode]]:
        """Return links to things in the order in which a reader looks for them."""
        links = [(link, node) for node in nodes if (link := self._frame.link(node, reader))]
        return sorted(links, key=lambda one: (*sort_key(one[0].label.text, reader.language), one[1].value))

    def _printed(
        self, title: str, links: Sequence[tuple[Value, NamedNode]], readers: Mapping[str, Reader]
    ) -> Iterator[tuple[str, bytes]]:
        """Print the pages of one list in one language."""
        paths = list(readers)
        for number, (path, reader) in enumerate(readers.items(), 1):
            first = (number - 1) * LONGEST
            shown = links[first : first + LONGEST]
            extra = self._frame.own_head(reader, path)
            extra |= {
                "title": title,
                "entries": [Entry(link, self._note(node, reader)) for link, node in shown],
                "first": first + 1,
                "total": len(links),
                "pager": pager(number, len(paths), lambda one: paths[one - 1], reader),
            }
            yield self._frame.printed("list.html", reader, path, extra)

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
