"""What makes a text one that nobody meant to write: what is invisible, was read wrongly, or is no text.

The shapes hold the same as one pattern (`shapes/thing.ttl`), for all validators; here its parts have names,
so that a person is told which of them it is. Bidirectional controls are those of https://www.unicode.org/reports/tr9/.
"""

import re
from typing import Final

_LATIN: Final = "[ -ɏ]"
INVISIBLE: Final = f"[\u2028-\u202e\u2060\u2066-\u2069\ufeff]|{_LATIN}\u200b|\u200b{_LATIN}"
"""Characters that cannot be seen; a space of no width stands between words in some scripts, not in Latin."""
MISREAD: Final = (
    "Ã[\u00a0¡¢£¤¥¦§¨©ª¬®¯°±²³´µ¶·¸¹º¼½¾¿€ƒ„†‡ˆ‰Š‹ŒŽ•˜™š›œž]|Ã[«»…–—‚‘’“”][A-Za-z]"  # noqa: RUF001 - these very signs
    "|Â[\u00a0¡¢£¤¥¦§¨©ª¬®¯°±²³´µ¶·¸¹º¼½¾¿]|â€|Å[¡¾]|Ð[°-¿]|ï»¿"  # noqa: RUF001 - these very signs
)
"""What letters of UTF-8 become where they are read in an encoding of one byte a letter."""
MARKUP: Final = (
    "</?[A-Za-z][A-Za-z0-9]*( [^<>]*)?/?>|&(amp|nbsp|quot|lt|gt|apos|[aouAOU]uml|[aA]ring|[nm]dash|#[0-9]+);"
)
"""Tags and references of HTML."""
NOTE: Final = (
    "(^|[^A-Za-z])(TODO|FIXME|TBD)(:|[.]?$| [a-zåäö])|(^|[^A-Za-z])XXX:|^X{3,}$|X{4,}|[?]{3}|[Ll]orem ipsum"
)
"""What people write in the place of a text."""
PATTERN: Final = f"{INVISIBLE}|{MISREAD}|{MARKUP}|{NOTE}"
"""The pattern of the shapes."""

_PATTERN: Final = re.compile(PATTERN)
_MISREAD: Final = re.compile(MISREAD)


def illegible(text: str) -> str:
    """Return the first part of a text that nobody meant to write, or nothing.

    >>> illegible("a<br>b"), illegible("Ludvika")
    ('<br>', '')
    """
    found = _PATTERN.search(text)
    return found[0] if found else ""


def meant(text: str) -> str:
    """Return the text that was read in a wrong encoding, as it was meant, or nothing where that is not so.

    >>> meant("VÃ¤nort"), meant("Vänort")
    ('Vänort', '')
    """
    if not _MISREAD.search(text):
        return ""
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode()
        except UnicodeError:
            continue
    return ""
