"""What surrounds focus nodes as far as a query looks, told from its triple patterns.

A query that looks further than what is stated of its focus node follows patterns from term to term. They
are followed here one by one, so that what is found is all that the query can find, and more: no value is
compared.
Where a pattern is joined to the others in another way, it is not known how far the query looks.
Source: https://www.w3.org/TR/sparql11-query/#sparqlBasicGraphPatterns
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Final, Protocol

from pyoxigraph import Literal, NamedNode, Triple

from twintowns.graph import Node, Term
from twintowns.triplepatterns import THIS, Pattern
from twintowns.vocabulary import RDF, XSD

Known = dict[str, set[Term]]
"""What variables may stand for."""
_PLAIN: Final = {XSD.string, RDF.langString}
"""The datatypes of which a text is the same only where it is written so."""


class Told(Protocol):
    """What can be asked what is stated of a node, and what leads to it."""

    def about(self, subject: Node, /) -> Iterable[Triple]:
        """Return the triples with that subject."""

    def pointing_at(self, node: Node, /) -> Iterable[Triple]:
        """Return the triples with that object."""


class Both:
    """What is stated before or after an edit.

    Args:
        graphs: What is stated then and now.
    """

    def __init__(self, *graphs: Told) -> None:
        """Take hold of them."""
        self._graphs: Final = graphs

    def about(self, subject: Node) -> Iterable[Triple]:
        """Return the triples with that subject."""
        return dict.fromkeys(triple for graph in self._graphs for triple in graph.about(subject))

    def pointing_at(self, node: Node) -> Iterable[Triple]:
        """Return the triples with that object."""
        return dict.fromkeys(triple for graph in self._graphs for triple in graph.pointing_at(node))


class UnclearError(Exception):
    """It is not known how far a query looks."""


def reached(data: Told, patterns: Collection[Pattern], changed: Iterable[Triple]) -> set[Term]:
    """Return the focus nodes that a query may judge otherwise when triples came or went.

    Args:
        data: What is stated before or after.
        patterns: What the query looks for.
        changed: The triples.

    Raises:
        UnclearError: If it is not known how far the query looks.
    """
    found: set[Term] = set()
    for triple in changed:
        for pattern in (one for one in patterns if _matches(one, triple)):
            known = _bound(data, pattern, triple)
            around = [one for one in patterns if one.chain[0] in pattern.chain]
            while THIS not in known:
                if not _lead_on(data, around, known):
                    raise UnclearError
            found |= known[THIS]
    return found


def surrounding(data: Told, patterns: Collection[Pattern], focus_nodes: Iterable[Term]) -> set[Triple]:
    """Return all triples that a query may look at for some focus nodes, and more.

    Args:
        data: What is stated.
        patterns: What the query looks for.
        focus_nodes: The focus nodes.

    Raises:
        UnclearError: If it is not known how far the query looks.
    """
    known: Known = {THIS: set(focus_nodes)}
    while _lead_on(data, patterns, known, _is_bound_there):
        pass
    if not all(_is_known(end, known) for one in patterns for end in (one.subject, one.value)):
        raise UnclearError
    return {
        triple
        for pattern in patterns
        for node in _meant(pattern.subject, known)
        for triple in _stated(data, node, pattern)
    }


def _stated(data: Told, node: Term, pattern: Pattern) -> Iterator[Triple]:
    """Yield the triples by which a pattern leads on from a node."""
    for one in _closure(node, lambda end: _next(data, end, pattern)) if pattern.is_path else [node]:
        yield from (triple for triple in data.about(one) if _has_predicate(triple, pattern))  # type: ignore[arg-type]


def _anywhere(_pattern: Pattern, _variable: str) -> bool:
    return True


def _lead_on(
    data: Told,
    patterns: Iterable[Pattern],
    known: Known,
    binds: Callable[[Pattern, str], bool] = _anywhere,
) -> bool:
    """Find what one more variable may stand for; return whether there is one.

    A constant is followed only where nothing else leads on: very much may lead to it.
    """
    for is_start in (_is_variable, _is_iri):
        for one in patterns:
            for start, end, step in ((one.subject, one.value, _next), (one.value, one.subject, _before)):
                is_wanted = _is_variable(end) and end not in known and binds(one, end)
                if is_wanted and is_start(start) and _is_known(start, known):
                    nodes = _meant(start, known)
                    known[end] = {far for node in nodes for far in _along(data, node, one, step)}
                    return True
    return False


Step = Callable[[Told, Term, Pattern], Iterable[Term]]


def _along(data: Told, node: Term, pattern: Pattern, step: Step) -> Iterable[Term]:
    """Return where a pattern leads from a node."""
    if pattern.is_path:
        return _closure(node, lambda end: step(data, end, pattern))
    return step(data, node, pattern)


def _next(data: Told, node: Term, pattern: Pattern) -> Iterable[Term]:
    return [t.object for t in data.about(node) if _has_predicate(t, pattern)]  # type: ignore[arg-type,misc]


def _before(data: Told, node: Term, pattern: Pattern) -> Iterable[Term]:
    if isinstance(node, Literal) and node.datatype not in _PLAIN:
        raise UnclearError  # it may be the same as one that is written otherwise
    return [t.subject for t in data.pointing_at(node) if _has_predicate(t, pattern)]  # type: ignore[arg-type,misc]


def _closure(node: Term, step: Callable[[Term], Iterable[Term]]) -> set[Term]:
    found, waiting = {node}, [node]
    while waiting:
        new = set(step(waiting.pop())) - found
        found |= new
        waiting += new
    return found


def _bound(data: Told, pattern: Pattern, triple: Triple) -> Known:
    """Return what the variables of a pattern stand for where a triple matches it."""
    ends: list[tuple[str, Term, Step]] = [
        (pattern.subject, triple.subject, _before),  # type: ignore[list-item]
        (pattern.value, triple.object, _next),  # type: ignore[list-item]
    ]
    known: Known = {}
    for name, term, step in ends:
        if _is_variable(name):
            found = set(_along(data, term, pattern, step)) if pattern.is_path else {term}
            known[name] = known[name] & found if name in known else found
    return known


def _matches(pattern: Pattern, triple: Triple) -> bool:
    ends = ((pattern.subject, triple.subject), (pattern.value, triple.object))
    return _has_predicate(triple, pattern) and (pattern.is_path or all(_may_be(*end) for end in ends))  # type: ignore[arg-type]


def _may_be(name: str, term: Term) -> bool:
    """Tell whether a term of a pattern can be a certain one; texts and numbers can be any literal."""
    return _is_variable(name) or (term.value == name if _is_iri(name) else isinstance(term, Literal))


def _has_predicate(triple: Triple, pattern: Pattern) -> bool:
    return _is_variable(pattern.predicate) or triple.predicate.value == pattern.predicate


def _is_bound_there(pattern: Pattern, variable: str) -> bool:
    """Tell whether a pattern stands in the very group by which a variable is bound."""
    return variable.partition("@")[2] == str(pattern.chain[0])


def _is_variable(name: str) -> bool:
    return name.startswith("?") or name == THIS


def _is_iri(name: str) -> bool:
    return name[:1].isalpha()


def _is_known(name: str, known: Known) -> bool:
    return not _is_variable(name) or name in known


def _meant(name: str, known: Known) -> set[Term]:
    return known[name] if _is_variable(name) else {NamedNode(name)}
