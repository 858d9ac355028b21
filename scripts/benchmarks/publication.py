"""Publications made up at any size, to be validated: places, twinnings, sources, in five languages.

The same seed gives the same triples. What is made conforms, with the warnings that a harvested publication
has; seeded, some things break one shape each. Written as a project whose facts lie in bulk.
"""

import argparse
import random
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from twintowns.graph import Term
from twintowns.iris import Names
from twintowns.vocabulary import DCAT, DCTERMS, FIELD, KIND, SCHEMA, STATUS, TT, VOID, WD, XSD, A

NAMES: Final = Names("https://example.org/large/")
LANGUAGES: Final = ("de", "en", "et", "fi", "sv")
_FIELDS: Final = ("art", "music", "sport", "education", "environment")
_FIRST_YEAR: Final = 1947
_SOURCES: Final = 200
_COUNTRIES: Final = 100
_SYLLABLES: Final = ("lud", "vi", "ka", "ima", "tra", "hon", "nef", "vil", "jan", "di", "sö", "der", "å")


class Size(NamedTuple):
    """How many things there are, and in how many of them one thing is wrong."""

    twinnings: int
    places: int
    mistakes: int = 0


SIZES: Final = {"S": Size(100, 50), "M": Size(10_000, 5_000), "L": Size(100_000, 40_000)}
"""M and L are those of PERFORMANCE.md."""


def triples_of(size: Size, seed: int) -> Iterator[Triple]:
    """Make up a publication.

    Args:
        size: Its size.
        seed: What decides of all that is left to chance.
    """
    dice = random.Random(seed)  # noqa: S311 - to be repeated, not kept secret
    yield from _catalogue()
    yield from _organization()
    for number in range(_SOURCES):
        yield from _source(number)
    for number in range(1, size.places + 1):
        yield from _place(number, dice)
    wrong = set(dice.sample(range(size.twinnings), size.mistakes))
    for number, pair in enumerate(_pairs(size, dice)):
        made = list(_twinning(pair, dice))
        yield from _with_mistake(made, dice) if number in wrong else made


def write_project(size: Size, seed: int, folder: Path) -> int:
    """Write a project; return how many triples it has."""
    triples = list(dict.fromkeys(triples_of(size, seed)))
    about = [triple for triple in triples if triple.subject == NAMES.catalogue]
    rest = [triple for triple in triples if triple.subject != NAMES.catalogue]
    (folder / "data").mkdir(parents=True)
    _write(about, folder / "data/catalogue.ttl", RdfFormat.TURTLE)
    _write(rest, folder / "data/facts.nt", RdfFormat.N_TRIPLES)
    return len(triples)


def _write(triples: Iterable[Triple], path: Path, form: RdfFormat) -> None:
    serialize((Quad(*triple) for triple in triples), path, format=form)


def _told(
    subject: NamedNode, of_class: NamedNode, values: Iterable[tuple[NamedNode, Term]]
) -> Iterator[Triple]:
    yield Triple(subject, A, of_class)
    for predicate, value in values:
        yield Triple(subject, predicate, value)


def _texts(predicate: NamedNode, text: str) -> list[tuple[NamedNode, Term]]:
    return [(predicate, Literal(f"{text} ({tag})", language=tag)) for tag in LANGUAGES]


def _catalogue() -> Iterator[Triple]:
    yield Triple(NAMES.catalogue, A, VOID.Dataset)
    yield from _told(
        NAMES.catalogue,
        DCAT.Catalog,
        [
            *_texts(DCTERMS["title"], "Twin towns at size"),
            *_texts(DCTERMS.description, "Twin towns that were made up to be validated."),
            *_texts(DCAT.keyword, "town twinning"),
            (DCTERMS.publisher, _ours("organization", "publisher")),
            (DCTERMS.license, NamedNode("http://creativecommons.org/publicdomain/zero/1.0/")),
            (DCTERMS.issued, Literal("2026-11-23", datatype=XSD.date)),
            (DCTERMS.modified, Literal("2026-11-23", datatype=XSD.date)),
            *((SCHEMA.inLanguage, Literal(tag)) for tag in LANGUAGES),
            (TT.mainLanguage, Literal("en")),
            (VOID.uriSpace, Literal(NAMES.space)),
        ],
    )


def _organization() -> Iterator[Triple]:
    values = [*_texts(SCHEMA.name, "Publisher"), (DCTERMS.source, _ours("source", "source-0"))]
    yield from _told(_ours("organization", "publisher"), SCHEMA.Organization, values)


def _source(number: int) -> Iterator[Triple]:
    values: list[tuple[NamedNode, Term]] = [
        *_texts(SCHEMA.name, f"Source {number}"),
        *_texts(SCHEMA.description, f"List {number} of twin towns."),
        (SCHEMA.publisher, _ours("organization", "publisher")),
        (SCHEMA.url, NamedNode(f"https://example.com/list/{number}")),
        (TT.retrievedOn, Literal("2026-11-01", datatype=XSD.date)),
    ]
    yield from _told(_ours("source", f"source-{number}"), SCHEMA.WebPage, values)


def _place(number: int, dice: random.Random) -> Iterator[Triple]:
    """The first places are countries, the others cities in one of them."""
    place, name = _ours("place", f"Q{number}"), "".join(dice.choices(_SYLLABLES, k=3)).capitalize()
    values: list[tuple[NamedNode, Term]] = [
        *((SCHEMA.name, Literal(name, language=tag)) for tag in LANGUAGES),
        (DCTERMS.source, _any_source(dice)),
        (SCHEMA.sameAs, WD[f"Q{number}"]),
    ]
    if number <= _COUNTRIES:
        yield from _told(place, SCHEMA.Country, values)
        return
    values.append((SCHEMA.containedInPlace, _ours("place", f"Q{dice.randrange(1, _COUNTRIES + 1)}")))
    position = NamedNode(f"{place.value}#geo")
    yield from _told(place, SCHEMA.City, [*values, (SCHEMA.geo, position)])
    degrees = (f"{dice.randrange(-60, 75)}.{dice.randrange(10**5)}5" for _ in range(2))
    latitude, longitude = (Literal(text, datatype=XSD.decimal) for text in degrees)
    values = [(SCHEMA.latitude, latitude), (SCHEMA.longitude, longitude)]
    yield from _told(position, SCHEMA.GeoCoordinates, values)


def _pairs(size: Size, dice: random.Random) -> Iterator[tuple[int, int]]:
    """Yield pairs of cities, some of which have many twins, as the real ones do."""
    seen: set[tuple[int, int]] = set()
    cities = size.places - _COUNTRIES if size.places > _COUNTRIES else 0
    lowest = _COUNTRIES + 1 if cities else 1
    span = cities or size.places
    while len(seen) < size.twinnings:
        one, other = lowest + int(span * dice.random() ** 2), lowest + dice.randrange(span)
        pair = (min(one, other), max(one, other))
        if one != other and pair not in seen:
            seen.add(pair)
            yield pair


def _twinning(pair: tuple[int, int], dice: random.Random) -> Iterator[Triple]:
    """Make up a twinning; of one in ten nobody told the start, or what it is about."""
    subject = _ours("twinning", f"Q{pair[0]}-Q{pair[1]}")
    year = Literal(str(dice.randrange(_FIRST_YEAR, 2020)), datatype=XSD.gYear)
    values: list[tuple[NamedNode, Term]] = [
        *((TT.partner, _ours("place", f"Q{number}")) for number in pair),
        (TT.kind, KIND.twinning),
        (TT.status, STATUS.active),
        *((DCTERMS.source, _any_source(dice)) for _ in range(2)),
        *_texts(SCHEMA.description, f"Twinned since {year.value}"),
    ]
    values += [(SCHEMA.startDate, year)] if dice.random() < 0.9 else []  # noqa: PLR2004 - said above
    chosen = dice.sample(_FIELDS, dice.randrange(1, 4)) if dice.random() < 0.9 else []  # noqa: PLR2004
    yield from _told(subject, TT.Twinning, [*values, *((TT.field, FIELD[name]) for name in chosen)])


def _any_source(dice: random.Random) -> NamedNode:
    return _ours("source", f"source-{dice.randrange(_SOURCES)}")


def _ours(folder: str, name: str) -> NamedNode:
    return NamedNode(f"{NAMES.space}{folder}/{name}")


Mistake = Callable[[list[Triple]], list[Triple]]


def _without(predicate: NamedNode, most: int = 9) -> Mistake:
    """Leave some of a property's values away."""

    def made(triples: list[Triple]) -> list[Triple]:
        gone = [triple for triple in triples if triple.predicate == predicate][:most]
        return [triple for triple in triples if triple not in gone]

    return made


def _with(predicate: NamedNode, *values: Term) -> Mistake:
    """Add values."""
    return lambda triples: [*triples, *(Triple(triples[0].subject, predicate, value) for value in values)]


def _partners(triples: list[Triple]) -> list[Term]:
    return [triple.object for triple in triples if triple.predicate == TT.partner]  # type: ignore[misc]


MISTAKES: Final[dict[str, Mistake]] = {
    "minCount": _without(TT.partner, 1),
    "maxCount": _with(TT.status, STATUS.ended),
    "datatype": _with(SCHEMA.description, Literal("no language")),
    "class": _with(TT.kind, NamedNode("https://example.org/no-kind")),
    "nodeKind": _with(SCHEMA.sameAs, Literal("not an IRI")),
    "or": _with(SCHEMA.endDate, Literal("soon")),
    "in": _with(TT.unknown, SCHEMA.geo),
    "not": _with(SCHEMA.description, Literal(" untidy ", language="en-GB")),
    "uniqueLang": _with(SCHEMA.description, Literal("one more", language="en")),
    "disjoint": lambda triples: _with(TT.participant, *_partners(triples))(triples),
    "lessThanOrEquals": lambda triples: _with(DCTERMS.modified, Literal("2001-01-01", datatype=XSD.date))(
        _with(DCTERMS.issued, Literal("2002-02-02", datatype=XSD.date))(triples)
    ),
    "closed": _with(SCHEMA.telephone, Literal("+46 240 860 00")),
    "a query about one thing": _with(TT.unknown, TT.field),
    "a query about several": _with(SCHEMA.endDate, Literal("1900", datatype=XSD.gYear)),
    "a link of the publication": _with(SCHEMA.sameAs, NamedNode(f"{NAMES.space}place/Q0")),
    "of another namespace": _with(NamedNode("http://schema.org/name"), Literal("x", language="en")),
}
"""One for each kind of constraint that the shapes use."""


def _with_mistake(triples: list[Triple], dice: random.Random) -> list[Triple]:
    return MISTAKES[dice.choice(list(MISTAKES))](triples)


def main() -> None:
    """Write a project of a size."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("size", choices=SIZES)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mistakes", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    size = SIZES[asked.size]._replace(mistakes=asked.mistakes)
    print(write_project(size, asked.seed, asked.folder))


if __name__ == "__main__":
    main()
