r"""What Wikidata could be told by a publication: a batch of QuickStatements, version 1, never sent by us.

A line is a statement, its parts apart by tabs: item, property, value, then qualifiers, then references, of
which each after the first begins with `!`. A statement that is there already gets what it lacks.
Source: https://www.wikidata.org/wiki/Help:QuickStatements
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from urllib.parse import quote

from twintowns.comparison import Comparison, Pair, Said
from twintowns.vocabulary import WD
from twintowns.wikidata import TWINNED, Reference

_START, _END, _URL, _WORK, _RETRIEVED = "P580", "P582", "S854", "S248", "S813"
_UNKNOWN: Final = "somevalue"
_DATE: Final = re.compile(r"(?!0000)([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12][0-9]|3[01]))?)?")
_YEAR: Final = 9
_READABLE: Final = "!#$%&'()*+,/:;=?@[]~"
"""The characters that stay as they are in an address; a quotation mark, a bar or a blank does not."""


def batch(
    comparison: Comparison,
    references: Mapping[tuple[str, str], Iterable[Reference]],
    read: frozenset[str],
) -> str:
    """Return a batch: twinnings that Wikidata lacks, on each side, and dates; nothing that contradicts it.

    Args:
        comparison: How the two differ.
        references: What the publication's twinnings rest on; without any, nothing is proposed.
        read: The items that were read, of which it is known what they state.
    """
    told: list[str] = []
    for pair in comparison.pairs:
        origins = list(dict.fromkeys(references.get(pair.partners, ())))
        if pair.here and origins:
            for subject, value in (pair.partners, pair.partners[::-1]):
                if subject in read:
                    told += _line(subject, value, pair, origins)
    return "".join(f"{line}\n" for line in told)


def date_value(lexical: str) -> str:
    """Return a date as Wikidata writes it, with its precision; empty where it is none.

    >>> date_value("2000"), date_value("2000-05"), date_value("2000-05-06")
    ('+2000-00-00T00:00:00Z/9', '+2000-05-00T00:00:00Z/10', '+2000-05-06T00:00:00Z/11')
    """
    match = _DATE.fullmatch(lexical)
    if match is None:
        return ""
    year, month, day = match[1], match[2] or "00", match[3] or "00"
    return f"+{year}-{month}-{day}T00:00:00Z/{_YEAR + bool(match[2]) + bool(match[3])}"


def url_value(url: str) -> str:
    r"""Return an address as a text of one line, in which nothing ends the text.

    >>> url_value('https://a.example/ä"\t|x')
    '"https://a.example/%C3%A4%22%09%7Cx"'
    """
    return f'"{quote(url, safe=_READABLE)}"'


def _line(subject: str, value: str, pair: Pair, origins: Iterable[Reference]) -> Iterator[str]:
    """Go through the lines on one side of a twinning: one, or none where it says enough."""
    there = pair.there
    is_stated = there is not None and WD[subject].value in there.sources
    qualifiers = [part for part in _qualifiers(pair.here or Said(()), there, is_stated=is_stated) if part]
    if qualifiers or not is_stated:
        parts = [subject, TWINNED, value, *qualifiers]
        for number, origin in enumerate(origins):
            first, *others = _reference(origin)
            parts += [f"!{first}" if number else first, *others]
        yield "\t".join(parts)


def _qualifiers(here: Said, there: Said | None, *, is_stated: bool) -> Iterator[str]:
    """Go through the dates that are known here; they are added only where Wikidata has none."""
    starts, ends = (there.starts, there.ended) if there else ((), ())
    if len(here.starts) == 1 and (not starts or (starts == here.starts and not is_stated)):
        yield from _qualifier(_START, date_value(here.starts[0].value))
    if here.is_over and len(here.ends) < 2 and (not ends or (ends == here.ended and not is_stated)):  # noqa: PLR2004 - several contradict each other
        yield from _qualifier(_END, date_value(here.ends[0].value) if here.ends else _UNKNOWN)


def _qualifier(name: str, value: str) -> tuple[str, ...]:
    return (name, value) if value else ()


def _reference(origin: Reference) -> Iterator[str]:
    if origin.url:
        yield from (_URL, url_value(origin.url))
    if origin.stated_in:
        yield from (_WORK, origin.stated_in)
    if retrieved := date_value(origin.retrieved):
        yield from (_RETRIEVED, retrieved)
