"""The tokens of SPARQL queries that are plainly written, to be read one after the other.

Source: https://www.w3.org/TR/sparql11-query/#sparqlGrammar
"""

import re
from collections.abc import Iterator
from typing import Final

_TOKEN: Final = re.compile(
    r"""\s*(?:
    (?P<text> "(?:\\[\\"]|[^"\\\n])*" | '(?:\\[\\']|[^'\\\n])*' )
    | (?P<iri> <[A-Za-z][\w+.-]*:[^<>"{}|^`\\\s]*> | [A-Za-z][\w-]*:[A-Za-z][\w-]* )
    | (?P<variable> [?$][A-Za-z]\w* )
    | (?P<number> (?:0|[1-9][0-9]{0,8})(?![\w.]) )
    | (?P<word> [A-Za-z]+ )
    | (?P<sign> && | \|\| | != | <= | >= | [=<>!(){}.;,*+] )
    )\s*""",
    re.VERBOSE | re.ASCII,
)
_PREFIX: Final = re.compile(r"\s*PREFIX\s+([A-Za-z][\w-]*):\s*<([^<>\s]*)>", re.IGNORECASE)


class UncertainError(Exception):
    """The query is written in a way that is not read here."""


class Tokens:
    """The tokens of a query, of which one is the next.

    Args:
        query: The query, with its prefixes.

    Raises:
        UncertainError: If it holds a token of another kind, or declares a prefix twice.
    """

    def __init__(self, query: str) -> None:
        """Read the prefixes, and divide the rest."""
        found = list(_PREFIX.finditer(query))
        self._prefixes = {one[1]: one[2] for one in found}
        if len(self._prefixes) != len(found):
            raise UncertainError
        self._tokens = list(_tokens(query[found[-1].end() if found else 0 :]))
        self._at = 0

    @property
    def kind(self) -> str:
        """The kind of the next token; nothing at the end."""
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    def peek(self, ahead: int = 0) -> str:
        """Return the next token, words in capitals.

        Args:
            ahead: How many tokens to skip.
        """
        at = self._at + ahead
        kind, text = self._tokens[at] if at < len(self._tokens) else ("", "")
        return text.upper() if kind == "word" else text

    def next(self) -> str:
        """Take the next token."""
        text = self.peek()
        self._at += 1
        return text

    def maybe(self, wanted: str) -> bool:
        """Take the next token if it is that word or sign; return whether it was."""
        if self.peek() == wanted and self.kind in {"word", "sign"}:
            self._at += 1
            return True
        return False

    def take(self, wanted: str) -> None:
        """Take that word or sign, which must come next."""
        if not self.maybe(wanted):
            raise UncertainError

    def of_kind(self, *kinds: str) -> str:
        """Take the next token, which must be of one of these kinds."""
        if self.kind not in kinds:
            raise UncertainError
        return self.next()

    def iri(self, text: str) -> str:
        """Return the IRI that a token stands for."""
        if text.startswith("<"):
            return text[1:-1]
        prefix, _, name = text.partition(":")
        if prefix not in self._prefixes:
            raise UncertainError
        return self._prefixes[prefix] + name


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found or not found.lastgroup:
            raise UncertainError
        yield found.lastgroup, found[found.lastgroup]
        at = found.end()
