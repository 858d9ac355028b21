"""The border to pySHACL and rdflib: terms there and back, and pySHACL's failures told as ours.

Imported only when something is validated, because these two take most of the time of a small build.
"""

from collections.abc import Iterable
from functools import cache

import pyoxigraph as ox
import rdflib
from pyshacl import validate as pyshacl_validate
from pyshacl.errors import ReportableRuntimeError, ShapeRecursionWarning, ValidationFailure
from rdflib.namespace import SH as RDFLIB_SH
from rdflib.term import Node

from twintowns.exceptions import ShapesError
from twintowns.graph import Term
from twintowns.validation import Severity, ValidationResult


def results(data: Iterable[ox.Triple], shapes: Iterable[ox.Triple]) -> list[ValidationResult]:
    """Return what pySHACL finds, in no particular order.

    Raises:
        ShapesError: If the shapes are malformed or recursive.
    """
    try:
        _, report, text = pyshacl_validate(
            _rdflib_graph(data),
            shacl_graph=_rdflib_graph(shapes),
            meta_shacl=True,
            inplace=True,
            allow_warnings=True,
            allow_infos=True,
        )
    except (ReportableRuntimeError, ShapeRecursionWarning) as error:
        raise _wrong_shapes(str(error)) from error
    if isinstance(report, ValidationFailure):
        raise _wrong_shapes(text)
    return [_result(report, node) for node in report.subjects(rdflib.RDF.type, RDFLIB_SH.ValidationResult)]


def _wrong_shapes(problem: str) -> ShapesError:
    return ShapesError(
        "shapes/",
        "pySHACL cannot use these shapes: {problem}",
        "mend them: the shapes, not the data, are at fault",
        values={"problem": problem},
    )


def _result(report: rdflib.Graph, node: Node) -> ValidationResult:
    path = report.value(node, RDFLIB_SH.resultPath)
    value = report.value(node, RDFLIB_SH.value)
    messages = {
        m.language or "": str(m)
        for m in report.objects(node, RDFLIB_SH.resultMessage)
        if isinstance(m, rdflib.Literal)
    }
    component = report.value(node, RDFLIB_SH.sourceConstraintComponent)
    return ValidationResult(
        focus_node=_ox_term(report.value(node, RDFLIB_SH.focusNode)),
        path=ox.NamedNode(str(path)) if isinstance(path, rdflib.URIRef) else None,
        value_node=None if value is None else _ox_term(value),
        source_shape=_ox_term(report.value(node, RDFLIB_SH.sourceShape)),
        constraint_component=ox.NamedNode(str(component)),
        severity=Severity(_ox_term(report.value(node, RDFLIB_SH.resultSeverity))),
        messages=messages,
    )


def _rdflib_graph(triples: Iterable[ox.Triple]) -> rdflib.Graph:
    graph = rdflib.Graph(bind_namespaces="none")
    graph.addN((_term(t.subject), _term(t.predicate), _term(t.object), graph) for t in triples)
    return graph


@cache
def _iri(value: str) -> rdflib.URIRef:
    return rdflib.URIRef(value)


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
        case _:
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
