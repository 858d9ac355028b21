"""What a table states, as files in canonical form: twinnings, the places in them, the table as a source.

Only what was matched is stated. A file that is there already keeps all that it says, and what the table adds
is shown beside it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from twintowns.catalogue import Publication
from twintowns.foldednames import folded
from twintowns.graph import Graph
from twintowns.iris import number_of
from twintowns.nameindex import NameIndex
from twintowns.placewords import plain_name
from twintowns.reconciliation import Asked
from twintowns.tablematching import Remark, Row
from twintowns.turtle import TurtleWriter
from twintowns.vocabulary import DCTERMS, KIND, SCHEMA, STATUS, TT, WD, XSD, A

_MOST_CHARACTERS: Final = 60

Dates = Mapping[NamedNode, Literal | None]
"""The dates that a table tells of a twinning, by their properties."""


@dataclass(frozen=True)
class TableProposer:
    """Makes files of what a table states.

    Attributes:
        publication: The publication that it is for.
        index: The names of places, of which some are the publication's.
        known: What the publication states, by the names of its files without suffix.
        source: How the source is named: the local name of its file.
        title: What the table is called.
        day: The day on which it was read.
        remarks: What was found that has to be told.
    """

    publication: Publication
    index: NameIndex
    known: Mapping[str, tuple[Triple, ...]]
    source: str
    title: str
    day: str
    remarks: list[Remark] = field(default_factory=list)

    def files(self, rows: Iterable[Row]) -> dict[str, str]:
        """Return the files in canonical form, by their names in `data/`."""
        kept = list(rows)
        things = {**dict(self._places(kept)), **dict(self._twinnings(kept))}
        things = {name: triples for name, triples in things.items() if triples}
        source = f"source/{self.source}"
        if things and source not in self.known:
            things[source] = list(self._table())
        writer = TurtleWriter(self.publication.names.prefixes())
        return {
            f"{name}.ttl": writer.document(Graph(triples), [self._iri(name)])
            for name, triples in things.items()
        }

    def _iri(self, name: str) -> NamedNode:
        return NamedNode(f"{self.publication.names.space}{name}")

    def _places(self, rows: list[Row]) -> Iterator[tuple[str, list[Triple]]]:
        """Go through the places that were matched and are not described yet."""
        told: dict[str, list[Asked]] = {}
        for row in filter(_is_whole, rows):
            for side in row.sides.values():
                told.setdefault(side.match.qid, []).append(side.asked)
        for qid, asked in sorted(told.items(), key=lambda one: number_of(one[0])):
            path = f"place/{qid}"
            if path not in self.known:
                yield path, list(self._place(qid, asked))

    def _place(self, qid: str, asked: list[Asked]) -> Iterator[Triple]:
        """Go through what is stated of a place; its country is the table's where the index knows none."""
        subject = self._iri(f"place/{qid}")
        name = next(filter(None, (plain_name(one.name) for one in asked)), qid)
        lands = {one.territories for one in asked if one.territories}
        yield Triple(subject, A, SCHEMA.AdministrativeArea)
        yield Triple(subject, DCTERMS.source, self._iri(f"source/{self.source}"))
        yield Triple(subject, SCHEMA.name, Literal(name, language=self.publication.main_language))
        yield Triple(subject, SCHEMA.sameAs, WD[qid])
        told = lands.pop() if len(lands) == 1 else frozenset[str]()
        land = self._country(self.index.territories(qid) or told)
        if land:
            yield Triple(subject, SCHEMA.containedInPlace, self._iri(f"place/{land}"))

    def _country(self, territories: frozenset[str]) -> str:
        """Return the country of the publication that has just these codes; empty where there is none."""
        found = [
            entry.qid
            for entry in self.index.entries.values()
            if entry.kind == SCHEMA.Country.value
            and entry.territories == territories
            and f"place/{entry.qid}" in self.known
        ]
        return found[0] if len(found) == 1 and territories else ""

    def _twinnings(self, rows: list[Row]) -> Iterator[tuple[str, list[Triple]]]:
        pairs: dict[tuple[str, ...], list[Row]] = {}
        for row in rows:
            if len(row.sides) > 1 and _is_whole(row):
                found = (side.match.qid for side in row.sides.values())
                pairs.setdefault(tuple(sorted(found, key=number_of)), []).append(row)
        for qids, told in sorted(pairs.items(), key=lambda one: tuple(map(number_of, one[0]))):
            name = f"twinning/{'-'.join(qids)}"
            stated = self.known.get(name, ())
            dates = {
                SCHEMA.startDate: self._one([row.start.date for row in told], told[-1]),
                SCHEMA.endDate: self._one([row.end.date for row in told], told[-1]),
            }
            if self._is_contradicted(name, told, stated, dates):
                yield name, []
                continue
            made = list(self._twinning(name, told, stated, dates))
            if set(made) - set(stated):
                yield name, [*(one for one in stated if not _is_answered(one, made)), *made]
            else:
                yield name, []

    def _is_contradicted(self, name: str, rows: list[Row], stated: tuple[Triple, ...], dates: Dates) -> bool:
        """Tell whether other dates are stated than the table's; which are right is for a person to say."""
        found = False
        for triple in stated:
            date = dates.get(triple.predicate) if triple.subject == self._iri(name) else None
            other = triple.object
            if date is None or not isinstance(other, Literal) or _is_same(date.value, other.value):
                continue
            found = True
            self._remark(
                next(row for row in rows if date in {row.start.date, row.end.date}),
                date.value,
                "{file} says {date}, and the row is left out; mend the one that is wrong",
                {"file": f"data/{name}.ttl", "date": other.value},
            )
        return found

    def _remark(self, row: Row, text: str, message: str, values: Mapping[str, str]) -> None:
        self.remarks.append(Remark(row.number, text, message, values))

    def _twinning(
        self, name: str, rows: list[Row], stated: tuple[Triple, ...], dates: Dates
    ) -> Iterator[Triple]:
        """Go through what the table states of a twinning, as far as nobody has stated otherwise."""
        subject = self._iri(name)
        known = {triple.predicate for triple in stated}
        end = dates[SCHEMA.endDate]
        is_over = end is not None and end.value < self.day[: len(end.value)]
        yield Triple(subject, A, TT.Twinning)
        yield Triple(subject, DCTERMS.source, self._iri(f"source/{self.source}"))
        for qid in name.removeprefix("twinning/").split("-"):
            yield Triple(subject, TT.partner, self._iri(f"place/{qid}"))
        if end is not None and is_over and Triple(subject, TT.status, STATUS.active) in stated:
            self._remark(
                rows[-1],
                end.value,
                "{file} says that the twinning lasts, and the table that it ended",
                {"file": f"data/{name}.ttl"},
            )
            yield Triple(subject, TT.status, STATUS.ended)
        for predicate, value in (
            (TT.kind, KIND.twinning),
            (TT.status, STATUS.ended if is_over else STATUS.active),
            *dates.items(),
        ):
            if value is not None and predicate not in known:
                yield Triple(subject, predicate, value)

    def _one(self, told: Iterable[Literal | None], row: Row) -> Literal | None:
        """Return the date that all rows of a twinning agree in, the most precise of them."""
        dates = {date for date in told if date}
        best = max(dates, key=lambda date: (len(date.value), date.value), default=None)
        if best is not None and all(best.value.startswith(date.value) for date in dates):
            return best
        if best is not None:
            text = ", ".join(sorted(date.value for date in dates))
            self.remarks.append(Remark(row.number, text, "rows for the same twinning state different dates"))
        return None

    def _table(self) -> Iterator[Triple]:
        subject = self._iri(f"source/{self.source}")
        yield Triple(subject, A, SCHEMA.Dataset)
        yield Triple(subject, SCHEMA.name, Literal(self.title, language=self.publication.main_language))
        yield Triple(subject, TT.retrievedOn, Literal(self.day, datatype=XSD.date))
        yield Triple(subject, TT.unknown, SCHEMA.publisher)


def _is_whole(row: Row) -> bool:
    """Tell whether all places of a row were matched, and are not the same."""
    qids = {side.match.qid for side in row.sides.values()}
    return "" not in qids and len(qids) == len(row.sides)


def _is_answered(triple: Triple, made: list[Triple]) -> bool:
    """Tell whether what was stated to be unknown is known now, or to last has ended."""
    if triple.predicate == TT.status:
        return any(one.predicate == TT.status and one != triple for one in made)
    return triple.predicate == TT.unknown and any(one.predicate == triple.object for one in made)


def _is_same(one: str, other: str) -> bool:
    """Tell whether two dates agree as far as both are known."""
    return one.startswith(other) or other.startswith(one)


def source_name(file_name: str) -> str:
    """Return how a table is named as a source, by the name of its file.

    >>> source_name("Vänorter 2024.xlsx"), source_name("表.csv")
    ('vanorter-2024', 'table')
    """
    stem = re.sub(r"\.[^.]*$", "", file_name)
    return re.sub(r"[^a-z0-9]+", "-", folded(stem))[:_MOST_CHARACTERS].strip("-") or "table"
