"""Which queries rdflib and pyoxigraph certainly answer alike, and for which terms they may not.

The screening asks pyoxigraph where pySHACL asks rdflib. They differ in much: regular expressions, comparisons
of values, casts, functions of blank nodes and of what is not bound. So a query is read here by a small part
of the grammar, in which each function has operands of a known type; whatever is written otherwise is not
certain.
What is left are terms that are unusual: they are found in the data beforehand, and judged by pySHACL.
Source: https://www.w3.org/TR/sparql11-query/#grammar
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Final

from twintowns.patterns import doubts_about
from twintowns.plainness import Reading
from twintowns.querytokens import Tokens, UncertainError
from twintowns.triplepatterns import THIS, Group, Pattern
from twintowns.vocabulary import DCAT, A

_INTEGER: Final = "http://www.w3.org/2001/XMLSchema#integer"
_OF_TEXTS: Final = {
    "LCASE": (1, "text"),
    "UCASE": (1, "text"),
    "STRLEN": (1, "number"),
    "STRAFTER": (2, "text"),
    "STRBEFORE": (2, "text"),
    "STRSTARTS": (2, "truth"),
    "STRENDS": (2, "truth"),
    "CONTAINS": (2, "truth"),
}
"""Functions of texts: how many they take, and what they give."""
_OF_TERMS: Final = {
    "STR": "text",
    "LANG": "text",
    "DATATYPE": "iri",
    "ISIRI": "truth",
    "ISURI": "truth",
    "ISLITERAL": "truth",
    "COUNT": "number",
}


@cache
def reading(query: str) -> Reading | None:
    """Return what a query reads the text of; None where engines may answer it differently.

    Args:
        query: The query, with its prefixes.

    >>> query = "prefix s: <a:> select $this where { $this s:p ?v . filter (strlen(str(?v)) < 3) }"
    >>> sorted(reading(query).own)
    ['a:p']
    >>> reading("prefix s: <a:> select $this where { $this s:p ?v . filter (?v < 3) }")
    """
    try:
        return _Query(query).read()
    except UncertainError:
        return None


class _Query(Tokens):
    """A query as it is read, token by token."""

    def __init__(self, query: str) -> None:
        super().__init__(query)
        self._group = Group()
        self._groups: list[Group] = []
        self._stated: list[tuple[Group, Pattern]] = []
        self._types: dict[str, str] = {}
        self._read: set[str] = set()
        self._doubts: set[str] = set()

    def read(self) -> Reading:
        self.take("SELECT")
        self.maybe("DISTINCT")
        chosen = set()
        while self.kind == "variable":
            chosen.add(self._variable())
        if THIS not in chosen:
            raise UncertainError
        self.maybe("WHERE")
        self._patterns_of_group()
        if self.maybe("GROUP"):
            self.take("BY")
            while self.kind == "variable":
                self.next()
            if self.maybe("HAVING"):
                self._group = self._groups[0]
                self._condition()
        if self.kind or not all(map(_needs_nothing_else, self._groups)):
            raise UncertainError
        return self._told()

    def _is_near(self) -> bool:
        return all(
            not one.is_path and (one.subject == THIS or group.is_catalogue(one.subject))
            for group, one in self._stated
        )

    def _told(self) -> Reading:
        own: set[str] = set()
        others: set[str] = set()
        is_wide = is_open = False
        for _, (subject, predicate, value, *_) in self._stated:
            is_wide = is_wide or predicate in self._read or (subject in self._read and subject != THIS)
            is_open = is_open or (subject == THIS and predicate.startswith("?"))
            if value in self._read and value != THIS:
                (own if subject == THIS else others).add(predicate)
        patterns = tuple(one.scoped(group.scoped) for group, one in self._stated)
        has_path = any(one.is_path for one in patterns)
        return Reading(
            frozenset(self._doubts),
            _all_or(own),
            _all_or(others),
            is_wide,
            is_open,
            self._is_near(),
            _all_or({one.predicate for one in patterns}),
            _all_or({one.predicate for one in patterns if has_path or one.subject != THIS}),
            patterns,
        )

    def _patterns_of_group(self) -> None:
        outer = self._group if self._groups else None
        self._group = Group(outer, len(self._groups))
        self._groups.append(self._group)
        self.take("{")
        while not self.maybe("}"):
            if self.maybe("FILTER"):
                self._condition()
            elif self.maybe("BIND"):
                self._assignment()
            elif not self.maybe("."):
                self._triples()
        if outer:
            self._group = outer

    def _condition(self) -> None:
        if self.peek() == "(":
            self.take("(")
            self._typed("truth")
            self.take(")")
        elif self._primary() != "truth":
            raise UncertainError

    def _assignment(self) -> None:
        self.take("(")
        made = self._any()
        self.take("AS")
        variable = self._variable()
        self.take(")")
        if variable == THIS or variable in self._types or self._group.binds(variable):
            raise UncertainError
        self._types[variable] = made
        self._group.bound.add(variable)

    def _triples(self) -> None:
        subject = self._term("variable", "iri")
        while True:
            predicate, is_path = self._predicate()
            while True:
                value = self._term("variable", "iri", "text", "number")
                pattern = Pattern(subject, predicate, value, self._group.chain, is_path)
                self._stated.append((self._group, pattern))
                if (predicate, value) == (A.value, DCAT.Catalog.value):
                    self._group.catalogues.add(subject)
                if not self.maybe(","):
                    break
            if not self.maybe(";"):
                return

    def _predicate(self) -> tuple[str, bool]:
        """Read a predicate; tell whether it may be followed further."""
        if self.maybe("A"):
            return A.value, False
        return self._term("variable", "iri"), self.maybe("*") or self.maybe("+")

    def _term(self, *kinds: str) -> str:
        kind = self.kind
        if kind == "variable":
            variable = self._variable()
            self._group.bound.add(variable)
            if variable in self._types:
                raise UncertainError
            return variable
        text = self.of_kind(*kinds)
        return self.iri(text) if kind == "iri" else text

    def _variable(self) -> str:
        name = self.of_kind("variable")[1:]
        return THIS if name == "this" else f"?{name}"

    def _typed(self, wanted: str) -> None:
        if self._any() != wanted:
            raise UncertainError

    def _any(self) -> str:
        return self._joined("||", lambda: self._joined("&&", self._comparison, "truth"), "truth")

    def _joined(self, sign: str, part: Callable[[], str], of: str) -> str:
        found = part()
        while self.maybe(sign):
            if found != of or part() != of:
                raise UncertainError
        return found

    def _comparison(self) -> str:
        left = self._joined("+", self._primary, "number")
        if self.maybe("IN"):
            self._list_of_iris(left)
            return "truth"
        sign = self.peek()
        if sign not in {"=", "!=", "<", ">", "<=", ">="}:
            return left
        self.next()
        right = self._joined("+", self._primary, "number")
        is_same = left == right and left in {"text", "number", "iri"}
        is_of_iri = {left, right} == {"iri", "term"}
        if not (is_same or is_of_iri) or ("iri" in {left, right} and sign not in {"=", "!="}):
            raise UncertainError
        return "truth"

    def _list_of_iris(self, left: str) -> None:
        if left not in {"term", "iri"}:
            raise UncertainError
        self.take("(")
        self.of_kind("iri")
        while self.maybe(","):
            self.of_kind("iri")
        self.take(")")

    def _primary(self) -> str:
        kind = self.kind
        if self.maybe("("):
            found = self._any()
            self.take(")")
            return found
        if self.maybe("!"):
            if self.peek(1) != "(" or self._primary() != "truth":
                raise UncertainError
            return "truth"
        if kind == "variable":
            return self._type_of(self._variable())
        if kind == "iri":
            return self._iri_or_cast()
        if kind == "word":
            return self._call(self.next())
        return {"text": "text", "number": "number"}[self.of_kind("text", "number") and kind]

    def _type_of(self, variable: str) -> str:
        self._group.needed.add(variable)
        return "iri" if variable == THIS else self._types.get(variable, "term")

    def _iri_or_cast(self) -> str:
        iri = self.iri(self.next())
        if not self.maybe("("):
            return "iri"
        if iri != _INTEGER:
            raise UncertainError
        self._typed("text")
        self.take(")")
        self._doubts.add("number")
        return "number"

    def _call(self, name: str) -> str:
        if name == "NOT":
            self.take("EXISTS")
            name = "EXISTS"
        if name == "EXISTS":
            self._patterns_of_group()
            return "truth"
        self.take("(")
        found = self._called(name)
        self.take(")")
        return found

    def _called(self, name: str) -> str:
        if name in _OF_TERMS:
            return self._of_term(name)
        if name in _OF_TEXTS:
            count, made = _OF_TEXTS[name]
            self._doubts |= {"case"} if name in {"LCASE", "UCASE"} else set()
            self._texts(count)
            return made
        makers = {
            "CONCAT": self._concat,
            "SUBSTR": self._part_of_text,
            "REGEX": self._pattern,
            "IF": self._choice,
            "SUM": self._sum,
        }
        if name not in makers:
            raise UncertainError
        return makers[name]()

    def _of_term(self, name: str) -> str:
        variable = self._variable()
        kind = self._type_of(variable)
        if kind not in {"term", "iri"}:
            raise UncertainError
        if name == "STR":
            self._read.add(variable)
        return _OF_TERMS[name]

    def _texts(self, count: int) -> None:
        for number in range(count):
            if number:
                self.take(",")
            self._typed("text")

    def _concat(self) -> str:
        self._typed("text")
        while self.maybe(","):
            self._typed("text")
        return "text"

    def _part_of_text(self) -> str:
        """Read a part from a place that is written as a number: from others engines count differently."""
        self._typed("text")
        self.take(",")
        if self.of_kind("number") == "0":
            raise UncertainError
        if self.maybe(","):
            self._typed("number")
        return "text"

    def _pattern(self) -> str:
        is_whole = self.peek() == "STR"
        self._typed("text")
        self.take(",")
        pattern = _plain(self.of_kind("text"))
        flags = _plain(self.of_kind("text")) if self.maybe(",") else ""
        doubts = doubts_about(pattern, flags)
        if doubts is None:
            raise UncertainError
        self._doubts |= doubts - {"line"} | {"end"} if is_whole else doubts
        return "truth"

    def _choice(self) -> str:
        self._typed("truth")
        self.take(",")
        found = self._any()
        self.take(",")
        self._typed(found)
        return found

    def _sum(self) -> str:
        self._typed("number")
        return "number"


def _needs_nothing_else(group: Group) -> bool:
    return all(map(group.binds, group.needed))


def _all_or(predicates: set[str]) -> frozenset[str] | None:
    return None if any(one.startswith("?") for one in predicates) else frozenset(predicates)


def _plain(text: str) -> str:
    r"""Return what a text in quotes means; only `\\` and quotes are escaped in those that are read."""
    return re.sub(r"\\(.)", r"\1", text[1:-1])
