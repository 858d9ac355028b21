"""In which order names stand in a list: as readers of a language look for them.

The letters that a language puts behind `z` stand there, and all others beside the letter that they are
made of; so a list is found through without the tables of the Unicode Collation Algorithm
(https://www.unicode.org/reports/tr10/).
"""

import unicodedata
from functools import cache
from typing import Final

_BEHIND: Final = {"sv": "åäö", "fi": "åäö", "et": "õäöü", "da": "æøå", "nb": "æøå", "nn": "æøå"}
"""The letters behind `z`, of which there are no more than characters between that and the next script."""


MOST_CHARACTERS: Final = 200
"""How much of a text is put in order: to do that with its marks takes the square of their number."""


@cache
def _table(language: str) -> dict[int, str]:
    behind = _BEHIND.get(language.partition("-")[0], "")
    return {ord(letter): chr(ord("z") + place) for place, letter in enumerate(behind, 1)}


def sort_key(text: str, language: str) -> tuple[str, str]:
    """Return what a text is sorted by.

    >>> sorted(["Ö", "Z", "Ä", "Å", "a"], key=lambda text: sort_key(text, "sv"))
    ['a', 'Z', 'Å', 'Ä', 'Ö']
    >>> sorted(["Zürich", "Öhringen", "Oldenburg"], key=lambda text: sort_key(text, "de"))
    ['Öhringen', 'Oldenburg', 'Zürich']
    """
    placed = unicodedata.normalize("NFC", text[:MOST_CHARACTERS].casefold()).translate(_table(language))
    parts = unicodedata.normalize("NFKD", placed)
    return "".join(part for part in parts if not unicodedata.combining(part)), text
