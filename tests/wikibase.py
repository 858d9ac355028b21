"""Wikidata on this very machine: statements in its own RDF form, made of tables and entity documents."""

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

ENTITY = "http://www.wikidata.org/entity/"
PROPERTY = "http://www.wikidata.org/prop/"
WIKIBASE = "http://wikiba.se/ontology#"
XSD = "http://www.w3.org/2001/XMLSchema#"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
ORIGIN = "<http://www.w3.org/ns/prov#wasDerivedFrom>"
COUNTRIES = 900_000_000_000
"""The number after which items of countries are named that a table knows by name only."""


def item(qid: str) -> str:
    """Return an item as N-Triples write it."""
    return f"<{ENTITY}{qid}>"


def text(value: str, tag: str = "") -> str:
    """Return a text as N-Triples write it."""
    return json.dumps(value, ensure_ascii=False) + (f"@{tag}" if tag else "")


def typed(value: object, datatype: str) -> str:
    """Return a typed value as N-Triples write it."""
    return f'"{value}"^^<{datatype}>'


def point(longitude: object, latitude: object) -> str:
    """Return a point as N-Triples write it."""
    return typed(f"Point({longitude} {latitude})", "http://www.opengis.net/ont/geosparql#wktLiteral")


class Statement:
    """A statement being made, triple by triple.

    Args:
        subject: The item.
        name: The property.
        value: The value, as N-Triples write it.
        rank: Its rank.
    """

    def __init__(self, subject: str, name: str, value: str, rank: str = "Normal", number: str = "") -> None:
        """Begin with the value and the rank."""
        self.subject = subject
        self.name = name
        self.node = f"<{ENTITY}statement/{subject}-{name}-{abs(hash((value, number))):x}>"
        self.lines = [
            f"{item(subject)} <{PROPERTY}{name}> {self.node} .",
            f"{self.node} <{PROPERTY}statement/{name}> {value} .",
            f"{self.node} <{WIKIBASE}rank> <{WIKIBASE}{rank}Rank> .",
        ]
        if rank != "Deprecated":
            self.lines.append(f"{item(subject)} <{PROPERTY}direct/{name}> {value} .")

    def dated(self, name: str, time: str, precision: int = 11) -> "Statement":
        """Add a date as a qualifier, with its precision."""
        value = f"<http://www.wikidata.org/value/{abs(hash((time, precision))):x}>"
        self.lines += [
            f"{self.node} <{PROPERTY}qualifier/{name}> {typed(time, XSD + 'dateTime')} .",
            f"{self.node} <{PROPERTY}qualifier/value/{name}> {value} .",
            f"{value} <{WIKIBASE}timeValue> {typed(time, XSD + 'dateTime')} .",
            f"{value} <{WIKIBASE}timePrecision> {typed(precision, XSD + 'integer')} .",
        ]
        return self

    def unknown(self, name: str) -> "Statement":
        """Add a qualifier of which the value is unknown."""
        self.lines.append(f"{self.node} <{PROPERTY}qualifier/{name}> _:u{abs(hash(self.node + name)):x} .")
        return self

    def referenced(self, **values: str) -> "Statement":
        """Add a reference."""
        node = f"<http://www.wikidata.org/reference/{abs(hash(tuple(values.items()))):x}>"
        self.lines.append(f"{self.node} {ORIGIN} {node} .")
        self.lines += [f"{node} <{PROPERTY}reference/{name}> {value} ." for name, value in values.items()]
        return self


def truthy(subject: str, name: str, value: str) -> str:
    """Return a best value."""
    return f"{item(subject)} <{PROPERTY}direct/{name}> {value} ."


def label(subject: str, name: str, tag: str = "en") -> str:
    """Return a label."""
    return f"{item(subject)} {LABEL} {text(name, tag)} ."


def version(subject: str, number: int) -> str:
    """Return the version of an item."""
    return f"{item(subject)} <http://schema.org/version> {typed(number, XSD + 'integer')} ."


def edges(shared: Path) -> list[dict[str, str]]:
    """Return the pairs of the snapshot."""
    with (shared / "reference-data/wikidata-p190/edges.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def nodes(shared: Path) -> list[dict[str, str]]:
    """Return the items of the snapshot."""
    with (shared / "reference-data/wikidata-p190/nodes.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def directions(edge: dict[str, str]) -> list[tuple[str, str]]:
    """Return who states a pair: as in 2016, or both sides where only the later snapshot has it."""
    one, other = edge["a"], edge["b"]
    ways = [(one, other)] * (edge["a_to_b_2016"] == "1") + [(other, one)] * (edge["b_to_a_2016"] == "1")
    return ways or [(one, other), (other, one)]


def snapshot(pairs: Iterable[dict[str, str]], items: Iterable[dict[str, str]]) -> Iterator[str]:
    """Go through the triples of pairs and of their items."""
    pairs = list(pairs)
    for edge in pairs:
        for one, other in directions(edge):
            yield from Statement(one, "P190", item(other)).lines
    wanted = {qid for edge in pairs for qid in (edge["a"], edge["b"])}
    countries: dict[str, str] = {}
    for node in items:
        qid, country = node["qid"], node["country_en_2022"]
        if qid in wanted:
            yield label(qid, node["label_en_2022"] or node["label_2016"])
            yield version(qid, 1)
            if node["lat"]:
                yield truthy(qid, "P625", point(node["lon"], node["lat"]))
            if country:
                land = countries.setdefault(country, f"Q{COUNTRIES + len(countries)}")
                yield from Statement(qid, "P17", item(land)).lines
    for name, qid in countries.items():
        yield label(qid, name)
        yield version(qid, 1)


def document(entity: dict[str, Any]) -> Iterator[str]:
    """Go through the triples of an entity document."""
    qid = entity["id"]
    yield version(qid, entity["lastrevid"])
    for tag, one in entity["labels"].items():
        yield label(qid, one["value"], tag)
    for name, claims in entity["claims"].items():
        for number, claim in enumerate(claims):
            yield from _claim(qid, name, claim, str(number))


def _claim(qid: str, name: str, claim: dict[str, Any], number: str) -> Iterator[str]:
    value = _value(claim["mainsnak"])
    if value:
        made = Statement(qid, name, value, claim["rank"].title(), number)
        for qualifier, snaks in claim.get("qualifiers", {}).items():
            for snak in snaks:
                if snak["datatype"] == "time" and snak["snaktype"] == "value":
                    time = snak["datavalue"]["value"]
                    made.dated(qualifier, time["time"].lstrip("+").replace("-00", "-01"), time["precision"])
        for reference in claim.get("references", ()):
            told = {one: _value(snaks[0]) for one, snaks in reference["snaks"].items()}
            made.referenced(**{one: value for one, value in told.items() if value})
        yield from made.lines


def _value(snak: dict[str, Any]) -> str:
    if snak["snaktype"] != "value":
        return ""
    value = snak["datavalue"]["value"]
    kinds = {
        "wikibase-item": lambda: item(value["id"]),
        "url": lambda: f"<{value}>",
        "globe-coordinate": lambda: point(value["longitude"], value["latitude"]),
        "time": lambda: typed(value["time"].lstrip("+").replace("-00", "-01"), XSD + "dateTime"),
        "external-id": lambda: text(value),
        "string": lambda: text(value),
    }
    return kinds.get(snak["datatype"], str)()
