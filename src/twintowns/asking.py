"""What a request asks the query service: the SPARQL 1.1 Protocol, read from its address, headers and body.

A query comes in the address (GET), in a form (POST) or as the body (POST). What a form does not say of the
graphs to ask and of the form of the answer, the address may.
Source: https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

from twintowns.exceptions import QueryRefusedError
from twintowns.negotiation import content_type, media_type

MOST_QUERY_BYTES: Final = 100_000
"""How long a query may be; a body may be three times that, each character encoded."""

FORM: Final = "application/x-www-form-urlencoded"
DIRECT: Final = "application/sparql-query"
ACCEPTED: Final = f"{FORM}, {DIRECT}"
"""What the body of a request may be (https://www.rfc-editor.org/rfc/rfc9110#field.accept)."""

_MOST_FIELDS: Final = 1000

SOLUTION_TYPES: Final = {
    "application/sparql-results+json": "json",
    "application/json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/xml": "xml",
    "text/xml": "xml",
}
"""In what SELECT and ASK are answered, best first, and how that is called for short."""

TRIPLE_TYPES: Final = {
    "text/turtle": "ttl",
    "application/n-triples": "nt",
    "application/ld+json": "jsonld",
    "application/rdf+xml": "rdf",
}
"""In what CONSTRUCT and DESCRIBE are answered, and the description of the service."""

_SHORT: Final = {"turtle": "ttl", "ntriples": "nt", "n-triples": "nt", "json-ld": "jsonld", "rdfxml": "rdf"}


@dataclass(frozen=True)
class Request:
    """A request, as far as it matters here.

    Attributes:
        method: GET, HEAD or POST.
        parameters: The query part of the address.
        content_type: The header; empty where there is none.
        body: The body.
    """

    method: str
    parameters: str
    content_type: str = ""
    body: bytes = b""


@dataclass(frozen=True)
class Question:
    """What is asked.

    Attributes:
        query: The query; None where there is none, and the service itself is meant.
        default_graphs: The graphs to ask together, as the request names them.
        named_graphs: The graphs to ask by name, likewise.
        form: The form of the answer that is named in the request, for short or as a media type.
    """

    query: str | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    form: str = ""

    @property
    def has_dataset(self) -> bool:
        """Whether the request says which graphs to ask, which counts more than what the query says."""
        return bool(self.default_graphs or self.named_graphs)


def question(request: Request) -> Question:
    """Return what a request asks.

    Raises:
        QueryRefusedError: If it is no request for an answer to one query.
    """
    address = _fields(request.parameters)
    if request.method != "POST":
        return _question(address)
    kind, charset = content_type(request.content_type)
    if charset.lower() not in {"", "utf-8", "utf8"}:
        raise QueryRefusedError(415, "the request is not in UTF-8", "encode it in UTF-8")
    match kind:
        case "application/x-www-form-urlencoded":
            address.pop("query", None)
            asked = _question({**address, **_fields(_text(request.body))})
        case "application/sparql-query":
            asked = _question({**address, "query": [*address.get("query", ()), _text(request.body)]})
        case "application/sparql-update":
            raise _only_reads()
        case _:
            raise QueryRefusedError(
                415,
                "the body is neither a form nor a query",
                "send it as one of {types}",
                values={"types": ACCEPTED},
            )
    if asked.query is None:
        raise QueryRefusedError(400, "the form has no query", "send it as the field “query”")
    return asked


def _question(fields: Mapping[str, list[str]]) -> Question:
    if "update" in fields:
        raise _only_reads()
    queries = fields.get("query", [])
    if len(queries) > 1:
        raise QueryRefusedError(400, "there is more than one query", "ask one after the other")
    if queries and len(queries[0].encode()) > MOST_QUERY_BYTES:
        raise too_long()
    forms = [form for key in ("_mediatype", "format") for form in fields.get(key, ())]
    return Question(
        queries[0] if queries else None,
        tuple(fields.get("default-graph-uri", ())),
        tuple(fields.get("named-graph-uri", ())),
        forms[0].strip().lower() if forms else "",
    )


def too_long() -> QueryRefusedError:
    """Return the refusal of a query that is too long."""
    return QueryRefusedError(
        413, "the query is longer than {bytes} bytes", "ask a shorter one", values={"bytes": MOST_QUERY_BYTES}
    )


def _only_reads() -> QueryRefusedError:
    return QueryRefusedError(
        400,
        "this service only reads: it takes no updates",
        "ask with SELECT, ASK, CONSTRUCT or DESCRIBE",
    )


def _fields(text: str) -> dict[str, list[str]]:
    try:
        return parse_qs(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except UnicodeDecodeError as error:
        raise not_utf8() from error
    except ValueError as error:
        raise _too_many_fields() from error


def _too_many_fields() -> QueryRefusedError:
    return QueryRefusedError(
        400,
        "the request has more than {number} fields",
        "send the query, its graphs and its form only",
        values={"number": _MOST_FIELDS},
    )


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise not_utf8() from error


def not_utf8() -> QueryRefusedError:
    """Return the refusal of what is not text."""
    return QueryRefusedError(400, "the request is not in UTF-8", "encode it in UTF-8")


def chosen(accept: str, form: str, offers: Mapping[str, str]) -> tuple[str, str]:
    """Return the media type of the answer, and how it is called for short.

    Args:
        accept: The `Accept` header.
        form: The form that the request names, which counts more; empty where it names none.
        offers: The media types that there are, with their short names, best first.

    Raises:
        QueryRefusedError: If none of them is acceptable.
    """
    if form:
        short = _SHORT.get(form, form)
        found = next((name for name, called in offers.items() if form == name or short == called), None)
    else:
        found = media_type(accept, tuple(offers))
    if found is None:
        raise QueryRefusedError(
            406,
            "the answer cannot be had in that form",
            "ask for one of {types}",
            values={"types": ", ".join(offers)},
        )
    return found, offers[found]
