"""Names as keys by which the same name, written otherwise, is found: letter for letter, folded, in ASCII.

Each key forgets more than the one before it. The exact key forgets only what a keyboard or a typesetter
decides (capital letters, blanks, kinds of hyphens and apostrophes); the folded one diacritics, punctuation
and how Saint is written as well; the spelled one writes ä as ae, as people do who have no ä. Decomposition
and case folding are Unicode's (https://www.unicode.org/reports/tr15/, https://www.unicode.org/reports/tr44/).
"""

import re
import unicodedata
from typing import Final, NamedTuple

MOST_CHARACTERS: Final = 200
"""How long a name may be; no more is read: to put its marks in order takes the square of their number."""

_ALIKE: Final = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("’‘ʼ`´ʹʻ", "'"),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad"),
    }
)
_LETTERS: Final = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i", "ħ": "h", "ŧ": "t"}
)
_SPELLED: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "œ": "oe", "õ": "oe", "ß": "ss"}
)
_SAINT: Final = {"st", "saint", "sankt", "sint", "sainte", "ste", "szent", "svaty"}
_WORD: Final = re.compile(r"[^\W_]+")
_APOSTROPHE: Final = re.compile(r"(?<=\w)'(?=\w)")


class Keys(NamedTuple):
    """A name as keys, each of which forgets more than the one before it."""

    exact: str
    folded: str
    spelled: str


def keys_of(name: str) -> Keys:
    """Return the keys of a name; all are empty where it holds no letter or figure.

    >>> keys_of("St.  Pölten")
    Keys(exact='st. pölten', folded='st polten', spelled='st poelten')
    """
    exact = exact_key(name)
    return Keys(exact, folded(exact), folded(exact.translate(_SPELLED)))


def exact_key(name: str) -> str:
    """Return a name without what a keyboard or a typesetter decides.

    >>> exact_key("Boulogne–Billancourt ")
    'boulogne-billancourt'
    """
    plain = unicodedata.normalize("NFC", name[:MOST_CHARACTERS]).translate(_ALIKE)
    return " ".join(unicodedata.normalize("NFC", plain.casefold()).split())


def folded(name: str) -> str:
    """Return a name without diacritics and punctuation, and Saint in one way.

    >>> folded("Sankt Petersburg"), folded("L'Aquila"), folded("Mońki")
    ('st petersburg', 'laquila', 'monki')
    """
    plain = name[:MOST_CHARACTERS].casefold().translate(_ALIKE).translate(_LETTERS)
    apart = unicodedata.normalize("NFKD", plain)
    plain = "".join(character for character in apart if not unicodedata.combining(character))
    words = _WORD.findall(_APOSTROPHE.sub("", plain))
    return " ".join("st" if word in _SAINT and len(words) > 1 else word for word in words)


def is_one_slip(one: str, other: str) -> bool:
    """Tell whether two texts differ by one letter: another, one more, one less, or two that changed places.

    >>> is_one_slip("gothenberg", "gothenburg"), is_one_slip("ludvkia", "ludvika"), is_one_slip("ab", "ba c")
    (True, True, False)
    """
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    start = next((i for i, letter in enumerate(one) if letter != other[i]), len(one))
    if len(one) < len(other):
        return one[start:] == other[start + 1 :]
    rest, other_rest = one[start:], other[start:]
    return rest[1:] == other_rest[1:] or (rest[1::-1] == other_rest[:2] and rest[2:] == other_rest[2:])
