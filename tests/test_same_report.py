"""Small graphs and shapes, left to chance: the report is that of plain pySHACL, result for result.

The constructs are those that the screening compiles, and their neighbours, with values that engines like to
judge differently: ill-typed, very large, with a last line break, in other alphabets.
Set TWINTOWNS_CHANCES to try more than a build does.
"""

import json
import logging
import os
import random
from collections.abc import Iterator
from typing import Final

import pytest

from test_screening import plain, query_shape, screened, turtle

pytestmark = [
    pytest.mark.filterwarnings("ignore::UserWarning"),  # rdflib warns of ill-typed values, as made up here
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings(
        "ignore::FutureWarning"
    ),  # Python warns of patterns that may mean sets one day
]

CHANCES: Final = int(os.environ.get("TWINTOWNS_CHANCES", "25"))
PARTS: Final = 4
NODES: Final = [f"ex:n{number}" for number in range(6)]
PREDICATES: Final = ["ex:p", "ex:q", "rdfs:label"]
TEXTS: Final = [
    *("", "a", "ab", "abc", "aa", "A", "b a", " a", "a\n", "a\nb", "\t", "x-1", "k", "s", "i"),
    *(
        "\u212a",
        "\u017f",
        "\u0130",
        "\u0131",
        "\u00df",
        "\u00e9",
        "\u00c9",
        "\u03c3\u03c2",
        "\u0663",
        "\u2028",
        "\u00a0",
    ),
    *("1", "01", "1.0", "-1", "+1", "1_0", "12345678901234567890", "1e3", "NaN", "true", "2000", "0000"),
    *(
        "2000-02-29",
        "2001-02-29",
        "9999-12-31",
        "0001-01-01",
        "2000-01-01Z",
        "08:00:00",
        "08:00:00\n",
        "24:00:00",
    ),
    *("2000-01-01T00:00:00", "2000-01-01T00:00:00Z", "http://example.org/a", "/place/Q1", "/place/Q20"),
]
DATATYPES: Final = [
    *("string", "integer", "decimal", "double", "boolean", "date", "time", "dateTime", "gYear", "gYearMonth"),
    *("anyURI", "int", "nonNegativeInteger", "duration"),
]
OPERANDS: Final = ["?other", "1", "2.5", "'a'", "ex:n1", "$this", "?none"]
KINDS: Final = ["ISIRI", "ISLITERAL", "ISBLANK", "ISNUMERIC", "BOUND"]
TAGS: Final = ["en", "EN-gb", "de", "de-AT", "sv"]
PATTERNS: Final = [
    *("^a$", "^[a-z]*$", "[0-9]$", "a|b", "^(a|b)+$", "b.?a", "^.$", "a{1,2}", "[^a-z]", "^[ -~]*$"),
    *(r"\d", r"^\w+$", r"\s", r"\S$", r"^\S+$", r"\.", r"(a)\1", r"a\Z", "(?<=a)b", "(?i)A", r"\ba", r"a\nb"),
    *("[[:alpha:]]", "a{,2}", "[a&&b]", "k", "s$", "\u00e9", "i", "", "a*?", "^$", "[", "x*+", "a{2}{2}"),
]
PREFIX: Final = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
FLAGS: Final = ["", "", "i", "x", "m", "s"]


def quoted(text: str) -> str:
    """Return a text as Turtle and SPARQL have it."""
    return json.dumps(text, ensure_ascii=False)


class Chance:
    """Graphs and shapes made up by a seed."""

    def __init__(self, seed: int) -> None:
        """Begin with a seed."""
        self.dice = random.Random(seed)  # noqa: S311 - to be repeated, not kept secret

    def one(self, *of: str) -> str:
        """Return one of several."""
        return self.dice.choice(of)

    def literal(self) -> str:
        """Return a literal."""
        text = quoted(self.one(*TEXTS))
        return self.one(text, f"{text}@{self.one(*TAGS)}", f"{text}^^xsd:{self.one(*DATATYPES)}", "1", "2")

    def iri(self) -> str:
        """Return an IRI."""
        return self.one(*NODES, "<http://example.org/a>", "<https://example.org/place/Q12>")

    def value(self) -> str:
        """Return a value."""
        return self.one(self.iri(), self.literal(), self.literal())

    def data(self) -> str:
        """Return a data graph."""
        told = [
            f"{self.one(*NODES)} {self.one(*PREDICATES)} {self.value()} ."
            for _ in range(self.dice.randrange(1, 14))
        ]
        told += [f"{self.one(*NODES)} a ex:{self.one('City', 'Place')} ." for _ in range(3)]
        told += self.dice.sample(["ex:City rdfs:subClassOf ex:Place .", "ex:n0 ex:p [ ex:q 1 ] ."], 1)
        return "\n".join(told)

    def path(self, depth: int = 0) -> str:
        """Return a property path."""
        kinds = ["iri"] * 4 + ["sequence", "alternative", "inverse", "zeroOrMore", "oneOrMore", "zeroOrOne"]
        kind = self.one(*kinds) if depth < 2 else "iri"
        if kind == "iri":
            return self.one(*PREDICATES)
        if kind == "inverse":
            return f"[ sh:inversePath {self.one(*PREDICATES)} ]"
        if kind in {"sequence", "alternative"}:
            steps = f"( {self.path(depth + 1)} {self.path(depth + 1)} )"
            return steps if kind == "sequence" else f"[ sh:alternativePath {steps} ]"
        return f"[ sh:{kind}Path {self.path(depth + 1)} ]"

    def shape(self, depth: int) -> str:
        """Return a shape without a name."""
        told = "; ".join(self.constraint(depth + 1) for _ in range(self.dice.randrange(1, 3)))
        return self.one(f"[ {told} ]", f"[ sh:path {self.path()} ; {told} ]")

    def constraint(self, depth: int) -> str:
        """Return a constraint."""
        makers = [self.plain_constraint] * 4 + ([self.logical] if depth < 3 else [])
        return self.dice.choice(makers)(depth)

    def plain_constraint(self, _depth: int) -> str:
        """Return a constraint that names no shape."""
        number = self.one("0", "1", "2", "1", "2", "1.0", '"1"')
        return self.one(
            f"sh:minCount {number}",
            f"sh:maxCount {number}",
            f"sh:minLength {number}",
            f"sh:maxLength {number}",
            f"sh:datatype xsd:{self.one(*DATATYPES)}",
            f"sh:datatype {self.one('rdf:langString', 'rdfs:Literal')}",
            f"sh:nodeKind sh:{self.one('IRI', 'Literal', 'BlankNode', 'BlankNodeOrIRI', 'IRIOrLiteral')}",
            f"sh:class ex:{self.one('City', 'Place')}",
            f"sh:hasValue {self.value()}",
            f"sh:in ( {self.value()} {self.value()} {self.value()} )",
            f"sh:languageIn ( '{self.one(*TAGS)}' '{self.one(*TAGS)}' )",
            f"sh:uniqueLang {self.one('true', 'false')}",
            f"sh:pattern {quoted(self.one(*PATTERNS))}",
            f"sh:pattern {quoted(self.one(*PATTERNS))} ; sh:flags {quoted(self.one(*FLAGS))}",
            f"sh:equals {self.one(*PREDICATES)}",
            f"sh:disjoint {self.one(*PREDICATES)}",
            f"sh:lessThan {self.one(*PREDICATES)}",
            f"sh:lessThanOrEquals {self.one(*PREDICATES)}",
            f"sh:minInclusive {self.literal()}",
            f"sh:maxExclusive {self.literal()}",
            f"sh:closed true ; sh:ignoredProperties ( rdf:type {self.one(*PREDICATES)} )",
            "sh:closed false",
        )

    def logical(self, depth: int) -> str:
        """Return a constraint that names shapes."""
        shapes = " ".join(self.shape(depth) for _ in range(self.dice.randrange(1, 4)))
        return self.one(
            f"sh:not {self.shape(depth)}",
            f"sh:node {self.shape(depth)}",
            f"sh:and ( {shapes} )",
            f"sh:or ( {shapes} )",
            f"sh:xone ( {shapes} )",
            f"sh:qualifiedValueShape {self.shape(depth)} ; sh:qualified{self.one('Min', 'Max')}Count 1",
            f"sh:property [ sh:path {self.path()} ; {self.constraint(depth + 1)} ]",
        )

    def target(self) -> str:
        """Return a target."""
        return self.one(
            "sh:targetClass ex:Place",
            "sh:targetClass ex:City",
            f"sh:targetNode {self.value()}",
            f"sh:targetSubjectsOf {self.one(*PREDICATES)}",
            f"sh:targetObjectsOf {self.one(*PREDICATES)}",
        )

    def shapes(self) -> str:
        """Return a shapes graph."""
        told = []
        for number in range(self.dice.randrange(1, 3)):
            told.append(f"ex:S{number} {self.target()} .")
            told += [f"ex:S{number} {self.constraint(0)} ." for _ in range(self.dice.randrange(0, 2))]
            for inner in range(self.dice.randrange(1, 3)):
                stated = "; ".join(self.constraint(0) for _ in range(self.dice.randrange(1, 3)))
                told.append(f"ex:S{number} a sh:NodeShape ; sh:property ex:P{number}{inner} .")
                told.append(f"ex:P{number}{inner} sh:path {self.path()} ; {stated} .")
        return "\n".join(told)

    def text(self) -> str:
        """Return an expression for a text."""
        text = self.one(
            "STR(?value)", "STR(?value)", "STR(?value)", "STR(?other)", "STR($this)", "?value", "LANG(?value)"
        )
        return self.one(
            *[text] * 6,
            f"LCASE({text})",
            f"UCASE({text})",
            f"CONCAT({text}, 'a')",
            f"STRAFTER({text}, 'a')",
            f"STRBEFORE({text}, 'a')",
            f"SUBSTR({text}, {self.one('1', '2', '0')})",
            f"SUBSTR({text}, 1, {self.one('0', '2', 'STRLEN(STR(?value))')})",
            "'a'",
            "'1'",
        )

    def condition(self, depth: int = 0) -> str:
        """Return an expression to filter by."""
        sign = self.one("=", "!=", "<", ">", "<=", ">=")
        made = [
            f"{self.text()} {sign} {self.text()}",
            f"STRLEN({self.text()}) {sign} {self.one('1', '2')}",
            f"REGEX({self.text()}, {quoted(self.one(*PATTERNS))})",
            f"REGEX({self.text()}, {quoted(self.one(*PATTERNS))}, {quoted(self.one(*FLAGS))})",
            f"{self.one('STRSTARTS', 'STRENDS', 'CONTAINS')}({self.text()}, {self.text()})",
            f"{self.one(*KINDS)}(?{self.one('value', 'other', 'none')})",
            f"?value {sign} {self.one(*OPERANDS)}",
            f"DATATYPE(?value) {self.one('=', '!=')} xsd:{self.one(*DATATYPES)}",
            f"xsd:integer({self.text()}) {sign} {self.one('1', 'xsd:integer(STR(?other))')}",
            f"LANGMATCHES(LANG(?value), '{self.one('*', 'en', 'de')}')",
            f"?value {self.one('IN', 'NOT IN')} (ex:n0, {self.one('ex:n1', '1', '1.0')})",
            "?value",
            f"{self.one('NOT EXISTS', 'EXISTS')} {{ $this ex:q ?value }}",
            f"NOT EXISTS {{ $this ex:q ?more . FILTER (STR(?more) = {self.text()}) }}",
            f"IF({self.text()} = 'a', 1, 0) = 1",
        ]
        if depth < 2:
            made += [
                f"({self.condition(depth + 1)}) && ({self.condition(depth + 1)})",
                f"({self.condition(depth + 1)}) || ({self.condition(depth + 1)})",
                f"!({self.condition(depth + 1)})",
            ]
        return self.dice.choice(made)

    def query(self) -> str:
        """Return the query of a SPARQL constraint."""
        chosen = self.one("$this", "$this ?value", "DISTINCT $this ?value", "?value")
        patterns = self.one(
            "$this ex:p ?value .",
            "$this ex:p ?value ; ex:q ?other .",
            "$this ex:p ?value . ?value ex:q ?other .",
            "$this ex:p ?value . ?other ex:q ?value .",
            "?other ex:p $this . $this ex:q ?value .",
            "$this ?path ?value .",
            "$this ex:p* ?value .",
            "$this a ?class . ?any a ex:City ; ex:p ?value .",
            "$this ex:p ?value . OPTIONAL { $this ex:q ?other }",
            "$this ex:p ?value . BIND (STRLEN(STR(?value)) AS ?other)",
        )
        return f"{PREFIX}SELECT {chosen} WHERE {{ {patterns} FILTER ({self.condition()}) }}"


@pytest.fixture(autouse=True)
def _without_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Keep rdflib and pySHACL from logging each value and shape that is wrong here on purpose."""
    with caplog.at_level(logging.CRITICAL):
        yield


@pytest.mark.parametrize("part", range(PARTS))
def test_shapes_by_chance(part: int) -> None:
    """Shapes of all core constructs, within each other, give the same results as in plain pySHACL."""
    for seed in range(part * CHANCES, (part + 1) * CHANCES):
        chance = Chance(seed)
        data, shapes = turtle(chance.data()), turtle(chance.shapes())
        assert screened(data, shapes) == plain(data, shapes), seed


@pytest.mark.parametrize("part", range(PARTS))
def test_queries_by_chance(part: int) -> None:
    """SPARQL constraints whose queries are made up give the same results as in plain pySHACL."""
    for seed in range(part * CHANCES, (part + 1) * CHANCES):
        chance = Chance(seed)
        data, query = turtle(chance.data()), chance.query()
        shapes = query_shape(quoted(query)[1:-1])
        assert screened(data, shapes) == plain(data, shapes), (seed, query)
