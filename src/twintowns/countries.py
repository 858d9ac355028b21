"""In which country a place lies, its code, and its flag as text.

A flag is the two regional indicators of the country's code
(https://www.unicode.org/reports/tr51/#Flags); where a reader's system has no picture for them, it shows the
letters of the code.
"""

import re
from typing import Final

from pyoxigraph import Literal, NamedNode

from twintowns.graph import Graph, Node
from twintowns.vocabulary import SCHEMA, A

_CODE: Final = re.compile(r"[A-Z]{2}")
_CODES: Final = "ISO 3166-1 alpha-2"
_HIGHEST: Final = 32
"""How many areas a search upwards goes through at most."""
_INDICATOR_A: Final = 0x1F1E6


def areas_of(graph: Graph, place: Node) -> list[NamedNode]:
    """Return a place and the areas that it lies in, from the smallest upwards."""
    found = dict.fromkeys([place])
    for node in (waiting := [place]):
        within = graph.values(node, SCHEMA.containedInPlace)
        new = [one for one in within if isinstance(one, NamedNode) and one not in found]
        found.update(dict.fromkeys(new))
        waiting.extend(new[: _HIGHEST - len(found)] if len(found) < _HIGHEST else [])
    return [node for node in found if isinstance(node, NamedNode)]


def country_of(graph: Graph, place: Node) -> NamedNode | None:
    """Return the topmost country in which a place lies, itself if it is one."""
    countries = [area for area in areas_of(graph, place) if SCHEMA.Country in graph.values(area, A)]
    return countries[-1] if countries else None


def code_of(graph: Graph, country: NamedNode) -> str:
    """Return the code of a country in ISO 3166-1, or nothing where it is not stated."""
    for part in graph.values(country, SCHEMA.identifier):
        if not isinstance(part, Literal) and Literal(_CODES) in graph.values(part, SCHEMA.propertyID):
            for code in graph.values(part, SCHEMA.value):
                if isinstance(code, Literal) and _CODE.fullmatch(code.value):
                    return code.value
    return ""


def flag_of(code: str) -> str:
    """Return the flag of a country as text.

    >>> flag_of("SE") == "\N{REGIONAL INDICATOR SYMBOL LETTER S}\N{REGIONAL INDICATOR SYMBOL LETTER E}"
    True
    """
    return "".join(chr(_INDICATOR_A + ord(letter) - ord("A")) for letter in code)
