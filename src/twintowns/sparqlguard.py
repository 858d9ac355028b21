"""What a query may not hold, found before any engine reads it: the way to other services, and updates.

The check is lexical and errs on the side of refusal. Oxigraph reads without a tokenizer: `SERVICEex:a{…}` is
a SERVICE clause to it, and in `FILTER(?a<1#> …` the `<` is an operator and `#` begins a comment, where a
reader of tokens sees an IRI. So the word is let through only where every reading hides it: in comments,
strings, variables, local names, and in IRIs that nothing else can be.
Source: https://www.w3.org/TR/sparql11-query/#sparqlGrammar
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import urljoin

from twintowns.exceptions import QueryRefusedError

MOST_BRACKETS: Final = 200
"""How deep brackets may lie in brackets: the engine descends into each, and its stack has an end."""

MOST_DECLARATIONS: Final = 250
"""How many `BASE` and `PREFIX` a query may have: each may be resolved against the one before."""
MOST_GRAPHS: Final = 100
"""How many times a query may say `FROM`."""
MOST_IRI_CHARACTERS: Final = 2048
"""How long the IRIs after `BASE`, `PREFIX` and `FROM` may be, written and resolved."""

_SHOWN_CHARACTERS: Final = 200

FORMS: Final = {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}

_START: Final = (
    r"A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    r"\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_LETTERS: Final = _START + r"_0-9\u00b7\u0300-\u036f\u203f\u2040"
_INNER: Final = _LETTERS + r"\-"
_ESCAPED: Final = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_BEFORE_NAMES: Final = rf"""
    (?P<space> [ \t\r\n]+ )
    | (?P<comment> \#[^\r\n]* )
    | (?P<string> \"{{3}} (?: \"{{0,2}} (?: [^"\\] | \\. ) )* \"{{3}}
        | '{{3}} (?: '{{0,2}} (?: [^'\\] | \\. ) )* '{{3}}
        | \"(?!\"\") (?: [^"\\\r\n] | \\. )* \" | '(?!'') (?: [^'\\\r\n] | \\. )* ' | \"\"(?!\") | ''(?!') )
    | (?P<iri> < (?: [^<>"{{}}|^`\\\x00-\x20] | \\u[0-9A-Fa-f]{{4}} | \\U[0-9A-Fa-f]{{8}} )* > )
    | (?P<variable> [?$] [{_START}_0-9] [{_LETTERS}]* )
    """
_NAME: Final = rf"""
    | (?P<name> (?P<prefix> (?: [{_START}] [{_INNER}]*+ )?+ ) : (?P<local>
        (?: (?: [{_START}_0-9:] | {_ESCAPED} ) (?: [{_INNER}:] | {_ESCAPED} )* )? ) )
    """
_AFTER_NAMES: Final = rf"""
    | (?P<number> (?: [0-9]+ \.? [0-9]* | \.[0-9]+ ) (?: [eE] [+-]? [0-9]+ )? )
    | (?P<word> [{_LETTERS}]+ )
    | (?P<mark> [^"'\\] )
    """
_TOKEN: Final = re.compile(_BEFORE_NAMES + _NAME + _AFTER_NAMES, re.VERBOSE | re.DOTALL)
_NAMELESS: Final = re.compile(_BEFORE_NAMES + _AFTER_NAMES, re.VERBOSE | re.DOTALL)
_RUN: Final = re.compile(rf"[{_START}] [{_INNER}]*+", re.VERBOSE)
_SERVICE: Final = re.compile(r"service", re.IGNORECASE)
_UPDATE_WORDS: Final = (
    *("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE"),
    *("ADD", "MOVE", "COPY", "USING", "WITH", "DEFINE", "OPTION", "QUAD"),
)
_UPDATE: Final = re.compile(f"(?:{'|'.join(_UPDATE_WORDS)})", re.IGNORECASE)
_ABSOLUTE: Final = re.compile(r"<[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_BEFORE_OPERAND: Final = frozenset("({[,;.=!&|<+-/^")
_OUTSIDE_SCHEMES: Final = ("java:", "bif:", "sql:", "file:", "define:")
_OUTSIDE: Final = re.compile(f"(?:.*:)?(?:{'|'.join(_OUTSIDE_SCHEMES)})", re.IGNORECASE | re.DOTALL)
"""Also behind another scheme: Virtuoso takes `LONG::bif:http_get` for `bif:http_get`."""
_UNSAID: Final = ("service", *map(str.lower, _UPDATE_WORDS), *_OUTSIDE_SCHEMES)
"""What stands in a query that says something that may not be said, in small letters."""
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")
_AMBIGUOUS_ESCAPES: Final = re.compile(r"[\x00-\x20\"'<>\\^`{|}#\ud800-\udfff]")
_NOT_IN_XML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What a query could put into an answer that no reader of XML takes (https://www.w3.org/TR/xml/#charsets)."""
_SILENT: Final = frozenset({"space", "comment"})
_VOLATILE: Final = {"rand", "now", "uuid", "struuid", "bnode"}
_OPENING: Final = {")": "(", "}": "{", "]": "["}


class Token(NamedTuple):
    """A piece of a query: what kind it is of, its text, and where it begins."""

    kind: str
    text: str
    start: int


def lexical_error(place: tuple[str, int], what: str, remedy: str) -> QueryRefusedError:
    """Return the refusal of a query that is not to be asked.

    Args:
        place: The query, and how far into it.
        what: What is wrong there.
        remedy: What to do about it.
    """
    return QueryRefusedError(400, what, remedy, at=line_and_column(*place))


@dataclass(frozen=True)
class Examined:
    """What is known of a query that was let through.

    Attributes:
        text: The query, its comments blanked, every character at its old place.
        form: SELECT, ASK, CONSTRUCT or DESCRIBE.
        default_graphs: The graphs after `FROM`.
        named_graphs: The graphs after `FROM NAMED`.
        prefixes: Those of the given prefixes that it may use.
        is_volatile: Whether the same query may be answered otherwise the next time.
    """

    text: str
    form: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    prefixes: tuple[str, ...]
    is_volatile: bool

    @property
    def has_dataset(self) -> bool:
        """Whether the query says itself which graphs it reads."""
        return bool(self.default_graphs or self.named_graphs)


def examined(query: str, base: str, prefixes: Mapping[str, str]) -> Examined:
    """Examine a query.

    Args:
        query: The query.
        base: The IRI against which its relative IRIs are resolved.
        prefixes: The prefixes that it need not declare.

    Raises:
        QueryRefusedError: If it asks another service, is an update, or cannot be read for certain.
    """
    tokens = list(_tokens(query))
    _refuse_escapes(query)
    spoken = [token for token in tokens if token.kind not in _SILENT]
    _refuse_words(query, spoken)
    _refuse_brackets(query, spoken)
    default_graphs, named_graphs = _dataset(query, spoken, base, prefixes)
    words = [token.text for token in spoken if token.kind == "word"]
    return Examined(
        "".join([" " * len(text) if kind == "comment" else text for kind, text, _ in tokens]),
        _form(query, words),
        default_graphs,
        named_graphs,
        tuple(sorted({t.text.partition(":")[0] for t in spoken if t.kind == "name"} & prefixes.keys())),
        not _VOLATILE.isdisjoint(map(str.lower, words)),
    )


def refuse_graphs(wanted: Collection[str], known: Collection[str]) -> None:
    """Refuse graphs that are not the dataset's own: nothing is fetched.

    Raises:
        QueryRefusedError: If there is one.
    """
    for graph in wanted:
        if graph not in known:
            raise QueryRefusedError(
                400,
                "<{graph}> is not a graph of this dataset, and nothing is fetched",
                "choose among its own graphs, which the service description lists",
                values={"graph": graph[:_SHOWN_CHARACTERS]},
            )


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    r"""Return where in a text an offset lies, both counted from 1.

    >>> line_and_column("ASK\nX", 4)
    (2, 1)
    """
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def _tokens(query: str) -> Iterator[Token]:
    """Go through the tokens.

    Whether letters are a prefix shows where their run ends. Where it ends in no colon, nothing in the run can
    be a name, and is not read to the end of the run again.
    """
    position = nameless = 0
    while position < len(query):
        found = (_NAMELESS if position < nameless else _TOKEN).match(query, position)
        if not found:
            raise lexical_error(
                (query, position),
                "a string does not end, or a backslash stands outside of strings",
                "end the string where it should end",
            )
        yield Token(found.lastgroup or "", found[0], position)
        end = found.end()
        is_longer = position >= nameless and found.lastgroup == "word" and query.startswith("-", end)
        if is_longer and (run := _RUN.match(query, position)):
            nameless = run.end()
        position = end


def _refuse_escapes(query: str) -> None:
    r"""Refuse codepoint escapes that one engine reads before it looks for strings, and another after.

    To the standard `"\u0022` is a string that has ended; to Oxigraph it has not. What nobody sees goes too.
    """
    if unseen := _NOT_IN_XML.search(query):
        place = query, unseen.start()
        raise lexical_error(place, "a character that nobody can see stands here", "remove it")
    for escape in _ESCAPE.finditer(query) if "\\" in query else ():
        code = int(escape[1] or escape[2], 16)
        if code > 0x10FFFF or _AMBIGUOUS_ESCAPES.match(chr(code)):  # noqa: PLR2004 - Unicode's last character
            raise lexical_error(
                (query, escape.start()),
                "a codepoint escape stands for a character that ends or begins something",
                "write the character itself, or as strings escape it",
            )


def _refuse_words(query: str, tokens: list[Token]) -> None:
    """Refuse what may not be said; what the whole query does not hold, none of its tokens holds."""
    if _may_say_it(_unescaped(query)):
        for token in tokens:
            _refuse_token(query, token)
    _refuse_hidden(query, tokens)
    if "(" in query and any(token.kind == "iri" and _is_doubtful(token) for token in tokens):
        _refuse_ambiguous(query, tokens)


def _may_say_it(query: str) -> bool:
    """Tell whether a query holds what may not be said; other letters than ASCII's may be taken for these."""
    if not query.isascii():
        return any(words.search(query) for words in (_SERVICE, _UPDATE, _OUTSIDE))
    small = query.lower()
    return any(unsaid in small for unsaid in _UNSAID)


def _refuse_token(query: str, token: Token) -> None:
    shown = token.text.partition(":")[0] if token.kind == "name" else token.text
    if token.kind in {"name", "word", "number", "mark"} and _SERVICE.search(shown):
        raise lexical_error(
            (query, token.start),
            "this service asks no other service (SERVICE)",
            "ask the other service yourself, and join the answers",
        )
    if token.kind == "word" and _UPDATE.fullmatch(token.text):
        raise lexical_error(
            (query, token.start),
            "this service only reads: it takes no updates",
            "ask with SELECT, ASK, CONSTRUCT or DESCRIBE",
        )
    if token.kind in {"iri", "name"} and _OUTSIDE.match(_unescaped(token.text).removeprefix("<")):
        raise _leads_out(query, token)


def _refuse_hidden(query: str, tokens: list[Token]) -> None:
    """Refuse names that lead out of the dataset once their prefix and the rest are joined."""
    words = [token.text.upper() if token.kind == "word" else "" for token in tokens]
    declared = {
        tokens[number - 1].text.removesuffix(":"): _unescaped(token.text[1:-1])
        for number, token in enumerate(tokens)
        if token.kind == "iri" and number > 1 and words[number - 2] == "PREFIX"
    }
    for token in tokens if declared else ():
        prefix, _, local = token.text.partition(":")
        if token.kind == "name" and _OUTSIDE.match(declared.get(prefix, "") + local.replace("\\", "")):
            raise _leads_out(query, token)


def _leads_out(query: str, token: Token) -> QueryRefusedError:
    return lexical_error(
        (query, token.start),
        "this name leads out of the dataset, to files or into an engine",
        "name things by the IRIs of the dataset",
    )


def _may_end_operand(token: Token) -> bool:
    """Tell whether an expression may end in a token, so that `<` after it may be an operator."""
    return token.kind != "mark" or token.text not in _BEFORE_OPERAND


def _is_doubtful(token: Token) -> bool:
    """Tell whether what looks like an IRI hides something where it is a comparison."""
    is_absolute = _ABSOLUTE.match(token.text)
    return not is_absolute and bool(re.search("[#']", token.text) or _SERVICE.search(token.text))


def _refuse_ambiguous(query: str, tokens: list[Token]) -> None:
    brackets: list[str] = []
    previous = Token("", "", 0)
    for token in tokens:
        is_operand = brackets[-1:] == ["("] and _may_end_operand(previous)
        if token.kind == "iri" and is_operand and _is_doubtful(token):
            raise lexical_error(
                (query, token.start),
                "this may be an IRI, or a comparison",
                "write the IRI in full or with a prefix, or a space after <",
            )
        if token.text in {"(", "{", "["}:
            brackets.append(token.text)
        elif brackets and token.text in _OPENING:
            brackets.pop()
        previous = token


def _form(query: str, words: list[str]) -> str:
    form = next((word for word in map(str.upper, words) if word in FORMS), None)
    if form is None:
        raise lexical_error(
            (query, len(query)),
            "this is no query: it has no SELECT, ASK, CONSTRUCT or DESCRIBE",
            "ask with SELECT, ASK, CONSTRUCT or DESCRIBE",
        )
    return form


def _refuse_brackets(query: str, tokens: list[Token]) -> None:
    depth = 0
    is_flat = sum(map(query.count, _OPENING.values())) <= MOST_BRACKETS
    for token in () if is_flat else tokens:
        depth += (token.text in {"(", "{", "["}) - (token.text in _OPENING)
        if depth > MOST_BRACKETS:
            raise lexical_error(
                (query, token.start), "brackets lie too deep in brackets", "make the query flatter"
            )


def _dataset(
    query: str, tokens: list[Token], base: str, given: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the graphs after FROM and those after FROM NAMED, each once."""
    shouted = query.upper()
    if not any(word in shouted for word in ("BASE", "PREFIX", "FROM")):
        return (), ()
    graphs: dict[bool, list[str]] = {False: [], True: []}
    prefixes, declarations = dict(given), 0
    words = [token.text.upper() if token.kind == "word" else "" for token in tokens]
    for number, token in enumerate(tokens):
        before, second = (words[number - back] if number >= back else "" for back in (1, 2))
        _refuse_strange_graph(query, token, before)
        is_prefix, is_named = (
            second == "PREFIX" and token.kind == "iri",
            (second, before) == ("FROM", "NAMED"),
        )
        if token.kind not in {"iri", "name"} or not (is_prefix or is_named or before in {"BASE", "FROM"}):
            continue
        iri = _iri(query, token, base, prefixes)
        if is_prefix:
            prefixes[tokens[number - 1].text.removesuffix(":")] = iri
        elif before == "BASE":
            base = iri
        else:
            graphs[is_named].append(iri)
        declarations += is_prefix or before == "BASE"
        if declarations > MOST_DECLARATIONS or sum(map(len, graphs.values())) > MOST_GRAPHS:
            raise lexical_error(
                (query, token.start), "there are too many BASE, PREFIX or FROM", "keep those that are needed"
            )
    return tuple(dict.fromkeys(graphs[False])), tuple(dict.fromkeys(graphs[True]))


def _refuse_strange_graph(query: str, token: Token, before: str) -> None:
    """Refuse what is told after FROM and is no IRI, such as the calls and options of some engines."""
    is_named = token.kind == "word" and token.text.upper() == "NAMED"
    if before == "FROM" and not (is_named or token.kind in {"iri", "name"}):
        raise lexical_error(
            (query, token.start),
            "after FROM the name of a graph should stand",
            "write FROM <https://example.org/graph>, or FROM NAMED and the name",
        )


def _iri(query: str, token: Token, base: str, prefixes: Mapping[str, str]) -> str:
    iri = ""
    if len(token.text) <= MOST_IRI_CHARACTERS:
        iri = _resolved(token, base, prefixes)
    if not iri or len(iri) > MOST_IRI_CHARACTERS:
        raise lexical_error((query, token.start), "an IRI is too long", "name things by shorter IRIs")
    return iri


def _unescaped(text: str) -> str:
    """Return a text with the characters that its codepoint escapes stand for."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda escape: chr(int(escape[1] or escape[2], 16)), text)


def _resolved(token: Token, base: str, prefixes: Mapping[str, str]) -> str:
    if token.kind == "iri":
        return urljoin(base, _unescaped(token.text[1:-1]))
    prefix, _, local = token.text.partition(":")
    return prefixes.get(prefix, f"{prefix}:") + re.sub(r"\\(.)", r"\1", local)
