"""SPARQL constraints, held against data by pyoxigraph where that certainly finds what pySHACL finds.

A query is asked with `$this` bound beforehand, or once for all focus nodes where that is the same; focus
nodes for which the two engines may differ are left to pySHACL.
Source: https://www.w3.org/TR/shacl/#sparql-constraints
"""

from collections.abc import Hashable
from functools import cached_property
from itertools import islice
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Store

from twintowns.certainty import reading
from twintowns.constraints import Check, Verdict, nothing
from twintowns.exceptions import ShapesError
from twintowns.graph import Graph, Node, Term
from twintowns.likeness import kind_of, query_reads
from twintowns.partstores import PART, PartStores
from twintowns.patterns import DOUBTS, is_unusual
from twintowns.plainness import Reading, finds_this, has_service, is_plain, kept_otherwise, reads_any
from twintowns.vocabulary import OWL, RDF, RDFS, SH
from twintowns.wellformed import declarations

_NOTHING: Final = Store()
_TRUE: Final = "true"
_FEW: Final = 32
"""Of so many focus nodes each is asked about by itself."""
_KNOWN: Final = {"owl": str(OWL), "rdf": str(RDF), "rdfs": str(RDFS)}
"""The prefixes that pySHACL knows."""


class _Doubtful(NamedTuple):
    """For which focus nodes engines may differ; `are_all` where it is for any."""

    are_all: bool
    nodes: set[Term]


class QueryScreen:
    """The SPARQL constraints of shapes.

    Args:
        shapes: The shapes graph.
        data: The data graph.
    """

    def __init__(self, shapes: Graph, data: Graph) -> None:
        """Prepare nothing yet: many shapes have no query."""
        self._shapes = shapes
        self._data = data
        self.stores: Final = PartStores(data, PART)
        self._unusual: dict[frozenset[str], set[Term]] = {}

    def query(self, shape: Node, constraint: Node) -> str:
        """Return the query of a SPARQL constraint, with its prefixes.

        Args:
            shape: The shape that has it.
            constraint: The constraint.
        """
        query = self._text(constraint, SH.select)
        path = self._shapes.value(shape, SH.path)
        if "$PATH" in query and isinstance(path, NamedNode):
            query = query.replace("$PATH", f"<{path.value}>")
        told = _KNOWN | {
            self._text(one, SH.prefix): self._text(one, SH.namespace)
            for one in declarations(self._shapes, constraint)
        }
        return "".join(f"PREFIX {prefix}: <{space}>\n" for prefix, space in sorted(told.items())) + query

    def check(self, shape: Node, constraint: Term) -> Check | None:
        """Return a check that asks a query of the data; None where pySHACL has to ask it.

        Args:
            shape: The shape that has the constraint.
            constraint: The constraint.

        Raises:
            ShapesError: If the query is not SPARQL.
        """
        if isinstance(constraint, Literal):
            return None
        query = self.query(shape, constraint)
        if not self._text(constraint, SH.select) or has_service(query):
            return None
        self._check_syntax(constraint, query)
        read = reading(query)
        if self._text(constraint, SH.deactivated) == _TRUE:
            return nothing
        if read is None or not is_plain(query):
            return None
        if finds_this(query):
            self.stores.note(query, read)
        return _Question(self, query, read)

    def doubtful(self, query: str, read: Reading) -> _Doubtful:
        """Find the focus nodes for which a query reads what is kept in another form, or is unusual.

        Args:
            query: The query.
            read: What it reads.
        """
        unusual = self._terms_unusual(read.doubts)
        told = [triple for term in unusual for triple in self._data.told_of(term)]
        altered, altered_of = self._altered
        return _Doubtful(
            reads_any(query, altered_of)
            or any(_is_among(triple.predicate, read.others) for triple in told)
            or (
                bool(unusual)
                and read.is_wide
                and any(one in unusual for t in self._data for one in (t.subject, t.predicate))
            ),
            (altered if read.is_open else set())
            | unusual
            | {triple.subject for triple in told if _is_among(triple.predicate, read.own)},  # type: ignore[misc]
        )

    def _terms_unusual(self, doubts: frozenset[str]) -> set[Term]:
        if doubts not in self._unusual:
            self._unusual[doubts] = {term for term in self._terms if is_unusual(term, doubts)}
        return self._unusual[doubts]

    @cached_property
    def _terms(self) -> set[Term]:
        """The subjects and objects for which engines may differ, whatever is in doubt."""
        return {term for term in self._data.ends if is_unusual(term, DOUBTS)}

    def _check_syntax(self, constraint: Node, query: str) -> None:
        try:
            _NOTHING.query(query)
        except SyntaxError as error:
            place = "shapes/"
            raise ShapesError(
                place,
                "the query of {shape} is not SPARQL: {problem}",
                "mend it: the shapes, not the data, are at fault",
                values={"shape": constraint, "problem": error.msg},
            ) from error

    @cached_property
    def _altered(self) -> tuple[set[Term], frozenset[NamedNode]]:
        """What states literals that a store keeps in another form (`1` for `01`), and by which properties."""
        literals = (end for end in self._data.ends if isinstance(end, Literal))
        altered: set[Literal] = set()
        while some := set(islice(literals, PART)):
            altered |= kept_otherwise(some)
        told = [triple for literal in altered for triple in self._data.told_of(literal)]
        return {triple.subject for triple in told}, frozenset(triple.predicate for triple in told)  # type: ignore[misc]

    def _text(self, node: Node, predicate: NamedNode) -> str:
        value = self._shapes.value(node, predicate)
        return "" if value is None else value.value


class _Question:
    """A query that is asked of the data; nothing is done before it is asked about a focus node.

    Args:
        screen: What has the data.
        query: The query.
        read: What it reads.
    """

    def __init__(self, screen: QueryScreen, query: str, read: Reading) -> None:
        """Take hold of what is needed."""
        self._screen = screen
        self._query = query
        self._read = read
        self._reads = query_reads(query)
        self._finds_all: Final = finds_this(query)
        self._verdicts: dict[Hashable, Verdict] = {}
        self._times = 0

    def __call__(self, data: Graph, focus: Term, _values: list[Term]) -> Verdict:
        """Judge a focus node; where there are many, all that break the constraint are asked for at once."""
        doubtful = self._doubtful
        if doubtful.are_all or not isinstance(focus, NamedNode) or focus in doubtful.nodes:
            return None
        self._times += 1
        if self._finds_all and self._times > _FEW:
            return None if focus in self._breaking else True
        kind = None if self._reads is None else kind_of(data, focus, self._reads)
        if kind is None:
            return self._asked(focus)
        if kind not in self._verdicts:
            self._verdicts[kind] = self._asked(focus)
        return self._verdicts[kind]

    def _asked(self, focus: NamedNode) -> Verdict:
        return None if self._screen.stores.finds(self._query, self._read, focus) else True

    @cached_property
    def _doubtful(self) -> _Doubtful:
        return self._screen.doubtful(self._query, self._read)

    @cached_property
    def _breaking(self) -> set[Term]:
        return self._screen.stores.all_found(self._query, self._read)


def _is_among(predicate: NamedNode, predicates: frozenset[str] | None) -> bool:
    return predicates is None or predicate.value in predicates
