"""What happened when, of one document and of the twinnings that lead to it."""

from pyoxigraph import Literal, NamedNode, Triple

from twintowns.dataset import Dataset
from twintowns.description import describe
from twintowns.iris import Names
from twintowns.pagevalues import Reader
from twintowns.timeline import Event, timeline
from twintowns.views import View, Vocabulary
from twintowns.vocabulary import AS, DCTERMS, SCHEMA, TT, XSD, A

NAMES = Names("https://example.org/town/")
PLACE = NamedNode(f"{NAMES.space}place/Q1")
SOURCE = NamedNode(f"{NAMES.space}source/page")


def _twinning(name: str, *stated: tuple[NamedNode, Literal]) -> list[Triple]:
    node = NamedNode(f"{NAMES.space}twinning/{name}")
    told = [Triple(node, A, TT.Twinning), Triple(node, TT.partner, PLACE), Triple(PLACE, TT.partnerIn, node)]
    return [*told, Triple(node, SCHEMA.name, Literal(name)), *(Triple(node, *one) for one in stated)]


def _year(text: str) -> Literal:
    return Literal(text, datatype=XSD.gYear)


def _events(document: NamedNode, *triples: Triple) -> list[Event]:
    dataset = Dataset(NAMES, frozenset(triples), *(frozenset[Triple](),) * 3, {})
    reader = Reader("de", ("de", "en"), "de/place/Q1.html", "de/")
    description = describe(dataset, document)
    return timeline(description, View(dataset, description, reader, Vocabulary()), reader)


def test_place() -> None:
    """A place has the beginnings and ends of its twinnings, the earliest first, each with the way to it."""
    first = _twinning("A", (SCHEMA.startDate, _year("2000")), (SCHEMA.endDate, _year("2010")))
    second = _twinning("B", (SCHEMA.startDate, Literal("2000-05-03", datatype=XSD.date)))
    told = _events(PLACE, Triple(PLACE, A, SCHEMA.City), *first, *second)
    assert [(one.when, one.what, one.of and one.of.label.text) for one in told] == [
        ("2000", "Beginn", "A"),
        ("3. Mai 2000", "Beginn", "B"),
        ("2010", "Ende", "A"),
    ]
    assert told[0].of is not None
    assert told[0].of.href == "../../de/twinning/A.html"


def test_own_dates() -> None:
    """A document with several dates of its own has them."""
    dates = (SCHEMA.datePublished, "2022-09"), (TT.retrievedOn, "2026-11-23")
    stated = [Triple(SOURCE, predicate, Literal(date)) for predicate, date in dates]
    told = _events(SOURCE, Triple(SOURCE, A, SCHEMA.WebPage), *stated)
    assert [(one.date, one.what) for one in told] == [
        ("2022-09", "Veröffentlicht"),
        ("2026-11-23", "Gelesen"),
    ]


def test_one_date_makes_no_line() -> None:
    """One date that stands among the facts anyway is not told again."""
    assert _events(SOURCE, Triple(SOURCE, TT.retrievedOn, Literal("2026-11-23"))) == []


def test_what_is_no_date() -> None:
    """Texts that are no dates, and things, are left out; of a moment the day is told."""
    stated = [
        Triple(SOURCE, SCHEMA.startDate, Literal("long ago")),
        Triple(SOURCE, SCHEMA.endDate, SOURCE),
        Triple(SOURCE, AS.deleted, Literal("2026-05-01T00:00:00Z", datatype=XSD.dateTime)),
        Triple(SOURCE, SCHEMA.datePublished, Literal("2020")),
    ]
    assert [one.date for one in _events(SOURCE, *stated)] == ["2020", "2026-05-01"]


def test_line_is_not_endless() -> None:
    """A place with very many twinnings shows some of them."""
    many = [t for n in range(80) for t in _twinning(f"T{n}", (SCHEMA.startDate, _year(str(1900 + n))))]
    told = _events(PLACE, *many)
    assert len(told) == 50
    assert told[0].date == "1900"


def test_two_on_one_day() -> None:
    """What was made and changed on one day was made first."""
    day = Literal("2026-11-23", datatype=XSD.date)
    stated = [Triple(SOURCE, DCTERMS.modified, day), Triple(SOURCE, DCTERMS.created, day)]
    read = Triple(SOURCE, TT.retrievedOn, Literal("2026-11-24", datatype=XSD.date))
    told = [one.what for one in _events(SOURCE, *stated, read)]
    assert told == ["Erstellt", "Zuletzt geändert", "Gelesen"]


def test_data_alone_has_no_story() -> None:
    """When the data was made and changed stands among the facts, and is told once."""
    made = (DCTERMS.created, DCTERMS.issued, DCTERMS.modified)
    assert _events(SOURCE, *(Triple(SOURCE, one, Literal("2026-11-23")) for one in made)) == []
