"""Columns and rows: what a table of things holds, and how it is read of each.

A column has a `propertyUrl` where the conversion to RDF gives back a triple of the dataset, and else an
`rdfs:seeAlso`: of a list it makes literals (https://www.w3.org/TR/tabular-metadata/), and so is left out
there.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

from pyoxigraph import NamedNode

from twintowns.pieces import Things
from twintowns.xmltext import xml_text

SEPARATOR: Final = "; "
_FORMULA: Final = re.compile(r"[=+\-@\t\r\n＝＋－＠]")  # noqa: RUF001 - full width letters are such signs too

Read = Callable[[NamedNode], Iterable[str]]
Row = Mapping[str, tuple[str, ...]]
"""The texts of a thing by the names of its columns; under `label` the one name that it goes by."""


class Column(NamedTuple):
    """What a column holds, and how it is read of a thing.

    Attributes:
        name: Its name, in English.
        explained: What it holds, in English.
        read: Returns the texts for a thing.
        metadata: What CSVW says of it besides.
    """

    name: str
    explained: str
    read: Read
    metadata: Mapping[str, Any]

    def described(self) -> dict[str, Any]:
        """Return what CSVW says of it."""
        own = {"@type": "Column", "name": self.name, "titles": self.name, "dc:description": self.explained}
        suppressed = {} if "propertyUrl" in self.metadata else {"suppressOutput": True}
        return {**own, **self.metadata, **suppressed}

    def cell(self, texts: Iterable[str]) -> str:
        """Return texts as one cell."""
        clean = (xml_text(text) for text in texts)
        if self.metadata["datatype"] == "string":
            clean = (f"'{text}" if _FORMULA.match(text) else text for text in clean)
        if "separator" in self.metadata:
            clean = (text.replace(SEPARATOR, ";\u00a0") for text in clean)
        return SEPARATOR.join(clean)


class Table:
    """One table: its columns, and a row for each thing in the order of their IRIs, read when it is asked for.

    Args:
        columns: Its columns.
        things: The things.
        label: Returns the one name that a thing goes by.
    """

    def __init__(
        self, columns: tuple[Column, ...], things: Things, label: Callable[[NamedNode], str]
    ) -> None:
        """Read nothing yet."""
        self.columns: Final = columns
        self.things: Final = things
        self._label: Final = label
        self._read: Final[dict[NamedNode, Row]] = {}

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of all things."""
        return tuple(map(self.row, self.things.items))

    def row(self, thing: NamedNode) -> Row:
        """Return the row of a thing; asking again is quick."""
        row = self._read.get(thing)
        if row is None:
            told = {one.name: tuple(text for text in one.read(thing) if text) for one in self.columns}
            row = self._read[thing] = {**told, "label": (self._label(thing),)}
        return row


class Records(NamedTuple):
    """The two tables."""

    places: Table
    twinnings: Table


def key() -> Column:
    """Make the column of the thing's own IRI, which is the key of its row."""
    metadata = {"datatype": "anyURI", "required": True}
    return single("iri", "Its name on the web", lambda thing: [thing.value], metadata)


def single(name: str, explained: str, read: Read, metadata: Mapping[str, Any]) -> Column:
    """Make a column of one text."""
    return Column(name, explained, read, {"datatype": "string", **metadata})


def templated(name: str, explained: str, read: Read, predicate: NamedNode, whole: str) -> Column:
    """Make the column of a part of an IRI, with the template of the whole."""
    return single(name, explained, read, {"propertyUrl": predicate.value, "valueUrl": whole})


def several(
    name: str, explained: str, read: Read, about: NamedNode | None = None, datatype: str = "string"
) -> Column:
    """Make a column of a list of texts."""
    see_also = {"rdfs:seeAlso": {"@id": about.value}} if about else {}
    return Column(name, explained, read, {"datatype": datatype, "separator": SEPARATOR, **see_also})
