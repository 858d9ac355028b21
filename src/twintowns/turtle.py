r"""Canonical Turtle: one triple a line, in one order, so that a difference of files is one of facts.

The subject stands alone on its line; below it each triple ends in `;` and the last line is a full stop, so
that adding, removing or moving a triple never touches another line. `a` comes first, then the predicates
and their objects in alphabetical order (texts by language). Follows https://www.w3.org/TR/turtle/.
"""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from twintowns.graph import Graph, Node, Term
from twintowns.nesting import Nesting
from twintowns.pieces import Piece, Section, Things, Whole
from twintowns.vocabulary import RDF, XSD, A

_LOCAL: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_SPLIT: Final = re.compile(r"(.*[/#])([^/#]*)", re.DOTALL)
_NIL: Final = RDF.nil
_STRING: Final = XSD.string
_SHORT: Final = {
    XSD.integer: re.compile(r"[+-]?[0-9]+"),
    XSD.decimal: re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD.boolean: re.compile(r"true|false"),
}
_ESCAPES: Final = str.maketrans(
    {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060\u2066-\u2069\ufeff]")
_FORBIDDEN: Final = re.compile(r'[\x00-\x20<>"{}|^`\\]')


class TurtleWriter:
    """Writes graphs as Turtle.

    Args:
        prefixes: The namespaces by their prefixes; a document declares those that it uses.
    """

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        """Turn the prefixes about, to be found by namespace."""
        self._prefix_of: Final = {namespace: prefix for prefix, namespace in prefixes.items()}
        self._names: Final[dict[NamedNode, tuple[str, str]]] = {}

    def document(self, graph: Graph, first: Iterable[Node] = (), nesting: Nesting | None = None) -> str:
        """Return a graph as a Turtle document.

        Args:
            graph: What to write.
            first: The subjects that come before the others.
            nesting: Which of its blank nodes can be written in place, where that is known already.
        """
        page = _Page(self, graph, nesting or Nesting(graph))
        roots = page.nesting.roots()
        leading = [subject for subject in first if subject in graph]
        blocks = [page.block(subject) for subject in dict.fromkeys((*leading, *roots))]
        declared = self._declared(page.used)
        return "\n".join([declared, *blocks] if declared else blocks)

    def whole(self, path: str, graph: Graph, changed: Container[Node] | None = None) -> Whole:
        """Tell of which pieces the same document is made, where nothing comes first.

        Args:
            path: Where it lies in the site.
            graph: What to write.
            changed: Of what anything else is stated in it than in the published one, if that is known.
        """
        page = _Page(self, graph, Nesting(graph))

        def make(subject: Node) -> Piece:
            page.used.clear()
            return Piece(page.block(subject).encode(), " ".join(sorted(page.used)))

        def head(used: Sequence[str]) -> bytes:
            declared = self._declared({prefix for told in set(used) for prefix in told.split()})
            return f"{declared}\n".encode() if declared else b""

        return Whole(path, [Section(Things("roots", page.nesting.roots(), changed), make, head, b"\n")])

    def _declared(self, used: Container[str]) -> str:
        declared = (f"@prefix {p}: <{n}> .\n" for n, p in self._prefix_of.items() if p in used)
        return "".join(sorted(declared))

    def name(self, iri: NamedNode) -> tuple[str, str]:
        """Return how to write an IRI, and the prefix that this takes (empty where none)."""
        known = self._names.get(iri)
        if known is None:
            known = self._names[iri] = self._named(iri.value)
        return known

    def _named(self, iri: str) -> tuple[str, str]:
        split = _SPLIT.fullmatch(iri)
        if split and (prefix := self._prefix_of.get(split[1])) and _LOCAL.fullmatch(split[2]):
            return f"{prefix}:{split[2]}", prefix
        return f"<{_FORBIDDEN.sub(_escaped, iri)}>", ""


class _Page:
    """One document being written: its graph, and the prefixes used so far."""

    def __init__(self, writer: TurtleWriter, graph: Graph, nesting: Nesting) -> None:
        self.writer = writer
        self.graph = graph
        self.nesting = nesting
        self.used: set[str] = set()

    def block(self, subject: Node) -> str:
        lines = "".join(f"    {line} ;\n" for line in self._lines(subject))
        return f"{self._term(subject)}\n{lines}    .\n"

    def _lines(self, subject: Node) -> list[str]:
        told = [(self._predicate(t.predicate), _order(t), t) for t in self.graph.about(subject)]
        told.sort(key=lambda line: line[:2])
        return [f"{predicate} {self._term(triple.object)}" for predicate, _, triple in told]  # type: ignore[arg-type]

    def _predicate(self, predicate: NamedNode) -> str:
        return "a" if predicate == A else self._iri(predicate)

    def _iri(self, iri: NamedNode) -> str:
        text, prefix = self.writer.name(iri)
        if prefix:
            self.used.add(prefix)
        return text

    def _term(self, term: Term) -> str:
        if isinstance(term, NamedNode):
            return "()" if term == _NIL else self._iri(term)
        if isinstance(term, Literal):
            return self._literal(term)
        if not self.nesting.is_nested(term):
            return f"_:{term.value}"
        members = self.nesting.collection(term)
        if members is not None:
            return f"( {' '.join(map(self._term, members))} )"
        return f"[ {' ; '.join(self._lines(term))} ]"

    def _literal(self, literal: Literal) -> str:
        if literal.language:
            return f"{quoted(literal.value)}@{literal.language}"
        if literal.datatype == _STRING:
            return quoted(literal.value)
        short = _SHORT.get(literal.datatype)
        if short and short.fullmatch(literal.value):
            return literal.value
        return f"{quoted(literal.value)}^^{self._iri(literal.datatype)}"


def quoted(text: str) -> str:
    r"""Return a text as a Turtle string: over several lines where it is a query, else on one.

    >>> quoted('a "b"')
    '"a \\"b\\""'
    """
    if "\n" in text and "{" in text:
        return (
            '"""' + _CONTROL.sub(_escaped_but_newline, text.replace("\\", "\\\\").replace('"', '\\"')) + '"""'
        )
    return '"' + _CONTROL.sub(_escaped, text.translate(_ESCAPES)) + '"'


def _order(triple: Triple) -> tuple[str, str, str]:
    term = triple.object
    if isinstance(term, Literal):
        return (f"1{term.language or ''}", term.value, term.datatype.value)
    return ("0" if isinstance(term, NamedNode) else "2", str(term), "")


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04X}"


def _escaped_but_newline(match: re.Match[str]) -> str:
    return match[0] if match[0] == "\n" else _escaped(match)
