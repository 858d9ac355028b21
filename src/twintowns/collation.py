"""In which order names stand in a list: as readers of a language look for them.

The letters that a language counts as its own stand where its alphabet has them, and all others beside the
letter that they are made of; so a list is found through without the tables of the Unicode Collation Algorithm
(https://www.unicode.org/reports/tr10/). The alphabets are those of CLDR (https://cldr.unicode.org/).
"""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final

from twintowns.folding import APART, LETTERS

_NORDIC: Final = {"z": "åäö"}
_DANISH: Final = {"z": "æøå"}
_ALPHABETS: Final = {
    "cs": {"c": "č", "r": "ř", "s": "š", "z": "ž"},
    "da": _DANISH,
    "es": {"n": "ñ"},
    "et": {"s": "šzž", "w": "õäöü"},
    "fi": _NORDIC,
    "hr": {"c": "čć", "d": "đ", "s": "š", "z": "ž"},
    "is": {"d": "ð", "z": "þæö"},
    "lt": {"c": "č", "s": "š", "z": "ž"},
    "lv": {"c": "č", "g": "ģ", "k": "ķ", "l": "ļ", "n": "ņ", "s": "š", "z": "ž"},
    "nb": _DANISH,
    "nn": _DANISH,
    "pl": {"a": "ą", "c": "ć", "e": "ę", "l": "ł", "n": "ń", "o": "ó", "s": "ś", "z": "źż"},
    "sl": {"c": "č", "s": "š", "z": "ž"},
    "sv": _NORDIC,
}
"""Letters of their own, by the letter of the common alphabet behind which they stand."""
_LIKE_NORDIC: Final = {"æ": "ä", "ø": "ö", "ü": "y"}
_LIKE_DANISH: Final = {"ä": "æ", "ö": "ø", "ü": "y"}
_ALIKE: Final = {
    "da": _LIKE_DANISH,
    "fi": _LIKE_NORDIC,
    "nb": _LIKE_DANISH,
    "nn": _LIKE_DANISH,
    "sv": _LIKE_NORDIC,
}
"""Foreign letters that stand beside one of the language's own."""
_BEHIND: Final = 0xE000
"""What tells the own letters behind a common one apart: the private use area, behind all other letters."""
_ASCII: Final = 128
_BLANK: Final = re.compile(APART)

MOST_CHARACTERS: Final = 200
"""How much of a text is put in order: to do that with its marks takes the square of their number."""


@cache
def _own(language: str) -> dict[str, str]:
    """Return what the own letters of a language are sorted by."""
    told = _ALPHABETS.get(language, {})
    found = {
        letter: f"{before}{chr(_BEHIND + place)}"
        for before, letters in told.items()
        for place, letter in enumerate(letters)
    }
    return found | {letter: found.get(own, own) for letter, own in _ALIKE.get(language, {}).items()}


@lru_cache(2**12)
def _placed(letter: str, language: str) -> str:
    """Return what one letter, in lower case, is sorted by."""
    if own := _own(language).get(letter):
        return own
    parts = unicodedata.normalize("NFKD", LETTERS.get(letter, letter))
    return "".join(LETTERS.get(part, part) for part in parts if not unicodedata.combining(part))


@cache
def _placed_common(language: str) -> dict[int, str]:
    """Return what the letters of ASCII are sorted by, in lower case."""
    return {number: _placed(chr(number), language) for number in range(_ASCII)}


def letters_of(text: str, language: str) -> str:
    """Return what the letters of a text are sorted by; what stands between words counts as a blank.

    >>> letters_of("(Saint-Étienne)", "en")
    'saint etienne '
    """
    plain, spoken = text[:MOST_CHARACTERS].lower(), language.partition("-")[0]
    if plain.isascii():
        return _BLANK.sub(" ", plain.translate(_placed_common(spoken))).lstrip()
    plain = unicodedata.normalize("NFC", plain)
    return _BLANK.sub(" ", "".join([_placed(letter, spoken) for letter in plain])).lstrip()


def initial(key: str, language: str) -> str:
    """Return the letter under which a text stands in an index, of what `letters_of` returned for it.

    >>> initial(letters_of("Åmål", "sv"), "sv"), initial(letters_of("Åmål", "de"), "de")
    ('Å', 'A')
    """
    own = {place: letter for letter, place in reversed(_own(language.partition("-")[0]).items())}
    return (own.get(key[:2], key[:1]) if len(key) > 1 else key).upper()


def sort_key(text: str, language: str) -> tuple[str, str]:
    """Return what a text is sorted by.

    >>> sorted(["Ö", "Z", "Ä", "Å", "a"], key=lambda text: sort_key(text, "sv"))
    ['a', 'Z', 'Å', 'Ä', 'Ö']
    >>> sorted(["Zürich", "Öhringen", "Oldenburg"], key=lambda text: sort_key(text, "de"))
    ['Öhringen', 'Oldenburg', 'Zürich']
    """
    return letters_of(text, language), text
