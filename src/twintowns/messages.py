"""The words that people read, in their language: one gettext catalogue (`.po`) a language.

A message that a catalogue lacks is told in English, and so is one for a language without a catalogue.
Source: https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html
"""

import datetime as dt
import locale
import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date, format_time, get_day_names
from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import format_decimal

from twintowns.exceptions import MessageFileError
from twintowns.messagefiles import message_bytes, parts
from twintowns.project import MESSAGES

SOURCE_LANGUAGE = "en"
_REMEMBERED: Final = 2**12
"""How many dates, times and numbers are kept as they were written last."""
_REGIONS = {"en": "en-GB"}
"""Where a language without a region is written as: the catalogues are those of European towns."""
_FROM_FIVE: Final = frozenset(("be", "bg", "es", "et", "hu", "hy", "it", "ka", "lv", "pl", "pt", "sl", "sq"))
"""Languages that group digits only where they are five or more; Babel does not read that from the CLDR."""

_folders: list[Path] = [MESSAGES]
"""Where message files lie: those of the publication at hand, if it has any, before those of the program."""
_UNTOLD: Final = ("\ufdd0", "\ufdd1")
"""What stands about a message that is told in English for want of another, until a page is written."""
_PLACEHOLDER: Final = re.compile(r"\{[^}]*\}")
_BRACE: Final = re.compile(r"[{}]")
_JOINT: Final = re.compile(rb'"\s*\n\s*"')
_NUMBER: Final = re.compile(rb"nplurals([^;\\]*)", re.IGNORECASE)
_FEW: Final = re.compile(rb"\s*=\s*[1-6]\s*")
"""How many plural forms a language has: no more than six."""
_TRIED: Final = 21
"""For how many numbers, from none on, the rule for plural forms is tried."""


def use(folder: Path) -> None:
    """Let the message files of a publication be found before those of the program."""
    wanted = [folder, MESSAGES] if folder.is_dir() else [MESSAGES]
    if wanted != _folders or folder.is_dir():
        _folders[:] = wanted
        for known in (languages, translations, page_translations):
            known.cache_clear()


@cache
def languages() -> list[str]:
    """Return the languages that have a message catalogue."""
    return sorted({SOURCE_LANGUAGE, *(path.stem for folder in _folders for path in folder.glob("*.po"))})


@cache
def translations(language: str) -> NullTranslations:
    """Return the messages of a language; those of English, their source, are the identifiers themselves.

    Raises:
        MessageFileError: If a message file cannot be read.
    """
    return _translations(language, NullTranslations())


@cache
def page_translations(language: str) -> NullTranslations:
    """Return the messages of a language for a page, where `marked` marks those that are told in English."""
    is_english = language.partition("-")[0] == SOURCE_LANGUAGE
    return _translations(language, NullTranslations() if is_english else _Untold())


def told_in(language: str, message: str) -> tuple[str, str]:
    """Return a message in a language, and the language that it is told in where that is another.

    >>> told_in("sv", "Error"), told_in("qq", "Error")
    (('Fel', ''), ('Error', 'en'))
    """
    told = page_translations(language).gettext(message)
    return (message, SOURCE_LANGUAGE) if told.startswith(_UNTOLD[0]) else (told, "")


def marked(page: str) -> str:
    """Return a page in which what is told in English is marked so, where an element can stand.

    >>> marked("<title>\ufdd0Home\ufdd1</title><p>\ufdd0Home\ufdd1</p>")
    '<title>Home</title><p><span lang="en">Home</span></p>'
    """
    if _UNTOLD[0] not in page:
        return page
    before, after = _UNTOLD
    page = _PLAIN.sub(lambda match: match[0].replace(before, "").replace(after, ""), page)
    page = re.sub(f"{before}([^{before}{after}]*){after}", _span, page)
    return page.replace(before, "").replace(after, "")


def _span(match: re.Match[str]) -> str:
    """Return a message marked as English, but for one whose marks came with the data and cross elements."""
    opened: list[str] = []
    for closes, name in _ELEMENT.findall(match[1]):
        if not closes:
            opened.append(name)
        elif not opened or opened.pop() != name:
            return match[1]
    return match[1] if opened else f'<span lang="{SOURCE_LANGUAGE}">{match[1]}</span>'


_ELEMENT: Final = re.compile(r"<(/?)(?!(?:br|img|wbr|hr|input)\b)(\w+)(?:[^>]*[^/>])?>")
"""A tag of an element that has an end."""


_PLAIN: Final = re.compile(r"<(title|script|style|textarea|option)\b.*?</\1>|<[^>]*>", re.DOTALL)
"""Where no element can stand: in tags, and in what holds text alone."""


class _Untold(NullTranslations):
    """What tells a message that no catalogue translates."""

    def gettext(self, message: str) -> str:
        return message.join(_UNTOLD)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return super().ngettext(msgid1, msgid2, n).join(_UNTOLD)


def _translations(language: str, last: NullTranslations) -> NullTranslations:
    """Return the messages of a language: those of each folder, and at last what tells the others."""
    for folder in reversed(_folders):
        path = folder / f"{language}.po"
        if path.is_file():
            found = _compiled(path)
            found.add_fallback(last)
            last = found
    return last


def _compiled(path: Path) -> GNUTranslations:
    compiled = BytesIO()
    try:
        write_mo(compiled, usable(read_messages(path)))
        compiled.seek(0)
        return _with_plurals(GNUTranslations(compiled))
    except ValueError as error:
        raise _not_readable(path, error) from error


def read_messages(path: Path) -> Catalog:
    """Read a message file.

    Raises:
        MessageFileError: If it cannot be read.
    """
    try:
        content = message_bytes(path)
        _check_header(content)
        return read_po(BytesIO(content), locale=path.stem, abort_invalid=True)
    except (OSError, ValueError, LookupError, PoFileError) as error:
        raise _not_readable(path, error) from error


def stated_language(catalogue: Catalog, language: str) -> str:
    """Return the language that the header of a catalogue states, where it is another; else nothing.

    A catalogue for all who speak a language does for those of a region, and the other way round.
    """
    stated = str(catalogue.locale_identifier or "")
    tags = [tag.replace("_", "-").lower().split("-") for tag in (stated, language)]
    is_same = all(one == other for one, other in zip(*tags, strict=False))
    return "" if is_same or not stated else stated


def _check_header(raw: bytes) -> None:
    """See that a catalogue asks for no more plural forms than any language has, before room is made for them.

    Raises:
        ValueError: If it does.
    """
    for told in _NUMBER.finditer(_JOINT.sub(b"", raw)):
        if not _FEW.fullmatch(told[1]):
            raise ValueError(told[0].decode(errors="replace"))


def _with_plurals(found: GNUTranslations) -> GNUTranslations:
    """Return messages whose rule for plural forms is one.

    Raises:
        ValueError: If there is a number for which it tells no form.
    """
    try:
        for number in range(_TRIED):
            found.plural(number)  # type: ignore[attr-defined] # is there, and in the manual
    except ZeroDivisionError as error:
        raise ValueError(*error.args) from error
    return found


def _not_readable(path: Path, error: Exception) -> MessageFileError:
    return MessageFileError(
        path,
        "this message file cannot be read ({reason})",
        "mend it: it is a gettext catalogue in UTF-8, with a header that tells its plural forms",
        values={"reason": error},
    )


def usable(catalogue: Catalog) -> Catalog:
    """Take out of a catalogue the messages that would lack a value or name another, and return it."""
    for message in [one for one in catalogue if one.id and has_other_placeholders(one)]:
        catalogue.delete(message.id, message.context)
    return catalogue


def has_other_placeholders(message: Message) -> bool:
    """Tell whether a translation does not have the placeholders of its message."""
    wanted = set(_PLACEHOLDER.findall(parts(message.id)[-1]))
    told = [part for part in parts(message.string) if part]
    is_bare = not _BRACE.search(_PLACEHOLDER.sub("", parts(message.id)[-1]))
    return any(
        set(_PLACEHOLDER.findall(part)) != wanted or (is_bare and _BRACE.search(_PLACEHOLDER.sub("", part)))
        for part in told
    )


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


@cache
def territory_codes() -> dict[str, str]:
    """Return the codes of countries of two letters by those of three letters.

    >>> territory_codes()["SWE"]
    'SE'
    """
    aliases = get_global("territory_aliases")
    return {long: short[0] for long, short in aliases.items() if len(long) == len("SWE") and len(short) == 1}


def territory_names(language: str) -> dict[str, str]:
    """Return what countries are called in a language, by their codes of two letters.

    >>> territory_names("et")["FI"]
    'Soome'
    """
    named = locale_of(language).territories.items()
    return {code: name for code, name in named if len(code) == len("SE") and code.isalpha()}


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


@cache
def interval_form(language: str) -> str:
    """Return how a language writes what goes from one to another, `{0}` and `{1}` with a dash."""
    return str(locale_of(language).interval_formats[None])


@lru_cache(_REMEMBERED)
def number_text(lexical: str, language: str) -> str:
    """Return an `xsd:decimal` or `xsd:integer` as readers of a language write it.

    >>> number_text("60.133333", "sv")
    '60,133333'
    """
    at = locale_of(language)
    try:
        grouped = at.language not in _FROM_FIVE or abs(Decimal(lexical)) >= 10**4
        return format_decimal(lexical, locale=at, decimal_quantization=False, group_separator=grouped)
    except (ValueError, ArithmeticError):
        return lexical


def first_in(wanted: Iterable[str], available: Iterable[str]) -> str | None:
    """Return the first wanted language that is available."""
    there = set(available)
    return next((language for language in wanted if language in there), None)
