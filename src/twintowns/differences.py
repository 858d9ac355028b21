"""What an edit changed: the dataset that is published, told from the one to come by the lines of their dumps.

Most lines are the same, so that only the others are read as triples.
"""

from collections.abc import Iterable
from typing import NamedTuple

from pyoxigraph import RdfFormat, Triple, parse

from twintowns.vocabulary import SCHEMA


class Difference(NamedTuple):
    """What only one of two editions holds.

    Attributes:
        went: What only the published edition does.
        came: What only the one to come does.
    """

    went: frozenset[Triple]
    came: frozenset[Triple]

    @property
    def triples(self) -> frozenset[Triple]:
        """What came or went, or comes from elsewhere than before."""
        return self.went | self.came

    @property
    def is_of_other_items(self) -> bool:
        """Whether another document may tell of something that is not ours."""
        return any(triple.predicate == SCHEMA.sameAs for triple in self.triples)


def difference(published: bytes, dump: bytes) -> Difference:
    """Compare two N-Quads dumps by their lines.

    Args:
        published: The one that is published.
        dump: The other one.
    """
    lines = set(published.splitlines(keepends=True))
    came = [line for line in dump.splitlines(keepends=True) if line not in lines]
    lines.difference_update(dump.splitlines(keepends=True))
    return Difference(_triples(lines), _triples(came))


def _triples(lines: Iterable[bytes]) -> frozenset[Triple]:
    return frozenset(quad.triple for quad in parse(b"".join(lines), format=RdfFormat.N_QUADS))
