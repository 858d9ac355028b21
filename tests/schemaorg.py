"""The vocabulary of schema.org as a checker to test against: terms that exist, domains, ranges.

Specification: https://schema.org/docs/datamodel.html
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, RdfFormat, parse

from twintowns.graph import Graph
from twintowns.vocabulary import RDFS, SCHEMA

Json = dict[str, Any]


@dataclass(frozen=True)
class SchemaOrg:
    """The vocabulary of schema.org, to look up what fits."""

    graph: Graph

    def faults(self, entity: Json) -> Iterator[str]:
        """Go through what does not fit in an entity and in those within it."""
        kind = entity.get("@type", "Thing")
        if SCHEMA[kind] not in self.graph:
            yield f"no type {kind}"
        for name, value in entity.items():
            if not name.startswith("@"):
                domains = self._names(SCHEMA[name], SCHEMA.domainIncludes)
                if not domains & self._and_above(kind):
                    yield f"{kind} has no {name}"
                for one in value if isinstance(value, list) else [value]:
                    yield from self._faults_of_value(name, one)

    def _faults_of_value(self, name: str, value: object) -> Iterator[str]:
        ranges = self._names(SCHEMA[name], SCHEMA.rangeIncludes)
        if isinstance(value, dict):
            if "@type" in value and not ranges & self._and_above(value["@type"]):
                yield f"{name} is no {value['@type']}"
            yield from self.faults(value)
        elif not ranges & _kinds(value):
            yield f"{name} cannot be {value!r}"

    def _and_above(self, kind: str) -> set[str]:
        above = self._names(SCHEMA[kind], RDFS.subClassOf)
        return {kind}.union(*(self._and_above(one) for one in above))

    def _names(self, node: NamedNode, predicate: NamedNode) -> set[str]:
        return {
            value.value.removeprefix("https://schema.org/") for value in self.graph.values(node, predicate)
        }


def _kinds(value: object) -> set[str]:
    """Return the data types of schema.org that a JSON value can be of."""
    if isinstance(value, bool):
        return {"Boolean"}
    if isinstance(value, int | float):
        return {"Number", "Integer"} if isinstance(value, int) else {"Number"}
    forms = {
        "URL": r"https?://\S+",
        "Date": r"\d{4}(-\d\d){0,2}",
        "Time": r"\d\d:\d\d:\d\d",
    }
    return {"Text", *(name for name, form in forms.items() if re.fullmatch(form, str(value)))}


def read_schema_org(shared: Path) -> SchemaOrg:
    """Return the vocabulary, release 30.0."""
    path = shared / "suites/schemaorg-30.0/schemaorg-current-https.ttl"
    quads = parse(path=path, format=RdfFormat.TURTLE)
    return SchemaOrg(Graph(quad.triple for quad in quads))
