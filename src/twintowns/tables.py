"""Places and twinnings as tables, for spreadsheets and statistics, with metadata that explains the columns.

Tables and networks are made of the same rows, so that they tell the same. CSV follows RFC 4180
(https://www.rfc-editor.org/rfc/rfc4180), its metadata CSVW (https://www.w3.org/TR/tabular-metadata/).
A column has a `propertyUrl` where the conversion to RDF gives back a triple of the dataset, and else an
`rdfs:seeAlso`: of a list it makes literals. So too only single places are foreign keys
(https://github.com/w3c/csvw/issues/899).

What a spreadsheet would take for a formula begins with an apostrophe, as
https://owasp.org/www-community/attacks/CSV_Injection advises; a `; ` within a text of a list has a
no-break space, since `; ` stands between the texts.
"""

import csv
import io
import math
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from twintowns.catalogue import Publication
from twintowns.dataset import Dataset
from twintowns.distributions import FOLDER
from twintowns.graph import Graph, Node
from twintowns.iris import curie, is_wikidata_item, local_name
from twintowns.jsontext import written
from twintowns.vocabulary import DCTERMS, FIELD, GROUND, KIND, SCHEMA, STATUS, TT, WD, A, Namespace
from twintowns.xmltext import xml_text

SEPARATOR: Final = "; "
PLACE_CLASSES: Final = (SCHEMA.AdministrativeArea, SCHEMA.City, SCHEMA.Country)

_GEONAMES: Final = re.compile(r"https://sws\.geonames\.org/([0-9]+)/")
_GEONAMES_PLACE: Final = "https://sws.geonames.org/{geonames}/"
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]{1,3}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})")
_DATE: Final = "-?[0-9]{4,}(-[0-9]{2}(-[0-9]{2})?)?"
_FORMULA: Final = re.compile(r"[=+\-@\t\r\n＝＋－＠]")  # noqa: RUF001 - full width letters are such signs too
_BYTE_ORDER_MARK: Final = "\ufeff"
_HIGHEST: Final = (90, 180)
_WITHOUT_ITEM: Final = (math.inf,)

Read = Callable[[NamedNode], Iterable[str]]

_NOTE: Final = (
    "UTF-8 with a byte order mark. A text that a spreadsheet would take for a formula begins with an "
    "apostrophe that is not part of it; values of a list are separated by a semicolon and a space."
)
_DIALECT: Final = {"encoding": "utf-8", "header": True, "delimiter": ",", "lineTerminators": ["\r\n"]}

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
        return {**own, **self.metadata}

    def cell(self, texts: Iterable[str]) -> str:
        """Return texts as one cell."""
        clean = (xml_text(text) for text in texts)
        if self.metadata["datatype"] == "string":
            clean = (f"'{text}" if _FORMULA.match(text) else text for text in clean)
        if "separator" in self.metadata:
            clean = (text.replace(SEPARATOR, ";\u00a0") for text in clean)
        return SEPARATOR.join(clean)


class Table(NamedTuple):
    """One table: its columns, and a row for each thing in the order of their IRIs."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


class Records(NamedTuple):
    """The two tables."""

    places: Table
    twinnings: Table


def tables(dataset: Dataset, publication: Publication, found: Records) -> dict[str, bytes]:
    """Return the tables of a dataset and their metadata, by their paths in the site.

    Args:
        dataset: The dataset.
        publication: Its languages.
        found: What was read of it.
    """
    return {
        f"{FOLDER}twinnings.csv": _csv(found.twinnings),
        f"{FOLDER}places.csv": _csv(found.places),
        f"{FOLDER}csv-metadata.json": written(_metadata(dataset, publication, found)),
    }


def records(dataset: Dataset, publication: Publication) -> Records:
    """Read the places, those included that are only named as partners, and the twinnings of a dataset."""
    reader = _Reader(dataset.graph, publication)
    twinnings = _sorted(dataset.graph.instances(TT.Twinning))
    partners = (partner for twinning in twinnings for partner in reader.things(twinning, TT.partner))
    described = (node for one in PLACE_CLASSES for node in dataset.graph.instances(one))
    return Records(
        reader.table(reader.place_columns(), _sorted((*described, *partners))),
        reader.table(reader.twinning_columns(), twinnings),
    )


class _Reader:
    """Reads the columns of things in a graph."""

    def __init__(self, graph: Graph, publication: Publication) -> None:
        self._graph = graph
        self._languages = publication.languages
        self._countries = _countries(graph)

    def table(self, columns: tuple[Column, ...], things: Iterable[NamedNode]) -> Table:
        return Table(columns, tuple(self._row(columns, thing) for thing in things))

    def _row(self, columns: tuple[Column, ...], thing: NamedNode) -> Row:
        row = {column.name: tuple(text for text in column.read(thing) if text) for column in columns}
        return {**row, "label": (self.label(thing),)}

    def things(self, thing: Node, predicate: NamedNode) -> list[NamedNode]:
        return [value for value in self._graph.values(thing, predicate) if isinstance(value, NamedNode)]

    def texts(self, thing: Node, predicate: NamedNode) -> list[Literal]:
        return [value for value in self._graph.values(thing, predicate) if isinstance(value, Literal)]

    def label(self, thing: NamedNode) -> str:
        """Return the name in the first language that there is one in, or else the end of the IRI."""
        named = self.texts(thing, SCHEMA.name)
        by_language = {_tag(text): text.value for text in reversed(named)}
        wanted = (*(tag.lower() for tag in self._languages), "", *by_language)
        return next((by_language[tag] for tag in wanted if by_language.get(tag)), local_name(thing.value))

    def place_columns(self) -> tuple[Column, ...]:
        return (
            _iri(),
            *self._text_columns("name", SCHEMA.name, "Name"),
            _list(
                "alternate_names",
                "Further names, as text@language",
                lambda p: map(_tagged, self.texts(p, SCHEMA.alternateName)),
            ),
            _code("type", "Its class in schema.org", self._type, A, f"{SCHEMA}{{type}}"),
            _code("wikidata", "Wikidata item", self._qids, SCHEMA.sameAs, f"{WD}{{wikidata}}"),
            _code("geonames", "GeoNames number", self._geonames, SCHEMA.sameAs, _GEONAMES_PLACE),
            self._links("same_as", "The place in all other data sets and works", SCHEMA.sameAs),
            _one("country", "Country in which it lies", self._country, {"datatype": "anyURI"}),
            _one("country_name", "Name of that country", self._country_name, {}),
            self._links("contained_in", "Smallest area in which it lies", SCHEMA.containedInPlace),
            self._coordinate("latitude", SCHEMA.latitude, 0),
            self._coordinate("longitude", SCHEMA.longitude, 1),
            _list("codes", "Codes, each after the name of its register", self._codes),
            self._links("websites", "Its own website", SCHEMA.url),
            self._links("sources", "What its description was read in", DCTERMS.source),
            *self._text_columns("description", SCHEMA.description, "Description"),
        )

    def twinning_columns(self) -> tuple[Column, ...]:
        return (
            _iri(),
            *self._text_columns("name", SCHEMA.name, "Name"),
            self._partner("partner_1", "First partner", 0),
            self._partner("partner_2", "Second partner", 1),
            _list("partners", "All partners, by their items' numbers", self._partners, TT.partner, "anyURI"),
            _list("partner_wikidata", "Wikidata items of the partners, in that order", self._partner_qids),
            self._links("participants", "Places that take part, of a partner", TT.participant),
            self._concept("kind", "Kind of the relation", TT.kind, KIND),
            self._concept("status", "Whether it is planned, active or ended", TT.status, STATUS),
            self._date("start", "When it began", SCHEMA.startDate),
            self._date("end", "When it ended", SCHEMA.endDate),
            self._concepts("fields", "Fields of cooperation", TT.field, FIELD),
            self._concepts("common_ground", "What the partners have in common", TT.commonGround, GROUND),
            self._links("associations", "Organizations that carry it", TT.association),
            self._links("industrial_contacts", "Companies through which it goes", TT.industrialContact),
            _list("unknown", "Properties whose values the editors do not know", self._unknown, TT.unknown),
            self._links("sources", "What its description was read in", DCTERMS.source),
            *self._text_columns("description", SCHEMA.description, "Description"),
        )

    def _text_columns(self, name: str, predicate: NamedNode, explained: str) -> Iterable[Column]:
        """Make a column for each language, one for a text without a language, and one for all others."""
        for tag in self._languages:
            metadata = {"lang": tag, "propertyUrl": predicate.value}
            column = f"{name}_{tag.replace('-', '_')}"
            yield _one(column, f"{explained} in the language {tag}", self._first_in(predicate, tag), metadata)
        without = {"lang": "und", "rdfs:seeAlso": {"@id": predicate.value}}
        yield _one(name, f"{explained} without a language", self._first_in(predicate, ""), without)
        others = f"{explained} in other languages, as text@language"
        yield _list(f"other_{name}s", others, lambda thing: self._others(thing, predicate), predicate)

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
        return _list(name, explained, lambda thing: self._codes_of(thing, predicate), predicate, "anyURI")

    def _concept(self, name: str, explained: str, predicate: NamedNode, scheme: Namespace) -> Column:
        whole = f"{scheme}{{{name}}}"
        return _code(name, explained, lambda t: self._codes_of(t, predicate, scheme)[:1], predicate, whole)

    def _concepts(self, name: str, explained: str, predicate: NamedNode, scheme: Namespace) -> Column:
        return _list(name, explained, lambda thing: self._codes_of(thing, predicate, scheme), predicate)

    def _codes_of(self, thing: NamedNode, predicate: NamedNode, scheme: str = "") -> list[str]:
        return [value.value.removeprefix(scheme) for value in self.things(thing, predicate)]

    def _date(self, name: str, explained: str, predicate: NamedNode) -> Column:
        def read(thing: NamedNode) -> Iterable[str]:
            return [t.value for t in self.texts(thing, predicate) if re.fullmatch(_DATE, t.value)][:1]

        metadata = {"datatype": {"base": "string", "format": _DATE}, "rdfs:seeAlso": {"@id": predicate.value}}
        return _one(name, f"{explained}: year, month or day", read, metadata)

    def _coordinate(self, name: str, predicate: NamedNode, index: int) -> Column:
        def read(thing: NamedNode) -> Iterable[str]:
            return [format(both[index], "f") for both in self._coordinates(thing)[:1]]

        metadata = {"datatype": "decimal", "aboutUrl": "{+iri}#geo", "propertyUrl": predicate.value}
        return _one(name, f"Its {name} in degrees (WGS 84)", read, metadata)

    def _coordinates(self, thing: NamedNode) -> list[tuple[Decimal, Decimal]]:
        """Return the pairs of coordinates of a place, as far as they lie on the earth."""
        found: list[tuple[Decimal, Decimal]] = []
        for geo in self.things(thing, SCHEMA.geo):
            told = (self.texts(geo, SCHEMA.latitude), self.texts(geo, SCHEMA.longitude))
            numbers = ([Decimal(t.value) for t in texts if _DECIMAL.fullmatch(t.value)] for texts in told)
            found.extend(zip(*numbers, strict=False))
        return [both for both in found if abs(both[0]) <= _HIGHEST[0] and abs(both[1]) <= _HIGHEST[1]]

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
        return [self.label(self._countries[thing])] if thing in self._countries else []

    def _codes(self, thing: NamedNode) -> Iterable[str]:
        for part in self.things(thing, SCHEMA.identifier):
            told = (*self.texts(part, SCHEMA.propertyID)[:1], *self.texts(part, SCHEMA.value)[:1])
            yield ": ".join(text.value for text in told)

    def _partners(self, thing: NamedNode) -> list[str]:
        return [partner.value for partner in self._ordered_partners(thing)]

    def _partner(self, name: str, explained: str, index: int) -> Column:
        metadata = {"datatype": "anyURI", "propertyUrl": TT.partner.value, "valueUrl": f"{{+{name}}}"}
        return _one(name, explained, lambda thing: self._partners(thing)[index : index + 1], metadata)

    def _partner_qids(self, thing: NamedNode) -> list[str]:
        return [qid for partner in self._ordered_partners(thing) for qid in self._qids(partner)]

    def _ordered_partners(self, thing: NamedNode) -> list[NamedNode]:
        return sorted(self.things(thing, TT.partner), key=self._number_and_iri)

    def _number_and_iri(self, place: NamedNode) -> tuple[tuple[float | str, ...], str]:
        """Return what orders by the item's number, however large, and then by the IRI."""
        return next(((len(qid), qid) for qid in self._qids(place)), _WITHOUT_ITEM), place.value

    def _unknown(self, thing: NamedNode) -> Iterable[str]:
        return map(curie, self._codes_of(thing, TT.unknown))


def _iri() -> Column:
    """Make the column of the thing's own IRI, which is the key of its row."""
    metadata = {"datatype": "anyURI", "required": True, "suppressOutput": True}
    return _one("iri", "Its name on the web", lambda thing: [thing.value], metadata)


def _one(name: str, explained: str, read: Read, metadata: Mapping[str, Any]) -> Column:
    return Column(name, explained, read, {"datatype": "string", **metadata})


def _code(name: str, explained: str, read: Read, predicate: NamedNode, whole: str) -> Column:
    """Make the column of a part of an IRI, with the template of the whole."""
    return _one(name, explained, read, {"propertyUrl": predicate.value, "valueUrl": whole})


def _list(
    name: str, explained: str, read: Read, about: NamedNode | None = None, datatype: str = "string"
) -> Column:
    see_also = {"rdfs:seeAlso": {"@id": about.value}} if about else {}
    return Column(name, explained, read, {"datatype": datatype, "separator": SEPARATOR, **see_also})


def _countries(graph: Graph) -> dict[Node, NamedNode]:
    """Return the topmost country in which each place lies, itself if it is one."""
    countries = _sorted(graph.instances(SCHEMA.Country))
    countries.sort(key=lambda country: bool(graph.values(country, SCHEMA.containedInPlace)))
    found: dict[Node, NamedNode] = {}
    for country in countries:
        waiting: list[Node] = [country]
        for place in waiting:
            if place not in found:
                found[place] = country
                within = graph.pointing_at(place)
                waiting.extend(t.subject for t in within if t.predicate == SCHEMA.containedInPlace)  # type: ignore[misc]
    return found


def _sorted(nodes: Iterable[Node]) -> list[NamedNode]:
    named = {node for node in nodes if isinstance(node, NamedNode)}
    return sorted(named, key=lambda node: node.value)


def _tag(text: Literal) -> str:
    return (text.language or "").lower()


def _tagged(text: Literal) -> str:
    return f"{text.value}@{text.language}" if text.language else text.value


def _csv(table: Table) -> bytes:
    """Write a table with a byte order mark: by it a spreadsheet knows that this is UTF-8."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(column.name for column in table.columns)
    writer.writerows([column.cell(row[column.name]) for column in table.columns] for row in table.rows)
    return f"{_BYTE_ORDER_MARK}{file.getvalue()}".encode()


def _metadata(dataset: Dataset, publication: Publication, found: Records) -> dict[str, Any]:
    graph, own = dataset.graph, dataset.names.dataset.value
    licence = graph.value(dataset.names.catalogue, DCTERMS.license)
    titles = [
        {"@value": title.value, "@language": title.language or publication.main_language}
        for title in graph.values(dataset.names.catalogue, DCTERMS["title"])
        if isinstance(title, Literal)
    ]
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "@id": f"{own}#tables",
        "@type": "TableGroup",
        "dc:title": titles,
        **({"dc:license": {"@id": licence.value}} if isinstance(licence, NamedNode) else {}),
        "dc:description": _NOTE,
        "dc:isPartOf": {"@id": own},
        "dialect": _DIALECT,
        "tables": [
            _described(f"{own}#twinnings-csv", "twinnings.csv", found.twinnings, ("partner_1", "partner_2")),
            _described(f"{own}#places-csv", "places.csv", found.places, ("country",)),
        ],
    }


def _described(iri: str, file: str, table: Table, leading_to_places: Iterable[str]) -> dict[str, Any]:
    places = {"resource": "places.csv", "columnReference": "iri"}
    schema = {
        "@type": "Schema",
        "aboutUrl": "{+iri}",
        "primaryKey": "iri",
        "foreignKeys": [{"columnReference": name, "reference": places} for name in leading_to_places],
        "columns": [column.described() for column in table.columns],
    }
    return {"@id": iri, "@type": "Table", "url": file, "tableSchema": schema}
