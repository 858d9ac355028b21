"""The landing page of the first publication, and of one that is large, poor or nobody's."""

from xml.etree.ElementTree import Element

import html5lib
import pytest
from pyoxigraph import Literal, NamedNode, Triple

from twintowns.catalogue import Publication
from twintowns.dataset import Dataset
from twintowns.frame import Frame
from twintowns.iris import Names
from twintowns.kinds import kind_of
from twintowns.landing import CARDS, Card, Landing
from twintowns.lists import Lists
from twintowns.printing import read_sources
from twintowns.project import Project
from twintowns.vocabulary import DCAT, DCTERMS, KIND, SCHEMA, SH, STATUS, TT, XSD, A

NAMES = Names("https://example.org/town/")
DASH = "\N{EN DASH}"
PUBLICATION = Publication(NAMES, ("en", "sv"))


def _ours(name: str) -> NamedNode:
    return NamedNode(f"{NAMES.space}{name}")


HOME, COUNTRY, GUILD = _ours("place/Q1"), _ours("place/Q9"), _ours("organization/guild")


def _twinning(number: int, *partners: NamedNode) -> list[Triple]:
    node = _ours(f"twinning/T{number:04}")
    return [Triple(node, A, TT.Twinning), *(Triple(node, TT.partner, partner) for partner in partners)]


def _place(place: NamedNode, name: str) -> list[Triple]:
    return [Triple(place, A, SCHEMA.City), Triple(place, SCHEMA.name, Literal(name, language="en"))]


BASIS = [
    Triple(NAMES.catalogue, A, DCAT.Catalog),
    Triple(NAMES.catalogue, DCTERMS.publisher, GUILD),
    Triple(GUILD, A, SCHEMA.Organization),
    Triple(GUILD, SCHEMA.areaServed, HOME),
    *_place(HOME, "Home"),
    Triple(HOME, SCHEMA.containedInPlace, COUNTRY),
    Triple(COUNTRY, A, SCHEMA.Country),
    Triple(COUNTRY, SCHEMA.name, Literal("Land", language="en")),
]


def _frame(*triples: Triple) -> Frame:
    return Frame(Dataset(NAMES, frozenset(triples), *(frozenset[Triple](),) * 3, {}), PUBLICATION)


def _cards(*triples: Triple) -> list[Card]:
    frame = _frame(*triples)
    cards = Landing(frame).shown(frame.reader("en", "index"))["cards"]
    assert isinstance(cards, list)
    return cards


def _names(card: Card) -> list[str]:
    return [one.name.text for one in card.partners]


@pytest.fixture(scope="module")
def front(site: object) -> Element:
    """Return the landing page of the first publication in English."""
    page = (site / "en/index.html").read_bytes()  # type: ignore[operator]
    root: Element = html5lib.parse(page, namespaceHTMLElements=False)
    return root


def _texts(root: Element, path: str) -> list[str]:
    return [" ".join("".join(one.itertext()).split()) for one in root.findall(path)]


def test_first_publication(front: Element) -> None:
    """Each twin town has its card: name, flag and country, kind, since when, fields."""
    assert _texts(front, ".//li[@class='card']/h3") == ["Bad Honnef", "Imatra", "Viljandi County"]
    assert _texts(front, ".//p[@class='where']") == ["Germany", "Finland", "Estonia"]
    assert {
        one.get("aria-hidden") for one in front.findall(".//{http://www.w3.org/2000/svg}svg[@class='flag']")
    } == {"true"}
    assert _texts(front, ".//p[@class='since']") == ["since 2000"] + ["start not known"] * 2
    assert _texts(front, ".//ul[@class='tags']/li")[0] == "art"


def test_numbers(site: object) -> None:
    """Of each kind of thing the number stands before a word in the form that a number asks for."""
    told = {}
    for language in ("en", "fi"):
        page = (site / language / "index.html").read_bytes()  # type: ignore[operator]
        root: Element = html5lib.parse(page, namespaceHTMLElements=False)
        told[language] = _texts(root, ".//ul[@class='numbers']/li")
    assert told["en"][:2] == ["3 twinnings", "25 places"]
    assert told["fi"][:2] == ["3 ystävyyssuhdetta", "25 paikkaa"]


def test_one_click_away(front: Element) -> None:
    """Download, query, citing, harvesting, the publisher with telephone and e-mail are one click away."""
    ids = {one.get("id") for one in front.iter()}
    leads = [a.attrib["href"] for a in front.findall(".//ul[@class='actions']//a")]
    assert leads == ["#download", "../en/sparql/index.html", "#cite", "#harvest", "#contact"]
    assert {lead.removeprefix("#") for lead in leads if lead.startswith("#")} <= ids
    contact = next(one for one in front.iter("section") if one.get("id") == "contact")
    hrefs = [a.attrib["href"] for a in contact.iter("a")]
    assert {"tel:+4624086000", "mailto:info@ludvika.se"} <= set(hrefs)
    (report,) = (href for href in hrefs if "subject=" in href)
    assert report.endswith("body=https%3A%2F%2Fw3id.org%2Ftwintowns%2Fludvika%2F%0A%0A")
    assert "07:30\N{EN DASH}12:00, 13:00\N{EN DASH}16:15 (days not stated)" in _texts(contact, ".//dd")
    assert _texts(front, ".//time")[-1:] == ["23 November 2026"]


def test_own_side_is_not_named() -> None:
    """A card names the others; one of which the publisher's place is no partner names all of them."""
    other, third = _ours("place/Q2"), _ours("place/Q3")
    places = [*_place(other, "Other"), *_place(third, "Third")]
    cards = _cards(*BASIS, *places, *_twinning(1, HOME, other), *_twinning(2, other, third))
    assert [_names(card) for card in cards] == [["Other"], ["Other", "Third"]]


def test_own_area_is_own_side() -> None:
    """A twinning of the area that the publisher's place lies in is with the other area."""
    other = _ours("place/Q2")
    (card,) = _cards(*BASIS, *_place(other, "Other"), *_twinning(1, COUNTRY, other))
    assert _names(card) == ["Other"]


def test_card() -> None:
    """A card tells when a twinning began and ended, its kind, and its status where that is not active."""
    node = _ours("twinning/T0001")
    told = [
        Triple(node, SCHEMA.startDate, Literal("2000-05", datatype=XSD.gYearMonth)),
        Triple(node, SCHEMA.endDate, Literal("2010", datatype=XSD.gYear)),
        Triple(node, TT.kind, KIND.twinning),
        Triple(node, TT.status, STATUS.ended),
    ]
    (card,) = _cards(*BASIS, *_twinning(1, HOME, _ours("place/Q2")), *told)
    assert card.since == ("2000-05", "May 2000")
    assert card.until == ("2010", "2010")
    assert [one.label.text for one in (*card.kind, *card.status)] == ["twinning", "ended"]
    assert card.partners[0].country is None


def test_partner_without_description() -> None:
    """A partner of which nothing is stated is called by the end of its IRI."""
    (card,) = _cards(*BASIS, *_twinning(1, HOME, _ours("place/Q77")))
    assert _names(card) == ["Q77"]
    assert card.partners[0].flag == ""


def test_many() -> None:
    """Of very many twinnings the landing page shows the publisher's own first, and no more than it can."""
    others = [_ours(f"place/Q{number}") for number in range(100, 200)]
    many = [t for n, one in enumerate(others) for t in _twinning(n, one, COUNTRY)]
    cards = _cards(*BASIS, *many, *_twinning(9999, HOME, others[0]))
    assert len(cards) == CARDS
    assert [_names(card) for card in cards[:2]] == [["Q100"], ["Q100"]]
    assert cards[0].href == "twinning/T9999.html"


def test_nobody() -> None:
    """A publication without publisher, twinnings and dates has a landing page all the same."""
    frame = _frame(Triple(NAMES.catalogue, A, DCAT.Catalog))
    shown = Landing(frame).shown(frame.reader("en", "index"))
    assert shown["cards"] == shown["stories"] == []
    assert (shown["totals"], shown["changed"]) == ({}, ())


def test_publisher_that_is_no_name() -> None:
    """A publisher that is told as a text has no place of its own."""
    frame = _frame(
        Triple(NAMES.catalogue, A, DCAT.Catalog), Triple(NAMES.catalogue, DCTERMS.publisher, Literal("Guild"))
    )
    assert Landing(frame).shown(frame.reader("en", "index"))["cards"] == []


def test_lists(repository: object) -> None:
    """A list names each thing once, in the order of the language, with what tells it from others."""
    sources = read_sources(Project(repository))  # type: ignore[arg-type]
    pages = Lists(Frame(sources.dataset(), sources.publication)).pages()
    lists = {path: make() for path, make in pages if make}
    swedish: Element = html5lib.parse(lists["places/index.html"], namespaceHTMLElements=False)
    told = _texts(swedish, ".//ul[@class='entries']/li")
    assert len(told) == 25
    assert told[-1] == "Älvdalens kommun Sverige"
    assert "Sverige" in told
    english: Element = html5lib.parse(lists["en/twinnings/index.html"], namespaceHTMLElements=False)
    assert _texts(english, ".//ul[@class='entries']/li") == [
        f"Bad Honnef {DASH} Ludvika Municipality since 2000",
        f"Dalarna County {DASH} Viljandi County",
        f"Imatra {DASH} Ludvika Municipality",
    ]


def test_kind() -> None:
    """A thing stands in the list of its kind, and what has none in no list."""
    dataset = _frame(*BASIS).dataset
    assert [kind_of(dataset, one) for one in (HOME, GUILD, NAMES.catalogue)] == [
        "Places",
        "Organizations",
        "",
    ]


def test_kind_is_the_class() -> None:
    """What only tells of a class, such as a shape, is no member of it."""
    shape = NamedNode("https://w3id.org/twintowns/shape/Twinning")
    dataset = _frame(
        *BASIS, Triple(shape, A, SH.NodeShape), Triple(shape, SH.targetClass, TT.Twinning)
    ).dataset
    assert kind_of(dataset, shape) == ""
