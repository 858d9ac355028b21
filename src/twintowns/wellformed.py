"""Which shapes are certainly written as pySHACL wants them; what is not, it is asked about, and refuses.

pySHACL refuses a shape when it meets a focus node for it, and some faults of a shapes graph at once. What is
told to be well-formed here is so for it too; the screening leaves all else to it.
Source: https://www.w3.org/TR/shacl/#shapes-graph-wellformed
"""

import re
from collections.abc import Callable, Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode

from twintowns.graph import Graph, Node, Term
from twintowns.paths import collection, walk_of
from twintowns.vocabulary import RDF, SH, XSD, A

_COUNT: Final = re.compile(r"0|[1-9][0-9]{0,8}")
_LISTED: Final = (SH["and"], SH["or"], SH.xone)
_SHAPES: Final = (SH.property, SH.node, SH["not"], SH.qualifiedValueShape)
_TARGETS: Final = (SH.targetNode, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
_KINDS: Final = {
    SH[name]
    for name in ["IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral"]
}
_ONCE: Final = {
    SH[name]
    for name in [
        *("minCount", "maxCount", "qualifiedMinCount", "qualifiedMaxCount", "minLength", "maxLength"),
        *("datatype", "nodeKind", "in", "languageIn", "uniqueLang", "closed", "deactivated", "flags"),
        *("path", "severity", "ignoredProperties", "qualifiedValueShape", "qualifiedValueShapesDisjoint"),
    ]
}
"""What is stated once at most."""
_OF_PROPERTIES: Final = {
    SH[name]
    for name in [
        *("minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals"),
        *("qualifiedMinCount", "qualifiedMaxCount", "qualifiedValueShape", "qualifiedValueShapesDisjoint"),
    ]
}
"""What only a property shape may state."""


def _is_count(_shapes: Graph, value: Term) -> bool:
    return (
        isinstance(value, Literal) and value.datatype == XSD.integer and bool(_COUNT.fullmatch(value.value))
    )


def _is_truth(_shapes: Graph, value: Term) -> bool:
    return isinstance(value, Literal) and value.datatype == XSD.boolean and value.value in {"true", "false"}


def _is_text(_shapes: Graph, value: Term) -> bool:
    return isinstance(value, Literal) and value.datatype == XSD.string


def _is_iri(_shapes: Graph, value: Term) -> bool:
    return isinstance(value, NamedNode)


def _is_node(_shapes: Graph, value: Term) -> bool:
    return not isinstance(value, Literal)


def _is_node_shape(shapes: Graph, value: Term) -> bool:
    return not isinstance(value, Literal) and not shapes.values(value, SH.path)


def _is_property_shape(shapes: Graph, value: Term) -> bool:
    return not isinstance(value, Literal) and len(shapes.values(value, SH.path)) == 1


def _is_list(shapes: Graph, value: Term) -> bool:
    """Tell whether a list is well-formed to its end, and names nothing twice."""
    members = collection(shapes, value)
    ends = value
    for _ in members:
        if isinstance(ends, Literal) or any(
            len(shapes.values(ends, one)) != 1 for one in (RDF.first, RDF.rest)
        ):
            return False
        ends = shapes.values(ends, RDF.rest)[0]
    return ends == RDF.nil and len(set(members)) == len(members)


def _is_list_of(is_one: Callable[[Graph, Term], bool]) -> Callable[[Graph, Term], bool]:
    return lambda shapes, value: (
        _is_list(shapes, value) and all(is_one(shapes, one) for one in collection(shapes, value))
    )


def _is_query(shapes: Graph, value: Term) -> bool:
    """Tell whether a SPARQL constraint has one query, and what goes with it is as it should be."""
    if isinstance(value, Literal):
        return False
    selects, declared = shapes.values(value, SH.select), _declared(shapes, value)
    switches = shapes.values(value, SH.deactivated)
    return (
        len(selects) == 1
        and _is_text(shapes, selects[0])
        and len(switches) <= 1
        and all(_is_truth(shapes, one) for one in switches)
        and all(isinstance(one, Literal) for one in shapes.values(value, SH.message))
        and len(dict(declared)) == len(set(declared))
        and all(prefix and namespace for prefix, namespace in declared)
    )


def _declared(shapes: Graph, constraint: Node) -> list[tuple[str, str]]:
    return [
        tuple(one[0].value if len(one) == 1 else "" for one in parts)  # type: ignore[misc]
        for node in declarations(shapes, constraint)
        for parts in [[shapes.values(node, of) for of in (SH.prefix, SH.namespace)]]
    ]


def declarations(shapes: Graph, constraint: Node) -> list[Node]:
    """Return the prefix declarations that hold for a SPARQL constraint.

    Args:
        shapes: The shapes graph.
        constraint: Its node.
    """
    return [
        declaration
        for ontology in shapes.values(constraint, SH.prefixes)
        if not isinstance(ontology, Literal)
        for declaration in shapes.values(ontology, SH.declare)
        if not isinstance(declaration, Literal)
    ]


_FORMS: Final[dict[NamedNode, Callable[[Graph, Term], bool]]] = {
    **dict.fromkeys(
        (SH[name] for name in ["minCount", "maxCount", "qualifiedMinCount", "qualifiedMaxCount"]), _is_count
    ),
    **dict.fromkeys((SH.minLength, SH.maxLength), _is_count),
    **dict.fromkeys(
        (SH[name] for name in ["uniqueLang", "closed", "deactivated", "qualifiedValueShapesDisjoint"]),
        _is_truth,
    ),
    **dict.fromkeys((SH.pattern, SH.flags), _is_text),
    **dict.fromkeys(
        (SH[name] for name in ["minInclusive", "maxInclusive"]), lambda _, v: isinstance(v, Literal)
    ),
    **dict.fromkeys(
        (SH[name] for name in ["datatype", "equals", "disjoint", "lessThan", "lessThanOrEquals", "severity"]),
        _is_iri,
    ),
    **dict.fromkeys((SH["class"], SH["not"], SH.qualifiedValueShape), _is_node),
    **dict.fromkeys(_LISTED, _is_list_of(_is_node)),
    SH.property: _is_property_shape,
    SH.node: _is_node_shape,
    SH.nodeKind: lambda _shapes, value: value in _KINDS,
    SH.languageIn: _is_list_of(_is_text),
    SH["in"]: _is_list,
    SH.ignoredProperties: _is_list,
    SH.path: lambda shapes, value: walk_of(shapes, value) is not None,
    SH.sparql: _is_query,
}
"""What each parameter has to be."""


def is_well_formed(shapes: Graph, shape: Node) -> bool:
    """Tell whether what a shape states is certainly as it should be; what it leads to is not looked at.

    Args:
        shapes: The shapes graph.
        shape: The shape.
    """
    stated = shapes.by_predicate(shape)
    is_of_property = SH.path in stated
    return (
        all(len(stated[one]) == 1 for one in _ONCE & stated.keys())
        and (is_of_property or not _OF_PROPERTIES & stated.keys())
        and (SH.closed in stated or SH.ignoredProperties not in stated)
        and _is_qualified_or_not(stated.keys())
        and all(
            _FORMS[predicate](shapes, triple.object)  # type: ignore[arg-type]
            for predicate in _FORMS.keys() & stated.keys()
            for triple in stated[predicate]
        )
    )


def _is_qualified_or_not(stated: Iterable[NamedNode]) -> bool:
    """Tell whether a count of qualified values and the shape that qualifies them go together."""
    counts = {SH.qualifiedMinCount, SH.qualifiedMaxCount} & set(stated)
    return bool(counts) == (SH.qualifiedValueShape in stated)


def is_loadable(shapes: Graph) -> bool:
    """Tell whether a shapes graph certainly has no fault for which pySHACL refuses all of it.

    Args:
        shapes: The shapes graph.
    """
    found: set[Node] = {*shapes.instances(SH.NodeShape), *shapes.instances(SH.PropertyShape)}
    for triple in shapes:
        if triple.predicate in _LISTED:
            members = collection(shapes, triple.object)  # type: ignore[arg-type]
            if not members or not _is_list(shapes, triple.object):  # type: ignore[arg-type]
                return False
            found.update(one for one in members if not isinstance(one, Literal))
        elif triple.predicate in _SHAPES or triple.predicate in _TARGETS:
            found.add(triple.subject)  # type: ignore[arg-type]
            if triple.predicate in _SHAPES and not isinstance(triple.object, Literal):
                found.add(triple.object)  # type: ignore[arg-type]
    return all(_loads(shapes, shape) for shape in found)


def _loads(shapes: Graph, shape: Node) -> bool:
    types, paths = set(shapes.values(shape, A)), len(shapes.values(shape, SH.path))
    switches = shapes.values(shape, SH.deactivated)
    is_of_nodes, is_of_properties = SH.NodeShape in types, SH.PropertyShape in types
    return (
        not (is_of_nodes and (paths or is_of_properties))
        and (paths == 1 or not is_of_properties)
        and paths <= 1
        and len(switches) <= 1
        and all(isinstance(one, Literal) for one in switches)
    )
