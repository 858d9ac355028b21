"""Names folded to what a person types for them: no case, no diacritics, no special letters.

One definition for the build and for the page: the tables below are printed into the search index, and
`assets/search.js` does with them, step by step, what `folded` does here. So that two languages agree on them,
they are ranges of code points, and no properties of Unicode, of which each may know another version.
Normalization: https://www.unicode.org/reports/tr15/
"""

import re
from typing import Final
from unicodedata import normalize

MOST_CHARACTERS: Final = 200
"""How much of a name is read: to put its marks in order takes the square of their number."""

MARKS: Final = (
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
"""Marks that stand above, below or in a letter, as a class of a regular expression."""

LETTERS: Final = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ħ": "h",
    "ı": "i",  # noqa: RUF001 - the letter without a dot
    "ŋ": "n",
    "ŧ": "t",
    "ƶ": "z",
    "ə": "e",
    "ĸ": "k",
    "ς": "σ",  # noqa: RUF001 - Greek
}
"""Letters that do not fall into a letter and a mark, with what is typed for them."""

PAIRS: Final = "a[ae]|[ou]e"
"""Two letters that are written for one with a mark (å, ä, ö, ü): the first of them is kept."""

APART: Final = (
    "[\u0000-/:-@\\[-`{-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7\u02b9-\u02bf"
    "\u055a-\u055f\u0589\u058a\u060c\u061b\u061f\u2000-\u206f\u2190-\u2bff\u2e00-\u2e7f"
    "\u3000-\u3003\u3008-\u301f\u3030\u30fb\ufe10-\ufe1f\ufe30-\ufe6f\uff01-\uff0f\uff1a-\uff20]+"
)
"""What stands between words."""

APOSTROPHES: Final = "['`´ʹ-ʿ‘’]"  # noqa: RUF001 - these are the very signs
"""What parts a word that is typed without it as well: Xi'an, L'Aquila."""

_MARKS: Final = re.compile(MARKS)
_LETTERS: Final = re.compile(f"[{''.join(LETTERS)}]")
_PAIRS: Final = re.compile(PAIRS)
_APART: Final = re.compile(APART)
_APOSTROPHES: Final = re.compile(APOSTROPHES)


def folded(text: str) -> str:
    """Return a text as it is compared.

    >>> folded("Åbenrå") == folded("Aabenraa"), folded("Łódź"), folded("Gießen"), folded("Æbeltoft")
    (True, 'lodz', 'giessen', 'abeltoft')
    """
    text = text[:MOST_CHARACTERS].lower()
    if not text.isascii():
        text = normalize("NFKD", normalize("NFKD", text).lower())
        text = _LETTERS.sub(lambda letter: LETTERS[letter[0]], _MARKS.sub("", text))
    return _PAIRS.sub(lambda pair: pair[0][0], text)


def words(text: str) -> list[str]:
    """Return the words of a text, folded, in their order.

    >>> words("Saint-Étienne (Loire)")
    ['saint', 'etienne', 'loire']
    """
    return [word for word in _APART.split(folded(text)) if word]


def joined_words(text: str) -> list[str]:
    """Return the words that a text has when its apostrophes part nothing; none where it has no apostrophe.

    >>> joined_words("Xi'an"), joined_words("Imatra")
    (['xian'], [])
    """
    without = _APOSTROPHES.sub("", text)
    return words(without) if without != text else []


def tables() -> dict[str, object]:
    """Return the definition for the page."""
    return {
        "most": MOST_CHARACTERS,
        "marks": MARKS,
        "letters": LETTERS,
        "pairs": PAIRS,
        "apart": APART,
        "apostrophes": APOSTROPHES,
    }
