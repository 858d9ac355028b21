"""Which focus nodes a shape judges alike, so that pySHACL need judge only one of each kind.

A world publication has the same warning for thousands of things. Where a shape reads nothing of a focus node
but the values of some properties, two nodes with the same values are judged alike, and what pySHACL says of
one holds for the other. That it reads no more is told from its text; where that is not plain, each node is
judged by itself. Source: https://www.w3.org/TR/shacl/
"""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from twintowns.graph import Graph, Node, Term
from twintowns.reach import ON_VALUES, QueryOf, is_near_query, shared, statements_of
from twintowns.results import ValidationResult
from twintowns.vocabulary import RDF, RDFS, SH, A

Suspects = dict[Node, set[Term]]
_OF_OTHERS: Final = {SH.disjoint, SH.equals, SH.lessThan, SH.lessThanOrEquals}
"""Constraints that look at the values of another property, too."""
_OF_VALUES: Final = ON_VALUES - _OF_OTHERS
"""Constraints that look at the values of the path alone."""
_SILENT: Final = {
    A,
    RDFS.isDefinedBy,
    RDFS.label,
    *(SH[name] for name in ["path", "severity", "message", "name", "description", "order", "flags"]),
    *(SH[name] for name in ["targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf"]),
}
_TEXT: Final = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|<[^<>\s]*>')
_NAMED: Final = re.compile(r"[?$]\w+")
_PREFIX: Final = re.compile(r"\bPREFIX\s+([^\s:<]*):\s*<([^<>\s]*)>", re.IGNORECASE)
_VARIABLE: Final = re.compile(r"\{[?$](?!(?:value|path)\})")
"""What a message is filled in with, besides the value and the path, which are the same for all of a kind."""
_NAME: Final = re.compile(r"([A-Za-z][\w-]*):([A-Za-z][\w-]*)")


class Read(NamedTuple):
    """What a shape reads of a property of its focus nodes: values, languages, or whether there are any."""

    predicate: NamedNode
    of: Callable[[list[Term]], Hashable]


def _values(values: list[Term]) -> Hashable:
    return tuple(values)


def _languages(values: list[Term]) -> Hashable:
    return frozenset(value.language or "" if isinstance(value, Literal) else value for value in values)


def _presence(values: list[Term]) -> Hashable:
    return bool(values)


class Likeness:
    """Tells which suspects are judged alike.

    Args:
        shapes: The shapes graph.
        data: The data graph.
        query_of: Returns the query of a SPARQL constraint with its prefixes.
    """

    def __init__(self, shapes: Graph, data: Graph, query_of: QueryOf) -> None:
        """Note which nodes matter to all, since these are like no other."""
        self._shapes = shapes
        self._data = data
        self._query_of = query_of
        self._alike: dict[tuple[Term, Term], list[Term]] = {}
        self._is_open = any(triple.predicate == SH.parameter for triple in shapes)
        self._known = {term for t in shared(data) for term in (t.subject, t.object)}

    def chosen(self, suspects: Suspects) -> Suspects:
        """Return one suspect of each kind, and all that are of no kind.

        Args:
            suspects: The focus nodes on which each shape has to be judged.
        """
        found: Suspects = {}
        for shape, nodes in suspects.items():
            reads = None if self._is_open else self._reads(shape)
            found[shape] = set(nodes) if reads is None else set(self._one_of_each(shape, nodes, reads))
        return found

    def _one_of_each(self, shape: Node, nodes: Iterable[Term], reads: list[Read]) -> Iterator[Term]:
        first: dict[Hashable, Term] = {}
        for focus in sorted(nodes, key=str):
            kind = self._kind(focus, reads)
            if kind is None or kind not in first:
                first[kind] = focus
                yield focus
            else:
                self._alike.setdefault((shape, first[kind]), []).append(focus)

    def _kind(self, focus: Term, reads: list[Read]) -> Hashable:
        """Return what two nodes have in common that are judged alike; None for what is like no other."""
        return None if focus in self._known else kind_of(self._data, focus, reads)

    def told(self, results: Iterable[ValidationResult]) -> Iterator[ValidationResult]:
        """Yield results, and after each the same of all nodes that are like its focus node.

        Args:
            results: What pySHACL says of the suspects that were chosen.
        """
        for result in results:
            yield result
            one = result.focus_node
            for other in self._alike.get((result.source_shape, one), ()):
                value = other if result.value_node == one else result.value_node
                yield replace(result, focus_node=other, value_node=value)

    def _reads(self, shape: Node) -> list[Read] | None:
        """Return what a property shape reads of its focus nodes, or None where that is not plain."""
        path = self._shapes.value(shape, SH.path)
        if not isinstance(path, NamedNode) or not self._is_told_alike(shape):
            return None
        found: list[Read] = []
        for triple in self._shapes.about(shape):
            predicate, value = triple.predicate, triple.object
            if predicate == SH.sparql and not isinstance(value, Literal):
                reads = query_reads(self._query_of(shape, value))  # type: ignore[arg-type]
                if reads is None:
                    return None
                found += reads
            elif predicate in _OF_OTHERS and isinstance(value, NamedNode):
                found += [Read(path, _values), Read(value, _values)]
            elif predicate in _OF_VALUES:
                found.append(Read(path, _values))
            elif predicate not in _SILENT:
                return None
        return found

    def _is_told_alike(self, shape: Node) -> bool:
        """Tell whether all results have messages of the shape, and none that names what it was found in."""
        queries = [one for one in self._shapes.values(shape, SH.sparql) if not isinstance(one, Literal)]
        own, *of_queries = ([*self._shapes.values(one, SH.message)] for one in (shape, *queries))
        stated = {triple.predicate for triple in self._shapes.about(shape)}
        is_told = own or (of_queries and all(of_queries) and stated.isdisjoint({*_OF_VALUES, *_OF_OTHERS}))
        return bool(is_told) and not any(
            _VARIABLE.search(message.value) or not isinstance(message, Literal)
            for messages in (own, *of_queries)
            for message in messages
        )


def kind_of(data: Graph, focus: Term, reads: Iterable[Read]) -> Hashable:
    """Return what two nodes have in common that are judged alike; None for what is like no other.

    Args:
        data: The data graph.
        focus: The node.
        reads: What is read of it.
    """
    if not isinstance(focus, NamedNode):
        return None
    kind: list[Hashable] = []
    for read in reads:
        values = data.values(focus, read.predicate)
        if any(value == focus or isinstance(value, BlankNode) for value in values):
            return None
        kind.append(read.of(values))
    return tuple(kind)


@cache
def query_reads(query: str) -> tuple[Read, ...] | None:
    """Return what a query reads of `$this`, or None where that is not plain, or it names `$this` otherwise.

    >>> query_reads("select $this where { $this <a:p> ?value . filter (str($this) = str(?value)) }")
    >>> query = "prefix s: <a:> select $this where { $this a ?c . filter not exists { $this s:p ?v } }"
    >>> [read.predicate.value for read in query_reads(query)]
    ['http://www.w3.org/1999/02/22-rdf-syntax-ns#type', 'a:p']
    """
    if not is_near_query(query):
        return None
    prefixes = _PREFIX.findall(query)
    if len({prefix for prefix, _ in prefixes}) < len(prefixes):
        return None
    bare = re.sub(r"[?$]this\b", "$this", _TEXT.sub("<>", query))
    told = [one.removeprefix("$this ") for one in statements_of(query) if one.startswith("$this ")]
    select, _, body = bare.partition("{")
    if "*" in select or select.count("$this") != 1 or re.search(r"[?$]path\b", select):
        return None
    if body.count("$this") != len(told) or any("$this" in one for one in told):
        return None
    reads = [_read(part.split(), dict(prefixes), bare) for one in told for part in one.split(";")]
    return None if None in reads else tuple(read for read in reads if read)


def _read(words: list[str], prefixes: dict[str, str], bare: str) -> Read | None:
    """Return what a predicate and its object read."""
    match words:
        case [predicate, told]:
            named = _NAME.fullmatch(predicate)
            if predicate == "a":
                return Read(RDF.type, _manner(told, bare))
            if named and named[1] in prefixes:
                return Read(NamedNode(prefixes[named[1]] + named[2]), _manner(told, bare))
    return None


def _manner(told: str, bare: str) -> Callable[[list[Term]], Hashable]:
    """Return how the values that a variable stands for are read, from where else the query names it."""
    if not _NAMED.fullmatch(told):
        return _values
    times = len(re.findall(rf"[?$]{told[1:]}\b", bare))
    languages = len(re.findall(rf"\bLANG\s*\(\s*[?$]{told[1:]}\s*\)", bare, re.IGNORECASE))
    if times == 1:
        return _presence
    return _languages if times == 1 + languages else _values
