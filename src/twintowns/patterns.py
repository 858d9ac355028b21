"""Regular expressions that Python and Rust certainly match alike, and the terms for which they may not.

rdflib matches with Python's `re` (https://docs.python.org/3/library/re.html), pyoxigraph with Rust's `regex`
(https://docs.rs/regex/latest/regex/#syntax). What both write the same way and mean the same by is little;
besides, `$` finds a last line break in one of them, and letters are folded, or are digits, in other tables.
"""

import re
from typing import Final

from pyoxigraph import BlankNode

from twintowns.graph import Term

_ATOM: Final = r"""(?:
    [^\\^$.|?*+()\[\]{}\s] | [ ] | \\[][\\^$.|?*+(){}/-] | [.]
    | \[ \^? (?: [^]\\[&~|^\s-] | [ ] | \\[][\\^$.|?*+(){}/-] | (?<!\[)(?<!\[\^)[&|~^](?![&|~])
               | [^]\\[&~|^\s-] - [^]\\[&~|^\s-] )+ -? \]
    | \[ \^? (?: \\[sdwSDW] | [^]\\[&~|^\s-] | [ ] | \\[][\\^$.|?*+(){}/-] )+ -? \]
    | \\[sdwSDW]
)"""
_QUANTIFIER: Final = r"(?: [?*+] (?![?*+{]) | \{ [0-9]{1,3} (?: , (?:[0-9]{1,3})? )? \} (?![?*+{]) )"
_PIECE: Final = re.compile(rf"(?: {_ATOM} {_QUANTIFIER}? | [\^$] (?![?*+{{]) | \| (?![?*+{{]) )", re.VERBOSE)
_GROUP: Final = re.compile(
    r"\((?![?*+{])|\)(?:[?*+](?![?*+{])|\{[0-9]{1,3}(?:,(?:[0-9]{1,3})?)?\}(?![?*+{]))?"
)
_LONGEST: Final = 2000
_CLASSES: Final = re.compile(r"(?:^|[^\\])(?:\\\\)*\\[sdwSDW]")
_UNUSUAL: Final = {
    "end": re.compile(r"\n\Z"),
    "line": re.compile(r"\n"),
    "class": re.compile(r"[^ -~]"),
    "fold": re.compile("[\u0130\u0131\u017f\u212a]"),
    "case": re.compile("[\u0130\u0131\u0149\u017f\u00df\u01f0\u01c4-\u01cc\u01f1-\u01f3]|[^\x00-\u024f]"),
    "number": re.compile(r"[^!-~]|_|[0-9]{16}"),
}
"""By doubt, what a term holds that may be judged otherwise."""
DOUBTS: Final = frozenset(_UNUSUAL)
"""All that can be in doubt."""


def doubts_about(pattern: str, flags: str) -> frozenset[str] | None:
    """Return for which terms a pattern may be matched differently; None for any.

    Args:
        pattern: The regular expression.
        flags: Its flags.

    >>> sorted(doubts_about("^[a-z]+$", "i"))
    ['fold', 'line']
    >>> doubts_about("(?<!a)b", "")
    """
    if flags not in {"", "i"} or len(pattern) > _LONGEST or not _is_common(pattern):
        return None
    if flags and not all(_has_one_case(one) for one in pattern):
        return None
    doubts = {"line"}
    doubts |= {"fold"} if flags else set()
    doubts |= {"class"} if _CLASSES.search(pattern) else set()
    return frozenset(doubts)


def is_unusual(term: Term, doubts: frozenset[str]) -> bool:
    """Tell whether a term is one of those for which engines may differ.

    Args:
        term: The term; the text of a blank node is never the same.
        doubts: What is in doubt.
    """
    return isinstance(term, BlankNode) or any(_UNUSUAL[doubt].search(term.value) for doubt in doubts)


def _is_common(pattern: str) -> bool:
    """Read a pattern piece by piece."""
    at, depth = 0, 0
    while at < len(pattern):
        found = _PIECE.match(pattern, at) or _GROUP.match(pattern, at)
        if not found:
            return False
        depth += {"(": 1, ")": -1}.get(pattern[at], 0)
        if depth < 0:
            return False
        at = found.end()
    return depth == 0 and _compiles(pattern)


def _compiles(pattern: str) -> bool:
    try:
        return bool(re.compile(pattern))
    except (re.error, OverflowError, RecursionError):
        return False


def _has_one_case(character: str) -> bool:
    """Tell whether a character is folded in one table only, that of ASCII, or not at all."""
    return character.isascii() or character.lower() == character.upper() == character.casefold()
