"""What the name of a place says besides its name: what kind of place it is, where it lies, which of several.

"Tartu linn (EE)" is a town called Tartu in Estonia, "Ludvika kommun" a municipality, "Viljandi maakond" a
county: in Wikidata these are items of their own in some countries and the same item in others. So the kind
is never thrown away, but told apart from the name.
"""

import re
from enum import Enum
from functools import lru_cache
from typing import Final, NamedTuple

from twintowns.foldednames import MOST_CHARACTERS, Keys, folded, keys_of
from twintowns.territories import is_state, territories_beside


class Kind(Enum):
    """What kind of place a name tells of; PERHAPS where the word may mean more, or be a part of the name."""

    NONE = "none"
    TOWN = "town"
    PERHAPS = "perhaps"
    MUNICIPALITY = "municipality"
    REGION = "region"


class Spoken(NamedTuple):
    """A name, taken apart.

    Attributes:
        whole: The keys of all of it, but for the country.
        bare: The keys of the name alone.
        kind: What kind of place it tells of.
        territories: The countries that it may lie in by what it says; none where it does not say.
        beside: What it says to tell it from others of the name, and is no country.
    """

    whole: Keys
    bare: Keys
    kind: Kind
    territories: frozenset[str]
    beside: tuple[str, ...]


_BEFORE: Final = {
    Kind.TOWN: "stadt; staden; hansestadt; landeshauptstadt; kreisstadt; stadtgemeinde; city of; town of; "
    "ville de; municipio de; ayuntamiento de; comune di",
    Kind.MUNICIPALITY: "gemeinde; samtgemeinde; verbandsgemeinde; gemeente; gmina; obec; municipality of; "
    "commune de",
    Kind.REGION: "landkreis; kreis; bezirk; provinz; powiat; okres; region; county of; province of; "
    "district of; provincia de; provincia di",
}
_BEHIND: Final = {
    Kind.TOWN: "kaupunki; tätort; taajama",
    Kind.PERHAPS: "city; town; stad; linn",
    Kind.MUNICIPALITY: "kommun; kommune; kunta; vald; municipality; parish",
    Kind.REGION: "län; landskap; county; maakond; maakunta; lääni; fylke; province; region; district; "
    "oblast; "
    "prefecture; raion; rayon; state; department; voivodeship; kraj; metropolitan area; urban area",
}


def _kinds(words: dict[Kind, str]) -> dict[str, Kind]:
    return {word: kind for kind, told in words.items() for word in map(folded, told.split("; "))}


_KIND_BEFORE: Final = _kinds(_BEFORE)
_KIND_BEHIND: Final = _kinds(_BEHIND)
_KIND_BESIDE: Final = {
    **_kinds({Kind.TOWN: "city; town; stadt; stad; ville; ort; locality"}),
    **_kinds({Kind.MUNICIPALITY: "gemeinde; kommun; kommune; municipality; gmina; commune; comune"}),
    **_kinds({Kind.REGION: "provinz; province; kreis; landkreis; region; county; provincia; oblast"}),
    **_kinds({Kind.TOWN: "kaupunki; linn; tätort", Kind.MUNICIPALITY: "kunta; vald"}),
    **_kinds({Kind.REGION: "län; maakond; maakunta; bezirk; district; departamento; prefecture"}),
}
_LONGEST: Final = max(len(word.split()) for word in (*_KIND_BEFORE, *_KIND_BEHIND))
_SPOKEN_IN: Final = {
    "kommun": {"SE", "FI"},
    "lan": {"SE"},
    "kommune": {"DK", "NO", "DE", "GL", "FO"},
    "kunta": {"FI"},
    "kaupunki": {"FI"},
    "maakunta": {"FI"},
    "linn": {"EE"},
    "vald": {"EE"},
    "maakond": {"EE"},
    "gmina": {"PL"},
    "powiat": {"PL"},
    "gemeente": {"NL", "BE"},
    "landkreis": {"DE"},
}
"""The countries in whose languages a word for a kind of place stands in the names of places."""
_GENITIVE: Final = {
    "kommun": "s",
    "lan": "s",
    "stad": "s",
    "kaupunki": "n",
    "kunta": "n",
    "maakunta": "n",
    "linn": "i",
}
"""The ending that a name may have before the word, and not by itself."""
_BESIDE: Final = re.compile(r"\s*\(([^()]*)\)\s*$|\s*[,;/|]\s*([^,;/|()]+)$|\s+[–—-]\s+([^,;/|()–—]+)$")
_NOTE: Final = re.compile(r"\s*(\[[^\]]*\]|[*†‡¹²³⁴⁵]+)\s*$")
_MOST_BESIDE: Final = 3


@lru_cache(1 << 16)
def spoken(name: str) -> tuple[Spoken, ...]:
    """Return the ways in which a name can be understood, the likeliest first.

    >>> one, = spoken("Tartu (EE)")
    >>> one.bare.exact, sorted(one.territories), one.kind
    ('tartu', ['EE'], <Kind.NONE: 'none'>)
    >>> [(one.bare.folded, one.kind.value) for one in spoken("Orsa kommun")]
    [('orsa', 'municipality')]
    >>> [one.bare.exact for one in spoken("Vansbros kommun")]
    ['vansbros', 'vansbro']
    """
    told = _without_notes(name[:MOST_CHARACTERS].strip())
    rest, territories, beside, told_kind = _apart(told)
    kind, bare, word = (told_kind, rest, "") if told_kind != Kind.NONE else _kind_apart(rest)
    found = territories or frozenset(_SPOKEN_IN.get(word, ()))
    whole = keys_of(rest if not beside else f"{rest} {' '.join(beside)}")
    forms = [bare]
    ending = _GENITIVE.get(word, "")
    if ending and folded(bare).endswith(ending) and len(bare) > len(ending) + 2:
        forms.append(bare[: -len(ending)])
    return tuple(Spoken(whole, keys_of(form), kind, found, beside) for form in forms)


def plain_name(name: str) -> str:
    """Return a name without marks of footnotes and without the country after it.

    >>> plain_name("Tartu (EE)"), plain_name("Niles, Illinois")
    ('Tartu', 'Niles, Illinois')
    """
    told = _without_notes(name[:MOST_CHARACTERS].strip())
    rest, _, beside, kind = _apart(told)
    return told if beside or kind != Kind.NONE else rest


def _without_notes(name: str) -> str:
    """Leave out marks of footnotes, where more is left of a name than those."""
    shorter = _NOTE.sub("", name)
    return name if shorter in {name, ""} else _without_notes(shorter)


def _apart(name: str) -> tuple[str, frozenset[str], tuple[str, ...], Kind]:
    """Take what follows a name away from it: its country, its kind, and what tells it from others."""
    territories: frozenset[str] = frozenset()
    beside: list[str] = []
    kind = Kind.NONE
    for _ in range(_MOST_BESIDE):
        found = _BESIDE.search(name)
        if not found or not folded(name[: found.start()]):
            break
        part = next(text for text in found.groups() if text is not None).strip()
        name = name[: found.start()].strip()
        if folded(part) in _KIND_BESIDE:
            kind = _KIND_BESIDE[folded(part)]
            continue
        meant = territories_beside(part)
        territories = territories & meant or territories | meant
        if part and (not meant or is_state(part)):
            beside.insert(0, part)
    return name, territories, tuple(beside), kind


def _kind_apart(name: str) -> tuple[Kind, str, str]:
    """Take the word for the kind of place away from a name, before it or behind it."""
    parts = name.split()
    for count in range(min(_LONGEST, len(parts) - 1), 0, -1):
        behind, before = folded(" ".join(parts[-count:])), folded(" ".join(parts[:count]))
        if behind in _KIND_BEHIND:
            return _KIND_BEHIND[behind], " ".join(parts[:-count]), behind
        if before in _KIND_BEFORE:
            return _KIND_BEFORE[before], " ".join(parts[count:]), before
    return Kind.NONE, name, ""
