"""The places and twinnings of a dataset as rows, of which tables, maps and networks are made.

All of them are made of the same rows, so that they tell the same.
"""

import math
import re
from collections.abc import Container, Iterable
from decimal import Decimal
from typing import Final

from pyoxigraph import Literal, NamedNode

from twintowns.catalogue import Publication
from twintowns.columns import Column, Read, Records, Table, key, several, single, templated
from twintowns.dataset import Dataset
from twintowns.graph import Graph, Node
from twintowns.iris import curie, is_wikidata_item, local_name
from twintowns.pieces import Things
from twintowns.vocabulary import DCTERMS, FIELD, GROUND, KIND, SCHEMA, STATUS, TT, WD, A, Namespace

PLACE_CLASSES: Final = (SCHEMA.AdministrativeArea, SCHEMA.City, SCHEMA.Country)

_GEONAMES: Final = re.compile(r"https://sws\.geonames\.org/([0-9]+)/")
_GEONAMES_PLACE: Final = "https://sws.geonames.org/{geonames}/"
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]{1,3}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})")
_DATE: Final = "-?[0-9]{4,}(-[0-9]{2}(-[0-9]{2})?)?"
_HIGHEST: Final = (90, 180)
_WITHOUT_ITEM: Final = (math.inf,)


def records(dataset: Dataset, publication: Publication, changed: Container[Node] | None = None) -> Records:
    """Read the places, those included that are only named as partners, and the twinnings of a dataset.

    Args:
        dataset: The dataset.
        publication: Its languages.
        changed: The things of which an edit can have changed what the rows tell, if that is known.
    """
    reader = _Reader(dataset.graph, publication)
    twinnings = _sorted(dataset.graph.instances(TT.Twinning))
    partners = (partner for twinning in twinnings for partner in reader.things(twinning, TT.partner))
    described = (node for one in PLACE_CLASSES for node in dataset.graph.instances(one))
    return Records(
        reader.table(reader.place_columns(), Things("places", _sorted((*described, *partners)), changed)),
        reader.table(reader.twinning_columns(), Things("twinnings", twinnings, changed)),
    )


class _Reader:
    """Reads the columns of things in a graph."""

    def __init__(self, graph: Graph, publication: Publication) -> None:
        self._graph = graph
        self._languages = publication.languages
        self._countries = countries_of(graph)
        self._country_names = {country: self.label(country) for country in set(self._countries.values())}
        self._ordered: dict[NamedNode, list[NamedNode]] = {}

    def table(self, columns: tuple[Column, ...], things: Things) -> Table:
        return Table(columns, things, self.label)

    def things(self, thing: Node, predicate: NamedNode) -> list[NamedNode]:
        return [value for value in self._values(thing, predicate) if isinstance(value, NamedNode)]

    def texts(self, thing: Node, predicate: NamedNode) -> list[Literal]:
        return [value for value in self._values(thing, predicate) if isinstance(value, Literal)]

    def _values(self, thing: Node, predicate: NamedNode) -> Iterable[object]:
        return self._graph.values(thing, predicate)

    def label(self, thing: NamedNode) -> str:
        """Return the name in the first language that there is one in, or else the end of the IRI."""
        named = self.texts(thing, SCHEMA.name)
        by_language = {_tag(text): text.value for text in reversed(named)}
        wanted = (*(tag.lower() for tag in self._languages), "", *by_language)
        return next((by_language[tag] for tag in wanted if by_language.get(tag)), local_name(thing.value))

    def place_columns(self) -> tuple[Column, ...]:
        return (
            key(),
            *self._text_columns("name", SCHEMA.name, "Name"),
            several(
                "alternate_names",
                "Further names, as text@language",
                lambda p: map(_tagged, self.texts(p, SCHEMA.alternateName)),
            ),
            templated("type", "Its class in schema.org", self._type, A, f"{SCHEMA}{{type}}"),
            templated("wikidata", "Wikidata item", self._qids, SCHEMA.sameAs, f"{WD}{{wikidata}}"),
            templated("geonames", "GeoNames number", self._geonames, SCHEMA.sameAs, _GEONAMES_PLACE),
            self._links("same_as", "The place in all other data sets and works", SCHEMA.sameAs),
            single("country", "Country in which it lies", self._country, {"datatype": "anyURI"}),
            single("country_name", "Name of that country", self._country_name, {}),
            self._links("contained_in", "Smallest area in which it lies", SCHEMA.containedInPlace),
            templated("geo", "Name of its coordinates", self._geo, SCHEMA.geo, "{+geo}"),
            self._coordinate("latitude", SCHEMA.latitude, 0),
            self._coordinate("longitude", SCHEMA.longitude, 1),
            several("codes", "Codes, each after the name of its register", self._codes),
            self._links("websites", "Its own website", SCHEMA.url),
            self._links("sources", "What its description was read in", DCTERMS.source),
            *self._text_columns("description", SCHEMA.description, "Description"),
        )

    def twinning_columns(self) -> tuple[Column, ...]:
        return (
            key(),
            *self._text_columns("name", SCHEMA.name, "Name"),
            self._partner("partner_1", "First partner", 0),
            self._partner("partner_2", "Second partner", 1),
            several(
                "partners", "All partners, by their items' numbers", self._partners, TT.partner, "anyURI"
            ),
            several("partner_wikidata", "Wikidata items of the partners, in that order", self._partner_qids),
            self._links("participants", "Places that take part, of a partner", TT.participant),
            self._concept("kind", "Kind of the relation", TT.kind, KIND),
            self._concept("status", "How it stands: planned, active, dormant or ended", TT.status, STATUS),
            self._date("start", "When it began", SCHEMA.startDate),
            self._date("end", "When it ended", SCHEMA.endDate),
            self._concepts("fields", "Fields of cooperation", TT.field, FIELD),
            self._concepts("common_ground", "What the partners have in common", TT.commonGround, GROUND),
            self._links("associations", "Organizations that carry it", TT.association),
            self._links("industrial_contacts", "Companies through which it goes", TT.industrialContact),
            several("unknown", "Properties whose values the editors do not know", self._unknown, TT.unknown),
            self._links("sources", "What its description was read in", DCTERMS.source),
            *self._text_columns("description", SCHEMA.description, "Description"),
        )

    def _text_columns(self, name: str, predicate: NamedNode, explained: str) -> Iterable[Column]:
        """Make a column for each language, one for a text without a language, and one for all others."""
        for tag in self._languages:
            metadata = {"lang": tag, "propertyUrl": predicate.value}
            column = f"{name}_{tag.replace('-', '_')}"
            yield single(
                column, f"{explained} in the language {tag}", self._first_in(predicate, tag), metadata
            )
        without = {"lang": "und", "rdfs:seeAlso": {"@id": predicate.value}}
        yield single(name, f"{explained} without a language", self._first_in(predicate, ""), without)
        others = f"{explained} in other languages, as text@language"
        yield several(f"other_{name}s", others, lambda thing: self._others(thing, predicate), predicate)

    def _first_in(self, predicate: NamedNode, tag: str) -> Read:
        wanted = tag.lower()
        return lambda thing: [t.value for t in self.texts(thing, predicate) if _tag(t) == wanted][:1]

    def _others(self, thing: NamedNode, predicate: NamedNode) -> Iterable[str]:
        shown = {"", *(tag.lower() for tag in self._languages)}
        for text in self.texts(thing, predicate):
            if _tag(text) in shown:
                shown.remove(_tag(text))
            else:
                yield _tagged(text)

    def _links(self, name: str, explained: str, predicate: NamedNode) -> Column:
        return several(name, explained, lambda thing: self._codes_of(thing, predicate), predicate, "anyURI")

    def _concept(self, name: str, explained: str, predicate: NamedNode, scheme: Namespace) -> Column:
        whole = f"{scheme}{{{name}}}"
        return templated(
            name, explained, lambda t: self._codes_of(t, predicate, scheme)[:1], predicate, whole
        )

    def _concepts(self, name: str, explained: str, predicate: NamedNode, scheme: Namespace) -> Column:
        return several(name, explained, lambda thing: self._codes_of(thing, predicate, scheme), predicate)

    def _codes_of(self, thing: NamedNode, predicate: NamedNode, scheme: str = "") -> list[str]:
        return [value.value.removeprefix(scheme) for value in self.things(thing, predicate)]

    def _date(self, name: str, explained: str, predicate: NamedNode) -> Column:
        def read(thing: NamedNode) -> Iterable[str]:
            return [t.value for t in self.texts(thing, predicate) if re.fullmatch(_DATE, t.value)][:1]

        metadata = {"datatype": {"base": "string", "format": _DATE}, "rdfs:seeAlso": {"@id": predicate.value}}
        return single(name, f"{explained}: year, month or day", read, metadata)

    def _coordinate(self, name: str, predicate: NamedNode, index: int) -> Column:
        def read(thing: NamedNode) -> Iterable[str]:
            return [_with_all_decimals(both[index]) for _, both in self._coordinates(thing)[:1]]

        metadata = {"datatype": "decimal", "aboutUrl": "{+geo}", "propertyUrl": predicate.value}
        return single(name, f"Its {name} in degrees (WGS 84)", read, metadata)

    def _geo(self, thing: NamedNode) -> list[str]:
        return [geo.value for geo, _ in self._coordinates(thing)[:1]]

    def _coordinates(self, thing: NamedNode) -> list[tuple[NamedNode, tuple[Decimal, Decimal]]]:
        """Return the pairs of coordinates of a place with their names, as far as they lie on the earth."""
        found: list[tuple[NamedNode, tuple[Decimal, Decimal]]] = []
        for geo in self.things(thing, SCHEMA.geo):
            told = (self.texts(geo, SCHEMA.latitude), self.texts(geo, SCHEMA.longitude))
            numbers = ([Decimal(t.value) for t in texts if _DECIMAL.fullmatch(t.value)] for texts in told)
            found.extend((geo, both) for both in zip(*numbers, strict=False))
        return [one for one in found if all(abs(n) <= most for n, most in zip(one[1], _HIGHEST, strict=True))]

    def _qids(self, thing: NamedNode) -> list[str]:
        items = filter(is_wikidata_item, self.things(thing, SCHEMA.sameAs))
        return [item.value.removeprefix(WD) for item in items][:1]

    def _geonames(self, thing: NamedNode) -> list[str]:
        found = map(_GEONAMES.fullmatch, self._codes_of(thing, SCHEMA.sameAs))
        return [match[1] for match in found if match][:1]

    def _type(self, thing: NamedNode) -> Iterable[str]:
        return [local_name(one.value) for one in self.things(thing, A) if one in PLACE_CLASSES][:1]

    def _country(self, thing: NamedNode) -> Iterable[str]:
        return [self._countries[thing].value] if thing in self._countries else []

    def _country_name(self, thing: NamedNode) -> Iterable[str]:
        return [self._country_names[self._countries[thing]]] if thing in self._countries else []

    def _codes(self, thing: NamedNode) -> Iterable[str]:
        for part in self.things(thing, SCHEMA.identifier):
            told = (*self.texts(part, SCHEMA.propertyID)[:1], *self.texts(part, SCHEMA.value)[:1])
            yield ": ".join(text.value for text in told)

    def _partners(self, thing: NamedNode) -> list[str]:
        return [partner.value for partner in self._ordered_partners(thing)]

    def _partner(self, name: str, explained: str, index: int) -> Column:
        metadata = {"datatype": "anyURI", "propertyUrl": TT.partner.value, "valueUrl": f"{{+{name}}}"}
        return single(name, explained, lambda thing: self._partners(thing)[index : index + 1], metadata)

    def _partner_qids(self, thing: NamedNode) -> list[str]:
        return [qid for partner in self._ordered_partners(thing) for qid in self._qids(partner)]

    def _ordered_partners(self, thing: NamedNode) -> list[NamedNode]:
        """Return the partners by their items' numbers; several columns ask for them."""
        if thing not in self._ordered:
            self._ordered[thing] = sorted(self.things(thing, TT.partner), key=self._number_and_iri)
        return self._ordered[thing]

    def _number_and_iri(self, place: NamedNode) -> tuple[tuple[float | str, ...], str]:
        """Return what orders by the item's number, however large, and then by the IRI."""
        return next(((len(qid), qid) for qid in self._qids(place)), _WITHOUT_ITEM), place.value

    def _unknown(self, thing: NamedNode) -> Iterable[str]:
        return map(curie, self._codes_of(thing, TT.unknown))


def countries_of(graph: Graph) -> dict[Node, NamedNode]:
    """Return the topmost country in which each place lies, itself if it is one."""
    countries = _sorted(graph.instances(SCHEMA.Country))
    countries.sort(key=lambda country: bool(graph.values(country, SCHEMA.containedInPlace)))
    found: dict[Node, NamedNode] = {}
    for country in countries:
        waiting: list[Node] = [country]
        for place in waiting:
            if place not in found:
                found[place] = country
                waiting.extend(graph.leading_to(place, SCHEMA.containedInPlace))
    return found


def _sorted(nodes: Iterable[Node]) -> list[NamedNode]:
    named = {node for node in nodes if isinstance(node, NamedNode)}
    return sorted(named, key=lambda node: node.value)


def _tag(text: Literal) -> str:
    return (text.language or "").lower()


def _tagged(text: Literal) -> str:
    return f"{text.value}@{text.language}" if text.language else text.value


def _with_all_decimals(number: Decimal) -> str:
    """Return a coordinate with six decimals or more, if it has any.

    In half of Europe the point stands between thousands and in dates: a spreadsheet there reads 50.645 as
    fifty thousand, and 12.5 as a day in May. Of six decimals it makes neither.

    >>> _with_all_decimals(Decimal("50.645")), _with_all_decimals(Decimal("90"))
    ('50.645000', '90')
    """
    told = format(number, "f")
    whole, _, decimals = told.partition(".")
    return f"{whole}.{decimals:0<6}" if decimals else told
