"""What a page shows of a description, for a reader of one language."""

from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from twintowns import views
from twintowns.dataset import Dataset, foreign_documents
from twintowns.description import describe
from twintowns.iris import Names
from twintowns.loading import SourceFile
from twintowns.pagevalues import Reader, Row, Section, Text, Value
from twintowns.views import View, Vocabulary, vocabulary_labels
from twintowns.vocabulary import DCTERMS, OWL, PROV, RDF, RDFS, SCHEMA, SH, SKOS, TT, WD, XSD, A, Namespace

NAMES = Names("https://example.org/town/")
PLACE = Namespace(f"{NAMES.space}place/")
Q1, Q2, Q3 = PLACE.Q1, PLACE.Q2, PLACE.Q3
GEO = NamedNode(f"{Q1.value}#geo")
NS = NamedNode("https://w3id.org/twintowns/ns")
ASSERTED = [
    Triple(Q1, A, SCHEMA.City),
    Triple(Q1, A, NamedNode("https://example.com/Odd")),
    Triple(Q1, SCHEMA.name, Literal("Ein", language="de")),
    Triple(Q1, SCHEMA.name, Literal("One", language="en")),
    Triple(Q1, SCHEMA.description, Literal("First.\n\nSecond.", language="de")),
    Triple(Q1, SCHEMA.sameAs, WD.Q1),
    Triple(Q1, SCHEMA.geo, GEO),
    Triple(GEO, SCHEMA.latitude, Literal("60.5", datatype=XSD.decimal)),
    Triple(Q1, SCHEMA.containedInPlace, Q2),
    Triple(Q1, SCHEMA.startDate, Literal("2022-09", datatype=XSD.gYearMonth)),
    Triple(Q1, SCHEMA.opens, Literal("13:00:00", datatype=XSD.time)),
    Triple(Q1, SCHEMA.opens, Literal("07:30:00", datatype=XSD.time)),
    Triple(Q1, SCHEMA.url, NamedNode("javascript:alert(1)")),
    Triple(Q1, SCHEMA.jobTitle, Literal("Rolle", language="de")),
    Triple(Q1, SCHEMA.jobTitle, Literal("role", language="en")),
    Triple(Q1, SCHEMA.jobTitle, Literal("plain")),
    Triple(Q1, SCHEMA.jobTitle, WD.Q9),
    Triple(Q1, SCHEMA.headline, Literal("two\nlines")),
    Triple(Q1, NamedNode("https://example.com/odd"), Literal("x")),
    Triple(Q1, SCHEMA.value, BlankNode("b")),
    Triple(BlankNode("b"), SCHEMA.value, Literal("inside")),
    Triple(Q1, SKOS.note, BlankNode("l")),
    Triple(BlankNode("l"), RDF.first, Q2),
    Triple(BlankNode("l"), RDF.rest, RDF.nil),
    Triple(Q2, SCHEMA.name, Literal("Två", language="sv")),
    Triple(Q2, TT.participant, Q1),
    Triple(Q2, SCHEMA.itemOffered, Q1),
    Triple(Q2, SCHEMA.about, Q1),
    Triple(Q3, SKOS.note, Literal("nameless")),
    Triple(WD.Q1, TT.twinnedWith, WD.Q2),
]
VOCABULARY = [
    Triple(NS, A, OWL.Ontology),
    Triple(TT.partner, RDFS.label, Literal("partner", language="en")),
    Triple(TT.partner, RDFS.label, Literal("Partner", language="de")),
    Triple(TT.partner, SKOS.definition, Literal("A partner.", language="en")),
    Triple(TT.partner, RDFS.isDefinedBy, NS),
    Triple(TT.partner, A, OWL.ObjectProperty),
    Triple(TT.twinnedWith, RDFS.label, Literal("vänort", language="sv")),
    Triple(TT.unknown, RDFS.label, NS),
]
DERIVED = Triple(Q1, TT.twinnedWith, Q2)


@pytest.fixture
def dataset() -> Dataset:
    """Return a small dataset."""
    data = SourceFile(Path("x"), tuple(ASSERTED))
    return Dataset(
        NAMES,
        frozenset(ASSERTED),
        frozenset([DERIVED]),
        frozenset(VOCABULARY),
        frozenset(),
        foreign_documents(NAMES, [data], []),
    )


def _view(dataset: Dataset, document: NamedNode, language: str = "en", page: str = "place/Q1.html") -> View:
    reader = Reader(language, tuple(dict.fromkeys((language, "en"))), page, "")
    return View(dataset, describe(dataset, document), reader, vocabulary_labels(dataset.graph))


def _rows(sections: list[Section]) -> dict[str, tuple[Value, ...]]:
    return {row.label.text: row.values for section in sections for row in section.rows}


def test_title_and_text(dataset: Dataset) -> None:
    """A title and a text are in the reader's language, or the nearest to it, and marked then."""
    assert _view(dataset, Q1, "de").title == Text("Ein")
    assert _view(dataset, Q1, "fi").title == Text("One", "en")
    assert _view(dataset, Q1, "de").paragraphs == (Text("First."), Text("Second."))
    assert _view(dataset, Q1, "en").paragraphs == (Text("First.", "de"), Text("Second.", "de"))


def test_types(dataset: Dataset) -> None:
    """A type is called as the program calls it, and an unknown one by its IRI."""
    assert set(_view(dataset, Q1).types) == {Text("Town"), Text("https://example.com/Odd")}


def test_groups(dataset: Dataset) -> None:
    """Facts stand in groups, those that belong to none in the last."""
    sections = list(_view(dataset, Q1).groups())
    titles = [section.title.text for section in sections]
    assert titles == ["Twinning", "Place", "Contact", "Names", "Identifiers and links", "More"]
    assert "https://example.com/odd" in {row.label.text for row in sections[-1].rows}


def test_no_rest(dataset: Dataset) -> None:
    """There is no last group where every fact belongs to one before."""
    assert [section.title.text for section in _view(dataset, Q2).groups()][-1] == "More"
    plain = Dataset(
        NAMES, frozenset([Triple(Q2, SCHEMA.name, Literal("x"))]), *(frozenset[Triple](),) * 3, {}
    )
    assert [section.title.text for section in _view(plain, Q2).groups()] == ["Names"]


def test_values(dataset: Dataset) -> None:
    """Dates, times and numbers are written as the reader writes them; an unsafe IRI is no link."""
    rows = _rows(list(_view(dataset, Q1).groups()))
    assert rows["Since"] == (Value(Text("September 2022")),)
    assert rows["Opens"] == (Value(Text("07:30")), Value(Text("13:00")))
    assert rows["Website"] == (Value(Text("javascript:alert(1)")),)
    (geo,) = rows["Coordinates"]
    assert (geo.label, geo.href) == (Text(""), "")
    assert geo.rows == (Row(Text("Latitude"), (Value(Text("60.5")),)),)
    assert rows["Headline"] == (Value(Text("two\nlines"), is_long=True),)


def test_one_language(dataset: Dataset) -> None:
    """Of texts in several languages one is shown, with what is no text, but all of the names."""
    rows = _rows(list(_view(dataset, Q1, "de").groups()))
    roles = next(values for values in rows.values() if Text("Rolle") in [value.label for value in values])
    assert {value.label.text for value in roles} == {"Rolle", "plain", "Wikidata Q9"}
    assert {value.label for values in rows.values() for value in values} >= {Text("Ein"), Text("One", "en")}


def test_links(dataset: Dataset) -> None:
    """A thing with a page is linked to relatively, one elsewhere by its IRI, and derived links are marked."""
    rows = _rows(list(_view(dataset, Q1).groups()))
    assert rows["Located in"] == (Value(Text("Två", "sv"), "../place/Q2.html"),)
    assert rows["Vänort"][0].is_derived
    assert not rows["Located in"][0].is_derived
    (item,) = rows["The same as"]
    assert item.href == WD.Q1.value
    assert item.rows[0].values == (Value(Text("Wikidata Q2"), WD.Q2.value),)


def _plain(*stated: Triple) -> Dataset:
    return Dataset(NAMES, frozenset(stated), *(frozenset[Triple](),) * 3, {})


def test_yes_and_no() -> None:
    """What is true or false is told as yes or no."""
    for lexical, told in (("true", "Ja"), ("false", "Nej"), ("1", "1")):
        stated = Triple(Q1, SCHEMA.maps, Literal(lexical, datatype=XSD.boolean))
        (section,) = _view(_plain(stated), Q1, "sv").groups()
        assert section.rows[0].values == (Value(Text(told)),)


@pytest.mark.parametrize(
    ("language", "told"), [("sv", ["Utgivare", "slutår", "startår"]), ("en", ["end", "Publisher", "start"])]
)
def test_unknown(language: str, told: list[str]) -> None:
    """What is not known is called by a noun, or as the property is."""
    stated = [Triple(Q1, TT.unknown, one) for one in (SCHEMA.startDate, SCHEMA.endDate, SCHEMA.publisher)]
    (section,) = _view(_plain(*stated), Q1, language).groups()
    assert sorted((value.label.text for value in section.rows[0].values), key=str.lower) == sorted(
        told, key=str.lower
    )


@pytest.mark.parametrize("language", ["fi", "en"])
def test_hours_in_their_order(language: str) -> None:
    """Hours stand in the order of the day, however they are written."""
    hours = {name: NamedNode(f"{Q1.value}#{name}") for name in ("afternoon", "morning")}
    opens = {"afternoon": "13:00:00", "morning": "07:30:00"}
    told = [Triple(Q1, SCHEMA.hoursAvailable, part) for part in hours.values()]
    told += [
        Triple(hours[name], SCHEMA.opens, Literal(opens[name], datatype=XSD.time))
        for name in ("afternoon", "morning")
    ]
    ((row,),) = (section.rows for section in _view(_plain(*told), Q1, language).groups())
    assert [value.rows[0].values[0].label.text[:2].strip("0.") for value in row.values] == ["7", "13"]


def test_hours_on_one_line() -> None:
    """Hours are told on a line for the same days; those of which more is stated, or other, in their parts."""
    hours = {name: NamedNode(f"{Q1.value}#{name}") for name in ("late", "early", "summer", "odd", "twice")}
    told = [Triple(Q1, SCHEMA.hoursAvailable, part) for part in hours.values()]
    told.append(Triple(Q1, SCHEMA.hoursAvailable, Literal("Ring!")))
    for part in hours.values():
        told += [
            Triple(part, A, SCHEMA.OpeningHoursSpecification),
            Triple(part, SCHEMA.opens, Literal("13:00:00", datatype=XSD.time)),
            Triple(part, SCHEMA.closes, Literal("16:00:00", datatype=XSD.time)),
            Triple(part, SCHEMA.dayOfWeek, SCHEMA.Saturday if part == hours["late"] else SCHEMA.Monday),
        ]
    told += [
        Triple(hours["summer"], SCHEMA.validFrom, Literal("2026-06-01", datatype=XSD.date)),
        Triple(hours["odd"], SCHEMA.dayOfWeek, SCHEMA.PublicHolidays),
        Triple(hours["twice"], SCHEMA.opens, Literal("14:00:00", datatype=XSD.time)),
    ]
    ((row,),) = (section.rows for section in _view(_plain(*told), Q1, "en").groups())
    assert [value.label.text for value in row.values if value.label.text] == [
        "Monday: 13:00\N{EN DASH}16:00",
        "Saturday: 13:00\N{EN DASH}16:00",
        "Ring!",
    ]
    assert [len(value.rows) for value in row.values if value.rows] == [3, 4, 3]


def test_codes_are_called_by_their_names() -> None:
    """A language's tag and a table's concept are called in the reader's language, or else in the nearest."""
    country = NamedNode("http://publications.europa.eu/resource/authority/country/SWE")
    told = _plain(Triple(Q1, SCHEMA.inLanguage, Literal("fi")), Triple(Q1, SCHEMA.areaServed, country))
    german = [row.values for section in _view(told, Q1, "de").groups() for row in section.rows]
    assert german == [(Value(Text("Schweden"), country.value),), (Value(Text("Finnisch")),)]
    assert _view(told, Q1, "fr").name(country) == Text("Sweden", "en")


def test_code_in_messages() -> None:
    """What a shape's message has between backticks is code; an odd backtick and markup stay as they are."""
    told = _plain(Triple(Q1, SH.message, Literal("Write `a <b>`, not `<b>` or `.", language="en")))
    ((row,),) = (section.rows for section in _view(told, Q1).groups())
    assert row.values[0].label.__html__() == (
        "Write <code>a &lt;b&gt;</code>, not <code>&lt;b&gt;</code> or `."
    )
    ((row,),) = (section.rows for section in _view(told, Q1, "de").groups())
    assert row.values[0].label.__html__().startswith('<span lang="en">Write <code>a')
    assert Text("`x`").__html__() == "`x`"


def test_blank_nodes(dataset: Dataset) -> None:
    """A blank node is shown by what is stated of it, a list by its members."""
    rows = _rows(list(_view(dataset, Q1).groups()))
    assert rows["Value"][0].rows[0].values == (Value(Text("inside")),)
    assert rows["skos:note"][0].members == (Value(Text("Två", "sv"), "../place/Q2.html"),)


def test_parts_that_lead_to_each_other(dataset: Dataset) -> None:
    """A part is shown where it is named, but within itself only as a link."""
    other = NamedNode(f"{Q1.value}#other")
    stated = {Triple(Q1, SCHEMA.geo, GEO), Triple(GEO, SCHEMA.value, other), Triple(other, SCHEMA.geo, GEO)}
    view = _view(replace(dataset, asserted=frozenset(stated), derived=frozenset()), Q1)
    (geo,) = _rows(list(view.groups()))["Coordinates"]
    (inner,) = geo.rows[0].values
    assert [(one.rows, one.href) for one in inner.rows[0].values] == [((), "../place/Q1.html#geo")]


def test_sources_are_named_once(dataset: Dataset) -> None:
    """What was derived from a stated source is not shown beside it, on neither page; what was not, is."""
    stated, other = PLACE.stated, PLACE.other
    more = replace(
        dataset,
        asserted=dataset.asserted | {Triple(Q1, DCTERMS.source, stated), *_named(stated), *_named(other)},
        derived=frozenset(Triple(Q1, PROV.wasDerivedFrom, one) for one in (stated, other)),
    )
    rows = {row.label.text: row.values for section in _view(more, Q1).groups() for row in section.rows}
    assert [value.label.text for value in rows["Source"]] == ["stated"]
    assert [value.label.text for value in rows["Derived from"]] == ["other"]
    assert len([*_view(more, stated).incoming()]) == len([*_view(more, other).incoming()]) == 1


def _named(thing: NamedNode) -> list[Triple]:
    return [Triple(thing, A, SCHEMA.CreativeWork)]


def test_incoming(dataset: Dataset) -> None:
    """What points at a thing is told backwards, but for what its own facts tell."""
    rows = {row.label.text: row.values for row in _view(dataset, Q1).incoming()}
    assert rows == {
        "Takes part in": (Value(Text("Två", "sv"), "../place/Q2.html"),),
        "← schema:itemOffered": (Value(Text("Två", "sv"), "../place/Q2.html"),),
    }


def test_sections(dataset: Dataset) -> None:
    """The terms of an ontology stand by themselves, each with its heading, definition and facts."""
    sections = {section.anchor: section for section in _view(dataset, NS).sections()}
    assert sections.keys() == {"partner", "twinnedWith", "unknown"}
    partner = sections["partner"]
    assert (partner.title, partner.paragraphs) == (Text("partner"), (Text("A partner."),))
    assert partner.types == (Text("Property that links things"),)
    assert partner.rows == ()
    assert list(_view(dataset, Q1).sections()) == []


def test_term_with_anchor(dataset: Dataset) -> None:
    """A term of the vocabulary is linked to at its anchor, under its label."""
    view = _view(dataset, Q1, "de")
    assert view.link(TT.partner) == Value(Text("Partner"), "../vocabulary/ns.html#partner")
    assert view.link(TT.twinnedWith).label == Text("vänort", "sv")


def test_names(dataset: Dataset) -> None:
    """What has no name is called by its local name, its class, or what it is known as."""
    view = _view(dataset, Q1)
    assert _view(dataset, Q3).title == Text("Q3")
    assert view.name(SCHEMA.City) == Text("Town")
    assert view.name(WD.Q9) == Text("Wikidata Q9")
    assert view.name(BlankNode("b")) == Text("")
    assert view.link(BlankNode("b")) == Value(Text(""))


def test_link_of(dataset: Dataset) -> None:
    """A link to a thing can be had without its whole description."""
    reader = Reader("en", ("en",), "index.html", "")
    assert View.link_of(dataset, Q1, reader, Vocabulary()) == Value(Text("One"), "place/Q1.html")


def test_pages_of_a_language(dataset: Dataset) -> None:
    """Links lead to pages of the reader's language."""
    reader = Reader("de", ("de",), "de/index.html", "de/")
    assert View.link_of(dataset, Q1, reader, Vocabulary()).href == "../de/place/Q1.html"


def test_names_are_forgotten_when_they_are_many(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few names are kept, they are the same on each page, and in each reader's language."""
    monkeypatch.setattr(views, "_REMEMBERED", 0)
    vocabulary = Vocabulary()
    for language, name in [("de", Text("Ein")), ("de", Text("Ein")), ("fi", Text("One", "en"))] * 2:
        reader = Reader(language, tuple(dict.fromkeys((language, "en"))), "place/Q1.html", "")
        assert View(dataset, describe(dataset, Q1), reader, vocabulary).title == name


def test_name_that_is_no_text_is_none(dataset: Dataset) -> None:
    """A thing whose name is stated to be another thing is called by its IRI."""
    odd = replace(dataset, asserted=frozenset([Triple(Q1, A, SCHEMA.City), Triple(Q1, SCHEMA.name, Q2)]))
    assert _view(odd, Q1).title == Text("Q1")


def test_vocabulary_labels(dataset: Dataset) -> None:
    """The labels of the coined terms are those of the ontology, by language."""
    terms = vocabulary_labels(dataset.graph).terms
    assert terms[TT.partner] == {"en": "partner", "de": "Partner"}
    assert TT.unknown not in terms


def test_own_name_first(dataset: Dataset) -> None:
    """Of names in many languages the reader's stands first; links stand in the order of their names."""
    for language, expected in {"en": ["One", "Ein"], "de": ["Ein", "One"]}.items():
        rows = _rows(list(_view(dataset, Q1, language).groups()))
        (names,) = (
            values for values in rows.values() if {one.label.text for one in values} == {"One", "Ein"}
        )
        assert [one.label.text for one in names] == expected
