"""How the publisher is reached, of what is stated of it and its contact points."""

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from twintowns.contact import contact, emails, link_of, mailto
from twintowns.graph import Graph, Term
from twintowns.vocabulary import DCTERMS, SCHEMA, XSD

SPACE = "https://example.org/town/"
CATALOGUE = NamedNode(f"{SPACE}catalogue")
PUBLISHER = NamedNode(f"{SPACE}organization/guild")
POINT = NamedNode(f"{SPACE}contact-point/guild")
LINKED = (
    Triple(CATALOGUE, DCTERMS.publisher, PUBLISHER),
    Triple(PUBLISHER, SCHEMA.contactPoint, POINT),
)


def _graph(*stated: tuple[NamedNode, NamedNode, Term]) -> Graph:
    return Graph((*LINKED, *(Triple(*one) for one in stated)))


def _hours(name: str, opens: str, closes: str, *days: str) -> list[tuple[NamedNode, NamedNode, Term]]:
    part = NamedNode(f"{POINT.value}#{name}")
    return [
        (POINT, SCHEMA.hoursAvailable, part),
        (part, SCHEMA.opens, Literal(opens, datatype=XSD.time)),
        (part, SCHEMA.closes, Literal(closes, datatype=XSD.time)),
        *((part, SCHEMA.dayOfWeek, SCHEMA[day]) for day in days),
    ]


def test_telephone_and_email() -> None:
    """Numbers and addresses of the publisher and of its contact point are told once each, as links."""
    graph = _graph(
        (PUBLISHER, SCHEMA.email, Literal("guild@example.org")),
        (POINT, SCHEMA.email, Literal("mailto:guild@example.org")),
        (POINT, SCHEMA.telephone, Literal("+46 240 860 00")),
    )
    told = contact(graph, CATALOGUE, "en")
    assert told.emails == ("guild@example.org",)
    assert told.telephones == (("+46 240 860 00", "tel:+4624086000"),)


@pytest.mark.parametrize(
    "text",
    ["", "guild", "a@b", "a@b.org?bcc=c@d.org", "a@b.org\nBcc: c@d.org", '"a b"@c.org', "javascript:x@y.org"],
)
def test_no_email(text: str) -> None:
    """What is no address of e-mail, or carries more than one, begins no message."""
    assert emails(_graph((POINT, SCHEMA.email, Literal(text))), CATALOGUE) == ()


@pytest.mark.parametrize("text", ["", "javascript:alert(1)", "+46 240 860 00;ext=1", "none"])
def test_no_telephone(text: str) -> None:
    """What is no number is no link."""
    assert contact(_graph((POINT, SCHEMA.telephone, Literal(text))), CATALOGUE, "en").telephones == ()


def test_hours() -> None:
    """Hours of the same days stand on one line, the days in the reader's language and in their order."""
    graph = _graph(
        *_hours("late", "13:00:00", "16:15:00", "Tuesday", "Monday"),
        *_hours("early", "07:30:00", "12:00:00", "Monday", "Tuesday"),
        *_hours("saturday", "10:00:00", "12:00:00", "Saturday"),
        (POINT, SCHEMA.hoursAvailable, NamedNode(f"{POINT.value}#never")),
    )
    assert contact(graph, CATALOGUE, "de").hours == (
        "Montag, Dienstag: 07:30\N{EN DASH}12:00, 13:00\N{EN DASH}16:15",
        "Samstag: 10:00\N{EN DASH}12:00",
    )


@pytest.mark.parametrize(
    ("language", "days", "told"),
    [
        (
            "en",
            "Monday Tuesday Wednesday Thursday Friday",
            "Monday\u2009\N{EN DASH}\u2009Friday",
        ),
        (
            "sv",
            "Friday Monday Tuesday Wednesday Thursday",
            "måndag\u2009\N{EN DASH}\u2009fredag",
        ),
        ("fi", "Monday Tuesday Wednesday Saturday", "maanantai\N{EN DASH}keskiviikko, lauantai"),
        (
            "de",
            "Monday Friday Saturday Sunday",
            "Montag, Freitag\u2009\N{EN DASH}\u2009Sonntag",
        ),
        ("et", "Saturday Sunday", "laupäev, pühapäev"),
    ],
)
def test_hours_of_several_days(language: str, days: str, told: str) -> None:
    """Three days after one another, or more, are told by the first and the last, as the language has it."""
    graph = _graph(*_hours("x", "08:00:00", "16:00:00", *days.split()))
    times = "8.00\N{EN DASH}16.00" if language == "fi" else "08:00\N{EN DASH}16:00"
    assert contact(graph, CATALOGUE, language).hours == (f"{told}: {times}",)


def test_hours_begin_with_the_earliest() -> None:
    """Where hours are written without a zero ahead, as in Finnish, the earliest still come first."""
    graph = _graph(
        *_hours("late", "13:00:00", "16:15:00", "Monday"), *_hours("early", "07:30:00", "12:00:00", "Monday")
    )
    assert contact(graph, CATALOGUE, "fi").hours == (
        "maanantai: 7.30\N{EN DASH}12.00, 13.00\N{EN DASH}16.15",
    )


def test_hours_of_any_day() -> None:
    """Of hours without a day it is told that the day is not stated."""
    assert contact(_graph(*_hours("x", "07:30:00", "12:00:00")), CATALOGUE, "sv").hours == (
        "07:30\N{EN DASH}12:00 (dagar inte angivna)",
    )


def test_address() -> None:
    """A postal address has its parts in order, the country in the reader's language."""
    part = NamedNode(f"{PUBLISHER.value}#address")
    graph = _graph(
        (PUBLISHER, SCHEMA.address, part),
        (part, SCHEMA.addressCountry, Literal("SE")),
        (part, SCHEMA.addressLocality, Literal("Ludvika")),
        (part, SCHEMA.postalCode, Literal("771 82")),
        (part, SCHEMA.streetAddress, Literal("Dan Anderssons gata 1")),
    )
    told = contact(graph, CATALOGUE, "de").addresses
    assert told == ("Dan Anderssons gata 1, 771 82 Ludvika, Schweden",)
    bare = _graph((PUBLISHER, SCHEMA.address, part))
    assert contact(bare, CATALOGUE, "de").addresses == ()


def test_nobody() -> None:
    """Where no publisher is stated, there is nobody to reach."""
    assert contact(Graph([]), CATALOGUE, "en") == ((), (), (), ())


def test_message() -> None:
    """What a message begins with cannot end its own part of the link."""
    assert mailto("a@b.org", "a&b?c", "d\ne") == "mailto:a@b.org?subject=a%26b%3Fc&body=d%0Ae"


def test_links() -> None:
    """A number and an address lead where they should; what is none of them, and other texts, nowhere."""
    assert link_of(SCHEMA.telephone, "+46 240 860 00") == "tel:+4624086000"
    assert link_of(SCHEMA.email, "info@ludvika.se") == "mailto:info@ludvika.se"
    assert link_of(SCHEMA.email, "info@ludvika.se?bcc=x@y.org") == ""
    assert link_of(SCHEMA.telephone, "javascript:alert(1)") == ""
    assert link_of(SCHEMA.jobTitle, "info@ludvika.se") == ""
