"""The border to pySHACL and rdflib: terms there and back, and pySHACL's failures told as ours.

Imported only when something is validated, because these two take most of the time of a small build.
"""

import re
import warnings
from collections.abc import Generator, Iterable, Iterator
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox
import rdflib
from pyparsing import ParseBaseException
from pyshacl import validate as pyshacl_validate
from pyshacl.errors import ShapeRecursionWarning, ValidationFailure
from rdflib.namespace import SH as RDFLIB_SH
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.plugins.stores.memory import SimpleMemory
from rdflib.store import Store
from rdflib.term import Node

from twintowns.exceptions import ShapesError
from twintowns.graph import Graph, Term
from twintowns.parallel import cores, each
from twintowns.results import Severity, ValidationResult
from twintowns.screening import Suspects
from twintowns.targets import TARGETS
from twintowns.vocabulary import OWL, RDFS, SH, A

# rdflib logs a traceback for each malformed literal, which the report tells of in words.
rdflib.term.logger.disabled = True

_FAILURES = (
    ArithmeticError,  # a number beyond all bounds
    AssertionError,  # a parameter of another kind
    AttributeError,  # as above
    LookupError,
    OSError,
    ParseBaseException,  # a query that rdflib cannot parse
    RuntimeError,  # pySHACL's own, and what it has not implemented
    ShapeRecursionWarning,
    TypeError,  # a comparison with a malformed value
    ValueError,
    re.error,  # a pattern
)
_REMEMBERED: Final = 50_000
"""How many terms are kept as rdflib has them."""
_PART: Final = 500
"""How many pairs of shape and focus node are judged at a time."""
_UNNEEDED = {RDFS.label, RDFS.isDefinedBy, SH.name, SH.description}
_LOOKING_AROUND = {SH.parameter, SH.qualifiedValueShapesDisjoint}
_VARIABLE = re.compile(r"\{[?$]\w+\}")
_IMPLICIT_TARGETS = {RDFS.Class, OWL.Class}


def results(data: Graph, shapes: Graph, suspects: Suspects) -> list[ValidationResult]:
    """Return what pySHACL finds in the suspects, in no particular order.

    Args:
        data: The data graph.
        shapes: The shapes graph.
        suspects: The focus nodes on which each shape is judged.

    Raises:
        ShapesError: If the shapes are malformed or recursive.
    """
    graph = _mirrored(data)

    def judged(part: Suspects, _folder: Path) -> list[ValidationResult]:
        return _results(graph, shapes, part)

    parts = _parts(suspects)
    found = [one for made in each(judged, parts, (Path(), min(cores(), len(parts)))) for one in made]
    return list({result.key: result for result in found}.values())


def all_results(data: Graph, shapes: Graph) -> list[ValidationResult]:
    """Return what pySHACL finds when it judges everything, or refuses.

    Args:
        data: The data graph.
        shapes: The shapes graph.

    Raises:
        ShapesError: If the shapes are malformed or recursive.
    """
    return _found(_mirrored(data), shapes, shapes)


def _parts(suspects: Suspects) -> list[Suspects]:
    """Divide the suspects: pySHACL takes time that grows with the square of how much it has to tell."""
    pairs = [(shape, focus) for shape, nodes in suspects.items() for focus in sorted(nodes, key=str)]
    parts: list[Suspects] = []
    for start in range(0, len(pairs), _PART):
        part: Suspects = {}
        for shape, focus in pairs[start : start + _PART]:
            part.setdefault(shape, set()).add(focus)
        parts.append(part)
    return parts


def _results(data: rdflib.Graph, shapes: Graph, suspects: Suspects) -> list[ValidationResult]:
    return _found(data, shapes, _aimed(shapes, suspects))


def _found(data: rdflib.Graph, shapes: Graph, aimed: Iterable[ox.Triple]) -> list[ValidationResult]:
    """Return what pySHACL finds by shapes as they are aimed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ShapeRecursionWarning)
            _, report, text = pyshacl_validate(data, shacl_graph=_rdflib_graph(aimed), inplace=True)
    except _FAILURES as error:
        raise _wrong_shapes(str(error)) from error
    if isinstance(report, ValidationFailure):
        raise _wrong_shapes(text)
    return [_result(report, node, shapes) for node in report.objects(None, RDFLIB_SH.result)]


def _aimed(shapes: Graph, suspects: Suspects) -> Iterator[ox.Triple]:
    """Yield the shapes without their targets, each aimed at the nodes that it is to be judged on."""
    for triple in _needed(shapes, suspects):
        is_target = triple.predicate in TARGETS or (
            triple.predicate == A and triple.object in _IMPLICIT_TARGETS
        )
        if not is_target:
            yield triple
    for shape, focus_nodes in suspects.items():
        for focus in focus_nodes:
            yield ox.Triple(shape, SH.targetNode, focus)


def _needed(shapes: Graph, suspects: Suspects) -> Iterator[ox.Triple]:
    """Yield what the suspects' shapes lead to; everything, where constraint components are declared."""
    if any(triple.predicate in _LOOKING_AROUND for triple in shapes):
        yield from shapes
        return
    waiting, seen = list(suspects), set(suspects)
    while waiting:
        for triple in shapes.about(waiting.pop()):
            if triple.predicate not in _UNNEEDED:
                yield triple
                if not isinstance(triple.object, (ox.Literal, ox.Triple)) and triple.object not in seen:
                    seen.add(triple.object)
                    waiting.append(triple.object)


def _wrong_shapes(problem: str) -> ShapesError:
    return ShapesError(
        "shapes/",
        "pySHACL cannot use these shapes: {problem}",
        "mend them: the shapes, not the data, are at fault",
        values={"problem": problem},
    )


def _result(report: rdflib.Graph, node: Node, shapes: Graph) -> ValidationResult:
    severity = _ox_term(report.value(node, RDFLIB_SH.resultSeverity))
    if severity not in {known.value for known in Severity}:
        problem = f"unknown severity {severity}"
        raise _wrong_shapes(problem)
    path = report.value(node, RDFLIB_SH.resultPath)
    value = report.value(node, RDFLIB_SH.value)
    focus_node, source_shape = (
        _ox_term(report.value(node, predicate)) for predicate in (RDFLIB_SH.focusNode, RDFLIB_SH.sourceShape)
    )
    result = ValidationResult(
        focus_node=focus_node,
        path=ox.NamedNode(str(path)) if isinstance(path, rdflib.URIRef) else None,
        value_node=None if value is None else _ox_term(value),
        source_shape=source_shape,
        constraint_component=ox.NamedNode(str(report.value(node, RDFLIB_SH.sourceConstraintComponent))),
        severity=Severity(severity),
        messages={"": str(report.value(node, RDFLIB_SH.resultMessage))},
    )
    constraint = report.value(node, RDFLIB_SH.sourceConstraint)
    sources = [source_shape, *([] if constraint is None else [_ox_term(constraint)])]
    messages = dict(_messages(shapes, sources, result))
    return replace(result, messages=messages) if messages else result


def _messages(shapes: Graph, sources: list[Term], result: ValidationResult) -> Iterator[tuple[str, str]]:
    """Yield the messages of a shape and its constraint by language, their variables filled in.

    pySHACL fills them in as well, but drops the language.
    """
    values = {"this": result.focus_node, "value": result.value_node, "path": result.path}
    for source in sources:
        for message in shapes.values(source, SH.message):  # type: ignore[arg-type]
            text = message.value
            for name, value in values.items():
                if value is not None:
                    text = re.sub(rf"\{{[?$]{name}\}}", lambda _match, told=value.value: told, text)  # type: ignore[misc]
            if isinstance(message, ox.Literal) and not _VARIABLE.search(text):
                yield message.language or "", text


class _QuickGraph(rdflib.Graph):
    """A graph that parses each query once: pySHACL asks the same one for every focus node."""

    def __init__(self, store: Store | str = "default") -> None:
        super().__init__(store, bind_namespaces="none")
        self._prepared: dict[str, Query] = {}

    def query(self, query_object: str | Query, *args: Any, **options: Any) -> rdflib.query.Result:  # noqa: ANN401
        """Ask the graph."""
        text = str(query_object)
        if text not in self._prepared:
            self._prepared[text] = prepareQuery(text)
        return super().query(self._prepared[text], *args, **options)


def _rdflib_graph(triples: Iterable[ox.Triple]) -> rdflib.Graph:
    graph = _QuickGraph()
    graph.addN((_term(t.subject), _term(t.predicate), _term(t.object), graph) for t in triples)
    return graph


class _Mirror(SimpleMemory):
    """A graph of ours as rdflib sees it: what is asked for is handed over, nothing copied before."""

    context_aware = graph_aware = True  # which pySHACL asks for, although there is one graph only

    def __init__(self, graph: Graph) -> None:
        super().__init__()
        self._ours = graph
        self.home: rdflib.Graph | None = None

    def __len__(self, context: rdflib.Graph | None = None) -> int:
        """Return how many triples there are."""
        return len(self._ours)

    def contexts(self, triple: Any = None) -> Generator[Any]:  # noqa: ANN401, ARG002 - as rdflib has it
        """Yield the one graph there is."""
        yield self.home

    def add_graph(self, graph: rdflib.Graph) -> None:
        """Take no notice: the graph that is the default one is here."""

    def triples(self, pattern: Any, context: Any = None) -> Any:  # noqa: ANN401, ARG002 - as rdflib has it
        """Yield the triples that match a pattern, in which None stands for anything."""
        try:
            subject, predicate, value = (None if one is None else _ox_term(one) for one in pattern)
        except ValueError:
            return  # no IRI, and so in no graph
        if isinstance(pattern[2], rdflib.Literal) and pattern[2].datatype == rdflib.XSD.string:
            return  # as which no text is stated
        for told in self._candidates(subject, predicate, value):
            is_wanted = predicate in {None, told.predicate} and value in {None, told.object}
            if is_wanted:
                yield (_term(told.subject), _term(told.predicate), _term(told.object)), self.contexts()

    def _candidates(
        self, subject: Term | None, predicate: Term | None, value: Term | None
    ) -> Iterable[ox.Triple]:
        if isinstance(subject, ox.Literal):
            return ()
        if subject is not None:
            told = self._ours.by_predicate(subject)
            return told.get(predicate, ()) if predicate is not None else self._ours.about(subject)  # type: ignore[arg-type]
        if isinstance(value, ox.Literal):
            return self._ours.told_of(value)
        if value is not None:
            return self._ours.pointing_at(value)
        if predicate is None:
            return self._ours
        return self._ours.stating(predicate)  # type: ignore[arg-type]


def _mirrored(data: Graph) -> rdflib.Graph:
    store = _Mirror(data)
    store.home = _QuickGraph(store)
    return store.home


@cache
def _iri(value: str) -> rdflib.URIRef:
    return rdflib.URIRef(value)


@lru_cache(maxsize=_REMEMBERED)
def _term(term: object) -> Node:
    match term:
        case ox.NamedNode(value=value):
            return _iri(value)
        case ox.BlankNode(value=value):
            return rdflib.BNode(value)
        case ox.Literal(value=value, language=str(language)):
            return rdflib.Literal(value, lang=language)
        case ox.Literal(value=value, datatype=datatype):
            plain = datatype.value == str(rdflib.XSD.string)
            return (
                rdflib.Literal(value)
                if plain
                else rdflib.Literal(value, datatype=_iri(datatype.value), normalize=False)
            )
        case _:  # pragma: no cover - loading lets no other term in
            raise TypeError(term)


def _ox_term(term: object) -> Term:
    match term:
        case rdflib.URIRef():
            return ox.NamedNode(str(term))
        case rdflib.BNode():
            return ox.BlankNode(str(term))
        case rdflib.Literal(language=str(language)):
            return ox.Literal(str(term), language=language)
        case rdflib.Literal(datatype=rdflib.URIRef() as datatype):
            return ox.Literal(str(term), datatype=ox.NamedNode(str(datatype)))
        case _:
            return ox.Literal(str(term))
