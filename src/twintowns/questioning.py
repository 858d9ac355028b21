"""A SPARQL service asked: queries out of files, with values bound to their variables, and answers as rows.

A query lies in `questions/` and is whole as it is; where it says `VALUES ?item { UNDEF }`, terms are bound
to the variable, written as N-Triples writes them, so that nothing can be anything but a term. An answer is
read only if it is whole: one that was cut, has another page in its place, or is not UTF-8 is none.
Sources: https://www.w3.org/TR/sparql11-protocol/, https://www.w3.org/TR/sparql11-results-json/.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Final
from urllib.parse import urlencode

from pyoxigraph import (
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolution,
    parse_query_results,
)

from twintowns import jsontext
from twintowns.exceptions import AnswerError
from twintowns.graph import Term
from twintowns.project import QUESTIONS
from twintowns.transport import Answer, Client, Request

_JSON: Final = "application/sparql-results+json"
_MEDIA_TYPES: Final = frozenset({_JSON, "application/json"})
_ANSWER_BYTES: Final = 1 << 26

Row = Mapping[str, Term]


def bound(question: str, **values: Iterable[NamedNode | Literal]) -> str:
    """Return a query of a file with terms bound to its variables.

    Args:
        question: The name of the file.
        values: The terms by the variable.

    >>> "VALUES ?partner { <http://a> }" in bound("pointing", partner=[NamedNode("http://a")])
    True
    """
    query = _query(question)
    for name, terms in values.items():
        unbound = f"VALUES ?{name} {{ UNDEF }}"
        assert unbound in query, name  # noqa: S101 - the query and who asks it belong together
        query = query.replace(unbound, f"VALUES ?{name} {{ {' '.join(map(str, terms))} }}")
    return query


def rows(client: Client, query: str, *variables: str) -> Iterator[Row]:
    """Ask a query and return the rows of its answer.

    Args:
        client: The way to the service.
        query: The query.
        variables: What every row has to hold.

    Raises:
        TransportError: If there is no answer, or none that is one to the query.
    """
    request = Request(
        "POST",
        headers={"Accept": _JSON, "Content-Type": "application/x-www-form-urlencoded"},
        body=urlencode({"query": query}).encode(),
        accepted=frozenset({200}),
        answer_bytes=_ANSWER_BYTES,
    )
    return client.taken(request, lambda answer: iter(_read(client.url, answer, variables)))


def _read(url: str, answer: Answer, variables: tuple[str, ...]) -> list[Row]:
    if answer.media_type not in _MEDIA_TYPES:
        raise AnswerError(
            url,
            "it answers with {media_type}, which is no result of a query",
            "see that the address is that of a SPARQL service",
            values={"media_type": answer.media_type or "-"},
        )
    text = b"".join(answer.parts)
    try:
        jsontext.read(text)  # refuses what is nested so deep that the next line would end the process
        found = parse_query_results(text, QueryResultsFormat.JSON)
        return [_row(variables, solution) for solution in found]  # type: ignore[union-attr]  # told below
    except (SyntaxError, ValueError, TypeError) as error:
        raise AnswerError(
            url,
            "its answer is cut off, or no result of a query ({reason})",
            "run this again; what was already harvested is kept",
            values={"reason": error},
        ) from error


def _row(variables: tuple[str, ...], solution: QuerySolution) -> Row:
    row = {name: solution[name] for name in variables}
    missing = " ".join(f"?{name}" for name, term in row.items() if not isinstance(term, Term))
    if missing:
        raise ValueError(missing)
    return row


@cache
def _query(question: str) -> str:
    return (QUESTIONS / f"{question}.rq").read_text(encoding="utf-8")
