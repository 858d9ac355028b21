"""Dates as people write them in tables, in five languages: no more precise than written, none guessed.

What can be read in two ways, is not exact ("about 1991", "the 1990s"), or says when something ended where
it should say when it began, is told and not taken. The forms kept are those of XML Schema
(https://www.w3.org/TR/xmlschema11-2/): `gYear`, `gYearMonth` and `date`.
"""

import datetime as dt
import re
from collections.abc import Iterable
from functools import cache
from typing import Final, NamedTuple

from pyoxigraph import Literal

from twintowns.foldednames import folded
from twintowns.vocabulary import XSD

EARLIEST, LATEST = 800, 2199
"""The years between which a twinning can have begun, or is planned to end."""
DATE: Final = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
"""A year, a month or a day in the forms that are kept."""
_MOST_CHARACTERS: Final = 100

_MONTHS: Final = """
    january januari januar tammikuu jaanuar jan
    february februari februar helmikuu veebruar feb febr veebr
    march mars marz maaliskuu marts mar maerz
    april huhtikuu aprill apr
    may maj mai toukokuu
    june juni kesakuu juuni jun
    july juli heinakuu juuli jul
    august augusti elokuu aug
    september syyskuu sept sep
    october oktober lokakuu oktoober oct okt
    november marraskuu nov
    december dezember joulukuu detsember dec dez dets
"""
_SINCE: Final = (
    "since from as of in the year est established signed agreement "
    "sedan fran och med ar aret den undertecknat "
    "seit ab im jahr jahre dem unterzeichnet vom am "
    "vuodesta vuonna vuoden alkaen lahtien allekirjoitettu "
    "alates aastast aastal aasta a solmitud of"
)
_UNTIL: Final = "until till to ended bis ende till och med tom slutade asti saakka paattyi kuni lopp loppes"
_ORDINAL: Final = re.compile(r"(?<=\d)(st|nd|rd|th|e|:e|:a|a)\b")
_FINNISH_AND_ESTONIAN: Final = ("sta", "ssa", "lla", "na", "ta", "st", "l", "s", "n", "i", "a")

_YEAR: Final = r"(?P<y>\d{4})"
_FORMS: Final = tuple(
    re.compile(form)
    for form in (
        _YEAR,
        rf"{_YEAR}-(?P<m>\d{{2}})",
        rf"{_YEAR}[/.](?P<m>\d{{1,2}})",
        rf"(?P<m>\d{{1,2}})[/.-]{_YEAR}",
        rf"{_YEAR}(?P<s>[-/.])(?P<m>\d{{1,2}})(?P=s)(?P<d>\d{{1,2}})",
        r"(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)",
        rf"(?P<d>\d{{1,2}})\. ?(?P<m>\d{{1,2}})\. ?{_YEAR}",
    )
)
_AMBIGUOUS: Final = re.compile(rf"(?P<d>\d{{1,2}})(?P<s>[/-])(?P<m>\d{{1,2}})(?P=s){_YEAR}")
_TIME: Final = re.compile(r"[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$")
_WORDS: Final = re.compile(r"[^\W\d_]+|\d+")
_DAY_DIGITS: Final = 2


class WrittenDate(NamedTuple):
    """A date that was read, or why it was not; neither where nothing is written.

    Attributes:
        date: The date.
        doubt: Why it was not taken, as a message.
    """

    date: Literal | None = None
    doubt: str = ""


AMBIGUOUS: Final = WrittenDate(None, "the day and the month can be read either way")
INEXACT: Final = WrittenDate(None, "this is no exact year, month or day")
IMPOSSIBLE: Final = WrittenDate(None, "there is no such day, month or year")
NOTHING: Final = WrittenDate()


def written_date(text: str, *, is_end: bool = False) -> WrittenDate:
    """Return the date that a text stands for.

    Args:
        text: As it is written.
        is_end: Whether it says when something ended, so that words such as "until" mean just that.

    >>> written_date("toukokuu 1991").date.value, written_date("12/05/1991").doubt
    ('1991-05', 'the day and the month can be read either way')
    """
    told = _TIME.sub("", " ".join(text[:_MOST_CHARACTERS].split())).strip(" .,;")
    if not told or told in {"-", "–", "—", "?"}:
        return NOTHING
    for form in _FORMS:
        if found := form.fullmatch(told):
            return _dated(found.groupdict())
    if found := _AMBIGUOUS.fullmatch(told):
        return _either_way(found)
    return _in_words(told, is_end=is_end)


def _either_way(found: re.Match[str]) -> WrittenDate:
    """Return a date of which the day may stand first or second, where only one of them makes sense."""
    year, one, other = found["y"], found["d"], found["m"]
    dates = {_dated({"y": year, "m": m, "d": d}).date for d, m in ((one, other), (other, one))} - {None}
    if len(dates) > 1:
        return AMBIGUOUS
    return WrittenDate(dates.pop()) if dates else IMPOSSIBLE


def _in_words(told: str, *, is_end: bool) -> WrittenDate:
    """Return a date in which the month, or what it is the date of, is a word."""
    if re.search(r"\d{4}\s*[-–—]\s*\d|[~?/<>]|\(", told):
        return INEXACT
    plain = re.sub(r"[-–—]$", "", _ORDINAL.sub("", told.casefold())).strip()
    numbers, months = [], []
    ignored = _ignored(is_end=is_end)
    for word in _WORDS.findall(plain):
        if word.isdigit():
            numbers.append(word)
        elif month := _month(folded(word)):
            months.append(month)
        elif folded(word) not in ignored:
            return INEXACT
    if re.search(r"\d{4}\s*-\s*[^\W\d]", told) or len(months) > 1:
        return INEXACT
    return _from_parts(numbers, months, plain)


def _from_parts(numbers: list[str], months: list[int], plain: str) -> WrittenDate:
    years = [number for number in numbers if len(number) == len("1991")]
    days = [number for number in numbers if len(number) <= _DAY_DIGITS]
    if len(years) != 1 or len(days) + 1 != len(numbers) or len(days) > len(months):
        inner = _WORDS.sub(lambda found: found[0] if found[0].isdigit() else " ", plain).strip(" .,")
        is_numeric = len(years) == 1 and not months and len(numbers) > 1 and inner != plain
        return written_date(inner) if is_numeric else INEXACT
    parts = {"y": years[0], "m": str(months[0]) if months else None, "d": days[0] if days else None}
    return _dated(parts)


def _dated(parts: dict[str, str | None]) -> WrittenDate:
    """Return a date of the precision that there is."""
    year, month, day = (int(parts.get(name) or 0) for name in "ymd")
    if not EARLIEST <= year <= LATEST:
        return IMPOSSIBLE
    if parts.get("m") is None:
        return WrittenDate(Literal(f"{year:04}", datatype=XSD.gYear))
    try:
        whole = dt.date(year, month, day if parts.get("d") is not None else 1).isoformat()
    except ValueError:
        return IMPOSSIBLE
    if parts.get("d") is None:
        return WrittenDate(Literal(whole[:7], datatype=XSD.gYearMonth))
    return WrittenDate(Literal(whole, datatype=XSD.date))


def _month(word: str) -> int:
    """Return the number of a month by its name, also in the cases of Finnish and Estonian; 0 for none."""
    months = _months()
    if word in months:
        return months[word]
    stems: Iterable[str] = (
        word.removesuffix(ending) for ending in _FINNISH_AND_ESTONIAN if word.endswith(ending)
    )
    return next((months[stem] for stem in stems if stem in months), 0)


@cache
def _months() -> dict[str, int]:
    lines = [line.split() for line in _MONTHS.strip().split("\n")]
    return {name: number for number, names in enumerate(lines, 1) for name in names}


@cache
def _ignored(*, is_end: bool) -> frozenset[str]:
    return frozenset(folded(word) for word in (_SINCE + " " + _UNTIL if is_end else _SINCE).split())
