"""Where in a Turtle file a triple stands: the lines of subjects, predicates and objects.

A parser tells triples, not lines, so this walks the tokens of the Turtle grammar
(https://www.w3.org/TR/turtle/#sec-grammar) of a file already known to be well-formed. Blank nodes in
brackets are walked through, not named.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

_TOKEN: Final = re.compile(
    r"""
      (?P<space>[\s]++|\#[^\r\n]*+)
    | (?P<iri><(?:[^<>"{}|^`\\\s]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>)
    | (?P<string>\"{3}(?:[^"\\]++|\\.|"(?!""))*+\"{3}|'{3}(?:[^'\\]++|\\.|'(?!''))*+'{3}
        |"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')(?P<kind>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)?
    | (?P<directive>@prefix|@base|PREFIX\b|BASE\b)
    | (?P<hats>\^\^)
    | (?P<punctuation>[;,\[\]()]|\.(?=\s|\#|$|[<\[(]))
    | (?P<word>(?:\\.|[^\s;,\[\]()<>"'\#\\]|(?<=\S)\#)+?(?=[\s;,\[\]()<>"'\#]|\.(?:\s|\#|$)|$))
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})|\\(.)", re.DOTALL)
_ESCAPED: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_RDF_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


class Position(NamedTuple):
    """A triple's place.

    Attributes:
        subject: The IRI of the subject; empty inside brackets.
        predicate: The IRI of the predicate.
        object: The IRI or the lexical form of the object; empty where it is a bracket.
        line: The line on which the object begins, counted from 1.
        subject_line: The line on which the subject stands.
        language: The language tag of the object, in lower case; empty where it has none.
    """

    subject: str
    predicate: str
    object: str
    line: int
    subject_line: int
    language: str = ""


class _Token(NamedTuple):
    kind: str
    text: str
    line: int
    language: str = ""


@dataclass
class _Walk:
    """The state of the walk: the terms that the next object completes, one level for each open bracket."""

    prefixes: dict[str, str] = field(default_factory=dict)
    base: str = ""
    subject: str | None = None
    subject_line: int = 0
    predicate: str | None = None
    outer: list[tuple[str | None, int, str | None]] = field(default_factory=list)

    def iri_of(self, token: _Token) -> str:
        if token.kind == "iri":
            iri = _unescaped(token.text[1:-1])
            return iri if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", iri) else self.base + iri
        prefix, colon, local = token.text.partition(":")
        if not colon:
            return token.text
        return self.prefixes.get(prefix, f"{prefix}:") + re.sub(r"\\(.)", r"\1", local)


def positions(text: str) -> Iterator[Position]:
    r"""Go through the triples of a Turtle file with their lines.

    >>> [tuple(p) for p in positions("<a:s>\n  <a:p> 1 ,\n 2 .")]
    [('a:s', 'a:p', '1', 2, 1, ''), ('a:s', 'a:p', '2', 3, 1, '')]
    """
    walk = _Walk()
    tokens = _tokens(text)
    for token in tokens:
        if token.kind == "directive":
            _declare(walk, token, tokens)
        elif token.kind == "hats":
            next(tokens, None)
        elif token.kind == "punctuation":
            yield from _punctuate(walk, token)
        elif walk.subject is None:
            walk.subject, walk.subject_line = walk.iri_of(token), token.line
        elif walk.predicate is None:
            walk.predicate = _RDF_TYPE if token.text == "a" else walk.iri_of(token)
        else:
            yield _position(walk, token)


def line_of(
    told: Iterable[Position],
    subject: str,
    predicate: str | None = None,
    value: tuple[str, str] | None = None,
) -> int | None:
    """Return the line that best shows where something is said of a subject.

    That is the line of the very triple, else the first of that predicate, else the subject's own.

    Args:
        told: The triples of the file.
        subject: The subject's IRI.
        predicate: The predicate's IRI, where it matters.
        value: The object's IRI or lexical form and its language tag, where it matters.
    """
    of_subject = [position for position in told if position.subject == subject]
    for position in of_subject:
        if position.predicate == predicate and (position.object, position.language) == value:
            return position.line
    for position in of_subject:
        if position.predicate == predicate:
            return position.line
    return of_subject[0].subject_line if of_subject else None


def line_of_subject(text: str, subject: str) -> int | None:
    """Return the line on which a subject is first told of."""
    return line_of(positions(text), subject)


def line_of_comment(text: str) -> int | None:
    r"""Return the line of the first comment of a Turtle file.

    >>> line_of_comment('<a:s> <a:p> "# none" .\n# one')
    2
    """
    line = 1
    for match in _TOKEN.finditer(text):
        if match[0].startswith("#"):
            return line
        line += match[0].count("\n")
    return None


def line_of_bracket(text: str) -> int | None:
    """Return the line of the first blank node of a Turtle file."""
    marks = (token for token in _tokens(text) if token.text in {"[", "("} or token.text.startswith("_:"))
    return next((token.line for token in marks), None)


def depth_of_brackets(text: str) -> int:
    """Return how deep the brackets of a Turtle text are nested."""
    depth = deepest = 0
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "punctuation":
            depth += (match[0] in "[(") - (match[0] in "])")
            deepest = max(deepest, depth)
    return deepest


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for match in _TOKEN.finditer(text):
        kind = "string" if match["string"] else str(match.lastgroup)
        if kind != "space":
            language = (match["kind"] or "").removeprefix("@").lower()
            yield _Token(kind, match["string"] or match[0], line, language)
        line += match[0].count("\n")


def _declare(walk: _Walk, token: _Token, tokens: Iterator[_Token]) -> None:
    """Take a prefix or base declaration off the tokens."""
    if "prefix" in token.text.lower():
        prefix = next(tokens).text.removesuffix(":")
        walk.prefixes[prefix] = walk.iri_of(next(tokens))
    else:
        walk.base = walk.iri_of(next(tokens))
    if token.text.startswith("@"):
        next(tokens, None)


def _punctuate(walk: _Walk, token: _Token) -> Iterator[Position]:
    """Follow a punctuation mark: end an object, a predicate or a subject, open or close a bracket."""
    match token.text:
        case ";":
            walk.predicate = None
        case "." if not walk.outer:
            walk.subject = walk.predicate = None
        case "[" | "(":
            if walk.predicate is not None:
                yield _position(walk, token._replace(kind="bracket", text=""))
            walk.outer.append((walk.subject, walk.subject_line, walk.predicate))
            walk.subject, walk.subject_line = "", token.line
            walk.predicate = None if token.text == "[" else ""
        case "]" | ")" if walk.outer:
            walk.subject, walk.subject_line, walk.predicate = walk.outer.pop()
            walk.subject = "" if walk.subject is None else walk.subject
        case _:
            pass


def _position(walk: _Walk, token: _Token) -> Position:
    told = token.text if token.kind == "bracket" else _object_of(walk, token)
    subject, predicate = walk.subject or "", walk.predicate or ""
    return Position(subject, predicate, told, token.line, walk.subject_line, token.language)


def _object_of(walk: _Walk, token: _Token) -> str:
    if token.kind == "string":
        quotes = 3 if token.text[:3] in {'"""', "'''"} else 1
        return _unescaped(token.text[quotes:-quotes])
    return walk.iri_of(token)


def _unescaped(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        return chr(int(code, 16)) if code else _ESCAPED.get(match[3], match[3])

    return _ESCAPE.sub(character, text)
