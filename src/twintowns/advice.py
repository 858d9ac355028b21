"""What is wrong with a line of Turtle, told to somebody who does not know Turtle.

A parser says what it expected; a curator needs to know what to type. Each of its complaints that the usual
slips lead to is turned into one of those slips, with the mend; any other is passed on as it is.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from typing import Final, NamedTuple

from twintowns.vocabulary import PREFIXES


class Advice(NamedTuple):
    """What is wrong, and what to do, as message identifiers, with the values that they mention.

    Attributes:
        what: What is wrong.
        remedy: What to do.
        values: The values that both mention.
        line: The line to mend, where it is another than the one of the complaint.
    """

    what: str
    remedy: str
    values: Mapping[str, str]
    line: int | None = None


class _Slip(NamedTuple):
    """A usual slip: what the parser says of it, what it is, and what to do."""

    complaint: str
    what: str
    remedy: str


_SLIPS: Final = (
    _Slip(
        r"Line jumps are not allowed in string|Unexpected end of file in a string|Unexpected end.*string",
        "the text that begins here has no quotation mark at its end",
        'close it with a straight quotation mark, and the language after it: "Imatra"@sv',
    ),
    _Slip(
        r"The prefix https?: has not been declared",
        "an address stands here without its brackets",
        "put the address between < and >",
    ),
    _Slip(
        r"(?:<<|>>|=) is not a valid",
        "the marks of a merge that was not finished stand here",
        "keep one of the two versions, and remove the lines of <, = and > around them",
    ),
    _Slip(
        r"(?<!\S)a is not a valid RDF object",
        "the description before this one has no full stop at its end",
        "put a full stop on a line of its own between the two",
    ),
    _Slip(
        r"; is not a valid RDF object",
        "the line before ends its description too early",
        "end the line before with ; and let only the last line of a description be a full stop",
    ),
    _Slip(
        r"\^ is not a valid",
        "before the kind of a value stands one ^ only",
        'write two: "2000"^^xsd:gYear',
    ),
    _Slip(
        r"(?<!\S)-[0-9]+ is not a valid",
        "a date stands here without its quotation marks",
        'write it with its kind: "1991-05-12"^^xsd:date',
    ),
    _Slip(
        "[°\N{PRIME}\N{DOUBLE PRIME}].? is not allowed",
        "degrees and minutes stand here",
        "write the coordinate as a decimal number, such as 61.193056",
    ),
    _Slip(
        r"Unexpected escape character",
        "a backslash stands here that begins no special sign",
        r"write / in addresses, and \\ for a backslash in a text",
    ),
    _Slip(
        r"A language code should always start",
        "no language stands after the @",
        'write it directly after the @: "Imatra"@sv',
    ),
    _Slip(
        r"(?<!\S)A is not a valid predicate",
        "a large A stands before the class",
        "write a small one: a schema:City ;",
    ),
    _Slip(
        r"(?<!\S)[\w-]+ is not a valid subject",
        "a word stands here that belongs to no statement",
        r"write names without blanks, \" for a quotation mark in a text, and ; at the end of the line before",
    ),
    _Slip(
        r"(?<!\S)[\w-]+ is not a valid RDF object",
        "a word stands here without its prefix, or without quotation marks",
        'write place:Q211020 for a thing, <https://example.org/> for an address, "Imatra"@sv for a text',
    ),
    _Slip(
        r"A dot is expected at the end of statements",
        "the statement before this place has no semicolon at its end",
        "put ; at the end of the line before, or of this one",
    ),
    _Slip(
        r"is not a valid predicate",
        "a property is expected here, such as schema:name; the line before may end in a full stop",
        "end the line before with ; and let only the last line of a description be a full stop",
    ),
    _Slip(
        r"Unexpected end",
        "the file ends in the middle of a description",
        "end each line with ; and the description with a full stop on a line of its own",
    ),
    _Slip(
        r"No scheme found in an absolute IRI",
        "the address between < and > lacks its beginning",
        "let it begin with https:// or http://",
    ),
    _Slip(
        r"Invalid IRI code point",
        "the address that begins with < holds a blank, or has no > at its end",
        "write it without blanks, between < and >",
    ),
    _Slip(
        r"(?:is not allowed at the beginning of a prefix name|Unexpected character|Unexpected token)",
        "a character stands here that does not belong in a statement",
        'type straight quotation marks " around texts, plain blanks, and no other signs',
    ),
    _Slip(
        r"is not a valid (?:RDF object|subject)",
        "a value is expected here, or the statement before has ended too early",
        'put texts between straight quotation marks, and the language after them: "Imatra"@sv',
    ),
)


_UNDECLARED: Final = re.compile(r"The prefix (?P<prefix>[^:]*): has not been declared")
_REMEDIES = (
    "add a line at the top of the file: @prefix {prefix}: <{namespace}> .",
    "did you mean {other}:?",
    "copy the line that begins with @prefix {prefix}: from another file",
)
_LIKENESS: Final = 0.7
"""How much a prefix must be like another to be taken for a slip, as `difflib` counts it."""


_DIRECTIVE: Final = re.compile(r"\s*@(?:prefix|base)\b[^#]*?>\s*(?P<end>[;,]?)\s*(?:#.*)?", re.IGNORECASE)


def advice_on_directive(lines: Sequence[str], line: int) -> Advice | None:
    """Return the advice on a line before the one of a complaint, where that declares a prefix without an end.

    Args:
        lines: The lines of the file.
        line: The line of the complaint, counted from 1.

    >>> advice_on_directive(["@prefix a: <a:>", "", "a:b a:c a:d ."], 3).line
    1
    """
    above = (number for number in range(min(line, len(lines)), 0, -1) if lines[number - 1].strip())
    for number in [*above][: len(("complaint", "before"))]:
        if _DIRECTIVE.fullmatch(lines[number - 1]):
            return Advice(
                "the line that declares a prefix has no full stop at its end",
                "put a full stop at its end, after the address in < >",
                {},
                number,
            )
    return None


def advice_on(complaint: str, declared: Collection[str] = ()) -> Advice:
    """Turn a parser's complaint into advice.

    Args:
        complaint: What the parser says.
        declared: The prefixes that the file declares.

    >>> advice_on("The prefix wd: has not been declared").values["namespace"]
    'http://www.wikidata.org/entity/'
    """
    for slip in _SLIPS:
        if re.search(slip.complaint, complaint):
            return Advice(slip.what, slip.remedy, {})
    if match := _UNDECLARED.search(complaint):
        return _on_prefix(match["prefix"], declared)
    return Advice(
        "this is not Turtle: {problem}",
        "mend this line, or the end of the one before it: each line ends in ; or , or .",
        {"problem": complaint},
    )


def _on_prefix(prefix: str, declared: Collection[str]) -> Advice:
    """Return the advice on a prefix that is not declared: one that is known, a slip, or another's."""
    known, slip, strange = _REMEDIES
    remedy, values = strange, {"prefix": prefix}
    if prefix in PREFIXES:
        remedy, values["namespace"] = known, PREFIXES[prefix]
    elif close := get_close_matches(prefix, [*declared, *PREFIXES], n=1, cutoff=_LIKENESS):
        remedy, values["other"] = slip, close[0]
    return Advice("the prefix {prefix}: is not declared in this file", remedy, values)
