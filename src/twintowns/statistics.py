"""Counts of a dataset: what a reader wants to know before a download.

Names follow VoID (https://www.w3.org/TR/void/#statistics).
"""

from dataclasses import dataclass

from pyoxigraph import NamedNode

from twintowns.dataset import Dataset
from twintowns.vocabulary import SCHEMA, TT


@dataclass(frozen=True)
class Statistics:
    """How much there is.

    Attributes:
        triples: Triples of the dump.
        derived: Those among them that were derived.
        twinnings: Twinnings.
        places: Places.
        documents: Documents with a page, but for those that only say that a thing is gone.
    """

    triples: int
    derived: int
    twinnings: int
    places: int
    documents: int


def statistics(dataset: Dataset) -> Statistics:
    """Count a dataset."""

    def instances(*classes: NamedNode) -> int:
        return len({node for one in classes for node in dataset.graph.instances(one)})

    return Statistics(
        triples=len(dataset.published),
        derived=len(dataset.derived),
        twinnings=instances(TT.Twinning),
        places=instances(SCHEMA.City, SCHEMA.AdministrativeArea, SCHEMA.Country),
        documents=len(dataset.documents.keys() - dataset.withdrawn),
    )
