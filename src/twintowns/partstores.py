"""Stores of the data that hold no more than a query reads.

A store of pyoxigraph takes more memory than anything else that a validation needs. Most queries of shapes
read what is stated of `$this` alone, so that the data may be put before them a part at a time; what the
others read of other things are a few properties. What a query reads is told by `certainty`.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import chain, groupby
from typing import Final, cast

from pyoxigraph import NamedNode, Quad, QuerySolutions, Store, Triple, Variable

from twintowns.graph import Graph, Node, Term
from twintowns.plainness import Reading
from twintowns.vocabulary import DCAT

PART: Final = 100_000
"""How many triples are in a store at a time; fewer are in one store all at once."""
_THIS: Final = Variable("this")
_SOON: Final = 64
"""Of how many focus nodes the store is kept."""


class PartStores:
    """What queries of shapes find in a graph.

    Args:
        data: The graph.
        part: How many triples are in a store at a time.
    """

    def __init__(self, data: Graph, part: int = PART) -> None:
        """Make no store yet."""
        self._data = data
        self._part: Final = part
        self._is_small: Final = len(data) <= part
        self._noted: dict[str, Reading] = {}
        self._found: dict[str, set[Term]] = {}
        self._held: Store | None = None
        self._holds: frozenset[str] | None = frozenset()
        self._about: Final[Callable[[NamedNode], Store]] = lru_cache(_SOON)(self._store_about)
        self._among: dict[frozenset[str], Store] = {}

    def note(self, query: str, read: Reading) -> None:
        """Note a query that may be asked about everything, so that it is asked along with others.

        Args:
            query: The query.
            read: What it reads.
        """
        self._noted[query] = read

    def finds(self, query: str, read: Reading, focus: NamedNode) -> bool:
        """Tell whether a query has an answer for a focus node.

        Args:
            query: The query.
            read: What it reads.
            focus: The focus node.
        """
        if query in self._found:
            return focus in self._found[query]
        rows = self._store_for(read, focus).query(query, substitutions={_THIS: focus})
        return not isinstance(rows, QuerySolutions) or next(rows, None) is not None

    def all_found(self, query: str, read: Reading) -> set[Term]:
        """Return all focus nodes for which a query has an answer; asked once and not for each.

        Args:
            query: The query, which finds them without being told of them.
            read: What it reads.
        """
        if query not in self._found:
            self.note(query, read)
            if self._is_small:
                self._found[query] = _this(self._store_holding(None).query(query))
            elif self._is_in_parts(read):
                self._ask_in_parts(is_near=read.is_near)
            else:
                self._ask_at_once(read)
        return self._found[query]

    def _ask_at_once(self, read: Reading) -> None:
        """Ask all noted queries that read some properties only: their store is not needed again soon."""
        store = self._store_holding(read.predicates)
        for query, other in self._noted.items():
            if query not in self._found and not self._is_in_parts(other):
                self._found[query] = _this(store.query(query))
        self._held = None

    def _is_in_parts(self, read: Reading) -> bool:
        """Tell whether the data can be put before a query in parts, and has to be."""
        return not self._is_small and (read.is_near or _is_wide(read))

    def _ask_in_parts(self, *, is_near: bool) -> None:
        """Ask all queries that were noted and look near, or all that read any property of `$this`."""
        asked = {
            query: read
            for query, read in self._noted.items()
            if query not in self._found and read.is_near == is_near and self._is_in_parts(read)
        }
        self._found.update({query: set() for query in asked})
        others = frozenset[str]().union(*(read.of_others or () for read in asked.values()))
        for subjects, triples in self._parts():
            store = _store(chain(triples, self._common(others, is_near=is_near)))
            for query in asked:
                found = _this(store.query(query))
                self._found[query] |= {one for one in found if one in subjects or one not in self._data}
        self._among.clear()

    def _parts(self) -> Iterator[tuple[set[Node], list[Triple]]]:
        """Yield the data in parts, each with all that is stated of its subjects."""
        subjects: set[Node] = set()
        triples: list[Triple] = []
        for subject, told in groupby(self._data, lambda triple: triple.subject):
            subjects.add(subject)
            triples += told
            if len(triples) >= self._part:
                yield subjects, triples
                subjects, triples = set(), []
        yield subjects, triples

    def _common(self, others: frozenset[str], *, is_near: bool) -> Iterator[Triple]:
        """Yield what queries read of other things: what catalogues state, or some properties."""
        if is_near:
            return iter(self._of_catalogues)
        return chain.from_iterable(self._data.stating(NamedNode(one)) for one in sorted(others))

    @cached_property
    def _of_catalogues(self) -> list[Triple]:
        return [
            one for catalogue in self._data.instances(DCAT.Catalog) for one in self._data.about(catalogue)
        ]

    def _store_for(self, read: Reading, focus: NamedNode) -> Store:
        """Return a store that holds all that a query reads where `$this` is a focus node."""
        if not self._is_in_parts(read):
            return self._store_holding(read.predicates)
        if read.is_near:
            return self._about(focus)
        others = read.of_others or frozenset()
        if others not in self._among:
            self._among[others] = _store(self._common(others, is_near=False))
        store = self._among[others]  # what is stated of focus nodes is added: no query reads it of others
        store.extend(map(_quad, self._data.about(focus)))
        return store

    def _store_about(self, focus: NamedNode) -> Store:
        store = Store()  # for so few, what takes much at once takes longer
        store.extend(map(_quad, chain(self._data.about(focus), self._of_catalogues)))
        return store

    def _store_holding(self, predicates: frozenset[str] | None) -> Store:
        """Return a store of all triples with some properties, and those that noted queries read."""
        if self._held is None or not _is_within(predicates, self._holds):
            self._holds = self._wanted(predicates)
            self._held = None
            self._held = _store(
                self._data
                if self._holds is None
                else chain.from_iterable(self._data.stating(NamedNode(one)) for one in sorted(self._holds))
            )
        return self._held

    def _wanted(self, predicates: frozenset[str] | None) -> frozenset[str] | None:
        wanted = [read.predicates for read in self._noted.values() if not self._is_in_parts(read)]
        if self._is_small or predicates is None or None in wanted or self._holds is None:
            return None
        return predicates.union(self._holds, *cast("list[frozenset[str]]", wanted))


def _is_wide(read: Reading) -> bool:
    """Tell whether a query reads any property of `$this`, and some of other things."""
    return read.predicates is None and read.of_others is not None


def _is_within(predicates: frozenset[str] | None, held: frozenset[str] | None) -> bool:
    return held is None or (predicates is not None and predicates <= held)


def _store(triples: Iterable[Triple]) -> Store:
    store = Store()
    store.bulk_extend(map(_quad, triples))
    return store


def _quad(triple: Triple) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object)


def _this(rows: object) -> set[Term]:
    return {row[_THIS] for row in cast("QuerySolutions", rows)}
