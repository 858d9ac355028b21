"""The queries of shapes, and their prefixes: those that could not be asked, or would ask others, are refused.

Source: https://www.w3.org/TR/shacl/#sparql-constraints-syntax
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final, cast

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store, Triple, Variable

from twintowns.exceptions import ShapesError
from twintowns.graph import Graph, Node
from twintowns.loading import SourceFile, read_text
from twintowns.positions import positions
from twintowns.queryscreen import QueryScreen
from twintowns.vocabulary import SH
from twintowns.wellformed import declarations

_SERVICE: Final = re.compile(r"service", re.IGNORECASE)
_QUERIES: Final = {SH.select, SH.ask, SH.construct}
_PREFIX_PARTS: Final = {SH.prefix: re.compile(r"[\w.-]*"), SH.namespace: re.compile(r"[^\s<>\"{}|^`\\]*")}
_NOTHING: Final = Store()
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def check_texts(shapes: Iterable[SourceFile]) -> None:
    """Refuse shapes whose queries could ask another service: a validation stays at home.

    Args:
        shapes: The files of the shapes.

    Raises:
        ShapesError: If a query names a service, or a prefix declaration could hide one.
    """
    for file in shapes:
        for triple in file.triples:
            predicate = triple.predicate
            if predicate in _QUERIES and _SERVICE.search(_plain(triple)):
                raise ShapesError(
                    file.path,
                    "the query of {shape} asks another service (SERVICE), which is never done",
                    "write it so that it asks the data alone",
                    values={"shape": triple.subject},
                )
            form = _PREFIX_PARTS.get(predicate)
            if form and not form.fullmatch(getattr(triple.object, "value", "")):
                raise ShapesError(
                    file.path,
                    "the prefix declaration {shape} holds more than a prefix or a namespace",
                    "write the prefix, or the IRI, alone",
                    values={"shape": triple.subject},
                )


def check_queries(files: Iterable[SourceFile], shapes: Graph) -> None:
    """Refuse constraints whose query does not say what it found, or may mean two things.

    Args:
        files: The files of the shapes.
        shapes: The graph of all of them.

    Raises:
        ShapesError: If a query does not select `$this`, or a prefix stands for two namespaces in it.
    """
    queries = QueryScreen(shapes, Graph([]))
    for file in files:
        for triple in file.triples:
            constraint = cast("Node", triple.subject)
            if triple.predicate != SH.select or not isinstance(triple.object, Literal):
                continue
            for shape in _shapes_with(shapes, constraint):
                twice = _declared_twice(shapes, constraint)
                if twice is not None:
                    raise ShapesError(
                        file.path,
                        "the query of {shape} has two meanings for the prefix {prefix}:",
                        "declare the prefix once",
                        line=_line(file, triple),
                        values={"shape": shape, "prefix": twice},
                    )
                if not _selects_this(queries.query(shape, constraint)):
                    raise ShapesError(
                        file.path,
                        "the query of {shape} does not select $this",
                        "name $this after SELECT",
                        line=_line(file, triple),
                        values={"shape": shape},
                    )


def _shapes_with(shapes: Graph, constraint: Node) -> Iterator[Node]:
    for triple in shapes.pointing_at(constraint):
        if triple.predicate == SH.sparql:  # pragma: no branch - what else points here asks nothing
            yield cast("Node", triple.subject)


def _declared_twice(shapes: Graph, constraint: Node) -> str | None:
    """Return a prefix that stands for more than one namespace in a query, if there is one."""
    told: dict[str, str] = {}
    for declaration in declarations(shapes, constraint):
        names = shapes.values(declaration, SH.prefix), shapes.values(declaration, SH.namespace)
        for prefix, space in zip(*names, strict=False):
            if told.setdefault(prefix.value, space.value) != space.value:
                return prefix.value
    return None


def _selects_this(query: str) -> bool:
    """Tell whether a query selects `$this`; what is not SPARQL is told of elsewhere."""
    try:
        rows = _NOTHING.query(query)
    except SyntaxError:
        return True
    return not isinstance(rows, QuerySolutions) or Variable("this") in rows.variables


def _line(file: SourceFile, triple: Triple) -> int | None:
    """Return the line on which a query begins."""
    value = cast("Literal", triple.object).value
    told = positions(read_text(file.path))
    wanted: NamedNode = triple.predicate
    return next((one.line for one in told if (one.predicate, one.object) == (wanted.value, value)), None)


def _plain(triple: Triple) -> str:
    """Return a query with its code point escapes resolved, as a SPARQL engine would see it."""
    text = triple.object.value if isinstance(triple.object, Literal) else ""
    return _ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)), text)
