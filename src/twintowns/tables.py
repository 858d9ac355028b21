"""Places and twinnings as tables, for spreadsheets and statistics, with metadata that explains the columns.

CSV follows RFC 4180 (https://www.rfc-editor.org/rfc/rfc4180), its metadata CSVW
(https://www.w3.org/TR/tabular-metadata/). Only single places are foreign keys, not those of a list
(https://github.com/w3c/csvw/issues/899).

What a spreadsheet would take for a formula begins with an apostrophe, as
https://owasp.org/www-community/attacks/CSV_Injection advises; a `; ` within a text of a list has a
no-break space, since `; ` stands between the texts.
"""

import csv
import io
from collections.abc import Iterable
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from twintowns.catalogue import Publication
from twintowns.columns import Records, Table
from twintowns.dataset import Dataset
from twintowns.distributions import FOLDER, TABLES
from twintowns.jsontext import written
from twintowns.pieces import Piece, Pieces, Section, Whole
from twintowns.vocabulary import DCTERMS, TT, A

_BYTE_ORDER_MARK: Final = "\ufeff"
_NOTE: Final = (
    "UTF-8 with a byte order mark. A text that a spreadsheet would take for a formula begins with an "
    "apostrophe that is not part of it; values of a list are separated by a semicolon and a space."
)
_DIALECT: Final = {"encoding": "utf-8", "header": True, "delimiter": ",", "lineTerminators": ["\r\n"]}
_CLASS: Final = {
    "@type": "Column",
    "name": "class",
    "virtual": True,
    "propertyUrl": A.value,
    "valueUrl": TT.Twinning.value,
}
"""A column that stands in no file: that the things of the table are twinnings."""


def tables(
    dataset: Dataset, publication: Publication, found: Records, pieces: Pieces | None = None
) -> dict[str, bytes]:
    """Return the tables of a dataset and their metadata, by their paths in the site.

    Args:
        dataset: The dataset.
        publication: Its languages.
        found: What was read of it.
        pieces: What is kept of the tables that are published, if anything.
    """
    wholes = (_csv(f"{FOLDER}{name}.csv", table) for name, table in found._asdict().items())
    return {
        **{whole.path: (pieces or Pieces()).joined(whole) for whole in wholes},
        TABLES: written(_metadata(dataset, publication, found)),
    }


def _csv(path: str, table: Table) -> Whole:
    """Tell what a table is made of; by a byte order mark a spreadsheet knows that this is UTF-8."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")

    def line(cells: Iterable[str]) -> bytes:
        file.seek(0)
        file.truncate()
        writer.writerow(cells)
        return file.getvalue().encode()

    def make(thing: NamedNode) -> Piece:
        row = table.row(thing)
        return Piece(line(column.cell(row[column.name]) for column in table.columns))

    head = _BYTE_ORDER_MARK.encode() + line(column.name for column in table.columns)
    return Whole(path, [Section(table.things, make, lambda _: head)])


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
    """Describe a table; what class its things are of stands in no cell where it is the same for all."""
    places = {"resource": "places.csv", "columnReference": "iri"}
    is_of_one_class = all(column.name != "type" for column in table.columns)
    virtual = [_CLASS] if is_of_one_class else []
    schema = {
        "@type": "Schema",
        "aboutUrl": "{+iri}",
        "primaryKey": "iri",
        "foreignKeys": [{"columnReference": name, "reference": places} for name in leading_to_places],
        "columns": [*(column.described() for column in table.columns), *virtual],
    }
    return {"@id": iri, "@type": "Table", "url": file, "tableSchema": schema}
