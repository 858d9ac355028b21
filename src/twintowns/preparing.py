"""What a request asks of an engine: read, examined, and its answer labelled before there is one.

Everything that strangers write of a query is read here and nowhere before: in the process that also runs it,
which can open nothing, takes no more time and memory than it may, and is replaced where it ends; or, where
another service runs it, in a thread.
Source: https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, NamedTuple

from twintowns import asking, jsontext
from twintowns.sparqlguard import Examined, examined, refuse_graphs

_DIGITS: Final = 32
_LETTERS: Final = "latin-1"
"""How bytes become text and text bytes again, one letter for each."""


@dataclass(frozen=True)
class Asked:
    """A request, with what its answer depends on besides.

    Attributes:
        request: What is asked.
        accept: The `Accept` header.
        known: The `If-None-Match` header of a request that may be answered with 304; empty for others.
    """

    request: asking.Request
    accept: str = ""
    known: str = ""

    def told(self) -> dict[str, object]:
        """Return it as values of JSON."""
        line = [self.request.method, self.request.parameters, self.request.content_type]
        body = self.request.body.decode(_LETTERS)
        return {"line": line, "body": body, "accept": self.accept, "known": self.known}


def asked_from(told: Mapping[str, Any]) -> Asked:
    """Return a request from values of JSON."""
    method, parameters, content_type = told["line"]
    request = asking.Request(method, parameters, content_type, told["body"].encode(_LETTERS))
    return Asked(request, told["accept"], told["known"])


class Dataset(NamedTuple):
    """What is known of the dataset that is asked.

    Attributes:
        space: The IRI against which relative IRIs are resolved.
        prefixes: The prefixes that a query need not declare.
        graphs: The IRIs of its named graphs.
        digest: What tells one state of it from another; empty where that is not known.
    """

    space: str
    prefixes: Mapping[str, str]
    graphs: frozenset[str]
    digest: str = ""


class Head(NamedTuple):
    """What is known of an answer before there is one.

    Attributes:
        media_type: Its media type.
        etag: What tells it from others; empty where the same query may be answered otherwise the next time.
        is_known: Whether the client has it already.
    """

    media_type: str
    etag: str
    is_known: bool


class Prepared(NamedTuple):
    """What to ask the engine, and what is known of the answer.

    Attributes:
        head: What is known of the answer.
        question: What `answering.answer` takes.
    """

    head: Head
    question: Mapping[str, Any]


def prepared(asked: Asked, dataset: Dataset) -> Prepared:
    """Return what a request asks of the engine.

    Raises:
        QueryRefusedError: If it is no request for an answer to one query, or not to be asked.
    """
    question = asking.question(asked.request)
    query = examined(question.query or "", dataset.space, dataset.prefixes)
    offers = asking.SOLUTION_TYPES if query.form in {"SELECT", "ASK"} else asking.TRIPLE_TYPES
    media_type, form = asking.chosen(asked.accept, question.form, offers)
    default_graphs, named_graphs = _graphs(question, query, dataset)
    wanted = {
        "query": query.text,
        "form": form,
        "base": dataset.space,
        "used": query.prefixes,
        "default_graphs": default_graphs,
        "named_graphs": named_graphs,
    }
    etag = "" if query.is_volatile or not dataset.digest else _etag(wanted, dataset)
    return Prepared(Head(media_type, etag, _is_known(etag, asked)), wanted)


def _graphs(
    question: asking.Question, query: Examined, dataset: Dataset
) -> tuple[list[str] | None, list[str] | None]:
    """Return the graphs to ask, and those to ask by name; None for all that there are."""
    told = question if question.has_dataset else query
    if not told.has_dataset:
        return None, None
    refuse_graphs([*told.default_graphs, *told.named_graphs], dataset.graphs)
    return list(told.default_graphs), list(told.named_graphs)


def _etag(wanted: Mapping[str, object], dataset: Dataset) -> str:
    told = dataset.digest.encode() + jsontext.line(wanted)
    return f'W/"{sha256(told).hexdigest()[:_DIGITS]}"'


def _is_known(etag: str, asked: Asked) -> bool:
    """Tell whether a client has an answer (https://www.rfc-editor.org/rfc/rfc9110#field.if-none-match).

    `*` is known when there is an answer, which is not known here.
    """
    if not (etag and asked.known):
        return False
    return etag.removeprefix("W/") in {one.strip().removeprefix("W/") for one in asked.known.split(",")}
