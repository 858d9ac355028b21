"""How to reach the publisher: telephone, e-mail, opening hours, postal address, as far as they are stated.

What is stated of the publisher itself and of its contact points is taken together. Addresses become links
only where they are what they should be: RFC 6068 (https://www.rfc-editor.org/rfc/rfc6068) for e-mail, RFC
3966 (https://www.rfc-editor.org/rfc/rfc3966) for telephones.
"""

import re
from typing import Final, NamedTuple
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from twintowns.graph import Graph, Node
from twintowns.messages import territory_name
from twintowns.openinghours import lines_of
from twintowns.vocabulary import DCTERMS, SCHEMA

_EMAIL: Final = re.compile(r"(?:mailto:)?([\w.+-]+@[\w-]+(?:\.[\w-]+)+)", re.ASCII)
_TELEPHONE: Final = re.compile(r"(?:tel:)?(\+?[0-9][0-9 ()/.-]{2,30})")


class Contact(NamedTuple):
    """How somebody is reached.

    Attributes:
        telephones: Numbers as they are read, with where they lead.
        emails: Addresses.
        hours: When they are open, a line for the same hours.
        addresses: Postal addresses, each on one line.
    """

    telephones: tuple[tuple[str, str], ...]
    emails: tuple[str, ...]
    hours: tuple[str, ...]
    addresses: tuple[str, ...]


def contact(graph: Graph, catalogue: NamedNode, language: str) -> Contact:
    """Return how the publisher of a catalogue is reached, in words of a language."""
    nodes = _nodes(graph, catalogue)
    told = (text for node in nodes for text in _texts(graph, node, SCHEMA.telephone))
    parts = (part for node in nodes for part in _things(graph, node, SCHEMA.hoursAvailable))
    numbers = (match[1].strip() for text in told if (match := _TELEPHONE.fullmatch(text)))
    return Contact(
        tuple((number, link_of(SCHEMA.telephone, number)) for number in dict.fromkeys(numbers)),
        emails(graph, catalogue),
        lines_of(graph, parts, language),
        tuple(line for node in nodes for line in _addresses(graph, node, language)),
    )


def link_of(predicate: NamedNode, text: str) -> str:
    """Return where a telephone number or an e-mail address leads; nothing else leads anywhere.

    >>> link_of(SCHEMA.telephone, "+46 240 860 00")
    'tel:+4624086000'
    """
    if predicate == SCHEMA.telephone and (match := _TELEPHONE.fullmatch(text)):
        return f"tel:{re.sub('[^+0-9]', '', match[1])}"
    if predicate == SCHEMA.email and (match := _EMAIL.fullmatch(text)):
        return f"mailto:{match[1]}"
    return ""


def emails(graph: Graph, catalogue: NamedNode) -> tuple[str, ...]:
    """Return the e-mail addresses of the publisher of a catalogue; it is written to at the first."""
    told = (text for node in _nodes(graph, catalogue) for text in _texts(graph, node, SCHEMA.email))
    return tuple(dict.fromkeys(match[1] for text in told if (match := _EMAIL.fullmatch(text))))


def mailto(address: str, subject: str, body: str) -> str:
    """Return a link that begins a message.

    >>> mailto("info@example.org", "Ludvika?", "https://example.org/")
    'mailto:info@example.org?subject=Ludvika%3F&body=https%3A%2F%2Fexample.org%2F'
    """
    return f"mailto:{address}?subject={quote(subject, safe='')}&body={quote(body, safe='')}"


def _nodes(graph: Graph, catalogue: NamedNode) -> list[Node]:
    """Return the publishers and their contact points."""
    publishers = _things(graph, catalogue, DCTERMS.publisher)
    points = (point for one in publishers for point in _things(graph, one, SCHEMA.contactPoint))
    return [*publishers, *points]


def _addresses(graph: Graph, node: Node, language: str) -> list[str]:
    """Return the postal addresses, their parts in the order of most of Europe."""
    found = []
    for part in _things(graph, node, SCHEMA.address):
        town = [*_texts(graph, part, SCHEMA.postalCode), *_texts(graph, part, SCHEMA.addressLocality)]
        countries = _texts(graph, part, SCHEMA.addressCountry)
        told = [
            *_texts(graph, part, SCHEMA.streetAddress),
            " ".join(town),
            *(territory_name(code, language) for code in countries),
        ]
        found.append(", ".join(filter(None, told)))
    return list(filter(None, found))


def _things(graph: Graph, node: Node, predicate: NamedNode) -> list[NamedNode]:
    return [value for value in graph.values(node, predicate) if isinstance(value, NamedNode)]


def _texts(graph: Graph, node: Node, predicate: NamedNode) -> list[str]:
    return [value.value for value in graph.values(node, predicate) if isinstance(value, Literal)]
