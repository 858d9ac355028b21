"""What the codes of the portals' tables are called, for people: themes, countries, languages and the rest.

The words of the EU tables stand in the message catalogues; the names of countries and languages come from
the Unicode CLDR (https://cldr.unicode.org/), where the tables take them from ISO.
"""

from functools import cache
from typing import Final

from twintowns.authority import ADMS_TABLES, EU, FILE_TYPES, LABELS, LANGUAGES, TABLES
from twintowns.messages import country_name_in, language_name_in, languages, translations

_TAGS: Final = {code: tag for tag, code in LANGUAGES.items()}


@cache
def code_name(iri: str, language: str) -> str:
    """Return what a table, or a concept of one, is called in a language that has messages, else nothing.

    >>> code_name("http://publications.europa.eu/resource/authority/frequency/IRREG", "de")
    'unregelmäßig'
    >>> code_name("http://publications.europa.eu/resource/authority/country/SWE", "fi")
    'Ruotsi'
    """
    if language not in languages() or not iri.startswith((EU, ADMS_TABLES)):
        return ""
    path = iri.removeprefix(EU).removeprefix(ADMS_TABLES).removesuffix("/1.0")
    table, _, code = path.rpartition("/")
    if table == "country":
        return country_name_in(language, code)
    if table == "language":
        return language_name_in(language, _TAGS[code]) if code in _TAGS else ""
    message = LABELS.get(path) or TABLES.get(path)
    return translations(language).gettext(message) if message else FILE_TYPES.get(path, "")
