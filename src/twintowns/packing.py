"""A graph packed: each term kept once, triples as numbers in arrays, and made anew when they are asked for.

A triple that is kept takes some hundred bytes, and one that is looked at is written to (its count of
references), so that forked processes would each get a copy. Numbers are read only, and take a twentieth.
"""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property
from itertools import islice, takewhile
from sys import byteorder
from typing import Any, Final, Self, cast

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from twintowns import jsontext
from twintowns.graph import Graph, Node, Term
from twintowns.packedtriples import ends_of
from twintowns.triplearrays import NUMBERS, Columns, copied, empty, in_order, numbered, starts
from twintowns.vocabulary import A

_NOWHERE: Final = -1
_STATED: Final = b"<a:> <a:> %b .\n"
"""A term as the object of a statement, as which the parser reads it quickest."""


class PackedGraph(Graph):
    """An immutable set of triples made of parts, each triple kept once, with the parts that it belongs to.

    >>> from pyoxigraph import Literal
    >>> from twintowns.vocabulary import SCHEMA, WD
    >>> triple = Triple(WD.Q1, SCHEMA.name, Literal("universum", language="sv"))
    >>> graph = PackedGraph({"said": [triple], "known": []})
    >>> graph.value(WD.Q1, SCHEMA.name)
    <Literal value=universum language=sv>
    >>> triple in graph.part("said"), triple in graph.part("known")
    (True, False)
    """

    def __init__(self, parts: Mapping[str, Iterable[Triple]]) -> None:
        """Number the terms in the order of their N-Triples form, and with them the triples."""
        super().__init__(())
        self._names: Final = tuple(parts)
        self._places: Final[dict[Any, int]] = {}
        columns = self._read(parts.values())
        self._terms: Final[list[Any]] = sorted(self._places, key=str)
        places = array(NUMBERS, bytes(4 * len(self._terms)))
        for place, term in enumerate(self._terms):
            places[self._places[term]] = place
            self._places[term] = place
        self._fill(in_order(columns, places, len(self._names)))

    def _read(self, parts: Iterable[Iterable[Triple]]) -> Columns:
        """Number the terms as they are met; return subjects, predicates, objects and parts as numbers."""
        columns, numbers = empty(), self._places
        for bit, triples in enumerate(parts):
            for ends in ends_of(triples):
                for column, term in zip(columns, ends, strict=False):
                    column.append(numbers.setdefault(term, len(numbers)))
                columns[-1].append(1 << bit)
        return columns

    @classmethod
    def of(cls, parts: Mapping[str, AbstractSet[Triple]]) -> Self:
        """Return the graph of which these are the parts already, or else one made of them."""
        graphs = {id(part.graph): part.graph for part in parts.values() if isinstance(part, Part)}
        if len(graphs) == 1:
            (graph,) = graphs.values()
            if isinstance(graph, cls) and all(graph.has_part(*named) for named in parts.items()):
                return graph
        return cls(parts)

    @classmethod
    def _made_of(cls, names: tuple[str, ...], terms: list[Any], columns: Columns) -> Self:
        """Return a graph of terms and triples that are in their order already."""
        graph = object.__new__(cls)
        super(cls, graph).__init__(())
        places = {term: place for place, term in enumerate(terms)}
        graph.__dict__.update(_names=names, _terms=terms, _places=places)
        graph._fill(columns)
        return graph

    @classmethod
    def read(cls, content: bytes) -> Self | None:
        """Return a graph that was written; None where that was on a machine of another kind.

        Args:
            content: What `written` returned, unaltered.
        """
        head, _, body = content.partition(b"\n")
        told, columns = jsontext.read(head), empty()
        width, size = columns[0].itemsize, told["terms"]
        if (told["order"], told["width"]) != (byteorder, width):
            return None
        stated = parse(body[:size], format=RdfFormat.N_TRIPLES, lenient=True)
        starts = range(size, len(body), max(told["triples"] * width, 1))
        for start, column in zip(starts, columns, strict=False):
            column.frombytes(body[start : start + starts.step])
        return cls._made_of(tuple(told["parts"]), [one.object for one in stated], columns)

    def written(self) -> bytes:
        """Return the graph as bytes, for a machine of this kind to read."""
        terms = b"".join(_STATED % str(term).encode() for term in self._terms)
        head = {
            "order": byteorder,
            "width": self._subject.itemsize,
            "parts": self._names,
            "terms": len(terms),
            "triples": len(self._subject),
        }
        return b"".join((jsontext.line(head), b"\n", terms, *(column.tobytes() for column in self._columns)))

    def altered(self, went: Mapping[str, Iterable[Triple]], came: Mapping[str, Iterable[Triple]]) -> Self:
        """Return the graph of which the parts differ from these by a few triples.

        Args:
            went: What a part holds no more.
            came: What a part holds now.
        """
        wanted: dict[Triple, int] = {}
        for name, triples in went.items():
            wanted |= {t: wanted.get(t, self.parts_of(t)) & ~self.bit(name) for t in triples}
        for name, triples in came.items():
            wanted |= {t: wanted.get(t, self.parts_of(t)) | self.bit(name) for t in triples}
        rows = {row: parts for told, parts in wanted.items() if (row := self._row(told)) != _NOWHERE}
        new = {told: parts for told, parts in wanted.items() if parts and self._row(told) == _NOWHERE}
        kept = cast("Columns", tuple(map(copied, self._columns)))
        for row in sorted(rows, reverse=True):
            kept[-1][row] = rows[row]
            if not rows[row]:
                for column in kept:
                    del column[row]
        terms, columns = self._renumbered(kept, new)
        numbers = {term: number for number, term in enumerate(terms)} if new else {}
        for told, parts in new.items():
            ends = tuple(numbers[term] for term in (told.subject, told.predicate, told.object))
            at = bisect_left(range(len(columns[0])), ends, key=numbered(columns))
            for column, number in zip(columns, (*ends, parts), strict=True):
                column.insert(at, number)
        return self._made_of(self._names, terms, columns)

    def _renumbered(self, columns: Columns, new: Iterable[Triple]) -> tuple[list[Any], Columns]:
        """Return the terms of some triples and of new ones, and the former by the numbers that these have."""
        used = {number for column in columns[:3] for number in set(column)}
        came = {term for told in new for term in (told.subject, told.predicate, told.object)}
        terms: list[Any] = [term for number, term in enumerate(self._terms) if number in used or term in came]
        terms += came - self._places.keys()
        if terms == self._terms:
            return terms, columns
        terms.sort(key=str)
        numbers = {term: number for number, term in enumerate(terms)}
        renumbered = array(NUMBERS, (numbers.get(term, 0) for term in self._terms))
        subjects, predicates, others = (
            array(NUMBERS, map(renumbered.__getitem__, column)) for column in columns[:3]
        )
        return terms, (subjects, predicates, others, columns[-1])

    def _fill(self, columns: Columns) -> None:
        """Keep the columns, and where each term is the subject or the object of which triples."""
        self._columns = columns
        self._subject, self._predicate, self._object, self._of = columns
        self._starts = starts(self._subject, len(self._terms))
        self._ends = starts(self._object, len(self._terms))
        self._by_object = array(NUMBERS, sorted(range(len(self._object)), key=self._object.__getitem__))

    def part(self, *names: str) -> "Part":
        """Return the triples of a part, or of some."""
        return Part(self, names)

    def has_part(self, name: str, part: AbstractSet[Triple]) -> bool:
        """Tell whether something is a certain part of this very graph."""
        return isinstance(part, Part) and part.graph is self and part.names == (name,)

    def without(self, name: str) -> Self:
        """Return the triples that do not belong to a part, with the same terms."""
        bit = self.bit(name)
        kept = [place for place, of in enumerate(self._of) if not of & bit]
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__, _told={})
        other._fill(cast("Columns", tuple(array(NUMBERS, map(c.__getitem__, kept)) for c in self._columns)))
        return other

    def within(self, document: NamedNode) -> list[NamedNode]:
        """Return a document's IRI, and those of its parts (fragments) of which anything is known."""
        prefix = f"{str(document)[:-1]}#"
        start = bisect_left(self._terms, prefix, key=str)
        parts = takewhile(lambda term: str(term).startswith(prefix), islice(self._terms, start, None))
        return [document, *parts]

    def bit(self, name: str) -> int:
        """Return what stands for a part where it is noted to which parts a triple belongs."""
        return 1 << self._names.index(name)

    def belonging(self, bit: int) -> Iterator[Triple]:
        """Go through the triples of a part in their order."""
        return (self._triple(place) for place, of in enumerate(self._of) if of & bit)

    def terms_of(self, *names: str) -> set[Term]:
        """Return the predicates and the classes by which some parts tell of things."""
        terms, bit, kind = self._terms, sum(map(self.bit, names)), self._places.get(A)
        stated = zip(self._predicate, self._object, self._of, strict=True)
        used = {(p, o if p == kind else p) for p, o, of in stated if of & bit}
        return {terms[number] for pair in used for number in pair}

    def counted(self) -> tuple[int, dict[NamedNode, int]]:
        """Return how many different objects there are, and how many triples of each predicate."""
        numbers = Counter(self._predicate)
        return len(set(self._object)), {self._terms[place]: number for place, number in numbers.items()}

    def pairs(self, predicate: NamedNode) -> Iterator[tuple[Node, Term]]:
        """Go through the subjects and objects of the triples with that predicate, in their order."""
        terms, wanted = self._terms, self._places.get(predicate)
        stated = zip(self._subject, self._predicate, self._object, strict=True)
        return ((terms[s], terms[o]) for s, p, o in stated if p == wanted)

    def rows(self) -> Iterator[tuple[Node, NamedNode, Term]]:
        """Go through the triples in their order, each as its terms, which are not made anew."""
        terms = self._terms
        return (
            (terms[s], terms[p], terms[o])
            for s, p, o in zip(self._subject, self._predicate, self._object, strict=True)
        )

    def lines(self, ending: str, name: str = "") -> Iterator[str]:
        """Go through the triples in their order as lines of N-Triples or N-Quads.

        Args:
            ending: What stands behind the object.
            name: The part whose triples are wanted; all, where none is named.
        """
        bit, told = self.bit(name) if name else ~0, list(map(str, self._terms))
        return (
            f"{told[s]} {told[p]} {told[o]}{ending}"
            for s, p, o, of in zip(*self._columns, strict=True)
            if of & bit
        )

    def count(self, bit: int) -> int:
        """Return how many triples a part has."""
        return sum(1 for of in self._of if of & bit)

    def parts_of(self, triple: Triple) -> int:
        """Return the parts that a triple belongs to, as bits; none where it is not in the graph."""
        row = self._row(triple)
        return 0 if row == _NOWHERE else self._of[row]

    def _row(self, triple: Triple) -> int:
        find = self._places.get
        subject, predicate = find(triple.subject, _NOWHERE), find(triple.predicate, _NOWHERE)
        wanted = find(triple.object, _NOWHERE)
        if _NOWHERE in {subject, predicate, wanted}:
            return _NOWHERE
        start, end = self._starts[subject], self._starts[subject + 1]
        start = bisect_left(self._predicate, predicate, start, end)
        end = bisect_left(self._predicate, predicate + 1, start, end)
        place = bisect_left(self._object, wanted, start, end)
        return place if place < end and self._object[place] == wanted else _NOWHERE

    def _triple(self, place: int) -> Triple:
        terms = self._terms
        return Triple(terms[self._subject[place]], terms[self._predicate[place]], terms[self._object[place]])

    def __len__(self) -> int:
        """Return how many triples there are."""
        return len(self._subject)

    def __iter__(self) -> Iterator[Triple]:
        """Go through the triples in their order."""
        return map(self._triple, range(len(self._subject)))

    def __contains__(self, subject: object) -> bool:
        """Tell whether anything is stated of a subject."""
        place = self._places.get(subject)
        return place is not None and self._starts[place] < self._starts[place + 1]

    @property
    def subjects(self) -> Iterable[Node]:
        """The subjects, in their order."""
        starts = self._starts
        return (term for place, term in enumerate(self._terms) if starts[place] < starts[place + 1])

    def about(self, subject: Node) -> list[Triple]:
        """Return the triples with that subject."""
        return [Triple(subject, predicate, other) for predicate, other in self.told(subject)]

    def told(self, subject: Node) -> Iterable[tuple[NamedNode, Term]]:
        """Return what is stated of a subject, as predicates with their objects."""
        place = self._places.get(subject)
        if place is None:
            return ()
        start, end, terms = self._starts[place], self._starts[place + 1], self._terms
        told = zip(self._predicate[start:end], self._object[start:end], strict=True)
        return ((terms[predicate], terms[other]) for predicate, other in told)

    def pointing_at(self, node: Node) -> list[Triple]:
        """Return the triples with that object."""
        place = self._places.get(node)
        if place is None:
            return []
        return [self._triple(at) for at in self._by_object[self._ends[place] : self._ends[place + 1]]]

    @property
    def ends(self) -> Iterable[Term]:
        """The subjects and objects, each once."""
        starts, ends = self._starts, self._ends
        return (
            term
            for place, term in enumerate(self._terms)
            if starts[place] < starts[place + 1] or ends[place] < ends[place + 1]
        )

    def stating(self, predicate: NamedNode) -> Iterator[Triple]:
        """Yield the triples with that predicate, in their order."""
        wanted = self._places.get(predicate)
        return (self._triple(place) for place, one in enumerate(self._predicate) if one == wanted)

    def told_of(self, value: Term) -> list[Triple]:
        """Return the triples with that object, whatever it is."""
        return self.pointing_at(value)  # type: ignore[arg-type]

    def leading_to(self, node: Node, predicate: NamedNode) -> list[Node]:
        """Return the subjects of which a property leads to a node."""
        place, wanted = self._places.get(node), self._places.get(predicate)
        if place is None or wanted is None:
            return []
        pointing = self._by_object[self._ends[place] : self._ends[place + 1]]
        terms, subject, predicates = self._terms, self._subject, self._predicate
        return [terms[subject[at]] for at in pointing if predicates[at] == wanted]

    def values(self, subject: Node, predicate: NamedNode) -> list[Term]:
        """Return the objects of a subject's predicate."""
        place, wanted = self._places.get(subject), self._places.get(predicate)
        if place is None or wanted is None:
            return []
        end, terms, predicates = self._starts[place + 1], self._terms, self._predicate
        start = bisect_left(predicates, wanted, self._starts[place], end)
        if start == end or predicates[start] != wanted:
            return []
        end = bisect_left(predicates, wanted + 1, start, end)
        return [terms[other] for other in self._object[start:end]]


class Part(AbstractSet[Triple]):
    """The triples of a packed graph that belong to one of its parts, or to some, in their order.

    Args:
        graph: The graph.
        names: What the parts are called.
    """

    def __init__(self, graph: PackedGraph, names: tuple[str, ...]) -> None:
        """Find the parts."""
        self.graph: Final = graph
        self.names: Final = names
        self._bit: Final = sum(map(graph.bit, names))

    @cached_property
    def _count(self) -> int:
        return self.graph.count(self._bit)

    @classmethod
    def _from_iterable(cls, triples: Iterable[Triple]) -> frozenset[Triple]:  # type: ignore[override]
        return frozenset(triples)

    def about(self, subject: Node) -> list[Triple]:
        """Return the triples of the part with that subject."""
        return [triple for triple in self.graph.about(subject) if triple in self]

    def pointing_at(self, node: Node) -> list[Triple]:
        """Return the triples of the part with that object."""
        return [triple for triple in self.graph.pointing_at(node) if triple in self]

    def __contains__(self, triple: object) -> bool:
        """Tell whether a triple belongs to the part."""
        return isinstance(triple, Triple) and bool(self.graph.parts_of(triple) & self._bit)

    def __iter__(self) -> Iterator[Triple]:
        """Go through the triples in their order."""
        return self.graph.belonging(self._bit)

    def __len__(self) -> int:
        """Return how many there are."""
        return self._count
