"""JSON-LD, compacted with the published context and framed around one resource.

The context stands inline, so that no reader has to fetch anything. A document's root is the resource; what
it links to is nested once, at its first mention; what points at it stands under `@reverse`; what neither
reaches follows beside it in `@graph`. Follows https://www.w3.org/TR/json-ld11/ and, for the choice of terms,
https://www.w3.org/TR/json-ld11-api/#compaction-algorithms, for contexts of prefixes and typed terms.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from twintowns import jsontext
from twintowns.exceptions import DataFileError, TurtleSyntaxError
from twintowns.graph import Graph, Node, Term
from twintowns.loading import read_text
from twintowns.nesting import Nesting
from twintowns.pieces import Piece, Section, Things, Whole
from twintowns.vocabulary import RDF, XSD, A

Json = Any
_DEEPEST: Final = 20
_GENERIC_DELIMITERS: Final = (":", "/", "?", "#", "[", "]", "@")


class _TermDefinition(NamedTuple):
    name: str
    coercion: str


class Context:
    """A JSON-LD context: the short names of IRIs.

    Args:
        document: A JSON object with the context under `@context`.
    """

    def __init__(self, document: Mapping[str, Json]) -> None:
        """Turn the context about, to be found by IRI."""
        self.definition: Final[dict[str, Json]] = dict(document["@context"])
        self._prefixes: Final = {
            name: value
            for name, value in self.definition.items()
            if isinstance(value, str) and value.endswith(_GENERIC_DELIMITERS) and not name.startswith("@")
        }
        self._terms: Final = {self._iri_of(name): self._term_of(name) for name in self._named_terms()}
        self._compact: Final[dict[str, str]] = {}

    def term(self, predicate: NamedNode) -> _TermDefinition:
        """Return the name and the type coercion of a predicate."""
        known = self._terms.get(predicate.value)
        return known if known is not None else _TermDefinition(self.compact(predicate), "")

    def compact(self, iri: NamedNode) -> str:
        """Return an IRI with its longest prefix, where it has one."""
        known = self._compact.get(iri.value)
        if known is None:
            known = self._compact[iri.value] = self._compacted(iri.value)
        return known

    def _compacted(self, iri: str) -> str:
        fitting = [(len(value), name) for name, value in self._prefixes.items() if iri.startswith(value)]
        for length, name in sorted(fitting, reverse=True):
            if not iri[length:].startswith("//") and f"{name}:{iri[length:]}" not in self.definition:
                return f"{name}:{iri[length:]}"
        return iri

    def _named_terms(self) -> list[str]:
        return [name for name in self.definition if not name.startswith("@") and name not in self._prefixes]

    def _term_of(self, name: str) -> _TermDefinition:
        value = self.definition[name]
        coercion = value.get("@type", "") if isinstance(value, dict) else ""
        return _TermDefinition(name, coercion if coercion == "@id" else self._expanded(coercion))

    def _iri_of(self, name: str) -> str:
        value = self.definition[name]
        return self._expanded(value.get("@id", name) if isinstance(value, dict) else value)

    def _expanded(self, text: str) -> str:
        prefix, colon, local = text.partition(":")
        return f"{self._prefixes[prefix]}{local}" if colon and prefix in self._prefixes else text


def read_context(path: Path) -> Context:
    """Read a context from its file.

    Raises:
        TurtleSyntaxError: If it is not JSON.
        DataFileError: If it holds no context, or one that has to be fetched.
    """
    try:
        document = jsontext.read(read_text(path))
    except ValueError as error:
        raise TurtleSyntaxError(
            path, "this is not JSON: {problem}", "mend it", values={"problem": error}
        ) from error
    definition = document.get("@context") if isinstance(document, dict) else None
    if not isinstance(definition, dict) or "@import" in definition:
        raise DataFileError(
            path,
            'it holds no JSON-LD context of its own (an object under "@context", without "@import")',
            "write the terms into the file itself: nothing is fetched",
        )
    if strange := next((name for name, value in definition.items() if not _is_plain(value)), None):
        raise DataFileError(
            path,
            "its term {name} is more than an IRI with a type",
            'write it as "IRI" or {{"@id": "IRI", "@type": "…"}}',
            values={"name": strange},
        )
    return Context(document)


def _is_plain(value: Json) -> bool:
    """Tell whether a context defines a term by an IRI, or by an IRI and a type; or is its version."""
    if isinstance(value, dict):
        return value.keys() <= {"@id", "@type"} and all(isinstance(part, str) for part in value.values())
    return isinstance(value, str | float)


def resource_document(context: Context, graph: Graph, root: Node, nesting: Nesting | None = None) -> bytes:
    """Return a graph as JSON-LD, framed around one resource.

    Args:
        context: The context.
        graph: What to write.
        root: The resource.
        nesting: Which blank nodes can be written in place, where that is known already.
    """
    frame = _Frame(context, graph, nesting or Nesting(graph))
    framed = frame.node(root)
    incoming: dict[str, list[Json]] = defaultdict(list)
    for triple in graph.pointing_at(root):
        if triple.subject not in frame.done and isinstance(triple.subject, NamedNode):
            frame.stated.add(triple)
            incoming[context.term(triple.predicate).name].append(frame.node(triple.subject))
    if incoming:
        framed["@reverse"] = dict(sorted(incoming.items()))
    others = [frame.node(subject) for subject in frame.nesting.roots() if subject not in frame.done]
    body = {"@graph": [framed, *others]} if others else framed
    return jsontext.written({"@context": context.definition, **body})


def dataset_document(
    path: str, context: Context, graph: Graph, changed: Container[Node] | None = None
) -> Whole:
    """Tell of which pieces a graph as JSON-LD is made, a flat list of its subjects.

    Args:
        path: Where it lies in the site.
        context: The context.
        graph: What to write.
        changed: Of what anything else is stated in it than in the published one, if that is known.
    """
    frame = _Frame(context, graph, Nesting(graph), flat=True)
    things = Things("roots", frame.nesting.roots(), changed)
    head, tail = jsontext.around_list({"@context": context.definition}, "@graph", is_empty=not things.items)

    def make(subject: Node) -> Piece:
        return Piece(jsontext.in_list(frame.node(subject)))

    return Whole(path, [Section(things, make, lambda _: head, b",")], tail)


class _Frame:
    """One document being written: which subjects and triples stand in it already."""

    def __init__(self, context: Context, graph: Graph, nesting: Nesting, *, flat: bool = False) -> None:
        self.context = context
        self.graph = graph
        self.flat = flat
        self.nesting = nesting
        self.depth = 0
        self.done: set[Node] = set()
        self.stated: set[Triple] = set()

    def node(self, subject: Node) -> dict[str, Json]:
        """Return a node object, its neighbours nested where they have not been written before."""
        self.done.add(subject)
        self.depth += 1
        node: dict[str, Json] = {}
        if not self.nesting.is_nested(subject):
            node["@id"] = self._reference(subject)
        triples = [triple for triple in self.graph.about(subject) if triple not in self.stated]
        types = [
            self.context.compact(t.object)
            for t in triples
            if t.predicate == A and isinstance(t.object, NamedNode)
        ]
        if types:
            node["@type"] = types[0] if len(types) == 1 else types
        node.update(self._properties(triples))
        self.depth -= 1
        return node

    def _properties(self, triples: Iterable[Triple]) -> dict[str, Json]:
        values: dict[str, list[Json]] = defaultdict(list)
        for triple in sorted(triples, key=_language):
            if triple.predicate != A or not isinstance(triple.object, NamedNode):
                term = self.context.term(triple.predicate)
                values[term.name].append(self._value(triple.object, term.coercion))  # type: ignore[arg-type]
        return {name: told[0] if len(told) == 1 else told for name, told in sorted(values.items())}

    def _value(self, term: Term, coercion: str) -> Json:
        if isinstance(term, Literal):
            return _literal(term, coercion, self.context)
        if (members := self._members(term)) is not None:
            return {"@list": [self._value(member, coercion) for member in members]}
        if self._stands_here(term):
            return self.node(term)
        reference = self._reference(term)
        return reference if coercion == "@id" else {"@id": reference}

    def _members(self, term: Node) -> list[Term] | None:
        members = self.nesting.collection(term)
        cell: Term | None = term
        while members and cell is not None and cell != RDF.nil:
            self.done.add(cell)  # type: ignore[arg-type]
            cell = self.graph.value(cell, RDF.rest)  # type: ignore[arg-type]
        return members or None

    def _stands_here(self, term: Node) -> bool:
        if self.nesting.is_nested(term):
            return True
        return not self.flat and self.depth < _DEEPEST and term in self.graph and term not in self.done

    def _reference(self, node: Node) -> str:
        return f"_:{node.value}" if isinstance(node, BlankNode) else self.context.compact(node)


def _language(triple: Triple) -> str:
    return (triple.object.language or "") if isinstance(triple.object, Literal) else ""


def _literal(literal: Literal, coercion: str, context: Context) -> Json:
    if literal.language:
        return {"@language": literal.language, "@value": literal.value}
    if literal.datatype.value == coercion:
        return literal.value
    if literal.datatype == XSD.string:
        return {"@value": literal.value} if coercion else literal.value
    return {"@type": context.compact(literal.datatype), "@value": literal.value}
