"""The answers of the reconciliation service: what names mean, suggestions, values, and what the service is.

The protocol is the Reconciliation Service API 0.2 of the W3C Entity Reconciliation Community Group
(https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/). Items are named by their
Wikidata numbers. A candidate is told as a match only where the harvest of tables would believe it too.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from twintowns import __version__, jsontext
from twintowns.foldednames import MOST_CHARACTERS
from twintowns.iris import number_of
from twintowns.messages import territory_name
from twintowns.nameindex import Entry, NameIndex
from twintowns.namesources import qid_in
from twintowns.reconciliation import Asked, Candidate, Match, decided, judged, settled
from twintowns.territories import territories_of
from twintowns.vocabulary import SCHEMA, WD

MOST_QUERIES: Final = 50
"""How many queries a batch may hold."""
MOST_PROPERTIES: Final = 10
"""By how many properties a query may be narrowed."""
MOST_SUGGESTED: Final = 10
MOST_CURSOR: Final = 1000
_MOST_CANDIDATES: Final = 10
_MOST_VALUES: Final = 20
_COUNTRY, _PARTNER, _NAME, _IRI = "country", "partner", "name", "iri"

PROPERTIES: Final = {
    _COUNTRY: "Country",
    _PARTNER: "Twinned with",
    _NAME: "Name",
    _IRI: "IRI in this publication",
}
"""The properties by which a query is narrowed (the first two), and of which values are told."""
TYPES: Final = {
    "AdministrativeArea": "Administrative area",
    "City": "City",
    "Country": "Country",
}

Object = dict[str, Any]
_WRONG: Final = {
    "query": "a query is an object",
    "fields": "a query has a text as query, and a limit above zero",
    "ids": "ids are a list of texts",
    "id": "a property has an id",
    "json": "the query is not JSON",
    "object": "the query is not an object",
    "type": "a type is a text",
    "properties": "properties are a list",
    "pid": "a property has a pid",
    "many": f"a query has at most {MOST_PROPERTIES} properties",
}


class BadQueryError(ValueError):
    """A query is not as the protocol has it."""


class TooManyError(ValueError):
    """A batch holds more queries than may be."""


class Answers:
    """Answers from an index.

    Args:
        index: The names.
        space: The IRI space of the publication.
        language: The tag of the language in which countries are named; English where there is none.
    """

    def __init__(self, index: NameIndex, space: str, language: str = "") -> None:
        """Keep the index."""
        self._index = index
        self._space = space
        self._language = language

    def batch(self, text: str) -> Object:
        """Return the candidates for each query of a batch.

        Raises:
            BadQueryError: If the text is no batch of queries.
            TooManyError: If it holds too many.
        """
        queries = _object(text)
        if len(queries) > MOST_QUERIES:
            raise TooManyError(MOST_QUERIES)
        return {key: {"result": self._candidates(query)} for key, query in queries.items()}

    def _candidates(self, query: object) -> list[Object]:
        if not isinstance(query, dict):
            raise BadQueryError(_WRONG["query"])
        text, limit = query.get("query", ""), query.get("limit", _MOST_CANDIDATES)
        if not isinstance(text, str) or isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
            raise BadQueryError(_WRONG["fields"])
        types, values = _types(query), _values(query)
        match = self._match(text, values)
        wanted = [one for one in match.candidates if not types or one.found.entry.kind in types]
        is_sure = len(match.candidates) == len(wanted) or bool(match.qid)
        return [self._told(one, match, is_sure=is_sure) for one in wanted[: min(limit, _MOST_CANDIDATES)]]

    def _match(self, text: str, values: Mapping[str, Sequence[str]]) -> Match:
        """Return what a text means: an item by its number, or a name with what is told of it."""
        territories: frozenset[str] = frozenset()
        for value in values.get(_COUNTRY, ()):
            territories |= self._index.territories(value) or territories_of(value)
        qid = qid_in(text)
        asked = Asked(self._index.entries[qid].names[0] if qid in self._index.entries else text, territories)
        match = judged(asked, self._index)
        if qid in self._index.entries:
            return settled(match, qid) if any(one.qid == qid for one in match.candidates) else decided("")
        partners = {item for value in values.get(_PARTNER, ()) for item in self._items(value)}
        known = [
            one.qid
            for one in match.candidates
            if any(self._index.is_twinned(one.qid, item) for item in partners)
        ]
        return settled(match, known[0]) if len(known) == 1 and not match.qid else match

    def _items(self, value: str) -> list[str]:
        qid = qid_in(value)
        return [qid] if qid else [found.entry.qid for found in self._index.found(value, with_slips=False)]

    def _told(self, one: Candidate, match: Match, *, is_sure: bool) -> Object:
        entry = one.found.entry
        return {
            "id": entry.qid,
            "name": entry.names[0],
            "description": self._described(entry),
            "type": _type(entry),
            "score": match.score if one.qid == match.qid else one.score,
            "match": is_sure and one.qid == match.qid,
            "features": [
                {"id": "name", "value": int(one.found.level)},
                {"id": "country_known", "value": bool(entry.territories)},
            ],
        }

    def suggested(self, prefix: str, cursor: int) -> Object:
        """Return items of which a name begins with a text, or that of which it is the number."""
        if (qid := qid_in(prefix)) in self._index.entries:
            found = [self._index.entries[qid]]
        else:
            found = self._index.beginning(prefix, cursor + MOST_SUGGESTED)
        result = [
            {
                "id": entry.qid,
                "name": entry.names[0],
                "description": self._described(entry),
                "notable": _type(entry),
            }
            for entry in found[cursor:]
        ]
        return {"result": result}

    def extended(self, text: str) -> Object:
        """Return the values of properties of items.

        Raises:
            BadQueryError: If the text is no such query.
            TooManyError: If it asks for too many items.
        """
        query = _object(text)
        properties = query.get("properties")
        if not isinstance(properties, list):
            raise BadQueryError(_WRONG["properties"])
        ids = _texts(query.get("ids"), "ids")
        wanted = _texts([one.get("id") if isinstance(one, dict) else None for one in properties], "id")
        if len(ids) > MOST_QUERIES or len(wanted) > MOST_QUERIES:
            raise TooManyError(MOST_QUERIES)
        known = [name for name in dict.fromkeys(wanted) if name in PROPERTIES]
        return {
            "meta": [{"id": name, "name": PROPERTIES[name]} for name in known],
            "rows": {qid: {name: self._value(qid, name) for name in known} for qid in ids},
        }

    def _value(self, qid: str, name: str) -> list[Object]:
        entry = self._index.entries.get(qid)
        if entry is None:
            return []
        if name == _COUNTRY:
            return [{"str": code} for code in sorted(entry.territories)]
        if name == _PARTNER:
            partners = self.twinned_with(qid)[:MOST_QUERIES]
            return [{"id": partner.qid, "name": partner.names[0]} for partner in partners]
        texts = entry.names[:_MOST_VALUES] if name == _NAME else (f"{self._space}place/{qid}",)
        return [{"str": text} for text in texts]

    def _described(self, entry: Entry) -> str:
        others = [name for name in entry.names[1:_MOST_VALUES] if name != entry.names[0]]
        countries = sorted(territory_name(code, self._language) for code in entry.territories)
        return "; ".join(filter(None, ("/".join(countries), ", ".join(others[:3]))))

    def entry(self, qid: str) -> Entry | None:
        """Return an item, or None where it is not known."""
        return self._index.entries.get(qid)

    def twinned_with(self, qid: str) -> list[Entry]:
        """Return the items that an item is twinned with, as far as they are known."""
        known = map(self._index.entries.get, sorted(self._index.twinned_with(qid), key=number_of))
        return [entry for entry in known if entry]


def manifest(name: str, space: str, base: str) -> Object:
    """Return what the service is.

    Args:
        name: What the publication is called.
        space: Its IRI space.
        base: The address of the service, ending in a slash.
    """
    suggest = {
        kind: {"service_url": base.removesuffix("/"), "service_path": f"/reconcile/suggest/{kind}"}
        for kind in ("entity", "property", "type")
    }
    propose = {"service_url": base.removesuffix("/"), "service_path": "/reconcile/properties"}
    return {
        "versions": ["0.2"],
        "name": name,
        "identifierSpace": str(WD),
        "schemaSpace": str(SCHEMA),
        "serviceVersion": __version__,
        "defaultTypes": types_told(),
        "view": {"url": f"{space}place/{{{{id}}}}"},
        "preview": {"url": f"{base}reconcile/preview?id={{{{id}}}}", "width": 400, "height": 220},
        "suggest": suggest,
        "extend": {"propose_properties": propose, "property_settings": []},
        "batchSize": MOST_QUERIES,
    }


def types_told() -> list[Object]:
    """Return the types of items."""
    return _named(TYPES)


def beginning(words: Mapping[str, str], prefix: str) -> Object:
    """Return the properties or types of which the name begins with a text."""
    found = {one: name for one, name in words.items() if prefix.casefold() in {"", one.casefold()}}
    found |= {one: name for one, name in words.items() if name.casefold().startswith(prefix.casefold())}
    return {"result": _named(found)}


def proposed(kind: str, limit: int) -> Object:
    """Return the properties whose values can be had of items of a type."""
    return {"type": kind, "limit": limit, "properties": _named(PROPERTIES)[:limit]}


def _named(words: Mapping[str, str]) -> list[Object]:
    return [{"id": one, "name": name} for one, name in words.items()]


def _type(entry: Entry) -> list[Object]:
    name = entry.kind.removeprefix(SCHEMA)
    return [{"id": name, "name": TYPES[name]}] if name in TYPES else []


def _object(text: str) -> Object:
    try:
        found = jsontext.read(text)
    except ValueError as error:
        raise BadQueryError(_WRONG["json"]) from error
    if not isinstance(found, dict):
        raise BadQueryError(_WRONG["object"])
    return found


def _types(query: Object) -> set[str]:
    """Return the IRIs of the types that are wanted."""
    told = query.get("type") or []
    types = [told] if isinstance(told, str) else told
    return {f"{SCHEMA}{one.removeprefix(SCHEMA)}" for one in _texts(types, "type")}


def _values(query: Object) -> dict[str, list[str]]:
    """Return the texts of the values by which a query is narrowed."""
    found: dict[str, list[str]] = {}
    told = query.get("properties") or []
    if not isinstance(told, list):
        raise BadQueryError(_WRONG["properties"])
    if len(told) > MOST_PROPERTIES:
        raise BadQueryError(_WRONG["many"])
    for one in told:
        if not isinstance(one, dict) or not isinstance(one.get("pid"), str):
            raise BadQueryError(_WRONG["pid"])
        value = one.get("v")
        values: Iterable[object] = value if isinstance(value, list) else [value]
        texts = [each.get("id") if isinstance(each, dict) else each for each in values]
        found.setdefault(one["pid"], []).extend(
            each[:MOST_CHARACTERS] for each in texts[:_MOST_VALUES] if isinstance(each, str)
        )
    return found


def _texts(value: object, what: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise BadQueryError(_WRONG[what])
    return value
