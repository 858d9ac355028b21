"""The words that people read, in their language: one gettext catalogue (`.po`) a language.

A message that a catalogue lacks is told in English, and so is one for a language without a catalogue.
Source: https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html
"""

import datetime as dt
import locale
from collections.abc import Iterable
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date, format_time, get_day_names
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from twintowns.project import MESSAGES

SOURCE_LANGUAGE = "en"
_REMEMBERED: Final = 2**12
"""How many dates, times and numbers are kept as they were written last."""
_REGIONS = {"en": "en-GB"}
"""Where a language without a region is written as: the catalogues are those of European towns."""


@cache
def languages() -> list[str]:
    """Return the languages that have a message catalogue."""
    return sorted({SOURCE_LANGUAGE, *(path.stem for path in MESSAGES.glob("*.po"))})


@cache
def translations(language: str) -> NullTranslations:
    """Return the messages of a language; those of English, their source, are the identifiers themselves."""
    path = MESSAGES / f"{language}.po"
    if not path.is_file():
        return NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


@cache
def locale_of(language: str) -> Locale:
    """Return the locale by which dates and numbers of a language are written; English for an unknown one."""
    try:
        return Locale.parse(_REGIONS.get(language, language), sep="-")
    except (UnknownLocaleError, ValueError):
        return locale_of(SOURCE_LANGUAGE)


@cache
def language_name(language: str) -> str:
    """Return what a language calls itself.

    >>> language_name("fi")
    'suomi'
    """
    try:
        return locale_of(language).get_language_name(language.split("-", maxsplit=1)[0]) or language
    except UnknownLocaleError:
        return language


def territory_name(code: str, language: str) -> str:
    """Return what a country is called in a language; what is no code of ISO 3166-1 is returned as it is.

    >>> territory_name("SE", "sv"), territory_name("Sverige", "sv")
    ('Sverige', 'Sverige')
    """
    return str(locale_of(language).territories.get(code, code))


@cache
def language_name_in(reader: str, language: str) -> str:
    """Return what a language is called in the reader's, or its tag where that has no word for it.

    >>> language_name_in("de", "fi")
    'Finnisch'
    """
    name: str = locale_of(reader).languages.get(language.split("-", maxsplit=1)[0], language)
    return name


@cache
def country_name_in(reader: str, code: str) -> str:
    """Return what a country is called in the reader's language, or nothing where that has no word for it.

    Args:
        reader: A BCP 47 tag.
        code: An ISO 3166-1 code of three letters.

    >>> country_name_in("fi", "DEU")
    'Saksa'
    """
    codes: list[str] = get_global("territory_aliases").get(code, [])
    name: str = locale_of(reader).territories.get(codes[0], "") if len(codes) == 1 else ""
    return name


def preferred_language(environment: dict[str, str]) -> str:
    """Return the reader's language by the locale, as gettext finds it: one with messages, else English.

    >>> preferred_language({"LANG": "sv_SE.UTF-8"})
    'sv'
    """
    told = (environment.get(name, "") for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"))
    wanted = next(filter(None, told), "").split(":")
    spoken = (locale.normalize(part).split("_")[0].split(".")[0].lower() for part in wanted if part)
    return first_in(spoken, languages()) or SOURCE_LANGUAGE


@lru_cache(_REMEMBERED)
def date_text(lexical: str, language: str) -> str:
    """Return a date as readers of a language write it, no more precise than it is known.

    Args:
        lexical: An `xsd:date`, `xsd:gYearMonth` or `xsd:gYear`; anything else is returned as it is.
        language: A BCP 47 tag.

    >>> date_text("2022-09", "de")
    'September 2022'
    """
    try:
        match lexical.count("-"):
            case 2:
                return format_date(dt.date.fromisoformat(lexical), "long", locale=locale_of(language))
            case 1:
                return format_date(
                    dt.date.fromisoformat(f"{lexical}-01"), "LLLL yyyy", locale=locale_of(language)
                )
            case _:
                return lexical
    except ValueError:
        return lexical


@lru_cache(_REMEMBERED)
def time_text(lexical: str, language: str) -> str:
    """Return an `xsd:time` as readers of a language write it, without seconds.

    >>> time_text("07:30:00", "sv")
    '07:30'
    """
    try:
        return format_time(dt.time.fromisoformat(lexical), "short", locale=locale_of(language))
    except ValueError:
        return lexical


@cache
def weekday_names(language: str) -> tuple[str, ...]:
    """Return what the days of the week are called when they stand by themselves, from Monday on.

    >>> weekday_names("de")[0]
    'Montag'
    """
    names = get_day_names("wide", "stand-alone", locale_of(language))
    return tuple(str(names[day]) for day in range(7))


@lru_cache(_REMEMBERED)
def number_text(lexical: str, language: str) -> str:
    """Return an `xsd:decimal` or `xsd:integer` as readers of a language write it.

    >>> number_text("60.133333", "sv")
    '60,133333'
    """
    try:
        return format_decimal(lexical, locale=locale_of(language), decimal_quantization=False)
    except (ValueError, ArithmeticError):
        return lexical


def first_in(wanted: Iterable[str], available: Iterable[str]) -> str | None:
    """Return the first wanted language that is available."""
    there = set(available)
    return next((language for language in wanted if language in there), None)
