"""SHACL's core constraints as plain checks over a graph, for the screening of what cannot break a shape.

Each check answers True where the values certainly conform, False where they certainly do not, and None
where it cannot tell; only pySHACL's word counts for anything but True.
Source: https://www.w3.org/TR/shacl/#core-components
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from twintowns.graph import Graph, Term
from twintowns.vocabulary import RDF, RDFS, SH, XSD, A

Verdict = bool | None
Check = Callable[[Graph, Term, list[Term]], Verdict]
"""From the data, a focus node and its value nodes to a verdict."""

_YEAR: Final = r"(?!0000)[0-9]{4}"
_LEXICAL: Final = {
    XSD.string: re.compile(r".*", re.DOTALL),
    RDF.langString: re.compile(r".*", re.DOTALL),
    XSD.boolean: re.compile(r"true|false"),
    XSD.integer: re.compile(r"[+-]?[0-9]{1,300}"),
    XSD.decimal: re.compile(r"[+-]?([0-9]{1,300}(\.[0-9]{0,300})?|\.[0-9]{1,300})"),
    XSD.gYear: re.compile(_YEAR),
    XSD.gYearMonth: re.compile(rf"{_YEAR}-(0[1-9]|1[0-2])"),
    XSD.date: re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    XSD.time: re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"),
}
"""Lexical forms that are certainly valid; others may be, which only pySHACL says."""
_NUMBERS: Final = {XSD.integer, XSD.decimal}
_TEXT_ORDER: Final = {XSD.date, XSD.time, XSD.gYear, XSD.gYearMonth}
_KINDS: Final = {
    SH.IRI: (NamedNode,),
    SH.BlankNode: (BlankNode,),
    SH.Literal: (Literal,),
    SH.BlankNodeOrIRI: (BlankNode, NamedNode),
    SH.BlankNodeOrLiteral: (BlankNode, Literal),
    SH.IRIOrLiteral: (NamedNode, Literal),
}


def min_count(parameter: Term) -> Check | None:
    """Ask for at least so many values."""
    least = _number(parameter)
    return None if least is None else lambda _data, _focus, values: len(values) >= least


def max_count(parameter: Term) -> Check | None:
    """Ask for at most so many values."""
    most = _number(parameter)
    return None if most is None else lambda _data, _focus, values: len(values) <= most


def datatype(parameter: Term) -> Check | None:
    """Ask for literals of one datatype, well-formed."""
    if parameter in {RDFS.Literal, RDFS.Datatype}:
        return None  # which pySHACL takes for the datatype of more than their own

    def one(value: Term) -> Verdict:
        if not isinstance(value, Literal) or value.datatype != parameter:
            return False
        return True if _is_valid(value) else None

    return _of_each(one)


def node_kind(parameter: Term) -> Check | None:
    """Ask for IRIs, blank nodes or literals."""
    kinds = _KINDS.get(parameter)  # type: ignore[arg-type]
    return _of_each(lambda value: isinstance(value, kinds)) if kinds else None


def of_class(parameter: Term) -> Check | None:
    """Ask for instances of a class, subclasses in the data included."""
    known: dict[Term, bool] = {}

    def check(data: Graph, _focus: Term, values: list[Term]) -> Verdict:
        for value in values:
            if value not in known:
                known[value] = _is_instance(data, value, parameter)
        return all(known[value] for value in values)

    return check


def pattern(parameter: Term, flags: str) -> Check | None:
    """Ask for texts or IRIs that match a regular expression."""
    try:
        expression = re.compile(_text(parameter), re.IGNORECASE if flags == "i" else re.NOFLAG)
    except (re.error, OverflowError, RecursionError):
        return None
    if flags not in {"", "i"}:
        return None
    return _of_each(lambda v: None if isinstance(v, BlankNode) else expression.search(v.value) is not None)


def min_length(parameter: Term) -> Check | None:
    """Ask for so many characters at least."""
    least = _number(parameter)
    return (
        None
        if least is None
        else _of_each(lambda v: None if isinstance(v, BlankNode) else len(v.value) >= least)
    )


def max_length(parameter: Term) -> Check | None:
    """Ask for so many characters at most."""
    most = _number(parameter)
    return (
        None
        if most is None
        else _of_each(lambda v: None if isinstance(v, BlankNode) else len(v.value) <= most)
    )


def language_in(parameter: list[Term]) -> Check:
    """Ask for texts in one of some languages."""
    ranges = {_text(tag).lower() for tag in parameter}

    def one(value: Term) -> Verdict:
        tag = (value.language or "").lower() if isinstance(value, Literal) else ""
        is_found = tag in ranges or tag.partition("-")[0] in ranges
        return None if "*" in ranges else bool(tag) and is_found

    return _of_each(one)


def unique_lang(parameter: Term) -> Check | None:
    """Ask for one text a language."""
    if _text(parameter) != "true":
        return None

    def check(_data: Graph, _focus: Term, values: list[Term]) -> Verdict:
        tags = [v.language.lower() for v in values if isinstance(v, Literal) and v.language]
        return len(tags) == len(set(tags))

    return check


def at_least(parameter: Term) -> Check | None:
    """Ask for values that are no less."""
    return _compared(parameter, lambda value, bound: value >= bound)


def at_most(parameter: Term) -> Check | None:
    """Ask for values that are no more."""
    return _compared(parameter, lambda value, bound: value <= bound)


def one_of(parameter: list[Term]) -> Check:
    """Ask for some of a list."""
    members = set(parameter)
    return _of_each(lambda value: True if value in members else None if isinstance(value, Literal) else False)


def has_value(parameter: Term) -> Check | None:
    """Ask for one certain value."""
    otherwise = None if isinstance(parameter, Literal) else False
    return lambda _data, _focus, values: True if parameter in values else otherwise


def equals(parameter: Term) -> Check | None:
    """Ask for the same values as those of another property."""
    return lambda data, focus, values: True if set(values) == _others(data, focus, parameter) else None


def disjoint(parameter: Term) -> Check | None:
    """Ask for no value that another property has."""
    return lambda data, focus, values: True if not set(values) & _others(data, focus, parameter) else None


def less_than(parameter: Term) -> Check | None:
    """Ask for values that are less than all of another property."""
    return _ordered(parameter, lambda value, other: value < other)


def less_than_or_equals(parameter: Term) -> Check | None:
    """Ask for values that are no more than any of another property."""
    return _ordered(parameter, lambda value, other: value <= other)


def closed(allowed: frozenset[Term]) -> Check:
    """Ask for no property besides those allowed, and for no class but that of everything."""

    def check(data: Graph, _focus: Term, values: list[Term]) -> Verdict:
        nodes = (value for value in values if not isinstance(value, Literal))
        return all(
            triple.predicate in allowed or (triple.predicate == A and triple.object == RDFS.Resource)
            for node in nodes
            for triple in data.about(node)
        )

    return check


def nothing(_data: Graph, _focus: Term, _values: list[Term]) -> Verdict:
    """Ask for nothing."""
    return True


def _of_each(one: Callable[[Term], Verdict]) -> Check:
    return lambda _data, _focus, values: all_of(one(value) for value in values)


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Return whether all verdicts are True; None where none is False and some cannot be told."""
    unsure = False
    for verdict in verdicts:
        if verdict is False:
            return False
        unsure = unsure or verdict is None
    return None if unsure else True


def _compared(parameter: Term, holds: Callable[[Decimal, Decimal], bool]) -> Check | None:
    bound = _decimal(parameter)
    if bound is None:
        return None

    def one(value: Term) -> Verdict:
        number = _decimal(value)
        return None if number is None else holds(number, bound)

    return _of_each(one)


def _ordered(predicate: Term, holds: Callable[[str, str], bool]) -> Check:
    """Compare values with those of another property, where lexical forms have the order of values."""

    def check(data: Graph, focus: Term, values: list[Term]) -> Verdict:
        if any(isinstance(value, BlankNode) for value in values):
            return None  # which pySHACL refuses, whatever they are compared with
        pairs = [(value, other) for value in values for other in _others(data, focus, predicate)]
        return (
            True
            if all(_has_text_order(*pair) and holds(pair[0].value, pair[1].value) for pair in pairs)
            else None
        )

    return check


def _has_text_order(one: Term, other: Term) -> bool:
    return all(
        isinstance(term, Literal) and term.datatype in _TEXT_ORDER and _is_valid(term)
        for term in (one, other)
    ) and (one.datatype == other.datatype)  # type: ignore[union-attr]


def _is_valid(literal: Literal) -> bool:
    """Tell whether a literal is certainly well-formed."""
    lexical = _LEXICAL.get(literal.datatype)
    if not lexical or not lexical.fullmatch(literal.value):
        return False
    return literal.datatype != XSD.date or _is_day(literal.value)


def _is_day(text: str) -> bool:
    try:
        return bool(dt.date.fromisoformat(text))
    except ValueError:
        return False


def _decimal(term: Term) -> Decimal | None:
    if (
        isinstance(term, Literal)
        and term.datatype in _NUMBERS
        and _LEXICAL[term.datatype].fullmatch(term.value)
    ):
        return Decimal(term.value)
    return None


def _number(term: Term) -> int | None:
    number = _decimal(term)
    return None if number is None else int(number)


def _text(term: Term) -> str:
    return term.value


def _others(data: Graph, focus: Term, predicate: Term) -> set[Term]:
    return set() if isinstance(focus, Literal) else set(data.values(focus, predicate))  # type: ignore[arg-type]


def _is_instance(data: Graph, value: Term, wanted: Term) -> bool:
    if isinstance(value, Literal):
        return False
    waiting: list[Term] = list(data.values(value, A))
    seen: set[Term] = set()
    while waiting:
        found = waiting.pop()
        if found == wanted:
            return True
        if found not in seen and not isinstance(found, Literal):
            seen.add(found)
            waiting += data.values(found, RDFS.subClassOf)
    return False


SIMPLE: Final[dict[NamedNode, Callable[[Term], Check | None]]] = {
    SH.minCount: min_count,
    SH.maxCount: max_count,
    SH.datatype: datatype,
    SH.nodeKind: node_kind,
    SH["class"]: of_class,
    SH.minLength: min_length,
    SH.maxLength: max_length,
    SH.uniqueLang: unique_lang,
    SH.minInclusive: at_least,
    SH.maxInclusive: at_most,
    SH.hasValue: has_value,
    SH.equals: equals,
    SH.disjoint: disjoint,
    SH.lessThan: less_than,
    SH.lessThanOrEquals: less_than_or_equals,
}
"""The components with one plain parameter."""
