"""Triples in the order in which they are stated, each term kept once: what a file in bulk tells."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Final, overload

from pyoxigraph import NamedNode, Triple

from twintowns.graph import Node, Term

Ends = tuple[Node, NamedNode, Term]
"""Subject, predicate and object."""


class PackedTriples(Sequence[Triple]):
    """Some triples, made anew when they are asked for.

    Args:
        triples: The triples.

    >>> from pyoxigraph import Literal
    >>> from twintowns.vocabulary import SCHEMA, WD
    >>> triple = Triple(WD.Q1, SCHEMA.name, Literal("universum", language="sv"))
    >>> PackedTriples([triple, triple])[1] == triple
    True
    """

    def __init__(self, triples: Iterable[Triple]) -> None:
        """Number the terms as they are met."""
        numbers: dict[Any, int] = {}
        self._columns: Final = array("I"), array("I"), array("I")
        for triple in triples:
            ends = (triple.subject, triple.predicate, triple.object)
            for column, term in zip(self._columns, ends, strict=False):
                column.append(numbers.setdefault(term, len(numbers)))
        self._terms: Final = list(numbers)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._columns[0])

    @overload
    def __getitem__(self, place: int) -> Triple: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Triple]: ...
    def __getitem__(self, place: int | slice) -> Triple | Sequence[Triple]:
        """Return the triple at a place, or those at some."""
        if isinstance(place, slice):
            return tuple(self[one] for one in range(*place.indices(len(self))))
        subject, predicate, value = self._columns
        return Triple(self._terms[subject[place]], self._terms[predicate[place]], self._terms[value[place]])

    def __iter__(self) -> Iterator[Triple]:
        """Go through them in their order."""
        return (Triple(*ends) for ends in self.ends())

    @property
    def subjects(self) -> Iterator[Node]:
        """What they tell of, each once, in their order."""
        return (self._terms[number] for number in dict.fromkeys(self._columns[0]))

    def ends(self) -> Iterator[Ends]:
        """Yield the ends of each triple; the same term is the same object."""
        terms = self._terms
        for subject, predicate, value in zip(*self._columns, strict=True):
            yield terms[subject], terms[predicate], terms[value]


class Stated(Iterable[Triple]):
    """What several sequences of triples state, one after another.

    Args:
        sequences: The sequences.
    """

    def __init__(self, sequences: Iterable[Sequence[Triple]]) -> None:
        """Take hold of the sequences."""
        self._sequences: Final = tuple(sequences)

    def __iter__(self) -> Iterator[Triple]:
        """Go through the triples."""
        return chain.from_iterable(self._sequences)

    def ends(self) -> Iterator[Ends]:
        """Yield the ends of each triple; where they are packed, the same term is the same object."""
        return chain.from_iterable(map(ends_of, self._sequences))


def ends_of(triples: Iterable[Triple]) -> Iterator[Ends]:
    """Yield subject, predicate and object of each triple, without making terms that are there already.

    Args:
        triples: The triples.
    """
    if isinstance(triples, PackedTriples | Stated):
        return triples.ends()
    return ((one.subject, one.predicate, one.object) for one in triples)  # type: ignore[misc]


def subjects_of(triples: Iterable[Triple]) -> Iterable[Node]:
    """Return what triples tell of, each once, in their order.

    Args:
        triples: The triples.
    """
    if isinstance(triples, PackedTriples):
        return triples.subjects
    return dict.fromkeys(triple.subject for triple in triples)  # type: ignore[misc]
