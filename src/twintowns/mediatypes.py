"""What the files of a site are: a media type for each suffix, with the charset where a text type has one.

One table for the service and for the configuration of static hosts. Types of JSON and XML, N-Triples and
N-Quads carry no charset: JSON is UTF-8 (https://www.rfc-editor.org/rfc/rfc8259#section-8.1), so are the
others by their own standards, and XML says it itself. Registered names:
https://www.iana.org/assignments/media-types/
"""

from typing import Final

UNKNOWN: Final = "application/octet-stream"

MEDIA_TYPES: Final = {
    "atom": "application/atom+xml",
    "bib": "application/x-bibtex; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "gexf": "application/xml",
    "graphml": "application/xml",
    "html": "text/html; charset=utf-8",
    "ico": "image/vnd.microsoft.icon",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "md": "text/markdown; charset=utf-8",
    "mjs": "text/javascript; charset=utf-8",
    "nq": "application/n-quads",
    "nt": "application/n-triples",
    "png": "image/png",
    "rdf": "application/rdf+xml",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "rq": "application/sparql-query",
    "svg": "image/svg+xml",
    "ttl": "text/turtle; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "wasm": "application/wasm",
    "webp": "image/webp",
    "woff2": "font/woff2",
    "xml": "application/xml",
}
"""The media type of a suffix."""

NAMED: Final = {
    ".well-known/void": "text/turtle; charset=utf-8",
    "datasets/dcat": "application/rdf+xml",
    "dump/csv-metadata.json": "application/csvm+json",
    "linkset.json": "application/linkset+json",
}
"""The media type of a path whose suffix does not tell it."""

CALLED: Final = {
    "application/geo+json": "GeoJSON",
    "application/json": "JSON",
    "application/ld+json": "JSON-LD",
    "application/n-quads": "N-Quads",
    "application/n-triples": "N-Triples",
    "application/rdf+xml": "RDF/XML",
    "application/xml": "XML",
    "text/csv": "CSV",
    "text/turtle": "Turtle",
}
"""What the forms of data are called, in every language alike."""

CODINGS: Final = {"br": "br", "zstd": "zst", "gzip": "gz"}
"""The content codings of files compressed ahead, best first, with the suffix of each."""


def media_type_of(path: str) -> str:
    """Return the media type of a file of the site, as a `Content-Type` says it.

    >>> media_type_of("place/Q1.ttl"), media_type_of("datasets/dcat")
    ('text/turtle; charset=utf-8', 'application/rdf+xml')
    """
    suffix = path.rpartition("/")[2].rpartition(".")[2]
    return NAMED.get(path) or MEDIA_TYPES.get(suffix, UNKNOWN)


def bare(media_type: str) -> str:
    """Return a media type without its parameters.

    >>> bare("text/html; charset=utf-8")
    'text/html'
    """
    return media_type.partition(";")[0]
