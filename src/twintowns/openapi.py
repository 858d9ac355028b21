"""The service, described for programs and their authors: OpenAPI 3.1.

What a client may ask and what it is answered, path by path; the specification is
https://spec.openapis.org/oas/v3.1.1. How the answers are chosen is said in `docs/hosting.md`.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from twintowns.reconcileapi import reconciliation_paths

PATH: Final = "openapi.json"
"""Where the description lies in the service."""

_Object = dict[str, Any]

_TEXT: Final[_Object] = {"schema": {"type": "string"}}
_PROBLEM: Final = "application/problem+json"
_RDF: Final = ("text/turtle", "application/ld+json", "application/n-triples", "application/rdf+xml")
_PAGE: Final = "text/html"
_RESULTS: Final = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
)
_FAILURES: Final[Mapping[str, str]] = {
    "400": "The request is malformed.",
    "404": "There is no such thing here.",
    "406": "None of the forms that there are is accepted; the problem lists them.",
    "410": "The thing was published once, and is withdrawn.",
    "412": "A condition of the request does not hold.",
    "413": "The query or its result is too large.",
    "414": "The address is too long.",
    "415": "The media type of the request is none that is understood.",
    "416": "The range asked for lies outside the file.",
    "429": "This client asks too much at once; Retry-After says when to ask again.",
    "503": "Nobody can be answered now; Retry-After says when to ask again.",
}


def description(title: str, version: str, *, has_query_service: bool) -> _Object:
    """Return the description of a service.

    Args:
        title: What the publication is called.
        version: The version of the program.
        has_query_service: Whether queries are answered too.
    """
    paths = {"/": _landing_page(), "/{path}": _dereferencing(), "/healthz": _health()}
    if has_query_service:
        paths["/sparql"] = _query_service()
        paths |= reconciliation_paths(_failures)
    return {
        "openapi": "3.1.1",
        "info": {
            "title": title,
            "version": version,
            "summary": "Linked open data about twin towns.",
            "description": "Every thing has an IRI, which leads to its page and its data.",
        },
        "servers": [{"url": "."}],
        "paths": paths,
        "components": {"schemas": {"Problem": _problem()}},
    }


def _landing_page() -> _Object:
    return {
        "get": {
            "operationId": "landingPage",
            "summary": "The landing page, or the way to the catalogue in another form.",
            "parameters": [_header("Accept-Language")],
            "responses": {
                "200": _answer("The page.", [_PAGE]),
                "303": _redirect("The catalogue in the form that was asked for."),
                "304": {"description": "The client has it already."},
                **_failures("400", "406", "414", "503"),
            },
        }
    }


def _dereferencing() -> _Object:
    """Describe how an IRI, or the address of one representation, is answered."""
    return {
        "get": {
            "operationId": "dereference",
            "summary": "A thing by its IRI, or one of its representations by its address.",
            "parameters": [
                {
                    "name": "path",
                    "in": "path",
                    "required": True,
                    "description": "The part of the IRI after the IRI space; it may hold slashes.",
                    "schema": {"type": "string", "minLength": 1},
                    "examples": {"place": {"value": "place/Q503184"}, "turtle": {"value": "catalogue.ttl"}},
                },
                _query("_mediatype", "The media type wanted, in place of Accept."),
                _query("_profile", "The profile wanted, or `alt` for a list of what there is."),
                *(_header(name) for name in ("Accept-Language", "Accept-Profile", "Range")),
            ],
            "responses": {
                "200": {"description": "A representation.", "content": {"*/*": {}}},
                "206": {"description": "A part of a representation.", "content": {"*/*": {}}},
                "303": _redirect("The representation that fits best."),
                "304": {"description": "The client has it already."},
                **_failures("400", "404", "406", "410", "412", "414", "416", "503"),
            },
        }
    }


def _query_service() -> _Object:
    """Describe the SPARQL 1.1 Protocol as it is answered here."""
    asked = [
        _query("query", "A SPARQL 1.1 query; without one, the service describes itself."),
        _query("default-graph-uri", "A graph of the dataset for the default graph.", repeated=True),
        _query("named-graph-uri", "A graph of the dataset to be named.", repeated=True),
    ]
    answers = {
        "200": _answer(
            "The result; a description of the service where there is no query.", (*_RESULTS, *_RDF, _PAGE)
        ),
        "304": {"description": "The client has it already."},
        **_failures("400", "406", "413", "414", "415", "429", "503"),
    }
    form = {
        "type": "object",
        "properties": {one["name"]: one["schema"] for one in asked},
        "required": ["query"],
    }
    body = {
        "required": True,
        "content": {
            "application/sparql-query": {"schema": {"type": "string"}},
            "application/x-www-form-urlencoded": {"schema": form},
        },
    }
    return {
        "get": {
            "operationId": "query",
            "summary": "Answers a query.",
            "parameters": asked,
            "responses": answers,
        },
        "post": {
            "operationId": "queryByPost",
            "summary": "Answers a query that is too long for an address.",
            "parameters": asked[1:],
            "requestBody": body,
            "responses": answers,
        },
    }


def _health() -> _Object:
    health = {
        "type": "object",
        "properties": {"status": {"type": "string"}, "dataset": {"type": "string"}},
        "required": ["status"],
    }
    return {
        "get": {
            "operationId": "health",
            "summary": "Whether the service is well, for programs that watch it.",
            "responses": {
                "200": {"description": "It is.", "content": {"application/json": {"schema": health}}},
                **_failures("503"),
            },
        }
    }


def _problem() -> _Object:
    """Describe problem details (https://www.rfc-editor.org/rfc/rfc9457)."""
    return {
        "type": "object",
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "instance": {"type": "string"},
            "line": {"type": "integer"},
            "column": {"type": "integer"},
            "engine": {"type": "string", "description": "What the query engine says, in English."},
        },
        "required": ["title", "status"],
    }


def _failures(*statuses: str) -> _Object:
    content = {
        _PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}},
        _PAGE: _TEXT,
    }
    return {status: {"description": _FAILURES[status], "content": content} for status in statuses}


def _answer(told: str, media_types: Iterable[str]) -> _Object:
    return {"description": told, "content": {media_type: {} for media_type in media_types}}


def _redirect(told: str) -> _Object:
    location = {"description": "Where it is.", "required": True, "schema": {"type": "string"}}
    return {"description": told, "headers": {"Location": location}}


def _header(name: str) -> _Object:
    """Describe a header; `Accept` is never named, as OpenAPI reads it off the forms of the answers."""
    return {"name": name, "in": "header", "required": False, "schema": {"type": "string"}}


def _query(name: str, told: str, *, repeated: bool = False) -> _Object:
    one: _Object = {"type": "string"}
    schema = {"type": "array", "items": one} if repeated else one
    return {"name": name, "in": "query", "required": False, "description": told, "schema": schema}
