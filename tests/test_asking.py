"""What a request asks: the three ways of the protocol, and all that is no request for one answer."""

from urllib.parse import quote

import pytest

from twintowns.asking import (
    FORM,
    MOST_QUERY_BYTES,
    SOLUTION_TYPES,
    TRIPLE_TYPES,
    Question,
    Request,
    chosen,
    question,
)
from twintowns.exceptions import QueryRefusedError

ASK = "query=ASK%20%7B%7D"
DIRECT = "application/sparql-query"


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (Request("GET", ""), Question(None)),
        (Request("HEAD", ASK), Question("ASK {}")),
        (Request("GET", f"{ASK}&default-graph-uri=a:a&default-graph-uri=a:b&named-graph-uri=a:c&format=JSON"),
         Question("ASK {}", ("a:a", "a:b"), ("a:c",), "json")),
        (Request("GET", f"{ASK}&format=csv&_mediatype=text/csv"), Question("ASK {}", (), (), "text/csv")),
        (Request("POST", "", FORM, b"query=ASK+%7B%7D"), Question("ASK {}")),
        (Request("POST", "query=x&format=xml&default-graph-uri=a:a",
                 f"{FORM};charset=utf8", b"query=ASK+{}"),
         Question("ASK {}", ("a:a",), (), "xml")),
        (Request("POST", "named-graph-uri=a:a", f'{DIRECT}; charset="utf-8"', "ASK { 'ä' }".encode()),
         Question("ASK { 'ä' }", (), ("a:a",))),
    ],
)  # fmt: skip
def test_questions(request_: Request, expected: Question) -> None:
    """A query comes in the address, in a form, or as the body; graphs and form of the answer beside it."""
    assert question(request_) == expected


@pytest.mark.parametrize(
    ("request_", "status", "told"),
    [
        (Request("GET", f"{ASK}&{ASK}"), 400, "more than one"),
        (Request("GET", "update=CLEAR%20ALL"), 400, "only reads"),
        (Request("GET", f"{ASK}&update=CLEAR%20ALL"), 400, "only reads"),
        (Request("GET", "query=%FF"), 400, "UTF-8"),
        (Request("GET", "&".join(f"a{n}=b" for n in range(1001))), 400, "1000 fields"),
        (Request("GET", "query=" + "a" * (MOST_QUERY_BYTES + 1)), 413, "longer than"),
        (Request("GET", "query=" + quote("ä" * (MOST_QUERY_BYTES // 2 + 1))), 413, "longer than"),
        (Request("POST", ASK, FORM, b"a=b"), 400, "no query"),
        (Request("POST", ASK, FORM, b""), 400, "no query"),
        (Request("POST", "", FORM, b"query=a&query=b"), 400, "more than one"),
        (Request("POST", ASK, DIRECT, b"ASK {}"), 400, "more than one"),
        (Request("POST", "", DIRECT, b"\xff"), 400, "UTF-8"),
        (Request("POST", "", f"{DIRECT}; charset=UTF-16", "ASK {}".encode("utf-16")), 415, "UTF-8"),
        (Request("POST", "", "application/sparql-update", b"CLEAR ALL"), 400, "only reads"),
        (Request("POST", "", FORM, b"update=CLEAR+ALL"), 400, "only reads"),
        (Request("POST", "", "text/plain", b"ASK {}"), 415, "neither"),
        (Request("POST", "", "", b"ASK {}"), 415, "neither"),
    ],
)
def test_refusals(request_: Request, status: int, told: str) -> None:
    """What is no request for the answer to one query is refused, and why is told."""
    with pytest.raises(QueryRefusedError, match=told) as caught:
        question(request_)
    assert caught.value.status == status


@pytest.mark.parametrize(
    ("accept", "form", "expected"),
    [
        ("", "", ("application/sparql-results+json", "json")),
        ("*/*", "", ("application/sparql-results+json", "json")),
        ("application/json", "", ("application/json", "json")),
        (
            "text/csv;q=0.5, application/sparql-results+xml;q=0.6",
            "",
            ("application/sparql-results+xml", "xml"),
        ),
        ("text/html", "tsv", ("text/tab-separated-values", "tsv")),
        ("text/html", "text/csv", ("text/csv", "csv")),
    ],
)
def test_form_of_solutions(accept: str, form: str, expected: tuple[str, str]) -> None:
    """The form of an answer is the one that the request names, else the one that the client prefers."""
    assert chosen(accept, form, SOLUTION_TYPES) == expected


@pytest.mark.parametrize("form", ["turtle", "ttl", "ntriples", "json-ld", "rdf", "text/turtle"])
def test_short_forms(form: str) -> None:
    """Forms have short names, as other services know them."""
    assert chosen("", form, TRIPLE_TYPES)[1] in {"ttl", "nt", "jsonld", "rdf"}


@pytest.mark.parametrize(("accept", "form"), [("image/png", ""), ("*/*", "ttl"), ("", "nonsense")])
def test_not_acceptable(accept: str, form: str) -> None:
    """Where no form fits, those that there are get listed."""
    with pytest.raises(QueryRefusedError, match="text/csv") as caught:
        chosen(accept, form, SOLUTION_TYPES)
    assert caught.value.status == 406
