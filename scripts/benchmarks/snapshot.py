"""The Wikidata snapshot as a project: real data of the size of the world, in canonical Turtle.

Each node of the snapshot becomes a place and each edge a twinning. Nothing is invented: where the snapshot
does not say in which country a place lies, or only by a name that no node bears, the statement is left out,
and the shapes warn of it. To measure how work grows, a share of the snapshot can be taken (its first
edges, with their nodes: about as densely linked as the whole), or several copies of it, whose items have
numbers that Wikidata has not reached.

Run as a program of its own, so that the memory of this does not count towards anything that is measured.
"""

import argparse
import csv
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from twintowns.graph import Graph, Node, Term
from twintowns.iris import Names
from twintowns.turtle import TurtleWriter
from twintowns.vocabulary import (
    DCAT,
    DCTERMS,
    KIND,
    SCHEMA,
    STATUS,
    TT,
    VOID,
    WD,
    XSD,
    A,
)

NAMES: Final = Names("https://example.org/world/")
LANGUAGE: Final = "en"
_COPY: Final = 10**9
"""How far the item numbers of one copy lie from those of the next."""
_CAPITALS: Final = {"Q1842", "Q3604"}
"""Luxembourg and Djibouti: cities that bear the name of the country in which they lie."""


class Item(NamedTuple):
    """A node of the snapshot; `country` is an item of it, empty where there is none."""

    qid: str
    name: str
    latitude: str
    longitude: str
    country: str
    is_country: bool


class Snapshot(NamedTuple):
    """The nodes by their ids, and the edges as pairs of ids, lower number first."""

    items: Mapping[str, Item]
    pairs: tuple[tuple[str, str], ...]


def read_snapshot(folder: Path) -> Snapshot:
    """Read nodes and edges.

    Raises:
        OSError: If they are not there.
    """
    rows = list(_rows(folder / "nodes.tsv"))
    countries = {row["label_en_2022"]: row["qid"] for row in rows if _is_country(row)}
    items = {row["qid"]: _item(row, countries) for row in rows}
    pairs = (tuple(sorted((row["a"], row["b"]), key=_number)) for row in _rows(folder / "edges.tsv"))
    return Snapshot(items, tuple((first, second) for first, second in pairs))


def share_of(snapshot: Snapshot, share: float) -> Snapshot:
    """Return the first edges with their nodes, as many as make the share of all resources."""
    wanted = share * (len(snapshot.items) + len(snapshot.pairs))
    taken: dict[str, Item] = {}
    for count, pair in enumerate(snapshot.pairs):
        if len(taken) + count >= wanted:
            return Snapshot(_with_countries(taken, snapshot), snapshot.pairs[:count])
        taken.update({qid: snapshot.items[qid] for qid in pair})
    return snapshot


def copies_of(snapshot: Snapshot, times: int) -> Snapshot:
    """Return the snapshot so many times, each copy with items of its own."""
    shifts = [copy * _COPY for copy in range(times)]
    items = [_shifted_item(item, shift) for shift in shifts for item in snapshot.items.values()]
    pairs = [
        (_shifted(first, shift), _shifted(second, shift))
        for shift in shifts
        for first, second in snapshot.pairs
    ]
    return Snapshot({item.qid: item for item in items}, tuple(pairs))


def write_project(snapshot: Snapshot, folder: Path) -> int:
    """Write the files of a project; return how many."""
    writer, written = TurtleWriter(NAMES.prefixes()), 0
    for subject, triples in things(snapshot):
        path = folder / "data" / f"{NAMES.path_of(subject)}.ttl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(writer.document(Graph(triples), [subject]), encoding="utf-8")
        written += 1
    return written


def things(snapshot: Snapshot) -> Iterator[tuple[NamedNode, list[Triple]]]:
    """Go through what a project of the snapshot describes, with what it states."""
    yield NAMES.catalogue, list(_catalogue())
    for make in (_source, _organization, _contact_point):
        triples = list(make())
        yield triples[0].subject, triples  # type: ignore[misc]
    for item in snapshot.items.values():
        yield _ours("place", item.qid), list(_place(item))
    for pair in snapshot.pairs:
        yield _ours("twinning", "-".join(pair)), list(_twinning(pair))


def _catalogue() -> Iterator[Triple]:
    values: dict[NamedNode, Term] = {
        DCTERMS["title"]: _text("Twin towns of the world"),
        DCTERMS.description: _text("Town twinnings that Wikidata stated in 2016 and in 2022."),
        DCTERMS.publisher: _ours("organization", "publisher"),
        DCTERMS.license: NamedNode("http://creativecommons.org/publicdomain/zero/1.0/"),
        DCTERMS.issued: Literal("2022-12-31", datatype=XSD.date),
        DCTERMS.modified: Literal("2022-12-31", datatype=XSD.date),
        SCHEMA.inLanguage: Literal(LANGUAGE),
        TT.mainLanguage: Literal(LANGUAGE),
        VOID.uriSpace: Literal(NAMES.space),
    }
    yield Triple(NAMES.catalogue, A, VOID.Dataset)
    yield from _told(NAMES.catalogue, DCAT.Catalog, values)


def _source() -> Iterator[Triple]:
    values: dict[NamedNode, Term] = {
        SCHEMA.name: _text("Wikidata"),
        SCHEMA.description: _text("Statements of the property P190, in extracts of 2016 and 2022."),
        SCHEMA.publisher: _ours("organization", "publisher"),
        SCHEMA.license: NamedNode("http://creativecommons.org/publicdomain/zero/1.0/"),
        TT.unknown: TT.retrievedOn,
    }
    return _told(_ours("source", "wikidata"), SCHEMA.Dataset, values)


def _organization() -> Iterator[Triple]:
    values: dict[NamedNode, Term] = {
        SCHEMA.name: _text("Example publisher"),
        SCHEMA.contactPoint: _ours("contact-point", "publisher"),
        DCTERMS.source: _ours("source", "wikidata"),
    }
    return _told(_ours("organization", "publisher"), SCHEMA.Organization, values)


def _contact_point() -> Iterator[Triple]:
    values: dict[NamedNode, Term] = {
        SCHEMA.name: _text("Contact for the publisher"),
        SCHEMA.email: Literal("publisher@example.org"),
        DCTERMS.source: _ours("source", "wikidata"),
    }
    return _told(_ours("contact-point", "publisher"), SCHEMA.ContactPoint, values)


def _place(item: Item) -> Iterator[Triple]:
    place, geo = _ours("place", item.qid), _ours("place", f"{item.qid}#geo")
    values: dict[NamedNode, Term] = {
        SCHEMA.name: _text(item.name),
        SCHEMA.sameAs: WD[item.qid],
        DCTERMS.source: _ours("source", "wikidata"),
    }
    if item.country:
        values[SCHEMA.containedInPlace] = _ours("place", item.country)
    if item.latitude:
        values[SCHEMA.geo] = geo
        degrees = {SCHEMA.latitude: item.latitude, SCHEMA.longitude: item.longitude}
        yield from _told(geo, SCHEMA.GeoCoordinates, {name: _decimal(text) for name, text in degrees.items()})
    yield from _told(place, SCHEMA.Country if item.is_country else SCHEMA.AdministrativeArea, values)


def _twinning(pair: tuple[str, str]) -> Iterator[Triple]:
    twinning = _ours("twinning", "-".join(pair))
    values: dict[NamedNode, Term] = {
        TT.kind: KIND.twinning,
        TT.status: STATUS.active,
        TT.unknown: SCHEMA.startDate,
        DCTERMS.source: _ours("source", "wikidata"),
    }
    yield from _told(twinning, TT.Twinning, values)
    for qid in pair:
        yield Triple(twinning, TT.partner, _ours("place", qid))


def _told(subject: Node, of_class: NamedNode, values: Mapping[NamedNode, Term]) -> Iterator[Triple]:
    yield Triple(subject, A, of_class)
    for predicate, value in values.items():
        yield Triple(subject, predicate, value)


def _ours(folder: str, name: str) -> NamedNode:
    return NamedNode(f"{NAMES.space}{folder}/{name}")


def _text(text: str) -> Literal:
    return Literal(text, language=LANGUAGE)


def _decimal(text: str) -> Literal:
    return Literal(text if "." in text else f"{text}.0", datatype=XSD.decimal)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def _item(row: Mapping[str, str], countries: Mapping[str, str]) -> Item:
    name = _tidy(row["label_en_2022"]) or _tidy(row["label_2016"]) or row["qid"]
    is_country = _is_country(row)
    country = "" if is_country else countries.get(row["country_en_2022"], "")
    return Item(row["qid"], name, row["lat"], row["lon"], country, is_country)


def _is_country(row: Mapping[str, str]) -> bool:
    """Tell whether a node is a country: it lies in what bears its own name."""
    is_named_so = row["label_en_2022"] == row["country_en_2022"] != ""
    return is_named_so and row["qid"] not in _CAPITALS


def _tidy(label: str) -> str:
    """Return a label without control and format characters, and with single spaces."""
    return " ".join("".join(c for c in label if c == " " or unicodedata.category(c)[0] != "C").split())


def _number(qid: str) -> int:
    return int(qid.removeprefix("Q"))


def _shifted(qid: str, shift: int) -> str:
    return f"Q{_number(qid) + shift}" if qid else ""


def _shifted_item(item: Item, shift: int) -> Item:
    return item._replace(qid=_shifted(item.qid, shift), country=_shifted(item.country, shift))


def _with_countries(items: Mapping[str, Item], snapshot: Snapshot) -> dict[str, Item]:
    """Add the countries in which items lie, since what is linked to has to be described."""
    countries = {item.country: snapshot.items[item.country] for item in items.values() if item.country}
    return {**items, **countries}


def main(arguments: Iterable[str] | None = None) -> None:
    """Write a project from the snapshot, and print how many files it has."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("source", type=Path, help="the folder with nodes.tsv and edges.tsv")
    parser.add_argument("folder", type=Path, help="where the project goes")
    parser.add_argument("--share", type=float, default=1.0, help="how much of the snapshot to take")
    parser.add_argument("--times", type=int, default=1, help="how many copies of it to make")
    asked = parser.parse_args(None if arguments is None else list(arguments))
    snapshot = share_of(read_snapshot(asked.source), asked.share)
    print(write_project(copies_of(snapshot, asked.times), asked.folder))


if __name__ == "__main__":
    main()
