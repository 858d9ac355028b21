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
        TABLES: written(_metadata(dataset, publication, found)),
    }


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
