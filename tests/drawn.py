"""Small datasets to be drawn: places, where they lie, and the twinnings between them."""

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Triple

from twintowns.dataset import Dataset
from twintowns.iris import Names
from twintowns.vocabulary import SCHEMA, TT, A

NAMES = Names("https://example.org/town/")


def place(number: int) -> NamedNode:
    """Return the IRI of a place."""
    return NamedNode(f"{NAMES.space}place/Q{number}")


def twinning(*numbers: int) -> NamedNode:
    """Return the IRI of a twinning of places."""
    return NamedNode(f"{NAMES.space}twinning/{'-'.join(f'Q{number}' for number in numbers)}")


def placed(number: int, longitude: object, latitude: object, name: str = "") -> list[Triple]:
    """Return what is stated of a place: a name and its coordinates."""
    geo = NamedNode(f"{place(number).value}#geo")
    return [
        Triple(place(number), A, SCHEMA.City),
        Triple(place(number), SCHEMA.name, Literal(name or f"Town {number}", language="en")),
        Triple(place(number), SCHEMA.geo, geo),
        Triple(geo, SCHEMA.longitude, Literal(str(longitude))),
        Triple(geo, SCHEMA.latitude, Literal(str(latitude))),
    ]


def twinned(*numbers: int, participants: Iterable[int] = (), start: str = "") -> list[Triple]:
    """Return what is stated of a twinning."""
    subject = twinning(*numbers)
    return [
        Triple(subject, A, TT.Twinning),
        *(Triple(subject, TT.partner, place(number)) for number in numbers),
        *(Triple(subject, TT.participant, place(number)) for number in participants),
        *([Triple(subject, SCHEMA.startDate, Literal(start))] if start else []),
    ]


def dataset(*told: Iterable[Triple]) -> Dataset:
    """Return the dataset of some triples."""
    return Dataset(NAMES, frozenset(t for part in told for t in part), *(frozenset[Triple](),) * 3, {})
