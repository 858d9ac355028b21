"""The files in which the whole dataset is offered: what each is, for people, portals and search engines.

One table for the landing page, the catalogue and the link sets. Media types are those registered at
https://www.iana.org/assignments/media-types/, so that portals know them.
"""

from typing import Final, NamedTuple

FOLDER: Final = "dump/"
TABLES: Final = f"{FOLDER}csv-metadata.json"
"""Where the tables are described."""


class Distribution(NamedTuple):
    """One form of the dataset.

    Attributes:
        key: How it is told from the others, in its IRI.
        file: Its name in the folder of the dumps.
        name: What the form is called.
        media_type: Its media type.
        file_type: Its code in the file type table of the EU Publications Office.
        standard: The address of the specification of the form.
        content: What of the dataset it holds, as a message of a word or two.
        message: What it holds, as a message with a place for the name.
    """

    key: str
    file: str
    name: str
    media_type: str
    file_type: str
    standard: str
    content: str = "whole dataset"
    message: str = "The whole dataset as {form}."

    @property
    def label(self) -> str:
        """What a link to it says: the form, and of a table what it lists."""
        return f"{self.name}: {self.file}" if self.media_type == "text/csv" else self.name

    @property
    def path(self) -> str:
        """Where it lies in the site."""
        return f"{FOLDER}{self.file}"


DISTRIBUTIONS: Final = (
    Distribution(
        "ttl", "twintowns.ttl", "Turtle", "text/turtle", "RDF_TURTLE", "https://www.w3.org/TR/turtle/"
    ),
    Distribution(
        "jsonld",
        "twintowns.jsonld",
        "JSON-LD",
        "application/ld+json",
        "JSON_LD",
        "https://www.w3.org/TR/json-ld11/",
    ),
    Distribution(
        "nt",
        "twintowns.nt",
        "N-Triples",
        "application/n-triples",
        "RDF_N_TRIPLES",
        "https://www.w3.org/TR/n-triples/",
    ),
    Distribution(
        "rdf",
        "twintowns.rdf",
        "RDF/XML",
        "application/rdf+xml",
        "RDF_XML",
        "https://www.w3.org/TR/rdf-syntax-grammar/",
    ),
    Distribution(
        "nq",
        "twintowns.nq",
        "N-Quads",
        "application/n-quads",
        "RDF_N_QUADS",
        "https://www.w3.org/TR/n-quads/",
        message="The whole dataset as {form}, asserted and derived facts apart.",
    ),
    Distribution(
        "twinnings-csv",
        "twinnings.csv",
        "CSV",
        "text/csv",
        "CSV",
        "https://www.w3.org/TR/tabular-data-model/",
        "twinnings",
        "A part of the dataset, the twinnings alone, as a table ({form}): partners, kind, status, "
        "dates, fields, sources, descriptions.",
    ),
    Distribution(
        "places-csv",
        "places.csv",
        "CSV",
        "text/csv",
        "CSV",
        "https://www.w3.org/TR/tabular-data-model/",
        "places",
        "A part of the dataset, the places alone, as a table ({form}): names, identifiers, coordinates, "
        "countries, sources, descriptions.",
    ),
    Distribution(
        "geojson",
        "twintowns.geojson",
        "GeoJSON",
        "application/geo+json",
        "GEOJSON",
        "https://www.rfc-editor.org/rfc/rfc7946",
        "map",
        "A part of the dataset, the places and twinnings alone, for a map ({form}): points, and lines "
        "between the partners.",
    ),
    Distribution(
        "gexf",
        "twintowns.gexf",
        "GEXF",
        "application/xml",
        "XML",
        "https://gexf.net/schema.html",
        "network",
        "A part of the dataset, the places and twinnings alone, as a network ({form}): nodes and edges "
        "with their attributes.",
    ),
    Distribution(
        "graphml",
        "twintowns.graphml",
        "GraphML",
        "application/xml",
        "XML",
        "http://graphml.graphdrawing.org/specification.html",
        "network",
        "A part of the dataset, the places and twinnings alone, as a network ({form}): nodes and edges "
        "with their attributes.",
    ),
)
