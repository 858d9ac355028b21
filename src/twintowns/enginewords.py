"""What an engine says of a query that it does not answer, told in the reader's language as far as it is sure.

Oxigraph tells a mistake as all that could have stood in its place, among which a broken rule stands as a
sentence; only those sentences, which always are as they are told here, are told in other words. Its own
words, which are English, travel along as the value `problem` (`QueryRefusedError.words`).
Source: https://github.com/oxigraph/oxigraph/blob/main/lib/spargebra/src/parser.rs
"""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from twintowns.exceptions import QueryRefusedError


class _Mistake(NamedTuple):
    """A mistake: the sentence of the engine, what is wrong, and what to do."""

    rule: str
    what: str
    remedy: str


_MISTAKES: Final = (
    _Mistake(
        "Prefix not found",
        "a prefix is used here that is not declared",
        "declare it before the query: PREFIX ex: <https://example.org/>",
    ),
    _Mistake(
        "IRI parsing failed",
        "what stands between < and > here is no IRI",
        "write it in full: https://, host and path, without blanks",
    ),
    _Mistake(
        "The SELECT contains a variable that is unbound",
        "SELECT names a variable by which nothing is grouped",
        "name it after GROUP BY too, or put COUNT, SAMPLE or another aggregate around it",
    ),
    _Mistake(
        "SELECT * is not authorized with GROUP BY",
        "SELECT * cannot stand beside GROUP BY or an aggregate such as COUNT",
        "name the variables after SELECT",
    ),
    _Mistake(
        "Duplicated variable name in SELECT",
        "SELECT gives two values the same name",
        "give each a name of its own",
    ),
    _Mistake(
        "The custom function",
        "the query calls a function that is not known here",
        "use the functions of SPARQL 1.1",
    ),
)
_UNREAD: Final = _Mistake(
    "unread",
    "the query cannot be read any further here",
    "look here and just before: a bracket, a quotation mark, a full stop or a word may be missing or stray",
)
_UNANSWERED: Final = _Mistake("unanswered", "the query cannot be answered", "mend the query")
_POSITION: Final = re.compile(r"error at ([0-9]+):([0-9]+): ")
_CHARACTERS: Final = re.compile(r"\[[^\]]*\](?:, )?|, \[[^\]]*$")
"""Sets of characters that could stand somewhere, which tell nobody anything; the last may be cut off."""
_MOST_CHARACTERS: Final = 300


def refusal(said: str) -> QueryRefusedError:
    """Return the refusal of a query that an engine does not answer, with the place that it names.

    >>> found = refusal("error at 2:7: expected one of Duplicated variable name in SELECT, [_]")
    >>> found.told(str)
    'query:2: SELECT gives two values the same name; give each a name of its own'
    >>> found.column, found.words
    (7, 'Duplicated variable name in SELECT')
    """
    found = _POSITION.match(said)
    words = said[found.end() :] if found else said
    known = next((mistake for mistake in _MISTAKES if mistake.rule in words), None)
    mistake = known or (_UNREAD if found else _UNANSWERED)
    return QueryRefusedError(
        400,
        mistake.what,
        mistake.remedy,
        at=(int(found[1]), int(found[2])) if found else None,
        values={"problem": known.rule if known and found else _plain(words)},
    )


def unanswered(words: str) -> QueryRefusedError:
    """Return the refusal of a query that another service does not answer, with what that says."""
    return QueryRefusedError(400, _UNANSWERED.what, _UNANSWERED.remedy, values={"problem": words})


def told(translated: Callable[[str], str]) -> dict[str, str]:
    """Return what is told of a mistake, by the sentence of the engine.

    What it cannot read is told by `unread`, all else by `unanswered`.

    Args:
        translated: Returns a message in the reader's language.
    """
    return {
        one.rule: f"{translated(one.what)}; {translated(one.remedy)}"
        for one in (*_MISTAKES, _UNREAD, _UNANSWERED)
    }


def _plain(words: str) -> str:
    """Return the words of an engine without the sets of characters among them, cut where they are many.

    >>> _plain("expected one of FILTER, ['A' ..= 'Z'], VALUES, [_]"), _plain("expected [_]")
    ('expected one of FILTER, VALUES', '')
    """
    text = " ".join(_CHARACTERS.sub("", words).split()).removesuffix(",")
    return "" if text in {"expected", "expected <unreported>"} else text[:_MOST_CHARACTERS]
