"""How far a shape looks: which focus nodes need not be judged again after an edit.

A shape looks near where all that it reads is stated of its focus node, or of the nodes that this leads to,
as far as `STEPS`, or is known beforehand to matter to all (`shared`). Where the text of a shape does not show
that, it looks far, and is held against everything anew. Source: https://www.w3.org/TR/shacl/
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import blake2b
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from twintowns.certainty import reading
from twintowns.graph import Graph, Node, Term
from twintowns.paths import collection
from twintowns.plainness import is_plain
from twintowns.vocabulary import DCAT, RDFS, SH

STEPS: Final = 2
"""What is stated of a focus node, and of the nodes to which that leads."""

ON_VALUES: Final = {
    SH[name]
    for name in [
        "datatype",
        "disjoint",
        "equals",
        "hasValue",
        "in",
        "languageIn",
        "lessThan",
        "lessThanOrEquals",
        "maxCount",
        "maxExclusive",
        "maxInclusive",
        "maxLength",
        "minCount",
        "minExclusive",
        "minInclusive",
        "minLength",
        "nodeKind",
        "pattern",
        "uniqueLang",
    ]
}
"""Constraints that look at the values alone, and at other values of the focus node."""
_TOLD: Final = {
    SH[name]
    for name in [
        "path",
        "severity",
        "message",
        "name",
        "description",
        "order",
        "group",
        "defaultValue",
        "deactivated",
        "flags",
        "ignoredProperties",
        "targetNode",
        "targetClass",
        "targetSubjectsOf",
        "qualifiedMinCount",
        "qualifiedMaxCount",
    ]
}
_OF_VALUES: Final = {SH["class"], SH.closed}
"""Constraints that look at what is stated of the values."""
_INNER: Final = {SH.property, SH.node, SH["not"], SH.qualifiedValueShape}
_LISTED: Final = {SH["and"], SH["or"], SH.xone}
_FAR: Final = STEPS + 1
_STRING: Final = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|<[^<>\s]*>')
_PARENTHESES: Final = re.compile(r"\([^(){}]*\)")
_MARK: Final = re.compile(r"([{}.])")
_WORDS: Final = re.compile(r"\b(?:WHERE|FILTER|NOT|EXISTS|BIND|REGEX)\b", re.IGNORECASE)
_UNCLEAR: Final = re.compile(r"[/^*+|!()\[\]\"']|\w\.\w")
"""What may lead further, or hide it."""
_CATALOGUE: Final = re.compile(r"[?$]\w+ a dcat:Catalog(?![\w:%-])")
_OTHER: Final = re.compile(r"\b(?:GROUP|HAVING|LIMIT|OFFSET|ORDER|COUNT|REDUCED)\b", re.IGNORECASE)
_PREFIX: Final = f"PREFIX dcat: <{DCAT}>"


QueryOf = Callable[[Node, Node], str]
"""From a shape and its SPARQL constraint to the query, with its prefixes."""


class Reach:
    """How far the shapes of a graph look.

    Args:
        shapes: The shapes graph.
        steps: Of how many nodes in a row a query that looks far is taken to read what is stated.
    """

    def __init__(self, shapes: Graph, steps: int = _FAR) -> None:
        """Note whether anything in the graph can reach wherever it likes."""
        self._shapes = shapes
        self._steps_of_query: Final = steps
        self._steps: dict[Node, int] = {}
        self._is_open = any(t.predicate in {SH.parameter, SH.qualifiedValueShapesDisjoint} for t in shapes)

    def is_near(self, shape: Node, query_of: QueryOf) -> bool:
        """Tell whether a shape reads no more than what `digest` sums up.

        Args:
            shape: The shape.
            query_of: Returns the query of a SPARQL constraint with its prefixes.
        """
        return not self._is_open and self._reach(shape, query_of) <= STEPS

    def far_queries(self, shape: Node, query_of: QueryOf) -> Iterator[str]:
        """Yield the queries of a shape, and of those within it, that do not look near.

        Args:
            shape: The shape.
            query_of: Returns the query of a SPARQL constraint with its prefixes.
        """
        waiting, seen = [shape], {shape}
        while waiting:
            one = waiting.pop()
            for query in (query_of(one, value) for value in self._shapes.values(one, SH.sparql)):  # type: ignore[arg-type]
                if not _is_near(query):
                    yield query
            within = {member for triple in self._shapes.about(one) for member in self._members(triple)} - seen
            seen |= within
            waiting += within

    def _members(self, triple: Triple) -> list[Node]:
        """Return the shapes that one names within it."""
        if triple.predicate in _LISTED:
            members = collection(self._shapes, triple.object)  # type: ignore[arg-type]
        else:
            members = [triple.object] if triple.predicate in _INNER else []  # type: ignore[list-item]
        return [one for one in members if not isinstance(one, Literal)]

    def _reach(self, shape: Node, query_of: QueryOf) -> int:
        """Return of how many nodes in a row a shape reads what is stated; a recursive one looks far."""
        if shape not in self._steps:
            self._steps[shape] = _FAR
            self._steps[shape] = max(self._reaches(shape, query_of), default=0)
        return self._steps[shape]

    def _reaches(self, shape: Node, query_of: QueryOf) -> Iterator[int]:
        paths = self._shapes.values(shape, SH.path)
        own = len(paths)
        if any(not isinstance(path, NamedNode) for path in paths):
            yield _FAR
        for triple in self._shapes.about(shape):
            predicate, value = triple.predicate, triple.object
            if predicate in ON_VALUES:
                yield 1
            elif predicate in _OF_VALUES:
                yield own + 1
            elif predicate == SH.property and own:
                yield _FAR  # its results are those of other focus nodes
            elif predicate in _INNER or predicate in _LISTED:
                members = [value] if predicate in _INNER else collection(self._shapes, value)  # type: ignore[arg-type]
                yield max((own + self._inner(member, query_of) for member in members), default=own)
            elif predicate == SH.sparql:
                yield 1 if _is_near(query_of(shape, value)) else self._steps_of_query  # type: ignore[arg-type]
            elif predicate.value.startswith(SH) and predicate not in _TOLD:
                yield _FAR

    def _inner(self, shape: object, query_of: QueryOf) -> int:
        return _FAR if isinstance(shape, Literal) else self._reach(shape, query_of)  # type: ignore[arg-type]


def _is_near(query: str) -> bool:
    """Tell whether a query looks near, by its text or as it is read token by token."""
    read = reading(query)
    return is_near_query(query) or (is_plain(query) and read is not None and read.is_near)


@cache
def is_near_query(query: str) -> bool:
    """Tell whether a query reads only what is stated of `$this`, and of catalogues.

    >>> is_near_query("select $this where { $this a ?class . filter not exists { $this <a:p> ?other } }")
    True
    >>> is_near_query("select $this where { $this <a:p> ?other . ?other <a:p> ?third }")
    False
    """
    if not is_plain(query) or _OTHER.search(_STRING.sub(" ", query)):
        return False
    bare = _bare(query)
    if _UNCLEAR.search(bare):
        return False
    told = list(_statements(bare))
    catalogues = {one.split()[0] for depth, one in told if depth == 1 and _CATALOGUE.match(one)}
    of_catalogue = catalogues if _PREFIX in query else set()
    return all(
        one.split()[0] in {"$this"} | of_catalogue or bool(_PREFIX in query and _CATALOGUE.match(one))
        for _, one in told
    )


def statements_of(query: str) -> Iterator[str]:
    """Yield the statements of a query that looks near; what stands in parentheses is left out.

    Args:
        query: The query.
    """
    return (text for _, text in _statements(_bare(query)))


def _bare(query: str) -> str:
    """Return what a query asks, without strings, IRIs and parentheses."""
    bare = re.sub(r"[?$]this\b", "$this", _STRING.sub("<>", query[query.find("{") :]))
    while (shorter := _PARENTHESES.sub(" ", bare)) != bare:
        bare = shorter
    return bare


def _statements(bare: str) -> Iterator[tuple[int, str]]:
    """Yield what stands between full stops and braces, and how many groups are around it."""
    depth = 0
    for part in _MARK.split(bare):
        depth += (part == "{") - (part == "}")
        text = " ".join(_WORDS.sub(" ", part).split())
        if text not in {"", "{", "}", "."}:
            yield depth, text


class Digests:
    """Sums up what is stated of nodes, and of those to which that leads.

    Args:
        data: The data graph.
    """

    def __init__(self, data: Graph) -> None:
        """Sum up what matters to all."""
        self._data = data
        self._known: dict[tuple[Term, int], bytes] = {}

    @property
    def shared(self) -> str:
        """What every shape may read: which class is below which, and what the catalogues state."""
        return _digest(str(triple).encode() for triple in shared(self._data)).hex()

    def of(self, node: Node) -> str:
        """Return the digest of what a shape that looks near may read of a node."""
        return self._of(node, STEPS).hex()

    def _of(self, node: Term, steps: int) -> bytes:
        if steps == 0 or isinstance(node, Literal):
            return b""
        known = self._known.get((node, steps))
        if known is None:
            known = self._known[node, steps] = _digest(self._parts(node, steps))
        return known

    def _parts(self, node: Node, steps: int) -> Iterator[bytes]:
        for triple in self._data.about(node):
            yield str(triple).encode()
            yield self._of(triple.object, steps - 1)  # type: ignore[arg-type]


def shared(data: Graph) -> list[Triple]:
    """Return what every shape may read, wherever it is stated."""
    found = [triple for triple in data if triple.predicate == RDFS.subClassOf]
    for catalogue in data.instances(DCAT.Catalog):
        found.extend(data.about(catalogue))
    return found


def _digest(parts: Iterator[bytes]) -> bytes:
    found = blake2b(digest_size=12)
    for part in parts:
        found.update(part)
        found.update(b"\n")
    return found.digest()
