"""Where an index of names comes from: the triples of a publication, its dump, or a table of names.

A country is known by its code: what a place lies in, by way of others, leads to the country, and its names
or its codes of ISO 3166-1 to the code.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from twintowns.exceptions import SystemFailureError, TableError, unreadable
from twintowns.foldednames import folded
from twintowns.nameindex import Entry, NameIndex
from twintowns.tabletexts import rows_of, text_of
from twintowns.territories import territories_of
from twintowns.vocabulary import SCHEMA, TT, WD, A

QID: Final = re.compile(r"Q[1-9][0-9]{0,11}")

_NAMES: Final = (SCHEMA.name, SCHEMA.alternateName)
_CLASSES: Final = {SCHEMA.AdministrativeArea, SCHEMA.City, SCHEMA.Country}
_TOLD: Final = {*_NAMES, A, SCHEMA.containedInPlace, TT.partner, SCHEMA.identifier, SCHEMA.value}
_LINE: Final = re.compile(
    b"> <(?:%s)> " % b"|".join(re.escape(predicate.value.encode()) for predicate in sorted(_TOLD, key=str))
)
_STEPS: Final = 12
_QID_HEADINGS: Final = {"qid", "item", "id", "wikidata"}
_NAME_HEADINGS: Final = ("label", "name", "alias", "alt")
_PAIR: Final = 2


class Places(NamedTuple):
    """The places of a publication, and which of them are twinned.

    Attributes:
        entries: The places.
        twinnings: Pairs of them.
    """

    entries: tuple[Entry, ...]
    twinnings: tuple[tuple[str, str], ...]

    def indexed(self) -> NameIndex:
        """Return the index of their names."""
        return NameIndex(self.entries, self.twinnings)


def places_of(triples: Iterable[Triple], language: str = "") -> Places:
    """Return the places that triples tell of, by their Wikidata items.

    Args:
        triples: What is stated.
        language: The tag of the language whose names come first.
    """
    told: defaultdict[NamedNode, defaultdict[str, list[NamedNode | Literal]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for triple in triples:
        if triple.predicate in _TOLD and isinstance(triple.subject, NamedNode):
            told[triple.predicate][triple.subject.value].append(triple.object)  # type: ignore[arg-type]
    classes = told[A]
    countries = _Countries(told)
    entries = []
    for place in told[SCHEMA.name]:
        kinds = [kind.value for kind in classes.get(place, ()) if kind in _CLASSES]
        qid = place.rpartition("/")[2]
        if kinds and QID.fullmatch(qid):
            texts = [name for predicate in _NAMES for name in told[predicate].get(place, ())]
            names = [name.value for name in sorted(texts, key=lambda name: _tag(name) != language)]
            called = tuple(sorted((_tag(name), name.value) for name in told[SCHEMA.name][place]))
            lands = countries.of(place)
            entries.append(Entry(qid, tuple(dict.fromkeys(names)), lands, min(kinds), called))
    pairs = (
        sorted({partner.value.rpartition("/")[2] for partner in partners})
        for partners in told[TT.partner].values()
    )
    twinned = {(one, other) for several in pairs for one in several for other in several if one < other}
    return Places(tuple(entries), tuple(sorted(twinned)))


class _Countries:
    """The countries that places lie in."""

    def __init__(self, told: Mapping[NamedNode, Mapping[str, list[NamedNode | Literal]]]) -> None:
        self._told = told

    def of(self, place: str) -> frozenset[str]:
        """Return the codes of the country that a place lies in, by way of others."""
        for _ in range(_STEPS):
            if SCHEMA.Country in self._told.get(A, {}).get(place, ()):
                return self._codes(place)
            around = self._told.get(SCHEMA.containedInPlace, {}).get(place)
            if not around:
                break
            place = around[0].value
        return frozenset()

    def _codes(self, country: str) -> frozenset[str]:
        parts = [part.value for part in self._told.get(SCHEMA.identifier, {}).get(country, ())]
        codes = [code.value for part in parts for code in self._told.get(SCHEMA.value, {}).get(part, ())]
        names = [name.value for name in self._told[SCHEMA.name].get(country, ())]
        found = (territories_of(text) for text in (*sorted(codes, key=len), *names))
        return next(filter(None, found), frozenset())


def _tag(name: NamedNode | Literal) -> str:
    return (isinstance(name, Literal) and name.language) or ""


def places_in_dump(dump: Path, language: str = "") -> Places:
    """Return the places that the N-Quads dump of a publication tells of; other lines are not even parsed.

    Raises:
        SystemFailureError: If it cannot be read.
    """
    try:
        with dump.open("rb") as file:
            lines = b"".join(dict.fromkeys(line for line in file if _LINE.search(line)))
        return places_of((quad.triple for quad in parse(lines, RdfFormat.N_QUADS)), language)
    except OSError as error:
        raise unreadable(dump, error) from error
    except SyntaxError as error:
        raise SystemFailureError(
            dump,
            "the dump cannot be read: {problem}",
            "build the site, and serve that",
            values={"problem": error},
        ) from error


def entries_in(path: Path) -> Iterator[Entry]:
    """Go through the items that a table of names tells of.

    It has a column headed `qid`, columns whose headings begin with `label`, `name` or `alias` (several
    names in a cell are separated by `|`), and perhaps columns whose headings begin with `country`.

    Raises:
        TableError: If it has no such columns.
        SystemFailureError: If it cannot be read.
    """
    heading, *rows = _rows(path)
    words = [folded(text) for text in heading]
    at = next((column for column, word in enumerate(words) if word in _QID_HEADINGS), -1)
    names = [column for column, word in enumerate(words) if word.startswith(_NAME_HEADINGS)]
    lands = [column for column, word in enumerate(words) if word.startswith("country")]
    if at < 0 or not names:
        raise TableError(
            path,
            "it is no table of names: it has no columns headed qid and label",
            "head them so",
        )
    for row in rows:
        qid = qid_in(_cell(row, at))
        if qid:
            told = (name.strip() for column in names for name in _cell(row, column).split("|"))
            known = [territories_of(_cell(row, column)) for column in lands]
            yield Entry(qid, tuple(dict.fromkeys(filter(None, told))), next(filter(None, known), frozenset()))


def twinnings_in(path: Path) -> Iterator[tuple[str, str]]:
    """Go through the pairs of twinned items that a table tells of: the first two columns that hold items.

    Raises:
        SystemFailureError: If it cannot be read.
    """
    for row in _rows(path):
        items = list(filter(None, map(qid_in, row)))
        if len(items) >= _PAIR and items[0] != items[1]:
            yield items[0], items[1]


def qid_in(text: str) -> str:
    """Return the item that a text names: by its number or its address; empty where it names none.

    >>> qid_in("http://www.wikidata.org/entity/Q42"), qid_in("q42 "), qid_in("Berlin")
    ('Q42', 'Q42', '')
    """
    last = text.strip().removeprefix("wd:").rpartition("/")[2].upper()
    is_address = "/" not in text or text.strip().startswith(("https://www.wikidata.org/", WD[""].value))
    return last if is_address and QID.fullmatch(last) else ""


def _rows(path: Path) -> list[list[str]]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
    rows, _ = rows_of(text_of(raw, path), path)
    return rows or [[]]


def _cell(row: Sequence[str], column: int) -> str:
    return row[column] if column < len(row) else ""
