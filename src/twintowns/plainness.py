"""Which queries of SHACL's SPARQL constraints mean the same to pyoxigraph as to pySHACL, and what they read.

Only a query that is plain is asked of pyoxigraph; where a query cannot be told to be plain, it is not.
Source: https://www.w3.org/TR/sparql11-query/#grammar and https://www.w3.org/TR/shacl/#pre-binding
"""

import re
from collections.abc import Collection, Iterable
from functools import cache
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, Store

from twintowns.triplepatterns import Pattern

_SERVICE: Final = re.compile(r"service", re.IGNORECASE)
_STRING: Final = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|<[^<>\s]*>')
_OTHER_FORM: Final = re.compile(
    r"\b(?:MINUS|VALUES|SERVICE|FROM|GRAPH|UNION|OPTIONAL)\b|\bAS\s*[?$](?:this|value)\b"
    r"|\$(?:PATH|currentShape|shapesGraph)|[\\#]",
    re.IGNORECASE,
)
_PREFIX: Final = re.compile(r"\bPREFIX\s+([^\s:<]*):\s*<([^<>\s]*)>", re.IGNORECASE)
_AGGREGATE: Final = re.compile(
    r"\b(?:GROUP|HAVING|COUNT|SUM|MIN|MAX|AVG|SAMPLE|GROUP_CONCAT)\b", re.IGNORECASE
)
_CUT: Final = re.compile(r"\b(?:LIMIT|OFFSET|ORDER)\b", re.IGNORECASE)
_BY_THIS: Final = re.compile(r"\}\s*GROUP\s+BY\s+\$this\b", re.IGNORECASE)
"""Groups that are of one `$this` each, so that what is counted in them is the same whoever else is found."""
_OBSCURE: Final = re.compile(r"\"{3}|'{3}|\bBASE\b|<[^<>\s]*[?$&|(){}^`\"][^<>\s]*>", re.IGNORECASE)
"""What engines may read otherwise: long strings, relative IRIs, comparisons without a space."""
_ANY_PREDICATE: Final = re.compile(
    r"""
    # a variable between two terms, unless what it tells is told of $this, or $this is what is told
    (?<!\$this) (?<!\$this\s) (?: (?<=[\w;\[\]>)]) | (?<=[\w;\[\]>)]\s) ) [?$]\w+ (?!\w) \s*
    (?= [?<\[(\d+-] | \$(?!this\b) | \w*: | (?:a|true|false)\b )
    # any predicate but some
    | ! \s* (?: [(^<] | \w*: | a\b )
    """,
    re.VERBOSE,
)
"""What may stand for any predicate of any subject: it also finds what does not, and misses none that does."""


class Reading(NamedTuple):
    """What a query reads that `certainty` is sure of.

    Attributes:
        doubts: Which terms may be judged otherwise, as `patterns` tells them.
        own: The properties of `$this` whose values are read; None for all.
        others: The properties of other things whose values are read; None for all.
        is_wide: Whether any subject or predicate is read.
        is_open: Whether a pattern may match any property of `$this`.
        is_near: Whether all that is read is stated of `$this` and of catalogues.
        predicates: The properties that are read of anything; None for all.
        of_others: Those that are read of other things than `$this`; None for all.
        patterns: What is looked for.
    """

    doubts: frozenset[str]
    own: frozenset[str] | None
    others: frozenset[str] | None
    is_wide: bool
    is_open: bool
    is_near: bool
    predicates: frozenset[str] | None
    of_others: frozenset[str] | None
    patterns: tuple[Pattern, ...]


def has_service(query: str) -> bool:
    """Tell whether a query may ask another service."""
    return _SERVICE.search(query) is not None


@cache
def is_obscure(query: str) -> bool:
    """Tell whether a query is written in a way that is not read here for certain."""
    return _OBSCURE.search(query) is not None


def is_plain(query: str) -> bool:
    """Tell whether a query means the same to pyoxigraph as to pySHACL.

    That is where its outermost group first speaks of `$this` in a triple pattern, since only there does
    pyoxigraph bind it, and where no group but those of `EXISTS` stands in it.
    """
    bare = _STRING.sub(" ", query)
    _, where, body = re.sub(r"[?$]this\b", "$this", bare).partition("{")
    before, this, after = body.partition("$this")
    return (
        not _OTHER_FORM.search(bare)
        and not is_obscure(query)
        and {word.upper() for word in re.findall(r"(\w*)\s*\{", bare)} <= {"WHERE", "EXISTS"}
        and bool(where and this)
        and before.count("(") == before.count(")")
        and (before.count("{") == before.count("}") or "$this" not in after)
    )


def finds_this(query: str) -> bool:
    """Tell whether a plain query, asked without a value for `$this`, finds all the values with an answer.

    >>> finds_this("select $this where { $this a ?class }")
    True
    >>> finds_this("select $this where { ?other a ?class . filter not exists { $this <a:p> ?other } }")
    False
    >>> finds_this("select $this where { $this <a:p> ?other } group by $this having (count(?other) > 1)")
    True
    """
    bare = re.sub(r"[?$]this\b", "$this", _STRING.sub(" ", query))
    select, _, body = bare.partition("{")
    before, _, _ = body.partition("$this")
    cut = bool(_CUT.search(bare) or (_AGGREGATE.search(bare) and not _BY_THIS.search(bare)))
    return before.count("{") == before.count("}") and "$this" in select and not cut


def reads_any(query: str, predicates: Iterable[NamedNode]) -> bool:
    """Tell whether a plain query may read triples with one of some predicates.

    Args:
        query: The query, with its prefixes.
        predicates: The predicates.
    """
    return is_obscure(query) or any(_reads(query, predicate.value) for predicate in predicates)


@cache
def _reads(query: str, predicate: str) -> bool:
    names = [f"<{predicate}>"]
    for prefix, namespace in _PREFIX.findall(query):
        if predicate.startswith(namespace):
            names.append(f"{prefix}:{predicate.removeprefix(namespace)}")
    return any(name in query for name in names) or _has_any_predicate(query)


def _has_any_predicate(query: str) -> bool:
    body = _STRING.sub("<>", query[query.find("{") + 1 : query.rfind("}")])
    return _ANY_PREDICATE.search(" ".join(re.sub(r"[?$]this\b", "$this", body).split())) is not None


def kept_otherwise(literals: Collection[Literal]) -> set[Literal]:
    """Return the literals that a store of pyoxigraph keeps in another form (`1` for `01`).

    >>> one = Literal(1)
    >>> kept_otherwise({one, Literal("01", datatype=one.datatype)}) == {Literal("01", datatype=one.datatype)}
    True
    """
    store, anything = Store(), NamedNode("urn:x")
    store.bulk_extend(Quad(anything, anything, literal) for literal in literals)
    return set(literals).difference(quad.object for quad in store)
