"""Content negotiation as tables of patterns: what a web server that knows regular expressions can decide by.

A choice gives a name to the result of the first pattern that its source matches. Sources are texts in which
`{name}` stands for an earlier choice or for what the request says. Each server writes the same tables in its
own words, and so all of them decide alike. Weights become digits that compare as texts: `10` for 1, `05`
for 0.500; the patterns find the first digit in which two of them differ. The rules are those of
https://www.rfc-editor.org/rfc/rfc9110#section-12, the patterns those of PCRE.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from twintowns.mediatypes import CODINGS, MEDIA_TYPES, bare
from twintowns.profiles import ALTERNATES, ALTERNATES_IRI, PROFILES, Profile

ITEMS: Final = r'(?:(?:[^,"]++|"[^"]*+")*+,)*?[ \t]*+'
"""Items of a list, up to the beginning of any."""
_WORD: Final = r'[^\s/,;"()<>@:\\\[\]?={}|]+'
_NAME: Final = r'(?:[^q=,;" \t][^=,;"]*+|q[^=,;" \t][^=,;"]*+)'
"""The name of any parameter but a weight."""
_PARAMETERS: Final = rf'(?:[ \t]*+;[ \t]*+{_NAME}(?:=(?:[^,;"]++|"[^"]*+")*+)?)*+'
_WEIGHT: Final = r"[ \t]*;[ \t]*q[ \t]*=[ \t]*(?:(1)(?:\.0*)?|0(?:\.([0-9]*?)0*)?)[ \t]*(?:[;,]|$)"
_UNWEIGHTED: Final = r"[ \t]*;?[ \t]*(?:,|$)"
_ACCEPTED: Final = r"(?:[ \t]*;[ \t]*q=(?:1(?:\.0*)?|0\.[0-9]*[1-9][0-9]*))?"
_NONE: Final = "0"
FORMS: Final = {
    "html": bare(MEDIA_TYPES["html"]),
    "ttl": bare(MEDIA_TYPES["ttl"]),
    "jsonld": bare(MEDIA_TYPES["jsonld"]),
    "nt": bare(MEDIA_TYPES["nt"]),
    "rdf": bare(MEDIA_TYPES["rdf"]),
    "schema": bare(MEDIA_TYPES["jsonld"]),
    "dcat": bare(MEDIA_TYPES["rdf"]),
}
"""The forms that are negotiated, those that are better for most first, with the media type of each."""

SUFFIXES: Final = {"schema": "schema.jsonld"}
"""The suffixes of forms whose name is not their suffix."""


class Case(NamedTuple):
    """A pattern and the result where it is found; `$1` to `$9` stand for its groups."""

    pattern: str
    result: str


class Choice(NamedTuple):
    """A decision.

    Attributes:
        name: What the result is called.
        source: The text in which the patterns are looked for.
        cases: The patterns, the first that is found deciding.
        default: The result where none is found.
        has_case: Whether small and capital letters differ.
        heavier: Where the heavier of two is chosen: the choice that weighs the later one, and its name; for
            a server that can compare, but knows no references back in patterns.
    """

    name: str
    source: str
    cases: tuple[Case, ...]
    default: str = ""
    has_case: bool = True
    heavier: tuple[str, str] | None = None


def negotiation(languages: Sequence[str]) -> Iterator[Choice]:
    """Go through the choices that lead to `form`, `language` and the suffixes of the accepted encodings.

    Their sources name what the request says: `query`, `accept`, `accept_language`, `accept_encoding`,
    `accept_profile`; and `offers`, which is told by `offers_text`.

    Args:
        languages: The languages of the pages, the main one first.
    """
    tokens = ("", *(re.escape(one.token) for one in PROFILES))
    yield _wanted()
    yield _profile()
    yield Choice(
        "offer",
        "{profile};{offers}",
        (
            *(Case(rf"^\+?{one};(?:[^;]*;)*?{one}:([^;]*);", "$1") for one in tokens),
            Case(r"^\+[^;]*;:([^;]*);", "$1"),
        ),
    )
    for media_type in dict.fromkeys(FORMS.values()):
        yield _weight(f"likes_{_key(media_type)}", "{wanted}", _media_ranges(media_type))
    for form, media_type in FORMS.items():
        source = f"{{offer}}|{{likes_{_key(media_type)}}}"
        pattern = rf"^(?:[^|]*\+)?{form}(?:\+[^|]*)?\|([0-9]+)$"
        yield Choice(f"offers_{form}", source, (Case(pattern, "$1"),), _NONE)
    yield from _best("form", [(form, f"offers_{form}") for form in FORMS])
    yield Choice(
        "form",
        "{best_form}|{offer}|{profile}|{query}",
        (
            Case(r"^0*[1-9][0-9]* ([a-z]+)\|", "$1"),
            Case(r"^[^|]*\|[^|]*\|[^|]*\|(?:.*&)?_mediatype=", "none"),
            Case(r"^[^|]*\|([a-z]+)[^|]*\|[^|]+\|", "$1"),
        ),
        "none",
    )
    yield from _language(languages)
    yield from _encodings()


def offers_text(forms: Iterable[str], profiles: Iterable[tuple[str, Iterable[str]]]) -> str:
    """Return what a document has as the choices read it.

    Args:
        forms: Its forms.
        profiles: The tokens of the profiles that some of its forms follow, with these forms.

    >>> offers_text(["html", "ttl"], [("schema.org", ["schema"])])
    ':html+ttl;schema.org:schema;'
    """
    return "".join(f"{token}:{'+'.join(some)};" for token, some in (("", forms), *profiles))


def either(texts: Iterable[str]) -> str:
    """Return a pattern for any of some texts."""
    return f"(?:{'|'.join(map(re.escape, texts))})"


def _key(media_type: str) -> str:
    """Return a short word for a media type: the first form that has it."""
    return next(form for form, one in FORMS.items() if one == media_type)


def _wanted() -> Choice:
    """Choose what is wanted: what the query asks for, else `Accept`, else anything."""
    types = [
        Case(rf"^(?:[^|]*&)?_mediatype={_encoded(media_type)}(?:&[^|]*)?\|", media_type)
        for media_type in dict.fromkeys(FORMS.values())
    ]
    readable = rf"^[^|]*\|({ITEMS}(?:\*|{_WORD}/{_WORD})[ \t]*(?:[;,].*|$))$"
    cases = (*types, Case(r"^(?:[^|]*&)?_mediatype=", "none/none"), Case(readable, "$1"))
    return Choice("wanted", "{query}|{accept}", cases, "*/*", has_case=False)


def _encoded(text: str) -> str:
    """Return a pattern for a text in a query, percent-encoded or not; a plus may have become a blank."""
    return "".join(
        character if character.isalnum() else f"(?:{re.escape(character)}|%{ord(character):02x})"
        for character in text
    )


def _profile() -> Choice:
    """Choose the profile: that of the query, else one of `Accept-Profile`, marked by a plus."""
    asked = [
        Case(rf"^(?:[^|]*&)?_profile=(?:{_encoded(token)}|{_encoded(iri)})(?:&[^|]*)?\|", token)
        for token, iri in (*((one.token, one.iri) for one in PROFILES), (ALTERNATES, ALTERNATES_IRI))
    ]
    accepted = [
        Case(rf"^[^|]*\|(?:.*,)?[ \t]*<{re.escape(one.iri)}>{_ACCEPTED}{_UNWEIGHTED}", f"+{one.token}")
        for one in PROFILES
    ]
    unknown = Case(r"^(?:[^|]*&)?_profile=", "unknown")
    return Choice("profile", "{query}|{accept_profile}", (*asked, unknown, *accepted), has_case=False)


def _media_ranges(media_type: str) -> tuple[str, ...]:
    kind = media_type.partition("/")[0]
    return (re.escape(media_type), rf"{kind}/\*", r"\*(?:/\*)?")


def _weight(name: str, source: str, ranges: Iterable[str]) -> Choice:
    """Weigh by the first of some ranges that is named, the more specific first."""
    cases = [
        Case(rf"^{ITEMS}{one}{_PARAMETERS}{end}", result)
        for one in ranges
        for end, result in ((_WEIGHT, "$10$2"), (_UNWEIGHTED, "10"))
    ]
    return Choice(name, source, tuple(cases), _NONE, has_case=False)


def _best(name: str, offers: Sequence[tuple[str, str]]) -> Iterator[Choice]:
    """Go through the choices that lead to the heaviest of some offers, the first among equals.

    Args:
        name: What is chosen; the result, `best_` and the name, is a weight, a blank and the offer.
        offers: What there is, each with the name of the choice that weighs it.
    """
    before = ""
    for place, (offer, weight) in enumerate(offers):
        here = f"best_{name}" if place == len(offers) - 1 else f"best_{name}_{place}"
        lighter = f"{{{before}}}" if before else "0 none"
        cases = (Case(rf"^(?={_heavier()})[^|]*\|([0-9]+)$", f"$2 {offer}"), Case(r"^([^|]*)\|", "$1"))
        yield Choice(here, f"{lighter}|{{{weight}}}", cases, heavier=(weight, offer))
        before = here


def _heavier() -> str:
    """Return the pattern of a weight, a name and a heavier weight; its first group is what they share."""
    digits = "|".join(rf"{digit}[0-9]* [^|]*\|\1[{digit + 1}-9]" for digit in range(9))
    return rf"([0-9]*)(?:{digits}| [^|]*\|\1[0-9])"


def _language(languages: Sequence[str]) -> Iterator[Choice]:
    for place, tag in enumerate(languages):
        wider = [re.escape(tag[: found.start()]) for found in re.finditer("-", tag)]
        ranges = (re.escape(tag), rf"{re.escape(tag)}-[a-z0-9-]+", *reversed(wider), r"\*")
        yield _weight(f"reads_{place}", "{accept_language}", ranges)
    yield from _best("language", [(tag, f"reads_{place}") for place, tag in enumerate(languages)])
    found = (Case(r"^0*[1-9][0-9]* (.+)$", "$1"),)
    yield Choice("language", "{best_language}", found, languages[0])


def _encodings() -> Iterator[Choice]:
    """Go through the accepted encodings; a suffix that no file has stands for: not accepted."""
    for coding, suffix in CODINGS.items():
        name = rf"(?:x-)?{coding}"
        cases = (Case(rf"^{ITEMS}{name}{_ACCEPTED}{_UNWEIGHTED}", f".{suffix}"),)
        yield Choice(f"suffix_{suffix}", "{accept_encoding}", cases, ".not-accepted", has_case=False)


def forms_of(profile: Profile, forms: Iterable[str]) -> list[str]:
    """Return the forms of a document that follow a profile."""
    return [form for form in forms if SUFFIXES.get(form, form) in profile.suffixes]
