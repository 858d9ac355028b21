"""What a client prefers, and what of it there is: content negotiation, proactive, by header fields.

A header that holds nothing that can be read counts as absent, and so does one of more than 4,096 characters
or 64 ranges, which no client has to say: what is computed and kept for a header stays small. Where a client
likes several offers equally, the order of the offers decides, which is the server's. The parser is
werkzeug's; what follows from the parsed ranges is told here. Sources:
https://www.rfc-editor.org/rfc/rfc9110#section-12, https://www.rfc-editor.org/rfc/rfc4647 (lookup of
languages) and https://www.w3.org/TR/dx-prof-conneg/ (profiles).
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final, TypeVar

from werkzeug.http import parse_accept_header, parse_options_header

MOST_CHARACTERS: Final = 4096
"""How long a header may be; a longer one counts as absent."""
MOST_RANGES: Final = 64
"""How many ranges a header may name, counted by its commas; one with more counts as absent."""

_REMEMBERED: Final = 512
"""How many headers are kept parsed, for there are few kinds of clients."""
_SHORT: Final = 512
"""How long a header may be that is kept parsed; those of browsers are shorter."""
_ALIASES: Final = {"x-gzip": "gzip"}
_IS_UTF8: Final = frozenset({"utf-8", "utf8"})

Parsed = TypeVar("Parsed")
Weights = dict[str, float]
"""The weight of each range that a header names, in lower case."""


def media_type(accept: str, offers: Sequence[str]) -> str | None:
    """Return the media type that a client prefers, or None where none is acceptable.

    A range with parameters other than the charset UTF-8, such as the profile of JSON-LD, names a form that
    no representation claims to have; it counts for its type where nothing else names that.

    Args:
        accept: The `Accept` header; empty where there is none.
        offers: The media types that there are, without parameters, best first.

    >>> media_type("text/turtle;q=0.9, */*;q=0.1", ("text/html", "text/turtle"))
    'text/turtle'
    >>> media_type("image/png", ("text/html",)) is None
    True
    """
    preferred = _preferred if len(accept) <= _SHORT else _preferred.__wrapped__
    return preferred(accept, tuple(offers))


@lru_cache(_REMEMBERED)
def _preferred(accept: str, offers: tuple[str, ...]) -> str | None:
    return _best(offers, lambda offer: media_type_weight(accept, offer))


def media_type_weight(accept: str, offer: str) -> float:
    """Return how much a client likes a media type, from 0 for not at all to 1.

    >>> media_type_weight("text/*;q=0.5, text/html;q=0", "text/html")
    0.0
    """
    exact, loose = _media_ranges(accept)
    if not exact and not loose:
        return 1.0
    for ranges, name in ((exact, offer), (loose, offer), (exact, f"{offer.partition('/')[0]}/*")):
        if name in ranges:
            return ranges[name]
    return exact.get("*/*", 0.0)


def names_media_type(accept: str, offer: str) -> float:
    """Return how much a client likes a media type that it names itself, and not by a wildcard.

    >>> names_media_type("text/html;q=0.5, */*", "text/html"), names_media_type("*/*", "text/html")
    (0.5, 0.0)
    """
    exact, loose = _media_ranges(accept)
    return exact.get(offer, loose.get(offer, 0.0))


def language(accept_language: str, offers: Sequence[str]) -> str:
    """Return the language that a client prefers, and the first of the offers where it likes none.

    Args:
        accept_language: The `Accept-Language` header; empty where there is none.
        offers: The languages that there are, as BCP 47 tags, the main one first.

    >>> language("sv-SE, en;q=0.8", ("en", "sv")), language("ja", ("en", "sv"))
    ('sv', 'en')
    """
    ranges = _weights(accept_language)
    return _best(offers, lambda offer: _language_weight(ranges, offer.lower())) or offers[0]


def encoding(accept_encoding: str, offers: Sequence[str]) -> str:
    """Return the content coding that a client prefers; empty for none at all.

    A client that states no weight for the uncompressed form gets it only where it likes no coding.

    Args:
        accept_encoding: The `Accept-Encoding` header; empty where there is none.
        offers: The codings that there are, best first.

    >>> encoding("gzip, deflate, br", ("br", "gzip")), encoding("identity", ("br", "gzip"))
    ('br', '')
    """
    ranges = _weights(accept_encoding)
    if not ranges:
        return ""
    anything = ranges.get("*", 0)
    chosen = _best(offers, lambda offer: ranges.get(offer, anything)) or ""
    return chosen if ranges.get(chosen, anything) >= ranges.get("identity", 0) else ""


def profiles(accept_profile: str) -> tuple[str, ...]:
    """Return the profiles that a client accepts, as it names them, the best liked first.

    >>> profiles('<http://data.europa.eu/r5r/>;q=0.5, <https://schema.org/>')
    ('https://schema.org/', 'http://data.europa.eu/r5r/')
    """
    named = {name.strip('<>"'): weight for name, weight in _parsed(accept_profile) if weight > 0}
    return tuple(sorted(named, key=lambda name: -named[name]))


def content_type(header: str) -> tuple[str, str]:
    """Return the media type that a `Content-Type` header names, and its charset; empty where it names none.

    >>> content_type('Text/Plain; charset="UTF-8"')
    ('text/plain', 'UTF-8')
    """
    name, options = parse_options_header(header)
    return name.strip().lower(), options.get("charset", "")


def _best(offers: Sequence[str], weight: Callable[[str], float]) -> str | None:
    best = max(offers, key=weight, default=None)
    return best if best is not None and weight(best) > 0 else None


def _language_weight(ranges: Weights, offer: str) -> float:
    """Return the weight of a language: its own, that of one of its regions, of its kin, of anything."""
    if not ranges:
        return 1
    if offer in ranges:
        return ranges[offer]
    regions = [weight for name, weight in ranges.items() if name.startswith(f"{offer}-") and weight > 0]
    wider = [weight for name, weight in ranges.items() if offer.startswith(f"{name}-")]
    return max(regions, default=max(wider, default=ranges.get("*", 0)))


def _kept(parse: Callable[[str], Parsed]) -> Callable[[str], Parsed]:
    """Return a function that keeps what it has parsed, of short headers only."""
    short = lru_cache(_REMEMBERED)(parse)
    return lambda header: short(header) if len(header) <= _SHORT else parse(header)


@_kept
def _media_ranges(accept: str) -> tuple[Weights, Weights]:
    """Return the weights of the media ranges without parameters, and of those with some."""
    exact: Weights = {}
    loose: Weights = {}
    for item, weight in _parsed(accept):
        name, options = parse_options_header(item)
        name = "*/*" if name == "*" else name.strip().lower()
        kind, _, subtype = name.partition("/")
        if kind and subtype and "/" not in subtype and (kind != "*" or subtype == "*"):
            is_plain = options.get("charset", "utf-8").lower() in _IS_UTF8 and options.keys() <= {"charset"}
            ranges = exact if is_plain else loose
            ranges[name] = max(float(weight), ranges.get(name, 0.0))
    return exact, loose


@_kept
def _weights(header: str) -> Weights:
    """Return the weight of each value of a header; the highest where one is named again."""
    ranges: Weights = {}
    for item, weight in _parsed(header):
        name = item.strip().lower()
        if name:
            name = _ALIASES.get(name, name)
            ranges[name] = max(float(weight), ranges.get(name, 0.0))
    return ranges


def _parsed(header: str) -> list[tuple[str, float]]:
    if len(header) > MOST_CHARACTERS or sum(map(bool, map(str.strip, header.split(",")))) > MOST_RANGES:
        return []
    return list(parse_accept_header(header))
