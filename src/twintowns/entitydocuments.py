"""Wikidata's entity documents (`Special:EntityData/Q3955.json`), as what its RDF says of the items.

A date of the Julian calendar is taken to the year only, since RDF tells days by the Gregorian one.
Source: https://doc.wikimedia.org/Wikibase/master/php/docs_topics_json.html
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from twintowns import jsontext
from twintowns.exceptions import DataFileError, unreadable
from twintowns.iris import number_of
from twintowns.scope import Scope
from twintowns.vocabulary import PROV, RDFS, WD, WDT, XSD, Namespace
from twintowns.wikidata import (
    AREA,
    COUNTRY,
    DEFAULT_LANGUAGE,
    PQ,
    PQV,
    PR,
    PS,
    TRUTHY,
    TWINNED,
    WIKIBASE,
    Item,
    P,
    is_qid,
    item_from,
)

_WDS: Final = Namespace("http://www.wikidata.org/entity/statement/")
_WKT: Final = NamedNode("http://www.opengis.net/ont/geosparql#wktLiteral")
_GREGORIAN: Final = "http://www.wikidata.org/entity/Q1985727"
_EARTH: Final = "http://www.wikidata.org/entity/Q2"
_WITH_STATEMENTS: Final = (TWINNED, COUNTRY, AREA)
_QUALIFIERS: Final = ("P580", "P582", "P585")
_REFERENCES: Final = ("P248", "P813", "P854", "P1476")
_RANKS: Final = {"preferred": "PreferredRank", "normal": "NormalRank", "deprecated": "DeprecatedRank"}
_YEAR: Final = 9

Json = Mapping[str, Any]
Object = NamedNode | BlankNode | Literal


@dataclass
class EntityDocuments:
    """Items read from documents on disk.

    Attributes:
        found: The items.
        days: On which days they were read.
        rounds: How often it may be asked for more items.
    """

    found: dict[str, Item]
    days: set[str] = field(default_factory=set)
    rounds: int = 12

    def stating(self, scope: Scope) -> Iterator[str]:
        """Go through the items within the scope that state twinnings."""
        for qid, item in self.found.items():
            if qid in scope.places or set(item.countries) & set(scope.countries) or scope.is_all:
                yield qid

    def pointing(self, qids: Iterable[str]) -> Iterator[str]:
        """Go through the items that state a twinning with one of these."""
        wanted = set(qids)
        return (
            qid for qid, item in self.found.items() if any(one.partner in wanted for one in item.statements)
        )

    def items(self, qids: Collection[str], told: Callable[[int], None]) -> Iterator[Item]:
        """Go through those of the items that there are documents of."""
        told(len(qids))
        return (self.found[qid] for qid in sorted(qids, key=number_of) if qid in self.found)


def read_documents(paths: Iterable[Path], languages: Collection[str], today: str) -> EntityDocuments:
    """Read documents.

    Args:
        paths: Their files.
        languages: The languages of names.
        today: The day on which they are read.

    Raises:
        DataFileError: If one is none.
        SystemFailureError: If one cannot be read.
    """
    found = [item for path in paths for item in _read(path, languages)]
    return EntityDocuments({item.qid: item for item in found}, {today})


def triples_of(entity: Json, languages: Collection[str]) -> Iterator[Triple]:
    """Go through what Wikidata's RDF says of an item, as far as it is read here.

    Args:
        entity: The item as JSON.
        languages: The languages of names.
    """
    subject = WD[entity["id"]]
    for tag in dict.fromkeys((*languages, "en", DEFAULT_LANGUAGE)):
        if label := (entity.get("labels") or {}).get(tag):
            yield Triple(subject, RDFS.label, Literal(label["value"], language=tag))
    claims = entity.get("claims") or {}
    wanted = {predicate.value.removeprefix(WDT): predicate for predicate in TRUTHY}
    for name, predicate in wanted.items():
        for claim in _best(claims.get(name, ())):
            if value := _value(claim["mainsnak"]):
                yield Triple(subject, predicate, value)
    for name in _WITH_STATEMENTS:
        for claim in claims.get(name, ()):
            yield from _statement(subject, name, claim)


def _read(path: Path, languages: Collection[str]) -> list[Item]:
    try:
        document = jsontext.read(path.read_bytes())
        entities = document.get("entities", {"": document})
        items = [entity for entity in entities.values() if is_qid(entity.get("id", ""))]
        return [item_from(entity["id"], triples_of(entity, languages)) for entity in items]
    except OSError as error:
        raise unreadable(path, error) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataFileError(
            path,
            "this is no entity document of Wikidata ({reason})",
            "get it again, from https://www.wikidata.org/wiki/Special:EntityData/",
            values={"reason": error},
        ) from error


def _best(claims: Iterable[Json]) -> list[Json]:
    ranked = list(claims)
    preferred = [claim for claim in ranked if claim["rank"] == "preferred"]
    return preferred or [claim for claim in ranked if claim["rank"] == "normal"]


def _statement(subject: NamedNode, name: str, claim: Json) -> Iterator[Triple]:
    node = _WDS[claim["id"].replace("$", "-")]
    yield Triple(subject, P[name], node)
    yield Triple(node, WIKIBASE["rank"], WIKIBASE[_RANKS[claim["rank"]]])
    if value := _value(claim["mainsnak"]):
        yield Triple(node, PS[name], value)
    for qualifier in _QUALIFIERS:
        for number, snak in enumerate((claim.get("qualifiers") or {}).get(qualifier, ())):
            if value := _value(snak):
                yield Triple(node, PQ[qualifier], value)
            yield from _time(node, qualifier, snak, f"t{_short(node)}{qualifier}x{number}")
    for number, reference in enumerate(claim.get("references") or ()):
        origin = BlankNode(f"r{_short(node)}x{number}")
        yield Triple(node, PROV.wasDerivedFrom, origin)
        snaks = reference["snaks"]
        told = ((one, _value(snak)) for one in _REFERENCES for snak in snaks.get(one, ()))
        yield from (Triple(origin, PR[one], value) for one, value in told if value)


def _time(node: NamedNode, qualifier: str, snak: Json, label: str) -> Iterator[Triple]:
    """Go through what tells how precise a date is."""
    if snak["snaktype"] == "value":
        time = snak["datavalue"]["value"]
        full = BlankNode(label)
        precision = (
            time["precision"] if time["calendarmodel"] == _GREGORIAN else min(time["precision"], _YEAR)
        )
        yield Triple(node, PQV[qualifier], full)
        yield Triple(full, WIKIBASE.timeValue, Literal(time["time"], datatype=XSD.dateTime))
        yield Triple(full, WIKIBASE.timePrecision, Literal(str(precision), datatype=XSD.integer))


def _short(node: NamedNode) -> str:
    return sha256(node.value.encode()).hexdigest()[:12]


def _value(snak: Json) -> Object | None:
    """Return the value of a snak: a blank node where it is said to be unknown, None where there is none."""
    if snak["snaktype"] != "value":
        return BlankNode() if snak["snaktype"] == "somevalue" else None
    kind, value = snak["datavalue"]["type"], snak["datavalue"]["value"]
    if kind == "wikibase-entityid":
        return WD[value.get("id") or f"Q{value['numeric-id']}"]
    if kind == "time":
        return Literal(value["time"], datatype=XSD.dateTime)
    if kind == "monolingualtext":
        return Literal(value["text"], language=value["language"])
    if kind == "globecoordinate":
        on_earth = value["globe"] == _EARTH
        return (
            Literal(f"Point({value['longitude']} {value['latitude']})", datatype=_WKT) if on_earth else None
        )
    return _page(value) if snak.get("datatype") == "url" else Literal(value)


def _page(url: str) -> NamedNode | None:
    """Return the IRI of a page; None of an address that is no IRI."""
    try:
        return NamedNode(url)
    except ValueError:
        return None
